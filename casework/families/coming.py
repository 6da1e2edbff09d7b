"""How somebody of a family comes in: with a code from a trusted adult, or known by a public sign-in."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from casework import relations, sharing
from casework.access import Permission
from casework.identities import IdentityKeys, checked
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels.children import age_of
from records.base import new_id
from records.cases import Case
from records.children import Child, Guardian
from records.families import FamilyCode

LASTS = timedelta(days=3)
# Without the letters and digits that are taken for one another when they are read aloud or copied by hand.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10


@dataclass(frozen=True, slots=True)
class Code:
    """A code to hand over, shown this once; in two halves, so that it can be read aloud."""

    code: str
    to: str
    expires_at: datetime


def _hashed(code: str) -> str:
    plain = re.sub(r"[^0-9A-Z]", "", code.upper())
    return hashlib.sha256(plain.encode()).hexdigest()


def hand_out(tx: Transaction, case_id: UUID, guardian_id: UUID | None, *, key: str | None = None) -> Code:
    """Make a code for one parent, or for the child itself when `guardian_id` is None.

    Raises NotFound, NotPermitted, or Invalid for a parent who may not look in, a child that is too young to
    come in alone, and a parent whose child is of age.
    """
    tx.once(key, "hand_out_code", case=case_id, guardian=guardian_id)
    case = tx.get(Case, case_id)
    tx.require(Permission.LET_FAMILY_IN, relations.to_case(tx, case))
    child = tx.get(Child, case.child_id)
    name = _allowed(tx, child, guardian_id)
    plain = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    row = FamilyCode(
        municipality_id=case.municipality_id,
        child_id=child.id,
        guardian_id=guardian_id,
        code_hash=_hashed(plain),
        made_by_id=tx.actor.id,
        made_at=tx.now,
        expires_at=tx.now + LASTS,
    )
    tx.add(row)
    tx.note(
        "case",
        case.id,
        "hand_out_code",
        municipality_id=case.municipality_id,
        code=row.id,
        guardian=guardian_id,
    )
    tx.result(case_id=case.id)
    return Code(f"{plain[:5]}-{plain[5:]}", name, row.expires_at)


def _allowed(tx: Transaction, child: Child, guardian_id: UUID | None) -> str:
    age = age_of(child.kind, child.born_on, tx.today) or 0
    what, portal = sharing.What.CONTENT, sharing.Channel.PORTAL
    if guardian_id is None:
        answer = sharing.to_child(what, portal, age=age)
        if not answer.allowed:
            raise Invalid({"guardian_id": answer.reason})
        return child.first_name
    guardian = tx.get(Guardian, guardian_id)
    if guardian.child_id != child.id:
        raise NotFound
    answer = sharing.to_guardian(what, portal, kept_out=guardian.kept_out, age=age)
    if not guardian.responsible or not answer.allowed:
        told = "child_is_of_age" if answer.reason == "child_is_of_age" else "may_not_look"
        raise Invalid({"guardian_id": told})
    return guardian.name


def by_code(tx: Transaction, code: str, born_on: date) -> UUID | None:
    """Whoever was handed this code and knows the child's date of birth; None otherwise, without saying which was wrong.

    A code works once. For the door.
    """
    hashed = _hashed(code)
    values = {"code": hashed, "born": born_on, "fresh": new_id(), "at": tx.now}
    found = tx.ask("SELECT * FROM app.use_family_code(:code, :born, :fresh, :at)", values)
    if not found:
        _tried(tx, hashed)
        return None
    [row] = found
    tx.note(
        "child", row.child_id, "family_came_in", municipality_id=row.municipality_id, member=row.member_id
    )
    return UUID(str(row.member_id))


def _tried(tx: Transaction, hashed: str) -> None:
    """A code that exists and let nobody in is told of in the child's trail; one that does not is nobody's."""
    tx.without_trail()
    for row in tx.ask("SELECT * FROM app.family_code_tried(:code)", {"code": hashed}):
        tx.note(
            "child",
            row.child_id,
            "family_code_failed",
            municipality_id=row.municipality_id,
            code=row.code_id,
        )


def by_number(tx: Transaction, number: str, keys: IdentityKeys) -> UUID | None:
    """Whoever a public sign-in vouches for by national number; None for somebody in no child's file. For the door."""
    try:
        index = keys.index(checked(number))
    except Invalid:
        return None
    found: UUID | None = tx.scalar(
        "SELECT app.family_by_number(:number, :fresh, :at)", number=index, fresh=new_id(), at=tx.now
    )
    tx.without_trail()
    return found
