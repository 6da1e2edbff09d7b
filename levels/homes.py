"""Where somebody lives, as far as it must be known: whether two live in the same house, or in the same road.

Only what is compared is made here; the address itself is kept nowhere. A tie to a family may come of living together
(forvaltningsloven § 6), and reading a neighbour's file is asked about (helsepersonelloven § 21 a).
"""

import re
import unicodedata
from dataclasses import dataclass, field

# Registers abbreviate these, and write them in either form of Norwegian.
_ENDINGS = (
    (re.compile(r"(gt|gata|gaten|gate)$"), "gate"),
    (re.compile(r"(v|vg|veg|vegen|veien|vei)$"), "vei"),
)
_HOUSE = re.compile(r"^(?P<road>.*?\D)\s*(?P<number>\d+)\s*(?P<letter>[a-zæøå]?)\b")
_POSTAL_CODE, _FOUR = re.compile(r"\d{4}"), re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Home:
    """A street with its number, and the four digits of the postal code, as a register or a form has them.

    Left out of every written form of itself, so that no log and no mark of what was asked for holds an address.
    """

    street: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Compared:
    """The same, as two are compared; `house` is empty where no number is known."""

    house: str
    road: str


def fault_of(home: Home) -> dict[str, str]:
    """What is wrong with a home somebody has written, by field: half an address cannot be compared."""
    if home.street.strip() and not _FOUR.fullmatch(home.postal_code.strip()):
        return {"postal_code": "postal_code_wrong"}
    return {"street": "write_something"} if home.postal_code.strip() and compared(home) is None else {}


def compared(home: Home) -> Compared | None:
    """How a home is compared with others: without case, dots and flat; None when it says too little."""
    code = _POSTAL_CODE.search(home.postal_code)
    street = unicodedata.normalize("NFC", home.street).casefold().partition(",")[0]
    words = " ".join(re.sub(r"[^\w\s]", " ", street).split())
    found = _HOUSE.match(words)
    road = _road(found["road"] if found else words)
    if code is None or not road:
        return None
    house = f"{road} {int(found['number'])}{found['letter']}|{code[0]}" if found else ""
    return Compared(house, f"{road}|{code[0]}")


def _road(words: str) -> str:
    """«Storgt.», «Stor gata» and «Storgaten» are one road."""
    joined = "".join(words.split())
    for ending, plain in _ENDINGS:
        shorter, found = ending.subn(plain, joined)
        if found and shorter != plain:
            return shorter
    return joined
