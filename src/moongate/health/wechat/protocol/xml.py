"""The little XML that WeChat speaks: one level of fields, read without trusting a byte of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn
from xml.parsers import expat

from moongate.health.wechat.protocol.faults import Refused

MAX_BYTES = 64 * 1024
MAX_FIELDS = 64
MAX_DEPTH = 8
ROOT = "xml"
# What XML 1.0 has no place for, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read_fields(body: bytes) -> dict[str, str]:
    """The fields of a message; what lies deeper than one level is left out.

    Raises Refused for anything that is not one small, whole `<xml>` in UTF-8: a document type,
    entities, processing instructions, a field twice, too many or too deep, cut off, too long.
    """
    if len(body) > MAX_BYTES:
        raise Refused("xml")
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)
    except expat.ExpatError:
        raise Refused("xml") from None
    return reader.fields


def write_fields(fields: Mapping[str, str | int]) -> str:
    """A message in XML; text stands in CDATA, numbers stand bare."""
    parts = [
        f"<{name}>{value if isinstance(value, int) else _cdata(value)}</{name}>"
        for name, value in fields.items()
    ]
    return f"<{ROOT}>{''.join(parts)}</{ROOT}>"


def _cdata(text: str) -> str:
    clean = _FORBIDDEN.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{clean}]]>"


class _Reader:
    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._path: list[str] = []
        self._pieces: list[str] = []
        # The encoding is fixed, so that no declaration can choose another.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.EntityDeclHandler = _refuse
        self.parser.UnparsedEntityDeclHandler = _refuse
        self.parser.ExternalEntityRefHandler = _refuse
        self.parser.ProcessingInstructionHandler = _refuse

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        depth = len(self._path)
        if (depth == 0 and name != ROOT) or depth >= MAX_DEPTH:
            raise Refused("xml")
        if depth == 1:
            if name in self.fields or len(self.fields) >= MAX_FIELDS:
                raise Refused("xml")
            self.fields[name] = ""
            self._pieces = []
        self._path.append(name)

    def _text(self, text: str) -> None:
        if len(self._path) == 2:
            self._pieces.append(text)

    def _end(self, name: str) -> None:
        if len(self._path) == 2:
            self.fields[name] = "".join(self._pieces)
        self._path.pop()


def _refuse(*_what: object) -> NoReturn:
    raise Refused("xml")
