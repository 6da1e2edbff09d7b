"""Somebody at a browser without JavaScript: fetches pages, fills in forms, and has every page checked."""

import functools
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from casework import Casework, sign_ins
from casework.access import Actor
from tests.web.pages import check_page, check_part

FOLLOWED = 5


class Page:
    """An answer as a person meets it."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response, self.path = response, path
        self.status = response.status_code
        self.html = response.get_data(as_text=True)

    @functools.cached_property
    def tree(self) -> Element:
        """The parsed page."""
        parsed: Element = html5lib.parse(self.html, namespaceHTMLElements=False)
        return parsed

    @property
    def text(self) -> str:
        """What can be read in the page's body, with plain spaces."""
        body = self.tree.find("body")
        return " ".join("".join(body.itertext() if body is not None else ()).replace("\xa0", " ").split())

    @property
    def title(self) -> str:
        """The page's title."""
        return " ".join("".join(each.itertext()) for each in self.tree.iter("title"))

    def form(self, form_id: str) -> Element:
        """A form by its id, or by the end of its action; KeyError when there is none."""
        for each in self.tree.iter("form"):
            if each.get("id") == form_id or each.get("action", "").endswith(form_id):
                return each
        raise KeyError(form_id)

    def value(self, form_id: str, name: str) -> str:
        """What stands in a field."""
        return _standing(self.form(form_id)).get(name, [""])[0]


def _standing(form: Element) -> dict[str, list[str]]:
    """What a form would send as it stands."""
    values: dict[str, list[str]] = {}
    for each in form.iter():
        name = each.get("name")
        if not name or each.tag not in {"input", "textarea", "select"}:
            continue
        if each.tag == "textarea":
            values.setdefault(name, []).append("".join(each.itertext()).removeprefix("\n"))
        elif each.tag == "select":
            options = list(each.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            values.setdefault(name, []).extend(o.get("value", "") for o in chosen)
        elif each.get("type") not in {"checkbox", "radio"} or each.get("checked") is not None:
            values.setdefault(name, []).append(each.get("value", "on"))
    return values


class Visitor:
    """A browser with its cookies; `name` is who of the town is signed in."""

    def __init__(self, site: Flask, casework: Casework) -> None:
        self.client, self.casework = site.test_client(), casework
        self.headers: dict[str, str] = {}

    def sign_in(self, practitioner_id: UUID, **more: Any) -> "Visitor":
        """Come in as somebody, as after a sign-in provider has said who it is."""
        with self.casework.begin(Actor.stranger()) as tx:
            token = sign_ins.start(tx, practitioner_id, method="test", **more)
        self.client.set_cookie("stafetten", token)
        return self

    def get(self, path: str, *, status: int = 200, **more: Any) -> Page:
        """Fetch a page, follow where it leads, check it."""
        return self._followed(self.client.get(path, headers=self.headers, **more), path, status)

    def submit(self, page: Page, form_id: str, *, status: int = 200, **values: Any) -> Page:
        """Fill in a form as it stands on a page and send it; a list is several choices, None nothing."""
        form = page.form(form_id)
        data = {**_standing(form), **{name: _several(value) for name, value in values.items()}}
        return self.send(form.get("action", ""), data, status=status)

    def send(self, path: str, data: Mapping[str, Any], *, status: int = 200) -> Page:
        """Send a form's data to an address."""
        return self._followed(self.client.post(path, data=data, headers=self.headers), path, status)

    def with_htmx(self, source: str = "", target: str = "main") -> "Visitor":
        """The same browser, from now on with htmx: `source` asks, `target` is where the answer goes."""
        self.headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": f"div#{target}"}
        if source:
            self.headers["HX-Source"] = f"form#{source}"
        return self

    def _followed(self, response: TestResponse, path: str, status: int) -> Page:
        for _ in range(FOLLOWED):
            if response.status_code != 303:
                break
            where = urlsplit(response.headers["Location"])
            path = where.path + (f"?{where.query}" if where.query else "")
            response = self.client.get(path, headers=self.headers)
        page = Page(response, path)
        assert page.status == status, f"{path} answered {page.status}, not {status}: {page.text[:600]}"
        _checked(page)
        return page


def _several(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, (list, tuple, set)) else [str(value)]


def _checked(page: Page) -> None:
    if page.response.mimetype != "text/html" or not page.html:
        return
    if page.html.lstrip().lower().startswith("<!doctype"):
        page.tree = check_page(page.html, path=page.path)
    else:
        check_part(page.html, path=page.path)
