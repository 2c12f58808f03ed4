"""Record an edition's pieces as they are heard in a race, and measure what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moongate.race.editions.faults import EditionError
from moongate.race.editions.music.compile import compile_score
from moongate.race.editions.music.measure import measure
from moongate.race.editions.music.render import Performance, studio, write_wav
from moongate.race.editions.music.schema import ScoreFile
from moongate.race.editions.pack import open_pack
from moongate.race.editions.schema import decode

COUNTDOWN_S = 3.0
LAST_LAP_BARS = 16
BOOST_S = 6.0
TAIL_S = 4.0


def scores_of(folder: Path) -> dict[str, ScoreFile]:
    """The scores of an edition's folder by slug, each checked by itself."""
    EditionError.raise_all(open_pack(folder).faults)
    files = sorted(path for path in (folder / "music").glob("*.toml") if path.stem != "voices")
    return {path.stem: decode(path, ScoreFile) for path in files}


def bar_seconds(score: dict[str, Any]) -> float:
    """How long a bar of a compiled score lasts on the first lap."""
    beats, beat = score["metre"]
    return float(beats * 4 / beat * 60 / score["bpm"])


def form_seconds(score: dict[str, Any], form: str) -> float:
    """How long a form of a compiled score lasts, played once."""
    bars = sum(score["sections"][slug]["bars"] for slug in score["form"][form])
    return float(bars * bar_seconds(score))


def whole_race(score: dict[str, Any]) -> Performance:
    """Everything a piece can do: opening, countdown, its loop once, last lap, finish."""
    if score["role"] != "race":
        return Performance(seconds=form_seconds(score, "loop"))
    intro = form_seconds(score, "intro")
    loop = form_seconds(score, "loop")
    rushed = LAST_LAP_BARS * bar_seconds(score) / score["rush"]
    go = intro + COUNTDOWN_S
    finish = go + loop + rushed
    return Performance(
        seconds=finish + form_seconds(score, "finish") + TAIL_S,
        intro=intro,
        countdown=COUNTDOWN_S,
        boost=(go + loop / 2, go + loop / 2 + BOOST_S),
        last_lap=go + loop - 0.5,
        finish=finish,
    )


def record(folder: Path, out_dir: Path, piece: str | None = None) -> Iterator[dict[str, Any]]:
    """Render each piece, or one, to `out_dir`/SLUG.wav; yields what was measured of it.

    Raises EditionError for a fault in a score, an unknown piece, or a missing browser.
    """
    scores = scores_of(folder)
    if piece is not None and piece not in scores:
        mend = f"Name one of {', '.join(scores)}." if scores else "Add a score to music/."
        raise EditionError(folder / "music", "piece", f"no piece is named {piece!r}", mend)
    compiled = {
        slug: compile_score(folder / "music" / f"{slug}.toml", score)
        for slug, score in scores.items()
        if piece in (None, slug)
    }
    out_dir.mkdir(parents=True, exist_ok=True)
    with studio() as room:
        for slug, score in compiled.items():
            performance = whole_race(score)
            rendered = room.perform(score, performance)
            file = out_dir / f"{slug}.wav"
            write_wav(file, rendered)
            found = measure(rendered.sound, rendered.rate, thirds=scores[slug].compound)
            yield {
                "piece": slug,
                "file": str(file),
                "seconds": round(performance.seconds, 1),
                "lufs": round(found.loudness, 1),
                "peak_db": round(found.peak_db, 1),
                "tempo": round(found.tempo, 1),
                "key": " ".join(found.key),
            }
