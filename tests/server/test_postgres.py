"""The embedded database: private, found again after any death, gone with its owner."""

import asyncio
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

from server import postgres_binaries
from server.postgres import AlreadyRunning, EmbeddedPostgres, PostgresError

ROOT = Path(__file__).resolve().parents[2]
OWNER = """
import sys, time
from pathlib import Path
from server.postgres import EmbeddedPostgres
running = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
running.start()
print(running.pid, flush=True)
time.sleep(600)
"""


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def wait_until_gone(pid: int, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not is_gone(pid):
        assert time.monotonic() < until, f"process {pid} is still there"
        time.sleep(0.05)


def owned_elsewhere(folder: Path) -> tuple[subprocess.Popen, int]:
    """Start the database from another process; answer that process and the database's pid."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE, text=True, env=environment
    )
    return owner, int(owner.stdout.readline())


def test_it_keeps_what_was_stored_between_starts(folder):
    database = EmbeddedPostgres(folder / "pg")
    with database, database.connect("owner") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'still here' AS words")
    with database, database.connect("owner") as connection:
        assert connection.execute("SELECT words FROM kept").fetchone() == ("still here",)


def test_it_comes_back_with_its_data_after_being_killed(folder):
    with EmbeddedPostgres(folder / "pg") as database:
        with database.connect("owner") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        os.kill(database.pid, signal.SIGKILL)
        database.start()
        with database.connect("owner") as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_stale_pid_file_naming_a_living_stranger_does_not_stop_a_start(folder):
    database = EmbeddedPostgres(folder / "pg", durable=False)
    with database:
        words = (database.data / "postmaster.pid").read_text().splitlines()
        os.kill(database.pid, signal.SIGKILL)
        time.sleep(0.3)
    user = {"user": database.user.uid} if database.user.switch else {}
    stranger = subprocess.Popen(["sleep", "60"], **user)
    try:
        (database.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *words[1:]]) + "\n")
        with database, database.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_it_dies_with_its_owner_and_the_next_owner_gets_it(folder):
    owner, pid = owned_elsewhere(folder / "pg")
    owner.kill()
    owner.wait()
    owner.stdout.close()
    with EmbeddedPostgres(folder / "pg", durable=False) as database:  # at once, while the old one is dying
        assert is_gone(pid)
        assert database.pid != pid


def test_it_dies_also_when_owner_and_guard_are_killed_together(folder):
    owner, pid = owned_elsewhere(folder / "pg")
    guard = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(guard, signal.SIGKILL)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    wait_until_gone(pid)
    assert is_gone(pid)


def test_a_second_owner_is_told_who_has_it(folder):
    owner, _ = owned_elsewhere(folder / "pg")
    try:
        with pytest.raises(AlreadyRunning, match=str(owner.pid)):
            EmbeddedPostgres(folder / "pg").start()
    finally:
        owner.terminate()
        owner.wait()
        owner.stdout.close()


def test_a_start_that_was_cut_short_while_making_the_cluster_is_begun_again(folder):
    half = folder / "pg" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(folder / "pg", durable=False) as database, database.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_application_and_prefect_have_no_power_over_the_cluster(cluster):
    with cluster.connect() as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit"
            " FROM pg_roles WHERE rolname = ANY (%s) ORDER BY rolname",
            [["stafetten_app", "stafetten_owner", "stafetten_prefect"]],
        ).fetchall()
    assert rows[0] == ("stafetten_app", False, False, False, False, False)
    assert rows[1] == ("stafetten_owner", False, False, True, False, True)
    assert rows[2] == ("stafetten_prefect", False, False, False, False, True)


def test_the_application_cannot_make_tables_nor_enter_prefects_database(cluster):
    with cluster.connect("app") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        cluster.connect("app", database="stafetten_prefect")


def test_without_the_password_nobody_gets_in(cluster):
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(host=str(cluster.folder), user="postgres", dbname="postgres", password="")
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(host=str(cluster.folder), user="postgres", dbname="postgres", password="guess")


def test_it_does_not_listen_to_the_network_and_shows_its_files_to_nobody(cluster):
    with cluster.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert cluster.folder.stat().st_mode & 0o777 == 0o700
    assert (cluster.folder / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_sorting_does_not_depend_on_the_machine(cluster):
    with cluster.connect() as connection:
        row = connection.execute(
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = 'stafetten'"
        ).fetchone()
        assert row in ((b"b", "C.UTF-8", "UTF8"), ("b", "C.UTF-8", "UTF8"))
        assert connection.execute("SELECT lower('ÆØÅ')").fetchone() == ("æøå",)


def test_the_addresses_work_for_the_application_and_for_prefect(cluster):
    with sqlalchemy.create_engine(cluster.app_url, poolclass=sqlalchemy.NullPool).connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT current_user")).scalar() == "stafetten_app"

    async def ask() -> str:
        engine = create_async_engine(cluster.prefect_url)
        async with engine.connect() as connection:
            name = (await connection.execute(sqlalchemy.text("SELECT current_database()"))).scalar()
        await engine.dispose()
        return name

    assert asyncio.run(ask()) == "stafetten_prefect"


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(folder):
    deep = folder / ("a-very-long-name-" * 6) / "pg"
    database = EmbeddedPostgres(deep, durable=False)
    with database, database.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        place = Path(database.url("app").rpartition("host=")[2])
        assert len(str(place)) < 60
        assert place.stat().st_mode & 0o777 == 0o700
    with database:
        assert Path(database.url("app").rpartition("host=")[2]) == place
    database.remove()
    assert not place.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_roots_private_home_stays_private_and_the_database_is_kept_elsewhere(folder):
    home = folder / "home"
    home.mkdir(mode=0o700)
    database = EmbeddedPostgres(home / "pg", durable=False)
    with database, database.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert home.stat().st_mode & 0o777 == 0o700
    assert not database.folder.is_relative_to(home)
    assert pwd.getpwuid(database.data.stat().st_uid).pw_name == postgres_binaries.SYSTEM_USER
    database.remove()
    assert not database.folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_programs_in_a_private_place_are_copied_to_where_the_databases_user_can_run_them(folder, monkeypatch):
    import shutil

    home = max(postgres_binaries.homes().items())[1]
    source = home.parent
    private = folder / "private"
    private.mkdir(mode=0o700)
    shutil.copytree(home, private / source.name / home.name, symlinks=True)
    shutil.copytree(source.with_name(f"{source.name}.libs"), private / f"{source.name}.libs", symlinks=True)
    monkeypatch.setattr(postgres_binaries, "SYSTEM_FOLDER", folder / "system")
    monkeypatch.setattr(postgres_binaries, "homes", lambda: {18: private / source.name / home.name})
    with EmbeddedPostgres(folder / "pg", durable=False) as database, database.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert Path(f"/proc/{database.pid}/exe").resolve().is_relative_to(folder / "system")
    assert private.stat().st_mode & 0o777 == 0o700


def test_data_of_another_version_are_not_touched_and_the_remedy_is_said(folder):
    data = folder / "pg" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresError, match=r"PostgreSQL 12; this installation carries 16, 18"):
        EmbeddedPostgres(folder / "pg").start()


def test_what_the_application_stored_can_be_thrown_away_alone(folder):
    with EmbeddedPostgres(folder / "pg", durable=False) as database:
        with database.connect("owner") as connection:
            connection.execute("CREATE TABLE told (id int)")
        with database.connect("prefect") as connection:
            connection.execute("CREATE TABLE prefects (id int)")
        database.renew()
        with database.connect("owner") as connection:
            assert connection.execute("SELECT to_regclass('told')").fetchone() == (None,)
        with database.connect("prefect") as connection:
            assert connection.execute("SELECT to_regclass('prefects')").fetchone() == ("prefects",)
        with database.connect("app") as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("stafetten",)
