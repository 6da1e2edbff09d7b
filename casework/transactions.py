"""One act, one transaction: who acts is set first, the trail is sealed last, and nothing leaves in between."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine, TextClause, text
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlmodel import SQLModel, select

from casework.access import Actor, Permission, Standing, allows
from casework.ports import Clock, local_day
from casework.refusals import AlreadyDone, Invalid, KeyReused, NotFound, NotPermitted, Stale, Unavailable
from casework.sessions import TELL, ActSession, as_json, for_driver, locking
from records.base import new_id
from records.cases import Case
from records.engine import OPENING

T = TypeVar("T", bound=SQLModel)
R = TypeVar("R")

_ENTER = (
    "SELECT set_config('role', '{role}', true), set_config('app.actor', '{actor}', true),"
    " set_config('app.today', '{today}', true)"
)
_SEAL = (
    "SELECT app.write_act(CAST(:notes AS jsonb), CAST(:flows AS jsonb), CAST(:done AS jsonb),"
    " :actor, :role, :at)"
)
# Most acts tell one case's log and move its version: that goes in one message with the seal, in the actor's own right.
_SEAL_TOLD = (
    f"WITH told AS ({TELL}), touched AS ("
    f"UPDATE cases SET version = :version, last_activity_at = :at WHERE id = :case RETURNING id"
    f") {_SEAL}, (SELECT count(*) FROM touched) AS touched"
)
_DONE = "SELECT act, fingerprint, result FROM app.done_under(:key)"
_PLAIN_LINE: dict[str, Any] = {"code": None, "facts": {}, "body": "", "for_family": True}
_ROLES = {
    "staff": "stafetten_staff",
    "family": "stafetten_family",
    "work": "stafetten_work",
    "door": "stafetten_door",
    "provisioning": "stafetten_provisioning",
    "rosters": "stafetten_rosters",
}


class NoTrail(AssertionError):
    """Something was changed without a word in the audit trail; the act is taken back."""


@dataclass
class Transaction:
    """What an act works with: the session, who acts, and the time. Made by Casework.begin only."""

    session: ActSession
    actor: Actor
    now: datetime
    trail_needed: bool = True
    retelling: bool = False
    _notes: list[dict[str, Any]] = field(default_factory=list)
    _flows: list[dict[str, Any]] = field(default_factory=list)
    _anyhow: list[dict[str, Any]] = field(default_factory=list)
    _done: dict[str, Any] | None = None
    _read: list[SQLModel] = field(
        default_factory=list
    )  # or the session forgets a row nobody holds, and asks again

    @property
    def today(self) -> date:
        """The day in Norway."""
        return local_day(self.now)

    def get(self, table: type[T], row_id: UUID) -> T:
        """Read a row by id; raises NotFound when there is none, or it is not the actor's to see."""
        row = self.session.get(table, row_id)
        if row is None:
            raise NotFound
        self._read.append(row)
        return row

    def lock(self, table: type[T], row_id: UUID, *, version: int | None = None) -> T:
        """Read a row and hold it until the end; raises NotFound, or Stale when it has moved on.

        It is read anew even when it was read before: somebody may have changed it while this act waited for it.
        """
        found: T | None = self.session.exec(locking(table), params={"id": row_id}).first()
        if found is None:
            raise NotFound
        if version is not None and found.version != version:  # type: ignore[attr-defined]
            raise Stale(found.version)  # type: ignore[attr-defined]
        return found

    def hold(self, table: type[SQLModel], row_id: UUID | None) -> bool:
        """Hold a row unless somebody is at work on it; False then, and the job comes back later.

        Acts hold the case first and everything in it afterwards. A job that waited for a case while it held a
        part of it, would wait for ever.
        """
        wanted = select(table.id).where(table.id == row_id)  # type: ignore[attr-defined]
        return (
            row_id is None or self.session.exec(wanted.with_for_update(skip_locked=True)).first() is not None
        )

    def add(self, *rows: SQLModel) -> None:
        """Keep new rows."""
        self.session.add_all(rows)

    def add_line(self, case: Case, /, **said: Any) -> UUID:
        """Keep a new line in a case's log, said by the columns of `log_entries`; answers its id."""
        line_id = new_id()
        of_case = {"id": line_id, "municipality_id": case.municipality_id, "case_id": case.id}
        when = {"happened_at": self.now, "written_at": self.now}
        self.session.lines.append(of_case | _PLAIN_LINE | when | said)
        self.session.changed = True
        return line_id

    def rows(self, statement: Any) -> list[Any]:
        """Every row a statement finds."""
        return list(self.session.exec(statement).all())

    def scalar(self, sql: str, **values: Any) -> Any:
        """One value from a line of SQL; None when there is no row."""
        found = self.ask(sql, values)
        return found[0][0] if found else None

    def ask(self, question: str | TextClause, values: Mapping[str, Any] | None = None) -> list[Any]:
        """The rows of a fixed question in SQL, as named tuples.

        Goes to the driver past the mapper, which costs more than the question itself. Changes the session has
        not written yet are not seen.
        """
        plain = question if isinstance(question, str) else question.text
        found = self.session.connection().exec_driver_sql(for_driver(plain), dict(values or {}))
        return list(found.all()) if found.returns_rows else []

    def ask_for(
        self, shape: type[R], question: str | TextClause, values: Mapping[str, Any] | None = None
    ) -> list[R]:
        """The rows of a fixed question, each as a `shape` whose fields are the columns."""
        return [shape(**row._asdict()) for row in self.ask(question, values)]

    def require(self, permission: Permission, standing: Standing) -> None:
        """Go on only if allowed: NotFound to a stranger, NotPermitted to somebody who may know of it."""
        if allows(standing, permission):
            return
        if standing.relations and not standing.barred:
            raise NotPermitted(permission.value)
        raise NotFound

    def note(self, kind: str, file_id: UUID, act: str, /, *, municipality_id: UUID, **facts: Any) -> None:
        """Write one line in the file's trail: codes and ids, never names or free text."""
        self._notes.append(_line(kind, file_id, act, municipality_id, facts))

    def note_attempt(self, act: str, /, **facts: Any) -> None:
        """Write in the actor's own trail that something was tried; it stands although the act is refused."""
        home = self.actor.membership
        if home is not None:
            self._anyhow.append(_line("attempt", self.actor.id, act, home.municipality_id, facts))

    def start_flow(
        self, flow: str, *, ids: dict[str, UUID] | None = None, not_before: datetime | None = None
    ) -> UUID:
        """Ask the courier to start a flow after the commit, with opaque ids only; once per act is enough."""
        wanted = {name: str(value) for name, value in (ids or {}).items()}
        for asked in self._flows:
            if (asked["flow"], asked["ids"]) == (flow, wanted):
                return UUID(asked["id"])
        row_id = new_id()
        self._flows.append(
            {
                "id": str(row_id),
                "flow": flow,
                "ids": wanted,
                "not_before": not_before.isoformat() if not_before else None,
            }
        )
        return row_id

    def once(self, key: str | None, act: str, **asked: Any) -> None:
        """Do this act under a key only once; raises AlreadyDone with its result, or KeyReused."""
        if not key:
            return
        fingerprint = hashlib.sha256(
            json.dumps([act, asked], sort_keys=True, default=str).encode()
        ).hexdigest()
        found = self.ask(_DONE, {"key": key})
        if found:
            [before] = found
            if before.fingerprint != fingerprint:
                raise KeyReused
            raise AlreadyDone(before.result)
        self._done = {"id": str(new_id()), "key": key, "act": act, "fingerprint": fingerprint, "result": {}}

    def result(self, **values: Any) -> None:
        """Remember what the act came to, for whoever asks again with the same key; the first is what it answers."""
        if self._done is not None:
            named = {name: str(value) for name, value in values.items()}
            self._done["result"] = {"id": next(iter(named.values())), **named}

    def without_trail(self) -> None:
        """For the few writes that concern no file: drafts, and the hands of a session."""
        self.trail_needed = False

    @contextmanager
    def as_house(self, way: str = "work") -> Iterator[None]:
        """Carry out what follows as the jobs would: for acts by somebody who may say so and see nothing of it.

        Every row met in between is let go of, so that nothing can be read afterwards that was not the actor's.
        `way` is `rosters` where the school's register is compared and filled in.
        """
        self.session.flush()
        self.session.execute(text("SELECT set_config('role', :role, true)"), {"role": _ROLES[way]})
        yield
        self.session.flush()
        self.session.expunge_all()
        self.session.execute(text("SELECT set_config('role', :role, true)"), {"role": _ROLES[self.actor.way]})

    @contextmanager
    def as_seen_by(self, other: Actor) -> Iterator[None]:
        """Ask the policy and row security as somebody else would, to say what they are told; nothing read is kept.

        Also for what follows from their own offer when somebody who sees nothing there answers it: it is done as they
        could have done it, and the trail names whoever answered.
        """
        self.session.flush()
        actor, self.actor = self.actor, other
        self.ask("SELECT set_config('app.actor', :actor, true)", {"actor": str(other.id)})
        try:
            yield
            self.session.flush()
        finally:
            self.actor = actor
        self.session.expunge_all()
        self.ask("SELECT set_config('app.actor', :actor, true)", {"actor": str(actor.id)})

    def seal(self) -> None:
        """Write the trail, the flows and the key in one call; raises NoTrail if an act left no trace."""
        touched = self.session.take_touched()
        self.session.flush_rows()
        if self.session.changed and not self._notes and self.trail_needed:
            raise NoTrail
        lines = self.session.take_lines()
        if lines or touched:
            case_id, version = touched or (None, None)
            told = {"lines": as_json(lines), "case": case_id, "version": version}
            [sealed] = self.ask(_SEAL_TOLD, self._sealed() | told)
            if bool(sealed.touched) != bool(touched):
                raise NotFound
        elif self._notes or self._anyhow or self._flows or self._done:
            self.ask(_SEAL, self._sealed())

    def _sealed(self) -> dict[str, Any]:
        return {
            "notes": as_json([*self._notes, *self._anyhow]),
            "flows": as_json([] if self.retelling else self._flows),
            "done": as_json(self._done),
            "actor": self.actor.id,
            "role": self.actor.role,
            "at": self.now,
        }


def _line(kind: str, file_id: UUID, act: str, town: UUID, facts: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps(facts, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)
    return {
        "id": str(new_id()),
        "file_kind": kind,
        "file_id": str(file_id),
        "municipality_id": str(town),
        "act": act,
        "body": body,
    }


def _enter(tx: Transaction) -> None:
    opening = _ENTER.format(role=_ROLES[tx.actor.way], actor=tx.actor.id, today=tx.today.isoformat())
    tx.session.connection(execution_options={OPENING: opening})


def _attempted(engine: Engine, clock: Clock, tx: Transaction) -> None:
    """What was tried, in a small transaction of its own, when the act it was tried in is taken back."""
    if tx._anyhow:  # noqa: SLF001
        with transaction(engine, clock, tx.actor) as other:
            other._anyhow = tx._anyhow  # noqa: SLF001


_UNREACHABLE = (OperationalError, InterfaceError)


@contextmanager
def transaction(
    engine: Engine, clock: Clock, actor: Actor, *, retelling: bool = False
) -> Iterator[Transaction]:
    """Open, hand over, seal and commit; everything is taken back when anything is refused.

    Retelling is for a past that is told, as the demo's is: its letters were sent at the time, so no flow starts.
    """
    with ActSession(engine, expire_on_commit=False) as session:
        tx = Transaction(session, actor, clock.now(), retelling=retelling)
        try:
            _enter(tx)
            yield tx
            tx.seal()
            session.commit()
        except NotPermitted as refusal:
            session.rollback()
            tx.note_attempt("denied", permission=refusal.permission)
            _attempted(engine, clock, tx)
            raise
        except (Invalid, NotFound):
            session.rollback()
            _attempted(engine, clock, tx)
            raise
        except _UNREACHABLE as error:
            raise Unavailable from error
        except IntegrityError as error:
            raise _settled(error, tx) from error


def _settled(error: IntegrityError, tx: Transaction) -> Exception:
    """Two at once under one key, or two at once on one row: the second is told so, kindly."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", "") or ""
    if name.startswith("uq_done_acts") and tx._done is not None:  # noqa: SLF001
        return AlreadyDone({})
    if name.startswith("uq_"):
        return Stale(0)
    return error


def ids(rows: Iterable[Any]) -> list[UUID]:
    """The ids of some rows."""
    return [row.id for row in rows]
