"""An assessment as a FHIR R4 bundle (type `collection`) of the resources a clinic's system reads.

Findings and conditions carry the knowledge's own ids in `urn:moongate:…` systems, conditions also
their ICD-10 codes. What the program inferred is labelled as asserted by artificial intelligence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from moongate.health.knowledge.schema import LEVELS, Lang
from moongate.health.records.snapshot import Asked, Flag, Named, Possible, Snapshot
from moongate.health.wording import say

Resource = dict[str, Any]
ICD10 = "http://hl7.org/fhir/sid/icd-10"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
FINDING = "urn:moongate:finding"
CONDITION = "urn:moongate:condition"
LEVEL = "urn:moongate:urgency"
RULE = "urn:moongate:red-flag"
# Inferred by a machine, said in the way FHIR says it.
BY_MACHINE = {
    "security": [
        {
            "system": f"{TERMINOLOGY}v3-ObservationValue",
            "code": "AIAST",
            "display": "Artificial Intelligence asserted",
        }
    ]
}
LANGUAGES: dict[Lang, str] = {"en": "en-GB", "zh": "zh-CN"}


@dataclass(frozen=True)
class About:
    """What a bundle needs besides the snapshot.

    `record` is the public id that all ids derive from; `consented` when the owner agreed to keep
    records, and to which version of the text; `name` of whom it is about, where it shall be told.
    """

    record: UUID
    created: datetime
    consented: datetime
    consent_version: int
    name: str = ""


def bundle(snapshot: Snapshot, about: About, lang: Lang) -> Resource:
    """The bundle as JSON values; displays and texts in `lang`. The same input gives the same."""
    make = _Maker(snapshot, about, lang)
    inputs = [make.words(), *make.findings()]
    made = [
        make.patient(),
        make.device(),
        make.questionnaire_response(),
        *inputs,
        make.urgency(),
        make.risk_assessment(inputs),
        *make.flags(),
        make.consent(),
    ]
    made.append(make.provenance(made))
    return {
        "resourceType": "Bundle",
        "id": str(about.record),
        "meta": {"lastUpdated": make.created},
        "language": LANGUAGES[lang],
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{about.record}"},
        "type": "collection",
        "timestamp": make.created,
        "entry": [
            {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in made
        ],
    }


class _Maker:
    """Makes the resources of one bundle, which refer to each other by ids derived from names."""

    def __init__(self, snapshot: Snapshot, about: About, lang: Lang) -> None:
        self.snapshot, self.about, self.lang = snapshot, about, lang
        self.created = instant(about.created)

    def patient(self) -> Resource:
        made: Resource = {
            **self._resource("Patient", "patient"),
            "gender": self.snapshot.sex or "unknown",
        }
        if self.about.name:
            made["name"] = [{"use": "usual", "text": self.about.name}]
        return made

    def device(self) -> Resource:
        return {
            **self._resource("Device", "device"),
            "status": "active",
            "deviceName": [{"name": "Moongate health assessment", "type": "user-friendly-name"}],
            "type": {"text": "Software: symptom assessment; no registered medical device"},
            "version": [{"value": self.snapshot.knowledge}],
        }

    def questionnaire_response(self) -> Resource:
        items = [
            {"linkId": f"words-{n}", "text": say("begin", self.lang),
             "answer": [{"valueString": words}]}
            for n, words in enumerate(filter(None, map(_plain, self.snapshot.words)), start=1)
        ]  # fmt: skip
        items += [self._item(n, asked) for n, asked in enumerate(self.snapshot.asked, start=1)]
        made: Resource = {
            **self._resource("QuestionnaireResponse", "answers"),
            "status": "completed",
            "subject": self._to("patient"),
            "author": self._to("patient"),
            "authored": self.created,
        }
        return {**made, "item": items} if items else made

    def words(self) -> Resource:
        """The complaint in the person's own words, as an observation."""
        return {
            **self._observation("complaint", LOINC, "10154-3", "Chief complaint Narrative"),
            "valueString": _plain("\n\n".join(self.snapshot.words)) or "-",
        }

    def findings(self) -> list[Resource]:
        """One observation for each finding said to be there or not; and the age."""
        made = [
            {
                **self._observation(
                    f"finding-{found.id}", FINDING, found.id, found.name.in_(self.lang)
                ),
                "valueBoolean": there,
            }
            for there, findings in ((True, self.snapshot.present), (False, self.snapshot.absent))
            for found in findings
        ]
        if self.snapshot.age_years is not None:
            age = {
                **self._observation("age", LOINC, "30525-0", "Age"),
                "valueQuantity": {
                    "value": self.snapshot.age_years,
                    "unit": "years",
                    "system": UCUM,
                    "code": "a",
                },
            }
            made.append(age)
        return made

    def urgency(self) -> Resource:
        snapshot = self.snapshot
        made = self._observation("urgency", LEVEL, "urgency", say("urgency", self.lang))
        return {
            **made,
            "meta": BY_MACHINE,
            "valueCodeableConcept": {
                "coding": [
                    {
                        "system": LEVEL,
                        "code": snapshot.level.replace("_", "-"),
                        "display": snapshot.level_name.in_(self.lang),
                    }
                ],
                "text": snapshot.do.in_(self.lang),
            },
            "component": [
                {
                    "code": {"coding": [{"system": LEVEL, "code": level.replace("_", "-")}]},
                    "valueQuantity": {"value": probability},
                }
                for level, probability in zip(LEVELS, snapshot.levels, strict=True)
            ],
        }

    def risk_assessment(self, inputs: Iterable[Resource]) -> Resource:
        made: Resource = {
            **self._resource("RiskAssessment", "conditions"),
            "meta": BY_MACHINE,
            "status": "final",
            "method": {
                "text": f"Noisy-OR network, {self.snapshot.method} posterior; knowledge "
                f"{self.snapshot.knowledge}"
            },
            "subject": self._to("patient"),
            "occurrenceDateTime": self.created,
            "performer": self._to("device"),
            "basis": [{"reference": f"urn:uuid:{given['id']}"} for given in inputs],
            "mitigation": self.snapshot.do.in_(self.lang),
            "note": [{"text": f"{say('uncertain', self.lang)} {say('disclaimer', self.lang)}"}],
        }
        if self.snapshot.withheld:
            made["note"].append({"text": say("withheld", self.lang)})
        if self.snapshot.conditions:
            made["prediction"] = [self._prediction(named) for named in self.snapshot.conditions]
        return made

    def flags(self) -> list[Resource]:
        return [self._flag(flag) for flag in self.snapshot.flags]

    def consent(self) -> Resource:
        return {
            **self._resource("Consent", "consent"),
            "status": "active",
            "scope": _coded(f"{TERMINOLOGY}consentscope", "patient-privacy", "Privacy Consent"),
            "category": [_coded(LOINC, "59284-0", "Consent Document")],
            "patient": self._to("patient"),
            "dateTime": instant(self.about.consented),
            "policyRule": {
                "text": f"Moongate: health_records, version {self.about.consent_version}"
            },
            "provision": {"type": "permit"},
        }

    def provenance(self, targets: Iterable[Resource]) -> Resource:
        return {
            **self._resource("Provenance", "provenance"),
            "target": [{"reference": f"urn:uuid:{made['id']}"} for made in targets],
            "recorded": self.created,
            "activity": {"text": "Self-assessment by conversation with a program"},
            "agent": [
                {
                    "type": _coded(f"{TERMINOLOGY}provenance-participant-type", "author", "Author"),
                    "who": self._to("patient"),
                },
                {
                    "type": _coded(
                        f"{TERMINOLOGY}provenance-participant-type", "assembler", "Assembler"
                    ),
                    "who": self._to("device"),
                },
            ],
        }

    def _resource(self, kind: str, name: str) -> Resource:
        return {"resourceType": kind, "id": str(uuid5(self.about.record, name))}

    def _to(self, name: str) -> Resource:
        return {"reference": f"urn:uuid:{uuid5(self.about.record, name)}"}

    def _observation(self, name: str, system: str, code: str, display: str) -> Resource:
        return {
            **self._resource("Observation", name),
            "status": "final",
            "category": [_coded(f"{TERMINOLOGY}observation-category", "survey", "Survey")],
            "code": _coded(system, code, display),
            "subject": self._to("patient"),
            "effectiveDateTime": self.created,
        }

    def _item(self, number: int, asked: Asked) -> Resource:
        item: Resource = {"linkId": f"question-{number}", "text": asked.text.in_(self.lang)}
        if asked.course is not None:
            item["answer"] = [{"valueString": asked.course.in_(self.lang)}]
        elif asked.answers:
            item["item"] = [
                {
                    "linkId": f"question-{number}-{n}",
                    "text": given.finding.name.in_(self.lang),
                    **_answer(given.answer),
                }
                for n, given in enumerate(asked.answers, start=1)
            ]
        return item

    def _prediction(self, named: Possible) -> Resource:
        coding = [{"system": CONDITION, "code": named.id, "display": named.name.in_(self.lang)}]
        coding += [{"system": ICD10, "code": code} for code in named.icd10]
        made: Resource = {
            "outcome": {"coding": coding, "text": named.name.in_(self.lang)},
            "probabilityDecimal": named.probability,
        }
        reasons = [
            say(key, self.lang) + ", ".join(found.name.in_(self.lang) for found in findings)
            for key, findings in (("for", named.for_), ("against", named.against))
            if findings
        ]
        return {**made, "rationale": "; ".join(reasons)} if reasons else made

    def _flag(self, flag: Flag) -> Resource:
        return {
            **self._resource("Flag", f"flag-{flag.id}"),
            "meta": BY_MACHINE,
            "status": "active",
            "category": [_coded(f"{TERMINOLOGY}flag-category", "safety", "Safety")],
            "code": {
                "coding": [{"system": RULE, "code": flag.id}],
                "text": f"{flag.why.in_(self.lang)} ({self._names(flag.because)})",
            },
            "subject": self._to("patient"),
            "period": {"start": self.created},
            "author": self._to("device"),
        }

    def _names(self, findings: Iterable[Named]) -> str:
        return ", ".join(found.name.in_(self.lang) for found in findings)


def instant(moment: datetime) -> str:
    """A time as FHIR writes it, to the second and in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _answer(answer: str) -> Resource:
    if answer == "unknown":
        return {}
    return {"answer": [{"valueBoolean": answer == "present"}]}


def _coded(system: str, code: str, display: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def _plain(text: str) -> str:
    """A string that FHIR admits: no control characters but tab and line breaks, not blank."""
    return "".join(c for c in text if c in "\t\n\r" or c.isprintable() or c.isspace()).strip()
