"""The site with the photos mounted where its body limit expects them."""

from django.urls import include, path

from moongate.site.urls import handler404
from moongate.site.urls import urlpatterns as site

__all__ = ["handler404", "urlpatterns"]
urlpatterns = [path("social/photos/", include("moongate.social.photo_urls")), *site]
