"""Characters and karts: rigged, in proportion, in motion, and each in any kart."""

import re

import numpy as np
import pytest

from moongate.race.editions.cast.build import (
    CHARACTER_TRIANGLES,
    KART_TRIANGLES,
    make_character,
    make_kart,
)
from moongate.race.editions.cast.clips import WHEEL, WHEEL_RADIUS_M, Moods, make_clips
from moongate.race.editions.cast.figure import bare_figure
from moongate.race.editions.cast.pose import reach, rest, skinning, world
from moongate.race.editions.cast.schema import Proportions
from moongate.race.editions.cast.skeleton import INDEX, JOINTS, make_rig
from moongate.race.editions.cast.source import KART_NODES, character_faults, kart_faults
from tests.race.editions import figures
from tests.race.editions.glbfile import document

CLIPS = {"idle", "drive", "lean_left", "lean_right", "win", "lose"}
CAST = sorted(figures.characters())
KARTS = sorted(figures.karts())


@pytest.fixture(scope="module")
def built():
    """Every character's entry and files."""
    return {
        slug: make_character(slug, person, figures.pieces(), figures.palette(), figures.models())
        for slug, person in figures.characters().items()
    }


def test_eight_or_more_people_from_all_over_the_country():
    homes = " ".join(person.home.en for person in figures.characters().values())
    assert len(CAST) >= 8
    for place in ("Shetland", "Glasgow", "Eryri", "Cardiff", "Antrim", "London", "Bristol"):
        assert place in homes


@pytest.mark.parametrize("slug", CAST)
def test_a_story_is_told_in_both_languages_at_a_readable_length(slug):
    person = figures.characters()[slug]
    assert 40 <= len(person.story.en.split()) <= 90
    assert 60 <= len(re.findall(r"[\u4e00-\u9fff]", person.story.zh_hans)) <= 200


@pytest.mark.parametrize("slug", CAST)
def test_a_character_and_what_it_names_fit_together(slug):
    found = character_faults(
        figures.UK / "characters" / f"{slug}.toml", figures.characters()[slug],
        figures.palette(), figures.models(), figures.pieces(),
        {*figures.karts(), "moongate-one"},
    )  # fmt: skip
    assert [str(fault) for fault in found] == []


def test_faces_differ_in_more_than_one_feature():
    faces = {
        slug: (p.face.skin, p.face.jaw, p.face.nose.size, p.face.eyes.size, p.face.brows.thick)
        for slug, p in figures.characters().items()
    }
    for one in faces:
        for other in faces:
            if one < other:
                same = sum(a == b for a, b in zip(faces[one], faces[other], strict=True))
                assert same <= 2, f"{one} and {other} look alike"


@pytest.mark.parametrize("slug", CAST)
def test_a_dressed_person_is_light_and_has_every_clip(slug, built):
    entry, files = built[slug]
    assert entry["triangles"] <= CHARACTER_TRIANGLES
    doc = document(files[entry["model"]])
    assert len(doc["meshes"]) == 1
    assert len(doc["skins"][0]["joints"]) == len(JOINTS) <= 20
    assert {clip["name"] for clip in doc["animations"]} == CLIPS
    for clip in doc["animations"]:
        clock = doc["accessors"][clip["samplers"][0]["input"]]
        assert clock["max"][0] - clock["min"][0] >= 1


@pytest.mark.parametrize("slug", CAST)
def test_every_corner_follows_joints_that_add_up(slug, built):
    entry, files = built[slug]
    for name in (entry["model"], entry["body"]):
        data = files[name]
        doc = document(data)
        attributes = doc["meshes"][0]["primitives"][0]["attributes"]
        weights = _rows(data, doc, attributes["WEIGHTS_0"], np.uint8, 4)
        joints = _rows(data, doc, attributes["JOINTS_0"], np.uint8, 4)
        assert (weights.astype(int).sum(1) == 255).all()
        assert joints.max() < len(JOINTS)


def _rows(data, doc, index, kind, width):
    entry = doc["accessors"][index]
    view = doc["bufferViews"][entry["bufferView"]]
    start = 20 + int.from_bytes(data[12:16], "little") + 8 + view["byteOffset"]
    stride = view.get("byteStride", width * np.dtype(kind).itemsize)
    raw = np.frombuffer(data, np.uint8, entry["count"] * stride, start).reshape(-1, stride)
    return raw[:, : width * np.dtype(kind).itemsize].copy().view(kind)


def test_the_regions_of_a_bare_body_cover_its_whole_index(built):
    for entry, files in built.values():
        doc = document(files[entry["body"]])
        node = next(node for node in doc["nodes"] if node.get("name") == "body")
        ranges = node["extras"]["regions"]
        count = doc["accessors"][doc["meshes"][0]["primitives"][0]["indices"]]["count"]
        assert sum(length for _, length in ranges.values()) == count
        assert {"head", "crown", "trunk", "hands", "feet"} - {"crown"} <= ranges.keys()


def test_the_same_sources_give_the_same_bytes(built):
    slug = CAST[0]
    again = make_character(
        slug, figures.characters()[slug], figures.pieces(), figures.palette(), figures.models()
    )
    assert again == built[slug]


@pytest.mark.parametrize("height", [1.2, 1.45, 1.75])
@pytest.mark.parametrize("build", [0.8, 1.3])
def test_a_body_is_as_tall_as_it_says(height, build):
    person = figures.characters()["mhairi"]
    rig = make_rig(Proportions(height=height, build=build))
    matrices = skinning(rig, rest())
    bare = bare_figure(person, figures.palette(), figures.models())
    points = np.concatenate(
        [part.bent(matrices) for part in bare if part.region in ("head", "feet", "trunk")]
    )
    # A nose may stand out, a skull and a sole may not.
    assert points[:, 2].max() == pytest.approx(height, abs=0.03)
    assert points[:, 2].min() == pytest.approx(0, abs=0.01)


def test_a_broader_body_is_broader_and_no_taller():
    slim, broad = (make_rig(Proportions(build=build)) for build in (0.8, 1.3))
    assert np.allclose(slim.joints[:, 2], broad.joints[:, 2])
    assert broad.flesh[INDEX["spine"]][1, 1] > 1.5 * slim.flesh[INDEX["spine"]][1, 1]


def test_a_limb_reaches_its_target_and_bends_the_right_way():
    rig = make_rig(Proportions())
    pose = rest()
    target = np.array([0.3, 0.2, 0.8])
    reach(rig, pose, "arm_l", target, np.array([-0.3, 1.0, -0.5]))
    matrices = world(rig, pose)
    hand = matrices[INDEX["hand_l"]][:3, 3]
    elbow = matrices[INDEX["lower_arm_l"]][:3, 3]
    shoulder = matrices[INDEX["upper_arm_l"]][:3, 3]
    assert hand == pytest.approx(target, abs=1e-6)
    assert elbow[1] > (hand[1] + shoulder[1]) / 2


@pytest.mark.parametrize("slug", CAST)
def test_both_hands_hold_the_wheel_and_turn_with_it(slug):
    person = figures.characters()[slug]
    rig = make_rig(person.proportions)
    moods = Moods(rig, person.proportions, person.seated)
    heights = {}
    for lean in (0.0, 1.0, -1.0):
        matrices = world(rig, moods.drive(0.2, lean))
        hands = [matrices[INDEX[f"hand_{side}"]] for side in "lr"]
        for hand in hands:
            # A palm lies beyond its wrist.
            off = np.linalg.norm(hand[:3, 3] - WHEEL) - WHEEL_RADIUS_M
            assert abs(off) < 0.1
        heights[lean] = hands[0][2, 3] - hands[1][2, 3]
    assert heights[1.0] < heights[0.0] - 0.05
    assert heights[-1.0] > heights[0.0] + 0.05


@pytest.mark.parametrize("slug", CAST)
def test_clips_loop_and_move(slug):
    person = figures.characters()[slug]
    rig = make_rig(person.proportions)
    for clip in make_clips(rig, person.proportions, person.seated):
        moving = 0
        for rows in clip.turns.values():
            assert abs(rows[0] @ rows[-1]) == pytest.approx(1, abs=1e-9)
            assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-9)
            moving += bool(np.ptp(rows, axis=0).max() > 1e-3)
        assert moving >= 3, f"{clip.name} stands still"


def test_feet_stay_on_the_ground_while_standing():
    person = figures.characters()["mhairi"]
    rig = make_rig(person.proportions)
    moods = Moods(rig, person.proportions, 0.0)
    for share in np.linspace(0, 1, 9):
        matrices = world(rig, moods.idle(float(share)))
        for side in "lr":
            foot = matrices[INDEX[f"foot_{side}"]][:3, 3]
            assert foot[2] == pytest.approx(rig.joints[INDEX[f"foot_{side}"]][2], abs=0.005)


def test_a_wheelchair_waits_beside_the_kart():
    person = figures.characters()["marged"]
    rig = make_rig(person.proportions)
    clips = {c.name: c for c in make_clips(rig, person.proportions, person.seated)}
    assert person.seated > 0
    assert clips["idle"].scales["prop"].min() == 1
    assert clips["drive"].scales["prop"].max() < 0.01


@pytest.mark.parametrize("slug", KARTS)
def test_a_kart_has_the_nodes_that_move_and_a_seat(slug):
    kart = figures.karts()[slug]
    path = figures.UK / "karts" / f"{slug}.toml"
    assert list(kart_faults(path, kart, figures.palette(), figures.models())) == []
    entry, files = make_kart(slug, kart, figures.palette(), figures.models())
    assert entry["triangles"] <= KART_TRIANGLES
    doc = document(files[entry["model"]])
    nodes = {node.get("name"): node for node in doc["nodes"]}
    assert {"kart", "seat", *KART_NODES} <= nodes.keys()
    steering = np.array(nodes["steering"]["translation"])
    seat = np.array(nodes["seat"]["translation"])
    # x, y up, z to the right: the clips' wheel stands there from every seat.
    assert steering - seat == pytest.approx([WHEEL[0], WHEEL[2], -WHEEL[1]], abs=0.03)
    assert make_kart(slug, kart, figures.palette(), figures.models()) == (entry, files)


def test_every_kart_is_driven_by_somebody():
    driven = {person.kart for person in figures.characters().values()}
    assert {*figures.karts()} <= driven | {"moongate-one"}


def test_what_a_character_names_wrongly_is_told():
    person = figures.characters()["mhairi"]
    faults = character_faults(
        figures.UK / "x.toml", person, figures.palette(), figures.models(), {}, {"a-kart"}
    )
    told = [str(fault) for fault in faults]
    assert any("no kart is named 'kittiwake'. Use one of a-kart." in line for line in told)
    assert any("wears.head: no costume is named 'souwester'" in line for line in told)
