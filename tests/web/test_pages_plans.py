"""The individual plan as the holder meets it."""


def test_the_holder_begins_a_plan_and_goes_back(browse, town):
    case_id = town.case(services=("ppt",))
    teacher = browse("teacher")
    page = teacher.get(f"/cases/{case_id}/plan")
    half = teacher.submit(page, "plan-begin", status=422, reason="Trenger varig hjelp.")
    assert "Skriv når familien sa" in half.text and "Trenger varig hjelp." in half.html
    day = town.casework.clock.now().date()
    case = teacher.submit(page, "plan-begin", reason="Trenger varig hjelp.", family_wants_on=day,
                          coordinator_as="child_coordinator")  # fmt: skip
    assert "Individuell plan siden" in case.text and "Barnekoordinator: Teacher Test" in case.text
    back = teacher.submit(teacher.get(f"/cases/{case_id}/plan"), "plan-end", reason="Loggen holder.")
    assert "Tilbake til stafettloggen alene" in back.text and "Individuell plan siden" not in back.text
    browse("colleague").get(f"/cases/{case_id}/plan", status=404)
