"""What is kept from the family: shown for good, or kept with a reason and a day that is still ahead."""

from datetime import date

import pytest

from levels.charts import Refused, move
from levels.consequences import StartClock, StopClock
from levels.hidings import HidingChart, HidingFacts, day_to_look

READY = {"reason_given": True, "later_day_chosen": True}


def test_what_is_kept_is_looked_at_again_and_what_is_shown_is_not():
    kept = move(HidingChart, "hidden", "keep", HidingFacts(**READY))
    assert (kept.after, kept.consequences) == ("hidden", (StopClock("hiding"), StartClock("hidden")))
    shown = move(HidingChart, "hidden", "show", HidingFacts(entry_is_shown=True))
    assert (shown.after, shown.consequences) == ("shown", (StopClock("hiding"),))


@pytest.mark.parametrize(
    ("state", "event", "facts", "unmet"),
    [
        ("hidden", "keep", {}, {"reason_given", "later_day_chosen"}),
        ("hidden", "show", READY, {"entry_is_shown"}),
        ("shown", "keep", {**READY, "entry_is_shown": True}, {"not_from_here"}),
        ("shown", "show", {"entry_is_shown": True}, {"not_from_here"}),
    ],
)
def test_a_refusal_names_all_that_is_missing_and_what_is_shown_is_never_hidden_again(
    state, event, facts, unmet
):
    with pytest.raises(Refused) as refused:
        move(HidingChart, state, event, HidingFacts(**facts))
    assert set(refused.value.unmet) == unmet


def test_a_day_that_has_passed_asks_for_an_answer_today():
    today = date(2026, 11, 24)
    assert day_to_look(date(2026, 11, 3), today) == today
    assert day_to_look(date(2026, 12, 3), today) == date(2026, 12, 3)
