"""Every address of the house."""

from __future__ import annotations

from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from moongate.site import api_docs, views

# The one way in, with its limit on tries; the admin has no door of its own.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("language/", views.set_language, name="set_language"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("accounts/", include("moongate.accounts.urls")),
    path("admin/", admin.site.urls),
]
if find_spec("moongate.race.urls"):
    urlpatterns.append(path("race/", include("moongate.race.urls")))
urlpatterns += [
    path("health/", include("moongate.health.urls")),
    path("api/", include(api_docs.urls())),
    # An account's page, though the tokens are social's.
    path("accounts/tokens/", include("moongate.social.token_urls")),
    # Before the pages, whose addresses begin alike.
    path("social/photos/", include("moongate.social.photo_urls")),
    path("social/", include("moongate.social.urls")),
]

handler400 = "moongate.site.views.bad_request"
handler403 = "moongate.site.views.forbidden"
handler404 = "moongate.site.views.not_found"
handler500 = "moongate.site.views.server_error"
handler429 = "moongate.site.views.too_many"
