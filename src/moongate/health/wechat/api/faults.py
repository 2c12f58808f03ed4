"""What WeChat's API answers instead of doing what it was asked, by name."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Why a call came to nothing, and so what there is to do."""

    BUSY = "busy"  # not done; try again in a moment
    UNREACHABLE = "unreachable"  # not done: WeChat never had it
    IN_DOUBT = "in doubt"  # WeChat may have done it; its answer never came
    UNREADABLE = "unreadable"  # an answer that is none
    TOKEN = "access token"  # noqa: S105  # spent or replaced; fetch another
    OUTSIDE_WINDOW = "outside the 48 hours"  # until the person writes again
    TOO_MANY = "too many messages"  # until the person writes again
    QUOTA = "quota"  # the account's own for the day or the minute
    NO_PERSON = "no such person"  # a wrong openid, or one who has unsubscribed
    REFUSED_TEXT = "refused text"  # too long, empty or against WeChat's rules
    CODE = "code"  # a sign-in code that is wrong, used or too old
    BLOCKED = "blocked"  # WeChat thinks the person a risk
    NOT_ALLOWED = "not allowed"  # the account lacks the right (it is not verified)
    SET_UP = "set up"  # AppID, secret, or this machine's address at WeChat
    OTHER = "other"


CODES: dict[int, Reason] = {
    -1: Reason.BUSY,
    40001: Reason.TOKEN,
    40014: Reason.TOKEN,
    41001: Reason.TOKEN,
    42001: Reason.TOKEN,
    42007: Reason.TOKEN,
    45015: Reason.OUTSIDE_WINDOW,
    45047: Reason.TOO_MANY,
    45009: Reason.QUOTA,
    45011: Reason.QUOTA,
    40003: Reason.NO_PERSON,
    43004: Reason.NO_PERSON,
    43019: Reason.NO_PERSON,
    44004: Reason.REFUSED_TEXT,
    45002: Reason.REFUSED_TEXT,
    87014: Reason.REFUSED_TEXT,
    40029: Reason.CODE,
    40163: Reason.CODE,
    41008: Reason.CODE,
    40226: Reason.BLOCKED,
    48001: Reason.NOT_ALLOWED,
    48002: Reason.NOT_ALLOWED,
    48004: Reason.NOT_ALLOWED,
    50001: Reason.NOT_ALLOWED,
    50002: Reason.NOT_ALLOWED,
    40002: Reason.SET_UP,
    40013: Reason.SET_UP,
    40125: Reason.SET_UP,
    40164: Reason.SET_UP,
    40243: Reason.SET_UP,
    41002: Reason.SET_UP,
    41004: Reason.SET_UP,
    61004: Reason.SET_UP,
}
# Nothing that is sent to this person goes through before they write again.
UNTIL_THEY_WRITE = frozenset(
    {Reason.OUTSIDE_WINDOW, Reason.TOO_MANY, Reason.NOT_ALLOWED, Reason.SET_UP}
)
TRY_LATER = frozenset({Reason.BUSY, Reason.UNREACHABLE, Reason.QUOTA, Reason.TOKEN, Reason.OTHER})


class ApiError(Exception):
    """A call that came to nothing; `code` is WeChat's own number if it gave one."""

    def __init__(self, reason: Reason, code: int | None = None) -> None:
        super().__init__(reason.value if code is None else f"{reason.value} ({code})")
        self.reason, self.code = reason, code


def error_of(code: int) -> ApiError:
    """The error behind one of WeChat's numbers."""
    return ApiError(CODES.get(code, Reason.OTHER), code)
