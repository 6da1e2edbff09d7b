"""People and groups as SCIM documents, and back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from api.provisioning.answers import Fault, etag
from casework import provisioning
from levels.homes import Home

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
# What is kept of each, and whether it has several values.
USER_NAMES = {
    "userName": False,
    "externalId": False,
    "name": False,
    "displayName": False,
    "title": False,
    "preferredLanguage": False,
    "active": False,
    "emails": True,
    "phoneNumbers": True,
    "addresses": True,
}
GROUP_NAMES = {"displayName": False, "externalId": False, "members": True}
Document = dict[str, Any]


def of_person(found: provisioning.Provisioned, base: str) -> Document:
    """Somebody as a User."""
    profile = found.profile
    name = {"givenName": profile.given_name, "familyName": profile.family_name}
    document: Document = {
        "schemas": [USER],
        "id": str(found.id),
        "externalId": profile.external_id,
        "userName": profile.user_name,
        "name": {part: text for part, text in name.items() if text},
        "displayName": profile.display_name,
        "title": profile.title,
        "preferredLanguage": profile.language,
        "active": profile.active,
        "emails": [{"value": profile.email, "type": "work"}],
        "phoneNumbers": [{"value": profile.phone, "type": "work"}] if profile.phone else [],
        "groups": [
            {"value": str(one), "$ref": f"{base}/Groups/{one}", "display": name, "type": "direct"}
            for one, name in found.groups
        ],
    }
    return _finished(
        document, "User", f"{base}/Users/{found.id}", found.made_at, found.changed_at, found.version
    )


def of_group(found: provisioning.GroupDetails, base: str) -> Document:
    """A Group."""
    document: Document = {
        "schemas": [GROUP],
        "id": str(found.id),
        "externalId": found.external_id,
        "displayName": found.name,
        "members": [
            {"value": str(one), "$ref": f"{base}/Users/{one}", "type": "User"} for one in found.members
        ],
    }
    return _finished(
        document, "Group", f"{base}/Groups/{found.id}", found.made_at, found.changed_at, found.version
    )


def _finished(
    document: Document, kind: str, place: str, made: datetime | None, changed: datetime | None, version: int
) -> Document:
    """Without what is empty, and with what SCIM wants to know about every resource."""
    kept = {name: value for name, value in document.items() if value not in (None, "", [], {})}
    meta = {"resourceType": kind, "location": place, "version": etag(version)}
    if made and changed:
        meta |= {"created": made.isoformat(), "lastModified": changed.isoformat()}
    return {**kept, "meta": meta}


def to_profile(document: Document) -> provisioning.KeepProfile:
    """What a User says of somebody; what is not kept here is passed over. Raises Fault."""
    said = _by_name(document, USER_NAMES)
    name = {part.lower(): value for part, value in _object(said.get("name"), "name").items()}
    return provisioning.KeepProfile(
        user_name=_text(said.get("userName"), "userName").strip(),
        external_id=_text(said.get("externalId"), "externalId") or None,
        given_name=_text(name.get("givenname"), "name.givenName"),
        family_name=_text(name.get("familyname"), "name.familyName"),
        display_name=_text(said.get("displayName") or name.get("formatted"), "displayName"),
        title=_text(said.get("title"), "title"),
        email=_first(said.get("emails"), "emails"),
        phone=_first(said.get("phoneNumbers"), "phoneNumbers"),
        language=_text(said.get("preferredLanguage"), "preferredLanguage"),
        active=_switch(said.get("active")),
        home=_home(said.get("addresses", ...)),
    )


def to_group(document: Document) -> provisioning.KeepGroup:
    """What a Group says. Raises Fault."""
    said = _by_name(document, GROUP_NAMES)
    members = [_id(one) for one in _listed(said.get("members"), "members")]
    return provisioning.KeepGroup(
        _text(said.get("displayName"), "displayName"),
        _text(said.get("externalId"), "externalId") or None,
        tuple(dict.fromkeys(members)),
    )


def _by_name(document: Any, names: dict[str, bool]) -> Document:
    if not isinstance(document, dict):
        raise Fault("invalidSyntax", "The body is not a JSON object")
    known = {name.lower(): name for name in names}
    return {known[name.lower()]: value for name, value in document.items() if name.lower() in known}


def _text(value: Any, name: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value:
        raise Fault("invalidValue", f"{name} is a text")
    return value


def _object(value: Any, name: str) -> Document:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Fault("invalidValue", f"{name} is an object")
    return value


def _listed(value: Any, name: str) -> list[Document]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [_object(one, name) for one in values]


def _switch(value: Any) -> bool | None:
    """True or false, also as a text, or in a list of one, as some providers write it; None when it is not said."""
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 1:
        value = _object(value[0], "active").get("value")
    found = {"true": True, "false": False}.get(str(value).lower())
    if found is None:
        raise Fault("invalidValue", "active is true or false")
    return found


def _first(value: Any, name: str) -> str:
    """The primary one, else the one for work, else the first."""
    values = [one for one in _listed(value, name) if one.get("value")]
    ranked = sorted(
        values,
        key=lambda one: (str(one.get("primary")).lower() != "true", str(one.get("type")).lower() != "work"),
    )
    return _text(ranked[0]["value"], name) if ranked else ""


def _home(value: Any) -> Home | None:
    """The home among the addresses, which no answer holds; the place of work is none. None when nothing is said."""
    if value is ...:
        return None
    addresses = [{name.lower(): part for name, part in one.items()} for one in _listed(value, "addresses")]
    found = next((one for one in addresses if str(one.get("type")).lower() == "home"), None)
    if found is None:
        return None if addresses else Home()
    street = _text(found.get("streetaddress"), "addresses.streetAddress").partition("\n")[0]
    return Home(street, _text(found.get("postalcode"), "addresses.postalCode"))


def _id(member: Document) -> UUID:
    try:
        return UUID(str(member.get("value")))
    except ValueError as error:
        raise Fault("invalidValue", "members names somebody who is not here") from error
