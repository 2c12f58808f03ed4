"""Numbers in free text: age, sex, how long, how bad, temperature, blood pressure and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from moongate.health.knowledge.schema import Course
from moongate.health.language.lexicon import Cues, Lexicon
from moongate.health.language.persons import zh_number

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


_REPEATS = re.compile(
    r"(every|each|per|once|twice|times a|within|aged?|born at|delivered at|last(?:s|ed|ing)? (?:only |just )?for about|每)\W*$"
)
# How long one attack goes on.
_ATTACK = re.compile(
    r"(?:\blasting|\blasts|\b(?:they|that|which|attacks|episodes|can|may|will) last|attacks? of|bouts? of|spells? of|each time for|at a time for|goes? after|"
    r"passes? (?:off )?(?:after|in)|over in|gone in|每次|一次|每回|一阵|发作)"
    r"\W*(?:for |about |around |up to |between |only |just |大概|大约|约|要|能|有|就|个|也就|不到|持续|发作)*\W*$"
)
_STARTED = re.compile(r"since|start|began|begun|onset|came on|first|开始|起")
_GOES_BY = re.compile(
    r"(?:持续|过去|过个?|for (?:about|around|up to))\W*(?:了|大概|大约|约|个)*\W*$"
)
_PASSES = re.compile(
    r"\s*(?:at a time|each time|each|per attack|an attack|and then (?:goes|stops|passes)|"
    r"(?:就|后|之后)(?:过去|好了|缓解|消失|没了|自己好)|一次|每次)"
)
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
        """Spans of time that tell how long, in order of place; ages and far pasts left out.

        How long one attack lasts ("lasting ten minutes") is left out beside any other span.
        """
        found: list[Duration] = []
        attacks: list[Duration] = []
        pregnant = [m for m in self.measures(text) if m.quantity == "gestation"]
        for pattern, cues in zip(self._durations, self._cues, strict=True):
            for hit in pattern.finditer(text):
                after = text[hit.end() : hit.end() + 8]
                before = text[max(0, hit.start() - 16) : hit.start()]
                if re.match(r"[ -]*(old|of age|岁)|\s*(前手术)", after) or _REPEATS.search(before):
                    continue
                if any(m.start < hit.end() and hit.start() < m.end for m in pregnant):
                    continue
                number = _number(hit["number"], cues)
                if number is None:
                    continue
                unit = next(name for name, forms in cues.units.items() if hit["unit"] in forms)
                span = Duration(number * _DAYS[unit], hit.start(), hit.end())
                began = _BEGAN.search(f"{before}|{after}")
                brief = unit in ("minutes", "hours") and _GOES_BY.search(before)
                once = re.match(r"\s*(?:ago\b|前)", after) and not (
                    _STARTED.search(before) or _STARTED.search(after)
                )
                if once and (unit != "minutes" or began):
                    attacks.append(span)
                elif brief or _ATTACK.search(before) or _PASSES.match(text, hit.end()):
                    if unit in ("days", "weeks", "months", "years", "hours"):
                        attacks.append(span)
                elif unit != "minutes" or began:
                    found.append(span)
        for pattern, days in self._moments:
            for hit in pattern.finditer(text):
                if not any(d.start <= hit.start() < d.end for d in [*found, *attacks]):
                    found.append(Duration(days, hit.start(), hit.end()))
        return sorted(found or attacks, key=lambda d: d.start)

    def measures(self, text: str) -> list[Measure]:
        """What was measured, in the units of `measures.toml`, each place once."""
        found: list[Measure] = []
        for quantity, pattern in _MEASURES:
            for hit in pattern.finditer(text):
                start, end = hit.span()
                if any(m.quantity == quantity and m.start < end and start < m.end for m in found):
                    continue
                value = _value(quantity, hit, text)
                if value is None:
                    continue
                found.append(Measure(quantity, round(value, 1), start, end))
                change = _CHANGED.match(text, end)
                if change and quantity in _CHANGING:
                    later = float(change[1] or change[2])
                    later *= 10 if quantity == "haemoglobin" and later < 25 else 1
                    found[-1] = Measure(quantity, later, start, change.end())
        pressures = _pressures(text)
        found += pressures
        found += _standing(text, [m for m in pressures if m.quantity == "systolic"], pressures)
        found += _asked(text, found)
        return [
            m for m in found if _PLAUSIBLE[m.quantity][0] <= m.value <= _PLAUSIBLE[m.quantity][1]
        ]


# "95 % at rest falling to 90 %": what it came to is what counts.
_CHANGED = re.compile(
    r"[^.,;，。；]{0,20}?(?:\b(?:fall\w*|fell|drop\w*|down|rising|rose|up)\s+to\s*(\d+(?:\.\d+)?)|"
    r"(?:降至|降到|跌至|跌到|掉到|降为|升至|升到|升高到|增至)\s*(\d+(?:\.\d+)?))"
)
_CHANGING = frozenset({"oxygen", "pulse", "haemoglobin", "platelets", "white_cells", "sugar"})


def _pressures(text: str) -> list[Measure]:
    found = []
    for hit in re.finditer(r"(?<![\d/.])(\d{2,3})\s*/\s*(\d{2,3})(?!\s*(?:/|\d|th|年))", text):
        high, low = float(hit[1]), float(hit[2])
        if 60 <= high <= 280 and 30 <= low <= 180 and high > low:
            found.append(Measure("systolic", high, hit.start(), hit.end()))
            found.append(Measure("diastolic", low, hit.start(), hit.end()))
    return found


_LYING = re.compile(r"\b(?:lying|laying|lie|supine|flat|sitting|seated|sat)\b|[躺卧坐]|平卧")
_STANDING = re.compile(r"\b(?:stand\w*|stood|upright|erect|on my feet)\b|站|立位|起立")


def _standing(text: str, systolic: list[Measure], pressures: list[Measure]) -> list[Measure]:
    """The fall of blood pressure from lying to standing (mmHg; the lower figure counts twice)."""
    low_of = {m.start: m.value for m in pressures if m.quantity == "diastolic"}
    found = []
    for one, other in pairwise(systolic):
        before, between = text[max(0, one.start - 24) : one.start], text[one.end : other.start]
        after = text[other.end : other.end + 18]
        first = "lying" if _LYING.search(before) or _LYING.search(between[:10]) else ""
        if not first and _STANDING.search(before) and _LYING.search(between + after):
            one, other = other, one
        elif not (_STANDING.search(between) or _STANDING.search(after)) or len(between) > 60:
            continue
        fall = max(one.value - other.value, 2 * (low_of[one.start] - low_of[other.start]))
        start, end = min(one.start, other.start), max(one.end, other.end)
        found.append(Measure("standing_fall", fall, start, end))
    return found


_ASKS = re.compile(r"\b(?:what|which|how (?:low|high))\b|多少|几度|多高|多低")
_MINE = re.compile(
    r"(?:\b(?:mine|my own|it|i)\s*(?:is|was|'s|are|am at|got|read|reads|have)|我的?是?|我这)\D{0,8}?"
    r"(\d{1,3}(?:\.\d)?)(?![\d/]|\s*(?:years?|yo|岁|weeks?|days?|天|周))"
)
_ASKED = (
    ("oxygen", re.compile(r"\b(?:sats?|spo2|oxygen|saturation)\b|血氧")),
    ("temperature", re.compile(r"\b(?:temp|temperature|fever)\b|体温|发烧|发热")),
    ("pulse", re.compile(r"\b(?:pulse|heart rate)\b|心率|脉搏|心跳")),
    ("sugar", re.compile(r"\b(?:sugar|glucose)\b|血糖")),
)


def _asked(text: str, found: list[Measure]) -> list[Measure]:
    """The person's own figure after a question: "which sats reading counts as low? mine is 98"."""
    asks = _ASKS.search(text)
    if not asks:
        return []
    mine = _MINE.search(text, asks.end())
    if not mine or any(m.start < mine.end() and mine.start() < m.end for m in found):
        return []
    for quantity, words in _ASKED:
        if words.search(text[asks.start() : mine.start()]):
            value = float(mine[1])
            if quantity == "temperature" and value > 90:
                value = (value - 32) * 5 / 9
            return [Measure(quantity, round(value, 1), mine.start(), mine.end())]
    return []


_PLAUSIBLE = {
    "temperature": (30, 44), "oxygen": (40, 100), "pulse": (20, 260), "breaths": (4, 90),
    "systolic": (60, 280), "diastolic": (30, 180), "sugar": (0.5, 60),
    "fit_minutes": (1, 600), "tablets": (1, 500), "haemoglobin": (20, 250),
    "platelets": (1, 3000), "white_cells": (0.1, 500), "gestation": (2, 43),
    "weight_lost": (1, 100), "standing_fall": (-200, 200),
}  # fmt: skip
_GAP = r"[^\d,，;；。]{0,14}?"
_COUNT = (
    r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\d%+]|\s*(?:%|\+|mg|/?hp|/高倍|"
    r"years?|weeks?|days?|times|units|岁|天|周|年|个月|次|袋|单位))\s*"
    r"(万|千|k\b|g\s*/\s*l|g\s*/\s*dl|[x×*]\s*10\s*\^?\s*[9⁹]?(?:\s*/\s*u?l)?|/)?"
)
_UNIT_TIME = r"\s*(?:day|hour|week|month|year|天|小时|/|%|年|月|周|次|个|mg|ml|am|pm|点|岁)"
_MEASURES = [
    ("temperature", re.compile(rf"(?:\btemp(?:erature)?\b|\bfevers?\b|\bt(?=\s*[:=]?\s*3\d|\s*4[0-2]\b)|体温|肛温|腋温|耳温|发烧|高烧|发热|低烧|烧到|烧至|烧了?)[^\d,，;；。]{{0,14}}?(\d{{2,3}}(?:\.\d)?)(?!\d|{_UNIT_TIME})\s*(?:(?:°|º|℃|degrees?|度|deg)?\s*[cf]?\b)?")),
    ("temperature", re.compile(r"(?<![\d.])(\d{2,3}(?:\.\d)?)\s*(?:(?:°|º|℃|degrees?|度|deg)\s*(?:[cf]\b)?|[cf]\b)")),
    ("temperature", re.compile(r"(?<![\d./])(3[5-9]\.\d|4[0-2]\.\d)(?![\d/])(?!\s*(?:[a-z]|[x×*%/周公斤厘克千万年岁个]))")),
    ("oxygen", re.compile(r"(?:spo2|\bsao2|\bsats?\b|\bo2\b|\boxygen\b|saturations?|\bpulse ox\w*|血氧饱和度|氧饱和度|血氧|脉氧)[^\d;；。]{0,18}?(\d{2,3})(?![\d/.]|\s*(?:l\b|lit|minutes?|days?|分钟|天|次))\s*%?")),
    ("pulse", re.compile(r"(?:\bpulse(?!\s*ox)\b|\bheart ?rate\b|\bheart beat\w*|\bhr\b|\bp(?=\s*[:=]?\s*\d{2,3}\s*(?:次|bpm|/\s*min|[,，;；]?\s*(?:r|rr|bp)\b))|\bventricular rate\b|心率|脉搏|脉率|心跳)[^\d,，;；。]{0,12}?(\d{2,3})(?!\d|\.\d|\s*(?:/\s*\d|%|days?|hours?|weeks?|years?|minutes?|天|小时|周|年|分钟))")),
    ("pulse", re.compile(r"(?<![\d./])(\d{2,3})\s*(?:bpm|beats (?:per|a) min)")),
    ("breaths", re.compile(r"(?:respiratory rate|breathing rate|\brr\b|呼吸频率|呼吸(?=\s*\d{2}\s*次))\D{0,12}?(\d{1,2})\b")),
    ("fit_minutes", re.compile(r"(?:\bfit\b|fitting|seizure|seizing|convuls\w*|shaking|jerking|抽搐|抽风|抽了|惊厥)\D{0,30}?(\d{1,3})\s*(?:min|分钟)")),
    ("tablets", re.compile(r"(?:took|taken|swallowed|had|ate|吃了|吞了|吞下|服了|喝了)\D{0,14}?(\d{1,3})\s*(?:of my |of his |of her )?(?:\w+\s+){0,2}?(?:tablet|pill|capsule|paracetamol|ibuprofen|aspirin|co-?codamol|tylenol|sleeping|antidepress|diazepam|片|粒|颗)")),
    ("sugar", re.compile(r"(?:blood sugars?|\bsugars?|glucose|\bbm\b|血糖)[^\d;；。]{0,12}?(\d{1,3}(?:\.\d{1,2})?)(?![\d%]|\s*(?:mg(?!\s*/)|g\b|tablets?|teaspoons?|days?|weeks?|years?|times|天|周|年|次|个月))\s*(mmol|mg\s*/\s*dl)?")),
    ("haemoglobin", re.compile(rf"(?:\bha?emoglobin\b|\bhb\b|\bhgb\b|血红蛋白|血色素){_GAP}{_COUNT}")),
    ("platelets", re.compile(rf"(?:\bplatelets?\b|\bplts?\b|血小板){_GAP}{_COUNT}")),
    ("white_cells", re.compile(rf"(?:\bwbcs?\b|\bwcc\b|\bwhite (?:blood )?(?:cells?|count)(?: count)?\b|\bleu[ck]ocytes?\b|白细胞){_GAP}{_COUNT}")),
    ("gestation", re.compile(r"(?:\b(?:pregnant|pregnancy|gestation\w*|gravida|g\d\s?p\d)\b|怀孕|妊娠|孕|怀了)[^\d。;；]{0,12}?(\d{1,2})(?:\+\d)?\s*-?(weeks?\b|wks?\b|周|个?月)")),
    ("gestation", re.compile(r"(?<!\d)(\d{1,2})(?:\+\d)?\s*-?(weeks?|wks?|months?|周|个月)(?:[\s-]*(?:and \w+ days? )?(?:pregnant|gestation|into my pregnancy|gravid|along\b|of pregnancy|with (?:my|our|a|twins|baby))|的?(?:孕|身孕))")),
    ("gestation", re.compile(r"(?:怀孕|妊娠|孕)(?:已经?|有|了|快|大概|约)?([一二三四五六七八九十两]{1,3})(?:多)?(周|个?月)")),
    ("gestation", re.compile(r"(?<![\d.])([12]\d|3\d|4[0-2])(?:\+\d)?\s*(weeks?|wks?|周)(?=\D{0,24}(?:\bbaby\b|my waters|fetal|foetal|contractions?|胎动|胎儿|羊水|破水|见红|宝宝|宫缩))(?![\s-]*old|大|龄)")),
    ("gestation", re.compile(r"(?:^\s*|\b(?:i'?m|i am|she'?s|she is|wife'?s|wife is|now)\s+(?:now |about |just |only )?)(2\d|3\d|4[0-2])(?:\+\d)?\s*(weeks?|wks?|周)(?=\s*(?:[,，]|and\b|with\b|now\b|today\b))")),
    ("weight_lost", re.compile(r"(?:weight|体重)[^\d。;；]{0,12}?(?P<from>\d{2,3}(?:\.\d)?)\s*(?:kgs?|kilos?|lbs?|公斤|千克|斤)?\s*(?:(?:down )?to|[降掉减跌轻]?[至到]|[降掉减跌]成|->|→)\s*(?P<to>\d{2,3}(?:\.\d)?)\s*(?P<unit>kgs?|kilos?|lbs?|公斤|千克|斤)")),
    ("weight_lost", re.compile(r"(?:\b(?:lost|dropped|losing|lose|shed)\b|\bdown (?:by )?|\bweight loss(?: of)?|瘦了|轻了|掉了|减轻了?|下降了?|减少了?|暴瘦)[^\d,，;；。]{0,16}?(\d{1,3}(?:\.\d)?)\s*(kgs?|kilos?|kilograms?|lbs?|pounds?|stone|公斤|千克|斤)")),
]  # fmt: skip
_WEATHER = re.compile(
    r"\b(?:outside|outdoors|weather|heat ?wave|ambient|room|oven|water|bath|garage|sauna|shed|"
    r"in the shade|in the sun|sunny)\b|外面|室外|户外|气温|天气|室温|室内|车里|车厢|水温|高温天|大太阳|太阳下|桑拿|屋里"
)
_ANGLE = re.compile(
    r"\b(?:bend|bends|flex\w*|exten\w*|angle|cobb|scoliosis|curve\w*|rotat\w*|abduct\w*|elevat\w*|"
    r"raise\w*|lift\w*|turns?|tilt\w*|range of|leg rais\w*|arc|upright)\b|角|弯|屈|伸|侧凸|侧弯|旋|抬|举|外展|倾斜|近视|散光|老花|远视"
)
_BODY = re.compile(
    r"\b(?:temp\w*|fever\w*|core|rectal|body|my own|pyrexi\w*)\b|体温|肛温|烧|发热|高热|体核"
)
_BORN = re.compile(
    r"\b(?:born|delivered|delivery|prem\w*|preterm|birth|miscarr\w*|ended)\b[^.;]{0,12}$|(?:早产|出生|生于|流产)[^。；]{0,6}$"
)
_ON_PURPOSE = re.compile(
    r"\b(?:diet\w*|on purpose|slimming|keto|gym|calorie\w*|weight watchers|ozempic|wegovy|mounjaro|"
    r"(?:been|was|am) trying to lose)\b|(?<!没)(?<!没有)(?<!未)减肥|节食|健身|刻意|控制饮食"
)
_NOT_ON_PURPOSE = re.compile(
    r"\b(?:without|not|no|never|wasn't|haven't)\b[^.;]{0,24}$|[没未不无][^。；，]{0,5}$"
)
_NOT_BLOOD = re.compile(
    r"\b(?:urine|stools?|csf|lumbar|spinal|hpf|fluid|effusion|dipstick|swab|smear|joint)\b|尿|大便|粪|脑脊液|腰穿|胸水|腹水|关节液|积液|引流|镜检|白带"
)


def _value(quantity: str, hit: re.Match[str], text: str) -> float | None:
    """The number in its unit of account; None where it is of another thing."""
    if quantity == "temperature":
        return _temperature(hit, text)
    if quantity in ("haemoglobin", "platelets", "white_cells"):
        return _blood(quantity, hit, text)
    if quantity == "sugar":
        value = float(hit[1])
        milligrams = (hit[2] or "").startswith("mg") or (not hit[2] and value >= 40)
        return value / 18 if milligrams else value
    if quantity == "gestation":
        if _BORN.search(text[max(0, hit.start() - 24) : hit.start()]):
            return None
        number = float(hit[1]) if hit[1].isdigit() else zh_number(hit[1])
        return number * 4.35 if "月" in hit[2] or hit[2].startswith("month") else number
    if quantity == "weight_lost":
        purpose = _ON_PURPOSE.search(text)
        if purpose and not _NOT_ON_PURPOSE.search(text[: purpose.start()]):
            return None
        change = hit.groupdict()
        unit = change["unit"] if change else hit[2]
        factor = (
            0.5 if unit == "斤" else 6.35 if unit == "stone" else 0.454 if unit[0] in "lp" else 1
        )
        lost = float(change["from"]) - float(change["to"]) if change else float(hit[1])
        return lost * factor
    return float(next(group for group in hit.groups() if group))


def _temperature(hit: re.Match[str], text: str) -> float | None:
    value = float(hit[1])
    low = max(text.rfind(mark, 0, hit.start()) for mark in ".,;!?。，；！？\n")
    clause = text[low + 1 : hit.end() + 24]
    of_body = bool(_BODY.search(text[max(0, hit.start() - 30) : hit.end() + 20]))
    if value > 90:
        value = (value - 32) * 5 / 9
    around = re.split(r"[.;!?。；！？，,]\s", clause[hit.end() - low - 1 :] + " ", maxsplit=1)[0]
    nearby = clause[: hit.end() - low - 1] + around
    if _WEATHER.search(nearby) and not _BODY.search(nearby):
        return None
    if _ANGLE.search(nearby) and not of_body:
        return None
    return None if value < 35 and not of_body else value


def _blood(quantity: str, hit: re.Match[str], text: str) -> float | None:
    value = float(hit[1].replace(",", ""))
    unit = re.sub(r"\s", "", hit[2] or "")
    if quantity == "white_cells" and _NOT_BLOOD.search(
        text[max(0, hit.start() - 20) : hit.end() + 12]
    ):
        return None
    if quantity == "haemoglobin":
        return value * 10 if unit == "g/dl" or (unit != "g/l" and value < 25) else value
    if unit in ("万", "千"):
        return value * (10 if unit == "万" else 1)
    return value / 1000 if value >= (3000 if quantity == "platelets" else 500) else value


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
    return re.compile(rf"(?P<number>\d+(?:\.\d+)?|(?:{numbers})+)\s*[多来余]?\s*(?P<unit>{units})")


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
