"""Away, leaving, and what is left lying: as people meet it."""

from datetime import timedelta

from casework import absences, drifts, relays
from casework.access import Actor


def test_a_teacher_says_when_she_is_away_and_the_case_says_so_too(browse, town):
    case_id = town.case()
    teacher = browse("teacher")
    page = teacher.get("/absences/mine")
    shown = teacher.submit(
        page,
        "absence-register",
        from_on="2026-11-24",
        until_on="2026-12-03",
        substitute_id=town.people["colleague"],
        note="Ring kontoret",
    )
    assert "Colleague Test" in shown.text and "Borte nå" in shown.text

    seen = teacher.get(f"/cases/{case_id}")
    assert "Teacher Test er borte til" in seen.text and "Colleague Test er vikar" in seen.text
    assert "borte til" in browse("colleague").get("/cases").text
    overview = browse("coordinator").get("/overview?group=no_deadline").text
    assert "borte til 3. des., Colleague Test er vikar" in overview, (
        "whoever coordinates sees it without a name"
    )


def test_what_was_typed_stays_when_the_days_are_wrong(browse, town):
    teacher = browse("teacher")
    page = teacher.get("/absences/mine")
    again = teacher.submit(
        page,
        "absence-register",
        status=422,
        from_on="2026-12-10",
        until_on="2026-12-01",
        note="Ring kontoret",
    )
    assert "Ring kontoret" in again.html and "Siste dag er før første" in again.text


def test_back_at_work_again(browse, town):
    town.case()
    with town.begin("teacher") as tx:
        wanted = absences.SetAbsence(tx.today, tx.today + timedelta(days=4), town.people["colleague"])
        absence_id = absences.register(tx, town.people["teacher"], wanted)
    teacher = browse("teacher")
    page = teacher.get(f"/absences/{absence_id}")
    changed = teacher.submit(page, "absence-change", until_on="2026-12-20")
    assert "20. des" in changed.text
    over = teacher.submit(teacher.get(f"/absences/{absence_id}"), "absence-end")
    assert "Borte nå" not in over.text
    assert "Dette er over" in teacher.get(f"/absences/{absence_id}").text


def test_a_leader_registers_and_moves_all_batons_and_a_colleague_finds_no_such_page(browse, town):
    for name in ("Ada", "Bo"):
        town.case(child_id=town.child(first=name))
    who = town.people["teacher"]
    leader = browse("principal")
    listed = leader.get("/units/batons")
    assert "Teacher Test" in listed.text
    leader.submit(
        leader.get(f"/absences/of/{who}"), "absence-register", from_on="2026-11-24", until_on="2026-12-24"
    )
    assert "Ingen er vikar" in leader.get("/units/batons").text
    moved = leader.submit(
        leader.get(f"/units/batons/{who}"), "batons-move", to_id=town.people["colleague"], reason="Permisjon"
    )
    assert "Colleague Test" in moved.text and "Teacher Test" not in moved.text
    for path in (f"/units/batons/{town.people['colleague']}", f"/absences/of/{who}"):
        assert browse("colleague").get(path, status=404)


def test_the_administrator_shows_somebody_out_in_one_form_and_sees_only_numbers(browse, town):
    for name in ("Ada", "Bo"):
        town.case(child_id=town.child(first=name))
    administrator = browse("administrator")
    page = administrator.get(f"/staff/{town.people['teacher']}/leave")
    assert "Holder 2 stafettpinner" in page.text and "Ada" not in page.text
    empty = administrator.submit(page, "staff-leave", status=422, reason="")
    assert "Holder 2 stafettpinner" in empty.text
    administrator.submit(
        administrator.get(f"/staff/{town.people['teacher']}/leave"), "staff-leave", reason="Har sluttet"
    )
    with town.begin("principal") as tx:
        from casework import handovers

        assert [(h.name, h.batons) for h in handovers.in_my_units(tx)] == [("Principal Test", 2)]


def test_somebody_away_is_marked_where_the_baton_is_offered(browse, town):
    case_id = town.case()
    with town.begin("colleague") as tx:
        absences.register(
            tx, town.people["colleague"], absences.SetAbsence(tx.today, tx.today + timedelta(days=9))
        )
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/baton")
    assert "Borte til 3. desember" in page.text
    refused = teacher.submit(
        page,
        "baton-offer",
        status=422,
        to_id=town.people["colleague"],
        reason="x",
        family_told_on="2026-11-24",
    )
    assert "borte fra jobb" in refused.text


def _quiet(town, clock):
    case_id = town.case()
    clock.at += timedelta(days=31)
    with town.casework.begin(Actor.system()) as tx:
        drifts.hunt(tx)
    return case_id


def test_what_is_left_lying_stands_in_the_menu_and_can_be_put_off(browse, town, clock):
    _quiet(town, clock)
    teacher = browse("teacher")
    page = teacher.get("/drifts")
    assert "Iben Solvang" in page.text and "Ingen har gjort noe" in page.text
    with town.begin("teacher") as tx:
        [found] = drifts.mine(tx)
    form = teacher.get(f"/drifts/{found.id}/snooze")
    again = teacher.submit(form, "drift-snooze", status=422, until="2027-09-01", reason="Venter på svar")
    assert "Venter på svar" in again.text
    after = teacher.submit(form, "drift-snooze", until="2027-01-10", reason="Venter på svar")
    assert "Iben Solvang" not in after.text
    assert "Venter på svar" in teacher.get("/drifts?snoozed=1").text


def test_the_coordinator_meets_no_name_among_what_is_left_lying(browse, town, clock):
    _quiet(town, clock)
    page = browse("coordinator").get("/drifts")
    assert "Fjordvik school" in page.text
    for name in ("Iben", "Solvang", "Teacher"):
        assert name not in page.text


def test_the_empty_pages_say_what_they_are_for(browse, town):
    assert "Ingenting blir liggende" in browse("colleague").get("/drifts").text
    assert "Ingen stafettpinner her" in browse("colleague").get("/units/batons").text


def test_the_holder_of_a_moved_baton_is_told(browse, town):
    case_id = town.case()
    with town.begin("principal") as tx:
        relays.take_over(tx, case_id, to_id=town.people["colleague"], reason="Sykdom")
    assert "Du har fått en stafettpinne" in browse("colleague").get("/notices").text
