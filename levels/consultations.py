"""Anonymous consultation (anonym drøfting): a question without a child, its answer, and what may be learnt from it.

The question says nobody's name and no set of facts that identifies somebody (forvaltningsloven § 13 a no. 2: what is
told without identity is not confidential). Whether it does so is checked here, as far as a machine can.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from statemachine import State

from levels import workdays
from levels.charts import Chart
from levels.consequences import Notify, StopClock

# What the deadline of a question is for.
ADVICE = "advice"


class AgeBand(StrEnum):
    """About how old: wide enough that nobody is known by it."""

    BABY = "baby"
    TODDLER = "toddler"
    PRESCHOOL = "preschool"
    PRIMARY = "primary"
    MIDDLE = "middle"
    YOUTH = "youth"
    SEVERAL = "several"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "age_band"


AGE_BANDS = tuple(one.value for one in AgeBand)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationFacts:
    """What the chart needs to know about a question and whoever moves it."""

    asked_by_another: bool = False
    taken_by_actor: bool = False
    taker_there: bool = False
    something_written: bool = False
    nobody_named: bool = False
    consent_reaches: bool = False


_WRITTEN = ["something_written", "nobody_named"]


class ConsultationChart(Chart):
    """Asked, taken by somebody in the service, answered, and closed or asked on. Waiting ones may be withdrawn."""

    Facts = ConsultationFacts
    follows = {
        "answer": (StopClock(ADVICE), Notify("consultation_answered", "asker")),
        "follow_up": (Notify("consultation_followed_up", "taker"),),
    }

    asked = State(initial=True)
    taken = State()
    answered = State()
    closed = State()
    withdrawn = State(final=True)

    take = asked.to(taken, cond=["asked_by_another"]) | taken.to.itself(cond=["asked_by_another"])
    put_back = taken.to(asked)
    answer = taken.to(answered, cond=["taken_by_actor", *_WRITTEN])
    follow_up = (
        answered.to(taken, cond=[*_WRITTEN, "taker_there"])
        | closed.to(taken, cond=[*_WRITTEN, "taker_there"])
        | answered.to(asked, cond=_WRITTEN)
        | closed.to(asked, cond=_WRITTEN)
    )
    close = answered.to(closed, cond=["nobody_named"])
    withdraw = asked.to(withdrawn) | taken.to(withdrawn)
    attach = answered.to.itself(internal=True, cond=["consent_reaches"]) | closed.to.itself(
        internal=True, cond=["consent_reaches"]
    )


# Whose moves they are: everything else is the asked service's.
ASKERS = frozenset({"follow_up", "close", "withdraw", "attach"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeFacts:
    """What must be so before an answer is kept for all."""

    something_written: bool = False
    nobody_named: bool = False
    answer_given: bool = False
    asker_agrees: bool = False


class KnowledgeChart(Chart):
    """An answer that others may learn from: proposed by the service, kept when the asker agrees, declined by either."""

    Facts = KnowledgeFacts
    follows = {"propose": (Notify("knowledge_proposed", "asker"),)}

    unproposed = State(initial=True)
    proposed = State()
    kept = State(final=True)
    declined = State(final=True)

    propose = unproposed.to(proposed, cond=["answer_given", *_WRITTEN])
    agree = proposed.to(kept, cond=["asker_agrees"])
    decline = proposed.to(declined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Working days to answer in, months a question is kept after its last word, and signs in a text.

    A municipality may choose, within the bounds. No law names them: they are the house's proposal.
    """

    answer_workdays: int = 5
    kept_months: int = 12
    longest: int = 4000


BOUNDS = {"answer_workdays": (2, 20), "kept_months": (3, 36), "longest": (500, 10_000)}
SETTING = "advice_{}"


def limits_of(settings: Mapping[str, object]) -> Limits:
    """A municipality's limits from its settings; what is missing or out of bounds is as it comes."""
    found = {}
    for name, (least, most) in BOUNDS.items():
        chosen = settings.get(SETTING.format(name))
        if isinstance(chosen, int) and least <= chosen <= most:
            found[name] = chosen
    return Limits(**found)


def answer_by(day: date, limits: Limits) -> date:
    """The day by which a question asked, or asked on, that day is answered."""
    return workdays.add_workdays(day, limits.answer_workdays)


def remind_on(day: date, limits: Limits) -> date:
    """The day on which whoever has not answered is reminded: the working day before the last."""
    return workdays.add_workdays(day, limits.answer_workdays - 1)


class Find(StrEnum):
    """What in a text may tell who somebody is."""

    NATIONAL_NUMBER = "has_national_number"
    EMAIL = "has_email"
    PHONE = "has_phone"
    FULL_NAME = "names_somebody"
    NAME = "may_name_somebody"


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a text, and what it may be."""

    find: Find
    text: str


_NUMBERS = (
    (Find.NATIONAL_NUMBER, re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")),
    (Find.EMAIL, re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.\w+")),
    (
        Find.PHONE,
        re.compile(
            r"(?<![\d+])(?:(?:\+|00)\d{2}[ ]?)?(?:\d{8}|\d{3}[ ]\d{2}[ ]\d{3}|\d{2}(?:[ ]\d{2}){3})(?!\d)"
            r"|(?<!\d)\+\d(?:[ ]?\d){7,}(?!\d)"
        ),
    ),
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_PART = re.compile(r"[ -]+")
# Shorter names are words as well («Bo», «Liv»): they count only when written as a name.
_PLAIN_LENGTH = 4
_NEAR = 2  # how many words after a first name the last name may stand, for middle names


def finds(text: str, people: Iterable[tuple[str, str]] = ()) -> tuple[Found, ...]:
    """What in a text may tell who somebody is: numbers, addresses, and the names of `people` (first and last).

    A first and a last name of one person together are a person; one of them alone may be a word like any other. Names
    are found in the genitive as well, and in small letters where they are long enough not to be ordinary words.
    """
    numbers = [Found(kind, hit.group()) for kind, form in _NUMBERS for hit in form.finditer(text)]
    return tuple(dict.fromkeys(numbers)) + tuple(dict.fromkeys(_names(text, people)))


def _names(text: str, people: Iterable[tuple[str, str]]) -> list[Found]:
    firsts, lasts = _index(people)
    words = _WORD.findall(text)
    found = []
    for place, word in enumerate(words):
        first = _whose(firsts, word)
        following = words[place + 1 : place + 1 + _NEAR]
        last = next((one for one in following if first & _whose(lasts, one)), None)
        if last is not None:
            found.append(Found(Find.FULL_NAME, f"{word} {last}"))
        elif _is_name(word, first=bool(first), last=bool(_whose(lasts, word))):
            found.append(Found(Find.NAME, word))
    whole = {part for one in found if one.find is Find.FULL_NAME for part in one.text.split()}
    return [one for one in found if one.find is Find.FULL_NAME or one.text not in whole]


def _is_name(word: str, *, first: bool, last: bool) -> bool:
    """A last name alone («Berg», «Hagen») counts only when written as one."""
    return ((first or last) and word[0].isupper()) or (first and len(word) >= _PLAIN_LENGTH)


def _index(people: Iterable[tuple[str, str]]) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Every part of everybody's first and last names, and whose it is."""
    firsts: dict[str, set[int]] = {}
    lasts: dict[str, set[int]] = {}
    for number, (first, last) in enumerate(people):
        for names, index in ((first, firsts), (last, lasts)):
            for part in (names, *_PART.split(names)):
                if len(part) > 1:
                    index.setdefault(part.casefold(), set()).add(number)
    return firsts, lasts


def _whose(index: dict[str, set[int]], word: str) -> set[int]:
    """Whose name a word may be, as it stands or without the s of the genitive."""
    plain = word.casefold()
    forms = {plain, plain.removesuffix("s"), plain.removesuffix("s").rstrip("’'")}
    return set().union(*(index.get(form, set()) for form in forms))


def fault(found: Collection[Found], *, read_again: bool) -> str | None:
    """Why a text cannot be sent, or None. A name that may be a word is let through by somebody who has read again."""
    counted = [one.find for one in found if one.find is not Find.NAME or not read_again]
    return next((one.value for one in Find if one in counted), None)
