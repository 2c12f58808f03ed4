"""Circuits from the public CSV format: what is read, and what is refused and why."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from moongate.race.circuits import MAX_BYTES, import_circuit, read_circuit
from moongate.race.roadside import RUN_OFF_M
from moongate.race.track import TrackError

HEADER = "# x_m,y_m,w_tr_right_m,w_tr_left_m"
SILVERSTONE = Path(__file__).parents[3] / "shared" / "data" / "circuits" / "silverstone.csv"

Rows = list[list[float | str]]


def oval(points: int = 120, a: float = 120.0, b: float = 80.0) -> Rows:
    angle = np.linspace(0.0, 2.0 * np.pi, points, endpoint=False)
    return [[a * float(np.cos(t)), b * float(np.sin(t)), 6.0, 5.0] for t in angle]


def text_of(rows: Rows, separator: str = ",", end: str = "\n") -> str:
    lines = [HEADER.replace(",", separator)]
    lines += [separator.join(str(cell) for cell in row) for row in rows]
    return end.join(lines) + end


@pytest.fixture
def circuit(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "circuit.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def refusal(
    circuit: Callable[[str | bytes], Path],
) -> Callable[[Rows | str | bytes], str]:
    """The message with which a file is refused."""

    def refuse(content: Rows | str | bytes) -> str:
        content = text_of(content) if isinstance(content, list) else content
        with pytest.raises(TrackError) as error:
            import_circuit(circuit(content))
        return str(error.value)

    return refuse


def test_widths_and_walls_stand_on_their_own_sides(circuit) -> None:
    points = read_circuit(circuit(text_of(oval())))

    assert points.shape == (120, 7)
    np.testing.assert_allclose(points[0], [120.0, 0.0, 0.0, 5.0, 6.0, 9.0, 10.0])
    np.testing.assert_allclose(points[:, 5] - points[:, 3], RUN_OFF_M)


@pytest.mark.parametrize(
    "content",
    [
        text_of(oval(), end="\r\n"),
        text_of(oval(), end="\r"),
        text_of(oval(), separator=";"),
        "\ufeff" + text_of(oval()),
        text_of(oval()).removeprefix("# "),
        text_of(oval()).removeprefix(HEADER + "\n"),
        text_of([*oval(), oval()[0]]),
        text_of(oval()).replace("\n", "  \n\n"),
    ],
    ids=[
        "CRLF", "CR", "semicolons", "BOM", "bare header", "no header", "first repeated", "blanks"
    ],
)  # fmt: skip
def test_every_usual_way_of_writing_it_reads_the_same(content: str, circuit) -> None:
    plain = read_circuit(circuit(text_of(oval())))
    np.testing.assert_array_equal(read_circuit(circuit(content)), plain)


def test_the_track_is_named_after_the_file_unless_told(circuit) -> None:
    path = circuit(text_of(oval()))
    assert import_circuit(path).name == "circuit"
    assert import_circuit(path, "The Oval").name == "The Oval"


def test_the_imported_lap_has_the_length_of_the_centreline(circuit) -> None:
    radius = 90.0
    track = import_circuit(circuit(text_of(oval(points=200, a=radius, b=radius))))
    assert track.length_m == pytest.approx(2.0 * np.pi * radius, rel=1e-6)


def test_silverstone_imports_at_its_published_length() -> None:
    if not SILVERSTONE.exists():
        pytest.skip("the Silverstone file is not beside this checkout (shared/data/circuits)")
    track = import_circuit(SILVERSTONE)
    assert track.name == "silverstone"
    assert track.length_m == pytest.approx(5887, abs=2)


def changed(row: int, column: int, value: float | str) -> Rows:
    """The oval with one cell changed; row 0 stands on line 2 of the file."""
    rows = oval()
    rows[row][column] = value
    return rows


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file has no points; give one row a point: x_m,y_m,w_tr_right_m,w_tr_left_m"),
        (
            HEADER + "\n",
            "the file has no points; give one row a point: x_m,y_m,w_tr_right_m,w_tr_left_m",
        ),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00",
            ("the file is binary, not text; "
            "save it as CSV with columns x_m,y_m,w_tr_right_m,w_tr_left_m"),
        ),
        (
            b"# x\n1,2,3,4\n\xff\xfe,2,3,4\n",
            "row 3: the file is not UTF-8 text; save it as CSV in UTF-8",
        ),
        (
            changed(3, 0, "nan"),
            "row 5: x_m must be finite (got nan); measure it or remove the row",
        ),
        (
            changed(3, 1, "-inf"),
            "row 5: y_m must be finite (got -inf); measure it or remove the row",
        ),
        (
            changed(7, 1, "abc"),
            ("row 9: y_m must be a number (got 'abc'); write it with digits and a decimal point, "
            "as 12.5"),
        ),
        (
            changed(7, 1, "1_0"),
            ("row 9: y_m must be a number (got '1_0'); write it with digits and a decimal point, "
            "as 12.5"),
        ),
        (
            changed(15, 2, -2.0),
            ("row 17: w_tr_right_m must be > 0 m (got -2); "
            "give the distance from the centreline to the road's edge, never negative"),
        ),
        (
            changed(15, 3, 0),
            ("row 17: w_tr_left_m must be > 0 m (got 0); "
            "give the distance from the centreline to the road's edge, never negative"),
        ),
        (
            changed(15, 3, 600),
            ("row 17: w_tr_left_m must be 1.5 to 40 m (got 600); "
            "check the unit: widths are metres to each side of the centreline"),
        ),
        (
            changed(15, 0, 4e9),
            ("row 17: x_m must lie within ±1,000,000 m (got 4e+09); "
            "use metres from a point near the circuit"),
        ),
        (
            [row[:3] for row in oval()],
            ("row 2: the row has 3 columns, not 4; "
            "add what is missing of x_m,y_m,w_tr_right_m,w_tr_left_m"),
        ),
        (
            [[*row, 0.0] for row in oval()],
            ("row 2: the row has 5 columns, not 4; "
            "remove all but x_m,y_m,w_tr_right_m,w_tr_left_m"),
        ),
        (
            "# x_m,y_m,w_tr_left_m,w_tr_right_m\n1,2,3,4\n",
            ("row 1: the columns stand in the order x_m,y_m,w_tr_left_m,w_tr_right_m; "
            "reorder them as x_m,y_m,w_tr_right_m,w_tr_left_m"),
        ),
        (
            oval()[:9],
            ("row 10: there are only 9 points; a circuit has at least 20; "
            "give one point about every 5 m"),
        ),
        (
            oval()[:100],
            ("row 101: the loop is open: the last point is 96.8 m from the first, where points "
            "usually stand 5.5 m apart; add the points that lead back to the first"),
        ),
        (
            [*oval()[:40], *oval()[50:]],
            ("row 41: the next point is 58.5 m away; at most 25 m can be followed; "
            "add points between, about every 5 m"),
        ),
        (
            oval(points=24, a=300.0, b=300.0),
            ("row 2: the next point is 78.3 m away; at most 25 m can be followed; "
            "add points between, about every 5 m"),
        ),
        (
            oval(a=20.0, b=20.0),
            ("row 121: the loop is 126 m long; a circuit has 200 to 30,000 m; "
            "check the unit (metres)"),
        ),
        (
            oval(points=4000, a=6000.0, b=6000.0),
            ("row 4001: the loop is 37,699 m long; a circuit has 200 to 30,000 m; "
            "check the unit (metres) or drop laps"),
        ),
        (
            [*oval()[:5], oval()[4], *oval()[5:]],
            ("row 7: the point is that of row 6 again; "
            "remove one of the two, or the second lap that begins here"),
        ),
        (
            [*oval(), *oval()],
            ("row 122: the point is that of row 2 again; "
            "remove one of the two, or the second lap that begins here"),
        ),
        (
            text_of(oval()) + "1," * 400,
            ("row 122: the row is 800 characters long; "
            "give four numbers: x_m,y_m,w_tr_right_m,w_tr_left_m"),
        ),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_by_row_and_mend(
    content: Rows | str | bytes, message: str, refusal
) -> None:
    assert refusal(content) == message


def test_a_figure_of_eight_is_refused_where_it_crosses(refusal) -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 200, endpoint=False) + 0.01
    rows: Rows = [[150 * float(np.sin(t)), 80 * float(np.sin(2 * t)), 5, 5] for t in angle]
    assert refusal(rows) == (
        "row 201: the centreline crosses itself: here and at row 101; a bridge cannot be imported"
    )


def peanut(half_road: float) -> Rows:
    """A lap whose two long sides come within 14 m of each other at its waist."""
    angle = np.linspace(0.0, 2.0 * np.pi, 200, endpoint=False)
    y = np.sin(angle) * (7.0 + 60.0 * np.cos(angle) ** 2)
    return [
        [170.0 * float(np.cos(t)), float(v), half_road, half_road]
        for t, v in zip(angle, y, strict=True)
    ]


def test_two_pieces_of_road_over_each_other_are_refused(refusal) -> None:
    assert refusal(peanut(8.0)) == (
        "row 156: the road overlaps itself: here and at row 47; narrow the road at both places"
    )


def test_a_corner_tighter_than_the_road_is_refused(refusal) -> None:
    rows = oval(points=160, a=120.0, b=25.0)
    for row in rows:
        row[3] = 30.0
    assert refusal(rows) == (
        "row 2: the corner's radius is 5.1 m, too tight for the road's 30 m to the left; "
        "smooth the points, or narrow the road on the inside of the corner"
    )


def test_the_road_is_drawn_in_where_a_corner_leaves_too_little_inside(circuit) -> None:
    rows = oval(points=160, a=120.0, b=25.0)  # 5.2 m is its least radius
    points = read_circuit(circuit(text_of(rows)))
    assert points[0, 3] == pytest.approx(0.85 * 25.0**2 / 120.0, rel=0.05)
    assert points[40, 3] == 5.0


def test_walls_between_neighbouring_roads_share_the_ground(circuit) -> None:
    points = read_circuit(circuit(text_of(peanut(5.0))))
    # The road edges are 4 m apart at the waist, points 50 and 150; the inside is on the left.
    assert points[50, 5] == pytest.approx(5.0 + 2.0, abs=0.05)
    assert points[50, 6] == pytest.approx(5.0 + RUN_OFF_M)
    assert points[10, 5] == pytest.approx(5.0 + RUN_OFF_M)


def test_a_huge_file_is_refused_and_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(TrackError, match=r"^the file has more than 8 MiB, the most"):
        import_circuit(path)


def test_too_many_points_are_refused(refusal) -> None:
    assert refusal(oval(points=20_001)) == (
        "row 20002: there are more than 20000 points; keep one point about every 5 m"
    )


def test_a_scribble_is_refused_in_bounded_time(refusal) -> None:
    random = np.random.default_rng(0)
    rows: Rows = [[*random.uniform(0, 15, 2).tolist(), 2.0, 2.0] for _ in range(900)]
    assert "the centreline crosses itself: here and at row" in refusal(rows)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(TrackError, match=r"^absent\.csv cannot be read \(No such file"):
        import_circuit(tmp_path / "absent.csv")
