"""What operators see: ids, counts, codes and times."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework.access import Membership, Role
from casework.operations.telling import LAST_ASKED
from casework.refusals import NotFound
from casework.transactions import Transaction
from records.municipalities import Practitioner
from records.operations import Contact, FlowReport, OperatorAct
from records.outbox import Outgoing

SHOWN = 30
ALIVE = timedelta(minutes=2)
# What the clock does anyway: passing one by loses no letter and no deadline.
HARMLESS = frozenset(
    {
        "send-notices",
        "hunt-unfinished",
        "remind",
        "expire-deadlines",
        "refresh-indicators",
        "sweep",
        "scan-attachments",
    }
)


@dataclass(frozen=True, slots=True)
class Sign:
    """When something was last reached, or last gave a sign of life; a code when it was not."""

    name: str
    place: str
    succeeded_at: datetime | None
    failed_at: datetime | None
    code: str | None
    alive: bool

    @property
    def troubled(self) -> bool:
        """Whether the last attempt failed."""
        return self.failed_at is not None and (
            self.succeeded_at is None or self.failed_at > self.succeeded_at
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """How one flow stands at Prefect."""

    name: str
    running: int
    waiting: int
    failed: int
    oldest_at: datetime | None
    succeeded_at: datetime | None
    failed_at: datetime | None
    failure: str | None
    scheduled: bool
    paused: bool
    asked: str | None
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An outbox row that is not done, and whether it may be passed by."""

    id: UUID
    flow: str
    created_at: datetime
    carried_at: datetime | None
    attempts: int
    handovers: int
    code: str | None
    harmless: bool


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A letter that was given up, and why."""

    id: UUID
    kind: str
    code: str
    attempts: int
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """What an operator did, and why; a stop is asked for until the courier has carried it out."""

    kind: str
    target: str
    reason: str
    by: str
    at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the operator's desk."""

    now: datetime
    outbox_waiting: int
    outbox_unfinished: int
    outbox_oldest_at: datetime | None
    letters_waiting: int
    letters_oldest_at: datetime | None
    letters_failed: int
    database_size: int
    database_version: str
    tables_version: str
    anchored_at: datetime | None
    signs: tuple[Sign, ...]
    flows: tuple[Flow, ...]
    rows: tuple[Waiting, ...]
    given_up: tuple[GivenUp, ...]
    acts: tuple[Done, ...]


def operator(tx: Transaction) -> Membership:
    """The operator's place; raises NotFound for everybody else."""
    found = next((one for one in tx.actor.memberships if one.role is Role.OPERATOR), None)
    if found is None:
        raise NotFound
    return found


def desk(tx: Transaction) -> Desk:
    """How everything stands; raises NotFound for anybody but operators."""
    operator(tx)
    figures = tx.session.execute(text("SELECT * FROM app.machinery()")).one()
    outbox = tx.session.execute(
        text(
            "SELECT count(*) FILTER (WHERE carried_at IS NULL) AS waiting, count(*) AS unfinished,"
            " min(created_at) AS oldest_at FROM outbox WHERE done_at IS NULL"
        )
    ).one()
    return Desk(
        now=tx.now,
        outbox_waiting=outbox.waiting,
        outbox_unfinished=outbox.unfinished - outbox.waiting,
        outbox_oldest_at=outbox.oldest_at,
        letters_waiting=figures.letters_waiting,
        letters_oldest_at=figures.letters_oldest_at,
        letters_failed=figures.letters_failed,
        database_size=figures.size,
        database_version=figures.version,
        tables_version=figures.tables,
        anchored_at=figures.anchored_at,
        signs=_signs(tx),
        flows=_flows(tx),
        rows=_rows(tx),
        given_up=tuple(
            GivenUp(*row)
            for row in tx.session.execute(text("SELECT * FROM app.letters_given_up(:most)"), {"most": SHOWN})
        ),
        acts=_acts(tx),
    )


def _signs(tx: Transaction) -> tuple[Sign, ...]:
    found = tx.rows(select(Contact).order_by(col(Contact.name), col(Contact.place)))
    return tuple(
        Sign(
            row.name,
            row.place,
            row.succeeded_at,
            row.failed_at,
            row.code,
            row.succeeded_at is not None and row.succeeded_at > tx.now - ALIVE,
        )
        for row in found
    )


def _flows(tx: Transaction) -> tuple[Flow, ...]:
    asked = {row.flow: row.kind for row in tx.session.execute(text(LAST_ASKED)) if row.done_at is None}
    return tuple(
        Flow(
            row.flow,
            row.running,
            row.waiting,
            row.failed,
            row.oldest_at,
            row.succeeded_at,
            row.failed_at,
            row.failure,
            row.scheduled,
            row.paused,
            asked.get(row.flow),
            row.reported_at,
        )
        for row in tx.rows(select(FlowReport).order_by(col(FlowReport.flow)))
    )


def _rows(tx: Transaction) -> tuple[Waiting, ...]:
    wanted = (
        select(Outgoing)
        .where(col(Outgoing.done_at).is_(None))
        .order_by(col(Outgoing.created_at))
        .limit(SHOWN)
    )
    return tuple(_waiting(row) for row in tx.rows(wanted))


def _waiting(row: Outgoing) -> Waiting:
    return Waiting(
        row.id,
        row.flow,
        row.created_at,
        row.carried_at,
        row.attempts,
        row.handovers,
        row.last_error,
        row.flow in HARMLESS,
    )


def _acts(tx: Transaction) -> tuple[Done, ...]:
    wanted = (
        select(OperatorAct, Practitioner.name)
        .join(Practitioner, col(Practitioner.id) == OperatorAct.asked_by_id)
        .order_by(col(OperatorAct.asked_at).desc())
        .limit(SHOWN)
    )
    return tuple(
        Done(row.kind, row.flow or str(row.target_id), row.reason, name, row.asked_at, row.done_at)
        for row, name in tx.session.exec(wanted)
    )


def row(tx: Transaction, row_id: UUID) -> Waiting:
    """One outbox row that is not done; raises NotFound."""
    operator(tx)
    found = tx.get(Outgoing, row_id)
    if found.done_at is not None:
        raise NotFound
    return _waiting(found)


def letter(tx: Transaction, notice_id: UUID) -> GivenUp:
    """One letter that was given up; raises NotFound."""
    operator(tx)
    found = tx.session.execute(
        text("SELECT * FROM app.letters_given_up(:most) WHERE id = :id"), {"most": 100_000, "id": notice_id}
    ).first()
    if found is None:
        raise NotFound
    return GivenUp(*found)


def flow(tx: Transaction, name: str) -> Flow:
    """One flow; raises NotFound."""
    operator(tx)
    found = next((one for one in _flows(tx) if one.name == name), None)
    if found is None:
        raise NotFound
    return found
