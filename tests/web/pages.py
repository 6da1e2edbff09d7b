"""What every page must be, whoever made it: readable by people, keyboards, screen readers, a strict CSP."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FIELDS = ("input", "select", "textarea")
# html5lib marks these as errors, the living standard and the Nu validator do not.
HARMLESS = frozenset({"expected-closing-tag-but-got-eof"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list")
FETCHED = (("script", "src"), ("link", "href"), ("img", "src"))


class BadPage(AssertionError):
    """The page would stop somebody; each line says what and where."""


def check_page(html: str, *, path: str) -> Element:
    """The page as parsed; raises BadPage with everything that is wrong with it."""
    page = _parsed(html, path, whole=True)
    faults = [*_frame(page), *_common(page, html), *_targets(page)]
    _raise(faults, path)
    return page


def check_part(html: str, *, path: str, panel: str | None = None) -> None:
    """Raise BadPage with everything wrong with a fragment; a panel has one root, whose id is its name."""
    part = _parsed(html, path, whole=False)
    faults = [*_common(part, html, whole=False)]
    roots = [each for each in part if isinstance(each.tag, str)]
    if panel is not None and (len(roots) != 1 or roots[0].get("id") != panel):
        faults.append(f"the panel must have one root element with the id {panel}")
    _raise(faults, path)


def _raise(faults: list[str], path: str) -> None:
    if faults:
        raise BadPage(f"{path}:\n  " + "\n  ".join(faults))


def _parsed(html: str, path: str, *, whole: bool) -> Element:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html) if whole else parser.parseFragment(html, container="div")
    errors = [code for _place, code, _values in parser.errors if code not in HARMLESS]
    _raise([f"does not parse: {code}" for code in errors], path)
    return tree


def _all(page: Element, *tags: str) -> Iterator[Element]:
    return (each for each in page.iter() if isinstance(each.tag, str) and (not tags or each.tag in tags))


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _common(page: Element, html: str, *, whole: bool = True) -> Iterator[str]:
    yield from _ids(page, whole=whole)
    yield from _fields(page)
    yield from _forms(page)
    yield from _inline(page)
    yield from _names(page)
    yield from _icons(page)
    yield from _words(html)


def _frame(page: Element) -> Iterator[str]:
    if page.get("lang") not in {"nb", "nn", "en"}:
        yield f"html has the language {page.get('lang')}"
    titles, heads = list(_all(page, "title")), list(_all(page, "h1"))
    titles = [each for each in titles if each in list(_all(next(_all(page, "head")), "title"))]
    if len(heads) != 1:
        yield f"there are {len(heads)} h1"
    if len(titles) != 1 or (heads and _text(heads[0]) not in _text(titles[0])):
        yield "the title is not the h1's"
    if sum(1 for _ in _all(page, "main")) != 1:
        yield "there is not one main"
    yield from _order(page)


def _order(page: Element) -> Iterator[str]:
    before = 0
    for each in _all(page, *HEADINGS):
        level = int(str(each.tag)[1])
        if level > before + 1:
            yield f"{each.tag} «{_text(each)}» comes after h{before}"
        if not _text(each):
            yield f"an empty {each.tag}"
        before = level


def _ids(page: Element, *, whole: bool) -> Iterator[str]:
    ids = [each.get("id", "") for each in _all(page) if each.get("id") is not None]
    counted = Counter(ids)
    for twice in sorted(name for name, times in counted.items() if times > 1):
        yield f"the id {twice} is there {counted[twice]} times"
    if not whole:
        return
    for each in _all(page):
        for attribute in REFERENCES:
            for name in each.get(attribute, "").split():
                if name not in counted:
                    yield f"{each.tag} {attribute}={name} leads nowhere"
        if (
            each.tag == "a"
            and each.get("href", "").startswith("#")
            and each.get("href", "")[1:] not in counted
        ):
            yield f"the link {each.get('href')} leads nowhere"


def _fields(page: Element) -> Iterator[str]:
    labelled = {each.get("for") for each in _all(page, "label") if _text(each)}
    wrapped = {child for each in _all(page, "label") if _text(each) for child in each.iter()}
    for each in _all(page, *FIELDS):
        if each.get("type") in {"hidden", "submit"} or each in wrapped or each.get("id") in labelled:
            continue
        if not (each.get("aria-label") or each.get("aria-labelledby")):
            yield f"{each.tag} {each.get('name')} has no label"
    for each in _all(page, "fieldset"):
        legend = next(iter(each), None)
        if legend is None or legend.tag != "legend" or not _text(legend):
            yield "a fieldset without a legend"


def _forms(page: Element) -> Iterator[str]:
    for form in _all(page, "form"):
        where = form.get("id") or form.get("action")
        method = form.get("method", "").lower()
        if method not in {"get", "post"} or not form.get("action"):
            yield f"form {where} has no method or action"
        tokens = [each.get("value") for each in _all(form, "input") if each.get("name") == "csrf"]
        if method == "post" and (len(tokens) != 1 or not tokens[0]):
            yield f"form {where} has no csrf token"
        if method == "get" and tokens:
            yield f"form {where} would put its token in an address"
        if not any(each.get("type", "submit") == "submit" for each in _all(form, "button")):
            yield f"form {where} has no button: it does not work without JavaScript"


def _inline(page: Element) -> Iterator[str]:
    for each in _all(page):
        for name, value in each.attrib.items():
            plain = str(name).lower()
            if plain == "style" or plain.startswith(("on", "data-hx-on", "hx-")):
                yield f"{each.tag} has {plain}"
            if str(value).strip().lower().startswith("javascript:"):
                yield f"{each.tag} {plain} is a script"
    if any(True for _ in _all(page, "style")):
        yield "a style element"
    if any(each.get("src") is None for each in _all(page, "script")):
        yield "a script in the page"
    for tag, attribute in FETCHED:
        for each in _all(page, tag):
            if each.get(attribute, "").startswith(("http:", "https:", "//")):
                yield f"{tag} is fetched from elsewhere: {each.get(attribute)}"


def _names(page: Element) -> Iterator[str]:
    for each in _all(page, "a", "button", "summary", "option", "th"):
        if not _text(each) and not each.get("aria-label") and each.get("value") != "":
            yield f"{each.tag} {each.get('href') or each.get('name') or ''} has no name"
    for each in _all(page, "img"):
        if each.get("alt") is None:
            yield f"img {each.get('src')} has no alt"
    for each in _all(page):
        if each.get("tabindex", "0").lstrip("-").isdigit() and int(each.get("tabindex", "0")) > 0:
            yield f"{each.tag} jumps the queue with tabindex"


@cache
def _sprite() -> frozenset[str]:
    manifest = json.loads((STATIC / "manifest.json").read_text("utf-8"))
    return frozenset(re.findall(r'<symbol id="(\w+)"', (STATIC / manifest["icons.svg"]).read_text("utf-8")))


def _icons(page: Element) -> Iterator[str]:
    for each in page.iter():
        href = each.get("href", "") if str(each.tag).endswith("use") else ""
        name = href.partition("#")[2]
        if href and name not in _sprite():
            yield f"the icon {name} is not in the sprite"


def _words(html: str) -> Iterator[str]:
    for mark, meaning in (
        ("⟦", "a code without a text"),
        ("%(", "an unfilled text"),
        ("{{", "a raw template"),
    ):
        for found in re.findall(re.escape(mark) + r".{0,40}", html):
            yield f"{meaning}: {found}"


def _targets(page: Element) -> Iterator[str]:
    ids = {each.get("id") for each in _all(page)}
    for each in _all(page):
        target = each.get("data-hx-target")
        asks = any(
            str(name).startswith(("data-hx-get", "data-hx-post", "data-hx-put")) for name in each.attrib
        )
        if asks and target is None:
            yield f"{each.tag} {each.get('id')} does not say where its answer goes"
        if target and target.startswith("#") and target[1:] not in ids:
            yield f"{each.tag} {each.get('id')} answers to {target}, which is not there"
