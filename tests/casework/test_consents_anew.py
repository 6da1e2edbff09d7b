"""The family is asked anew when the baton goes to another service or one more joins, where the guide says so."""

import pytest

from casework import consents, coordinations, relays
from casework.refusals import Refused
from levels import guides as rules


def rule(town, **anew):
    said = ", ".join(f"{key}: {value}" for key, value in anew.items())
    source = rules.library("tromso").replace("\nlevels:\n", f"\nconsent_anew: {{{said}}}\nlevels:\n", 1)
    town.publish(source.replace('version: "', 'version: "9-', 1))


def case_with(town, *services):
    """A case with the family's yes to these services, each inside by its own yes."""
    case_id = town.case(services=services)
    for service in services:
        invite(town, case_id, service)
        join(town, case_id, service)
    return case_id


def invite(town, case_id, service):
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services[service], "Råd"),))


def join(town, case_id, service):
    who = {"ppt": "adviser", "health": "nurse"}[service]
    with town.begin(who) as tx:
        [mine] = [one for one in coordinations.asked_of_me(tx) if one.case_id == case_id]
        coordinations.reply(tx, mine.id, coordinations.Reply("yes", contact_id=town.people[who]))


def offer(town, case_id, to):
    with town.begin("teacher") as tx:
        return relays.offer(tx, case_id, relays.OfferBaton(town.people[to], family_told_on=tx.today))


def answers(town, case_id, by="teacher"):
    with town.begin(by) as tx:
        return {(one.service_name, one.relation): one for one in consents.of_case(tx, case_id)}


def everybody_says_yes(town, case_id):
    for one in answers(town, case_id).values():
        if one.asked_anew:
            with town.begin("teacher") as tx:
                consents.record(tx, one.id, consents.Answer("yes", "oral"))


def inside(town, case_id, as_owner):
    sql = ("SELECT s.name FROM participations p JOIN services s ON s.id = p.service_id"
           " WHERE p.case_id = :case AND p.kind = 'service' AND p.until IS NULL")  # fmt: skip
    return {row[0] for row in as_owner(sql, case=case_id)}


def test_without_a_word_in_the_guide_nothing_is_asked_anew(town):
    case_id = case_with(town, "ppt")
    handover = offer(town, case_id, "adviser")
    with town.begin("adviser") as tx:
        relays.accept(tx, handover)
    assert not any(one.asked_anew for one in answers(town, case_id, "adviser").values())


def test_the_baton_waits_until_everybody_has_answered_anew_when_it_goes_to_another_service(town):
    rule(town, handover="other_service", until_answered="waits")
    case_id = case_with(town, "ppt")
    with town.begin("teacher") as tx:
        assert consents.anew.named(tx, case_id, joining=False) == ["", "Fjordvik ppt"]
    handover = offer(town, case_id, "adviser")
    assert all(one.asked_anew and one.state == "given" for one in answers(town, case_id).values())
    with pytest.raises(Refused) as refused, town.begin("adviser") as tx:
        relays.accept(tx, handover)
    assert refused.value.unmet == ("family_asked_anew",)
    everybody_says_yes(town, case_id)
    with town.begin("adviser") as tx:
        relays.accept(tx, handover)


def test_a_colleague_in_the_same_service_takes_it_without_asking_anew(town):
    rule(town, handover="other_service", until_answered="waits")
    handover = offer(town, town.case(), "colleague")
    with town.begin("colleague") as tx:
        relays.accept(tx, handover)


def test_a_no_when_asked_anew_takes_the_old_yes_back(town, as_owner):
    rule(town, handover="always", until_answered="goes_on")
    case_id = case_with(town, "ppt")
    handover = offer(town, case_id, "colleague")
    with town.begin("colleague") as tx:
        relays.accept(tx, handover)
    assert inside(town, case_id, as_owner) == {"Fjordvik ppt"}, "the old yes goes on meanwhile"
    hers = answers(town, case_id, "colleague")[("Fjordvik ppt", "mother")]
    with town.begin("colleague") as tx:
        consents.record(tx, hers.id, consents.Answer("no", "oral"))
    now = answers(town, case_id, "colleague")[("Fjordvik ppt", "mother")]
    assert (now.state, now.asked_anew, inside(town, case_id, as_owner)) == ("withdrawn", False, set())


def test_one_more_service_joins_and_the_others_lose_sight_until_the_family_has_answered(town, as_owner):
    rule(town, joining="true", until_answered="ends")
    case_id = case_with(town, "ppt")
    town.consent(case_id, "health")
    invite(town, case_id, "health")
    join(town, case_id, "health")
    states = {name: one.state for name, one in answers(town, case_id).items() if name[1] == "mother"}
    assert states == {("", "mother"): "asked", ("Fjordvik ppt", "mother"): "asked",
                      ("Fjordvik health", "mother"): "given"}  # fmt: skip
    assert inside(town, case_id, as_owner) == {"Fjordvik health"}


def test_one_more_service_waits_at_the_door_when_the_guide_says_so(town, as_owner):
    rule(town, joining="true", until_answered="waits")
    case_id = town.case(services=("health",))
    invite(town, case_id, "health")
    with pytest.raises(Refused) as refused:
        join(town, case_id, "health")
    assert refused.value.unmet == ("family_asked_anew",)
    everybody_says_yes(town, case_id)
    join(town, case_id, "health")
    assert inside(town, case_id, as_owner) == {"Fjordvik health"}


def test_a_guide_that_waits_for_an_answer_nobody_is_asked_for_is_told_so():
    source = rules.library("tromso").replace(
        "\nlevels:\n", "\nconsent_anew: {until_answered: ends}\nlevels:\n", 1
    )
    assert [fault.code for fault in rules.check_text(source)] == ["nothing_asked_anew"]
