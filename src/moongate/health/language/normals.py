"""Body functions that a text calls normal, and the findings which that denies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moongate.health.language.lexicon import Lexicon


@dataclass(frozen=True)
class Normal:
    """A body function that the text calls normal, with the findings that this denies."""

    start: int
    end: int
    denies: tuple[str, ...]


class Normals:
    """Finds "bowels normal", "appetite and sleep are normal", 大小便正常."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._denies = {k: v for cues in lexicon.cues.values() for k, v in cues.normal.items()}
        words = "|".join(sorted(map(re.escape, self._denies), key=len, reverse=True))
        self._patterns = [
            re.compile(
                rf"(?:\b|(?<=[\u3400-\u9fff]))({words})(?:\b|(?=[\u3400-\u9fff]))"
                r"(?:[^.,;!?。，；！？不没未欠异]{0,20}?)"
                r"(?<!ab)(?<!not )(?<!不)(?<!n't )(?<!longer )"
                r"(?:\b(?:normal|unremarkable|intact|within normal limits)\b"
                r"(?!\s*(?:for me to|until|saline))|正常(?!化|的?时候)|无殊|无异常|未见异常|如常)"
            ),
            re.compile(rf"(?<!ab)(?<!not )\bnormal\s+({words})\b"),
        ]

    def find(self, text: str) -> list[Normal]:
        found = []
        for pattern in self._patterns:
            for hit in pattern.finditer(text):
                if re.search(r"\b(?:not|never|no longer|isn't|aren't|without)\b|[不没未]", hit[0]):
                    continue
                if re.match(r"\s*(?:until|before|last)\b", text[hit.end() :]):
                    continue
                found += [
                    Normal(hit.start(), hit.end(), denies)
                    for word, denies in self._denies.items()
                    if re.search(rf"\b{word}\b" if word.isascii() else word, hit[0])
                ]
        return found
