"""One's own consents: what is asked, answering all in one go, and what taking one back would do."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from casework import consents
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction

ANSWERS = ("yes", "no", "limited")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to this reader: about one service, or the shared log when `service_name` is empty.

    `shared_now` says whether the service sees the case as things stand, whoever else had to answer.
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
    counts: bool
    version: int

    def ends_soon(self, today: date) -> bool:
        """Whether it may be renewed: it counts, and is in its last month."""
        last = self.expires_on is not None and today <= self.expires_on <= today + consents.WARNED_BEFORE[0]
        return self.counts and self.state in ("given", "limited") and last


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to one question."""

    consent_id: UUID
    answer: str
    limits: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a consent back does: who loses sight at once, and whether the shared log stands still."""

    consent: Asked
    loses: tuple[str, ...]
    log_stops: bool


_ASKED = """
    SELECT s.id, s.case_id, coalesce(v.name, '') AS service_name, s.purpose, s.plan, s.shared, s.not_shared, s.state,
      s.limits, s.answered_at, s.expires_on, app.consent_reaches(s.case_id, s.service_id) AS shared_now,
      EXISTS (SELECT 1 FROM app.consenters(s.case_id) AS n(n) WHERE n.n IS NOT DISTINCT FROM s.guardian_id) AS counts,
      s.version
    FROM consents s LEFT JOIN services v ON v.id = s.service_id
"""


def asked(tx: Transaction, case_id: UUID) -> list[Asked]:
    """This reader's questions in a case, those that wait first."""
    order = " WHERE s.case_id = :case ORDER BY (s.state <> 'asked'), (s.service_id IS NOT NULL), v.name, s.id"
    return tx.ask_for(Asked, _ASKED + order, {"case": case_id})


def _one(tx: Transaction, consent_id: UUID) -> Asked:
    found = tx.ask_for(Asked, _ASKED + " WHERE s.id = :id", {"id": consent_id})
    if not found:
        raise NotFound
    return found[0]


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
        told = consents.Answer(one.answer, "portal", limits=one.limits, version=one.version)
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


def renew(tx: Transaction, consent_id: UUID, *, version: int | None = None, key: str | None = None) -> UUID:
    """Let one's own consent last on; answers the case. Raises NotFound, Stale or Refused."""
    tx.once(key, "renew_consent", consent=consent_id)
    case_id = consents.renew_oneself(tx, consent_id, version=version)
    tx.result(case_id=case_id)
    return case_id
