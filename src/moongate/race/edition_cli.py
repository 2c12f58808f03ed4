"""`moongate race edition …`: check, build, begin and describe editions."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moongate.race import costume_cli


def register(race_commands: Any, guarded: Callable[[Any], Any]) -> None:
    """Adds `edition` and its commands below `moongate race`."""
    text = "content packs: check, build, begin a new one"
    edition = race_commands.add_parser("edition", help=text, description=text)
    edition.set_defaults(function=lambda chosen: edition.print_help() or 2)
    inner = edition.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, function: Any, text: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = inner.add_parser(name, help=text, description=text)
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.set_defaults(function=guarded(function))
        return parser

    check = add("check", check_folder, "name every fault of an edition with its file and line")
    check.add_argument("folder", type=Path, metavar="DIR", help="an edition's folder")

    build = add("build", build_folder, "make the files the browser and the server load")
    build.add_argument("folder", type=Path, metavar="DIR", help="an edition's folder")
    build.add_argument("--out", type=Path, required=True, help="the folder to write, replaced")

    new = add("new", new_edition, "begin an edition: one course, kart and character to change")
    new.add_argument("name", metavar="NAME", help="its short name: a-z, 0-9 and hyphens")
    new.add_argument("--dir", type=Path, help="the folder to make (NAME)")

    schema = add("schema", show_schema, "print the JSON Schema of a kind of file")
    schema.add_argument("kind", nargs="?", metavar="KIND", help="one kind; without it, all")

    render = add("render-music", render_music, "play an edition's scores into WAV files")
    render.add_argument("folder", type=Path, metavar="DIR", help="an edition's folder")
    render.add_argument("--out", type=Path, required=True, help="the folder to write to")
    render.add_argument("--piece", metavar="SLUG", help="one piece; without it, all")

    costume_cli.register(inner, guarded)


def _cache() -> Path:
    from moongate.race.runtime import cache_directory

    return cache_directory() / "editions"


def check_folder(chosen: argparse.Namespace) -> int:
    """Exit code 0 for an edition that can be built, 1 for one with faults."""
    import msgspec

    from moongate.race.editions.check import check_edition

    report = check_edition(chosen.folder, cache_dir=_cache(), jobs=os.cpu_count() or 1)
    if chosen.json:
        document = msgspec.to_builtins(report) | {"sound": report.sound}
        print(json.dumps(document, ensure_ascii=False))
        return 0 if report.sound else 1
    for fault in report.errors:
        print(fault)
    for fault in report.warnings:
        print(f"warning: {fault}")
    counts = ", ".join(f"{count:,} {name}" for name, count in report.counts.items())
    faults = f"{len(report.errors)} faults, {len(report.warnings)} warnings"
    print(f"{report.edition} {report.version}: {faults}" + (f" ({counts})" if counts else ""))
    return 0 if report.sound else 1


def build_folder(chosen: argparse.Namespace) -> int:
    """Exit code 1, and nothing written, for an edition with faults."""
    from moongate.race.editions.build import build_edition
    from moongate.race.editions.faults import EditionError, Fault

    def progress(kind: str, slug: str, seconds: float | None) -> None:
        if sys.stderr.isatty():
            print(f"{kind} {slug} ({seconds or 0:.1f} s)", file=sys.stderr)

    try:
        index = build_edition(
            chosen.folder,
            chosen.out,
            cache_dir=_cache(),
            jobs=os.cpu_count() or 1,
            progress=progress,
        )
    except EditionError as error:
        faults = [str(Fault.of(one, chosen.folder)) for one in error.each()]
        if chosen.json:
            print(json.dumps({"errors": faults}, ensure_ascii=False))
        for fault in faults:
            print(f"moongate race edition: {fault}", file=sys.stderr)
        return 1
    kinds = ("tracks", "karts", "characters")
    facts = {"edition": index["slug"], "version": index["version"], "folder": str(chosen.out)}
    facts |= {kind: [entry["slug"] for entry in index[kind]] for kind in kinds}
    if chosen.json:
        print(json.dumps(facts))
    else:
        made = ", ".join(f"{len(facts[kind])} {kind}" for kind in kinds)
        print(f"{index['slug']} {index['version']}: {made} → {chosen.out}")
    return 0


def new_edition(chosen: argparse.Namespace) -> int:
    """Exit code 1 when the name is no slug or the folder holds something."""
    from moongate.race.editions.scaffold import begin_edition

    folder = begin_edition(chosen.name, chosen.dir or Path(chosen.name))
    if chosen.json:
        print(json.dumps({"edition": chosen.name, "folder": str(folder)}))
    else:
        print(f"{folder}: change it, then `moongate race edition check {folder}`")
    return 0


def show_schema(chosen: argparse.Namespace) -> int:
    """Always JSON: that is what a schema is."""
    from moongate.race.editions.faults import EditionError
    from moongate.race.editions.kinds import KINDS, json_schema

    if chosen.kind is not None and chosen.kind not in KINDS:
        mend = f"Name one of {', '.join(KINDS)}."
        raise EditionError("KIND", "kind", f"no kind of file is named {chosen.kind!r}", mend)
    schemas = json_schema(chosen.kind) if chosen.kind else {k: json_schema(k) for k in KINDS}
    print(json.dumps(schemas, indent=2, ensure_ascii=False))
    return 0


def render_music(chosen: argparse.Namespace) -> int:
    """One line a piece: its length and loudness, and the tempo and key one hears in it."""
    from moongate.race.editions.music.record import record

    done = []
    for facts in record(chosen.folder, chosen.out, chosen.piece):
        done.append(facts)
        if not chosen.json:
            print(
                f"{facts['piece']}: {facts['seconds']} s, {facts['lufs']} LUFS, "
                f"peak {facts['peak_db']} dB, {facts['tempo']} a minute, {facts['key']} "
                f"→ {facts['file']}",
                flush=True,
            )
    if chosen.json:
        print(json.dumps(done))
    return 0
