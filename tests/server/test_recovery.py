"""The recovery drill: what docs/running.md says about backup is done, and the house goes on in the new cluster."""

import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from casework import Casework, audit, cases, logs, outbox
from casework.access import Actor
from casework.ports import SetClock
from casework.refusals import NotFound
from server import database
from server.postgres import EmbeddedPostgres
from server.postgres_binaries import binaries, homes
from tests.conftest import NOON
from tests.factories import Town

RUNNING = Path(__file__).resolve().parents[2] / "docs" / "running.md"
KEY, ANCHOR = b"k" * 32, b"a" * 32
pytestmark = pytest.mark.processes


def commands() -> list[str]:
    """The commands of the chapter about backup, in their order."""
    chapter = RUNNING.read_text("utf-8").split("## Backup")[1].split("\n## ")[0]
    return re.findall(r"^ {4}(pg_\S+ .*|psql .*)$", chapter, re.MULTILINE)


def do(command: str, cluster: EmbeddedPostgres, folder: Path) -> None:
    """Do one of them as the cluster's own superuser."""
    programs = binaries(homes()[max(homes())], cluster.user)
    address = {"PGHOST": str(cluster._socket_folder()), "PGUSER": "postgres"}  # noqa: SLF001
    secret = {"PGPASSWORD": cluster._passwords()["superuser"]}  # noqa: SLF001
    done = subprocess.run(
        f"{programs}/{command}",
        shell=True,  # noqa: S602 - as a person would type it
        cwd=folder,
        env={**os.environ, **address, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"


def test_a_backup_taken_and_given_back_holds_every_act_and_the_house_goes_on(tmp_path):
    clock = SetClock(NOON)
    with EmbeddedPostgres.temporary() as lost:
        database.upgrade(lost.owner_url)
        house = Casework.from_url(lost.app_url, field_key=KEY, clock=clock)
        town = Town.build(house, lost.owner_url)
        case_id = town.case(services=("ppt",))
        with house.begin(Actor.system()) as tx:
            audit.anchor(tx, secret=ANCHOR)
        house.close()
        taking = [one for one in commands() if one.startswith("pg_dump")]
        for command in taking:
            do(command, lost, tmp_path)
    with EmbeddedPostgres.temporary() as found:
        for command in commands()[len(taking) :]:
            do(command, found, tmp_path)
        house = Casework.from_url(found.app_url, field_key=KEY, clock=clock)
        clock.at += timedelta(hours=1)
        database.upgrade(found.owner_url)
        with house.begin(house.actor(town.people["teacher"])) as tx:
            assert cases.details(tx, case_id).head.child.first_name == "Iben"
        with house.begin(house.actor(town.people["colleague"])) as tx, pytest.raises(NotFound):
            cases.details(tx, case_id)
        with house.begin(house.actor(town.people["teacher"])) as tx:
            logs.write(tx, case_id, logs.WriteEntry("Vi er i gang igjen."))
        with house.begin(Actor.system()) as tx:
            assert audit.verify(tx) == []
            assert audit.broken_anchors(tx, secret=ANCHOR) == []
            assert outbox.oldest_age(tx), "what had not been carried out still waits to be"
            tx.without_trail()
        house.close()
