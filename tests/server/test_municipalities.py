"""A new installation gets its first municipality and administrator, from whom everything else follows."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casework import Casework, audit, sign_ins, staff
from casework.access import Actor, Role
from server import cli
from tests.server.test_settings import no_settings_from_outside  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
_numbers = itertools.count(9910)


@pytest.fixture
def number() -> str:
    """A number nobody has yet."""
    return str(next(_numbers))


@pytest.fixture
def house(migrated):
    made = Casework.from_url(migrated.app_url, field_key=b"k" * 32)
    yield made
    made.close()


def run(migrated, *words: str) -> Result:
    given = {"STAFETTEN_DATABASE_OWNER_URL": migrated.owner_url}
    return CliRunner().invoke(cli.app, ["municipality", *words], env=given)


def add(migrated, number: str, *more: str, **changed: str) -> Result:
    told = {
        "number": number,
        "name": "Elvebakken kommune",
        "administrator": "Kari Nordmann",
        "email": f"Kari.{number}@elvebakken.example",
        **changed,
    }
    words = [word for name, value in told.items() for word in (f"--{name.replace('_', '-')}", value)]
    return run(migrated, "add", *words, *more)


def administrator(house: Casework, number: str) -> Actor:
    with house.begin(Actor.stranger()) as tx:
        found = sign_ins.by_email(tx, f"kari.{number}@elvebakken.example")
    return house.actor(found)


def rows(migrated, number: str) -> list[tuple]:
    """What there is of a municipality: its services and whoever works there."""
    with migrated.connect(database="stafetten") as connection:
        return connection.execute(
            "SELECT m.name, m.language, m.duty_phone, s.kind, p.name, p.language, a.role"
            " FROM municipalities m JOIN services s ON s.municipality_id = m.id"
            " JOIN assignments a ON a.service_id = s.id JOIN practitioners p ON p.id = a.practitioner_id"
            " WHERE m.number = %s ORDER BY a.role",
            [number],
        ).fetchall()


def test_a_municipality_begins_with_its_office_and_one_administrator(migrated, number):
    told = add(migrated, number, language="nn", duty_phone="00 00 00 00")
    assert (told.exit_code, "may sign in now" in told.output) == (0, True), told.output
    assert rows(migrated, number) == [
        ("Elvebakken kommune", "nn", "00 00 00 00", "administration", "Kari Nordmann", "nn", "administrator")
    ]


def test_the_administrator_is_known_by_verified_mail_and_does_the_rest(migrated, house, number):
    add(migrated, number)
    with house.begin(Actor.stranger()) as tx:
        who = sign_ins.known_as(
            tx, subject=f"https://login.example|{number}", email=f"kari.{number}@elvebakken.example"
        )
    acting = house.actor(who)
    (town,) = acting.municipalities_as(Role.ADMINISTRATOR)
    with house.begin(acting) as tx:
        school = staff.open_service(tx, town, staff.KeepService("school", "Elvebakken skole"))
        staff.add_person(
            tx, staff.AddPerson("Ola", f"ola.{number}@elvebakken.example", school, "educator", "Lærer")
        )
        assert {s.kind for s in staff.services(tx)} == {"administration", "school"}


def test_the_same_number_twice_says_so_and_changes_nothing(migrated, number):
    add(migrated, number)
    before = rows(migrated, number)
    again = add(migrated, number, name="Something else", email=f"other.{number}@elvebakken.example")
    assert (again.exit_code, "already a municipality with this number" in again.output) == (1, True)
    assert rows(migrated, number) == before


@pytest.mark.parametrize(("changed", "said"), [
    ({"number": "46"}, "four digits"),
    ({"number": "٤٦٠١"}, "four digits"),
    ({"name": " "}, "the municipality's name"),
    ({"administrator": ""}, "the administrator's name"),
    ({"email": "kari.elvebakken.example"}, "one @ and no space"),
    ({"email": "kari@nordmann@elvebakken.example"}, "one @ and no space"),
    ({"language": "en"}, "one of nb, nn"),
])  # fmt: skip
def test_what_cannot_be_used_is_said_and_nothing_is_made(migrated, number, changed, said):
    told = add(migrated, **{"number": number, **changed})
    assert (told.exit_code, said in told.output) == (1, True), told.output
    assert rows(migrated, number) == []


def test_everything_wrong_is_said_at_once(migrated, number):
    told = add(migrated, number, language="se", email="kari").output
    assert "one of nb, nn" in told and "one @" in told


def test_an_address_somebody_has_is_refused_however_it_is_written(migrated, number):
    add(migrated, number)
    other = str(next(_numbers))
    told = add(migrated, other, email=f"KARI.{number}@Elvebakken.example")
    assert (told.exit_code, "already has this e-mail address" in told.output) == (1, True)
    assert rows(migrated, other) == []


def test_the_person_may_also_look_after_how_it_runs(migrated, house, number):
    add(migrated, number, "--operator")
    assert administrator(house, number).has_role(Role.OPERATOR)
    assert [row[-1] for row in rows(migrated, number)] == ["administrator", "operator"]


def test_the_trail_begins_with_the_municipality_and_holds(migrated, house, number):
    add(migrated, number)
    with migrated.connect(database="stafetten") as connection:
        found = connection.execute(
            "SELECT a.role, a.act, a.body FROM audit a JOIN municipalities m ON m.id = a.municipality_id"
            " WHERE m.number = %s ORDER BY a.act",
            [number],
        ).fetchall()
    assert found == [
        ("owner", "give_role", '{"role":"administrator"}'),
        ("owner", "lay_out_municipality", f'{{"number":"{number}"}}'),
    ]
    with house.begin(Actor.system()) as tx:
        tx.without_trail()
        assert audit.verify(tx) == []


def test_municipalities_are_listed_with_their_administrators(migrated, number):
    add(migrated, number)
    told = run(migrated, "list")
    assert told.exit_code == 0
    line = next(line for line in told.output.splitlines() if line.startswith(number))
    assert line.split("  ") == [number, "Elvebakken kommune", "nb", f"kari.{number}@elvebakken.example"]


def test_without_the_owners_address_or_the_tables_the_remedy_is_said(cluster, number):
    told = CliRunner().invoke(cli.app, ["municipality", "list"])
    assert (told.exit_code, "STAFETTEN_DATABASE_OWNER_URL is not set" in told.output) == (1, True)
    empty = {"STAFETTEN_DATABASE_OWNER_URL": cluster.url("owner", database="postgres")}
    told = CliRunner().invoke(cli.app, ["municipality", "list"], env=empty)
    assert (told.exit_code, "run `stafetten db upgrade` first" in told.output) == (1, True)


@pytest.mark.parametrize("command", ["add", "list"])
def test_each_command_explains_itself(command):
    words = [sys.executable, "-m", "server.cli", "municipality", command, "--help"]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "Usage:" in told and "STAFETTEN_DATABASE_OWNER_URL" in told
