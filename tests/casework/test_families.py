"""The family's own door: who comes in, what they read, what they answer and say, and what they never see."""

from datetime import date, timedelta

import pytest

from casework import cases, children, consents, coordinations, families, followups, logs, measures, signals
from casework.access import Actor
from casework.refusals import Invalid, NotFound, NotPermitted, Refused, Stale

SOLVANG = date(2017, 3, 14)


@pytest.fixture
def family(town, casework):
    """Lets somebody of a family in with a code, and answers a way to act as them."""
    return Family(town, casework)


class Family:
    """Acts as the parents and the child of a case."""

    def __init__(self, town, casework):
        self.town, self.casework = town, casework

    def guardians(self, case_id, by="teacher"):
        with self.town.begin(by) as tx:
            child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)
            return {one.relation: one.id for one in children.guardians(tx, child_id)}

    def code(self, case_id, who=None, by="teacher"):
        guardian = self.guardians(case_id)[who] if who else None
        with self.town.begin(by) as tx:
            return families.hand_out(tx, case_id, guardian)

    def come(self, code, born=SOLVANG):
        with self.casework.begin(Actor.stranger()) as tx:
            return families.by_code(tx, code.code, born)

    def joined(self, case_id, who=None, born=SOLVANG):
        """The actor of one who has come in."""
        member = self.come(self.code(case_id, who), born)
        assert member is not None
        return Actor.of_family(member)

    def do(self, actor, act, *given, **named):
        with self.casework.begin(actor) as tx:
            return act(tx, *given, **named)


def test_a_parent_comes_in_with_a_code_once_and_finds_the_childs_case(town, family):
    case_id = town.case()
    code = family.code(case_id, "mother")
    assert family.come(code, date(2017, 3, 15)) is None, "the birthday must be right as well"
    mother = Actor.of_family(family.come(code))
    assert family.come(code) is None, "a code works once"
    [found] = family.do(mother, families.home)
    assert (found.id, found.child_name, found.is_me) == (case_id, "Iben", False)


def test_the_code_may_be_written_as_people_write(town, family, casework):
    code = family.code(town.case(), "mother")
    with casework.begin(Actor.stranger()) as tx:
        assert families.by_code(tx, f" {code.code.lower().replace('-', ' ')} ", SOLVANG)


def test_five_wrong_birthdays_close_a_code_and_three_days_end_it(town, family, clock):
    case_id = town.case()
    code = family.code(case_id, "mother")
    for _ in range(5):
        assert family.come(code, date(2010, 1, 1)) is None
    assert family.come(code) is None, "also the right one does not open it any more"
    late = family.code(case_id, "mother")
    clock.at += timedelta(days=3)
    assert family.come(late) is None


def test_codes_are_handed_out_by_those_inside_to_those_who_may_look(town, family, as_owner):
    case_id = town.case()
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        families.hand_out(tx, case_id, None)
    with pytest.raises(Invalid) as young, town.begin("teacher") as tx:
        families.hand_out(tx, case_id, None)
    assert young.value.errors == {"guardian_id": "too_young"}, "nine years old"
    father = family.guardians(case_id)["father"]
    as_owner("UPDATE guardians SET kept_out = true WHERE id = :id", id=father)
    with pytest.raises(Invalid) as out, town.begin("teacher") as tx:
        families.hand_out(tx, case_id, father)
    assert out.value.errors == {"guardian_id": "may_not_look"}


def test_a_parent_who_is_kept_out_from_now_on_sees_nothing_from_now_on(town, family):
    case_id = town.case()
    father = family.joined(case_id, "father")
    assert family.do(father, families.home)
    with town.begin("teacher") as tx:
        child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)
        [row] = [one for one in children.guardians(tx, child_id) if one.relation == "father"]
    kept_out = children.KeepGuardian(row.name, row.relation, True, kept_out=True, version=row.version)
    with town.begin("teacher") as tx:
        children.keep_guardian(tx, row.id, kept_out)
    assert family.do(father, families.home) == []
    for act in (families.case, families.copy, families.readers, families.asked, families.said):
        if act in (families.asked, families.said):
            assert family.do(father, act, case_id) == []
        else:
            with pytest.raises(NotFound):
                family.do(father, act, case_id)


def test_somebody_elses_family_is_not_found(town, family):
    mine = town.case()
    other = town.case(child_id=town.child(first="Bo", born=date(2016, 5, 5)))
    mother = family.joined(mine, "mother")
    with pytest.raises(NotFound):
        family.do(mother, families.case, other)
    with pytest.raises(NotFound):
        family.do(mother, families.say, other, families.Say("question", "Hvorfor?"))


def test_the_parents_read_the_log_in_their_own_words_but_not_what_is_hidden(town, family, clock):
    case_id = town.case()
    with town.begin("teacher") as tx:
        logs.write(tx, case_id, logs.WriteEntry("Iben leser i gruppe."))
    with town.begin("teacher") as tx:
        hidden = logs.WriteEntry(
            "Samtale med Iben alene.", for_family=False, hidden_reason="Barnet ba om det",
            hidden_until=clock.at.date() + timedelta(days=30),
        )  # fmt: skip
        logs.write(tx, case_id, hidden)
    with town.begin("teacher") as tx:
        measures.plan(tx, case_id, measures.PlanMeasure("Lesegruppe", "Leser", town.people["teacher"]))
    page = family.do(family.joined(case_id, "mother"), families.case, case_id)
    bodies = [one.body for one in page.entries]
    assert "Iben leser i gruppe." in bodies and "Samtale med Iben alene." not in bodies
    assert page.hidden == {"Barnet ba om det": 1}, "counted, with the reason"
    assert [(one.title, one.goal, one.responsible) for one in page.measures] == [
        ("Lesegruppe", "Leser", "Teacher Test")
    ]
    assert page.case.holder_name == "Teacher Test"


def asked_about(town, case_id, *services):
    with town.begin("teacher") as tx:
        questions = tuple(consents.Question(town.services[one], "Råd om lesing") for one in services)
        consents.ask(tx, case_id, questions)


def test_a_service_sees_nothing_until_both_parents_have_said_yes_and_loses_sight_when_one_takes_it_back(
    town, family
):
    case_id = town.case()
    asked_about(town, case_id, "ppt")
    mother, father = family.joined(case_id, "mother"), family.joined(case_id, "father")

    def question(who):
        return next(one for one in family.do(who, families.asked, case_id) if one.service_name)

    yes = families.Given(question(mother).id, "yes", version=question(mother).version)
    assert family.do(mother, families.answer, case_id, (yes,)) == 1
    assert not question(mother).shared_now, "the other parent has not answered"
    family.do(father, families.answer, case_id, (families.Given(question(father).id, "yes"),))
    assert question(mother).shared_now
    plan = family.do(mother, families.plan, question(mother).id)
    assert plan.loses == ("Fjordvik ppt",) and not plan.log_stops
    assert question(mother).state == "given", "looking at the plan changes nothing"
    family.do(mother, families.withdraw, question(mother).id, version=question(mother).version)
    assert question(mother).state == "withdrawn" and not question(father).shared_now
    assert question(father).state == "given", "the other parent's own answer stands"


def test_taking_the_consent_back_ends_the_services_sight_in_the_same_act(town, family):
    case_id = town.case(services=("ppt",))
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [invited] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
    with town.begin("adviser") as tx:
        assert logs.entries(tx, case_id)
    mother = family.joined(case_id, "mother")
    consent = next(one for one in family.do(mother, families.asked, case_id) if one.service_name)
    family.do(mother, families.withdraw, consent.id)
    with town.begin("adviser") as tx:
        assert logs.entries(tx, case_id) == []


def test_two_parents_apart_never_see_each_others_answers_or_words(town, family):
    case_id = town.case()
    asked_about(town, case_id, "ppt")
    mother, father = family.joined(case_id, "mother"), family.joined(case_id, "father")
    [hers] = [one for one in family.do(mother, families.asked, case_id) if one.service_name]
    family.do(mother, families.answer, case_id, (families.Given(hers.id, "no"),))
    family.do(mother, families.say, case_id, families.Say("question", "Kan far komme for seg?"))
    page = family.do(father, families.case, case_id)
    assert hers.id not in [one.id for one in page.consents]
    assert page.words == ()
    assert not [one for one in page.entries if one.code == "consent_declined"]
    own = family.do(mother, families.case, case_id)
    assert [one.code for one in own.entries if one.code == "consent_declined"], "her own answer she sees"
    with pytest.raises(NotFound):
        family.do(father, families.answer, case_id, (families.Given(hers.id, "yes"),))
    with pytest.raises(NotFound):
        family.do(father, families.withdraw, hers.id)


def test_an_answer_given_on_a_page_that_has_grown_old_is_refused(town, family):
    case_id = town.case()
    asked_about(town, case_id, "ppt")
    mother = family.joined(case_id, "mother")
    [hers] = [one for one in family.do(mother, families.asked, case_id) if one.service_name]
    with town.begin("teacher") as tx:
        consents.record(tx, hers.id, consents.Answer("no", "oral"))
    with pytest.raises(Stale):
        family.do(mother, families.answer, case_id, (families.Given(hers.id, "yes", version=hers.version),))


@pytest.mark.parametrize(("born", "alone"), [(date(2011, 12, 1), False), (date(2011, 11, 1), True)])
def test_the_youth_answers_alone_from_the_municipalitys_age_and_the_parents_until_then(
    town, family, born, alone
):
    """The town's age is fifteen, and the day is in November 2026."""
    agreed = {"agreed": (signals.Agreed(None, None),)} if alone else {}
    case_id = town.case(child_id=town.child(born=born), **agreed)
    asked_about(town, case_id, "ppt")
    youth, mother = family.joined(case_id, None, born), family.joined(case_id, "mother", born)
    mine = [one for one in family.do(youth, families.asked, case_id) if one.service_name]
    hers = [one for one in family.do(mother, families.asked, case_id) if one.service_name]
    assert (len(mine), len(hers)) == ((1, 0) if alone else (0, 1))
    who, [question] = (youth, mine) if alone else (mother, hers)
    family.do(who, families.answer, case_id, (families.Given(question.id, "yes"),))


def test_a_parents_answer_does_not_count_any_more_when_the_youth_has_come_of_age(town, family, clock):
    born = date(2011, 12, 1)
    case_id = town.case(child_id=town.child(born=born))
    asked_about(town, case_id, "ppt")
    mother = family.joined(case_id, "mother", born)
    [hers] = [one for one in family.do(mother, families.asked, case_id) if one.service_name]
    clock.at += timedelta(days=30)
    with pytest.raises(Refused):
        family.do(mother, families.answer, case_id, (families.Given(hers.id, "yes"),))


def test_at_eighteen_the_parents_door_closes(town, family, clock):
    born = date(2011, 12, 1)
    case_id = town.case(child_id=town.child(born=born))
    mother, youth = family.joined(case_id, "mother", born), family.joined(case_id, None, born)
    clock.at += timedelta(days=3 * 365 + 10)
    assert family.do(mother, families.home) == []
    assert family.do(youth, families.home)


def test_what_a_youth_says_is_heard_at_once_and_reaches_the_parents_only_when_the_youth_says_so(
    town, family, as_owner
):
    born = date(2012, 1, 1)
    case_id = town.case(child_id=town.child(born=born))
    youth, mother = family.joined(case_id, None, born), family.joined(case_id, "mother", born)
    as_owner("UPDATE cases SET child_view_at = NULL WHERE id = :id", id=case_id)
    family.do(youth, families.say, case_id, families.Say("view", "Bedre nå", mood=1, for_guardians=False))
    assert as_owner("SELECT child_view_at IS NOT NULL FROM cases WHERE id = :id", id=case_id) == [(True,)]
    assert family.do(mother, families.said, case_id) == []
    family.do(youth, families.say, case_id, families.Say("view", mood=3))
    assert [one.mood for one in family.do(mother, families.said, case_id)] == [3]
    with town.begin("teacher") as tx:
        assert {one.body for one in families.of_case(tx, case_id)} == {"Bedre nå", ""}


def test_a_reply_stands_beside_the_entry_it_answers_and_is_answered_by_a_day(town, family, clock, as_owner):
    case_id = town.case()
    with town.begin("teacher") as tx:
        entry = logs.write(tx, case_id, logs.WriteEntry("Iben kommer for sent."))
    mother = family.joined(case_id, "mother")
    reply = families.Say("reply", "Bussen går ikke før.", entry_id=entry)
    word_id = family.do(mother, families.say, case_id, reply)
    page = family.do(mother, families.case, case_id)
    [pinned] = next(one for one in page.entries if one.id == entry).replies
    assert pinned.body == "Bussen går ikke før." and pinned.waits
    assert pinned.answer_by == date(2026, 12, 8), "ten working days"
    assert as_owner("SELECT due, target_on, owner_id FROM deadlines WHERE subject_id = :id", id=word_id) == [
        ("family_answer", date(2026, 12, 8), town.people["teacher"])
    ]
    with town.begin("teacher") as tx:
        families.answer_word(tx, word_id, families.AnswerWord("Vi flytter første time."))
    [told] = next(one for one in family.do(mother, families.case, case_id).entries if one.id == entry).replies
    assert (told.answer, told.answered_by, told.waits) == ("Vi flytter første time.", "Teacher Test", False)
    assert as_owner("SELECT state FROM deadlines WHERE subject_id = :id", id=word_id) == [("met",)]


def test_a_complaint_goes_to_the_leader_and_not_to_the_one_it_may_be_about(town, family, as_owner):
    case_id = town.case()
    mother = family.joined(case_id, "mother")
    word_id = family.do(mother, families.say, case_id, families.Say("complaint", "Ingen ringer tilbake."))
    told = as_owner("SELECT practitioner_id FROM notices WHERE subject_id = :id", id=word_id)
    assert told == [(town.people["principal"],)]


def test_only_holder_and_leader_answer_and_an_answer_is_never_empty(town, family):
    case_id = town.case()
    mother = family.joined(case_id, "mother")
    word_id = family.do(mother, families.say, case_id, families.Say("question", "Når er møtet?"))
    with pytest.raises(NotFound), town.begin("colleague") as tx:
        families.answer_word(tx, word_id, families.AnswerWord("I morgen."))
    with pytest.raises(Invalid), town.begin("teacher") as tx:
        families.answer_word(tx, word_id, families.AnswerWord("  "))
    with town.begin("teacher") as tx:
        families.answer_word(tx, word_id, families.AnswerWord("I morgen.", version=1))
    with pytest.raises(Stale), town.begin("principal") as tx:
        families.answer_word(tx, word_id, families.AnswerWord("På fredag.", version=1))
    with town.begin("principal") as tx:
        families.answer_word(tx, word_id, families.AnswerWord("På fredag.", version=2))


def test_empty_words_and_faces_that_are_none_are_refused(town, family):
    case_id = town.case()
    mother = family.joined(case_id, "mother")
    for said, wrong in (
        (families.Say("question", " "), {"body": "write_something"}),
        (families.Say("view"), {"body": "write_something"}),
        (families.Say("view", mood=4), {"mood": "not_a_choice"}),
        (families.Say("order", "Gjør det."), {"kind": "not_a_choice"}),
        (families.Say("question", "x" * 4001), {"body": "too_long"}),
    ):
        with pytest.raises(Invalid) as refused:
            family.do(mother, families.say, case_id, said)
        assert refused.value.errors == wrong


def test_the_family_sees_who_has_read_and_staff_see_that_the_family_has(town, family):
    case_id = town.case()
    with town.begin("teacher") as tx:
        cases.details(tx, case_id)
    mother, father = family.joined(case_id, "mother"), family.joined(case_id, "father")
    family.do(father, families.case, case_id)
    _case, readers = family.do(mother, families.readers, case_id)
    assert ("Teacher Test", "educator") in [(one.name, one.title) for one in readers]
    assert [one.name for one in readers if one.role == "family"] == [""], "the other parent has no name here"


def test_everybody_with_the_same_number_comes_together_under_one_person(town, casework, family, as_owner):
    number = "13116900216"
    first, second = town.case(), town.case(child_id=town.child(first="Bo", born=date(2016, 5, 5)))
    for case_id in (first, second):
        with town.begin("teacher") as tx:
            child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)
            row = next(one for one in children.guardians(tx, child_id) if one.relation == "mother")
        known = children.KeepGuardian(row.name, row.relation, identity_number=number, version=row.version)
        with town.begin("teacher") as tx:
            children.keep_guardian(tx, row.id, known, keys=casework.keys)
    with casework.begin(Actor.stranger()) as tx:
        member = families.by_number(tx, number, casework.keys)
    assert {one.id for one in family.do(Actor.of_family(member), families.home)} == {first, second}
    with casework.begin(Actor.stranger()) as tx:
        assert families.by_number(tx, number, casework.keys) == member
    with casework.begin(Actor.stranger()) as tx:
        assert families.by_number(tx, "01010750160", casework.keys) is None, "a stranger"
    assert as_owner("SELECT count(*) FROM guardians WHERE identity_index = :n", n=number.encode()) == [(0,)]


def test_a_consent_question_reaches_those_who_can_answer_it_themselves_and_says_nothing_of_the_child(
    town, family, as_owner
):
    case_id = town.case()
    family.joined(case_id, "mother")
    guardians = family.guardians(case_id)
    as_owner("UPDATE guardians SET email = 'mor@example.test' WHERE id = :id", id=guardians["mother"])
    asked_about(town, case_id, "ppt")
    told = as_owner(
        "SELECT guardian_id FROM notices WHERE kind = 'consent_asked' AND case_id = :c", c=case_id
    )
    assert told == [(guardians["mother"],)]


def test_the_familys_role_cannot_read_what_is_not_the_familys(town, family, casework):
    """Past casework, at the database itself."""
    from sqlalchemy.exc import ProgrammingError

    case_id = town.case()
    mother = family.joined(case_id, "mother")
    for sql in (
        "SELECT * FROM signals",
        "SELECT * FROM concern_reports",
        "SELECT hidden_reason FROM log_entries",
        "SELECT concern_reported_at FROM cases",
        "SELECT identity_cipher FROM children",
        "SELECT email FROM practitioners",
        "SELECT child_said FROM evaluations",
        "SELECT * FROM audit",
        "SELECT * FROM family_codes",
        "UPDATE consents SET state = 'given'",
        "UPDATE guardians SET kept_out = false",
    ):
        with pytest.raises(ProgrammingError), casework.begin(mother) as tx:
            tx.ask(sql)
    with casework.begin(mother) as tx:
        assert len(tx.ask("SELECT id FROM guardians")) == 1, "the other parent does not exist here"
        assert tx.ask("SELECT id FROM child_views") == []


def test_a_member_of_the_case_who_neither_holds_nor_leads_may_not_answer(town, family):
    case_id = town.case(services=("ppt",))
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [invited] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
    mother = family.joined(case_id, "mother")
    word_id = family.do(mother, families.say, case_id, families.Say("question", "Når er møtet?"))
    with pytest.raises(NotPermitted), town.begin("adviser") as tx:
        families.answer_word(tx, word_id, families.AnswerWord("I morgen."))


def ends_told(as_owner, case_id):
    return as_owner(
        "SELECT guardian_id, practitioner_id, edition FROM notices WHERE kind = 'consent_ends' AND case_id = :c"
        " ORDER BY written_at, edition",
        c=case_id,
    )


def test_a_consent_that_runs_out_is_told_of_a_month_and_a_week_before_once_each(
    town, family, casework, clock, as_owner
):
    case_id = town.case()
    family.joined(case_id, "mother")
    guardians = family.guardians(case_id)
    as_owner("UPDATE guardians SET email = 'mor@example.test' WHERE id = :id", id=guardians["mother"])

    def tick():
        with casework.begin(Actor.system()) as tx:
            return followups.remind_of_consents(tx, limit=100_000)

    tick()
    assert ends_told(as_owner, case_id) == [], "half a year is left"
    clock.at += timedelta(days=152)
    tick(), tick()
    told = {(mother, holder, days) for mother, holder, days in ends_told(as_owner, case_id)}
    assert told == {(guardians["mother"], None, 30), (None, town.people["teacher"], 30)}, (
        "the mother herself, and the holder for the father who has not come in"
    )
    clock.at += timedelta(days=23)
    tick(), tick()
    assert sorted(days for *_, days in ends_told(as_owner, case_id)) == [7, 7, 30, 30]


def test_a_consent_is_renewed_by_oneself_in_its_last_month_and_not_before(town, family, clock, as_owner):
    case_id = town.case()
    mother = family.joined(case_id, "mother")
    [log] = family.do(mother, families.asked, case_id)
    with pytest.raises(Refused):
        family.do(mother, families.renew, log.id)
    clock.at += timedelta(days=160)
    family.do(mother, families.renew, log.id, version=log.version)
    [renewed] = family.do(mother, families.asked, case_id)
    assert renewed.expires_on == clock.at.date() + timedelta(days=182) and renewed.state == "given"
    with pytest.raises(Stale):
        family.do(mother, families.renew, log.id, version=log.version)
    father = family.joined(case_id, "father")
    with pytest.raises(NotFound):
        family.do(father, families.renew, log.id)


def test_a_yes_after_the_term_has_run_out_lasts_a_new_term(town, family, clock, casework):
    case_id = town.case()
    mother = family.joined(case_id, "mother")
    clock.at += timedelta(days=200)
    with casework.begin(Actor.system()) as tx:
        followups.expire_consents(tx, limit=100_000)
    [log] = family.do(mother, families.asked, case_id)
    assert log.state == "expired"
    family.do(mother, families.answer, case_id, (families.Given(log.id, "yes"),))
    [log] = family.do(mother, families.asked, case_id)
    assert log.expires_on == clock.at.date() + timedelta(days=182)
