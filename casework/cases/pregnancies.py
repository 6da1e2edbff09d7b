"""A pregnancy ends: with a birth, or without one.

Barnevernsloven is about the child that is born (§ 1-2, to be verified); whoever works in health has duties of their own
towards a pregnant woman who takes drugs (helsepersonelloven § 32, helse- og omsorgstjenesteloven § 10-3, to be
verified). A report of concern is open all the same, as from every file.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import select

from casework import children, consents, identities, logs, printing, relations
from casework.access import Permission
from casework.cases import asides
from casework.children import registering
from casework.children.families import LONGEST
from casework.children.finding import ChildSummary
from casework.refusals import Invalid, NotFound
from casework.transactions import Transaction
from levels.children import NOT_BORN, About, fault_of_delivery
from levels.rosters import same
from records.cases import Case
from records.children import Child, Guardian
from records.municipalities import Municipality

OTHERS = ("father", "co_parent")


@dataclass(frozen=True, slots=True)
class RecordBirth:
    """The child that was born, and the other parent when there is one, who has parental responsibility or not."""

    first_name: str
    last_name: str
    born_on: date
    identity_number: str = ""
    other_name: str = ""
    other_relation: str = "father"
    other_responsible: bool = True
    version: int | None = None
    key: str | None = field(default=None, compare=False)


def pregnancy(
    tx: Transaction, child_id: UUID, permission: Permission = Permission.WRITE_LOG
) -> tuple[ChildSummary, int, UUID | None]:
    """A child not yet born, its version, and its open case, for whoever may say there what became of it.

    Raises NotFound, also when it is born, or NotPermitted.
    """
    row, case = tx.get(Child, child_id), _case(tx, child_id)
    if row.kind not in NOT_BORN or not tx.actor.practice():
        raise NotFound
    if case is not None:
        tx.require(permission, relations.to_case(tx, case))
    tx.note("child", row.id, "read_pregnancy", municipality_id=row.municipality_id)
    return children.one(tx, child_id), row.version, case.id if case else None


def _case(tx: Transaction, child_id: UUID) -> Case | None:
    """The open case, held; raises NotFound to whoever may not see it."""
    case_id = consents.hold(tx, child_id)
    return tx.get(Case, case_id) if case_id else None


def record_birth(
    tx: Transaction, child_id: UUID, wanted: RecordBirth, *, keys: identities.IdentityKeys
) -> UUID | None:
    """The child is born, with a name and a day; answers the case that goes on, if there is one.

    Raises NotFound, NotPermitted, Invalid or Stale.

    From now on everybody with parental responsibility must say yes: services that the other parent has not said yes to
    lose sight in the same transaction. The case goes on, where it was.
    """
    tx.once(wanted.key, "record_birth", child=child_id, wanted=wanted)
    case = _opened(tx, child_id, Permission.WRITE_LOG)
    row = tx.lock(Child, child_id, version=wanted.version)
    if row.kind not in NOT_BORN:
        raise NotFound
    number = _checked(tx, row, wanted)
    row.kind, row.born_on, row.version = About.CHILD.value, wanted.born_on, row.version + 1
    row.first_name, row.last_name = wanted.first_name.strip(), wanted.last_name.strip()
    if number:
        row.identity_cipher, row.identity_index = keys.encrypt(number), keys.index(number)
    registering.claim_number(tx)
    _keep_other(tx, row, wanted)
    tx.note("child", row.id, "record_birth", municipality_id=row.municipality_id)
    if case is not None:
        consents.recheck(tx, case.id, case.municipality_id)
        logs.tell(tx, case, "system", "child_born")
        logs.touch(tx, case)
        tx.note("case", case.id, "record_birth", municipality_id=case.municipality_id)
    tx.result(child_id=row.id)
    return case.id if case else None


def _opened(tx: Transaction, child_id: UUID, permission: Permission) -> Case | None:
    tx.get(Child, child_id)
    case = _case(tx, child_id)
    if not tx.actor.practice():
        raise NotFound
    if case is not None:
        tx.require(permission, relations.to_case(tx, case))
    return case


def _checked(tx: Transaction, row: Child, wanted: RecordBirth) -> str | None:
    number, errors = None, registering.unnamed(wanted.first_name, wanted.last_name)
    assert row.born_on is not None  # noqa: S101 - only a group has no day
    if fault := fault_of_delivery(wanted.born_on, row.born_on, tx.today):
        errors["born_on"] = fault
    if len(wanted.other_name) > LONGEST["name"]:
        errors["other_name"] = "too_long"
    if wanted.other_relation not in OTHERS:
        errors["other_relation"] = "choose_one"
    try:
        number = identities.checked(wanted.identity_number) if wanted.identity_number.strip() else None
    except Invalid as wrong:
        errors |= wrong.errors
    if errors:
        raise Invalid(errors)
    return number


def _keep_other(tx: Transaction, row: Child, wanted: RecordBirth) -> None:
    """The other parent, who may have been written down before birth, when nobody but the woman could answer."""
    name = wanted.other_name.strip()
    if not name:
        return
    family = tx.rows(select(Guardian).where(Guardian.child_id == row.id))
    known = next((one for one in family if same(one.name) == same(name)), None)
    if known is None:
        other = children.KeepGuardian(name, wanted.other_relation, wanted.other_responsible)
        children.write_down(tx, row, other, case_id=None, keys=None)
    elif wanted.other_responsible and not known.responsible:
        known.responsible, known.version = True, known.version + 1


def end_pregnancy(
    tx: Transaction, child_id: UUID, *, version: int | None = None, key: str | None = None
) -> UUID | None:
    """The pregnancy ended without a birth: its case, which it answers, is closed, and no letter goes to the family.

    No measure is evaluated and nothing is to be written. Raises NotFound, NotPermitted, Stale, or Refused while the
    baton is on its way to somebody.
    """
    tx.once(key, "end_pregnancy", child=child_id)
    case = _opened(tx, child_id, Permission.MOVE_CASE)
    row = tx.lock(Child, child_id, version=version)
    if row.kind != About.UNBORN:
        raise NotFound
    row.kind, row.version = About.ENDED.value, row.version + 1
    tx.session.flush()
    tx.note("child", row.id, "end_pregnancy", municipality_id=row.municipality_id)
    if case is not None:
        logs.tell(tx, case, "system", "pregnancy_ended")
        language = tx.get(Municipality, case.municipality_id).language
        reason = printing.word(language, "log", "pregnancy_ended")
        asides.end_with_pregnancy(tx, case, reason=reason)
        tx.session.flush()
        tx.ask("SELECT app.drop_family_letters(:case)", {"case": case.id})
    tx.result(child_id=row.id)
    return case.id if case else None
