"""Registering a child and its parents, page by page, without JavaScript: every page is checked on the way."""

from datetime import date

import pytest

from casework import children
from tests.factories import Town
from tests.web.test_pages_story import asked_of, family_of, links, opened, say_yes

ADA = {"first_name": "Ada", "last_name": "Berg", "born_on": "02.05.2016"}


def chosen(page, form: str, name: str) -> list[str]:
    """What is chosen in a group of choices."""
    boxes = [each for each in page.form(form).iter("input") if each.get("name") == name]
    return [each.get("value") for each in boxes if each.get("checked") is not None]


def texts_of(page, form: str, name: str) -> list[str]:
    """What the choices of a group say."""
    rows = page.form(form).iter("label")
    return [
        "".join(row.itertext()).strip()
        for row in rows
        if any(i.get("name") == name for i in row.iter("input"))
    ]


def test_a_child_nobody_finds_is_registered_and_the_worry_is_about_it(browse, town: Town):
    teacher = browse("teacher")
    searched = teacher.get("/children?q=Ada")
    assert "Fant ingen" in searched.text
    (way,) = links(searched, "/children/new")
    page = teacher.submit(teacher.get(way), "child-new", **ADA, group_name="4A")
    assert page.path.startswith("/signals/new?child=")
    assert "Barnet er registrert" in page.text
    assert "Ada B." in texts_of(page, "signal-new", "child_id")
    receipt = teacher.submit(page, "signal-new", observation="Sitter alene.")
    assert "Undring om Ada" in receipt.title


def test_the_form_for_a_worry_says_where_to_register_a_child_the_search_does_not_find(browse, town: Town):
    teacher = browse("teacher")
    page = teacher.submit(
        teacher.get("/signals/new"), "signal-new", q="Ada", observation="Alene.", status=422
    )
    assert links(page, "/children/new") == ["/children/new"]
    assert page.value("signal-new", "observation") == "Alene."
    town.child(first="Ada")
    assert links(teacher.get("/signals/new?q=Ada"), "/children/new") == []


def test_the_child_in_the_address_goes_before_the_one_in_the_draft(browse, town: Town):
    other, child = town.child(first="Bo"), town.child(first="Ada")
    teacher = browse("teacher")
    page = teacher.get("/signals/new")
    kept = {"csrf": page.value("signal-new", "csrf"), "child_id": str(other), "observation": "Påbegynt."}
    assert teacher.client.put("/drafts/signal", data=kept).status_code == 200
    assert chosen(teacher.get("/signals/new"), "signal-new", "child_id") == [str(other)]
    page = teacher.get(f"/signals/new?child={child}")
    assert chosen(page, "signal-new", "child_id") == [str(child)]
    assert page.value("signal-new", "observation") == "Påbegynt."


@pytest.mark.parametrize("child", ["nobody", "0190b3a0-0000-7000-8000-000000000000"])
def test_a_child_in_the_address_that_is_not_ones_own_is_not_shown(browse, town: Town, child: str):
    page = browse("teacher").get(f"/signals/new?child={child}")
    assert chosen(page, "signal-new", "child_id") == []


def test_what_is_wrong_with_a_registration_stands_at_its_field_and_nothing_typed_is_lost(browse, town: Town):
    teacher = browse("teacher")
    page = teacher.get("/children/new")
    refused = teacher.submit(
        page, "child-new", status=422, **{**ADA, "born_on": "2030-01-01"}, identity_number="12345678901"
    )
    assert "Datoen kan ikke være fram i tid" in refused.text
    assert "Fødselsnummeret stemmer ikke" in refused.text
    assert refused.value("child-new", "last_name") == "Berg"
    assert refused.value("child-new", "identity_number") == "12345678901"
    _home, disclosure = refused.form("child-new").iter("details")
    assert disclosure.get("open") is not None
    empty = teacher.submit(page, "child-new", status=422)
    assert empty.text.count("Fyll ut dette") >= 3


def test_a_child_that_is_there_already_is_told_of_and_can_be_registered_as_another(browse, town: Town):
    with town.begin("teacher") as tx:
        wanted = children.RegisterChild(town.services["school"], "Ada", "Berg", date(2016, 5, 2))
        children.register(tx, wanted, keys=town.casework.keys)
    teacher = browse("teacher")
    page = teacher.get("/children/new")
    assert texts_of(page, "child-new", "another") == []
    refused = teacher.submit(page, "child-new", status=422, **ADA)
    assert "alt registrert" in refused.text
    done = teacher.submit(refused, "child-new", another="true")
    assert "Barnet er registrert" in done.text


def test_an_identity_number_somebody_has_is_a_fault_at_the_field(browse, town: Town):
    from tests.casework.test_children import synthetic

    teacher, number = browse("teacher"), synthetic(300)
    teacher.submit(teacher.get("/children/new"), "child-new", **ADA, identity_number=number)
    refused = teacher.submit(
        teacher.get("/children/new"),
        "child-new",
        status=422,
        **{**ADA, "first_name": "Eva"},
        identity_number=number,
    )
    assert "Fødselsnummeret er alt registrert" in refused.text


def test_whoever_works_in_two_units_chooses_between_them(browse, town: Town, as_owner):
    assert not list(browse("teacher").get("/children/new").tree.iter("select"))
    as_owner(
        "INSERT INTO assignments (id, practitioner_id, service_id, role, since)"
        " VALUES (gen_random_uuid(), :person, :service, 'educator', '2020-01-01')",
        person=town.people["teacher"],
        service=town.services["kindergarten"],
    )
    teacher = browse("teacher")
    page = teacher.get("/children/new")
    (select,) = page.tree.iter("select")
    both = {str(town.services["school"]), str(town.services["kindergarten"])}
    assert {each.get("value") for each in select.iter("option")} == both
    teacher.submit(page, "child-new", **ADA, unit_id=town.services["kindergarten"])
    with town.begin("carer") as tx:
        assert [child.first_name for child in children.search(tx, "ada")] == ["Ada"]


@pytest.mark.parametrize("who", ["coordinator", "manager", "administrator", "operator"])
def test_whoever_meets_no_children_registers_none(browse, town: Town, who: str):
    visitor = browse(who)
    visitor.get("/children/new", status=404)
    page = visitor.get("/signals/new?q=Ada")
    assert links(page, "/children/new") == []


def test_parents_are_registered_before_the_case_is_opened(browse, town: Town):
    child_id = town.child(guardians=0)
    signal_id = town.worry(child_id)
    teacher = browse("teacher")
    raising = teacher.get(f"/signals/{signal_id}/raise")
    assert "Ingen foreldre er registrert" in raising.text
    (way,) = links(raising, "/children/")
    page = teacher.submit(
        teacher.get(way),
        "guardian-new",
        name="Siv Berg",
        relation="mother",
        phone="00 00 00 01",
        language="uk",
    )
    assert "Siv Berg" in page.text and "Foreldreansvar" in page.text
    assert links(page, f"/signals/{signal_id}") == [f"/signals/{signal_id}"]
    raising = teacher.get(f"/signals/{signal_id}/raise")
    assert "Familien: Siv Berg." in raising.text
    assert len(family_of(raising, "signal-raise")) == 1


def test_a_guardian_without_parental_responsibility_is_not_asked(browse, town: Town):
    child_id = town.child(guardians=0)
    signal_id = town.worry(child_id)
    teacher = browse("teacher")
    page = teacher.get(f"/children/{child_id}/family")
    teacher.submit(page, "guardian-new", name="Mormor Berg", relation="other", responsible=None)
    raising = teacher.get(f"/signals/{signal_id}/raise")
    assert "Mormor Berg" in raising.text
    assert family_of(raising, "signal-raise") == []


def test_what_is_wrong_with_a_guardian_stands_at_its_field_and_nothing_typed_is_lost(browse, town: Town):
    child_id = town.child()
    town.worry(child_id)
    teacher = browse("teacher")
    page = teacher.get(f"/children/{child_id}/family")
    refused = teacher.submit(
        page,
        "guardian-new",
        status=422,
        name="Siv Berg",
        email="siv",
        responsible=None,
        protected_address="true",
    )
    assert "Fyll ut dette" in refused.text and "Lena Myrvold" in refused.text
    assert chosen(refused, "guardian-new", "responsible") == []
    again = teacher.submit(refused, "guardian-new", status=422, relation="other")
    assert "Skriv en e-postadresse" in again.text
    half = teacher.submit(again, "guardian-new", status=422, email="siv@example.test", street="Storgata 1")
    assert "Skriv de fire sifrene i postnummeret" in half.text
    assert half.value("guardian-new", "street") == "Storgata 1"
    kept = teacher.submit(half, "guardian-new", postal_code="9008", protected_address=None)
    half = teacher.submit(
        teacher.get(f"/children/{child_id}/home"), "child-home", status=422, street="Storgata 1"
    )
    told = teacher.submit(half, "child-home", postal_code="9008")
    assert "Familien til" in told.text and "Storgata" not in told.text
    assert "Siv Berg" in kept.text and "Storgata" not in kept.text and "inhabil. Vises aldri" in kept.text
    assert again.value("guardian-new", "name") == "Siv Berg"
    assert chosen(again, "guardian-new", "protected_address") == ["true"]


def test_a_guardian_is_corrected_and_somebody_slower_is_told(browse, town: Town):
    child_id = town.child()
    town.worry(child_id)
    teacher, leader = browse("teacher"), browse("principal")
    with town.begin("teacher") as tx:
        mother = next(one for one in children.guardians(tx, child_id) if one.relation == "mother")
    before = leader.get(f"/guardians/{mother.id}")
    assert before.value("guardian-keep", "name") == "Lena Myrvold"
    page = teacher.submit(
        teacher.get(f"/guardians/{mother.id}"), "guardian-keep", phone="00 00 00 01", protected_address="true"
    )
    assert "00 00 00 01" in page.text and "Skjermet adresse" in page.text
    late = leader.submit(before, "guardian-keep", status=409, name="Lena Dahl")
    assert late.value("guardian-keep", "name") == "Lena Dahl"
    leader.submit(late, "guardian-keep")
    assert "Lena Dahl" in teacher.get(f"/children/{child_id}/family").text


@pytest.mark.parametrize("who", ["colleague", "carer", "adviser", "coordinator"])
def test_a_family_is_not_found_by_somebody_who_does_not_meet_the_child(browse, town: Town, who: str):
    child_id = town.child()
    town.worry(child_id)
    with town.begin("teacher") as tx:
        guardian_id = children.guardians(tx, child_id)[0].id
    visitor = browse(who)
    visitor.get(f"/children/{child_id}/family", status=404)
    visitor.get(f"/guardians/{guardian_id}", status=404)
    page = visitor.get("/signals/new")
    sent = {"csrf": page.value("signal-new", "csrf"), "name": "X", "relation": "other"}
    visitor.send(f"/guardians/{guardian_id}", sent, status=404)


def test_a_new_parent_is_asked_about_what_the_others_have_said_yes_to_and_the_service_waits_outside(
    browse, town: Town
):
    address = opened(browse, town)
    teacher = browse("teacher")
    asking = teacher.get(f"{address}/consents/new")
    teacher.submit(asking, "consent-ask", services=[town.services["ppt"]], purpose="Råd om lesing.")
    say_yes(teacher, address)
    teacher.submit(teacher.get(f"{address}/services/new"), "services-invite",
                   services=[town.services["ppt"]], needed="Råd om lesing.")  # fmt: skip
    adviser = browse("adviser")
    invitation = links(adviser.get("/invitations"), "/invitations/")[0]
    adviser.submit(adviser.get(invitation), "invitation-reply", answer="yes")
    assert "Iben Solvang" in adviser.get("/cases").text

    (way,) = links(teacher.get(f"{address}/consents"), "/children/")
    page = teacher.submit(teacher.get(way), "guardian-new", name="Siv Berg", relation="co_parent")
    assert address in links(page, "/cases/")
    assert "Iben Solvang" not in browse("adviser").get("/cases").text
    assert "Innsynet er avsluttet for Fjordvik ppt" in teacher.get(address).text
    asking = teacher.get(f"{address}/consents/new")
    assert "Siv Berg" in asking.text
    assert str(town.services["ppt"]) in [
        each.get("value") for each in asking.form("consent-ask").iter("input")
    ]


def test_an_answer_that_does_not_count_any_more_is_shown_as_such(browse, town: Town):
    child_id = town.child()
    case_id = town.case(child_id=child_id)
    teacher = browse("teacher")
    with town.begin("teacher") as tx:
        father = next(one for one in children.guardians(tx, child_id) if one.relation == "father")
    assert len(asked_of(teacher, f"/cases/{case_id}")) == 2
    teacher.submit(teacher.get(f"/guardians/{father.id}"), "guardian-keep", responsible=None)
    page = teacher.get(f"/cases/{case_id}/consents")
    assert "Teller ikke lenger" in page.text
    assert len([one for one in links(page, "/consents/") if not one.endswith("/text")]) == 1


def test_nobody_to_ask_leads_to_where_the_parents_are_registered(browse, town: Town):
    child_id = town.child(guardians=0)
    case_id = town.case(child_id=child_id)
    page = browse("teacher").get(f"/cases/{case_id}/consents/new")
    assert "Registrer foreldrene" in page.text
    assert links(page, "/children/") == [f"/children/{child_id}/family"]
