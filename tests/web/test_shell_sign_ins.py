"""Coming in and going out: nobody gets in unseen, nobody stays in unnoticed, no form is sent by another."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests

from casework import sign_ins
from tests.web.visitors import Visitor


def _subject(town, name: str) -> str:
    return f"sub-{town.people[name]}"


@pytest.fixture
def provider() -> Iterator[str]:
    """A real OpenID provider on this machine; whoever asks for a subject gets it."""
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def door(provider, make_site, casework) -> Visitor:
    site = make_site(
        oidc_issuer=provider, oidc_client_id="stafetten", oidc_client_secret="hush", persona_picker=False
    )
    return Visitor(site, casework)


def _claims(provider: str, subject: str, **claims: object) -> None:
    requests.put(f"{provider}/users/{subject}", json=claims, timeout=5).raise_for_status()


def _through(visitor: Visitor, subject: str, to: str = "/accessibility") -> str:
    """Leave for the provider, sign in there, and give the address one is sent back to."""
    left = visitor.client.get("/sign-in/provider", query_string={"next": to})
    assert left.status_code == 302
    asked = parse_qs(urlsplit(left.headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["nonce"] and asked["state"]
    back = requests.post(left.headers["Location"], data={"sub": subject}, allow_redirects=False, timeout=5)
    address = urlsplit(back.headers["Location"])
    return f"{address.path}?{address.query}"


def _email(town, as_owner, name: str) -> str:
    sql = "UPDATE practitioners SET email = lower(email) WHERE id = :id RETURNING email"
    return as_owner(sql, id=town.people[name])[0][0]


def test_an_employee_comes_in_the_first_time_by_verified_mail_and_then_by_the_providers_own_number(
    door, provider, town, as_owner
):
    subject = _subject(town, "teacher")
    _claims(provider, subject, email=_email(town, as_owner, "teacher"), email_verified=True)
    page = door.get(_through(door, subject))
    assert page.path == "/accessibility" and "Teacher Test" in page.text

    _claims(provider, subject, email="changed@example.test", email_verified=True)
    assert "Teacher Test" in door.get(_through(door, subject)).text


def test_mail_that_the_provider_has_not_verified_opens_nothing(door, provider, town, as_owner):
    _claims(provider, "sub-unverified", email=_email(town, as_owner, "nurse"), email_verified=False)

    page = door.get(_through(door, "sub-unverified"), status=403)

    assert "Vi kjenner deg ikke ennå" in page.text


def test_somebody_the_municipality_does_not_know_is_told_what_to_do(door, provider):
    page = door.get(_through(door, "sub-nobody"), status=403)

    assert "Spør lederen din eller administratoren" in page.text
    assert door.client.get("/").status_code == 303


def test_an_answer_from_the_provider_to_somebody_else_is_worth_nothing(
    door, provider, town, as_owner, casework
):
    subject = _subject(town, "teacher")
    _claims(provider, subject, email=_email(town, as_owner, "teacher"), email_verified=True)
    stolen = _through(door, subject)
    thief = Visitor(door.client.application, casework)

    page = thief.get(stolen, status=400)

    assert "Innloggingen virket ikke" in page.text


def test_a_silent_provider_is_said_to_be_silent(make_site, casework):
    site = make_site(oidc_issuer="http://127.0.0.1:9", oidc_client_id="x", oidc_client_secret="x")
    visitor = Visitor(site, casework)

    assert "svarer ikke" in visitor.get("/sign-in/provider", status=503).text


def test_in_the_demo_one_picks_who_to_be_and_lands_where_one_was_going(stranger, town):
    page = stranger.get("/?")
    assert "Fjordvik kommune" in page.text and page.path.startswith("/sign-in?next=")
    page = stranger.get(f"{page.path}&town={town.id}")
    form = next(e for e in page.tree.iter("form") if str(town.people["teacher"]) in str(_hidden(e)))
    data = {**_hidden(form), "assignment_id": next(form.iter("button")).get("value"), "next": "/privacy"}

    page = stranger.send("/sign-in/persona", data)

    assert page.path == "/privacy" and "Teacher Test" in page.text


def _hidden(form) -> dict[str, str]:
    return {e.get("name"): e.get("value") for e in form.iter("input")}


@pytest.mark.parametrize("environment", ["production", "demo"])
def test_outside_the_demo_there_is_no_way_to_pick_who_to_be(make_site, casework, town, environment):
    site = make_site(environment=environment, persona_picker=environment == "production")
    visitor = Visitor(site, casework)

    assert "Teacher Test" not in visitor.get("/sign-in").text
    token = visitor.get("/sign-in")
    answer = visitor.client.post("/sign-in/persona", data={"practitioner_id": str(town.people["teacher"])})
    assert token.status == 200 and answer.status_code in {403, 404}


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(stranger):
    answer = stranger.client.get("/?from=mail")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/?from%3Dmail"


def test_htmx_takes_a_stranger_to_the_sign_in_page(stranger):
    answer = stranger.with_htmx().client.get("/", headers=stranger.headers)

    assert answer.status_code == 401 and answer.headers["HX-Redirect"] == "/sign-in"


def test_the_token_changes_at_sign_in_and_the_old_one_is_worth_nothing(stranger, town, casework):
    stranger.sign_in(town.people["teacher"])
    before = stranger.client.get_cookie("stafetten").value
    page = stranger.get("/styleguide")
    persona = {
        "csrf": next(e.get("value") for e in page.tree.iter("input") if e.get("name") == "csrf"),
        "practitioner_id": town.people["nurse"],
        "assignment_id": town.actor("nurse").membership.assignment_id,
    }
    stranger.send("/sign-in/persona", persona)

    assert stranger.client.get_cookie("stafetten").value != before
    with casework.begin(_door()) as tx:
        assert sign_ins.visit(tx, before) is None


def _door():
    from casework.access import Actor

    return Actor.stranger()


def test_half_an_hour_without_a_click_ends_the_session(browse, clock):
    teacher = browse("teacher")
    clock.at += timedelta(minutes=29)
    assert "Teacher Test" in teacher.get("/privacy").text
    clock.at += timedelta(minutes=31)

    assert "Teacher Test" not in teacher.get("/privacy").text


def test_twelve_hours_end_the_session_whatever_one_does(browse, clock):
    teacher = browse("teacher")
    for _ in range(12 * 60 // 20 - 1):
        clock.at += timedelta(minutes=20)
        assert "Teacher Test" in teacher.get("/privacy").text
    clock.at += timedelta(minutes=21)

    assert "Teacher Test" not in teacher.get("/privacy").text


def test_two_minutes_before_the_end_the_page_says_so_without_keeping_the_session_awake(browse, clock):
    teacher = browse("teacher")
    teacher.with_htmx("session", "session")
    assert teacher.get("/session").html.strip() == ""
    clock.at += timedelta(minutes=28, seconds=30)

    assert "Du logges ut om 2 minutter." in teacher.get("/session").text
    clock.at += timedelta(minutes=2)
    assert "Du er logget ut." in teacher.get("/session").text


def test_one_click_keeps_the_session(browse, clock):
    teacher = browse("teacher")
    clock.at += timedelta(minutes=29)
    page = teacher.get("/session")
    teacher.submit(page, "/session", next="/privacy")
    clock.at += timedelta(minutes=29)

    assert "Teacher Test" in teacher.get("/privacy").text


def test_signing_out_ends_the_visit_in_the_house_too(browse, casework):
    teacher = browse("teacher")
    token = teacher.client.get_cookie("stafetten").value

    page = teacher.submit(teacher.get("/privacy"), "/sign-out")

    assert "Du har logget ut" in page.text
    with casework.begin(_door()) as tx:
        assert sign_ins.visit(tx, token) is None


def test_a_link_cannot_sign_anybody_out(browse):
    assert browse("teacher").client.get("/sign-out").status_code == 405


@pytest.mark.parametrize("token", ["", "zz", "00" * 64, "ab"])
def test_a_form_without_this_sessions_token_does_nothing(browse, token):
    teacher = browse("teacher")

    answer = teacher.client.post("/sign-out", data={"csrf": token})

    assert answer.status_code == 403
    assert "Teacher Test" in teacher.get("/privacy").text


def test_a_form_from_another_site_does_nothing_even_with_a_token(browse):
    teacher = browse("teacher")
    token = next(
        e.get("value") for e in teacher.get("/privacy").tree.iter("input") if e.get("name") == "csrf"
    )

    answer = teacher.client.post("/sign-out", data={"csrf": token}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_a_form_fetched_by_one_person_cannot_be_sent_by_another(browse):
    theirs = browse("nurse").get("/privacy")
    token = next(e.get("value") for e in theirs.tree.iter("input") if e.get("name") == "csrf")

    assert browse("teacher").client.post("/sign-out", data={"csrf": token}).status_code == 403


def test_the_token_looks_different_every_time_so_that_its_size_gives_nothing_away(browse):
    teacher = browse("teacher")
    tokens = {
        next(e.get("value") for e in teacher.get("/privacy").tree.iter("input") if e.get("name") == "csrf")
        for _ in range(3)
    }

    assert len(tokens) == 3


def test_somebody_signed_out_while_writing_gets_the_text_back(browse, clock):
    teacher = browse("teacher")
    page = teacher.get("/privacy")
    token = next(e.get("value") for e in page.tree.iter("input") if e.get("name") == "csrf")
    clock.at += timedelta(hours=1)

    answer = teacher.send("/session", {"csrf": token, "text": "Iben satt alene hele dagen."}, status=401)

    assert "Iben satt alene hele dagen." in answer.text
    assert "Logg inn" in answer.text


def test_one_person_with_two_roles_changes_between_them(browse, town, as_owner):
    as_owner(
        "INSERT INTO assignments (id, practitioner_id, service_id, role, since)"
        " VALUES (gen_random_uuid(), :p, :s, 'coordinator', '2021-01-01')",
        p=town.people["teacher"],
        s=town.services["office"],
    )
    teacher = browse("teacher")
    page = teacher.get("/privacy")
    other = next(
        e.get("value")
        for e in page.form("/sign-in/role").iter("button")
        if "BTI-koordinator" in "".join(e.itertext())
    )

    page = teacher.submit(page, "/sign-in/role", assignment_id=other)

    assert "Du arbeider nå i en annen rolle." in page.text
    assert "BTI-koordinator · Fjordvik office" in teacher.get("/privacy").text


def test_nobody_takes_a_role_that_is_not_theirs(browse, town):
    teacher = browse("teacher")
    other = town.actor("coordinator").membership.assignment_id
    token = next(
        e.get("value") for e in teacher.get("/privacy").tree.iter("input") if e.get("name") == "csrf"
    )

    refused = teacher.send("/sign-in/role", {"csrf": token, "assignment_id": str(other)}, status=404)

    assert "Vi finner ikke dette" in refused.text
    still = teacher.get("/privacy").text
    assert "Lærer eller barnehagelærer · Fjordvik school" in still and "BTI-koordinator" not in still


def test_what_one_types_is_kept_for_oneself_alone(browse, casework, town):
    from casework import drafts

    teacher = browse("teacher")
    token = next(
        e.get("value") for e in teacher.get("/privacy").tree.iter("input") if e.get("name") == "csrf"
    )

    answer = teacher.client.put("/drafts/signal", data={"csrf": token, "observation": "Iben gråt"})

    assert answer.get_data(as_text=True).replace("\xa0", " ") == "Utkast lagret kl. 12.00"
    with town.begin("teacher") as tx:
        assert drafts.kept(tx, "signal").values["observation"] == ["Iben gråt"]
    with town.begin("nurse") as tx:
        assert drafts.kept(tx, "signal") is None
