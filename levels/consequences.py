"""What a move may ask for. A chart names consequences; casework carries them out as rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StartClock:
    """Start every clock of the guide that begins with this event."""

    event: str


@dataclass(frozen=True, slots=True)
class StopClock:
    """Meet every running deadline that waits for this."""

    due: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Write a notice of this kind to whoever plays this part in the case."""

    kind: str
    to: str


@dataclass(frozen=True, slots=True)
class StartFlow:
    """Ask the courier to start this flow after the commit."""

    name: str


@dataclass(frozen=True, slots=True)
class PassBaton:
    """Make the receiver or the leader the holder; the former holder keeps reading as consent allows."""

    to: str


@dataclass(frozen=True, slots=True)
class GrantAccess:
    """Let the answering service into the case from now on."""


@dataclass(frozen=True, slots=True)
class EndAccess:
    """Take the service's, or on closing every guest's, access away from now on."""


Consequence = StartClock | StopClock | Notify | StartFlow | PassBaton | GrantAccess | EndAccess
