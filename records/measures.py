"""Measures and their evaluations."""

import uuid
from datetime import date, datetime

from sqlmodel import Field

from levels.measures import MeasureChart
from records.base import Row, moment, one_of, reference, state_of, text

RESULTS = ("reached", "on_the_way", "no_change", "worse")


class Measure(Row, table=True):
    """A measure tried with the child: its goal, who answers for it, when it is evaluated."""

    __tablename__ = "measures"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id")
    title: str = text()
    goal: str = text()
    arena: str = text(default="")
    responsible_id: uuid.UUID | None = reference("practitioners.id", null=True)
    responsible_service_id: uuid.UUID | None = reference("services.id", null=True, index=False)
    state: str = state_of(MeasureChart)
    starts_on: date
    evaluate_on: date
    decided_in_id: uuid.UUID | None = reference("meetings.id", null=True, index=False)
    last_result: str | None = one_of("last_result", RESULTS, null=True)
    ended_at: datetime | None = moment(null=True)
    end_reason: str = text(default="")
    version: int = Field(default=1)


class Evaluation(Row, table=True):
    """One look at whether a measure works, with the child's and the parents' view."""

    __tablename__ = "evaluations"
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    case_id: uuid.UUID = reference("cases.id", index=False)
    measure_id: uuid.UUID = reference("measures.id")
    result: str = one_of("result", RESULTS)
    child_said: str = text(default="")
    child_not_asked: str = text(default="", comment="why the child was not asked")
    guardians_said: str = text(default="")
    comment: str = text(default="")
    onward: str = one_of("onward", ("continue", "change", "end"))
    next_on: date | None = Field(default=None)
    evaluated_by_id: uuid.UUID = reference("practitioners.id", index=False)
    evaluated_at: datetime = moment()
