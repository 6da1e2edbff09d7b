"""The SCIM server: its routes. Everything is done by casework, as the municipality whose token it is."""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Depends, FastAPI, Header, Request, Response

from api.provisioning import answers, discovery, documents, filters, patches
from api.provisioning.answers import Fault, Unauthenticated
from casework import Casework, provisioning
from casework.access import Actor
from casework.refusals import NotFound
from casework.transactions import Transaction

PLACE = "/api/scim/v2"
_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of resource: what it is called, which fields are searched, how it is written, and the acts on it."""

    name: str
    fields: Mapping[str, str]
    names: Mapping[str, Any]
    document: Callable[..., dict[str, Any]]
    wanted: Callable[[Mapping[str, Any]], Any]
    find: Callable[..., tuple[int, list[Any]]]
    one: Callable[..., Any]
    make: Callable[..., UUID]
    keep: Callable[..., Any]
    forget: Callable[..., Any]


KINDS = (
    Kind(
        "Users",
        {
            "id": "id",
            "username": "user_name",
            "externalid": "external_id",
            "displayname": "display_name",
            "emails": "email",
            "emails.value": "email",
            "active": "active",
        },
        documents.USER_NAMES,
        documents.of_person,
        documents.to_profile,
        provisioning.find,
        provisioning.one,
        provisioning.take_in,
        provisioning.keep,
        provisioning.forget,
    ),
    Kind(
        "Groups",
        {
            "id": "id",
            "displayname": "name",
            "externalid": "external_id",
            "members": "member",
            "members.value": "member",
        },
        documents.GROUP_NAMES,
        documents.of_group,
        documents.to_group,
        provisioning.find_groups,
        provisioning.group,
        provisioning.make_group,
        provisioning.keep_group,
        provisioning.forget_group,
    ),
)
Begin = Callable[[], AbstractContextManager[Transaction]]


def _begin(request: Request, authorization: Annotated[str, Header()] = "") -> Begin:
    """Transactions of the municipality whose token was sent; no other kind of token opens this door."""
    scheme, _, token = authorization.partition(" ")
    house: Casework = request.app.state.casework
    if scheme.lower() != "bearer" or not token.strip().isascii() or "\x00" in token:
        raise Unauthenticated
    with house.begin(Actor.stranger()) as tx:
        actor = provisioning.bearer(tx, token.strip())
    if actor is None:
        raise Unauthenticated
    return lambda: house.begin(actor)


def _base(request: Request) -> str:
    found: str = request.app.state.public_url or str(request.base_url).rstrip("/").removesuffix("/api")
    return found + PLACE


def _version(if_match: Annotated[str, Header()] = "") -> int | None:
    """The version that was read; a list, or anything that is none of ours, matches nothing."""
    if not if_match or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    return int(found[1]) if found else 0


def _known(one: str) -> UUID:
    try:
        return UUID(one)
    except ValueError as error:
        raise NotFound from error


Way = Annotated[Begin, Depends(_begin)]
Base = Annotated[str, Depends(_base)]
Version = Annotated[int | None, Depends(_version)]
Sent = Annotated[dict[str, Any], Body()]


def create_provisioning(casework: Casework, settings: Any) -> FastAPI:
    """The server for one house; it answers below /api/scim/v2."""
    app = FastAPI(title="Stafetten SCIM", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.casework = casework
    app.state.public_url = getattr(settings, "public_url", "").rstrip("/")
    answers.install(app)
    _discovery(app)
    users, groups = KINDS
    make, keep = (partial(act, keys=casework.keys) for act in (users.make, users.keep))
    for kind in (replace(users, make=make, keep=keep), groups):
        _resources(app, kind)

    @app.api_route("/Me", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @app.api_route("/Bulk", methods=["POST"])
    @app.api_route("/.search", methods=["POST"])
    def absent(_begin: Way) -> None:
        raise Fault("", "This is not supported", 501)

    return app


def _discovery(app: FastAPI) -> None:
    for name, found in (("ResourceTypes", discovery.types), ("Schemas", discovery.schemas)):
        _described(app, name, found)

    @app.get("/ServiceProviderConfig")
    def config(_begin: Way, base: Base) -> Response:
        return answers.Scim(discovery.config(base))


def _described(app: FastAPI, name: str, found: Callable[[str], list[dict[str, Any]]]) -> None:
    @app.get(f"/{name}")
    def every(request: Request, _begin: Way, base: Base) -> Response:
        if "filter" in request.query_params:
            raise Fault("", "What describes the server is not searched", 403)
        made = found(base)
        return answers.listed({}, len(made), 1, made)

    @app.get(f"/{name}/{{one}}")
    def single(one: str, _begin: Way, base: Base) -> Response:
        made = next((each for each in found(base) if each["id"] == one), None)
        if made is None:
            raise NotFound
        return answers.Scim(made)


def _resources(app: FastAPI, kind: Kind) -> None:
    def shown(begin: Begin, one: UUID, base: str) -> dict[str, Any]:
        with begin() as tx:
            return kind.document(kind.one(tx, one), base)

    def found(begin: Begin, base: str, query: Mapping[str, str]) -> Response:
        wanted, (start, count) = filters.read(query.get("filter", ""), kind.fields), answers.page_of(query)
        with begin() as tx:
            total, page = kind.find(tx, wanted, start=start, count=count)
        return answers.listed(query, total, start, [kind.document(one, base) for one in page])

    @app.get(f"/{kind.name}")
    def listed(request: Request, begin: Way, base: Base) -> Response:
        return found(begin, base, request.query_params)

    @app.post(f"/{kind.name}/.search")
    def search(begin: Way, base: Base, body: Sent) -> Response:
        return found(begin, base, answers.query_in(body))

    @app.post(f"/{kind.name}")
    def make(request: Request, begin: Way, base: Base, body: Sent) -> Response:
        with begin() as tx:
            made = kind.make(tx, kind.wanted(body))
        return answers.resource(request, shown(begin, made, base), status=201)

    @app.get(f"/{kind.name}/{{one}}")
    def read(request: Request, begin: Way, base: Base, one: str) -> Response:
        return answers.resource(request, shown(begin, _known(one), base))

    @app.put(f"/{kind.name}/{{one}}")
    def keep(request: Request, begin: Way, base: Base, one: str, version: Version, body: Sent) -> Response:
        with begin() as tx:
            kind.keep(tx, _known(one), kind.wanted(body), version=version)
        return answers.resource(request, shown(begin, _known(one), base))

    @app.patch(f"/{kind.name}/{{one}}")
    def change(request: Request, begin: Way, base: Base, one: str, version: Version, body: Sent) -> Response:
        with begin() as tx:
            before = kind.document(kind.one(tx, _known(one)), base)
            after = patches.patched(before, body, kind.names)
            kind.keep(tx, _known(one), kind.wanted(after), version=version)
        return answers.resource(request, shown(begin, _known(one), base))

    @app.delete(f"/{kind.name}/{{one}}")
    def forget(begin: Way, one: str, version: Version) -> Response:
        with begin() as tx:
            kind.forget(tx, _known(one), version=version)
        return Response(status_code=204)
