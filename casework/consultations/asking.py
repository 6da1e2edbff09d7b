"""The asker's side: ask, ask on, thank and close, take it back."""

from dataclasses import dataclass, field
from uuid import UUID

from casework import deadlines
from casework.access import Actor, Membership
from casework.consultations.limits import in_town
from casework.consultations.threads import (
    carry,
    check,
    hold,
    note,
    say,
    tell_service,
    wait_for_answer,
    waits,
)
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels.consultations import AGE_BANDS, Limits
from records.consultations import ASKED_FROM, Consultation
from records.signals import THEMES


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to a service. `named` tells the service who asks; `read_again`, that a name found in it is none."""

    service_id: UUID
    age_band: str
    sector: str
    theme: str
    question: str
    named: bool = False
    read_again: bool = False
    key: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Write:
    """What is written in the thread next: an answer, a further question, or thanks."""

    body: str = ""
    read_again: bool = False
    version: int | None = None
    key: str | None = field(default=None, compare=False)


# Schools and kindergartens ask; every other service gives advice, a resource team too when it is a service of its own.
ASKING_KINDS = ("school", "kindergarten")
# Whether somebody still meets children in a service.
_STILL_THERE = """
    SELECT EXISTS (SELECT 1 FROM assignments a JOIN practitioners p ON p.id = a.practitioner_id
      WHERE a.practitioner_id = :person AND a.service_id = :service AND p.left_on IS NULL
        AND a.since <= :today AND (a.until IS NULL OR a.until >= :today)
        AND a.role IN ('educator', 'health_nurse', 'counsellor', 'child_welfare_worker', 'unit_leader'))
"""
# Services that give advice: in the asker's municipality or for it, not closed, where somebody meets children today, and
# not one's own.
_ADDRESSEES = """
    SELECT s.id, s.name FROM services s
    WHERE s.kind <> ALL (CAST(:asking AS text[]))
      AND (s.closed_on IS NULL OR s.closed_on > :today)
      AND s.id <> ALL (app.my_practice())
      AND (s.municipality_id = :town OR EXISTS (SELECT 1 FROM service_reaches r
        LEFT JOIN services u ON u.id = r.unit_id
        WHERE r.service_id = s.id AND :town IN (r.municipality_id, u.municipality_id)))
      AND EXISTS (SELECT 1 FROM assignments a WHERE a.service_id = s.id AND a.since <= :today
        AND (a.until IS NULL OR a.until >= :today)
        AND a.role IN ('educator', 'health_nurse', 'counsellor', 'child_welfare_worker', 'unit_leader'))
    ORDER BY s.name
"""


def _home(tx: Transaction) -> Membership:
    """Where the asker meets children: the role acted in, else the first such; raises NotFound for anybody else."""
    practice = tx.actor.practice()
    if not practice:
        raise NotFound
    return tx.actor.membership if tx.actor.membership in practice else practice[0]


def gives_advice(actor: Actor) -> bool:
    """Whether somebody works where others may ask for advice."""
    return any(one.service_kind not in ASKING_KINDS for one in actor.practice())


def limits_here(tx: Transaction) -> Limits:
    """The limits where the actor asks; raises NotFound to somebody who meets no children."""
    return in_town(tx, _home(tx).municipality_id)


def addressees(tx: Transaction) -> list[tuple[UUID, str]]:
    """The services one may ask; raises NotFound to somebody who meets no children."""
    values = {"town": _home(tx).municipality_id, "today": tx.today, "asking": list(ASKING_KINDS)}
    found = tx.ask(_ADDRESSEES, values)
    return [(row.id, row.name) for row in found]


def ask(tx: Transaction, wanted: Ask) -> UUID:
    """Put a question to a service, which is told without names and answers within some working days.

    Raises NotFound to somebody who meets no children, or Invalid, also when the text tells who somebody is.
    """
    tx.once(wanted.key, "ask_consultation", service=wanted.service_id, question=wanted.question)
    home = _home(tx)
    _check(tx, home.municipality_id, wanted)
    row = Consultation(
        municipality_id=home.municipality_id,
        service_id=wanted.service_id,
        asker_id=tx.actor.id,
        named=wanted.named,
        age_band=wanted.age_band,
        sector=wanted.sector,
        theme=wanted.theme,
        asked_at=tx.now,
        moved_at=tx.now,
    )
    tx.add(row)
    tx.session.flush()
    say(tx, row.id, "question", wanted.question)
    wait_for_answer(tx, row)
    tell_service(tx, row)
    note(tx, row, "ask_consultation")
    tx.result(consultation_id=row.id)
    return row.id


def _check(tx: Transaction, town: UUID, wanted: Ask) -> None:
    choices = {
        "service_id": (wanted.service_id, [one for one, _ in addressees(tx)]),
        "age_band": (wanted.age_band, AGE_BANDS),
        "sector": (wanted.sector, ASKED_FROM),
        "theme": (wanted.theme, THEMES),
    }
    errors = {name: "choose_one" for name, (chosen, allowed) in choices.items() if chosen not in allowed}
    try:
        check(tx, town, read_again=wanted.read_again, question=wanted.question)
    except Invalid as refusal:
        errors |= refusal.errors
    if errors:
        raise Invalid(errors)


def follow_up(tx: Transaction, consultation_id: UUID, wanted: Write) -> UUID:
    """Ask on: back to whoever answered, or to the whole service when they have left, with working days anew.

    Raises NotFound, Invalid, Stale or Refused.
    """
    tx.once(wanted.key, "follow_up_consultation", consultation=consultation_id, body=wanted.body)
    row = hold(tx, consultation_id, "follow_up", wanted.version)
    check(tx, row.municipality_id, read_again=wanted.read_again, body=wanted.body)
    if not tx.scalar(_STILL_THERE, person=row.taken_by_id, service=row.service_id, today=tx.today):
        row.taken_by_id = None
    if carry(tx, row, "follow_up").after == "asked":
        tell_service(tx, row)
    say(tx, row.id, "follow_up", wanted.body)
    wait_for_answer(tx, row)
    return row.id


def close(tx: Transaction, consultation_id: UUID, wanted: Write) -> UUID:
    """Close an answered question, with thanks or without. Raises NotFound, Invalid, Stale or Refused."""
    tx.once(wanted.key, "close_consultation", consultation=consultation_id, body=wanted.body)
    row = hold(tx, consultation_id, "close", wanted.version)
    if wanted.body.strip():
        check(tx, row.municipality_id, read_again=wanted.read_again, body=wanted.body)
        say(tx, row.id, "thanks", wanted.body)
    carry(tx, row, "close")
    return row.id


def withdraw(
    tx: Transaction, consultation_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID:
    """Take a question back while it waits: the service sees it no more. Raises NotFound, Stale or Refused."""
    tx.once(key, "withdraw_consultation", consultation=consultation_id)
    row = hold(tx, consultation_id, "withdraw", version)
    carry(tx, row, "withdraw")
    deadlines.drop(tx, waits(tx, row.id))
    return row.id
