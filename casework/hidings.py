"""What is kept from the family is looked at again: shown from now on, or kept hidden with a reason and a new day.

A day that passes shows nothing by itself; see levels/hidings.py for why.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework import consequences, logs, relations
from casework.access import Permission, Standing
from casework.consequences import Scene
from casework.refusals import Invalid, NotFound, NotPermitted
from casework.transactions import Transaction
from levels.charts import move
from levels.hidings import ANSWERS, DUE, Answer, HidingChart, HidingFacts
from records.cases import Case
from records.hidings import HidingReview

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Hidden:
    """An entry or attachment that is, or was, kept from the family: `title` is an attachment's, `body` an entry's."""

    id: UUID
    case_id: UUID
    what: str
    kind: str
    title: str
    body: str
    at: datetime
    who: str
    entry_id: UUID | None
    hidden: bool
    reason: str | None
    until: date | None
    entry_is_shown: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class Look:
    """One time somebody looked at it again: what it was from then on, and by which law it was hidden until then."""

    at: datetime
    who: str
    state: str
    former_reason: str
    former_until: date


@dataclass(frozen=True, slots=True)
class Hiding:
    """All there is to know before answering: the thing, its former wordings and documents, and former looks."""

    thing: Hidden
    former_wordings: tuple[str, ...]
    attachments: tuple[Hidden, ...]
    looks: tuple[Look, ...]
    may_answer: bool
    version: int


@dataclass(frozen=True, slots=True)
class Review:
    """Show it or keep it; by which law and until when if it is kept; and whether the entry's documents go with it."""

    answer: str
    reason: str = ""
    until: date | None = None
    with_attachments: bool = False
    version: int | None = None
    key: str | None = field(default=None, compare=False)


_THINGS = """
    SELECT * FROM (
      SELECT l.id, l.case_id, 'entry' AS what, l.kind, '' AS title, l.body, l.happened_at AS at,
        coalesce(p.name, '') AS who, NULL::uuid AS entry_id, NOT l.for_family AS hidden, l.hidden_reason AS reason,
        l.hidden_until AS until, true AS entry_is_shown, false AS gone
      FROM log_entries l LEFT JOIN practitioners p ON p.id = l.author_id
      WHERE l.code IS NULL
      UNION ALL
      SELECT a.id, a.case_id, 'attachment', a.kind, a.title, '', a.put_at, coalesce(p.name, ''), a.entry_id,
        NOT a.for_family, a.hidden_reason, a.hidden_until, coalesce(l.for_family, true),
        a.taken_away_at IS NOT NULL
      FROM attachments a LEFT JOIN practitioners p ON p.id = a.put_by_id LEFT JOIN log_entries l ON l.id = a.entry_id
    ) t
"""
_ONE = _THINGS + " WHERE t.id = :id AND (t.hidden OR EXISTS (SELECT 1 FROM hiding_reviews r WHERE :id IN "
_ONE += "(r.entry_id, r.attachment_id)))"
# A correction is hidden as what it corrects, and is asked about instead of it.
_NEWEST = """
    WITH RECURSIVE wording AS (
      SELECT l.id, l.written_at FROM log_entries l WHERE l.id = :id
      UNION SELECT n.id, n.written_at FROM log_entries n JOIN wording w ON n.corrects_id = w.id WHERE NOT n.for_family
    ) SELECT id FROM wording ORDER BY written_at DESC, id DESC LIMIT 1
"""
_WORDINGS = """
    WITH RECURSIVE wording AS (
      SELECT l.id, l.corrects_id, l.body, l.written_at FROM log_entries l WHERE l.id = :id
      UNION SELECT o.id, o.corrects_id, o.body, o.written_at FROM log_entries o JOIN wording w ON o.id = w.corrects_id
    ) SELECT id, body FROM wording ORDER BY written_at DESC, id DESC
"""
_LOOKS = """
    SELECT r.reviewed_at AS at, p.name AS who, r.state, r.former_reason, r.former_until
    FROM hiding_reviews r JOIN practitioners p ON p.id = r.reviewed_by_id
    WHERE :id IN (r.entry_id, r.attachment_id) ORDER BY r.reviewed_at DESC, r.id DESC
"""


def of_case(tx: Transaction, case_id: UUID) -> list[Hidden]:
    """What a case keeps from the family, the first to look at first; reading it is noted.

    Raises NotFound or NotPermitted.
    """
    case = tx.get(Case, case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    tx.note("case", case.id, "read_case", municipality_id=case.municipality_id, page="hidings")
    return _waiting(tx, case.id)


def _waiting(tx: Transaction, case_id: UUID) -> list[Hidden]:
    """What is hidden, each entry in its newest wording alone."""
    newest = (
        " WHERE t.case_id = :case AND t.hidden AND NOT t.gone AND NOT EXISTS ("
        "SELECT 1 FROM log_entries n WHERE n.corrects_id = t.id AND NOT n.for_family) ORDER BY t.until, t.id"
    )
    return tx.ask_for(Hidden, _THINGS + newest, {"case": case_id})


def one(tx: Transaction, hiding_id: UUID) -> Hiding:
    """One of them, in its newest wording, also after it was shown; reading it is noted.

    Raises NotFound, also for what never was hidden, or NotPermitted.
    """
    thing = _thing(tx, hiding_id)
    case = tx.get(Case, thing.case_id)
    standing = relations.to_case(tx, case)
    tx.require(Permission.READ_CASE, standing)
    tx.note("case", case.id, "read_case", municipality_id=case.municipality_id, page="hiding")
    return Hiding(
        thing=thing,
        former_wordings=tuple(row.body for row in tx.ask(_WORDINGS, {"id": thing.id})[1:]),
        attachments=_documents(tx, thing),
        looks=tuple(tx.ask_for(Look, _LOOKS, {"id": thing.id})),
        may_answer=thing.hidden and not thing.gone and not standing.closed and logs.may_hide(tx, standing),
        version=case.version,
    )


def _thing(tx: Transaction, hiding_id: UUID) -> Hidden:
    newest = tx.scalar(_NEWEST, id=hiding_id) or hiding_id
    found = tx.ask_for(Hidden, _ONE, {"id": newest})
    if not found:
        raise NotFound
    return found[0]


def _documents(tx: Transaction, thing: Hidden) -> tuple[Hidden, ...]:
    """The hidden documents that belong to an entry or to one of its former wordings."""
    if thing.what != "entry":
        return ()
    wordings = [row.id for row in tx.ask(_WORDINGS, {"id": thing.id})]
    belonging = " WHERE t.entry_id = ANY (:entries) AND t.hidden AND NOT t.gone ORDER BY t.at, t.id"
    return tuple(tx.ask_for(Hidden, _THINGS + belonging, {"entries": wordings}))


def review(tx: Transaction, hiding_id: UUID, wanted: Review) -> UUID:
    """Show something to the family from now on, or keep it hidden by a law until a later day. Answers the case.

    For the holder, and for somebody inside the case who works in child welfare. Raises NotFound, NotPermitted, Invalid,
    Stale when somebody wrote since the page was read, or Refused.
    """
    asked = (wanted.answer, wanted.reason, wanted.until, wanted.with_attachments)
    tx.once(wanted.key, "review_hiding", hiding=hiding_id, asked=asked)
    case = tx.lock(Case, _thing(tx, hiding_id).case_id)
    standing = relations.to_case(tx, case)
    _may(tx, standing)
    logs.fresh(tx, case, wanted.version)
    thing = _thing(tx, hiding_id)  # anew, now that nobody else is at it
    if thing.gone:
        raise NotFound  # what was taken away is asked about no more
    _check(tx, wanted)
    _answer(tx, case, thing, wanted)
    if wanted.with_attachments:
        for document in _documents(tx, thing):
            _answer(tx, case, replace(document, entry_is_shown=True), wanted)
    logs.tell(tx, case, "system", "hiding_shown" if wanted.answer == Answer.SHOW else "hiding_kept")
    logs.touch(tx, case)
    tx.result(case_id=case.id)
    return case.id


def _may(tx: Transaction, standing: Standing) -> None:
    tx.require(Permission.WRITE_LOG, standing)
    if not logs.may_hide(tx, standing):
        raise NotPermitted("review_hiding")


def _check(tx: Transaction, wanted: Review) -> None:
    errors = {}
    if wanted.answer not in ANSWERS:
        errors["answer"] = "choose_one"
    if wanted.answer == Answer.KEEP:
        if not wanted.reason.strip():
            errors["reason"] = "write_why"
        elif len(wanted.reason) > LONGEST_REASON:
            errors["reason"] = "too_long"
        if wanted.until is None or wanted.until <= tx.today:
            errors["until"] = "choose_a_later_day"
    if errors:
        raise Invalid(errors)


def _answer(tx: Transaction, case: Case, thing: Hidden, wanted: Review) -> None:
    """Move one thing by its chart; its former reason and day stay behind, and the trail tells days alone."""
    facts = HidingFacts(
        reason_given=bool(wanted.reason.strip()),
        later_day_chosen=wanted.until is not None and wanted.until > tx.today,
        entry_is_shown=thing.entry_is_shown,
    )
    moved = move(HidingChart, "hidden" if thing.hidden else "shown", wanted.answer, facts)
    tx.add(_behind(tx, case, thing, moved.after))
    until = wanted.until if moved.after == "hidden" else None
    kept = {"shown": until is None, "reason": wanted.reason.strip() if until else None, "until": until}
    _write(tx, thing, kept)
    consequences.carry_out(tx, _scene(case, thing, until), moved.consequences)
    days = {"former_until": thing.until, "until": until}
    tx.note(
        "case",
        case.id,
        "review_hiding",
        municipality_id=case.municipality_id,
        hiding=thing.id,
        answer=wanted.answer,
        **days,
    )


def _behind(tx: Transaction, case: Case, thing: Hidden, state: str) -> HidingReview:
    return HidingReview(
        municipality_id=case.municipality_id,
        case_id=case.id,
        entry_id=thing.id if thing.what == "entry" else None,
        attachment_id=thing.id if thing.what == "attachment" else None,
        state=state,
        former_reason=thing.reason or "",
        former_until=thing.until or tx.today,
        reviewed_by_id=tx.actor.id,
        reviewed_at=tx.now,
    )


_SET = "for_family = :shown, hidden_reason = :reason, hidden_until = :until"


def _write(tx: Transaction, thing: Hidden, kept: dict[str, Any]) -> None:
    """An entry with its former wordings; a document with the lines of the log that tell of it."""
    if thing.what == "entry":
        lines: Iterable[UUID] = [row.id for row in tx.ask(_WORDINGS, {"id": thing.id})]
    else:
        told = "SELECT id FROM log_entries WHERE case_id = :case AND facts ->> 'attachment' = :id"
        lines = [row.id for row in tx.ask(told, {"case": thing.case_id, "id": str(thing.id)})]
        document = f"UPDATE attachments SET {_SET}, version = version + 1 WHERE id = :id AND NOT for_family"
        tx.ask(document, {"id": thing.id, **kept})
    tx.ask(f"UPDATE log_entries SET {_SET} WHERE id = ANY (:ids) AND NOT for_family", {"ids": lines, **kept})


def _scene(case: Case, thing: Hidden, until: date | None) -> Scene:
    return Scene(
        municipality_id=case.municipality_id,
        subject=(DUE, thing.id),
        guide_id=case.guide_id,
        level_id=case.level_id,
        case=case,
        owner_id=case.holder_id,
        agreed_on=until,
    )


def begin_again(tx: Transaction, case: Case) -> None:
    """A case is opened again: what it keeps from the family is looked at again as well."""
    for thing in _waiting(tx, case.id):
        logs.look_again(tx, case, thing.id, thing.until)
