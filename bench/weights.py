"""`python -m bench.weights`: what pages of the demo weigh on the wire, for somebody new and for whoever comes back.

Bytes as they are sent, compressed. New: the page with every style, script, font and picture it asks for. Back: the
page alone, all else being kept by the browser. Starts a demo by itself, or takes one that runs.
"""

import argparse
import contextlib
import re
import tempfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx

from tests.screenshots import demo

PERSON = re.compile(r"<form(?=[^>]*sign-in)[^>]*>.*?</form>", re.DOTALL)
FIELD = re.compile(r'name="([^"]+)"[^>]*value="([^"]*)"')
ASKED = re.compile(r'(?:src|href)="(/static/[^"#]+)|url\(["\']?([^"\')#]+)')
PLACE = re.compile(r'<a[^>]+href="(/[^"#?]*)"')


class Visitor:
    """Somebody with a browser that counts what it is sent."""

    def __init__(self, address: str) -> None:
        headers = {"Accept-Encoding": "br, gzip", "Accept-Language": "nb"}
        self.client = httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60)

    def get(self, path: str) -> tuple[str, int]:
        """A page or a file, and its bytes on the wire."""
        with self.client.stream("GET", path, follow_redirects=True) as answer:
            answer.raise_for_status()
            body = answer.read()
            return body.decode(errors="replace"), answer.num_bytes_downloaded

    def sign_in(self, form: str) -> None:
        """Come in as the person whose button stands in this form of the persona picker."""
        fields = {name: unescape(value) for name, value in FIELD.findall(form)}
        where = re.search(r'action="([^"]+)"', form)
        self.client.post(unescape(where[1]) if where else "/sign-in", data=fields)

    def asked_for(self, path: str, body: str, seen: dict[str, int]) -> int:
        """Bytes of everything a page or style asks for, each file once."""
        total = 0
        for found in ASKED.findall(body):
            wanted = urljoin(path, unescape(found[0] or found[1]))
            if wanted.startswith("/static/") and wanted not in seen:
                text, seen[wanted] = self.get(wanted)
                total += seen[wanted]
                if wanted.split("?")[0].endswith(".css"):
                    total += self.asked_for(wanted, text, seen)
        return total


def weigh(address: str) -> Iterator[tuple[str, str, int, int]]:
    """Who, which page, bytes for somebody new and for whoever comes back, over every page of every persona's menu."""
    picker, _ = Visitor(address).get("/sign-in")
    for form in PERSON.findall(picker):
        who = " ".join(re.sub(r"<[^>]+>", " ", form).split())
        visitor = Visitor(address)
        visitor.get("/sign-in")
        visitor.sign_in(form)
        start, _ = visitor.get("/")
        inside = dict.fromkeys(["/", *map(unescape, PLACE.findall(start))])
        for path in [each for each in inside if not re.search(r"sign-|language|/static/", each)]:
            body, own = visitor.get(path)
            yield who, path, own + visitor.asked_for(path, body, {}), own


def main() -> None:
    """Weigh the demo's pages; prints the heaviest, and the middle of all."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--address")
    wanted.add_argument("--most", type=int, default=12)
    chosen = wanted.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stafetten-")))
        rows = sorted(weigh(chosen.address or stack.enter_context(demo(folder))), key=lambda row: -row[3])
    print(f"{len(rows)} pages of {len({row[0] for row in rows})} people")
    for label, chosen_rows in (("heaviest", rows[: chosen.most]), ("middle", rows[len(rows) // 2 :][:1])):
        for who, path, new, back in chosen_rows:
            print(f"{label:9} new {new / 1024:6.1f} kB, back {back / 1024:6.1f} kB  {who[:40]}: {path}")


if __name__ == "__main__":
    main()
