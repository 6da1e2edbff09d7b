"""How people want to be told, and the daily digest that says only how many things wait."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from casework.notices.letters import write
from casework.refusals import Invalid
from casework.transactions import Transaction
from levels.notices import About, Way, ways
from levels.workdays import is_workday
from records.municipalities import Practitioner
from records.notices import NoticeChoice


@dataclass(frozen=True, slots=True)
class Choice:
    """How the actor is told of one kind of event, and which ways there are."""

    about: str
    way: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """All of the actor's choices, and whether a text message could reach them."""

    choices: tuple[Choice, ...]
    has_phone: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """One kind of event and the way wanted for it."""

    about: str
    way: str


@dataclass(frozen=True, slots=True)
class Choose:
    """What somebody chooses; kinds that are not named stay as they are."""

    choices: tuple[Chosen, ...]
    key: str | None = field(default=None, compare=False)


def choices(tx: Transaction) -> Choices:
    """The actor's own choices; whatever is not chosen goes at once by mail."""
    found = {one.about: one.way for one in _rows(tx)}
    person = tx.get(Practitioner, tx.actor.id)
    listed = tuple(
        Choice(one.value, found.get(one.value, Way.MAIL.value), tuple(w.value for w in ways(one)))
        for one in About
    )
    return Choices(listed, bool(person.phone.strip()))


def choose(tx: Transaction, wanted: Choose) -> UUID:
    """Keep the actor's own choices. Raises Invalid for a way that cannot be had; urgent kinds stay at once."""
    tx.once(wanted.key, "choose_ways", choices=[(one.about, one.way) for one in wanted.choices])
    present = choices(tx)
    allowed = {one.about: one.ways for one in present.choices}
    errors = {
        one.about: "not_a_choice" for one in wanted.choices if one.way not in allowed.get(one.about, ())
    }
    if not present.has_phone:
        errors |= {one.about: "phone_missing" for one in wanted.choices if one.way == Way.SMS}
    if errors:
        raise Invalid(errors)
    rows = {one.about: one for one in _rows(tx)}
    for about, way in {one.about: one.way for one in wanted.choices}.items():
        row = rows.get(about)
        if row is None:
            tx.add(NoticeChoice(practitioner_id=tx.actor.id, about=about, way=way))
        else:
            row.way = way
    tx.without_trail()
    tx.result(practitioner_id=tx.actor.id)
    return tx.actor.id


def _rows(tx: Transaction) -> list[NoticeChoice]:
    wanted = select(NoticeChoice).where(NoticeChoice.practitioner_id == tx.actor.id)
    return tx.rows(wanted.order_by(col(NoticeChoice.about)))


# Whoever has something unseen in the digest and no digest of today yet.
_WAITING = text(
    """
    SELECT n.practitioner_id, (array_agg(n.municipality_id ORDER BY n.written_at DESC))[1] AS municipality_id
    FROM notices n
    WHERE n.channel = 'digest' AND n.state = 'inside' AND n.seen_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM notices d
        WHERE d.practitioner_id = n.practitioner_id AND d.kind = 'digest' AND d.edition = :day)
    GROUP BY n.practitioner_id
    ORDER BY n.practitioner_id
    LIMIT :limit
    """
)


def write_digests(tx: Transaction, *, limit: int = 200) -> int:
    """Write one letter to each person who has something waiting, once a working day; answers how many. For jobs."""
    tx.without_trail()
    if not is_workday(tx.today):
        return 0
    day = tx.today.toordinal()
    found = tx.session.execute(_WAITING, {"day": day, "limit": limit}).all()
    for row in found:
        write(
            tx,
            "digest",
            municipality_id=row.municipality_id,
            subject=("messages", row.practitioner_id),
            practitioner_id=row.practitioner_id,
            edition=day,
        )
    return len(found)
