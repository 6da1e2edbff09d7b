"""The story in the browser, on Tromsø's guide: a worry on a phone, carried through the levels and home again."""

from datetime import date, timedelta

import pytest

from casework import audit
from casework.access import Actor
from casework.ports import local_day
from tests.journeys.people import DESK, PHONE, Person, address_of, at_screen, letter_to, mailbox_of
from tests.machinery import Machinery, wait_until
from tests.workflows.test_round_trip import everything_in_prefect

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.xdist_group("journeys")]
SECRETS = ("Iben", "Solvang", "Sitter alene", "Råd om lesing", "Enige om leseplan")


def test_a_worry_is_clarified_helped_shared_handed_over_and_closed(chromium, machinery: Machinery):
    machinery.town.child()
    signal = noted_on_a_phone(chromium, machinery)
    seen_by_the_leader(chromium, machinery)
    machinery.forward(days=5)
    case = raised_in_time(chromium, machinery, signal)
    measure = helped_in_the_own_unit(chromium, machinery, case)
    machinery.forward(days=43)
    evaluated_when_reminded(chromium, machinery, measure)
    raised_when_nothing_is_missing(chromium, machinery, case)
    joined_by_two_services(chromium, machinery, case)
    met_and_agreed(chromium, machinery, case)
    handed_over_and_accepted(chromium, machinery, case)
    stepped_down_closed_and_archived(chromium, machinery, case, measure)
    nobody_was_named_on_the_way(machinery)


def noted_on_a_phone(browser, machinery: Machinery) -> str:
    with at_screen(browser, machinery, "teacher", width=PHONE) as teacher:
        teacher.open("/signals/new?q=Iben")
        teacher.fill(
            "signal-new",
            child_id=_child(teacher),
            themes=["friends"],
            observation="Sitter alene i friminuttene.",
        )
        teacher.fill("signal-new", strength="worried").send("signal-new")
        assert teacher.taps <= 6
        decide_by = date.fromisoformat(_today(machinery)) + timedelta(days=14)
        teacher.reads("Undring om Iben", "Sitter alene", "Avgjør innen 14 dager igjen", f"{decide_by.day}.")
        return teacher.path


def _child(person: Person) -> str:
    return str(person.page.locator("#signal-new [name=child_id]").first.get_attribute("value"))


def seen_by_the_leader(browser, machinery: Machinery) -> None:
    with at_screen(browser, machinery, "principal") as principal:
        principal.open("/units/signals").reads("Iben")
    with at_screen(browser, machinery, "colleague") as colleague:
        assert "Iben" not in colleague.open("/units/signals").text


def raised_in_time(browser, machinery: Machinery, signal: str) -> str:
    with at_screen(browser, machinery, "teacher", width=PHONE) as teacher:
        teacher.open(f"{signal}/raise").fill("signal-raise", outcome="innsats_egen_enhet")
        agreed = teacher.page.locator("#signal-raise [name=agreed]").evaluate_all(
            "all => all.map(e => e.value)"
        )
        both = [each for each in agreed if each != "child"]
        teacher.do("signal-raise", agreed=both, child_said="Det er kjedelig i friminuttet.")
        teacher.reads("Iben Solvang", "Stafettholder", "Teacher Test")
        return teacher.path


def helped_in_the_own_unit(browser, machinery: Machinery, case: str) -> str:
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(f"{case}/measures/new").do(
            "measure-new", title="Lesegruppe", goal="Leser 20 minutter hver dag"
        )
        measure = teacher.links("/measures/")[0]
        teacher.open(case).do("log-new", body="Mor sier at Iben gruer seg til mandager.", kind="phone_call")
        teacher.reads("Mor sier at Iben gruer seg til mandager.")
        return measure


def evaluated_when_reminded(browser, machinery: Machinery, measure: str) -> None:
    machinery.tick("expire-deadlines")
    teacher_mail = address_of(machinery, machinery.town.people["teacher"])
    assert letter_to(machinery, teacher_mail, about="measures") == measure
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(measure).fill("measure-evaluate", result="no_change", onward="continue")
        teacher.is_refused("measure-evaluate", "Skriv barnets ord, eller hvorfor barnet ikke er spurt")
        teacher.do("measure-evaluate", child_said="Det hjelper ikke så mye.")
        teacher.reads("Det hjelper ikke så mye.")


def raised_when_nothing_is_missing(browser, machinery: Machinery, case: str) -> None:
    services = [machinery.town.services[name] for name in ("ppt", "health")]
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(f"{case}/level").reads("Ikke mulig ennå", "Vi trenger hjelp fra andre tjenester")
        teacher.open(f"{case}/consents/new").do(
            "consent-ask", services=services, purpose="Råd om lesing og søvn."
        )
        while teacher.page.get_by_role("link", name="Skriv ned svaret").count():
            teacher.follow("Skriv ned svaret").do("consent-record", answer="yes", channel="paper")
        teacher.open(f"{case}/level").do(
            "level-change", way="flere_tjenester", reason="Tiltakene våre er ikke nok."
        )
        teacher.open(case).reads("Samarbeid med andre tjenester")


def joined_by_two_services(browser, machinery: Machinery, case: str) -> None:
    services = [machinery.town.services[name] for name in ("ppt", "health")]
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(f"{case}/services/new").do("services-invite", services=services, needed="Råd om lesing.")
    for service, name in (("ppt", "adviser"), ("health", "nurse")):
        link = letter_to(machinery, mailbox_of(machinery, service), about="invitations")
        with at_screen(browser, machinery, name, width=PHONE) as guest:
            guest.page.goto(case)
            assert "Iben" not in guest.text
            guest.open(link).reads("Iben Solvang", "Råd om lesing.")
            guest.do("invitation-reply", answer="yes")
            assert guest.taps <= 3
            guest.open(case).reads("Iben Solvang", "Lesegruppe")


def met_and_agreed(browser, machinery: Machinery, case: str) -> None:
    with at_screen(browser, machinery, "teacher") as teacher:
        meeting = teacher.open(f"{case}/meetings/new").do("meeting-call", place="Møterom 2").path
    nurse_mail = address_of(machinery, machinery.town.people["nurse"])
    assert letter_to(machinery, nurse_mail, about="meetings") == meeting
    [entry] = [one.calendar for one in machinery.letters() if one.to == nurse_mail and one.calendar]
    assert "METHOD:REQUEST" in entry and "Iben" not in entry
    with at_screen(browser, machinery, "nurse", width=PHONE) as nurse:
        nurse.open(meeting).do("meeting-answer", coming="yes")
    machinery.forward(days=14, hours=2)
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(meeting).do("meeting-hold", minutes="Iben vil lese tegneserier. Enige om leseplan.")
    with at_screen(browser, machinery, "adviser") as adviser:
        adviser.open(meeting).reads("Enige om leseplan.")


def handed_over_and_accepted(browser, machinery: Machinery, case: str) -> None:
    with at_screen(browser, machinery, "teacher") as teacher:
        teacher.open(f"{case}/baton").fill(
            "baton-offer", to_id=machinery.town.people["nurse"], reason="Nærmest nå"
        )
        teacher.is_refused("baton-offer", "Dette kan ikke gjøres ennå")
        today = teacher.page.evaluate(
            "() => document.querySelector('#baton-offer [name=family_told_on]').value"
        )
        assert today == "", "nothing is claimed beforehand"
        teacher.do("baton-offer", family_told_on=_today(machinery))
        teacher.open(case).reads("Teacher Test", "Tilbudt til Nurse Test")
    nurse_mail = address_of(machinery, machinery.town.people["nurse"])
    link = letter_to(machinery, nurse_mail, about="batons")
    with at_screen(browser, machinery, "nurse", width=PHONE) as nurse:
        nurse.open(link).send("baton-accept")
        nurse.open(case).reads("Nurse Test")
    with at_screen(browser, machinery, "teacher") as teacher:
        assert teacher.page.goto(f"{case}/baton") is not None
        teacher.open(f"{case}/baton").reads("Du har ikke tilgang")


def _today(machinery: Machinery) -> str:
    return local_day(machinery.casework.clock.now()).isoformat()


def stepped_down_closed_and_archived(browser, machinery: Machinery, case: str, measure: str) -> None:
    with at_screen(browser, machinery, "nurse", width=DESK) as nurse:
        nurse.open(f"{case}/child-views/new").do("child-view", child_words="Jeg leser hver kveld nå.")
        nurse.open(measure).do("measure-evaluate", result="reached", onward="end", child_said="Det er gøy.")
        nurse.open(f"{case}/level").do("level-change", way="ned", reason="Skolen klarer resten.")
    machinery.forward(days=7)
    with at_screen(browser, machinery, "nurse") as nurse:
        nurse.open(f"{case}/child-views/new").do("child-view", child_words="Jeg trenger ikke hjelp mer.")
        nurse.open(f"{case}/close").do("case-close", reason="Målet er nådd.", child_words="Jeg har det bra.")
        nurse.open(case).reads("Saken er avsluttet")
    with at_screen(browser, machinery, "adviser") as adviser:
        adviser.open(case)
        assert "Iben" not in adviser.text
    with at_screen(browser, machinery, "principal") as principal:
        principal.open(case)
        with principal.page.expect_download() as kept:
            principal.page.evaluate(f"() => {{ location.href = '{case}/archive.json' }}")
        assert "Enige om leseplan" in kept.value.path().read_text("utf-8")


def nobody_was_named_on_the_way(machinery: Machinery) -> None:
    wait_until(lambda: not machinery.rows("SELECT 1 FROM outbox WHERE done_at IS NULL"), "an empty outbox")
    held = everything_in_prefect(machinery)
    assert [secret for secret in SECRETS if secret in held] == []
    assert [one.to for one in machinery.letters() if any(secret in one.text for secret in SECRETS)] == []
    logs = "".join(file.read_text("utf-8", "replace") for file in (machinery.folder / "logs").glob("*.log"))
    assert [secret for secret in SECRETS if secret in logs] == []
    with machinery.casework.begin(Actor.system()) as tx:
        assert audit.verify(tx) == []
        tx.without_trail()
