"""The words the language layer knows: ideas shared by both languages, and each language's cues."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import snowballstemmer

from moongate.health.knowledge.faults import Fault, KnowledgeError
from moongate.health.knowledge.loader import BASE

NOT = "NOT"
KIN = "KIN"
_KIN_EN = frozenset(
    [
        "mother",
        "mum",
        "mom",
        "father",
        "dad",
        "brother",
        "sister",
        "uncle",
        "aunt",
        "cousin",
        "grandmother",
        "grandfather",
        "grandma",
        "grandpa",
        "parents",
        "parent",
        "sibling",
        "siblings",
        "relative",
        "relatives",
        "family",
    ]
)
_KIN_ZH = frozenset(
    [
        "妈妈",
        "爸爸",
        "母亲",
        "父亲",
        "哥哥",
        "弟弟",
        "姐姐",
        "妹妹",
        "爷爷",
        "奶奶",
        "外公",
        "外婆",
        "姥姥",
        "姥爷",
        "亲戚",
        "家人",
        "父母",
        "我妈",
        "我爸",
        "兄弟",
        "姐妹",
    ]
)
_ROLES = (
    "negation", "negation_after", "not_negation", "scope_end", "clause_subject", "uncertain",
    "hypothetical", "past", "relatives", "animals", "dependants", "reporting", "self_words",
    "fiction",
)  # fmt: skip
# The stemmer would make these one with words of another meaning (severe, organ, general …).
_KEPT_WHOLE = frozenset(
    {"several", "fitting", "fits", "organic", "universal", "news", "organisation"}
)
# Words whose stem is another word's: spotting is no rash, pants are no panting, tears no tearing.
_STEMS = {
    "spotting": "spotting", "pants": "pants", "tears": "tears", "tearful": "tears",
    "inhaler": "inhaler", "inhalers": "inhaler", "chesty": "chesty", "chestiness": "chesty",
    "untruth": "untruth", "liar": "untruth",
}  # fmt: skip
_STEMMER = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Cues:
    """One language's cue words by role, its severity words, units, numbers and moments.

    `normal` are body functions with the findings that "normal" after them denies.
    """

    skip: frozenset[str]
    roles: dict[str, frozenset[str]]
    severity: dict[str, tuple[str, ...]]
    units: dict[str, tuple[str, ...]]
    numbers: dict[str, float]
    moments: dict[str, float]
    normal: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Lexicon:
    """`english` maps a sequence of stems to an idea, `chinese` a word to one.

    `generic` ideas never name a finding alone, `circumstances` not even together.
    """

    english: dict[tuple[str, ...], str]
    chinese: dict[str, str]
    generic: frozenset[str]
    circumstances: frozenset[str]
    cues: dict[str, Cues]
    longest: int
    digest: str


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of an English word, with British and American spellings made one."""
    if word in _KEPT_WHOLE:
        return word
    if word in _STEMS:
        return _STEMS[word]
    plain = word
    for long, short in (("oea", "ea"), ("aem", "em"), ("oed", "ed"), ("oes", "es"), ("aes", "es"),
                        ("aec", "ec"), ("oet", "et"), ("aed", "ed"), ("aen", "en")):  # fmt: skip
        plain = plain.replace(long, short)
    if plain.endswith("our") and len(plain) > 5:
        plain = plain[:-3] + "or"
    plain = plain.replace("yse", "yze").replace("ise", "ize") if len(plain) > 6 else plain
    root = str(_STEMMER.stemWord(plain))
    # thirsty and thirst, itchy and itch, sweaty and sweat are one word here.
    return root[:-1] if root.endswith("i") and len(root) > 5 else root


def load_lexicon(folder: Path = BASE / "lexicon") -> Lexicon:
    """The lexicon files.

    Raises:
        KnowledgeError: a file is missing or not as the format page says.
    """
    words = _read(folder / "words.toml")
    generic = frozenset(words.pop("generic", ()))
    circumstances = frozenset(words.pop("circumstances", ()))
    english: dict[tuple[str, ...], str] = {}
    chinese: dict[str, str] = {}
    for idea, forms in words.items():
        for form in forms.get("en", ()):
            english.setdefault(tuple(stem(word) for word in form.split()), idea)
        for form in forms.get("zh", ()):
            chinese.setdefault(form, idea)
    cues = {}
    for lang in ("en", "zh"):
        table = _read(folder / f"{lang}.toml")
        try:
            cues[lang] = Cues(
                skip=frozenset(table["skip"]),
                roles={role: frozenset(table.get(role, ())) for role in _ROLES},
                severity={key: tuple(value) for key, value in table["severity"].items()},
                units={key: tuple(value) for key, value in table["units"].items()},
                numbers={key: float(value) for key, value in table["numbers"].items()},
                moments={key: float(value) for key, value in table["moments"].items()},
                normal={key: tuple(value) for key, value in table.get("normal", {}).items()},
            )
        except (KeyError, TypeError, AttributeError) as error:
            fault = Fault(f"lexicon/{lang}.toml", 0, f"{error} is missing or misshapen", "Mend it.")
            raise KnowledgeError([fault]) from None
    for word in _KIN_EN:
        english.setdefault((stem(word),), KIN)
    for word in _KIN_ZH:
        chinese.setdefault(word, KIN)
    for key in [key for key, idea in english.items() if idea == "family"]:
        english[key] = KIN
    for word in [word for word, idea in chinese.items() if idea == "family"]:
        chinese[word] = KIN
    longest = max(len(key) for key in english)
    return Lexicon(english, chinese, generic, circumstances, cues, longest, _digest(folder))


def _digest(folder: Path) -> str:
    files = sorted(folder.glob("*.toml"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault = Fault(f"lexicon/{path.name}", 0, str(error), "Put the file back or mend it.")
        raise KnowledgeError([fault]) from None
