"""One's own consents: what is asked, answering all in one go, and what taking one back would do."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from casework import consent_texts, consents
from casework.consent_texts import Part, Shown
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from records.children import Guardian
from records.consents import Consent

ANSWERS = ("yes", "no", "limited")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to this reader: about one service, or the shared log when `service_name` is empty.

    `shared_now` says whether the service sees the case as things stand, whoever else had to answer; `was_shared`,
    whether it has done so before.
    """

    id: UUID
    case_id: UUID
    service_name: str
    purpose: str
    plan: str
    shared: str
    not_shared: str
    state: str
    limits: str
    answered_at: datetime | None
    expires_on: date | None
    shared_now: bool
    was_shared: bool
    counts: bool
    language: str
    text_version: str
    text_digest: str
    asked_anew: bool
    version: int

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer, the first or a new one."""
        return self.state == "asked" or self.asked_anew

    def ends_soon(self, today: date) -> bool:
        """Whether it may be renewed: it counts, and is in its last month."""
        last = self.expires_on is not None and today <= self.expires_on <= today + consents.WARNED_BEFORE[0]
        return self.counts and self.state in ("given", "limited") and last


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to one question, in which language it was read, and the hash of the text that was on the page."""

    consent_id: UUID
    answer: str
    limits: str = ""
    version: int | None = None
    language: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a consent would be renewed on: the text, and what it says that was not said last time."""

    consent: Asked
    text: Shown
    changes: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a consent back does: who loses sight at once, and whether the shared log stands still."""

    consent: Asked
    loses: tuple[str, ...]
    log_stops: bool


_ASKED = """
    SELECT s.id, s.case_id, coalesce(v.name, '') AS service_name, s.purpose, s.plan, s.shared, s.not_shared, s.state,
      s.limits, s.answered_at, s.expires_on, app.consent_reaches(s.case_id, s.service_id) AS shared_now,
      CASE WHEN s.service_id IS NULL
        THEN EXISTS (SELECT 1 FROM cases c WHERE c.id = s.case_id AND c.log_opened_at IS NOT NULL)
        ELSE EXISTS (SELECT 1 FROM participations p
          WHERE p.case_id = s.case_id AND p.service_id = s.service_id AND p.kind = 'service') END AS was_shared,
      EXISTS (SELECT 1 FROM app.consenters(s.case_id) AS n(n) WHERE n.n IS NOT DISTINCT FROM s.guardian_id) AS counts,
      s.language, s.text_version, s.text_digest,
      s.asked_anew_at IS NOT NULL AS asked_anew, s.version
    FROM consents s LEFT JOIN services v ON v.id = s.service_id
"""


def asked(tx: Transaction, case_id: UUID) -> list[Asked]:
    """This reader's questions in a case, those that wait first."""
    waiting = "(s.state <> 'asked' AND s.asked_anew_at IS NULL)"
    order = f" WHERE s.case_id = :case ORDER BY {waiting}, (s.service_id IS NOT NULL), v.name, s.id"
    return tx.ask_for(Asked, _ASKED + order, {"case": case_id})


def decides(tx: Transaction, case_id: UUID) -> bool:
    """Whether this reader answers as things stand: the parents until the child is old enough, then the child alone."""
    sql = """
        SELECT EXISTS (SELECT 1 FROM app.consenters(:case) AS n(n)
          WHERE n.n = ANY (app.my_guardianships()) OR (n.n IS NULL AND :case = ANY (app.own_cases())))
    """
    return bool(tx.scalar(sql, case=case_id))


def _one(tx: Transaction, consent_id: UUID) -> Asked:
    found = tx.ask_for(Asked, _ASKED + " WHERE s.id = :id", {"id": consent_id})
    if not found:
        raise NotFound
    return found[0]


def language_for(tx: Transaction, case_id: UUID, wanted: str, *, pages: str = "nb") -> str:
    """The language to read in: the one chosen, else the reader's own as registered, else that of the pages."""
    if wanted in consent_texts.LANGUAGES():
        return wanted
    mine = select(Guardian.language).join(Consent, col(Consent.guardian_id) == col(Guardian.id))
    registered = tx.rows(mine.where(Consent.case_id == case_id).limit(1))
    known = [one for one in registered if one in consent_texts.LANGUAGES()]
    return known[0] if known else pages


def texts(tx: Transaction, case_id: UUID, language: str) -> dict[UUID, Shown]:
    """The text of each of this reader's questions in a case, as it would be answered now."""
    rows = tx.rows(select(Consent).where(Consent.case_id == case_id))
    return {row.id: consents.text_for(tx, row, language) for row in rows}


def read_before(tx: Transaction, case_id: UUID) -> dict[UUID, Shown]:
    """The text this reader's answers were last given on, where it is known."""
    ids = tx.rows(select(Consent.id).where(Consent.case_id == case_id))
    read = ((one, consent_texts.readings(tx, one)) for one in ids)
    return {one: found[0].shown for one, found in read if found}


def renewal(tx: Transaction, consent_id: UUID, language: str = "") -> Renewal:
    """The text one's own consent would be renewed on; raises NotFound."""
    found = _one(tx, consent_id)
    row = tx.get(Consent, consent_id)
    text, changes = consents.renewal(tx, row, language or row.language)
    return Renewal(found, text, changes)


def answer(tx: Transaction, case_id: UUID, given: tuple[Given, ...], *, key: str | None = None) -> int:
    """Answer some or all of one's own questions in one act; whatever is left out counts as not answered.

    Answers how many. Raises NotFound for somebody else's question, Invalid, Stale, or Refused when this reader's
    answer does not count any more.
    """
    tx.once(
        key, "answer_consent", case=case_id, given=[(one.consent_id, one.answer, one.limits) for one in given]
    )
    mine = {one.id for one in asked(tx, case_id)}
    if any(one.consent_id not in mine for one in given):
        raise NotFound
    if not given:
        raise Invalid({"answers": "choose_one"})
    if any(one.answer not in ANSWERS for one in given):
        raise Invalid({"answers": "not_a_choice"})
    for one in given:
        told = consents.Answer(one.answer, "portal", limits=one.limits, version=one.version,
                               language=one.language, shown=one.shown)  # fmt: skip
        consents.answer_oneself(tx, one.consent_id, told)
    tx.result(case_id=case_id)
    return len(given)


def plan(tx: Transaction, consent_id: UUID) -> Plan:
    """What would follow if this consent were taken back now; nothing is changed. Raises NotFound."""
    found = _one(tx, consent_id)
    if found.state not in ("given", "limited") or not found.counts:
        raise NotFound
    loses = (found.service_name,) if found.service_name and found.shared_now else ()
    return Plan(found, loses, log_stops=not found.service_name)


def withdraw(
    tx: Transaction, consent_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Take one's own consent back; answers the case. What the plan said happens in the same transaction."""
    tx.once(key, "withdraw_consent", consent=consent_id)
    found = _one(tx, consent_id)
    consents.answer_oneself(tx, consent_id, consents.Answer("withdrawn", "portal", version=version))
    tx.result(case_id=found.case_id)
    return found.case_id


def renew(
    tx: Transaction,
    consent_id: UUID,
    *,
    version: int | None = None,
    language: str = "",
    shown: str = "",
    key: str | None = None,
) -> UUID:
    """Let one's own consent last on; answers the case. `shown` is the hash of a text that is new to the reader.

    Raises NotFound, Stale or Refused.
    """
    tx.once(key, "renew_consent", consent=consent_id)
    case_id = consents.renew_oneself(tx, consent_id, version=version, language=language, shown=shown)
    tx.result(case_id=case_id)
    return case_id
