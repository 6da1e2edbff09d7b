"""Who has answered what, and the text a question is read with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from casework import consent_texts, relations
from casework.access import Permission
from casework.consents.asking import USUAL_TERM
from casework.refusals import NotFound
from casework.transactions import Transaction
from records.cases import Case
from records.consents import Consent

WARNED_BEFORE = (timedelta(days=30), timedelta(days=7))


@dataclass(frozen=True, slots=True)
class ConsentSummary:
    """One person's answer about one service. `guardian_id` None is the child's own; `entitled`, whether it counts."""

    id: UUID
    service_id: UUID | None
    service_name: str
    guardian_id: UUID | None
    person: str
    relation: str
    purpose: str
    shared: str
    not_shared: str
    state: str
    limits: str
    channel: str | None
    answered_at: datetime | None
    expires_on: date | None
    entitled: bool
    language: str
    text_version: str
    interpreter: str
    received_by: str
    witness: str
    was_read: bool
    asked_anew: bool
    version: int


def ends_soon(row: Consent, today: date) -> bool:
    """Whether a consent is in its last month."""
    return row.expires_on is not None and row.expires_on - today <= WARNED_BEFORE[0]


def text_for(tx: Transaction, row: Consent, language: str, *, renewing: bool = False) -> consent_texts.Shown:
    """The text somebody reads before answering this question, with what staff wrote for the case."""
    over = row.expires_on is None or row.expires_on < tx.today or renewing
    until = tx.today + USUAL_TERM if over or row.expires_on is None else row.expires_on
    read = consent_texts.for_question(tx, row, language, until=until)
    return consent_texts.with_written(read, row)


def renewal(
    tx: Transaction, row: Consent, language: str
) -> tuple[consent_texts.Shown, tuple[consent_texts.Part, ...]]:
    """The text a consent would be renewed on, and the parts that say something else than what was read last."""
    now = text_for(tx, row, language, renewing=True)
    before = next((one.shown for one in consent_texts.readings(tx, row.id)), None)
    return now, consent_texts.changes(before, now)


def settled(tx: Transaction, case_id: UUID) -> frozenset[UUID | None]:
    """The services that everybody who must has said yes to, and None for the log."""
    sql = "SELECT DISTINCT service_id FROM consents WHERE case_id = :case AND app.consent_reaches(:case, service_id)"
    return frozenset(tx.session.execute(text(sql), {"case": case_id}).scalars())


_OF_CASE = """
    SELECT s.id, s.service_id, coalesce(v.name, '') AS service_name, s.guardian_id, coalesce(g.name, '') AS person,
      coalesce(g.relation, 'child') AS relation, s.purpose, s.shared, s.not_shared, s.state, s.limits, s.channel,
      s.answered_at, s.expires_on,
      EXISTS (SELECT 1 FROM app.consenters(s.case_id) AS n(n) WHERE n.n IS NOT DISTINCT FROM s.guardian_id) AS entitled,
      s.language, s.text_version, s.interpreter, coalesce(p.name, '') AS received_by, s.witness,
      s.text_digest <> '' AS was_read, s.asked_anew_at IS NOT NULL AS asked_anew, s.version
    FROM consents s
    LEFT JOIN guardians g ON g.id = s.guardian_id
    LEFT JOIN services v ON v.id = s.service_id
    LEFT JOIN practitioners p ON p.id = s.received_by_id
    WHERE s.case_id = :case ORDER BY g.name, v.name
"""


def of_case(tx: Transaction, case_id: UUID) -> list[ConsentSummary]:
    """Every answer in the case, person by person."""
    tx.session.flush()
    return tx.ask_for(ConsentSummary, _OF_CASE, {"case": case_id})


def one(tx: Transaction, consent_id: UUID) -> tuple[UUID, ConsentSummary]:
    """The case and the answer, for the page where it is recorded; raises NotFound or NotPermitted."""
    row = tx.get(Consent, consent_id)
    case = tx.get(Case, row.case_id)
    tx.require(Permission.KEEP_CONSENTS, relations.to_case(tx, case))
    for summary in of_case(tx, case.id):
        if summary.id == consent_id:
            return case.id, summary
    raise NotFound


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything the page where an answer is written down needs: the question, its text, what was read before."""

    case_id: UUID
    consent: ConsentSummary
    text: consent_texts.Shown
    readings: tuple[consent_texts.Reading, ...]
    speaks: str


def with_text(tx: Transaction, consent_id: UUID, language: str = "") -> Recording:
    """A question with its text in a language, else in the person's own; reading it is noted. Raises NotFound.

    For everybody inside the case, also those who may not write the answer down.
    """
    row = tx.get(Consent, consent_id)
    case = tx.get(Case, row.case_id)
    tx.require(Permission.READ_CASE, relations.to_case(tx, case))
    found = next((each for each in of_case(tx, case.id) if each.id == consent_id), None)
    if found is None:
        raise NotFound
    speaks = _speaks(tx, row)
    tx.note("case", case.id, "read_consent", municipality_id=case.municipality_id, consent=row.id)
    read = tuple(consent_texts.readings(tx, row.id))
    return Recording(case.id, found, text_for(tx, row, language or speaks), read, speaks)


def _speaks(tx: Transaction, row: Consent) -> str:
    """The home language of whoever is asked, as registered; empty when it is not."""
    sql = (
        "SELECT language FROM guardians WHERE id = :who"
        if row.guardian_id
        else ("SELECT k.language FROM children k JOIN cases c ON c.child_id = k.id WHERE c.id = :who")
    )
    return str(tx.scalar(sql, who=row.guardian_id or row.case_id) or "")
