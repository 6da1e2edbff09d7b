"""Rolls, keys for the identity provider, and those who have left: as administrator and leader meet them."""

from io import BytesIO

import pytest

from casework import provisioning
from casework.access import Actor
from tests.levels.test_rosters import PIFU
from tests.web.visitors import _standing


def _upload(visitor, content, *, status=200, **values):
    form = visitor.get("/rosters").form("roster-upload")
    data = {**_standing(form), **values, "file": (BytesIO(content.encode()), "liste.csv")}
    answer = visitor.client.post(
        "/rosters", data=data, content_type="multipart/form-data", follow_redirects=True
    )
    assert answer.status_code == status, answer.text[:600]
    path = answer.request.path
    return visitor.get(path) if status == 200 else answer


def test_a_roll_is_read_shown_confirmed_and_accounted_for(browse, town):
    administrator = browse("administrator")
    shown = _upload(administrator, PIFU.format(type="full"), whole="true")
    assert (
        "Nye elever" in shown.text and "Ada Nordli" in shown.text and "Kolleger som har sluttet" in shown.text
    )
    assert "14891352442" not in shown.html, "national numbers are shown to nobody"
    assert "Filen viser til en person som ikke er i den" in shown.text
    town.child(first="Ny", last="Elev")
    stale = administrator.submit(shown, "roster-confirm", status=409)
    assert "Elever som har sluttet" in stale.text, "what has come since is shown before it is done"
    receipt = administrator.submit(stale, "roster-confirm")
    assert "Listen er lest inn" in receipt.text and "Nye elever" in receipt.text
    assert "Lest inn før" in administrator.get("/rosters").text
    again = _upload(administrator, PIFU.format(type="full"), whole="true")
    assert "Ingenting vil endres" in again.text
    gone = administrator.submit(again, "roster-cancel")
    assert "kastet" in gone.text
    administrator.get(again.path, status=404)


def test_a_file_that_cannot_be_read_says_where_and_what_to_do(browse, town):
    answer = _upload(browse("administrator"), "Fornavn;Klasse\nAda;7A\n", status=422)
    assert "Linje 1" in answer.text and "Etternavn" in answer.text and "bruk det tomme arket" in answer.text
    sheet = browse("administrator").client.get("/rosters/pupils.csv")
    assert sheet.data.startswith("\ufeffFornavn;Etternavn".encode())


def test_a_key_is_shown_once_and_ends_when_it_is_revoked(browse, town, casework):
    administrator = browse("administrator")
    made = administrator.submit(administrator.get("/provisioning"), "token-make", name="Entra ID")
    token = next("".join(each.itertext()) for each in made.tree.iter("code"))
    with casework.begin(Actor.stranger()) as tx:
        provider = provisioning.bearer(tx, token)
    with casework.begin(provider) as tx:
        group = provisioning.make_group(tx, provisioning.KeepGroup("Lærere", None, (town.people["nurse"],)))
    page = administrator.get("/provisioning")
    assert token not in page.html and "Ingenting ennå" in page.text
    form = administrator.get(f"/provisioning/groups/{group}")
    listed = administrator.submit(form, "group-map", service_id=town.services["school"], role="educator")
    assert "Fjordvik school" in listed.text
    form = administrator.get(f"/provisioning/groups/{group}")
    assert "administrator" not in [each.get("value") for each in form.form("group-map").iter("option")]
    administrator.submit(listed, "/revoke")
    with casework.begin(Actor.stranger()) as tx:
        assert provisioning.bearer(tx, token) is None


def test_the_leader_moves_what_a_leaver_left(browse, town):
    town.case()
    who = town.people["teacher"]
    with town.begin("administrator") as tx:
        token = provisioning.make_token(tx, name="Entra ID")
    with town.casework.begin(Actor.stranger()) as tx:
        provider = provisioning.bearer(tx, token)
    with town.casework.begin(provider) as tx:
        provisioning.forget(tx, who)
    leader = browse("principal")
    page = leader.get("/leavers")
    assert "Teacher Test" in page.text and "slutter med 1 stafettpinne" in page.text
    form = leader.get(f"/leavers/{who}")
    assert "1 stafettpinne" in form.text
    done = leader.submit(form, "leaver-settle", to_id=town.people["colleague"])
    assert "Alt er flyttet" in done.text and "Ingen har etterlatt seg noe" in done.text
    seen = browse("administrator").get("/leavers")
    assert "Iben" not in seen.text


@pytest.mark.parametrize("name", ["teacher", "principal", "coordinator", "operator"])
def test_nobody_else_finds_rolls_or_keys(browse, town, name):
    visitor = browse(name)
    for path in ("/rosters", "/rosters/pupils.csv", "/provisioning"):
        hidden = visitor.get(path, status=404)
        assert "Vi finner ikke dette" in hidden.text and "<form" not in hidden.html.partition("<main")[2], (
            path
        )
