"""Answers in SCIM's own words: resources, lists, and errors with a scimType (RFC 7644 section 3.12)."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from casework.refusals import Invalid, NotFound, NotPermitted, Stale, Unavailable

MEDIA = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
MOST = 200
ALWAYS = frozenset({"id", "schemas"})


class Fault(Exception):
    """What was asked cannot be done; `kind` is SCIM's word for why."""

    def __init__(self, kind: str, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.status = kind, detail, status


class Unauthenticated(Exception):
    """There is no provisioning token, or it does not hold."""


class Scim(JSONResponse):
    """A SCIM document."""

    media_type = MEDIA


def etag(version: int) -> str:
    """A resource's version as SCIM writes it."""
    return f'W/"{version}"'


def resource(request: Request, document: dict[str, Any], *, status: int = 200) -> Response:
    """One resource, as much of it as was asked for, with its version and address; 304 when it is known already."""
    tag, place = document["meta"].get("version", ""), document["meta"]["location"]
    headers = {"ETag": tag, "Location": place} if tag else {"Location": place}
    if request.method == "GET" and tag and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Scim(narrowed(request.query_params, document), status, headers=headers)


def listed(query: Mapping[str, str], total: int, start: int, found: list[dict[str, Any]]) -> Response:
    """A page of resources."""
    shown = [narrowed(query, one) for one in found]
    return Scim(
        {
            "schemas": [LIST],
            "totalResults": total,
            "startIndex": start,
            "itemsPerPage": len(shown),
            "Resources": shown,
        }
    )


def page_of(query: Mapping[str, str]) -> tuple[int, int]:
    """From where (1 is the first) and how many; what is out of range is taken as the nearest that is not."""
    try:
        start, count = int(query.get("startIndex", 1)), int(query.get("count", 100))
    except ValueError as error:
        raise Fault("invalidValue", "startIndex and count are whole numbers") from error
    return min(max(start, 1), 10**9), min(max(count, 0), MOST)


def query_in(body: dict[str, Any]) -> dict[str, str]:
    """A search sent as a body (RFC 7644 section 3.4.3), as if its parts stood in the address."""
    listed = {name: ",".join(map(str, value)) for name, value in body.items() if isinstance(value, list)}
    return {name: str(value) for name, value in body.items() if isinstance(value, str | int)} | listed


def narrowed(query: Mapping[str, str], document: dict[str, Any]) -> dict[str, Any]:
    """Only the attributes asked for, or all but those not wanted (RFC 7644 section 3.9)."""
    only, without = _names(query.get("attributes")), _names(query.get("excludedAttributes"))
    if only:
        return {
            name: kept for name, value in document.items() if (kept := _only(name, value, only)) is not None
        }
    kept_back = {name: _without(name, value, without) for name, value in document.items()}
    return {name: value for name, value in kept_back.items() if value is not None}


def _names(listed: str | None) -> frozenset[str]:
    return frozenset(
        one.strip().rpartition(":")[2].lower() for one in (listed or "").split(",") if one.strip()
    )


def _only(name: str, value: Any, only: frozenset[str]) -> Any:
    if name in ALWAYS or name.lower() in only:
        return value
    inside = {one.partition(".")[2] for one in only if one.startswith(f"{name.lower()}.")}
    return _parts(value, lambda part: part.lower() in inside) if inside else None


def _without(name: str, value: Any, without: frozenset[str]) -> Any:
    if name in ALWAYS:
        return value
    if name.lower() in without:
        return None
    inside = {one.partition(".")[2] for one in without if one.startswith(f"{name.lower()}.")}
    return _parts(value, lambda part: part.lower() not in inside) if inside else value


def _parts(value: Any, wanted: Callable[[str], bool]) -> Any:
    if isinstance(value, list):
        return [_parts(one, wanted) for one in value]
    return {part: one for part, one in value.items() if wanted(part)} if isinstance(value, dict) else value


def _error(status: int, detail: str, kind: str = "") -> Scim:
    body = {"schemas": [ERROR], "status": str(status), "detail": detail}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Scim({**body, "scimType": kind} if kind else body, status, headers=headers)


_FIELDS = {
    "user_name": "userName",
    "email": "emails",
    "name": "displayName",
    "phone": "phoneNumbers",
    "given_name": "name.givenName",
    "family_name": "name.familyName",
    "display_name": "displayName",
    "title": "title",
    "members": "members",
}
_WORDS = {
    "write_something": "is missing",
    "too_long": "is too long",
    "email_wrong": "is not an e-mail address, and userName is none either",
    "not_a_choice": "names somebody who is not here",
    "user_name_taken": "belongs to somebody else",
    "email_taken": "belongs to somebody else",
    "group_name_taken": "is the name of another group",
}


def _invalid(_request: Request, refusal: Invalid) -> Scim:
    taken = any(code.endswith("_taken") for code in refusal.errors.values())
    told = "; ".join(f"{_FIELDS.get(name, name)} {_WORDS[code]}" for name, code in refusal.errors.items())
    return _error(409 if taken else 400, told, "uniqueness" if taken else "invalidValue")


def _stale(_request: Request, refusal: Stale) -> Scim:
    return _error(412, f"The resource is at version {etag(refusal.version)} now")


def _fault(_request: Request, fault: Fault) -> Scim:
    return _error(fault.status, fault.detail, fault.kind)


def _http(_request: Request, fault: HTTPException) -> Scim:
    answer = _error(fault.status_code, str(fault.detail))
    answer.headers.update(fault.headers or {})
    return answer


def _malformed(_request: Request, _fault: RequestValidationError) -> Scim:
    return _error(400, "The body is not a JSON object", "invalidSyntax")


def _plain(status: int, detail: str) -> Callable[[Request, Exception], Scim]:
    return lambda _request, _refusal: _error(status, detail)


def install(app: FastAPI) -> None:
    """Give every refusal its answer."""
    handlers: dict[Any, Any] = {
        Fault: _fault,
        Invalid: _invalid,
        Stale: _stale,
        HTTPException: _http,
        RequestValidationError: _malformed,
        NotFound: _plain(404, "There is no such resource"),
        NotPermitted: _plain(
            403, "Somebody who works in another municipality as well is renamed by hand only"
        ),
        Unauthenticated: _plain(401, "A provisioning token is needed"),
        Unavailable: _plain(503, "The database cannot be reached; nothing was written"),
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
