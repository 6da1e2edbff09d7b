"""SCIM 2.0: the public conformance tester, and what identity providers send that no tester does."""

import pytest
from starlette.testclient import TestClient

from api.app import create_api
from casework import provisioning

BASE = "/api/scim/v2"


@pytest.fixture
def token(town):
    with town.begin("administrator") as tx:
        return provisioning.make_token(tx, name="Entra ID")


@pytest.fixture
def scim(casework, token):
    client = TestClient(create_api(casework, None), root_path="/api", raise_server_exceptions=True)
    client.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    return client


def through(client):
    """The API as a WSGI application, which the tester calls without a network."""

    def app(environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {
            name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")
        }
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
        where = f"{path}?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else path
        answer = client.request(environ["REQUEST_METHOD"], where, content=body, headers=headers)
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.headers.items()))
        return [answer.content]

    return app


def test_the_public_conformance_tester_finds_nothing_wrong(scim, token):
    from scim2_client.engines.wsgi import WSGISCIMClient
    from scim2_tester import Status, check_server

    client = WSGISCIMClient(
        through(scim), f"http://testserver{BASE}", headers={"Authorization": f"Bearer {token}"}
    )
    results = check_server(client)
    wrong = [f"{one.title}: {one.reason}" for one in results if one.status in (Status.ERROR, Status.CRITICAL)]
    assert wrong == [], "\n".join(wrong)
    assert sum(one.status == Status.SUCCESS for one in results) > 60


def test_entra_takes_in_changes_and_shuts_out_somebody_in_its_own_way(scim, town, casework):
    new = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "externalId": "0a21f0f2",
        "userName": "Liv.Larar@scim.example",
        "active": True,
        "emails": [{"primary": True, "type": "work", "value": "liv@scim.example"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Liv Lærar", "familyName": "Lærar", "givenName": "Liv"},
        "roles": [],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Skole"},
    }  # fmt: skip
    nobody = scim.get(f"{BASE}/Users", params={"filter": 'userName eq "liv.larar@scim.example"'})
    assert nobody.json()["totalResults"] == 0 and nobody.headers["content-type"] == "application/scim+json"
    made = scim.post(f"{BASE}/Users", json=new)
    assert made.status_code == 201 and made.headers["Location"] == made.json()["meta"]["location"]
    place = made.headers["Location"].removeprefix("http://testserver")
    again = scim.post(f"{BASE}/Users", json=new)
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")

    changed = scim.patch(place, json={"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "liv.l@scim.example"},
        {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "99 88 77 66"},
        {"op": "Replace", "value": {"name.givenName": "Liva", "displayName": "Liva Lærar"}},
        {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": "x"},
    ]})  # fmt: skip
    assert changed.status_code == 200
    body = changed.json()
    assert (body["emails"][0]["value"], body["phoneNumbers"][0]["value"]) == (
        "liv.l@scim.example",
        "99 88 77 66",
    )
    assert (body["name"], body["displayName"]) == ({"givenName": "Liva", "familyName": "Lærar"}, "Liva Lærar")

    both = scim.get(f"{BASE}/Users", params={"filter": f'externalId eq "0a21f0f2" and id eq "{body["id"]}"'})
    assert [one["id"] for one in both.json()["Resources"]] == [body["id"]]
    out = scim.patch(place, json={"Operations": [{"op": "Replace", "path": "active", "value": "False"}]})
    assert out.status_code == 200 and out.json()["active"] is False


def test_a_home_is_taken_in_and_given_back_in_no_answer(scim, town, as_owner):
    def house():
        sql = "SELECT h.house FROM homes h JOIN practitioners p ON p.id = h.practitioner_id WHERE p.email = :mail"
        return [one.house for one in as_owner(sql, mail="heim@scim.example")]

    home = {"type": "home", "streetAddress": "Storgata 14 B\n9008 Fjordvik", "postalCode": "9008"}
    work = {"type": "work", "streetAddress": "Skolegata 1", "postalCode": "9008"}
    made = scim.post(f"{BASE}/Users", json={"userName": "heim@scim.example", "addresses": [work, home]})
    place = made.headers["Location"].removeprefix("http://testserver")
    first = house()
    assert len(first) == 1 and "addresses" not in made.json() and "Storgata" not in scim.get(place).text

    def change(*operations):
        answer = scim.patch(place, json={"Operations": [*operations]})
        assert answer.status_code == 200 and "addresses" not in answer.json()
        return house()

    part = 'addresses[type eq "home"].'
    moved = change({"op": "Replace", "path": f"{part}streetAddress", "value": "Sjøgata 2"},
                   {"op": "Replace", "path": f"{part}postalCode", "value": "9008"})  # fmt: skip
    assert len(moved) == 1 and moved != first
    untouched = {"op": "Replace", "path": 'addresses[type eq "work"].streetAddress', "value": "Skolegata 2"}
    assert change(untouched) == moved == change({"op": "Replace", "path": "title", "value": "Lærer"})
    assert scim.put(place, json={"userName": "heim@scim.example"}).status_code == 200 and house() == moved
    assert change({"op": "Remove", "path": "addresses"}) == []
    assert len(change({"op": "Add", "path": "addresses", "value": [home]})) == 1
    assert change({"op": "Replace", "path": f"{part}streetAddress", "value": "Fjordgata 1"}) == [], (
        "half an address says that the former holds no more"
    )


def test_stale_and_unreadable_requests_are_refused_in_scims_own_words(scim, town):
    place = f"{BASE}/Users/{town.people['teacher']}"
    tag = scim.get(place).headers["ETag"]
    assert scim.get(place, headers={"If-None-Match": tag}).status_code == 304
    turn = {"Operations": [{"op": "replace", "path": "title", "value": "Kontaktlærer"}]}
    assert scim.patch(place, json=turn, headers={"If-Match": tag}).json()["title"] == "Kontaktlærer"
    assert scim.patch(place, json=turn, headers={"If-Match": tag}).status_code == 412
    table = [
        ({"Operations": [{"op": "replace", "path": "id", "value": "1"}]}, 400, "mutability"),
        ({"Operations": [{"op": "replace", "path": "emails[type", "value": "1"}]}, 400, "invalidPath"),
        ({"Operations": [{"op": "remove"}]}, 400, "noTarget"),
        ({"Operations": [{"op": "move", "path": "title"}]}, 400, "invalidSyntax"),
        ({"Operations": [{"op": "replace", "path": "active", "value": "kanskje"}]}, 400, "invalidValue"),
        ({"Operations": [{"op": "replace", "path": "userName", "value": ""}]}, 400, "invalidValue"),
        ({"Nothing": []}, 400, "invalidSyntax"),
    ]
    for body, status, kind in table:
        answer = scim.patch(place, json=body)
        assert (answer.status_code, answer.json()["scimType"]) == (status, kind), body
    for wrong in ('userName sw "a"', 'userName eq "a" or id eq "b"', "userName eq", 'password eq "x"'):
        answer = scim.get(f"{BASE}/Users", params={"filter": wrong})
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter"), wrong
    page = scim.get(f"{BASE}/Users", params={"startIndex": 3, "count": 2}).json()
    assert (page["startIndex"], page["itemsPerPage"], page["totalResults"]) == (3, 2, len(town.people))


def test_only_a_provisioning_token_of_the_same_municipality_opens_the_door(
    scim, call, casework, postgres, town
):
    away = type(town).build(casework, postgres.owner_url)
    assert scim.get(f"{BASE}/Users/{away.people['teacher']}").status_code == 404
    gone = {"Operations": [{"op": "replace", "path": "active", "value": False}]}
    assert scim.patch(f"{BASE}/Users/{away.people['teacher']}", json=gone).status_code == 404
    ordinary = call("administrator")
    assert ordinary.client.get(f"{BASE}/Users", headers=ordinary.headers).status_code == 401
    assert scim.get("/api/v1/people").status_code == 401, "and a provisioning token opens no other"
    with town.begin("administrator") as tx:
        provisioning.revoke_token(tx, provisioning.tokens(tx)[0].id)
    answer = scim.get(f"{BASE}/Users")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_group_gives_its_members_the_role_an_administrator_has_said(scim, town, casework):
    person = scim.post(f"{BASE}/Users", json={"userName": "ny@scim.example", "displayName": "Ny Test"}).json()
    group = {"displayName": "Lærere", "externalId": "g-1", "members": [{"value": person["id"]}]}
    made = scim.post(f"{BASE}/Groups", json=group).json()
    with town.begin("administrator") as tx:
        [mapped] = provisioning.groups(tx)
    assert (mapped.members, mapped.role) == (1, None)
    with town.begin("administrator") as tx:
        provisioning.map_group(tx, mapped.id, service_id=town.services["school"], role="educator")
    roles = [(m.role.value, m.service_id) for m in casework.actor(person["id"]).memberships]
    assert roles == [("educator", town.services["school"])]
    place = f"{BASE}/Groups/{made['id']}"
    teacher = str(town.people["teacher"])
    more = {"Operations": [{"op": "Add", "path": "members", "value": [{"value": teacher}]}]}
    assert len(scim.patch(place, json=more).json()["members"]) == 2
    less = {"Operations": [{"op": "Remove", "path": f'members[value eq "{person["id"]}"]'}]}
    assert [one["value"] for one in scim.patch(place, json=less).json()["members"]] == [teacher]
    found = scim.get(
        f"{BASE}/Groups", params={"filter": 'displayName eq "lærere"', "excludedAttributes": "members"}
    )
    assert "members" not in found.json()["Resources"][0]
    assert scim.get(f"{BASE}/Users/{person['id']}").json().get("groups") is None
    from casework.refusals import NotFound

    with pytest.raises(NotFound):
        casework.actor(person["id"])
    assert scim.delete(place).status_code == 204
    with pytest.raises(NotFound):
        casework.actor(town.people["teacher"]), "the group gave it, and took it along"
