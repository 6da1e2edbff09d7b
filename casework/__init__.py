"""Acts: what people and machines may do. One act is one function and one transaction."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlalchemy import Engine

from casework import sign_ins
from casework.access import Actor
from casework.identities import IdentityKeys
from casework.ports import Clock, ShiftedClock, WallClock
from casework.transactions import Transaction, transaction
from records.engine import make_engine


class Settings(Protocol):
    """What a house needs to be told; a clock shift only in the demo and in tests."""

    database_url: str
    clock_shift: Path | None

    @property
    def field_key_bytes(self) -> bytes: ...


@dataclass(frozen=True)
class Casework:
    """The engine, the clock and the keys in one object: all a door needs."""

    engine: Engine
    clock: Clock = field(default_factory=WallClock)
    keys: IdentityKeys = field(default_factory=IdentityKeys.for_tests)
    retelling: bool = False

    @classmethod
    def from_url(
        cls, url: str, *, field_key: bytes, clock: Clock | None = None, connections: int = 12
    ) -> "Casework":
        """Connect lazily; `field_key` is 32 bytes and encrypts national identity numbers."""
        return cls(make_engine(url, connections=connections), clock or WallClock(), IdentityKeys(field_key))

    @classmethod
    def from_settings(cls, settings: Settings, *, connections: int = 12) -> "Casework":
        """The house of a process, as its settings say."""
        clock = ShiftedClock(settings.clock_shift) if settings.clock_shift else None
        return cls.from_url(
            settings.database_url, field_key=settings.field_key_bytes, clock=clock, connections=connections
        )

    def begin(self, actor: Actor) -> AbstractContextManager[Transaction]:
        """Open one transaction for one actor."""
        return transaction(self.engine, self.clock, actor, retelling=self.retelling)

    def actor(self, practitioner_id: UUID, *, chosen: UUID | None = None) -> Actor:
        """Who this practitioner is today; raises NotFound for somebody who has left."""
        with self.begin(Actor.stranger()) as tx:
            return sign_ins.actor_for(tx, practitioner_id, chosen=chosen)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
