"""What this server can do, in SCIM's own terms (RFC 7643 sections 5 to 7)."""

from typing import Any

from api.provisioning.answers import MOST
from api.provisioning.documents import GROUP, USER

Document = dict[str, Any]
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"


def _attribute(name: str, description: str, kind: str = "string", **more: Any) -> Document:
    plain = {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": description,
        "required": False,
        "mutability": "readWrite",
        "returned": "default",
    }
    texts = {"caseExact": False, "uniqueness": "none"} if kind in ("string", "reference") else {}
    return {**plain, **texts, **more}


def _several(name: str, description: str, parts: list[Document], **more: Any) -> Document:
    return _attribute(name, description, "complex", multiValued=True, subAttributes=parts, **more)


def _value_parts(what: str, *, required: bool = False) -> list[Document]:
    return [
        _attribute("value", what, required=required),
        _attribute("type", "What it is for.", canonicalValues=["work"]),
    ]


def _link_parts(what: str, target: str, mutability: str) -> list[Document]:
    kinds = ["User"] if target == "User" else ["direct"]
    return [
        _attribute("value", f"The id of the {what}.", mutability=mutability),
        _attribute(
            "$ref",
            "Its address.",
            "reference",
            referenceTypes=[target],
            mutability=mutability,
            caseExact=True,
        ),
        _attribute("type", "What it is.", mutability=mutability, canonicalValues=kinds),
    ]


_TOLD = {"mutability": "writeOnly", "returned": "never"}
_USER: Document = {
    "id": USER,
    "name": "User",
    "description": "Somebody who works in the municipality",
    "attributes": [
        _attribute(
            "userName", "What the identity provider knows the person by.", required=True, uniqueness="server"
        ),
        _attribute(
            "name",
            "The person's name in parts.",
            "complex",
            subAttributes=[
                _attribute("familyName", "Family name."),
                _attribute("givenName", "Given names."),
            ],
        ),
        _attribute("displayName", "The name colleagues and families see."),
        _attribute("title", "What the person is called at work."),
        _attribute(
            "preferredLanguage", "Anything else leaves it as it is.", canonicalValues=["nb", "nn", "en"]
        ),
        _attribute(
            "active", "False shuts the person out at once; nothing the person wrote is lost.", "boolean"
        ),
        _several(
            "emails",
            "One address is kept: the one to sign in and be written to by. A userName that is one will do.",
            _value_parts("An address.", required=True),
            required=True,
        ),
        _several("phoneNumbers", "One number is kept.", _value_parts("A number.")),
        _several(
            "addresses",
            "Where the person lives, to ask whoever may be disqualified. A mark is kept, never the address.",
            [
                _attribute("streetAddress", "Street and number.", **_TOLD),
                _attribute("postalCode", "Four digits.", **_TOLD),
                _attribute("type", "Only home is taken in.", canonicalValues=["home"], **_TOLD),
            ],
            **_TOLD,
        ),
        _several(
            "groups",
            "The groups the person is in.",
            [
                *_link_parts("group", "Group", "readOnly"),
                _attribute("display", "Its name.", mutability="readOnly"),
            ],
            mutability="readOnly",
        ),
    ],
}
_GROUP: Document = {
    "id": GROUP,
    "name": "Group",
    "description": "A group that stands for a role in a service once an administrator has said so",
    "attributes": [
        _attribute("displayName", "The group's name.", required=True, uniqueness="server"),
        _several("members", "Everybody in it.", _link_parts("user", "User", "immutable")),
    ],
}
_TYPES = {"User": ("/Users", USER), "Group": ("/Groups", GROUP)}


def config(base: str) -> Document:
    """What is supported."""
    return {
        "schemas": [CONFIG],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "A provisioning token made by the municipality's administrator",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"},
    }


def types(base: str) -> list[Document]:
    """The kinds of resources."""
    return [
        {
            "schemas": [TYPE],
            "id": name,
            "name": name,
            "endpoint": endpoint,
            "schema": schema,
            "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/{name}"},
        }
        for name, (endpoint, schema) in _TYPES.items()
    ]


def schemas(base: str) -> list[Document]:
    """Their attributes."""
    return [
        {
            "schemas": [SCHEMA],
            **one,
            "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{one['id']}"},
        }
        for one in (_USER, _GROUP)
    ]
