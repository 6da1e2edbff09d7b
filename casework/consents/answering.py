"""Answers: written down by staff or given by the family's own door, kept with the text that was read, taken back."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlmodel import col, select

from casework import consent_texts, consequences, logs, partings, relations
from casework.access import Permission
from casework.consent_texts import Shown
from casework.consents.asking import USUAL_TERM, Question, ask_one, consenters
from casework.consents.reading import ends_soon, renewal, text_for
from casework.consequences import Scene
from casework.refusals import Invalid, Stale
from casework.transactions import Transaction
from levels.charts import move
from levels.consents import ConsentChart, ConsentFacts
from records.cases import Case
from records.consents import CHANNELS, Consent

EVENTS = {"yes": "give", "limited": "limit", "no": "decline", "withdrawn": "withdraw"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered, how, and to whom; in which language it was told, and who interpreted.

    `shown` is the hash of the text that was on the page: an answer to words that have changed meanwhile is stale.
    """

    answer: str
    channel: str
    limits: str = ""
    witness: str = ""
    answered_on: date | None = None
    language: str = ""
    interpreter: str = ""
    shown: str = ""
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def record(tx: Transaction, consent_id: UUID, answer: Answer) -> UUID:
    """Write down an answer given on paper or by word of mouth, or that a consent is taken back.

    Raises NotFound, NotPermitted, Invalid, Stale, or Refused with what is missing. A withdrawal ends the
    service's sight of the case, and what is met about with a sibling, in the same transaction; what they have in their
    own files is theirs to keep.
    """
    tx.once(answer.key, "record_consent", consent=consent_id, answer=answer.answer)
    seen = tx.get(Consent, consent_id)
    case = partings.locked(tx, seen.case_id)
    row = tx.lock(Consent, consent_id)
    tx.require(Permission.KEEP_CONSENTS, relations.to_case(tx, case))
    _check_answer(tx, answer)
    if answer.version is not None and answer.version != row.version:
        raise Stale(row.version)
    _settle(tx, case, row, answer, _read(tx, row, answer), received_by=tx.actor.id)
    tx.result(consent_id=row.id, case_id=case.id)
    return row.id


def answer_oneself(tx: Transaction, consent_id: UUID, answer: Answer) -> UUID:
    """Answer one's own question, or take one's own consent back, by the family's own door.

    What follows is the same as when it is recorded by staff, in the same transaction; `received_by` stays empty,
    because nobody stood between. Raises NotFound for anybody else's question, Invalid, Stale or Refused.
    """
    seen = tx.get(Consent, consent_id)
    answer = replace(answer, channel="portal", answered_on=None, interpreter="")
    _check_answer(tx, answer)
    read = _read(tx, seen, answer)
    with tx.as_house():
        case = partings.locked(tx, seen.case_id)
        row = tx.lock(Consent, consent_id)
        if answer.version is not None and answer.version != row.version:
            raise Stale(row.version)
        _settle(tx, case, row, answer, read, received_by=None)
    return consent_id


def renew_oneself(
    tx: Transaction, consent_id: UUID, *, version: int | None = None, language: str = "", shown: str = ""
) -> UUID:
    """Let one's own consent, and its limits, last a usual term more, in its last month; answers the case.

    Where the text is another than last time, `shown` is the hash of the new one, which the reader has seen. Raises
    NotFound for anybody else's, Stale, or Refused when it does not count, or is not about to run out.
    """
    seen = tx.get(Consent, consent_id)
    read, changed = renewal(tx, seen, language or seen.language)
    if changed and shown != read.digest:
        raise Stale(seen.version)
    with tx.as_house():
        case = tx.lock(Case, tx.get(Consent, consent_id).case_id)
        row = tx.lock(Consent, consent_id)
        if version is not None and version != row.version:
            raise Stale(row.version)
        facts = replace(_facts(tx, case, row, Answer("yes", "portal")), last_month=ends_soon(row, tx.today))
        row.state = move(ConsentChart, row.state, "renew", facts).after
        row.expires_on, row.answered_at, row.channel = tx.today + USUAL_TERM, tx.now, "portal"
        row.version, row.received_by_id, row.witness, row.interpreter = row.version + 1, None, "", ""
        row.language = read.language
        consent_texts.remember(tx, case, row, read, answer="renewed")
        logs.tell(tx, case, "consent", "consent_renewed", consent=row.id)
        logs.touch(tx, case)
        tx.note("case", case.id, "renew_consent", municipality_id=case.municipality_id, consent=row.id)
        return case.id


def _read(tx: Transaction, row: Consent, answer: Answer) -> Shown | None:
    """The text that was read before this answer; None when something is taken back, which needs none."""
    if answer.answer == "withdrawn":
        return None
    read = text_for(tx, row, answer.language)
    if answer.shown and answer.shown != read.digest:
        raise Stale(row.version)
    return read


def _settle(
    tx: Transaction,
    case: Case,
    row: Consent,
    answer: Answer,
    read: Shown | None,
    *,
    received_by: UUID | None,
) -> None:
    # A no to somebody who asks anew takes the old yes back.
    event = "withdraw" if answer.answer == "no" and row.asked_anew_at else EVENTS[answer.answer]
    moved = move(ConsentChart, row.state, event, _facts(tx, case, row, answer))
    row.asked_anew_at = None
    row.state, row.version, row.answered_at = moved.after, row.version + 1, _when(tx, answer)
    row.channel, row.witness, row.limits = answer.channel, answer.witness.strip(), answer.limits.strip()
    row.received_by_id = received_by
    if read is not None:
        row.language, row.interpreter = answer.language or read.language, answer.interpreter.strip()
        kept = "declined" if answer.answer == "no" else moved.after
        consent_texts.remember(tx, case, row, read, answer=kept)
    _carry_on(tx, case, row, moved.consequences, answer)


def _when(tx: Transaction, answer: Answer) -> datetime:
    """The moment of the answer; noon of the day it was given on, when that was earlier."""
    earlier = answer.answered_on is not None and answer.answered_on < tx.today
    return datetime.combine(answer.answered_on or tx.today, time(12), UTC) if earlier else tx.now


def take_down(
    tx: Transaction,
    case: Case,
    *,
    service_id: UUID | None,
    guardian_id: UUID | None,
    purpose: str,
    answer: Answer,
) -> None:
    """Ask and answer in one, while a case is being opened; raises Invalid or Refused."""
    _check_answer(tx, answer)
    if answer.answer not in ("yes", "no"):
        raise Invalid({"agreed": "choose_one"})
    question = Question(service_id, purpose)
    row_id = ask_one(tx, case, question, guardian_id)
    tx.session.flush()
    row = tx.get(Consent, row_id)
    _settle(tx, case, row, answer, _read(tx, row, answer), received_by=tx.actor.id)


def _check_answer(tx: Transaction, answer: Answer) -> None:
    errors = {}
    if answer.answer not in EVENTS:
        errors["answer"] = "choose_one"
    if answer.channel not in CHANNELS:
        errors["channel"] = "choose_one"
    if answer.answer == "limited" and not answer.limits.strip():
        errors["limits"] = "write_something"
    if answer.answered_on and answer.answered_on > tx.today:
        errors["answered_on"] = "not_in_the_future"
    if answer.language and not spelled(answer.language):
        errors["language"] = "choose_one"
    if _needs_interpreter(answer) and not answer.interpreter.strip():
        errors["interpreter"] = "say_who_interpreted"
    if errors:
        raise Invalid(errors)


def spelled(language: str) -> bool:
    """Whether this is a language's code: nb, se, uk."""
    return len(language) in (2, 3) and language.isalpha() and language.islower() and language.isascii()


def _needs_interpreter(answer: Answer) -> bool:
    """By word of mouth in a language the house has no text of its own in, somebody carried the words across."""
    told = answer.channel == "oral" and answer.answer != "withdrawn"
    return told and bool(answer.language) and answer.language not in consent_texts.HOUSE_LANGUAGES


def _facts(tx: Transaction, case: Case, row: Consent, answer: Answer) -> ConsentFacts:
    return ConsentFacts(
        purpose_told=bool(row.purpose),
        consenter_entitled=row.guardian_id in consenters(tx, case.id),
        answer_received_by=True,
        limits_written=bool(answer.limits.strip()),
    )


def _carry_on(tx: Transaction, case: Case, row: Consent, wanted: tuple, answer: Answer) -> None:  # type: ignore[type-arg]
    if row.state in ("given", "limited") and (row.expires_on is None or row.expires_on < tx.today):
        row.expires_on = tx.today + USUAL_TERM
    tx.session.flush()
    scene = Scene(
        municipality_id=case.municipality_id,
        subject=("case", case.id) if row.service_id is None else ("consent", row.id),
        guide_id=case.guide_id,
        level_id=case.level_id,
        case=case,
        owner_id=case.holder_id,
        service_id=row.service_id,
        people={"holder": (case.holder_id,)},
    )
    still = row.state in ("given", "limited") and relations.consent_reaches(tx, case.id, row.service_id)
    consequences.carry_out(tx, scene, () if still else wanted)
    _open_log(tx, case)
    logs.tell(tx, case, "consent", f"consent_{row.state}", consent=row.id)
    logs.touch(tx, case)
    tx.note(
        "case",
        case.id,
        "record_consent",
        municipality_id=case.municipality_id,
        consent=row.id,
        state=row.state,
        channel=answer.channel,
    )


def _open_log(tx: Transaction, case: Case) -> None:
    """The shared log begins the moment everybody has said yes to it, and stands still when somebody has not."""
    agreed = relations.consent_reaches(tx, case.id, None)
    if agreed and case.log_opened_at is None:
        case.log_opened_at, case.shared_log = tx.now, True
    refused = tx.rows(
        select(Consent.id).where(
            Consent.case_id == case.id,
            col(Consent.service_id).is_(None),
            col(Consent.state).in_(("declined", "withdrawn")),
        )
    )
    case.shared_log = not refused
