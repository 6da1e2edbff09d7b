"""The family's own door as families and staff meet it: every page as a browser without JavaScript sees it."""

import re
from datetime import date

import oidc_provider_mock
import pytest

from casework import children, consents, families, logs
from casework.access import Actor
from tests.web.test_shell_sign_ins import _claims as claims
from tests.web.visitors import Visitor

SOLVANG = "2017-03-14"
NUMBER = "13116900216"


def code_for(browse, case_id, who, by="teacher"):
    """The code as it stands on the page after a member of staff has made it."""
    staff = browse(by)
    page = staff.get(f"/cases/{case_id}/family-codes/new")
    labels = {
        " ".join("".join(one.itertext()).split()): one for one in page.form("family-let-in").iter("label")
    }
    value = next(one.get("value") for one in labels[who].iter("input"))
    shown = staff.submit(page, "family-let-in", guardian_id=value)
    return re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", shown.text)[0]


@pytest.fixture
def parent(site, casework, browse):
    """Lets a parent of a case in, as people do it: the teacher hands over a code, the parent types it."""

    def come(case_id, who="Lena Myrvold", born=SOLVANG):
        visitor = Visitor(site, casework)
        page = visitor.get("/family/sign-in")
        visitor.submit(page, "code-use", code=code_for(browse, case_id, who), born_on=born)
        return visitor

    return come


def ask(town, case_id, *services):
    with town.begin("teacher") as tx:
        asked = tuple(consents.Question(town.services[one], "Råd om lesing", "Hvordan det går på skolen")
                      for one in services)  # fmt: skip
        consents.ask(tx, case_id, asked)


def answer_fields(page):
    return re.findall(r'name="(answer_[0-9a-f-]{36})"', page.html)[::2]


def test_a_parent_comes_in_with_a_code_and_lands_in_the_childs_case(town, parent):
    page = parent(town.case()).get("/family")
    assert page.title.startswith("Hjelpen rundt Iben") and "Teacher Test" in page.text


def test_a_wrong_code_and_a_wrong_birthday_are_answered_alike_and_nothing_typed_is_lost(
    town, site, casework, browse
):
    code = code_for(browse, town.case(), "Lena Myrvold")
    visitor = Visitor(site, casework)
    page = visitor.get("/family/sign-in")
    wrong_day = visitor.submit(page, "code-use", status=422, code=code, born_on="2016-03-14")
    wrong_code = visitor.submit(page, "code-use", status=422, code="AAAAA-22222", born_on=SOLVANG)
    said = "Koden og fødselsdatoen hører ikke sammen"
    assert said in wrong_day.text and said in wrong_code.text
    assert wrong_day.value("code-use", "code") == code
    assert "Hjelpen rundt Iben" in visitor.submit(page, "code-use", code=code, born_on=SOLVANG).text


def test_consent_is_given_with_nothing_chosen_beforehand_and_taken_back_after_seeing_what_follows(
    town, parent
):
    case_id = town.case()
    ask(town, case_id, "ppt", "health")
    mother = parent(case_id)
    assert "Vi har 2 spørsmål til deg" in mother.get(f"/family/cases/{case_id}").text
    page = mother.get(f"/family/cases/{case_id}/consents")
    assert "checked" not in page.html and "Hvordan det går på skolen" in page.text
    first, second = answer_fields(page)
    page = mother.submit(page, "consents-answer", **{first: "yes", second: "no"})
    assert "ikke delt ennå, andre må også svare" in page.text, "the father has not answered"
    father = parent(case_id, "Anders Solvang")
    asked = father.get(f"/family/cases/{case_id}/consents")
    father.submit(asked, "consents-answer", **dict.fromkeys(answer_fields(asked), "yes"))
    page = mother.get(f"/family/cases/{case_id}/consents")
    assert "andre må også svare" not in page.text
    [link] = set(re.findall(r"/family/consents/[0-9a-f-]{36}/withdraw", page.html)) - _of_the_log(
        mother, page
    )
    plan = mother.get(link)
    assert (
        "kan ikke lese noe her lenger" in plan.text
        and "Det som er skrevet før, blir tatt vare på" in plan.text
    )
    after = mother.submit(plan, "consent-withdraw")
    assert "Du har trukket samtykket tilbake" in after.text
    with town.begin("teacher") as tx:
        states = {(one.relation, one.state) for one in consents.of_case(tx, case_id) if one.service_id}
    assert ("mother", "withdrawn") in states and ("mother", "declined") in states


def _of_the_log(visitor, page):
    links = set(re.findall(r"/family/consents/[0-9a-f-]{36}/withdraw", page.html))
    return {one for one in links if "Den felles loggen stopper" in visitor.get(one).text}


def test_a_yes_with_something_held_back_is_a_limited_yes(town, parent):
    case_id = town.case()
    ask(town, case_id, "ppt")
    mother = parent(case_id)
    page = mother.get(f"/family/cases/{case_id}/consents")
    [field] = answer_fields(page)
    limits = field.replace("answer_", "limits_")
    page = mother.submit(page, "consents-answer", **{field: "yes", limits: "Ikke om søvn."})
    assert "Ikke dette: Ikke om søvn." in page.text


def test_a_form_that_has_grown_old_is_shown_again_with_the_answer_kept(town, parent):
    case_id = town.case()
    ask(town, case_id, "ppt")
    mother = parent(case_id)
    page = mother.get(f"/family/cases/{case_id}/consents")
    [field] = answer_fields(page)
    with town.begin("teacher") as tx:
        [hers] = [one for one in consents.of_case(tx, case_id) if one.service_id and one.relation == "mother"]
        consents.record(tx, hers.id, consents.Answer("no", "oral"))
    limits = {field.replace("answer_", "limits_"): "Ikke om søvn."}
    again = mother.submit(page, "consents-answer", status=409, **{field: "yes", **limits})
    assert "Ikke om søvn." in again.html


def test_no_answer_at_all_is_said_so(town, parent):
    case_id = town.case()
    ask(town, case_id, "ppt")
    mother = parent(case_id)
    page = mother.get(f"/family/cases/{case_id}/consents")
    assert "Velg" in mother.submit(page, "consents-answer", status=422).text


def test_a_reply_stands_beside_the_entry_for_everybody_and_is_answered(town, parent, browse):
    case_id = town.case()
    with town.begin("teacher") as tx:
        logs.write(tx, case_id, logs.WriteEntry("Iben kommer for sent."))
    mother = parent(case_id)
    page = mother.get(f"/family/cases/{case_id}")
    [there] = re.findall(r'href="([^"]*kind=reply[^"]*)"', page.html)
    writing = mother.get(there.replace("&amp;", "&"))
    assert "Iben kommer for sent." in writing.text
    empty = mother.submit(writing, "words-say", status=422, body="")
    assert "Iben kommer for sent." in empty.text, "still about the same entry"
    page = mother.submit(writing, "words-say", body="Bussen går ikke før.")
    assert "Du skrev: Bussen går ikke før." in page.text and "Svar innen 8. desember" in page.text
    teacher = browse("teacher")
    case = teacher.get(f"/cases/{case_id}")
    assert "Fra familien" in case.text and "Svar innen" in case.text
    [link] = re.findall(r'href="(/family-words/[0-9a-f-]{36})"', case.html)
    answering = teacher.get(link)
    assert "Bussen går ikke før." in answering.text
    teacher.submit(answering, "family-answer", body="Vi flytter første time.")
    assert "Teacher Test: Vi flytter første time." in mother.get(f"/family/cases/{case_id}").text


def test_a_view_in_one_of_three_faces_reaches_the_case_page(town, parent, browse):
    case_id = town.case()
    mother = parent(case_id)
    page = mother.get(f"/family/cases/{case_id}")
    mother.submit(page, "view-say", mood="3", body="Han gruer seg.")
    shown = browse("teacher").get(f"/cases/{case_id}").text
    assert "Ikke bra" in shown and "Han gruer seg." in shown


def test_who_has_read_stands_there_with_name_and_day_and_the_other_parent_without(town, parent, browse):
    case_id = town.case()
    browse("teacher").get(f"/cases/{case_id}")
    parent(case_id, "Anders Solvang").get(f"/family/cases/{case_id}")
    page = parent(case_id).get(f"/family/cases/{case_id}/readers")
    assert "Teacher Test" in page.text and "Noen i familien" in page.text
    assert "Anders" not in page.text


def test_everything_one_may_see_is_there_to_take_away_and_no_more(town, parent):
    case_id = town.case()
    with town.begin("teacher") as tx:
        logs.write(tx, case_id, logs.WriteEntry("Leser i gruppe."))
    with town.begin("teacher") as tx:
        hidden = logs.WriteEntry("Iben alene.", for_family=False, hidden_reason="Barnet ba om det",
                                 hidden_until=date(2027, 1, 1))  # fmt: skip
        logs.write(tx, case_id, hidden)
    mother = parent(case_id)
    page = mother.get(f"/family/cases/{case_id}/copy")
    assert "Leser i gruppe." in page.text and "Iben alene." not in page.text
    assert "Én oppføring vises ikke til deg: Barnet ba om det" in page.text
    assert "Vi lagrer ikke adressen din." in page.text, "though a mark of where somebody lives is kept"
    machine = mother.client.get(f"/family/cases/{case_id}/copy.json")
    assert "Leser i gruppe." in [one["text"] for one in machine.json["log"]]
    assert "Iben alene." not in machine.text and machine.json["hidden"] == {"Barnet ba om det": 1}
    assert "Iben" not in machine.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["/cases", "/signals", "/children/new", "/figures", "/notices", "/api-keys"])
def test_a_parent_finds_none_of_the_pages_for_people_at_work(town, parent, path):
    page = parent(town.case()).get(path, status=404)
    assert "Vi finner ikke dette" in page.text and "Iben" not in page.text


def test_people_at_work_find_none_of_the_familys_pages(town, browse):
    case_id = town.case()
    for path in ("/family", f"/family/cases/{case_id}", f"/family/cases/{case_id}/consents"):
        page = browse("teacher").get(path, status=404)
        assert "Vi finner ikke dette" in page.text and "Iben" not in page.text, path


def test_a_parent_who_is_kept_out_from_now_on_is_shown_nothing_from_now_on(town, parent, browse):
    case_id = town.case()
    father = parent(case_id, "Anders Solvang")
    father.get(f"/family/cases/{case_id}")
    with town.begin("teacher") as tx:
        child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)
        [row] = [one for one in children.guardians(tx, child_id) if one.relation == "father"]
    teacher = browse("teacher")
    form = teacher.get(f"/guardians/{row.id}")
    teacher.submit(form, "guardian-keep", kept_out="true")
    father.get(f"/family/cases/{case_id}", status=404)
    father.get(f"/family/cases/{case_id}/copy.json", status=404)
    assert "Det er ingenting her til deg nå" in father.get("/family").text
    assert "Anders" not in teacher.get(f"/cases/{case_id}/family-codes/new").text


def test_a_public_sign_in_opens_the_door_for_a_number_in_a_childs_file_and_for_no_other(
    town, casework, make_site
):
    case_id = town.case()
    with town.begin("teacher") as tx:
        child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)
        [row] = [one for one in children.guardians(tx, child_id) if one.relation == "mother"]
        known = children.KeepGuardian(row.name, row.relation, identity_number=NUMBER, version=row.version)
        children.keep_guardian(tx, row.id, known, keys=casework.keys)
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        issuer = f"http://localhost:{server.server_port}"
        site = make_site(
            family_oidc_issuer=issuer, family_oidc_client_id="stafetten", family_oidc_client_secret="hush"
        )
        claims(issuer, "mother", pid=NUMBER)
        claims(issuer, "stranger", pid="01010750160")
        mother, stranger = Visitor(site, casework), Visitor(site, casework)
        assert "Hjelpen rundt Iben" in mother.get(through(mother, "mother")).text
        refused = stranger.get(through(stranger, "stranger"), status=403)
    assert "Vi finner ingenting om deg her" in refused.text
    assert NUMBER not in refused.html


def through(visitor, subject):
    """Leave for the public sign-in, sign in there, and give the address one is sent back to."""
    import requests

    left = visitor.client.get("/family/sign-in/provider")
    back = requests.post(left.headers["Location"], data={"sub": subject}, allow_redirects=False, timeout=5)
    return back.headers["Location"].partition("localhost")[2].partition("/")[2].join(["/", ""])


def test_a_youth_shares_with_the_parents_only_by_ticking_it(town, site, casework, browse):
    born = date(2012, 1, 1)
    case_id = town.case(child_id=town.child(born=born))
    with town.begin("nurse") as tx:
        pass
    with town.begin("teacher") as tx:
        code = families.hand_out(tx, case_id, None)
    youth = Visitor(site, casework)
    page = youth.submit(youth.get("/family/sign-in"), "code-use", code=code.code, born_on="2012-01-01")
    assert page.title.startswith("Hjelpen rundt deg") and "116 111" in page.text
    youth.submit(page, "view-say", mood="2", body="Bare til Teacher.")
    youth.submit(page, "view-say", mood="1", body="Mamma kan lese.", share="true", key="another")
    with town.begin("teacher") as tx:
        guardian = next(one.id for one in children.guardians(tx, _child(tx, case_id)))
        code = families.hand_out(tx, case_id, guardian)
    parent = Visitor(site, casework)
    seen = parent.submit(parent.get("/family/sign-in"), "code-use", code=code.code, born_on="2012-01-01").text
    assert "Mamma kan lese." in seen and "Bare til Teacher." not in seen


def _child(tx, case_id):
    return tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)


def test_what_a_parent_has_typed_and_not_sent_is_kept_for_that_parent_alone(town, parent, casework):
    case_id = town.case()
    mother, father = parent(case_id), parent(case_id, "Anders Solvang")
    page = mother.get(f"/family/cases/{case_id}/say?kind=question")
    [there] = re.findall(r'data-draft-url="([^"]+)"', page.html)
    token = page.value("words-say", "csrf")
    mother.client.put(there, data={"body": "Når er mø", "csrf": token})
    assert "Når er mø" in mother.get(f"/family/cases/{case_id}/say?kind=question").html
    assert "Når er mø" not in father.get(f"/family/cases/{case_id}/say?kind=question").html


def test_the_demo_lets_one_be_a_parent(town, site, casework, parent):
    parent(town.case())
    stranger = Visitor(site, casework)
    page = stranger.get(f"/sign-in?town={town.id}")
    assert "Lena Myrvold" in page.text
    with casework.begin(Actor.stranger()) as tx:
        from casework import sign_ins

        [mother] = [one for one in sign_ins.family_personas(tx, [town.id]) if one.came_as == "guardian"]
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', page.html)[1]
    shown = stranger.send("/family/sign-in/persona", {"member_id": str(mother.member_id), "csrf": csrf})
    assert "Hjelpen rundt Iben" in shown.text
