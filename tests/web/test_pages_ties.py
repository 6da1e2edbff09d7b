"""What somebody meets whom the registers may tie to a family, before they take part."""

from casework import concern_reports, coordinations, relays

ASKED = "Det kan være en tilknytning til familien"
SIGN = "Du har samme etternavn som denne familien"


def test_the_baton_waits_for_a_tick_where_there_is_a_sign_and_for_nothing_elsewhere(browse, town):
    case_id = town.case(child_id=town.child(last="Test"))
    offering = browse("teacher").get(f"/cases/{case_id}/baton")
    assert "Kan være inhabil" in offering.text
    with town.begin("teacher") as tx:
        wanted = relays.OfferBaton(town.people["colleague"], family_told_on=tx.today)
        baton = relays.offer(tx, case_id, wanted)
    colleague = browse("colleague")
    page = colleague.get(f"/batons/{baton}")
    assert SIGN in page.text and f"/cases/{case_id}/disqualification" in page.html
    again = colleague.submit(page, "baton-accept", status=422)
    assert ASKED in again.text
    assert "stafettpinnen" in colleague.submit(again, "baton-accept", considered="true").text

    other = town.case(child_id=town.child(first="Bo", last="Berg"))
    assert "Kan være inhabil" not in browse("teacher").get(f"/cases/{other}/baton").text
    with town.begin("teacher") as tx:
        free = relays.offer(tx, other, wanted)
    page = colleague.get(f"/batons/{free}")
    assert "considered" not in page.html
    colleague.submit(page, "baton-accept")


def test_a_service_that_forgets_the_tick_loses_nothing_it_wrote(browse, town):
    case_id = town.case(child_id=town.child(last="Test"), services=("ppt",))
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [invited] = coordinations.asked_of_me(tx)
    adviser = browse("adviser")
    page = adviser.get(f"/invitations/{invited.id}")
    assert SIGN in page.text
    again = adviser.submit(page, "invitation-reply", status=422, answer="yes", message="Vi kommer gjerne.")
    assert ASKED in again.text
    assert again.value("invitation-reply", "message") == "Vi kommer gjerne."
    done = adviser.submit(again, "invitation-reply", considered="true")
    assert "Adviser Test" in done.text and SIGN not in done.text
    assert SIGN not in browse("teacher").get(f"/invitations/{invited.id}").text


def test_a_report_is_opened_with_a_tick_or_left_to_a_colleague(browse, town):
    child_id = town.child(last="Test")
    with town.begin("teacher") as tx:
        report = concern_reports.about_child(tx, child_id, concern_reports.SendReport("Blåmerker på armen."))
    worker = browse("worker")
    page = worker.get(f"/concern-reports/{report}")
    assert SIGN in page.text and "Iben" not in page.text and "Blåmerker" not in page.text
    again = worker.submit(page, "report-open", status=422)
    assert ASKED in again.text and "Blåmerker" not in again.text
    opened = worker.submit(again, "report-open", considered="true")
    assert "Blåmerker på armen." in opened.text and "Worker Test" in opened.text
    assert "Blåmerker på armen." in browse("teacher").get(f"/concern-reports/{report}").text


def test_a_leader_who_moves_the_baton_is_asked_about_whoever_is_chosen(browse, town):
    case_id = town.case(child_id=town.child(last="Test"))
    leader = browse("principal")
    page = leader.get(f"/cases/{case_id}/baton/take-over")
    assert "Kan være inhabil" in page.text
    chosen = {"to_id": str(town.people["colleague"]), "reason": "Lang sykdom."}
    again = leader.submit(page, "baton-move", status=422, **chosen)
    assert ASKED in again.text and again.value("baton-move", "reason") == "Lang sykdom."
    assert "Colleague Test" in leader.submit(again, "baton-move", considered="true").text


def test_whoever_opens_a_case_to_hold_it_is_asked_and_loses_nothing_typed(browse, town):
    signal_id = town.worry(town.child(last="Test"))
    teacher = browse("teacher")
    page = teacher.get(f"/signals/{signal_id}/raise")
    assert SIGN in page.text
    said = {"outcome": "innsats_egen_enhet 1", "child_said": "Det er kjedelig."}
    again = teacher.submit(page, "signal-raise", status=422, **said)
    assert ASKED in again.text and again.value("signal-raise", "child_said") == "Det er kjedelig."
    opened = teacher.submit(again, "signal-raise", considered="true")
    assert "Iben Test" in opened.text and "Stafettholder" in opened.text
    calm = browse("teacher").get(f"/signals/{town.worry(town.child(first='Bo', last='Berg'))}/raise")
    assert "considered" not in calm.html
