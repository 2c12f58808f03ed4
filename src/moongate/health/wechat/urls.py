"""Addresses of the WeChat channel, mounted at /health/wechat/."""

from __future__ import annotations

from django.urls import path

from moongate.health.wechat import views
from moongate.health.wechat.entry import entry
from moongate.health.wechat.mini import mini_session

app_name = "wechat"
urlpatterns = [
    path("", views.door, name="door"),
    path("entry/<str:token>/", entry, name="entry"),
    path("mini/", mini_session, name="mini"),
]
