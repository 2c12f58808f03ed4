"""One assessment: what was said so far, what to ask next, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from moongate.health.alarm.model import SILENT, Alarm, Sounds
from moongate.health.explanation import Explained, explain
from moongate.health.inference.network import Evidence, Network, build_network
from moongate.health.inference.posterior import Posterior, posterior
from moongate.health.inference.questions import Question, next_question
from moongate.health.inference.red_flags import fired
from moongate.health.inference.triage import Triage, decide, raised
from moongate.health.knowledge.check import load
from moongate.health.knowledge.loader import BASE, Base
from moongate.health.knowledge.schema import Course, Lang, Sex
from moongate.health.language.meaning import Meaning, Proposal
from moongate.health.language.understand import Reader, Understanding

MAX_AGE = 120.0
MAX_PROPOSALS = 12
# Words that call something normal are near, in meaning, to what they deny.
_NORMAL = re.compile(
    r"\b(?:normal|unremarkable|negative|intact|within limits)\b|正常|阴性|未见|无殊|如常",
    re.IGNORECASE,
)
# Messages with these notes are not about how a person feels.
NO_ALARM = frozenset({"animal", "other_language", "no_words", "empty"})
Answer = Literal["present", "absent", "unknown"]


class AssessmentError(ValueError):
    """Something about the person cannot be true; says the field and the mend."""


@dataclass(frozen=True)
class Assessment:
    """Everything said in one assessment. Values are immutable: each step gives a new one."""

    lang: Lang
    evidence: Evidence
    asked: tuple[Question, ...] = ()
    heard: tuple[Understanding, ...] = ()
    about: str = "self"
    contradictions: tuple[str, ...] = ()
    sounds: Sounds = SILENT
    edition: str = ""

    @property
    def red_flags_asked(self) -> int:
        return sum(question.why == "red flag" for question in self.asked)


@dataclass(frozen=True)
class Result:
    """What an assessment comes to: urgency, the likeliest conditions, and why.

    `in_crisis`: someone may take their life or be killed; crisis numbers are shown. `withheld`:
    conditions that would be named here and are switched off; they count towards urgency all the
    same.
    """

    triage: Triage
    posterior: Posterior
    conditions: tuple[tuple[str, float], ...]
    explained: tuple[Explained, ...] = ()
    in_crisis: bool = False
    withheld: tuple[str, ...] = ()


@dataclass
class Engine:
    """The knowledge base made ready. Make it once: it takes a second or two.

    `withheld` answers the conditions that are switched off just now: none of them is named.
    """

    base: Base
    withheld: Callable[[], frozenset[str]] = frozenset
    network: Network = field(init=False)

    def __post_init__(self) -> None:
        self.network = replace(build_network(self.base), resemblance=self._resembles)

    def _resembles(self, words: frozenset[str]) -> NDArray[np.float64]:
        return self.reader.resemblance.scores(words)

    @classmethod
    def load(cls, folder: Path = BASE) -> Engine:
        """The engine over a knowledge folder.

        Raises:
            KnowledgeError: the base has a grave fault; it is never started on one.
        """
        return cls(load(folder))

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.base)

    @cached_property
    def alarm(self) -> Alarm:
        return Alarm()

    @cached_property
    def meaning(self) -> Meaning:
        return Meaning(self.base)

    def proposals(self, heard: Understanding, text: str) -> tuple[Proposal, ...]:
        """Findings that the words nothing matched may mean, for the person to confirm.

        Denied words and words that call something normal propose nothing; `text` is the message
        as it was heard.
        """
        clauses = [text[a:b] for a, b in heard.unclear if b - a >= 2]
        clauses = [clause for clause in clauses if not _NORMAL.search(clause)][:MAX_PROPOSALS]
        known = set(heard.findings("present", "absent"))
        found = self.meaning.propose(clauses)
        return tuple(p for p in found if p is not None and p.finding not in known)

    def confirm(self, assessment: Assessment, finding: str, answer: Answer) -> Assessment:
        """The assessment after the person's answer to a proposal; "unknown" changes nothing."""
        evidence = assessment.evidence
        if answer != "unknown":
            evidence = evidence.with_(finding, answer)
        return replace(assessment, evidence=self.network.closed(evidence))

    def begin(
        self,
        *,
        lang: Lang = "en",
        age: float | None = None,
        sex: Sex | None = None,
        country: str | None = None,
    ) -> Assessment:
        """An assessment of which nothing is known but who it is about.

        Raises:
            AssessmentError: an age below 0 or above 120 years.
        """
        if age is not None and not 0 <= age <= MAX_AGE:
            raise AssessmentError(f"age must be from 0 to {MAX_AGE:g} years (received: {age:g})")
        place = country or ("cn" if lang == "zh" else "uk")
        return Assessment(
            lang, Evidence(age=age, sex=sex, country=place), edition=self.base.edition
        )

    def tell(self, assessment: Assessment, text: str, lang: Lang | None = None) -> Assessment:
        """The assessment after free text, at any time."""
        heard = self.reader.understand(text, lang, tuple(sorted(assessment.evidence.present)))
        noted = self.note(assessment, heard)
        if NO_ALARM & set(heard.notes):
            return noted
        return replace(noted, sounds=noted.sounds.or_worse(self.alarm.hear(text)))

    def note(self, assessment: Assessment, heard: Understanding) -> Assessment:
        """The assessment after an understanding: what is present, absent, how old, how long."""
        evidence = assessment.evidence
        contradictions = list(assessment.contradictions)
        for finding in heard.findings("absent"):
            if finding in evidence.present and finding not in heard.findings("present"):
                contradictions.append(finding)
            evidence = evidence.with_(finding, "absent")
        for finding in heard.findings("present"):
            if finding in evidence.absent and finding not in heard.findings("absent"):
                contradictions.append(finding)
            evidence = evidence.with_(finding, "present")
        age = heard.age if heard.age is not None and 0 <= heard.age <= MAX_AGE else None
        evidence = self._of_that_age(evidence, evidence.age if evidence.age is not None else age)
        sex = evidence.sex or heard.sex or self._implied_sex(evidence)
        evidence = replace(
            evidence,
            age=evidence.age if evidence.age is not None else age,
            sex=sex,
            course=evidence.course or heard.course,
            named=(evidence.named | set(heard.named)) - set(heard.denied),
            denied=(evidence.denied | set(heard.denied)) - set(heard.named),
            words=evidence.words | heard.words,
        )
        about = heard.about if heard.about != "self" else assessment.about
        return replace(
            assessment,
            evidence=self.network.closed(evidence),
            heard=(*assessment.heard, heard),
            about=about,
            contradictions=tuple(dict.fromkeys(contradictions)),
        )

    def _of_that_age(self, evidence: Evidence, age: float | None) -> Evidence:
        """Without findings that only other ages have (a baby's soft spot in a man of seventy)."""
        if age is None:
            return evidence
        table = self.base.findings
        other = {
            name
            for name in evidence.present
            if (span := table[name].age) is not None and not span[0] <= age <= span[1]
        }
        return replace(evidence, present=evidence.present - other)

    def answer(
        self,
        assessment: Assessment,
        question: Question,
        answers: Mapping[str, Answer],
        course: Course | None = None,
    ) -> Assessment:
        """The assessment after an answer; findings of the question left out count as unknown."""
        evidence = assessment.evidence
        if question.kind == "course":
            evidence = replace(evidence, course=course or evidence.course)
            if course is None:
                evidence = evidence.with_("course_days", "unknown")
        else:
            for finding in question.findings:
                evidence = evidence.with_(finding, answers.get(finding, "unknown"))
        return replace(
            assessment,
            evidence=self.network.closed(evidence),
            asked=(*assessment.asked, question),
        )

    def question(self, assessment: Assessment) -> Question | None:
        """The next question, or None when it is time for the result."""
        if len(assessment.asked) >= self.network.settings.max_questions:
            return None
        crisis = any(fire.rule.crisis for fire in fired(self.network, assessment.evidence))
        if crisis or assessment.sounds.in_crisis:
            return None
        found = posterior(self.network, assessment.evidence, exact=False)
        asked = assessment.red_flags_asked
        question = next_question(self.network, assessment.evidence, found, asked)
        # The other reasons name no condition.
        if question is not None and question.why == "tells apart":
            if self.withheld().intersection(question.about):
                question = replace(question, about=())
        return question

    def result(self, assessment: Assessment, *, most: int = 10) -> Result:
        """Urgency, the `most` likeliest conditions with their probabilities, and the reasons."""
        evidence = self.network.closed(assessment.evidence)
        found = posterior(self.network, evidence)
        sounds = assessment.sounds
        triage = raised(decide(self.network, evidence, found), sounds.level, sounds.in_crisis)
        off = self.withheld()
        names = [self.network.conditions[i] for i in found.order]
        named = [name for name in names if name not in off][:most]
        at = self.network.condition_at
        conditions = tuple((name, float(found.probability[at[name]])) for name in named)
        return Result(
            triage,
            found,
            conditions,
            tuple(explain(self.network, evidence, c) for c, _ in conditions[:5]),
            assessment.sounds.in_crisis or any(fire.rule.crisis for fire in triage.flags),
            tuple(name for name in names[:most] if name in off),
        )

    def _implied_sex(self, evidence: Evidence) -> Sex | None:
        """The sex that only one sex's findings imply."""
        kinds = {self.base.findings[name].sex for name in evidence.present} - {None}
        return kinds.pop() if len(kinds) == 1 else None
