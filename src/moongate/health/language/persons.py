"""How old somebody is, and of which sex, where a text says so."""

from __future__ import annotations

import re

from moongate.health.knowledge.schema import Sex

_AGE = [
    re.compile(r"\b(\d{1,3})[\s-]*(?:years?|yrs?|y)[\s-]*(?:old|of age)\b"),
    re.compile(r"\b(?:aged?|i am|i'm|he is|she is|he's|she's|who is)\s+(\d{1,3})\b(?!\s*(?:weeks?|months?|days?|kg|%|minutes?|hours?|cm|stone))"),
    re.compile(r"(\d{1,3})\s*(?:周)?岁"),
    re.compile(r"\b(\d{1,3})\s?(?:yo|y/o|yr old)\b"),
    re.compile(r"年龄\D{0,3}(\d{1,3})"),
]  # fmt: skip
_AGE_MONTHS = [re.compile(r"\b(\d{1,2})[\s-]*months?[\s-]*old\b"), re.compile(r"(\d{1,2})个?月大")]
_AGE_WEEKS = [re.compile(r"\b(\d{1,2})[\s-]*weeks?[\s-]*old\b"), re.compile(r"(\d{1,2})周大")]
_AGE_DAYS = [
    re.compile(r"\b(\d{1,2})[\s-]*days?[\s-]*old\b"),
    re.compile(r"(?:出生|生后)(\d{1,2})天"),
]
_FEMALE = re.compile(
    r"\b(?:female|woman|lady|girl|she|wife|daughter|mother|pregnant|i am a woman)\b|女|怀孕|妈妈|老婆|妻子|母亲|奶奶|她"
)
_MALE = re.compile(
    r"\b(?:male|man|gentleman|boy|he|husband|son|father)\b|男|爸爸|老公|丈夫|父亲|爷爷|儿子|(?<!其)他(?!们)"
)
_SELF_FEMALE = re.compile(
    r"\b(?:i am|i'm|im)\s+(?:a\s+)?(?:\d+\s*(?:year|yr)s?[\s-]*old\s+)?(?:female|woman|girl|pregnant|lady)\b|\b\d+\s*(?:yo|year old)?\s*(?:female|woman|f)\b|我是?(?:个|一名|一位)?(?:\d+岁的?)?(?:女|孕妇)|^女|[,，。 ]女[,，。 性]|我怀孕"
)
_SELF_MALE = re.compile(
    r"\b(?:i am|i'm|im)\s+(?:a\s+)?(?:\d+\s*(?:year|yr)s?[\s-]*old\s+)?(?:male|man|boy|guy)\b|\b\d+\s*(?:yo|year old)?\s*(?:male|man|m)\b|我是?(?:个|一名|一位)?(?:\d+岁的?)?男|^男|[,，。 ]男[,，。 性]"
)
_ZH_NUMBER = r"[一二三四五六七八九十两]{1,3}|\d{1,2}"
_ZH_CHILD = r"(?:宝宝|婴儿|孩子|娃|小孩|儿子|女儿|男婴|女婴|患儿)"
# "咳嗽三天，" is how long, "出生三天" and "三个月大" are how old.
_ZH_AGE = [
    re.compile(r"([一二三四五六七八九十两]{1,3})\s*周?(岁)"),
    re.compile(rf"({_ZH_NUMBER})\s*(个?月|周|星期|天)(?:大|龄|的?{_ZH_CHILD})"),
    re.compile(rf"(?:出生|生后|刚满)\s*({_ZH_NUMBER})\s*(个?月|周|星期|天)"),
    re.compile(rf"{_ZH_CHILD}(?:才|今年)?\s*({_ZH_NUMBER})\s*(个月)(?=了|多|半|[，,。]|$)"),
]
_ZH_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_NEWBORN = re.compile(r"\b(?:newborn|neonate|new born)\b|新生儿|刚出生|满月宝宝")
_YEARS_OF = {"岁": 1.0, "月": 1 / 12, "个月": 1 / 12, "周": 7 / 365, "星期": 7 / 365, "天": 1 / 365}


def zh_number(text: str) -> float:
    """A number up to 99 in digits or characters; of "二三" (two or three) the larger."""
    if text.isdigit():
        return float(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return 10 * (_ZH_DIGITS[tens[-1]] if tens else 1) + (_ZH_DIGITS[ones[-1]] if ones else 0)
    return float(_ZH_DIGITS[text[-1]])


def stated_age(text: str) -> float | None:
    """An age in years that the text states, also when it cannot be true (the caller checks)."""
    for patterns, years in (
        (_AGE_MONTHS, 1 / 12),
        (_AGE_WEEKS, 7 / 365),
        (_AGE_DAYS, 1 / 365),
        (_AGE, 1.0),
    ):
        for pattern in patterns:
            hit = pattern.search(text)
            if hit:
                return float(hit[1]) * years
    for pattern in _ZH_AGE:
        hit = pattern.search(text)
        if hit:
            return zh_number(hit[1]) * _YEARS_OF[hit[2]]
    return 0.04 if _NEWBORN.search(text) else None


def age_spans(text: str) -> list[tuple[int, int]]:
    """Where the text tells ages: "18 month old" is no duration, and nothing lasts months."""
    patterns = [*_AGE_MONTHS, *_AGE_WEEKS, *_AGE_DAYS, *_AGE, *_ZH_AGE]
    return [hit.span() for pattern in patterns for hit in pattern.finditer(text)]


def stated_sex(text: str, of_other: bool) -> Sex | None:
    """The sex that the text states of the speaker, or of the other person it is about."""
    female = _FEMALE.search(text) if of_other else _SELF_FEMALE.search(text)
    male = _MALE.search(text) if of_other else _SELF_MALE.search(text)
    if female and not male:
        return "female"
    if male and not female:
        return "male"
    if female and male and of_other:
        return "female" if female.start() < male.start() else "male"
    return None
