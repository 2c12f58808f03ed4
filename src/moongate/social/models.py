"""What people share with each other, and what the house keeps of it.

Counts on a post (`likes`, `comments`) and on a page (`followers`, `following`, `posts`) are kept by
the verbs that change them, in the same transaction.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

POST_MAX = 2_000
COMMENT_MAX = 500
PHOTOS_MAX = 9
ALT_MAX = 500

Person = settings.AUTH_USER_MODEL


class Audience(models.TextChoices):
    """Who may see something. Its owner always may."""

    EVERYONE = "everyone", _("Everyone")
    FOLLOWERS = "followers", _("Followers")
    ME = "me", _("Only me")


class State(models.TextChoices):
    """Whether something is shown: held waits for the operator, removed was taken down by one."""

    SHOWN = "shown", _("Shown")
    HELD = "held", _("Waiting for review")
    REMOVED = "removed", _("Removed")


class Page(models.Model):
    """A person's page: one each, made when first needed."""

    owner = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="page")
    about = models.CharField(_("about you"), max_length=300, blank=True)
    cover = models.ForeignKey(
        "Photo", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    music = models.CharField(_("background music"), max_length=64, blank=True)
    is_private = models.BooleanField(
        _("followers by request only"), default=False, help_text=_("New followers must be let in.")
    )
    counts_visitors = models.BooleanField(_("keep visitors"), default=True)
    # Set for good once there are too many followers to write each post to all of them.
    is_merged = models.BooleanField(default=False, editable=False)
    timeline_seen = models.BigIntegerField(default=0, editable=False)
    followers = models.PositiveIntegerField(default=0, editable=False)
    following = models.PositiveIntegerField(default=0, editable=False)
    posts = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        indexes = (
            # The few authors whose posts every reader of a timeline asks for.
            models.Index(fields=["owner"], condition=Q(is_merged=True), name="social_merged_pages"),
        )

    def __str__(self) -> str:
        return f"page of {self.owner_id}"


class Album(models.Model):
    """Photos that belong together."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="albums")
    title = models.CharField(_("title"), max_length=80)
    about = models.CharField(_("about it"), max_length=300, blank=True)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.EVERYONE)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("album")
        verbose_name_plural = _("albums")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title


class Photo(models.Model):
    """A picture that was decoded and written anew; the file that came in is not kept.

    `sizes` lists what is on disk: [{"name", "format", "width", "height", "bytes"}].
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="photos")
    album = models.ForeignKey(
        Album, on_delete=models.SET_NULL, null=True, blank=True, related_name="photos"
    )
    alt = models.CharField(_("what is in the picture"), max_length=ALT_MAX, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sizes = models.JSONField()
    blurhash = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=8, choices=State, default=State.SHOWN)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.public_id)


class Post(models.Model):
    """A short text, up to nine photos, and at most one card of another service.

    `card_kind` names who renders the card (see `cards.py`), `card_ref` what is on it. Ids ascend
    with time, so they order timelines.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    text = models.TextField(_("text"), max_length=POST_MAX, blank=True)
    photos = models.ManyToManyField(Photo, through="PostPhoto", related_name="posts")
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.EVERYONE)
    state = models.CharField(max_length=8, choices=State, default=State.SHOWN)
    card_kind = models.CharField(max_length=32, blank=True)
    card_ref = models.CharField(max_length=64, blank=True)
    likes = models.PositiveIntegerField(default=0, editable=False)
    comments = models.PositiveIntegerField(default=0, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ("-id",)
        indexes = (models.Index(fields=["author", "-id"], name="social_post_of_author"),)

    def __str__(self) -> str:
        return self.text[:40]


class PostPhoto(models.Model):
    """A photo's place in a post, from 0."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=["post", "place"], name="social_one_photo_a_place"),
            models.UniqueConstraint(fields=["post", "photo"], name="social_photo_once_a_post"),
        )

    def __str__(self) -> str:
        return f"{self.place} of {self.post_id}"


class Like(models.Model):
    """Somebody likes a post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="likes")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["post", "person"], name="social_like_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} likes {self.post_id}"


class Comment(models.Model):
    """Under a post, or a reply to a comment (one level deep).

    Without an author and a text it is the place of one that is gone, above the replies of others.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="comments")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    text = models.CharField(_("text"), max_length=COMMENT_MAX)
    state = models.CharField(max_length=8, choices=State, default=State.SHOWN)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("id",)
        indexes = (models.Index(fields=["post", "id"], name="social_comment_of_post"),)

    def __str__(self) -> str:
        return self.text[:40]


class Follow(models.Model):
    """`follower` sees what `followed` posts. Not yet let in: `accepted` is False."""

    follower = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="follows")
    followed = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="followed_by")
    accepted = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["follower", "followed"], name="social_follow_once"),
            models.CheckConstraint(
                condition=~Q(follower=F("followed")), name="social_follow_nobody_themself"
            ),
        )
        indexes = (models.Index(fields=["followed", "accepted"], name="social_followers"),)

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


class Block(models.Model):
    """`blocker` and `blocked` do not see each other at all."""

    blocker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="blocked_by")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["blocker", "blocked"], name="social_block_once"),
        )

    def __str__(self) -> str:
        return f"{self.blocker_id} blocks {self.blocked_id}"


class Mute(models.Model):
    """`muter` does not see `muted` in the timeline or notifications; `muted` is not told."""

    muter = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mutes")
    muted = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="muted_by")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["muter", "muted"], name="social_mute_once"),)

    def __str__(self) -> str:
        return f"{self.muter_id} mutes {self.muted_id}"


class TimelineEntry(models.Model):
    """A post on somebody's timeline, written when it was posted (fan-out on write)."""

    # No index of its own: the constraint's begins with it.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "post"], name="social_timeline_once"),
        )

    def __str__(self) -> str:
        return f"{self.post_id} for {self.person_id}"


class FanOut(models.Model):
    """How far a post has been written to its followers' timelines; deleted when done."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="fan_out")
    after = models.BigIntegerField(default=0, help_text=_("Follow rows up to this id are served."))

    def __str__(self) -> str:
        return f"{self.post_id} after {self.after}"


class Visit(models.Model):
    """Somebody looked at a page on a day; the latest time of that day."""

    host = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="visitors")
    visitor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="visits")
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["host", "visitor", "day"], name="social_visit_a_day"),
        )
        indexes = (models.Index(fields=["host", "-at"], name="social_visitors"),)

    def __str__(self) -> str:
        return f"{self.visitor_id} at {self.host_id}'s"


class Notification(models.Model):
    """Something that somebody did and a person may want to know."""

    class Kind(models.TextChoices):
        LIKE = "like", _("liked your post")
        COMMENT = "comment", _("commented on your post")
        REPLY = "reply", _("answered your comment")
        FOLLOW = "follow", _("follows you")
        REQUEST = "request", _("asks to follow you")
        ACCEPTED = "accepted", _("let you follow them")
        GIFT = "gift", _("gave you a costume")
        REMOVED = "removed", _("took down something you shared")
        APPEAL = "appeal", _("answered your appeal")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=12, choices=Kind)
    actor = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    is_read = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["person", "-id"], name="social_notifications"),)

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"


class Gift(models.Model):
    """A costume given; `costume` is its reference in an edition or collection."""

    giver = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="gifts_given")
    receiver = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="gifts")
    costume = models.CharField(max_length=120)
    message = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.costume} for {self.receiver_id}"


class Report(models.Model):
    """Somebody says that something should not be here; what the operator decided, and why."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("Spam or a swindle")
        HATE = "hate", _("Hate or harassment")
        VIOLENCE = "violence", _("Violence or threats")
        SEXUAL = "sexual", _("Nudity or sexual content")
        CHILD = "child", _("A child is in danger")
        SELF_HARM = "self_harm", _("Somebody may harm themself")
        RIGHTS = "rights", _("It is mine, or shows me without consent")
        OTHER = "other", _("Something else")

    class Decision(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        REMOVED = "removed", _("Removed")
        RESTORED = "restored", _("Restored after an appeal")

    reporter = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="reports"
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, blank=True)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, blank=True)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, null=True, blank=True)
    about = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="reported"
    )
    reason = models.CharField(max_length=12, choices=Reason)
    text = models.CharField(max_length=500, blank=True)
    decision = models.CharField(max_length=12, choices=Decision, default=Decision.OPEN)
    decided_because = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided = models.DateTimeField(null=True, blank=True)
    appeal = models.CharField(max_length=500, blank=True)
    appeal_answer = models.CharField(max_length=500, blank=True)
    appeal_answered = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("-id",)
        constraints = (
            *(
                models.UniqueConstraint(
                    fields=["reporter", thing],
                    condition=Q(decision="open"),
                    name=f"social_one_open_report_of_{thing}",
                )
                for thing in ("post", "comment", "photo", "about")
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=False)
                | Q(comment__isnull=False)
                | Q(photo__isnull=False)
                | Q(about__isnull=False),
                name="social_report_of_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reason} {self.decision}"


class SearchEntry(models.Model):
    """A post or a person as the search knows it; made anew by `search.rebuild`.

    `terms` is what `search.tokens` makes of the texts. The database's full-text index follows this
    table (see `search/sqlite.py` and `search/postgres.py`), so a deleted row is gone from it too.
    """

    post = models.OneToOneField(
        Post, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    terms = models.TextField()
    at = models.BigIntegerField(default=0, help_text=_("Posted, in seconds since 1970."))

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(post__isnull=False, person__isnull=True)
                | Q(post__isnull=True, person__isnull=False),
                name="social_search_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"post {self.post_id}" if self.post_id else f"person {self.person_id}"


class ApiToken(models.Model):
    """A person's key for programs; only its SHA-256 is kept, and `scopes` say what it may do."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


from moongate.social.streams import models as streams  # noqa: E402, F401
