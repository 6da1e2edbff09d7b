"""The text somebody reads before answering: in a language of their own, filled in for the case, sealed by a hash."""

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date

from casework import sharing
from casework.refusals import NotFound
from casework.transactions import Transaction
from levels import consent_texts as rules
from levels.children import NOT_BORN, age_of
from levels.consent_texts import Kind
from levels.families import OF_AGE
from records.base import new_id
from records.cases import Case
from records.consent_texts import ConsentReading
from records.consents import Consent

LANGUAGES = rules.languages
HOUSE_LANGUAGES = frozenset({"nb", "nn", "en"})
OWN = "own-"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a text under its heading; `code` is the same in every language."""

    code: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as it is read. `beside` is the Norwegian one, whenever this one does not stand alone."""

    kind: str
    version: str
    language: str
    direction: str
    draft_note: str
    title: str
    parts: tuple[Part, ...]
    beside: "Shown | None" = None

    @property
    def plain(self) -> str:
        """Every word of it, as it is sealed."""
        own = "\n".join([self.title, *(f"{one.heading}\n{one.text}" for one in self.parts)])
        return f"{own}\n\n{self.beside.plain}" if self.beside else own

    @property
    def digest(self) -> str:
        """SHA-256 of every word."""
        return hashlib.sha256(self.plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody read when answering, and how the answer was given."""

    answer: str
    text_version: str
    language: str
    digest: str
    shown: Shown
    channel: str
    interpreter: str
    received_by: str
    witness: str
    answered_at: datetime

    @property
    def unbroken(self) -> bool:
        """Whether the words are those that were sealed."""
        return self.shown.digest == self.digest


_FACTS = """
    SELECT c.municipality_id, u.name AS unit, h.name AS holder, k.first_name AS child, k.kind, k.born_on,
      coalesce(s.name, '') AS service, m.language AS home, m.name AS town
    FROM cases c
    JOIN children k ON k.id = c.child_id
    JOIN services u ON u.id = c.unit_id
    JOIN practitioners h ON h.id = c.holder_id
    JOIN municipalities m ON m.id = c.municipality_id
    LEFT JOIN services s ON s.id = :service
    WHERE c.id = :case
"""
_OWN = """
    SELECT number, wording, proofread_by FROM consent_texts
    WHERE municipality_id = :town AND kind = :kind AND language = :language AND state = 'published'
"""


def norwegian(language: str) -> str:
    """The Norwegian a municipality writes."""
    return language if language in ("nb", "nn") else "nb"


def for_question(tx: Transaction, row: Any, language: str, *, until: date) -> Shown:
    """The text for one question in one case. In a language without a text it is the Norwegian one.

    `row` has `case_id`, `service_id` and `guardian_id`, as a Consent. Raises NotFound for a case that is not the
    reader's.
    """
    found = tx.ask(_FACTS, {"case": row.case_id, "service": row.service_id})
    if not found:
        raise NotFound
    [facts] = found
    # A pregnant woman reads about herself, as any grown-up who answers alone.
    herself = facts.kind in NOT_BORN
    kind = rules.kind_of(
        about_log=row.service_id is None,
        asks_child=row.guardian_id is None or herself,
        age=OF_AGE if herself else age_of(facts.kind, facts.born_on, tx.today) or 0,
    )
    values = facts._asdict()
    if not sharing.place_for(tx, row.case_id, row.guardian_id, sharing.Channel.PRINT).allowed:
        values["unit"] = facts.town
    town = facts.municipality_id
    return shown(tx, town, kind, language, home=facts.home, values=values, until=until)


_BEFORE = """
    SELECT s.municipality_id, u.name AS unit, k.first_name AS child, k.kind, k.born_on, k.protected_address AS hidden,
      m.language AS home, m.name AS town
    FROM signals s JOIN children k ON k.id = s.child_id JOIN services u ON u.id = s.unit_id
    JOIN municipalities m ON m.id = s.municipality_id
    WHERE s.id = :signal
"""


def before_case(tx: Transaction, signal_id: UUID, *, until: date) -> tuple[Shown, Shown]:
    """What parents and the child are told of a shared log while a worry becomes a case, as it is sealed with their yes.

    The actor stands as the one who holds the baton. Raises NotFound for a worry that is not the actor's.
    """
    found = tx.ask(_BEFORE, {"signal": signal_id})
    if not found:
        raise NotFound
    [facts] = found
    values = {
        "unit": facts.town if facts.hidden else facts.unit,
        "child": facts.child,
        "holder": tx.actor.name,
    }
    herself = facts.kind in NOT_BORN
    age = OF_AGE if herself else age_of(facts.kind, facts.born_on, tx.today) or 0
    kinds = (rules.kind_of(about_log=True, asks_child=alone or herself, age=age) for alone in (False, True))
    to_parents, to_child = (
        shown(tx, facts.municipality_id, kind, facts.home, home=facts.home, values=values, until=until)
        for kind in kinds
    )
    return to_parents, to_child


def shown(
    tx: Transaction,
    town: UUID,
    kind: Kind,
    language: str,
    *,
    home: str,
    values: dict[str, Any] | None = None,
    until: date | None = None,
) -> Shown:
    """A text in a language, the Norwegian one beside it where it does not stand alone; blanks without values."""
    home = norwegian(home)
    language = language if language in LANGUAGES() else home
    own = _one(tx, town, kind, language, values, until)
    if own.draft_note == "":
        return own
    beside = _one(tx, town, kind, home, values, until)
    return replace(own, beside=beside)


def wording_of(tx: Transaction, town: UUID, kind: Kind, language: str) -> tuple[rules.Wording, str, bool]:
    """The words that hold in a municipality, their version, and whether they stand alone."""
    common = rules.library(language)
    found = tx.ask(_OWN, {"town": town, "kind": kind.value, "language": language})
    if not found:
        return common.wording(kind), common.version, common.stands_alone
    [own] = found
    return rules.Wording(**own.wording), f"{OWN}{own.number}", common.stands_alone or bool(own.proofread_by)


def _one(
    tx: Transaction, town: UUID, kind: Kind, language: str, values: dict[str, Any] | None, until: date | None
) -> Shown:
    common = rules.library(language)
    wording, version, alone = wording_of(tx, town, kind, language)
    known = {name: str(value) for name, value in (values or {}).items()}
    if values is not None and not known.get("service"):
        known["service"] = common.log_name
    if until is not None:
        known["until"] = format_date(until, "long", locale=language)
    blanks = dict.fromkeys(("service", "unit", "holder", "child", "until"), "…………")
    parts = tuple(
        Part(code, getattr(common.headings, code), rules.filled(getattr(wording, code), {**blanks, **known}))
        for code in rules.PARTS
    )
    title = rules.filled(wording.title, {**blanks, **known})
    note = "" if alone else common.draft_note or ""
    return Shown(kind.value, version, language, common.direction, note, title, parts)


def with_written(text: Shown, row: Consent) -> Shown:
    """The text with what staff wrote for this case: what it is for, what is shared, and what is not."""
    headings = rules.library(text.language).headings
    written = {"purpose": "" if row.purpose == "work_together" else row.purpose}
    parts = [_joined(one, written.get(one.code, "")) for one in text.parts]
    place = next(number for number, one in enumerate(parts) if one.code == "what") + 1
    for code in ("not_shared", "shared"):
        if getattr(row, code):
            parts.insert(place, Part(code, getattr(headings, code), getattr(row, code)))
    beside = with_written(text.beside, row) if text.beside else None
    return replace(text, parts=tuple(parts), beside=beside)


def _joined(part: Part, more: str) -> Part:
    return Part(part.code, part.heading, f"{part.text}\n{more}") if more else part


def remember(tx: Transaction, case: Case, row: Consent, read: Shown, *, answer: str) -> None:
    """Write down word for word what was read before an answer; the consent keeps its version, language and hash."""
    row.text_kind, row.text_version, row.text_digest = read.kind, read.version, read.digest
    tx.add(
        ConsentReading(
            id=new_id(),
            municipality_id=case.municipality_id,
            case_id=case.id,
            consent_id=row.id,
            answer=answer,
            kind=read.kind,
            text_version=read.version,
            language=row.language,
            digest=read.digest,
            words=asdict(read),
            channel=row.channel or "portal",
            interpreter=row.interpreter,
            received_by_id=row.received_by_id,
            witness=row.witness,
            answered_at=row.answered_at or tx.now,
        )
    )


_READINGS = """
    SELECT r.answer, r.text_version, r.language, r.digest, r.words, r.channel, r.interpreter,
      coalesce(p.name, '') AS received_by, r.witness, r.answered_at
    FROM consent_readings r LEFT JOIN practitioners p ON p.id = r.received_by_id
    WHERE r.consent_id = :consent ORDER BY r.answered_at DESC, r.id DESC
"""


def readings(tx: Transaction, consent_id: UUID) -> list[Reading]:
    """Every text that was read before an answer to this question, the newest first, as far as the reader may see it."""
    found = tx.ask(_READINGS, {"consent": consent_id})
    return [_reading(one._asdict()) for one in found]


def _reading(row: dict[str, Any]) -> Reading:
    return Reading(shown=_again(row.pop("words")), **row)


def _again(words: dict[str, Any]) -> Shown:
    beside = _again(words["beside"]) if words["beside"] else None
    return Shown(**{**words, "parts": tuple(Part(**one) for one in words["parts"]), "beside": beside})


def changes(before: Shown | None, now: Shown) -> tuple[Part, ...]:
    """The parts that say something else than what was read last time; how long is always another day, so not that."""
    known = {one.code: one.text for one in before.parts} if before else {}
    if before is not None and (before.version, before.language) == (now.version, now.language):
        return ()
    return tuple(one for one in now.parts if one.code != "how_long" and known.get(one.code) != one.text)
