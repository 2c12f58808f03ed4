"""Pages of health, mounted at /health/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from moongate.health.safety.views import incident

app_name = "health"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("moongate.health.chat.urls")),
    path("records/", include("moongate.health.records.urls")),
    path("shared/", include("moongate.health.records.shared_urls")),
    path("incident/", incident, name="incident"),
    path("wechat/", include("moongate.health.wechat.urls")),
]
