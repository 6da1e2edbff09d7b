"""One process, four doors: each request reaches its own, and answers are small and safe to keep."""

import asyncio
import gzip
import json
from contextlib import asynccontextmanager
from pathlib import Path

import brotli
import httpx
import pytest
from fastapi import FastAPI, Request
from flask import Flask

from server.asgi import House, Lifespan, limited
from server.bridge import Bridge
from server.compression import Compressed, accepted
from server.static import Static

LIMIT = 10_000
STYLE = "main { color: teal }\n" * 200


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "app.0123456789abcdef.css").write_text(STYLE)
    (tmp_path / "app.0123456789abcdef.css.br").write_bytes(brotli.compress(STYLE.encode(), quality=11))
    (tmp_path / "robots.txt").write_text("User-agent: *\nDisallow: /\n")
    (tmp_path / "inter.0123456789.woff2").write_bytes(b"\0" * 2000)
    return tmp_path


@pytest.fixture
def house(static: Path) -> House:
    api, web = FastAPI(), Flask("pages")

    @api.post("/v1/echo")
    async def echo(request: Request) -> dict:
        return {"size": len(await request.body()), "root": request.scope["root_path"]}

    @api.get("/v1/long")
    def long() -> list[str]:
        return ["the same words"] * 500

    @web.get("/")
    def start() -> str:
        return "<!doctype html><p>" + "Hei! " * 500

    @web.get("/short")
    def short() -> str:
        return "Hei!"

    return House(
        api=Compressed(limited(api, LIMIT)),
        pages=Compressed(Bridge(web, threads=1)),
        static=Static(static),
        health=Static(static),
        lifespan=Lifespan(api, 1, ()),
    )


def ask(house: House, method: str, path: str, **more) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=house)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **more)

    return asyncio.run(asked())


def plain(*codings: str) -> dict[str, dict[str, str]]:
    return {"headers": {"accept-encoding": ", ".join(codings)}}


def test_each_path_reaches_its_door(house):
    assert ask(house, "GET", "/").headers["content-type"].startswith("text/html")
    assert ask(house, "POST", "/api/v1/echo", content=b"12345").json() == {"size": 5, "root": "/api"}
    assert ask(house, "GET", "/static/robots.txt").text.startswith("User-agent")
    assert ask(house, "GET", "/apiary").status_code == 404  # Flask's, not FastAPI's
    assert "html" in ask(house, "GET", "/apiary").headers["content-type"]


@pytest.mark.parametrize(("coding", "decoder"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_pages_and_api_answers_are_sent_smaller(house, coding, decoder):
    for path in ("/", "/api/v1/long"):
        answer = ask(house, "GET", path, **plain(coding))
        assert answer.headers["content-encoding"] == coding
        assert "Accept-Encoding" in answer.headers["vary"]
        assert int(answer.headers["content-length"]) < len(answer.content) / 10


def test_who_takes_no_compression_and_what_is_short_get_it_plain(house):
    assert "content-encoding" not in ask(house, "GET", "/", **plain("identity")).headers
    assert "content-encoding" not in ask(house, "GET", "/", **plain("br;q=0")).headers
    assert "content-encoding" not in ask(house, "GET", "/short", **plain("br")).headers


@pytest.mark.parametrize(
    ("said", "chosen"),
    [("gzip, br", b"br"), ("gzip;q=0.5", b"gzip"), ("br;q=0, gzip", b"gzip"), ("", None), ("br;q=x", None)],
)
def test_the_wish_of_the_browser_decides(said, chosen):
    found = accepted({"headers": [(b"accept-encoding", said.encode())]})
    assert (found[0] if found else None) == chosen


def test_files_named_by_content_are_kept_a_year_and_others_asked_for_again(house):
    named = ask(house, "GET", "/static/app.0123456789abcdef.css", **plain("br"))
    assert named.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert named.text == STYLE
    assert named.headers["content-encoding"] == "br"
    assert ask(house, "GET", "/static/robots.txt").headers["cache-control"] == "public, no-cache"


def test_a_file_the_browser_has_is_not_sent_again(house):
    path = "/static/robots.txt"
    tag = ask(house, "GET", path).headers["etag"]
    again = ask(house, "GET", path, headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert ask(house, "GET", path, headers={"if-none-match": '"other"'}).status_code == 200


def test_head_of_a_file_tells_its_size_only(house):
    head = ask(house, "HEAD", "/static/inter.0123456789.woff2")
    assert (head.content, head.headers["content-length"]) == (b"", "2000")
    assert head.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/static/../pyproject.toml", "/static/%2e%2e/x", "/static/app.css.br", "/static/"]
)
def test_nothing_but_the_built_files_can_be_had(house, path):
    assert ask(house, "GET", path).status_code == 404


def test_files_are_only_read(house):
    assert ask(house, "POST", "/static/robots.txt").status_code == 405


def test_an_api_body_over_the_limit_gets_a_problem_document(house):
    async def pieces():
        for _ in range(20):
            yield b"x" * 1000

    for body in (b"x" * (LIMIT + 1), pieces()):
        answer = ask(house, "POST", "/api/v1/echo", content=body)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"].endswith("Nothing was stored.")


def test_the_apis_own_start_and_end_are_run_and_everything_is_let_go():
    happened: list[str] = []

    async def lifespan(_app: FastAPI):
        happened.append("api started")
        yield
        happened.append("api ended")

    api = FastAPI(lifespan=asynccontextmanager(lifespan))
    alive = Lifespan(api, 3, (lambda: happened.append("threads"), lambda: happened.append("connections")))
    sent = [message["type"] for message in asyncio.run(live(alive))]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert happened == ["api started", "api ended", "threads", "connections"]


def test_a_start_that_fails_is_said():
    async def lifespan(_app: FastAPI):
        raise RuntimeError("no database")
        yield

    api = FastAPI(lifespan=asynccontextmanager(lifespan))
    assert asyncio.run(live(Lifespan(api, 3, ())))[0]["type"] == "lifespan.startup.failed"


async def live(lifespan: Lifespan) -> list[dict]:
    sent: list[dict] = []
    given = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> dict:
        return next(given)

    async def send(message: dict) -> None:
        sent.append(json.loads(json.dumps(message)))

    await lifespan({"type": "lifespan", "state": {}}, receive, send)
    return sent
