"""The family: who a child's guardians are, known only to somebody who meets the child in a file."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from casework import consents, homes, relations, sharing
from casework.access import Permission, allows
from casework.children.finding import ChildSummary, one
from casework.identities import IdentityKeys, checked
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels.children import About, age_of
from levels.families import OF_AGE
from levels.homes import Home, fault_of
from records.cases import Case
from records.children import RELATIONS, Child, Guardian
from records.concern_reports import ConcernReport
from records.signals import Signal

LONGEST = {"name": 200, "phone": 40, "email": 200, "street": 200, "postal_code": 20}
# What families speak, by code, those with letters in their own language first.
LANGUAGES = (
    "nb", "nn", "en", "se", "smj", "sma", "uk", "pl", "lt", "ar", "so", "ti", "fa", "ur", "tr", "ckb", "es", "fr",
    "de", "ro", "ru", "sq", "th", "vi",
)  # fmt: skip
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class GuardianSummary:
    """A parent or other guardian."""

    id: UUID
    name: str
    relation: str
    responsible: bool
    phone: str
    email: str
    language: str
    protected_address: bool
    kept_out: bool
    version: int
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """A child with its guardians, and the case and the worry in which the reader meets it."""

    child: ChildSummary
    guardians: tuple[GuardianSummary, ...]
    case_id: UUID | None
    signal_id: UUID | None
    may_protect: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True)
class KeepGuardian:
    """A guardian's particulars; `responsible` for whoever has parental responsibility (foreldreansvar).

    `kept_out` closes the family's own door to this person, by a court's order or for somebody's safety.
    `identity_number` is what a public sign-in knows the person by; only a keyed hash of it is kept. `street` and
    `postal_code` are compared and never kept (see `levels.homes`); empty they change nothing.
    """

    name: str
    relation: str
    responsible: bool = True
    phone: str = ""
    email: str = ""
    language: str = ""
    protected_address: bool = False
    kept_out: bool = False
    identity_number: str = field(default="", repr=False)
    street: str = field(default="", repr=False)
    postal_code: str = field(default="", repr=False)
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def guardians(
    tx: Transaction, child_id: UUID, channel: sharing.Channel = sharing.Channel.PAGE
) -> list[GuardianSummary]:
    """The child's guardians, those with parental responsibility first.

    How a protected one is reached is shown only to those who must know it, and goes into no file at all. Whoever is of
    age answers alone, and has no guardians any more except in the archive (vergemålsloven § 8).
    """
    child = tx.get(Child, child_id)
    grown = (age_of(child.kind, child.born_on, tx.today) or 0) >= OF_AGE
    if grown and channel is not sharing.Channel.EXPORT:
        return []
    found = tx.rows(
        select(Guardian)
        .where(Guardian.child_id == child_id)
        .order_by(col(Guardian.responsible).desc(), col(Guardian.name))
    )
    needs = any(g.protected_address for g in found) and sharing.needs_contact(tx, child_id)
    return [_summary(g, shown=_reaches(g, channel, needs=needs)) for g in found]


def _reaches(guardian: Guardian, channel: sharing.Channel, *, needs: bool) -> bool:
    return sharing.may_share(
        sharing.Sharing(
            what=sharing.What.CONTACT,
            channel=channel,
            reader=sharing.Reader.STAFF,
            protected=guardian.protected_address,
            needs_it=needs,
        )
    ).allowed


def _summary(g: Guardian, *, shown: bool) -> GuardianSummary:
    return GuardianSummary(
        g.id,
        g.name,
        g.relation,
        g.responsible,
        g.phone if shown else "",
        g.email if shown else "",
        g.language,
        g.protected_address,
        g.kept_out,
        g.version,
        masked=not shown,
    )


def family(tx: Transaction, child_id: UUID) -> Family:
    """A child with its guardians; reading it is an act. Raises NotFound to whoever meets the child in no file."""
    case_id, signal_id = _files(tx, child_id)
    child = tx.get(Child, child_id)
    if child.kind == About.GROUP:
        raise NotFound
    tx.note("child", child.id, "read_family", municipality_id=child.municipality_id)
    needs = sharing.needs_contact(tx, child_id)
    family = tuple(guardians(tx, child_id))
    return Family(one(tx, child_id), family, case_id, signal_id, needs, needs and child.protected_address)


def guardian(tx: Transaction, guardian_id: UUID) -> tuple[Family, GuardianSummary]:
    """One guardian in the family, for the page where the particulars are changed; raises NotFound."""
    found = family(tx, _child_of(tx, guardian_id))
    person = next((one for one in found.guardians if one.id == guardian_id), None)
    if person is None:
        raise NotFound
    return found, person


def _files(tx: Transaction, child_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The newest case and worry in which the actor meets the child; raises NotFound when there is no file.

    Row security opens the family to everybody in app.filed_children(). An invitation not yet answered, a baton
    only offered and a consent that does not reach are too little for it here.
    """
    kept = tx.rows(select(Case).where(Case.child_id == child_id).order_by(col(Case.opened_at).desc()))
    cases = [case.id for case in kept if allows(relations.to_case(tx, case), Permission.READ_CASE)]
    signals = tx.rows(
        select(Signal.id).where(Signal.child_id == child_id).order_by(col(Signal.noted_at).desc())
    )
    reports = tx.rows(select(ConcernReport.id).where(ConcernReport.child_id == child_id))
    if not tx.actor.practice() or not (cases or signals or reports):
        raise NotFound
    return next(iter(cases), None), next(iter(signals), None)


def _child_of(tx: Transaction, guardian_id: UUID) -> UUID:
    found: UUID | None = tx.session.exec(select(Guardian.child_id).where(Guardian.id == guardian_id)).first()
    if found is None:
        raise NotFound
    return found


def add_guardian(
    tx: Transaction,
    child_id: UUID,
    *,
    name: str,
    relation: str,
    responsible: bool = True,
    phone: str = "",
    email: str = "",
    language: str = "",
    protected_address: bool = False,
    kept_out: bool = False,
    identity_number: str = "",
    street: str = "",
    postal_code: str = "",
    keys: IdentityKeys | None = None,
    key: str | None = None,
) -> UUID:
    """Write down a guardian of a child in the actor's units, or of one met in a file; raises NotFound or Invalid.

    One more with parental responsibility is one more who must consent: services that this person has not said
    yes to lose sight of the child's case in the same transaction.
    """
    wanted = KeepGuardian(
        name, relation, responsible, phone, email, language, protected_address, kept_out, identity_number,
        street, postal_code,
    )  # fmt: skip
    tx.once(key, "add_guardian", child=child_id, wanted=wanted)
    child = tx.get(Child, child_id)
    if not tx.scalar("SELECT :unit = ANY (app.my_units())", unit=child.unit_id):
        _files(tx, child_id)
    row = write_down(tx, child, wanted, case_id=consents.hold(tx, child_id), keys=keys)
    tx.result(guardian_id=row.id, child_id=child.id)
    return row.id


def write_down(
    tx: Transaction, child: Child, wanted: KeepGuardian, *, case_id: UUID | None, keys: IdentityKeys | None
) -> Guardian:
    """Write down a guardian. The caller has asked whether the actor may, and holds the child's open case, `case_id`.

    Raises Invalid.
    """
    _check_guardian(wanted)
    _check_alone(tx, child, wanted)
    particulars = {**_particulars(wanted), **_number(wanted, keys)}
    row = Guardian(child_id=child.id, municipality_id=child.municipality_id, **particulars)
    tx.add(row)
    _live(tx, keys, row, child, wanted)
    if row.responsible and case_id is not None:
        consents.recheck(tx, case_id, child.municipality_id)
    tx.note("child", child.id, "add_guardian", municipality_id=child.municipality_id, guardian=row.id)
    return row


def keep_guardian(
    tx: Transaction, guardian_id: UUID, wanted: KeepGuardian, *, keys: IdentityKeys | None = None
) -> UUID:
    """Change a guardian's particulars. Raises NotFound, Invalid or Stale.

    When parental responsibility begins or ends, those who must consent are others than before, and services that
    consent does not reach any more lose sight of the child's case in the same transaction.
    """
    tx.once(wanted.key, "keep_guardian", guardian=guardian_id, wanted=wanted)
    child_id = _child_of(tx, guardian_id)
    _files(tx, child_id)
    _check_guardian(wanted)
    case_id = consents.hold(tx, child_id)
    row = tx.lock(Guardian, guardian_id, version=wanted.version)
    child = tx.get(Child, child_id)
    _check_alone(tx, child, wanted, row.id)
    particulars = {**_particulars(wanted), **_number(wanted, keys)}
    needs = row.protected_address and sharing.needs_contact(tx, child_id)
    if not _reaches(row, sharing.Channel.PAGE, needs=needs):
        _leave_hidden(particulars)
    changed = {name: value for name, value in particulars.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    _live(tx, keys, row, child, wanted)
    if "responsible" in changed and case_id is not None:
        consents.recheck(tx, case_id, row.municipality_id)
    tx.note(
        "child",
        child_id,
        "keep_guardian",
        municipality_id=row.municipality_id,
        guardian=row.id,
        changed=[*changed],
    )
    tx.result(guardian_id=row.id, child_id=child_id)
    return row.id


def _particulars(wanted: KeepGuardian) -> dict[str, Any]:
    return {
        "name": wanted.name.strip(),
        "relation": wanted.relation,
        "responsible": wanted.responsible,
        "phone": wanted.phone.strip(),
        "email": wanted.email.strip(),
        "language": wanted.language,
        "protected_address": wanted.protected_address,
        "kept_out": wanted.kept_out,
    }


def _leave_hidden(particulars: dict[str, Any]) -> None:
    """Whoever is not shown how somebody is reached may write something new, and lifts no protection."""
    for name in ("phone", "email", "protected_address"):
        if not particulars[name]:
            del particulars[name]


def _number(wanted: KeepGuardian, keys: IdentityKeys | None) -> dict[str, Any]:
    """The keyed hash of a number that was written; an empty field leaves what stands there."""
    if keys is None or not wanted.identity_number.strip():
        return {}
    return {"identity_index": keys.index(checked(wanted.identity_number))}


def _live(
    tx: Transaction, keys: IdentityKeys | None, row: Guardian, child: Child, wanted: KeepGuardian
) -> None:
    """What is known of where the guardian lives, and the child: nothing once the address is protected."""
    if keys is not None:
        home = Home(wanted.street, wanted.postal_code)
        homes.keep(tx, keys, child.municipality_id, home, guardian_id=row.id)
    homes.forget_hidden(tx, child.id, guarded=row.protected_address)


def _check_guardian(wanted: KeepGuardian) -> None:
    errors = {name: "too_long" for name, most in LONGEST.items() if len(getattr(wanted, name)) > most}
    if not wanted.name.strip():
        errors["name"] = "write_something"
    if wanted.relation not in RELATIONS:
        errors["relation"] = "choose_one"
    if wanted.email.strip() and not _EMAIL.fullmatch(wanted.email.strip()):
        errors["email"] = "email_wrong"
    if wanted.language and wanted.language not in LANGUAGES:
        errors["language"] = "choose_one"
    errors |= fault_of(Home(wanted.street, wanted.postal_code))
    if errors:
        raise Invalid(errors)


def _check_alone(
    tx: Transaction, child: Child, wanted: KeepGuardian, guardian_id: UUID | None = None
) -> None:
    """A group has no family (NotFound), and before birth nobody but the pregnant woman answers; raises Invalid."""
    if child.kind == About.GROUP:
        raise NotFound
    if child.kind == About.CHILD or not wanted.responsible:
        return
    answers = select(Guardian.id).where(Guardian.child_id == child.id, Guardian.responsible)
    # She was written down with the pregnancy, so whoever is added is somebody else.
    if guardian_id is None or wanted.relation != "mother" or set(tx.rows(answers)) - {guardian_id}:
        raise Invalid({"responsible": "nobody_else_before_birth"})


def protect(tx: Transaction, child_id: UUID, *, protected: bool, key: str | None = None) -> UUID:
    """Say that a child's address is protected, or is so no longer: for whoever must be able to reach the family.

    From then on, where the child can be met is shown to no parent who is not protected too, and leaves the house in no
    calendar. Raises NotFound to everybody else.
    """
    tx.once(key, "protect_child", child=child_id, protected=protected)
    _files(tx, child_id)
    if not sharing.needs_contact(tx, child_id):
        raise NotFound
    child = tx.get(Child, child_id)
    if not tx.scalar("SELECT app.protect_child(:child, :hidden)", child=child_id, hidden=protected):
        raise NotFound
    homes.forget_hidden(tx, child_id)
    tx.note("child", child_id, "protect_child", municipality_id=child.municipality_id, protected=protected)
    tx.result(child_id=child_id)
    return child_id


def tell_home(
    tx: Transaction, child_id: UUID, home: Home, *, keys: IdentityKeys, key: str | None = None
) -> UUID:
    """Say where a child lives, for whoever meets it in a file; a mark is kept, unless somebody's address is protected.

    Raises NotFound or Invalid.
    """
    tx.once(key, "tell_home", child=child_id)
    _files(tx, child_id)
    child = tx.get(Child, child_id)
    if child.kind == About.GROUP:
        raise NotFound
    if errors := fault_of(home) or ({} if home.street.strip() else {"street": "write_something"}):
        raise Invalid(errors)
    homes.keep(tx, keys, child.municipality_id, home, child_id=child_id)
    tx.note("child", child_id, "tell_home", municipality_id=child.municipality_id)
    tx.result(child_id=child_id)
    return child_id
