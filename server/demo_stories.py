"""The children's stories of the demo's region, each as far as it came."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from casework import (
    Casework,
    cases,
    children,
    consents,
    coordinations,
    logs,
    measures,
    meetings,
    relays,
    signals,
)
from casework.access import Actor
from casework.ports import SetClock
from casework.refusals import Refused
from casework.transactions import Transaction
from server import demo_names as words

CASES_PER_TOWN = 33
SIDE_BY_SIDE = 2  # towns told of at once: one waits for the database while the other thinks
# How many days ago a story that came so far began: -1 is a fresh worry, 0 one that was settled, 5 a closed case.
AGO = {-1: (1, 17), 0: (30, 280), 1: (12, 40), 2: (40, 75), 3: (55, 100), 4: (70, 140), 5: (110, 285)}


@dataclass
class Place:
    """A municipality of the region: its services and people by what they are."""

    id: UUID
    name: str
    services: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, list[UUID]] = field(default_factory=dict)
    children: dict[str, list[UUID]] = field(default_factory=dict)


class Teller:
    """Tells the region's past: moves the clock and lets people act."""

    def __init__(self, house: Casework, clock: SetClock, now: datetime) -> None:
        self.house, self.clock, self.now = house, clock, now
        self.dice = random.Random(9901)  # noqa: S311 - a story, not a secret
        self.adults = iter(words.ADULTS)
        self.known: dict[UUID, Actor] = {}
        self.places: list[Place] = []

    def of(self, place: "Place") -> "Teller":
        """Another who tells of one town alone, beside this one: with a clock and dice of their own."""
        clock = SetClock(self.clock.at)
        found = Teller(replace(self.house, clock=clock), clock, self.now)
        found.dice.seed(place.name)
        return found

    def by(self, person: UUID) -> AbstractContextManager[Transaction]:
        """A transaction for somebody; who they are is looked up once, as nobody changes job while it is told."""
        if person not in self.known:
            self.known[person] = self.house.actor(person)
        return self.house.begin(self.known[person])

    def pick(self, some: list[UUID] | tuple[str, ...]):  # type: ignore[no-untyped-def]
        """One of some."""
        return self.dice.choice(some)

    def later(self, least: int, most: int) -> bool:
        """Let some days pass, to an hour at work; False when that is not yet the past."""
        at = self.clock.at + timedelta(days=self.dice.randint(least, most))
        at = at.replace(hour=self.dice.randint(7, 13), minute=self.dice.randint(0, 59))
        if at >= self.now - timedelta(hours=1):
            return False
        self.clock.at = at
        return True


@dataclass
class Thread:
    """One child's story while it is told."""

    place: Place
    unit: str
    child_id: UUID
    author: UUID
    holder: UUID
    goal: int
    case_id: UUID | None = None
    measures: list[UUID] = field(default_factory=list)

    @property
    def case(self) -> UUID:
        """The case, once it is raised."""
        assert self.case_id is not None  # noqa: S101 - raised before
        return self.case_id


def tell_stories(tell: Teller) -> None:
    """Thirty worries and cases a town, each as far as it came, begun on different days."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as crew:
        list(crew.map(lambda place: _tell_of(tell.of(place), place), tell.places))
    tell.clock.at = tell.now


def _tell_of(tell: Teller, place: Place) -> None:
    for n in range(CASES_PER_TOWN + 10):
        unit = "school" if n % 4 else "kindergarten"
        author = tell.pick(place.people["teacher" if unit == "school" else "carer"])
        child_id = place.children[unit].pop()
        goal = (0, 1, 1, 2, 2, 2, 3, 3, 4, 5)[n % 10] if n < CASES_PER_TOWN else -1
        ago = tell.dice.randint(*AGO[goal])
        tell.clock.at = (tell.now - timedelta(days=ago)).replace(hour=9, minute=n)
        with suppress(Refused, StopIteration):
            _tell_one(tell, Thread(place, unit, child_id, author, author, goal))


def _tell_one(tell: Teller, one: Thread) -> None:
    signal_id = _worry(tell, one)
    if one.goal == -1 or not tell.later(2, 9):
        return
    with tell.by(one.author) as tx:
        signals.add(tx, signal_id, kind="talk_guardians", body="Snakket med foreldrene. De ser det samme.")
        signals.share(tx, signal_id)
    if one.goal == 0:
        if tell.later(1, 4):
            with tell.by(one.author) as tx:
                signals.resolve(
                    tx, signal_id, reason="Det gikk over av seg selv.", when=_outcome(tx, signal_id, "close")
                )
        return
    if not tell.later(1, 4):
        return
    _raise(tell, one, signal_id)
    _level_one(tell, one)
    if one.goal >= 3:
        _level_two(tell, one)
    if one.goal == 4:
        _level_three(tell, one)
    _keep_up(tell, one)
    if one.goal >= 5:
        _close(tell, one)


def _level_three(tell: Teller, one: Thread) -> None:
    """Every other stuck case goes on to the top level, with the leisure service asked as well."""
    if tell.dice.random() < 0.5 or not tell.later(3, 10):
        return
    with tell.by(one.holder) as tx:
        logs.write_child_view(tx, one.case, words=tell.pick(words.CHILD_WORDS))
        up = next(w for w in cases.ways(tx, one.case)[1] if w.event == "raise_to_3")
        cases.change_level(
            tx, one.case, cases.ChangeLevel(up.to, up.when, reason="Vi står fast og trenger flere.")
        )


def _keep_up(tell: Teller, one: Thread) -> None:
    """Evaluations on their day; now and then one is forgotten, as people do."""
    while one.measures:
        with tell.by(one.holder) as tx:
            due, first = min((measures.one(tx, each)[0].evaluate_on, each) for each in one.measures)
        day = datetime(due.year, due.month, due.day, 10, tzinfo=UTC)
        if day >= tell.now or day < tell.clock.at or tell.dice.random() < 0.15:
            return
        tell.clock.at = day
        _evaluate(tell, one, first, tell.dice.choice(("on_the_way", "no_change", "on_the_way")))


def _worry(tell: Teller, one: Thread) -> UUID:
    n = tell.dice.randrange(len(words.OBSERVATIONS))
    wanted = signals.NoteSignal(
        one.child_id,
        words.OBSERVATIONS[n],
        tell.dice.choice(("wondering", "worried", "worried")),
        words.THEMES[n],
        ("colleague",),
    )
    with tell.by(one.author) as tx:
        return signals.note(tx, wanted)


def _outcome(tx: Transaction, signal_id: UUID, to: str) -> str | None:
    found = signals.details(tx, signal_id).outcomes
    return next((o.when for o in found if o.to == to), None)


def _raise(tell: Teller, one: Thread, signal_id: UUID) -> None:
    with tell.by(one.author) as tx:
        page = signals.details(tx, signal_id)
        family = [g.id for g in children.guardians(tx, one.child_id) if g.responsible]
        first = next(o for o in page.outcomes if o.rung == 1)
        grown = page.summary.child.age(tx.today) >= 15
        agreed = tuple(signals.Agreed(person, channel="paper") for person in ([None] if grown else family))
        wanted = signals.RaiseSignal(
            first.to, first.when, one.holder, guardians_told_on=tx.today, child_said=tell.pick(words.CHILD_WORDS),
            agreed=agreed, considered=True,
        )  # fmt: skip
        one.case_id = signals.raise_case(tx, signal_id, wanted)


def _level_one(tell: Teller, one: Thread) -> None:
    _write(tell, one)
    _plan(tell, one, tell.dice.choice(words.MEASURES), one.holder)
    _do_steps(tell, one, 3)
    if one.goal >= 2 and tell.later(20, 40):
        _write(tell, one)
        _evaluate(tell, one, one.measures[0], tell.dice.choice(("on_the_way", "no_change")))


def _plan(tell: Teller, one: Thread, measure: tuple[str, str], responsible: UUID) -> None:
    with tell.by(one.holder) as tx:
        wanted = measures.PlanMeasure(*measure, responsible)
        one.measures.append(measures.plan(tx, one.case, wanted))


def _do_steps(tell: Teller, one: Thread, most: int) -> None:
    with tell.by(one.holder) as tx:
        steps = cases.details(tx, one.case).steps[:most]
        for step in [s.id for s in steps if s.state == "open" and not s.missing]:
            with suppress(Refused):
                cases.do_step(tx, one.case, step)


def _write(tell: Teller, one: Thread) -> None:
    if tell.later(1, 6):
        with tell.by(one.holder) as tx:
            logs.write(
                tx,
                one.case,
                logs.WriteEntry(tell.pick(words.LOG), tell.dice.choice(("conversation", "phone_call"))),
            )


def _evaluate(tell: Teller, one: Thread, measure_id: UUID, result: str, onward: str = "continue") -> None:
    with tell.by(one.holder) as tx:
        seen = measures.EvaluateMeasure(
            result, onward, child_said=tell.pick(words.CHILD_WORDS), guardians_said="Litt bedre."
        )
        measures.evaluate(tx, measure_id, seen)


def _others(one: Thread) -> list[str]:
    return ["ppt", "health" if one.unit == "school" else "station"]


def _level_two(tell: Teller, one: Thread) -> None:
    _ask_family(tell, one)
    # Every sixth family has one answer still to come.
    _take_answers(tell, one, waiting=tell.dice.random() < 0.16)
    if not tell.later(1, 7):
        return
    _move_up(tell, one)
    _call_in(tell, one)


def _ask_family(tell: Teller, one: Thread) -> None:
    for service in _others(one):
        question = consents.Question(one.place.services[service], "Vi vil samarbeide om tiltakene.")
        with tell.by(one.holder) as tx:
            consents.ask(tx, one.case, (question,))


def _take_answers(tell: Teller, one: Thread, *, waiting: bool = False) -> None:
    with tell.by(one.holder) as tx:
        asked = [c for c in consents.of_case(tx, one.case) if c.state == "asked"]
    for consent in asked[: len(asked) - waiting]:
        with tell.by(one.holder) as tx:
            consents.record(tx, consent.id, consents.Answer("yes", "oral"))


def _move_up(tell: Teller, one: Thread) -> None:
    with tell.by(one.holder) as tx:
        ways = cases.ways(tx, one.case)[1]
        up = next(w for w in ways if w.event == "raise_to_2")
        logs.write_child_view(tx, one.case, words=tell.pick(words.CHILD_WORDS))
        cases.change_level(
            tx, one.case, cases.ChangeLevel(up.to, up.when, reason="Tiltakene har gitt liten endring.")
        )


def _invite(tell: Teller, one: Thread) -> dict[UUID, UUID]:
    """Ask the other services; answers each one's invitation."""
    with tell.by(one.holder) as tx:
        services = [one.place.services[name] for name in _others(one)]
        asked = tuple(coordinations.Ask(each, tell.pick(words.NEEDS)) for each in services)
        coordinations.invite(tx, one.case, asked)
    with tell.by(one.holder) as tx:
        made = {i.service_id: i.id for i in coordinations.of_case(tx, one.case)}
    with tell.house.begin(Actor.system()) as tx:
        for letter in made.values():
            coordinations.mark_sent(tx, letter)
    _do_steps(tell, one, 2)
    return made


def _call_in(tell: Teller, one: Thread) -> None:
    place, wanted = one.place, _others(one)
    made = _invite(tell, one)
    if not tell.later(1, 6):
        return
    answering = {
        "ppt": place.people["adviser"][0],
        "health": place.people["nurse"][0],
        "station": place.people["health_leader"][0],
    }
    silent = tell.dice.random() < 0.3
    said = coordinations.Reply("yes", "Vi er med.", considered=True)
    for service in wanted[: len(wanted) - silent]:
        with tell.by(answering[service]) as tx:
            coordinations.reply(tx, made[place.services[service]], said)
    inside = [one.holder, *(answering[s] for s in wanted[: len(wanted) - silent])]
    if tell.later(2, 8):
        _meet(tell, one, inside)
    if one.goal >= 4 and tell.later(5, 20):
        _hand_over(tell, one, answering[wanted[-1] if not silent else wanted[0]])


def _meet(tell: Teller, one: Thread, inside: list[UUID]) -> None:
    starts = (tell.clock.at + timedelta(days=3)).replace(hour=8, minute=30)
    with tell.by(one.holder) as tx:
        called = meetings.CallMeeting(
            "joint", starts, starts + timedelta(hours=1), tuple(inside), place="Møterom 2"
        )
        meeting_id = meetings.call(tx, one.case, called)
    if starts + timedelta(hours=2) >= tell.now:
        return
    tell.clock.at = starts + timedelta(hours=1)
    with tell.by(one.holder) as tx:
        said = meetings.HoldMeeting("Enige om tiltak i fem uker.", ("Vi fortsetter med tiltakene",))
        meetings.hold(tx, meeting_id, said)
    _plan(tell, one, tell.dice.choice(words.MEASURES), inside[-1])
    _do_steps(tell, one, 4)


def leave_open(tell: Teller) -> None:
    """What waits on somebody's desk this morning, in every town: a baton offered and services asked yesterday."""
    for place in tell.places:
        tell.clock.at = tell.now - timedelta(hours=20)
        _offer_yesterday(tell, place)
        _ask_yesterday(tell, place)
    tell.clock.at = tell.now


def _offer_yesterday(tell: Teller, place: Place) -> None:
    giver, receiver = place.people["teacher"][:2]
    with tell.by(giver) as tx:
        mine = cases.mine(tx, cases.Wanted(mine_only=True)).cases
    for one in mine[:1]:
        with suppress(Refused), tell.by(giver) as tx:
            offer = relays.OfferBaton(receiver, "Du kjenner familien best.", "Evalueringsmøtet", tx.today)
            relays.offer(tx, one.id, offer)


def _ask_yesterday(tell: Teller, place: Place) -> None:
    for teacher in place.people["teacher"][1:]:
        with tell.by(teacher) as tx:
            mine = cases.mine(tx, cases.Wanted(level=1, mine_only=True)).cases
        for case in mine:
            with tell.by(teacher) as tx:
                child_id = cases.details(tx, case.id).head.child.id
            one = Thread(place, "school", child_id, teacher, teacher, 2, case.id)
            with suppress(Refused):
                _ask_family(tell, one)
                _take_answers(tell, one)
                _move_up(tell, one)
                _invite(tell, one)
                return


def _hand_over(tell: Teller, one: Thread, receiver: UUID) -> None:
    with tell.by(one.holder) as tx:
        offer = relays.OfferBaton(receiver, "Du er nærmest nå.", "Evalueringsmøtet", family_told_on=tx.today)
        handover_id = relays.offer(tx, one.case, offer)
    if tell.dice.random() < 0.7 and tell.later(1, 3):
        with tell.by(receiver) as tx:
            relays.accept(tx, handover_id, considered=True)
        one.holder = receiver


def _close(tell: Teller, one: Thread) -> None:
    if not tell.later(20, 40):
        return
    for measure_id in one.measures:
        _evaluate(tell, one, measure_id, "reached", "end")
    with tell.by(one.holder) as tx:
        logs.write_child_view(tx, one.case, words="Det går fint nå.")
    with tell.by(one.holder) as tx:
        out = next((w for w in cases.ways(tx, one.case)[1] if w.to == "close"), None)
        why = "Målene er nådd, og familien er enig."
        cases.close(tx, one.case, cases.CloseCase(why, out.when if out else None, child_verdict=3))
