"""A track: closed centreline with road and walls, resampled into the table the simulation reads."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from .sim import layout
from .sim.tuning import GRID_FIRST, GRID_GAP, KART_RADIUS

Floats = npt.NDArray[np.float64]

COLUMNS = ("x", "y", "h", "road_left", "road_right", "wall_left", "wall_right")
FORMAT, VERSION = "moongate-track", 1
SPACING = 3.0  # m between samples, about
CHECKPOINT_SPACING = 60.0  # m, about
PAD_SAMPLES = 2  # of a boost pad's length
LENGTH_MIN, LENGTH_MAX = 200.0, 30_000.0  # m
WIDTH_MAX = 100.0  # m from the centreline
WIDTH_MIN = 1.5 * KART_RADIUS  # m from the centreline to the road's edge
GRADE_MAX = 2.0  # rise per metre
POINTS_MAX = 20_000
FILE_MAX = 8 * 1024 * 1024  # bytes
RADIUS_SHARE = 0.9  # walls stay within this share of the corner's radius


class TrackError(ValueError):
    """A track that cannot be raced on; the message names the row and the mend."""


@dataclass(frozen=True, eq=False)
class Track:
    """A name and the flat table of `sim.layout` (TRACK_HEADER + SAMPLE_STRIDE per sample)."""

    name: str
    table: Floats

    @cached_property
    def id(self) -> str:
        """16 hex digits of the table's SHA-256: the same geometry, the same id."""
        return hashlib.sha256(self.table.astype("<f8").tobytes()).hexdigest()[:16]

    @property
    def n(self) -> int:
        """Samples."""
        return int(self.table[layout.T_N])

    @property
    def ds(self) -> float:
        """Metres between samples."""
        return float(self.table[layout.T_DS])

    @property
    def length_m(self) -> float:
        """Metres of one lap along the centreline."""
        return float(self.table[layout.T_LENGTH])

    @property
    def samples(self) -> Floats:
        """The samples as an (n, SAMPLE_STRIDE) view."""
        return self.table[layout.TRACK_HEADER :].reshape(self.n, layout.SAMPLE_STRIDE)


def build_track(
    name: str, points: npt.ArrayLike, pads: Sequence[tuple[float, float]] = ()
) -> Track:
    """A track from closed control points, an (m, 7) array with COLUMNS in metres.

    The last point joins the first. A periodic cubic spline by chord length runs through them,
    sampled evenly. `pads` are boost pads: metres along the lap, metres left of the centreline.
    Raises TrackError naming the row (from 1) or the pad, and the mend.
    """
    p = np.asarray(points, dtype=np.float64)
    if p.ndim != 2 or p.shape[1] != len(COLUMNS):
        raise TrackError(f"a track needs rows of {len(COLUMNS)} numbers: {', '.join(COLUMNS)}")
    _check_points(p)
    chord = np.hypot(*(np.roll(p[:, :2], -1, axis=0) - p[:, :2]).T)
    at = np.concatenate(([0.0], np.cumsum(chord)))
    spline = CubicSpline(at, np.vstack([p[:, :3], p[:1, :3]]), bc_type="periodic")
    s_of = _arc_length(spline, at[-1])
    length = s_of[1][-1]
    if not LENGTH_MIN <= length <= LENGTH_MAX:
        raise TrackError(
            f"the lap is {length:.0f} m long: it must be {LENGTH_MIN:.0f} to {LENGTH_MAX:.0f} m"
        )
    n = max(32, round(length / SPACING))
    t = np.interp(np.arange(n) * (length / n), s_of[1], s_of[0])
    xyh = spline(t)
    widths = np.column_stack(
        [np.interp(t, at, np.append(p[:, k], p[0, k])) for k in range(3, len(COLUMNS))]
    )
    table = _table(xyh, widths, length)
    _lay_pads(table, pads)
    return Track(name, table)


def _lay_pads(table: Floats, pads: Sequence[tuple[float, float]]) -> None:
    n, ds = int(table[layout.T_N]), table[layout.T_DS]
    rows = table[layout.TRACK_HEADER :].reshape(n, layout.SAMPLE_STRIDE)
    for number, (along, lateral) in enumerate(pads, 1):
        if not (math.isfinite(along) and 0 <= along < n * ds):
            raise TrackError(f"pad {number}: along is {along:g} m; it must be 0 to {n * ds:.0f} m")
        first = int(along / ds)
        for k in range(PAD_SAMPLES):
            row = rows[(first + k) % n]
            left, right = row[layout.S_ROAD_LEFT], row[layout.S_ROAD_RIGHT]
            if not -right <= lateral <= left:
                raise TrackError(
                    f"pad {number}: lateral is {lateral:g} m, beside the road; "
                    f"it must be {-right:.1f} to {left:.1f} m there"
                )
            row[layout.S_PAD] = layout.PAD_CODE + lateral


def _check_points(p: Floats) -> None:
    if len(p) < 8:
        raise TrackError(f"{len(p)} points: a closed track needs at least 8")
    if len(p) > POINTS_MAX:
        raise TrackError(f"{len(p)} points: at most {POINTS_MAX}; thin the centreline out")
    for row, column in np.argwhere(~np.isfinite(p)):
        raise TrackError(f"row {row + 1}: {COLUMNS[column]} is not a number; give metres")
    for row, column in np.argwhere((p[:, 3:5] < WIDTH_MIN) | (p[:, 3:5] > WIDTH_MAX)):
        raise TrackError(
            f"row {row + 1}: {COLUMNS[column + 3]} is {p[row, column + 3]:g} m; "
            f"it must be {WIDTH_MIN:g} to {WIDTH_MAX:g} m"
        )
    for row, column in np.argwhere((p[:, 5:7] < p[:, 3:5]) | (p[:, 5:7] > WIDTH_MAX)):
        raise TrackError(
            f"row {row + 1}: {COLUMNS[column + 5]} is {p[row, column + 5]:g} m; it must be at "
            f"least {COLUMNS[column + 3]} ({p[row, column + 3]:g} m) and at most {WIDTH_MAX:g} m"
        )
    step = np.hypot(*(np.roll(p[:, :2], -1, axis=0) - p[:, :2]).T)
    for (row,) in np.argwhere(step < 0.05):
        raise TrackError(f"row {row + 1}: the same place as the next row; remove one of them")


def _arc_length(spline: CubicSpline, end: float) -> tuple[Floats, Floats]:
    """Parameter and arc length along the spline, fine enough to be even to a millimetre."""
    t = np.linspace(0.0, end, max(2000, int(end / 0.25)) + 1)
    xy = spline(t)[:, :2]
    return t, np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))


def _table(xyh: Floats, widths: Floats, length: float) -> Floats:
    n = len(xyh)
    ds = length / n
    ahead, behind = np.roll(xyh, -1, axis=0), np.roll(xyh, 1, axis=0)
    tangent = (ahead - behind)[:, :2]
    tangent /= np.hypot(*tangent.T)[:, None]
    angle = np.arctan2(tangent[:, 1], tangent[:, 0])
    turn = (np.roll(angle, -1) - np.roll(angle, 1) + np.pi) % (2 * np.pi) - np.pi
    curvature = turn / (2 * ds)
    _check_radius(curvature, widths)

    table = np.zeros(layout.TRACK_HEADER + layout.SAMPLE_STRIDE * n)
    table[layout.T_N] = n
    table[layout.T_DS] = ds
    table[layout.T_LENGTH] = length
    table[layout.T_CHECKPOINTS] = min(n, max(4, round(length / CHECKPOINT_SPACING)))
    rows = table[layout.TRACK_HEADER :].reshape(n, layout.SAMPLE_STRIDE)
    rows[:, layout.S_X : layout.S_Y + 1] = xyh[:, :2]
    rows[:, layout.S_TX : layout.S_TY + 1] = tangent
    rows[:, layout.S_ROAD_LEFT : layout.S_WALL_RIGHT + 1] = widths
    rows[:, layout.S_H] = xyh[:, 2]
    rows[:, layout.S_GRADE] = (ahead - behind)[:, 2] / (2 * ds)
    rows[:, layout.S_CURVATURE] = curvature
    _check_grade(rows)
    if length < 8 * GRID_GAP + GRID_FIRST:
        raise TrackError("the lap is shorter than the starting grid")
    return table


def _check_grade(rows: Floats) -> None:
    grade = rows[:, layout.S_GRADE]
    (steep,) = np.nonzero(np.abs(grade) > GRADE_MAX)
    if len(steep):
        raise TrackError(
            f"the road {steep[0] / len(rows):.0%} round the lap rises {grade[steep[0]]:.3g} m per "
            f"metre; at most {GRADE_MAX:g} can be driven"
        )


def _check_radius(curvature: Floats, widths: Floats) -> None:
    """Holds inner walls inside the corner's centre, where a place on the track is unambiguous."""
    reach = RADIUS_SHARE / np.maximum(np.abs(curvature), 1e-9)
    left = curvature > 0
    for road, wall, inside in ((0, 2, left), (1, 3, ~left)):
        (rows,) = np.nonzero(inside & (widths[:, road] > reach))
        if len(rows):
            k = rows[0]
            raise TrackError(
                f"the corner {k / len(curvature):.0%} round the lap has a radius of "
                f"{1 / abs(curvature[k]):.1f} m, too tight for a road edge "
                f"{widths[k, road]:.1f} m inside; widen the corner or narrow the road"
            )
        widths[:, wall] = np.where(inside, np.minimum(widths[:, wall], reach), widths[:, wall])


def write_track(path: Path, track: Track) -> None:
    """Writes a track file (JSON): format, version, name and the table's samples."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "name": track.name,
        "id": track.id,
        "table": track.table.tolist(),
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def read_track(path: Path) -> Track:
    """Reads a track file; raises TrackError for what is no track, or not one we can race on."""
    try:
        with path.open("rb") as file:
            # One byte more than allowed is enough to know, and all that is read.
            data = file.read(FILE_MAX + 1)
    except OSError as error:
        raise TrackError(f"{path.name} cannot be read: {error.strerror}") from None
    if len(data) > FILE_MAX:
        raise TrackError(f"{path.name} is too large; a track file has at most {FILE_MAX} bytes")
    try:
        document = json.loads(data.decode("utf-8"))
    except RecursionError:
        raise TrackError(f"{path.name} is no track file: it is nested too deep") from None
    except ValueError as error:
        raise TrackError(f"{path.name} is no track file: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise TrackError(f'{path.name} is no track file: "format" must be "{FORMAT}"')
    if document.get("version") != VERSION:
        raise TrackError(
            f"{path.name} has version {document.get('version')}; this Moongate reads {VERSION}"
        )
    track = Track(str(document.get("name") or path.stem), checked_table(document.get("table")))
    if document.get("id") != track.id:
        raise TrackError(f"{path.name} was changed after it was made: its id does not match")
    return track


def checked_table(values: Any) -> Floats:
    """The table, safe to drive on: compiled code believes its header without looking."""
    try:
        table = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise TrackError('"table" must be a list of numbers') from None
    head = layout.TRACK_HEADER
    if table.ndim != 1 or len(table) < head or not np.isfinite(table).all():
        raise TrackError('"table" must be a list of finite numbers')
    n = table[layout.T_N]
    if n < 32 or n != int(n) or len(table) != head + layout.SAMPLE_STRIDE * int(n):
        raise TrackError(f'"table" does not hold the {n:g} samples its header names')
    length, ds = table[layout.T_LENGTH], table[layout.T_DS]
    if not (LENGTH_MIN <= length <= LENGTH_MAX and abs(ds * n - length) < 1e-6 * length):
        raise TrackError('"table" has a header that contradicts itself: length is not n times ds')
    if not 2 <= table[layout.T_CHECKPOINTS] <= n:
        raise TrackError('"table" needs 2 or more checkpoints, and no more than samples')
    rows = table[head:].reshape(int(n), layout.SAMPLE_STRIDE)
    unit = np.hypot(rows[:, layout.S_TX], rows[:, layout.S_TY])
    if np.abs(unit - 1.0).max() > 1e-9:
        raise TrackError('"table" has a tangent that is not of unit length')
    if (rows[:, layout.S_ROAD_LEFT : layout.S_WALL_RIGHT + 1] < KART_RADIUS).any():
        raise TrackError('"table" has a road narrower than a kart')
    if (rows[:, layout.S_ROAD_LEFT : layout.S_WALL_RIGHT + 1] > WIDTH_MAX).any():
        raise TrackError(f'"table" has a road or wall over {WIDTH_MAX:g} m from the centreline')
    xy = rows[:, layout.S_X : layout.S_Y + 1]
    step = np.hypot(*(np.roll(xy, -1, axis=0) - xy).T)
    if not (np.abs(step / ds - 0.8) < 0.3).all():
        raise TrackError(f'"table" has neighbouring samples that are not about {ds:g} m apart')
    _check_grade(rows)
    pad = rows[:, layout.S_PAD]
    if not ((pad == 0) | (np.abs(pad - layout.PAD_CODE) <= WIDTH_MAX)).all():
        raise TrackError('"table" has a boost pad beside the track')
    return table
