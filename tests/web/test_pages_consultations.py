"""Asking for advice without a child, as people meet it."""

import re

from casework import consultations
from casework.consultations import Ask, Write

WORDS = "En elev på mellomtrinnet går ut av timen hver dag."


def asked(town, question=WORDS, who="teacher"):
    with town.begin(who) as tx:
        return consultations.ask(tx, Ask(town.services["ppt"], "middle", "school", "concentration", question))


def answered(town):
    question = asked(town)
    with town.begin("adviser") as tx:
        consultations.take(tx, question)
    with town.begin("adviser") as tx:
        consultations.answer(tx, question, Write("Avtal et fast sted å gå til."))
    return question


def test_a_teacher_asks_is_stopped_at_a_name_keeps_every_word_and_sends(browse, town):
    town.child(first="Storm")
    teacher = browse("teacher")
    assert "/consultations" in teacher.get("/cases").html, "the menu leads there"
    form = teacher.get("/consultations/new")
    filled = {
        "service_id": town.services["ppt"],
        "age_band": "middle",
        "sector": "school",
        "theme": "concentration",
    }
    empty = teacher.submit(form, "consultation-ask", status=422, **filled)
    assert "Skriv" in empty.text or "Fyll ut" in empty.text
    named = "Storm Solvang går ut. Ring 912 34 567."
    stopped = teacher.submit(form, "consultation-ask", status=422, **filled, question=named)
    assert "telefonnummer" in stopped.text and "«Storm Solvang»" in stopped.text
    assert stopped.value("consultation-ask", "question").strip() == named
    maybe = teacher.submit(stopped, "consultation-ask", status=422, question="Det blir Storm i klassen.")
    assert "Jeg har lest gjennom en gang til" in maybe.text
    sent = teacher.submit(maybe, "consultation-ask", read_again="true")
    assert "Spørsmålet er sendt" in sent.text and "1. des." in sent.text, "and it says by when"
    assert "Det blir Storm i klassen." in teacher.get("/consultations").text


def test_the_service_takes_it_and_answers_and_the_asker_asks_on_and_closes(browse, town):
    question = asked(town)
    adviser, teacher = browse("adviser"), browse("teacher")
    listed = adviser.get("/consultations/received")
    assert WORDS in listed.text and "Teacher Test" not in listed.text
    [link] = set(re.findall(r"/consultations/[0-9a-f-]{36}", listed.html))
    taken = adviser.submit(adviser.get(link), "consultation-take")
    assert "Du har tatt spørsmålet" in taken.text and "Teacher Test" not in taken.text
    done = adviser.submit(taken, "consultation-answer", body="Avtal et fast sted å gå til.")
    assert "Svaret er sendt" in done.text
    page = teacher.get(f"/consultations/{question}")
    assert "Avtal et fast sted" in page.text and "Adviser Test" in page.text
    teacher.submit(page, "consultation-ask-on", body="Og når det er vikar?")
    adviser.submit(adviser.get(link), "consultation-answer", body="Si det til vikaren.")
    closed = teacher.submit(teacher.get(link), "consultation-close", body="Takk!")
    assert "Avsluttet" in closed.text and "Takk!" in closed.text


def test_two_who_take_it_at_once_and_somebody_who_is_not_of_the_service(browse, town):
    question = asked(town)
    first, second = browse("adviser"), browse("ppt_leader")
    page = second.get(f"/consultations/{question}")
    first.submit(first.get(f"/consultations/{question}"), "consultation-take")
    late = second.submit(page, "consultation-take", status=409)
    assert "Noen var der før deg" in late.text
    assert "Tatt avAdviser Test" in second.get(f"/consultations/{question}").text
    for who in ("colleague", "nurse", "coordinator"):
        hidden = browse(who).get(f"/consultations/{question}", status=404)
        assert "Vi finner ikke dette" in hidden.text and WORDS not in hidden.text, who
    nowhere = browse("manager").get("/consultations/new", status=404)
    assert "Vi finner ikke dette" in nowhere.text and "consultation-ask" not in nowhere.html


def test_what_was_learnt_is_found_by_all_and_the_advice_is_copied_to_a_case_that_shares(browse, town):
    question = answered(town)
    adviser, teacher = browse("adviser"), browse("teacher")
    page = adviser.get(f"/consultations/{question}")
    assert page.value("knowledge-propose", "question").strip() == WORDS
    adviser.submit(page, "knowledge-propose", question="Elever som går ut", answer="Avtal et fast sted.")
    asked_of = teacher.get(f"/consultations/{question}")
    assert "Kan dette tas vare på" in asked_of.text
    kept = teacher.submit(asked_of, "knowledge-agree")
    assert "uten spor av hvem som spurte" in kept.text
    for who in ("colleague", "manager", "administrator"):
        found = browse(who).get("/knowledge?q=fast+STED&theme=concentration")
        assert "Elever som går ut" in found.text and "Teacher Test" not in found.text
    [piece] = set(re.findall(r"/knowledge/[0-9a-f-]{36}", found.html))
    laid = adviser.submit(adviser.get(piece), "knowledge-retire")
    assert "Lagt bort" in laid.text

    empty = teacher.get(f"/consultations/{question}/attach")
    assert "Ingen sak kan få rådet" in empty.text
    case_id = town.case(services=("ppt",))
    town.case(child_id=town.child(first="Ada"))
    choosing = teacher.get(f"/consultations/{question}/attach")
    assert "Samtykket gjelder ikke denne tjenesten i" in choosing.text and "Ada Solvang" in choosing.text
    copied = teacher.submit(choosing, "advice-attach", case_id=case_id)
    assert "Rådet er kopiert til saken" in copied.text and f"«{WORDS}»" in copied.text
    adviser.get(f"/consultations/{question}/attach", status=404)


def test_one_takes_a_question_back(browse, town):
    question = asked(town)
    teacher = browse("teacher")
    back = teacher.submit(teacher.get(f"/consultations/{question}"), "consultation-withdraw")
    assert "Trukket tilbake" in back.text
    browse("adviser").get(f"/consultations/{question}", status=404)


def test_the_administrator_chooses_the_limits_and_the_form_says_the_days(browse, town):
    administrator = browse("administrator")
    page = administrator.get("/consultations/limits")
    assert "Grenser for råd" in administrator.get("/knowledge").text
    outside = administrator.submit(page, "advice-limits", status=422, answer_workdays=1)
    assert "Fra 2 til 20" in outside.text
    administrator.submit(page, "advice-limits", answer_workdays=3)
    assert "innen 3 virkedager" in browse("teacher").get("/consultations/new").text
    assert browse("teacher").get("/consultations/limits", status=404)
