"""The report for the doctor: one or two pages of A4 that read at a glance, in either language.

Everything is drawn as plain text: nothing in it is read as markup, and nothing can be clicked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from moongate.health.knowledge.schema import Lang
from moongate.health.records.snapshot import Named, Possible, Snapshot
from moongate.health.report.letters import font_path, lines_of, printable
from moongate.health.report.words import words
from moongate.health.wording import say

Colour = tuple[int, int, int]
INK: Colour = (19, 32, 74)
SOFT: Colour = (71, 84, 129)
LINE: Colour = (201, 211, 230)
COBALT: Colour = (31, 66, 154)
WASH: Colour = (227, 234, 247)
VERMILION: Colour = (194, 47, 23)
ALARM_WASH: Colour = (251, 230, 224)
MARGIN = 17.0  # mm
WIDTH = 210.0 - 2 * MARGIN
BOTTOM = 24.0
WORDS_MOST = 1_400  # characters of the complaint in print
FINDINGS_MOST = 40
CONDITIONS_MOST = 6
URGENT = {"emergency", "today"}
SMALL, TEXT, LARGE, TITLE = 8.0, 9.6, 12.5, 21.0  # points
SPACING = 0.52  # mm of line for each point of size


@dataclass(frozen=True)
class Heading:
    """What stands above the report: whom it is about (may be empty) and when it was made."""

    name: str
    created: datetime


def report(snapshot: Snapshot, heading: Heading, lang: Lang) -> bytes:
    """The report as a PDF file; the same input gives the same bytes."""
    page = _Report(snapshot, heading, lang)
    page.draw()
    out = BytesIO()
    page.output(out)
    return out.getvalue()


class _Report(FPDF):
    def __init__(self, snapshot: Snapshot, heading: Heading, lang: Lang) -> None:
        super().__init__(format="A4")
        self.snapshot, self.heading = snapshot, heading
        self.language: Lang = lang
        self.add_font("noto", fname=str(font_path()))
        self.set_margins(MARGIN, 14.0, MARGIN)
        self.set_auto_page_break(True, BOTTOM)
        self.set_title(words("title", lang))
        self.set_author("Moongate")
        self.set_creation_date(heading.created)
        self.set_lang("zh-CN" if lang == "zh" else "en-GB")
        self.c_margin = 0
        self.add_page()

    def draw(self) -> None:
        self._title()
        self._urgency()
        self._words()
        if self.snapshot.flags:
            self._flags()
        self._findings()
        self._conditions()

    def footer(self) -> None:
        self.set_y(-BOTTOM + 5)
        self._rule()
        self._say(say("disclaimer", self.language), SMALL, SOFT, gap=0.6)
        count = words("page", self.language, n=self.page_no(), all="{nb}")
        version = f"{words('knowledge', self.language)} {self.snapshot.knowledge}"
        self._say(f"Moongate · {version} · {count}", SMALL, SOFT)

    def _title(self) -> None:
        self._say(words("title", self.language), TITLE, COBALT, gap=0.8)
        self._say(words("by", self.language), TEXT, SOFT, gap=2.5)
        snapshot, lang = self.snapshot, self.language
        age = words("unknown_age", lang)
        if snapshot.age_years is not None:
            age = words("years", lang, years=f"{snapshot.age_years:g}")
        sex = words(snapshot.sex or "unknown_sex", lang)
        who = " · ".join(filter(None, [self.heading.name, age, sex]))
        when = self.heading.created.strftime("%Y-%m-%d %H:%M %Z")
        self._say(self._fact("person", who), LARGE, INK, gap=0.6)
        facts = [self._fact("when", when)]
        if snapshot.course is not None:
            facts.append(self._fact("course", say(snapshot.course, lang)))
        self._say("    ".join(facts), TEXT, SOFT, gap=3)

    def _urgency(self) -> None:
        snapshot, lang = self.snapshot, self.language
        urgent = snapshot.level in URGENT
        strong, wash = (VERMILION, ALARM_WASH) if urgent else (COBALT, WASH)
        do = snapshot.do.in_(lang)
        text = f"{do}\n{say('crisis', lang)}" if snapshot.crisis else do
        top = self.get_y()
        self.set_font("noto", size=TEXT)
        height = 12 + TEXT * SPACING * len(self._lines(text, WIDTH - 12))
        self.set_fill_color(*wash)
        self.rect(MARGIN, top, WIDTH, height, style="F")
        self.set_fill_color(*strong)
        self.rect(MARGIN, top, 2.2, height, style="F")
        self.set_xy(MARGIN + 6, top + 2.5)
        name = snapshot.level_name.in_(lang)
        self._say(self._fact("urgency", name), LARGE, strong, left=6, gap=1)
        self._say(text, TEXT, INK, left=6, right=6)
        self.set_y(top + height + 4)

    def _words(self) -> None:
        whole = "\n".join(self.snapshot.words).strip()
        self._heading("words")
        shown = whole[:WORDS_MOST]
        self._say(f"“{shown}”" if shown else words("none", self.language), TEXT, INK, left=3, gap=1)
        if len(shown) < len(whole):
            note = words("shortened", self.language, shown=len(shown), total=len(whole))
            self._say(note, SMALL, SOFT, left=3)
        self.ln(2)

    def _flags(self) -> None:
        self._heading("flags")
        for flag in self.snapshot.flags:
            because = self._names(flag.because)
            self._say(f"• {flag.why.in_(self.language)} ({because})", TEXT, INK, left=3, gap=0.5)
        self.ln(2)

    def _findings(self) -> None:
        groups = {
            "present": self.snapshot.present,
            "absent": self.snapshot.absent,
            "unknown": self.snapshot.unknown,
        }
        for key, findings in groups.items():
            if findings or key == "present":
                self._heading(key)
                names = self._names(findings, most=FINDINGS_MOST) or words("none", self.language)
                self._say(names, TEXT, INK, left=3, gap=2.5)

    def _conditions(self) -> None:
        self._heading("conditions")
        notes = [words("chance", self.language), say("uncertain", self.language)]
        if self.snapshot.method == "approximate":
            notes.append(words("approximate", self.language))
        if self.snapshot.withheld:
            notes.append(say("withheld", self.language))
        self._say(" ".join(notes), SMALL, SOFT, left=3, gap=1.5)
        for condition in self.snapshot.conditions[:CONDITIONS_MOST]:
            self._condition(condition)

    def _condition(self, condition: Possible) -> None:
        lang = self.language
        codes = ", ".join(condition.icd10)
        reasons = [
            words(key, lang, x=self._names(findings))
            for key, findings in (
                ("speaks_for", condition.for_),
                ("speaks_against", condition.against),
            )
            if findings
        ]
        # Name, bar and reasons of one condition stay on one page.
        self._keep_together(9 + 4 * (len(" ".join(reasons)) // 90 + 1))
        top = self.get_y()
        self.set_fill_color(*WASH)
        self.rect(MARGIN + 3, top + 1.3, 34, 3, style="F")
        self.set_fill_color(*COBALT)
        self.rect(MARGIN + 3, top + 1.3, max(0.3, 34 * condition.probability), 3, style="F")
        name = f"{condition.probability:.0%}   {condition.name.in_(lang)}"
        name += f"   [ICD-10 {codes}]" if codes else ""
        self._say(name, TEXT, INK, left=40, gap=0.2)
        if reasons:
            self._say("    ".join(reasons), SMALL, SOFT, left=40)
        self.ln(1.4)

    def _fact(self, key: str, value: str) -> str:
        return f"{words(key, self.language)}{'：' if self.language == 'zh' else ': '}{value}"

    def _names(self, findings: Sequence[Named], most: int = 8) -> str:
        joint = "、" if self.language == "zh" else ", "
        names = [found.name.in_(self.language) for found in findings[:most]]
        if len(findings) > most:
            names.append(words("more", self.language, n=len(findings) - most))
        return joint.join(names)

    def _heading(self, key: str) -> None:
        self._keep_together(16)
        self._say(words(key, self.language), LARGE, COBALT, gap=0.8)

    def _keep_together(self, height: float) -> None:
        if self.will_page_break(height):
            self.add_page()

    def _rule(self) -> None:
        self.set_draw_color(*LINE)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(1.2)

    def _say(
        self,
        text: str,
        size: float,
        colour: Colour,
        *,
        left: float = 0.0,
        right: float = 0.0,
        gap: float = 0.0,
    ) -> None:
        """A paragraph `left` and `right` mm from the margins, with `gap` mm after it."""
        self.set_font("noto", size=size)
        self.set_text_color(*colour)
        for line in self._lines(text, WIDTH - left - right):
            self.set_x(MARGIN + left)
            self.cell(0, size * SPACING, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        if gap:
            self.ln(gap)

    def _lines(self, text: str, width: float) -> list[str]:
        return lines_of(printable(text), width, self.get_string_width)
