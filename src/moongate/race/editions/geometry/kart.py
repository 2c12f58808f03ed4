"""A kart's recipe as pieces that move by themselves; the client lights them."""

from __future__ import annotations

from collections.abc import Mapping

from moongate.race.editions.geometry.glb import FINE_GRID_M, Piece
from moongate.race.editions.geometry.mesh import EMPTY
from moongate.race.editions.geometry.recipe import Palette, build_parts
from moongate.race.editions.schema import Model


def kart_pieces(model: Model, palette: Palette, models: Mapping[str, Model]) -> list[Piece]:
    """One piece for each node, under a root named `kart`; x forward, y left, z up, metres."""
    pieces = [Piece("kart", EMPTY)]
    for node in model.nodes:
        mesh = build_parts(node.parts, palette, models)
        pieces.append(
            Piece(
                node.name, mesh.moved(node.pivot), node.pivot, "lit", FINE_GRID_M, "kart",
                normals=True, moves=True,
            )
        )  # fmt: skip
    return pieces
