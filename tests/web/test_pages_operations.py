"""The operator's desk in pages: everything at a glance, each button with a reason, nobody else comes in."""

import os
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from casework import operations, outbox
from casework.access import Actor
from tests.casework.test_operations import empty, lost
from tests.factories import Town
from tests.web.visitors import Visitor

__all__ = ["empty"]


@pytest.fixture
def stuck(town: Town, empty, casework):  # type: ignore[no-untyped-def]
    """Something of everything: a row handed over and never done, a lost letter, a flow with a clock."""
    with casework.begin(Actor.system()) as tx:
        operations.reported(
            tx,
            [
                operations.Report("remind", scheduled=True, failed=2, failed_at=tx.now, failure="TryAgain"),
                operations.Report("send-notices", waiting=1, oldest_at=tx.now - timedelta(minutes=9)),
            ],
        )
        operations.contacted(tx, "courier", True)
        operations.contacted(tx, "mail", False, "refused")
        tx.start_flow("send-notices")
    notice_id = lost(town)
    with casework.begin(Actor.system()) as tx:
        [first, *_rest] = outbox.claim(tx)
        outbox.mark_carried(tx, first.id, "run")
    return first.id, notice_id


def test_the_desk_shows_what_stands_and_no_message(browse, stuck):
    page = browse("operator").get("/operations")
    for words in ("Skriver påminnelser", "TryAgain", "Feilet sist", "Budet", "Sender brev", "Prøv igjen nå"):
        assert words in page.text, words
    assert str(stuck[0]) in page.text


@pytest.mark.parametrize("who", ["teacher", "coordinator", "administrator"])
def test_nobody_else_finds_it(browse, stuck, who: str):
    row_id, _letter = stuck
    assert browse(who).get("/operations", status=404)
    assert browse(who).get(f"/operations/act?kind=again&of={row_id}", status=404)


def test_a_row_is_tried_again_with_a_reason(browse, stuck, as_owner):
    row_id, _letter = stuck
    operator = browse("operator")
    asking = operator.get(f"/operations/act?kind=again&of={row_id}")
    assert "Fyll ut dette" in operator.submit(asking, "operations-act", status=422, reason=" ").text
    told = operator.submit(asking, "operations-act", reason="Arbeideren døde")
    assert "Arbeidet overleveres på nytt" in told.text
    assert "Arbeideren døde" in told.text
    [row] = as_owner("SELECT carried_at, handovers FROM outbox WHERE id = :id", id=row_id)
    assert (row.carried_at, row.handovers) == (None, 1)


def test_a_row_is_passed_by_a_letter_sent_again_and_a_flow_stopped(browse, stuck, as_owner):
    row_id, letter_id = stuck
    operator = browse("operator")
    for kind, of in (("skip", row_id), ("resend", letter_id), ("pause", "remind")):
        asking = operator.get(f"/operations/act?kind={kind}&of={of}")
        operator.submit(asking, "operations-act", reason=f"Fordi {kind}")
    page = operator.get("/operations")
    assert "Budet har fått beskjed" in page.text
    assert [row.kind for row in as_owner("SELECT kind FROM operator_acts ORDER BY asked_at, id")] == [
        "skip",
        "resend",
        "pause",
    ]


def test_what_cannot_be_done_without_is_not_offered_to_be_passed_by(browse, stuck, as_owner):
    row_id, _letter = stuck
    as_owner("UPDATE outbox SET flow = 'invite-services' WHERE id = :id", id=row_id)
    operator = browse("operator")
    links = [
        urlsplit(link).query
        for link in operator.get("/operations").html.split('"')
        if "operations/act" in link
    ]
    assert not [link for link in links if "kind=skip" in link and str(row_id) in link]
    asking = operator.get(f"/operations/act?kind=skip&of={row_id}")
    refused = operator.submit(asking, "operations-act", status=422, reason="Står i veien")
    assert "gjør ingen andre" in refused.text


def test_nonsense_in_the_address_is_not_found(browse, empty):
    operator = browse("operator")
    for address in ("?kind=", "?kind=again&of=x", "?kind=drop&of=1", "?kind=pause&of=nothing"):
        nonsense = operator.get(f"/operations/act{address}", status=404)
        assert "Vi finner ikke dette" in nonsense.text and "operations-act" not in nonsense.html, address


def test_the_backups_age_is_read_from_its_stamp(make_site, casework, town: Town, empty, tmp_path, clock):
    stamp = tmp_path / "backup"
    stamp.touch()
    os.utime(stamp, (clock.at.timestamp(), clock.at.timestamp()))
    operator = Visitor(make_site(backup_stamp=stamp), casework).sign_in(town.people["operator"])
    facts = list(operator.get("/operations").tree.iter("dl"))[0]
    told = dict(zip(("".join(each.itertext()) for each in facts.iter("dt")), facts.iter("dd"), strict=True))
    assert "".join(told["Siste sikkerhetskopi"].itertext()).replace("\xa0", " ") == "i dag kl. 12.00"
