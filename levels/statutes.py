"""Terms set by law, as data: name, length, section, and how sure we are.

*Verified* means read in the directorate's, the county governor's or the supervisory authority's own pages or in
commentary that quotes the section; the statute's text itself could not be opened. *To be verified* means known
but not read, or read without its present section number. Nothing to be verified is shown to people as law.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from levels import workdays
from levels.workdays import Calendar, Pause


class Status(enum.StrEnum):
    """How sure we are of a term's length and section."""

    VERIFIED = "verified"
    TO_BE_VERIFIED = "to_be_verified"


class Unit(enum.StrEnum):
    """What a statutory length is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute:
    """One statutory term. `after` names the term whose end begins this one; None when an event does."""

    code: str
    length: int
    unit: Unit
    section: str
    source: str
    valid_from: date
    status: Status
    after: str | None = None
    valid_to: date | None = None

    @property
    def certain(self) -> bool:
        """Whether people may be told that this is the law."""
        return self.status is Status.VERIFIED


# The Child Welfare Act of 2021 came into force on this day.
_ACT = date(2023, 1, 1)
_LAW = "barnevernsloven"


def _act(
    code: str, length: int, unit: Unit, section: str, source: str, *, sure: bool, after: str | None = None
) -> Statute:
    status = Status.VERIFIED if sure else Status.TO_BE_VERIFIED
    return Statute(
        code=code,
        length=length,
        unit=unit,
        section=f"{_LAW} {section}",
        source=source,
        valid_from=_ACT,
        status=status,
        after=after,
    )


STATUTES: tuple[Statute, ...] = (
    _act("review_of_report", 1, Unit.WEEKS, "§ 2-1", "commentary on the new act", sure=True),
    _act(
        "investigation",
        3,
        Unit.MONTHS,
        "§ 2-2",
        "commentary on the new act",
        sure=True,
        after="review_of_report",
    ),
    _act(
        "investigation_extended",
        6,
        Unit.MONTHS,
        "§ 2-2",
        "commentary on the new act: six months in total, in special cases, with a recorded reason",
        sure=True,
        after="review_of_report",
    ),
    _act(
        "feedback_to_reporter",
        3,
        Unit.WEEKS,
        "§ 13-5",
        "the directorate's page on feedback (rule read, new section number not)",
        sure=False,
    ),
    _act(
        "feedback_after_investigation",
        3,
        Unit.WEEKS,
        "§ 13-5",
        "the directorate's page on feedback (rule read, new section number not)",
        sure=False,
    ),
    _act("reopening_after_dismissal", 6, Unit.MONTHS, "ch. 2", "own knowledge", sure=False),
    _act("emergency_petition_care", 6, Unit.WEEKS, "§ 4-2", "own knowledge", sure=False),
    _act("emergency_petition_ban", 6, Unit.WEEKS, "§ 4-3", "own knowledge", sure=False),
    _act("emergency_petition_institution", 2, Unit.WEEKS, "§ 4-4", "own knowledge", sure=False),
)


def term(code: str, on_date: date) -> Statute:
    """The statutory term in force on a day. Raises KeyError for an unknown code or a day before it came."""
    for one in STATUTES:
        if (
            one.code == code
            and one.valid_from <= on_date
            and (one.valid_to is None or on_date <= one.valid_to)
        ):
            return one
    raise KeyError(code)


def last_day(
    statute: Statute, started_on: date, pauses: Sequence[Pause] = (), *, calendar: Calendar = workdays.NORWAY
) -> date:
    """The last day of a term that began on a day.

    A term that follows another begins on the other's last day: an investigation's three months run from the end
    of the week for the review (barnevernsloven § 2-2).
    """
    match statute.unit:
        case Unit.DAYS:
            return workdays.add_days(started_on, statute.length, pauses)
        case Unit.WORKING_DAYS:
            return workdays.add_workdays(started_on, statute.length, pauses, calendar=calendar)
        case Unit.WEEKS:
            return workdays.add_weeks(started_on, statute.length, pauses)
        case _:
            return workdays.add_months(started_on, statute.length, pauses)
