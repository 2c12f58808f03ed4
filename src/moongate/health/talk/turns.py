"""What is to be shown now: what was heard, danger, the next question, progress, the result."""

from __future__ import annotations

from moongate.health.assessment import Engine
from moongate.health.knowledge.schema import Lang
from moongate.health.talk.entries import entries
from moongate.health.talk.hearing import messages, pieces
from moongate.health.talk.help import numbers
from moongate.health.talk.outcome import outcome
from moongate.health.talk.prompts import next_prompt
from moongate.health.talk.replaying import State, replay
from moongate.health.talk.shapes import Alarm, Progress, Prompt, Turn
from moongate.health.talk.steps import Country, Talk
from moongate.health.talk.words import text
from moongate.health.wording import say


def turn(engine: Engine, talk: Talk, *, cached: bool = True) -> Turn:
    """Everything to be shown for a conversation; the same for the same one."""
    state = replay(engine, talk, cached=cached)
    lang, country = talk.lang, talk.country
    prompt = next_prompt(state, talk)
    crisis = _crisis(state, lang, country)
    return Turn(
        lang=lang,
        country=country,
        messages=messages(state, talk),
        heard=pieces(state, talk),
        emergency=None if crisis else _emergency(state, prompt, lang, country),
        crisis=crisis,
        prompt=prompt,
        progress=_progress(state, prompt),
        log=entries(engine, talk, state),
        disclaimer=say("disclaimer", lang),
        result=outcome(state, lang, country) if prompt.kind == "done" else None,
    )


def early_alarm(engine: Engine, talk: Talk) -> Alarm | None:
    """The danger in what was said so far, before a question or a result is reckoned."""
    state, lang, country = replay(engine, talk), talk.lang, talk.country
    return _crisis(state, lang, country) or _heard_emergency(state, lang, country)


def _crisis(state: State, lang: Lang, country: Country) -> Alarm | None:
    flags = [fire for fire in state.flags if fire.rule.crisis]
    if not flags and not state.assessment.sounds.in_crisis:
        return None
    because = tuple(fire.rule.why.in_(lang) for fire in flags) or (text("words_of_danger", lang),)
    return Alarm(
        level="crisis",
        title=text("crisis_title", lang),
        do=say("crisis", lang),
        because=because,
        numbers=numbers("crisis", country, lang),
        seen="crisis" in state.seen,
    )


def _heard_emergency(state: State, lang: Lang, country: Country) -> Alarm | None:
    """An emergency by a rule or by the sound of the words."""
    because = [f.rule.why.in_(lang) for f in state.flags if f.rule.level == "emergency"]
    if not because and state.assessment.sounds.level == "emergency":
        because = [text("words_of_danger", lang)]
    return _alarm(state, tuple(because), lang, country) if because else None


def _emergency(state: State, prompt: Prompt, lang: Lang, country: Country) -> Alarm | None:
    """The same, and at the end an emergency by probability."""
    heard = _heard_emergency(state, lang, country)
    if heard is None and prompt.kind == "done" and state.result.triage.level == "emergency":
        return _alarm(state, (), lang, country)
    return heard


def _alarm(state: State, because: tuple[str, ...], lang: Lang, country: Country) -> Alarm:
    return Alarm(
        level="emergency",
        title=text("emergency_title", lang),
        do=state.engine.base.levels["emergency"].do.in_(lang),
        because=because,
        numbers=numbers("emergency", country, lang),
        seen="emergency" in state.seen,
    )


def _progress(state: State, prompt: Prompt) -> Progress:
    asked = len(state.assessment.asked)
    left = max(0, state.engine.network.settings.max_questions - asked)
    if prompt.kind == "done":
        return Progress("result", asked, 0)
    if prompt.kind == "complaint":
        return Progress("complaint", asked, left)
    if prompt.kind in ("age", "sex"):
        return Progress("about", asked, left)
    return Progress("questions", asked, left)
