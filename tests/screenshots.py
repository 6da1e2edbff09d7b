"""Takes the README's pictures: starts the demo in a folder of its own, walks through it, keeps PNG files.

python -m tests.screenshots                    # starts a demo by itself
python -m tests.screenshots --address http://127.0.0.1:8400 --folder /tmp/pictures
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

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.browsers import CHROMIUM, FLAGS

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 400.0  # seconds, on a machine that does other things as well
PHONE = {"width": 390, "height": 940}
DESKTOP = {"width": 1280, "height": 900}
TABLET = {"width": 768, "height": 900}
COLOURS = 256  # as many as our pages have, and half the bytes
SEEN = "Sitter ofte alene i friminuttene. Gråt i garderoben i dag, ville ikke si hvorfor."


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
            base_url=self.address,
            viewport=size,
            device_scale_factor=2 if size == PHONE else 1,
            color_scheme="dark" if dark else "light",
            locale="nb-NO",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("form", has_text=re.compile(role)).filter(has_text=name).locator("button").first.click()
        page.wait_for_load_state()
        return page

    def take(self, page: Page, name: str) -> None:
        """Keep a picture of what is seen without scrolling."""
        page.evaluate("document.fonts.ready")
        file = self.folder / f"{name}.png"
        page.screenshot(path=str(file))
        with Image.open(file) as picture:
            few = picture.convert("RGB").quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE)
        few.save(file, optimize=True)
        print(f"{name}: {file.stat().st_size // 1024} kB")


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--address")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "screenshots")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        Path(folder).chmod(0o711)  # the database's own user passes through
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if given.address:
            walk(Photographer(browser, given.address, given.folder))
        else:
            with demo(Path(folder) / "demo") as address:
                walk(Photographer(browser, address, given.folder))
        browser.close()


def walk(camera: Photographer) -> None:
    """The README's tour."""
    worry(camera)
    worklist(camera)
    case(camera)
    onward(camera)
    invitation(camera)
    for name, role, size, address, picture in (
        ("Hilde Fossum", "BTI-koordinator", DESKTOP, "/overview", "overview-desktop"),
        ("Tor Nygård", "Kommunalsjef", DESKTOP, "/figures", "figures-desktop"),
    ):
        page = camera.sit(name, role=role, size=size)
        page.goto(address)
        camera.take(page, picture)
    guide(camera)
    family(camera)


def family(camera: Photographer) -> None:
    """What a parent meets on the phone."""
    page = camera.sit("Forelder", role="Forelder", size=PHONE)
    camera.take(page, "family-phone")


def worry(camera: Photographer) -> None:
    """A teacher writes down a worry on the phone; it is not saved."""
    page = camera.sit("Tone Vik", role="Kontaktlærer", size=PHONE)
    page.goto("/signals/new")
    page.locator("label:has([name=child_id])").first.click()
    for theme in ("Trivsel", "Venner og mobbing"):
        page.get_by_text(theme, exact=True).click()
    page.get_by_label("Hva har du sett eller hørt?").fill(SEEN)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    camera.take(page, "worry-phone")


def worklist(camera: Photographer) -> None:
    """The cases of somebody who holds many batons."""
    for size, picture in ((DESKTOP, "worklist-desktop"), (PHONE, "worklist-phone")):
        camera.take(camera.sit("Kari Lunde", role="Kontaktlærer", size=size), picture)


def case(camera: Photographer) -> None:
    """The fullest case of a teacher, on a desk by day and by night, and on the phone."""
    page = camera.sit("Roar Eide", role="Kontaktlærer", size=DESKTOP)
    address = fullest(page, "Nivå 2")
    page.goto(address)
    camera.take(page, "case-desktop")
    for size, dark, picture in ((DESKTOP, True, "case-dark"), (PHONE, False, "case-phone")):
        page = camera.sit("Roar Eide", role="Kontaktlærer", size=size, dark=dark)
        page.goto(address)
        camera.take(page, picture)


def fullest(page: Page, level: str) -> str:
    """The address of the case at a level with most on its page."""
    page.goto("/cases")
    links = page.locator("#cases-list tr", has_text=level).locator("th a").all()
    addresses = [str(link.get_attribute("href")) for link in links]
    return max(addresses, key=lambda address: _shown(page, address))


def _shown(page: Page, address: str) -> int:
    page.goto(address)
    return page.locator(".steps .finished, .table tbody tr, .people li, .people .more").count()


def onward(camera: Photographer) -> None:
    """Where a case at the first level may go, and what is missing for the rest."""
    page = camera.sit("Roar Eide", role="Kontaktlærer", size=TABLET)
    page.goto(fullest(page, "Nivå 1") + "/level")
    camera.take(page, "onward-tablet")


def invitation(camera: Photographer) -> None:
    """A service is asked to take part and answers on the phone."""
    page = camera.sit("Jorunn Dahl", role="PP-rådgiver", size=PHONE)
    page.goto("/invitations")
    page.locator("tbody th a").first.click()
    page.get_by_text("Ja", exact=True).click()
    camera.take(page, "invitation-phone")


def guide(camera: Photographer) -> None:
    """The municipality's guide as its people read it."""
    page = camera.sit("Kari Lunde", role="Kontaktlærer", size=DESKTOP)
    page.goto("/guides")
    page.locator("main a[href^='/guides/']").first.click()
    page.locator("main summary").first.click()
    camera.take(page, "guide-desktop")


if __name__ == "__main__":
    main()
