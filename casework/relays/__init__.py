"""The baton: offered, accepted, declined, taken over, and never on the floor."""

from casework.relays.handing import (
    OfferBaton,
    accept,
    come_back,
    decline,
    facts_of,
    give,
    lapse,
    offer,
    take_over,
    withdraw,
)
from casework.relays.pages import (
    OFFERED,
    BatonOffer,
    Candidate,
    candidates,
    moves,
    offered_to_me,
    open_offer,
    seen,
)

__all__ = [
    "OFFERED",
    "BatonOffer",
    "Candidate",
    "OfferBaton",
    "accept",
    "candidates",
    "come_back",
    "decline",
    "facts_of",
    "give",
    "lapse",
    "moves",
    "offer",
    "offered_to_me",
    "open_offer",
    "seen",
    "take_over",
    "withdraw",
]
