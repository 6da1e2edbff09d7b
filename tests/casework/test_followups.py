"""What the clock does when nobody acts."""

from datetime import timedelta

from casework import (
    cases,
    chasing,
    coordinations,
    followups,
    notices,
    participations,
    relays,
    retention,
    signals,
)
from casework.access import Actor
from levels import workdays
from levels.retention import Kind


def _sweep(town):
    with town.casework.begin(Actor.system()) as tx:
        return followups.expire_due(tx)


def test_an_unanswered_baton_goes_to_the_leader_and_never_to_the_floor(town, clock):
    case_id = town.case()
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    clock.at += timedelta(days=8)

    _sweep(town)

    with town.begin("principal") as tx:
        head = cases.head(tx, case_id)
    assert head.holder_id == town.people["principal"]
    assert head.relay_state == "held"


def test_a_silent_service_is_told_on_to_the_holder_and_may_still_answer(town, clock):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    with town.begin("teacher") as tx:
        invitation = coordinations.of_case(tx, case_id)[0]
    with town.casework.begin(Actor.system()) as tx:
        coordinations.mark_sent(tx, invitation.id)
    clock.at += timedelta(days=9)

    _sweep(town)

    with town.begin("teacher") as tx:
        assert coordinations.of_case(tx, case_id)[0].state == "expired"
        assert "invitation_unanswered" in {m.kind for m in notices.mine(tx)}
    with town.begin("adviser") as tx:
        coordinations.reply(tx, invitation.id, coordinations.Reply("yes"))
    with town.begin("teacher") as tx:
        assert coordinations.of_case(tx, case_id)[0].state == "accepted"


def test_a_worry_nobody_decides_is_late_for_the_author_and_told_to_the_leader(town, clock):
    signal_id = town.worry()
    clock.at += timedelta(days=15)

    assert _sweep(town) >= 1

    with town.begin("teacher") as tx:
        assert [s.late for s in signals.mine(tx) if s.id == signal_id] == [True]
    with town.begin("principal") as tx:
        assert "deadline_missed" in {m.kind for m in notices.mine(tx)}


def test_a_reminder_is_written_once(town, clock):
    town.worry()
    clock.at += timedelta(days=12)
    counts = []
    for _ in range(2):
        with town.casework.begin(Actor.system()) as tx:
            counts.append(followups.remind_due(tx))

    with town.begin("teacher") as tx:
        assert [m.kind for m in notices.mine(tx)] == ["deadline_near"]
    assert counts[1] == 0


def test_a_consent_that_has_run_out_ends_the_services_sight(town, clock):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    with town.begin("teacher") as tx:
        invitation = coordinations.of_case(tx, case_id)[0]
    with town.begin("adviser") as tx:
        coordinations.reply(tx, invitation.id, coordinations.Reply("yes"))
    clock.at += timedelta(days=200)

    with town.casework.begin(Actor.system()) as tx:
        assert followups.expire_consents(tx) >= 2

    with town.begin("adviser") as tx:
        assert cases.mine(tx).total == 0


def test_a_worry_that_came_to_nothing_is_forgotten_after_a_year_and_a_raised_one_is_not(
    town, clock, as_owner
):
    kept = town.case(child_id=town.child(first="Even"))
    settled = town.worry(town.child())
    with town.begin("teacher") as tx:
        signals.resolve(tx, settled, reason="Det gikk over", when="ikke_behov")
    clock.at += timedelta(days=360)
    with town.casework.begin(Actor.system()) as tx:
        retention.forget(tx, town.id, Kind.SIGNAL)
    with town.begin("teacher") as tx:
        assert settled in {s.id for s in signals.mine(tx)}
    clock.at += timedelta(days=10)

    with town.casework.begin(Actor.system()) as tx:
        assert retention.forget(tx, town.id, Kind.SIGNAL) == 1

    with town.begin("teacher") as tx:
        left = {s.id for s in signals.mine(tx)}
    assert settled not in left and len(left) == 1
    assert as_owner("SELECT 1 FROM signals WHERE case_id = :case", case=kept)
    acts = [
        row.act for row in as_owner("SELECT act FROM audit WHERE file_id = :file ORDER BY seq", file=settled)
    ]
    assert acts[-1] == "forget_signal"


def _told(as_owner, case_id, kind):
    """Who has been written to about a case, and how often."""
    rows = as_owner(
        "SELECT coalesce(p.name, s.name) AS who FROM notices n LEFT JOIN practitioners p ON p.id = n.practitioner_id"
        " LEFT JOIN services s ON s.id = n.service_id WHERE n.case_id = :case AND n.kind = :kind ORDER BY n.written_at",
        case=case_id,
        kind=kind,
    )
    return [row.who for row in rows]


def _night(town):
    with town.casework.begin(Actor.system()) as tx:
        followups.remind_due(tx)
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_due(tx)
    with town.casework.begin(Actor.system()) as tx:
        chasing.climb_due(tx)


def test_a_silent_service_is_chased_in_working_days_up_to_the_coordinator(town, clock, as_owner):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    with town.begin("teacher") as tx:
        last_day = coordinations.of_case(tx, case_id)[0].reply_by
    heard = []
    for _ in range(20):
        clock.at += timedelta(days=1)
        _night(town)
        now = clock.at.date()
        told = [
            _told(as_owner, case_id, kind)
            for kind in ("invitation_reminder", "service_silent", "deadline_stuck")
        ]
        heard.append((workdays.workdays_between(last_day, now), told))
    first = {
        name: next(day for day, told in heard if told[n])
        for n, name in enumerate(("service", "leader", "coordinator"))
    }
    assert first["service"] < 0 < first["leader"] < first["coordinator"]
    assert heard[-1][1] == [["Fjordvik ppt"] * 2, ["Ppt_Leader Test"], ["Coordinator Test"]]
    assert first["leader"] >= 3 and first["coordinator"] >= 5


def test_the_ladder_ends_when_the_service_answers(town, clock, as_owner):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    clock.at += timedelta(days=8)
    _night(town)
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    clock.at += timedelta(days=20)
    _night(town)
    assert _told(as_owner, case_id, "service_silent") == []
    assert _told(as_owner, case_id, "deadline_stuck") == []


def test_a_late_job_tells_everybody_who_should_have_heard(town, clock, as_owner):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    clock.at += timedelta(days=40)
    _night(town)
    assert _told(as_owner, case_id, "service_silent") == ["Ppt_Leader Test"]
    assert _told(as_owner, case_id, "deadline_stuck") == ["Coordinator Test"]


def test_a_service_loses_sight_when_the_youth_comes_of_age_to_answer_alone(town, clock):
    today = clock.now().date()
    child_id = town.child(born=today.replace(year=today.year - 15) + timedelta(days=1))
    case_id = town.case(child_id=child_id, services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    with town.begin("adviser") as tx:
        assert [one.id for one in cases.mine(tx).cases] == [case_id]
    clock.at += timedelta(days=1)

    with town.begin("adviser") as tx:
        assert cases.mine(tx).cases == (), "not even before the clockwork has run"
    with town.casework.begin(Actor.system()) as tx:
        assert followups.come_of_age(tx) >= 1
    with town.begin("teacher") as tx:
        assert "consent_expired" in {one.kind for one in notices.mine(tx)}
        assert not [one for one in participations.of_case(tx, case_id) if one.kind == "service"]
