"""One journey per right, told through the doors alone: every act it is about is somebody's tap in a browser."""

import pytest

from casework import children
from tests.factories import Town
from tests.journeys.doors import address, dressed, screens

pytestmark = pytest.mark.browser
__all__ = ["address", "dressed", "screens"]


def child_of(town: Town, case_id):
    with town.begin("teacher") as tx:
        return tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)


def reached_at(town: Town, child_id, relation: str, **more) -> None:
    """Set up how a parent is reached."""
    with town.begin("teacher") as tx:
        [one] = [each for each in children.guardians(tx, child_id) if each.relation == relation]
        kept = children.KeepGuardian(one.name, one.relation, version=one.version, **more)
        children.keep_guardian(tx, one.id, kept)


MOTHERS = ("40 10 20 30", "lena@example.test", "Han ringer meg om natten.")
FATHERS = ("40 90 80 70", "anders@example.test", "Hun svarer meg aldri.")


def test_two_parents_who_live_apart_each_decide_and_neither_meets_the_other(screens, town: Town):
    case_id = town.case()
    case, ppt = f"/cases/{case_id}", "Fjordvik ppt"
    child_id = child_of(town, case_id)
    reached_at(town, child_id, "mother", phone=MOTHERS[0], email=MOTHERS[1], protected_address=True)
    reached_at(town, child_id, "father", phone=FATHERS[0], email=FATHERS[1])
    teacher, adviser = screens.at_work(town, "teacher"), screens.at_work(town, "adviser")

    teacher.open(f"{case}/consents/new").tap(ppt).do("consent-ask", purpose="Råd om lesing")
    mother = screens.let_in(teacher, case, "Lena Myrvold")
    father = screens.let_in(teacher, case, "Anders Solvang")
    mother.follow("Se og svar")
    mother.taps = 0
    mother.tap("Ja").press("Send svaret").hears("Svaret ditt er lagret")
    assert mother.taps == 2, "one question, n + 1 taps"
    mother.finds("ikke delt ennå")
    teacher.open(f"{case}/services/new").finds("Ingen tjenester kan inviteres ennå")
    father.follow("Se og svar").tap("Ja").press("Send svaret").hears("Svaret ditt er lagret")
    mother.open(mother.path)
    teacher.open(f"{case}/services/new").tap(ppt).do("services-invite", needed="Råd om lesing.")
    adviser.open("/invitations")
    adviser.open(adviser.links("/invitations/")[0]).tap("Ja").press("Send svaret")
    print("A:", adviser.text)
    print("A:", adviser.open(case).text)
    print("A:", adviser.open("/cases").text)
    print("A:", adviser.open("/notices").text)
    mother.open("/family").follow("Spør om noe").do("words-say", body=MOTHERS[2])
    father.open("/family").follow("Spør om noe").do("words-say", body=FATHERS[2])
    print("M:", mother.open("/family").text)
    father.open("/family").follow("Mitt samtykke")
    father.page.get_by_role("link", name="Trekk tilbake Fjordvik ppt").click()
    print("F:", father.text)
    father.press("Trekk tilbake")
    print("F:", father.text)
    print("A:", adviser.open(case).text)
    print("A:", adviser.open("/cases?q=Iben").text)
    print("A:", adviser.open("/notices").text)
    print("A:", adviser.open("/invitations").text)
    print("M:", mother.open("/family").text)
    print("M:", mother.follow("Mitt samtykke").text)
    print("M:", mother.open("/family").follow("Hvem har lest").text)
    print("M:", mother.open("/family").follow("Alt om oss").text)
    print("T:", teacher.open(case).text)
    print("T:", teacher.open("/notices").text)
    raise SystemError


def test_x2(screens, town: Town, as_owner):
    from datetime import date, timedelta
    from casework import signals
    born = date(2010, 12, 1)
    for age in (15, 16):
        as_owner("UPDATE municipalities SET settings = jsonb_set(settings, '{youth_consent_age}', to_jsonb(:age)) WHERE id = :id", age=age, id=town.id)
        child_id = town.child(first=f"Iben", last=f"Berg{age}", born=born)
        more = {"agreed": (signals.Agreed(None, None),)} if age == 15 else {}
        case_id = town.case(child_id=child_id, **more)
        case = f"/cases/{case_id}"
        teacher = screens.at_work(town, "teacher")
        print(age, teacher.open(f"{case}/consents/new").text)
        teacher.tap("Fjordvik ppt").do("consent-ask", purpose="Råd om lesing")
        youth = screens.let_in(teacher, case, "Iben", born=born)
        mother = screens.let_in(teacher, case, "Lena Myrvold", born=born)
        print(age, "Y", youth.text)
        print(age, "Y", youth.follow("Mitt samtykke").text)
        print(age, "M", mother.text)
        print(age, "M", mother.follow("Mitt samtykke").text)
    screens.casework.clock.at += timedelta(days=8)
    mother = screens.let_in(screens.at_work(town, "teacher"), case, "Lena Myrvold", born=born)
    print(age, "M", mother.follow("Mitt samtykke").text)
    teacher = screens.at_work(town, "teacher")
    print(age, "T", teacher.open(f"{case}/consents").text)
    print(age, "T", teacher.open(f"{case}/consents/new").text)
    raise SystemError


def test_x3(screens, town: Town):
    case = f"/cases/{town.case()}"
    teacher = screens.at_work(town, "teacher")
    teacher.open(case).do("log-new", body="Iben kommer for sent.", kind="observation")
    teacher.page.get_by_text("Skjul for familien").click()
    teacher.do("log-new", body="Iben er redd hjemme.", kind="conversation" if False else "observation", hide="true", hidden_reason="Barnet ba om det", hidden_until="2026-12-24")
    print("T", teacher.text)
    mother = screens.let_in(teacher, case, "Lena Myrvold")
    print("M", mother.text)
    mother.follow("Svar på dette")
    mother.do("words-say", body="Bussen går ikke før.")
    print("M", mother.text)
    print("T", teacher.open("/cases").text)
    print("T", teacher.open("/notices").text)
    print("T", teacher.open(case).text)
    teacher.open(teacher.links("/family-words/")[0]).do("family-answer", body="Vi flytter første time.")
    print("T", teacher.text)
    print("M", mother.open("/family").text)
    raise SystemError


def test_x4(screens, town: Town, clock):
    from datetime import timedelta
    case = f"/cases/{town.case()}"
    clock.at += timedelta(hours=13)
    worker = screens.at_work(town, "worker", width=390)
    worker.open("/concern-reports")
    print("W", worker.text)
    worker.open("/emergency-reads/new")
    worker.do("glass-break", first_name="Iben", last_name="Solvang", born_on="2017-03-14", emergency="found_alone", reason="Funnet ved kaia.")
    print("W", worker.taps, worker.text)
    print("L", screens.at_work(town, "welfare_leader").open("/notices").text)
    clock.at += timedelta(hours=4, minutes=1)
    there = worker.path
    print("W", worker.open(there).text)
    worker = screens.at_work(town, "worker", width=390)
    print("W", worker.open(there).text)
    clock.at += timedelta(hours=4, minutes=1)
    leader = screens.at_work(town, "welfare_leader")
    print("L", leader.open("/notices").text)
    print("L", leader.open("/emergency-reads").text)
    leader.open(there).do("glass-review", verdict="justified", review="Barnet var alene.")
    print("L", leader.text)
    mother = screens.let_in(screens.at_work(town, "teacher"), case, "Lena Myrvold")
    print("M", mother.follow("Hvem har lest").text)
    raise SystemError


def test_x5(screens, town: Town):
    case = f"/cases/{town.case(services=('health',))}"
    teacher, nurse = screens.at_work(town, "teacher"), screens.at_work(town, "nurse")
    teacher.open(f"{case}/services/new").tap("Fjordvik health").do("services-invite", needed="Råd om søvn.")
    nurse.open("/invitations")
    nurse.open(nurse.links("/invitations/")[0]).do("invitation-reply", answer="yes")
    teacher.open(case).follow("Gi stafettpinnen videre")
    teacher.do("baton-offer", to_id=town.people["nurse"], family_told_on="2026-11-24")
    nurse.open("/cases").follow("Se på tilbudet").press("Ta stafettpinnen")
    print("N", nurse.text)
    nurse.open(f"{case}/meetings/new")
    print("N", nurse.text)
    nurse.do("meeting-call", on="2026-11-26", starts="09:00", ends="10:00")
    print("N", nurse.text)
    print("N", nurse.open("/notices").text)
    print("N", nurse.open("/meetings").text)
    print("N", nurse.open("/calendar").press("Lag adresse").text)
    print("N", nurse.open(f"{case}/disqualification").text)
    raise SystemError


@pytest.fixture
def elsewhere(casework, postgres):
    """Another municipality in the same house."""
    return Town.build(casework, postgres.owner_url)


def test_x6(screens, town: Town, elsewhere):
    case = f"/cases/{town.case()}"
    teacher, leader = screens.at_work(town, "teacher"), screens.at_work(elsewhere, "principal")
    teacher.open(case).do("log-new", body="Iben gleder seg til ny skole.", kind="observation")
    mother = screens.let_in(teacher, case, "Lena Myrvold")
    teacher.open(f"{case}/relocations")
    print("T", teacher.text)
    for name in ("Anders Solvang", "Lena Myrvold"):
        teacher.tap(name, within="#relocation-offer")
    teacher.tap("Barnets syn")
    teacher.do("relocation-offer", unit_id=elsewhere.services["school"])
    print("T", teacher.text)
    print("M", mother.open("/family").text)
    print("L", leader.open("/notices").text)
    print("L", leader.open("/cases").text)
    there = leader.links("/moving-in/")[0]
    print("L", leader.open(there).text)
    leader.do("relocation-take", holder_id=elsewhere.people["teacher"])
    print("L", leader.text)
    new = leader.path
    print("T", teacher.open("/notices").text)
    print("T", teacher.open(case).text)
    teacher.meets_nothing(new, new+"/arrival", there)
    print("M", mother.open("/family").text)
    print("M", mother.links("/family/cases"))
    for each in mother.links("/family/cases"):
        print("M", mother.open(each).text)
    raise SystemError
