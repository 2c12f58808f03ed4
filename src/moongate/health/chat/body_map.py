"""Where each part of the body lies in the picture: two figures, 200 × 420, front and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["front", "back"]


@dataclass(frozen=True)
class Area:
    """A shape that stands for a part; one part may have two (left and right). `path` is SVG's."""

    part: str
    path: str
    chosen: bool


@dataclass(frozen=True)
class Figure:
    """One side of the figure: its outline, and the areas that can be touched."""

    side: Side
    outline: tuple[str, ...]
    areas: tuple[Area, ...]


def _mirrored(path: str) -> str:
    """The same shape on the other side of the line x = 100; paths have absolute pairs only."""
    told = []
    for word in path.split():
        if "," not in word:
            told.append(word)
            continue
        head = word[0] if word[0].isalpha() else ""
        x, y = word[len(head) :].split(",")
        told.append(f"{head}{200 - float(x):g},{y}")
    return " ".join(told)


def _oval(x: float, y: float, rx: float, ry: float) -> str:
    k = 0.5523
    return (
        f"M{x - rx:g},{y:g} C{x - rx:g},{y - k * ry:g} {x - k * rx:g},{y - ry:g} {x:g},{y - ry:g} "
        f"C{x + k * rx:g},{y - ry:g} {x + rx:g},{y - k * ry:g} {x + rx:g},{y:g} "
        f"C{x + rx:g},{y + k * ry:g} {x + k * rx:g},{y + ry:g} {x:g},{y + ry:g} "
        f"C{x - k * rx:g},{y + ry:g} {x - rx:g},{y + k * ry:g} {x - rx:g},{y:g} Z"
    )


_HEAD = _oval(100, 38, 25, 31)
_NECK = "M89,66 L111,66 L114,84 L86,84 Z"
_CHEST = "M86,84 L114,84 C130,86 140,90 144,98 L137,140 L63,140 L56,98 C60,90 70,86 86,84 Z"
_ARM = "M55,99 C44,104 41,118 39,138 L31,196 L44,199 L56,150 L60,118 Z"
_HAND = "M31,199 L44,202 C46,214 42,226 35,228 C27,228 26,212 31,199 Z"
_THIGH = "M66,213 L98,222 L96,290 L71,290 C66,262 63,236 66,213 Z"
_KNEE = "M71,292 L96,292 L95,318 L73,318 C71,310 70,300 71,292 Z"
_SHIN = "M73,320 L95,320 L92,378 L78,378 C73,358 71,338 73,320 Z"
_FOOT = "M78,380 L92,380 L94,398 C90,406 70,406 66,400 C66,394 76,390 78,380 Z"
_TRUNK = (
    "M63,140 L137,140 L133,176 C135,190 135,202 134,213 L100,223 L66,213 C65,202 65,190 67,176 Z"
)

_FRONT: tuple[tuple[str, str], ...] = (
    ("head", _HEAD),
    ("ears", _oval(75, 40, 4, 8)),
    ("ears", _oval(125, 40, 4, 8)),
    ("eyes", _oval(90, 35, 6, 4)),
    ("eyes", _oval(110, 35, 6, 4)),
    ("nose", "M100,38 L105,50 L95,50 Z"),
    ("mouth", _oval(100, 57, 9, 4)),
    ("throat", _NECK),
    ("chest", _CHEST),
    ("shoulder", _ARM),
    ("shoulder", _mirrored(_ARM)),
    ("hand", _HAND),
    ("hand", _mirrored(_HAND)),
    ("belly_top", "M88,142 L112,142 L112,160 L88,160 Z"),
    ("belly_right", "M63,142 L86,142 L86,167 L68,172 Z"),
    ("belly_left", "M137,142 L114,142 L114,167 L132,172 Z"),
    ("belly_navel", "M88,162 L112,162 L112,186 L88,186 Z"),
    ("belly_low_right", "M67,174 L86,169 L86,200 L66,200 Z"),
    ("belly_low_left", "M133,174 L114,169 L114,200 L134,200 Z"),
    ("belly_low", "M88,188 L112,188 L112,206 L88,206 Z"),
    ("groin", "M66,202 L86,202 L88,208 L112,208 L114,202 L134,202 L133,212 L100,224 L67,212 Z"),
    ("thigh", _THIGH),
    ("thigh", _mirrored(_THIGH)),
    ("knee", _KNEE),
    ("knee", _mirrored(_KNEE)),
    ("shin", _SHIN),
    ("shin", _mirrored(_SHIN)),
    ("foot", _FOOT),
    ("foot", _mirrored(_FOOT)),
)
_BACK: tuple[tuple[str, str], ...] = (
    ("head", _HEAD),
    ("neck_back", _NECK),
    ("back_upper", _CHEST),
    ("shoulder", _ARM),
    ("shoulder", _mirrored(_ARM)),
    ("hand", _HAND),
    ("hand", _mirrored(_HAND)),
    ("flank", "M63,142 L80,142 L80,172 L68,174 Z"),
    ("flank", "M137,142 L120,142 L120,172 L132,174 Z"),
    ("back_low", "M82,142 L118,142 L118,178 L82,178 Z"),
    ("buttock", "M68,176 L80,174 L82,180 L118,180 L120,174 L132,176 L134,213 L100,223 L66,213 Z"),
    ("thigh", _THIGH),
    ("thigh", _mirrored(_THIGH)),
    ("knee", _KNEE),
    ("knee", _mirrored(_KNEE)),
    ("calf", _SHIN),
    ("calf", _mirrored(_SHIN)),
    ("foot", _FOOT),
    ("foot", _mirrored(_FOOT)),
)


def figures(chosen: str = "") -> tuple[Figure, ...]:
    """Both sides, with the chosen part marked."""
    sides: tuple[tuple[Side, tuple[tuple[str, str], ...]], ...] = (
        ("front", _FRONT), ("back", _BACK),
    )  # fmt: skip
    return tuple(
        Figure(
            side=side,
            outline=(_TRUNK,),
            areas=tuple(Area(part, path, part == chosen) for part, path in areas),
        )
        for side, areas in sides
    )
