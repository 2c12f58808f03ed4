"""Scores: what is written is what is compiled, and every fault is named with its mend."""

import json
import shutil
import wave
from itertools import pairwise
from pathlib import Path

import pytest

from moongate.cli import main
from moongate.race.editions.faults import EditionError
from moongate.race.editions.music.compile import compile_score
from moongate.race.editions.music.figures import play_figure, play_groove, read_chords
from moongate.race.editions.music.notation import PPQ, read_tune
from moongate.race.editions.music.record import bar_seconds, form_seconds, scores_of, whole_race
from moongate.race.editions.music.render import CHROMIUM
from moongate.race.editions.music.schema import ScoreFile
from moongate.race.editions.music.theory import Key, MusicError, chord, lead, pitch
from moongate.race.editions.schema import decode
from moongate.race.editions.track_schema import TrackFile

UK = Path(__file__).parents[3] / "src/moongate/race/editions/uk"
BAR = 4 * PPQ
G = Key("G", "major")
TINY = """
role = "race"
metre = "4/4"
tempo = 120
[name]
en = "Tiny"
zh-hans = "小曲"
[kind]
en = "Test"
zh-hans = "测试"
[key]
tonic = "C"
[form]
loop = ["a"]
[parts.tune]
instrument = "cornet"
[parts.drums]
instrument = "kit"
[figures]
hold = "x:8"
[grooves.beat]
kick = "x...x...x...x..."
[sections.a]
bars = 2
chords = "C | G"
[sections.a.play]
tune = "c2 d2 e2 f2 | g8"
drums = "beat*2"
"""


def tune(text: str, key: Key = G, **more) -> list[tuple[int, int, int]]:
    notes, _ = read_tune(text, key, unit=8, bar_ticks=BAR, **more)
    return [(note.start, note.length, note.pitch) for note in notes]


def compiled(tmp_path: Path, text: str) -> dict:
    file = tmp_path / "tiny.toml"
    file.write_text(text, "utf-8")
    return compile_score(file, decode(file, ScoreFile))


def fault(tmp_path: Path, text: str) -> EditionError:
    with pytest.raises(EditionError) as caught:
        compiled(tmp_path, text)
    return caught.value


def test_the_key_signature_applies_and_an_accidental_lasts_for_its_bar():
    assert [p for *_, p in tune("F2 =F2 F4 | F8")] == [66, 65, 65, 66]
    assert [p for *_, p in tune("C, C c c' c4", Key("C", "major"))] == [48, 60, 72, 84, 72]


@pytest.mark.parametrize(
    ("tonic", "mode", "sharps"),
    [("A", "mixolydian", {"F": 1, "C": 1}), ("Eb", "major", {"E": -1, "A": -1, "B": -1}),
     ("F#", "phrygian", {"F": 1, "C": 1}), ("G", "dorian", {"B": -1}), ("E", "minor", {"F": 1})],
)  # fmt: skip
def test_key_signatures_are_those_of_the_textbooks(tonic, mode, sharps):
    signs = Key(tonic, mode).signature()
    assert {letter: sign for letter, sign in signs.items() if sign} == sharps


def test_lengths_dotted_pairs_triplets_and_ties():
    assert tune("G>A B/2B/2c d4")[:3] == [(0, 72, 67), (72, 24, 69), (96, 24, 71)]
    assert [(start, length) for start, length, _ in tune("(3GAB c2 d4")][:4] == [
        (0, 32), (32, 32), (64, 32), (96, 96),
    ]  # fmt: skip
    assert tune("z4 g4- | g2 z6") == [(192, 288, 79)]
    assert [p for *_, p in tune("[GBd]8")] == [67, 71, 74]


def test_a_grace_note_takes_its_time_from_the_note_it_leads_to():
    assert tune("{A}G2 z6") == [(0, 6, 69), (6, 90, 67)]


@pytest.mark.parametrize(
    ("text", "told"),
    [("G2 A2 | B8", "bar 1 does not add up: 4 of 8 units"), ("G8 | A9", "bar 2 does not add up"),
     ("G8 | H8", "bar 2: 'H8' cannot be read"), (">G8", "has no note before it"),
     ("G/5 z4 z3 z4/5", "falls between the ticks")],
)  # fmt: skip
def test_a_tune_that_does_not_add_up_is_told_with_its_bar(text, told):
    with pytest.raises(MusicError) as caught:
        tune(text)
    assert told in str(caught.value)


def test_voices_move_as_little_as_they_can():
    low, high = pitch("G3"), pitch("E5")
    before: tuple[int, ...] = ()
    for symbol in ("C", "Am", "F", "Dm7", "G7", "C"):
        after = lead(before, chord(symbol), low, high, 3)
        assert {p % 12 for p in after} <= set(chord(symbol).classes)
        assert low <= min(after)
        assert max(after) <= high
        if before:
            assert sum(abs(a - b) for a, b in zip(after, before, strict=True)) <= 7
        before = after


def test_a_seventh_chord_in_three_voices_keeps_its_third_and_seventh():
    assert {p % 12 for p in lead((), chord("G7"), 55, 76, 3)} >= {11, 5}


def test_a_figure_follows_the_chords_and_repeats():
    rows = read_chords("C G | F", 2)
    notes = play_figure(
        "0:2 5,:2 x:4", rows, unit=8, bar_ticks=BAR, window=(pitch("C2"), pitch("C4")), voices=3
    )
    first = [(note.start, note.pitch) for note in notes][:2]
    assert first == [(0, 36), (96, 36 + 7 - 12)]
    assert {note.pitch % 12 for note in notes if note.start == 192} == {7, 11, 2}
    assert {note.pitch % 12 for note in notes if note.start == BAR + 192} == {5, 9, 0}


def test_a_groove_knows_its_length_and_its_accents():
    hits, bars = play_groove({"kick": "X.......", "snare": "....x... ....X..."}, BAR)
    assert bars == 2
    assert [(tick, voice) for tick, voice, _ in hits] == [
        (0, "kick"), (192, "snare"), (384, "kick"), (576, "snare"),
    ]  # fmt: skip
    assert hits[3][2] > hits[1][2]


def test_a_compiled_score_says_when_every_note_sounds(tmp_path):
    score = compiled(tmp_path, TINY)
    notes = score["sections"]["a"]["tracks"][0]["notes"]
    assert [notes[k : k + 3] for k in range(0, len(notes), 4)] == [
        [0, 72, 96], [96, 74, 96], [96, 76, 96], [96, 77, 96], [96, 79, 384],
    ]  # fmt: skip
    assert score["drums"] == ["kick"]
    assert bar_seconds(score) == 2.0
    assert form_seconds(score, "loop") == 4.0


def test_swing_delays_the_offbeats_only(tmp_path):
    swung = compiled(tmp_path, TINY.replace("tempo = 120", "tempo = 120\nswing = 0.5").replace(
        "c2 d2 e2 f2", "cd ed cd ef"))  # fmt: skip
    notes = swung["sections"]["a"]["tracks"][0]["notes"]
    assert notes[0::4][:4] == [0, 72, 24, 72]


@pytest.mark.parametrize(
    ("old", "new", "field", "told", "mend"),
    [
        ("g8", "g7", "sections.a.play.tune", "bar 2 does not add up: 7 of 8", "Lengthen"),
        ("g8", "g'''8", "sections.a.play.tune", "bar 2: note 115 is outside", "octave"),
        ('"cornet"', '"kazoo"', "parts.tune.instrument", "no instrument is named 'kazoo'",
         "Use one of"),
        ("c2 d2 e2 f2", "^c^d^f^g ^a^c^d^f", "sections.a.play.tune", "8 of 9 notes are outside",
         "Correct the key"),
        ("beat*2", "beat", "sections.a.play.drums", "1 bars of grooves for 2 bars", "Change"),
        ("beat*2", "boom*2", "sections.a.play.drums", "no groove is named 'boom*2'", "beat"),
        ('tune = "c2 d2 e2 f2 | g8"', 'tune = "~waltz"', "sections.a.play.tune",
         "no figure is named 'waltz'", "hold"),
        ('tune = "c2 d2 e2 f2 | g8"', 'tune = "@a"', "sections.a.play.tune", "leads nowhere",
         "Name a section"),
        ('loop = ["a"]', 'loop = ["b"]', "form.loop", "no section is named 'b'", "Use one of a"),
        ("kick = ", "gong = ", "grooves.beat", "no drum is named 'gong'", "Use one of"),
        ("x...x...x...x...", "x...x..", "sections.a.play.drums", "7 steps do not divide", "Use 8"),
        ('role = "race"', 'role = "theme"', "character", "a theme", "Set role and character"),
    ],
)  # fmt: skip
def test_every_fault_names_its_field_and_its_mend(tmp_path, old, new, field, told, mend):
    assert old in TINY
    error = fault(tmp_path, TINY.replace(old, new))
    assert error.field == field
    assert told in error.fault
    assert mend in error.mend


def test_a_score_that_would_explode_is_refused_early(tmp_path):
    many = 'bars = 64\nchords = "C"'
    text = TINY.replace("bars = 2\nchords = \"C | G\"", many).replace(
        'tune = "c2 d2 e2 f2 | g8"', 'tune = "~hold"').replace("beat*2", "beat*64")  # fmt: skip
    text = text.replace('hold = "x:8"', 'hold = "' + " ".join(["x:1/24"] * 192) + '"')
    text = text.replace('instrument = "cornet"', 'instrument = "cornet"\nvoices = 5\nlow = "G3"')
    assert "more than 40000 notes" in fault(tmp_path, text).fault


def test_the_edition_has_pieces_of_many_kinds_and_each_is_long_enough():
    scores = scores_of(UK)
    races = {slug: score for slug, score in scores.items() if score.role == "race"}
    assert len(races) >= 8
    assert any(score.role == "menu" for score in scores.values())
    for slug, score in races.items():
        assert sum(score.sections[name].bars for name in score.form.loop) >= 32, slug
        for form in ("intro", "countdown", "finish", "results"):
            assert getattr(score.form, form), f"{slug} has no {form}"
        layers = {part.layer for part in score.parts.values()}
        assert {"base", "last-lap", "boost"} <= layers, slug
        assert whole_race(compile_score(UK / f"{slug}.toml", score)).seconds > 60


def test_every_character_has_a_theme_and_a_voice():
    from moongate.race.editions.music.schema import Voice

    characters = {path.stem for path in (UK / "characters").glob("*.toml")}
    assert {s.character for s in scores_of(UK).values() if s.role == "theme"} == characters
    voices = decode(UK / "music" / "voices.toml", dict[str, Voice])
    assert set(voices) == characters
    assert len({(voice.pitch, voice.size) for voice in voices.values()}) == len(voices)


BASSES = ("tuba", "bass-guitar", "upright-bass", "reese", "sub", "kit", "timpani")


def phrases(score: ScoreFile) -> set[tuple[int, ...]]:
    """Nine notes in a row of every tune, as intervals and times between them."""
    beats, beat = (int(n) for n in score.metre.split("/"))
    found = set()
    for section in score.sections.values():
        for part, text in section.play.items():
            if text[0] in "~@" or score.parts[part].instrument in BASSES:
                continue
            key = Key(score.key.tonic, score.key.mode)
            notes, _ = read_tune(text, key, unit=score.unit, bar_ticks=beats * BAR // beat)
            for k in range(len(notes) - 8):
                pairs = list(pairwise(notes[k : k + 9]))
                steps = [b.pitch - a.pitch for a, b in pairs]
                times = [(b.start - a.start) * score.unit for a, b in pairs]
                if len(set(steps)) > 3 and len(set(times)) > 2:
                    found.add((*steps, *times))
    return found


def test_every_piece_is_heard_somewhere():
    tracks = [decode(file, TrackFile) for file in sorted((UK / "tracks").glob("*.toml"))]
    people = {file.stem for file in (UK / "characters").glob("*.toml")}
    on_courses = {track.music for track in tracks} | {track.music_in_company for track in tracks}
    scores = scores_of(UK)
    assert [score.role for score in scores.values()].count("menu") == 1
    for slug, score in scores.items():
        if score.role == "race":
            assert slug in on_courses, slug
    assert {score.character for score in scores.values() if score.role == "theme"} == people


def test_no_two_pieces_share_a_phrase():
    seen: dict[tuple[int, ...], str] = {}
    for slug, score in scores_of(UK).items():
        mine = phrases(score)
        assert not [seen[phrase] for phrase in mine if phrase in seen], slug
        seen |= dict.fromkeys(mine, slug)
    assert len(seen) > 300


@pytest.mark.skipif(
    not any(map(shutil.which, CHROMIUM)), reason="no Chromium on this machine: install it"
)
def test_render_music_writes_a_wav_and_says_what_is_in_it(tmp_path, capsys):
    arguments = ["race", "edition", "render-music", str(UK), "--out", str(tmp_path), "--json"]
    assert main([*arguments, "--piece", "theme-hattie"]) == 0
    (facts,) = json.loads(capsys.readouterr().out)
    with wave.open(facts["file"]) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 44100)
        assert file.getnframes() / 44100 == pytest.approx(facts["seconds"], abs=0.1)
    assert facts["piece"] == "theme-hattie"
    assert facts["peak_db"] < -0.3
    assert facts["tempo"] == pytest.approx(120, rel=0.02)


def test_render_music_names_a_piece_that_is_not_there(tmp_path, capsys):
    arguments = ["race", "edition", "render-music", str(UK), "--out", str(tmp_path)]
    assert main([*arguments, "--piece", "waltz"]) == 1
    assert "no piece is named 'waltz'" in capsys.readouterr().err
