"""The body map: parts of the body, and what people complain of there."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from moongate.health.assessment import Engine
from moongate.health.knowledge.schema import Id, Lang, Strict, Text
from moongate.health.wording import finding_name

FILE = Path(__file__).parent / "body.toml"


class Part(Strict, frozen=True):
    """A part of the body; `side` is where the figure shows it, "all" for what has no place."""

    side: Literal["front", "back", "all"]
    name: Text
    findings: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=12)]


@lru_cache(1)
def parts() -> dict[str, Part]:
    """Every part by its id, head first."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return msgspec.convert(table, dict[str, Part])


def complaints(engine: Engine, part: str, lang: Lang) -> list[tuple[str, str]]:
    """(finding, name) of what the knowledge has for a part; empty for an unknown part."""
    entry = parts().get(part)
    known = [f for f in entry.findings if f in engine.base.findings] if entry else []
    return [(name, finding_name(engine.network, name, lang)) for name in known]
