"""What a phone can draw and a build can bear, counted before anything is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import msgspec

from moongate.race.editions.faults import EditionError
from moongate.race.editions.schema import Model, Part
from moongate.race.editions.terrain_budget import terrain_faults
from moongate.race.editions.track_schema import TrackFile

TRACK_TRIANGLES = 100_000
KART_TRIANGLES = 6_000
MODEL_TRIANGLES = 40_000
# The recipes in one character's or costume's file.
RECIPE_TRIANGLES = 20_000
TRACK_GZIP_BYTES = 1_600_000
KART_GZIP_BYTES = 120_000
FIGURE_GZIP_BYTES = 200_000
TRACK_MESHES = 60
KART_MESHES = 24
TRACK_LENGTH_M = 8_000.0
USES_DEEP = 12
# Places tried for houses, trees and things in lines; what does not fit is left out.
TRACK_PLACES = 20_000
# Far below what fills memory, far above what a phone draws: trees that do not fit count too.
TRIED_TRIANGLES = 20 * TRACK_TRIANGLES
ARCH_POINTS = 11
# Share of its height in the sun's direction below which shadows have no end.
LOWEST_SUN = 0.05


def part_triangles(part: Part, models: Mapping[str, int]) -> int:
    """At most how many triangles a part and its copies have; `models` counts those it may use."""
    copies = (part.repeat.count if part.repeat else 1) * (part.again.count if part.again else 1)
    copies *= (part.ring or 1) << len(part.mirror or "")
    return copies * _shape_triangles(part, models)


def _shape_triangles(part: Part, models: Mapping[str, int]) -> int:
    if part.use is not None:
        return models.get(part.use, 0)
    if part.ball is not None:
        return int(20 * 4**part.detail)
    if part.prism is not None:
        return 3 * part.prism
    if part.lathe is not None:
        return 2 * part.sides * max(len(part.lathe) - 1, 0)
    if part.slab is not None:
        points = len(part.slab) + sum(map(len, part.holes)) + ARCH_POINTS * len(part.arches)
        rings = len(part.holes) + len(part.arches)
        return 2 * (points + 2 * rings) + 2 * points
    if part.beam is not None:
        return 4 * part.sides
    if part.windows is not None:
        return 2 * part.windows[0] * part.windows[1]
    return 12


def all_parts(model: Model) -> Iterator[Part]:
    """Every part of a model, those of its nodes too."""
    yield from model.parts
    for node in model.nodes:
        yield from node.parts


def parts_within(value: Any) -> Iterator[Part]:
    """Every recipe part anywhere in a table."""
    if isinstance(value, Part):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from parts_within(getattr(value, name))
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from parts_within(each)


def model_triangles(
    files: Mapping[str, Path], models: Mapping[str, Model]
) -> tuple[dict[str, int], list[EditionError]]:
    """The triangles of every model that can be built, and what is wrong with the others."""
    uses = {
        slug: {part.use for part in all_parts(model) if part.use is not None}
        for slug, model in models.items()
    }
    order, faults = _order(files, uses)
    counts: dict[str, int] = {}
    deep: dict[str, int] = {}
    for slug in order:
        inner = uses[slug]
        if not inner <= counts.keys():
            continue
        deep[slug] = 1 + max((deep[use] for use in inner), default=0)
        count = sum(part_triangles(part, counts) for part in all_parts(models[slug]))
        if deep[slug] > USES_DEEP:
            fault, mend = f"models use models more than {USES_DEEP} deep", "Flatten them."
            faults.append(EditionError(files[slug], "parts", fault, mend))
        elif count > MODEL_TRIANGLES:
            fault = f"{count:,} triangles, more than {MODEL_TRIANGLES:,}"
            mend = "Use fewer sides or copies."
            faults.append(EditionError(files[slug], _heaviest(models[slug], counts), fault, mend))
        else:
            counts[slug] = count
    return counts, faults


def _order(
    files: Mapping[str, Path], uses: dict[str, set[str]]
) -> tuple[list[str], list[EditionError]]:
    """The models with what they use before them; circles are taken out and told."""
    rest = dict(uses)
    faults: list[EditionError] = []
    while True:
        try:
            names = TopologicalSorter(rest).static_order()
            return [name for name in names if name in rest], faults
        except CycleError as error:
            # The sorter names each node before the one that uses it.
            circle: list[str] = error.args[1][::-1]
            chain = " → ".join(circle)
            fault = f"it uses itself: {chain}"
            faults.append(EditionError(files[circle[0]], "use", fault, "Break the circle."))
            for name in circle:
                rest.pop(name, None)


def _heaviest(model: Model, counts: Mapping[str, int]) -> str:
    groups = [("parts", model.parts)]
    groups += [(f"nodes[{k}].parts", node.parts) for k, node in enumerate(model.nodes)]
    fields = [
        (part_triangles(part, counts), f"{group}[{k}]")
        for group, parts in groups
        for k, part in enumerate(parts)
    ]
    return max(fields)[1]


def track_faults(
    file: Path, track: TrackFile, counts: Mapping[str, int], length_m: float
) -> Iterator[EditionError]:
    """What would take too long or too much to build beside a lap of `length_m`."""
    if length_m > TRACK_LENGTH_M:
        fault = f"a lap of {length_m:,.0f} m, more than {TRACK_LENGTH_M:,.0f}"
        yield EditionError(file, "course.points", fault, "Shorten it.")
    yield from _ranges(file, track, length_m)
    yield from _orders(file, track)
    yield from terrain_faults(file, track)
    tried: list[tuple[str, float, int]] = []
    for k, mark in enumerate(track.landmarks):
        tried.append((f"landmarks[{k}].stand", 1, counts.get(mark.stand.model, 0)))
    for k, stand in enumerate(track.stands):
        tried.append((f"stands[{k}]", 1, counts.get(stand.model, 0)))
    for k, line in enumerate(track.lines):
        far = (line.along[1] - line.along[0]) % max(length_m, 1.0) or length_m
        tried.append((f"lines[{k}]", far / line.every + 1, counts.get(line.model, 0)))
    for k, grove in enumerate(track.groves):
        heaviest = max((counts.get(model, 0) for model in grove.models), default=0)
        tried.append((f"groves[{k}]", _box(grove.outline) / grove.spacing**2, heaviest))
    for k, quarter in enumerate(track.quarters):
        tried.append((f"quarters[{k}]", _box(quarter.outline) / quarter.spacing**2, 0))
    places = 0.0
    triangles = 0.0
    for field, copies, each in tried:
        places += copies
        triangles += copies * each
        if places > TRACK_PLACES or triangles > TRIED_TRIANGLES:
            fault = f"with it {places:,.0f} things of {triangles:,.0f} triangles would be placed"
            mend = f"At most {TRACK_PLACES:,} and {TRIED_TRIANGLES:,} are tried: space them out."
            yield EditionError(file, field, fault, mend)
            return


def _ranges(file: Path, track: TrackFile, length_m: float) -> Iterator[EditionError]:
    # Verges and barriers only colour what is there: 0 to 100000 is all of any lap.
    for key in ("bridges", "rows", "lines"):
        for k, entry in enumerate(getattr(track, key)):
            a, b = entry.along
            if abs(a) > 2 * length_m or abs(b) > 2 * length_m or b - a > length_m + 1:
                fault = f"{a:g} to {b:g} m does not lie on a lap of {length_m:,.0f} m"
                mend = "Give two distances along one lap."
                yield EditionError(file, f"{key}[{k}].along", fault, mend)


def _orders(file: Path, track: TrackFile) -> Iterator[EditionError]:
    if track.light.sun_direction[2] < LOWEST_SUN * max(map(abs, track.light.sun_direction)):
        fault, mend = "the sun stands at or below the horizon", "Give it a z above 0."
        yield EditionError(file, "light.sun-direction", fault, mend)
    for name, style in track.styles.items():
        for key in ("width", "depth", "storeys"):
            low, high = getattr(style, key)
            if low > high:
                fault = f"{low:g} is more than {high:g}"
                yield EditionError(file, f"styles.{name}.{key}", fault, "Write the smaller first.")


def _box(outline: list[tuple[float, float]]) -> float:
    xs, ys = zip(*outline, strict=True)
    return float((max(xs) - min(xs)) * (max(ys) - min(ys)))
