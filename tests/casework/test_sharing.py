"""A child at a protected address, tried through every channel there is: nobody who must not know learns where it is."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest

from casework import (
    break_glass,
    cases,
    children,
    consents,
    coordinations,
    families,
    followups,
    meetings,
    notices,
    sharing,
)
from casework.access import Actor
from casework.refusals import Invalid, NotFound

PHONE, EMAIL, SCHOOL, ROOM = "00 00 12 34", "skjult@example.test", "Fjordvik school", "Rom 3 på Fjordvik"


@pytest.fixture
def hidden(town, as_owner):
    """A case whose child lives with its mother at a protected address; PPT is inside, child welfare is asked."""
    case_id = town.case(services=("ppt",))
    with town.begin("teacher") as tx:
        child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)
        rows = {one.relation: one for one in children.guardians(tx, child_id)}
        children.protect(tx, child_id, protected=True)
    mother = rows["mother"]
    with town.begin("teacher") as tx:
        children.keep_guardian(tx, mother.id, children.KeepGuardian(
            mother.name, "mother", phone=PHONE, email=EMAIL, protected_address=True, version=mother.version))  # fmt: skip
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd"),))
        start = datetime(2026, 12, 3, 9, tzinfo=UTC)
        end = datetime(2026, 12, 3, 10, tzinfo=UTC)
        called = meetings.CallMeeting("joint", start, end, (town.people["principal"],), place=ROOM)
        meetings.call(tx, case_id, called)
    return case_id, child_id, {name: one.id for name, one in rows.items()}


def comes_in(town, casework, case_id, guardian_id):
    with town.begin("teacher") as tx:
        born = tx.scalar("SELECT k.born_on FROM children k JOIN cases c ON c.child_id = k.id WHERE c.id = :case",
                         case=case_id)  # fmt: skip
        code = families.hand_out(tx, case_id, guardian_id)
    with casework.begin(Actor.stranger()) as tx:
        return Actor.of_family(families.by_code(tx, code.code, born))


def everything(shape):
    return json.dumps(asdict(shape), default=str, ensure_ascii=False)


def test_the_other_parent_learns_where_the_child_goes_by_no_page_print_or_machine_copy(
    town, casework, hidden
):
    case_id, _child, who = hidden
    father = comes_in(town, casework, case_id, who["father"])
    mother = comes_in(town, casework, case_id, who["mother"])
    for read in (families.case, families.copy):
        with casework.begin(father) as tx:
            page = everything(read(tx, case_id))
        assert not [secret for secret in (SCHOOL, ROOM, PHONE, EMAIL) if secret in page]
        assert "Fjordvik kommune" in page, "the municipality stands in its place"
    with casework.begin(father) as tx:
        assert SCHOOL not in "".join(everything(one) for one in families.home(tx))
        assert SCHOOL not in "".join(one.plain for one in families.texts(tx, case_id, "uk").values())
    with casework.begin(mother) as tx:
        assert SCHOOL in everything(families.case(tx, case_id)), "she lives there too, and knows"


def test_a_text_read_to_the_other_parent_names_no_school_whoever_writes_the_answer_down(town, hidden):
    case_id, _child, _who = hidden
    with town.begin("teacher") as tx:
        rows = {one.relation: one for one in consents.of_case(tx, case_id) if one.service_id is None}
        assert SCHOOL not in consents.with_text(tx, rows["father"].id).text.plain
        assert SCHOOL in consents.with_text(tx, rows["mother"].id).text.plain


def test_how_a_protected_parent_is_reached_is_seen_by_the_holder_the_leader_and_child_welfare_alone(
    town, hidden
):
    case_id, child_id, who = hidden
    join(town, case_id)
    for name in ("teacher", "principal"):
        with town.begin(name) as tx:
            assert PHONE in everything(children.family(tx, child_id))
    with town.begin("adviser") as tx:
        seen = everything(children.family(tx, child_id))
    assert PHONE not in seen and EMAIL not in seen and '"masked": true' in seen
    with pytest.raises(NotFound), town.begin("adviser") as tx:
        children.protect(tx, child_id, protected=False)
    blank = children.KeepGuardian("Lena Myrvold", "mother", version=2)
    with town.begin("adviser") as tx:
        children.keep_guardian(tx, who["mother"], blank)
    with town.begin("teacher") as tx:
        kept = everything(children.family(tx, child_id))
    assert PHONE in kept and '"protected_address": true' in kept, "what was not shown is not wiped out either"


def join(town, case_id):
    with town.begin("adviser") as tx:
        [mine] = [one for one in coordinations.asked_of_me(tx) if one.case_id == case_id]
        coordinations.reply(tx, mine.id, coordinations.Reply("yes", contact_id=town.people["adviser"]))


def test_a_service_that_is_asked_is_not_told_the_school_before_it_is_inside(town, hidden):
    case_id, _child, _who = hidden
    with town.begin("adviser") as tx:
        [mine] = [one for one in coordinations.asked_of_me(tx) if one.case_id == case_id]
        assert SCHOOL not in everything(coordinations.seen(tx, mine.id))
    join(town, case_id)
    with town.begin("adviser") as tx:
        assert SCHOOL in everything(coordinations.seen(tx, mine.id))


def test_no_letter_text_message_or_calendar_says_where(town, casework, hidden, as_owner):
    waiting = as_owner(
        "SELECT id FROM notices WHERE municipality_id = :town AND state = 'written'", town=town.id
    )
    letters = []
    for notice in waiting:
        with casework.begin(Actor.system()) as tx:
            letters.append(notices.to_send(tx, notice.id, sms=True))
    sent = [everything(one) for one in letters if one is not None and one.municipality_name]
    assert any(one.calendar for one in letters if one), "the meeting is in the calendar"
    assert not [one for one in sent if ROOM in one or SCHOOL in one or "Iben" in one]


def test_no_letter_goes_to_a_parent_who_is_kept_out_after_it_was_written(town, casework, hidden, as_owner):
    case_id, _child, who = hidden
    comes_in(town, casework, case_id, who["mother"])
    with town.begin("teacher") as tx:
        consents.ask(tx, case_id, (consents.Question(town.services["health"], "Råd"),))
    [written] = as_owner(
        "SELECT id FROM notices WHERE guardian_id = :who AND state = 'written'", who=who["mother"]
    )
    as_owner("UPDATE guardians SET kept_out = true WHERE id = :who", who=who["mother"])
    with casework.begin(Actor.system()) as tx:
        assert notices.to_send(tx, written.id) is None
    with pytest.raises(Invalid), town.begin("teacher") as tx:
        families.hand_out(tx, case_id, who["mother"])


def test_who_is_told_that_a_consent_ends_is_whom_the_one_rule_lets_it_reach(
    town, casework, hidden, clock, as_owner
):
    case_id, child_id, who = hidden
    comes_in(town, casework, case_id, who["mother"])
    clock.at += timedelta(days=152)

    def told():
        """Who hears of the mother's yes, and whether the letter is let out."""
        with casework.begin(Actor.system()) as tx:
            followups.remind_of_consents(tx, limit=100_000)
        rows = as_owner(
            "SELECT n.id, n.guardian_id FROM notices n JOIN consents c ON c.id = n.subject_id"
            " WHERE n.kind = 'consent_ends' AND n.case_id = :case AND c.guardian_id = :mother"
            " AND c.service_id IS NULL", case=case_id, mother=who["mother"],
        )  # fmt: skip
        with casework.begin(Actor.system()) as tx:
            found = {
                ("mother" if row.guardian_id else "holder", notices.to_send(tx, row.id) is not None)
                for row in rows
            }
        as_owner("DELETE FROM notices WHERE kind = 'consent_ends' AND case_id = :case", case=case_id)
        return found

    def rule(**facts):
        asked = {"kept_out": False, "age": 9, **facts}
        allowed = sharing.to_guardian(sharing.What.NOTICE, sharing.Channel.LETTER, **asked).allowed
        return {("mother" if allowed else "holder", True)}

    assert told() == rule() == {("mother", True)}, "a protected address hides nothing from the one who has it"
    as_owner("UPDATE guardians SET kept_out = true WHERE id = :who", who=who["mother"])
    assert told() == rule(kept_out=True) == {("holder", True)}
    as_owner("UPDATE guardians SET kept_out = false WHERE id = :who", who=who["mother"])
    as_owner("UPDATE children SET born_on = '2009-01-01' WHERE id = :child", child=child_id)
    assert told() == rule(age=18) == {("holder", True)}
    as_owner(
        "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
        " VALUES (gen_random_uuid(), :town, :who, :child, 'slekt', :who, now())",
        town=town.id, who=town.people["teacher"], child=child_id,
    )  # fmt: skip
    barred = sharing.to_staff(sharing.What.NOTICE, sharing.Channel.LETTER, barred=True)
    assert told() == {("holder", barred.allowed)} == {("holder", False)}


def test_the_archive_keeps_no_telephone_of_somebody_protected(town, hidden):
    case_id, _child, _who = hidden
    with town.begin("teacher") as tx:
        cases.close(tx, case_id, cases.CloseCase("Ferdig.", child_words="Fint"))
    with town.begin("teacher") as tx:
        _digest, content = cases.package(tx, case_id)
    assert (
        PHONE not in content.decode() and EMAIL not in content.decode() and "Lena Myrvold" in content.decode()
    )


def test_the_emergency_duty_is_told_all_the_same_because_it_must_know(town, hidden):
    wanted = break_glass.Break("Iben", "Solvang", date(2017, 3, 14), "found_alone", "Funnet ved kaia.")
    with town.begin("worker") as tx:
        glass_id = break_glass.break_glass(tx, wanted)
    with town.begin("worker") as tx:
        seen = break_glass.behind(tx, glass_id)
    assert seen.protected_address and PHONE in json.dumps(seen.guardians), "and is warned"
