"""`stafetten audit verify`: whether anybody has changed the sealed trail."""

import typer

from casework import Casework, audit
from casework.access import Actor
from server.settings import Settings

WORDS = {
    "entry_missing": "an entry is missing or out of place",
    "link_broken": "the entry does not follow from the one before",
    "entry_changed": "what the entry says has been changed",
    "tail_cut": "the newest entries are gone",
    "head_missing": "the file's head is gone",
}


def verify(settings: Settings) -> int:
    """Name every place where the trail does not hold; answer 1 when there is one, else 0."""
    house = Casework.from_settings(settings)
    try:
        with house.begin(Actor.system("audit verify")) as tx:
            faults = audit.verify(tx)
            anchors = audit.broken_anchors(tx, secret=settings.anchor_key.encode())
            tx.without_trail()
    finally:
        house.close()
    for fault in faults:
        typer.echo(f"✗ {fault.file_kind} {fault.file_id}, entry {fault.seq}: {WORDS[fault.code]}")
    for anchor in anchors:
        typer.echo(f"✗ anchor of {anchor.day} for municipality {anchor.municipality_id} does not hold")
    if not faults and not anchors:
        typer.echo("The trail holds: every file and every anchor.")
    return 1 if faults or anchors else 0
