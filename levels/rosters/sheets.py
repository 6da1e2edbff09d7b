"""Sheets (CSV) with Norwegian headers, of pupils or of staff, as schools' systems and spreadsheets write them."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from levels.homes import Home
from levels.rosters.models import MOST_ROWS, Colleague, Fault, Parent, Pupil, Roster, Unreadable

# What each column may be called, letters and figures only; the first is what we call it ourselves.
_HOME = {
    "street": (
        "Gateadresse",
        "adresse",
        "gate",
        "bostedsadresse",
        "bustadadresse",
        "streetaddress",
        "street",
    ),
    "postal_code": ("Postnummer", "postnr", "postalcode"),
}
_PUPIL = {
    "first_name": ("Fornavn", "fornamn"),
    "last_name": ("Etternavn", "etternamn"),
    "born_on": ("Fødselsdato", "fodselsdato", "født", "fødd", "fødedato"),
    "number": ("Fødselsnummer", "fodselsnummer", "fnr", "personnummer", "dnummer"),
    "unit": ("Enhet", "eining", "skole", "skule", "barnehage", "barnehageavdeling"),
    "group": ("Klasse", "gruppe", "basisgruppe", "avdeling", "klassegruppe"),
    **_HOME,
}
_PARENT = {
    "name": ("navn", "namn"),
    "relation": ("relasjon",),
    "phone": ("telefon", "mobil", "tlf"),
    "email": ("e-post", "epost", "mail"),
    "number": ("fødselsnummer", "fodselsnummer", "fnr"),
    "responsible": ("foreldreansvar",),
    **{name: tuple(one.lower() for one in called) for name, called in _HOME.items()},
}
_STAFF = {
    "name": ("Navn", "namn"),
    "email": ("E-post", "epost", "mail", "brukernavn", "brukarnamn"),
    "role": ("Rolle",),
    "unit": ("Enhet", "eining", "skole", "skule", "tjeneste", "teneste"),
    "title": ("Stilling", "tittel"),
    "phone": ("Telefon", "mobil", "tlf"),
    **_HOME,
}
_PARENTS = 4
HEADERS = {
    "pupils": tuple(names[0] for names in _PUPIL.values())
    + tuple(f"Foresatt {n} {names[0]}" for n in (1, 2) for names in _PARENT.values()),
    "staff": tuple(names[0] for names in _STAFF.values()),
}
_RELATIONS = {
    **dict.fromkeys(("mor",), "mother"),
    **dict.fromkeys(("far",), "father"),
    **dict.fromkeys(("medmor", "medforelder"), "co_parent"),
    **dict.fromkeys(("fosterforelder", "fostermor", "fosterfar"), "foster_parent"),
    **dict.fromkeys(("", "annen", "annet", "anna"), "other"),
}
_EDUCATORS = ("lærer", "kontaktlærer", "barnehagelærer", "pedagogiskleder")
_ROLES = {
    **dict.fromkeys((*_EDUCATORS, "lærar", "kontaktlærar", "barnehagelærar", "pedagogiskleiar"), "educator"),
    **dict.fromkeys(("helsesykepleier", "helsesjukepleiar"), "health_nurse"),
    **dict.fromkeys(("ppt", "pptrådgiver", "pptrådgjevar"), "counsellor"),
    **dict.fromkeys(("barnevernskonsulent", "barnevernsarbeider"), "child_welfare_worker"),
    **dict.fromkeys(("leder", "leiar", "rektor", "styrer", "styrar"), "unit_leader"),
}
_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})"),
)
# What a spreadsheet would carry out; a telephone number may begin with + and nothing else.
_FORMULA = re.compile(r"^(?:[=@\t\r]|[+-](?![\d\s()]*$))")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def safe_cell(text: str) -> str:
    """A text that a spreadsheet opens as text."""
    return f"'{text}" if _FORMULA.match(text) else text


def read_sheet(content: bytes) -> Roster:
    """The pupils or the staff of a sheet; raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(Fault(line, "not_utf8")) from error
    rows = _rows(text)
    _line, header = next(rows, (1, []))
    words = [_plain(one) for one in header]
    staff = _columns(words, _STAFF)
    if {"name", "email", "role"} <= staff.keys():
        return _all(rows, staff, len(header), _colleague)
    columns = _columns(words, _PUPIL) | _parent_columns(words)
    missing = [_PUPIL[name][0] for name in ("first_name", "last_name") if name not in columns]
    missing += [] if columns.keys() & {"born_on", "number"} else [_PUPIL["born_on"][0]]
    if missing:
        raise Unreadable(*(Fault(1, "column_missing", column=one) for one in missing))
    return _all(rows, columns, len(header), _pupil)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    began = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield began, row
            began = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(Fault(began, "quotes_open")) from error


def _plain(header: str) -> str:
    return re.sub(r"[\W_]", "", header.lower())


def _columns(words: list[str], names: Mapping[str, tuple[str, ...]], begins: str = "") -> dict[str, int]:
    wanted = {name: {begins + _plain(one) for one in called} for name, called in names.items()}
    return {name: words.index(one) for name, called in wanted.items() for one in called if one in words}


def _parent_columns(words: list[str]) -> dict[str, int]:
    return {
        f"{number} {name}": place
        for number in range(1, _PARENTS + 1)
        for begins in (f"foresatt{number}", f"føresett{number}")
        for name, place in _columns(words, _PARENT, begins).items()
    }


class _Wrong(Exception):
    def __init__(self, code: str, column: str = "") -> None:
        self.code, self.column = code, column


def _all(
    rows: Iterator[tuple[int, list[str]]],
    columns: Mapping[str, int],
    width: int,
    made: Callable[[int, Mapping[str, str]], Pupil | Colleague],
) -> Roster:
    found: list[Pupil | Colleague] = []
    faults: list[Fault] = []
    for line, row in rows:
        if len(found) + len(faults) >= MOST_ROWS:
            raise Unreadable(Fault(line, "too_many_rows"))
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        name = cells.get("name") or f"{cells.get('first_name', '')} {cells.get('last_name', '')}".strip()
        try:
            if len(row) > width:
                raise _Wrong("too_many_cells")
            found.append(made(line, {column: _safe(column, cell) for column, cell in cells.items()}))
        except _Wrong as wrong:
            faults.append(Fault(line, wrong.code, name, wrong.column))
    pupils = tuple(one for one in found if isinstance(one, Pupil))
    colleagues = tuple(one for one in found if isinstance(one, Colleague))
    return Roster(pupils, colleagues, tuple(faults))


def _safe(column: str, cell: str) -> str:
    """A cell's text; an apostrophe in front, which keeps spreadsheets from carrying it out, is not part of it."""
    if _UNPRINTABLE.search(cell) or len(cell) > 200:
        raise _Wrong("not_text", column)
    cell = cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@") else cell
    if _FORMULA.match(cell):
        raise _Wrong("looks_like_formula", column)
    return cell


def _pupil(line: int, cells: Mapping[str, str]) -> Pupil:
    for name in ("first_name", "last_name"):
        if not cells.get(name):
            raise _Wrong("name_missing", _PUPIL[name][0])
    parents = tuple(
        _parent(number, cells) for number in range(1, _PARENTS + 1) if cells.get(f"{number} name")
    )
    return Pupil(
        line,
        cells["first_name"],
        cells["last_name"],
        _day(cells.get("born_on", "")),
        cells.get("unit", ""),
        cells.get("group", ""),
        cells.get("number", ""),
        parents,
        _home(cells),
    )


def _parent(number: int, cells: Mapping[str, str]) -> Parent:
    said = {name: cells.get(f"{number} {name}", "") for name in _PARENT}
    relation = _RELATIONS.get(_plain(said["relation"]))
    if relation is None:
        raise _Wrong("relation_unknown", f"Foresatt {number} relasjon")
    answer = {"": None, "ja": True, "nei": False}.get(said["responsible"].lower(), "unknown")
    if answer == "unknown":
        raise _Wrong("yes_or_no", f"Foresatt {number} foreldreansvar")
    reached = said["phone"], said["email"]
    return Parent(said["name"], relation, *reached, said["number"], answer, _home(said))  # type: ignore[arg-type]


def _colleague(line: int, cells: Mapping[str, str]) -> Colleague:
    if not cells["name"]:
        raise _Wrong("name_missing", "Navn")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", cells["email"]):
        raise _Wrong("email_wrong", "E-post")
    role = _ROLES.get(_plain(cells["role"]))
    if role is None:
        raise _Wrong("role_unknown", "Rolle")
    more = {name: cells.get(name, "") for name in ("unit", "title", "phone")}
    return Colleague(line, cells["name"], cells["email"].lower(), role, **more, home=_home(cells))


def _home(cells: Mapping[str, str]) -> Home:
    """Where somebody lives; spreadsheets take the nought in front of a postal code away."""
    code = cells.get("postal_code", "")
    return Home(cells.get("street", ""), code.zfill(4) if code else "")


def _day(written: str) -> date | None:
    if not written:
        return None
    found = next((hit for one in _DAYS if (hit := one.fullmatch(written))), None)
    try:
        return date(*(int(found[part]) for part in ("y", "m", "d"))) if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise _Wrong("not_a_date", "Fødselsdato")
