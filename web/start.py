"""The start page, and the pages every public service must have."""

from flask import Blueprint, Response, g, url_for

from web.desks import desk_of
from web.htmx import done, show
from web.identity import anybody, public

pages = Blueprint("start", __name__)


@pages.get("/")
@anybody
def home() -> Response:
    """To the desk of the role one acts in; a plain page for a role without one."""
    if g.actor.way == "family":
        return done(url_for("families.home"))
    desk = desk_of(g.actor)
    return done(url_for(desk.home)) if desk else show("start/home.html")


@pages.get("/accessibility")
@public
def accessibility() -> Response:
    """How accessible this is, and how to complain."""
    return show("start/accessibility.html")


@pages.get("/privacy")
@public
def privacy() -> Response:
    """What is kept about whom, and what one may ask for."""
    return show("start/privacy.html")
