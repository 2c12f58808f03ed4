"""A person who has used everything there is, and a friend: for tests of export and erasure."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from moongate.accounts.consents import give_consent
from moongate.accounts.guests import ENTERED_KEY
from moongate.accounts.models import User
from moongate.race.models import Record
from moongate.social import models as social
from moongate.social.photos import storage

PASSWORD = "enchantress-of-numbers"
SIZES = [{"name": "960", "format": "webp", "width": 960, "height": 640, "bytes": 9}]


def settle() -> tuple[User, User]:
    """Ada, whose data are everywhere, and Bea, with whom she shares some."""
    ada = User.objects.create_user("ada", email="ada@example.org", password=PASSWORD)
    bea = User.objects.create_user("bea", password=PASSWORD)
    EmailAddress.objects.create(user=ada, email="ada@example.org", verified=True, primary=True)
    Authenticator.objects.create(
        user=ada, type="webauthn", data={"name": "Ada's key", "key": "secret-key"}
    )
    sign_in(ada)
    sign_in(bea)
    give_consent(ada, "research")
    add_record(ada)
    add_record(bea)
    share(ada, bea)
    return ada, bea


def sign_in(person: User) -> str:
    """A session of the person's; answers its key."""
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session[ENTERED_KEY] = 0
    session.create()
    return session.session_key


def add_record(player: User) -> Record:
    return Record.objects.create(
        player=player,
        track_slug="oval",
        track_id="0" * 16,
        laps=1,
        finish_ticks=600,
        time_ms=10_000,
        lap_ticks=[600],
        lap_ms=[10_000],
        best_lap_ticks=600,
        best_lap_ms=10_000,
        sim_version="1",
        state_hash="0" * 16,
        replay=b"replay of " + player.username.encode(),
        replay_sha256=player.username,
        drive_id=player.username,
        created=timezone.now(),
    )


def add_photo(owner: User, **more) -> social.Photo:
    photo = social.Photo.objects.create(
        owner=owner, width=960, height=640, sizes=SIZES, blurhash="x", sha256="x", **more
    )
    folder = storage.folder_of(photo.public_id)
    folder.mkdir(parents=True)
    (folder / "960.webp").write_bytes(b"picture!!")
    return photo


def share(ada: User, bea: User) -> None:
    """Both post; they follow, like, answer, visit and report each other."""
    album = social.Album.objects.create(owner=ada, title="Ada's album")
    photo = add_photo(ada, album=album, alt="Ada's engine")
    add_photo(bea, alt="Bea's cat")
    hers = social.Post.objects.create(author=ada, text="Ada's post", likes=1, comments=1)
    social.PostPhoto.objects.create(post=hers, photo=photo, place=0)
    beas = social.Post.objects.create(author=bea, text="Bea's post", likes=2, comments=3)
    social.Page.objects.create(owner=ada, about="Ada's page", followers=1, following=1, cover=photo)
    social.Page.objects.create(owner=bea, about="Bea's page", followers=1, following=1)
    for one, other in ((ada, bea), (bea, ada)):
        social.Follow.objects.create(follower=one, followed=other)
        social.Visit.objects.create(host=one, visitor=other, day=timezone.localdate())
        social.Block.objects.create(blocker=one, blocked=other)
        social.Mute.objects.create(muter=one, muted=other)
        social.Gift.objects.create(giver=one, receiver=other, costume="hat", message=f"of {one}")
        social.Notification.objects.create(person=one, actor=other, kind="follow")
        social.Report.objects.create(
            reporter=one, about=other, reason="other", text=f"Words of {one}"
        )
    social.Report.objects.create(reporter=ada, post=beas, reason="spam", text="Ada's reason")
    social.Report.objects.create(
        reporter=bea, comment=None, post=beas, decided_by=ada, reason="spam"
    )
    for person in (ada, bea):
        social.Like.objects.create(post=beas, person=person)
        social.TimelineEntry.objects.create(person=person, post=hers, author=ada)
        social.TimelineEntry.objects.create(person=person, post=beas, author=bea)
    social.Like.objects.create(post=hers, person=bea)
    social.Comment.objects.create(post=hers, author=bea, text="Bea under Ada")
    mine = social.Comment.objects.create(post=beas, author=ada, text="Ada under Bea")
    social.Comment.objects.create(post=beas, author=bea, parent=mine, text="Bea to Ada")
    social.Comment.objects.create(post=beas, author=bea, text="Bea under Bea")
