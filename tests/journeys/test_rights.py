"""One journey per right, told through the doors alone: every act it is about is somebody's tap in a browser."""

from datetime import date, timedelta

import pytest

from casework import children, signals
from casework.ports import SetClock
from tests.factories import Town
from tests.journeys.doors import Screens, dressed, furniture, screens
from tests.journeys.people import PHONE

pytestmark = pytest.mark.browser
__all__ = ["dressed", "furniture", "screens"]
PPT = "Fjordvik ppt"
STOPPED = "deles ikke lenger, for alle må ha sagt ja"


@pytest.fixture
def elsewhere(casework, postgres, as_owner) -> Town:
    """Another municipality in the same house, where youth answer from sixteen."""
    town = Town.build(casework, postgres.owner_url)
    as_owner(
        """UPDATE municipalities SET name = 'Fjellvik kommune', settings = '{"youth_consent_age": 16}' WHERE id = :id""",
        id=town.id,
    )
    return town


def test_parents_who_live_apart_decide_each_alone_and_one_no_stops_the_sharing_at_once(screens, town: Town):
    case_id, mothers, fathers = apart(town)
    case, home = f"/cases/{case_id}", f"/family/cases/{case_id}"
    teacher, adviser = screens.at_work(town, "teacher"), screens.at_work(town, "adviser")
    teacher.open(f"{case}/consents/new").tap(PPT).do("consent-ask", purpose="Råd om lesing")
    mother = screens.let_in(teacher, case, "Lena Myrvold")
    father = screens.let_in(teacher, case, "Anders Solvang")

    mother.follow("Se og svar").counting().tap("Ja").press("Send svaret").hears("Svaret ditt er lagret")
    assert mother.taps == 2, "one question takes n + 1 taps"
    mother.finds("ikke delt ennå, andre må også svare")
    teacher.open(f"{case}/services/new").finds("Ingen tjenester kan inviteres ennå")
    father.follow("Se og svar").tap("Ja").press("Send svaret").hears("Svaret ditt er lagret")
    meeting = joined_and_called(teacher, adviser, case)
    adviser.page.clock.install()
    adviser.open(case).finds("Iben Solvang", "Den felles loggen")
    mother.open(f"{home}/say?kind=question").do("words-say", body=mothers[-1])
    father.open(f"{home}/say?kind=complaint").do("words-say", body=fathers[-1])

    father.open(home).counting().follow("Mitt samtykke").follow(f"Trekk tilbake {PPT}")
    father.finds(f"{PPT} kan ikke lese noe her lenger", "Det som er skrevet før, blir tatt vare på")
    father.press("Trekk tilbake").hears("Du har trukket samtykket tilbake")
    assert father.taps == 3
    father.finds("Trukket tilbake").is_fit()

    adviser.waits(seconds=46).comes_to_see("Du ser ikke denne saken lenger.")
    adviser.meets_nothing(meeting).is_stopped_at(case)
    for page in ("/cases", "/cases?q=Iben", "/notices", "/meetings", "/invitations"):
        adviser.open(page).finds_none("Iben S", case, meeting)
    teacher.open("/notices").finds("Et samtykke er trukket tilbake. Se hva som ikke lenger kan deles.")
    teacher.open(case).finds("Samtykket er borte")
    mother.open(home).finds("Ingen utenfor Fjordvik school kan lese dette.")
    mother.follow("Mitt samtykke").finds(STOPPED).finds_none("Trukket tilbake").is_fit()
    for path in ("", "/consents", "/readers", "/copy", "/copy.json"):
        assert not {each for each in fathers if each in mother.is_sent(home + path)}, path
        assert not {each for each in mothers if each in father.is_sent(home + path)}, path


def apart(town: Town):
    """A case of a child whose parents live apart, and what neither may learn of the other."""
    case_id = town.case()
    mothers = ("Lena", "40 10 20 30", "40102030", "lena@example.test", "Han ringer meg om natten.")
    fathers = ("Anders", "40 90 80 70", "40908070", "anders@example.test", "Hun svarer meg aldri.")
    with town.begin("teacher") as tx:
        family = children.guardians(tx, child_of(tx, case_id))
    for one in family:
        known, hidden = (mothers, True) if one.relation == "mother" else (fathers, False)
        reached = children.KeepGuardian(one.name, one.relation, phone=known[1], email=known[3],
                                        protected_address=hidden, version=one.version)  # fmt: skip
        with town.begin("teacher") as tx:
            children.keep_guardian(tx, one.id, reached)
    return case_id, mothers, fathers


def child_of(tx, case_id):
    return tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)


def joined_and_called(teacher, adviser, case: str) -> str:
    """PPT is invited, answers, meets the case in every place, and is called to a meeting; the meeting's address."""
    teacher.open(f"{case}/services/new").tap(PPT).do("services-invite", needed="Råd om lesing.")
    adviser.open("/invitations").follow("Iben Solvang").tap("Ja").press("Send svaret")
    adviser.open("/cases?q=Iben").finds("Iben Solvang", "1 I rute")
    teacher.open(f"{case}/meetings/new").finds(f"Adviser Test, {PPT}")
    teacher.do("meeting-call", on="2026-11-27", starts="09:00", ends="10:00")
    adviser.open("/notices").follow("Du er innkalt til et møte").finds("Iben Solvang")
    return teacher.path


def test_at_fifteen_a_youth_answers_alone_in_one_municipality_and_the_parents_do_in_the_next(
    screens, town: Town, elsewhere: Town, clock: SetClock
):
    youth, mother, case = asked_about_a_youth(screens, town, (signals.Agreed(None, None),), "Iben")
    mother.open(case).follow("Mitt samtykke").finds("Iben bestemmer dette selv nå, og blir spurt alene.")
    mother.finds_none("consents-answer")
    youth.is_fit().follow("Se og svar").counting().tap("Ja").press("Send svaret")
    assert youth.hears("Svaret ditt er lagret").taps == 2
    youth.finds_none("andre må også svare").tap("Hva skjer hvis jeg sier nei?")
    youth.comes_to_see("Du får den samme hjelpen").finds_none("Du og barnet")
    youth.open(case).do("view-say", mood="3", body="Bare til læreren.")
    youth.do("view-say", mood="2", body="Mamma kan lese dette.", share="true")
    mother.open(case).finds("Mamma kan lese dette.").finds_none("Bare til læreren.")
    youth.open(case).counting().follow("Mitt samtykke").follow(f"Trekk tilbake {PPT}").press("Trekk tilbake")
    assert youth.taps == 3
    mother.open(case).finds_none("trukket tilbake", "Trukket tilbake")

    youth, mother, case = asked_about_a_youth(screens, elsewhere, None, "Anders Solvang, Lena Myrvold")
    mother.open(case).finds("Vi har et spørsmål til deg")
    youth.finds_none("spørsmål til deg").follow("Mitt samtykke").finds("Foreldrene dine bestemmer dette")
    youth.finds_none("consents-answer")

    clock.at += timedelta(days=8)  # and the youth is sixteen
    teacher = screens.at_work(elsewhere, "teacher")
    at_work = case.replace("/family", "")
    teacher.open(f"{at_work}/consents/new").finds("Disse blir spurt: Iben.")
    mother = screens.let_in(teacher, at_work, "Lena Myrvold", born=YOUTH)
    mother.finds_none("spørsmål til deg").follow("Mitt samtykke")
    mother.finds("Iben bestemmer dette selv nå", "Svarene dine fra før teller ikke lenger").is_fit()


YOUTH = date(2010, 12, 1)


def asked_about_a_youth(screens: Screens, town: Town, agreed, people: str):
    """A youth and the mother at their phones, after the school has asked those it must about PPT; and the case."""
    child_id = town.child(born=YOUTH)
    case_id = town.case(child_id=child_id, **({"agreed": agreed} if agreed else {}))
    case, teacher = f"/cases/{case_id}", screens.at_work(town, "teacher")
    teacher.open(f"{case}/consents/new").finds(f"Disse blir spurt: {people}.")
    teacher.tap(PPT).do("consent-ask", purpose="Råd om lesing")
    youth = screens.let_in(teacher, case, "Iben", born=YOUTH)
    mother = screens.let_in(teacher, case, "Lena Myrvold", born=YOUTH)
    return youth.finds("Hjelpen rundt deg"), mother.finds("Hjelpen rundt Iben"), f"/family{case}"


def test_what_is_written_is_replied_to_and_answered_beside_it_and_what_is_hidden_is_counted(
    screens, town: Town
):
    case = f"/cases/{town.case()}"
    teacher = screens.at_work(town, "teacher")
    teacher.open(case).do("log-new", body="Iben kommer for sent.", kind="observation")
    teacher.tap("Skjul for familien").fill("log-new", hide="true", hidden_reason="Barnet ba om det")
    teacher.do("log-new", body="Iben gråt alene.", kind="conversation", hidden_until="2026-12-24")
    mother = screens.let_in(teacher, case, "Lena Myrvold")
    mother.finds("Én oppføring vises ikke til deg: Barnet ba om det").finds_none("gråt alene")

    mother.follow("Svar på dette").finds("Iben kommer for sent.").do("words-say", body="Bussen går ikke før.")
    mother.hears("Det er sendt").has_beside("Iben kommer for sent.", "Du skrev: Bussen går ikke før.")
    mother.has_beside("Iben kommer for sent.", "Svar innen 8. desember 2026")

    teacher.open("/cases").finds("Svare familien", "8. des.")
    teacher.open("/notices").follow("Familien har skrevet noe.").finds("Iben Solvang")
    teacher.open(case).has_beside("Iben kommer for sent.", "Lena Myrvold skrev: Bussen går ikke før.")
    teacher.follow("Svar til det som er skrevet").finds("Iben kommer for sent.", "Bussen går ikke før.")
    teacher.do("family-answer", body="Vi flytter første time.").hears("Familien har fått svaret")
    teacher.has_beside("Iben kommer for sent.", "Teacher Test: Vi flytter første time.")
    assert "Svare familien" not in teacher.open("/cases").text
    mother.open("/family").is_fit()
    mother.has_beside("Iben kommer for sent.", "Teacher Test: Vi flytter første time.")


def test_an_emergency_read_at_night_is_short_reviewed_and_seen_by_the_family(
    screens, town: Town, clock: SetClock
):
    case = f"/cases/{town.case()}"
    clock.at += timedelta(hours=13)  # one in the morning
    worker = screens.at_work(town, "worker", width=PHONE)
    worker.open("/concern-reports").follow("Nødinnsyn").follow("Jeg må vite nå")
    worker.finds("Du ser det minste du må vite, i fire timer", "Lederen din vurderer det neste virkedag")
    known = {"first_name": "Iben", "last_name": "Solvang", "born_on": "2017-03-14"}
    worker.do("glass-break", **known, emergency="found_alone", reason="Funnet ved kaia.")
    worker.finds("Nødinnsyn. Det lukkes 25. nov. kl. 05.00", "Lena Myrvold", "Teacher Test")
    worker.finds_none("Sitter alene", "Det er kjedelig").is_fit()
    there = worker.path
    worker.meets_nothing(case)

    clock.at += timedelta(hours=4)
    worker = screens.at_work(town, "worker", width=PHONE).open(there)
    worker.finds("Avsluttet 25. nov. kl. 05.00", "Funnet ved kaia.").finds_none("Iben", "Solvang", "Myrvold")
    clock.at += timedelta(hours=4)
    leader = screens.at_work(town, "welfare_leader")
    leader.open("/notices").follow("Noen har brukt nødinnsyn. Det må vurderes.")
    leader.finds("Nødinnsyn av Worker Test", "Funnet ved kaia.").finds_none("Iben", "Solvang")
    leader.do("glass-review", verdict="justified", review="Barnet var alene.")
    worker = screens.at_work(town, "worker", width=PHONE).open(there)
    worker.finds("Ja, det var grunn til det", "Barnet var alene.")
    teacher = screens.at_work(town, "teacher")
    screens.let_in(teacher, case, "Lena Myrvold").follow("Hvem har lest").finds("Worker Test")


def test_a_nurse_who_steps_aside_loses_the_file_in_the_same_moment_and_the_baton_is_carried_on(
    screens, town: Town
):
    case = f"/cases/{town.case(services=('health',))}"
    teacher, nurse = screens.at_work(town, "teacher"), screens.at_work(town, "nurse")
    meeting, calendar = held_by_the_nurse(teacher, nurse, town, case)

    nurse.open(case).tap("Flere valg").follow("Meld deg inhabil").tap("Nær venn")
    nurse.do("tie-declare", reason="Moren er min venninne.", stand_in_id=town.people["colleague"])
    nurse.hears("saken er ute av syne").finds("Meldt, ikke avgjort").finds_none("Iben", "Solvang")

    nurse.meets_nothing(case, meeting, f"{case}/readers", f"{case}/consents", f"{case}/disqualification")
    for page in ("/cases", *SEARCHES, "/notices", "/meetings", "/invitations", "/signals"):
        nurse.open(page).finds_none("Iben S", case, meeting)
    assert "BEGIN:VEVENT" not in nurse.is_sent(calendar)

    colleague = screens.at_work(town, "colleague")
    colleague.open("/cases").finds("Iben Solvang", "Colleague Test").open(case)
    colleague.finds("Colleague Test educator · siden 24. nov.", "Gi stafettpinnen videre")
    colleague.finds_none("venninne")
    principal = screens.at_work(town, "principal").open("/disqualifications").follow("Nurse Test")
    principal.do("tie-assess", decision="uphold", reason="Nære venner.").finds("Inhabil")
    nurse.open("/disqualifications").finds("Inhabil").meets_nothing(case)


SEARCHES = ("/cases?q=Iben", "/children?q=Iben", "/signals/new?q=Iben")


def held_by_the_nurse(teacher, nurse, town: Town, case: str) -> tuple[str, str]:
    """The school nurse joins, takes the baton and calls a meeting; the addresses of the meeting and her calendar."""
    teacher.open(f"{case}/services/new").tap("Fjordvik health").do("services-invite", needed="Råd om søvn.")
    nurse.open("/invitations").follow("Iben Solvang").tap("Ja").press("Send svaret")
    teacher.open(case).follow("Gi stafettpinnen videre")
    teacher.do("baton-offer", to_id=town.people["nurse"], family_told_on="2026-11-24")
    nurse.open("/cases").follow("Se på tilbudet").press("Ta stafettpinnen")
    nurse.finds("Du holder nå stafettpinnen")
    nurse.open(f"{case}/meetings/new").do("meeting-call", on="2026-11-26", starts="09:00", ends="10:00")
    meeting = nurse.path
    nurse.open("/meetings").finds("26. november").follow("Vis møtene mine").press("Lag adresse")
    calendar = nurse.page.get_by_label("Adressen til kalenderen din").input_value()
    calendar = calendar[calendar.index("/calendar/") :]
    assert "BEGIN:VEVENT" in nurse.is_sent(calendar)
    for search in SEARCHES:
        nurse.open(search).finds("Iben S")
    return meeting, calendar


def test_a_family_that_moves_takes_along_what_it_says_yes_to_and_sees_both_ends(
    screens, town: Town, elsewhere: Town
):
    case = f"/cases/{town.case()}"
    teacher, leader = screens.at_work(town, "teacher"), screens.at_work(elsewhere, "principal")
    teacher.open(case).do("log-new", body="Iben gleder seg til ny skole.", kind="observation")
    mother = screens.let_in(teacher, case, "Lena Myrvold")
    teacher.open(case).tap("Flere valg").follow("Familien flytter").tap("Det som er skrevet i loggen").tap(
        "Lena Myrvold"
    )
    teacher.fill("relocation-offer", unit_id=elsewhere.services["school"])
    teacher.is_refused("relocation-offer", "Alle som må samtykke, må ha sagt ja til overføringen.")
    teacher.tap("Anders Solvang").send("relocation-offer").finds("Fjordvik school, Fjellvik kommune")
    teacher.meets_nothing("/moving-in/" + teacher.links("/relocations/")[0].split("/")[2])

    leader.meets_nothing(case).open("/cases").finds("En familie flytter til Fjordvik school")
    leader.finds_none("Iben").follow("Se hva som overføres").finds(
        "Iben Solvang", "Iben gleder seg til ny skole."
    )
    leader.finds_none("Det er kjedelig", "Lena", "Anders")
    moving = leader.path
    leader.do("relocation-take", holder_id=elsewhere.people["teacher"]).finds("Saken er åpnet her")
    leader.finds("Familien kom fra Fjordvik kommune.", "Teacher Test")
    new = leader.path

    teacher.open("/notices").follow("Enheten familien flytter til, har svart.").finds("Saken er avsluttet")
    teacher.meets_nothing(new, f"{new}/arrival", moving).open("/cases").finds_none("Iben", new)
    holder = screens.at_work(elsewhere, "teacher").open("/cases")
    holder.finds("Iben Solvang").follow("Iben Solvang").follow("Se hva som ble overført")
    holder.finds("Iben gleder seg til ny skole.").finds_none("Det er kjedelig").meets_nothing(case)

    mother.open("/family").finds("Avsluttet").is_fit()
    mother.open(f"/family{case}").finds("har tatt imot saken", "Dette ble avsluttet").follow("Hvem har lest")
    mother.finds("Principal Test").open(f"/family{new}").finds("Saken er tatt imot fra Fjordvik kommune")
    mother.follow("Se og svar").tap("Ja").press("Send svaret").hears("Svaret ditt er lagret")
