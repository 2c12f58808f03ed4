"""A model as one file: MessagePack, versioned, without code in it."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from moongate.health.learning.calibration import Mode
from moongate.health.learning.dataset import DatasetError, Evidence, Schema
from moongate.health.learning.dialogue import Stop
from moongate.health.learning.differential import Head
from moongate.health.learning.foresight import foresee
from moongate.health.learning.likelihood import Likelihoods, Settings
from moongate.health.learning.model import Model

FORMAT = "moongate-health-learning"
VERSION = 1
TABLES = ("prior", "ages", "sexes", "initial", "yes", "no")
DTYPES = ("<f8", "<i8", "|b1")  # the only ones a file may name


def write(model: Model, path: Path) -> None:
    """Writes a file that `read` takes back to an equal model."""
    likelihoods, schema = model.likelihoods, model.likelihoods.schema
    content = {
        "format": FORMAT,
        "version": VERSION,
        "conditions": schema.conditions,
        "evidences": [asdict(evidence) for evidence in schema.evidences],
        "listed": _packed(schema.listed),
        "settings": asdict(likelihoods.settings),
        "tables": {name: _packed(getattr(likelihoods, name)) for name in TABLES},
        "sets": [[e, _packed(options), _packed(chance)] for e, options, chance in model.sets],
        "stop": asdict(model.stop),
        "dialogue": _pack_mode(model.dialogue),
        "full": _pack_mode(model.full),
    }
    path.write_bytes(msgspec.msgpack.encode(content))


def read(path: Path) -> Model:
    """Reads what `write` wrote.

    Raises:
        DatasetError: when the file cannot be read, is no model, or of another version.
    """
    try:
        content = msgspec.msgpack.decode(path.read_bytes())
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}. Give a saved model.") from None
    except msgspec.DecodeError:
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DatasetError(f"{path}: is no saved model. Give one that was saved here.")
    if content.get("version") != VERSION:
        raise DatasetError(
            f"{path}: version must be {VERSION}, is {content.get('version')!r}. Train it again."
        )
    try:
        return _model(content)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise DatasetError(f"{path}: is damaged ({error}). Train it again.") from None


def _model(content: dict[str, Any]) -> Model:
    evidences = tuple(
        Evidence(**{**entry, "options": tuple(entry["options"])}) for entry in content["evidences"]
    )
    schema = Schema(tuple(content["conditions"]), evidences, _unpacked(content["listed"]))
    tables = {name: _unpacked(content["tables"][name]) for name in TABLES}
    likelihoods = Likelihoods(schema, Settings(**content["settings"]), **tables)
    sets = [(e, _unpacked(options), _unpacked(chance)) for e, options, chance in content["sets"]]
    return Model(
        likelihoods,
        sets,
        foresee(likelihoods, sets),
        Stop(**content["stop"]),
        _unpack_mode(content["dialogue"]),
        _unpack_mode(content["full"]),
    )


def _pack_mode(mode: Mode) -> dict[str, Any]:
    head = {part.name: _packed(getattr(mode.head, part.name)) for part in fields(Head)}
    return {"temperature": mode.temperature, "head": head}


def _unpack_mode(content: dict[str, Any]) -> Mode:
    head = {name: _unpacked(array) for name, array in content["head"].items()}
    return Mode(content["temperature"], Head(**head))


def _packed(array: NDArray[Any]) -> dict[str, Any]:
    dtype = {"f": "<f8", "i": "<i8", "b": "|b1"}[array.dtype.kind]
    plain = np.ascontiguousarray(array, dtype=dtype)
    return {"dtype": dtype, "shape": plain.shape, "bytes": plain.tobytes()}


def _unpacked(content: dict[str, Any]) -> NDArray[Any]:
    if content["dtype"] not in DTYPES:
        raise ValueError(f"dtype {content['dtype']!r}")
    flat = np.frombuffer(content["bytes"], dtype=content["dtype"])
    return flat.reshape(content["shape"]).copy()
