"""`moongate health rotate-keys | research-export | shadow | safety-report`, for the operator."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Adder = Callable[[Any, str, Any, str], argparse.ArgumentParser]


def register(inner: Any, add: Adder) -> None:
    """Adds the operator's commands below `moongate health`."""
    rotate = add(inner, "rotate-keys", rotate_keys, "seal all records under the newest key")
    rotate.add_argument("--new-key", action="store_true", help="put a new key first, before that")
    rotate.add_argument(
        "--forget-old", action="store_true", help="drop keys that seal nothing any more, after that"
    )
    text = "write the consented, de-identified assessments as a task set"
    research = add(inner, "research-export", research_export, text)
    research.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
    research.add_argument("--k", type=_at_least_two, default=5, help="people alike, at least (5)")
    text = "compare another version of the knowledge on consented assessments"
    shadow = add(inner, "shadow", run_shadow, text)
    shadow.add_argument("folder", type=Path, metavar="BASE_DIR", help="the other knowledge")
    text = "measure this version and write its evaluation report"
    report = add(inner, "safety-report", safety_report, text)
    report.add_argument(
        "--vignettes", type=Path, action="append", default=[], metavar="FILE.jsonl",
        help="also on these cases; may stand several times",
    )  # fmt: skip
    report.add_argument("--out", type=Path, help="the file to write (standard output)")


def _at_least_two(text: str) -> int:
    if not text.isdecimal() or int(text) < 2:
        raise argparse.ArgumentTypeError(f"k is a whole number of 2 or more (received: {text!r})")
    return int(text)


def rotate_keys(chosen: argparse.Namespace) -> int:
    """Resumable: whatever a stop leaves is done by the next call."""
    _set_up()
    from moongate.health.records import rotation

    if chosen.new_key:
        rotation.add_key()
    count = rotation.reseal(_progress("rows"))
    forgotten = rotation.forget_old_keys() if chosen.forget_old else 0
    keys = {name.hex(): fields for name, fields in rotation.keys_in_use().items()}
    if chosen.json:
        print(json.dumps({"resealed": count, "forgotten": forgotten, "keys_in_use": keys}))
    else:
        print(f"{count} fields sealed anew; {len(keys)} keys in use, {forgotten} forgotten")
    return 0


def research_export(chosen: argparse.Namespace) -> int:
    """Prints the manifest."""
    _set_up()
    from moongate.health.research.exporting import export_research

    manifest = export_research(chosen.folder, k=chosen.k)
    if chosen.json:
        print(json.dumps(manifest, ensure_ascii=False))
    else:
        for key in ("cases", "cells", "suppressed_cells", "suppressed_cases", "suppressed_people"):
            print(f"{key:20} {manifest[key]}")
        print(f"→ {chosen.folder}")
    return 0


def run_shadow(chosen: argparse.Namespace) -> int:
    """Exit code 1 when the other version lowers an emergency."""
    _set_up()
    from moongate.health.assessment import Engine
    from moongate.health.records.keeping import talk_of
    from moongate.health.research.exporting import consented
    from moongate.health.research.writing import FolderError
    from moongate.health.safety.shadow import compare_versions

    if not (chosen.folder / "version.toml").is_file():
        raise FolderError(f"{chosen.folder} holds no knowledge: version.toml is missing. Name one.")
    other = Engine.load(chosen.folder)
    rows = consented()
    total, show = rows.count(), _progress("conversations")
    talks = (talk_of(row) for row in rows.iterator(chunk_size=50))
    summary = compare_versions(Engine.load(), other, talks, lambda done: show(done, total))
    if chosen.json:
        print(json.dumps(summary))
    else:
        for key, value in summary.items():
            print(f"{key:24} {value}")
    return 1 if summary["emergencies_lowered"] else 0


def safety_report(chosen: argparse.Namespace) -> int:
    """Minutes with vignettes, half a minute without."""
    from moongate.health.assessment import Engine
    from moongate.health.safety.measuring import measure, report_lines

    def tell(line: str) -> None:
        if sys.stderr.isatty():
            print(line, file=sys.stderr)

    measured = measure(Engine.load(), chosen.vignettes, tell)
    text = "\n".join(report_lines(measured, datetime.now(UTC))).rstrip() + "\n"
    if chosen.out is not None:
        chosen.out.write_text(text, encoding="utf-8")
    if chosen.json:
        sets = dict(measured.vignettes)
        facts = {"version": measured.version, "red_flags": measured.red_flags, "vignettes": sets}
        print(json.dumps(facts, ensure_ascii=False))
    else:
        print(f"→ {chosen.out}" if chosen.out is not None else text, end="\n")
    return 0


def _progress(what: str) -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            print(f"\r\033[K{done} of {total} {what}", end=end, file=sys.stderr, flush=True)

    return show


def _set_up() -> None:
    """Django with the site's settings, and the tables there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moongate.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
