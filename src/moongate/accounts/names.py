"""Names: what a person may be called, and the friendly names guests are given."""

from __future__ import annotations

import random
import secrets
import unicodedata

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

DISPLAY_NAME_MAX = 40
GUEST_PREFIX = "guest-"
# Letters and signs by Unicode's book, of which nothing is to be seen.
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")

COLOURS = {
    "en": (
        "Amber", "Ash", "Celadon", "Cobalt", "Copper", "Coral", "Crimson", "Ebony", "Fern",
        "Golden", "Heather", "Indigo", "Ivory", "Jade", "Lavender", "Moss", "Ochre", "Pearl",
        "Plum", "Russet", "Saffron", "Scarlet", "Silver", "Slate", "Teal", "Vermilion",
    ),
    "zh-hans": (
        "青花", "朱红", "鹅黄", "月白", "黛蓝", "碧玉", "琥珀", "珊瑚", "胭脂", "墨绿", "藕荷",
        "银灰", "松绿", "杏黄", "绛紫", "天青", "雪白", "铜绿", "石榴", "靛蓝", "秋香", "竹青",
        "金色", "丁香",
    ),
}  # fmt: skip
CREATURES = {
    "en": (
        "Badger", "Barn Owl", "Curlew", "Dormouse", "Falcon", "Fox", "Gannet", "Goldfinch",
        "Grouse", "Hare", "Hedgehog", "Heron", "Kestrel", "Kingfisher", "Lapwing", "Magpie",
        "Marten", "Newt", "Otter", "Puffin", "Red Kite", "Robin", "Salmon", "Seal", "Skylark",
        "Squirrel", "Stag", "Stoat", "Swallow", "Swift", "Vole", "Wren",
    ),
    "zh-hans": (
        "苍鹭", "翠鸟", "海鹦", "水獭", "红隼", "仙鹤", "喜鹊", "白鹭", "云雀", "画眉", "松鼠",
        "刺猬", "小鹿", "雪兔", "燕子", "锦鲤", "鸳鸯", "知更鸟", "猫头鹰", "黄鹂", "海豹", "山雀",
        "雨燕", "狐狸",
    ),
}  # fmt: skip


def guest_username() -> str:
    """A username nobody can choose or guess, since a guest signs in with nothing."""
    return GUEST_PREFIX + secrets.token_hex(12)


def friendly_name(
    language: str | None = None, *, random_source: random.Random | None = None
) -> str:
    """A colour and a creature, in the language given (or the active one)."""
    source = random_source or random.SystemRandom()
    code = "zh-hans" if (language or get_language() or "en").startswith("zh") else "en"
    words = (source.choice(COLOURS[code]), source.choice(CREATURES[code]))
    return "".join(words) if code == "zh-hans" else " ".join(words)


def refuse_guest_prefix(value: str) -> None:
    if value.lower().startswith(GUEST_PREFIX):
        raise ValidationError(
            _("A username cannot begin with “%(prefix)s”."),
            params={"prefix": GUEST_PREFIX},
        )


def validate_display_name(value: str) -> None:
    """No control, direction or invisible characters, which make one name pass for another."""
    if any(_is_hidden(character) for character in value):
        raise ValidationError(_("A name is made of letters, digits, signs and plain spaces."))


def _is_hidden(character: str) -> bool:
    hidden = unicodedata.category(character) in {
        "Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Zs",
    }  # fmt: skip
    return character in BLANKS or (hidden and character != " ")


def presentable(name: str) -> str:
    """A name from elsewhere, made fit for us: nothing hidden, not too long; perhaps empty."""
    seen = "".join(" " if _is_hidden(character) else character for character in name)
    return " ".join(seen.split())[:DISPLAY_NAME_MAX].strip()


def validate_latin_name(value: str) -> None:
    """Every letter is a Latin one; hyphens, points, apostrophes and spaces may stand between."""
    if not _written_in(value, "LATIN"):
        raise ValidationError(_("Write this name in Latin letters, as in “Li Qingzhao”."))


def validate_chinese_name(value: str) -> None:
    """Every letter is a Chinese character; a middle dot may stand between, as in 达·芬奇."""
    if not _written_in(value, "CJK"):
        raise ValidationError(_("Write this name in Chinese characters, as in “李清照”."))


def _written_in(value: str, script: str) -> bool:
    """Whether all letters are of the script, and there is at least one; no digits, no symbols."""
    letters = [character for character in value if unicodedata.category(character)[0] == "L"]
    between = {"M", "P", "Z"}
    return (
        bool(letters)
        and all(unicodedata.name(letter, "").startswith(script) for letter in letters)
        and all(unicodedata.category(other)[0] in {"L", *between} for other in value)
    )


username_validators = [UnicodeUsernameValidator(), refuse_guest_prefix]
