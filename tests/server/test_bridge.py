"""The bridge between ASGI and Flask, tried with a real server and real sockets where it matters."""

import asyncio
import contextvars
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from flask import Flask, Response, request

from server.bridge import AT_ONCE, Bridge

LIMIT = 100_000
asked_by: contextvars.ContextVar[str] = contextvars.ContextVar("asked_by", default="nobody")


def pages() -> Flask:
    app = Flask("echo")
    app.seen = []

    @app.route("/echo/<path:rest>", methods=["GET", "POST", "HEAD"])
    def echo(rest: str):
        app.seen.append(rest)
        return {
            "path": rest,
            "query": request.args.to_dict(flat=False),
            "form": request.form.to_dict(flat=False),
            "cookies": dict(request.cookies),
            "twice": request.headers.get("X-Twice"),
            "forwarded": request.headers.get("X-Forwarded-User"),
            "root": request.script_root,
            "thread": threading.current_thread().name,
            "asked_by": asked_by.get(),
        }

    @app.route("/two-cookies")
    def two_cookies() -> Response:
        answer = Response("æøå")
        answer.set_cookie("a", "1")
        answer.set_cookie("b", "2")
        return answer

    @app.route("/long")
    def long() -> Response:
        return Response(b"x" * AT_ONCE for _ in range(8))

    @app.route("/nothing")
    def nothing() -> Response:
        return Response(status=204)

    @app.route("/breaks")
    def breaks() -> Response:
        raise RuntimeError("on purpose")

    @app.errorhandler(413)
    def too_large(_error: Exception) -> tuple[str, int]:
        return "Too much at once; nothing was stored.", 413

    return app


@contextmanager
def served(app) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=5)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def flask() -> Flask:
    return pages()


@pytest.fixture(scope="module")
def address(flask: Flask) -> Iterator[str]:
    bridge = Bridge(flask, threads=2, limit=LIMIT)
    with served(bridge) as url:
        yield url
    bridge.close()


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, trust_env=False) as made:
        yield made


def test_letters_outside_ascii_arrive_as_they_were_sent(client):
    said = client.post("/echo/blåbær/%E2%80%94", params={"q": "Åse"}, data={"navn": "Øyvind Ærø"}).json()
    assert said["path"] == "blåbær/—"
    assert said["query"] == {"q": ["Åse"]}
    assert said["form"] == {"navn": ["Øyvind Ærø"]}


def test_an_escaped_slash_and_bytes_that_are_no_text_do_not_break_a_page(client):
    assert client.get("/echo/a%2Fb").json()["path"] == "a/b"
    assert client.get("/echo/%ff%fe").status_code in (200, 404)


def test_cookies_and_headers_sent_twice_are_joined(client):
    headers = [("cookie", "a=1"), ("cookie", "b=2"), ("x-twice", "one"), ("x-twice", "two")]
    said = client.get("/echo/x", headers=headers).json()
    assert said["cookies"] == {"a": "1", "b": "2"}
    assert said["twice"] == "one,two"


def test_a_header_with_underscores_cannot_pose_as_the_proxys(client):
    assert client.get("/echo/x", headers={"X_Forwarded_User": "admin"}).json()["forwarded"] is None


def test_two_cookies_set_are_two_headers(client):
    answer = client.get("/two-cookies")
    assert len(answer.headers.get_list("set-cookie")) == 2
    assert answer.text == "æøå"
    assert answer.headers["content-length"] == "6"


def test_head_has_the_headers_and_no_body(client):
    whole, head = client.get("/two-cookies"), client.head("/two-cookies")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_an_answer_without_content_has_no_length(client):
    answer = client.get("/nothing")
    assert answer.status_code == 204
    assert "content-length" not in answer.headers


def test_a_long_answer_arrives_whole(client):
    assert len(client.get("/long").content) == 8 * AT_ONCE


def test_a_body_over_the_limit_gets_the_pages_own_413(client):
    answer = client.post("/echo/x", data={"text": "x" * (LIMIT * 2)})
    assert answer.status_code == 413
    assert answer.text == "Too much at once; nothing was stored."


def test_a_body_over_the_limit_without_a_declared_length_gets_413_too(client):
    pieces = (b"text=" if n == 0 else b"x" * 1000 for n in range(300))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/echo/x", content=pieces, headers=kind).status_code == 413


def test_a_body_in_pieces_arrives_whole(client):
    pieces = (b"a=1&" * 10 for _ in range(20))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    said = client.post("/echo/x", content=pieces, headers=kind).json()
    assert len(said["form"]["a"]) == 200


def test_when_the_sender_leaves_before_the_end_nothing_is_done(address, flask, client):
    port = int(address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as half:
        half.sendall(b"POST /echo/half HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nonly this")
    for _ in range(5):
        client.get("/echo/whole")
    assert "half" not in flask.seen
    assert "whole" in flask.seen


def test_a_page_that_breaks_is_a_500_and_the_next_one_works(client):
    assert client.get("/breaks").status_code == 500
    assert client.get("/nothing").status_code == 204


def test_requests_wait_for_a_free_thread_instead_of_making_more(address):
    async def many() -> set[str]:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            answers = await asyncio.gather(*(client.get("/echo/x") for _ in range(20)))
        return {answer.json()["thread"] for answer in answers}

    assert len(asyncio.run(many())) <= 2


def call(bridge: Bridge, **changed) -> dict:
    """Ask without a server; answer the JSON said."""
    scope = {
        "type": "http", "method": "GET", "path": "/echo/x", "query_string": b"", "headers": [],
        "root_path": "", "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1), **changed,
    }  # fmt: skip
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b""}

    async def send(message: dict) -> None:
        sent.append(message)

    async def ask() -> None:
        asked_by.set("the nurse")
        await bridge(scope, receive, send)

    asyncio.run(ask())
    assert sent[0]["status"] == 200
    return httpx.Response(200, content=sent[1]["body"]).json()


def test_who_asks_crosses_into_the_thread(flask):
    bridge = Bridge(flask, threads=1)
    assert call(bridge)["asked_by"] == "the nurse"
    bridge.close()


def test_behind_a_prefix_the_path_is_what_comes_after_it(flask):
    bridge = Bridge(flask, threads=1)
    said = call(bridge, path="/bti/echo/y", raw_path=b"/bti/echo/y", root_path="/bti")
    assert (said["root"], said["path"]) == ("/bti", "y")
    bridge.close()
