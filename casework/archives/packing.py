"""A closed case as a package: the log to read, the log for machines, messages for the archive, and every checksum."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from casework import printing
from casework.archives.messages import Document, File, Folder, messages
from casework.ports import OSLO
from levels.archives import classification, shielding
from levels.attachments import ENDINGS, Kind
from levels.children import age_of
from levels.families import OF_AGE

MANIFEST = "manifest.sha256"
PDF = ("PDF/A", "application/pdf")
JSON = ("JSON", "application/json")


class Copy:
    """An archive copy as the prints read it; copies from before something was kept simply lack it."""

    def __init__(self, content: bytes, settings: dict[str, Any]) -> None:
        found = json.loads(content)
        kept = {
            "words": [],
            "attachments": [],
            "hidings": [],
            "pauses": [],
            "levels": {},
            "readers": {"reads": 0, "people": 0},
            "language": "nb",
        }
        self.all: dict[str, Any] = {**kept, "municipality": {"name": ""}, "service_kinds": [], **found}
        self.language = str(self.all["language"])
        self.basis = shielding(self.all["service_kinds"])
        self.settings = settings

    def __getattr__(self, name: str) -> Any:
        try:
            return self.all[name]
        except KeyError:
            raise AttributeError(name) from None

    def person(self, key: str | None) -> str:
        """Name and title of somebody at work; a dash when nobody is named."""
        return str(self.all["people"].get(key or "", "–"))

    def service(self, key: str | None) -> str:
        """A service's name."""
        return str(self.all["services"].get(key or "", "–"))

    def guardian(self, key: str | None) -> str:
        """A parent's name; without a key it is the child itself."""
        names = {one["id"]: one["name"] for one in self.all["guardians"]}
        return str(names.get(key, "–")) if key else str(self.all["child"]["first_name"])

    @property
    def whom(self) -> str:
        """Whom the log is about, with the day of birth, or the day a child is expected; a group by its name."""
        child, told = self.all["child"], printing.words(self.language)
        name = f"{child['first_name']} {child['last_name']}".strip()
        texts = {
            "child": told.ugettext("%(name)s, born %(day)s"),
            "unborn": told.ugettext("%(name)s, expected %(day)s"),
        }
        values = {"name": name, "day": printing.day(self.language, child["born_on"])}
        return texts.get(child.get("kind", "child"), "%(name)s") % values

    @property
    def parties(self) -> tuple[tuple[str, str], ...]:
        """The parties by name and part: the child, and whoever answered for it when the case was closed."""
        child = self.all["child"]
        kind, name = child.get("kind", "child"), f"{child['first_name']} {child['last_name']}".strip()
        if kind == "group":
            return ()
        closed = date.fromisoformat(self.all["case"]["closed_at"][:10])
        grown = (age_of(kind, date.fromisoformat(child["born_on"]), closed) or 0) >= OF_AGE
        answered = [one["name"] for one in self.all["guardians"] if one["responsible"] and not grown]
        return ((name, "K"), *((one, "F") for one in answered if one != name))

    def putter(self, attachment: dict[str, Any]) -> str:
        """Who put an attachment in the case, or where it came along from: somebody at work, a parent, or the child."""
        if attachment.get("origin"):
            return str(attachment["origin"]["who"] or self.all["child"]["first_name"])
        said = next((one for one in self.all["words"] if one["id"] == attachment["word_id"]), None)
        return self.guardian(said["guardian_id"]) if said else self.person(attachment["put_by_id"])

    def level(self, key: str) -> str:
        """What the guide calls a level."""
        return str(self.all["levels"].get(key, key))

    def said(self, entry: dict[str, Any]) -> str:
        """What an entry's heading says."""
        if entry["code"]:
            return printing.event(self.language, entry["code"], entry["facts"])
        return printing.word(self.language, "choice", entry["kind"], of="entry_kind")

    def print(self, template: str, *, key: str, **values: Any) -> bytes:
        """One of the prints, in the language of the case's guide."""
        names = {
            name: getattr(self, name)
            for name in ("person", "service", "guardian", "putter", "level", "said", "basis")
        }
        made_at = str(self.all["case"]["closed_at"])
        return printing.pdf(
            f"archives/{template}", self.language, key=key, made_at=made_at, copy=self, **names, **values
        )


def pack(
    content: bytes,
    settings: dict[str, Any],
    *,
    made_at: datetime,
    known: bool = False,
    attached: Mapping[str, bytes],
) -> bytes:
    """The package for one archive copy: the same copy with the same attachments always gives the same bytes."""
    copy = Copy(content, settings)
    documents = [_log(copy, content), *_minutes(copy), *_attachments(copy, attached)]
    files = {file.name: file.content for document in documents for file in document.files}
    for number, message in enumerate(messages(_folder(copy), documents, known=known), 1):
        files[f"arkivmelding-{number:02d}.xml"] = message
    listed = "".join(f"{_digest(one)}  {name}\n" for name, one in sorted(files.items()))
    return _zip({**files, MANIFEST: listed.encode()}, made_at)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _file(name: str, title: str, content: bytes, kind: tuple[str, str]) -> File:
    return File(name, title, content, _digest(content), *kind)


def _log(copy: Copy, content: bytes) -> Document:
    case, words = copy.case, partial(printing.words(copy.language).ugettext)
    holders = [one for one in copy.participations if one["kind"] == "holder"]
    entries = {one["id"] for one in copy.log}
    others = [one for one in copy.words if one["entry_id"] not in entries]
    printed = copy.print("log.html", key=case["id"], holders=holders, others=others)
    title = words("Relay log %(number)s") % {"number": case["number"]}
    return Document(
        key=case["id"] + "/" + _digest(content)[:16],
        title=title,
        on=case["closed_at"][:10],
        author=copy.person(case["holder_id"]),
        files=(
            _file("stafettlogg.pdf", title, printed, PDF),
            _file("stafettlogg.json", words("The relay log for machines"), content, JSON),
        ),
    )


def _minutes(copy: Copy) -> Iterator[Document]:
    held = [one for one in copy.meetings if one["state"] == "held" and one["minutes"]]
    for number, meeting in enumerate(held, 1):
        came = [
            _who(copy, one) for one in copy.attendances if one["meeting_id"] == meeting["id"] and one["came"]
        ]
        kind = printing.word(copy.language, "choice", meeting["kind"], of="meeting_kind")
        title = printing.words(copy.language).ugettext("Minutes, %(meeting)s") % {"meeting": kind}
        printed = copy.print("minutes.html", key=meeting["id"], meeting=meeting, came=came)
        yield Document(
            key=meeting["id"],
            title=title,
            on=meeting["starts_at"][:10],
            author=copy.person(meeting["minutes_by_id"]),
            files=(_file(f"referat-{number:02d}.pdf", title, printed, PDF),),
        )


def _attachments(copy: Copy, contents: Mapping[str, bytes]) -> Iterator[Document]:
    """Each that is given out, as a document of its own; one that is not what the copy says it was is left out."""
    kept = [one for one in copy.attachments if _digest(contents.get(one["id"], b"")) == one["digest"]]
    for number, one in enumerate(kept, 1):
        ending, media_type = ENDINGS[Kind(one["kind"])]
        yield Document(
            key=one["id"],
            title=one["title"],
            on=(one.get("origin") or one)["put_at"][:10],
            author=copy.putter(one),
            files=(
                _file(
                    f"vedlegg-{number:02d}.{ending}",
                    one["title"],
                    contents[one["id"]],
                    (ending.upper(), media_type.partition(";")[0]),
                ),
            ),
        )


def _who(copy: Copy, attendance: dict[str, Any]) -> str:
    at_work = attendance["practitioner_id"]
    return copy.person(at_work) if at_work else copy.guardian(attendance["guardian_id"])


def _folder(copy: Copy) -> Folder:
    case, words = copy.case, printing.words(copy.language)
    title = words.ugettext("Relay log: %(whom)s") % {"whom": copy.whom}
    return Folder(
        key=case["id"],
        number=case["number"],
        title=title,
        public_title=words.ugettext("Relay log *****"),
        unit=copy.service(case["unit_id"]),
        holder=copy.person(case["holder_id"]),
        opened_at=case["opened_at"],
        closed_at=case["closed_at"],
        basis=copy.basis,
        archive_class=classification(copy.settings),
        parties=copy.parties,
    )


def _zip(files: dict[str, bytes], made_at: datetime) -> bytes:
    stamp = made_at.astimezone(OSLO).timetuple()[:6]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
