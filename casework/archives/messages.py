"""The archive message: Fiks Arkiv V1 `arkivmelding`, one per document, with the case as its folder (Noark 5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as Xml

from levels.archives import RESTRICTION, SYSTEM

_ROOM = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/"
MESSAGE = f"{_ROOM}arkivmelding/opprett/v1"
CATALOGUE = f"{_ROOM}metadatakatalog/v1"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

# An element's content: its text, or its children in the schema's order.
Content = str | Sequence[tuple[str, "Content"]]


@dataclass(frozen=True, slots=True)
class File:
    """One file of a document; its name says nothing of anybody."""

    name: str
    title: str
    content: bytes
    digest: str
    format: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Document:
    """What becomes one journal entry: a main file and what is attached to it, written on a day by somebody."""

    key: str
    title: str
    on: str
    author: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """The case as the archive files it."""

    key: str
    number: str
    title: str
    public_title: str
    unit: str
    holder: str
    opened_at: str
    closed_at: str
    basis: str
    archive_class: tuple[str, str]
    parties: tuple[tuple[str, str], ...]


def _code(value: str, told: str | None = None) -> Content:
    return [("n:kode", value), *([("n:beskrivelse", told)] if told else [])]


def _key(value: str) -> Content:
    return [("n:fagsystem", SYSTEM), ("n:noekkel", value)]


def _shielded(folder: Folder) -> tuple[str, Content]:
    return "skjerming", [("tilgangsrestriksjon", _code(*RESTRICTION)), ("skjermingshjemmel", folder.basis)]


def _case(folder: Folder) -> Content:
    year, _, running = folder.number.partition("/" if "/" in folder.number else "-")
    numbered = year.isdigit() and running.isdigit()
    system, code = folder.archive_class
    return [
        ("tittel", folder.title),
        ("offentligTittel", folder.public_title),
        ("dokumentmedium", _code("E")),
        ("opprettetDato", folder.opened_at),
        ("opprettetAv", SYSTEM),
        ("avsluttetDato", folder.closed_at),
        ("avsluttetAv", folder.holder),
        *(("part", _party(name, role)) for name, role in folder.parties),
        _shielded(folder),
        ("klassifikasjon", [("klassifikasjonssystemID", system), ("klasseID", code)]),
        ("referanseEksternNoekkel", _key(folder.key)),
        *([("saksaar", year), ("sakssekvensnummer", running)] if numbered else []),
        ("saksdato", folder.opened_at[:10]),
        ("administrativEnhet", [("n:navn", folder.unit)]),
        ("saksansvarlig", [("n:navn", folder.holder)]),
        ("saksstatus", _code("A")),
    ]


def _party(name: str, role: str) -> Content:
    return [
        ("partNavn", name),
        ("partRolle", _code(role)),
        ("erSkjermet", "true"),
        ("erPersonnavn", "true"),
    ]


def _entry(folder: Folder, document: Document) -> Content:
    return [
        ("opprettetDato", folder.closed_at),
        ("opprettetAv", SYSTEM),
        ("referanseForelderMappe", [("n:referanseEksternNoekkel", _key(folder.key))]),
        *(("part", _party(name, role)) for name, role in folder.parties),
        _shielded(folder),
        *(
            ("dokumentbeskrivelse", _described(folder, file, number))
            for number, file in enumerate(document.files, 1)
        ),
        ("tittel", document.title),
        ("offentligTittel", folder.public_title),
        ("dokumentmedium", _code("E")),
        (
            "korrespondansepart",
            [
                ("korrespondanseparttype", _code("IA")),
                ("erBehandlingsansvarlig", "true"),
                ("korrespondansepartNavn", folder.unit),
                ("administrativEnhet", [("n:navn", folder.unit)]),
                ("saksbehandler", [("n:navn", document.author)]),
            ],
        ),
        ("referanseEksternNoekkel", _key(document.key)),
        ("journalposttype", _code("X")),
        ("journalstatus", _code("F")),
        ("dokumentetsDato", document.on),
        ("antallVedlegg", str(len(document.files) - 1)),
    ]


def _described(folder: Folder, file: File, number: int) -> Content:
    return [
        ("dokumentstatus", _code("F")),
        ("tittel", file.title),
        ("opprettetDato", folder.closed_at),
        ("opprettetAv", SYSTEM),
        ("dokumentmedium", _code("E")),
        ("tilknyttetRegistreringSom", _code("H" if number == 1 else "V")),
        ("dokumentnummer", str(number)),
        _shielded(folder),
        (
            "dokumentobjekt",
            [
                ("versjonsnummer", "1"),
                ("variantformat", _code("A" if file.format == "PDF/A" else "P")),
                ("format", _code(file.format)),
                ("mimeType", file.media_type),
                ("filnavn", file.name),
                ("referanseDokumentfil", file.name),
                ("sjekksum", file.digest),
                ("sjekksumAlgoritme", "SHA-256"),
                ("filstoerrelse", str(len(file.content))),
            ],
        ),
    ]


def messages(folder: Folder, documents: Sequence[Document], *, known: bool) -> Iterator[bytes]:
    """One message per document; the first brings the folder along unless the archive already knows it."""
    for place, document in enumerate(documents):
        root = Xml.Element(f"{{{MESSAGE}}}arkivmelding")
        _fill(root, [("system", SYSTEM), ("antallFiler", str(len(document.files)))])
        if place == 0 and not known:
            _fill(_typed(root, "mappe", "saksmappe"), _case(folder))
        _fill(_typed(root, "registrering", "journalpost"), _entry(folder, document))
        Xml.indent(root)
        yield Xml.tostring(root, encoding="utf-8", xml_declaration=True, default_namespace=None)


def _typed(root: Xml.Element, name: str, kind: str) -> Xml.Element:
    # A type is named with its prefix, and the writer only declares prefixes it has seen on elements.
    return Xml.SubElement(root, f"{{{MESSAGE}}}{name}", {_TYPE: f"a:{kind}"})


def _fill(element: Xml.Element, content: Any) -> None:
    for name, value in content:
        space, _, plain = name.rpartition(":")
        child = Xml.SubElement(element, f"{{{CATALOGUE if space else MESSAGE}}}{plain}")
        if isinstance(value, str):
            child.text = _legal(value)
        else:
            _fill(child, value)


def _legal(text: str) -> str:
    """Without the control characters that XML 1.0 cannot carry, and never empty."""
    return "".join(one for one in text if one in "\t\n" or one >= " ").strip() or "–"


Xml.register_namespace("a", MESSAGE)
Xml.register_namespace("n", CATALOGUE)
