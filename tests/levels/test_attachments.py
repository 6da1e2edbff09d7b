"""What is taken as an attachment: told by the bytes, whatever they are called."""

import io
import zipfile
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levels import attachments
from levels.attachments import LARGEST, LARGEST_UNPACKED, MEGABYTE, Kind, ScanChart, ScanFacts, kind_of
from levels.charts import Refused, move
from tests import papers


def locked() -> bytes:
    """A document that asks for a password: its parts are marked as encrypted."""
    found = bytearray(papers.docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = found.find(mark)
        while start >= 0:
            found[start + place] |= 1
            start = found.find(mark, start + 4)
    return bytes(found)


numbers = count()


def number(_content: object) -> int:
    """A name for each that is the same in every process: packed documents hold the time they were made."""
    return next(numbers)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (papers.PDF, Kind.PDF), (papers.PNG, Kind.PNG), (papers.JPEG, Kind.JPEG), (papers.WEBP, Kind.WEBP),
        (papers.docx(), Kind.DOCX), (papers.odt(), Kind.ODT), (papers.TEXT, Kind.TEXT),
        ("\ufeffMed bokstaven Å\r\n\tog innrykk".encode(), Kind.TEXT),
    ],
    ids=number,
)  # fmt: skip
def test_the_kinds_taken_are_known_by_their_content(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"", b"   \n", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", b"\n <!doctype html><script>x()</script>",
        b"#!/bin/sh\nrm -r /", b"MZ\x90\x00\x03", b"\x7fELF", b"GIF89a\x01\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"RIFF\x20\x00\x00\x00WAVEfmt ", b"PK\x03\x04 and no more", "æøå".encode("latin-1"), b"a\x00b", b"{\\rtf1 \x1b}",
        papers.packed(**{"setup.exe": b"MZ"}), papers.packed(**{"word/document.xml": "<w:document/>"}),
        papers.packed(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"}),
        papers.docx(**{"word/vbaProject.bin": b"\x00"}), papers.odt(**{"Basic/Standard/script-lb.xml": "<x/>"}),
        papers.odt(mimetype="application/vnd.oasis.opendocument.spreadsheet"), locked(), papers.docx()[:-40],
    ],
    ids=number,
)  # fmt: skip
def test_what_is_none_of_them_or_only_dressed_as_one_is_not(content):
    assert kind_of(content) is None


def test_a_document_that_would_unpack_without_end_is_not_taken():
    many = papers.docx(**{f"word/media/{number}.png": b"" for number in range(attachments.MOST_PARTS)})
    assert kind_of(many) is None
    made = io.BytesIO(papers.docx())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as into, into.open("word/big.xml", "w") as part:
        for _ in range(LARGEST_UNPACKED // MEGABYTE + 1):
            part.write(bytes(MEGABYTE))
    assert len(made.getvalue()) < LARGEST, "it looks small from outside"
    assert kind_of(made.getvalue()) is None


@given(st.binary(max_size=300))
def test_no_bytes_make_the_telling_fail(content):
    for start in (b"", b"PK\x03\x04", papers.docx()[:60], papers.odt()[:-30]):
        assert kind_of(start + content) in (None, *Kind)


@pytest.mark.parametrize(
    ("chosen", "bytes_"),
    [
        (None, LARGEST),
        (2, 2 * MEGABYTE),
        (10, LARGEST),
        (500, LARGEST),
        (0, LARGEST),
        (-3, LARGEST),
        ("2", LARGEST),
    ],
)
def test_a_municipality_may_lower_the_limit_and_never_raise_it(chosen, bytes_):
    assert attachments.largest({} if chosen is None else {attachments.SETTING: chosen}) == bytes_


def test_only_a_scanner_that_answered_changes_the_mark_and_may_change_it_again():
    answered = ScanFacts(scanner_answered=True)
    for state in ("not_scanned", "clean", "infected"):
        assert move(ScanChart, state, "clear", answered).after == "clean"
        assert move(ScanChart, state, "flag", answered).after == "infected"
        with pytest.raises(Refused):
            move(ScanChart, state, "clear", ScanFacts())
