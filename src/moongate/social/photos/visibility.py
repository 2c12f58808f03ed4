"""Who may see which photo."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from moongate.social.models import Album, Audience, Page, Photo, Report, State
from moongate.social.visibility import is_followed, not_apart, visible_posts


def visible_photos(viewer: Any) -> QuerySet[Photo]:
    """The photos that `viewer` (None or anonymous: a stranger) may see.

    One's own; of others, those shown in a post or an album that one may see, as the cover of
    their page or beside their name, with no block between. On a private page "everyone" means the
    followers. Whoever works for the house sees all that are held, taken down or reported, and no
    other private ones.
    """
    viewer = viewer if viewer is not None and viewer.is_authenticated else None
    # Whoever posts somebody else's photo does not thereby show it to anyone.
    posted = visible_posts(viewer).filter(postphoto__photo=OuterRef("pk"), author=OuterRef("owner"))
    albums = Album.objects.filter(pk=OuterRef("album"), owner=OuterRef("owner"))
    pages = Page.objects.filter(owner=OuterRef("owner"))
    is_cover = Exists(pages.filter(cover=OuterRef("pk")))
    is_open = Q(owner__is_private=False) & ~Q(Exists(pages.filter(is_private=True)))
    for_everyone = Exists(albums.filter(audience=Audience.EVERYONE))
    # The picture beside a name is seen wherever the name is, on a private page's door too.
    is_portrait = Q(owner__avatar=F("public_id"))
    shown = Q(Exists(posted)) | is_portrait | (is_open & (Q(for_everyone) | Q(is_cover)))
    if viewer is not None:
        for_followers = Exists(albums.exclude(audience=Audience.ME))
        shown |= Q(is_followed(viewer, "owner")) & (Q(for_followers) | Q(is_cover))
    seen = Q(state=State.SHOWN, owner__is_active=True) & shown
    if viewer is None:
        return Photo.objects.filter(seen)
    seen = (seen & not_apart(viewer, "owner")) | Q(owner=viewer)
    if viewer.is_staff:
        seen |= ~Q(state=State.SHOWN) | Q(Exists(Report.objects.filter(photo=OuterRef("pk"))))
    return Photo.objects.filter(seen)
