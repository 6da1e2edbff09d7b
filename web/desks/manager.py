"""The desk of municipal management: figures, and nothing that could show a child."""

from web.desks import Desk
from web.desks.coordinator import FIGURES
from web.desks.practice import GUIDES, KNOWLEDGE

desk = Desk(roles=frozenset({"manager"}), home="indicators.shown", nav=(FIGURES, GUIDES, KNOWLEDGE))
