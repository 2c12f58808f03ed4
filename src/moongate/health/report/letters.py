"""The report's font, and text made fit for it: Noto Sans SC draws Latin and Chinese alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont

NO_GLYPH = "□"
OPENING = "（《「『【〈“‘(["
CLOSING = "）》」』】〉”’)]，。、；：？！,.;:?!%"
# What stays on one line: a Chinese character or a word, with the marks that belong to it.
_CHINESE = r"\u2e80-\uffef"
_PIECE = re.compile(
    rf"\n|[^\S\n]+"
    rf"|[{re.escape(OPENING)}]*[{_CHINESE}][{re.escape(CLOSING)}]*"
    rf"|[^\s{_CHINESE}]+[{re.escape(CLOSING)}]*"
    r"|."
)


def font_path() -> Path:
    """The file of the font that is embedded, as a subset of what is used."""
    return pylopdf_fonts_zh_cn.sans_path()


def printable(text: str) -> str:
    """The text as the font can draw it: line breaks kept, controls and reordering marks gone.

    A character without a glyph becomes an empty box rather than nothing.
    """
    drawn = _drawn()
    kept = []
    for character in unicodedata.normalize("NFC", text):
        if character == "\n":
            kept.append(character)
        elif character.isspace():
            kept.append(" ")
        elif unicodedata.category(character)[0] == "C":
            continue
        else:
            kept.append(character if ord(character) in drawn else NO_GLYPH)
    return "".join(kept)


def lines_of(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The text in lines of at most `width`, as `measure` has it, Chinese by its own rules.

    No line begins with a closing mark or ends with an opening one. A word longer than a line is
    cut.
    """
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if piece == "\n":
            lines.append(line.rstrip())
            line = ""
        elif measure((line + piece).rstrip()) <= width:
            line += piece if line else piece.lstrip()
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
            while measure(line) > width:
                cut = next(
                    n for n in range(len(line), 0, -1) if n == 1 or measure(line[:n]) <= width
                )
                lines.append(line[:cut])
                line = line[cut:]
    return [*lines, line.rstrip()]


@lru_cache(1)
def _drawn() -> frozenset[int]:
    with TTFont(font_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())
