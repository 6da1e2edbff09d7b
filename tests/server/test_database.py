"""Bringing a database to what the code needs."""

import re
import shutil
import threading
from pathlib import Path

import psycopg
import pytest

from server import database
from server.postgres import EmbeddedPostgres
from server.postgres_binaries import binaries, homes


def test_a_new_database_comes_to_the_newest_version_and_stays_there(migrated):
    assert database.current(migrated.app_url) == database.newest()
    assert database.upgrade(migrated.owner_url) == database.newest()


def test_two_machines_told_to_upgrade_at_once_both_succeed(folder):
    with EmbeddedPostgres(folder / "pg", durable=False) as empty:
        reached: list[str | None] = []
        threads = [
            threading.Thread(target=lambda: reached.append(database.upgrade(empty.owner_url)))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert reached == [database.newest()] * 2


def test_a_database_that_was_thrown_away_can_be_made_again_in_the_same_cluster(folder):
    with EmbeddedPostgres(folder / "pg", durable=False) as cluster:
        database.upgrade(cluster.owner_url)
        cluster.renew()
        assert database.upgrade(cluster.owner_url) == database.newest()


def older_cluster(folder: Path) -> EmbeddedPostgres:
    """A cluster made by PostgreSQL 16, the oldest that production may use."""
    cluster = EmbeddedPostgres(folder / "pg", durable=False)
    cluster._own(cluster.folder)
    password = cluster.folder / "pw"
    password.write_text(cluster._passwords()["superuser"])
    programs = binaries(homes()[16], cluster.user)
    options = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
    if cluster.user.switch:
        shutil.chown(password, cluster.user.uid)
    cluster._run([programs / "initdb", f"--pgdata={cluster.data}", f"--pwfile={password}", *options])
    return cluster


def test_the_oldest_postgresql_allowed_in_production_takes_the_migrations(folder):
    with older_cluster(folder) as cluster:
        with cluster.connect() as connection:
            assert connection.execute("SHOW server_version_num").fetchone()[0].startswith("16")
        assert database.upgrade(cluster.owner_url) == database.newest()


def test_after_the_migrations_the_application_still_owns_and_may_read_nothing_by_itself(migrated):
    with migrated.connect("app") as connection:
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner ="
            " (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        ).fetchone()
        assert owned == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM children")


def test_the_roles_production_is_told_to_make_are_those_the_embedded_database_has(cluster):
    file = Path(__file__).resolve().parents[2] / "docs" / "production" / "roles.sql"
    script = re.sub(r":'(\w+)'", r"'\1'", file.read_text()).replace("stafetten", "twin")
    with cluster.connect() as connection:
        for statement in re.sub(r"--.*", "", script).split(";")[:-1]:
            connection.execute(statement)
        for name in ("owner", "app", "prefect"):
            rights = (
                "SELECT rolcanlogin, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls"
                " FROM pg_roles WHERE rolname = %s"
            )
            ours = connection.execute(rights, [f"stafetten_{name}"]).fetchone()
            assert connection.execute(rights, [f"twin_{name}"]).fetchone() == ours
        for database_name in ("", "_prefect"):
            access = "SELECT replace(datacl::text, 'twin', 'stafetten') FROM pg_database WHERE datname = %s"
            ours = connection.execute(access, [f"stafetten{database_name}"]).fetchone()
            assert connection.execute(access, [f"twin{database_name}"]).fetchone() == ours
