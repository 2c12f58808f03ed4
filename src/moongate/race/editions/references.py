"""What a file names that others define: colours, models and a track's own house styles.

In the types of an edition a plain `str` is a colour's name, and a slug called `model`, `models`
or `style` names one of those; everything else that is text has a pattern.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

# Field, kind of what it names, name.
Reference = tuple[str, str, str]
NAMING = {"model": "model", "models": "model", "style": "style"}


def references(table: msgspec.Struct, path: str = "") -> Iterator[Reference]:
    """(field, kind, name) of every colour, model and style that a table names."""
    for field in msgspec.structs.fields(table):
        name = f"{path}.{field.encode_name}" if path else field.encode_name
        value = getattr(table, field.name)
        kind = NAMING.get(field.name) or ("colour" if _plain(field.type) else None)
        yield from _inside(value, name, kind)


def _inside(value: Any, path: str, kind: str | None) -> Iterator[Reference]:
    if isinstance(value, msgspec.Struct):
        yield from references(value, path)
    elif isinstance(value, str):
        if kind is not None:
            yield path, kind, value
    elif isinstance(value, list):
        for k, each in enumerate(value):
            yield from _inside(each, f"{path}[{k}]", kind)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _inside(each, f"{path}.{key}", kind)


def _plain(kind: Any) -> bool:
    """Whether a type is `str`, `str | None` or a list of them, with no limits."""
    if get_origin(kind) is Annotated:
        inner = get_args(kind)[0]
        return inner is not str and _plain(inner)
    if get_origin(kind) in (Union, UnionType):
        arms = [arm for arm in get_args(kind) if arm is not NoneType]
        return all(_plain(arm) for arm in arms)
    if get_origin(kind) is list:
        return _plain(get_args(kind)[0])
    return kind is str
