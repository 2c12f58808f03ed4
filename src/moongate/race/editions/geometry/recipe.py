"""Model recipes to meshes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from moongate.race.editions.geometry import shapes
from moongate.race.editions.geometry.mesh import Array, Mesh, facets, join, turned
from moongate.race.editions.schema import Model, Part

Palette = Mapping[str, Array]


def build_parts(parts: list[Part], palette: Palette, models: Mapping[str, Model]) -> Mesh:
    """The mesh of a list of parts."""
    return join(_copies(part, _shape(part, palette, models)) for part in parts)


def _shape(part: Part, palette: Palette, models: Mapping[str, Model]) -> Mesh:
    mesh = _primitive(part, palette, models)
    if part.smooth:
        mesh = mesh.softened()
    scale = np.broadcast_to(np.asarray(part.scale, float), 3)
    return mesh.mapped(turned(part.turn) @ np.diag(scale)).moved(part.at)


def _primitive(part: Part, palette: Palette, models: Mapping[str, Model]) -> Mesh:
    if part.use is not None:
        return build_parts(models[part.use].parts, palette, models)
    assert part.colour is not None
    colour = palette[part.colour]
    second = palette[part.second or part.colour]
    if part.box is not None:
        return shapes.taper(part.box, part.box, colour, part.glow)
    if part.block is not None:
        return shapes.block(part.block, colour, part.glow)
    if part.taper is not None:
        return shapes.taper(part.taper, part.top, colour, part.glow)
    if part.gable is not None:
        return shapes.gable(part.gable, colour, second)
    if part.prism is not None:
        r2 = part.r if part.r2 is None else part.r2
        return shapes.prism(part.prism, part.r, r2, part.h, colour, part.glow)
    if part.lathe is not None:
        return shapes.lathe(part.lathe, part.sides, colour, part.glow)
    if part.ball is not None:
        return shapes.ball(part.ball, colour, part.detail, part.glow)
    if part.slab is not None:
        holes = [*part.holes, *(shapes.arch(*opening) for opening in part.arches)]
        return shapes.slab(part.slab, part.thick, colour, holes)
    if part.beam is not None:
        return shapes.beam(*part.beam, part.thick, colour, part.sides)
    assert part.windows is not None
    quads = shapes.panes(*part.windows, part.area, part.size)
    return facets(quads, colour, part.glow)


def _copies(part: Part, mesh: Mesh) -> Mesh:
    for repeat in (part.repeat, part.again):
        if repeat is not None:
            step = np.asarray(repeat.step)
            mesh = join(mesh.moved(step * k) for k in range(repeat.count))
    if part.ring is not None:
        turns = [turned((0, 0, 360 * k / part.ring)) for k in range(part.ring)]
        mesh = join(mesh.mapped(turn) for turn in turns)
    for axis in part.mirror or "":
        flip = np.diag([-1.0, 1, 1]) if axis == "x" else np.diag([1.0, -1, 1])
        mesh = join([mesh, mesh.mapped(flip)])
    return mesh
