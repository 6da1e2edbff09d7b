"""Which readings are odd: every sign is found, nothing else is, and no municipality can look away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from levels.readings import BOUNDS, Limits, Look, Sign, limits_of, odd

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
READER, OTHER = UUID(int=1), UUID(int=2)


def look(n: int = 0, *, reader: UUID = READER, child: int = 0, after: float = 0, **more: object) -> Look:
    """A read at noon by somebody with a part in the case."""
    file = UUID(int=1000 + child)
    at = NOON + timedelta(minutes=after)
    return Look(entry_id=UUID(int=5000 + n), reader_id=reader, at=at, file_id=file, child_id=file, **more)  # type: ignore[arg-type]


def signs(looks: list[Look], limits: Limits | None = None) -> list[str]:
    """What was found, in order."""
    return sorted(one.sign.value for one in odd(looks, limits or Limits()))


def test_an_ordinary_day_at_work_is_not_odd():
    assert signs([look(n, child=n, after=n * 30) for n in range(8)]) == []


def test_a_read_without_a_part_in_the_file_is_asked_about_also_when_it_was_an_emergency():
    assert signs([look(related=False)]) == ["no_relation"]
    assert signs([look(emergency=True)]) == ["no_relation"]


def test_night_is_from_ten_to_six_in_norway_and_not_for_those_on_duty():
    summer = datetime(2026, 7, 1, 20, 0, tzinfo=UTC)
    for at, found in (
        (datetime(2026, 11, 24, 20, 59, tzinfo=UTC), []),
        (datetime(2026, 11, 24, 21, 0, tzinfo=UTC), ["night"]),
        (datetime(2026, 11, 25, 4, 59, tzinfo=UTC), ["night"]),
        (datetime(2026, 11, 25, 5, 0, tzinfo=UTC), []),
        (summer, ["night"]),
        (summer - timedelta(minutes=1), []),
    ):
        one = Look(entry_id=UUID(int=1), reader_id=READER, at=at, file_id=UUID(int=2))
        assert signs([one]) == found, at
        on_duty = Look(entry_id=UUID(int=1), reader_id=READER, at=at, file_id=UUID(int=2), on_duty=True)
        assert signs([on_duty]) == []


def test_many_children_are_counted_in_any_hour_and_the_same_child_once():
    ten = [look(n, child=n, after=25 + n * 6) for n in range(10)]
    assert signs(ten) == ["many_in_hour"], "an hour may begin at any minute"
    assert signs([look(n, child=n, after=n * 7) for n in range(10)]) == [], "the tenth came after the hour"
    assert signs([look(n, child=0, after=n) for n in range(50)]) == []
    assert signs([look(n, child=n, after=n * 15) for n in range(30)]) == ["many_in_day"]


def test_a_search_field_that_asks_at_every_key_is_one_look_up():
    typed = [look(n, missed="search", after=n / 60) for n in range(30)]
    assert signs(typed) == []
    fishing = [look(n, missed="search", after=n * 3) for n in range(8)]
    assert signs(fishing) == ["fishing"]


def test_a_failed_emergency_read_is_asked_about_the_first_time():
    assert signs([look(missed="emergency")]) == ["failed_emergency"]
    assert signs([look(missed="emergency")], Limits(failed_emergencies=2)) == []


def test_a_closed_case_may_be_read_for_a_month_and_a_shared_name_is_always_asked_about():
    for days, found in ((29, []), (30, ["closed_case"])):
        assert signs([look(closed_at=NOON - timedelta(days=days))]) == found
    assert signs([look(same_name=True)]) == ["same_name"]


def test_no_municipality_can_switch_a_sign_off():
    for name, (least, most) in BOUNDS.items():
        assert getattr(limits_of({f"reading_{name}": least}), name) == least
        for wrong in (least - 1, most + 1, "many", None):
            assert getattr(limits_of({f"reading_{name}": wrong}), name) == getattr(Limits(), name)


LOOKS = st.lists(
    st.builds(
        look,
        n=st.integers(0, 10_000),
        reader=st.sampled_from([READER, OTHER]),
        child=st.integers(0, 40),
        after=st.integers(0, 700),
        missed=st.sampled_from(["", "", "search", "emergency"]),
        related=st.booleans(),
        emergency=st.booleans(),
        on_duty=st.booleans(),
        same_name=st.booleans(),
    ),
    max_size=60,
    unique_by=lambda one: one.entry_id,
)
LIMITS = st.builds(Limits, **{name: st.integers(*bounds) for name, bounds in BOUNDS.items()})


@settings(max_examples=60, deadline=None)
@given(looks=LOOKS, limits=LIMITS)
def test_what_is_found_holds_whatever_happened(looks, limits):
    by_id = {one.entry_id: one for one in looks}
    found = odd(looks, limits)
    for one in found:
        theirs = [by_id[entry] for entry in one.entry_ids]
        assert theirs and {each.reader_id for each in theirs} == {one.reader_id}, "nobody answers for another"
        assert all(
            bool(each.missed) == (one.sign in (Sign.FISHING, Sign.FAILED_EMERGENCY)) for each in theirs
        )
    assert len({(one.sign, one.reader_id, one.file_id) for one in found}) == len(found), "each stands once"
    strangers = {one.entry_id for one in looks if not one.missed and (one.emergency or not one.related)}
    asked = {entry for one in found if one.sign is Sign.NO_RELATION for entry in one.entry_ids}
    assert asked == strangers, "no read without a part in the file is ever passed over"
    assert odd(list(reversed(looks)), limits) == found, "the order they are told in does not matter"


@settings(max_examples=30, deadline=None)
@given(looks=LOOKS, limits=LIMITS, more=st.integers(1, 5))
def test_a_wider_limit_never_finds_more(looks, limits, more):
    wider = Limits(
        children_in_hour=limits.children_in_hour + more,
        children_in_day=limits.children_in_day + more,
        misses_in_day=limits.misses_in_day + more,
        failed_emergencies=limits.failed_emergencies + more,
        closed_days=limits.closed_days + more,
    )
    assert {(o.sign, o.reader_id, o.file_id) for o in odd(looks, wider)} <= {
        (o.sign, o.reader_id, o.file_id) for o in odd(looks, limits)
    }
