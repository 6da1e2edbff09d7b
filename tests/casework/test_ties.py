"""A tie the registers show is considered before somebody takes part, and holds up nothing else."""

import json

import pytest

from casework import cases, concern_reports, coordinations, disqualifications, relays, ties
from casework.coordinations import Reply
from casework.refusals import Invalid, NotFound, Refused
from levels.disqualifications import TieSign

ASKED = {"considered": "consider_tie"}


@pytest.fixture
def namesake(town):
    """A child whose last name everybody at work in the town has too."""
    return town.child(last="Test")


def refused(act):
    with pytest.raises(Invalid) as fault:
        act()
    return fault.value.errors


def trail(as_owner, file_id, act):
    lines = as_owner("SELECT body FROM audit WHERE file_id = :id AND act = :act", id=file_id, act=act)
    facts = [json.loads(line.body) for line in lines]
    return [{key: one[key] for key in ("considered", "signs") if key in one} for one in facts]


CONSIDERED = {"considered": True, "signs": ["same_name"]}


def offer(town, case_id, to="colleague"):
    with town.begin("teacher") as tx:
        return relays.offer(tx, case_id, relays.OfferBaton(town.people[to], family_told_on=tx.today))


def test_the_baton_is_taken_only_when_the_tie_is_considered_and_declined_without_a_word_of_it(
    town, namesake, as_owner
):
    case_id = town.case(child_id=namesake)
    with town.begin("colleague") as tx:
        relays.decline(tx, offer(town, case_id), reason="Ferie")
    baton = offer(town, case_id)
    with town.begin("teacher") as tx:
        assert relays.seen(tx, baton).signs == (), "whoever offers is told nothing about the other's reading"
    with town.begin("colleague") as tx:
        assert relays.seen(tx, baton).signs == (TieSign.SAME_NAME,)

    def take(**said):
        with town.begin("colleague") as tx:
            relays.accept(tx, baton, **said, key="once")

    assert refused(take) == ASKED
    with town.begin("colleague") as tx:
        assert relays.open_offer(tx, case_id) == baton, "the offer waits"
    take(considered=True)
    assert trail(as_owner, case_id, "baton_accepted") == [CONSIDERED]


def test_where_the_registers_show_nothing_nobody_is_asked_and_the_trail_says_nothing(town, as_owner):
    case_id = town.case()
    baton = offer(town, case_id)
    with town.begin("colleague") as tx:
        relays.accept(tx, baton, considered=True)
    assert trail(as_owner, case_id, "baton_accepted") == [{}]


def test_a_service_says_yes_when_the_tie_is_considered_and_sees_no_sign_where_it_sees_no_child(
    town, namesake, as_owner
):
    case_id = town.case(child_id=namesake, services=("ppt",))
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [invited] = coordinations.asked_of_me(tx)
        assert coordinations.seen(tx, invited.id).signs == (TieSign.SAME_NAME,)

    def answer(word, **said):
        with town.begin("adviser") as tx:
            coordinations.reply(tx, invited.id, Reply(word, "Hva gjelder det?", **said))

    answer("more")
    assert refused(lambda: answer("yes")) == ASKED
    with town.begin("teacher") as tx:
        assert coordinations.seen(tx, invited.id).signs == (), "one's own alone, and only when asked"
    hidden = "UPDATE consents SET state = :state WHERE case_id = :case AND service_id IS NOT NULL"
    as_owner(hidden, state="withdrawn", case=case_id)
    with town.begin("adviser") as tx:
        assert coordinations.seen(tx, invited.id).signs == ()
    with pytest.raises(Refused):
        answer("yes")
    as_owner(hidden, state="given", case=case_id)
    answer("yes", considered=True)
    assert trail(as_owner, case_id, "invitation_accepted") == [CONSIDERED]


def test_a_report_is_sent_unhindered_and_stays_unopened_until_the_tie_is_considered(town, namesake, as_owner):
    with town.begin("teacher") as tx:
        report = concern_reports.about_child(tx, namesake, concern_reports.SendReport("Blåmerker."))
    with town.begin("teacher") as tx:
        assert concern_reports.to_consider(tx, report) == (), "the sender reads one's own as before"
        assert concern_reports.seen(tx, report).opened_at is None
    with town.begin("worker") as tx:
        assert concern_reports.to_consider(tx, report) == (TieSign.SAME_NAME,)

    def read(who, **said):
        with town.begin(who) as tx:
            return concern_reports.seen(tx, report, **said)

    assert refused(lambda: read("worker")) == ASKED
    assert as_owner("SELECT opened_at FROM concern_reports WHERE id = :id", id=report)[0].opened_at is None
    assert read("worker", considered=True).opened_by == "Worker Test"
    assert trail(as_owner, report, "read_report") == [{}, CONSIDERED]
    with town.begin("nurse") as tx, pytest.raises(NotFound):
        concern_reports.to_consider(tx, report)


def test_whoever_moves_the_baton_considers_for_somebody_who_is_not_asked(town, namesake, as_owner):
    case_id = town.case(child_id=namesake)
    with town.begin("teacher") as tx:
        assert {one.maybe_tied for one in relays.candidates(tx, case_id)} == {True}
    other = town.case()
    with town.begin("teacher") as tx:
        assert {one.maybe_tied for one in relays.candidates(tx, other)} == {False}

    def move(**said):
        with town.begin("principal") as tx:
            relays.take_over(tx, case_id, to_id=town.people["colleague"], reason="Sykdom", **said)

    assert refused(move) == ASKED
    with town.begin("principal") as tx, pytest.raises(Refused):
        relays.take_over(tx, case_id, to_id=town.people["nurse"], reason="Finnes det en tilknytning?")
    move(considered=True)
    assert trail(as_owner, case_id, "baton_taken_over") == [CONSIDERED]


def test_stepping_aside_is_never_held_up_but_a_named_stand_in_is_considered(town, namesake, as_owner):
    tie = ("family", "Min nevø.")

    def step_aside(case_id, stand_in=None, who="teacher", **said):
        wanted = disqualifications.Declare(*tie, stand_in_id=stand_in and town.people[stand_in], **said)
        with town.begin(who) as tx:
            disqualifications.declare(tx, case_id, wanted)

    case_id = town.case(child_id=namesake)
    assert refused(lambda: step_aside(case_id, "colleague")) == ASKED
    step_aside(case_id, "colleague", considered=True)
    assert trail(as_owner, case_id, "disqualify") == [CONSIDERED]
    other = town.case(child_id=town.child(first="Bo", last="Test"))
    offer(town, other)
    step_aside(other, who="colleague")
    step_aside(other)


def test_nobody_outside_the_case_learns_of_a_sign(town, namesake):
    case_id = town.case(child_id=namesake)
    baton = offer(town, case_id)
    for outsider in ("worker", "carer", "administrator"):
        with town.begin(outsider) as tx:
            assert ties.signs(tx, namesake, town.people["teacher"]) == ()
            for act in (lambda: relays.seen(tx, baton), lambda: relays.candidates(tx, case_id)):  # noqa: B023
                with pytest.raises(NotFound):
                    act()
            with pytest.raises(NotFound):
                relays.accept(tx, baton)


def test_whoever_opens_a_case_to_hold_it_themselves_considers_first(town, namesake, as_owner):
    assert refused(lambda: town.case(child_id=namesake, considered=False)) == ASKED
    opened = "SELECT id FROM cases WHERE child_id = :child"
    assert as_owner(opened, child=namesake) == [], "nothing is half opened"
    case_id = town.case(child_id=namesake, considered=True)
    [signal] = as_owner("SELECT id FROM signals WHERE case_id = :case", case=case_id)
    assert trail(as_owner, signal.id, "raise_signal") == [CONSIDERED]


def test_whoever_opens_a_case_for_a_colleague_to_hold_is_told_nothing_of_the_colleague(town, namesake):
    case_id = town.case(child_id=namesake, holder="colleague", considered=False)
    with town.begin("colleague") as tx:
        assert ties.signs(tx, namesake) == (TieSign.SAME_NAME,), "who meets it on the case's page"
        assert cases.head(tx, case_id).holder_id == tx.actor.id
