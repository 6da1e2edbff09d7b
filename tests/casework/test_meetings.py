"""Meetings from the first proposal of times to the measures that were decided."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import (
    audit,
    cases,
    children,
    consents,
    coordinations,
    deadlines,
    followups,
    logs,
    measures,
    meetings,
    notices,
    sign_ins,
    staff,
)
from casework.access import Actor
from casework.refusals import AlreadyDone, Invalid, NotFound, NotPermitted, Refused, Stale
from levels.meetings import OfferedTime, best_time, time_warnings
from records.base import new_id

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


@pytest.fixture
def case_id(town):
    """A case with PPT and school health inside."""
    made = town.case(services=("ppt", "health"), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        asked = [coordinations.Ask(town.services[one], "Råd.") for one in ("ppt", "health")]
        coordinations.invite(tx, made, tuple(asked))
    with town.begin("teacher") as tx:
        invited = {one.service_id: one.id for one in coordinations.of_case(tx, made)}
    for name, service in (("adviser", "ppt"), ("nurse", "health")):
        with town.begin(name) as tx:
            coordinations.reply(tx, invited[town.services[service]], coordinations.Reply("yes"))
    return made


def slots(*starts):
    return tuple(meetings.Slot(one, one + timedelta(hours=1)) for one in starts)


def propose(town, case_id, *starts, people=("teacher", "adviser", "nurse"), **more):
    starts = starts or tuple(MONDAY + timedelta(days=day) for day in range(3))
    asked = tuple(town.people[one] for one in people)
    values = {"answer_by": date(2026, 11, 27), **more}
    with town.begin("teacher") as tx:
        return meetings.propose(tx, case_id, meetings.ProposeTimes("joint", slots(*starts), asked, **values))


def seen(town, proposal_id, who="teacher"):
    with town.begin(who) as tx:
        return meetings.proposal(tx, proposal_id)


def answer(town, proposal_id, who, *said):
    given = tuple(
        meetings.SlotAnswer(slot.id, one)
        for slot, one in zip(seen(town, proposal_id).slots, said, strict=True)
    )
    with town.begin(who) as tx:
        meetings.answer_times(tx, proposal_id, given)


def call(town, case_id, *, kind="joint", people=("teacher", "adviser", "nurse"), at=MONDAY, **more):
    asked = tuple(town.people[one] for one in people)
    with town.begin("teacher") as tx:
        return meetings.call(
            tx, case_id, meetings.CallMeeting(kind, at, at + timedelta(hours=1), asked, **more)
        )


def meeting(town, meeting_id, who="teacher"):
    with town.begin(who) as tx:
        return meetings.one(tx, meeting_id)


def kinds_to(as_owner, person, subject):
    rows = as_owner(
        "SELECT kind FROM notices WHERE practitioner_id = :p AND subject_id = :s ORDER BY written_at, id",
        p=person,
        s=subject,
    )
    return [row[0] for row in rows]


# The time is agreed


def test_everybody_answers_and_the_time_most_can_is_pointed_out(town, case_id):
    proposal = propose(town, case_id)
    answer(town, proposal, "teacher", "no", "yes", "yes")
    answer(town, proposal, "adviser", "no", "yes", "yes")
    answer(town, proposal, "nurse", "yes", "maybe", "maybe")

    found = seen(town, proposal)

    assert [slot.best for slot in found.slots] == [False, True, False], "of two that suit alike, the earlier"
    assert found.slots[1].yes == ("Adviser Test", "Teacher Test") and found.slots[1].maybe == ("Nurse Test",)
    assert (found.summary.asked, found.summary.answered) == (3, 3)


def test_picking_a_time_summons_the_meeting_with_what_was_answered_in_the_same_act(town, case_id, as_owner):
    proposal = propose(town, case_id, place="Rom 2", agenda=("Skolevei",))
    answer(town, proposal, "adviser", "no", "yes", "yes")
    with town.begin("teacher") as tx:
        meeting_id = meetings.pick(tx, proposal, seen(town, proposal).slots[1].id, key="pick-once")

    found = meeting(town, meeting_id)
    assert found.summary.state == "summoned" and found.summary.starts_at == MONDAY + timedelta(days=1)
    assert {one.name: one.answer for one in found.called}["Adviser Test"] == "yes"
    assert {"text": "Skolevei"} in found.agenda
    assert kinds_to(as_owner, town.people["nurse"], meeting_id) == ["meeting_summons"]
    after = seen(town, proposal).summary
    assert (after.state, after.meeting_id) == ("agreed", meeting_id)
    with town.begin("teacher") as tx:
        assert deadlines.pending(tx, proposal, "times") is None
    with pytest.raises(AlreadyDone), town.begin("teacher") as tx:
        meetings.pick(tx, proposal, seen(town, proposal).slots[1].id, key="pick-once")
    with pytest.raises(Refused), town.begin("teacher") as tx:
        meetings.pick(tx, proposal, seen(town, proposal).slots[2].id)


def test_a_time_that_has_passed_cannot_be_picked(town, case_id, clock):
    proposal = propose(town, case_id)
    clock.at = MONDAY + timedelta(minutes=1)
    with pytest.raises(Refused) as refusal, town.begin("teacher") as tx:
        meetings.pick(tx, proposal, seen(town, proposal).slots[0].id)
    assert refusal.value.unmet == ("time_is_ahead",)
    assert seen(town, proposal).summary.state == "proposed"


@pytest.mark.parametrize(
    ("starts", "field"),
    [
        ((MONDAY,), "slots"),
        ((MONDAY, MONDAY), "slots"),
        (tuple(MONDAY + timedelta(days=n) for n in range(7)), "slots"),
        ((MONDAY, MONDAY - timedelta(days=30)), "starts_at_1"),
    ],
)
def test_two_to_six_different_times_ahead_are_proposed(town, case_id, starts, field):
    with pytest.raises(Invalid) as refusal:
        propose(town, case_id, *starts)
    assert field in refusal.value.errors


def test_a_service_outside_the_consent_is_not_asked(town, case_id):
    with pytest.raises(Refused):
        propose(town, case_id, people=("teacher", "worker"))


def test_only_the_holder_proposes_picks_and_takes_back(town, case_id):
    proposal = propose(town, case_id)
    slot = seen(town, proposal).slots[0].id
    for act in (
        lambda tx: meetings.pick(tx, proposal, slot),
        lambda tx: meetings.withdraw(tx, proposal),
        lambda tx: meetings.answer_for_family(tx, proposal, seen(town, proposal).asked[0].id, ()),
    ):
        with pytest.raises(NotPermitted), town.begin("adviser") as tx:
            act(tx)
        with pytest.raises(NotFound), town.begin("colleague") as tx:
            act(tx)
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        meetings.proposal(tx, proposal)


def test_one_who_is_inside_but_not_asked_has_nothing_to_answer(town, case_id):
    proposal = propose(town, case_id, people=("teacher", "adviser"))
    given = tuple(meetings.SlotAnswer(slot.id, "yes") for slot in seen(town, proposal).slots)
    with pytest.raises(NotFound), town.begin("nurse") as tx:
        meetings.answer_times(tx, proposal, given)


def test_an_answer_is_for_every_time_and_for_times_that_were_proposed(town, case_id):
    proposal, other = propose(town, case_id), propose(town, case_id)
    first, *_rest = seen(town, proposal).slots
    strange = seen(town, other).slots
    for wrong in (
        (meetings.SlotAnswer(first.id, "yes"),),
        tuple(meetings.SlotAnswer(slot.id, "yes") for slot in strange),
        tuple(meetings.SlotAnswer(slot.id, "perhaps") for slot in seen(town, proposal).slots),
    ):
        with pytest.raises(Invalid), town.begin("adviser") as tx:
            meetings.answer_times(tx, proposal, wrong)


def test_the_holder_writes_down_what_the_family_answers_and_nobody_elses(town, case_id):
    with town.begin("teacher") as tx:
        guardians = tuple(one.id for one in _guardians(tx, case_id))
    proposal = propose(town, case_id, guardian_ids=guardians, the_child=True)
    found = seen(town, proposal)
    given = tuple(meetings.SlotAnswer(slot.id, "yes") for slot in found.slots)
    for one in found.asked:
        if one.practitioner_id is None:
            with town.begin("teacher") as tx:
                meetings.answer_for_family(tx, proposal, one.id, given)
        else:
            with pytest.raises(NotFound), town.begin("teacher") as tx:
                meetings.answer_for_family(tx, proposal, one.id, given)
    said = seen(town, proposal).slots[0].yes
    assert set(said) == {"Iben Solvang", "Lena Myrvold", "Anders Solvang"}


def _guardians(tx, case_id):
    return children.guardians(tx, cases.details(tx, case_id).head.child.id)


def test_those_asked_are_told_without_names_the_silent_are_reminded_once_and_the_rest_left_in_peace(
    town, case_id, clock, as_owner
):
    proposal = propose(town, case_id, answer_by=date(2026, 12, 4))
    answer(town, proposal, "nurse", "yes", "yes", "yes")
    clock.at = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    for _ in range(2):
        with town.casework.begin(Actor.system()) as tx:
            followups.remind_due(tx)
        with town.casework.begin(Actor.system()) as tx:
            meetings.remind_silent(tx)

    assert kinds_to(as_owner, town.people["adviser"], proposal) == ["times_proposed", "times_reminder"]
    assert kinds_to(as_owner, town.people["nurse"], proposal) == ["times_proposed"]
    held = as_owner("SELECT n::text FROM notices n WHERE subject_id = :p", p=proposal)
    assert not [row for row in held if "Iben" in row[0] or "Solvang" in row[0]]


def test_the_last_answer_tells_the_holder_that_a_time_can_be_chosen(town, case_id, as_owner):
    proposal = propose(town, case_id, people=("adviser", "nurse"))
    answer(town, proposal, "adviser", "yes", "yes", "yes")
    assert kinds_to(as_owner, town.people["teacher"], proposal) == []
    answer(town, proposal, "nurse", "yes", "yes", "yes")
    answer(town, proposal, "nurse", "no", "yes", "yes")
    assert kinds_to(as_owner, town.people["teacher"], proposal) == ["times_answered"]


def test_times_taken_back_are_told_and_answered_no_more(town, case_id, as_owner):
    proposal = propose(town, case_id)
    with town.begin("teacher") as tx:
        meetings.withdraw(tx, proposal, reason="Mor kan ikke", version=seen(town, proposal).summary.version)
    assert kinds_to(as_owner, town.people["nurse"], proposal) == ["times_proposed", "times_withdrawn"]
    with pytest.raises(Refused):
        answer(town, proposal, "nurse", "yes", "yes", "yes")
    with town.begin("nurse") as tx:
        assert meetings.times_asked_of_me(tx) == []


def test_two_who_pick_at_once_call_one_meeting(town, case_id):
    proposal = propose(town, case_id)
    found = seen(town, proposal)
    with town.begin("teacher") as tx:
        meetings.pick(tx, proposal, found.slots[0].id, version=found.summary.version)
    with pytest.raises(Stale), town.begin("teacher") as tx:
        meetings.pick(tx, proposal, found.slots[1].id, version=found.summary.version)
    with town.begin("teacher") as tx:
        assert len(meetings.of_case(tx, case_id)) == 1


TIMES = st.lists(
    st.builds(
        OfferedTime,
        id=st.uuids(),
        starts_at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
        yes=st.integers(0, 4),
        maybe=st.integers(0, 4),
    ),
    max_size=6,
)
NOW = datetime(2026, 7, 1, tzinfo=UTC)


@given(TIMES)
def test_no_time_beats_the_best_whatever_was_answered(times):
    best = best_time(times, now=NOW)
    possible = [one for one in times if one.starts_at > NOW and one.yes + one.maybe]
    assert (best is None) == (possible == [])
    for other in possible:
        assert best.yes >= other.yes
        if best.yes == other.yes:
            assert best.maybe <= other.maybe
            if best.maybe == other.maybe:
                assert best.starts_at <= other.starts_at
    assert best_time(reversed(times), now=NOW) == best or len({one.id for one in times}) < len(times)


@given(TIMES)
def test_one_more_yes_never_makes_the_best_time_worse(times):
    best = best_time(times, now=NOW)
    if best is not None:
        better = [replace(one, yes=one.yes + 1) if one is best else one for one in times]
        assert best_time(better, now=NOW).id == best.id


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2026, 12, 25, 9, tzinfo=UTC), ("on_a_holiday",)),
        (datetime(2027, 5, 17, 9, tzinfo=UTC), ("on_a_holiday",)),
        (datetime(2026, 12, 5, 9, tzinfo=UTC), ("at_a_weekend",)),
        (datetime(2026, 12, 4, 22, 59, tzinfo=UTC), ()),
        (datetime(2026, 12, 4, 23, 0, tzinfo=UTC), ("at_a_weekend",)),
        (datetime(2027, 5, 16, 22, 30, tzinfo=UTC), ("on_a_holiday",)),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), ("time_is_past",)),
    ],
)
def test_holidays_weekends_and_the_past_are_warned_about_by_norwegian_days(at, told):
    assert time_warnings(at, now=datetime(2026, 11, 24, 11, tzinfo=UTC)) == told


# Calendar replies


def reply(town, meeting_id, *, attendee=None, partstat="ACCEPTED", sequence=0, uid=None):
    with town.casework.begin(Actor.system()) as tx:
        return meetings.reply_by_mail(
            tx,
            uid=uid or f"{meeting_id}@stafetten",
            attendee=attendee if attendee is not None else email(town, "nurse"),
            partstat=partstat,
            sequence=sequence,
        )


def email(town, who):
    with town.begin("administrator") as tx:
        return staff.person(tx, town.people[who]).email


def coming(town, meeting_id, who="Nurse Test"):
    return {one.name: one.answer for one in meeting(town, meeting_id).called}[who]


@pytest.mark.parametrize(
    ("partstat", "answer"), [("ACCEPTED", "yes"), ("declined", "no"), ("Tentative", "maybe")]
)
def test_a_calendars_reply_is_the_answer_and_stands_in_the_trail(town, case_id, partstat, answer, as_owner):
    meeting_id = call(town, case_id)
    assert reply(town, meeting_id, attendee=email(town, "nurse").upper(), partstat=partstat)
    assert coming(town, meeting_id) == answer
    [[body]] = as_owner("SELECT body FROM audit WHERE file_id = :c AND act = 'answer_meeting'", c=case_id)
    assert json.loads(body)["by"] == "mail" and "@" not in body
    with town.casework.begin(Actor.system()) as tx:
        assert audit.verify(tx) == []


def test_a_reply_that_cannot_be_believed_changes_nothing(town, case_id):
    meeting_id = call(town, case_id)
    with town.begin("teacher") as tx:
        later = MONDAY + timedelta(days=1)
        meetings.move_time(
            tx, meeting_id, starts_at=later, ends_at=later + timedelta(hours=1), reason="Sykdom"
        )
    for forged in (
        {"sequence": 0},
        {"sequence": 2},
        {"attendee": "stranger@example.test"},
        {"attendee": email(town, "worker")},
        {"attendee": ""},
        {"attendee": "%"},
        {"partstat": "NEEDS-ACTION"},
        {"partstat": ""},
        {"uid": f"{new_id()}@stafetten"},
        {"uid": str(meeting_id)},
        {"uid": f"{meeting_id}@elsewhere"},
        {"uid": "' OR 1=1 --@stafetten"},
    ):
        assert reply(town, meeting_id, **{"sequence": 1, **forged}) is False, forged
    assert coming(town, meeting_id) == "none"
    assert reply(town, meeting_id, sequence=1) is True


@pytest.mark.parametrize("ending", ["cancel", "hold"])
def test_a_reply_after_the_meeting_is_over_or_called_off_changes_nothing(town, case_id, ending):
    meeting_id = call(town, case_id)
    with town.begin("teacher") as tx:
        if ending == "cancel":
            meetings.cancel(tx, meeting_id, reason="Sykdom")
        else:
            meetings.hold(tx, meeting_id, meetings.HoldMeeting("Enige."))
    sequence = meeting(town, meeting_id).summary.sequence
    assert reply(town, meeting_id, sequence=sequence) is False
    assert coming(town, meeting_id) == "none"


# One's own calendar


def feed_token(town, who="nurse"):
    with town.begin(who) as tx:
        return meetings.make_feed(tx)


def owner(town, token):
    with town.casework.begin(Actor.stranger()) as tx:
        return meetings.feed_owner(tx, token)


def test_a_new_address_replaces_the_former_and_a_revoked_one_opens_nothing(town, as_owner):
    former, present = feed_token(town), feed_token(town)
    with pytest.raises(NotFound):
        owner(town, former)
    assert owner(town, present) == town.people["nurse"]
    kept = as_owner("SELECT f::text FROM calendar_feeds f WHERE practitioner_id = :p", p=town.people["nurse"])
    assert not [row for row in kept if present in row[0] or former in row[0]], "only hashes are kept"
    with town.begin("nurse") as tx:
        meetings.revoke_feed(tx)
    with pytest.raises(NotFound):
        owner(town, present)
    with town.begin("nurse") as tx:
        meetings.revoke_feed(tx)


def test_nobody_sees_or_stops_anothers_calendar(town):
    token = feed_token(town)
    with town.begin("adviser") as tx:
        assert meetings.feed_since(tx) is None
    with town.begin("adviser") as tx:
        meetings.revoke_feed(tx)
    assert owner(town, token) == town.people["nurse"]


def test_one_who_has_left_has_no_calendar_to_open(town, case_id, as_owner):
    call(town, case_id)
    token = feed_token(town)
    as_owner("UPDATE practitioners SET left_on = '2026-11-01' WHERE id = :p", p=town.people["nurse"])
    with pytest.raises(NotFound), town.casework.begin(Actor.stranger()) as tx:
        sign_ins.actor_for(tx, meetings.feed_owner(tx, token))


def test_the_calendar_holds_ones_own_meetings_and_only_those_one_still_may_see(town, case_id):
    meeting_id = call(town, case_id)
    with town.begin("nurse") as tx:
        assert [one.id for one in meetings.busy(tx)] == [meeting_id]
    with town.begin("worker") as tx:
        assert meetings.busy(tx) == []
    with town.begin("teacher") as tx:
        given = next(c for c in consents.of_case(tx, case_id) if c.service_id == town.services["health"])
    with town.begin("teacher") as tx:
        consents.record(tx, given.id, consents.Answer("withdrawn", "oral"))
    with town.begin("nurse") as tx:
        assert meetings.busy(tx) == []


# The agenda writes itself


def codes(found):
    return [point.get("code", "text") for point in found.agenda]


def test_the_agenda_is_what_the_case_says_in_the_order_it_matters(town, case_id, clock):
    with town.begin("teacher") as tx:
        for title, until in (
            ("Leseleksa", date(2026, 11, 26)),
            ("Søvn", date(2026, 12, 10)),
            ("Siden", date(2027, 3, 1)),
        ):
            measures.plan(
                tx, case_id, measures.PlanMeasure(title, "Mål", town.people["teacher"], evaluate_on=until)
            )
    meeting_id = call(town, case_id, agenda=("Skolevei",), at=MONDAY + timedelta(days=3))
    clock.at = datetime(2026, 11, 28, 9, tzinfo=UTC)

    found = meeting(town, meeting_id)

    assert found.agenda[0]["words"] == "Det er kjedelig i friminuttet."
    assert codes(found)[:3] == ["child_view", "measure_overdue", "measure_due"]
    assert [point["measure"] for point in found.agenda[1:3]] == ["Leseleksa", "Søvn"]
    assert codes(found)[-3:] == ["guide_decision", "text", "next_steps"]


def test_the_agenda_knows_a_child_nobody_asked_an_ending_consent_and_a_silent_service(town, as_owner, clock):
    made = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, made, (coordinations.Ask(town.services["ppt"], "Råd."),))
    as_owner("DELETE FROM child_views WHERE case_id = :c", c=made)
    as_owner(
        "UPDATE consents SET expires_on = '2026-12-10' WHERE case_id = :c AND service_id IS NOT NULL", c=made
    )
    meeting_id = call(town, made, people=("teacher",))

    found = meeting(town, meeting_id)

    assert codes(found)[0] == "child_unasked"
    [ending] = [point for point in found.agenda if point.get("code") == "consent_expires"]
    assert (ending["service"], ending["on"]) == ("Fjordvik ppt", "2026-12-10")
    assert "invitation_unanswered" in codes(found)


def test_the_agenda_changes_with_the_case_until_the_meeting_is_held_and_then_never_again(
    town, case_id, clock
):
    meeting_id = call(town, case_id, agenda=("Skolevei",))
    clock.at += timedelta(minutes=1)
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words="Jeg vil ha en venn.")
    before = meeting(town, meeting_id).agenda
    assert before[0]["words"] == "Jeg vil ha en venn."
    with town.begin("teacher") as tx:
        meetings.hold(tx, meeting_id, meetings.HoldMeeting("Enige."))
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words="Det går bedre.")
    assert meeting(town, meeting_id).agenda == before


# Minutes and decisions


def decide(*rows, **more):
    return meetings.HoldMeeting("Enige.", measures=tuple(rows), **more)


def test_each_decision_becomes_a_measure_that_knows_its_meeting_and_runs(town, case_id):
    meeting_id = call(town, case_id)
    wanted = decide(
        meetings.DecidedMeasure("Lesegruppe", "Leser daglig", town.people["adviser"], date(2027, 1, 15)),
        meetings.DecidedMeasure("Søvnsamtale", "Sover åtte timer", town.people["nurse"]),
        decisions=("Vi møtes på skolen.",),
        key="held",
    )
    with town.begin("teacher") as tx:
        meetings.hold(tx, meeting_id, wanted)
    with pytest.raises(AlreadyDone) as again, town.begin("teacher") as tx:
        meetings.hold(tx, meeting_id, wanted)
    assert again.value.result["meeting_id"] == str(meeting_id)

    found = meeting(town, meeting_id)
    assert [(one.title, one.responsible_name) for one in found.decided] == [
        ("Lesegruppe", "Adviser Test"),
        ("Søvnsamtale", "Nurse Test"),
    ]
    assert found.decisions == ("Vi møtes på skolen.",)
    with town.begin("teacher") as tx:
        tried = {one.title: one for one in measures.of_case(tx, case_id)}
        assert deadlines.pending(tx, tried["Lesegruppe"].id, "evaluation").target_on == date(2027, 1, 15)
    assert {one.state for one in tried.values()} == {"running"}


def test_one_bad_decision_holds_everything_back_and_says_which(town, case_id):
    meeting_id = call(town, case_id)
    wanted = decide(
        meetings.DecidedMeasure("Lesegruppe", "Leser daglig", town.people["adviser"]),
        meetings.DecidedMeasure("Søvn", "", town.people["nurse"]),
        meetings.DecidedMeasure("Tur", "Ute", town.people["worker"]),
    )
    with pytest.raises(Invalid) as refusal, town.begin("teacher") as tx:
        meetings.hold(tx, meeting_id, wanted)
    assert refusal.value.errors == {"goal_1": "write_something", "responsible_id_2": "not_in_the_case"}
    assert meeting(town, meeting_id).summary.state == "summoned"
    with town.begin("teacher") as tx:
        assert measures.of_case(tx, case_id) == []


def test_the_next_meeting_is_called_with_the_same_people_when_this_one_is_held(town, case_id):
    meeting_id = call(town, case_id, place="Rom 2")
    after = MONDAY + timedelta(days=21)
    with town.begin("teacher") as tx:
        meetings.hold(tx, meeting_id, decide(next_starts_at=after, next_ends_at=after + timedelta(hours=1)))
    with town.begin("teacher") as tx:
        following = meetings.of_case(tx, case_id)[0]
    assert (following.state, following.starts_at, following.called, following.place) == (
        "summoned",
        after,
        3,
        "Rom 2",
    )


def test_two_writers_never_overwrite_each_other_and_the_second_is_shown_what_the_first_wrote(town, case_id):
    meeting_id = call(town, case_id)
    version = meeting(town, meeting_id).summary.version
    with town.begin("teacher") as tx:
        meetings.write_minutes(tx, meeting_id, minutes="Iben vil tegne.", version=version)
    for act in (
        lambda tx: meetings.write_minutes(tx, meeting_id, minutes="Noe annet.", version=version),
        lambda tx: meetings.hold(tx, meeting_id, meetings.HoldMeeting("Noe annet.", version=version)),
    ):
        with pytest.raises(Stale) as refusal, town.begin("teacher") as tx:
            act(tx)
        assert [(one.actor_name, one.text) for one in refusal.value.changes] == [
            ("Teacher Test", "Iben vil tegne.")
        ]
    assert meeting(town, meeting_id).minutes == "Iben vil tegne."


def test_notices_about_times_lead_to_no_name(town, case_id):
    proposal = propose(town, case_id)
    with town.casework.begin(Actor.system()) as tx:
        waiting = notices.waiting(tx, limit=100_000)
    letters = []
    for one in waiting:
        with town.casework.begin(Actor.system()) as tx:
            letters.append(notices.to_send(tx, one))
    mine = [letter for letter in letters if letter and letter.kind == "times_proposed"]
    assert len(mine) >= 2 and not [letter for letter in mine if "Iben" in str(letter)]
    assert seen(town, proposal).summary.asked == 3


@pytest.mark.parametrize(("place", "told"), [
    ("Hjemme hos Iben", {"place": "without_the_name"}),
    ("hos familien SOLVANG", {"place": "without_the_name"}),
    ("Møterom 2, Ibenholt gård", {}),
])  # fmt: skip
def test_a_place_goes_out_in_the_calendar_without_the_childs_name(town, case_id, place, told):
    at = town.casework.clock.now() + timedelta(days=3)
    wanted = meetings.CallMeeting(
        "joint", at, at + timedelta(hours=1), (town.people["teacher"],), place=place
    )
    refused = {}
    try:
        with town.begin("teacher") as tx:
            meetings.call(tx, case_id, wanted)
    except Invalid as error:
        refused = error.errors
    assert refused == told
