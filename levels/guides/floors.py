"""What a guide may never go below, however it is written. It may always ask for more.

Each floor says where it comes from. *Verified* and *to be verified* are used as in levels/statutes.py: a floor
holds either way, but one that is to be verified is never presented to people as law. A floor of the product is
a rule that municipalities publish themselves, and that Stafetten does not let go of.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from levels import statutes
from levels.guides.clocks import last_day
from levels.guides.codes import Evidence, Writer
from levels.guides.models import Clock, Length
from levels.guides.reading import Fault
from levels.guides.sheets import Sheet
from levels.statutes import Status, Statute

OLDEST_CONSENT_AGE = 16


@dataclass(frozen=True, slots=True)
class Floor:
    """One thing a guide cannot switch off: its source, and how sure we are of it."""

    code: str
    kind: Literal["law", "product"]
    source: str
    status: Status


_SURE, _UNSURE = Status.VERIFIED, Status.TO_BE_VERIFIED
FLOORS: dict[str, Floor] = {
    floor.code: floor
    for floor in (
        Floor(
            "consent_to_share_required",
            "law",
            "forvaltningsloven § 13: confidentiality is lifted only as far as consent reaches (a newer act may "
            "have given the section another number)",
            _UNSURE,
        ),
        Floor("concern_report_gated", "law", "barnevernsloven § 13-2: a personal duty to report", _UNSURE),
        Floor("report_exit_closed", "law", "barnevernsloven § 13-2: a personal duty to report", _UNSURE),
        Floor(
            "child_heard_from_an_age", "law", "barnevernsloven § 1-4: every child able to form views", _UNSURE
        ),
        Floor(
            "consent_age_too_high",
            "law",
            "pasient- og brukerrettighetsloven § 4-3: own consent from 16",
            _UNSURE,
        ),
        Floor("statutory_term_longer", "law", "barnevernsloven §§ 2-1 and 2-2", _SURE),
        Floor(
            "baton_moves_by_itself", "product", "Gloppen's routine: kept until received and accepted", _SURE
        ),
        Floor("holder_cannot_write", "product", "municipal guides: the holder keeps the log", _SURE),
    )
}


def faults_in(sheet: Sheet) -> Iterator[Fault]:
    """Every place where the guide asks for less than it may."""
    yield from _consent(sheet)
    yield from _report(sheet)
    yield from _child(sheet)
    yield from _baton(sheet)
    for place, clock in enumerate(sheet.guide.clocks):
        if clock.statute:
            yield from _statutory(sheet, place, clock)


def _consent(sheet: Sheet) -> Iterator[Fault]:
    for path, plan in sheet.levels():
        if plan.rung >= 2 and plan.consent_to_share is False:
            yield sheet.fault((*path, "consent_to_share"), "consent_to_share_required", level=plan.id)
    if (sheet.guide.youth_consent_age or 0) > OLDEST_CONSENT_AGE:
        yield sheet.fault(("youth_consent_age",), "consent_age_too_high", most=OLDEST_CONSENT_AGE)


def _report(sheet: Sheet) -> Iterator[Fault]:
    """A report of concern waits for nothing, and neither does the level it leads to."""
    rule = sheet.guide.concern_report
    if rule.requires:
        yield sheet.fault(("concern_report", "requires"), "concern_report_gated")
    if not rule.from_every_step:
        yield sheet.fault(("concern_report", "from_every_step"), "report_exit_closed", step="")
    for path, plan in sheet.levels():
        for place, step in enumerate(plan.steps):
            if not step.report_exit:
                yield sheet.fault((*path, "steps", place, "report_exit"), "report_exit_closed", step=step.id)
        for place, outcome in enumerate(plan.outcomes):
            if outcome.concerns_care and set(outcome.requires) != {Evidence.CONCERN_REPORT_SENT}:
                yield sheet.fault((*path, "outcomes", place, "requires"), "concern_report_gated")


def _child(sheet: Sheet) -> Iterator[Fault]:
    rule = sheet.guide.child_voice
    if not rule.any_age:
        yield sheet.fault(("child_voice", "any_age"), "child_heard_from_an_age")
    if rule.min_age:
        yield sheet.fault(("child_voice", "min_age"), "child_heard_from_an_age")


def _baton(sheet: Sheet) -> Iterator[Fault]:
    if sheet.guide.baton.acceptance != "explicit":
        yield sheet.fault(("baton", "acceptance"), "baton_moves_by_itself")
    if Writer.HOLDER not in sheet.guide.who_may_write:
        yield sheet.fault(("who_may_write",), "holder_cannot_write")


def _statutory(sheet: Sheet, place: int, clock: Clock) -> Iterator[Fault]:
    path = ("clocks", place)
    try:
        law = statutes.term(clock.statute or "", sheet.guide.valid_from)
    except KeyError:
        yield sheet.fault((*path, "statute"), "unknown_statute", statute=clock.statute or "")
        return
    given = [one for one in (clock.length.days, clock.length.weeks, clock.length.months) if one is not None]
    if len(given) == 1 and _may_exceed(clock, law):
        yield sheet.fault((*path, "length"), "statutory_term_longer", statute=law.code, section=law.section)


@functools.cache
def _days() -> tuple[date, ...]:
    """Starting days that decide: a leap year's and a plain year's month ends, spring and Christmas, and every fifth."""
    two_years = (date(2024, 1, 1) + timedelta(days=n) for n in range(731))
    return tuple(day for day in two_years if day.toordinal() % 5 == 0 or day.day > 27 or day.month in (4, 12))


def _may_exceed(clock: Clock, law: Statute) -> bool:
    """Whether there is a day from which the guide's term would end after the law's."""
    return _longer(clock.length, clock.counted, law.code, law.valid_from)


@functools.lru_cache(maxsize=1024)
def _longer(length: Length, counted: str, code: str, on_date: date) -> bool:
    law = statutes.term(code, on_date)
    return any(last_day(length, counted, day) > statutes.last_day(law, day) for day in _days())
