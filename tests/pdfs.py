"""Reads the words of a PDF that WeasyPrint has written, as a reader of text would meet them."""

import re
import zlib

_STREAM = re.compile(rb"(\d+) 0 obj\s*<<(.*?)>>\s*stream\r?\n", re.DOTALL)
_SHOWN = re.compile(rb"/(\S+) [-\d.]+ Tf|\[(.*?)\] ?TJ|<([0-9a-fA-F]+)> ?Tj|(BT)", re.DOTALL)


def text(pdf: bytes) -> str:
    """Everything that is said, line by line."""
    streams, objects = _contents(pdf)
    maps = {name: _letters(streams, objects, number) for name, number in _fonts(objects)}
    return "\n".join(_said(stream, maps) for stream in streams.values() if b" Tf" in stream)


def _contents(pdf: bytes) -> tuple[dict[int, bytes], dict[int, bytes]]:
    streams, objects = {}, {}
    for found in _STREAM.finditer(pdf):
        number, head = int(found[1]), found[2]
        if b"/FlateDecode" not in head:
            continue
        streams[number] = content = zlib.decompressobj().decompress(pdf[found.end() :])
        if b"/ObjStm" in head:
            first = int(re.search(rb"/First (\d+)", head)[1])  # type: ignore[index]
            places = [int(one) for one in content[:first].split()]
            starts = [*places[1::2], len(content) - first]
            for key, start, end in zip(places[::2], starts, starts[1:], strict=False):
                objects[key] = content[first + start : first + end]
    return streams, objects


def _fonts(objects: dict[int, bytes]) -> list[tuple[bytes, int]]:
    named = {int(number) for one in objects.values() for number in re.findall(rb"/Font (\d+) 0 R", one)}
    fonts = [re.findall(rb"/(\S+) (\d+) 0 R", objects[number]) for number in named]
    return [(name, int(number)) for block in fonts for name, number in block]


def _letters(streams: dict[int, bytes], objects: dict[int, bytes], font: int) -> dict[int, str]:
    told = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    pairs = re.findall(rb"<([0-9a-fA-F]+)> ?<([0-9a-fA-F]+)>", streams[int(told[1])]) if told else []
    return {int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for code, letters in pairs}


def _said(stream: bytes, maps: dict[bytes, dict[int, str]]) -> str:
    letters: dict[int, str] = {}
    told = ""
    for font, several, single, begins in _SHOWN.findall(stream):
        if font:
            letters = maps.get(font, {})
        elif begins:
            told += "\n"
        for glyphs in re.findall(rb"<([0-9a-fA-F]+)>", several) or ([single] if single else []):
            told += "".join(letters.get(int(glyphs[at : at + 4], 16), "") for at in range(0, len(glyphs), 4))
    return told


def claims(pdf: bytes) -> set[str]:
    """What the file says of itself: its conformance, that its structure is marked, and its language."""
    streams, objects = _contents(pdf)
    told = b" ".join([*streams.values(), *objects.values()])
    found = re.findall(rb'(pdfaid:\w+)="(\w+)"', told)
    marked = {"marked"} if b"/MarkInfo <</Marked true>>" in told else set()
    spoken = {f"lang={one.decode()}" for one in re.findall(rb"/Lang \((\w+)\)", told)}
    return {f"{name.decode()}={value.decode()}" for name, value in found} | marked | spoken
