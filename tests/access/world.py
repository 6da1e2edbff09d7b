"""Two towns, and in one of them the same file four times: open, closed, with everybody barred, and somebody else's."""

import difflib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import casework.transactions
from casework import (
    Casework,
    absences,
    archives,
    attachments,
    break_glass,
    cases,
    children,
    concern_reports,
    consents,
    consultations,
    coordinations,
    disqualifications,
    families,
    logs,
    measures,
    meetings,
    notices,
    operations,
    provisioning,
    relays,
    relocations,
    retention,
    rosters,
    sibling_links,
    staff,
)
from casework.access import Actor
from casework.relocations.packing import frozen
from levels.relocations import Part
from levels.rosters import Pupil, Roster
from records.base import new_id
from records.relocations import Arrival
from tests.access.marks import plant, plant_in_own
from tests.factories import Town

# Who looks, by the letter the tables use, and how each stands to the file.
PEOPLE = {
    "T": "teacher",  # holds the baton, wrote the worry
    "L": "principal",  # leads the teacher's unit
    "N": "nurse",  # her service is inside by consent and its own yes; is offered the baton
    "C": "adviser",  # PPT is invited and has not answered
    "E": "colleague",  # works at the same school, and has nothing to do with it
    "W": "worker",  # child welfare: gets reports
    "K": "coordinator",
    "M": "manager",
    "A": "administrator",
    "O": "operator",
    "D": "officer",  # data protection: reads the log, never a file
    "R": "archivist",
}
# Asked at the doors made for them alone: every persona asked everywhere costs the tables a tenth of their time.
AT_OWN_DOORS = {
    "V": ("welfare_leader", "emergency-reads")
}  # leads child welfare: reviews its emergency reads
# Families look through a door of their own: one who may, and one who is kept out of every file.
FAMILY = {"F": "mother", "X": "father"}
SITUATIONS = ("own", "closed", "barred", "other")


@dataclass
class World:
    """Where everybody stands; `ids[situation]` names one file's parts, `people[situation]` who looks at it."""

    town: Town
    away: Town
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)

    members: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def person(self, situation: str, letter: str) -> UUID:
        """Who looks: the same role in the other town when the file is somebody else's."""
        town = self.away if situation == "other" else self.town
        return town.people[PEOPLE.get(letter) or AT_OWN_DOORS[letter][0]]


def asked_at(route: str) -> tuple[str, ...]:
    """The letters of everybody at work who is asked at a route."""
    return (*PEOPLE, *(letter for letter, (_, door) in AT_OWN_DOORS.items() if door in route))


def build(casework: Casework, owner_url: str, as_owner: Callable[..., list[Any]]) -> World:
    """Make the world, all by the acts people do; only the bars are set from behind."""
    world = World(Town.build(casework, owner_url), Town.build(casework, owner_url))
    world.ids["own"] = _file(
        world.town, "Ada", worry="Bjørnemose", answer="Blåklokke", report="Rognebær", paper="Sneglebelg."
    )
    plant_in_own(world.town, world.ids["own"])
    world.ids["closed"] = _file(world.town, "Bo")
    plant(world.town, world.ids["closed"], "Hestehov")
    _closed(world.town, world.ids["closed"])
    world.ids["barred"] = _file(world.town, "Cato")
    plant(world.town, world.ids["barred"], "Revebjelle")
    world.ids["other"] = world.ids["own"]
    _away_and_drifting(world, as_owner)
    _machinery(world)
    _families(world, as_owner)
    _siblings(world)
    _expecting(world)
    _moving(world)
    _stepped_aside(world)
    _in_an_emergency(world)
    _asked_for_advice(world)
    _oddly_read(world, as_owner)
    _rolls_and_keys(world)
    _to_the_archive(world, as_owner)
    children = ("child_id", "signal_child_id", "moving_child_id", "pregnancy_id")
    for letter, child in ((one, world.ids["barred"][name]) for one in PEOPLE.values() for name in children):
        as_owner(
            "INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since)"
            " VALUES (:id, :town, :person, :child, 'slekt', :person, :since)",
            id=new_id(),
            town=world.town.id,
            person=world.town.people[letter],
            child=child,
            since=casework.clock.now(),
        )
    return world


def _away_and_drifting(world: World, as_owner: Callable[..., list[Any]]) -> None:
    """The teacher's colleague is away in a month; in every file something is about to be left lying."""
    town = world.town
    with town.begin("colleague") as tx:
        first = tx.today + timedelta(days=30)
        ahead = absences.SetAbsence(first, first + timedelta(days=5))
        absence = absences.register(tx, town.people["colleague"], ahead)
    for situation in ("own", "closed", "barred"):
        ids = world.ids[situation]
        ids["absence_id"], ids["drift_id"] = absence, new_id()
        as_owner(
            "INSERT INTO drifts (id, municipality_id, case_id, kind, owner_id, found_at, snooze_reason, version)"
            " VALUES (:id, :town, :case, 'no_activity', :owner, :now, '', 1)",
            id=ids["drift_id"],
            town=town.id,
            case=ids["case_id"],
            owner=town.people["teacher"],
            now=town.casework.clock.now(),
        )


def _machinery(world: World) -> None:
    """A flow with a clock, and one row that waits to be handed over: the machinery is the same for every town."""
    with world.town.casework.begin(Actor.system()) as tx:
        tx.start_flow("send-notices")
        operations.reported(tx, [operations.Report("remind", scheduled=True)])
    with world.town.begin("operator") as tx:
        row = next(one for one in operations.desk(tx).rows if one.harmless)
    for ids in world.ids.values():
        ids["row_id"], ids["name"] = row.id, "remind"
        ids["kind"], ids["code"] = "service", "nb"


def _siblings(world: World) -> None:
    """The open file is linked with that of a sibling, whom the teacher answers for too."""
    town, ids = world.town, world.ids["own"]
    other = town.case(child_id=town.child(first="Fie", born=date(2018, 3, 4)))
    with town.begin("teacher") as tx:
        asked = sibling_links.consenters(tx, ids["case_id"], other)
        agreed = tuple(sibling_links.Agreed(one.case_id, one.guardian_id) for one in asked)
    with town.begin("teacher") as tx:
        link = sibling_links.link(tx, ids["case_id"], sibling_links.LinkSiblings(other, agreed))
    with town.casework.begin(Actor.of_family(world.members["own", "F"])) as tx:
        yes = sibling_links.own(tx, ids["case_id"])[0].id
    for one in world.ids.values():
        one["link_id"], one["sibling_consent_id"], one["sibling_case_id"] = link, yes, other


def _expecting(world: World) -> None:
    """In every file the teacher holds the case of a pregnant woman too."""
    town = world.town
    for situation in ("own", "closed", "barred"):
        with town.begin("teacher") as tx:
            wanted = children.RegisterPregnancy(
                town.services["school"], "Kari", f"Nes-{situation.title()}", date(2027, 3, 3)
            )
            pregnancy = children.register_pregnancy(tx, wanted)
        town.case(child_id=pregnancy, child_said="")
        world.ids[situation]["pregnancy_id"] = pregnancy


def _moving(world: World) -> None:
    """A family of the other town moves to the school here, and one whose child everybody here is kept away from; and
    every file here holds what came with it.
    """
    away, school = world.away, world.town.services["school"]
    for situation, name in (("own", "Gry"), ("barred", "Hege")):
        child = away.child(first=name, born=date(2016, 7, 8))
        case = away.case(child_id=child)
        with away.begin("teacher") as tx:
            logs.write(tx, case, logs.WriteEntry("Engsoleie." if situation == "own" else "Linnea."))
        with away.begin("teacher") as tx:
            wanted = relocations.OfferCase(
                parts=(Part.LOG,), agreed=tuple(consents.consenters(tx, case)), unit_id=school
            )
            moving = relocations.offer(tx, case, wanted)
        for one in ("own", "closed") if situation == "own" else ("barred",):
            world.ids[one]["moving_id"], world.ids[one]["moving_child_id"] = moving, child
    with away.begin("teacher") as tx:
        pack = frozen(relocations.pack(tx, world.ids["own"]["moving_id"]))
    for situation in ("own", "closed", "barred"):
        ids = world.ids[situation]
        with world.town.begin("teacher") as tx:
            tx.add(
                Arrival(
                    municipality_id=world.town.id,
                    case_id=ids["case_id"],
                    pack={**pack, "log": []},
                    taken_in_by_id=world.town.people["principal"],
                    taken_in_at=tx.now,
                )
            )
            tx.without_trail()


def _stepped_aside(world: World) -> None:
    """The teacher of another child has been made to step aside; the school's leader decides about it."""
    case_id = world.town.case(child_id=world.town.child(first="Eli"))
    with world.town.begin("principal") as tx:
        tie = disqualifications.Declare("friend", "Gjøkesyre.", practitioner_id=world.town.people["teacher"])
        bar = disqualifications.declare(tx, case_id, tie)
    for ids in world.ids.values():
        ids["bar_id"] = bar


def _in_an_emergency(world: World) -> None:
    """Child welfare has read in an emergency; its leader has not reviewed it."""
    with world.town.begin("worker") as tx:
        whom = break_glass.Break("Ada", "Solvang", date(2016, 3, 4), "in_danger", "Kattefot ringte.")
        glass = break_glass.break_glass(tx, whom)
    for ids in world.ids.values():
        ids["glass_id"] = glass


def _asked_for_advice(world: World) -> None:
    """The teacher has asked PPT two things without a child: one is answered, and the other kept as knowledge."""
    town = world.town
    words = ("middle", "school", "learning", "En elev leser lite. Hva kan vi prøve?")
    asked = []
    for _ in range(2):
        with town.begin("teacher") as tx:
            asked.append(consultations.ask(tx, consultations.Ask(town.services["ppt"], *words)))
        with town.begin("adviser") as tx:
            consultations.take(tx, asked[-1])
        with town.begin("adviser") as tx:
            consultations.answer(tx, asked[-1], consultations.Write("Les sammen hver dag."))
        with town.begin("adviser") as tx:
            consultations.propose(tx, asked[-1], consultations.Propose("Leser lite", "Les sammen."))
    with town.begin("teacher") as tx:
        consultations.agree(tx, asked[0])
    with town.begin("teacher") as tx:
        [kept] = consultations.learnt(tx, consultations.Wanted())
    for ids in world.ids.values():
        ids["consultation_id"], ids["knowledge_id"] = asked[1], kept.id


def _oddly_read(world: World, as_owner: Callable[..., list[Any]]) -> None:
    """Child welfare is asked about a reading; every role has a page."""
    reading, town = new_id(), world.town
    as_owner(
        "INSERT INTO odd_readings (id, municipality_id, reader_id, sign, day, file_id, entry_ids, found_at, state,"
        " question, asked_at, answer, reason, version) VALUES (:id, :town, :who, 'no_relation', :day, :who, '{}', :now,"
        " 'asked', 'Hvorfor?', :now, '', '', 1)",
        id=reading,
        town=town.id,
        who=town.people["worker"],
        day=town.casework.clock.now().date(),
        now=town.casework.clock.now(),
    )
    for ids in world.ids.values():
        ids["reading_id"], ids["role"] = reading, "educator"


def _rolls_and_keys(world: World) -> None:
    """The administrator has read a roll, made a key, and got a group by it."""
    town, keys = world.town, world.town.casework.keys
    with town.begin("administrator") as tx:
        pupil = Pupil(2, "Nora", "Ny", date(2016, 5, 5), "Fjordvik school")
        draft = rosters.upload(tx, rosters.Reading(Roster((pupil,))), keys=keys)
    with town.begin("administrator") as tx:
        token = provisioning.make_token(tx, name="Entra ID")
    with town.casework.begin(Actor.stranger()) as tx:
        provider = provisioning.bearer(tx, token)
    assert provider is not None
    with town.casework.begin(provider) as tx:
        group = provisioning.make_group(tx, provisioning.KeepGroup("Lærere"))
    for ids in world.ids.values():
        ids |= {"draft_id": draft, "token_id": provider.id, "group_id": group}


def _to_the_archive(world: World, as_owner: Callable[..., list[Any]]) -> None:
    """Every file is held by its leader; the closed one waits for the archive, and the others as if they did."""
    town = world.town
    with town.begin("principal") as tx:
        delivery = archives.of_case(tx, world.ids["closed"]["case_id"])
    assert delivery is not None
    with town.casework.begin(Actor.system()) as tx:
        copy = archives.unpacked(tx, delivery.id)
        assert copy is not None
        archives.keep_package(tx, delivery.id, copy, b"zip")
    for situation in ("own", "closed", "barred"):
        ids = world.ids[situation]
        with town.begin("principal") as tx:
            wanted = retention.SetHold("court", "Saken er i retten.")
            ids["hold_id"] = retention.hold(tx, ids["case_id"], wanted)
        with town.begin("principal") as tx:
            held = retention.SetHold("complaint", "Det er klaget.")
            ids["signal_hold_id"] = retention.hold_signal(tx, ids["signal_id"], held)
        ids["delivery_id"] = delivery.id if situation == "closed" else new_id()
        ids["what"], ids["number"] = "signal", delivery.number
        as_owner(
            "INSERT INTO archive_deliveries (id, municipality_id, case_id, archive_id, number, unit_id, closed_at,"
            " made_at, package, package_digest, packed_at, archive_reference, version)"
            " SELECT :id, municipality_id, :case, archive_id, number, unit_id, closed_at, made_at, package,"
            " package_digest, packed_at, '', 1 FROM archive_deliveries WHERE id = :closed ON CONFLICT DO NOTHING",
            id=ids["delivery_id"],
            case=ids["case_id"],
            closed=delivery.id,
        )


def _families(world: World, as_owner: Callable[..., list[Any]]) -> None:
    """In every file both parents have come in and the mother has asked something; then the father is kept out."""
    theirs = world.away.case(child_id=world.away.child(first="Dag"))
    for situation in SITUATIONS:
        town = world.away if situation == "other" else world.town
        case_id = theirs if situation == "other" else world.ids[situation]["case_id"]
        for letter, relation in FAMILY.items():
            world.members[situation, letter] = _let_in(town, case_id, relation)
        as_owner(
            "UPDATE guardians SET kept_out = true WHERE member_id = :member",
            member=world.members[situation, "X"],
        )
        if situation == "other":
            continue
        mother = Actor.of_family(world.members[situation, "F"])
        asked = "Hvem er Storkenebb?" if situation == "own" else "Når er møtet?"
        with town.casework.begin(mother) as tx:
            sent = (
                families.Attach("Brev", b"Hei.") if situation != "closed" else None
            )  # a closed case takes none
            word = families.say(tx, case_id, families.Say("question", asked, attached=sent))
        with town.casework.begin(mother) as tx:
            consent = next(one.id for one in families.asked(tx, case_id) if one.state == "given")
            own = next((one.id for one in families.attached(tx, case_id) if one.mine), new_id())
        world.ids[situation]["family"] = {"word_id": word, "consent_id": consent, "own_id": own}
        world.ids[situation]["word_id"] = word


def _let_in(town: Town, case_id: UUID, relation: str) -> UUID:
    with town.begin("teacher") as tx:
        child_id = tx.scalar("SELECT child_id FROM cases WHERE id = :case", case=case_id)
        guardian = next(one.id for one in children.guardians(tx, child_id) if one.relation == relation)
        born = children.one(tx, child_id).born_on
    with town.begin("teacher") as tx:
        code = families.hand_out(tx, case_id, guardian)
    with town.casework.begin(Actor.stranger()) as tx:
        member = families.by_code(tx, code.code, born)
    assert member is not None
    return member


def _file(
    town: Town,
    name: str,
    *,
    worry: str = "Alene.",
    answer: str = "",
    report: str = "Redd for å gå hjem.",
    paper: str = "Rapport.",
) -> dict[str, Any]:
    child = town.child(first=name, born=date(2016, 3, 1 + len(name)))
    case = town.case(child_id=child, services=("ppt", "health"))
    other_child = town.child(first=f"{name}a", born=date(2015, 3, 1 + len(name)))
    signal = town.worry(other_child, saw=worry)
    with town.begin("teacher") as tx:
        measure = measures.plan(tx, case, measures.PlanMeasure("Lesegruppe", "Leser", town.people["teacher"]))
    with town.begin("teacher") as tx:
        attachment = attachments.put(tx, case, attachments.PutAttachment("Rapport", paper.encode()))
    with town.begin("teacher") as tx:
        until = tx.today + timedelta(days=30)
        hiding = logs.write(tx, case, logs.WriteEntry("Alene.", "observation", None, False, "Fare.", until))
    with town.begin("teacher") as tx:
        asked = [coordinations.Ask(town.services[one], "Råd.") for one in ("health", "ppt")]
        coordinations.invite(tx, case, tuple(asked))
    with town.begin("teacher") as tx:
        invited = {one.service_id: one.id for one in coordinations.of_case(tx, case)}
        consent = consents.of_case(tx, case)[0].id
        guardian = children.guardians(tx, child)[0].id
    with town.begin("nurse") as tx:
        coordinations.reply(tx, invited[town.services["health"]], coordinations.Reply("yes", answer))
    with town.begin("teacher") as tx:
        at = tx.now + timedelta(days=2)
        who = tuple(town.people[one] for one in ("teacher", "nurse"))
        meeting = meetings.call(tx, case, meetings.CallMeeting("joint", at, at + timedelta(hours=1), who))
    with town.begin("teacher") as tx:
        times = tuple(meetings.Slot(at + timedelta(days=n), at + timedelta(days=n, hours=1)) for n in (5, 6))
        asked_for = meetings.ProposeTimes("joint", times, who, tx.today + timedelta(days=4), the_child=True)
        proposal = meetings.propose(tx, case, asked_for)
    with town.begin("teacher") as tx:
        proposed = meetings.proposal(tx, proposal)
    with town.begin("teacher") as tx:
        report = concern_reports.from_case(tx, case, concern_reports.SendReport(report))
    with town.begin("teacher") as tx:
        offer = relays.OfferBaton(town.people["nurse"], "Nærmest", family_told_on=tx.today)
        baton = relays.offer(tx, case, offer)
    with town.begin("teacher") as tx:
        letter = next(one.id for one in notices.of_case(tx, case) if one.to == "Fjordvik ppt")
    with town.casework.begin(Actor.system()) as tx:
        notices.mark_failed(tx, letter, code="smtp_550", permanent=True)
    with town.begin("teacher") as tx:
        step = cases.details(tx, case).steps[0].id
    with town.begin("teacher") as tx:
        agreed = tuple(consents.consenters(tx, case))
        relocation = relocations.offer(tx, case, relocations.OfferCase("Fjellvik kommune", agreed=agreed))
    with town.begin("administrator") as tx:
        person = staff.person(tx, town.people["colleague"])
    return {
        "case_id": case,
        "child_id": child,
        "signal_id": signal,
        "signal_child_id": other_child,
        "measure_id": measure,
        "attachment_id": attachment,
        "hiding_id": hiding,
        "invitation_id": invited[town.services["ppt"]],
        "consent_id": consent,
        "guardian_id": guardian,
        "meeting_id": meeting,
        "proposal_id": proposal,
        "asked_id": next(one.id for one in proposed.asked if one.the_child),
        "slot_ids": tuple(one.id for one in proposed.slots),
        "report_id": report,
        "handover_id": baton,
        "notice_id": letter,
        "step_id": step,
        "guide_id": town.guide_id,
        "service_id": town.services["health"],
        "relocation_id": relocation,
        "practitioner_id": town.people["colleague"],
        "assignment_id": person.roles[0].assignment_id,
        "municipality_id": town.id,
        "town": town,
    }


def _closed(town: Town, ids: dict[str, Any]) -> dict[str, Any]:
    with town.begin("teacher") as tx:
        relays.withdraw(tx, ids["handover_id"])
    with town.begin("teacher") as tx:
        logs.write_child_view(tx, ids["case_id"], words="Det går fint.")
    with town.begin("teacher") as tx:
        said = measures.EvaluateMeasure("reached", "end", child_said="Fint.")
        measures.evaluate(tx, ids["measure_id"], said)
    with town.begin("teacher") as tx:
        done = cases.CloseCase(
            reason="Målet er nådd", when="avslutt", child_words="Fint", guardians_words="Bra"
        )
        cases.close(tx, ids["case_id"], done)
    return ids


@contextmanager
def nothing_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every act goes all the way to its commit, and is then taken back."""

    class Forgetful(casework.transactions.ActSession):  # type: ignore[misc]
        def commit(self) -> None:
            self.flush()
            self.rollback()

    with monkeypatch.context() as patched:
        patched.setattr(casework.transactions, "ActSession", Forgetful)
        yield


def table(rows: dict[str, dict[str, str]]) -> str:
    """The matrix as text: one line a route, one column a situation, one letter for each who comes in."""
    lines = [f"{'route':70} {' '.join(f'{name:10}' for name in SITUATIONS)}".rstrip()]
    for route, found in sorted(rows.items()):
        cells = " ".join(f"{found.get(name, '') or '-':10}" for name in SITUATIONS)
        lines.append(f"{route:70} {cells}".rstrip())
    return "\n".join(lines) + "\n"


def differences(found: str, agreed: str) -> list[str]:
    """Where the doors and the table made by hand disagree: a route without a line is a difference too."""
    if os.environ.get("STAFETTEN_TEST_SHOW_MATRIX"):
        Path(os.environ["STAFETTEN_TEST_SHOW_MATRIX"]).write_text(found, encoding="utf-8")
    compared = difflib.unified_diff(
        agreed.splitlines(), found.splitlines(), "agreed", "found", lineterm="", n=0
    )
    return [line for line in compared if not line.startswith(("---", "+++", "@@"))]
