"""A diagnosis by name, from anywhere, to the conditions of the base."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator

from moongate.health.knowledge.check import own_names, plain
from moongate.health.knowledge.faults import Fault, KnowledgeError
from moongate.health.knowledge.loader import BASE, Base
from moongate.health.knowledge.schema import LANGS
from moongate.health.language.lexicon import stem
from moongate.health.language.tokens import simplify

_SMALL = frozenset(
    {
        "of",
        "the",
        "a",
        "an",
        "in",
        "with",
        "due",
        "to",
        "and",
        "or",
        "by",
        "disease",
        "syndrome",
        "disorder",
    }
)
MAX_BROAD = 8


class Names:
    """Looks names up: a condition's own and narrower names first, then broader ones.

    Spelling is forgiven (case, accents, plural, word order, brackets, British or American,
    traditional characters). Then lexicon/names.toml says which words are equal and which qualifiers
    may be taken away. Which names mean a condition stands in the base alone.
    """

    def __init__(self, base: Base) -> None:
        self._base = base
        self._equal, self._qualifiers = _tables()
        self._own: dict[str, str] = {}
        self._loose: dict[tuple[str, ...], str] = {}
        self._broad: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, condition in base.conditions.items():
            for text in own_names(condition):
                for form in _forms(text):
                    self._own.setdefault(form, name)
                    self._loose.setdefault(_key(form), name)
            for lang in LANGS:
                for text in getattr(condition.broader, lang):
                    for form in _forms(text):
                        if name not in self._broad[_key(form)]:
                            self._broad[_key(form)].append(name)

    def find(self, text: str) -> tuple[str, ...]:
        """The conditions that the name means; several for a broader name, none when unknown."""
        for variant in self._variants(_forms(text)):
            found = self._exact(variant)
            if found:
                return found
        return ()

    def _variants(self, forms: list[str]) -> Iterator[list[str]]:
        """The forms as written, then with equal words, then without qualifiers, then both."""
        yield forms
        equal = self._exchanged(forms)
        if equal:
            yield equal
        bare = forms
        for _ in range(2):
            bare = self._unqualified(bare)
            if not bare:
                return
            yield bare
            equal = self._exchanged(bare)
            if equal:
                yield equal

    def _exchanged(self, forms: list[str]) -> list[str]:
        out = []
        for form in forms:
            for lang in LANGS:
                for one, other in self._equal[lang]:
                    for a, b in ((one, other), (other, one)):
                        if a and (a in form if lang == "zh" else f" {a} " in f" {form} "):
                            changed = form.replace(a, b) if lang == "zh" else f" {form} ".replace(
                                f" {a} ", f" {b} ").strip()  # fmt: skip
                            if len(changed) > 1:
                                out.append(changed)
                if lang == "zh" and form and not form.isascii():
                    out += [form + "症", form + "病"]
        return list(dict.fromkeys(out))

    def _unqualified(self, forms: list[str]) -> list[str]:
        out = []
        for form in forms:
            for word in self._qualifiers["en"]:
                if f" {word} " in f" {form} ":
                    out.append(" ".join(f" {form} ".replace(f" {word} ", " ").split()))
            for word in self._qualifiers["zh"]:
                if form.startswith(word):
                    out.append(form.removeprefix(word))
        return [form for form in dict.fromkeys(out) if len(form) > 1]

    def _exact(self, forms: list[str]) -> tuple[str, ...]:
        for form in forms:
            if form in self._own:
                return (self._own[form],)
        for form in forms:
            if _key(form) in self._loose:
                return (self._loose[_key(form)],)
        for form in forms:
            broad = self._broad.get(_key(form))
            if broad:
                return tuple(broad[:MAX_BROAD])
        return ()


def _tables() -> tuple[dict[str, list[list[str]]], dict[str, list[str]]]:
    try:
        table = tomllib.loads((BASE / "lexicon" / "names.toml").read_text(encoding="utf-8"))
        return table["equal"], table["qualifiers"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError([Fault("lexicon/names.toml", 0, str(error), "Mend it.")]) from None


def _forms(text: str) -> list[str]:
    """The name as written, without its brackets, and what stands in them."""
    whole = simplify(text)
    outside = re.sub(r"[（(][^（）()]*[)）]", " ", whole)
    inside = re.findall(r"[（(]([^（）()]*)[)）]", whole)
    parts = [whole, outside, *inside, *re.split(r"\s*/\s*", outside)]
    return list(dict.fromkeys(form for form in (plain(part) for part in parts) if form))


def _key(form: str) -> tuple[str, ...]:
    words = [stem(word) for word in form.split()]
    kept = [word for word in words if word not in _SMALL]
    return tuple(sorted(kept or words))
