"""A real browser for tests: Debian's Chromium, axe, the Nu validator. Skipped, by name, where missing."""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
# What a wider screen can change of a page that is the same otherwise: what is shown, where, and in which colours.
BY_WIDTH = [
    *COLOURS, "target-size", "scrollable-region-focusable", "aria-hidden-focus", "region", "heading-order",
    "link-name", "button-name", "label", "empty-table-header",
]  # fmt: skip
WIDTHS = PHONE, DESK = 390, 1280
# WCAG 1.4.12: whoever needs more air between letters and lines may have it.
AIR = """() => { const air = new CSSStyleSheet();
  air.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; '
    + 'word-spacing: .16em !important } p { margin-block-end: 2em !important }');
  document.adoptedStyleSheets = [air] }"""
CLIPPED = """() => [...document.querySelectorAll('main *')].filter(e => { const s = getComputedStyle(e);
    return /hidden|clip/.test(s.overflowX) && s.clipPath === 'none' && e.scrollWidth > e.clientWidth + 1 })
  .map(e => e.outerHTML.slice(0, 120))"""
# Targets smaller than 24 by 24 CSS pixels, except links in running text.
SMALL = """() => [...document.querySelectorAll(
    'a, button, summary, select, textarea, input:not([type=hidden])')]
  .filter(e => { const r = (e.closest('label') || e).getBoundingClientRect(); const s = getComputedStyle(e);
    return r.width && !e.closest('p, li, dd, td, small, nav.way-back') && s.visibility !== 'hidden'
      && !e.classList.contains('ds-skip-link') && (r.width < 24 || r.height < 24) })
  .map(e => e.outerHTML.slice(0, 120))"""
# What passes is not described: that takes as long as looking for what fails.
AXE = "([within, wanted]) => axe.run(within, {runOnly: wanted, resultTypes: ['violations']})"
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the worker."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(site: Flask) -> Iterator[str]:
    """The site's address while it is served on a free port of this machine."""
    server = make_server("127.0.0.1", 0, site, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()


def axe(page: Page, within: str = "html", *, rules: list[str] | None = None) -> list[str]:
    """What axe finds wrong with the page, or a part of it, as it stands; by some rules only, or by all."""
    wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate(AXE, [within, wanted])
    return [
        f"{each['id']}: {each['help']} {[node['target'] for node in each['nodes']][:5]}"
        for each in found["violations"]
    ]


def opened_up(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe finds with everything unfolded; then with each menu open, one at a time as a person can have it."""
    for each in page.locator("details:not(.menu)").all():
        each.evaluate("e => { e.open = true }")
    page.evaluate("() => Promise.all(document.getAnimations().map(each => each.finished))")
    faults = axe(page, rules=rules)
    for each in page.locator("main details.menu").all():
        each.evaluate("e => { e.open = true }")
        faults += axe(page, "details.menu[open]", rules=rules)
        each.evaluate("e => { e.open = false }")
    return faults


def by_night(page: Page) -> list[str]:
    """What axe finds with the colours of the dark: the page itself has been looked at by day."""
    page.emulate_media(color_scheme="dark")
    return [f"in the dark: {fault}" for fault in opened_up(page, rules=COLOURS)]


def clumsy(page: Page) -> list[str]:
    """What eyes and fingers would trip on: sideways scrolling at 320 px, no room for air, small targets."""
    faults = [f"small target: {each}" for each in page.evaluate(SMALL)]
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 800})
    if (over := page.evaluate(WIDE)) > 0:
        faults.append(f"{over} px too wide at 320 px")
    page.evaluate(AIR)
    faults += [f"clipped when letters get air: {each}" for each in page.evaluate(CLIPPED)]
    if (over := page.evaluate(WIDE)) > 0:
        faults.append(f"{over} px too wide at 320 px when letters get air")
    page.evaluate("() => { document.adoptedStyleSheets = [] }")
    if size:
        page.set_viewport_size(size)
    return faults


def stops(page: Page, picture: str = "", *, nights: tuple[int, ...] = (PHONE,)) -> list[str]:
    """What would stop somebody on the page, on a phone and at a desk, by day and by night.

    Everything is looked for on the phone, and at the desk what the width can change. `nights` are the widths looked at in
    the dark; the components are at both. Pictures of both go to the folder STAFETTEN_SHOTS, when there is one.
    """
    faults: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = opened_up(page, rules=None if width == PHONE else BY_WIDTH)
        if width == PHONE:
            found += clumsy(page)
        if folder := os.environ.get("STAFETTEN_SHOTS"):
            page.screenshot(path=Path(folder) / f"{picture}-{width}.png", full_page=True)
        if width in nights:
            found += by_night(page)
            page.emulate_media(color_scheme="light")
        faults += [f"at {width} px: {fault}" for fault in found]
    return faults


def listen(page: Page) -> list[str]:
    """Everything the browser complains about from now on: scripts that fail, what the CSP stops."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "console",
        lambda said: (
            heard.append(said.text) if said.type in {"error", "warning"} and _ours(said.text) else None
        ),
    )
    return heard


def _ours(text: str) -> bool:
    return "Failed to load resource" not in text  # the browser's own note that a status was 4xx


class Validator:
    """The Nu validator as a service on this machine."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/?out=json"

    def faults(self, html: str) -> list[str]:
        """Every error in a page."""
        request = urllib.request.Request(
            self.address, html.encode(), {"Content-Type": "text/html; charset=utf-8"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            messages: list[dict[str, Any]] = json.load(answer)["messages"]
        return [f"{m['message']} ({m.get('extract', '')[:80]})" for m in messages if m["type"] == "error"]


@pytest.fixture(scope="session")
def validator(dressed: None) -> Iterator[Validator]:
    """The validator, ready; it needs Java 17."""
    java = shutil.which("java")
    jars = list((ROOT / "node_modules" / "vnu-jar").rglob("vnu.jar"))
    if java is None or not jars:
        pytest.skip("The Nu validator needs Java 17: apt-get install default-jre-headless")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [java, "-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", str(jars[0])]
    process = subprocess.Popen(
        [*command, "nu.validator.servlet.Main", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield Validator(port)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.skip(f"The Nu validator did not start (exit {process.returncode}); it needs Java 17")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail("The Nu validator was not ready in time")
