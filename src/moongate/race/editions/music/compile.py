"""A score to what the player reads: sections of timed notes, every note checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from moongate.race.editions.faults import EditionError
from moongate.race.editions.music.figures import play_figure, play_groove, read_chords
from moongate.race.editions.music.instruments import COMPASS, DRUMS, KIT
from moongate.race.editions.music.notation import PPQ, Note, read_tune
from moongate.race.editions.music.schema import PartTable, ScoreFile
from moongate.race.editions.music.theory import Key, MusicError, pitch

FORMAT = 1
# A melody with more notes outside its key than this has the wrong key.
ACCIDENTALS = 0.25
FORMS = ("intro", "countdown", "loop", "last_lap", "finish", "results")
MOST_NOTES = 40_000


def compile_score(file: Path, score: ScoreFile) -> dict[str, Any]:
    """The piece as data for the player; EditionError names the field of any fault."""
    _check_names(file, score)
    beats, beat = (int(n) for n in score.metre.split("/"))
    bar_ticks = beats * 4 * PPQ // beat
    voices = sorted({voice for groove in score.grooves.values() for voice in groove})
    order = list(score.parts)
    sections = {}
    total = 0
    for slug, section in score.sections.items():
        tracks = []
        for k, name in enumerate(order):
            if name in section.play:
                rows = _play(file, score, slug, name, bar_ticks, voices)
                total += len(rows)
                if total > MOST_NOTES:
                    fault = f"more than {MOST_NOTES} notes"
                    raise EditionError(file, f"sections.{slug}", fault, "Use shorter sections.")
                tracks.append({"part": k, "notes": _flat(_swung(rows, score))})
        sections[slug] = {"bars": section.bars, "tracks": tracks}
    return {
        "format": FORMAT,
        "slug": file.stem,
        "role": score.role,
        # The player counts crotchets.
        "bpm": score.tempo * (1.5 if score.compound else 1),
        "metre": [beats, beat],
        "ppq": PPQ,
        "key": [score.key.tonic, score.key.mode],
        "gain": score.gain,
        "rush": score.rush.tempo,
        "lift": score.rush.lift,
        "drums": voices,
        "parts": [_part(name, part) for name, part in score.parts.items()],
        "sections": sections,
        "form": {form.replace("_", "-"): getattr(score.form, form) for form in FORMS},
    }


def _part(name: str, part: PartTable) -> dict[str, Any]:
    return {
        "slug": name,
        "instrument": part.instrument,
        "gain": part.gain,
        "pan": part.pan,
        "room": part.room,
        "layer": part.layer,
    }


def _check_names(file: Path, score: ScoreFile) -> None:
    for name, part in score.parts.items():
        if part.instrument != KIT and part.instrument not in COMPASS:
            known = ", ".join([KIT, *COMPASS])
            fault = f"no instrument is named {part.instrument!r}"
            raise EditionError(file, f"parts.{name}.instrument", fault, f"Use one of {known}.")
    for name, groove in score.grooves.items():
        for voice in groove:
            if voice not in DRUMS:
                fault, mend = f"no drum is named {voice!r}", f"Use one of {', '.join(DRUMS)}."
                raise EditionError(file, f"grooves.{name}", fault, mend)
    for slug, section in score.sections.items():
        for name in section.play:
            if name not in score.parts:
                fault = f"no part is named {name!r}"
                mend = f"Use one of {', '.join(score.parts)}."
                raise EditionError(file, f"sections.{slug}.play", fault, mend)
    for form in FORMS:
        for slug in getattr(score.form, form):
            if slug not in score.sections:
                fault = f"no section is named {slug!r}"
                mend = f"Use one of {', '.join(score.sections)}."
                raise EditionError(file, f"form.{form.replace('_', '-')}", fault, mend)
    if (score.role == "theme") != (score.character is not None):
        raise EditionError(
            file, "character", "a theme, and nothing else, has one", "Set role and character."
        )


def _play(
    file: Path, score: ScoreFile, slug: str, name: str, bar_ticks: int, voices: list[str]
) -> list[Note]:
    """What a part plays in a section, in order."""
    section, part = score.sections[slug], score.parts[name]
    field = f"sections.{slug}.play.{name}"
    try:
        text = _meant(score, slug, name)
        if part.instrument == KIT:
            return _kit(score, text, section.bars, bar_ticks, voices)
        notes = _phrases(score, part, slug, text, bar_ticks)
    except MusicError as error:
        raise EditionError(file, field, error.fault, error.mend) from None
    _check_range(file, field, part, notes, bar_ticks)
    return sorted(notes, key=lambda note: (note.start, note.pitch))


def _meant(score: ScoreFile, slug: str, name: str) -> str:
    """A part's text; `@A` stands for what the part plays in section A."""
    seen = set()
    text = score.sections[slug].play[name].strip()
    while text.startswith("@"):
        other = text[1:]
        if other in seen or other not in score.sections:
            raise MusicError(f"{text!r} leads nowhere", "Name a section in which the part plays.")
        seen.add(other)
        if name not in score.sections[other].play:
            raise MusicError(f"{name} does not play in {other}", "Name a section in which it does.")
        text = score.sections[other].play[name].strip()
    return text


def _kit(score: ScoreFile, text: str, bars: int, bar_ticks: int, voices: list[str]) -> list[Note]:
    notes = []
    bar = 0
    for word in text.split():
        groove, _, times = word.partition("*")
        if groove not in score.grooves or not (times or "1").isdecimal():
            known = ", ".join(score.grooves)
            raise MusicError(f"no groove is named {word!r}", f"Use one of {known}, as in name*3.")
        hits, length = play_groove(score.grooves[groove], bar_ticks)
        for _ in range(min(bars, int(times or 1))):
            notes += [
                Note(bar * bar_ticks + tick, PPQ // 4, voices.index(voice), loud)
                for tick, voice, loud in hits
            ]
            bar += length
    if bar != bars:
        raise MusicError(f"{bar} bars of grooves for {bars} bars", "Change how often they repeat.")
    return notes


def _phrases(score: ScoreFile, part: PartTable, slug: str, text: str, bar_ticks: int) -> list[Note]:
    """A tune in ABC, or `~figure` over the section's chords."""
    section = score.sections[slug]
    key = Key(score.key.tonic, score.key.mode)
    if text.startswith("~"):
        figure = text[1:]
        if figure not in score.figures:
            known = ", ".join(score.figures)
            raise MusicError(f"no figure is named {figure!r}", f"Use one of {known}.")
        if section.chords is None:
            raise MusicError("a figure needs chords", f"Add chords to sections.{slug}.")
        return play_figure(
            score.figures[figure],
            read_chords(section.chords, section.bars),
            unit=score.unit,
            bar_ticks=bar_ticks,
            window=(pitch(part.low), pitch(part.high)),
            voices=part.voices,
        )
    notes, bars = read_tune(text, key, unit=score.unit, bar_ticks=bar_ticks, octave=part.octave)
    if section.bars % bars:
        raise MusicError(f"{bars} bars for {section.bars} bars", "Write one for each bar.")
    strange = sum(note.accidental for note in notes)
    if strange > ACCIDENTALS * len(notes) and len(notes) >= 8:
        fault = f"{strange} of {len(notes)} notes are outside {key.tonic} {key.mode}"
        raise MusicError(fault, "Correct the key, or the notes.")
    length = bars * bar_ticks
    return [
        Note(note.start + again * length, note.length, note.pitch, note.loud)
        for again in range(section.bars // bars)
        for note in notes
    ]


def _check_range(
    file: Path, field: str, part: PartTable, notes: list[Note], bar_ticks: int
) -> None:
    low, high = COMPASS[part.instrument]
    for note in notes:
        if not low <= note.pitch <= high:
            fault = (
                f"bar {note.start // bar_ticks + 1}: note {note.pitch} is outside the "
                f"{part.instrument}'s {low} to {high}"
            )
            raise EditionError(file, field, fault, "Move it, or set the part's octave or low.")


def _swung(notes: list[Note], score: ScoreFile) -> list[Note]:
    """Off-beats come late by `swing` of their own length; what fills a pair keeps its end."""
    if not score.swing:
        return notes
    step = 4 * PPQ // score.swing_unit

    def late(tick: int) -> int:
        place = tick % (2 * step)
        bent = (
            place * (1 + score.swing)
            if place <= step
            else 2 * step - (2 * step - place) * (1 - score.swing)
        )
        return tick - place + round(bent)

    return [
        Note(late(n.start), max(1, late(n.start + n.length) - late(n.start)), n.pitch, n.loud)
        for n in notes
    ]


def _flat(notes: list[Note]) -> list[int]:
    """Ticks since the note before, pitch, length, loudness; one list, small when zipped."""
    out, before = [], 0
    for note in sorted(notes, key=lambda n: (n.start, n.pitch)):
        out += [note.start - before, note.pitch, note.length, note.loud]
        before = note.start
    return out
