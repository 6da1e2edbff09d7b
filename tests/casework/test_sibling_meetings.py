"""A meeting for two siblings: one meeting to those who come, and each child's own in each child's file."""

from datetime import date, timedelta
from threading import Thread

import pytest

from casework import (
    cases,
    children,
    consents,
    coordinations,
    disqualifications,
    families,
    followups,
    logs,
    meetings,
    notices,
    relays,
    sibling_links,
)
from casework.access import Actor
from casework.refusals import AlreadyDone, Invalid, Refused, Stale
from casework.sibling_links import Agreed, LinkSiblings
from tests.casework.test_sibling_links import joined


class Pair:
    """Iben and Noah, linked, and met about together in three days."""

    def __init__(self, town, as_owner):
        self.town, self.as_owner = town, as_owner
        self.iben = town.case(services=("ppt",))
        self.noah = town.case(child_id=town.child(first="Noah", born=date(2012, 5, 5)))
        with town.begin("teacher") as tx:
            coordinations.invite(tx, self.iben, (coordinations.Ask(town.services["ppt"], "Råd."),))
        with town.begin("adviser") as tx:
            [invited] = coordinations.asked_of_me(tx)
            coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
        as_owner(
            "UPDATE guardians SET email = lower(relation) || '@example.test' WHERE municipality_id = :t",
            t=town.id,
        )
        with town.begin("teacher") as tx:
            asked = sibling_links.consenters(tx, self.iben, self.noah)
            agreed = tuple(Agreed(one.case_id, one.guardian_id) for one in asked)
            self.link = sibling_links.link(tx, self.iben, LinkSiblings(self.noah, agreed))
        self.mothers = self.ids("SELECT id FROM guardians WHERE relation = 'mother' AND municipality_id = :t")
        people = tuple(town.people[one] for one in ("teacher", "adviser", "principal"))
        with town.begin("teacher") as tx:
            self.at = tx.now + timedelta(days=3)
            call = meetings.CallMeeting(
                "joint", self.at, self.at + timedelta(hours=1), people, guardian_ids=self.mothers
            )
            self.here = sibling_links.call_meeting(tx, self.iben, self.link, call)
        [self.there] = self.ids("SELECT id FROM meetings WHERE case_id = :c", c=self.noah)

    def ids(self, sql, **values):
        return tuple(row[0] for row in self.as_owner(sql, **({"t": self.town.id} if ":t" in sql else values)))

    def letters(self, kind):
        """Who has been written to of this, and for which meeting's entry, oldest first."""
        found = self.as_owner(
            "SELECT coalesce(p.name, g.relation), n.subject_id FROM notices n"
            " LEFT JOIN practitioners p ON p.id = n.practitioner_id LEFT JOIN guardians g ON g.id = n.guardian_id"
            " WHERE n.kind = :k AND n.municipality_id = :t ORDER BY n.written_at, n.id",
            k=kind, t=self.town.id,
        )  # fmt: skip
        return sorted((who.split(" ")[0].lower(), which) for who, which in found)

    def states(self):
        return [
            self.as_owner("SELECT state, starts_at, sequence, version FROM meetings WHERE id = :m", m=one)[0]
            for one in (self.here, self.there)
        ]

    def acts(self, case_id):
        return [row[0] for row in self.as_owner("SELECT act FROM audit WHERE file_id = :f", f=case_id)]

    def move(self, who="teacher", meeting=None, days=5, **more):
        with self.town.begin(who) as tx:
            at = tx.now + timedelta(days=days)
            times = {"starts_at": at, "ends_at": at + timedelta(hours=1)}
            meetings.move_time(tx, meeting or self.here, reason="Sykdom", **times, **more)
        return at

    def pass_baton(self, case_id, to="colleague"):
        with self.town.begin("teacher") as tx:
            offer = relays.OfferBaton(self.town.people[to], "Nærmest", family_told_on=tx.today)
            baton = relays.offer(tx, case_id, offer)
        with self.town.begin(to) as tx:
            relays.accept(tx, baton)


@pytest.fixture
def pair(town, as_owner):
    return Pair(town, as_owner)


def test_who_is_called_in_both_files_gets_one_letter_and_one_entry_that_tell_of_no_sibling(town, pair):
    lead, other = pair.here, pair.there
    assert pair.letters("meeting_summons") == [
        (who, lead) for who in ("adviser", "mother", "principal", "teacher")
    ]
    with town.casework.begin(Actor.system()) as tx:
        letters = [
            notices.to_send(tx, one) for one in (*meetings.summons(tx, lead), *meetings.summons(tx, other))
        ]
    assert len({one.calendar.uid for one in letters if "adviser" not in one.address}) == 1
    for one in letters:
        assert not {"Noah", "Iben", "søsken", "sibling"} & set(repr(one).split())
    with town.begin("teacher") as tx:
        assert [one.id for one in meetings.busy(tx)] == [lead]
        assert [(one.id, one.beside_id) for one in meetings.mine(tx)] == [(lead, other)]
    with town.begin("adviser") as tx:
        assert [(one.id, one.beside_id) for one in meetings.mine(tx)] == [(pair.here, None)]


def test_moving_and_calling_off_act_in_both_files_and_stand_in_both_logs_and_trails(town, pair):
    at = pair.move(version=1, key="moved")
    assert [(row[1], row[2], row[3]) for row in pair.states()] == [(at, 1, 2), (at, 1, 2)]
    assert len(pair.letters("meeting_moved")) == 4
    with pytest.raises(AlreadyDone):
        pair.move(version=1, key="moved")
    with pytest.raises(Stale):
        pair.move(version=1, meeting=pair.there)
    with town.begin("teacher") as tx:
        meetings.cancel(tx, pair.there, reason="Sykdom", version=2)
    assert [row[0] for row in pair.states()] == ["cancelled", "cancelled"]
    assert len(pair.letters("meeting_cancelled")) == 4 and not pair.letters("meeting_to_check")
    for case_id, name in ((pair.iben, "Noah"), (pair.noah, "Iben")):
        assert {"meeting_moved", "meeting_cancelled"} <= set(pair.acts(case_id))
        assert "part_meetings" not in pair.acts(case_id)
        with town.begin("teacher") as tx:
            told = [(one.code, repr(one)) for one in logs.entries(tx, case_id, limit=100)]
        assert {"meeting_moved", "meeting_cancelled"} <= {code for code, _ in told}
        assert not [said for _, said in told if name in said or "sibling" in said]


def test_who_no_longer_answers_for_both_moves_neither_and_ends_only_the_own(town, pair):
    pair.pass_baton(pair.noah)
    before = pair.states()
    with pytest.raises(Refused, match="answers_for_both"):
        pair.move()
    with town.begin("teacher") as tx:
        assert meetings.one(tx, pair.here).together == meetings.Together("Noah", in_both=False)
    assert pair.states() == before
    with town.begin("teacher") as tx:
        meetings.cancel(tx, pair.here, reason="Sykdom")
    assert [row[0] for row in pair.states()] == ["cancelled", "summoned"]
    assert pair.letters("meeting_to_check") == [("colleague", pair.there)]
    assert "part_meetings" in pair.acts(pair.iben) and "part_meetings" in pair.acts(pair.noah)
    pair.move(who="colleague", meeting=pair.there)
    assert [row[2] for row in pair.states()] == [1, 1], "alone from now on"
    assert {which for _, which in pair.letters("meeting_moved")} == {pair.there}
    still = [who for who, which in pair.letters("meeting_moved")]
    assert still == ["mother", "principal", "teacher"], "each has an entry of the one that stands"


def test_who_sees_one_file_only_moves_that_one_and_learns_of_no_other(town, pair):
    pair.pass_baton(pair.iben)
    with town.begin("colleague") as tx:
        assert meetings.one(tx, pair.here).together is None
    pair.move(who="colleague")
    assert [row[2] for row in pair.states()] == [1, 0]
    assert [who for who, _ in pair.letters("meeting_to_check")] == ["teacher"]
    again = [who for who, which in pair.letters("meeting_summons") if which == pair.there]
    assert again == ["mother", "principal", "teacher"], "an entry of its own for the one that did not move"


def test_holding_it_holds_both_with_the_same_words_unless_each_has_its_own(town, pair):
    def held(minutes, **more):
        with town.begin("teacher") as tx:
            came = tuple(one.id for one in meetings.one(tx, pair.here).called if "Teacher" in one.name)
            said = meetings.HoldMeeting(minutes, ("Møtes igjen",), came=came, **more)
            meetings.hold(tx, pair.here, said)

    with pytest.raises(Invalid) as refusal:
        held("Noah kommer for sent.")
    assert refusal.value.errors == {"minutes": "without_the_names"}
    decided = meetings.DecidedMeasure("Fast leggetid", "Opplagt", town.people["teacher"])
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=9)
    held("Legger seg sent.", measures=(decided,), next_starts_at=at, next_ends_at=at + timedelta(hours=1))
    assert [row[0] for row in pair.states()] == ["held", "held"]
    for case_id, meeting, measures in ((pair.iben, pair.here, 1), (pair.noah, pair.there, 0)):
        with town.begin("teacher") as tx:
            found = meetings.one(tx, meeting)
            assert (found.minutes, found.decisions) == ("Legger seg sent.", ("Møtes igjen",))
            assert [one.name for one in found.called if one.came] == ["Teacher Test"]
            assert len(found.decided) == measures
            ahead = [one for one in meetings.of_case(tx, case_id) if one.state == "summoned"]
            assert [one.starts_at for one in ahead] == [at], "and meet again, for both"
            [one] = ahead
            assert meetings.one(tx, one.id).together.in_both


def test_minutes_already_written_in_the_other_file_stay_there_and_who_came_is_marked_in_each(town, pair):
    with town.begin("teacher") as tx:
        meetings.write_minutes(tx, pair.here, minutes="Iben sover lite.")
        seen = meetings.one(tx, pair.there)
    assert [one.name for one in seen.beside] == ["Adviser Test"], "called in the other file alone"
    came = tuple(
        one.id for one in (*seen.called, *seen.beside) if one.name in ("Adviser Test", "Teacher Test")
    )
    with town.begin("teacher") as tx:
        meetings.hold(tx, pair.there, meetings.HoldMeeting("Noah kommer for sent.", came=came))
    with town.begin("teacher") as tx:
        here, there = meetings.one(tx, pair.here), meetings.one(tx, pair.there)
        told = [logs.entries(tx, one, limit=1)[0].facts["came"] for one in (pair.iben, pair.noah)]
    assert (here.minutes, there.minutes) == ("Iben sover lite.", "Noah kommer for sent.")
    assert [one.name for one in here.called if one.came] == ["Adviser Test", "Teacher Test"]
    assert [one.name for one in there.called if one.came] == ["Teacher Test"]
    assert told == ["2", "1"]
    with town.begin("adviser") as tx:
        assert "Noah" not in repr(cases.details(tx, pair.iben))
        assert meetings.one(tx, pair.here).beside == ()


def test_when_the_link_ends_or_a_file_is_closed_each_meeting_stands_alone(town, pair, as_owner):
    father = joined(town, pair.iben, "father", date(2017, 3, 14))
    with town.casework.begin(father) as tx:
        [mine] = sibling_links.own(tx, pair.iben)
        sibling_links.withdraw(tx, mine.id)
    assert sorted(which for _, which in pair.letters("meeting_to_check")) == sorted((pair.here, pair.there))
    for who in ("teacher", "principal", "mother"):
        got = [which for one, which in pair.letters("meeting_summons") if one == who]
        assert sorted(got) == sorted((pair.here, pair.there)), "an entry of each now"
    pair.move()
    assert [row[2] for row in pair.states()] == [1, 0]
    with town.begin("teacher") as tx:
        assert sibling_links.together(tx, pair.iben) == {} and len(meetings.busy(tx)) == 2
        assert [one.beside_id for one in meetings.mine(tx)] == [None, None]
    with town.casework.begin(father) as tx:
        assert "Noah" not in repr(families.case(tx, pair.iben))


def test_a_yes_taken_back_parts_them_in_the_same_transaction(town, pair):
    with town.begin("teacher") as tx:
        [first, *_] = [one for one in consents.of_case(tx, pair.noah) if one.service_id is None]
        consents.record(tx, first.id, consents.Answer("withdrawn", "oral"))
    both = sorted((pair.here, pair.there))
    assert "part_meetings" in pair.acts(pair.iben) and "part_meetings" in pair.acts(pair.noah)
    got = [which for who, which in pair.letters("meeting_summons") if who == "mother"]
    assert sorted(got) == both, "an entry of each now"
    with town.begin("principal") as tx:
        assert [one.beside_id for one in meetings.mine(tx)] == [None, None]


def test_a_service_that_may_not_sit_in_one_file_any_more_parts_them_and_is_not_called_there(town, pair):
    town.consent(pair.noah, "ppt")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, pair.noah, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [invited] = [one for one in coordinations.asked_of_me(tx) if one.state == "queued"]
        coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
    with town.begin("teacher") as tx:
        meetings.cancel(tx, pair.here, reason="Ny dag")
    with town.begin("teacher") as tx:
        people = tuple(town.people[one] for one in ("teacher", "adviser", "principal"))
        call = meetings.CallMeeting("joint", pair.at, pair.at + timedelta(hours=1), people)
        here = sibling_links.call_meeting(tx, pair.iben, pair.link, call)
    [there] = set(pair.ids("SELECT id FROM meetings WHERE case_id = :c", c=pair.noah)) - {pair.there}
    with town.begin("teacher") as tx:
        [asked, *_] = [
            one for one in consents.of_case(tx, pair.noah) if one.service_id == town.services["ppt"]
        ]
        consents.record(tx, asked.id, consents.Answer("withdrawn", "oral"))
    letters = [(who, which) for who, which in pair.letters("meeting_summons") if which in (here, there)]
    assert pair.acts(pair.noah).count("part_meetings") == 1
    assert [who for who, which in letters if which == there] == ["principal", "teacher"]
    assert [who for who, which in letters if which == here] == ["adviser", "principal", "teacher"]


@pytest.mark.parametrize("how", ["expired", "of_age"])
def test_a_day_that_ends_a_yes_parts_them_that_night(town, pair, clock, as_owner, how):
    if how == "expired":
        as_owner(
            "UPDATE consents SET expires_on = '2026-11-24' WHERE case_id = :c AND service_id IS NULL",
            c=pair.noah,
        )
    else:
        as_owner(
            "UPDATE children SET born_on = '2010-11-25' WHERE id = (SELECT child_id FROM cases WHERE id = :c)",
            c=pair.noah,
        )
    clock.at += timedelta(days=1)
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_consents(tx, limit=100_000)
        followups.come_of_age(tx)
    assert [pair.acts(one).count("part_meetings") for one in (pair.iben, pair.noah)] == [1, 1]
    assert pair.letters("meeting_to_check") == sorted([("teacher", pair.here), ("teacher", pair.there)])


def test_whoever_steps_aside_from_one_file_parts_them_too(town, pair):
    with town.begin("principal") as tx:
        tie = disqualifications.Declare("friend", "Naboer.", practitioner_id=town.people["teacher"])
        disqualifications.declare(tx, pair.noah, tie)
    assert "part_meetings" in pair.acts(pair.iben) and "part_meetings" in pair.acts(pair.noah)
    assert pair.letters("meeting_to_check") == [("teacher", pair.here)]
    assert ("teacher", pair.there) not in pair.letters("meeting_summons")


def test_one_more_parent_who_has_not_said_yes_parts_them_at_once(town, pair):
    with town.begin("teacher") as tx:
        child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :c", c=pair.noah)
        children.add_guardian(tx, child_id, name="Tor Berg", relation="co_parent")
    assert "part_meetings" in pair.acts(pair.iben) and "part_meetings" in pair.acts(pair.noah)


def test_closing_one_file_calls_off_its_own_meeting_and_tells_the_other_files_holder(town, pair):
    pair.pass_baton(pair.noah)
    with town.begin("teacher") as tx:
        done = cases.CloseCase(
            reason="Målet er nådd", when="avslutt", child_words="Fint", guardians_words="Bra"
        )
        cases.close(tx, pair.iben, done)
    assert [row[0] for row in pair.states()] == ["cancelled", "summoned"]
    assert pair.letters("meeting_to_check") == [("colleague", pair.there)]


def test_one_answer_counts_for_both_however_it_comes(town, pair):
    def answers():
        return pair.as_owner(
            "SELECT a.answer, count(*) FROM attendances a WHERE a.meeting_id IN (:a, :b) AND a.answer <> 'none'"
            " GROUP BY 1 ORDER BY 1", a=pair.here, b=pair.there,
        )  # fmt: skip

    with town.begin("principal") as tx:
        meetings.answer(tx, pair.there, coming="no")
    with town.casework.begin(Actor.system()) as tx:
        uid = f"{pair.here}@stafetten"
        assert meetings.reply_by_mail(
            tx, uid=uid, attendee="mother@example.test", partstat="ACCEPTED", sequence=0
        )
    assert answers() == [("no", 2), ("yes", 2)]


def test_two_at_once_from_either_file_never_wait_for_each_other(town, pair, clock):
    faults = []

    def act(meeting, days):
        for _ in range(6):
            try:
                pair.move(meeting=meeting, days=days)
            except Exception as fault:
                faults.append(fault)

    both = [Thread(target=act, args=(pair.here, 6)), Thread(target=act, args=(pair.there, 7))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert faults == []
    first, second = pair.states()
    assert first == second and first[2] == 12
