"""Odd readings (snoking): which reads of a file somebody should be asked about, and what becomes of each.

Whoever reads without needing to at work breaks the law (helsepersonelloven § 21 a, forvaltningsloven § 13 b); the
municipality must be able to find it (personvernforordningen articles 24 and 32). A sign is a question, never a verdict.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from statemachine import State

from levels.charts import Chart

OSLO = ZoneInfo("Europe/Oslo")
NIGHT_FROM, NIGHT_UNTIL = 22, 6
HOUR = timedelta(hours=1)
# A search field asks at every key: what is typed within a minute is one look-up.
ONE_LOOKUP = timedelta(minutes=1)


class Sign(StrEnum):
    """What makes a reading odd."""

    NO_RELATION = "no_relation"
    SAME_NAME = "same_name"
    NEIGHBOUR = "neighbour"
    NIGHT = "night"
    MANY_IN_HOUR = "many_in_hour"
    MANY_IN_DAY = "many_in_day"
    FISHING = "fishing"
    CLOSED_CASE = "closed_case"
    FAILED_EMERGENCY = "failed_emergency"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "sign"


SIGNS = tuple(one.value for one in Sign)
# What was explained once stays explained for a while: the name does not change, nor why an old case is looked up.
LASTING = frozenset({Sign.SAME_NAME, Sign.NEIGHBOUR, Sign.CLOSED_CASE})
EXPLAINED_FOR = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From how many on something is odd. A municipality may choose, within the bounds, and never switch a sign off."""

    children_in_hour: int = 10
    children_in_day: int = 30
    misses_in_day: int = 8
    failed_emergencies: int = 1
    closed_days: int = 30


BOUNDS = {
    "children_in_hour": (3, 100),
    "children_in_day": (5, 300),
    "misses_in_day": (3, 50),
    "failed_emergencies": (1, 10),
    "closed_days": (0, 365),
}
SETTING = "reading_{}"


def limits_of(settings: dict[str, object]) -> Limits:
    """A municipality's limits from its settings; what is missing or out of bounds is as it comes."""
    found = {}
    for one in fields(Limits):
        chosen, (least, most) = settings.get(SETTING.format(one.name)), BOUNDS[one.name]
        if isinstance(chosen, int) and least <= chosen <= most:
            found[one.name] = chosen
    return Limits(**found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One line of the trail, as far as the rules ask: who looked when at which file, or looked for what is not there.

    `related` says whether the reader had a part in the file at that moment; `closed_at` when its case was closed.
    """

    entry_id: UUID
    reader_id: UUID
    at: datetime
    file_id: UUID
    child_id: UUID | None = None
    missed: str = ""
    related: bool = True
    emergency: bool = False
    on_duty: bool = False
    same_name: bool = False
    neighbour: bool = False
    closed_at: datetime | None = None

    @property
    def at_night(self) -> bool:
        """Between ten in the evening and six in the morning, Norwegian time."""
        hour = self.at.astimezone(OSLO).hour
        return hour >= NIGHT_FROM or hour < NIGHT_UNTIL


@dataclass(frozen=True, slots=True)
class Odd:
    """Something to ask about; `file_id` is the reader's own id where it is about many files."""

    sign: Sign
    reader_id: UUID
    file_id: UUID
    entry_ids: tuple[UUID, ...]


def odd(looks: Iterable[Look], limits: Limits) -> list[Odd]:
    """What is odd among one day's looks."""
    by_reader = sorted(looks, key=lambda one: (one.reader_id, one.at, one.entry_id))
    return [
        found
        for _reader, theirs in groupby(by_reader, key=lambda one: one.reader_id)
        for found in _of_reader(list(theirs), limits)
    ]


def _of_reader(looks: list[Look], limits: Limits) -> Iterator[Odd]:
    reads = [one for one in looks if not one.missed]
    yield from _by_file(Sign.NO_RELATION, reads, lambda one: one.emergency or not one.related)
    yield from _by_file(Sign.SAME_NAME, reads, lambda one: one.same_name)
    yield from _by_file(Sign.NEIGHBOUR, reads, lambda one: one.neighbour)
    yield from _by_file(Sign.CLOSED_CASE, reads, lambda one: _long_closed(one, limits))
    sleepless = [one for one in reads if one.at_night and not one.on_duty and not one.emergency]
    yield from _together(Sign.NIGHT, sleepless, len(sleepless), 1)
    busiest = max(_hours(reads), key=_children, default=[])
    yield from _together(Sign.MANY_IN_HOUR, busiest, _children(busiest), limits.children_in_hour)
    yield from _together(Sign.MANY_IN_DAY, reads, _children(reads), limits.children_in_day)
    searches = [one for one in looks if one.missed == "search"]
    yield from _together(Sign.FISHING, searches, _lookups(searches), limits.misses_in_day)
    failed = [one for one in looks if one.missed == "emergency"]
    yield from _together(Sign.FAILED_EMERGENCY, failed, len(failed), limits.failed_emergencies)


def _by_file(sign: Sign, reads: list[Look], is_odd: Callable[[Look], bool]) -> Iterator[Odd]:
    found: dict[UUID, list[Look]] = {}
    for one in filter(is_odd, reads):
        found.setdefault(one.file_id, []).append(one)
    for file_id, theirs in found.items():
        yield Odd(sign, theirs[0].reader_id, file_id, tuple(one.entry_id for one in theirs))


def _together(sign: Sign, looks: list[Look], number: int, limit: int) -> Iterator[Odd]:
    if looks and number >= limit:
        reader = looks[0].reader_id
        yield Odd(sign, reader, reader, tuple(one.entry_id for one in looks))


def _long_closed(one: Look, limits: Limits) -> bool:
    return one.closed_at is not None and one.at - one.closed_at >= timedelta(days=limits.closed_days)


def _children(looks: list[Look]) -> int:
    return len({one.child_id for one in looks if one.child_id is not None})


def _hours(reads: list[Look]) -> Iterator[list[Look]]:
    """The reads of the hour that begins with each read."""
    for first, begun in enumerate(reads):
        yield [one for one in reads[first:] if one.at - begun.at < HOUR]


def _lookups(misses: list[Look]) -> int:
    times = [one.at for one in misses]
    return sum(not n or at - times[n - 1] > ONE_LOOKUP for n, at in enumerate(times))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFacts:
    """What the chart needs to know before something is done about an odd reading."""

    reason_given: bool = False
    judged_by_another: bool = False
    leader_known: bool = False


_JUDGED = ["reason_given", "judged_by_another"]
_PASSED = [*_JUDGED, "leader_known"]


class ReadingChart(Chart):
    """Found, then looked at: explained, passed on to the leader, or reported as a breach; never by the reader."""

    Facts = ReadingFacts
    follows = {}

    found = State(initial=True)
    asked = State()
    passed_on = State()
    answered = State()
    explained = State()
    reported = State(final=True)

    ask = found.to(asked, cond=_JUDGED) | answered.to(asked, cond=_JUDGED)
    answer = asked.to(answered, cond="reason_given") | passed_on.to(answered, cond="reason_given")
    pass_on = (
        found.to(passed_on, cond=_PASSED)
        | asked.to(passed_on, cond=_PASSED)
        | answered.to(passed_on, cond=_PASSED)
    )
    explain = (
        found.to(explained, cond=_JUDGED)
        | asked.to(explained, cond=_JUDGED)
        | passed_on.to(explained, cond=_JUDGED)
        | answered.to(explained, cond=_JUDGED)
    )
    report = (
        found.to(reported, cond=_JUDGED)
        | asked.to(reported, cond=_JUDGED)
        | passed_on.to(reported, cond=_JUDGED)
        | answered.to(reported, cond=_JUDGED)
        | explained.to(reported, cond=_JUDGED)
    )
