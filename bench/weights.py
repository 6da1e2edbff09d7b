"""`python -m bench.weights`: what pages of the demo weigh on the wire, for somebody new and for whoever comes back.

Bytes as they are sent, compressed. New: the page with every style, script, font and picture that is named (browsers fetch
the font for Sámi letters, 85 kB of it, only where there are such letters). Back: the
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


NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def within(body: str) -> list[str]:
    """Places a page leads to, each once; not out, and to no file."""
    found = dict.fromkeys(unescape(each) for each in PLACE.findall(body))
    return [each for each in found if not re.search(r"sign|language|/static/|\.|/file|calendar", each)]


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
        answer = self.client.post(unescape(where[1]) if where else "", data=fields)
        if answer.status_code >= 400:
            raise RuntimeError(f"sign-in answered {answer.status_code}")

    def walk(self) -> Iterator[tuple[str, int, int]]:
        """Each page within reach, its bytes for somebody new, and for whoever comes back."""
        start, _ = self.get("/")
        for place in within(start):
            body, own = self.get(place)
            yield NUMBER.sub("…", place), own + self.asked_for(place, body, {}), own
            for onward in [each for each in within(body) if each not in within(start)][:1]:
                body, own = self.get(onward)
                yield NUMBER.sub("…", onward), own + self.asked_for(onward, body, {}), own

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
    """Who, which page, bytes for somebody new and for whoever comes back: one person of each title, the pages of the
    menu and the first that each of them leads on to.
    """
    titles: set[str] = set()
    for number, form in enumerate(PERSON.findall(Visitor(address).get("/sign-in")[0])):
        title = " ".join(re.findall(r"<small>([^<·]+)", form)).strip()
        if title not in titles:
            titles.add(title)
            visitor = Visitor(address)
            visitor.sign_in(PERSON.findall(visitor.get("/sign-in")[0])[number])
            yield from ((title, *row) for row in visitor.walk())


def main() -> None:
    """Weigh the demo's pages; prints the heaviest, and the middle of all."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--address")
    wanted.add_argument("--most", type=int, default=12)
    chosen = wanted.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stafetten-")))
        rows = sorted(weigh(chosen.address or stack.enter_context(demo(folder))), key=lambda row: -row[3])
    print(f"{len(rows)} pages of {len({row[0] for row in rows})} titles")
    for label, chosen_rows in (("heaviest", rows[: chosen.most]), ("middle", rows[len(rows) // 2 :][:1])):
        for who, path, new, back in chosen_rows:
            print(f"{label:9} new {new / 1024:6.1f} kB, back {back / 1024:6.1f} kB  {who[:40]}: {path}")


if __name__ == "__main__":
    main()
