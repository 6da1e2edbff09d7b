"""What a guide says of acts that are neither a move nor a step: contact, access, services, arenas, the child's voice.

Stafetten cannot stop a telephone call. An act that has already happened is written down as a deviation with a
reason, so that it is seen; one that has not is advised against or held back here.
"""

from levels.guides.codes import Evidence, Kind, ReasonCode
from levels.guides.judging import child_reasons
from levels.guides.models import Guide
from levels.guides.verdicts import Position, Verdict, because, plan_of, step_of, weighed


def judge_contact(
    guide: Guide,
    *,
    violence: bool,
    discussed_with: frozenset[str] = frozenset(),
    with_parents: bool = True,
    assessed: bool = False,
) -> Verdict:
    """Whether the parents may be contacted now. On suspicion of violence the guide may ask others first.

    `discussed_with` holds «child_welfare» and «police» when they have been spoken with directly.
    """
    rule = guide.violence_rule
    if not (violence and with_parents) or discussed_with & set(rule.discuss_with):
        return weighed([])
    if rule.parents_contact == "forbidden_until_discussed":
        others = ", ".join(rule.discuss_with)
        return weighed(
            [because(ReasonCode.DISCUSS_BEFORE_PARENTS, Kind.NOT_IN_GUIDE, rule.text, discuss_with=others)]
        )
    return weighed([] if assessed else [because(ReasonCode.ASSESS_BEFORE_PARENTS, Kind.WARNED, rule.text)])


def judge_access(
    guide: Guide, *, granted_by_holder: bool, position: Position, consent: bool = True
) -> Verdict:
    """Whether a service may read the log now: with consent, let in by the holder, and not before the guide says."""
    plan = plan_of(guide, position.level_id)
    reasons = []
    if not consent:
        reasons.append(because(Evidence.CONSENT_TO_SHARE, Kind.REFUSED, plan.name if plan else ""))
    giving = next((step for step in plan.steps if step.grants_log_access), None) if plan else None
    if not granted_by_holder:
        said = giving.name if giving else ""
        reasons.append(because(ReasonCode.HOLDER_GIVES_ACCESS, Kind.NOT_IN_GUIDE, said))
    if plan and giving and step_of(plan, position.step_id):
        order = [step.id for step in plan.steps]
        if order.index(position.step_id) < order.index(giving.id):
            reasons.append(
                because(ReasonCode.ACCESS_FROM_LATER_STEP, Kind.NOT_IN_GUIDE, giving.name, step=giving.id)
            )
    return weighed(reasons)


def judge_services(guide: Guide, level_id: str, count: int) -> Verdict:
    """Whether so many services fit the level. A preference is never a limit."""
    plan = plan_of(guide, level_id)
    bounds = plan.services if plan else None
    if plan is None or bounds is None:
        return weighed([])
    if bounds.most is not None and count > bounds.most:
        return weighed([because(ReasonCode.TOO_MANY_SERVICES, Kind.WARNED, plan.name, most=bounds.most)])
    if bounds.least is not None and count < bounds.least:
        return weighed([because(ReasonCode.TOO_FEW_SERVICES, Kind.WARNED, plan.name, least=bounds.least)])
    over = bounds.preferred is not None and count > bounds.preferred
    code = ReasonCode.MORE_SERVICES_THAN_PREFERRED
    notes = [because(code, Kind.ALLOWED, plan.name, preferred=bounds.preferred or 0)] if over else []
    return weighed([], notes=notes)


def judge_child_heard(
    guide: Guide, *, age: int, asked: bool, reason: str = "", voice_owner: bool = False
) -> Verdict:
    """Whether it is right that the child was not asked. Age alone is never a reason, whatever the age in years.

    `reason` is one of the codes of NotAsked; «voice_owner» when an adult is named to bring the child's view.
    """
    del age
    if asked:
        return weighed([])
    here = frozenset({str(Evidence.CHILD_VOICE_OWNER)}) if voice_owner else frozenset()
    return weighed(child_reasons(guide, reason.strip() or "age", here))


def judge_arena(
    guide: Guide, level_id: str, arena_id: str, *, named: bool = True, consent: bool = True
) -> Verdict:
    """Whether talking a case over in an arena fits the level; where it does, the case stays at its level."""
    plan = plan_of(guide, level_id)
    arena = next((one for one in guide.arenas if one.id == arena_id), None)
    if plan is None or arena is None:
        return weighed([because(ReasonCode.NO_SUCH_ARENA, Kind.NOT_IN_GUIDE, name=arena_id[:120])])
    reasons = []
    if arena.id not in plan.includes_arenas:
        home = next((one for one in guide.levels if arena.id in one.includes_arenas), None)
        level = home.id if home else ""
        reasons.append(because(ReasonCode.ARENA_ELSEWHERE, Kind.NOT_IN_GUIDE, arena.name, level=level))
    if named and (arena.consent == "anonymous" or not consent):
        reasons.append(because(ReasonCode.CONSENT_BEFORE_NAMED_CASE, Kind.WARNED, arena.name))
    stays = because(ReasonCode.STAYS_AT_LEVEL, Kind.ALLOWED, plan.name, level=plan.id)
    return weighed(reasons, target=Position(plan.id, plan.steps[0].id), notes=[stays])
