"""A family moves: the case is offered, handed over by consent, and taken in this house or outside it."""

from casework.relocations.attaching import movable, with_contents, zipped
from casework.relocations.offering import (
    OfferCase,
    RecordAnswer,
    RelocationSummary,
    UnitElsewhere,
    lapse_due,
    of_case,
    offer,
    people,
    record,
    units_elsewhere,
    withdraw,
)
from casework.relocations.packing import Pack, arrival, pack
from casework.relocations.taking import (
    OfferHere,
    RefuseCase,
    TakeCase,
    colleagues,
    offered_here,
    refuse,
    seen,
    take,
)

__all__ = [
    "OfferCase",
    "OfferHere",
    "Pack",
    "RecordAnswer",
    "RefuseCase",
    "RelocationSummary",
    "TakeCase",
    "UnitElsewhere",
    "arrival",
    "colleagues",
    "lapse_due",
    "movable",
    "of_case",
    "offer",
    "offered_here",
    "pack",
    "people",
    "record",
    "refuse",
    "seen",
    "take",
    "units_elsewhere",
    "with_contents",
    "withdraw",
    "zipped",
]
