"""The family's pages in a real browser: axe, fingers and narrow screens, and how many taps consent takes."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from casework import children, consents, coordinations, families, logs, measures, meetings, sign_ins
from casework.access import Actor
from tests.factories import Town
from tests.web.browsers import PHONE, served
from tests.web.test_pages_browser import faults_of, sit
from tests.web.test_pages_families import parent
from tests.web.visitors import Visitor

pytestmark = pytest.mark.browser
__all__ = ["parent"]


@pytest.fixture
def furnished(town: Town):
    """A case with something in every corner of the family's pages: the mother, and where everything stands."""
    case_id = town.case(services=("ppt",))
    with town.begin("teacher") as tx:
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd."),))
    with town.begin("adviser") as tx:
        [invited] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, invited.id, coordinations.Reply("yes"))
    with town.begin("teacher") as tx:
        questions = tuple(
            consents.Question(town.services[one], "Råd om lesing", "Hvordan det går", "Hva dere sa om søvn")
            for one in ("health", "welfare")
        )
        consents.ask(tx, case_id, questions)
    with town.begin("teacher") as tx:
        measures.plan(tx, case_id, measures.PlanMeasure("Lesegruppe", "Leser", town.people["teacher"]))
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=3)
        family = tuple(one.id for one in children.guardians(tx, child_of(tx, case_id)))
        called = meetings.CallMeeting(
            "joint",
            at,
            at + timedelta(hours=1),
            (town.people["teacher"],),
            guardian_ids=family,
            place="Rom 12",
        )
        meetings.call(tx, case_id, called)
    with town.begin("teacher") as tx:
        entry = logs.write(tx, case_id, logs.WriteEntry("Iben kommer for sent."))
    with town.begin("teacher") as tx:
        hidden = logs.WriteEntry("Alene.", for_family=False, hidden_reason="Barnet ba om det",
                                 hidden_until=tx.today + timedelta(days=30))  # fmt: skip
        logs.write(tx, case_id, hidden)
    member = let_in(town, case_id)
    for said in (
        families.Say("reply", "Bussen går ikke før.", entry_id=entry),
        families.Say("question", "Når er møtet?"),
        families.Say("view", "Han gruer seg.", mood=3),
    ):
        with town.casework.begin(Actor.of_family(member)) as tx:
            word = families.say(tx, case_id, said)
    with town.casework.begin(Actor.of_family(member)) as tx:
        given = next(one.id for one in families.asked(tx, case_id) if one.state == "given")
        asked = next(one.id for one in families.asked(tx, case_id) if one.state == "asked")
    with town.begin("teacher") as tx:
        word = next(one.id for one in families.of_case(tx, case_id) if one.waits)
        child_id = child_of(tx, case_id)
    about = f"/family/cases/{case_id}"
    return {
        "member": member,
        "case_id": case_id,
        "pages": {
            "case": about,
            "consents": f"{about}/consents",
            "consents in arabic": f"{about}/consents?language=ar",
            "renew": f"/family/consents/{given}/renew?language=uk",
            "withdraw": f"/family/consents/{given}/withdraw",
            "question": f"{about}/say?kind=question",
            "reply": f"{about}/say?kind=reply&entry_id={entry}",
            "complaint": f"{about}/say?kind=complaint",
            "readers": f"{about}/readers",
            "copy": f"{about}/copy",
        },
        "staff": {
            "let in": f"/cases/{case_id}/family-codes/new",
            "answer": f"/family-words/{word}",
            "case": f"/cases/{case_id}",
            "consents": f"/cases/{case_id}/consents",
            "record": f"/consents/{asked}?language=ar",
            "consent text": f"/consents/{given}/text",
            "texts": "/consent-texts",
            "text": "/consent-texts/service/ar",
            "child": f"/children/{child_id}/family",
        },
    }


def child_of(tx, case_id):
    return tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)


def let_in(town: Town, case_id):
    with town.begin("teacher") as tx:
        child_id = child_of(tx, case_id)
        mother = next(one.id for one in children.guardians(tx, child_id) if one.relation == "mother")
        born = children.one(tx, child_id).born_on
    with town.begin("teacher") as tx:
        code = families.hand_out(tx, case_id, mother)
    with town.casework.begin(Actor.stranger()) as tx:
        return families.by_code(tx, code.code, born)


def sit_at_home(chromium, base: str, town: Town, member, width: int):
    """One of the family at a screen."""
    context = sit(chromium, base, town, "teacher", width)
    with town.casework.begin(Actor.stranger()) as tx:
        token = sign_ins.start_family(tx, member, method="test")
    context.add_cookies([{"name": "stafetten", "value": token, "url": base}])
    return context


def test_no_page_of_the_familys_door_stops_anybody(chromium, make_site, town: Town, furnished):
    found: list[str] = []
    with served(make_site(faults_reach_the_test=False)) as base:
        for who in ("pages", "staff"):
            context = (
                sit_at_home(chromium, base, town, furnished["member"], PHONE)
                if who == "pages"
                else sit(chromium, base, town, "teacher", PHONE)
            )
            page = context.new_page()
            for path in furnished[who].values():
                found += faults_of(page, path)
            context.close()
        stranger = chromium.new_context(
            viewport={"width": PHONE, "height": 900}, base_url=base, locale="nb-NO"
        )
        found += faults_of(stranger.new_page(), "/family/sign-in")
        stranger.close()
    assert found == []


def test_the_validator_finds_nothing_on_the_familys_pages(
    validator, site, casework, town: Town, furnished, browse
):
    visitor = Visitor(site, casework)
    with casework.begin(Actor.stranger()) as tx:
        token = sign_ins.start_family(tx, furnished["member"], method="test")
    visitor.client.set_cookie("stafetten", token)
    found = {path: validator.faults(visitor.get(path).html) for path in furnished["pages"].values()}
    found |= {
        path: validator.faults(browse("teacher").get(path).html) for path in furnished["staff"].values()
    }
    assert {path: faults for path, faults in found.items() if faults} == {}


class Finger:
    """Taps, and counts them."""

    def __init__(self, page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what) -> None:
        what.click()
        self.taps += 1


def test_two_questions_are_answered_in_three_taps_and_a_yes_is_taken_back_in_three(
    chromium, make_site, town: Town, furnished
):
    """From the page where one lands: n + 1 taps beside the one that opens the questions, and three."""
    with served(make_site(faults_reach_the_test=False)) as base:
        context = sit_at_home(chromium, base, town, furnished["member"], 390)
        page = context.new_page()
        page.goto(furnished["pages"]["consents"])
        finger = Finger(page)
        for question in page.locator("#consents-answer fieldset").all():
            finger.tap(question.get_by_text("Ja", exact=True))
        finger.tap(page.get_by_role("button", name="Send svaret"))
        expect(page.locator("#main .banner", has_text="Svaret ditt er lagret")).to_be_visible()
        assert finger.taps == 3

        page.goto(furnished["pages"]["case"])
        finger = Finger(page)
        finger.tap(page.get_by_role("link", name="Mitt samtykke"))
        finger.tap(page.get_by_role("link", name="Trekk tilbake").first)
        finger.tap(page.get_by_role("button", name="Trekk tilbake"))
        expect(page.locator("#main .banner", has_text="Du har trukket samtykket tilbake")).to_be_visible()
        assert finger.taps == 3
        context.close()
