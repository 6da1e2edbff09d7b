"""Stepping aside as people meet it."""

import re


def test_a_teacher_steps_aside_and_the_case_is_gone_and_the_leader_decides(browse, town):
    case_id = town.case()
    teacher = browse("teacher")
    case = teacher.get(f"/cases/{case_id}")
    assert f"/cases/{case_id}/disqualification" in case.html
    page = teacher.get(f"/cases/{case_id}/disqualification")
    again = teacher.submit(page, "tie-declare", status=422, reason="Søsteren min er moren.")
    assert "Søsteren min er moren." in again.html, "what was typed stays when the tie was forgotten"
    after = teacher.submit(page, "tie-declare", tie="family", reason="Søsteren min er moren.")
    assert "saken er ute av syne" in after.text and "Meldt, ikke avgjort" in after.text
    teacher.get(f"/cases/{case_id}", status=404)
    assert "Iben" not in teacher.get("/cases").text

    leader = browse("principal")
    listed = leader.get("/disqualifications")
    [link] = re.findall(r'href="(/disqualifications/[0-9a-f-]{36})"', listed.html)
    deciding = leader.get(link)
    assert "Søsteren min er moren." in deciding.text and "Teacher Test" in deciding.text
    empty = leader.submit(deciding, "tie-assess", status=422, decision="uphold")
    assert "grunn" in empty.text.lower() or "hvorfor" in empty.text.lower()
    done = leader.submit(deciding, "tie-assess", decision="uphold", reason="Nær slekt.")
    assert "Inhabil" in done.text
    assert "Nær slekt." in teacher.get(link).text, "one reads what was decided about oneself"


def test_a_leader_sees_that_the_whole_unit_goes_and_must_choose_somebody_from_elsewhere(browse, town):
    case_id = town.case(services=("ppt",))
    leader = browse("principal")
    page = leader.get(f"/cases/{case_id}/disqualification")
    refused = leader.submit(page, "tie-declare", status=422, tie="family", reason="Min sønn.")
    assert "Velg noen utenfra" in refused.text


def test_a_shared_last_name_is_asked_about_on_the_case_page(browse, town):
    case_id = town.case(child_id=town.child(last="Test"))
    assert "Du har samme etternavn som denne familien" in browse("teacher").get(f"/cases/{case_id}").text
    other = town.case(child_id=town.child(first="Bo", last="Berg"))
    assert "etternavn" not in browse("teacher").get(f"/cases/{other}").text


def test_one_who_is_invited_or_offered_the_baton_may_step_aside_before_answering(browse, town):
    from casework import relays

    case_id = town.case()
    with town.begin("teacher") as tx:
        baton = relays.offer(
            tx, case_id, relays.OfferBaton(town.people["colleague"], "Nærmest", family_told_on=tx.today)
        )
    colleague = browse("colleague")
    assert "Jeg er knyttet til denne familien" in colleague.get(f"/batons/{baton}").text
    page = colleague.get(f"/cases/{case_id}/disqualification")
    colleague.submit(page, "tie-declare", tie="friend", reason="Bestevenner.")
    colleague.get(f"/batons/{baton}", status=404)
