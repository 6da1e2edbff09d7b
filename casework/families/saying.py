"""What a family says in its case, and the answer it is owed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import select

from casework import deadlines, notices, relations, sharing
from casework.access import Permission
from casework.families import attaching
from casework.refusals import Invalid, NotFound, Stale
from casework.transactions import Transaction
from levels.families import KINDS, Kind, answer_by
from records.cases import Case
from records.children import Guardian
from records.deadlines import Deadline
from records.families import FamilyWord
from records.municipalities import Service

LONGEST = 4000
FACES = (1, 2, 3)
ON_CLOSED = frozenset({Kind.QUESTION, Kind.REPLY, Kind.CORRECTION, Kind.COMPLAINT, Kind.READER_OBJECTION})


@dataclass(frozen=True, slots=True)
class Word:
    """Something said, and its answer. `who` is empty for the child's own words; `mine` for the reader's own."""

    id: UUID
    case_id: UUID
    kind: str
    who: str
    mine: bool
    body: str
    mood: int | None
    entry_id: UUID | None
    for_guardians: bool
    written_at: datetime
    answer_by: date | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    version: int

    @property
    def waits(self) -> bool:
        """Whether it is still to be answered."""
        return self.answer_by is not None and self.answered_at is None


@dataclass(frozen=True, slots=True)
class Say:
    """What somebody of the family wants to say; `mood` is one of three faces, 1 the happy one."""

    kind: str
    body: str = ""
    mood: int | None = None
    entry_id: UUID | None = None
    for_guardians: bool = True
    attached: attaching.Attach | None = None
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AnswerWord:
    """The answer to the family."""

    body: str
    version: int | None = None
    key: str | None = field(default=None, compare=False)


_WORDS = """
    SELECT w.id, w.case_id, w.kind, coalesce(g.name, '') AS who, w.member_id = app.actor_id() AS mine, w.body, w.mood,
      w.entry_id, w.for_guardians, w.written_at, w.answer_by, w.answer, coalesce(p.name, '') AS answered_by,
      w.answered_at, w.version
    FROM family_words w
    LEFT JOIN guardians g ON g.id = w.guardian_id
    LEFT JOIN practitioners p ON p.id = w.answered_by_id
"""


def said(tx: Transaction, case_id: UUID) -> list[Word]:
    """What this reader has said in a case, and what the child lets the parents read; the newest first."""
    return tx.ask_for(Word, _WORDS + " WHERE w.case_id = :case ORDER BY w.written_at DESC", {"case": case_id})


def say(tx: Transaction, case_id: UUID, wanted: Say) -> UUID:
    """Say something in one's own case; the holder is told, and most of it must be answered by a day.

    A complaint goes to the leader of the unit, not to the one it may be about. A child's own view counts as having
    been asked (barneloven § 31). Raises NotFound, or Invalid.
    """
    sent = wanted.attached
    along = {"attached": sent.digest} if sent else {}
    tx.once(wanted.key, "family_say", case=case_id, kind=wanted.kind, body=wanted.body, **along)
    case = _case(tx, case_id)
    _check(tx, case_id, case, wanted)
    kind = Kind(wanted.kind)
    word = FamilyWord(
        municipality_id=case.municipality_id,
        case_id=case_id,
        kind=kind.value,
        guardian_id=case.guardian_id,
        member_id=tx.actor.id,
        body=wanted.body.strip(),
        mood=wanted.mood if kind is Kind.VIEW else None,
        entry_id=wanted.entry_id if kind is Kind.REPLY else None,
        for_guardians=wanted.for_guardians or case.guardian_id is not None,
        written_at=tx.now,
        answer_by=answer_by(kind, tx.today),
    )
    word_id, by, own = word.id, word.answer_by, case.guardian_id is None
    tx.add(word)
    tx.note(
        "case", case_id, "family_say", municipality_id=case.municipality_id, word=word_id, kind=kind.value
    )
    if sent:
        attaching.attach(tx, word, sent)
    with tx.as_house():
        told = _follow_up(tx, case_id, word_id, kind, by, heard=own and kind is Kind.VIEW)
        told.attachments += bool(sent)
    tx.result(word_id=word_id, case_id=case_id)
    return word_id


@dataclass(frozen=True, slots=True)
class _Standing:
    municipality_id: UUID
    state: str
    guardian_id: UUID | None


def _case(tx: Transaction, case_id: UUID) -> _Standing:
    """As whom one speaks here: as the child, or as which guardian."""
    sql = """
        SELECT c.municipality_id, c.state,
          CASE WHEN c.child_id = ANY (app.myself()) THEN NULL
            ELSE (SELECT g.id FROM guardians g WHERE g.child_id = c.child_id ORDER BY g.id LIMIT 1) END AS guardian_id
        FROM cases c WHERE c.id = :case
    """
    found = tx.ask_for(_Standing, sql, {"case": case_id})
    if not found:
        raise NotFound
    return found[0]


def _check(tx: Transaction, case_id: UUID, case: _Standing, wanted: Say) -> None:
    errors = {}
    if wanted.kind not in KINDS or (case.state == "closed" and wanted.kind not in ON_CLOSED):
        raise Invalid({"kind": "not_a_choice"})
    if not wanted.body.strip() and not (wanted.kind == Kind.VIEW and wanted.mood):
        errors["body"] = "write_something"
    if len(wanted.body) > LONGEST:
        errors["body"] = "too_long"
    if wanted.mood is not None and wanted.mood not in FACES:
        errors["mood"] = "not_a_choice"
    if wanted.attached:
        errors |= attaching.faults(tx, case_id, case.municipality_id, case.state, wanted.attached)
    if errors:
        raise Invalid(errors)
    if wanted.kind == Kind.REPLY:
        _entry(tx, wanted.entry_id)


def _entry(tx: Transaction, entry_id: UUID | None) -> None:
    if entry_id is None or not tx.ask("SELECT 1 FROM log_entries WHERE id = :id", {"id": entry_id}):
        raise NotFound


def _follow_up(
    tx: Transaction, case_id: UUID, word_id: UUID, kind: Kind, by: date | None, *, heard: bool
) -> Case:
    case = tx.lock(Case, case_id)
    case.last_activity_at = tx.now
    if heard:
        case.child_view_at = tx.now
    told = case.holder_id
    if kind is Kind.COMPLAINT:
        leader = tx.session.exec(select(Service.leader_id).where(Service.id == case.unit_id)).first()
        told = leader or told
    if by is not None:
        tx.add(
            Deadline(
                municipality_id=case.municipality_id,
                case_id=case.id,
                subject_kind="family_word",
                subject_id=word_id,
                clock="agreed",
                source="agreement",
                due="family_answer",
                owner_id=told,
                started_at=tx.now,
                target_on=by,
                due_at=deadlines.end_of(by),
                remind_at=None,
                suspensions=[],
            )
        )
    notices.write(
        tx,
        "family_said",
        municipality_id=case.municipality_id,
        subject=("family_word", word_id),
        practitioner_id=told,
        case_id=case.id,
    )
    return case


def of_case(tx: Transaction, case_id: UUID, *, limit: int = 50) -> list[Word]:
    """Everything the family has said in a case, for those inside it: what waits first, then the newest."""
    order = " WHERE w.case_id = :case ORDER BY (w.answer_by IS NULL OR w.answered_at IS NOT NULL), w.written_at DESC"
    return tx.ask_for(Word, f"{_WORDS}{order} LIMIT :most", {"case": case_id, "most": limit})


def word(tx: Transaction, word_id: UUID) -> Word:
    """One thing the family said, for whoever answers; raises NotFound or NotPermitted."""
    row = tx.get(FamilyWord, word_id)
    case = tx.get(Case, row.case_id)
    tx.require(Permission.ANSWER_FAMILY, relations.to_case(tx, case))
    tx.note("case", case.id, "read_family_word", municipality_id=case.municipality_id, word=word_id)
    return tx.ask_for(Word, _WORDS + " WHERE w.id = :id", {"id": word_id})[0]


def replied_to(tx: Transaction, said: Word) -> str:
    """What stands in the entry a reply is about; empty for words about nothing in particular."""
    if said.entry_id is None:
        return ""
    return str(tx.scalar("SELECT body FROM log_entries WHERE id = :id", id=said.entry_id) or "")


def answer_word(tx: Transaction, word_id: UUID, wanted: AnswerWord) -> UUID:
    """Answer the family; an answer may be changed, and the newest stands. Answers the case.

    Raises NotFound, NotPermitted, Invalid or Stale.
    """
    tx.once(wanted.key, "answer_family", word=word_id, body=wanted.body)
    seen = tx.get(FamilyWord, word_id)
    case = tx.lock(Case, seen.case_id)
    tx.require(Permission.ANSWER_FAMILY, relations.to_case(tx, case))
    if not wanted.body.strip():
        raise Invalid({"body": "write_something"})
    if len(wanted.body) > LONGEST:
        raise Invalid({"body": "too_long"})
    row = tx.lock(FamilyWord, word_id)
    if wanted.version is not None and wanted.version != row.version:
        raise Stale(row.version)
    row.answer, row.answered_by_id, row.answered_at = wanted.body.strip(), tx.actor.id, tx.now
    row.version += 1
    deadlines.stop(tx, row.id, "family_answer")
    _tell_the_family(tx, case, row)
    tx.note("case", case.id, "answer_family", municipality_id=case.municipality_id, word=row.id)
    tx.result(word_id=row.id, case_id=case.id)
    return case.id


def _tell_the_family(tx: Transaction, case: Case, row: FamilyWord) -> None:
    if row.guardian_id is None:
        return
    guardian = tx.get(Guardian, row.guardian_id)
    answer = sharing.to_guardian(sharing.What.NOTICE, sharing.Channel.LETTER, kept_out=guardian.kept_out)
    if guardian.email and answer.allowed:
        notices.write(
            tx,
            "family_answered",
            municipality_id=case.municipality_id,
            subject=("case", case.id),
            guardian_id=guardian.id,
            case_id=case.id,
        )
