"""What to say to a person in WeChat: a pure step from state and words to state and texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from moongate.health.assessment import Engine
from moongate.health.knowledge.schema import Lang
from moongate.health.talk import ReplyError, Talk, TalkError, append, begin, reply, switch, turn
from moongate.health.talk.prompts import prompt_of
from moongate.health.talk.short import is_back
from moongate.health.talk.steps import Seen, Stop
from moongate.health.talk.turns import early_alarm
from moongate.health.wechat.protocol.messages import Kind
from moongate.health.wechat.rendering import turn_text
from moongate.health.wechat.texts import both, say
from moongate.health.wechat.words import (
    Command,
    command_of,
    command_of_key,
    is_short,
    language_of,
    line_of_key,
)

KEPT_HOURS = 24
# What a person may say before they have agreed to anything, and have understood.
BEFORE_CONSENT = frozenset({"agree", "disagree", "numbers", "english", "chinese", "delete"})


@dataclass(frozen=True)
class House:
    """What the dialogue needs of the house: the engine, made when it is first needed, and whether
    the operator lets no new talk begin."""

    engine: Callable[[], Engine]
    is_closed: Callable[[], bool]


@dataclass(frozen=True)
class State:
    """One person's state. `talk` is None before they agreed; `lang` before it is known."""

    openid: str
    lang: Lang | None = None
    consent_asked: bool = False
    talk: Talk | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        talk = None if self.talk is None else self.talk.to_json().decode()
        return {
            "openid": self.openid,
            "lang": self.lang,
            "consent_asked": self.consent_asked,
            "talk": talk,
        }

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> State:
        """What `as_json` gave. Raises TalkError when the talk is of another time."""
        talk = facts["talk"]
        return cls(
            facts["openid"],
            facts["lang"],
            facts["consent_asked"],
            None if talk is None else Talk.from_json(talk),
        )


@dataclass(frozen=True)
class Heard:
    """What came in. Before consent `words` are empty unless they are a command; `lang` is known.

    `early`: it was sent before the person could have read the question that stands.
    """

    kind: Kind
    words: str = ""
    lang: Lang | None = None
    early: bool = False

    @property
    def command(self) -> Command | None:
        """The command that it is, typed or touched in the menu."""
        return command_of_key(self.words) if self.kind == "menu" else command_of(self.words)

    @property
    def line(self) -> str | None:
        """The line of the talk that it is, typed or touched."""
        if self.kind == "menu":
            return line_of_key(self.words)
        return self.words if self.kind == "words" else None

    @property
    def needs_the_question(self) -> bool:
        """Whether it says nothing to somebody who has not read the last question."""
        if self.kind in ("other", "silent_voice") or self.command in ("more", "repeat"):
            return True
        return self.command is None and self.line is not None and is_short(self.line)

    def before_consent(self) -> Heard:
        """As much of it as may be looked at before the person has agreed."""
        lang = language_of(self.words) if self.kind == "words" else None
        told = self.kind == "menu" or self.command in BEFORE_CONSENT or is_short(self.words)
        return replace(self, words=self.words if told else "", lang=lang)


@dataclass(frozen=True)
class Said:
    """The state after, and the text to send. `wants_link`: a link to the result may follow.

    `whole`: the text says all there is to say, so that what has not reached the person yet may go.
    `forget`: everything that was said before goes.
    """

    state: State
    text: str = ""
    wants_link: bool = False
    whole: bool = False
    forget: bool = False


def respond(house: House, state: State, heard: Heard) -> Said:
    """What follows from what came in."""
    state = replace(state, lang=_language(state, heard))
    if heard.kind == "unsubscribe":
        return Said(State(state.openid), forget=True)
    if heard.command == "numbers":
        return Said(state, _said(state, "numbers"))
    if state.talk is None:
        return _before_consent(house, state, heard)
    return _in_talk(house, state, state.talk, heard)


def show(house: House, state: State, note: str) -> Said:
    """Where the talk stands, once more, after a note of the channel's own."""
    if state.talk is None:
        return _ask_consent(state, note)
    lang = state.talk.lang
    return _shown(house, state, state.talk, say(note, lang))


def _language(state: State, heard: Heard) -> Lang | None:
    if heard.command in ("english", "chinese"):
        return "en" if heard.command == "english" else "zh"
    return state.lang or heard.lang


def _said(state: State, key: str, **values: object) -> str:
    return both(key, **values) if state.lang is None else say(key, state.lang, **values)


def _before_consent(house: House, state: State, heard: Heard) -> Said:
    answer = heard.words.strip()
    if heard.command == "delete":
        return Said(State(state.openid), _said(state, "nothing_kept"), forget=True)
    if state.consent_asked and (heard.command == "agree" or answer in ("1", "是", "yes", "Yes")):
        if house.is_closed():
            return _closed(state)
        lang = state.lang or "zh"
        talk = begin(house.engine(), lang)
        return _shown(house, replace(state, lang=lang, talk=talk), talk, say("begun", lang))
    if state.consent_asked and (heard.command == "disagree" or answer in ("2", "否", "no", "No")):
        return Said(State(state.openid), f"{_said(state, 'declined')}\n\n{_said(state, 'numbers')}",
                    forget=True)  # fmt: skip
    unread = heard.kind == "words" and not answer
    return _ask_consent(state, "unread" if unread else "")


def _ask_consent(state: State, note: str) -> Said:
    parts = ["who", "numbers", *([note] if note else [])]
    blocks = [_said(state, key) for key in parts]
    blocks.append(_said(state, "consent", hours=KEPT_HOURS))
    if state.lang is not None:
        blocks.append(say("other_language", state.lang))
    return Said(replace(state, consent_asked=True), "\n\n".join(blocks), whole=True)


def _closed(state: State) -> Said:
    return Said(state, f"{_said(state, 'closed')}\n\n{_said(state, 'numbers')}")


def _in_talk(house: House, state: State, talk: Talk, heard: Heard) -> Said:
    lang = state.lang or talk.lang
    command, line = heard.command, heard.line
    if command in ("english", "chinese"):
        return _shown(house, state, switch(talk, lang=lang))
    if command == "delete":
        return Said(State(state.openid, lang), say("deleted", lang), forget=True)
    if command == "begin" and not _is_done(house, talk):
        return _shown(house, state, talk)
    if command in ("begin", "restart"):
        if house.is_closed():
            return _closed(state)
        return _shown(
            house, state, begin(house.engine(), lang, talk.country), say("restarted", lang)
        )
    if command == "help":
        return Said(state, say("help", lang))
    if command in ("repeat", "more", "agree", "disagree") or heard.kind == "subscribe":
        return _shown(house, state, talk)
    if command == "link":
        done = _is_done(house, talk)
        return Said(state, "" if done else say("no_result", lang), wants_link=done)
    if line is None:
        note = "silent_voice" if heard.kind == "silent_voice" else "only_words"
        return _shown(house, state, talk, say(note, lang))
    if heard.early and is_short(line):
        return Said(state, say("too_early", lang))
    return _replied(house, state, talk, line)


def _replied(house: House, state: State, talk: Talk, line: str) -> Said:
    """The talk after a line of the person."""
    if not talk.steps and (spoken := language_of(line)) not in (None, talk.lang):
        # The first words tell better than a guess, or than a consent in two languages.
        talk = begin(house.engine(), spoken)
    lang = talk.lang
    alarm = early_alarm(house.engine(), talk)
    if is_short(line) and not is_back(line) and _is_done(house, talk):
        if alarm is not None and alarm.level == "crisis":
            return _shown(house, state, talk)
        return Said(state, say("finished", lang))
    try:
        if is_back(line):
            talk = _without_seen(talk)
        elif alarm is not None and not alarm.seen:
            # Whoever writes on has the alarm on the screen above.
            talk = append(house.engine(), talk, Seen(what=alarm.level))
        return _shown(house, state, reply(house.engine(), talk, line))
    except ReplyError as error:
        return _shown(house, state, talk, str(error))
    except TalkError:
        return _full(house, state, talk)


def _is_done(house: House, talk: Talk) -> bool:
    return prompt_of(house.engine(), talk).kind == "done"


def _without_seen(talk: Talk) -> Talk:
    """The talk up to the last thing that the person said themselves."""
    steps = talk.steps
    while steps and isinstance(steps[-1], Seen):
        steps = steps[:-1]
    return msgspec.structs.replace(talk, steps=steps)


def _full(house: House, state: State, talk: Talk) -> Said:
    """The result of a talk that can take no more."""
    lang = talk.lang
    if not _is_done(house, talk):
        talk = append(house.engine(), msgspec.structs.replace(talk, steps=talk.steps[:-1]), Stop())
    return _shown(house, state, talk, say("full", lang))


def _shown(house: House, state: State, talk: Talk, before: str = "") -> Said:
    shown = turn(house.engine(), talk)
    text = turn_text(shown)
    if before:
        # Nothing stands before an alarm.
        text = f"{text}\n\n{before}" if shown.alarms else f"{before}\n\n{text}"
    after = replace(state, lang=talk.lang, talk=talk)
    return Said(after, text, wants_link=shown.result is not None, whole=True)
