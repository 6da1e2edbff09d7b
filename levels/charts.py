"""The strict chart: refuses loudly, names every unmet guard, is pooled per thread and never holds a row.

python-statemachine's own defaults swallow unknown events and errors; here they are refusals. A guard is the
name of a boolean on the facts, never an expression, so that a refusal can list what is missing.
"""

import functools
import threading
from dataclasses import dataclass
from typing import Any, ClassVar

from statemachine import StateChart

from levels.consequences import Consequence


class Refused(Exception):
    """The move is not open; `unmet` names everything that is missing."""

    def __init__(self, chart: str, state: str, event: str, unmet: tuple[str, ...]) -> None:
        super().__init__(f"{chart}: {event} from {state} is not open: {', '.join(unmet)}")
        self.chart, self.state, self.event, self.unmet = chart, state, event, unmet


@dataclass(frozen=True, slots=True)
class Move:
    """A transition that has been decided: where from, where to, and what must follow."""

    chart: str
    event: str
    before: str
    after: str
    consequences: tuple[Consequence, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A move as seen from a state: open when nothing is unmet."""

    event: str
    target: str
    unmet: tuple[str, ...]

    @property
    def open(self) -> bool:
        return not self.unmet


@dataclass(frozen=True, slots=True)
class _Route:
    target: str
    guards: tuple[str, ...]


class _Holder:
    """The only thing a machine is allowed to remember, and only for the length of one move."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _guard(name: str) -> Any:
    def guard(self: "Chart", facts: Any) -> bool:  # noqa: ARG001 - the library calls it bound
        return bool(getattr(facts, name))

    guard.__name__ = name
    return guard


class Chart(StateChart[Any]):
    """Base of every chart. Subclasses set `Facts` and `follows`, then declare states and events."""

    allow_event_without_transition = False
    catch_errors_as_events = False
    atomic_configuration_update = True

    Facts: ClassVar[type]
    follows: ClassVar[dict[str, tuple[Consequence, ...]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give the machine one guard method per boolean fact, so that definitions name facts directly."""
        super().__init_subclass__(**kwargs)
        for name in getattr(cls.Facts, "__dataclass_fields__", {}):
            if name not in cls.__dict__:
                setattr(cls, name, _guard(name))


@functools.cache
def routes(chart: type[Chart]) -> dict[str, dict[str, tuple[_Route, ...]]]:
    """Every state's events with their routes, read once from the definition."""
    table: dict[str, dict[str, tuple[_Route, ...]]] = {}
    for state in chart.states:
        events: dict[str, list[_Route]] = {}
        for transition in state.transitions:
            guards = tuple(str(spec.attr_name) for spec in transition.cond)
            for event in map(str, transition.events):
                events.setdefault(event, []).append(_Route(str(transition.target.value), guards))
        table[str(state.value)] = {event: tuple(found) for event, found in events.items()}
    return table


def states(chart: type[Chart]) -> tuple[str, ...]:
    """The values a row's state column may hold."""
    return tuple(str(state.value) for state in chart.states)


def events(chart: type[Chart]) -> tuple[str, ...]:
    """Every event the chart knows."""
    return tuple(sorted({event for found in routes(chart).values() for event in found}))


def guards(chart: type[Chart]) -> tuple[str, ...]:
    """Every guard the chart may report as unmet."""
    table = routes(chart)
    return tuple(
        sorted(
            {
                name
                for found in table.values()
                for ways in found.values()
                for way in ways
                for name in way.guards
            }
        )
    )


def _offer(chart: type[Chart], state: str, event: str, facts: Any) -> Offer | None:
    ways = routes(chart)[state].get(event)
    if not ways:
        return None
    weighed = [(tuple(name for name in way.guards if not getattr(facts, name)), way.target) for way in ways]
    unmet, target = min(weighed, key=lambda pair: len(pair[0]))
    return Offer(event, target, unmet)


def offers(chart: type[Chart], state: str, facts: Any) -> tuple[Offer, ...]:
    """Every move from here, open or with what is unmet."""
    found = (_offer(chart, state, event, facts) for event in routes(chart)[state])
    return tuple(offer for offer in found if offer is not None)


def start(chart: type[Chart]) -> str:
    """The state a new thing begins in."""
    return next(str(state.value) for state in chart.states if state.initial)


_pool = threading.local()


def _machine(chart: type[Chart], state: str) -> Chart:
    machines: dict[type[Chart], Chart] = _pool.__dict__.setdefault("machines", {})
    machine = machines.get(chart)
    if machine is None or machine.is_terminated:
        machine = machines[chart] = chart(_Holder(start(chart)))
    machine.model.state = state
    return machine


def move(chart: type[Chart], state: str, event: str, facts: Any) -> Move:
    """Decide one move from `state`; raises Refused with every unmet guard, or `unknown_event`."""
    offer = _offer(chart, state, event, facts)
    if offer is None:
        raise Refused(chart.__name__, state, event, ("not_from_here",))
    if offer.unmet:
        raise Refused(chart.__name__, state, event, offer.unmet)
    return decided(chart, state, event, facts)


@functools.lru_cache(maxsize=4096)
def decided(chart: type[Chart], state: str, event: str, facts: Any) -> Move:
    """What the machine makes of an open move; a chart remembers nothing, so the same question has the same answer."""
    machine = _machine(chart, state)
    machine.send(event, facts=facts)
    return Move(chart.__name__, event, state, str(machine.model.state), chart.follows.get(event, ()))
