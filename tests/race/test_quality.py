"""What a course is like to race on is counted, and the cheapest of our courses is good enough."""

import json

import numpy as np
import pytest

from moongate.cli import main
from moongate.race.quality import HELD_TICKS, Quality, as_table, measure, overtakes
from moongate.race.track import Track
from tests.race.courses import stadium


def behind_then_ahead(*stretches: int) -> np.ndarray:
    """Progress of two karts that change places after so many ticks each time."""
    sign = np.concatenate([np.full(n, 1.0 if k % 2 else -1.0) for k, n in enumerate(stretches)])
    way = np.arange(len(sign), dtype=float)
    return np.column_stack([way, way + sign])


@pytest.mark.parametrize(
    ("stretches", "count"),
    [
        ((600,), 0),
        ((300, 300), 1),
        ((300, HELD_TICKS - 1, 300), 0),
        ((300, HELD_TICKS, 300), 2),
        ((300, 5, 5, 300), 1),
        ((300, HELD_TICKS - 1), 0),
    ],
)
def test_an_overtake_is_a_change_of_places_that_lasts(stretches: tuple[int, ...], count: int):
    assert overtakes(behind_then_ahead(*stretches)) == count


def test_three_karts_that_turn_their_order_round_make_three_overtakes():
    way = np.arange(400.0)[:, None]
    start, end = np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0]) * 1.5
    progress = np.where(way < 200, way + start, way + end)
    assert overtakes(progress) == 3


@pytest.fixture(scope="module")
def shortest(london: Track) -> Quality:
    return measure("london", london)


def test_the_cheapest_course_is_one_to_race_on(shortest: Quality):
    assert shortest.finished == 8
    assert shortest.overtakes >= 4
    assert shortest.drift >= 0.1
    assert 35 <= shortest.best_s < shortest.grip_s <= 90
    assert shortest.pads >= 1


def test_the_same_course_gives_the_same_figures(shortest: Quality, london: Track):
    assert measure("london", london) == shortest


def test_pads_from_kerb_to_kerb_are_driven_over_and_a_flat_road_is_never_left():
    bare = measure("bare", stadium())
    padded = measure("padded", stadium(pads=[(450.0, -5.0), (500.0, 0.0), (550.0, 5.0)]))
    assert bare.pads == 0
    assert padded.pads >= 1
    assert padded.best_s < bare.best_s
    assert padded.jumps == bare.jumps == bare.air == 0


def test_the_command_prints_a_row_for_each_course(capsys, shortest: Quality):
    assert main(["race", "quality", "london"]) == 0
    assert capsys.readouterr().out.strip() == as_table([shortest])
    assert main(["race", "quality", "london", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [shortest.as_json()]


def test_the_command_says_which_courses_there_are(capsys):
    assert main(["race", "quality", "atlantis"]) == 1
    assert "the editions' tracks are: london" in capsys.readouterr().err
