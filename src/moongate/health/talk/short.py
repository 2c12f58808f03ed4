"""Short answers as people type them, in both languages: yes, no, don't know, stop, back, an age."""

from __future__ import annotations

import re

from moongate.health.assessment import Answer
from moongate.health.language.persons import stated_age, zh_number

_YES = re.compile(
    r"^\s*(y|yes|yeah|yep|true|是|有|对|嗯|是的|有的|1)\s*[.。!！]?\s*$", re.IGNORECASE
)
_NO = re.compile(
    r"^\s*(n|no|nope|not|none|none of these|false|否|没有|没|不|不是|无|都没有|都不符合|2)"
    r"\s*[.。!！]?\s*$",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"^\s*(\?|？|3|dk|idk|(?:i )?do(?:n'?|n’|es no)t know|not sure|unsure|不知道|不清楚|不确定|)"
    r"\s*[.。!！]?\s*$",
    re.IGNORECASE,
)
_STOP = re.compile(r"^\s*(stop|quit|exit|done|结束|停|停止|退出)\s*[.。!！]?\s*$", re.IGNORECASE)
_BACK = re.compile(r"^\s*(back|undo|返回|上一题|上一步)\s*[.。!！]?\s*$", re.IGNORECASE)
_SKIP = re.compile(r"^\s*(skip|pass|prefer not to say|0|跳过|不说|不想说|)\s*$", re.IGNORECASE)
_FEMALE = re.compile(r"^\s*(1|f|female|w|woman|girl|女|女性|女的|女孩)\s*[.。]?\s*$", re.IGNORECASE)
_MALE = re.compile(r"^\s*(2|m|male|man|boy|男|男性|男的|男孩)\s*[.。]?\s*$", re.IGNORECASE)
_NUMBERS = re.compile(r"[\s\d,，、.和&+]+")
_AGE = re.compile(
    r"^\s*(?:我|今年|他|她|age|i'?m|i am|he is|she is)?\s*"
    r"(-?\d+(?:\.\d+)?|[一二三四五六七八九十两]{1,3})\s*"
    r"(years?(?: old)?|yrs?|y/?o|months?(?: old)?|weeks?(?: old)?|days?(?: old)?|"
    r"周?岁|个?月大?|周大?|星期|天)?\s*[.。]?\s*$",
    re.IGNORECASE,
)
_DAYS_OF = {"month": 30.44, "月": 30.44, "week": 7.0, "周": 7.0, "星期": 7.0, "day": 1.0, "天": 1.0}


def short_answer(line: str) -> Answer | None:
    """present, absent or unknown for a line that only says yes, no or don't know; else None."""
    for pattern, answer in ((_YES, "present"), (_NO, "absent"), (_UNKNOWN, "unknown")):
        if pattern.match(line):
            return answer  # type: ignore[return-value]
    return None


def is_stop(line: str) -> bool:
    return bool(_STOP.match(line))


def is_back(line: str) -> bool:
    return bool(_BACK.match(line))


def is_skip(line: str) -> bool:
    return bool(_SKIP.match(line) or _UNKNOWN.match(line))


def typed_sex(line: str) -> str | None:
    """female or male for a line that says no more than that."""
    return "female" if _FEMALE.match(line) else "male" if _MALE.match(line) else None


def typed_numbers(line: str) -> list[int] | None:
    """The numbers of a line that has nothing but numbers; else None."""
    if not _NUMBERS.fullmatch(line) or not any(c.isdigit() for c in line):
        return None
    return [int(digits) for digits in re.findall(r"\d{1,4}", line)]


def typed_age(line: str) -> float | None:
    """Years for a line that tells an age, also an impossible one; else None."""
    hit = _AGE.match(line)
    if hit is None:
        return stated_age(line.lower())
    number, unit = hit[1], (hit[2] or "").lower()
    value = float(number) if number[-1].isdigit() else zh_number(number)
    days = next((d for word, d in _DAYS_OF.items() if word in unit and unit != "周岁"), None)
    return value if days is None else value * days / 365.25
