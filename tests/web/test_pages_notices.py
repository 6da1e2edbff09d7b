"""What people meet of letters: how far each came, tasks when one came nowhere, and how they want to be told."""

import pytest

from casework import coordinations, notices
from casework.access import Actor


@pytest.fixture
def invited(town):
    """A case with PPT invited and the letter handed over; answers the case and the letter's id."""
    case_id = town.case(services=("ppt",), to="2", when="samarbeid_andre_tjenester")
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om lesing"),))
    with town.begin("teacher") as tx:
        notice_id = next(one.id for one in notices.of_case(tx, case_id) if one.kind == "invitation")
    with town.casework.begin(Actor.system()) as tx:
        address = notices.to_send(tx, notice_id).address
    with town.casework.begin(Actor.system()) as tx:
        notices.mark_sent(tx, notice_id, transport_id="t")

    def bounce():
        with town.casework.begin(Actor.system()) as tx:
            assert notices.bounced(tx, notice_id, addresses=(address,), code="5.1.1")

    return case_id, notice_id, bounce


def test_the_holder_sees_what_went_to_whom_and_how_far(browse, town, invited):
    case_id, _notice_id, _bounce = invited
    teacher = browse("teacher")
    assert f"/cases/{case_id}/notices" in teacher.get(f"/cases/{case_id}").html
    page = teacher.get(f"/cases/{case_id}/notices")
    assert "Fjordvik ppt" in page.text and "Sendt på e-post" in page.text
    assert "E-postserveren tok imot det. Mer vet vi ikke." in page.text
    assert "@" not in page.text, "no address stands on the page"


def test_a_letter_is_opened_by_opening_what_it_is_about_and_by_nobody_else(browse, town, invited):
    case_id, _notice_id, _bounce = invited
    with town.begin("teacher") as tx:
        invitation = coordinations.of_case(tx, case_id)[0].id
    teacher = browse("teacher")
    teacher.get(f"/invitations/{invitation}")
    browse("worker").get(f"/invitations/{invitation}", status=404)
    assert "Mottakeren har sett det" not in teacher.get(f"/cases/{case_id}/notices").text
    browse("adviser").get(f"/invitations/{invitation}")
    assert "Mottakeren har sett det i Stafetten." in teacher.get(f"/cases/{case_id}/notices").text


def test_a_bounced_letter_stands_in_red_and_is_closed_with_a_reason(browse, town, invited):
    case_id, notice_id, bounce = invited
    teacher = browse("teacher")
    line = "Et varsel om saken kom ikke fram."
    assert line not in teacher.get(f"/cases/{case_id}").text
    bounce()
    assert "kom ikke fram" in teacher.get("/notices").text
    page = teacher.get(f"/cases/{case_id}")
    assert line in page.text and f'href="/cases/{case_id}/notices"' in page.html.split(line)[1][:200]
    page = teacher.get(f"/cases/{case_id}/notices")
    assert "Invitasjon kom ikke fram: Fjordvik ppt." in page.text and "Kom i retur" in page.text
    page = teacher.get(f"/notices/{notice_id}/settle")
    assert "Fyll ut" in teacher.submit(page, "letter-settle", status=422, how="otherwise", reason="").text
    again = teacher.submit(page, "letter-settle", status=422, how="sent_again", reason="Ringte dem")
    assert "Adressen er fortsatt den som ikke virket" in again.text
    assert again.value("letter-settle", "reason") == "Ringte dem"
    done = teacher.submit(page, "letter-settle", how="otherwise", reason="Ringte dem, de har den")
    assert "Ordnet på annen måte: Ringte dem, de har den" in done.text
    assert "kom ikke fram: Fjordvik ppt" not in done.text
    assert line not in teacher.get(f"/cases/{case_id}").text


def test_the_coordinator_sees_a_list_without_names_and_closes_from_it(browse, town, invited):
    case_id, notice_id, bounce = invited
    coordinator = browse("coordinator")
    assert "Alle varsler er gjort rede for" in coordinator.get("/deliveries").text
    bounce()
    page = coordinator.get("/deliveries")
    assert "Kom i retur" in page.text and str(case_id) not in page.html
    assert not [name for name in ("Iben", "Solvang", "ppt") if name in page.text]
    page = coordinator.get(f"/notices/{notice_id}/settle")
    assert "Sendt på nytt" not in page.text
    done = coordinator.submit(page, "letter-settle", how="otherwise", reason="PPT er ringt")
    assert "Alle varsler er gjort rede for" in done.text


def test_those_who_steer_no_municipality_find_no_list(browse, town):
    for who in ("teacher", "principal", "manager", "worker"):
        browse(who).get("/deliveries", status=404)
    browse("administrator").get("/deliveries")
    browse("operator").get("/deliveries")


def test_one_chooses_how_to_be_told_and_what_is_urgent_stays_at_once(browse, town):
    teacher = browse("teacher")
    page = teacher.get("/notices/choices")
    assert "SMS kan ikke velges" in page.text
    page = teacher.submit(page, "notice-choices", meetings="digest", cases="inside")
    assert (page.value("notice-choices", "meetings"), page.value("notice-choices", "batons")) == (
        "digest",
        "mail",
    )
    refused = teacher.submit(page, "notice-choices", status=422, batons="inside")
    assert "notice-choices-batons" in refused.html
    assert teacher.get("/notices/choices").value("notice-choices", "batons") == "mail"


def test_others_inside_do_not_see_what_went_to_whom(browse, town, invited):
    case_id, notice_id, bounce = invited
    bounce()
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    adviser = browse("adviser")
    adviser.get(f"/cases/{case_id}/notices", status=403)
    adviser.get(f"/notices/{notice_id}/settle", status=404)
    page = adviser.get(f"/cases/{case_id}")
    assert f"/cases/{case_id}/notices" not in page.html and "kom ikke fram" not in page.text


def test_why_a_service_said_no_stands_on_the_case_page(browse, town, invited):
    case_id, _notice_id, _bounce = invited
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(
            tx, asked.id, coordinations.Reply("no", message="Logopeden på helsestasjonen er rett.")
        )
    assert "Logopeden på helsestasjonen er rett." in browse("teacher").get(f"/cases/{case_id}").text
