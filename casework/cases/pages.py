"""One case as its page shows it: where it stands, what comes next, and what the reader may do."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from casework import (
    audit,
    child_views,
    children,
    consents,
    coordinations,
    deadlines,
    guides,
    logs,
    measures,
    meetings,
    notices,
    participations,
    relations,
    relays,
)
from casework.access import Permission, Relation, Standing
from casework.cases import evidence
from casework.refusals import NotFound
from casework.transactions import Transaction
from levels.cases import LEVELS
from levels.guides import Guide, Step, plan_of, tools_of
from records.cases import Case, CaseMove, CaseStep
from records.municipalities import Municipality, Practitioner, Service


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the guide at the present level, and whether it is done."""

    id: str
    name: str
    what: str
    who: str
    how: str
    tools: tuple[str, ...]
    questions: tuple[str, ...]
    state: str
    done_on: date | None
    done_by: str
    note: str
    missing: tuple[str, ...]
    gap: bool
    may_skip: bool


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One of the guide's levels, with when the case was there."""

    id: str
    name: str
    rung: int
    state: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one thing to do now: a code, its values, by when, and the page where it is done."""

    code: str
    values: dict[str, str]
    due_on: date | None
    link: str


@dataclass(frozen=True, slots=True)
class CaseHead:
    """Enough to know which case it is: for the head of every page about it."""

    id: UUID
    number: str
    child: children.ChildSummary
    municipality_id: UUID
    municipality_name: str
    duty_phone: str
    unit_id: UUID
    unit_name: str
    state: str
    level: int | None
    level_id: str
    level_name: str
    level_since: datetime
    holder_id: UUID
    holder_name: str
    holder_title: str
    holder_phone: str
    holder_since: datetime
    holder_is_me: bool
    may_hide: bool
    relay_state: str
    offered_to_name: str
    handover_id: UUID | None
    shared_log: bool
    log_opened_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    closing: dict[str, object] | None
    paused_until: date | None
    came_from: str
    attachments: int
    has_plan: bool
    guide_id: UUID
    guide_name: str
    guide_language: str
    has_parents: bool
    version: int
    allowed: frozenset[str]

    def may(self, permission: str) -> bool:
        """Whether the reader may do this here."""
        return permission in self.allowed


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """The whole case page."""

    head: CaseHead
    levels: tuple[LevelLine, ...]
    steps: tuple[StepLine, ...]
    next_action: NextAction | None
    due: tuple[deadlines.Due, ...]
    measures: tuple[measures.MeasureSummary, ...]
    consents: tuple[consents.ConsentSummary, ...]
    invitations: tuple[coordinations.InvitationSummary, ...]
    meetings: tuple[meetings.MeetingSummary, ...]
    participants: tuple[participations.Participant, ...]
    child_views: tuple[child_views.View, ...]
    log: tuple[logs.Entry, ...]
    readers: tuple[audit.Reading, ...]
    undelivered: int


def opened(tx: Transaction, case_id: UUID, permission: Permission) -> tuple[Case, Standing]:
    """The case and the reader's standing, for whoever may do this to it; raises NotFound or NotPermitted."""
    case = tx.get(Case, case_id)
    standing = relations.to_case(tx, case)
    tx.require(permission, standing)
    return case, standing


def head(tx: Transaction, case_id: UUID, permission: Permission = Permission.READ_CASE) -> CaseHead:
    """The head of a page about a case, for whoever may do this to it; raises NotFound or NotPermitted."""
    case, standing = opened(tx, case_id, permission)
    tx.note("case", case.id, "read_case", municipality_id=case.municipality_id, page=permission.value)
    return head_of(tx, case, standing)


def head_of(tx: Transaction, case: Case, standing: Standing) -> CaseHead:
    """The head of every page about a case."""
    child = children.one(tx, case.child_id)
    town, unit, holder = _around(tx, case)
    offered = tx.session.get(Practitioner, case.offered_to_id) if case.offered_to_id else None
    return CaseHead(
        id=case.id,
        number=case.number,
        child=child,
        municipality_id=town.id,
        municipality_name=town.name,
        duty_phone=town.duty_phone,
        unit_id=unit.id,
        unit_name=unit.name,
        state=case.state,
        level=LEVELS.index(case.state) if case.state in LEVELS else None,
        level_id=case.level_id,
        level_name=guides.level_name(tx, case.guide_id, case.level_id),
        level_since=case.level_since,
        holder_id=holder.id,
        holder_name=holder.name,
        holder_title=holder.title,
        holder_phone=holder.phone,
        holder_since=case.holder_since,
        holder_is_me=holder.id == tx.actor.id,
        may_hide=logs.may_hide(tx, standing),
        relay_state=case.relay_state,
        offered_to_name=offered.name if offered else "",
        handover_id=relays.open_offer(tx, case.id) if offered else None,
        shared_log=case.shared_log,
        log_opened_at=case.log_opened_at,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        closing=case.closing,
        paused_until=case.paused_until,
        came_from=case.came_from,
        attachments=case.attachments,
        has_plan=case.plan_state == "individual_plan",
        guide_id=case.guide_id,
        guide_name=guides.title(tx, case.guide_id),
        guide_language=guides.of(tx, case.guide_id).language,
        has_parents=child.has_parents(tx.today),
        version=case.version,
        allowed=frozenset(p.value for p in relations.granted(standing)),
    )


def _around(tx: Transaction, case: Case) -> tuple[Municipality, Service, Practitioner]:
    wanted = (
        select(Municipality, Service, Practitioner)
        .select_from(Municipality)
        .join(Service, col(Service.id) == case.unit_id)
        .join(Practitioner, col(Practitioner.id) == case.holder_id)
        .where(Municipality.id == case.municipality_id)
    )
    found = tx.session.exec(wanted).first()
    if found is None:
        raise NotFound
    return found


def details(
    tx: Transaction,
    case_id: UUID,
    *,
    log_kinds: tuple[str, ...] = (),
    log_limit: int = 8,
) -> CaseDetails:
    """The case page; reading it is an act the family can see. Raises NotFound or NotPermitted."""
    case, standing = opened(tx, case_id, Permission.READ_CASE)
    readers = tuple(audit.latest_readers(tx, case.id))
    tx.note("case", case.id, "read_case", municipality_id=case.municipality_id)
    shown = head_of(tx, case, standing)
    steps = step_lines(tx, case)
    due = tuple(deadlines.of_case(tx, case.id))
    invited = tuple(coordinations.of_case(tx, case.id))
    tried = tuple(measures.of_case(tx, case.id))
    called = tuple(meetings.of_case(tx, case.id))
    asked = tuple(consents.of_case(tx, case.id))
    page = CaseDetails(
        head=shown,
        levels=level_lines(tx, case),
        steps=steps,
        next_action=None,
        due=due,
        measures=tried,
        consents=asked,
        invitations=invited,
        meetings=called,
        participants=tuple(participations.of_case(tx, case.id)),
        child_views=tuple(child_views.of_case(tx, case.id)),
        log=tuple(logs.entries(tx, case.id, kinds=log_kinds, limit=log_limit + 1)),
        readers=readers,
        undelivered=notices.undelivered(tx, case.id, standing),
    )
    return replace(page, next_action=next_action(tx, page))


def level_lines(tx: Transaction, case: Case) -> tuple[LevelLine, ...]:
    """Every level of the guide with the days the case was there."""
    moved = tx.rows(select(CaseMove).where(CaseMove.case_id == case.id).order_by(col(CaseMove.moved_at)))
    entered: dict[str, date] = {case.level_id: case.level_since.date()}
    left: dict[str, date] = {}
    for one in moved:
        entered.setdefault(one.level_after, one.moved_at.date())
        if one.level_before != one.level_after or one.after == "closed":
            left[one.level_before] = one.moved_at.date()
    lines = []
    for plan in guides.of(tx, case.guide_id).levels:
        now = plan.id == case.level_id and case.state != "closed"
        been = plan.id in left
        state = "now" if now else "done" if been else "later"
        since = case.level_since.date() if now else entered.get(plan.id)
        lines.append(
            LevelLine(plan.id, plan.name, plan.rung, state, since, None if now else left.get(plan.id))
        )
    return tuple(lines)


def step_lines(tx: Transaction, case: Case) -> tuple[StepLine, ...]:
    """The guide's steps at the present level, and what each still asks for."""
    found = tx.rows(
        select(CaseStep, Practitioner.name)
        .join(Practitioner, col(Practitioner.id) == col(CaseStep.done_by_id))
        .where(CaseStep.case_id == case.id, CaseStep.level_id == case.level_id)
        .where(CaseStep.done_at >= case.level_since)
        .order_by(col(CaseStep.done_at))
    )
    done = {step.step_id: (step, name) for step, name in found}
    codes = evidence.of_case(tx, case).codes
    guide = guides.of(tx, case.guide_id)
    plan = plan_of(guide, case.level_id)
    return tuple(_step_line(guide, step, done.get(step.id), codes) for step in (plan.steps if plan else ()))


def _step_line(
    guide: Guide, step: Step, done: tuple[CaseStep, str] | None, codes: frozenset[str]
) -> StepLine:
    row, name = done if done else (None, "")
    missing = tuple(code for code in guides.required(step) if code not in codes)
    return StepLine(
        id=step.id,
        name=step.name,
        what=step.what or "",
        who=step.who or "",
        how=step.how or "",
        tools=tuple(tool.name for tool in tools_of(guide, step)),
        questions=tuple(step.support_questions),
        state=row.outcome if row else "open",
        done_on=row.done_at.date() if row else None,
        done_by=name,
        note=row.note if row else "",
        missing=missing,
        gap=bool(step.gap),
        may_skip=bool(step.skip_allowed),
    )


def next_action(tx: Transaction, page: CaseDetails) -> NextAction | None:
    """The one thing to do now, in the order that loses the least: overdue, waiting, then the guide's step."""
    case = page.head
    base = f"/cases/{case.id}"
    if case.state == "closed":
        return None
    if case.relay_state == "offered":
        return NextAction("baton_waits", {"name": case.offered_to_name}, None, f"/batons/{case.handover_id}")
    late = [due for due in page.due if due.target_on < tx.today]
    if late:
        return _for_due(page, late[0], base)
    waiting = next((c for c in page.consents if c.state == "asked" and c.entitled), None)
    if waiting is not None:
        return NextAction("answer_consent", {"service": waiting.service_name}, None, f"{base}/consents")
    if not page.consents and not case.child.is_group:
        return NextAction("ask_consent", {}, None, f"{base}/consents/new")
    if not page.child_views and case.child.is_born:
        asked = "ask_group" if case.child.is_group else "ask_child"
        return NextAction(asked, {"name": case.child.first_name}, None, f"{base}/child-views/new")
    silent = next((i for i in page.invitations if i.state in ("sent", "expired", "queued")), None)
    if silent is not None and silent.reply_by <= tx.today:
        return NextAction(
            "remind_service", {"service": silent.service_name}, silent.reply_by, f"/invitations/{silent.id}"
        )
    if page.due:
        near = page.due[0]
        if (near.target_on - tx.today).days <= 7:
            return _for_due(page, near, base)
    step = next((s for s in page.steps if s.state == "open"), None)
    if step is not None:
        return NextAction("do_step", {"step": step.name}, None, f"{base}/steps/{step.id}")
    return NextAction("decide_level", {}, None, f"{base}/level")


def _for_due(page: CaseDetails, due: deadlines.Due, base: str) -> NextAction:
    if due.due == "evaluation":
        measure = next((m for m in page.measures if m.id == due.subject_id), None)
        title = measure.title if measure else ""
        return NextAction(
            "evaluate_measure", {"measure": title}, due.target_on, f"/measures/{due.subject_id}"
        )
    if due.due == "reply":
        found = next((i for i in page.invitations if i.id == due.subject_id), None)
        values = {"service": found.service_name if found else ""}
        return NextAction("remind_service", values, due.target_on, f"/invitations/{due.subject_id}")
    if due.due == "times":
        return NextAction("settle_times", {}, due.target_on, f"/meeting-proposals/{due.subject_id}")
    if due.due == "hiding":
        return NextAction("review_hiding", {}, due.target_on, f"/hidings/{due.subject_id}")
    if due.due == "meeting":
        return NextAction("hold_meeting", {}, due.target_on, f"/meetings/{due.subject_id}")
    return NextAction("decide_level", {}, due.target_on, f"{base}/level")


def is_mine(standing: Standing) -> bool:
    """Whether the reader holds the baton."""
    return Relation.HOLDER in standing.relations
