"""Cases: the worklist, the case page, and every way onward."""

from web.cases import moving, pausing, reading
from web.cases.blueprint import pages

__all__ = ["moving", "pages", "pausing", "reading"]
