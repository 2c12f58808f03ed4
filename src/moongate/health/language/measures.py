"""Numbers in free text: age, sex, how long, how bad, temperature, blood pressure and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moongate.health.knowledge.schema import Course, Sex
from moongate.health.language.lexicon import Cues, Lexicon

_DAYS = {
    "minutes": 1 / 1440,
    "hours": 1 / 24,
    "days": 1.0,
    "weeks": 7.0,
    "months": 30.0,
    "years": 365.0,
}
_COURSE_UP_TO: tuple[tuple[float, Course], ...] = (
    (1.0, "hours"), (14.5, "days"), (84.0, "weeks"), (float("inf"), "months")
)  # fmt: skip


@dataclass(frozen=True)
class Duration:
    """How long something has gone on, in days, and where the text says so."""

    days: float
    start: int
    end: int

    @property
    def course(self) -> Course:
        return next(name for limit, name in _COURSE_UP_TO if self.days < limit)


@dataclass(frozen=True)
class Measure:
    """A measured quantity in its unit (°C, mmHg, %, /min, mmol/l) and its place."""

    quantity: str
    value: float
    start: int
    end: int


# Minutes mostly tell how long one attack lasts; they date the trouble only beside such words.
_BEGAN = re.compile(r"(last|past|since|started|began|for the)\W*\||\|\W*(ago|前|了)")


class Measures:
    """Finds numbers that mean something."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._durations = [_duration_pattern(lexicon.cues["en"], english=True),
                           _duration_pattern(lexicon.cues["zh"], english=False)]  # fmt: skip
        self._cues = [lexicon.cues["en"], lexicon.cues["zh"]]
        self._moments = [
            (re.compile(rf"\b{re.escape(text)}\b" if text.isascii() else re.escape(text)), days)
            for cues in self._cues
            for text, days in sorted(cues.moments.items(), key=lambda m: -len(m[0]))
        ]

    def durations(self, text: str) -> list[Duration]:
        """Spans of time that tell how long, in order of place; ages and far pasts left out."""
        found: list[Duration] = []
        for pattern, cues in zip(self._durations, self._cues, strict=True):
            for hit in pattern.finditer(text):
                after = text[hit.end() : hit.end() + 8]
                before = text[max(0, hit.start() - 12) : hit.start()]
                if re.match(r"[ -]*(old|of age|岁)|\s*(前手术)", after) or re.search(
                    r"(every|each|per|once|twice|times a|within|lasting|lasts|for about|每|aged?)\W*$", before
                ):  # fmt: skip
                    continue
                unit = next(name for name, forms in cues.units.items() if hit["unit"] in forms)
                if unit == "minutes" and not _BEGAN.search(f"{before}|{after}"):
                    continue
                number = _number(hit["number"], cues)
                if number is not None:
                    found.append(Duration(number * _DAYS[unit], hit.start(), hit.end()))
        for pattern, days in self._moments:
            for hit in pattern.finditer(text):
                if not any(d.start <= hit.start() < d.end for d in found):
                    found.append(Duration(days, hit.start(), hit.end()))
        return sorted(found, key=lambda d: d.start)

    def measures(self, text: str) -> list[Measure]:
        """Temperature (°C), blood pressure (mmHg), oxygen (%), pulse and breaths (/min)."""
        found = []
        for quantity, pattern in _MEASURES:
            for hit in pattern.finditer(text):
                value = float(next(g for g in hit.groups() if g))
                if quantity == "temperature" and value > 90:
                    value = (value - 32) * 5 / 9
                found.append(Measure(quantity, round(value, 1), hit.start(), hit.end()))
        for hit in re.finditer(r"(?<![\d/.])(\d{2,3})\s*/\s*(\d{2,3})(?!\s*(?:/|\d|th|年))", text):
            high, low = float(hit[1]), float(hit[2])
            if 60 <= high <= 280 and 30 <= low <= 180 and high > low:
                found.append(Measure("systolic", high, hit.start(), hit.end()))
                found.append(Measure("diastolic", low, hit.start(), hit.end()))
        return [
            m for m in found if _PLAUSIBLE[m.quantity][0] <= m.value <= _PLAUSIBLE[m.quantity][1]
        ]


_PLAUSIBLE = {
    "temperature": (30, 44), "oxygen": (40, 100), "pulse": (20, 260), "breaths": (4, 90),
    "systolic": (60, 280), "diastolic": (30, 180), "sugar": (0.5, 60),
    "fit_minutes": (1, 600), "tablets": (1, 500),
}  # fmt: skip
_MEASURES = [
    ("temperature", re.compile(r"(\d{2,3}(?:\.\d)?)\s*(?:°|º|℃|degrees?|度|deg)\s*[cf]?")),
    ("temperature", re.compile(r"(?:temp(?:erature)?|fever|体温|发烧|高烧|发热|低烧)\D{0,12}?(\d{2,3}(?:\.\d)?)(?!\d|\s*(?:day|hour|week|天|小时|/|%|年|月|次))")),
    ("temperature", re.compile(r"\b(3[5-9]\.\d|4[0-2]\.\d)\b(?!\s*(?:kg|%))")),
    ("oxygen", re.compile(r"(?:spo2|sats?|o2|oxygen|saturation|血氧饱和度|血氧)\D{0,18}?(\d{2,3})\s*%?")),
    ("pulse", re.compile(r"(?:pulse|heart rate|hr|心率|脉搏)\D{0,12}?(\d{2,3})(?!\s*(?:/|%|\d))")),
    ("breaths", re.compile(r"(?:respiratory rate|breathing rate|\brr|呼吸频率)\D{0,12}?(\d{1,2})\b")),
    ("fit_minutes", re.compile(r"(?:\bfit\b|fitting|seizure|seizing|convuls\w*|shaking|jerking|抽搐|抽风|抽了|惊厥)\D{0,30}?(\d{1,3})\s*(?:min|分钟)")),
    ("tablets", re.compile(r"(?:took|taken|swallowed|had|ate|吃了|吞了|吞下|服了|喝了)\D{0,14}?(\d{1,3})\s*(?:of my |of his |of her )?(?:\w+\s+){0,2}?(?:tablet|pill|capsule|paracetamol|ibuprofen|aspirin|co-?codamol|tylenol|sleeping|antidepress|diazepam|片|粒|颗)")),
    ("sugar", re.compile(r"(?:blood sugar|sugar|glucose|血糖)\D{0,12}?(\d{1,2}(?:\.\d)?)(?![\d%])")),
]  # fmt: skip


def _duration_pattern(cues: Cues, english: bool) -> re.Pattern[str]:
    units = "|".join(
        re.escape(u) for forms in cues.units.values() for u in sorted(forms, key=len)[::-1]
    )
    units = "|".join(sorted(units.split("|"), key=len, reverse=True))
    numbers = "|".join(sorted((re.escape(n) for n in cues.numbers), key=len, reverse=True))
    if english:
        return re.compile(
            rf"\b(?P<number>\d+(?:\.\d+)?|{numbers})(?:\s*(?:-|to)\s*\d+)?[\s-]*(?:of\s+|more\s+)?(?P<unit>{units})\b"
        )
    return re.compile(rf"(?P<number>\d+(?:\.\d+)?|(?:{numbers})+)\s*多?\s*(?P<unit>{units})")


def _number(text: str, cues: Cues) -> float | None:
    try:
        return float(text)
    except ValueError:
        pass
    if text in cues.numbers:
        return cues.numbers[text]
    total = 0.0
    for char in text:
        value = cues.numbers.get(char)
        if value is None:
            return None
        total = total * value if char == "十" and total else total + value
    return total or None


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


def _zh_number(text: str) -> float:
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
            return _zh_number(hit[1]) * _YEARS_OF[hit[2]]
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


def severity(text: str, lexicon: Lexicon) -> str | None:
    """mild, moderate or severe, by the strongest word or a mark out of ten."""
    mark = re.search(r"\b(\d{1,2})\s*(?:/|out of)\s*10\b", text)
    if mark:
        value = int(mark[1])
        return "severe" if value >= 7 else "moderate" if value >= 4 else "mild"
    for name in ("severe", "moderate", "mild"):
        for cues in lexicon.cues.values():
            for word in cues.severity[name]:
                if re.search(
                    rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word), text
                ):
                    return name
    return None
