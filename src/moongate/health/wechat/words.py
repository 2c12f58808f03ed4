"""The words by which a person steers the talk, in both languages, typed or touched in the menu."""

from __future__ import annotations

import re
from typing import Literal

from moongate.health.knowledge.schema import Lang
from moongate.health.talk.short import is_back, is_skip, is_stop, short_answer, typed_numbers

Command = Literal[
    "agree", "disagree", "begin", "restart", "delete", "repeat", "more", "help", "link", "numbers",
    "english", "chinese",
]  # fmt: skip

_COMMANDS: tuple[tuple[Command, str], ...] = (
    ("agree", r"i agree|agree|同意|我同意|同意并开始"),
    ("disagree", r"i do not agree|i don['’]t agree|disagree|不同意|我不同意"),
    ("begin", r"begin|开始"),
    ("restart", r"start over|restart|start again|begin again|重新开始|重来|重新来过|再来一次"),
    ("delete", r"delete|delete everything|forget me|删除|全部删除|删掉"),
    ("repeat", r"repeat|again|重复|再看一遍|再说一遍"),
    ("more", r"more|更多|继续|下文"),
    ("help", r"help|menu|commands|帮助|菜单|怎么用"),
    ("link", r"link|page|链接|网页"),
    ("numbers", r"numbers|emergency numbers|急救电话|电话"),
    ("english", r"english|in english|英文|英语"),
    ("chinese", r"chinese|中文|汉语|简体中文"),
)
_PATTERNS = [
    (command, re.compile(rf"\s*(?:{words})\s*[.。!！]?\s*", re.IGNORECASE))
    for command, words in _COMMANDS
]
_MENU: dict[str, Command] = {
    "START": "begin",
    "RESTART": "restart",
    "REPEAT": "repeat",
    "LINK": "link",
    "NUMBERS": "numbers",
    "DELETE": "delete",
    "HELP": "help",
}
# Menu keys that stand for a line of the talk itself.
_MENU_LINES = {"BACK": "back", "STOP": "stop"}
_CJK = re.compile("[\u3400-\u9fff]")
_LETTER = re.compile("[A-Za-z]")


def command_of(line: str) -> Command | None:
    """The command that a line is, if it is nothing else."""
    return next((command for command, p in _PATTERNS if p.fullmatch(line)), None)


def command_of_key(key: str) -> Command | None:
    """The command behind a menu's key."""
    return _MENU.get(key)


def line_of_key(key: str) -> str | None:
    """The line of the talk behind a menu's key."""
    return _MENU_LINES.get(key)


def is_short(line: str) -> bool:
    """Whether the line only answers a question, and says nothing without it."""
    return (
        short_answer(line) is not None
        or typed_numbers(line) is not None
        or is_skip(line)
        or is_back(line)
        or is_stop(line)
    )


def language_of(line: str) -> Lang | None:
    """The language of a line; None for one without letters."""
    if _CJK.search(line):
        return "zh"
    return "en" if _LETTER.search(line) else None
