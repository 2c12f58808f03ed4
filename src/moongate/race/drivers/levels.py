"""The five levels by name, and the checked way to make a driver of one."""

from __future__ import annotations

from typing import Literal, get_args

from moongate.race.drivers.box_qp import Floats
from moongate.race.drivers.kernel import levels as kernel

Level = Literal["novice", "amateur", "club", "expert", "master"]

LEVELS: tuple[Level, ...] = get_args(Level)
"""From the slowest to the best; a level's place is its number in the kernel and in the game."""


def set_level(styles: Floats, memories: Floats, kart: int, level: str, seed: int) -> None:
    """Makes one kart a driver of a named level; seed is from 1 to 2**31 − 2."""
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}, not {level}")
    kernel.set_level(styles, memories, kart, LEVELS.index(level), seed)  # type: ignore[no-untyped-call]


def set_skill(
    styles: Floats, memories: Floats, kart: int, skill: float, boost: bool, seed: int
) -> None:
    """Makes one kart a driver of a skill from 0 to 1; seed is from 1 to 2**31 − 2."""
    if not 0.0 <= skill <= 1.0:
        raise ValueError(f"level must be 0 to 1, not {skill:g}")
    kernel.seed_driver(memories, kart, seed)  # type: ignore[no-untyped-call]
    kernel.set_style(styles, kart, skill, boost)  # type: ignore[no-untyped-call]
