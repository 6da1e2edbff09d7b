"""Two of the region's families move to the next town: one is taken there, and of one the leader has yet to answer."""

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from casework import cases, consents, relocations
from casework.refusals import Invalid, NotPermitted, Refused
from levels.relocations import Part
from server.demo_stories import Place, Teller

LEADERS = {"school": "principal", "kindergarten": "head"}


def move_families(tell: Teller) -> None:
    """From each of the first two towns to the one after it; the first is answered the day after."""
    for answered, (here, there) in zip((True, False), pairwise(tell.places), strict=False):
        tell.clock.at = (tell.now - timedelta(days=2)).replace(hour=12)
        offered = _offer(tell, here, there)
        if offered is not None and answered:
            _take(tell, there, *offered)
    tell.clock.at = tell.now


def _offer(tell: Teller, here: Place, there: Place) -> tuple[UUID, str] | None:
    units = {there.services[unit]: unit for unit in LEADERS if unit in there.services}
    for holder in here.people["teacher"]:
        with tell.by(holder) as tx:
            held = [one.id for one in cases.mine(tx, cases.Wanted(mine_only=True)).cases]
        for case_id in reversed(held):
            with suppress(Refused, Invalid, NotPermitted), tell.by(holder) as tx:
                unit_id = next(
                    one.id
                    for one in relocations.units_elsewhere(tx, case_id)
                    if units.get(one.id) == "school"
                )
                agreed = tuple(consents.consenters(tx, case_id))
                along = tuple(one.id for one in relocations.movable(tx, case_id))
                wanted = relocations.OfferCase(
                    parts=(Part.MEASURES, Part.CHILD_VIEWS, Part.LOG),
                    agreed=agreed,
                    moves_on=(tell.now + timedelta(days=20)).date(),
                    unit_id=unit_id,
                    attachments=along,
                )
                return relocations.offer(tx, case_id, wanted), units[unit_id]
    return None


def _take(tell: Teller, there: Place, offer_id: UUID, unit: str) -> None:
    tell.clock.at += timedelta(days=1)
    with suppress(Refused, Invalid), tell.by(there.people[LEADERS[unit]][0]) as tx:
        holder = relocations.colleagues(tx, offer_id)[-1][0]
        relocations.take(tx, offer_id, relocations.TakeCase(holder))
