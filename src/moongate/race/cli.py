"""`moongate race …`: verify a replay, import a circuit, drive a lap, fuzz, bench."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from moongate.race import edition_cli

LINE = "\r\033[K"


def register(commands: Any) -> None:
    """Adds `race` and its commands to the `moongate` command."""
    race = commands.add_parser("race", help="tracks, replays and the simulation")
    race.set_defaults(function=lambda chosen: race.print_help() or 2)
    inner = race.add_subparsers(title="commands", metavar="COMMAND")

    verify = _add(inner, "verify", verify_replay, "drive a replay again and say whether it is true")
    verify.add_argument("file", type=Path, metavar="FILE", help="a replay file")
    verify.add_argument("--track", help="the track file, for a race on an imported circuit")

    track = _add(inner, "import-track", import_track, "make a track file of a circuit's CSV")
    track.add_argument("file", type=Path, metavar="FILE.csv", help="x_m, y_m, w_tr_right_m, …")
    track.add_argument("--out", type=Path, required=True, help="the track file to write")
    track.add_argument("--name", help="the track's name (the file's name)")

    lap = _add(inner, "lap", drive_lap, "let the AI drive a lap and compare it with the ideal time")
    lap.add_argument("track", metavar="TRACK", help="an edition's track or a track file")
    lap.add_argument("--driver", choices=("ai", "ai-boost"), default="ai", help="ai: grip alone")

    quality = _add(inner, "quality", measure_quality, "measure what courses are like to race on")
    quality.add_argument("tracks", metavar="TRACK", nargs="*", help="(all the editions' tracks)")

    fuzz = _add(inner, "fuzz", run_fuzz, "drive random races on several runtimes, compare the bits")
    fuzz.add_argument("--races", type=_positive, default=100, help="how many (100)")
    fuzz.add_argument("--seed", type=int, default=1, help="of all randomness (1)")
    fuzz.add_argument(
        "--runtimes",
        type=_runtimes,
        default=("python", "numba", "node"),
        help="of python, numba, node, chromium; with commas (python,numba,node)",
    )

    bench = _add(inner, "bench", run_bench, "measure the simulation beside public simulators")
    bench.add_argument("--track", help="(the first of the editions' tracks)")

    edition_cli.register(inner, _guarded)


def _add(inner: Any, name: str, function: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = inner.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(function=_guarded(function))
    return parser


def _guarded(function: Any) -> Any:
    """Turns what a user can mend into a line on standard error and exit code 1."""

    def call(chosen: argparse.Namespace) -> int:
        from moongate.race.determinism.runtimes import RuntimeMissing
        from moongate.race.editions.schema import EditionError
        from moongate.race.track import TrackError

        try:
            return int(function(chosen) or 0)
        except (TrackError, EditionError, RuntimeMissing, OSError) as error:
            if chosen.json:
                print(json.dumps({"error": str(error)}))
            print(f"moongate race: {error}", file=sys.stderr)
            return 1

    return call


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"a number from 1 to 1000000 (received: {text!r})")
    return int(text)


def _runtimes(text: str) -> tuple[str, ...]:
    known = ("python", "numba", "node", "chromium")
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    wrong = [name for name in names if name not in known]
    if wrong or not names:
        raise argparse.ArgumentTypeError(
            f"name some of {', '.join(known)} with commas (received: {text!r})"
        )
    return names


def verify_replay(chosen: argparse.Namespace) -> int:
    """Exit code 0 for a true replay, 1 for any other."""
    from moongate.race.replay import ReplayError, Verdict, verify
    from moongate.race.replay_format import MAX_BYTES
    from moongate.race.tracks import find_track, track_by_id

    extra = find_track(chosen.track) if chosen.track else None
    try:
        with chosen.file.open("rb") as file:
            # One byte more than allowed is enough to know, and all that is read.
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        missing = ReplayError("{name} cannot be read: {why}", "Name a replay file that is there.",
                              name=chosen.file, why=error.strerror)  # fmt: skip
        verdict = Verdict(False, missing)
    else:
        verdict = verify(data, lambda track_id: track_by_id(track_id, extra))
    if chosen.json:
        print(json.dumps(verdict.as_json()))
    elif verdict.valid:
        laps = ", ".join(f"{ms / 1000:.3f} s" for ms in verdict.lap_ms)
        print(f"valid: {verdict.time_ms / 1000:.3f} s (laps {laps}), state {verdict.hash}")
    else:
        print(f"not valid: {verdict.reason}. {verdict.mend}")
    return 0 if verdict.valid else 1


def import_track(chosen: argparse.Namespace) -> int:
    """Writes the track file only when the circuit is sound."""
    from moongate.race.circuits import import_circuit
    from moongate.race.track import write_track

    track = import_circuit(chosen.file, name=chosen.name)
    write_track(chosen.out, track)
    facts = {
        "name": track.name,
        "id": track.id,
        "length_m": round(track.length_m, 1),
        "samples": track.n,
        "file": str(chosen.out),
    }
    if chosen.json:
        print(json.dumps(facts))
    else:
        print(f"{track.name}: {track.length_m:.0f} m, {track.n} samples → {chosen.out}")
    return 0


def drive_lap(chosen: argparse.Namespace) -> int:
    """Best flying lap of the AI, and the quasi-steady-state time of the racing line."""
    from moongate.race.drivers.driver import lap
    from moongate.race.tracks import find_track

    result = lap(find_track(chosen.track), boost=chosen.driver == "ai-boost")
    if chosen.json:
        print(json.dumps({key: round(value, 4) for key, value in result.items()}))
    else:
        print(
            f"lap {result['lap_s']:.3f} s, ideal {result['line_s']:.3f} s, "
            f"ratio {result['ratio']:.4f}"
        )
    return 0


def measure_quality(chosen: argparse.Namespace) -> int:
    """Lap times, drift, flights, pads and overtakes, as the Markdown table of the docs."""
    from moongate.race.quality import as_table, measure
    from moongate.race.tracks import edition_tracks, find_track

    names = chosen.tracks or list(edition_tracks())
    courses = []
    for name in names:
        if sys.stderr.isatty():
            print(f"{LINE}{name}", end="", file=sys.stderr, flush=True)
        courses.append(measure(name, find_track(name)))
    if sys.stderr.isatty():
        print(LINE, end="", file=sys.stderr)
    if chosen.json:
        print(json.dumps([course.as_json() for course in courses]))
    else:
        print(as_table(courses))
    return 0


def run_fuzz(chosen: argparse.Namespace) -> int:
    """Exit code 1 when any runtime differs."""
    from moongate.race.determinism.fuzz import fuzz
    from moongate.race.tracks import edition_tracks

    def progress(done: int) -> None:
        if sys.stderr.isatty():
            print(f"{LINE}{done} of {chosen.races} races", end="", file=sys.stderr, flush=True)

    tracks = list(edition_tracks().values())
    result = fuzz(chosen.races, chosen.seed, chosen.runtimes, tracks, progress)
    if sys.stderr.isatty():
        print(LINE, end="", file=sys.stderr)
    if chosen.json:
        print(json.dumps(result))
    else:
        print(
            f"{result['races']} races, {result['ticks']} ticks on {', '.join(chosen.runtimes)}: "
            f"{result['mismatches']} mismatches"
        )
        print("kart-ticks: " + ", ".join(f"{k} {v}" for k, v in result["coverage"].items()))
    return 1 if result["mismatches"] else 0


def run_bench(chosen: argparse.Namespace) -> int:
    """Kart-steps a second, replay verification, and the peers."""
    from moongate.race.bench import bench
    from moongate.race.tracks import find_track, first_track

    result = bench(find_track(chosen.track) if chosen.track else first_track())
    if chosen.json:
        print(json.dumps(result))
        return 0
    print(f"{result['kart_steps_per_s']:,} kart-steps/s ({result['rooms']} rooms of 8, one thread)")
    print(f"a replay is verified {result['verify_real_time_multiple']:,} times faster than driven")
    for name, peer in result["peers"].items():
        print(f"{name}: {peer['reason'] or format(peer['steps_per_s'], ',')} steps/s", end="")
        print(f", {peer['ratio']:,} times slower" if peer.get("ratio") else "")
    return 0
