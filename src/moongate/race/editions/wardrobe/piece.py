"""A piece of the wardrobe: its shells, its textures, and what it hides of the body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from moongate.race.editions.cast.anatomy import at
from moongate.race.editions.cast.shell import Panel, Shell, rigid
from moongate.race.editions.geometry.mesh import Array, Mesh
from moongate.race.editions.geometry.recipe import Palette, build_parts
from moongate.race.editions.schema import Model
from moongate.race.editions.wardrobe import garments
from moongate.race.editions.wardrobe.schema import CLOTHS, Colourway, PieceFile
from moongate.race.editions.wardrobe.texture import PANELS, Dyer, swatch_uv

# A colour that stands for a cloth: no paint is that bright.
_CODE = 10.0


@dataclass(frozen=True)
class Cut:
    """A piece made: `shells` in the common body's axes and the regions it `hides` when worn."""

    shells: list[Shell]
    hides: list[str]

    @property
    def triangles(self) -> int:
        """How many triangles it has."""
        return sum(part.mesh.count for part in self.shells)


class Coded(Mapping[str, Array]):
    """A palette with a code in place of each cloth's colour."""

    def __init__(self, palette: Palette, names: tuple[str, ...] = CLOTHS) -> None:
        self.palette = palette
        self.codes = {name: np.array([_CODE + k, 0.0, 0.0]) for k, name in enumerate(names)}

    def __getitem__(self, name: str) -> Array:
        shown = self.palette[name]
        return self.codes.get(name, shown)

    def __iter__(self) -> Iterator[str]:
        return iter(self.palette)

    def __len__(self) -> int:
        return len(self.palette)


def cut_piece(piece: PieceFile, palette: Palette, models: Mapping[str, Model]) -> Cut:
    """Make a piece's geometry; `palette` is linear light by name."""
    shells: list[Shell] = []
    hides: list[str] = list(piece.hides)
    if piece.top is not None:
        shells += garments.top(piece.top)
        hides.append("trunk")
        if piece.top.sleeve >= 0.5:
            hides.append("upper_arms")
        if piece.top.sleeve >= 0.92:
            hides.append("lower_arms")
    if piece.trousers is not None:
        shells += garments.trousers(piece.trousers)
        hides.append("trunk")
        if piece.trousers.length >= 0.5:
            hides.append("upper_legs")
        if piece.trousers.length >= 0.9:
            hides.append("lower_legs")
    if piece.skirt is not None:
        shells += garments.skirt(piece.skirt)
        hides.append("trunk")
    if piece.collar is not None:
        shells += garments.collar(piece.collar)
    if piece.boot is not None:
        shells += garments.boot(piece.boot)
        hides.append("feet")
        if piece.boot.shaft > garments.TALL_M:
            hides.append("shins")
    if piece.glove is not None:
        shells += garments.glove(piece.glove)
        if piece.glove.tips:
            hides.append("hands")
    if piece.cowl is not None:
        shells += garments.cowl(piece.cowl)
    codes = Coded(palette)
    for entry in piece.rigid:
        mesh = build_parts(entry.parts, codes, models)
        shells.append(_dressed(mesh, entry.joint, entry.wrap))
        if entry.pair:
            other = entry.joint.removesuffix("_l") + "_r" if "_" in entry.joint else entry.joint
            shells.append(_dressed(mesh.mapped(np.diag([1.0, -1, 1])), other, entry.wrap))
    if piece.slot == "head" and not piece.open_top:
        hides.append("crown")
    region = {"head": "hat", "face": "face"}.get(piece.slot)
    if region is not None:
        shells = [part.named(region) for part in shells]
    return Cut(shells, list(dict.fromkeys(hides)))


def decode_cloth(mesh: Mesh, names: tuple[str, ...] = CLOTHS) -> tuple[Mesh, Array]:
    """A mesh of coded colours as white cloth and paint; which cloth each corner is, −1 none."""
    which = np.where(mesh.colour[:, 0] >= _CODE - 0.5, np.rint(mesh.colour[:, 0] - _CODE), -1)
    cloth = which.astype(np.int64)
    colour = np.where(cloth[:, None] >= 0, 1.0, mesh.colour)
    return replace(mesh, colour=colour), cloth


def _dressed(mesh: Mesh, joint: str, wrap: str | None) -> Shell:
    plain, cloth = decode_cloth(mesh)
    part = rigid(plain.moved(at(joint)), joint)
    uv = part.uv.copy()
    for k, name in enumerate(CLOTHS):
        uv[cloth == k] = swatch_uv(name)
    if wrap is not None:
        here = cloth == CLOTHS.index(wrap)
        uv[here] = _wound(plain, PANELS["wrap"])[here]
    return replace(part, uv=uv)


def _wound(mesh: Mesh, panel: Panel) -> Array:
    """Places in a panel for a mesh wound about the z axis, facet by facet."""
    left, low, right, high = panel
    around = np.arctan2(mesh.vertices[:, 1], mesh.vertices[:, 0]) / (2 * np.pi) + 0.5
    # A facet over the seam would run backwards through the whole panel.
    middle = np.zeros(len(around))
    count = np.zeros(len(around))
    centre = mesh.vertices[mesh.triangles].mean(1)
    facing = np.arctan2(centre[:, 1], centre[:, 0]) / (2 * np.pi) + 0.5
    for k in range(3):
        np.add.at(middle, mesh.triangles[:, k], facing)
        np.add.at(count, mesh.triangles[:, k], 1)
    middle /= np.maximum(count, 1)
    around = around - np.rint(around - middle)
    z = mesh.vertices[:, 2]
    span = max(float(np.ptp(z)), 1e-6)
    up = (z - z.min()) / span
    u = np.clip(left + (right - left) * around, 0, 1)
    return np.column_stack([u, low + (high - low) * up])


def dye(piece: PieceFile, way: Colourway, palette: Palette) -> Array:
    """The texture (256, 256, 3) of a piece in a colourway."""
    dyer = Dyer(piece, way, palette)
    if piece.slot == "body":
        if piece.top is not None:
            dyer.fill("trunk", piece.top.cloth)
            for side in ("sleeve_l", "sleeve_r"):
                dyer.fill(side, piece.top.sleeve_cloth or piece.top.cloth)
        if piece.skirt is not None:
            dyer.fill("skirt", piece.skirt.cloth)
        elif piece.trousers is not None:
            for side in ("leg_l", "leg_r"):
                dyer.fill(side, piece.trousers.cloth)
    else:
        wraps = [entry.wrap for entry in piece.rigid if entry.wrap is not None]
        if wraps:
            dyer.fill("wrap", wraps[0])
    for mark in piece.marks:
        dyer.mark(mark)
    return dyer.done()
