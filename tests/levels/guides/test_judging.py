"""Verdicts: which reason decides, what is told, and what can never happen."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levels import guides
from levels.guides import Evidence, Kind, MoveFacts, MoveRequest, Position, ReasonCode
from tests.levels.guides.drafts import SOUND, spoiled

TODAY = date(2026, 11, 24)
ALL = tuple(guides.read(guides.library(name)) for name in guides.shipped())
SMALL = guides.read(SOUND)
CODES = [str(code) for code in Evidence]
WORDS = {str(code) for code in ReasonCode} | set(CODES)


def _facts(*evidence, **more):
    return MoveFacts(evidence=frozenset(evidence), today=TODAY, **more)


def _judge(guide, level, step, to, *, when=None, to_step=None, facts=None):
    return guides.judge(guide, Position(level, step), MoveRequest(to, when, to_step), facts or _facts())


def test_a_deviation_needs_a_written_reason_and_a_refusal_has_none():
    permits = {kind: guides.Verdict(kind).permits("because") for kind in Kind}
    without = {kind: guides.Verdict(kind).permits("") for kind in Kind}

    assert [kind for kind in Kind if permits[kind] and not without[kind]] == [Kind.WARNED, Kind.NOT_IN_GUIDE]
    assert not permits[Kind.REFUSED]


def test_all_that_is_missing_is_told_at_once_and_the_heaviest_first():
    guide = guides.read(
        spoiled(
            'text: Others too, to: "2"',
            'text: Others too, to: "2", gate: warn, requires: [meeting_held, goals_set]',
        )
    )

    verdict = _judge(guide, "1", "look", "2", when="more")

    assert [(one.code, one.kind) for one in verdict.reasons] == [
        ("consent_to_share", Kind.REFUSED),
        ("meeting_held", Kind.WARNED),
        ("goals_set", Kind.WARNED),
    ]


def test_nobody_comes_to_level_2_without_consent_to_share_not_even_beside_the_guide():
    by_the_guide = _judge(SMALL, "1", "look", "2", when="more")
    beside = _judge(SMALL, "1", "look", "2", when="a reason of our own")

    assert by_the_guide.kind is beside.kind is Kind.REFUSED
    assert by_the_guide.missing == beside.missing == ("consent_to_share",)


def test_a_familys_no_is_respected_and_work_goes_on_with_a_reason_and_without_a_shared_log():
    verdict = _judge(SMALL, "1", "look", "2", facts=_facts("sharing_declined"))

    assert (verdict.kind, verdict.reasons[0].code) == (Kind.WARNED, "sharing_declined_without_log")


def test_going_round_and_down_asks_for_no_new_consent():
    tromso = guides.read(guides.library("tromso"))

    assert _judge(tromso, "2", "2.5", "2").kind is Kind.ALLOWED
    assert _judge(tromso, "3", "3.5", "2").kind is Kind.ALLOWED
    assert _judge(tromso, "3", "3.5", "1").target == Position("1", "1.1")


def test_an_outcome_leads_to_the_step_it_names():
    assert _judge(SMALL, "1", "look", "1", when="again").target == Position("1", "try")


def test_another_step_than_the_guide_names_is_warned_about():
    verdict = _judge(SMALL, "1", "look", "1", when="again", to_step="look")

    assert (verdict.kind, verdict.reasons[0].code) == (Kind.WARNED, "other_step_than_guide")
    assert verdict.target == Position("1", "look")


def test_an_outcome_taken_before_its_step_is_warned_about():
    verdict = _judge(SMALL, "0", "notice", "1", when="own")

    assert (verdict.kind, verdict.reasons[0].code) == (Kind.WARNED, "outcome_from_other_step")
    assert _judge(SMALL, "0", "choose", "1", when="own").kind is Kind.ALLOWED


def test_an_outcome_with_another_target_is_not_in_the_guide():
    verdict = _judge(SMALL, "0", "choose", "1", when="nothing")

    assert (verdict.kind, verdict.reasons[0].code) == (Kind.NOT_IN_GUIDE, "outcome_leads_elsewhere")


def test_a_way_the_guide_does_not_have_is_not_in_the_guide():
    text = SOUND.replace(
        "      - {when: done, text: Well enough, to: close}\n      - {when: again", "      - {when: again"
    )
    verdict = _judge(guides.read(text), "1", "look", "close")

    assert (verdict.kind, verdict.reasons[0].code, verdict.target) == (
        Kind.NOT_IN_GUIDE,
        "not_among_outcomes",
        None,
    )


def test_what_the_published_pages_do_not_tell_is_a_warning_and_not_a_no():
    verdict = _judge(
        guides.read(guides.library("vestre_toten")), "0", "avklar", "2", facts=_facts("consent_to_share")
    )

    assert (verdict.kind, verdict.reasons[0].code) == (Kind.WARNED, "guide_not_fully_known")


def test_a_gap_is_shown_as_the_common_pattern_and_stops_nobody():
    verdict = _judge(guides.read(guides.library("tromso")), "1", "1.5", "close")

    assert verdict.kind is Kind.ALLOWED
    assert [note.code for note in verdict.notes] == ["common_pattern"]


@pytest.mark.parametrize(
    ("level", "to", "to_step", "code"),
    [
        ("9", "1", None, "no_such_level"),
        ("0", "9", None, "no_such_level"),
        ("0", 3, None, "no_such_level"),
        ("0", "1", "9", "no_such_step"),
    ],
)
def test_what_does_not_exist_is_refused(level, to, to_step, code):
    verdict = _judge(SMALL, level, "choose", to, to_step=to_step)

    assert (verdict.kind, verdict.reasons[0].code) == (Kind.REFUSED, code)


def test_a_national_level_finds_the_phase_an_outcome_leads_to():
    storelva = guides.read(guides.library("storelva"))

    assert _judge(storelva, "fase-1", "velje", 1).target.level_id == "fase-2"
    assert (
        _judge(storelva, "fase-2", "sja-att", 3, facts=_facts("concern_report_sent")).target.level_id
        == "fase-5"
    )


def test_phases_can_be_jumped_where_the_guide_says_so():
    storelva = guides.read(guides.library("storelva"))
    verdict = _judge(
        storelva, "fase-3", "drofte", "fase-5", when="mange", facts=_facts("consent_to_share", "meeting_held")
    )

    assert (verdict.kind, verdict.target) == (Kind.ALLOWED, Position("fase-5", "samle"))


def test_asking_the_decision_forum_leaves_the_case_where_it_is():
    storelva = guides.read(guides.library("storelva"))
    here = Position("fase-5", "sja-att")

    verdict = guides.judge(
        storelva, here, MoveRequest("decision_forum", "fast"), _facts("measures_evaluated", "child_heard")
    )

    assert (verdict.kind, verdict.target) == (Kind.ALLOWED, here)


def test_the_step_of_decision_asks_for_its_evidence_when_the_level_is_left():
    storelva = guides.read(guides.library("storelva"))

    assert _judge(storelva, "fase-2", "sja-att", "fase-3").missing == ("measures_evaluated", "child_heard")


def test_a_concern_about_care_waits_for_nothing_but_the_report():
    storelva = guides.read(guides.library("storelva"))

    verdict = _judge(
        storelva, "fase-2", "samtykke", "fase-5", when="omsorg", facts=_facts("concern_report_sent")
    )

    assert verdict.kind is Kind.ALLOWED


def test_steps_that_must_be_done_are_named_when_they_are_counted():
    vestre_toten = guides.read(guides.library("vestre_toten"))
    kept = _facts("consent_to_share", steps_done=frozenset({"samarbeidsmote"}))

    verdict = _judge(vestre_toten, "2", "evaluering", "3", facts=kept)

    assert [(one.code, one.text) for one in verdict.reasons] == [("step_must_be_done", "Planlegg tiltak")]
    assert _judge(vestre_toten, "2", "evaluering", "3", facts=_facts("consent_to_share")).kind is Kind.ALLOWED


@pytest.mark.parametrize(
    ("days", "kind", "late"),
    [(14, Kind.ALLOWED, 0), (15, Kind.ALLOWED_LATE, 1), (100, Kind.ALLOWED_LATE, 86)],
)
def test_lateness_is_counted_from_when_the_clock_began_where_no_due_day_is_kept(days, kind, late):
    facts = _facts(started={"decide": TODAY - timedelta(days=days)})

    verdict = _judge(SMALL, "0", "choose", "close", facts=facts)

    assert (verdict.kind, verdict.late_by_days) == (kind, late)


def test_a_late_clock_never_hides_what_is_missing():
    facts = _facts(dues={"decide": TODAY - timedelta(days=3)})

    verdict = _judge(SMALL, "0", "choose", "2", when="care", facts=facts)

    assert (verdict.kind, verdict.late_by_days) == (Kind.REFUSED, 3)


def test_clocks_of_other_levels_and_other_things_make_no_decision_late():
    storelva = guides.read(guides.library("storelva"))
    past = TODAY - timedelta(days=9)

    verdict = _judge(
        storelva,
        "fase-1",
        "velje",
        "fase-2",
        facts=_facts(dues={"del": past, "forste-mote": past, "agreed": past}),
    )

    assert verdict.kind is Kind.ALLOWED


def test_a_step_with_a_clock_of_its_own_can_be_late():
    storelva = guides.read(guides.library("storelva"))
    facts = _facts(
        "shared_with_leader",
        "shared_with_child",
        "shared_with_guardians",
        dues={"del": TODAY - timedelta(days=1)},
    )

    verdict = guides.judge_step(storelva, Position("fase-1", "snakke"), "complete", facts)

    assert (verdict.kind, verdict.late_by_days) == (Kind.ALLOWED_LATE, 1)


@pytest.mark.parametrize(
    ("step", "action", "kind"),
    [
        ("samarbeidsmote", "skip", Kind.ALLOWED),
        ("planlegg", "skip", Kind.REFUSED),
        ("planlegg", "complete", Kind.REFUSED),
        ("sett_i_gang", "complete", Kind.WARNED),
        ("evaluering", "complete", Kind.ALLOWED),
        ("evaluering", "dance", Kind.REFUSED),
        ("nowhere", "complete", Kind.REFUSED),
    ],
)
def test_a_step_is_held_back_warned_about_or_let_through_as_its_gate_says(step, action, kind):
    vestre_toten = guides.read(guides.library("vestre_toten"))

    assert guides.judge_step(vestre_toten, Position("2", step), action, _facts()).kind is kind


def test_a_step_that_only_warns_may_be_skipped_with_a_reason():
    national = guides.read(guides.library("national"))

    assert guides.judge_step(national, Position("0", "avklar"), "skip", _facts()).kind is Kind.WARNED


def test_after_the_last_step_the_case_stays_there():
    verdict = guides.judge_step(SMALL, Position("1", "look"), "complete", _facts())

    assert verdict.target == Position("1", "look")


def test_a_guide_that_asks_for_an_assessment_before_parents_are_contacted_warns():
    assert guides.judge_contact(SMALL, violence=True).reasons[0].code == "assess_before_parents"
    assert guides.judge_contact(SMALL, violence=True, assessed=True).kind is Kind.ALLOWED
    assert guides.judge_contact(SMALL, violence=True, with_parents=False).kind is Kind.ALLOWED


def test_nobody_reads_the_log_without_consent_whoever_lets_them_in():
    verdict = guides.judge_access(
        SMALL, granted_by_holder=True, position=Position("2", "meet"), consent=False
    )

    assert (verdict.kind, verdict.missing) == (Kind.REFUSED, ("consent_to_share",))


def test_access_before_the_step_that_gives_it_is_not_by_the_guide():
    national = guides.read(guides.library("national"))

    verdict = guides.judge_access(national, granted_by_holder=True, position=Position("2", "samtykke"))

    assert [(one.code, one.text) for one in verdict.reasons] == [
        ("access_from_later_step", "Inviter tjenestene")
    ]


@pytest.mark.parametrize(
    ("level", "count", "code"),
    [
        ("fase-4", 4, "too_many_services"),
        ("fase-5", 1, "too_few_services"),
        ("fase-4", 3, None),
        ("fase-1", 9, None),
        ("?", 9, None),
    ],
)
def test_more_services_than_a_level_is_for_is_a_warning(level, count, code):
    verdict = guides.judge_services(guides.read(guides.library("storelva")), level, count)

    assert [one.code for one in verdict.reasons] == ([code] if code else [])


def test_an_arena_of_another_level_is_not_in_the_guide_and_names_its_level():
    storelva = guides.read(guides.library("storelva"))

    verdict = guides.judge_arena(storelva, "fase-2", "oppvekstteam")

    assert (verdict.kind, verdict.reasons[0].values) == (Kind.NOT_IN_GUIDE, (("level", "fase-3"),))
    assert guides.judge_arena(storelva, "fase-3", "kantina").reasons[0].code == "no_such_arena"


def test_a_child_is_named_in_an_arena_only_with_consent():
    storelva = guides.read(guides.library("storelva"))

    named = guides.judge_arena(storelva, "fase-3", "oppvekstteam", consent=False)
    anonymous = guides.judge_arena(storelva, "fase-3", "oppvekstteam", named=False, consent=False)

    assert (named.kind, named.reasons[0].code) == (Kind.WARNED, "consent_before_named_case")
    assert anonymous.kind is Kind.ALLOWED


def test_the_steps_ahead_begin_where_the_case_stands():
    assert [step.id for step in guides.next_steps(SMALL, Position("1", "try"))] == ["try", "look"]
    assert guides.after_step(SMALL, Position("1", "try")) == Position("1", "look")
    assert guides.after_step(SMALL, Position("1", "look")) is None
    assert (
        guides.next_steps(SMALL, Position("1", "?")) == guides.next_steps(SMALL, Position("?", "try")) == ()
    )


def test_a_guide_begins_at_its_first_level_and_is_decided_at_its_last_decision():
    assert guides.first_position(SMALL, 0) == Position("0", "notice")
    assert guides.first_position(SMALL, 3) == Position("0", "notice")
    assert guides.decision_position(SMALL, "0") == Position("0", "choose")
    assert guides.decision_position(SMALL, "?") is None
    assert guides.plan_of(SMALL, 2).id == "2" and guides.plan_of(SMALL, 3) is None


# What can never happen -------------------------------------------------------------------------------------------

LEVELS = sorted({plan.id for guide in ALL for plan in guide.levels} | {"close", "decision_forum", "", "9"})
STEPS = sorted({step.id for guide in ALL for plan in guide.levels for step in plan.steps} | {"", "9"})
WHENS = sorted({one.when for guide in ALL for plan in guide.levels for one in plan.outcomes} | {"", "own"})
CLOCKS = sorted({clock.id for guide in ALL for clock in guide.clocks} | {"agreed"})
name = st.text(max_size=8)
positions = st.builds(Position, st.sampled_from(LEVELS) | name, st.sampled_from(STEPS) | name)
moves = st.builds(
    MoveRequest,
    st.sampled_from(LEVELS) | st.integers(-1, 4) | name,
    st.none() | st.sampled_from(WHENS) | name,
    st.none() | st.none() | st.sampled_from(STEPS),
)
days = st.dictionaries(st.sampled_from(CLOCKS), st.dates(), max_size=4)
facts = st.builds(
    MoveFacts,
    evidence=st.frozensets(st.sampled_from(CODES), max_size=len(CODES)) | st.frozensets(name, max_size=3),
    today=st.dates(),
    dues=days,
    started=days,
    services=st.integers(0, 9),
    steps_done=st.none() | st.frozensets(st.sampled_from(STEPS)),
    child_not_asked=st.none() | st.sampled_from(["age", "absent", "declined", "?"]),
)
any_guide = st.sampled_from([*ALL, SMALL])


@settings(max_examples=400, deadline=None)
@given(any_guide, positions, moves, facts)
def test_no_question_makes_the_guide_fail_and_every_reason_has_words(guide, position, move, known):
    for verdict in (
        guides.judge(guide, position, move, known),
        guides.judge_step(guide, position, "complete", known),
        guides.judge_step(guide, position, "skip", known),
    ):
        assert verdict.kind is max(
            (one.kind for one in verdict.reasons), key=lambda kind: kind.weight, default=Kind.ALLOWED
        )
        assert {one.code for one in (*verdict.reasons, *verdict.notes)} <= WORDS


@settings(max_examples=400, deadline=None)
@given(any_guide, positions, moves, facts, st.frozensets(st.sampled_from(CODES)))
def test_more_evidence_never_makes_a_verdict_stricter(guide, position, move, known, more):
    richer = MoveFacts(
        evidence=known.evidence | more,
        today=known.today,
        dues=known.dues,
        started=known.started,
        steps_done=known.steps_done,
        child_not_asked=known.child_not_asked,
    )

    assert (
        guides.judge(guide, position, move, richer).kind.weight
        <= guides.judge(guide, position, move, known).kind.weight
    )
    for action in ("complete", "skip"):
        then = guides.judge_step(guide, position, action, richer)
        assert then.kind.weight <= guides.judge_step(guide, position, action, known).kind.weight


@settings(max_examples=300, deadline=None)
@given(any_guide, positions, moves, facts)
def test_an_accepted_move_ends_at_a_step_that_exists_or_closes(guide, position, move, known):
    verdict = guides.judge(guide, position, move, known)

    if verdict.kind is not Kind.REFUSED and move.to not in ("close", "decision_forum"):
        assert guides.step_of(guides.plan_of(guide, verdict.target.level_id), verdict.target.step_id)


@settings(max_examples=300, deadline=None)
@given(any_guide, facts, st.data())
def test_nobody_is_let_up_among_services_without_consent_a_report_or_the_familys_no(guide, known, data):
    here = data.draw(st.sampled_from(guide.levels))
    there = data.draw(st.sampled_from(guide.levels))
    bare = MoveFacts(
        evidence=known.evidence - {"consent_to_share", "sharing_declined", "concern_report_sent"}, today=TODAY
    )

    verdict = guides.judge(guide, Position(here.id, here.steps[-1].id), MoveRequest(there.id), bare)

    assert not (there.rung >= 2 and there.rung > here.rung) or verdict.kind is Kind.REFUSED


def test_codes_that_people_meet_say_in_which_part_of_the_catalogue_their_words_are():
    assert {Evidence.text_context(), ReasonCode.text_context()} == {"unmet"}
    assert Kind.text_context() == "verdict"
    assert not set(CODES) & {str(code) for code in ReasonCode}
