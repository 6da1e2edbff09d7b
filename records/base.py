"""What every row has in common: a time-ordered id, and texts held to a closed set by the database itself."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from levels.charts import Chart, start, states

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


def new_id() -> uuid.UUID:
    """A UUIDv7, so that ids sort by the time they were made."""
    return uuid7()


class Row(SQLModel):
    """One row: an opaque id."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)


def reference(target: str, *, null: bool = False, index: bool = True, cascade: bool = False) -> Any:
    """A foreign key column to another row's id."""
    on_delete = "CASCADE" if cascade else None
    key = ForeignKey(target, ondelete=on_delete)
    return Field(default=None if null else ..., sa_column=Column(key, nullable=null, index=index))


def moment(*, null: bool = False, comment: str | None = None, index: bool = False) -> Any:
    """A column holding an aware point in time."""
    kind = DateTime(timezone=True)
    column: Column[datetime] = Column(kind, nullable=null, comment=comment, index=index)
    return Field(default=None if null else ..., sa_column=column)


def state_of(chart: type[Chart]) -> Any:
    """A column holding one of the chart's states, and nothing else."""
    return one_of("state", states(chart), default=start(chart))


def one_of(name: str, allowed: Iterable[str], *, default: str | None = None, null: bool = False) -> Any:
    """A text column held to a closed set of codes by a CHECK."""
    listed = ", ".join(f"'{code}'" for code in allowed)
    check = CheckConstraint(f"{name} IN ({listed})", name=name)
    value = default if default is not None or null else ...
    return Field(default=value, sa_column=Column(name, Text, check, nullable=null))


def text(*, null: bool = False, default: Any = ..., comment: str | None = None, unique: bool = False) -> Any:
    """A text column without a length; the acts hold the limits people are told about."""
    value = None if null and default is ... else default
    return Field(default=value, sa_column=Column(Text, nullable=null, comment=comment, unique=unique or None))


def document(*, null: bool = False, comment: str | None = None) -> Any:
    """A JSONB column; assign a new value to change it, edits in place are not seen."""
    column: Column[Any] = Column(JSONB(none_as_null=null), nullable=null, comment=comment)
    return Field(default=None, sa_column=column) if null else Field(default_factory=dict, sa_column=column)
