"""A fictional region told from ten months ago until now, by the acts people perform. Run once by the demo."""

import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import make_url

from casework import (
    Casework,
    break_glass,
    cases,
    children,
    followups,
    guides,
    homes,
    indicators,
    notices,
    readings,
    staff,
)
from casework.access import Actor, Role
from casework.ports import Clock, SetClock
from casework.refusals import Invalid
from casework.transactions import Transaction
from levels import guides as rules
from levels.children import About
from levels.homes import Home
from records import tables  # noqa: F401 - not every feature is told of here, but foreign keys reach all tables
from server import demo_names as words
from server.commands.municipalities import LaidOut, LayOut, as_owner, lay_out
from server.demo_consultations import ask_for_advice
from server.demo_families import let_families_in
from server.demo_groups import tell_of_others
from server.demo_moves import move_families
from server.demo_stories import Place, Teller, leave_open, tell_stories
from server.settings import Settings

TOWNS = (
    ("9901", "Fjordvik", "nb", "national"),
    ("9902", "Lyngholmen", "nb", "tromso"),
    ("9903", "Storhamna", "nb", "vestre_toten"),
    ("9904", "Storelva", "nn", "storelva"),
)
CHILDREN_PER_TOWN = 100
MONTHS = timedelta(days=300)


def install(owner_url: str, clock: Clock) -> dict[str, LaidOut]:
    """What a supplier sets up before anybody can sign in: the municipalities and their first administrators."""
    with as_owner(owner_url, clock) as tx:
        return {
            name: lay_out(
                tx,
                LayOut(
                    number,
                    f"{name} kommune",
                    f"Drift {name}",
                    f"drift@{name.lower()}.example",
                    language,
                    duty_phone="00 00 00 00",
                    office=f"{name} oppvekst",
                    roles=(Role.ADMINISTRATOR, Role.OPERATOR),
                    settings={"youth_consent_age": 15},
                ),
            )
            for number, name, language, _ in TOWNS
        }


def people_the_region(tell: Teller, installed: dict[str, LaidOut]) -> None:
    """Services, people and guides, by each town's administrator."""
    for _number, name, language, guide in TOWNS:
        made = installed[name]
        place = Place(made.municipality_id, name)
        place.services["office"] = made.office_id
        place.people["administrator"] = [made.administrator_id]
        tell.places.append(place)
        _services(tell, place)
        _people(tell, place, language)
        _archivist(tell, place, language)
        with tell.by(made.administrator_id) as tx:
            guide_id = guides.upload(tx, guides.Upload(place.id, "all", rules.library(guide)))
        with tell.by(made.administrator_id) as tx:
            guides.publish(tx, guide_id)
    _shared_child_welfare(tell)
    for place in tell.places:
        with tell.by(place.people["administrator"][0]) as tx:
            role, title = Role.DATA_PROTECTION_OFFICER.value, "Personvernombud"
            _hire(tx, tell, place, place.services["office"], role, title, "nb")


def _services(tell: Teller, place: Place) -> None:
    low = place.name.lower()
    kinds = (
        ("school", "school", f"{place.name} skole"),
        (
            "kindergarten",
            "kindergarten",
            f"{'Solstua' if place.name == 'Fjordvik' else place.name} barnehage",
        ),
        ("health", "school_health", f"{place.name} skolehelsetjeneste"),
        ("station", "health_station", f"{place.name} helsestasjon"),
        ("ppt", "counselling_service", f"PPT {place.name}"),
        ("leisure", "leisure", f"{place.name} fritidstjeneste"),
    )
    for key, kind, title in kinds:
        with tell.by(place.people["administrator"][0]) as tx:
            wanted = staff.KeepService(kind, title, f"{key}@{low}.example", "00 00 00 00")
            place.services[key] = staff.open_service(tx, place.id, wanted)


ROLES = (
    ("principal", "school", "unit_leader", "Rektor", 1),
    ("teacher", "school", "educator", "Kontaktlærer", 4),
    ("head", "kindergarten", "unit_leader", "Styrer", 1),
    ("carer", "kindergarten", "educator", "Pedagogisk leder", 2),
    ("nurse", "health", "health_nurse", "Helsesykepleier", 1),
    ("health_leader", "station", "unit_leader", "Ledende helsesykepleier", 1),
    ("adviser", "ppt", "counsellor", "PP-rådgiver", 1),
    ("ppt_leader", "ppt", "unit_leader", "PPT-leder", 1),
    ("coordinator", "office", "coordinator", "BTI-koordinator", 1),
    ("manager", "office", "manager", "Kommunalsjef oppvekst", 1),
)


def _people(tell: Teller, place: Place, language: str) -> None:
    admin = place.people["administrator"][0]
    for key, service, role, title, count in ROLES:
        for _ in range(count):
            with tell.by(admin) as tx:
                place.people.setdefault(key, []).append(
                    _hire(tx, tell, place, place.services[service], role, title, language)
                )
    leaders = {"school": "principal", "kindergarten": "head", "ppt": "ppt_leader", "station": "health_leader"}
    reach = {"health": ("school",), "station": ("kindergarten",)}
    with tell.by(admin) as tx:
        listed = {s.id: s for s in staff.services(tx)}
    for key in ("school", "kindergarten", "ppt", "station", "health"):
        now = listed[place.services[key]]
        leader = place.people[leaders.get(key, "nurse")][0]
        units = tuple(place.services[u] for u in reach.get(key, ()))
        with tell.by(admin) as tx:
            staff.change_service(
                tx,
                now.id,
                staff.KeepService(now.kind, now.name, now.mailbox, now.phone, 7, leader, reaches=units),
            )


def _archivist(tell: Teller, place: Place, language: str) -> None:
    """Named by the place, as who runs it is: the others keep their names."""
    wanted = staff.AddPerson(
        f"Arkiv {place.name}", f"arkiv@{place.name.lower()}.example", place.services["office"], "archivist",
        "Arkivar og personvernombud", "00 00 00 00", language,
    )  # fmt: skip
    with tell.by(place.people["administrator"][0]) as tx:
        place.people["archivist"] = [staff.add_person(tx, wanted)]


def _hire(
    tx: Transaction, tell: Teller, place: Place, service_id: UUID, role: str, title: str, language: str
) -> UUID:
    name = next(tell.adults)
    mail = name.lower().replace(" ", ".").translate(str.maketrans("æøåá", "eoaa"))
    person = staff.AddPerson(
        name, f"{mail}@{place.name.lower()}.example", service_id, role, title, "00 00 00 00", language
    )
    return staff.add_person(tx, person)


def _shared_child_welfare(tell: Teller) -> None:
    """One service for all four, hosted by the first: too small apart, strong enough together."""
    host, admin = tell.places[0], tell.places[0].people["administrator"][0]
    with tell.by(admin) as tx:
        wanted = staff.KeepService(
            "child_welfare",
            "Fjordregionen barnevernstjeneste",
            "barnevern@fjordvik.example",
            "00 00 00 00",
            covers=tuple(place.id for place in tell.places[1:]),
        )
        service_id = staff.open_service(tx, host.id, wanted)
    for role, title, count in (
        ("unit_leader", "Barnevernsleder", 1),
        ("child_welfare_worker", "Barnevernspedagog", 3),
    ):
        for _ in range(count):
            with tell.by(admin) as tx:
                person = _hire(tx, tell, host, service_id, role, title, "nb")
            host.people.setdefault(role, []).append(person)
    with tell.by(admin) as tx:
        now = next(s for s in staff.services(tx) if s.id == service_id)
        leader = host.people["unit_leader"][0]
        staff.change_service(
            tx, service_id, staff.KeepService(now.kind, now.name, now.mailbox, now.phone, 7, leader)
        )
    for place in tell.places:
        place.services["welfare"] = service_id
        place.people["welfare"] = host.people["child_welfare_worker"]


def register_children(tell: Teller) -> None:
    """Children in schools and kindergartens, put there by somebody who works there, with their parents."""
    for place in tell.places:
        for n in range(CHILDREN_PER_TOWN):
            unit, by = ("school", "teacher") if n % 4 else ("kindergarten", "carer")
            age = tell.dice.randint(6, 15) if unit == "school" else tell.dice.randint(1, 5)
            place.children.setdefault(unit, []).append(_child(tell, place, unit, place.people[by][0], age))


def _child(tell: Teller, place: Place, unit: str, by: UUID, age: int) -> UUID:
    family = tell.pick(words.FAMILIES)
    first = tell.pick(words.GIRLS if tell.dice.random() < 0.5 else words.BOYS)
    born = tell.now.date() - timedelta(days=age * 365 + tell.dice.randint(20, 340))
    group = (
        f"{max(1, age - 5)}{tell.dice.choice('AB')}"
        if unit == "school"
        else tell.dice.choice(("Stjerna", "Månen"))
    )
    with tell.by(by) as tx:
        child_id = children.register(
            tx,
            children.RegisterChild(place.services[unit], first, family, born, group),
            keys=tell.house.keys,
        )
        for relation in ("mother", "father")[: tell.dice.choice((1, 2, 2))]:
            given = tell.pick(words.GIRLS if relation == "mother" else words.BOYS)
            name = f"{given} {tell.pick((family, *words.FAMILIES[:6]))}"
            children.add_guardian(tx, child_id, name=name, relation=relation, phone="00 00 00 00")
    return child_id


def let_time_pass(tell: Teller) -> None:
    """What the clock did meanwhile, and the letters of the past marked as sent when they were written."""
    house, system = tell.house, Actor.system()
    while True:
        with house.begin(system) as tx:
            if not followups.expire_due(tx):
                break
    while True:
        with house.begin(system) as tx:
            waiting = notices.waiting(tx, limit=500)
            for notice_id in waiting:
                notices.mark_sent(tx, notice_id, transport_id="told")
        if not waiting:
            break


def read_oddly(tell: Teller) -> None:
    """An emergency read two days ago, after a misspelt one: the night finds both, for the officer to ask about."""
    place = tell.places[0]
    tell.clock.at = tell.now - timedelta(days=2)
    _live_nearby(tell, place, place.people["teacher"][0])
    with tell.by(place.people["teacher"][0]) as tx:
        [child] = children.suggestions(tx, limit=1)
    for first in (f"{child.first_name}e", child.first_name):
        whom = break_glass.Break(
            first, child.last_name, child.born_on, "police_asked", "Politiet ringte i kveld."
        )
        with suppress(Invalid), tell.by(place.people["child_welfare_worker"][0]) as tx:
            break_glass.break_glass(tx, whom)
    tell.clock.at = tell.now
    with tell.house.begin(Actor.system()) as tx:
        readings.hunt(tx)


def _live_nearby(tell: Teller, place: Place, teacher: UUID) -> None:
    """A teacher reads about children down the road: the night asks about it, and nobody is kept out."""
    with tell.by(place.people["administrator"][0]) as tx:
        homes.keep(tx, tell.house.keys, place.id, Home("Fjordgata 12", "9901"), practitioner_id=teacher)
        tx.without_trail()
    with tell.by(teacher) as tx:
        held = [cases.details(tx, one.id) for one in cases.mine(tx, cases.Wanted(mine_only=True)).cases[:3]]
        about = [one.head.child.id for one in held if one.head.child.kind == About.CHILD]
        for child_id, street in zip(about, ("Fjordgata 7", "Sjøgata 2", "Skolegata 3"), strict=False):
            children.tell_home(tx, child_id, Home(street, "9901"), keys=tell.house.keys)


def fill(database_url: str, owner_url: str, field_key: bytes, *, now: datetime | None = None) -> Teller:
    """Tell the whole region into an empty, migrated database; answers who is who."""
    now = now or datetime.now(UTC).replace(microsecond=0)
    clock = SetClock(now - MONTHS - timedelta(days=5))
    # A telling that breaks off is told anew, so no act of it waits for the disk.
    loose = make_url(database_url).update_query_dict({"options": "-c synchronous_commit=off"})
    house = Casework.from_url(loose.render_as_string(hide_password=False), field_key=field_key, clock=clock)
    house = Casework(house.engine, clock, house.keys, retelling=True)
    tell = Teller(house, clock, now)
    try:
        people_the_region(tell, install(owner_url, clock))
        register_children(tell)
        tell_stories(tell)
        let_families_in(tell)
        ask_for_advice(tell)
        tell_of_others(tell)
        let_time_pass(tell)
        leave_open(tell)
        move_families(tell)
        read_oddly(tell)
        with house.begin(Actor.system()) as tx:
            indicators.refresh(tx)
    finally:
        house.close()
    return tell


def main() -> int:
    """Fill the database the settings name."""
    settings = Settings()
    if settings.environment == "production":
        sys.stderr.write("The demo does not fill a production database.\n")
        return 1
    fill(str(settings.database_url), str(settings.database_owner_url), settings.field_key_bytes)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
