"""Photos, mounted at /social/photos/ (`moongate.site.limits` names the upload's path)."""

from django.urls import path

from moongate.social.photos import views

app_name = "photos"
urlpatterns = [
    path("", views.upload, name="upload"),
    path("<uuid:public_id>/<int:size>.<slug:ext>", views.photo_file, name="file"),
]
