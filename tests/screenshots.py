"""Takes the README's pictures: starts the demo in a folder of its own, walks through it, keeps PNG files.

python -m tests.screenshots                    # starts a demo by itself
python -m tests.screenshots --address http://127.0.0.1:8400 --folder /tmp/pictures --all
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.browsers import CHROMIUM, FLAGS

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180.0  # seconds
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """The address of a demo started for the occasion."""
    program = Path(sys.executable).parent / "stafetten"
    started = subprocess.Popen(
        [str(program), "demo", "--data", str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        yield _address(started)
    finally:
        started.terminate()
        started.wait(60)


def _address(started: subprocess.Popen[str]) -> str:
    until = time.monotonic() + PATIENCE
    for line in started.stdout or ():
        found = re.search(r"http://[\w.:]+", line)
        if found:
            return found[0]
        if time.monotonic() > until:
            break
    raise SystemExit("The demo did not become ready.")


class Photographer:
    """Signs in as personas and keeps pictures of what they see."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self.browser, self.address, self.folder = browser, address, folder
        folder.mkdir(parents=True, exist_ok=True)

    def sit(self, name: str, *, role: str, size: dict[str, int], dark: bool = False) -> Page:
        """Somebody at a screen, signed in through the persona picker."""
        context = self.browser.new_context(
            viewport=size, color_scheme="dark" if dark else "light", locale="nb-NO", reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{self.address}/sign-in")
        page.locator("form", has_text=re.compile(role)).filter(has_text=name).locator("button").first.click()
        page.wait_for_load_state()
        return page

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Keep a picture."""
        page.screenshot(path=str(self.folder / f"{name}.png"), full_page=whole)
        print(name)


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--address")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "screenshots")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if given.address:
            walk(Photographer(browser, given.address, given.folder))
        else:
            with demo(Path(folder) / "demo") as address:
                walk(Photographer(browser, address, given.folder))
        browser.close()


def walk(camera: Photographer) -> None:
    """The README's tour."""
    raise NotImplementedError(camera)


if __name__ == "__main__":
    main()
