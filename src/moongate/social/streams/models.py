"""What is kept of public streams: posts without their authors, what is gone, how far we read."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StreamPost(models.Model):
    """A public post seen in a stream.

    `key` and `author` are keyed hashes: they tell posts and people apart and name neither.
    `images` is [{"ref", "alt"}]; `version` is microseconds since 1970.
    """

    key = models.BinaryField(max_length=16, unique=True)
    source = models.CharField(max_length=80)
    author = models.BinaryField(max_length=16, db_index=True)
    created = models.DateTimeField()
    text = models.TextField(blank=True)
    lang = models.CharField(max_length=3, blank=True)
    tags = models.JSONField(default=list)
    images = models.JSONField(default=list)
    region = models.CharField(max_length=64, blank=True)
    is_reply = models.BooleanField(default=False)
    is_bot = models.BooleanField(default=False)
    is_sensitive = models.BooleanField(default=False)
    version = models.BigIntegerField()

    class Meta:
        verbose_name = _("post of a public stream")
        verbose_name_plural = _("posts of public streams")

    def __str__(self) -> str:
        return self.text[:40]


class StreamTombstone(models.Model):
    """A post or a person that is gone, up to `until`; kept, since the post may come only later."""

    key = models.BinaryField(max_length=16, primary_key=True)
    until = models.BigIntegerField()

    def __str__(self) -> str:
        return bytes(self.key).hex()


class StreamCursor(models.Model):
    """How far a source has been read, written together with what was read.

    `position` is a byte offset or row of a file, microseconds of Jetstream, an id of Mastodon;
    `identity` is a hash of the file around it; `parser` names the format and its version.
    """

    name = models.CharField(max_length=64, unique=True)
    location = models.TextField()
    parser = models.CharField(max_length=40)
    position = models.CharField(max_length=64, blank=True)
    identity = models.CharField(max_length=64, blank=True)
    line = models.BigIntegerField(default=0)
    batch = models.BigIntegerField(default=0)
    rejects = models.BigIntegerField(default=0)
    rejects_file = models.TextField(blank=True)
    rejects_bytes = models.BigIntegerField(default=0)
    changed = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.location} at {self.position or 'the start'}"
