"""The words people read: gathers, checks and compiles the catalogues of every feature into one per language.

Each feature keeps its own fragment, `locale/<language>/LC_MESSAGES/<feature>.po`, so that features written at
the same time never meet in one file. `compile_catalogues` merges them into `messages.mo`, which is never
committed.
"""

import argparse
import functools
import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from server.codes import codes_in_source, demanded_codes, is_code, is_known

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("nb", "nn", "en")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "word": ((1, "c"), 2),
    "ugettext": None,
    "ungettext": (1, 2),
    "upgettext": ((1, "c"), 2),
}
SHELL = {
    "app",
    "forms",
    "refusals",
    "identity",
    "texts",
    "htmx",
    "drafts",
    "sign_ins",
    "start",
    "layouts",
    "components",
    "errors",
}
_FIELD = re.compile(r"%\((\w+)\)[sd]")


@dataclass(frozen=True, slots=True)
class Used:
    """A text as the source asks for it, and the feature that asks."""

    feature: str
    context: str | None
    msgid: str | tuple[str, ...]

    @property
    def key(self) -> tuple[str | None, str]:
        """What a catalogue finds the text by."""
        return (self.context, self.msgid if isinstance(self.msgid, str) else self.msgid[0])


def folder(language: str, root: Path = ROOT) -> Path:
    """Where a language keeps its fragments."""
    return root / "locale" / language / "LC_MESSAGES"


def _sources(root: Path) -> Iterator[tuple[Path, str, str]]:
    for room in ("web", "casework", "workflows", "api", "server"):
        for path in sorted((root / room).rglob("*.py")):
            yield path, "python", _feature(path.relative_to(root / room))
    templates = root / "web" / "templates"
    for path in sorted(templates.rglob("*.html")) + sorted(templates.rglob("*.txt")):
        yield path, "jinja2", path.relative_to(templates).parts[0]
    for path in sorted((root / "casework").rglob("*.html")):
        yield path, "jinja2", _feature(path.relative_to(root / "casework"))


def _feature(path: Path) -> str:
    """`signals.py` → signals; `cases/openings.py` → cases; the desks share one fragment."""
    return path.parts[0] if len(path.parts) > 1 else path.stem


def used(root: Path = ROOT) -> list[Used]:
    """Every text the source asks for by a literal, in reading order."""
    found: list[Used] = []
    for path, method, feature in _sources(root):
        name = "shell" if feature in SHELL else feature
        options = {"silent": "false", "newstyle_gettext": "true"} if method == "jinja2" else {}
        # Only the pages call `word` with the context first.
        spoken = (
            KEYWORDS if method == "jinja2" or (root / "web") in path.parents else {**KEYWORDS, "word": (9,)}
        )
        for _line, msgid, _comments, context in extract_from_file(
            method, str(path), keywords=spoken, options=options
        ):
            found.append(Used(name, context, msgid))
    return found


def read_fragment(path: Path, language: str) -> Catalog:
    """One feature's fragment; an empty catalogue when the feature has none yet."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def write_fragment(path: Path, language: str, catalog: Catalog) -> None:
    """Write a fragment with a header that never changes, so that only texts show in a diff."""
    with path.open("wb") as file:
        file.write(
            b'msgid ""\nmsgstr ""\n"Language: %b\\n"\n' % language.encode()
            + b'"Content-Type: text/plain; charset=utf-8\\n"\n'
            + b'"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        )
        write_po(file, catalog, width=110, omit_header=True, no_location=True, ignore_obsolete=True)


def fragments(language: str, root: Path = ROOT) -> dict[str, Catalog]:
    """Every feature's fragment in one language, by feature."""
    paths = sorted(folder(language, root).glob("*.po"))
    return {path.stem: read_fragment(path, language) for path in paths}


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _key(message: Message) -> tuple[str | None, str]:
    return (message.context, message.id if isinstance(message.id, str) else message.id[0])


def extract(features: Collection[str] = (), root: Path = ROOT) -> dict[str, int]:
    """Add what the source (or only these features) asks for and no fragment has, untranslated.

    Answers how many were added per language.
    """
    added = {}
    wanted = [text for text in used(root) if not features or text.feature in features]
    for language in LANGUAGES:
        have = fragments(language, root)
        known = {_key(message) for catalog in have.values() for message in _messages(catalog)}
        known |= {(context, code.rpartition(".")[2]) for context, code in known if is_code(context, code)}
        fresh = [text for text in wanted if text.key not in known and _needed(text, language)]
        for text in {text.key: text for text in fresh}.values():
            catalog = have.setdefault(text.feature, Catalog(locale=language))
            catalog.add(text.msgid, context=text.context)
        for feature in {text.feature for text in fresh}:
            write_fragment(folder(language, root) / f"{feature}.po", language, have[feature])
        added[language] = len({text.key for text in fresh})
    return added


def _needed(text: Used, language: str) -> bool:
    """English sentences are their own translation; English code words are not."""
    return language != "en" or is_code(*text.key)


def _filled(message: Message) -> bool:
    strings = (message.string,) if isinstance(message.string, str) else message.string
    return bool(strings) and all(strings)


def _same_fields(message: Message) -> bool:
    ids = (message.id,) if isinstance(message.id, str) else message.id
    strings = (message.string,) if isinstance(message.string, str) else message.string
    allowed = {name for text in ids for name in _FIELD.findall(text)}
    return all(set(_FIELD.findall(text)) <= allowed for text in strings)


@dataclass(frozen=True, slots=True)
class Language:
    """One language's texts, merged."""

    name: str
    texts: dict[tuple[str | None, str], Message]
    faults: tuple[str, ...]


def _merge(language: str, root: Path) -> Language:
    texts: dict[tuple[str | None, str], Message] = {}
    faults: list[str] = []
    for feature, catalog in fragments(language, root).items():
        for message in _messages(catalog):
            here = f"{language}/{feature}.po {_shown(_key(message))}"
            if message.fuzzy:
                faults.append(f"{here}: fuzzy")
            if not _filled(message) and (language != "en" or is_code(*_key(message))):
                faults.append(f"{here}: not translated")
            elif _filled(message) and not is_code(*_key(message)) and not _same_fields(message):
                faults.append(f"{here}: the %(names)s differ from the source text")
            twin = texts.setdefault(_key(message), message)
            if twin is not message and twin.string != message.string:
                faults.append(f"{here}: translated differently in another fragment")
    return Language(language, texts, tuple(faults))


def _shown(key: tuple[str | None, str]) -> str:
    return f"{key[0]}:{key[1]!r}" if key[0] else repr(key[1])


def _missing(language: Language, wanted: list[Used], root: Path) -> Iterator[str]:
    for text in {text.key: text for text in wanted if _needed(text, language.name)}.values():
        if text.key not in language.texts and not _owned(language, text.key):
            yield f"{language.name}: missing {_shown(text.key)} (used by {text.feature})"
    for context, code, owner in demanded_codes(root):
        if not is_known(language.texts, context, code, owner):
            yield f"{language.name}: missing {_shown((context, code))} (a code of {owner})"


def _owned(language: Language, key: tuple[str | None, str]) -> bool:
    """Whether a code has a text for some owner, as `cases.closed` for `closed`."""
    context, code = key
    return any(
        other[0] == context and other[1].endswith(f".{code}") for other in language.texts if is_code(*key)
    )


def _unused(language: Language, wanted: list[Used], words: frozenset[str]) -> Iterator[str]:
    keys = {text.key for text in wanted}
    for key in language.texts:
        context, msgid = key
        spoken = is_code(context, msgid) and all(_mentioned(part, words) for part in msgid.split("."))
        if key not in keys and not spoken:
            yield f"{language.name}: unused {_shown(key)}"


def _mentioned(code: str, words: frozenset[str]) -> bool:
    """Whether the source says the code, whole or put together from parts such as «baton_» and «accepted»."""
    parts = code.split("_")
    joints = (("_".join(parts[:n]), "_".join(parts[n:])) for n in range(1, len(parts)))
    return code in words or any(
        (f"{first}_" in words or _mentioned(first, words)) and (last in words or f"_{last}" in words)
        for first, last in joints
    )


def _ill_fitted(merged: list[Language]) -> Iterator[str]:
    """Code words whose texts take different values in different languages."""
    english = next(language for language in merged if language.name == "en")
    for language in merged:
        for key, message in language.texts.items():
            twin = english.texts.get(key)
            if is_code(*key) and twin is not None and _fields(message) != _fields(twin):
                yield f"{language.name}: {_shown(key)}: the %(names)s differ from the English text"


def _fields(message: Message) -> set[str]:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return {name for text in texts for name in _FIELD.findall(text)}


def check(root: Path = ROOT) -> list[str]:
    """Everything wrong with the catalogues: missing, fuzzy, unused, contradicting or ill-fitted texts."""
    wanted = used(root)
    words = codes_in_source(root)
    merged = [_merge(language, root) for language in LANGUAGES]
    faults = [fault for language in merged for fault in language.faults]
    faults += _ill_fitted(merged)
    for language in merged:
        faults += _missing(language, wanted, root)
        faults += _unused(language, wanted, words)
    code_keys = {key for language in merged for key in language.texts if is_code(*key)}
    faults += [
        f"{language.name}: missing {_shown(key)} (another language has it)"
        for language in merged
        for key in sorted(code_keys - language.texts.keys(), key=str)
    ]
    return sorted(set(faults))


def _concerns(fault: str, features: Collection[str]) -> bool:
    return not features or any(
        f"/{feature}.po" in fault or f"(used by {feature})" in fault for feature in features
    )


def _is_fresh(language: str, root: Path) -> bool:
    target = folder(language, root) / "messages.mo"
    sources = [*folder(language, root).glob("*.po"), folder(language, root)]
    return target.exists() and all(path.stat().st_mtime <= target.stat().st_mtime for path in sources)


def compile_catalogues(root: Path = ROOT, *, force: bool = False) -> None:
    """Merge the fragments into each language's messages.mo; does nothing when they are up to date."""
    for language in LANGUAGES:
        if force or not _is_fresh(language, root):
            _compile(language, root)


def _compile(language: str, root: Path) -> None:
    catalog = Catalog(locale=language, charset="utf-8")
    for message in _merge(language, root).texts.values():
        if _filled(message):
            catalog.add(message.id, message.string, context=message.context)
    target = folder(language, root) / "messages.mo"
    fresh = target.with_suffix(".mo.new")
    with fresh.open("wb") as file:
        write_mo(file, catalog)
    fresh.replace(target)
    target.touch()


def main(arguments: list[str] | None = None) -> int:
    """`python -m server.texts extract|compile|check [feature …]`; answers 1 when the check finds faults."""
    parser = argparse.ArgumentParser(prog="python -m server.texts", description=__doc__)
    parser.add_argument("act", choices=("extract", "compile", "check"))
    parser.add_argument("features", nargs="*", help="extract and check only these features' texts")
    say = functools.partial(print, file=sys.stdout)
    options = parser.parse_args(arguments)
    match options.act:
        case "extract":
            for language, count in extract(options.features).items():
                say(f"{language}: {count} new")
        case "compile":
            compile_catalogues(force=True)
        case "check":
            faults = [fault for fault in check() if _concerns(fault, options.features)]
            say("\n".join(faults) or "Every text is there in three languages.")
            return 1 if faults else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
