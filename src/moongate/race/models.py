"""What the race keeps: records."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Record(models.Model):
    """A finished race that the server drove again: the times are its own.

    `best_race` and `best_lap` mark each player's one row on a board; `records.py` keeps them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    player = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="race_records",
        verbose_name=_("player"),
    )
    track_slug = models.CharField(_("track"), max_length=64)
    track_id = models.CharField(_("track id"), max_length=16, help_text=_("Hash of its geometry."))
    laps = models.PositiveSmallIntegerField(_("laps"))
    finish_ticks = models.PositiveIntegerField(_("race in ticks"))
    time_ms = models.PositiveIntegerField(_("race in ms"))
    lap_ticks = models.JSONField(_("laps in ticks"))
    lap_ms = models.JSONField(_("laps in ms"))
    best_lap_ticks = models.PositiveIntegerField(_("best lap in ticks"))
    best_lap_ms = models.PositiveIntegerField(_("best lap in ms"))
    sim_version = models.CharField(_("rules"), max_length=8)
    state_hash = models.CharField(_("state hash"), max_length=16)
    replay = models.BinaryField(_("replay"))
    replay_sha256 = models.CharField(max_length=64, editable=False)
    drive_id = models.CharField(max_length=64, editable=False)
    is_demo = models.BooleanField(_("demo"), default=False)
    best_race = models.BooleanField(default=False, editable=False)
    best_lap = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ("-created",)
        constraints = (
            models.UniqueConstraint(
                fields=["player", "replay_sha256"], name="race_record_once_per_player"
            ),
            models.UniqueConstraint(fields=["drive_id"], name="race_record_drive_is_ones_own"),
            models.UniqueConstraint(
                fields=["player", "track_id", "sim_version", "laps"],
                condition=Q(best_race=True),
                name="race_record_one_best_race",
            ),
            models.UniqueConstraint(
                fields=["player", "track_id", "sim_version"],
                condition=Q(best_lap=True),
                name="race_record_one_best_lap",
            ),
        )
        indexes = (
            models.Index(
                fields=["track_id", "sim_version", "laps", "time_ms", "created", "id"],
                condition=Q(best_race=True),
                name="race_board_race",
            ),
            models.Index(
                fields=["track_id", "sim_version", "best_lap_ms", "created", "id"],
                condition=Q(best_lap=True),
                name="race_board_lap",
            ),
        )

    def __str__(self) -> str:
        return f"{self.track_slug} {self.time_ms} ms"


class LandmarkInterest(models.Model):
    """How many visitors collected a landmark's card on one day; nobody's name is kept."""

    edition = models.CharField(_("edition"), max_length=64)
    track = models.CharField(_("track"), max_length=64)
    landmark = models.CharField(_("landmark"), max_length=64)
    day = models.DateField(_("day"))
    collected = models.PositiveIntegerField(_("cards collected"), default=0)

    class Meta:
        verbose_name = _("interest in a landmark")
        verbose_name_plural = _("interest in landmarks")
        ordering = ("-day", "edition", "track", "landmark")
        constraints = (
            models.UniqueConstraint(
                fields=["edition", "track", "landmark", "day"], name="race_interest_once_a_day"
            ),
        )
        indexes = (models.Index(fields=["day"], name="race_interest_day"),)

    def __str__(self) -> str:
        return f"{self.landmark} {self.day}: {self.collected}"


class Outfit(models.Model):
    """Who a player drives as, in which kart, and what is worn; `wardrobe.py` writes it."""

    player = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="race_outfit",
        verbose_name=_("player"),
    )
    edition = models.CharField(_("edition"), max_length=64)
    character = models.CharField(_("character"), max_length=64)
    kart = models.CharField(_("kart"), max_length=64)
    wears = models.JSONField(_("what is worn"), help_text=_("Piece and colourway by layer."))
    changed = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("outfit")
        verbose_name_plural = _("outfits")

    def __str__(self) -> str:
        return f"{self.edition}/{self.character}"


class EarnedPiece(models.Model):
    """A piece of an edition's wardrobe that a player has earned, and what for."""

    player = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="race_earned_pieces",
        verbose_name=_("player"),
    )
    costume = models.CharField(_("piece"), max_length=130, help_text=_("edition/piece"))
    reason = models.CharField(_("earned for"), max_length=200, blank=True)
    created = models.DateTimeField(_("earned"))

    class Meta:
        verbose_name = _("earned piece")
        verbose_name_plural = _("earned pieces")
        ordering = ("-created",)
        constraints = (
            models.UniqueConstraint(fields=["player", "costume"], name="race_earned_once"),
        )

    def __str__(self) -> str:
        return self.costume
