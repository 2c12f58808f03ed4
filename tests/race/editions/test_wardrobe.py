"""The wardrobe: what it holds, how it is dyed, and that nobody's elbow shows through it."""

import re

import numpy as np
import pytest

from moongate.race.editions.cast.build import PIECE_TRIANGLES, make_costume
from moongate.race.editions.cast.clips import Moods
from moongate.race.editions.cast.figure import bare_figure
from moongate.race.editions.cast.pose import rest, skinning, world
from moongate.race.editions.cast.schema import SLOTS, Proportions
from moongate.race.editions.cast.skeleton import ARM, INDEX, make_rig
from moongate.race.editions.wardrobe.patterns import paint, threads_of
from moongate.race.editions.wardrobe.piece import cut_piece, dye
from moongate.race.editions.wardrobe.png import png
from moongate.race.editions.wardrobe.schema import Pattern
from moongate.race.editions.wardrobe.source import piece_faults
from moongate.race.editions.wardrobe.texture import SIZE
from moongate.race.editions.wardrobe.wear import ATLAS, Outfit, dressed
from tests.race.editions import figures
from tests.race.editions.glbfile import document

PIECES = sorted(figures.pieces())
BODY = [slug for slug in PIECES if figures.pieces()[slug].slot == "body"]
BODIES = {
    "common": Proportions(),
    "child": Proportions(height=1.24, build=0.88, shoulders=0.88, legs=0.9),
    "broad": Proportions(height=1.7, build=1.3, shoulders=1.15, belly=0.8),
}
# The bones that run through each bare region that a piece may cover in part.
BONES = {
    "upper_arms": ("upper_arm", "lower_arm"),
    "lower_arms": ("lower_arm", "hand"),
    "upper_legs": ("upper_leg", "lower_leg"),
    "lower_legs": ("lower_leg", "foot"),
}


def test_forty_pieces_for_every_slot_with_two_colourways_each():
    pieces = figures.pieces().values()
    assert len(PIECES) >= 40
    assert {piece.slot for piece in pieces} == set(SLOTS)
    assert all(len(piece.colourways) >= 2 for piece in pieces)
    assert {piece.earned.by for piece in pieces} == {"open", "licence", "season", "card"}


@pytest.mark.parametrize("slug", PIECES)
def test_a_piece_is_sound_and_says_where_it_comes_from_in_both_languages(slug):
    piece = figures.pieces()[slug]
    path = figures.UK / "costumes" / f"{slug}.toml"
    assert [
        str(fault) for fault in piece_faults(path, piece, figures.palette(), figures.models())
    ] == []
    for text in (piece.name, piece.what, piece.origin, piece.history):
        assert re.search(r"[\u4e00-\u9fff]", text.zh_hans)
        assert not re.search(r"[\u4e00-\u9fff]", text.en)


@pytest.mark.parametrize("slug", PIECES)
def test_a_piece_is_light_and_its_textures_small(slug):
    entry, files = make_costume(slug, figures.pieces()[slug], figures.palette(), figures.models())
    assert entry["triangles"] <= PIECE_TRIANGLES
    textures = [way["texture"] for way in entry["colourways"]]
    assert len({files[name] for name in textures}) == len(textures)
    for name in textures:
        assert int.from_bytes(files[name][16:20]) == SIZE
        assert len(files[name]) < 24_000
    if entry["model"] is not None:
        doc = document(files[entry["model"]])
        attributes = doc["meshes"][0]["primitives"][0]["attributes"]
        assert {"TEXCOORD_0", "JOINTS_0", "WEIGHTS_0", "COLOR_0"} <= attributes.keys()


def test_the_same_recipe_gives_the_same_bytes():
    first, second = (
        make_costume("kilt", figures.pieces()["kilt"], figures.palette(), figures.models())
        for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("slug", BODY)
@pytest.mark.parametrize("body", BODIES)
def test_no_skin_shows_through_a_garment_standing_or_driving(slug, body):
    proportions = BODIES[body]
    rig = make_rig(proportions)
    moods = Moods(rig, proportions, 0.0)
    cut = cut_piece(figures.pieces()[slug], figures.palette(), figures.models())
    bare = [
        part
        for part in bare_figure(figures.characters()["mhairi"], figures.palette(), figures.models())
        if part.region in BONES and part.region not in cut.hides
    ]
    for pose in (rest(), moods.drive(0.2, 0.0), moods.drive(0.2, 1.0)):
        matrices = skinning(rig, pose)
        joints = world(rig, pose)[:, :3, 3]
        cloth = np.concatenate(
            [part.bent(matrices)[part.mesh.triangles[_around(part)]] for part in cut.shells]
        )
        for part in bare:
            side = "l" if part.mesh.vertices[:, 1].mean() > 0 else "r"
            a, b = (joints[INDEX[f"{bone}_{side}"]] for bone in BONES[part.region])
            depth = _beyond(part.bent(matrices), a, b, cloth)
            assert depth.max(initial=0) < 0.004, f"{part.region} shows by {depth.max():.3f} m"


def _around(part):
    """Which facets go about a limb; those that close a cuff let the arm through."""
    a, b, c = (part.mesh.vertices[part.mesh.triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    return (np.abs(normal @ ARM) < 0.95) & (np.abs(normal @ (ARM * (1, -1, 1))) < 0.95)


def _beyond(points, a, b, triangles):
    """How far each point on a limb from a to b lies outside the cloth that is about it; 0 if not.

    A point is outside when every bit of cloth on the line from the bone through it lies inward.
    """
    along = (b - a) / np.linalg.norm(b - a)
    foot = a + np.clip((points - a) @ along, 0, np.linalg.norm(b - a))[:, None] * along
    out = points - foot
    far = np.linalg.norm(out, axis=1)
    out = out / np.maximum(far, 1e-9)[:, None]
    e1, e2 = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    p = np.cross(out[:, None], e2[None])
    det = np.einsum("td,ntd->nt", e1, p)
    safe = np.where(np.abs(det) < 1e-12, np.inf, det)
    s = foot[:, None] - triangles[None, :, 0]
    u = np.einsum("ntd,ntd->nt", s, p) / safe
    q = np.cross(s, e1[None])
    v = np.einsum("nd,ntd->nt", out, q) / safe
    t = np.einsum("td,ntd->nt", e2, q) / safe
    # Cloth further off than a sleeve is wide belongs to another limb.
    near = 1e-6  # rays through a shared edge must not slip between its two facets
    inside = (u >= -near) & (v >= -near) & (u + v <= 1 + near)
    outermost = np.where(inside & (t > 0.01) & (t < far[:, None] + 0.12), t, -np.inf).max(1)
    # What lies behind the joint is inside the trunk.
    outermost[(points - a) @ along < 0] = np.inf
    return np.where(outermost > -np.inf, np.maximum(far - outermost, 0), 0.0)


def test_the_measure_of_showing_skin_finds_a_tube_that_is_too_tight():
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn), np.zeros(24)], 1)
    low, high = 0.05 * ring, 0.05 * ring + [0, 0, 1]
    tube = np.concatenate(
        [
            np.stack([low, np.roll(low, -1, 0), high], 1),
            np.stack([np.roll(low, -1, 0), np.roll(high, -1, 0), high], 1),
        ]
    )
    skin = np.array([[0.06, 0, 0.5], [0.03, 0.01, 0.5], [0.06, 0, 1.5]])
    depth = _beyond(skin, np.zeros(3), np.array([0, 0, 2.0]), tube)
    assert depth[0] == pytest.approx(0.01, abs=1e-3)
    assert depth[1:].tolist() == [0, 0]


def test_a_hat_hides_the_hair_it_sits_on_and_a_tall_boot_the_shins():
    pieces = figures.pieces()
    hides = {
        slug: cut_piece(pieces[slug], figures.palette(), figures.models()).hides
        for slug in ("bowler", "carnival-crown", "wellies", "brogues")
    }
    assert "crown" in hides["bowler"]
    assert "crown" not in hides["carnival-crown"]
    assert "shins" in hides["wellies"]
    assert "shins" not in hides["brogues"]


def test_an_outfit_is_one_mesh_that_looks_into_its_own_squares():
    pieces = figures.pieces()
    worn = {"body": pieces["fair-isle"], "feet": pieces["wellies"], "head": pieces["bowler"]}
    cuts = {s: cut_piece(p, figures.palette(), figures.models()) for s, p in worn.items()}
    textures = {s: dye(p, p.colourways[0], figures.palette()) for s, p in worn.items()}
    bare = bare_figure(figures.characters()["pip"], figures.palette(), figures.models())
    shells, atlas = dressed(bare, Outfit(cuts, textures))
    assert atlas.shape == (ATLAS, ATLAS, 3)
    assert np.array_equal(atlas[:SIZE, :SIZE], textures["body"])
    regions = {part.region for part in shells}
    assert not regions & {"trunk", "crown", "shins"}
    for part in shells:
        assert part.uv.min() >= 0
        assert part.uv.max() <= 1


def test_a_sett_turns_back_at_its_ends():
    assert threads_of("a2 b1 c3").tolist() == [0, 0, 1, 2, 2, 2]
    colours = np.array([[255.0, 0, 0], [0, 255, 0], [0, 0, 255]])
    pattern = Pattern(kind="tartan", threads="a2 b1 c3", mm=1.0)
    x = np.arange(20) + 0.5
    row = paint(pattern, colours, x, np.full(20, 0.5))
    # The sett runs a a b c c c | c c b a and again: its period is twice its length less two.
    assert np.allclose(row[0:10], row[10:20])
    # Along the first thread of the weft, warp and weft of one colour are pure.
    assert row[0].tolist() == [255, 0, 0]
    assert not np.allclose(row[3], colours[2])


def test_bands_repeat_about_the_middle_of_the_body():
    pattern = Pattern(kind="bands", rows=["aab", "b"], mm=10)
    colours = np.array([[0.0, 0, 0], [255, 255, 255]])
    x, y = np.meshgrid(np.arange(-15, 16, 10), [5, 15, 25])
    rows = paint(pattern, colours, x.astype(float), y.astype(float))[..., 0]
    assert np.array_equal(rows[0], rows[2])
    assert (rows[1] == 255).all()


def test_a_picture_of_few_colours_is_a_palette():
    few = np.zeros((8, 8, 3), np.uint8)
    few[2:4] = (10, 200, 30)
    many = np.random.default_rng(1).integers(0, 255, (32, 32, 3)).astype(np.uint8)
    assert png(few)[25] == 3
    assert png(many)[25] == 2


def test_liveries_paint_karts_and_nothing_else():
    entry, files = make_costume(
        "tartan-livery", figures.pieces()["tartan-livery"], figures.palette(), figures.models()
    )
    assert entry["model"] is None
    assert len(files) == len(entry["colourways"])
