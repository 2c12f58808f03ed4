"""Pages of the race, mounted at /race/."""

from django.urls import path

from moongate.race import pwa, views, wardrobe_views
from moongate.race.visitor_cards import visitor_cards

app_name = "race"
urlpatterns = [
    path("", views.home, name="home"),
    path("courses/<slug:slug>/", views.course, name="course"),
    path("play/<slug:slug>/", views.play, name="play"),
    path("cards/<slug:slug>/", visitor_cards, name="cards"),
    path("garage/", wardrobe_views.garage, name="garage"),
    path("garage/wear/", wardrobe_views.wear_outfit, name="wear"),
    path("gallery/", wardrobe_views.gallery, name="gallery"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.worker, name="worker"),
    path("shell/<slug:slug>/", pwa.shell, name="shell"),
    path("offline/", pwa.offline, name="offline"),
    path("board/<slug:slug>/", views.board, name="board"),
    path("records/<uuid:record_id>/", views.record, name="record"),
    path("watch/<uuid:record_id>/", views.watch, name="watch"),
    path("courses/<slug:slug>/map.svg", views.course_picture, name="course_picture"),
]
