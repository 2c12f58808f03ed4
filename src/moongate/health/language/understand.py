"""One message in, an understanding out: findings with their places, and what was not understood."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from moongate.health.knowledge.faults import Fault, KnowledgeError
from moongate.health.knowledge.loader import BASE, Base
from moongate.health.knowledge.schema import Course, Lang, Sex
from moongate.health.language.conditions import ConditionNames
from moongate.health.language.context import Judged, Status, judge
from moongate.health.language.cues import Cue, CueFinder
from moongate.health.language.lexicon import NOT, load_lexicon
from moongate.health.language.matching import Match, Phrases, best
from moongate.health.language.measures import Measure, Measures, severity
from moongate.health.language.normals import Normals
from moongate.health.language.persons import age_spans, stated_age, stated_sex
from moongate.health.language.resemblance import Resemblance, told_words
from moongate.health.language.tokens import Token, Tokeniser, simplify

MAX_CHARS = 8_000
Note = Literal["empty", "too_long", "no_words", "other_language", "instructions", "animal"]


@dataclass(frozen=True)
class Mention:
    """A finding that the text speaks of: its status, whose it is, and where it stands."""

    finding: str
    status: Status
    whose: str
    start: int
    end: int
    words: str
    how: Literal["words", "typo", "measure"]


@dataclass(frozen=True)
class Understanding:
    """What a message says.

    `about` is "self", or the word for the person (or animal) that it is about; `mentions` of that
    person have whose == "self". `unclear` are places (start, end) with words that nothing matched.
    `named` are conditions that the person says they have, `denied` those they say they have not.
    `words` are the ideas and stems of the message, without what is denied, feared or of others.
    """

    lang: Lang
    mentions: tuple[Mention, ...] = ()
    about: str = "self"
    age: float | None = None
    sex: Sex | None = None
    course: Course | None = None
    days: float | None = None
    severity: str | None = None
    unclear: tuple[tuple[int, int], ...] = ()
    notes: tuple[Note, ...] = ()
    named: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()

    def findings(self, *statuses: Status) -> list[str]:
        """The ids of the person's own findings with one of the statuses, in order, once each."""
        own = [m.finding for m in self.mentions if m.whose == "self" and m.status in statuses]
        return list(dict.fromkeys(own))


_INSTRUCTIONS = re.compile(
    r"(ignore|disregard|forget)\W+(?:\w+\W+){0,3}(instruction|prompt|rule|previous|above)|"
    r"system prompt|you are (now )?(a|an|no longer) |act as (a|an) |jailbreak|developer mode|"
    r"<\s*/?\s*script|drop table|"
    r"忽略.{0,8}(指令|提示|规则|上面)|你现在是|系统提示|扮演"
)
_OTHER_LETTERS = re.compile(
    r"[\u0400-\u04ff\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\uac00-\ud7af]"
)


@dataclass
class Reader:
    """Understands messages with one knowledge base. Make it once: it indexes every phrase."""

    base: Base
    _rules: list[tuple[str, float, float, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._lexicon = load_lexicon()
        self._tokeniser = Tokeniser(self._lexicon)
        self._phrases = Phrases(self.base.findings, self._lexicon, self._tokeniser)
        self._conditions = ConditionNames(self.base)
        self._cues = CueFinder(self._lexicon)
        self._measures = Measures(self._lexicon)
        self._normals = Normals(self._lexicon)
        self._rules = _measure_rules(self.base)

    def understand(
        self, message: str, lang: Lang | None = None, known: tuple[str, ...] = ()
    ) -> Understanding:
        """What the message says; never raises for any text, and never invents.

        `known` are findings present from earlier turns, whose attributes may be told now.

        Messages longer than 8,000 characters are read to there and noted as too long.
        """
        notes: list[Note] = []
        if len(message) > MAX_CHARS:
            notes.append("too_long")
            message = message[:MAX_CHARS]
        text = simplify(message)
        chosen: Lang = lang or language_of(text)
        if not text.strip():
            return Understanding(chosen, notes=(*notes, "empty"))
        letters = sum(c.isalpha() for c in text)
        if not letters:
            return Understanding(chosen, notes=(*notes, "no_words"))
        if _INSTRUCTIONS.search(text):
            notes.append("instructions")
        if len(_OTHER_LETTERS.findall(text)) > letters / 2:
            return Understanding(chosen, notes=(*notes, "other_language"))
        tokens = _without_ages(self._tokeniser.tokens(text), age_spans(text))
        matches = self._phrases.find(tokens, text)
        cues = self._cues.cues(text)
        durations = self._measures.durations(text)
        brief = any(d.days <= 90 for d in durations)
        judged = judge(matches, tokens, cues, text, brief)
        matches += self._attributes(tokens, judged, known)
        judged = judge(matches, tokens, cues, text, brief)
        mentions = [self._mention(j, tokens, message) for j in judged]
        measures = self._measures.measures(text)
        mentions = self._within_range(mentions, measures)
        mentions = self._settled_by_number(mentions, measures, text)
        mentions = _of_pregnancy(mentions, measures, text)
        mentions += self._measured(measures, mentions, message)
        mentions += self._normal(text, mentions, message)
        about, mentions = _about(mentions, cues, text)
        if about in _animals(self._lexicon.cues["en"].roles) | _animals(
            self._lexicon.cues["zh"].roles
        ):
            notes.append("animal")
        other = about != "self"
        named = self._named(text, tokens, cues, mentions, brief)
        if not mentions and letters > 24 and chosen == "en" and not _looks_english(tokens):
            notes.append("other_language")
        return Understanding(
            lang=chosen,
            mentions=tuple(mentions),
            about=about,
            age=stated_age(text),
            sex=stated_sex(text, other),
            course=durations[0].course if durations else None,
            days=durations[0].days if durations else None,
            severity=severity(text, self._lexicon),
            unclear=_unclear(tokens, mentions),
            notes=tuple(notes),
            named=tuple(name for name, status in named if status == "present"),
            denied=tuple(name for name, status in named if status == "absent"),
            words=told_words(tokens, mentions),
        )

    @cached_property
    def resemblance(self) -> Resemblance:
        """How much words resemble each condition's description; made when first asked."""
        return Resemblance(self.base, self._lexicon.digest, self._tokeniser)

    def _named(
        self, text: str, tokens: list[Token], cues: list[Cue], mentions: list[Mention], brief: bool
    ) -> list[tuple[str, Status]]:
        """Conditions told by name, except where the same words already tell a risk factor."""
        background = [m for m in mentions if self.base.findings[m.finding].kind == "risk"]
        matches = [
            match for match in self._conditions.find(text, tokens)
            if not any(
                m.start <= tokens[match.at[0]].start and tokens[match.at[-1]].end <= m.end
                for m in background
            )
        ]  # fmt: skip
        judged = judge(matches, tokens, cues, text, brief)
        own = [j for j in judged if j.whose == "self" and j.status in ("present", "absent")]
        return list({j.match.finding: j.status for j in own}.items())

    def _attributes(
        self, tokens: list[Token], judged: list[Judged], known: tuple[str, ...]
    ) -> list[Match]:
        said = {j.match.finding for j in judged}
        parents: list[tuple[str, int]] = [(name, -1) for name in known]
        for j in judged:
            if j.status == "present":
                name: str | None = j.match.finding
                while name is not None:
                    parents.append((name, j.match.at[-1]))
                    name = self.base.findings[name].parent
        extra = self._phrases.attributes(tokens, parents)
        unique: dict[str, Match] = {}
        for match in best(extra):
            if match.finding not in said:
                unique.setdefault(match.finding, match)
        return list(unique.values())

    def _mention(self, judged: Judged, tokens: list[Token], message: str) -> Mention:
        typo = any(tokens[i].typo for i in judged.match.at)
        status = judged.status
        if status == "past" and self.base.findings[judged.match.finding].kind in ("risk", "test"):
            status = "present"
        words = message[judged.start : judged.end].lower()
        kind = self.base.findings[judged.match.finding].kind
        if status == "absent" and kind == "risk" and _CALLED_NORMAL.match(message, judged.end):
            status = "present"  # a normal antenatal visit denies no pregnancy
        if status == "uncertain" and _EVENT.search(words):
            status = "present"  # "he may have swallowed a magnet" is a report, not a doubt
        return Mention(
            judged.match.finding, status, judged.whose, judged.start, judged.end,
            message[judged.start : judged.end], "typo" if typo else "words",
        )  # fmt: skip

    def _measured(
        self, measures: list[Measure], mentions: list[Mention], message: str
    ) -> list[Mention]:
        """What the numbers say: a finding in whose range they lie, and which test they clear."""
        found: list[Mention] = []
        cleared: list[Mention] = []
        out: set[str] = set()  # quantities of which a number lies in some range
        for measure in measures:
            for quantity, low, high, finding in self._rules:
                if quantity != measure.quantity:
                    continue
                told = Mention(finding, "present", "self", measure.start, measure.end,
                               message[measure.start : measure.end], "measure")  # fmt: skip
                if low <= measure.value < high:
                    out.add(quantity)
                    if not any(_same(m, told) for m in mentions):
                        found.append(told)
                elif _well_clear(quantity, measure.value, low, high):
                    cleared.append(replace(told, status="absent"))
        said = {m.finding for m in mentions}
        clear = {f: q for q, _, _, f in self._rules}
        return found + [
            m for m in cleared if m.finding not in said and clear[m.finding] not in out
            and self.base.findings[m.finding].kind in ("sign", "test")
        ]  # fmt: skip

    def _within_range(self, mentions: list[Mention], measures: list[Measure]) -> list[Mention]:
        """Without what words make of a number that lies elsewhere ("5 months pregnant")."""
        out = []
        for mention in mentions:
            ranges = [(q, low, high) for q, low, high, f in self._rules if f == mention.finding]
            wrong = any(
                m.quantity == quantity and not low <= m.value < high
                and m.start < mention.end and mention.start < m.end
                for quantity, low, high in ranges for m in measures
            )  # fmt: skip
            if not wrong or mention.status != "present":
                out.append(mention)
        return out

    def _settled_by_number(
        self, mentions: list[Mention], measures: list[Measure], text: str
    ) -> list[Mention]:
        """Questions after a limit, settled by the person's own figure or left a question."""
        questions = [hit.span() for hit in _LIMIT_ASKED.finditer(text)]
        if not questions:
            return mentions
        out = []
        for mention in mentions:
            asked = any(a < mention.end and mention.start < b for a, b in questions)
            quantities = {q for q, _, _, finding in self._rules if finding == mention.finding}
            if asked and mention.status == "present":
                own = [m for m in measures if m.quantity in quantities]
                status: Status = "absent" if own else "feared"
                mention = replace(mention, status=status)
            out.append(mention)
        return out

    def _normal(self, text: str, mentions: list[Mention], message: str) -> list[Mention]:
        """What is denied by calling a function of the body normal."""
        said = {m.finding for m in mentions}
        found = []
        for normal in self._normals.find(text):
            for finding in normal.denies:
                if finding in self.base.findings and finding not in said:
                    said.add(finding)
                    found.append(Mention(finding, "absent", "self", normal.start, normal.end,
                                         message[normal.start : normal.end], "words"))  # fmt: skip
        return found


def _well_clear(quantity: str, value: float, low: float, high: float) -> bool:
    """Whether a number lies so far from a range that it speaks against it."""
    margin = _CLEAR_BY.get(quantity)
    if margin is None:
        return False
    return value >= high * (1 + margin) if low <= 0 else value <= low * (1 - margin)


def _same(one: Mention, other: Mention) -> bool:
    return (one.finding, one.status, one.whose) == (other.finding, other.status, other.whose) and (
        one.start < other.end and other.start < one.end
    )


# How far, in parts of the limit, a number must lie from a range to speak against it.
_CLEAR_BY = {"oxygen": 0.02, "pulse": 0.1, "systolic": 0.1, "sugar": 0.1, "haemoglobin": 0.05,
             "platelets": 0.1, "white_cells": 0.1, "standing_fall": 0.5}  # fmt: skip
_CALLED_NORMAL = re.compile(
    r"[^,.;，。；]{0,6}?(?:\b(?:normal|intact|unremarkable)\b|正常|无异常|未见异常|没问题)"
)
_LIMIT_ASKED = re.compile(
    r"\b(?:what|which|how (?:low|high))\b[^.!?;]{0,40}?\b(?:counts? as|is (?:too|considered)|"
    r"are (?:too|considered)|means?|would be)\b[^.!?;,]{0,24}|"
    r"[^，。？；]{0,8}(?:多少|几度|多高|多低)[^，。？；]{0,4}算[^，。？；]{0,6}"
)
_ONLY_WEEKS = re.compile(r"\d{1,2}(?:\+\d)?\s*-?(?:weeks?|wks?|周)了?")
_PREGNANCY = re.compile(
    r"\b(?:pregnan\w*|gestation\w*|baby|waters|contractions?|midwife|fo?etal|womb|due date|"
    r"antenatal|trimester|gravida|g\d\s?p\d|bump)\b|孕|胎|宫缩|羊水|产检|见红|预产|妊娠|宝宝"
)
_EVENT = re.compile(
    r"\b(?:swallow\w*|ate|eaten|drank|drunk|took|taken|overdos\w*|bitten|bit|stung|inhaled|choked|"
    r"fell|knocked|hit|poison\w*)\b|吞|咽下|误食|误服|误吸|吃了|吃下|喝了|喝下|服了|中毒|咬|蜇|摔|撞|砸|磕|呛|塞进"
)


def _of_pregnancy(mentions: list[Mention], measures: list[Measure], text: str) -> list[Mention]:
    """Without mere spans of weeks where nothing speaks of a pregnancy ("a cough for 30 weeks")."""
    if any(m.quantity == "gestation" for m in measures) or _PREGNANCY.search(text):
        return mentions
    return [m for m in mentions if not _ONLY_WEEKS.fullmatch(text[m.start : m.end])]


def language_of(text: str) -> Lang:
    """zh where Chinese characters outnumber a third of the Latin words, else en."""
    chinese = sum("\u3400" <= c <= "\u9fff" for c in text)
    words = len(re.findall(r"[a-z]+", text))
    return "zh" if chinese > words else "en"


def _measure_rules(base: Base) -> list[tuple[str, float, float, str]]:
    path = BASE / "lexicon" / "measures.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        rules = [
            (
                str(r["quantity"]),
                float(r.get("from", 0)),
                float(r.get("below", 1e9)),
                str(r["finding"]),
            )
            for r in table["rule"]
        ]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError([Fault("lexicon/measures.toml", 0, str(error), "Mend it.")]) from None
    return [rule for rule in rules if rule[3] in base.findings]


def _without_ages(tokens: list[Token], ages: list[tuple[int, int]]) -> list[Token]:
    return [
        replace(token, key="", kind="skip")
        if any(a <= token.start and token.end <= b for a, b in ages)
        else token
        for token in tokens
    ]


def _about(mentions: list[Mention], cues: list[Cue], text: str) -> tuple[str, list[Mention]]:
    """Whom the message is about; what is said of that person becomes the person's own."""
    others = [m.whose for m in mentions if m.whose != "self" and m.status in ("present", "absent")]
    own = [m for m in mentions if m.whose == "self" and m.status in ("present", "uncertain")
           and m.how != "measure"]  # fmt: skip
    explicit = [c for c in cues if "self_words" in c.roles and not _possessive(c, cues)]
    # "I can't wake her" tells of her.
    own = [m for m in own if explicit and not _OF_OTHER.search(_clause(text, m))]
    dependants = {c.text for c in cues if "dependants" in c.roles}
    animals = {c.text for c in cues if "animals" in c.roles}
    if own or not others:
        return "self", mentions
    first = others[0]
    if first in animals:
        return first, mentions
    if first in dependants:
        theirs = [m for m in mentions if m.whose == first]
        now = [m for m in theirs if _present_tense(_clause(text, m, _STOPS))]
        if now:
            gone = {id(m) for m in theirs} - {id(m) for m in now}
            return first, [_taken_over(m, first, id(m) in gone) for m in mentions]
    return "self", mentions


def _taken_over(mention: Mention, who: str, gone: bool) -> Mention:
    """What is said of the person the message is about, as that person's own."""
    if mention.whose != who:
        return mention
    status: Status = "past" if gone and mention.status == "present" else mention.status
    return replace(mention, whose="self", status=status)


def _possessive(cue: Cue, cues: list[Cue]) -> bool:
    """Whether a word for oneself only says whose relative is meant ("my son")."""
    people = ("relatives", "dependants", "animals")
    return any(
        0 <= other.start - cue.end <= 16 and any(role in other.roles for role in people)
        for other in cues
    ) and cue.text in ("my", "我")


_STOPS = ".!?。！？\n"
_OF_OTHER = re.compile(r"\b(her|him|she|he|them|his)\b|她|他")
_LONG_GONE = re.compile(
    r"\b(died|passed away|used to|years ago|last (year|month|winter|summer)|"
    r"as a (baby|child|kid|toddler)|when (he|she|i|they) (was|were)|in (19|20)\d\d|"
    r"recovered|got over|survived|got better|back then)\b|"
    r"去世|过世|年前|去年|小时候|以前(?!.{0,3}没)|曾经|得过|(19|20)\d\d年|上个月|已经好了|那年|后来好了"
)
_GONE = re.compile(r"\b(had|was|were|suffered)\b")
_NOW = re.compile(
    r"\b(has|is|have|are|can not|cannot|can't|keeps?|won't|now|just|took|swallowed|started|"
    r"been|today|"
    r"minutes?|hours?|tonight|this (morning|evening|afternoon))\b|'s\b"
)


_YET_NOW = re.compile(
    r"\b(now|today|tonight|just|this morning|since)\b|现在|今天|刚|突然|昨|这几天|这两天"
)
_WELL_NOW = re.compile(
    r"\b(fine|ok|okay|well|better|healthy|good|\d+) now\b|现在(已经)?(好了|没事|很好|健康)"
)


def _present_tense(text: str) -> bool:
    if _LONG_GONE.search(text):
        return bool(_YET_NOW.search(text)) and not _WELL_NOW.search(text)
    return bool(_NOW.search(text)) or not _GONE.search(text)


def _clause(text: str, mention: Mention, marks: str = ".,;!?。，；！？\n") -> str:
    """What stands between the marks around a mention."""
    before = max(text.rfind(mark, 0, mention.start) for mark in marks)
    after = [at for mark in marks if (at := text.find(mark, mention.end)) >= 0]
    return text[before + 1 : min(after, default=len(text))]


def _animals(roles: dict[str, frozenset[str]]) -> frozenset[str]:
    return roles["animals"]


def _looks_english(tokens: list[Token]) -> bool:
    from moongate.health.language.tokens import english_words

    words = [w for t in tokens if t.raw.isascii() for w in t.raw.split() if w.isalpha()]
    known = sum(word in english_words() for word in words)
    return bool(words) and known >= 0.6 * len(words)


def _unclear(tokens: list[Token], mentions: list[Mention]) -> tuple[tuple[int, int], ...]:
    """Clauses with at least one telling word and no negation, none of them part of a mention."""
    spans: list[tuple[int, int]] = []
    clause: list[Token] = []
    for token in [*tokens, Token(0, 0, "", "", "stop")]:
        if token.kind in ("stop", "comma", "turn"):
            telling = [t for t in clause if t.kind == "word"]
            if telling and not any(t.key == NOT for t in clause):
                start, end = clause[0].start, clause[-1].end
                if not any(m.start < end and start < m.end for m in mentions):
                    spans.append((start, end))
            clause = []
        else:
            clause.append(token)
    return tuple(spans)
