"""Pages of social, mounted at /social/."""

from django.urls import path, re_path

from moongate.social import events, views, views_albums, views_inbox, views_people

app_name = "social"
UUID = r"(?P<public_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    path("", views.timeline, name="timeline"),
    path("everybody/", views.everybody, name="everybody"),
    path("events", events.stream, name="events"),
    path("posts/", views.publish, name="publish"),
    path("compose/", views.compose, name="compose"),
    path("posts/<uuid:public_id>/", views.post, name="post"),
    path("posts/<uuid:public_id>/like/", views.like, name="like"),
    path("posts/<uuid:public_id>/comments/", views.comment, name="comment"),
    path("posts/<uuid:public_id>/edit/", views.edit, name="edit"),
    path("posts/<uuid:public_id>/remove/", views.remove, name="remove"),
    path("comments/<uuid:public_id>/remove/", views.remove_comment, name="remove_comment"),
    path("describe/<uuid:public_id>/", views.describe, name="describe"),
    path("people/<uuid:public_id>/", views_people.person, name="person"),
    path("people/<uuid:public_id>/follow/", views_people.follow, name="follow"),
    path("people/<uuid:public_id>/block/", views_people.block, name="block"),
    path("people/<uuid:public_id>/mute/", views_people.mute, name="mute"),
    path("people/<uuid:public_id>/gift/", views_people.gift, name="gift"),
    path("people/<uuid:public_id>/followers/", views_people.followers, name="followers"),
    path("people/<uuid:public_id>/following/", views_people.followed, name="following"),
    path("people/<uuid:public_id>/albums/", views_albums.albums, name="albums"),
    path("requests/", views_people.requests, name="requests"),
    path("requests/<uuid:public_id>/", views_people.decide_request, name="decide_request"),
    path("visitors/", views_people.visitors, name="visitors"),
    path("albums/new/", views_albums.new_album, name="new_album"),
    path("albums/<uuid:public_id>/", views_albums.album, name="album"),
    path("albums/<uuid:public_id>/edit/", views_albums.edit_album, name="edit_album"),
    path("albums/<uuid:public_id>/add/", views_albums.add_to_album, name="add_to_album"),
    path("albums/<uuid:public_id>/<uuid:photo_id>/", views_albums.album_photo, name="album_photo"),
    path("pictures/<uuid:photo_id>/", views_albums.change_photo, name="change_photo"),
    path("notifications/", views_inbox.notifications, name="notifications"),
    path("notifications/read/", views_inbox.read_notifications, name="read_notifications"),
    path("settings/", views_inbox.settings, name="settings"),
    path("settings/visitors/", views_inbox.change_visitors, name="change_visitors"),
    path("settings/pictures/", views_inbox.clear_picture, name="clear_picture"),
    path("search/", views_inbox.find, name="search"),
    path("removed/", views_inbox.removed, name="removed"),
    re_path(
        rf"^report/(?P<kind>post|comment|photo|person)/{UUID}/$", views_inbox.report, name="report"
    ),
    re_path(rf"^appeal/(?P<kind>post|comment|photo)/{UUID}/$", views_inbox.appeal, name="appeal"),
]
