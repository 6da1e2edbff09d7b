"""A file about a class or a department: nobody in it is named, so that nobody is asked for consent; and youth to 23."""

import io
import zipfile
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from casework import (
    archives,
    cases,
    child_views,
    children,
    concern_reports,
    consents,
    coordinations,
    families,
    indicators,
    logs,
    measures,
    meetings,
    notices,
    relays,
    relocations,
    signals,
)
from casework.access import Actor
from casework.refusals import Invalid, NotFound, Refused
from records.children import Child, Guardian
from records.families import FamilyCode
from tests import pdfs
from tests.factories import Town


@pytest.fixture
def group(town: Town) -> UUID:
    """Class 4A."""
    with town.begin("teacher") as tx:
        return children.register_group(tx, children.RegisterGroup(town.services["school"], " 4A "))


@pytest.fixture
def case_id(town: Town, group: UUID) -> UUID:
    """Its case: nobody was told, and nobody said yes to anything."""
    return town.case(child_id=group, guardians_told_on=None, child_said="De fleste er redde i gangen.")


def test_a_group_has_a_name_and_a_unit_and_nothing_about_anybody(town, group):
    with town.begin("teacher") as tx:
        found, [listed] = children.one(tx, group), children.search(tx, "4a")
        row = tx.get(Child, group)
    assert (found.name, found.short_name, found.kind, found.born_on) == ("4A", "4A", "group", None)
    assert listed == found and row.identity_index is None
    for name, fault in (("4a", "group_is_there"), (" ", "write_something"), ("x" * 101, "too_long")):
        with town.begin("teacher") as tx, pytest.raises(Invalid) as refusal:
            children.register_group(tx, children.RegisterGroup(town.services["school"], name))
        assert refusal.value.errors == {"name": fault}
    with town.begin("carer") as tx, pytest.raises(NotFound):
        children.register_group(tx, children.RegisterGroup(town.services["school"], "4B"))
    with town.begin("teacher") as tx, pytest.raises(NotFound):
        children.add_guardian(tx, group, name="Lena Myrvold", relation="mother")


def test_the_database_itself_keeps_family_day_and_number_away_from_a_group(town, group, case_id):
    with pytest.raises(IntegrityError, match="a group has no family"), town.begin("teacher") as tx:
        tx.add(
            Guardian(
                child_id=group, municipality_id=town.id, name="Lena", relation="mother", responsible=False
            )
        )
    with pytest.raises(IntegrityError, match="a group has no family"), town.begin("teacher") as tx:
        tx.add(
            FamilyCode(
                municipality_id=town.id,
                child_id=group,
                code_hash="x",
                made_by_id=tx.actor.id,
                made_at=tx.now,
                expires_at=tx.now,
            )  # fmt: skip
        )
    for column, value in (("born_on", date(2017, 1, 1)), ("identity_index", b"x"), ("kind", "child")):
        with pytest.raises(IntegrityError), town.begin("teacher") as tx:
            setattr(tx.lock(Child, group), column, value)
    child = town.child()
    with pytest.raises(IntegrityError, match="does not become"), town.begin("teacher") as tx:
        tx.lock(Child, child).kind = "group"


def test_nobody_is_asked_for_consent_and_services_come_in_by_their_own_yes(town, case_id):
    with town.begin("teacher") as tx:
        assert consents.consenters(tx, case_id) == [] and cases.head(tx, case_id).state == "level_1"
        assert town.services["ppt"] in coordinations.reached(tx, case_id)
        page = cases.details(tx, case_id)
        assert page.next_action is None or page.next_action.code != "ask_consent"
        coordinations.invite(tx, case_id, (coordinations.Ask(town.services["ppt"], "Råd om klassemiljøet"),))
    with town.begin("worker") as tx, pytest.raises(NotFound):
        cases.head(tx, case_id)
    with town.begin("adviser") as tx:
        [asked] = coordinations.asked_of_me(tx)
        coordinations.reply(tx, asked.id, coordinations.Reply("yes"))
    with town.begin("adviser") as tx:
        assert (asked.child_name, asked.born_on, cases.head(tx, case_id).child.name) == ("4A", None, "4A")
    with town.begin("teacher") as tx:
        offer = relays.OfferBaton(town.people["adviser"], "Du kan mer.", "Møtet")
        relays.offer(tx, case_id, offer)
    with town.begin("teacher") as tx, pytest.raises(Invalid):
        consents.ask(tx, case_id, (consents.Question(town.services["ppt"], "samarbeid"),))
    with town.begin("teacher") as tx, pytest.raises(Invalid):
        families.hand_out(tx, case_id, None)
    with town.begin("teacher") as tx, pytest.raises(Refused):
        relocations.offer(tx, case_id, relocations.OfferCase("Lyngholmen"))


def test_the_groups_view_is_asked_before_a_rise_and_nobodys_age_is(town, case_id, group):
    town.casework.clock.at += timedelta(days=200)
    with town.begin("teacher") as tx:
        asks = child_views.asking(tx, case_id)
        up = next(way for way in cases.ways(tx, case_id)[1] if way.event == "raise_to_2")
    assert (asks.known, asks.form.value) == (False, "together") and "child_view_known" in up.unmet
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, case_id, words="Vi vil ha ro i timene.")
        assert child_views.asking(tx, case_id).known


def test_a_report_of_concern_is_about_a_child_and_never_about_a_group(town, case_id, group):
    with town.begin("teacher") as tx, pytest.raises(Invalid) as refusal:
        concern_reports.from_case(tx, case_id, concern_reports.SendReport("Noen blir slått hjemme."))
    assert refusal.value.errors == {"child_id": "choose_the_child"}
    child = town.child()
    with town.begin("teacher") as tx:
        concern_reports.about_child(tx, child, concern_reports.SendReport("Hun blir slått hjemme."))


def test_a_group_is_counted_as_no_child_in_any_figure(town, case_id, as_owner):
    town.casework.clock.at += timedelta(days=1)
    child = town.case()
    for file in (case_id, child):
        with town.begin("teacher") as tx:
            measures.plan(
                tx, file, measures.PlanMeasure("Fast voksen", "Trygg i gangen", town.people["teacher"])
            )
            offer = relays.OfferBaton(town.people["colleague"], "Nærmest", family_told_on=tx.today)
            baton = relays.offer(tx, file, offer)
        with town.begin("colleague") as tx:
            relays.accept(tx, baton)
    as_owner(
        "UPDATE deadlines SET target_on = date '2026-11-24', state = 'met', settled_at = now()"
        " WHERE municipality_id = :t AND due IN ('decision', 'evaluation')", t=town.id,
    )  # fmt: skip
    with town.casework.begin(Actor.system()) as tx:
        indicators.refresh(tx)
    found = as_owner(
        "SELECT indicator, sum(coalesce(denominator, numerator)) AS n FROM indicator_figures WHERE municipality_id = :town"
        " AND month = date '2026-11-01' GROUP BY 1",
        town=town.id,
    )
    figures = {row.indicator: row.n for row in found}
    assert figures == {
        "open_cases": 1, "new_signals": 1, "decided_in_time": 1, "evaluated_in_time": 1, "batons_accepted": 1
    }  # fmt: skip


def test_the_archive_takes_a_group_without_a_day_of_birth_and_without_parties(town, case_id):
    with town.begin("teacher") as tx:
        out = next(way for way in cases.ways(tx, case_id)[1] if way.to == "close")
        cases.close(tx, case_id, cases.CloseCase("Klassen har det bra.", out.when))
    with town.begin("principal") as tx:
        delivery = archives.of_case(tx, case_id)
    with town.casework.begin(Actor.system()) as tx:
        copy = archives.unpacked(tx, delivery.id)
    with zipfile.ZipFile(io.BytesIO(archives.packed(copy))) as opened:
        printed = pdfs.text(opened.read("stafettlogg.pdf"))
        message = opened.read("arkivmelding-01.xml").decode()
    assert "\n4A\n" in printed and "født" not in printed
    assert "Stafettlogg: 4A<" in message and "<part>" not in message and "født" not in message


def test_somebody_who_seems_to_be_older_than_23_is_refused_at_the_field(town):
    today = town.casework.clock.now().date()
    oldest = today.replace(year=today.year - 24)
    for born, fault in ((oldest, "older_than_23"), (today + timedelta(1), "not_in_the_future")):
        with town.begin("teacher") as tx, pytest.raises(Invalid) as refusal:
            wanted = children.RegisterChild(town.services["school"], "Ask", "Nes", born)
            children.register(tx, wanted, keys=town.casework.keys)
        assert refusal.value.errors == {"born_on": fault}
    town.child(born=oldest + timedelta(1), guardians=0)


def test_from_18_no_parent_is_asked_told_shown_or_called(town, as_owner):
    youth = town.child(born=date(2008, 11, 25))
    town.worry(youth)
    with town.begin("teacher") as tx:
        parents = [one.id for one in children.guardians(tx, youth)]
        parent = children.guardian(tx, parents[0])[1]
        children.keep_guardian(
            tx, parent.id, children.KeepGuardian(parent.name, "mother", email="lena@example.test")
        )
    town.casework.clock.at += timedelta(days=2)
    case_id = town.case(child_id=youth, agreed=(signals.Agreed(None),), guardians_told_on=None)
    with town.begin("teacher") as tx:
        assert consents.consenters(tx, case_id) == [None] and children.guardians(tx, youth) == []
        assert not cases.head(tx, case_id).has_parents
        times = (tx.now + timedelta(days=5), tx.now + timedelta(days=5, hours=1))
    with town.begin("teacher") as tx, pytest.raises(Invalid) as refusal:
        called = meetings.CallMeeting("joint", *times, (tx.actor.id,), guardian_ids=(parents[0],))
        meetings.call(tx, case_id, called)
    assert refusal.value.errors == {"guardian_ids": "choose_one"}
    with town.begin("teacher") as tx, pytest.raises(NotFound):
        children.guardian(tx, parents[0])
    with town.begin("teacher") as tx:
        late = notices.write(
            tx, "consent_asked", municipality_id=town.id, subject=("case", case_id), guardian_id=parents[0],
            case_id=case_id,
        )  # fmt: skip
        tx.without_trail()
    with town.casework.begin(Actor.system()) as tx:
        assert notices.to_send(tx, late) is None
    assert as_owner("SELECT state FROM notices WHERE id = :id", id=late)[0].state == "dropped"
