"""The doors alone: a site served in this process, people who come and go by them, and what each meets on the way."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Self
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from casework import Casework, sign_ins
from casework.access import Actor
from tests.factories import Town
from tests.journeys.people import DESK, PHONE, READY, Screen
from tests.web.browsers import clumsy, opened_up, served
from tests.web.conftest import dressed, settings
from web.app import create_web

__all__ = ["dressed", "furniture", "screens"]
PATIENCE = 8_000  # milliseconds: nothing here waits for a machine
CODE = re.compile(r"^[2-9A-Z]{5}-[2-9A-Z]{5}$")
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
BORN = date(2017, 3, 14)


class Visitor(Screen):
    """Somebody at a door, told by what stands on the page and by what the fingers do."""

    def tap(self, what: str, *, within: str = "#main") -> Self:
        """Tap a choice by its words; nothing is sent."""
        self.taps += 1
        self.page.locator(within).get_by_text(what, exact=True).first.click()
        return self

    def press(self, button: str) -> Self:
        """Press a button by its words, and come to where it leads."""
        self.taps += 1
        with self.page.expect_navigation(wait_until=READY):
            self.page.locator("#main").get_by_role("button", name=button, exact=True).click()
        assert not self.page.locator(".ds-error-summary").count(), self.text[:1500]
        return self

    def finds(self, *words: str) -> Self:
        """Fail unless all of it stands on the page."""
        self.reads(*words)
        return self

    def finds_none(self, *words: str) -> Self:
        """Fail when any of it stands anywhere in the page, seen or unseen."""
        html = self.page.content()
        found = [each for each in words if each in html]
        assert not found, f"{self.name} finds {found} at {self.page.url}"
        return self

    def counting(self) -> Self:
        """Count the taps from here."""
        self.taps = 0
        return self

    def is_sent(self, path: str) -> str:
        """What the door hands out at an address, a page or a file, as it is sent."""
        answer = self.context.request.get(path)
        assert answer.ok, f"{path}: {answer.status}"
        return answer.text()

    def has_beside(self, entry: str, *words: str) -> Self:
        """Fail unless the words stand in the very entry of the log."""
        beside = self.page.locator("ol.timeline > li", has_text=entry)
        text = " ".join(beside.inner_text().replace("\xa0", " ").split())
        missing = [each for each in words if each not in text]
        assert not missing, f"{self.name} does not find {missing} beside {entry}: {text}"
        return self

    def is_stopped_at(self, *paths: str) -> Self:
        """Fail unless each address is closed to somebody who knows that it is there, and says nothing but that."""
        for path in paths:
            status, told = self._told(path)
            assert (status, "Du har ikke tilgang til å gjøre dette" in told) == (403, True), (path, told)
            assert "Iben" not in told and "Solvang" not in told, (path, told)
        return self

    def meets_nothing(self, *paths: str) -> Self:
        """Fail unless each address answers as if it had never been there, in the same words as a made-up one."""
        made_up = self._told(f"/cases/{UUID(int=0)}")
        for path in paths:
            assert self._told(path) == made_up, path
        return self

    def _told(self, path: str) -> tuple[int, str]:
        answer = self.context.request.get(path)
        main = MAIN.search(answer.text())
        assert main is not None, path
        return answer.status, " ".join(main[0].split())

    def comes_to_see(self, words: str) -> Self:
        """Fail unless the words appear in a moment, without anything more being done."""
        expect(self.page.locator("#main").get_by_text(words).first).to_be_visible()
        return self

    def waits(self, seconds: int) -> Self:
        """Leave the page open for a while."""
        self.page.clock.fast_forward(seconds * 1000)
        return self

    def hears(self, said: str) -> Self:
        """Fail unless the page says it aloud after what was just done."""
        expect(self.page.locator("#main .banner", has_text=said)).to_be_visible()
        return self

    def is_fit(self) -> Self:
        """Fail when the page, as it stands now, would stop anybody."""
        assert [*opened_up(self.page), *clumsy(self.page)] == [], self.page.url
        return self


class Screens:
    """Screens for the people of towns. Each is wiped and used again by the next, with the styles still in its cache."""

    def __init__(self, browser: Browser, address: str, casework: Casework) -> None:
        self.browser, self.address, self.casework = browser, address, casework
        self.taken: list[Visitor] = []
        self.free: list[Visitor] = []

    def _screen(self, name: str, width: int) -> Visitor:
        visitor = next((each for each in self.free if each.page.viewport_size["width"] == width), None)
        if visitor is None:
            visitor = Visitor(self.browser, self.address, name, width=width)
            visitor.context.set_default_timeout(PATIENCE)
        else:
            self.free.remove(visitor)
        visitor.name = name
        self.taken.append(visitor)
        return visitor

    def at_work(self, town: Town, name: str, *, width: int = DESK) -> Visitor:
        """Somebody of a town at a desk, signed in as by the provider of their work."""
        with self.casework.begin(Actor.stranger()) as tx:
            token = sign_ins.start(tx, town.people[name], method="test")
        visitor = self._screen(name, width)
        visitor.context.add_cookies([{"name": "stafetten", "value": token, "url": self.address}])
        return visitor

    def let_in(self, holder: Visitor, case: str, who: str, *, born: date = BORN) -> Visitor:
        """One of the family at a phone: the holder makes a code and reads it aloud, and it is typed at the door."""
        holder.open(f"{case}/family-codes/new").tap(who, within="#family-let-in")
        holder.page.get_by_role("button", name="Lag en kode").click()
        code = holder.page.get_by_text(CODE).inner_text()
        visitor = self._screen(who, PHONE)
        visitor.open("/family/sign-in").do("code-use", code=code, born_on=born.isoformat())
        return visitor

    def leave(self) -> None:
        """Everybody goes; nothing may have gone wrong in any browser."""
        heard = {each.name: each.heard[:] for each in self.taken if each.heard}
        for each in self.taken:
            each.heard.clear()
            each.page.goto("about:blank")
            each.context.clear_cookies()
        self.free += self.taken
        self.taken.clear()
        assert heard == {}


@pytest.fixture(scope="module")
def furniture(chromium: Browser, shared_casework: Casework, dressed: None) -> Iterator[Screens]:
    """The site, served once for all the journeys, and screens in front of it; a fault of ours is a page, as for people."""
    site = create_web(shared_casework, settings())
    site.config["PROPAGATE_EXCEPTIONS"] = False
    with served(site) as address:
        made = Screens(chromium, address, shared_casework)
        yield made
        for each in made.free:
            each.context.close()


@pytest.fixture
def screens(furniture: Screens, casework: Casework) -> Iterator[Screens]:
    """Screens for one journey."""
    yield furniture
    furniture.leave()
