"""Somebody at a real browser in front of the real house: signs in, fills in forms, reads what stands there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, Self
from uuid import UUID

from playwright.sync_api import Browser, Locator, Page

from tests.machinery import Machinery, Mail, wait_until
from tests.web.browsers import axe, listen

PHONE, DESK = 390, 1280
PATIENCE = 20_000  # milliseconds
# The scripts have run; pictures and letters may still be on their way.
READY: Literal["domcontentloaded"] = "domcontentloaded"


class Screen:
    """A screen of somebody's own. `taps` counts what the fingers have done since the page opened."""

    def __init__(self, browser: Browser, address: str, name: str, *, width: int = DESK) -> None:
        self.address, self.name = address, name
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            base_url=self.address,
            locale="nb-NO",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.heard = listen(self.page)
        self.taps = 0

    def open(self, path: str) -> Self:
        """Go to a page."""
        self.page.goto(path, wait_until=READY)
        self.taps = 0
        return self

    def follow(self, text: str) -> Self:
        """Follow a link by what it says."""
        self.taps += 1
        with self.page.expect_navigation(wait_until=READY):
            self.page.get_by_role("link", name=text).first.click()
        return self

    def reads(self, *words: str) -> None:
        """Fail unless all of it stands on the page."""
        text = self.text
        missing = [each for each in words if each not in text]
        assert not missing, f"{self.name} does not find {missing} at {self.page.url}: {text[:1500]}"

    @property
    def text(self) -> str:
        """What can be read on the page, with plain spaces."""
        return " ".join(self.page.locator("body").inner_text().replace("\xa0", " ").split())

    @property
    def path(self) -> str:
        """Where one is."""
        return self.page.url.removeprefix(self.address).split("#")[0].split("?")[0]

    def fill(self, form: str, **values: Any) -> Self:
        """Tap and type in a form, by the names of its fields; a list is several taps."""
        for name, value in values.items():
            for each in value if isinstance(value, (list, tuple)) else [value]:
                self._enter(self.page.locator(f"#{form} [name={name}]"), str(each))
                self.taps += 1
        return self

    def _enter(self, field: Locator, value: str) -> None:
        first = field.first
        kind = first.get_attribute("type") or first.evaluate("e => e.tagName.toLowerCase()")
        if kind in {"radio", "checkbox"}:
            one = field.and_(self.page.locator(f'[value="{value}"], [value^="{value} "]')).first
            one.locator("xpath=ancestor::label[1]").click()
        elif kind == "select":
            first.select_option(value)
        else:
            first.fill(value)

    def send(self, form: str) -> Self:
        """Press the form's button and come to where it leads."""
        with self.page.expect_navigation(wait_until=READY):
            self._press(form)
        assert not self.page.locator(".ds-error-summary").count(), self.text[:1500]
        return self

    def is_refused(self, form: str, *words: str) -> None:
        """Press the form's button and be told why not, with the focus on it."""
        self._press(form)
        trouble = self.page.locator(".ds-error-summary, .conflict")
        trouble.wait_for()
        self.reads(*words)
        assert trouble.evaluate("e => e === document.activeElement"), "the focus is elsewhere"

    def _press(self, form: str) -> None:
        self.taps += 1
        self.page.locator(f"#{form} button[type=submit]").last.click()

    def do(self, form: str, **values: Any) -> Self:
        """Fill in a form and send it."""
        return self.fill(form, **values).send(form)

    def links(self, start: str) -> list[str]:
        """Where the page leads, by the beginning of the address, each once."""
        found = self.page.locator(f'a[href^="{start}"]').evaluate_all(
            "all => all.map(e => e.getAttribute('href'))"
        )
        return list(dict.fromkeys(found))

    def leave(self) -> None:
        """Close the screen; nothing may have gone wrong in the browser, and no page may stop anybody."""
        faults = axe(self.page)
        self.context.close()
        assert not self.heard, self.heard
        assert not faults, faults


class Person(Screen):
    """One of the town of the whole machinery, who signs in on the way."""

    def __init__(self, browser: Browser, machinery: Machinery, name: str, *, width: int = DESK) -> None:
        super().__init__(browser, f"http://127.0.0.1:{machinery.ports['web']}", name, width=width)
        self.machinery, self.id = machinery, machinery.town.people[name]

    def open(self, path: str) -> Self:
        """Go to a page, signing in as oneself on the way when asked to."""
        super().open(path)
        if "/sign-in" in self.page.url:
            chosen = self.page.locator("form", has=self.page.locator(f'input[value="{self.id}"]'))
            with self.page.expect_navigation(wait_until=READY):
                chosen.locator("button").click()
        return self


@contextmanager
def at_screen(browser: Browser, machinery: Machinery, name: str, *, width: int = DESK) -> Iterator[Person]:
    """Somebody of the town, for a while."""
    person = Person(browser, machinery, name, width=width)
    yield person
    person.leave()


def letter_to(machinery: Machinery, address: str, *, about: str) -> str:
    """Where the newest letter to an address leads, when it leads to `about`; waits for it."""

    def there() -> list[Mail]:
        return [one for one in machinery.letters() if one.to == address and f"/{about}/" in one.plain]

    wait_until(lambda: bool(there()), f"a letter to {address} about {about}")
    found = re.search(rf"http://[\w.:]+(/{about}/[\w-]+)", there()[-1].plain)
    assert found is not None
    return found[1]


def address_of(machinery: Machinery, person: UUID) -> str:
    """Somebody's work address."""
    return str(machinery.rows("SELECT email FROM practitioners WHERE id = :p", p=person)[0][0])


def mailbox_of(machinery: Machinery, service: str) -> str:
    """A service's team mailbox."""
    return str(
        machinery.rows("SELECT mailbox FROM services WHERE id = :s", s=machinery.town.services[service])[0][0]
    )
