"""Why somebody can, or cannot, see a case: the real policy asked on their behalf, and every rule it went by.

Nothing is decided here. The standing and the permissions come from the functions every act asks, with row security set
to the person in question; so the answer is what they would be told. What stands in the case is never part of it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from casework import relations, sign_ins
from casework.access import (
    GRANTS,
    NEEDS_CONSENT,
    ON_CLOSED,
    PRACTICE,
    Actor,
    Permission,
    Relation,
    Role,
    Standing,
    permissions,
)
from casework.refusals import NotFound
from casework.transactions import Transaction
from records.cases import Case

# What each role does besides the files one has a part in; the acts themselves hold these.
BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.EDUCATOR: ("note_worries",),
    Role.HEALTH_NURSE: ("note_worries",),
    Role.COUNSELLOR: ("note_worries",),
    Role.CHILD_WELFARE_WORKER: ("note_worries", "receive_reports", "read_in_emergencies"),
    Role.UNIT_LEADER: ("note_worries", "see_shared_worries", "move_batons", "ask_why", "decide_ties"),
    Role.COORDINATOR: ("see_deadlines_without_names", "see_figures", "decide_ties_of_leaders"),
    Role.MANAGER: ("see_figures",),
    Role.ADMINISTRATOR: ("keep_staff", "keep_guides", "move_batons_unseen"),
    Role.OPERATOR: ("keep_machinery",),
    Role.ARCHIVIST: ("hand_to_archive", "hold_from_deletion"),
    Role.DATA_PROTECTION_OFFICER: ("search_access_log", "judge_odd_readings", "ask_why"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that was asked: its code, whether it counts for the person, and the values its sentence holds."""

    code: str
    holds: bool
    values: dict[str, str | datetime] = field(default_factory=dict)

    @property
    def counts(self) -> str:
        """Whether it `opens`, `shuts`, or is only `told`."""
        if self.code in ("barred", "closed"):
            return ("shuts" if self.code == "barred" else "told") if self.holds else "told"
        if self.code in ("no_relation", "role", "emergency"):
            return "told"
        return "opens" if self.holds else "shuts"


@dataclass(frozen=True, slots=True)
class Why:
    """The answer: who, which case by number, what the person may do there, and every rule in the order it is asked."""

    person_id: UUID
    name: str
    title: str
    case_id: UUID
    case_number: str
    sees_row: bool
    sees_inside: bool
    may: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def reads(self) -> bool:
        """Whether the person reads the case."""
        return Permission.READ_CASE.value in self.may

    @property
    def reads_head(self) -> bool:
        """Whether the person may know of the case."""
        return Permission.READ_CASE_HEAD.value in self.may


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody one may ask about."""

    id: UUID
    name: str
    title: str


def may_ask(tx: Transaction) -> bool:
    """Whether the actor may ask about others: as a leader of somebody, or as data protection officer."""
    return len(colleagues(tx)) > 1


_PEOPLE = """
    SELECT DISTINCT p.id, p.name, p.title FROM practitioners p
    LEFT JOIN assignments a ON a.practitioner_id = p.id AND a.since <= :today
      AND (a.until IS NULL OR a.until >= :today)
    LEFT JOIN services s ON s.id = a.service_id
    WHERE p.id = :actor OR s.leader_id = :actor OR s.municipality_id = ANY (:towns)
      OR s.id IN (SELECT r.service_id FROM service_reaches r WHERE r.municipality_id = ANY (:towns))
    ORDER BY p.name, p.id
"""


def colleagues(tx: Transaction) -> list[Colleague]:
    """Whom the actor may ask about: oneself, those one leads, and as officer everybody at work in the municipality."""
    towns = list(tx.actor.municipalities_as(Role.DATA_PROTECTION_OFFICER))
    values = {"actor": tx.actor.id, "today": tx.today, "towns": towns}
    return tx.ask_for(Colleague, _PEOPLE, values)


def case_by_number(tx: Transaction, number: str) -> UUID:
    """The case of that number, if it is one the actor may ask about; raises NotFound."""
    found: UUID | None = tx.scalar("SELECT app.case_by_number(:number)", number=number.strip())
    if found is None:
        raise NotFound
    return found


def why(tx: Transaction, practitioner_id: UUID, case_id: UUID) -> Why:
    """What somebody may do in a case and why; the question is in the case's trail.

    For oneself, for the leader of both the colleague and the case, and for the data protection officer. Raises
    NotFound to everybody else, and for a case one is kept away from.
    """
    facts = tx.ask("SELECT * FROM app.reason_facts(:who, :case)", {"who": practitioner_id, "case": case_id})
    if not facts:
        raise NotFound
    [row] = facts
    person = sign_ins.actor_for(tx, practitioner_id)
    title = next((one.title for one in colleagues(tx) if one.id == practitioner_id), "")
    sees_row, sees_inside, standing = _as_they_are_told(tx, person, case_id)
    tx.note("case", case_id, "ask_why", municipality_id=row.municipality_id, who=practitioner_id)
    return Why(
        person_id=person.id,
        name=person.name,
        title=title,
        case_id=case_id,
        case_number=row.number,
        sees_row=sees_row,
        sees_inside=sees_inside,
        may=tuple(one.value for one in Permission if one in permissions(standing)),
        rules=_rules(tx, person, row, sees_row, sees_inside),
    )


def _as_they_are_told(tx: Transaction, person: Actor, case_id: UUID) -> tuple[bool, bool, Standing]:
    """What row security and the policy answer the person; to whom the row is hidden has no standing at all."""
    with tx.as_seen_by(person):
        case = tx.session.get(Case, case_id)
        inside = bool(tx.scalar("SELECT :case = ANY (app.visible_cases())", case=case_id))
        standing = relations.to_case(tx, case) if case is not None else Standing()
    return case is not None, inside, standing


def _rules(
    tx: Transaction, person: Actor, row: object, sees_row: bool, sees_inside: bool
) -> tuple[Rule, ...]:
    facts = row._asdict()  # type: ignore[attr-defined]
    found = [Rule("barred", facts["barred_since"] is not None, _since(facts["barred_since"]))]
    found += [Rule(f"relation_{kind}", True) for kind in sorted(facts["kinds"])]
    if facts["offered"]:
        found.append(Rule("relation_offered", True))
    found += [Rule("relation_invited", True, {"service": name}) for name in sorted(facts["invited"])]
    if not (facts["kinds"] or facts["offered"] or facts["invited"]):
        found.append(Rule("no_relation", True))
    if "service" in facts["kinds"] or facts["invited"]:
        found.append(Rule("consent", facts["consent"]))
    found.append(Rule("closed", facts["closed"]))
    found += [
        Rule("role", False, {"role": one.role.value, "service": one.service_name})
        for one in person.memberships
    ]
    until = facts["emergency_until"]
    is_open = until is not None and until > tx.now
    found.append(Rule("emergency", is_open, {"until": until} if is_open else {}))
    found += [Rule("row_policy", sees_row), Rule("row_policy_inside", sees_inside)]
    return tuple(found)


def _since(moment: datetime | None) -> dict[str, str | datetime]:
    return {"since": moment} if moment is not None else {}


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission as the table of access has it for a relation: always, on consent, and whether also when closed."""

    permission: Permission
    on_consent: bool
    when_closed: bool


def grants(relation: Relation) -> tuple[Grant, ...]:
    """What a relation allows, straight from the table every act asks."""
    needs = relation in NEEDS_CONSENT
    return tuple(Grant(one, needs, one in ON_CLOSED) for one in Permission if one in GRANTS[relation])


def matrix() -> list[tuple[Permission, tuple[str, ...]]]:
    """Every permission against every relation: `yes`, `consent` where the family must have agreed, or empty."""
    return [
        (
            one,
            tuple(
                "" if one not in GRANTS[rel] else "consent" if rel in NEEDS_CONSENT else "yes"
                for rel in Relation
            ),
        )
        for one in Permission
    ]


def relations_of(role: Role) -> tuple[Relation, ...]:
    """The relations to a worry or a case that somebody in a role may come to have; none without meeting children."""
    if role not in PRACTICE:
        return ()
    leading = {Relation.LEADER, Relation.SIGNAL_LEADER}
    return tuple(one for one in Relation if role is Role.UNIT_LEADER or one not in leading)
