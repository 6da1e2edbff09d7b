"""The macros of `templates/components/`, gathered under one name so that a template imports nothing."""

from collections.abc import Callable, Hashable
from pathlib import Path

from flask import g
from jinja2 import Environment
from markupsafe import Markup

FOLDER = Path(__file__).resolve().parent / "templates" / "components"
SAME_EACH_TIME = frozenset({"due", "icon", "initials", "level"})
FILES = tuple(sorted(path.name for path in FOLDER.glob("*.html")))


class Components:
    """`ui.button(…)` and its kin: looks a macro up in every component file; they know no domain."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._found: dict[str, Callable[..., Markup]] = {}

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        known = self._found.get(name)
        if known is None:
            known = self._look_up(name)
            known = _once_a_page(name, known) if name in SAME_EACH_TIME else known
            if not self._environment.auto_reload:
                self._found[name] = known
        return known

    def _look_up(self, name: str) -> Callable[..., Markup]:
        for file in FILES:
            macro = getattr(self._environment.get_template(f"components/{file}").module, name, None)
            if callable(macro):
                return macro  # type: ignore[no-any-return]
        raise AttributeError(f"there is no component called {name}")


def _once_a_page(name: str, macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """A component that looks the same whenever it is given the same: made once a page, though fifty rows show it."""

    def shown(*args: Hashable, **named: Hashable) -> Markup:
        if "caller" in named:
            return macro(*args, **named)
        kept: dict[Hashable, Markup] = g.setdefault("components", {})
        key = (name, args, *named.items())
        found = kept.get(key)
        if found is None:
            found = kept[key] = macro(*args, **named)
        return found

    return shown
