"""The macros of `templates/components/`, gathered under one name so that a template imports nothing."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

FOLDER = Path(__file__).resolve().parent / "templates" / "components"
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
            if not self._environment.auto_reload:
                self._found[name] = known
        return known

    def _look_up(self, name: str) -> Callable[..., Markup]:
        for file in FILES:
            macro = getattr(self._environment.get_template(f"components/{file}").module, name, None)
            if callable(macro):
                return macro  # type: ignore[no-any-return]
        raise AttributeError(f"there is no component called {name}")
