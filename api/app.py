"""The door for machines: routers, problem documents, and nothing of its own."""

from typing import Any

from fastapi import FastAPI

from api import (
    absences,
    archives,
    attachments,
    break_glass,
    cases,
    children,
    concern_reports,
    consents,
    consultations,
    coordinations,
    disqualifications,
    drifts,
    families,
    guides,
    hidings,
    measures,
    meetings,
    notices,
    operations,
    plans,
    pregnancies,
    provisioning,
    readings,
    refusals,
    relays,
    relocations,
    retention,
    sibling_links,
    signals,
    staff,
)
from casework import Casework

ROUTERS = (
    children,
    signals,
    cases,
    attachments,
    hidings,
    consents,
    relays,
    absences,
    drifts,
    coordinations,
    measures,
    meetings,
    consultations,
    sibling_links,
    plans,
    pregnancies,
    relocations,
    concern_reports,
    break_glass,
    families,
    disqualifications,
    guides,
    notices,
    staff,
    operations,
    readings,
    archives,
    retention,
)
ABOUT = (
    "Every write takes an Idempotency-Key. What can be changed by several answers an ETag, and takes it back in "
    "If-Match. Refusals are problem documents that list everything that is missing, in the language of "
    "Accept-Language (nb, nn, en). What is not yours is not found."
)


def create_api(casework: Casework, settings: Any) -> FastAPI:
    """Make the API for one house. It answers below /api, its description at /api/openapi.json."""
    app = FastAPI(
        title="Stafetten",
        version="1",
        description=ABOUT,
        servers=[{"url": "/api"}],
        docs_url=None,
        redoc_url=None,
        responses=refusals.RESPONSES,
        separate_input_output_schemas=False,
    )
    app.state.casework = casework
    app.state.sms_receipt_secret = getattr(settings, "sms_receipt_secret", "")
    for module in ROUTERS:
        app.include_router(module.router, prefix="/v1")
    app.mount("/scim/v2", provisioning.create_provisioning(casework, settings))
    refusals.install(app)
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """Put the problem document among the schemas, which no route returns by itself."""
    made = app.openapi

    def described() -> dict[str, Any]:
        schema = made()
        found = refusals.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas |= found.pop("$defs", {})
        schemas["Problem"] = found
        return schema

    app.openapi = described  # type: ignore[method-assign]
