"""Holds XML against a schema with libxml2, the library behind every checker of schemas; nothing is fetched."""

import ctypes
import ctypes.util
from pathlib import Path

import pytest

_NO_NETWORK = 2048  # XML_PARSE_NONET


def _library() -> ctypes.CDLL:
    found = ctypes.util.find_library("xml2")
    if found is None:
        pytest.skip("libxml2 is not on this machine")
    library = ctypes.CDLL(found)
    for name in ("xmlReadMemory", "xmlSchemaNewParserCtxt", "xmlSchemaParse", "xmlSchemaNewValidCtxt"):
        getattr(library, name).restype = ctypes.c_void_p
    return library


def faults(document: bytes, schema: Path) -> int:
    """0 when the document is valid by the schema; libxml2 says on stderr what is wrong otherwise."""
    xml = _library()
    read = xml.xmlReadMemory(document, len(document), b"message.xml", None, _NO_NETWORK)
    assert read, "not well-formed"
    parser = ctypes.c_void_p(xml.xmlSchemaNewParserCtxt(str(schema).encode()))
    known = xml.xmlSchemaParse(parser)
    assert known, "the schema itself cannot be read"
    context = xml.xmlSchemaNewValidCtxt(ctypes.c_void_p(known))
    return int(xml.xmlSchemaValidateDoc(ctypes.c_void_p(context), ctypes.c_void_p(read)))
