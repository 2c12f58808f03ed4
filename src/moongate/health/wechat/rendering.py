"""A turn of the talk as text for WeChat: danger first, then what was heard, then what is asked."""

from __future__ import annotations

from moongate.health.knowledge.schema import Lang
from moongate.health.talk.help import Number
from moongate.health.talk.shapes import Alarm, Outcome, Possible, Prompt, Turn
from moongate.health.wechat.texts import say

NAMED = 5  # conditions in the text; the page has them all
EXTRA_OPTIONS = frozenset({"none", "unknown"})


def turn_text(turn: Turn) -> str:
    """The whole turn. A reader who stops after the first lines has read what is urgent."""
    lang: Lang = "zh" if turn.lang == "zh" else "en"
    done = turn.result is not None
    blocks = [_alarm(alarm, lang, whole=done or not alarm.seen) for alarm in turn.alarms]
    order = {"alarm": 0, "news": 1}
    told = sorted(turn.messages, key=lambda message: order.get(message.kind, 2))
    blocks.append("\n".join(message.text for message in told))
    if turn.result is not None:
        if turn.crisis is None:
            blocks.append(outcome_text(turn.result, lang, after_alarm=bool(turn.alarms)))
        blocks.append(f"{turn.disclaimer}\n{say('generated', lang)}")
    else:
        blocks.append(_prompt(turn, lang))
    return "\n\n".join(block for block in blocks if block)


def _alarm(alarm: Alarm, lang: Lang, *, whole: bool) -> str:
    if not whole:
        return f"⚠ {say('still', lang, do=alarm.do)}"
    lines = [f"⚠ {alarm.title}", alarm.do]
    if alarm.because:
        joint = "" if lang == "zh" else " "
        lines.append(say("because", lang) + joint.join(alarm.because))
    return "\n".join([*lines, _numbers(alarm.numbers, lang)])


def _numbers(numbers: tuple[Number, ...], lang: Lang) -> str:
    def shown(entry: Number) -> str:
        number = entry.number
        if entry.text:
            number = say("text_to", lang, text=entry.text, number=number)
        return f"{number}{'：' if lang == 'zh' else ' – '}{entry.who}"

    return "\n".join(f"☎ {shown(entry)}" for entry in numbers)


def _prompt(turn: Turn, lang: Lang) -> str:
    prompt, lines = turn.prompt, [turn.prompt.text]
    offered = _offered(prompt, lang)
    lines += offered
    if prompt.why:
        lines.append(say("why", lang) + prompt.why)
    if offered:
        lines.append(say("reply_numbers" if prompt.many else "reply_number", lang))
    if prompt.question is not None:
        progress = turn.progress
        most = max(0, progress.at_most - 1)
        lines.append(say("progress", lang, n=progress.asked + 1, most=most))
    return "\n".join(lines)


def _offered(prompt: Prompt, lang: Lang) -> list[str]:
    """The options by the numbers that the talk reads at this prompt."""
    if prompt.kind in ("complaint", "age", "severity", "done"):
        return []
    if prompt.kind in ("course", "several"):
        named = [option.label for option in prompt.options if option.id not in EXTRA_OPTIONS]
        last = "none" if prompt.kind == "several" else "unknown"
        zero = next((o.label for o in prompt.options if o.id == last), say("none", lang))
        return [*_numbered(named), f"0 {zero}"]
    return _numbered([option.label for option in prompt.options])


def _numbered(labels: list[str]) -> list[str]:
    return [f"{number} {label}" for number, label in enumerate(labels, start=1)]


def outcome_text(result: Outcome, lang: Lang, *, after_alarm: bool = False) -> str:
    """The result: how urgent, what to do, what it may be and how likely, what to watch for.

    After an alarm, which has said what to do and whom to call, that is not said twice.
    """
    joint = "" if lang == "zh" else " "
    lines = [f"■ {result.name}"]
    if not after_alarm:
        lines.append(result.do)
        if result.numbers:
            lines.append(_numbers(result.numbers, lang))
        if result.reasons:
            lines.append(say("because", lang) + joint.join(result.reasons))
    if result.notes:
        lines.append(joint.join(result.notes))
    blocks = ["\n".join(lines)]
    if result.conditions:
        named = [_possible(c, lang) for c in result.conditions[:NAMED]]
        advice = result.conditions[0].advice
        blocks.append(
            "\n".join([f"■ {say('may_be', lang)}", *named, *([advice] if advice else [])])
        )
    if result.watch_for:
        signs = [f"· {sign}" for sign in result.watch_for]
        blocks.append("\n".join([f"■ {say('watch_for', lang)}", *signs]))
    return "\n\n".join(blocks)


def _possible(condition: Possible, lang: Lang) -> str:
    span = f"{condition.low:.0%}–{condition.high:.0%}"
    if lang == "zh":
        return f"· {condition.name}：{condition.words}，{condition.probability:.0%}（{span}）"
    return f"· {condition.name}: {condition.words}, {condition.probability:.0%} ({span})"
