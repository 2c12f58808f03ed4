"""What the conversation itself says, in both languages."""

from __future__ import annotations

from moongate.health.knowledge.schema import Lang

TEXTS: dict[str, dict[Lang, str]] = {
    "complaint": {
        "en": "What is wrong? Tell it in your own words: what you feel, where, and since when.",
        "zh": "哪里不舒服？请用自己的话说：什么感觉、在哪里、从什么时候开始。",
    },
    "complaint_short": {"en": "What is wrong", "zh": "哪里不舒服"},
    "stopped_short": {"en": "Straight to the result", "zh": "直接看结果"},
    "watch_worse": {
        "en": "It gets worse quickly, or you feel very ill",
        "zh": "很快加重，或感到病得很重",
    },
    "watch_new": {"en": "Something new appears that worries you", "zh": "出现让您担心的新情况"},
    "watch_long": {"en": "It lasts longer than you would expect", "zh": "持续时间比预想的长"},
    "withheld": {
        "en": "Possibilities not named here while we check what we know of them: {x}. They count "
        "towards how urgent it is all the same.",
        "zh": "有 {x} 种可能的原因正在核查，此处暂不列出，但仍计入紧急程度的判断。",
    },
    "gone": {
        "en": "A question that is no longer asked",
        "zh": "一个已不再使用的问题",
    },
    "complaint_more": {
        "en": "Tell me a little more: what do you feel, and where?",
        "zh": "请再说一点：有什么感觉，在哪里？",
    },
    "age": {"en": "How old is the person this is about?", "zh": "患者多大年龄？"},
    "age_why": {
        "en": "The same complaint means different things at different ages.",
        "zh": "同样的不适，在不同年龄可能是不同的原因。",
    },
    "sex": {
        "en": "Was the person born female or male?",
        "zh": "患者出生时的性别是女还是男？",
    },
    "sex_why": {
        "en": "Some causes exist only in one sex, or are much commoner in it.",
        "zh": "有些原因只见于一种性别，或在其中常见得多。",
    },
    "female": {"en": "female", "zh": "女"},
    "male": {"en": "male", "zh": "男"},
    "skip": {"en": "would rather not say", "zh": "不想说"},
    "proposal": {"en": "Do you mean: {x}?", "zh": "您指的是“{x}”吗？"},
    "proposal_why": {
        "en": "Your words only resemble it; it counts only if you say so.",
        "zh": "您的话只是与它相近；您确认后才会计入。",
    },
    "severity": {
        "en": "How bad is it now, from 0 (nothing) to 10 (the worst you can imagine)?",
        "zh": "现在有多难受？0 为完全没有，10 为能想象的最严重。",
    },
    "severity_why": {
        "en": "How strong it is helps to tell harmless from serious.",
        "zh": "难受的程度有助于区分轻重。",
    },
    "done": {"en": "That is enough to tell you what I think.", "zh": "现有信息已足够给出结果。"},
    "done_full": {
        "en": "I have asked all I may ask; here is what I think.",
        "zh": "能问的都问过了，下面是结果。",
    },
    "noted": {"en": "Noted: ", "zh": "已记下："},
    "not": {"en": "not: {x}", "zh": "没有：{x}"},
    "unknown_of": {"en": "not known: {x}", "zh": "不清楚：{x}"},
    "idle": {
        "en": "An earlier answer no longer fits what you changed, and does not count.",
        "zh": "您修改之后，先前有回答不再适用，未计入。",
    },
    "renewed": {
        "en": "The medical knowledge was renewed since your last answer. What you said was weighed "
        "again with the new one.",
        "zh": "自您上次回答后，医学知识已更新。您说过的内容已按新知识重新评估。",
    },
    "emergency_title": {"en": "Get help now", "zh": "请立即求助"},
    "crisis_title": {
        "en": "Please talk to somebody now",
        "zh": "请现在就找人说一说",
    },
    "words_of_danger": {
        "en": "What you wrote sounds like what people write in danger.",
        "zh": "您写的话很像身处危险的人会写的话。",
    },
    "bad_age": {
        "en": "An age is from 0 to 120 years (received: {x:g}). Please give it again.",
        "zh": "年龄应在 0 到 120 岁之间（收到：{x:g}）。请重新填写。",
    },
    "bad_number": {
        "en": "Choose from 1 to {most} (received: {x}); 0 for none of these.",
        "zh": "请从 1 到 {most} 中选择（收到：{x}）；都不符合请回 0。",
    },
    "which_ones": {
        "en": "Which ones? Give their numbers, such as 2 or 1, 3; 0 for none of these.",
        "zh": "哪几项？请回复序号，例如 2 或 1，3；都没有请回 0。",
    },
    "bad_degree": {
        "en": "Give a whole number from 0 to 10 (received: {x}).",
        "zh": "请给出 0 到 10 的整数（收到：{x}）。",
    },
    "empty": {
        "en": "I received no text. Write a few words about what is wrong.",
        "zh": "没有收到文字。请写几句您哪里不舒服。",
    },
    "degree_of": {"en": "{x} of 10", "zh": "{x}/10 分"},
    "yes": {"en": "yes", "zh": "有"},
    "no": {"en": "no", "zh": "没有"},
    "unknown": {"en": "don’t know", "zh": "不知道"},
    "none": {"en": "none of these", "zh": "都没有"},
    "read": {"en": "I have read this", "zh": "我已看到"},
    "stopped": {"en": "to the result", "zh": "直接看结果"},
    "years": {"en": "{x:g} years", "zh": "{x:g} 岁"},
    "about": {"en": "about {x}", "zh": "约{x}"},
}

BANDS: tuple[tuple[float, dict[Lang, str]], ...] = (
    (0.75, {"en": "very likely", "zh": "很可能"}),
    (0.5, {"en": "likely", "zh": "比较可能"}),
    (0.25, {"en": "possible", "zh": "有可能"}),
    (0.08, {"en": "one of several possibilities", "zh": "几种可能之一"}),
    (0.0, {"en": "unlikely, not ruled out", "zh": "可能性小，不能排除"}),
)
_UNITS: tuple[tuple[float, dict[Lang, tuple[str, str]]], ...] = (
    (24 * 365.25, {"en": ("year", "years"), "zh": ("年", "年")}),
    (24 * 30.44, {"en": ("month", "months"), "zh": ("个月", "个月")}),
    (24 * 7.0, {"en": ("week", "weeks"), "zh": ("周", "周")}),
    (24.0, {"en": ("day", "days"), "zh": ("天", "天")}),
    (1.0, {"en": ("hour", "hours"), "zh": ("小时", "小时")}),
)


def text(key: str, lang: Lang, **values: object) -> str:
    """A text of the conversation in a language."""
    return TEXTS[key][lang].format(**values)


def band(probability: float, lang: Lang) -> str:
    """A common word for a probability."""
    return next(words[lang] for least, words in BANDS if probability >= least)


def duration(hours: float, lang: Lang) -> str:
    """A duration in the largest unit that fits: "3 days", "2 周"."""
    size, words = next(
        ((size, words) for size, words in _UNITS if hours >= size * 0.95), _UNITS[-1]
    )
    count = max(1, round(hours / size))
    unit = words[lang][count != 1]
    return f"{count} {unit}"
