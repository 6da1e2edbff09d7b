"""Documents and pictures as people send them, made byte by byte."""

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(20)
WEBP = b"RIFF\x20\x00\x00\x00WEBPVP8 " + bytes(20)
MADE = (2026, 11, 24, 12, 0, 0)
TEXT = "Blåbær på tirsdag.\nHilsen PPT".encode()
# The harmless string every scanner calls a virus (eicar.org); in two parts, so that none finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = f'<Types><Override PartName="/word/document.xml" ContentType="{_WORD}"/></Types>'


def packed(**parts: str | bytes) -> bytes:
    """A zip with these parts; `__` in a name stands for a slash."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in parts.items():
            into.writestr(zipfile.ZipInfo(name.replace("__", "/"), MADE), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def docx(**more: str | bytes) -> bytes:
    """A Word document."""
    return packed(**{"[Content_Types].xml": _TYPES, "word/document.xml": "<w:document/>", **more})


def odt(**more: str | bytes) -> bytes:
    """An OpenDocument text."""
    kind = "application/vnd.oasis.opendocument.text"
    return packed(**{"mimetype": kind, "content.xml": "<office:document-content/>", **more})
