"""Reports: somebody says that a thing should not be here; the operator decides; the author appeals.

A thing is a post, a comment, a photo or a person. What is taken down keeps its row in the state
"removed", so that it can be put back; a person is shut out of the account.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moongate.accounts import audit
from moongate.accounts.models import Erasure
from moongate.social import throttle
from moongate.social.counts import recount_pages, recount_posts
from moongate.social.errors import (
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    SocialError,
)
from moongate.social.models import Comment, Notification, Photo, Post, Report, State
from moongate.social.notifications import notify
from moongate.social.people import require_member
from moongate.social.photos.visibility import visible_photos
from moongate.social.releasing import release_posts
from moongate.social.texts import clean_text
from moongate.social.visibility import visible_comments, visible_people, visible_posts

TEXT_MAX = 500
AREA = "social"
Decision = Report.Decision
Kind = Notification.Kind

log = structlog.get_logger("moongate.social")


def report(thing: Model, *, reason: str, by: Any, text: str = "") -> Report:
    """Report a post, comment, photo or person that `by` may see. Raises SocialError.

    While one's report of a thing is open, reporting it again answers that one.
    """
    require_member(by)
    if reason not in Report.Reason.values:
        known = ", ".join(Report.Reason.values)
        fault = _("reason: must be one of {known}.").format(known=known)
        raise InvalidError(fault, _("Choose a reason."), field="reason")
    text = clean_text(text, field="text", most=TEXT_MAX)
    if not _seen_by(by, thing).filter(pk=thing.pk).exists():
        raise _nothing()
    if author_of(thing).pk == by.pk:
        raise InvalidError(_("This is your own."), _("You can remove it yourself."))
    mine = Report.objects.filter(_of(thing), reporter=by, decision=Decision.OPEN)
    known_one = mine.first()
    if known_one is not None:
        return known_one
    throttle.admit("report", by)
    try:
        with transaction.atomic():
            row = Report.objects.create(reporter=by, reason=reason, text=text, **_key(thing))
    except IntegrityError:
        # Twice at one time: the other came first.
        return mine.get()
    log.info("report made", of=_field(thing), why=reason)
    return row


def keep_reported(row: Report, *, by: Any, because: str = "") -> None:
    """Decide that a reported thing may stay; closes all open reports of it. Raises SocialError."""
    _decide(row, Decision.KEPT, by, because)


def remove_reported(row: Report, *, by: Any, because: str) -> None:
    """Take a reported thing down and tell its author, with the reason. Raises SocialError."""
    if not because.strip():
        raise _no_reason()
    _decide(row, Decision.REMOVED, by, because)


def take_down(thing: Model, *, reason: str, by: Any, because: str) -> Report:
    """Take something down without anybody having reported it. Raises SocialError."""
    _require_operator(by)
    if not because.strip():
        raise _no_reason()
    with transaction.atomic():
        row, _new = Report.objects.get_or_create(
            reporter=by, decision=Decision.OPEN, **_key(thing), defaults={"reason": reason}
        )
        _decide(row, Decision.REMOVED, by, because)
    return row


def appeal(thing: Model, *, text: str, by: Any) -> Report:
    """Ask for what was taken down, once each time. Raises SocialError.

    Again, it answers the report as it stands, with the first appeal.
    """
    require_member(by)
    text = clean_text(text, field="text", most=TEXT_MAX)
    if not text:
        raise InvalidError(_("text: say why it should be put back."), _("Write why."), field="text")
    with transaction.atomic():
        row = removal_of(thing, by=by)
        if not row.appeal:
            row.appeal = text
            row.save(update_fields=["appeal"])
            log.info("appeal made", of=_field(thing))
    return row


def removal_of(thing: Model, *, by: Any) -> Report:
    """The report upon which one's own thing was taken down last. Raises NotFoundError."""
    rows = Report.objects.select_for_update().filter(_of(thing), decision=Decision.REMOVED)
    with transaction.atomic():
        row = rows.order_by("-appeal", "-decided", "-pk").first()
    if row is None or author_of(thing).pk != by.pk:
        raise _nothing()
    return row


def open_appeals(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Of these reports, those whose appeal waits for an answer."""
    return rows.filter(decision=Decision.REMOVED, appeal_answered=None).exclude(appeal="")


def answer_appeal(row: Report, *, restore: bool, by: Any, because: str) -> None:
    """Put the thing back or leave it removed, and tell its author. Raises SocialError."""
    _require_operator(by)
    because = clean_text(because, field="because", most=TEXT_MAX)
    if not because:
        raise _no_reason()
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=row.pk)
        if not row.appeal:
            raise ConflictError(_("Nobody has appealed."), _("Wait for the author."))
        if row.appeal_answered is not None:
            if restore == (row.decision == Decision.RESTORED):
                return
            raise _decided()
        row.appeal_answer, row.appeal_answered = because, timezone.now()
        row.save(update_fields=["appeal_answer", "appeal_answered"])
        thing = thing_of(row)
        if restore:
            removals = Report.objects.filter(_of(thing), decision=Decision.REMOVED)
            removals.update(decision=Decision.RESTORED)
            _change_state(thing, State.SHOWN)
        _tell(thing, Kind.APPEAL)
        details = {"restored": restore, "report": row.pk}
        audit.write("appeal.answered", area=AREA, actor=by, subject=thing, details=details)


def restore_person(row: Report, *, by: Any, because: str) -> None:
    """Open an account that was shut upon a report; who is shut out cannot appeal here."""
    _require_operator(by)
    because = clean_text(because, field="because", most=TEXT_MAX)
    if not because:
        raise _no_reason()
    if row.about is None:
        raise ConflictError(_("This report is of no person."), _("Answer the appeal."))
    with transaction.atomic():
        rows = Report.objects.select_for_update().filter(_of(row.about), decision=Decision.REMOVED)
        if not rows.update(
            decision=Decision.RESTORED, appeal_answer=because, appeal_answered=timezone.now()
        ):
            return
        _change_state(row.about, State.SHOWN)
        audit.write("report.restored", area=AREA, actor=by, subject=row.about)


def keep_open_reports(thing: Post | Comment) -> None:
    """Before its author deletes a thing: open reports of it become reports of the author.

    Otherwise deleting it would also delete what is said against it. In the caller's transaction.
    """
    author = thing.author_id
    known = Report.objects.filter(about=author, decision=Decision.OPEN).values("reporter")
    rows = Report.objects.filter(_of(thing), decision=Decision.OPEN).exclude(reporter__in=known)
    rows.update(about=author, **{_field(thing): None})


def thing_of(row: Report) -> Model:
    """What the report is of."""
    return row.post or row.comment or row.photo or row.about


def author_of(thing: Model) -> Any:
    """Whose the thing is: its author, its owner, or the person themself."""
    if isinstance(thing, Post | Comment):
        return thing.author
    return thing.owner if isinstance(thing, Photo) else thing


def _decide(row: Report, decision: Decision, by: Any, because: str) -> None:
    _require_operator(by)
    because = clean_text(because, field="because", most=TEXT_MAX)
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=row.pk)
        if row.decision == decision:
            return
        if row.decision != Decision.OPEN:
            raise _decided()
        thing = thing_of(row)
        if decision == Decision.REMOVED:
            _require_removable(thing)
            _change_state(thing, State.REMOVED)
        open_ones = Report.objects.filter(_of(thing), decision=Decision.OPEN)
        count = open_ones.update(
            decision=decision,
            decided_because=because,
            decided_by=by,
            decided=timezone.now(),
        )
        if decision == Decision.REMOVED:
            _tell(thing, Kind.REMOVED)
        details = {"reports": count, "reason": row.reason, "report": row.pk}
        audit.write(f"report.{decision.value}", area=AREA, actor=by, subject=thing, details=details)
    log.info("report decided", of=_field(thing), decision=decision.value)


def _change_state(thing: Model, state: State) -> None:
    """Take a thing down, or put it back, and set the counts right."""
    if isinstance(thing, Post):
        recount = recount_pages
        key = thing.author_id
    elif isinstance(thing, Comment):
        recount = recount_posts
        key = thing.post_id
    elif isinstance(thing, Photo):
        Photo.objects.filter(pk=thing.pk).update(state=state)
        release_posts(thing)
        return
    else:
        _open_account(thing, is_open=state == State.SHOWN)
        return
    type(thing).objects.filter(pk=thing.pk).update(state=state)
    recount([key])


def _open_account(person: Any, *, is_open: bool) -> None:
    if is_open and Erasure.objects.filter(person=person).exists():
        raise ConflictError(_("This account is being erased."), _("It cannot be opened again."))
    type(person).objects.filter(pk=person.pk).update(is_active=is_open)


def _tell(thing: Model, kind: Notification.Kind) -> None:
    post = thing if isinstance(thing, Post) else getattr(thing, "post", None)
    comment = thing if isinstance(thing, Comment) else None
    notify(author_of(thing), kind, post=post, comment=comment)


def _require_operator(by: Any) -> None:
    if by is None or not by.is_active or not by.is_staff:
        reason = _("Only an operator decides about reports.")
        raise NotAllowedError(reason, _("Sign in as an operator."))


def _require_removable(thing: Model) -> None:
    if getattr(thing, "is_staff", False):
        reason = _("An operator's account cannot be shut by a report.")
        raise ConflictError(reason, _("Take the operator's rights away first."))


def _field(thing: Model) -> str:
    for kind, field in ((Post, "post"), (Comment, "comment"), (Photo, "photo")):
        if isinstance(thing, kind):
            return field
    return "about"


def _key(thing: Model) -> dict[str, Model]:
    return {_field(thing): thing}


def _of(thing: Model) -> Q:
    return Q(**_key(thing))


def _seen_by(viewer: Any, thing: Model) -> QuerySet:
    seen = {"post": visible_posts, "comment": visible_comments, "photo": visible_photos}
    return seen.get(_field(thing), visible_people)(viewer)


def _nothing() -> SocialError:
    return NotFoundError(_("There is no such thing here."), _("It may have been taken back."))


def _decided() -> SocialError:
    return ConflictError(_("This has been decided already."), _("Reload the list of reports."))


def _no_reason() -> SocialError:
    reason = _("because: a decision needs its reason.")
    return InvalidError(reason, _("Write why; its author reads it."), field="because")
