"""An assessment as a conversation in the terminal: words in, words out, no screen control."""

from __future__ import annotations

from collections.abc import Callable

from moongate.health.assessment import Assessment, Engine
from moongate.health.knowledge.schema import Lang
from moongate.health.talk import ReplyError, Talk, append, begin, reply, turn
from moongate.health.talk.replaying import assessment_of
from moongate.health.talk.shapes import Alarm, Turn
from moongate.health.talk.steps import Seen
from moongate.health.wording import result_lines, say


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
    talk = begin(engine, lang)
    while True:
        shown = turn(engine, talk)
        for message in shown.messages:
            tell(message.text)
        alarm = shown.unseen
        if alarm is not None:
            _alarm(alarm, tell)
            # In a terminal it has been printed above whatever is typed next.
            talk = append(engine, talk, Seen(what=alarm.level))
        if shown.prompt.kind == "done":
            break
        talk = _asked(engine, talk, shown, ask, tell)
    assessment = assessment_of(engine, talk)
    tell("")
    for text in result_lines(engine.network, engine.result(assessment), lang):
        tell(text)
    return assessment


def _asked(
    engine: Engine, talk: Talk, shown: Turn, ask: Callable[[str], str], tell: Callable[[str], None]
) -> Talk:
    """The conversation after an answer to the prompt, asked until there is one."""
    _prompt(shown, talk.lang, tell)
    while True:
        try:
            return reply(engine, talk, ask("> "))
        except ReplyError as error:
            tell(str(error))


def _prompt(shown: Turn, lang: Lang, tell: Callable[[str], None]) -> None:
    prompt = shown.prompt
    tell("")
    tell(prompt.text)
    listed = [option for option in prompt.options if option.id not in ("none", "unknown")]
    for number, option in enumerate(listed, start=1):
        tell(f"  {number}. {option.label}")
    if prompt.many:
        tell(f"  0. {say('none', lang)}")
    if prompt.why:
        tell(f"  ({say('why', lang)}{prompt.why})")


def _alarm(alarm: Alarm, tell: Callable[[str], None]) -> None:
    tell("")
    tell(f"!! {alarm.title}")
    for line in (alarm.do, *alarm.because):
        tell(f"   {line}")
    for number in alarm.numbers:
        tell(f"   {number.number}  {number.who}")
