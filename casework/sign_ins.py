"""Signing in and out: who a token stands for. Only hashes are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from casework.access import Actor, Membership, Role
from casework.refusals import NotFound
from casework.transactions import Transaction
from records.families import FamilyMember
from records.municipalities import ApiToken, Assignment, Municipality, Practitioner, Service, SignIn

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
WARN_BEFORE = timedelta(minutes=2)
PROVED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in browser: who, until when, and the token its forms must carry.

    `proved` tells whether it signed in, or proved anew who it is, within the last quarter of an hour.
    """

    actor: Actor
    csrf: str
    language: str | None
    ends_at: datetime
    municipality_name: str
    method: str
    proved: bool = True


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody one may try being in the demo."""

    practitioner_id: UUID
    assignment_id: UUID
    name: str
    title: str
    role: str
    service_name: str
    service_kind: str
    municipality_name: str


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# Asked before every page, so in one question: who, what they are employed as today, and where.
_HELD = """
    a.id AS assignment_id, a.role, s.id AS service_id, s.kind AS service_kind, s.name AS service_name,
    s.municipality_id, s.leader_id
"""
_TODAY = "a.since <= :today AND (a.until IS NULL OR a.until >= :today)"
_AT_WORK = "(p.left_on IS NULL OR p.left_on >= :today)"
_WHO = f"""
    SELECT p.name, p.language, {_HELD}
    FROM practitioners p JOIN assignments a ON a.practitioner_id = p.id AND {_TODAY}
    JOIN services s ON s.id = a.service_id
    WHERE p.id = :person AND {_AT_WORK} ORDER BY a.since, a.id
"""  # noqa: S608 - our own words only
_VISIT = f"""
    SELECT v.id, v.csrf, v.language AS read_in, v.method, v.started_at, v.seen_at, v.proved_at,
      v.assignment_id AS chosen, v.practitioner_id, v.member_id, m.name AS town,
      coalesce(f.name, p.name) AS name, coalesce(f.language, p.language) AS language, {_HELD}
    FROM sign_ins v LEFT JOIN family_members f ON f.id = v.member_id
    LEFT JOIN practitioners p ON p.id = v.practitioner_id AND {_AT_WORK}
    LEFT JOIN assignments a ON a.practitioner_id = p.id AND {_TODAY}
    LEFT JOIN services s ON s.id = a.service_id
    LEFT JOIN municipalities m ON m.id = coalesce(s.municipality_id, f.municipality_id)
    WHERE v.token_hash = :token AND v.ended_at IS NULL ORDER BY a.since, a.id
"""  # noqa: S608 - our own words only
_AWAKE = "UPDATE sign_ins SET seen_at = :now WHERE id = :id"


def _membership(row: Any) -> Membership:
    return Membership(
        row.assignment_id,
        Role(row.role),
        row.service_id,
        row.service_kind,
        row.service_name,
        row.municipality_id,
        row.leader_id,
    )


def actor_for(tx: Transaction, practitioner_id: UUID, *, chosen: UUID | None = None) -> Actor:
    """Who a practitioner is today; raises NotFound for somebody who has left or holds no role."""
    found = tx.ask(_WHO, {"person": practitioner_id, "today": tx.today})
    if not found:
        raise NotFound
    return Actor(
        id=practitioner_id,
        name=found[0].name,
        memberships=tuple(map(_membership, found)),
        chosen=chosen,
        language=found[0].language,
    )


def start(tx: Transaction, practitioner_id: UUID, *, method: str, assignment_id: UUID | None = None) -> str:
    """Begin a visit and answer its token, shown once; raises NotFound for somebody who may not come in."""
    actor = actor_for(tx, practitioner_id, chosen=assignment_id)
    assert actor.membership is not None  # noqa: S101 - actor_for refuses people without a role
    return _begin(tx, method, practitioner_id=practitioner_id, assignment_id=assignment_id)


def start_family(tx: Transaction, member_id: UUID, *, method: str) -> str:
    """Begin a visit by the family's own door and answer its token, shown once; raises NotFound for a stranger."""
    tx.get(FamilyMember, member_id)
    return _begin(tx, method, member_id=member_id)


def _begin(
    tx: Transaction,
    method: str,
    *,
    practitioner_id: UUID | None = None,
    assignment_id: UUID | None = None,
    member_id: UUID | None = None,
) -> str:
    token = secrets.token_urlsafe(32)
    row = SignIn(
        token_hash=_hashed(token),
        practitioner_id=practitioner_id,
        assignment_id=assignment_id,
        member_id=member_id,
        csrf=secrets.token_urlsafe(24),
        method=method,
        started_at=tx.now,
        seen_at=tx.now,
    )
    tx.add(row)
    tx.without_trail()
    return token


def visit(tx: Transaction, token: str, *, awake: bool = True) -> Visit | None:
    """The visit a token stands for, or None when it has run out; keeps it awake once a minute.

    Not `awake`, for the question whether the visit is about to end, which keeps nothing awake.
    """
    found = tx.ask(_VISIT, {"token": _hashed(token), "today": tx.today})
    if not found:
        return None
    row = found[0]
    ends_at = min(row.seen_at + IDLE, row.started_at + LONGEST)
    actor = _visitor(row, found)
    if tx.now >= ends_at or actor is None:
        return None
    if awake and tx.now - row.seen_at > timedelta(minutes=1):
        tx.ask(_AWAKE, {"now": tx.now, "id": row.id})
        tx.without_trail()
    home = actor.membership
    town = next((one.town for one in found if home is None or one.assignment_id == home.assignment_id), "")
    proved = tx.now - (row.proved_at or row.started_at) < PROVED_FOR
    return Visit(actor, row.csrf, row.read_in, ends_at, town or "", row.method, proved)


def _visitor(row: Any, found: list[Any]) -> Actor | None:
    if row.member_id is not None:
        return Actor.of_family(row.member_id, row.name, row.language)
    if row.assignment_id is None:
        return None
    memberships = tuple(map(_membership, found))
    return Actor(
        id=row.practitioner_id,
        name=row.name,
        memberships=memberships,
        chosen=row.chosen,
        language=row.language,
    )


def end(tx: Transaction, token: str) -> None:
    """End a visit; ending one that has ended is no fault."""
    row = tx.session.exec(select(SignIn).where(SignIn.token_hash == _hashed(token))).first()
    if row is not None and row.ended_at is None:
        row.ended_at = tx.now
        tx.without_trail()


def prove(tx: Transaction, token: str, practitioner_id: UUID) -> bool:
    """Take note that whoever has this visit has proved anew who they are; False when it is somebody else's."""
    row = tx.session.exec(select(SignIn).where(SignIn.token_hash == _hashed(token))).first()
    if row is None or row.ended_at is not None or row.practitioner_id != practitioner_id:
        return False
    row.proved_at = tx.now
    tx.without_trail()
    return True


def choose(
    tx: Transaction, token: str, *, assignment_id: UUID | None = None, language: str | None = None
) -> None:
    """Act in another of one's own roles, or read in another language; raises NotFound for a role not held."""
    row = tx.session.exec(select(SignIn).where(SignIn.token_hash == _hashed(token))).first()
    if row is None:
        raise NotFound
    if assignment_id is not None:
        if row.practitioner_id is None:
            raise NotFound
        held = {m.assignment_id for m in actor_for(tx, row.practitioner_id).memberships}
        if assignment_id not in held:
            raise NotFound
        row.assignment_id = assignment_id
    if language is not None:
        row.language = language
    tx.without_trail()


def known_as(tx: Transaction, *, subject: str, email: str | None) -> UUID | None:
    """The practitioner a sign-in provider means: by subject, or the first time by verified e-mail."""
    person = tx.session.exec(select(Practitioner).where(Practitioner.subject == subject)).first()
    if person is None and email:
        person = tx.session.exec(
            select(Practitioner).where(
                col(Practitioner.email) == email.lower(), col(Practitioner.subject).is_(None)
            )
        ).first()
        if person is not None:
            person.subject = subject
            tx.without_trail()
    return person.id if person else None


def by_email(tx: Transaction, email: str) -> UUID | None:
    """The practitioner with this address, or None."""
    found = tx.session.exec(
        select(Practitioner).where(col(Practitioner.email) == email.strip().lower())
    ).first()
    return found.id if found else None


def towns(tx: Transaction) -> list[tuple[UUID, str]]:
    """Every municipality of the house by name; the doors show this in the demo only."""
    found = tx.session.exec(select(Municipality.id, Municipality.name).order_by(col(Municipality.name)))
    return [(row[0], row[1]) for row in found]


def personas(tx: Transaction, municipality_ids: list[UUID]) -> list[Persona]:
    """Everybody one may try being in some municipalities; the doors show this in the demo only."""
    found = tx.rows(
        select(Practitioner, Assignment, Service, Municipality)
        .join(Assignment, col(Assignment.practitioner_id) == col(Practitioner.id))
        .join(Service, col(Service.id) == col(Assignment.service_id))
        .join(Municipality, col(Municipality.id) == col(Service.municipality_id))
        .where(col(Municipality.id).in_(municipality_ids))
        .where(col(Practitioner.left_on).is_(None), Assignment.since <= tx.today)
        .where(or_(col(Assignment.until).is_(None), col(Assignment.until) >= tx.today))
        .order_by(col(Municipality.name), col(Service.kind), col(Service.name), col(Practitioner.name))
        .order_by(col(Assignment.id))
    )
    return [Persona(p.id, a.id, p.name, p.title, a.role, s.name, s.kind, m.name) for p, a, s, m in found]


@dataclass(frozen=True, slots=True)
class FamilyPersona:
    """A parent or youth one may try being in the demo."""

    member_id: UUID
    name: str
    came_as: str
    municipality_name: str


def family_personas(tx: Transaction, municipality_ids: list[UUID]) -> list[FamilyPersona]:
    """Families one may try being in some municipalities; the doors show this in the demo only."""
    found = tx.rows(
        select(FamilyMember, Municipality.name)
        .join(Municipality, col(Municipality.id) == col(FamilyMember.municipality_id))
        .where(col(FamilyMember.municipality_id).in_(municipality_ids))
        .order_by(col(Municipality.name), col(FamilyMember.came_as), col(FamilyMember.name))
    )
    return [FamilyPersona(one.id, one.name, one.came_as, town) for one, town in found]


def issue_token(
    tx: Transaction, practitioner_id: UUID, *, name: str, scopes: tuple[str, ...], days: int = 365
) -> str:
    """A key for a machine acting for one practitioner, shown once."""
    actor_for(tx, practitioner_id)
    token = "stf_" + secrets.token_urlsafe(32)
    tx.add(
        ApiToken(
            token_hash=_hashed(token),
            name=name,
            practitioner_id=practitioner_id,
            scopes=list(scopes),
            issued_at=tx.now,
            expires_at=tx.now + timedelta(days=days),
        )
    )
    tx.without_trail()
    return token


@dataclass(frozen=True, slots=True)
class TokenSummary:
    """A machine's key that holds, without the key."""

    id: UUID
    name: str
    holder_email: str
    scopes: tuple[str, ...]
    expires_at: datetime


def tokens(tx: Transaction) -> list[TokenSummary]:
    """Every machine's key that holds now, the next to end first."""
    found = tx.rows(
        select(ApiToken, Practitioner)
        .join(Practitioner, col(Practitioner.id) == col(ApiToken.practitioner_id))
        .where(col(ApiToken.revoked_at).is_(None), ApiToken.expires_at > tx.now)
        .order_by(col(ApiToken.expires_at), col(ApiToken.id))
    )
    return [TokenSummary(t.id, t.name, p.email, tuple(t.scopes), t.expires_at) for t, p in found]


def revoke_token(tx: Transaction, token_id: UUID) -> None:
    """End a machine's key from now on; raises NotFound when none that holds has this id."""
    row = tx.session.get(ApiToken, token_id)
    if row is None or row.revoked_at is not None or row.expires_at <= tx.now:
        raise NotFound
    row.revoked_at = tx.now
    tx.without_trail()


def bearer(tx: Transaction, token: str) -> Actor | None:
    """Who a machine's key acts for and within which scopes, or None."""
    row = tx.session.exec(select(ApiToken).where(ApiToken.token_hash == _hashed(token))).first()
    if row is None or row.revoked_at is not None or row.expires_at <= tx.now:
        return None
    try:
        actor = actor_for(tx, row.practitioner_id)
    except NotFound:
        return None
    return Actor(
        id=actor.id,
        name=actor.name,
        memberships=actor.memberships,
        language=actor.language,
        scopes=frozenset(row.scopes),
    )
