"""Consents: what a person agreed to, as the text stood, from when until when.

Areas declare their purposes in code when they start. A changed text is a new version, and asks
everybody again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from moongate.accounts import audit
from moongate.accounts.models import Consent, User

AREA = "accounts"
LANGUAGES = ("en", "zh-hans")


class ConsentError(ValueError):
    """Why a consent cannot be given, in words for the person."""


@dataclass(frozen=True)
class Purpose:
    """What is asked: a key for ever, the version of its text, title and text by language code."""

    key: str
    version: int
    title: Mapping[str, str]
    text: Mapping[str, str]

    def __post_init__(self) -> None:
        if not self.key.isidentifier() or len(self.key) > 40:
            raise ValueError(f"key must be an identifier of at most 40 (received: {self.key!r})")
        if self.version < 1:
            raise ValueError(f"version of {self.key} must be at least 1 (received: {self.version})")
        for name in ("title", "text"):
            missing = [code for code in LANGUAGES if not getattr(self, name).get(code)]
            if missing:
                raise ValueError(f"{name} of {self.key} lacks {', '.join(missing)}")

    def said(self, words: Mapping[str, str]) -> str:
        code = "zh-hans" if (get_language() or "en").startswith("zh") else "en"
        return words[code]

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return self.said(self.title)

    @property
    def shown_text(self) -> str:
        """The text in the reader's language."""
        return self.said(self.text)


_purposes: dict[str, Purpose] = {}


def declare(purpose: Purpose) -> Purpose:
    """Make a purpose known. Declared again it must be the same: a new text is a new version."""
    known = _purposes.setdefault(purpose.key, purpose)
    if known != purpose:
        raise ValueError(f"the purpose {purpose.key} is declared twice, and differently")
    return purpose


def purposes() -> list[Purpose]:
    """All that is declared, in the order of their keys."""
    return [_purposes[key] for key in sorted(_purposes)]


def find_purpose(key: str) -> Purpose:
    """The purpose of that key; raises KeyError."""
    return _purposes[key]


def give_consent(person: User, purpose: str, *, version: int | None = None) -> Consent:
    """Record that the person agrees to the purpose; given again, it is the same consent.

    `version` is that of the text the person was shown. Raises KeyError for an unknown purpose,
    ConsentError when the text has changed since it was shown.
    """
    current = find_purpose(purpose)
    if version is not None and version != current.version:
        raise ConsentError(gettext("The text has changed. Read it again before you agree."))
    fresh = {"person": person, "purpose": purpose, "version": current.version}
    given = Consent.objects.filter(**fresh, withdrawn_at=None).first()
    if given is not None:
        return given
    try:
        with transaction.atomic():
            given = Consent.objects.create(**fresh)
            audit.write(
                "consent.given",
                area=AREA,
                actor=person,
                subject=person,
                details={"purpose": purpose, "version": current.version},
            )
    except IntegrityError:
        # Two clicks at once: the other came first.
        given = Consent.objects.get(**fresh, withdrawn_at=None)
    return given


def withdraw_consent(person: User, purpose: str) -> int:
    """Withdraw the person's consent, whatever the version; answers how many were open.

    A purpose that is no longer declared can be withdrawn as well.
    """
    with transaction.atomic():
        rows = Consent.objects.select_for_update().filter(
            person=person, purpose=purpose, withdrawn_at=None
        )
        versions = sorted(row.version for row in rows)
        if versions:
            rows.update(withdrawn_at=timezone.now())
            audit.write(
                "consent.withdrawn",
                area=AREA,
                actor=person,
                subject=person,
                details={"purpose": purpose, "version": versions[-1]},
            )
    return len(versions)


def has_consent(person: User, purpose: str) -> bool:
    """Whether the person agrees to the purpose as its text stands now. Raises KeyError."""
    return Consent.objects.filter(
        person=person,
        purpose=purpose,
        version=find_purpose(purpose).version,
        withdrawn_at=None,
    ).exists()


def move_consents(source: User, target: User) -> None:
    """A guest's consents become those of the account the guest signs in to."""
    held = set(
        Consent.objects.filter(person=target, withdrawn_at=None).values_list("purpose", "version")
    )
    moving = [
        row.pk
        for row in Consent.objects.filter(person=source)
        if row.withdrawn_at or (row.purpose, row.version) not in held
    ]
    if moving:
        Consent.objects.filter(pk__in=moving).update(person=target)
        # The guest's alias goes with the guest; this says whose it was.
        audit.write("guest.merged", area=AREA, actor=target, subject=source)


def overview(person: User) -> list[dict]:
    """For each purpose: what it says, the open consent if any, and whether its text is older."""
    held: dict[str, Consent] = {}
    for row in Consent.objects.filter(person=person, withdrawn_at=None).order_by("version"):
        held[row.purpose] = row
    return [
        {
            "purpose": purpose,
            "consent": held.get(purpose.key),
            "outdated": purpose.key in held and held[purpose.key].version < purpose.version,
        }
        for purpose in purposes()
    ]


RESEARCH = Purpose(
    key="research",
    version=1,
    title={"en": "Research", "zh-hans": "研究用途"},
    text={
        "en": "What I do here may be used for research after everything that points to me is "
        "removed. Withdrawing stops every later use; results already published stay.",
        "zh-hans": "在删除一切能指向我的信息之后，我在这里的活动可用于研究。"
        "撤回后不再用于任何新的研究；已发表的结果会保留。",
    },
)
NOTIFICATIONS_EMAIL = Purpose(
    key="notifications_email",
    version=1,
    title={"en": "Notifications by e-mail", "zh-hans": "邮件通知"},
    text={
        "en": "Moongate may write to my confirmed e-mail address when somebody answers, follows "
        "or gives me something. Letters about the account itself come in any case.",
        "zh-hans": "当有人回复、关注我或送我礼物时，月门可以向我已确认的邮箱发信。"
        "关于账户本身的信件不受此影响。",
    },
)
