"""Nobody guesses their way in, and nobody gives others power from a browser left open."""

from datetime import timedelta
from urllib.parse import urlsplit

import requests

from casework.throttles import LIMITS
from tests.web.test_shell_sign_ins import _claims, _email, _subject, _through, door, provider  # noqa: F401
from tests.web.visitors import Visitor


def wrong_codes(visitor, how_many, status=422):
    page = visitor.get("/family/sign-in")
    for _ in range(how_many):
        shown = visitor.submit(page, "code-use", status=status, code="AAAAA-22222", born_on="2016-03-14")
    return shown


def test_after_ten_wrong_codes_from_one_place_one_waits_a_quarter_of_an_hour(site, casework, clock):
    visitor = Visitor(site, casework)
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    wrong_codes(visitor, LIMITS["family_code"].most)
    shown = wrong_codes(visitor, 1, status=429)
    assert shown.response.headers["Retry-After"] == "900"
    assert "Vent et kvarter" in shown.text and "AAAAA-22222" in shown.html, "what was typed is not lost"
    elsewhere = Visitor(site, casework)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "203.0.113.8"
    wrong_codes(elsewhere, 1)
    clock.at += LIMITS["family_code"].within
    wrong_codes(visitor, 1)


def test_the_table_of_wrong_codes_holds_no_address(site, casework, as_owner):
    visitor = Visitor(site, casework)
    visitor.client.environ_base["REMOTE_ADDR"] = "2001:db8::17"
    wrong_codes(visitor, 2)
    visitor.client.environ_base["REMOTE_ADDR"] = "2001:db8::99"
    wrong_codes(visitor, 1)
    [row] = as_owner("SELECT * FROM tries ORDER BY id DESC LIMIT 1")
    assert row.times == 3, "addresses of one household count together"
    assert b"2001" not in bytes(row.place) and len(row.place) == 32


def test_whoever_gives_a_role_long_after_signing_in_says_once_more_who_they_are(
    browse, clock, town, as_owner
):
    administrator = browse("administrator")
    person = f"/staff/{town.people['carer']}"
    page = administrator.get(person)
    clock.at += timedelta(minutes=20)
    role = {"role": "coordinator", "service_id": str(town.services["office"])}
    refused = administrator.submit(page, f"{person}/roles", status=401, **role)
    assert "Bekreft at det er deg" in refused.text
    held = as_owner("SELECT role FROM assignments WHERE practitioner_id = :id", id=town.people["carer"])
    assert held == [("educator",)], "nothing was given"
    asked = administrator.get("/staff/new")
    assert asked.path.startswith("/sign-in/confirm"), "the form is not shown either"


def test_the_provider_asks_again_and_only_the_same_person_will_do(
    door,  # noqa: F811
    provider,  # noqa: F811
    town,
    as_owner,
    clock,
):
    for name in ("administrator", "teacher"):
        email = _email(town, as_owner, name)
        _claims(provider, _subject(town, name), email=email, email_verified=True)
    door.get(_through(door, _subject(town, "administrator")))
    clock.at += timedelta(minutes=20)
    page = door.get("/staff/new")
    assert "hvem du er" in page.text
    assert _answer(door, page, _subject(town, "teacher"), status=403).title.startswith("Det var en annen")
    assert door.get("/staff/new").path.startswith("/sign-in/confirm")
    assert _answer(door, door.get("/staff/new"), _subject(town, "administrator")).path == "/staff/new"


def _answer(visitor, page, subject, status=200):
    form = page.form("confirm")
    sent = {one.get("name"): one.get("value") for one in form.iter("input")}
    left = visitor.client.post("/sign-in/confirm", data=sent)
    assert "prompt=login" in left.headers["Location"] and "max_age=0" in left.headers["Location"]
    back = requests.post(left.headers["Location"], data={"sub": subject}, allow_redirects=False, timeout=5)
    address = urlsplit(back.headers["Location"])
    return visitor.get(f"{address.path}?{address.query}", status=status)
