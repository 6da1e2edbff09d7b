"""PIFU-IMS 1.3, the Norwegian profile of IMS Enterprise that school administration systems export (Udir, 2020).

Read with an eye on where things stand, for the line in a fault. A document type, and so every entity, is refused.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.parsers import expat

from levels.homes import Home
from levels.rosters.models import MOST_ROWS, Colleague, Fault, Parent, Pupil, Roster, Unreadable

DEEPEST = 40
MOST_NODES = 400_000
_PUPIL, _ROLES = "01", {"02": "educator", "05": "unit_leader"}
_DELETED = "3"


@dataclass(slots=True)
class Node:
    """An element: its local name, where it stands, and what is in it."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def every(self, *path: str) -> list["Node"]:
        """Every element down a path of names."""
        found = [self]
        for tag in path:
            found = [child for one in found for child in one.children if child.tag == tag]
        return found

    def said(self, *path: str) -> str:
        """The text at the end of a path, or nothing."""
        return next((one.text.strip() for one in self.every(*path)), "")


def _tree(content: bytes) -> Node:
    parser = expat.ParserCreate(namespace_separator="}")
    root = Node("", 1, {})
    open_, met = [root], 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal met
        met += 1
        if len(open_) > DEEPEST or met > MOST_NODES:
            raise Unreadable(Fault(parser.CurrentLineNumber, "too_large"))
        node = Node(name.rpartition("}")[2], parser.CurrentLineNumber, attributes)
        open_[-1].children.append(node)
        open_.append(node)

    def refuse(*_said: object) -> Any:
        raise Unreadable(Fault(parser.CurrentLineNumber, "document_type"))

    def text(data: str) -> None:
        open_[-1].text += data

    parser.StartElementHandler, parser.CharacterDataHandler = begin, text
    parser.EndElementHandler = lambda _name: open_.pop()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Unreadable(Fault(error.lineno, "not_well_formed")) from error
    return root.children[0]


def read_pifu(content: bytes) -> Roster:
    """The pupils, guardians and staff of a PIFU-IMS file; raises Unreadable."""
    root = _tree(content)
    if root.tag != "enterprise":
        raise Unreadable(Fault(root.line, "not_pifu"))
    if len(root.every("person")) > 4 * MOST_ROWS:
        raise Unreadable(Fault(root.line, "too_many_rows"))
    file = _File(root)
    pupils, colleagues = [], []
    for person_id, node in file.persons.items():
        if node.attributes.get("recstatus") == _DELETED:
            continue
        if file.schools_of(person_id, _PUPIL) or file.classes_of(person_id):
            pupils += file.pupil(person_id, node)
        for role, word in _ROLES.items():
            colleagues += [
                one for unit in file.schools_of(person_id, role) for one in file.colleague(node, unit, word)
            ]
    whole = {"full": True, "delta": False}.get(root.said("properties", "type").lower())
    return Roster(tuple(pupils), tuple(colleagues), tuple(file.faults), whole)


class _File:
    """A file's persons, groups and memberships by the ids it uses itself."""

    def __init__(self, root: Node) -> None:
        self.persons = {one.said("sourcedid", "id"): one for one in root.every("person")}
        self.faults: list[Fault] = []
        self._schools: dict[str, str] = {}
        self._classes: dict[str, tuple[str, str]] = {}
        for group in root.every("group"):
            self._group(group)
        self._in: dict[tuple[str, str], list[str]] = {}
        for membership in root.every("membership"):
            self._membership(membership)

    def _group(self, group: Node) -> None:
        kind = next(iter(group.every("grouptype")), group)
        scheme, value = kind.said("scheme"), next(iter(kind.every("typevalue")), kind)
        group_id, name = group.said("sourcedid", "id"), group.said("description", "short")
        if scheme == "pifu-ims-go-org" and value.attributes.get("level") == "2":
            self._schools[group_id] = name
        elif scheme == "pifu-ims-go-grp" and value.text.strip().lower() in ("basisgruppe", "klasse"):
            above = [one.said("sourcedid", "id") for one in group.every("relationship")]
            self._classes[group_id] = (name, next(iter(above), ""))

    def _membership(self, membership: Node) -> None:
        group_id = membership.said("sourcedid", "id")
        for member in membership.every("member"):
            person = member.said("sourcedid", "id")
            roles = [one for one in member.every("role") if one.said("status") != "0"]
            if member.said("idtype") in ("", "1") and person not in self.persons:
                self.faults.append(Fault(member.line, "person_unknown", column=person))
                continue
            for role in roles:
                if role.attributes.get("recstatus") != _DELETED:
                    self._in.setdefault((person, role.attributes.get("roletype", "")), []).append(group_id)

    def schools_of(self, person: str, role: str) -> list[str]:
        """The schools somebody is in, in a role."""
        return [self._schools[one] for one in self._in.get((person, role), ()) if one in self._schools]

    def classes_of(self, person: str) -> list[tuple[str, str]]:
        """The classes a pupil is in, with their schools."""
        found = [self._classes[one] for one in self._in.get((person, _PUPIL), ()) if one in self._classes]
        return [(name, self._schools.get(school, "")) for name, school in found]

    def pupil(self, person_id: str, node: Node) -> list[Pupil]:
        """The pupil, unless something is wrong with it."""
        classes = self.classes_of(person_id)
        schools = self.schools_of(person_id, _PUPIL) or [school for _name, school in classes]
        first, last = _names(node)
        born, said = None, node.said("demographics", "bday")
        try:
            born = date.fromisoformat(said) if said else None
        except ValueError:
            self.faults.append(Fault(node.line, "not_a_date", f"{first} {last}".strip(), "bday"))
            return []
        if not (first and last):
            self.faults.append(Fault(node.line, "name_missing", f"{first} {last}".strip(), "name"))
            return []
        group = next((name for name, _school in classes), "")
        parents = tuple(self._parents(node))
        return [Pupil(node.line, first, last, born, schools[0], group, _number(node), parents, _home(node))]

    def _parents(self, node: Node) -> list[Parent]:
        found = []
        for pointer in node.every("extension", "pifu_hasContactPerson"):
            parent = self.persons.get(pointer.said("sourcedid", "id"))
            if pointer.attributes.get("type") != "guardian":
                continue
            if parent is None:
                self.faults.append(
                    Fault(pointer.line, "person_unknown", column=pointer.said("sourcedid", "id"))
                )
                continue
            name = parent.said("name", "fn") or " ".join(_names(parent)).strip()
            if name:
                reached = parent.said("tel"), parent.said("email")
                found.append(Parent(name, "other", *reached, _number(parent), home=_home(parent)))
        return found

    def colleague(self, node: Node, unit: str, role: str) -> list[Colleague]:
        """Somebody at work in a school, unless the file gives no address."""
        name = node.said("name", "fn") or " ".join(_names(node)).strip()
        kinds = {one.attributes.get("useridtype"): one.text.strip() for one in node.every("userid")}
        email = node.said("email") or kinds.get("microsoftUPN") or kinds.get("feideID") or ""
        if "@" not in email or not name:
            self.faults.append(Fault(node.line, "email_wrong" if name else "name_missing", name))
            return []
        return [Colleague(node.line, name, email.lower(), role, unit, "", node.said("tel"), _home(node))]


def _names(node: Node) -> tuple[str, str]:
    first, last = node.said("name", "n", "given"), node.said("name", "n", "family")
    if first or last:
        return first, last
    first, _, last = node.said("name", "fn").rpartition(" ")
    return first, last


def _home(node: Node) -> Home:
    return Home(node.said("adr", "street"), node.said("adr", "pcode"))


def _number(node: Node) -> str:
    return next(
        (one.text.strip() for one in node.every("userid") if one.attributes.get("useridtype") == "personNIN"),
        "",
    )
