"""Every piece as it is heard: in tempo, in key, clean, as loud as the others and unlike them.

Played by the built client's own synthesiser in a headless Chromium.
"""

from __future__ import annotations

import json
import shutil
import wave
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from moongate.race.editions.faults import EditionError
from moongate.race.editions.music import measure
from moongate.race.editions.music.compile import compile_score
from moongate.race.editions.music.instruments import COMPASS, DRUMS, KIT
from moongate.race.editions.music.record import bar_seconds, scores_of, whole_race
from moongate.race.editions.music.render import CHROMIUM, Performance, studio, write_wav
from moongate.race.editions.music.theory import Key

UK = Path(__file__).parents[3] / "src/moongate/race/editions/uk"
RATE = 44100
SECONDS = 14.0
SCORES = scores_of(UK)
PIECES = sorted(slug for slug, score in SCORES.items() if score.role != "theme")
LOUDNESS_LU = 3.0
PEAK_DB = -0.3
SILENCE_S = 1.5
# The nearest openings of today's pieces stand 2.4 apart. Two stretches of one piece stand 1.4 to
# 4.1 apart, so this only finds near copies; test_music.py compares the tunes themselves.
APART = 1.8

needs_chromium = pytest.mark.skipif(
    not any(map(shutil.which, CHROMIUM)), reason="no Chromium on this machine: install it"
)


def compiled(slug: str) -> dict:
    return compile_score(UK / "music" / f"{slug}.toml", SCORES[slug])


@pytest.fixture(scope="module")
def room():
    with studio() as room:
        yield room


@pytest.fixture(scope="module")
def heard(room):
    """The first bars of every piece's loop; a menu's piece opens with a vamp, which is left out."""
    return {
        slug: room.perform(
            compiled(slug),
            Performance(SECONDS, skip_bars=8 if SCORES[slug].role == "menu" else 0),
        )
        for slug in PIECES
    }


@needs_chromium
@pytest.mark.parametrize("slug", PIECES)
def test_a_piece_is_in_its_tempo_and_key(heard, slug):
    score, rendered = SCORES[slug], heard[slug]
    found = measure.tempo(rendered.sound, rendered.rate, thirds=score.compound)
    ratio = found / score.tempo
    assert min(abs(ratio / octave - 1) for octave in (0.5, 1, 2)) < 0.02
    key = Key(score.key.tonic, score.key.mode)
    assert measure.agrees(measure.key(rendered.sound, rendered.rate), key)


@needs_chromium
@pytest.mark.parametrize("slug", PIECES)
def test_a_piece_is_clean_and_never_falls_silent(heard, slug):
    rendered = heard[slug]
    assert 20 * np.log10(rendered.peak) < PEAK_DB
    assert measure.longest_run(rendered.sound) == 0
    assert measure.longest_silence(rendered.sound, rendered.rate) < SILENCE_S
    found = measure.measure(rendered.sound, rendered.rate)
    assert found.share_above_5k < 0.12  # nothing pierces the ear
    assert found.share_below_150 < 0.75  # and a phone's loudspeaker has something to play


@needs_chromium
def test_pieces_are_as_loud_as_each_other(heard):
    loud = {slug: measure.loudness(one.sound, one.rate) for slug, one in heard.items()}
    middle = float(np.median(list(loud.values())))
    assert {s: round(x, 1) for s, x in loud.items() if abs(x - middle) > LOUDNESS_LU} == {}
    assert -18 < middle < -12


@needs_chromium
def test_pieces_differ_from_each_other(heard):
    where = {
        slug: measure.features(one.sound, one.rate, SCORES[slug].compound)
        for slug, one in heard.items()
    }
    near = {
        (a, b): round(float(np.linalg.norm(where[a] - where[b])), 2)
        for a, b in combinations(PIECES, 2)
    }
    assert {pair: gap for pair, gap in near.items() if gap < APART} == {}


@needs_chromium
def test_the_loop_closes_without_a_click(room):
    score = compiled("embankment-parade")
    bars = sum(score["sections"][slug]["bars"] for slug in score["form"]["loop"])
    bar = bar_seconds(score)
    rendered = room.perform(score, Performance(4 * bar, skip_bars=bars - 2))
    # A click is all treble at once: the second difference shows it.
    edge = np.abs(np.diff(rendered.sound.mean(axis=1), 2))
    seam = int(2 * bar * rendered.rate)
    around = edge[seam - 400 : seam + 2000].max()
    elsewhere = np.concatenate([edge[: seam - 4000], edge[seam + 4000 :]]).max()
    assert around <= 1.3 * elsewhere
    assert measure.longest_silence(rendered.sound, rendered.rate) < 0.2


@needs_chromium
def test_the_last_lap_is_faster_and_higher(room):
    score = compiled("stepping-stones")
    bar = bar_seconds(score)
    first = room.perform(score, Performance(8 * bar))
    last = room.perform(score, Performance(12 * bar, last_lap=0.5))
    quick = measure.tempo(last.sound[int(2 * bar * RATE) :], RATE, thirds=True)
    assert quick / measure.tempo(first.sound, RATE, thirds=True) == pytest.approx(1.08, abs=0.015)
    lifted = np.roll(measure.chroma(first.sound, RATE), 2)
    heard = measure.chroma(last.sound[int(2 * bar * RATE) :], RATE)
    assert np.corrcoef(heard, lifted)[0, 1] > np.corrcoef(heard, np.roll(lifted, -2))[0, 1] + 0.3


@needs_chromium
def test_a_boost_adds_its_layer_and_takes_it_away(room):
    score = compiled("black-and-white")
    bells = [part["slug"] for part in score["parts"] if part["layer"] == "boost"]
    rendered = room.perform(score, Performance(9.0, boost=(3.0, 6.0), only=tuple(bells)))
    power = (rendered.sound**2).mean(axis=1)
    second = [float(power[k * RATE : (k + 1) * RATE].mean()) for k in range(9)]
    assert second[4] > 1e-5
    assert max(second[1], second[8]) < second[4] / 100


@needs_chromium
def test_the_same_score_renders_the_same(room):
    score = compiled("night-bus")
    first, again = (room.perform(score, Performance(4.0)) for _ in range(2))
    assert np.abs(first.sound - again.sound).max() < 1e-3


@needs_chromium
def test_python_and_the_synthesiser_know_the_same_instruments(room):
    instruments, drums = room.instruments()
    assert sorted(instruments) == sorted(COMPASS)
    assert sorted(drums) == sorted(DRUMS)
    assert KIT not in COMPASS


def test_without_a_built_client_the_mend_is_named(tmp_path):
    with pytest.raises(EditionError, match=r"Build the client first"), studio(tmp_path):
        pass


def test_a_performance_follows_the_race():
    performance = whole_race(compiled("up-the-glen"))
    assert performance.last_lap < performance.finish < performance.seconds
    assert json.loads(json.dumps(performance.as_json()))["countdown"] == 3.0


def sine(hz: float, seconds: float, peak: float = 1.0) -> np.ndarray:
    return peak * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)


def test_loudness_agrees_with_the_standard():
    """ITU-R BS.1770: a 997 Hz sine at full scale in one channel reads -3.01 LKFS."""
    tone = sine(997, 4)
    left = np.stack([tone, np.zeros_like(tone)], axis=1)
    assert measure.loudness(left, RATE) == pytest.approx(-3.01, abs=0.05)
    both = np.stack([tone, tone], axis=1)
    assert measure.loudness(both * 0.1, RATE) == pytest.approx(-20.0, abs=0.05)
    assert measure.loudness(np.zeros_like(both), RATE) == -np.inf


@pytest.mark.parametrize("bpm", [84.0, 118.0, 140.0])
def test_tempo_of_a_click_track_is_found(bpm):
    sound = np.zeros(12 * RATE)
    for at in np.arange(0.1, 11.5, 60 / bpm):
        start = int(at * RATE)
        sound[start : start + 2000] = sine(1000, 2000 / RATE) * np.exp(-np.arange(2000) / 300)
    found = measure.tempo(np.stack([sound, sound], axis=1), RATE)
    assert found == pytest.approx(bpm, rel=0.01)


def test_key_silence_and_clipping_are_found():
    scale = [sine(440 * 2 ** ((n - 69) / 12), 0.5, 0.3) for n in (62, 66, 69, 74, 67, 71, 73, 62)]
    mono = np.concatenate([*scale, np.zeros(2 * RATE), sine(100, 0.5, 1.2)])
    sound = np.clip(np.stack([mono, mono], axis=1), -1, 1)
    assert measure.key(sound[: 4 * RATE], RATE) == ("D", "major")
    assert measure.longest_silence(sound, RATE) == pytest.approx(2.0, abs=0.1)
    assert measure.longest_run(sound) > 20


def test_a_wav_holds_what_was_rendered(tmp_path):
    from moongate.race.editions.music.render import Rendered

    mono = sine(440, 0.1, 0.5)
    write_wav(tmp_path / "a.wav", Rendered(np.stack([mono, -mono], axis=1), RATE, 0.5))
    with wave.open(str(tmp_path / "a.wav")) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2) / 32767
    assert np.abs(data[:, 0] - mono).max() < 1e-4
    assert np.array_equal(data[:, 0], -data[:, 1])
