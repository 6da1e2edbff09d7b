"""Attachments (vedlegg): which kinds are taken, told by their content alone; how large; and what a malware scan found.

A file's name and what the browser says about it are never believed, and never kept. What is let in is what families and
services send one another: text documents and pictures, none of them able to run in a page. Features 6 point 7–8.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from statemachine import State

from levels.charts import Chart

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE  # bytes of one attachment
MOST_IN_CASE = 200 * MEGABYTE  # bytes of all in one case
LONGEST_TITLE = 120  # characters
SETTING = "attachment_megabytes"
MOST_PARTS = 2000  # files inside a document
LARGEST_UNPACKED = 20 * LARGEST  # bytes of a document's parts together, as they say themselves
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LOOKED_AT = 256 * 1024  # bytes read of one part


class Kind(StrEnum):
    """What an attachment is."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    DOCX = "docx"
    ODT = "odt"
    TEXT = "text"

    @classmethod
    def text_context(cls) -> str:
        """People meet these words."""
        return "attachment_kind"


KINDS = tuple(kind.value for kind in Kind)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT = "application/vnd.oasis.opendocument.text"
# The end of a file name, and the media type, of each kind.
ENDINGS = {
    Kind.PDF: ("pdf", "application/pdf"),
    Kind.PNG: ("png", "image/png"),
    Kind.JPEG: ("jpg", "image/jpeg"),
    Kind.WEBP: ("webp", "image/webp"),
    Kind.DOCX: ("docx", _DOCX),
    Kind.ODT: ("odt", _ODT),
    Kind.TEXT: ("txt", "text/plain; charset=utf-8"),
}
# What a page asks the browser to offer; a help, never a check.
ACCEPTED = ",".join(
    ["." + end for end, _ in ENDINGS.values()] + [".jpeg", "image/jpeg", "image/png", "image/webp"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFacts:
    """What the chart needs to know before an attachment's mark is changed."""

    scanner_answered: bool = False


class ScanChart(Chart):
    """Not scanned until a scanner has answered; then clean or infected, and again when it is scanned once more.

    A scanner that fails answers nothing: the mark stays as it was.
    """

    Facts = ScanFacts
    follows = {}

    not_scanned = State(initial=True)
    clean = State()
    infected = State()

    clear = (
        not_scanned.to(clean, cond="scanner_answered")
        | clean.to.itself(cond="scanner_answered")
        | infected.to(clean, cond="scanner_answered")
    )
    flag = (
        not_scanned.to(infected, cond="scanner_answered")
        | clean.to(infected, cond="scanner_answered")
        | infected.to.itself(cond="scanner_answered")
    )


def largest(settings: Mapping[str, Any]) -> int:
    """How many bytes one attachment may have in a municipality, which may lower the limit and never raise it."""
    chosen = settings.get(SETTING)
    lower = isinstance(chosen, int) and 0 < chosen * MEGABYTE < LARGEST
    return chosen * MEGABYTE if lower else LARGEST  # type: ignore[operator]


def kind_of(content: bytes) -> Kind | None:
    """What these bytes are; None when they are none of the kinds taken, or pretend to be."""
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content.startswith(b"PK\x03\x04"):
        return _document(content)
    return Kind.TEXT if _is_plain(content) else None


def _document(content: bytes) -> Kind | None:
    """A text document in a zip, by what lies in it: no macros, nothing locked, and no more than it may unpack to."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if _too_much(parts) or any(part.flag_bits & 1 or _is_active(part.filename) for part in parts):
                return None
            names = {part.filename for part in parts}
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                told = _start_of(packed, "[Content_Types].xml")
                return Kind.DOCX if f"{_DOCX}.main+xml".encode() in told else None
            if {"mimetype", "content.xml"} <= names:
                return Kind.ODT if _start_of(packed, "mimetype").strip() == _ODT.encode() else None
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError):
        return None
    return None


def _too_much(parts: list[zipfile.ZipInfo]) -> bool:
    return len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED


def _is_active(name: str) -> bool:
    lower = name.lower()
    return lower.endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) or lower.startswith(
        ("basic/", "scripts/")
    )


def _start_of(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as part:
        return part.read(_LOOKED_AT)


def _is_plain(content: bytes) -> bool:
    """Words alone: no control characters, and nothing that begins like a page, a picture in words or a program."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    begins = text.lstrip()[:2]
    return bool(begins) and not begins.startswith(("<", "#!")) and not _CONTROL.search(text)
