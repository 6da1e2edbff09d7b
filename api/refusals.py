"""One table from refusal to problem document (RFC 9457), with everything that is missing, in words."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from api.identity import OutOfScope, Unauthenticated
from api.words import language_of, word
from casework.refusals import (
    AlreadyDone,
    Invalid,
    KeyReused,
    NotFound,
    NotPermitted,
    Refused,
    Stale,
    Unavailable,
)


class Missing(BaseModel):
    """One thing that is missing: the code, and what it means."""

    code: str
    text: str


class Changed(BaseModel):
    """What somebody else did meanwhile."""

    act: str
    by: str
    at: str


class Problem(BaseModel):
    """Why it was not done, and what would mend it."""

    type: str
    title: str
    status: int
    detail: str = ""
    unmet: list[Missing] = []
    errors: dict[str, Missing] = {}
    changes: list[Changed] = []
    version: int | None = None


MEDIA = "application/problem+json"
STATUSES = {
    400: "The request could not be understood",
    401: "No valid token",
    403: "Not permitted",
    404: "Not found, or not yours",
    409: "Changed by somebody else, or already done",
    412: "Changed since you read it",
    413: "Too large",
    422: "Refused, with what is missing",
    503: "The database cannot be reached; nothing was written",
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, said in STATUSES.items()
}


def _answer(request: Request, status: int, kind: str, **more: Any) -> JSONResponse:
    language = language_of(request.headers.get("accept-language", ""))
    problem = Problem(
        type=f"urn:stafetten:{kind}", title=word(language, "refusal", kind), status=status, **more
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(
        problem.model_dump(mode="json", exclude_defaults=False),
        status,
        headers={**headers, "Content-Language": language},
        media_type=MEDIA,
    )


def _missing(request: Request, context: str, codes: tuple[str, ...]) -> list[Missing]:
    language = language_of(request.headers.get("accept-language", ""))
    return [Missing(code=code, text=word(language, context, code)) for code in codes]


def _refused(request: Request, refusal: Refused) -> JSONResponse:
    return _answer(request, 422, "refused", unmet=_missing(request, "unmet", refusal.unmet))


def _invalid(request: Request, refusal: Invalid) -> JSONResponse:
    errors = {name: _missing(request, "error", (code,))[0] for name, code in refusal.errors.items()}
    return _answer(request, 422, "invalid", errors=errors)


def _malformed(request: Request, fault: RequestValidationError) -> JSONResponse:
    errors = {
        ".".join(str(part) for part in one["loc"]): Missing(code=str(one["type"]), text=str(one["msg"]))
        for one in fault.errors()
    }
    return _answer(request, 422, "invalid", errors=errors)


def _stale(request: Request, refusal: Stale) -> JSONResponse:
    changes = [Changed(act=c.act, by=c.actor_name, at=c.at.isoformat()) for c in refusal.changes]
    status = 412 if "if-match" in request.headers else 409
    return _answer(request, status, "stale", version=refusal.version, changes=changes)


def _done(_request: Request, done: AlreadyDone) -> JSONResponse:
    return JSONResponse({"id": done.result.get("id")}, 200, headers={"Idempotency-Replayed": "true"})


def _http(request: Request, fault: HTTPException) -> JSONResponse:
    kinds = {404: "not_found", 405: "not_allowed", 413: "too_large"}
    answer = _answer(request, fault.status_code, kinds.get(fault.status_code, "invalid"))
    answer.headers.update(fault.headers or {})
    return answer


_PLAIN: dict[type[Exception], tuple[int, str]] = {
    NotFound: (404, "not_found"),
    NotPermitted: (403, "not_permitted"),
    OutOfScope: (403, "out_of_scope"),
    Unauthenticated: (401, "unauthenticated"),
    KeyReused: (422, "key_reused"),
    Unavailable: (503, "unavailable"),
}


def _plain(status: int, kind: str) -> Callable[[Request, Exception], JSONResponse]:
    return lambda request, _refusal: _answer(request, status, kind)


def install(app: FastAPI) -> None:
    """Give every refusal its answer."""
    handlers: dict[Any, Any] = {
        Refused: _refused,
        Invalid: _invalid,
        RequestValidationError: _malformed,
        Stale: _stale,
        AlreadyDone: _done,
        HTTPException: _http,
    }
    for kind, (status, code) in _PLAIN.items():
        handlers[kind] = _plain(status, code)
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
