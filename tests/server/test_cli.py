"""The command line: at hand at once, and a mistake is told in words."""

import logging
import os
import subprocess
import sys
import uuid
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.pool import NullPool
from sqlmodel import Session
from typer.testing import CliRunner, Result

from casework import Casework, sign_ins
from casework.access import Actor
from records.municipalities import Assignment, Municipality, Practitioner, Service
from server import cli
from server.postgres import EmbeddedPostgres
from tests.server.test_settings import GOOD, no_settings_from_outside  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def logging_as_before(monkeypatch):
    """A command takes over this process's logging; the next test gets it back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def run(*words: str, **settings: str) -> Result:
    given = {f"STAFETTEN_{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(cli.app, list(words), env=given)


def test_help_needs_none_of_the_heavy_rooms():
    heavy = "{'sqlalchemy', 'prefect', 'flask', 'fastapi', 'statemachine', 'uvicorn'}"
    code = f"import sys, server.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "words",
    ["serve", "worker", "courier", "orchestrator", "db upgrade", "guide check", "guide show", "guide publish",
     "audit verify", "charts", "demo", "doctor", "token issue", "token list", "token revoke"],
)  # fmt: skip
def test_each_command_explains_itself(words):
    told = run(*words.split(), "--help")
    assert told.exit_code == 0
    assert "Usage:" in told.output


@pytest.mark.parametrize("command", ["serve", "worker", "courier"])
def test_nothing_starts_on_bad_settings_and_all_that_is_wrong_is_said(command):
    told = run(command, **{**GOOD, "persona_picker": "true", "database_url": "", "secret_key": "short"})
    assert told.exit_code == 1
    assert "Unset STAFETTEN_PERSONA_PICKER" in told.output
    assert "There is no database." in told.output
    assert "STAFETTEN_SECRET_KEY is missing, short" in told.output
    assert "Traceback" not in told.output


def test_a_value_that_cannot_be_read_is_named():
    told = run("doctor", port="many")
    assert told.exit_code == 1
    assert "STAFETTEN_PORT cannot be used" in told.output


def test_the_database_is_brought_up_to_date_and_its_version_told(cluster):
    assert run("db", "upgrade", database_owner_url=cluster.owner_url).exit_code == 0
    told = run("db", "version", database_url=cluster.app_url)
    assert told.exit_code == 0
    assert "this code needs" in told.output


def test_upgrading_without_an_address_or_a_database_says_so(folder):
    assert "STAFETTEN_DATABASE_OWNER_URL is not set" in run("db", "upgrade").output
    told = run("db", "upgrade", database_owner_url=f"postgresql+psycopg://a:b@/x?host={folder}")
    assert told.exit_code == 1
    assert "The database does not answer" in told.output


def test_the_demos_data_are_thrown_away_but_not_while_it_runs(folder):
    data = folder / "data"
    data.mkdir(mode=0o755)
    (data / "keys.json").write_text("{}")
    with EmbeddedPostgres(data / "postgres", durable=False):
        told = run("demo", "--reset", "--data", str(data))
        assert (told.exit_code, str(os.getpid()) in told.output) == (1, True)
        assert (data / "keys.json").exists()
    assert run("demo", "--reset", "--data", str(data)).exit_code == 0
    assert not data.exists()
    assert run("demo", "--reset", "--data", str(data)).exit_code == 0


def test_the_trail_is_verified_and_holds(migrated):
    told = run("audit", "verify", **{**GOOD, "environment": "development", "database_url": migrated.app_url})
    assert told.exit_code == 0, told.output
    assert "The trail holds" in told.output


def test_the_launcher_works_from_anywhere(tmp_path):
    (tmp_path / "server.py").write_text("raise SystemExit('the wrong server')")
    command = [sys.executable, "-P", "-m", "server.cli", "--help"]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def administrator(migrated) -> str:
    """Somebody who administers a new municipality, made behind the application's back."""
    engine = sqlalchemy.create_engine(migrated.url("superuser", database="stafetten"), poolclass=NullPool)
    name = uuid.uuid4().hex
    with Session(engine, expire_on_commit=False) as session:
        town = Municipality(number=name[:8], name=name, settings={})
        session.add(town)
        session.flush()
        office = Service(municipality_id=town.id, kind="school", name="Elva skole")
        person = Practitioner(name="Ada Administrator", email=f"{name}@storelva.example")
        session.add_all([office, person])
        session.flush()
        session.add(
            Assignment(
                practitioner_id=person.id, service_id=office.id, role="administrator", since=date(2026, 1, 1)
            )
        )
        session.commit()
    return str(person.id)


def guides_of(migrated, administrator: str) -> list[tuple[int, str]]:
    with migrated.connect(database="stafetten") as connection:
        return connection.execute(
            "SELECT number, state FROM guides WHERE uploaded_by_id = %s ORDER BY number", [administrator]
        ).fetchall()


def test_an_administrator_publishes_a_guide_and_somebody_else_does_not(migrated, administrator):
    given = {**GOOD, "environment": "development", "database_url": migrated.app_url}
    file = str(ROOT / "levels" / "guides" / "library" / "national.yaml")
    stranger = "0190b3a0-0000-7000-8000-000000000000"
    refused = run("guide", "publish", file, "--as", stranger, **given)
    assert (refused.exit_code, "is not an administrator" in refused.output) == (1, True)
    for _ in range(2):
        done = run("guide", "publish", file, "--as", administrator, **given)
        assert done.exit_code == 0, done.output
    assert guides_of(migrated, administrator) == [(1, "retired"), (2, "published")]


def test_a_guide_with_faults_is_not_published_and_each_fault_has_its_line(tmp_path, migrated, administrator):
    text = (ROOT / "levels" / "guides" / "library" / "national.yaml").read_text()
    file = tmp_path / "guide.yaml"
    file.write_text(text.replace("log_starts_at: ", "log_starts_at: nowhere_", 1) + "\nunknown: 1\n")
    checked = run("guide", "check", str(file))
    assert checked.exit_code == 1
    assert "line " in checked.output
    given = {**GOOD, "environment": "development", "database_url": migrated.app_url}
    assert run("guide", "publish", str(file), "--as", administrator, **given).exit_code == 1
    assert guides_of(migrated, administrator) == []


def test_guides_that_come_along_are_listed_and_shown():
    assert "tromso" in run("guide", "show").output
    shown = run("guide", "show", "vestre_toten")
    assert shown.exit_code == 0
    assert "→" in shown.output
    assert run("guide", "show", "../secrets").exit_code == 1


def bearer(migrated, key: str) -> Actor | None:
    house = Casework.from_url(migrated.app_url, field_key=b"k" * 32)
    with house.begin(Actor.stranger()) as tx:
        found = sign_ins.bearer(tx, key)
    house.close()
    return found


def test_a_machine_gets_a_key_for_one_person_within_scopes_and_it_can_be_ended(migrated, administrator):
    given = {**GOOD, "environment": "development", "database_url": migrated.app_url}
    made = run("token", "issue", "--for", administrator, "--name", "Import", "--scope", "staff:read", **given)
    assert made.exit_code == 0, made.output
    key = made.stdout.strip().splitlines()[-1]
    acting = bearer(migrated, key)
    assert (str(acting.id), acting.scopes) == (administrator, {"staff:read"})
    listed = run("token", "list", **given).output
    assert "Import" in listed and "staff:read" in listed and key not in listed
    row = next(line for line in listed.splitlines() if "Import" in line)
    assert run("token", "revoke", row.split()[0], **given).exit_code == 0
    assert bearer(migrated, key) is None
    assert run("token", "revoke", row.split()[0], **given).exit_code == 1


@pytest.mark.parametrize(("who", "scope", "said"), [
    ("nobody@storelva.example", "cases:read", "has the id or e-mail address"),
    ("0190b3a0-0000-7000-8000-000000000000", "cases:read", "has the id or e-mail address"),
    ("nobody@storelva.example", "cases:everything", "There is no scope cases:everything"),
])  # fmt: skip
def test_no_key_is_made_for_a_stranger_or_for_a_scope_that_is_not_there(migrated, who, scope, said):
    given = {**GOOD, "environment": "development", "database_url": migrated.app_url}
    told = run("token", "issue", "--for", who, "--name", "x", "--scope", scope, **given)
    assert (told.exit_code, said in told.output) == (1, True), told.output
