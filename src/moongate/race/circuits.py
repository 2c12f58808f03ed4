"""Real circuits from the public racetrack CSV format.

The format is that of the TUMFTM racetrack database: a comment line
``# x_m,y_m,w_tr_right_m,w_tr_left_m``, then one row a point of the centreline, about 5 m apart, in
driving order: position (m, x east, y north) and the road's width to the right and to the left of it
(m). The loop is closed; the first point may be repeated at the end. The first point is the start
line. Heights are not part of it: an imported circuit is flat.

Every fault is refused with a ``TrackError`` that names the row, counted as a text editor counts
lines, and what to do about it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from moongate.race.crossing import first_crossing
from moongate.race.roadside import drawn_in, road_edges, run_off, steps_of
from moongate.race.track import Track, TrackError, build_track

Floats = NDArray[np.float64]

COLUMNS = ("x_m", "y_m", "w_tr_right_m", "w_tr_left_m")
MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 20_000
MIN_ROWS = 20
MAX_LINE_CHARS = 400
MIN_LENGTH_M = 200.0
MAX_LENGTH_M = 30_000.0
MAX_POSITION_M = 1e6
MIN_WIDTH_M = 1.5
"""Least road on one side of the centreline, m: a kart is 2 m wide."""
MAX_WIDTH_M = 40.0
MAX_SPACING_M = 25.0
SAME_POINT_M = 0.01
OPEN_LOOP_SPACINGS = 3.0
"""A gap between the last point and the first of more usual spacings than this is an open loop."""

INSIDE_SHARE = 0.85
"""The road's inner edge keeps within this share of the corner's radius."""
KEPT_SHARE = 0.5
"""A corner that would take more than the rest of the road's inner half is refused."""


def _fault(what: str, *, mend: str, row: int | None = None) -> TrackError:
    return TrackError(f"{what}; {mend}" if row is None else f"row {row}: {what}; {mend}")


@dataclass(frozen=True)
class _Rows:
    """The file's points, and the line of the file each stands on."""

    values: Floats
    lines: NDArray[np.int64]


def import_circuit(csv_path: Path, name: str | None = None) -> Track:
    """The circuit in a CSV file as a track. Its name is the file's unless one is given."""
    csv_path = Path(csv_path)
    return build_track(name or csv_path.stem, read_circuit(csv_path))


def read_circuit(csv_path: Path) -> Floats:
    """Closed control points of the circuit in a CSV file, one row each.

    Columns, all in metres: x, y, h, road_left, road_right, wall_left, wall_right. The walls stand
    ``RUN_OFF_M`` beyond the road, closer where the inside of a corner or a neighbouring piece of
    road leaves less room.
    """
    rows = _checked_rows(_parsed(_text(Path(csv_path))))
    _refuse_crossing(
        [rows.values[:, :2]], rows, "the centreline crosses itself", "a bridge cannot be imported"
    )
    rows = _Rows(_narrowed(rows), rows.lines)
    _refuse_overlap(rows)
    off_left, off_right = run_off(rows.values)
    x, y, right, left = rows.values.T
    points = np.column_stack(
        [x, y, np.zeros_like(x), left, right, left + off_left, right + off_right]
    )
    return np.asarray(points, dtype=np.float64)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            # One byte more than allowed is enough to know, and all that is read.
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _fault(
            f"{path.name} cannot be read ({error.strerror})",
            mend="name a CSV file you may read",
        ) from error
    if len(data) > MAX_BYTES:
        raise _fault(
            f"the file has more than {MAX_BYTES // 2**20} MiB, the most a circuit may have",
            mend="keep one point about every 5 m",
        )
    if b"\x00" in data:
        raise _fault(
            "the file is binary, not text",
            mend=f"save it as CSV with columns {','.join(COLUMNS)}",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(
            "the file is not UTF-8 text",
            row=data.count(b"\n", 0, error.start) + 1,
            mend="save it as CSV in UTF-8",
        ) from error


def _parsed(text: str) -> _Rows:
    values: list[tuple[float, ...]] = []
    lines: list[int] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.strip()
        if not line or line.startswith("#") or (not values and _names(line) == COLUMNS):
            _refuse_other_order(_names(line), number)
            continue
        if len(values) == MAX_ROWS:
            raise _fault(
                f"there are more than {MAX_ROWS} points",
                row=number,
                mend="keep one point about every 5 m",
            )
        values.append(_row(line, number))
        lines.append(number)
    if not values:
        raise _fault("the file has no points", mend=f"give one row a point: {','.join(COLUMNS)}")
    return _Rows(np.array(values, dtype=np.float64), np.array(lines, dtype=np.int64))


def _names(line: str) -> tuple[str, ...]:
    cells = line.lstrip("# ").replace(";", ",").split(",")
    return tuple(cell.strip().lower() for cell in cells)


def _refuse_other_order(names: tuple[str, ...], number: int) -> None:
    if names != COLUMNS and sorted(names) == sorted(COLUMNS):
        raise _fault(
            f"the columns stand in the order {','.join(names)}",
            row=number,
            mend=f"reorder them as {','.join(COLUMNS)}",
        )


def _row(line: str, number: int) -> tuple[float, ...]:
    if len(line) > MAX_LINE_CHARS:
        raise _fault(
            f"the row is {len(line)} characters long",
            row=number,
            mend=f"give four numbers: {','.join(COLUMNS)}",
        )
    cells = [cell.strip() for cell in line.split(";" if ";" in line else ",")]
    if len(cells) != len(COLUMNS):
        few = len(cells) < len(COLUMNS)
        raise _fault(
            f"the row has {len(cells)} column{'' if len(cells) == 1 else 's'}, not {len(COLUMNS)}",
            row=number,
            mend=("add what is missing of " if few else "remove all but ") + ",".join(COLUMNS),
        )
    return tuple(_number(cell, column, number) for cell, column in zip(cells, COLUMNS, strict=True))


def _number(cell: str, column: str, row: int) -> float:
    try:
        # float() reads 1_000 as a thousand; no measuring device writes that.
        value = float(cell.replace("_", "?"))
    except ValueError:
        shown = cell if len(cell) <= 20 else cell[:20] + "…"
        raise _fault(
            f"{column} must be a number (got {shown!r})",
            row=row,
            mend="write it with digits and a decimal point, as 12.5",
        ) from None
    if not math.isfinite(value):
        raise _fault(
            f"{column} must be finite (got {cell})",
            row=row,
            mend="measure it or remove the row",
        )
    if column in COLUMNS[:2]:
        if abs(value) > MAX_POSITION_M:
            raise _fault(
                f"{column} must lie within ±{MAX_POSITION_M:,.0f} m (got {value:g})",
                row=row,
                mend="use metres from a point near the circuit",
            )
    elif value <= 0.0:
        raise _fault(
            f"{column} must be > 0 m (got {value:g})",
            row=row,
            mend="give the distance from the centreline to the road's edge, never negative",
        )
    elif not MIN_WIDTH_M <= value <= MAX_WIDTH_M:
        raise _fault(
            f"{column} must be {MIN_WIDTH_M:g} to {MAX_WIDTH_M:g} m (got {value:g})",
            row=row,
            mend="check the unit: widths are metres to each side of the centreline",
        )
    return value


def _checked_rows(rows: _Rows) -> _Rows:
    if len(rows.values) > 1 and steps_of(rows.values[:, :2])[-1] < SAME_POINT_M:
        rows = _Rows(rows.values[:-1], rows.lines[:-1])
    if len(rows.values) < MIN_ROWS:
        raise _fault(
            f"there are only {len(rows.values)} points; a circuit has at least {MIN_ROWS}",
            row=int(rows.lines[-1]),
            mend="give one point about every 5 m",
        )
    steps = steps_of(rows.values[:, :2])
    _refuse_repeated_points(rows)
    # The open end is judged first: a missing stretch at the seam is not "too coarse".
    usual = float(np.median(steps[:-1]))
    if steps[-1] > OPEN_LOOP_SPACINGS * usual:
        raise _fault(
            f"the loop is open: the last point is {steps[-1]:.1f} m from the first, "
            f"where points usually stand {usual:.1f} m apart",
            row=int(rows.lines[-1]),
            mend="add the points that lead back to the first",
        )
    coarse = steps > MAX_SPACING_M
    if coarse.any():
        first = int(np.argmax(coarse))
        raise _fault(
            f"the next point is {steps[first]:.1f} m away; "
            f"at most {MAX_SPACING_M:g} m can be followed",
            row=int(rows.lines[first]),
            mend="add points between, about every 5 m",
        )
    length = float(steps.sum())
    if not MIN_LENGTH_M <= length <= MAX_LENGTH_M:
        raise _fault(
            f"the loop is {length:,.0f} m long; "
            f"a circuit has {MIN_LENGTH_M:,.0f} to {MAX_LENGTH_M:,.0f} m",
            row=int(rows.lines[-1]),
            mend="check the unit (metres)" + (" or drop laps" if length > MAX_LENGTH_M else ""),
        )
    return rows


def _refuse_repeated_points(rows: _Rows) -> None:
    xy = rows.values[:, :2]
    near, which = cKDTree(xy).query(xy, k=2)
    same = np.flatnonzero(near[:, 1] < SAME_POINT_M)
    if same.size == 0:
        return
    first, second = sorted((int(same[0]), int(which[same[0]][which[same[0]] != same[0]][0])))
    raise _fault(
        f"the point is that of row {rows.lines[first]} again",
        row=int(rows.lines[second]),
        mend="remove one of the two, or the second lap that begins here",
    )


def _refuse_overlap(rows: _Rows) -> None:
    edges = road_edges(rows.values, 0.0, 0.0)
    _refuse_crossing(edges, rows, "the road overlaps itself", "narrow the road at both places")


def _refuse_crossing(lines: list[Floats], rows: _Rows, fault: str, mend: str) -> None:
    crossing = first_crossing(lines)
    if crossing is None:
        return
    first, second = sorted(int(rows.lines[i]) for i in crossing)
    raise _fault(f"{fault}: here and at row {first}", row=second, mend=mend)


def _narrowed(rows: _Rows) -> Floats:
    """The points, with the road drawn in on the inside of corners too tight for its width."""
    values = rows.values.copy()
    xy = values[:, :2]
    steps = steps_of(xy)
    at = np.concatenate(([0.0], np.cumsum(steps)))
    spline = CubicSpline(at, np.vstack([xy, xy[:1]]), bc_type="periodic")
    # Between the points too: a spline turns tightest anywhere.
    between = at[:-1, None] + steps[:, None] * np.linspace(0.0, 1.0, 5)
    (dx, dy), (ddx, ddy) = (np.moveaxis(spline(between, order), -1, 0) for order in (1, 2))
    curvature = (dx * ddy - dy * ddx) / np.maximum(np.hypot(dx, dy), 1e-9) ** 3
    for column, bend in ((3, curvature), (2, -curvature)):
        tightest = np.maximum(bend.max(axis=1), 1e-9)
        reach = INSIDE_SHARE / np.maximum(tightest, np.roll(tightest, 1))
        width = values[:, column]
        tight = reach < np.maximum(KEPT_SHARE * width, MIN_WIDTH_M)
        if tight.any():
            row = int(np.argmax(tight))
            side = "left" if column == 3 else "right"
            raise _fault(
                f"the corner's radius is {reach[row] / INSIDE_SHARE:.1f} m, "
                f"too tight for the road's {width[row]:g} m to the {side}",
                row=int(rows.lines[row]),
                mend="smooth the points, or narrow the road on the inside of the corner",
            )
        over = values[:, column] > reach
        if over.any():
            values[:, column] = drawn_in(np.minimum(values[:, column], reach), steps)
    return values
