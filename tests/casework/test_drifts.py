"""What drifts is found on a story that drifts, once, by whose it is; and never on a healthy one."""

from datetime import timedelta

import pytest

from casework import absences, cases, consents, coordinations, drifts, measures, relays
from casework.access import Actor
from casework.refusals import Invalid, NotFound, Stale
from casework.waiting import waiting


def _hunt(town):
    with town.casework.begin(Actor.system()) as tx:
        return drifts.hunt(tx)


def _found(as_owner, case_id):
    rows = as_owner("SELECT kind FROM drifts WHERE case_id = :case AND settled_at IS NULL", case=case_id)
    return {row.kind for row in rows}


def _active(as_owner, clock, case_id):
    """Somebody has just done something, so that only the cause in question is found."""
    as_owner("UPDATE cases SET last_activity_at = :now WHERE id = :case", now=clock.at, case=case_id)


def _shared(town):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd"),))
    return case_id


def test_a_healthy_case_is_not_found(town, as_owner):
    alone, shared = town.case(), _shared(town)
    _hunt(town)
    assert _found(as_owner, alone) | _found(as_owner, shared) == set()


def test_a_case_nobody_has_touched_for_a_month_is_found_and_settled_when_somebody_does(town, clock, as_owner):
    case_id = town.case()
    clock.at += timedelta(days=29)
    _hunt(town)
    assert _found(as_owner, case_id) == set()
    clock.at += timedelta(days=2)
    _hunt(town)
    assert _found(as_owner, case_id) == {"no_activity"}
    _active(as_owner, clock, case_id)
    _hunt(town)
    assert _found(as_owner, case_id) == set()


@pytest.mark.parametrize(
    ("to", "when", "days"), [("1", "innsats_egen_enhet", 90), ("2", "samarbeid_andre_tjenester", 120)]
)
def test_a_case_too_long_at_a_level_is_found(town, clock, as_owner, to, when, days):
    case_id = town.case(to=to, when=when, services=("ppt",))
    clock.at += timedelta(days=days - 1)
    _active(as_owner, clock, case_id)
    _hunt(town)
    assert "long_at_level" not in _found(as_owner, case_id)
    clock.at += timedelta(days=2)
    _active(as_owner, clock, case_id)
    _hunt(town)
    assert "long_at_level" in _found(as_owner, case_id)


def test_the_municipality_sets_its_own_days(town, clock, as_owner):
    case_id = town.case()
    as_owner(
        "UPDATE municipalities SET settings = settings || '{\"drift_quiet_days\": 5}' WHERE id = :id",
        id=town.id,
    )
    clock.at += timedelta(days=6)
    _hunt(town)
    assert _found(as_owner, case_id) == {"no_activity"}


def _measure(town, case_id):
    with town.begin("teacher") as tx:
        wanted = measures.PlanMeasure(
            "Lesegruppe",
            "Leser",
            town.people["teacher"],
            starts_on=tx.today,
            evaluate_on=tx.today + timedelta(days=7),
        )
        return measures.plan(tx, case_id, wanted)


def test_an_evaluation_ten_working_days_late_is_found(town, clock, as_owner):
    case_id = town.case()
    _measure(town, case_id)
    clock.at += timedelta(days=7 + 13)
    _hunt(town)
    assert _found(as_owner, case_id) == set()
    clock.at += timedelta(days=4)
    _hunt(town)
    assert _found(as_owner, case_id) == {"evaluation_overdue"}


def test_the_third_round_at_the_same_level_is_found(town, clock, as_owner):
    case_id = town.case()
    found = []
    for _ in range(2):
        clock.at += timedelta(days=1)
        with town.begin("teacher") as tx:
            cases.change_level(tx, case_id, cases.ChangeLevel("1", "fortsett", reason="Vi prøver mer."))
        _hunt(town)
        found.append(_found(as_owner, case_id))
    assert found == [set(), {"going_round"}]


def test_a_case_closed_with_a_measure_nobody_has_looked_at_is_found(town, clock, as_owner):
    child_id = town.child(first="Ada")
    healthy, unseen = town.case(child_id=child_id), town.case(child_id=town.child(first="Bo"))
    with town.begin("teacher") as tx:
        cases.close(tx, healthy, cases.CloseCase("Målet er nådd", child_words="Fint"))
    with town.begin("teacher") as tx:
        cases.close(tx, unseen, cases.CloseCase("Målet er nådd", child_words="Fint"))
    as_owner('UPDATE cases SET closing = closing || \'{"reason": ""}\' WHERE id = :case', case=unseen)
    _hunt(town)
    assert (_found(as_owner, healthy), _found(as_owner, unseen)) == (set(), {"closed_without_outcome"})


def test_an_invitation_left_unanswered_is_found(town, clock, as_owner):
    case_id = _shared(town)
    as_owner("UPDATE invitations SET state = 'expired' WHERE case_id = :case", case=case_id)
    clock.at += timedelta(days=14)
    _hunt(town)
    assert _found(as_owner, case_id) == set()
    clock.at += timedelta(days=14)
    _hunt(town)
    assert _found(as_owner, case_id) == {"invitation_ignored"}


def test_a_baton_waiting_a_week_is_found_and_is_the_leaders(town, clock, as_owner):
    case_id = town.case()
    with town.begin("teacher") as tx:
        relays.offer(tx, case_id, relays.OfferBaton(town.people["colleague"], family_told_on=tx.today))
    clock.at += timedelta(days=7)
    _hunt(town)
    assert _found(as_owner, case_id) == set()
    clock.at += timedelta(days=1)
    _hunt(town)
    with town.begin("principal") as tx:
        assert [(d.kind, d.case_id) for d in drifts.mine(tx)] == [("baton_waiting", case_id)]
    with town.begin("teacher") as tx:
        assert drifts.mine(tx) == []


@pytest.mark.parametrize(
    ("days", "substitute", "wanted"),
    [(20, None, {"holder_away"}), (20, "colleague", set()), (9, None, set())],
)
def test_a_holder_long_away_with_nobody_standing_in_is_the_leaders_to_mend(
    town, as_owner, days, substitute, wanted
):
    case_id = town.case()
    with town.begin("teacher") as tx:
        stands_in = town.people[substitute] if substitute else None
        away = absences.SetAbsence(tx.today, tx.today + timedelta(days=days), stands_in)
        absences.register(tx, town.people["teacher"], away)
    _hunt(town)
    assert _found(as_owner, case_id) == wanted
    with town.begin("principal") as tx:
        assert {d.kind for d in drifts.mine(tx)} == wanted


def test_a_consent_about_to_run_out_with_a_service_inside_is_found(town, clock, as_owner):
    case_id = _shared(town)
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    with town.begin("teacher") as tx:
        last = min(c.expires_on for c in consents.of_case(tx, case_id) if c.service_id)
    for left, wanted in ((15, False), (13, True)):
        clock.at += last - timedelta(days=left) - clock.at.date()
        _active(as_owner, clock, case_id)
        _hunt(town)
        assert ("consent_running_out" in _found(as_owner, case_id)) is wanted


def test_a_case_that_stands_still_on_purpose_is_left_in_peace(town, clock, as_owner):
    case_id = town.case()
    clock.at += timedelta(days=40)
    as_owner("UPDATE cases SET paused_until = :day WHERE id = :case", day=clock.at.date(), case=case_id)
    _hunt(town)
    assert _found(as_owner, case_id) == set()
    clock.at += timedelta(days=1)
    _hunt(town)
    assert _found(as_owner, case_id) == {"no_activity"}


@pytest.fixture
def quiet(town, clock):
    case_id = town.case()
    clock.at += timedelta(days=31)
    _hunt(town)
    return case_id


def test_hunting_again_finds_nothing_twice(town, quiet, as_owner):
    _hunt(town)
    assert len(as_owner("SELECT 1 FROM drifts WHERE case_id = :case", case=quiet)) == 1


def test_what_is_put_off_is_silent_until_its_day(town, quiet, clock):
    with town.begin("teacher") as tx:
        [found] = drifts.mine(tx)
        until = tx.today + timedelta(days=14)
        drifts.snooze(tx, found.id, drifts.Snooze(until, "Venter på skoleslutt", found.version))
    with town.begin("teacher") as tx:
        assert (drifts.mine(tx), waiting(tx).drifts) == ([], 0)
        [put_off] = drifts.mine(tx, snoozed=True)
        assert put_off.snooze_reason == "Venter på skoleslutt"
    clock.at += timedelta(days=13)
    with town.begin("teacher") as tx:
        assert waiting(tx).drifts == 0
    clock.at += timedelta(days=1)
    _hunt(town)
    with town.begin("teacher") as tx:
        assert [d.id for d in drifts.mine(tx)] == [found.id]


def test_nothing_is_put_off_for_ever_without_a_reason_or_by_somebody_else(town, quiet):
    with town.begin("teacher") as tx:
        [found] = drifts.mine(tx)
    day = timedelta(days=1)
    for until, reason, fault in (
        (day * 200, "x", "until"),
        (day * 0, "x", "until"),
        (day * 5, " ", "reason"),
    ):
        with pytest.raises(Invalid) as refused, town.begin("teacher") as tx:
            drifts.snooze(tx, found.id, drifts.Snooze(tx.today + until, reason))
        assert list(refused.value.errors) == [fault]
    for stranger in ("principal", "colleague", "coordinator", "administrator"):
        with pytest.raises(NotFound), town.begin(stranger) as tx:
            drifts.snooze(tx, found.id, drifts.Snooze(tx.today + day * 5, "x"))
    with pytest.raises(Stale), town.begin("teacher") as tx:
        drifts.snooze(tx, found.id, drifts.Snooze(tx.today + day * 5, "x", found.version + 1))


def test_the_coordinator_sees_numbers_and_units_and_no_name(town, quiet):
    with town.begin("coordinator") as tx:
        [row] = drifts.overview(tx)
        assert (row.kind, row.unit_name) == ("no_activity", "Fjordvik school")
        assert "Solvang" not in repr(row) and "Teacher" not in repr(row)
    with town.begin("manager") as tx:
        assert drifts.overview(tx) == []


def test_what_drifts_follows_the_baton(town, quiet):
    with town.begin("principal") as tx:
        relays.take_over(tx, quiet, to_id=town.people["colleague"], reason="Sykdom")
    with town.begin("teacher") as tx:
        before = waiting(tx).drifts
    _hunt(town)
    with town.begin("teacher") as tx:
        after = waiting(tx).drifts
    assert (before, after) == (1, 0)


def test_a_barred_holder_is_shown_nothing(town, quiet, as_owner):
    [row] = as_owner("SELECT child_id FROM cases WHERE id = :case", case=quiet)
    as_owner(
        "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
        " VALUES (gen_random_uuid(), :town, :person, :child, 'related', :person, now())",
        town=town.id,
        person=town.people["teacher"],
        child=row.child_id,
    )
    with town.begin("teacher") as tx:
        assert (drifts.mine(tx), waiting(tx).drifts) == ([], 0)
