"""Comments under a post, and replies to them, one level deep."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from moongate.social import throttle
from moongate.social.counts import recount_posts
from moongate.social.errors import ConflictError, InvalidError, no_comment, no_post
from moongate.social.models import COMMENT_MAX, Comment, Notification, Post, Report
from moongate.social.notifications import notify
from moongate.social.people import require_member
from moongate.social.reporting import keep_open_reports
from moongate.social.texts import clean_text
from moongate.social.visibility import visible_comments, visible_posts

Kind = Notification.Kind


def add_comment(
    post: Post,
    *,
    text: str,
    by: Any,
    reply_to: Comment | None = None,
    public_id: UUID | None = None,
) -> Comment:
    """Comment on a post that `by` may see, or answer a comment under it. Raises SocialError.

    An answer to an answer stands beside it, under the same comment. Give a `public_id` of your own
    making and the same request sent again is the same comment.
    """
    require_member(by)
    known = _sent_before(public_id, by)
    if known is not None:
        return known
    text = clean_text(text, field="text", most=COMMENT_MAX)
    if not text:
        raise InvalidError(_("text: a comment needs a text."), _("Write something."), field="text")
    throttle.admit("comment", by)
    comment = Comment(author=by, text=text)
    if public_id is not None:
        comment.public_id = public_id
    try:
        with transaction.atomic():
            _add(comment, post, reply_to)
    except IntegrityError:
        # The same request twice at one time: the other came first.
        known = _sent_before(public_id, by)
        if known is None:
            raise
        return known
    return comment


def remove_comment(comment: Comment, *, by: Any) -> bool:
    """Take a comment back: one's own, or one under one's own post. Replies of others stay.

    Says whether it was still there. Raises NotFoundError when it is neither.
    """
    require_member(by)
    with transaction.atomic():
        row = Comment.objects.select_related("post").filter(pk=comment.pk).first()
        if row is None or row.author_id is None:
            return False
        if by.pk not in {row.author_id, row.post.author_id}:
            raise no_comment()
        for gone in Comment.objects.filter(Q(pk=row.pk) | Q(parent=row, author=row.author_id)):
            keep_open_reports(gone)
        clear_comments([row])
        recount_posts([row.post_id])
    return True


def clear_comments(rows: Collection[Comment]) -> None:
    """Delete comments of one author; above replies of others an empty place stays, and goes with
    the last of them. In the caller's transaction.
    """
    ids = {row.pk for row in rows}
    authors = {row.author_id for row in rows}
    others = Comment.objects.filter(parent__in=ids).exclude(author__in=authors)
    answered = set(others.values_list("parent_id", flat=True))
    Notification.objects.filter(comment__in=answered).delete()
    Report.objects.filter(comment__in=answered).delete()
    Comment.objects.filter(parent__in=answered, author__in=authors).delete()
    Comment.objects.filter(pk__in=answered).update(author=None, text="")
    Comment.objects.filter(pk__in=ids - answered).delete()
    above = {row.parent_id for row in rows if row.parent_id is not None}
    Comment.objects.filter(pk__in=above, author=None, replies=None).delete()


def _add(comment: Comment, post: Post, reply_to: Comment | None) -> None:
    by = comment.author
    seen = visible_posts(by).filter(pk=post.pk).select_related("author").first()
    if seen is None:
        raise no_post()
    answered = None
    if reply_to is not None:
        under = visible_comments(by).filter(pk=reply_to.pk, post=seen)
        answered = under.select_related("author").first()
        if answered is None:
            raise no_comment()
        comment.parent_id = answered.parent_id or answered.pk
    comment.post = seen
    comment.save(force_insert=True)
    Post.objects.filter(pk=seen.pk).update(comments=F("comments") + 1)
    told = None
    if answered is not None:
        told = answered.author_id
        notify(answered.author, Kind.REPLY, actor=by, post=seen, comment=comment)
    if told != seen.author_id:
        notify(seen.author, Kind.COMMENT, actor=by, post=seen, comment=comment)


def _sent_before(public_id: UUID | None, author: Any) -> Comment | None:
    if public_id is None:
        return None
    comment = Comment.objects.filter(public_id=public_id).first()
    if comment is not None and comment.author_id != author.pk:
        reason = _("public_id: it is taken.")
        raise ConflictError(reason, _("Make a new one."), field="public_id")
    return comment
