"""Hold data against a type and name every place where they differ, not only the first."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

WHOLE = "(whole file)"
MOST = 100


def every_fault(data: Any, kind: Any) -> list[tuple[str, str]]:
    """(path, fault) of whatever in `data` is not as `kind` wants it, at most MOST of them."""
    found = []
    for path, fault in _faults(data, kind, ""):
        found.append((path or WHOLE, fault))
        if len(found) == MOST:
            break
    return found


def _faults(data: Any, kind: Any, path: str) -> Iterator[tuple[str, str]]:
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        named = False
        for inner in _inside(data, _bare(kind, data), path):
            named = True
            yield inner
        if not named:
            fault, _, where = str(error).partition(" - at `$")
            rest = where.rstrip("`")
            yield (path + rest if path else rest.lstrip(".")), fault


def _bare(kind: Any, data: Any) -> Any:
    """The type without its limits; of a choice, the one that takes what `data` is."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        arms = [_bare(arm, data) for arm in get_args(kind) if arm is not NoneType]
        fitting = [arm for arm in arms if isinstance(data, _shape(arm))]
        return fitting[0] if len(fitting) == 1 else None
    return kind


def _shape(kind: Any) -> type:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return dict
    origin = get_origin(kind) or kind
    if origin is tuple:
        return list
    return origin if isinstance(origin, type) else NoneType


def _inside(data: Any, kind: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(data, dict):
        if kind.__struct_config__.tag is None:
            yield from _in_table(data, kind, path)
    elif get_origin(kind) is dict and isinstance(data, dict):
        key_kind, value_kind = get_args(kind)
        for key, value in data.items():
            for _, fault in _faults(key, key_kind, ""):
                yield _join(path, key), f"its name: {fault}"
            yield from _faults(value, value_kind, _join(path, key))
    elif get_origin(kind) is list and isinstance(data, list):
        for k, value in enumerate(data):
            yield from _faults(value, get_args(kind)[0], f"{path}[{k}]")
    elif get_origin(kind) is tuple and isinstance(data, list):
        kinds = get_args(kind)
        if len(kinds) == len(data):
            for k, (value, each) in enumerate(zip(data, kinds, strict=True)):
                yield from _faults(value, each, f"{path}[{k}]")


def _in_table(
    data: dict[str, Any], kind: type[msgspec.Struct], path: str
) -> Iterator[tuple[str, str]]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in fields.items():
        if name in data:
            yield from _faults(data[name], field.type, _join(path, name))
        elif field.required:
            yield path, f"Object missing required field `{name}`"
    if kind.__struct_config__.forbid_unknown_fields:
        for name in data:
            if name not in fields:
                yield _join(path, name), f"Object contains unknown field `{name}`"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
