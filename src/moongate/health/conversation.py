"""An assessment as a conversation in the terminal: words in, words out, no screen control."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from moongate.health.assessment import Answer, Assessment, Engine
from moongate.health.inference.questions import Question
from moongate.health.inference.red_flags import fired
from moongate.health.knowledge.schema import COURSES, Course, Lang
from moongate.health.wording import (
    finding_name,
    options,
    question_text,
    replies,
    result_lines,
    say,
    why,
)

_YES = re.compile(
    r"^\s*(y|yes|yeah|yep|true|是|有|对|嗯|是的|有的|1)\s*[.。!！]?\s*$", re.IGNORECASE
)
_NO = re.compile(
    r"^\s*(n|no|nope|not|false|否|没有|没|不|不是|无|2)\s*[.。!！]?\s*$", re.IGNORECASE
)
_UNKNOWN = re.compile(
    r"^\s*(\?|3|dk|idk|don'?t know|not sure|unsure|不知道|不清楚|不确定|)\s*$", re.IGNORECASE
)
_STOP = re.compile(r"^\s*(stop|quit|exit|done|结束|停|退出)\s*$", re.IGNORECASE)
_BACK = re.compile(r"^\s*(back|undo|返回|上一题)\s*$", re.IGNORECASE)

MOST_PROPOSALS = 2  # after one message; more would feel like an interrogation


def converse(
    engine: Engine, lang: Lang, ask: Callable[[str], str], tell: Callable[[str], None]
) -> Assessment:
    """Runs one conversation; `ask` puts a prompt and returns a line, `tell` prints one.

    "back" takes the last answer back, "stop" goes to the result; anything else that is no answer is
    read as free text.

    Raises:
        EOFError: when `ask` has no more lines; nothing is kept.
    """
    tell(say("disclaimer", lang))
    assessment = _who(engine, engine.begin(lang=lang), ask, tell)
    history: list[Assessment] = []
    while True:
        question = engine.question(assessment)
        if question is None:
            break
        tell("")
        tell(question_text(engine.network, question, lang))
        if question.kind != "finding":
            for number, text in enumerate(options(engine.network, question, lang), start=1):
                tell(f"  {number}. {text}")
            tell(f"  0. {say('none', lang)}")
        tell(f"  ({say('why', lang)}{why(engine.network, question, lang)})")
        line = ask("> ")
        if _STOP.match(line):
            break
        if _BACK.match(line):
            if history:
                assessment = history.pop()
            continue
        history.append(assessment)
        assessment = respond(engine, assessment, question, line, ask, tell)
    tell("")
    for text in result_lines(engine.network, engine.result(assessment), lang):
        tell(text)
    return assessment


def _who(
    engine: Engine, assessment: Assessment, ask: Callable[[str], str], tell: Callable[[str], None]
) -> Assessment:
    """The first complaint, then age and sex where the complaint did not say them."""
    lang = assessment.lang
    tell(say("begin", lang))
    while not assessment.evidence.present:
        assessment = _told(engine, assessment, ask("> "), ask, tell)
        flags = fired(engine.network, assessment.evidence)
        if assessment.sounds.level == "emergency" or any(
            fire.rule.level == "emergency" for fire in flags
        ):
            tell(engine.base.levels["emergency"].do.in_(lang))
        if assessment.sounds.in_crisis:
            return assessment
    while assessment.evidence.age is None:
        tell(say("age", lang))
        line = ask("> ").strip()
        if not line:
            break
        number = re.search(r"-?\d+(?:\.\d+)?", line)
        value = float(number[0]) if number else -1.0
        if not 0 <= value <= 120:
            tell(say("impossible_age", lang, x=value))
            continue
        assessment = replace(assessment, evidence=replace(assessment.evidence, age=value))
    if assessment.evidence.sex is None:
        tell(say("sex", lang))
        line = ask("> ").strip().lower()
        if line[:1] in ("f", "w", "女"):
            assessment = replace(assessment, evidence=replace(assessment.evidence, sex="female"))
        elif line[:1] in ("m", "男"):
            assessment = replace(assessment, evidence=replace(assessment.evidence, sex="male"))
    return assessment


def _told(
    engine: Engine,
    assessment: Assessment,
    line: str,
    ask: Callable[[str], str],
    tell: Callable[[str], None],
) -> Assessment:
    lang = assessment.lang
    assessment = engine.tell(assessment, line)
    heard = assessment.heard[-1]
    for text in replies(engine.network, assessment, heard):
        tell(text)
    joint = "、" if lang == "zh" else ", "
    names = [finding_name(engine.network, f, lang) for f in heard.findings("present")]
    names += [
        say("not_present", lang, x=finding_name(engine.network, f, lang))
        for f in heard.findings("absent")
    ]
    if names:
        tell(say("understood", lang) + joint.join(names))
    if heard.unclear and heard.mentions:
        tell(say("unclear", lang) + joint.join(line[a:b] for a, b in heard.unclear[:5]))
    # What only resembles a finding counts when the person says so.
    for proposal in engine.proposals(heard, line)[:MOST_PROPOSALS]:
        tell(say("proposed", lang, x=finding_name(engine.network, proposal.finding, lang)))
        answer = short_answer(ask("> ")) or "unknown"
        assessment = engine.confirm(assessment, proposal.finding, answer)
    return assessment


def respond(
    engine: Engine,
    assessment: Assessment,
    question: Question,
    line: str,
    ask: Callable[[str], str],
    tell: Callable[[str], None],
) -> Assessment:
    """The assessment after a line typed at a question."""
    if question.kind == "finding":
        answer = short_answer(line)
        if answer is not None:
            return engine.answer(assessment, question, {question.findings[0]: answer})
    elif re.fullmatch(r"[\s\d,，、.]+", line) and line.strip():
        numbers = {int(n) for n in re.findall(r"\d+", line)}
        if question.kind == "course":
            course: Course | None = next(
                (COURSES[n - 1] for n in sorted(numbers) if 1 <= n <= 4), None
            )
            return engine.answer(assessment, question, {}, course)
        answers: dict[str, Answer] = {
            name: "present" if i in numbers else "absent"
            for i, name in enumerate(question.findings, start=1)
        }
        return engine.answer(assessment, question, answers)
    elif _NO.match(line):
        return engine.answer(assessment, question, dict.fromkeys(question.findings, "absent"))
    elif _UNKNOWN.match(line):
        return engine.answer(assessment, question, {})
    told = _told(engine, assessment, line, ask, tell)
    if question.kind == "course":
        return engine.answer(told, question, {}, told.evidence.course)
    answers = {
        name: "present" if name in told.evidence.present else
        "absent" if name in told.evidence.absent else "unknown"
        for name in question.findings
    }  # fmt: skip
    return engine.answer(told, question, answers)


def short_answer(line: str) -> Answer | None:
    """present, absent or unknown for a line that only says yes, no or don't know; else None."""
    if _YES.match(line):
        return "present"
    if _NO.match(line):
        return "absent"
    if _UNKNOWN.match(line):
        return "unknown"
    return None
