"""The Official Account's menu: two buttons that are always there, and what steers a talk."""

from __future__ import annotations

from typing import Any

from moongate.health.knowledge.schema import Lang

NAMES: dict[str, dict[Lang, str]] = {
    "START": {"en": "Begin", "zh": "开始评估"},
    "NUMBERS": {"en": "Emergency", "zh": "急救电话"},
    "more": {"en": "More", "zh": "更多"},
    "BACK": {"en": "Question before", "zh": "上一题"},
    "STOP": {"en": "Show the result", "zh": "直接看结果"},
    "RESTART": {"en": "Start over", "zh": "重新开始"},
    "DELETE": {"en": "Delete my talk", "zh": "删除我的对话"},
    "page": {"en": "On the web", "zh": "网页版"},
}


def menu(lang: Lang, page: str = "") -> dict[str, Any]:
    """The menu as WeChat takes it; `page` is the web chat's address, left out when empty."""
    inner = [_click(key, lang) for key in ("BACK", "STOP", "RESTART", "DELETE")]
    if page:
        inner.append({"type": "view", "name": NAMES["page"][lang], "url": page})
    return {
        "button": [
            _click("START", lang),
            _click("NUMBERS", lang),
            {"name": NAMES["more"][lang], "sub_button": inner},
        ]
    }


def _click(key: str, lang: Lang) -> dict[str, str]:
    return {"type": "click", "name": NAMES[key][lang], "key": key}
