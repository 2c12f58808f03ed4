"""Pages of the race, mounted at /race/."""

from django.urls import path

from moongate.race import views

app_name = "race"
urlpatterns = [
    path("", views.home, name="home"),
    path("play/<slug:slug>/", views.play, name="play"),
    path("board/<slug:slug>/", views.board, name="board"),
    path("records/<uuid:record_id>/", views.record, name="record"),
]
