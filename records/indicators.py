"""Figures for management: counts made at night, with nobody in them."""

import uuid
from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from records.base import Row, moment, reference, text


class IndicatorFigure(Row, table=True):
    """One counted figure of a municipality for a month. Never shown before suppression has looked at it."""

    __tablename__ = "indicator_figures"
    __table_args__ = (
        Index("uq_indicator_figures", "municipality_id", "indicator", "month", "part", unique=True),
    )
    municipality_id: uuid.UUID = reference("municipalities.id", index=False)
    indicator: str = text()
    month: date = Field(description="the first day of the month")
    part: str = text(default="", comment="a level, or empty for the whole")
    numerator: int
    denominator: int | None = Field(default=None)
    made_at: datetime = moment()
