"""Who may do what: one pure table of relation and consent. Barred comes before granted, always."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Permission(StrEnum):
    """Something one may be allowed to do."""

    READ_SIGNAL = "read_signal"
    ADD_TO_SIGNAL = "add_to_signal"
    DECIDE_SIGNAL = "decide_signal"
    READ_CASE = "read_case"
    READ_CASE_HEAD = "read_case_head"
    WRITE_LOG = "write_log"
    MOVE_CASE = "move_case"
    REOPEN_CASE = "reopen_case"
    DO_STEP = "do_step"
    KEEP_CONSENTS = "keep_consents"
    INVITE_SERVICES = "invite_services"
    ANSWER_INVITATION = "answer_invitation"
    CALL_MEETING = "call_meeting"
    WRITE_MINUTES = "write_minutes"
    KEEP_MEASURES = "keep_measures"
    EVALUATE_MEASURE = "evaluate_measure"
    WRITE_CHILD_VIEW = "write_child_view"
    OFFER_BATON = "offer_baton"
    ANSWER_BATON = "answer_baton"
    TAKE_OVER_BATON = "take_over_baton"
    SEE_READERS = "see_readers"
    REPORT_CONCERN = "report_concern"
    LET_FAMILY_IN = "let_family_in"
    ANSWER_FAMILY = "answer_family"
    FETCH_PACKAGE = "fetch_package"
    HOLD_CASE = "hold_case"
    HOLD_SIGNAL = "hold_signal"


class Relation(StrEnum):
    """How somebody stands to a worry or a case right now."""

    AUTHOR = "author"
    SIGNAL_LEADER = "signal_leader"
    HOLDER = "holder"
    LEADER = "leader"
    MEMBER = "member"
    SERVICE = "service"
    OFFERED = "offered"
    INVITED = "invited"


class Role(StrEnum):
    """What somebody is employed to do."""

    EDUCATOR = "educator"
    HEALTH_NURSE = "health_nurse"
    COUNSELLOR = "counsellor"
    CHILD_WELFARE_WORKER = "child_welfare_worker"
    UNIT_LEADER = "unit_leader"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ARCHIVIST = "archivist"


PRACTICE = frozenset(
    {Role.EDUCATOR, Role.HEALTH_NURSE, Role.COUNSELLOR, Role.CHILD_WELFARE_WORKER, Role.UNIT_LEADER}
)

_P = Permission
_INSIDE = frozenset(
    {
        _P.READ_CASE_HEAD,
        _P.READ_CASE,
        _P.WRITE_CHILD_VIEW,
        _P.SEE_READERS,
        _P.REPORT_CONCERN,
        _P.LET_FAMILY_IN,
    }
)
_KEEP = frozenset(
    {
        _P.WRITE_LOG,
        _P.MOVE_CASE,
        _P.DO_STEP,
        _P.KEEP_CONSENTS,
        _P.INVITE_SERVICES,
        _P.CALL_MEETING,
        _P.WRITE_MINUTES,
        _P.KEEP_MEASURES,
        _P.EVALUATE_MEASURE,
        _P.OFFER_BATON,
        _P.REOPEN_CASE,
        _P.ANSWER_FAMILY,
    }
)

GRANTS: dict[Relation, frozenset[Permission]] = {
    Relation.AUTHOR: frozenset({_P.READ_SIGNAL, _P.ADD_TO_SIGNAL, _P.DECIDE_SIGNAL, _P.REPORT_CONCERN}),
    Relation.SIGNAL_LEADER: frozenset(
        {_P.READ_SIGNAL, _P.ADD_TO_SIGNAL, _P.DECIDE_SIGNAL, _P.REPORT_CONCERN, _P.HOLD_SIGNAL}
    ),
    Relation.HOLDER: _INSIDE | _KEEP | {_P.FETCH_PACKAGE},
    Relation.LEADER: _INSIDE
    | {
        _P.WRITE_LOG,
        _P.TAKE_OVER_BATON,
        _P.REOPEN_CASE,
        _P.ANSWER_FAMILY,
        _P.FETCH_PACKAGE,
        _P.HOLD_CASE,
    },
    Relation.MEMBER: _INSIDE | {_P.WRITE_LOG, _P.EVALUATE_MEASURE, _P.DO_STEP},
    Relation.SERVICE: _INSIDE | {_P.WRITE_LOG, _P.EVALUATE_MEASURE, _P.ANSWER_INVITATION},
    Relation.OFFERED: frozenset({_P.READ_CASE_HEAD, _P.ANSWER_BATON, _P.REPORT_CONCERN}),
    Relation.INVITED: frozenset({_P.READ_CASE_HEAD, _P.ANSWER_INVITATION, _P.REPORT_CONCERN}),
}

# A guest from another service stands inside only as far as the family's consent reaches.
NEEDS_CONSENT = frozenset({Relation.SERVICE, Relation.INVITED})

# What remains open on a closed case.
ON_CLOSED = frozenset(
    {
        _P.READ_CASE_HEAD,
        _P.READ_CASE,
        _P.REOPEN_CASE,
        _P.SEE_READERS,
        _P.REPORT_CONCERN,
        _P.LET_FAMILY_IN,
        _P.ANSWER_FAMILY,
        _P.FETCH_PACKAGE,
        _P.HOLD_CASE,
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to one file: relations, whether barred, whether consent reaches, whether closed."""

    relations: frozenset[Relation] = frozenset()
    barred: bool = False
    consent: bool = False
    closed: bool = False


def permissions(standing: Standing) -> frozenset[Permission]:
    """Everything this standing allows; nothing at all to somebody who is barred."""
    if standing.barred:
        return frozenset()
    counted = [r for r in standing.relations if r not in NEEDS_CONSENT or standing.consent]
    granted = frozenset[Permission]().union(*(GRANTS[relation] for relation in counted))
    return granted & ON_CLOSED if standing.closed else granted


def allows(standing: Standing, permission: Permission) -> bool:
    """Whether this standing allows that."""
    return permission in permissions(standing)


@dataclass(frozen=True, slots=True)
class Membership:
    """One role somebody holds in one service today."""

    assignment_id: UUID
    role: Role
    service_id: UUID
    service_kind: str
    service_name: str
    municipality_id: UUID
    leader_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `way` is how they came in: staff at work, a family, jobs, or the door before anybody is known.

    A municipality's identity provider comes by `provisioning`; its id is its token's.
    """

    id: UUID
    name: str = ""
    way: str = "staff"
    memberships: tuple[Membership, ...] = ()
    chosen: UUID | None = None
    language: str = "nb"
    scopes: frozenset[str] | None = field(default=None)

    @classmethod
    def system(cls, name: str = "system") -> "Actor":
        """The house itself, following up; sees no child."""
        return cls(id=SYSTEM_ID, name=name, way="work")

    @classmethod
    def stranger(cls) -> "Actor":
        """Whoever knocks, before signing in; sees sessions and keys, nothing else."""
        return cls(id=SYSTEM_ID, name="door", way="door")

    @classmethod
    def of_family(cls, member_id: UUID, name: str = "", language: str = "nb") -> "Actor":
        """A parent or a youth who came in by the family's own door."""
        return cls(id=member_id, name=name, way="family", language=language)

    @property
    def membership(self) -> Membership | None:
        """The role acted in just now."""
        by_id = {m.assignment_id: m for m in self.memberships}
        return by_id.get(self.chosen) if self.chosen in by_id else next(iter(self.memberships), None)

    @property
    def role(self) -> str:
        """The role written in the trail."""
        return self.membership.role.value if self.membership else self.way

    def has_role(self, *wanted: Role) -> bool:
        """Whether one of these roles is held today, in any service."""
        return any(m.role in wanted for m in self.memberships)

    def municipalities_as(self, role: Role) -> frozenset[UUID]:
        """Where that role is held."""
        return frozenset(m.municipality_id for m in self.memberships if m.role is role)

    def practice(self) -> tuple[Membership, ...]:
        """The memberships in which children are met."""
        return tuple(m for m in self.memberships if m.role in PRACTICE)


SYSTEM_ID = UUID(int=0)
