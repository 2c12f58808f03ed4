"""Tracks: geometry against closed forms, and files that are not tracks."""

import json
from pathlib import Path

import numpy as np
import pytest

from moongate.race.sim import layout as at
from moongate.race.track import FILE_MAX, TrackError, build_track, read_track, write_track
from tests.race.courses import ring


def test_a_circle_has_its_length_curvature_and_unit_tangents():
    track = ring(radius=150.0)
    assert track.length_m == pytest.approx(2 * np.pi * 150, rel=1e-4)
    assert track.samples[:, at.S_CURVATURE] == pytest.approx(1 / 150, rel=1e-2)
    tangent = np.hypot(track.samples[:, at.S_TX], track.samples[:, at.S_TY])
    assert tangent == pytest.approx(1.0, abs=1e-12)
    gaps = np.hypot(*np.diff(track.samples[:, :2], axis=0).T)
    assert gaps == pytest.approx(track.ds, rel=1e-3)


def test_walls_stay_inside_a_tight_corner():
    track = ring(radius=40.0, half=7.0, verge=60.0)
    assert track.samples[:, at.S_WALL_LEFT].max() < 40.0
    assert track.samples[:, at.S_WALL_RIGHT].max() == pytest.approx(67.0)


def test_write_and_read_give_the_same_track(tmp_path: Path):
    track = ring()
    write_track(tmp_path / "ring.json", track)
    again = read_track(tmp_path / "ring.json")
    assert (again.name, again.id) == (track.name, track.id)
    np.testing.assert_array_equal(again.table, track.table)


def points(**change: float) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    p = np.column_stack(
        [100 * np.cos(angle), 100 * np.sin(angle), 0 * angle]
        + [np.full(40, 6.0)] * 2
        + [np.full(40, 8.0)] * 2
    )
    for name, value in change.items():
        p[11, ["x", "y", "h", "road_left", "road_right", "wall_left", "wall_right"].index(name)] = (
            value
        )
    return p


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (points(x=float("nan")), "row 12: x is not a number"),
        (points(road_left=-2.0), "row 12: road_left is -2 m; it must be 1.5 to 100 m"),
        (points(wall_right=3.0), "row 12: wall_right is 3 m; it must be at least road_right"),
        (points()[:5], "5 points: a closed track needs at least 8"),
        (np.repeat(points(), 2, axis=0), "row 1: the same place as the next row"),
        (points()[:, :4], "rows of 7 numbers"),
        (points() * [0.1, 0.1, 1, 1, 1, 1, 1], "the lap is 63 m long"),
    ],
)
def test_points_that_make_no_track_are_named(bad: np.ndarray, message: str):
    with pytest.raises(TrackError, match=message):
        build_track("bad", bad)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, '"format" must be "moongate-track"'),
        ({"version": 9}, "has version 9; this Moongate reads 1"),
        ({"table": "x"}, '"table" must be a list of'),
        ({"table": [10**400]}, '"table" must be a list of'),
        ({"table": [1.0] * 8}, "samples its header names"),
        ({"id": "0" * 16}, "was changed after it was made"),
    ],
)
def test_files_that_are_no_track_are_refused(tmp_path: Path, change: dict, message: str):
    path = tmp_path / "t.json"
    write_track(path, ring())
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(TrackError, match=message):
        read_track(path)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (at.S_X, 1e300, "neighbouring samples that are not about"),
        (at.S_WALL_LEFT, 1e300, "over 100 m from the centreline"),
        (at.S_GRADE, 1e300, "round the lap rises"),
    ],
)
def test_a_file_made_by_hand_must_still_be_a_road(tmp_path: Path, field, value, message):
    track = ring()
    track.samples[5, field] = value
    write_track(tmp_path / "t.json", track)
    with pytest.raises(TrackError, match=message):
        read_track(tmp_path / "t.json")


def test_a_road_like_a_wall_is_refused():
    steep = points()
    steep[3, 2] = 500.0
    with pytest.raises(TrackError, match=r"rises .* m per metre; at most 2 can be driven"):
        build_track("steep", steep)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b"[" * 200_000, b'{"version": %s}' % (b"1" * 5000)],
    ids=["empty", "cut off", "not text", "no object", "nested too deep", "endless number"],
)
def test_rubbish_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "t.json"
    path.write_bytes(content)
    with pytest.raises(TrackError, match=r"t\.json is no track file"):
        read_track(path)


def test_a_file_without_an_end_is_not_read_to_it(tmp_path: Path):
    path = tmp_path / "t.json"
    with path.open("wb") as file:
        file.truncate(FILE_MAX + 1)
    with pytest.raises(TrackError, match=r"t\.json is too large"):
        read_track(path)
