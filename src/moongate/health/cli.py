"""`moongate health …`: knowledge, one turn, a conversation, evaluation and measurement."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from moongate.health import records_cli
from moongate.health.wechat import cli as wechat_cli


def register(commands: Any) -> None:
    """Adds `health` and its commands to the `moongate` command."""
    health = commands.add_parser("health", help="the health assessment's engine")
    health.set_defaults(function=lambda chosen: health.print_help() or 2)
    inner = health.add_subparsers(title="commands", metavar="COMMAND")

    assess = _add(inner, "assess", assess_person, "an assessment as a conversation in the terminal")
    assess.add_argument("--lang", choices=("en", "zh"), default="en", help="(en)")

    ask = _add(inner, "ask", ask_once, "one turn: what a text says and what follows from it")
    ask.add_argument("--text", required=True, help="the message; - reads standard input")
    ask.add_argument("--lang", choices=("en", "zh"), help="(seen from the text)")
    ask.add_argument("--age", type=_years, help="in years")
    ask.add_argument("--sex", choices=("female", "male"))

    _register_knowledge(inner)
    _register_evaluation(inner)
    records_cli.register(inner, _add)
    wechat_cli.register(inner, _add)
    alarm = inner.add_parser("alarm", help="the second ear for danger")
    alarm.set_defaults(function=lambda chosen: alarm.print_help() or 2)
    parts = alarm.add_subparsers(title="commands", metavar="COMMAND")
    _add(parts, "train", train_alarm, "learn from the sentences that ship, and say how well")
    _add(inner, "bench", run_bench, "measure the inference beside public libraries")


def _register_knowledge(inner: Any) -> None:
    knowledge = inner.add_parser("knowledge", help="the knowledge base")
    knowledge.set_defaults(function=lambda chosen: knowledge.print_help() or 2)
    parts = knowledge.add_subparsers(title="commands", metavar="COMMAND")
    check = _add(parts, "check", check_knowledge, "validate the base; name file, line and mend")
    check.add_argument("--folder", type=Path, help="another base than the one that ships")
    show = _add(parts, "show", show_knowledge, "print one condition as a clinician would read it")
    show.add_argument("id", metavar="ID", help="a condition's id or name")
    show.add_argument("--lang", choices=("en", "zh"), default="en", help="(en)")
    _add(parts, "stats", knowledge_stats, "count what the base holds")
    export = _add(parts, "export", export_knowledge, "write the whole base as one JSON document")
    export.add_argument("--out", type=Path, help="the file to write (standard output)")
    moved = _add(parts, "sensitivity", run_sensitivity, "which figures the rankings hang on")
    moved.add_argument("--details", type=Path, help="write every decisive figure, a JSON line each")


def _register_evaluation(inner: Any) -> None:
    evaluate = inner.add_parser("evaluate", help="measure the engine")
    evaluate.set_defaults(function=lambda chosen: evaluate.print_help() or 2)
    parts = evaluate.add_subparsers(title="commands", metavar="COMMAND")
    vignettes = _add(
        parts, "vignettes", evaluate_vignettes, "clinical vignettes, simulated patient"
    )
    vignettes.add_argument("file", type=Path, metavar="FILE.jsonl")
    vignettes.add_argument("--mode", choices=("dialogue", "whole"), default="dialogue")
    vignettes.add_argument("--details", type=Path, help="write a JSON line a case")
    ddxplus = _add(parts, "ddxplus", evaluate_ddxplus, "learn from and test on DDXPlus's form")
    for name in ("conditions", "evidences", "train", "patients"):
        ddxplus.add_argument(f"--{name}", type=Path, required=True)
    ddxplus.add_argument("--unknown", type=_share, default=0.0, help="share of don't-know answers")
    ddxplus.add_argument("--flip", type=_share, default=0.0, help="share of wrong answers")
    ddxplus.add_argument("--full", action="store_true", help="also with all evidence at once")
    flags = _add(parts, "red-flags", evaluate_flags, "our own suite of dangerous sentences")
    flags.add_argument("file", type=Path, nargs="?", metavar="FILE.jsonl", help="(our suite)")
    flags.add_argument("--details", type=Path, help="write a JSON line a sentence")


def _add(inner: Any, name: str, function: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = inner.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(function=_guarded(function))
    return parser


def _guarded(function: Any) -> Any:
    """Turns what a user can mend into a line on standard error and exit code 1."""

    def call(chosen: argparse.Namespace) -> int:
        from django.core.exceptions import ImproperlyConfigured
        from django.db import DatabaseError

        from moongate.health.assessment import AssessmentError
        from moongate.health.evaluation.red_flags import SentenceError
        from moongate.health.evaluation.vignettes import VignetteError
        from moongate.health.knowledge.faults import KnowledgeError
        from moongate.health.learning.dataset import DatasetError
        from moongate.health.records.keyring import KeyFileError, SealError
        from moongate.health.research.writing import FolderError
        from moongate.health.talk.steps import TalkError

        try:
            return int(function(chosen) or 0)
        except (
            KnowledgeError, AssessmentError, VignetteError, SentenceError, DatasetError, OSError,
            KeyFileError, SealError, FolderError, TalkError, ImproperlyConfigured, DatabaseError,
        ) as error:  # fmt: skip
            if isinstance(error, BrokenPipeError):
                raise
            if chosen.json:
                print(json.dumps({"error": str(error)}))
            print(f"moongate health: {error}", file=sys.stderr)
            return 1

    return call


def _years(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 120:
        raise argparse.ArgumentTypeError(f"an age is from 0 to 120 years (received: {text!r})")
    return value


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"a share is from 0 to 1 (received: {text!r})")
    return value


def _progress(total: int, what: str) -> Any:
    """A counter on standard error, where somebody looks at it."""

    def show(done: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done == total else ""
            print(f"\r\033[K{done} of {total} {what}", end=end, file=sys.stderr, flush=True)

    return show


def assess_person(chosen: argparse.Namespace) -> int:
    """Exit code 0 after a result, 1 when the input ended before it."""
    from moongate.health.assessment import Engine
    from moongate.health.conversation import converse
    from moongate.health.turn import state_json

    engine = Engine.load()
    tell = (lambda text: print(text, file=sys.stderr)) if chosen.json else print
    try:
        assessment = converse(engine, chosen.lang, input, tell)
    except EOFError:
        print("moongate health: the conversation ended before its result", file=sys.stderr)
        return 1
    if chosen.json:
        print(json.dumps(state_json(engine, assessment), ensure_ascii=False))
    return 0


def ask_once(chosen: argparse.Namespace) -> int:
    """One message, no memory."""
    from moongate.health.assessment import Engine
    from moongate.health.language.understand import language_of
    from moongate.health.turn import state_json, state_lines

    text = sys.stdin.read(1_200_000) if chosen.text == "-" else chosen.text
    lang = chosen.lang or language_of(text[:2000].lower())
    engine = Engine.load()
    assessment = engine.begin(lang=lang, age=chosen.age, sex=chosen.sex)
    assessment = engine.tell(assessment, text, chosen.lang)
    if chosen.json:
        print(json.dumps(state_json(engine, assessment, text), ensure_ascii=False))
    else:
        for line in state_lines(engine, assessment):
            print(line)
    return 0


def show_knowledge(chosen: argparse.Namespace) -> int:
    """Exit code 1 when no condition has the id or name."""
    from moongate.health.knowledge.check import load
    from moongate.health.knowledge.show import export, show_condition
    from moongate.health.language.names import Names

    base = load()
    found = (chosen.id,) if chosen.id in base.conditions else Names(base).find(chosen.id)
    if not found:
        print(f"moongate health: no condition {chosen.id!r}. Try another name.", file=sys.stderr)
        return 1
    if chosen.json:
        table = export(base)["conditions"]
        print(json.dumps({name: table[name] for name in found}, ensure_ascii=False))
        return 0
    for name in found:
        print("\n".join(show_condition(base, name, chosen.lang)))
    return 0


def knowledge_stats(chosen: argparse.Namespace) -> int:
    """Counts of the base that ships."""
    from moongate.health.knowledge.check import load
    from moongate.health.knowledge.show import stats

    counts = stats(load())
    if chosen.json:
        print(json.dumps(counts))
    else:
        for key, value in counts.items():
            print(f"{key:26} {value}")
    return 0


def export_knowledge(chosen: argparse.Namespace) -> int:
    """The base as JSON."""
    from moongate.health.knowledge.check import load
    from moongate.health.knowledge.show import export

    text = json.dumps(export(load()), ensure_ascii=False, indent=1)
    if chosen.out is None:
        print(text)
    else:
        chosen.out.write_text(text + "\n", encoding="utf-8")
        print(json.dumps({"file": str(chosen.out)}) if chosen.json else f"→ {chosen.out}")
    return 0


def run_sensitivity(chosen: argparse.Namespace) -> int:
    """Every figure moved within its range, over one typical case a condition."""
    import dataclasses

    from moongate.health.assessment import Engine
    from moongate.health.evaluation.sensitivity import sensitivity

    network = Engine.load().network
    summary, decisive = sensitivity(network, _progress(len(network.conditions), "conditions"))
    if chosen.details:
        rows = (json.dumps(dataclasses.asdict(d)) for d in decisive)
        chosen.details.write_text("\n".join(rows) + "\n", encoding="utf-8")
    if chosen.json:
        print(json.dumps(summary))
        return 0
    for key, value in summary.items():
        print(f"{key:30} {value}")
    for d in decisive[:20]:
        print(
            f"  {d.case}: {d.finding} | {d.condition} {d.value} → {d.end} ({d.confidence}): "
            f"{d.first} → {d.becomes}"
        )
    return 0


def evaluate_vignettes(chosen: argparse.Namespace) -> int:
    """The contract's summary."""
    from moongate.health.assessment import Engine
    from moongate.health.evaluation.vignettes import evaluate, read_vignettes, write_details

    rows = read_vignettes(chosen.file)
    engine = Engine.load()
    summary, details = evaluate(engine, rows, chosen.mode, _progress(len(rows), "vignettes"))
    if chosen.details:
        write_details(chosen.details, details)
    _print_summary(chosen, summary)
    return 0


def evaluate_ddxplus(chosen: argparse.Namespace) -> int:
    """The contract's summary."""
    from moongate.health.evaluation.ddxplus import evaluate

    summary = evaluate(
        chosen.conditions, chosen.evidences, chosen.train, chosen.patients,
        unknown=chosen.unknown, flip=chosen.flip, full=chosen.full,
    )  # fmt: skip
    _print_summary(chosen, summary)
    return 0


def evaluate_flags(chosen: argparse.Namespace) -> int:
    """Exit code 1 when a danger of our own suite does not escalate; another file is measured."""
    from moongate.health.assessment import Engine
    from moongate.health.evaluation.red_flags import evaluate_red_flags, read_sentences, suite
    from moongate.health.evaluation.vignettes import write_details

    sentences = read_sentences(chosen.file) if chosen.file else suite()
    summary, rows = evaluate_red_flags(Engine.load(), sentences)
    if chosen.details:
        write_details(chosen.details, rows)
    _print_summary(chosen, summary)
    return 0 if chosen.file or summary["escalated"] == 1 else 1


def _print_summary(chosen: argparse.Namespace, summary: dict[str, Any]) -> None:
    if chosen.json:
        print(json.dumps(summary, ensure_ascii=False))
        return
    for key, value in summary.items():
        print(f"{key:16} {value:.4f}" if isinstance(value, float) else f"{key:16} {value}")


def run_bench(chosen: argparse.Namespace) -> int:
    """Posterior and question times, beside a public library on a network both can solve."""
    from moongate.health.evaluation.speed import bench, bench_lines

    result = bench()
    print(json.dumps(result) if chosen.json else "\n".join(bench_lines(result)))
    return 0


def train_alarm(chosen: argparse.Namespace) -> int:
    """Writes the weights that ship; prints what cross-validation says."""
    from moongate.health.alarm.model import WEIGHTS, write_weights
    from moongate.health.alarm.training import read_sentences, train

    tell = (lambda line: print(line, file=sys.stderr)) if sys.stderr.isatty() else (lambda _: None)
    weights, summary = train(read_sentences(), tell)
    write_weights(weights, WEIGHTS)
    _print_summary(chosen, summary)
    return 0


def check_knowledge(chosen: argparse.Namespace) -> int:
    """Exit code 1 when a grave fault is found."""
    from moongate.health.knowledge.check import check
    from moongate.health.knowledge.loader import BASE, read_base

    base, faults = read_base(chosen.folder or BASE)
    faults = sorted([*faults, *check(base)])
    grave = [fault for fault in faults if fault.grave]
    counts = {
        "version": base.edition,
        "conditions": len(base.conditions),
        "findings": len(base.findings),
        "red_flags": len(base.red_flags),
        "sources": len(base.sources),
    }
    if chosen.json:
        told = [{"file": f.file, "line": f.line, "what": f.what, "mend": f.mend, "grave": f.grave}
                for f in faults]  # fmt: skip
        print(json.dumps({**counts, "faults": told}, ensure_ascii=False))
    else:
        for fault in faults:
            print(fault if fault.grave else f"{fault} (advice)")
        print(", ".join(f"{key} {value}" for key, value in counts.items()))
        print(f"{len(grave)} faults, {len(faults) - len(grave)} advices")
    return 1 if grave else 0
