"""A question without a child: asked, taken, answered in time, learnt from, and attached by its asker alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import ProgrammingError

from casework import consultations, followups, indicators, logs, staff
from casework.access import Actor
from casework.consultations import Ask, ChooseLimits, Propose, Wanted, Write
from casework.refusals import AlreadyDone, Invalid, NotFound, Refused, Stale

WORDS = "En elev på mellomtrinnet går ut av timen hver dag. Hva kan vi prøve?"
ANSWER = "Avtal et fast sted å gå til, og gå dit sammen før det blir for mye."


@pytest.fixture
def ask(town):
    """Somebody puts a question to a service."""

    def asked(question=WORDS, *, who="teacher", service="ppt", **more):
        with town.begin(who) as tx:
            wanted = Ask(town.services[service], "middle", "school", "concentration", question, **more)
            return consultations.ask(tx, wanted)

    return asked


@pytest.fixture
def do(town):
    """`do("adviser", "take", question)`: one act, one transaction."""

    def done(who, act, *args, **more):
        with town.begin(who) as tx:
            return getattr(consultations, act)(tx, *args, **more)

    return done


@pytest.fixture
def answered(ask, do):
    """A question that the adviser has answered."""
    question = ask()
    do("adviser", "take", question)
    do("adviser", "answer", question, Write(ANSWER))
    return question


def told(as_owner, question, kind):
    """Who got a letter of this kind about the question."""
    sql = "SELECT practitioner_id, service_id, case_id FROM notices WHERE subject_id = :q AND kind = :kind"
    return as_owner(sql, q=question, kind=kind)


def test_a_question_goes_to_the_service_and_comes_back_answered_and_is_asked_on_and_closed(
    town, ask, do, as_owner
):
    question = ask()
    assert told(as_owner, question, "consultation_asked") == [(None, town.services["ppt"], None)]
    [seen] = do("ppt_leader", "put_to_us")
    assert (seen.state, seen.answer_by, seen.asker) == ("asked", date(2026, 12, 1), "")
    do("adviser", "take", question)
    do("adviser", "answer", question, Write(ANSWER))
    assert told(as_owner, question, "consultation_answered") == [(town.people["teacher"], None, None)]
    do("teacher", "follow_up", question, Write("Og når det er vikar?"))
    assert told(as_owner, question, "consultation_followed_up") == [(town.people["adviser"], None, None)]
    assert do("adviser", "thread", question).question.state == "taken", "back to whoever answered"
    do("adviser", "answer", question, Write("Da må vikaren kjenne avtalen."))
    do("teacher", "close", question, Write("Takk for hjelpen!"))
    found = do("teacher", "thread", question)
    assert [one.kind for one in found.lines] == ["question", "answer", "follow_up", "answer", "thanks"]
    assert found.question.state == "closed" and found.lines[1].by == "Adviser Test"


def test_only_the_asker_and_those_in_the_asked_service_meet_it(town, ask, do):
    question = ask()
    for who in ("colleague", "principal", "nurse", "worker", "coordinator", "manager", "administrator"):
        with pytest.raises(NotFound):
            do(who, "thread", question)
        assert do(who, "mine") == do(who, "put_to_us") == []
        with pytest.raises(NotFound):
            do(who, "take", question)
    for act in ("take", "put_back"):
        with pytest.raises(NotFound):
            do("teacher", act, question)
    for act, more in (("withdraw", ()), ("close", (Write(),)), ("follow_up", (Write("Mer?"),))):
        with pytest.raises(NotFound):
            do("adviser", act, question, *more)
    with pytest.raises(NotFound):
        do("manager", "addressees")


def test_the_service_is_not_told_who_asks_unless_the_asker_wants_it(ask, do):
    hidden, open_ = ask(), ask(WORDS + " Mvh", named=True)
    shown = {one.id: one.asker for one in do("adviser", "put_to_us")}
    assert shown == {hidden: "", open_: "Teacher Test"}
    assert "Teacher Test" not in repr(do("adviser", "thread", hidden))
    assert do("teacher", "thread", hidden).question.asker == "Teacher Test"


def test_one_asks_services_that_give_advice_to_the_town_and_never_ones_own(town, do):
    assert {name for _, name in do("teacher", "addressees")} == {
        "Fjordvik health",
        "Fjordvik ppt",
        "Fjordvik welfare",
    }
    assert "Fjordvik ppt" not in {name for _, name in do("adviser", "addressees")}


def test_a_question_that_tells_who_somebody_is_does_not_leave_the_asker(town, ask, do):
    town.case()
    for text, wrong in (
        (" ", "write_something"),
        ("x" * 4001, "too_long"),
        ("Han har nummer 14031712345.", "has_national_number"),
        ("Mor har 912 34 567.", "has_phone"),
        ("Svar til meg@example.test.", "has_email"),
        ("Iben Solvang går ut av timen.", "names_somebody"),
        ("Lena Myrvold er bekymret.", "names_somebody"),
        ("Iben går ut av timen.", "may_name_somebody"),
    ):
        with pytest.raises(Invalid) as refused:
            ask(text)
        assert refused.value.errors == {"question": wrong}
    assert do("teacher", "mine") == []
    with pytest.raises(Invalid) as refused:
        ask(service="school")
    assert refused.value.errors == {"service_id": "choose_one"}


def test_a_name_that_is_only_a_word_goes_when_the_asker_has_read_again_but_a_whole_name_never(town, ask):
    town.child(first="Storm")
    assert ask("Det blir Storm hver gang.", read_again=True)
    with pytest.raises(Invalid):
        ask("Storm Solvang går ut.", read_again=True)


def test_the_answer_the_further_question_and_the_thanks_name_nobody_either(town, ask, do):
    town.child()
    question = ask()
    do("adviser", "take", question)
    with pytest.raises(Invalid):
        do("adviser", "answer", question, Write("Ring meg på 912 34 567."))
    do("adviser", "answer", question, Write(ANSWER))
    for act in ("follow_up", "close"):
        with pytest.raises(Invalid) as refused:
            do("teacher", act, question, Write("Iben Solvang har det bedre."))
        assert refused.value.errors == {"body": "names_somebody"}


def test_whoever_has_taken_it_answers_and_a_colleague_may_take_it_over_or_it_is_given_back(town, ask, do):
    question = ask()
    do("adviser", "take", question)
    with pytest.raises(Refused) as refused:
        do("ppt_leader", "answer", question, Write(ANSWER))
    assert refused.value.unmet == ("taken_by_actor",)
    do("ppt_leader", "take", question)
    do("ppt_leader", "put_back", question)
    assert do("adviser", "thread", question).question.taker == ""
    with pytest.raises(Refused):
        do("adviser", "answer", question, Write(ANSWER))


def test_it_may_be_taken_back_while_it_waits_and_is_gone_from_the_service(ask, do, as_owner):
    question = ask()
    do("adviser", "take", question)
    do("teacher", "withdraw", question)
    with pytest.raises(NotFound):
        do("adviser", "thread", question)
    assert do("adviser", "put_to_us") == [] and do("teacher", "mine")[0].state == "withdrawn"
    assert as_owner("SELECT state FROM deadlines WHERE subject_id = :q", q=question) == [("dropped",)]
    with pytest.raises(Refused):
        do("teacher", "close", question, Write())


def test_an_old_page_and_a_second_sending_change_nothing(ask, do):
    question = ask(key="k1")
    with pytest.raises(AlreadyDone) as before:
        ask(key="k1")
    assert before.value.result["consultation_id"] == str(question)
    do("adviser", "take", question, version=1)
    with pytest.raises(Stale):
        do("ppt_leader", "take", question, version=1)


def test_the_service_is_reminded_the_day_before_and_told_with_its_leader_when_it_is_late(
    town, ask, do, clock, as_owner
):
    nobodys, taken = ask(), ask(WORDS + " Mvh")
    do("adviser", "take", taken)
    clock.at += timedelta(days=6, hours=2)
    with town.casework.begin(Actor.system()) as tx:
        followups.remind_due(tx)
    assert told(as_owner, nobodys, "consultation_due") == [(None, town.services["ppt"], None)]
    assert told(as_owner, taken, "consultation_due") == [(town.people["adviser"], None, None)]
    clock.at += timedelta(days=2)
    with town.casework.begin(Actor.system()) as tx:
        followups.expire_due(tx)
    late = {person for person, _, _ in told(as_owner, taken, "consultation_late")}
    assert late == {town.people["adviser"], town.people["ppt_leader"]}
    do("adviser", "answer", taken, Write(ANSWER))
    rows = as_owner("SELECT state, case_id FROM deadlines WHERE subject_id = :q", q=taken)
    assert rows == [("met_late", None)]


def test_what_somebody_who_leaves_has_taken_waits_again_and_a_further_question_goes_to_all(
    town, ask, do, answered, as_owner
):
    taken = ask(WORDS + " Mvh")
    do("adviser", "take", taken)
    with town.begin("administrator") as tx:
        staff.leave(tx, town.people["adviser"])
    found = do("ppt_leader", "thread", taken).question
    assert (found.state, found.taker) == ("asked", "")
    do("teacher", "follow_up", answered, Write("Og hjemme?"))
    assert do("ppt_leader", "thread", answered).question.state == "asked"
    assert len(told(as_owner, answered, "consultation_asked")) == 2, "the whole service is told"


def test_what_was_learnt_is_kept_when_the_asker_agrees_and_leads_back_to_nobody(town, do, answered, as_owner):
    with pytest.raises(NotFound):
        do("teacher", "propose", answered, Propose("Hva?", "Slik."))
    do("adviser", "propose", answered, Propose("Elever som går ut av timen", "Avtal et fast sted."))
    assert do("colleague", "learnt", Wanted()) == [], "nothing before the asker has agreed"
    with pytest.raises(NotFound):
        do("colleague", "agree", answered)
    do("teacher", "agree", answered)
    for who in ("colleague", "coordinator", "manager", "administrator"):
        [kept] = do(who, "learnt", Wanted("AVTAL timen", theme="concentration"))
        assert (kept.question, kept.service_name, kept.may_retire) == (
            "Elever som går ut av timen",
            "Fjordvik ppt",
            False,
        )
    assert do("colleague", "learnt", Wanted("finnes ikke")) == []
    [row] = as_owner("SELECT row_to_json(k)::text FROM knowledge k WHERE id = :k", k=kept.id)
    for trace in (answered, town.people["teacher"], town.people["adviser"]):
        assert str(trace) not in row[0]
    wording = "SELECT knowledge_question || knowledge_answer FROM consultations WHERE id = :q"
    assert as_owner(wording, q=answered) == [("",)]
    trail = as_owner("SELECT body FROM audit WHERE file_id = :q", q=answered)
    assert not [body for (body,) in trail if str(kept.id) in body]
    assert as_owner("SELECT count(*) FROM audit WHERE file_id = :k", k=kept.id) == [(0,)]


def test_the_service_lays_aside_what_is_no_longer_right_and_another_town_reads_none_of_it(
    town, do, answered, casework, postgres
):
    do("adviser", "propose", answered, Propose("Elever som går ut", "Avtal et sted."))
    do("teacher", "agree", answered)
    [kept] = do("adviser", "learnt", Wanted())
    other = type(town).build(casework, postgres.owner_url)
    with other.begin("teacher") as tx:
        assert consultations.learnt(tx, Wanted()) == []
    with pytest.raises(NotFound):
        do("teacher", "retire", kept.id)
    do("ppt_leader", "retire", kept.id)
    with pytest.raises(NotFound):
        do("teacher", "one_kept", kept.id)


def test_either_may_say_no_to_keeping_it(ask, do, answered):
    second = ask(WORDS + " Mvh")
    do("adviser", "take", second)
    do("adviser", "answer", second, Write(ANSWER))
    for who, question in (("teacher", answered), ("adviser", second)):
        do("adviser", "propose", question, Propose("Elever som går ut", "Avtal et sted."))
        do(who, "decline", question)
        with pytest.raises(Refused):
            do("teacher", "agree", question)
    assert do("colleague", "learnt", Wanted()) == []


def test_the_asker_alone_attaches_the_advice_and_only_where_the_family_shares_with_that_service(
    town, do, answered, as_owner
):
    shared = town.case(services=("ppt",))
    unshared = town.case(child_id=town.child(first="Ada"))
    choices = {one.id: one.reached for one in do("teacher", "attachable", answered)}
    assert choices == {shared: True, unshared: False}
    with pytest.raises(Refused) as refused:
        do("teacher", "attach", answered, unshared)
    assert refused.value.unmet == ("consent_reaches",)
    for who in ("adviser", "colleague"):
        with pytest.raises(NotFound):
            do(who, "attach", answered, shared)
    row = "SELECT row_to_json(c)::text FROM consultations c WHERE id = :q"
    before = as_owner(row, q=answered)
    do("teacher", "attach", answered, shared, key="k1")
    with town.begin("teacher") as tx:
        [entry] = [one for one in logs.entries(tx, shared) if one.code == "advice_attached"]
    assert entry.body == f"«{WORDS}»\n\n{ANSWER}" and entry.facts == {"service": "Fjordvik ppt"}
    assert as_owner(row, q=answered) == before, "the question knows nothing of it"
    everywhere = as_owner(
        "SELECT row_to_json(x)::text FROM audit x WHERE file_id = :case"
        " UNION ALL SELECT row_to_json(x)::text FROM done_acts x WHERE key = 'k1' AND actor_id = :who"
        " UNION ALL SELECT row_to_json(x)::text FROM log_entries x WHERE case_id = :case",
        case=shared,
        who=town.people["teacher"],
    )
    assert everywhere and not [row for (row,) in everywhere if str(answered) in row]
    town.consent(shared, "ppt", answer="withdrawn")
    with pytest.raises(Refused):
        do("teacher", "attach", answered, shared)


def test_management_sees_counts_and_no_small_ones(town, ask, do):
    for number in range(12):
        question = ask(f"{WORDS} {number}")
        do("adviser", "take", question)
        do("adviser", "answer", question, Write(ANSWER))
    with town.casework.begin(Actor.system()) as tx:
        indicators.refresh(tx)
    with town.begin("manager") as tx:
        shown = {one.key: one.parts[0][1].value for one in indicators.of_municipality(tx, town.id)}
    assert shown["consultations_asked"] == shown["consultations_answered"] == 12


def test_a_year_without_a_word_and_it_is_forgotten_but_what_was_learnt_stays(
    town, do, answered, clock, as_owner
):
    do("adviser", "propose", answered, Propose("Elever som går ut", "Avtal et sted."))
    do("teacher", "agree", answered)
    left = """SELECT (SELECT count(*) FROM consultations WHERE id = :q),
      (SELECT count(*) FROM consultation_messages WHERE consultation_id = :q),
      (SELECT count(*) FROM deadlines WHERE subject_id = :q)"""
    for days, rows in ((364, (1, 2, 1)), (3, (0, 0, 0))):
        clock.at += timedelta(days=days)
        with town.casework.begin(Actor.system()) as tx:
            consultations.forget(tx)
        assert as_owner(left, q=answered) == [rows]
    assert len(do("teacher", "learnt", Wanted())) == 1


def test_the_trail_says_what_was_done_and_not_a_word_of_what_was_written(do, answered, as_owner):
    do("teacher", "thread", answered)
    rows = as_owner("SELECT act, body FROM audit WHERE file_id = :q ORDER BY seq", q=answered)
    assert [act for act, _ in rows] == [
        "ask_consultation",
        "take_consultation",
        "answer_consultation",
        "read_consultation",
    ]
    assert {body for _, body in rows} == {"{}"}


def test_jobs_read_nothing_that_was_written(town, answered):
    for table in ("consultation_messages", "knowledge", "consultations"):
        with pytest.raises(ProgrammingError), town.casework.begin(Actor.system()) as tx:
            tx.ask(f"SELECT * FROM {table}")


def test_a_municipality_chooses_how_soon_how_long_and_how_much_within_the_bounds(
    town, ask, do, clock, as_owner
):
    wanted = ChooseLimits(answer_workdays=2, kept_months=3, longest=500)
    for who in ("teacher", "manager", "archivist"):
        with pytest.raises(NotFound):
            do(who, "choose_limits", wanted)
    with pytest.raises(Invalid) as faults:
        do("administrator", "choose_limits", ChooseLimits(answer_workdays=1, kept_months=99, longest=0))
    assert set(faults.value.errors.values()) == {"out_of_bounds"} and len(faults.value.errors) == 3
    before = ask()
    do("administrator", "choose_limits", wanted)
    with pytest.raises(Invalid) as long:
        ask("Hva hjelper? " * 50)
    assert long.value.errors == {"question": "too_long"}
    question = ask()
    asked = {one.id: one.answer_by for one in do("teacher", "mine")}
    assert (asked[question], asked[before]) == (date(2026, 11, 26), date(2026, 12, 1)), "from now on"
    clock.at += timedelta(days=95)
    with town.casework.begin(Actor.system()) as tx:
        consultations.forget(tx)
    assert as_owner("SELECT count(*) FROM consultations WHERE id IN (:a, :b)", a=before, b=question) == [(0,)]
