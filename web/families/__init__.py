"""Families: their own door with its pages, and where staff let them in and answer them."""

from web.families import attaching, coming, portal, staffing
from web.families.blueprint import pages

__all__ = ["attaching", "coming", "pages", "portal", "staffing"]
