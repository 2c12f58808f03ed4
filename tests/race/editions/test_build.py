"""What a build gives: the same bytes every time, and no more than a phone can draw."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.race.editions.glbfile import document, meshes
from tests.race.editions.tiny import write_edition

BUILD = """
import sys
from pathlib import Path
from moongate.race.editions.build import build_edition
build_edition(Path(sys.argv[1]), Path(sys.argv[2]))
"""
KART_NODES = {
    "body", "wheel_fl", "wheel_fr", "wheel_rl", "wheel_rr", "steering", "seat",
}  # fmt: skip


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


PATH = re.compile(r"[a-z]+/[a-z0-9-]+\.[0-9a-f]{8}\.[a-z]+")


def strings(value) -> list[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value
    return [text for each in inner for text in strings(each)] if isinstance(inner, Iterable) else []


@pytest.fixture(scope="module")
def index(uk_built):
    return json.loads((uk_built / "edition.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def scenery(uk_built, index):
    return (uk_built / index["tracks"][0]["scenery"]).read_bytes()


@pytest.fixture(scope="module")
def kart(uk_built, index):
    return (uk_built / index["karts"][0]["model"]).read_bytes()


def test_two_processes_build_the_same_bytes(tmp_path):
    source = write_edition(tmp_path / "tiny")
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", BUILD, str(source), str(tmp_path / seed)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )
    assert contents(tmp_path / "1") == contents(tmp_path / "2")
    assert len(contents(tmp_path / "1")) == 5


def test_file_names_carry_the_hash_of_their_content(uk_built):
    found = contents(uk_built)
    found.pop("edition.json")
    assert found
    assert all(Path(name).name.split(".")[1] == digest[:8] for name, digest in found.items())


def test_the_scenery_stays_within_a_phones_budget(scenery, index):
    drawn = meshes(scenery)
    assert sum(len(triangles) for _, triangles in drawn.values()) <= 100_000
    assert len(drawn) <= 40
    assert index["tracks"][0]["triangles"] <= 100_000


def test_the_kart_is_light_and_has_every_part_that_moves(kart):
    doc = document(kart)
    names = {node["name"] for node in doc["nodes"] if "name" in node}
    assert names == KART_NODES | {"kart"}
    drawn = sum(
        doc["accessors"][mesh["primitives"][0]["indices"]]["count"] for mesh in doc["meshes"]
    )
    assert drawn <= 2_500 * 3


def test_the_kart_faces_x_and_stands_on_the_ground(kart):
    doc = document(kart)
    places = {node["name"]: node.get("translation") for node in doc["nodes"] if "name" in node}
    # glTF: x forward, y up, −z left.
    assert places["wheel_fl"][0] > 0.5
    assert places["wheel_fl"][2] < -0.5
    assert places["wheel_fr"][2] > 0.5
    assert places["wheel_rl"][0] < -0.5
    assert 0 < places["seat"][1] < places["steering"][1] < 1.5


def test_scenery_is_unlit_since_its_light_is_painted_on(scenery):
    doc = document(scenery)
    assert {material["name"] for material in doc["materials"]} == {"painted", "water"}
    assert all("KHR_materials_unlit" in material["extensions"] for material in doc["materials"])


def test_every_landmark_has_a_card_in_both_languages(index):
    marks = index["tracks"][0]["landmarks"]
    assert {mark["name"]["en"] for mark in marks} >= {
        "Elizabeth Tower", "St Paul's Cathedral", "Tower Bridge", "The Tower of London",
        "Shakespeare's Globe", "The riverside wheel",
    }  # fmt: skip
    for mark in marks:
        for key in ("name", "what", "why"):
            assert mark[key]["en"].isascii()
            assert not mark[key]["zh-hans"].isascii()


def test_the_index_names_only_files_that_are_there(uk_built, index):
    there = set(contents(uk_built)) - {"edition.json"}
    named = {text for text in strings(index) if PATH.fullmatch(text)}
    assert named == there
