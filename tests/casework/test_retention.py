"""What is past its term goes and leaves a count; what is held, or not yet in the archive, stays."""

import functools
from datetime import date, timedelta

import pytest

from casework import (
    archives,
    audit,
    break_glass,
    concern_reports,
    drafts,
    families,
    indicators,
    measures,
    retention,
    sibling_links,
    signals,
)
from casework.access import Actor
from casework.refusals import Invalid, NotFound, NotPermitted, Stale
from levels.retention import TERMS, Kind, may_choose, months
from tests.casework.test_archives import close, delivery_of, rich, take_over, words
from tests.casework.test_families import SOLVANG, Family

__all__ = ["words"]
MONTH = timedelta(days=31)


def night(town, kind=None):
    """One night in one town; answers how many went, by kind."""
    gone = {}
    for one in [kind] if kind else retention.BY_TOWN:
        with town.casework.begin(Actor.system()) as tx:
            gone[one] = retention.forget(tx, town.id, one)
    return {one: number for one, number in gone.items() if number}


def packed(town, case_id, as_owner):
    """The delivery of a closed case, with a package nobody has to render."""
    delivery = delivery_of(as_owner, case_id)
    with town.casework.begin(Actor.system()) as tx:
        archives.keep_package(tx, delivery, archives.unpacked(tx, delivery), b"zip")
    return delivery


def archived(town, as_owner, case_id=None):
    """A closed case that the archive has taken over."""
    case_id = case_id or town.case()
    close(town, case_id)
    take_over(town, packed(town, case_id, as_owner))
    return case_id


def parts(as_owner, case_id):
    """How many rows, in any table with a key to cases, still belong to a case."""
    keys = as_owner(
        "SELECT k.conrelid::regclass::text AS place, a.attname AS link FROM pg_constraint k"
        " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
        " WHERE k.contype = 'f' AND k.confrelid = 'cases'::regclass"
    )
    counted = {
        one.place: as_owner(f"SELECT count(*) FROM {one.place} WHERE {one.link} = :case", case=case_id)[0][0]
        for one in keys
    }
    return {place: number for place, number in counted.items() if number}


def trail_holds(town):
    with town.casework.begin(Actor.system()) as tx:
        return audit.verify(tx) == []


def test_a_case_goes_with_everything_in_it_and_leaves_counts_figures_and_a_trail_that_holds(
    town, clock, as_owner
):
    as_owner(
        "DELETE FROM indicator_figures"
    )  # or a month that another town's test has counted is not counted again
    case_id, _mother = rich(town)
    with town.begin("teacher") as tx:
        report = concern_reports.from_case(tx, case_id, concern_reports.SendReport("Redd for å gå hjem."))
    with town.begin("worker") as tx:
        whom = break_glass.Break("Iben", "Solvang", SOLVANG, "in_danger", "Ringte.")
        glass = break_glass.break_glass(tx, whom)
    archived(town, as_owner, case_id)
    had = set(parts(as_owner, case_id))
    assert {"log_entries", "case_moves", "consents", "family_words", "archive_packages", "signals"} <= had

    clock.at += 23 * MONTH
    assert Kind.CASE not in night(town)
    clock.at += 2 * MONTH
    with town.begin("archivist") as tx:
        [desk] = retention.desks(tx)
    assert {one.term.kind: one.now for one in desk.kept}[Kind.CASE] == 1
    assert night(town)[Kind.CASE] == 1

    assert parts(as_owner, case_id) == {}
    assert as_owner("SELECT 1 FROM cases WHERE id = :case", case=case_id) == []
    assert as_owner("SELECT 1 FROM concern_reports WHERE id = :id", id=report), "a file of its own"
    assert as_owner("SELECT case_id FROM broken_glasses WHERE id = :id", id=glass) == [(None,)]
    counted = as_owner(
        "SELECT number, source FROM retention_counts WHERE municipality_id = :t AND kind = 'case'", t=town.id
    )
    assert counted == [(1, TERMS[Kind.CASE].source)]
    figures = as_owner(
        "SELECT part, numerator FROM indicator_figures WHERE municipality_id = :t AND indicator = 'child_heard_at_evaluation'",
        t=town.id,
    )
    assert figures == [("", 1)], "the year's figure is right although the case is gone"
    assert trail_holds(town)
    last = as_owner("SELECT act FROM audit WHERE file_id = :case ORDER BY seq DESC LIMIT 1", case=case_id)
    assert last == [("forget_case",)]

    clock.at += 121 * MONTH
    with town.casework.begin(Actor.system()) as tx:
        assert audit.anchor(tx, secret=b"s" * 32) > 0
    assert night(town)[Kind.TRAIL] >= 1
    assert as_owner("SELECT 1 FROM audit WHERE file_id = :case", case=case_id) == []
    assert trail_holds(town)
    with town.casework.begin(Actor.system()) as tx:
        found = audit.broken_anchors(tx, secret=b"s" * 32)
        assert town.id not in {one.municipality_id for one in found}


def test_nothing_goes_before_the_archive_has_it_while_it_is_held_or_while_the_family_waits(
    town, clock, as_owner
):
    case_id = town.case()
    mother = Family(town, town.casework).joined(case_id, "mother")
    close(town, case_id)
    clock.at += 60 * MONTH
    assert night(town, Kind.CASE) == {}, "the archive has not taken it over"
    delivery = packed(town, case_id, as_owner)
    assert night(town, Kind.CASE) == {}
    take_over(town, delivery)

    with town.begin("principal") as tx:
        held = retention.hold(tx, case_id, retention.SetHold("court", "Saken er i retten."))
    assert night(town, Kind.CASE) == {} and night(town, Kind.PACKAGE) == {}
    with pytest.raises(Exception, match="must still be kept"), town.casework.begin(Actor.system()) as tx:
        tx.ask("SELECT app.forget_case(:case)", {"case": case_id})
    with pytest.raises(Stale), town.begin("archivist") as tx:
        retention.lift(tx, held, retention.LiftHold("Dommen er rettskraftig.", version=7))
    with town.begin("archivist") as tx:
        retention.lift(tx, held, retention.LiftHold("Dommen er rettskraftig."))
    with town.casework.begin(mother) as tx:
        families.say(tx, case_id, families.Say("complaint", "Vi ble ikke hørt."))
    assert night(town, Kind.CASE) == {}, "the family waits for an answer"
    with town.begin("principal") as tx:
        [word] = families.of_case(tx, case_id)
    with town.begin("principal") as tx:
        families.answer_word(tx, word.id, families.AnswerWord("Vi beklager."))
    assert night(town, Kind.CASE) == {Kind.CASE: 1}
    acts = [
        row.act for row in as_owner("SELECT act FROM audit WHERE file_id = :case ORDER BY seq", case=case_id)
    ]
    assert [one for one in acts if "hold" in one or one == "forget_case"] == [
        "hold_case",
        "lift_hold",
        "forget_case",
    ]


def test_taking_a_consent_back_deletes_nothing_that_is_archived(town, as_owner):
    case_id = town.case(services=("ppt",))
    archived(town, as_owner, case_id)
    before = parts(as_owner, case_id)
    as_owner("UPDATE consents SET state = 'withdrawn' WHERE case_id = :case", case=case_id)
    assert night(town) == {} and parts(as_owner, case_id) == before


def test_only_the_leader_and_the_archivist_hold_a_case_and_strangers_do_not_find_it(
    town, as_owner, casework, postgres
):
    case_id = town.case()
    [(number,)] = as_owner("SELECT number FROM cases WHERE id = :case", case=case_id)
    wanted = retention.SetHold("supervision", "Statsforvalteren ser på saken.")
    with pytest.raises(NotPermitted), town.begin("teacher") as tx:
        retention.hold(tx, case_id, wanted)
    for who in ("colleague", "administrator", "manager", "archivist"):
        with pytest.raises(NotFound), town.begin(who) as tx:
            retention.hold(tx, case_id, wanted)
    with pytest.raises(Invalid) as unknown, town.begin("archivist") as tx:
        retention.hold_by_number(tx, town.id, "2020-9999", wanted)
    assert unknown.value.errors == {"number": "no_such_case"}
    with pytest.raises(Invalid) as empty, town.begin("archivist") as tx:
        retention.hold_by_number(tx, town.id, number, retention.SetHold("because", " "))
    assert set(empty.value.errors) == {"ground", "reason"}
    with town.begin("archivist") as tx:
        held = retention.hold_by_number(tx, town.id, number, wanted)
    away = type(town).build(casework, postgres.owner_url)
    for place, who in ((away, "archivist"), (away, "principal"), (town, "colleague")):
        with pytest.raises(NotFound), place.begin(who) as tx:
            retention.lift(tx, held, retention.LiftHold("Ferdig."))
        with pytest.raises((NotFound, Invalid)), place.begin(who) as tx:
            retention.hold_by_number(tx, town.id, number, wanted)
    for who in ("principal", "manager", "administrator"):
        with pytest.raises(NotFound), town.begin(who) as tx:
            retention.desks(tx)
    with town.begin("archivist") as tx:
        [desk] = retention.desks(tx)
    assert [(one.number, one.ground, one.set_by) for one in desk.holds] == [
        (number, "supervision", "Archivist Test")
    ]
    as_owner(
        "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
        " SELECT gen_random_uuid(), c.municipality_id, :who, c.child_id, 'slekt', :who, now() FROM cases c WHERE c.id = :case",
        who=town.people["archivist"], case=case_id,
    )  # fmt: skip
    with town.begin("archivist") as tx:
        assert retention.desks(tx)[0].holds == (), "an archivist tied to the family sees not even the number"


def test_a_municipality_chooses_its_terms_within_the_bounds_and_no_setting_goes_beyond_them(town, clock):
    settled = town.worry(town.child())
    with town.begin("teacher") as tx:
        signals.resolve(tx, settled, reason="Det gikk over", when="ikke_behov")
    with pytest.raises(Invalid), town.begin("archivist") as tx:
        retention.choose(tx, town.id, "signal", 1)
    with pytest.raises(Invalid), town.begin("archivist") as tx:
        retention.choose(tx, town.id, "draft", 1)
    with pytest.raises(NotFound), town.begin("administrator") as tx:
        retention.choose(tx, town.id, "signal", 4)
    with town.begin("archivist") as tx:
        retention.choose(tx, town.id, "signal", 4)
    with town.casework.begin(Actor.system()) as tx:
        indicators.refresh(tx)
    clock.at += 3 * MONTH
    assert night(town, Kind.SIGNAL) == {}
    clock.at += 2 * MONTH
    assert night(town, Kind.SIGNAL) == {Kind.SIGNAL: 1}
    assert trail_holds(town)
    assert months(Kind.CASE, {"case_months": 1}) == TERMS[Kind.CASE].least
    assert months(Kind.CASE, {"case_months": "mange"}) == TERMS[Kind.CASE].months
    assert [may_choose(kind, 24) for kind in ("case", "draft", "nothing")] == [True, False, False]
    assert all(one.source and (one.months or one.days) for one in TERMS.values())


def test_what_names_nobody_is_swept_by_its_own_term_and_counted(town, clock, as_owner):
    with town.begin("teacher") as tx:
        drafts.keep(tx, "signal", {"observation": "Utkast"})
    clock.at += timedelta(days=13)
    with town.casework.begin(Actor.system()) as tx:
        retention.sweep(tx)
    assert as_owner("SELECT 1 FROM drafts WHERE owner_id = :who", who=town.people["teacher"])
    clock.at += timedelta(days=2)
    with town.casework.begin(Actor.system()) as tx:
        assert retention.sweep(tx) >= 1
    assert as_owner("SELECT 1 FROM drafts WHERE owner_id = :who", who=town.people["teacher"]) == []
    assert as_owner("SELECT 1 FROM retention_counts WHERE kind = 'draft' AND day = :day", day=clock.at.date())


def test_every_table_that_hangs_on_a_case_can_go_with_it(as_owner):
    """A table hung on something inside a case, and not on the case, would stop the deletion: it must cascade."""
    inside = as_owner(
        "SELECT DISTINCT k.conrelid AS place FROM pg_constraint k JOIN pg_attribute a"
        " ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
        " WHERE k.contype = 'f' AND k.confrelid = 'cases'::regclass AND a.attnotnull"
    )
    places = [one.place for one in inside]
    stuck = as_owner(
        "SELECT k.conrelid::regclass::text, k.confrelid::regclass::text FROM pg_constraint k"
        " WHERE k.contype = 'f' AND k.confrelid = ANY (:places) AND k.confdeltype = 'a'"
        " AND NOT k.conrelid = ANY (:places)",
        places=places,
    )
    assert stuck == []


def test_nobody_but_the_two_functions_deletes_from_a_trail(town, as_owner):
    case_id = town.case()
    for setting in ("", "on"):
        with (
            pytest.raises(Exception, match="only added to|permission denied"),
            town.casework.begin(Actor.system()) as tx,
        ):
            tx.ask("SELECT set_config('app.forgetting', :on, true)", {"on": setting})
            tx.ask("DELETE FROM audit WHERE file_id = :case", {"case": case_id})
    assert trail_holds(town) and as_owner("SELECT 1 FROM case_moves WHERE case_id = :case", case=case_id)


def test_the_whole_night_is_done_for_every_town_in_small_steps(town, clock):
    for _ in range(3):
        settled = town.worry(town.child())
        with town.begin("teacher") as tx:
            signals.resolve(tx, settled, reason="Det gikk over", when="ikke_behov")
    clock.at += 13 * MONTH
    done = retention.night(functools.partial(town.casework.begin, Actor.system()), batch=2)
    assert done[town.id, Kind.SIGNAL] == 3


def test_a_siblings_file_goes_alone_and_the_other_child_keeps_everything(town, clock, as_owner):
    iben, noah = town.case(), town.case(child_id=town.child(first="Noah", born=date(2012, 5, 5)))
    with town.begin("teacher") as tx:
        agreed = [
            sibling_links.Agreed(one.case_id, one.guardian_id)
            for one in sibling_links.consenters(tx, iben, noah)
        ]
    with town.begin("teacher") as tx:
        link = sibling_links.link(tx, iben, sibling_links.LinkSiblings(noah, tuple(agreed)))
    with town.begin("teacher") as tx:
        measure = measures.PlanMeasure("Leksetid", "Ro hjemme", town.people["teacher"])
        sibling_links.plan_measure(tx, iben, link, sibling_links.PlanTogether(measure))
    with town.begin("teacher") as tx:
        for one in measures.of_case(tx, iben):
            measures.evaluate(tx, one.id, measures.EvaluateMeasure("reached", "end", child_said="Fint."))
    archived(town, as_owner, iben)
    clock.at += 25 * MONTH
    assert night(town)[Kind.CASE] == 1
    assert parts(as_owner, iben) == {}
    with town.begin("teacher") as tx:
        assert [one.title for one in measures.of_case(tx, noah)] == ["Leksetid"]
        assert sibling_links.of_case(tx, noah) == []


def test_a_worry_is_held_by_whoever_decides_it_and_the_archivist_learns_how_many_and_why(
    town, clock, as_owner
):
    child = town.child(first="Even")
    held, free = town.worry(child), town.worry(child, saw="Trøtt.")
    for one in (held, free):
        with town.begin("teacher") as tx:
            signals.resolve(tx, one, reason="Det gikk over.", when="ikke_behov")
    wanted = retention.SetHold("complaint", "Klagen er til behandling.", key="h1")
    for who, refusal in (("teacher", NotPermitted), ("colleague", NotFound), ("archivist", NotFound)):
        with pytest.raises(refusal), town.begin(who) as tx:
            retention.hold_signal(tx, held, wanted)
    with pytest.raises(Invalid) as faults, town.begin("principal") as tx:
        retention.hold_signal(tx, held, retention.SetHold("curiosity", ""))
    assert set(faults.value.errors) == {"ground", "reason"}
    with town.begin("principal") as tx:
        hold_id = retention.hold_signal(tx, held, wanted)
    with town.begin("archivist") as tx:
        [desk] = retention.desks(tx)
        assert desk.held_signals == (retention.HeldCount("complaint", 1),) and desk.holds == ()
        assert "Klagen" not in repr(desk) and tx.scalar("SELECT count(*) FROM signal_holds") == 0
        for act in (
            retention.held_signal,
            lambda tx, one: retention.lift(tx, one, retention.LiftHold("Ja.")),
        ):
            with pytest.raises(NotFound):
                act(tx, hold_id)
    clock.at += 13 * MONTH
    assert night(town, Kind.SIGNAL) == {Kind.SIGNAL: 1}
    assert as_owner("SELECT id FROM signals WHERE id IN (:a, :b)", a=held, b=free) == [(held,)]
    for version, refusal in ((9, Stale), (1, None), (2, Stale)):
        try:
            with town.begin("principal") as tx:
                retention.lift_signal(tx, hold_id, retention.LiftHold("Klagen er avgjort.", version))
        except Stale:
            assert refusal is Stale
    assert night(town, Kind.SIGNAL) == {Kind.SIGNAL: 1}
    assert as_owner("SELECT count(*) FROM signal_holds WHERE signal_id = :s", s=held) == [(0,)]
    acts = [row.act for row in as_owner("SELECT act FROM audit WHERE file_id = :s", s=held)]
    assert {"hold_signal", "lift_hold", "forget_signal"} <= set(acts) and trail_holds(town)


def test_a_case_waits_for_the_worry_it_came_from_and_a_leaders_own_worry_is_the_leaders_to_hold(
    town, clock, as_owner
):
    case = archived(town, as_owner)
    [(signal,)] = as_owner("SELECT id FROM signals WHERE case_id = :c", c=case)
    with town.begin("principal") as tx:
        hold_id = retention.hold_signal(tx, signal, retention.SetHold("court", "Saken er i retten."))
    own = town.worry(town.child(first="Eva"), by="principal")
    with town.begin("principal") as tx:
        retention.hold_signal(tx, own, retention.SetHold("supervision", "Tilsyn."))
    clock.at += 25 * MONTH
    assert night(town, Kind.CASE) == {}
    with town.begin("principal") as tx:
        retention.lift_signal(tx, hold_id, retention.LiftHold("Dommen er falt."))
    assert night(town, Kind.CASE) == {Kind.CASE: 1}
