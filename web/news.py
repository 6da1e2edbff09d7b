"""What an open page asks now and then: has somebody else changed this, is somebody else here?

Asking reads nothing on anybody's behalf: no entry in the trail, and a session that nobody uses still ends.
"""

from uuid import UUID

from flask import Blueprint, Response, g, make_response, request

from casework import news
from casework.refusals import NotFound, NotPermitted
from web.htmx import show
from web.identity import at_work, begin, public, quiet

pages = Blueprint("news", __name__)


@pages.get("/cases/<uuid:case_id>/news")
@public
@at_work
@quiet
def of_case(case_id: UUID) -> Response:
    """What others have done to the case since the page was opened, and who else is inside."""
    if g.actor is None:
        return make_response("", 204)
    since = request.args.get("since", 0, type=int)
    try:
        with begin() as tx:
            found = news.of_case(tx, case_id, since)
    except (NotFound, NotPermitted):
        return show("news/gone.html", part="news/_gone.html", status=404)
    shown = show("news/case.html", part="news/_case.html", case_id=case_id, since=since, news=found)
    return _unless_known(shown, found.tag)


@pages.get("/cases/news")
@public
@at_work
@quiet
def of_worklist() -> Response:
    """Whether the worklist has changed since the page was opened."""
    if g.actor is None:
        return make_response("", 204)
    since = request.args.get("since", "")[:32]
    with begin() as tx:
        now = news.of_worklist(tx)
    values = {"since": since, "now": now, "changed": now != since}
    return _unless_known(show("news/worklist.html", part="news/_worklist.html", **values), now)


def _unless_known(shown: Response, tag: str) -> Response:
    """Nothing at all when the page already says so."""
    shown.set_etag(tag)
    return shown.make_conditional(request)
