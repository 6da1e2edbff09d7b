"""The whole story through the acts themselves, on Tromsø's guide."""

from datetime import timedelta

from casework import (
    audit,
    cases,
    consents,
    coordinations,
    logs,
    measures,
    meetings,
    relays,
    signals,
)
from casework.access import Actor


def _invite(town, case_id, *services):
    with town.begin("teacher") as tx:
        asked = tuple(coordinations.Ask(town.services[s], "Vi trenger råd om lesing") for s in services)
        coordinations.invite(tx, case_id, asked)
    with town.begin("teacher") as tx:
        return {i.service_id: i.id for i in coordinations.of_case(tx, case_id)}


def test_a_worry_is_carried_from_the_first_note_to_the_archive_without_being_dropped(town, clock):
    child_id = town.child()
    signal_id = town.worry(child_id, talked_with=("guardians",))
    with town.begin("teacher") as tx:
        signals.share(tx, signal_id)
    with town.begin("principal") as tx:
        signals.add(tx, signal_id, kind="leader_note", body="Vi prøver i klassen først.")
    case_id = _raise(town, signal_id)

    with town.begin("teacher") as tx:
        logs.write(tx, case_id, logs.WriteEntry("Snakket med mor."))
    with town.begin("teacher") as tx:
        measure_id = measures.plan(
            tx, case_id, measures.PlanMeasure("Lesegruppe", "Leser 20 minutter", town.people["teacher"])
        )
    with town.begin("teacher") as tx:
        for step in ("1.1", "1.2", "1.3"):
            cases.do_step(tx, case_id, step)
    clock.at += timedelta(days=30)
    with town.begin("teacher") as tx:
        measures.evaluate(
            tx, measure_id, measures.EvaluateMeasure("no_change", "continue", child_said="Litt bedre")
        )
    town.consent(case_id, "health")
    town.consent(case_id, "ppt")
    with town.begin("teacher") as tx:
        cases.change_level(tx, case_id, cases.ChangeLevel("2", "flere_tjenester", reason="For liten endring"))
    invited = _invite(town, case_id, "health", "ppt")
    with town.begin("nurse") as tx:
        coordinations.reply(tx, invited[town.services["health"]], coordinations.Reply("yes"))
    with town.begin("adviser") as tx:
        coordinations.reply(tx, invited[town.services["ppt"]], coordinations.Reply("yes", "Vi kommer"))
    with town.begin("teacher") as tx:
        meeting_id = meetings.call(
            tx,
            case_id,
            meetings.CallMeeting(
                "joint",
                clock.at + timedelta(days=3),
                clock.at + timedelta(days=3, hours=1),
                tuple(town.people[p] for p in ("teacher", "nurse", "adviser")),
            ),
        )
    with town.begin("nurse") as tx:
        meetings.answer(tx, meeting_id, coming="yes")
    clock.at += timedelta(days=3, hours=1)
    with town.begin("teacher") as tx:
        meetings.hold(tx, meeting_id, meetings.HoldMeeting("Enige om tiltak.", ("Søvnsamtale",)))
    with town.begin("teacher") as tx:
        handover_id = relays.offer(
            tx, case_id, relays.OfferBaton(town.people["nurse"], "Nærmest nå", family_told_on=tx.today)
        )
    with town.begin("nurse") as tx:
        relays.accept(tx, handover_id)
    clock.at += timedelta(days=10)
    with town.begin("nurse") as tx:
        logs.write_child_view(tx, case_id, words="Det går fint nå.")
    with town.begin("nurse") as tx:
        measures.evaluate(tx, measure_id, measures.EvaluateMeasure("reached", "end", child_said="Bra"))
    with town.begin("nurse") as tx:
        cases.change_level(tx, case_id, cases.ChangeLevel("1", "ned", reason="Målene er nådd"))
    with town.begin("nurse") as tx:
        logs.write_child_view(tx, case_id, words="Jeg trenger ikke hjelp mer.")
    with town.begin("nurse") as tx:
        cases.close(tx, case_id, cases.CloseCase("Barnet har det bra", "avslutt"))

    with town.begin("nurse") as tx:
        page = cases.details(tx, case_id, log_limit=50)
        digest, content = cases.package(tx, case_id)
    assert page.head.state == "closed"
    assert page.head.holder_id == town.people["nurse"]
    assert {e.code for e in page.log} >= {
        "case_opened",
        "raise_to",
        "services_invited",
        "baton_accepted",
        "lower_to",
        "case_closed",
    }
    assert len(digest) == 64 and "Solvang" in content.decode()
    with town.casework.begin(Actor.system()) as tx:
        assert audit.verify(tx) == []


def _raise(town, signal_id):
    with town.begin("teacher") as tx:
        page = signals.details(tx, signal_id)
        guardians = consents_of_family(tx, page.summary.child.id)
    agreed = tuple(signals.Agreed(g, channel="paper") for g in guardians)
    with town.begin("teacher") as tx:
        return signals.raise_case(
            tx,
            signal_id,
            signals.RaiseSignal(
                "1", "innsats_egen_enhet", town.people["teacher"], child_said="Jeg er alene.", agreed=agreed
            ),
        )


def consents_of_family(tx, child_id):
    from casework import children

    return [g.id for g in children.guardians(tx, child_id)]


def test_a_service_loses_sight_the_moment_the_family_takes_its_consent_back(town):
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    invited = _invite(town, case_id, "ppt")
    with town.begin("adviser") as tx:
        coordinations.reply(tx, invited[town.services["ppt"]], coordinations.Reply("yes"))
    with town.begin("adviser") as tx:
        before = cases.mine(tx).total
    with town.begin("teacher") as tx:
        given = next(c for c in consents.of_case(tx, case_id) if c.service_id == town.services["ppt"])
    with town.begin("teacher") as tx:
        consents.record(tx, given.id, consents.Answer("withdrawn", "oral"))

    with town.begin("adviser") as tx:
        after = cases.mine(tx).total
        seen = coordinations.asked_of_me(tx)
    assert (before, after) == (1, 0)
    assert [i.child_name for i in seen] == [""]


def test_the_former_holder_can_open_a_closed_case_again_and_holds_it(town, clock):
    case_id = town.case()
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words="Det går fint.")
    with town.begin("teacher") as tx:
        cases.close(tx, case_id, cases.CloseCase("Ferdig", when="avslutt", child_words="Fint"))
    clock.at += timedelta(days=30)

    with town.begin("teacher") as tx:
        cases.reopen(tx, case_id, to="1", reason="Det kom tilbake.")

    with town.begin("teacher") as tx:
        assert cases.details(tx, case_id).head.holder_is_me


def test_the_leader_who_opens_a_closed_case_again_takes_the_baton_from_the_former_holder(town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words="Det går fint.")
    with town.begin("teacher") as tx:
        cases.close(tx, case_id, cases.CloseCase("Ferdig", when="avslutt", child_words="Fint"))

    with town.begin("principal") as tx:
        cases.reopen(tx, case_id, to="1", reason="Foreldrene ba om det.")

    with town.begin("principal") as tx:
        assert cases.details(tx, case_id).head.holder_is_me
    with town.begin("teacher") as tx:
        assert [c.id for c in cases.mine(tx).cases] == []


def test_the_archive_copy_holds_every_word_that_was_written_in_the_case(town):
    case_id = town.case()
    words = ["Snakket med mor.", "Lesegruppe", "Leser 20 minutter", "Det er gøy.", "Iben vil tegne.", "Nora tar kontakt.",
             "Jeg har det bra.", "Målet er nådd."]  # fmt: skip
    with town.begin("teacher") as tx:
        logs.write(tx, case_id, logs.WriteEntry(words[0]))
    with town.begin("teacher") as tx:
        measure = measures.plan(tx, case_id, measures.PlanMeasure(words[1], words[2], town.people["teacher"]))
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=1)
        called = meetings.CallMeeting("joint", at, at + timedelta(hours=1), (town.people["principal"],))
        meeting = meetings.call(tx, case_id, called)
    with town.begin("teacher") as tx:
        meetings.hold(tx, meeting, meetings.HoldMeeting(words[4], (words[5],)))
    with town.begin("teacher") as tx:
        measures.evaluate(tx, measure, measures.EvaluateMeasure("reached", "end", child_said=words[3]))
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words=words[6])
    with town.begin("teacher") as tx:
        cases.close(tx, case_id, cases.CloseCase(words[7], "avslutt"))

    with town.begin("teacher") as tx:
        _digest, content = cases.package(tx, case_id)
    kept = content.decode()
    assert [each for each in [*words, "Principal Test", "Lena Myrvold"] if each not in kept] == []


def test_minutes_stand_in_the_log_as_they_were_written(town):
    case_id = town.case()
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=1)
        called = meetings.CallMeeting("joint", at, at + timedelta(hours=1), (town.people["principal"],))
        meeting = meetings.call(tx, case_id, called)
    with town.begin("teacher") as tx:
        meetings.hold(tx, meeting, meetings.HoldMeeting("Iben vil tegne.", ("Nora tar kontakt.",)))
    with town.begin("teacher") as tx:
        [entry] = [each for each in logs.entries(tx, case_id) if each.code == "meeting_held"]
    assert "Iben vil tegne." in entry.body and "Nora tar kontakt." in entry.body
