"""The database session of one act: what waits to be written, and the quickest way to ask the driver."""

import functools
import json
import re
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, event
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlmodel import Session, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from records.cases import Case

T = TypeVar("T", bound=SQLModel)

TELL = (
    "INSERT INTO log_entries (id, municipality_id, case_id, kind, code, facts, body, happened_at, written_at,"
    " author_id, for_family, hidden_reason, hidden_until, corrects_id)"
    " SELECT id, municipality_id, case_id, kind, code, facts, body, happened_at, written_at, author_id, for_family,"
    " hidden_reason, hidden_until, corrects_id FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS line("
    "id uuid, municipality_id uuid, case_id uuid, kind text, code text, facts jsonb, body text,"
    " happened_at timestamptz, written_at timestamptz, author_id uuid, for_family boolean, hidden_reason text,"
    " hidden_until date, corrects_id uuid)"
)
TOUCHED = ("version", "last_activity_at")
_NAMED = re.compile(r"(?<!:):([a-z_]\w*)")


class ActSession(Session):
    """The session of one act, which knows whether anything was changed in it.

    Lines of the log wait beside it for the seal, or until anything is written or asked: what is read afterwards
    is there, and is written by whoever the act was done as.
    """

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.lines: list[dict[str, Any]] = []
        self.changed = False

    def flush(self, objects: Any = None) -> None:
        """Write what was changed, and the lines of the log that tell of it."""
        super().flush(objects)
        if self.lines:
            self.connection().exec_driver_sql(for_driver(TELL), {"lines": as_json(self.take_lines())})

    def flush_rows(self) -> None:
        """Write what was changed; the lines go with the seal."""
        super().flush()

    def take_lines(self) -> list[dict[str, Any]]:
        """The lines that wait, which are the caller's to write."""
        lines, self.lines = self.lines, []
        return lines

    def take_touched(self) -> tuple[UUID, int] | None:
        """The case and its new version, if all there is to write is that something was done in it.

        It is the caller's to write then: the mapper's way costs several times as much.
        """
        changed = () if self.new or self.deleted else tuple(self.dirty)
        if len(changed) != 1 or not isinstance(changed[0], Case):
            return None
        case: Case = changed[0]
        if instance_state(case).committed_state.keys() != set(TOUCHED):
            return None
        for name in TOUCHED:
            set_committed_value(case, name, getattr(case, name))
        self.changed = True
        return case.id, case.version


@event.listens_for(ActSession, "after_flush")
def _flushed(session: ActSession, _context: object) -> None:
    session.changed = session.changed or bool(session.new or session.dirty or session.deleted)


@functools.cache
def locking(table: type[T]) -> SelectOfScalar[T]:
    """The question that holds one row by `:id`, read anew even when it was read before."""
    wanted = select(table).where(table.id == bindparam("id"))  # type: ignore[attr-defined]
    return wanted.with_for_update(of=table).execution_options(populate_existing=True)


@functools.cache
def for_driver(question: str) -> str:
    """A question whose values are named `:so`, as the driver names them."""
    return _NAMED.sub(r"%(\1)s", question.replace("%", "%%"))


def as_json(said: Any) -> str:
    """Said as JSON, with ids and times as text."""
    return json.dumps(said, default=str, ensure_ascii=False)
