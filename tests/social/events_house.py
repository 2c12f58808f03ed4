"""A house of its own for the test of the streams: uvicorn on loopback, with doors to write by.

Prints one line of JSON, {"port", "session", "person"}, and serves until its input ends.
"""

import json
import os
import socket
import sys
import threading

import django
import uvicorn

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402

from moongate.accounts.models import User  # noqa: E402
from moongate.site.asgi import application  # noqa: E402
from moongate.social import events  # noqa: E402
from moongate.social.models import Notification  # noqa: E402


def write(request):
    """One more notification; `?announce` says so in this process."""
    person = User.objects.get(username="ada")
    Notification.objects.create(
        person=person, kind="follow", actor=User.objects.get(username="bao")
    )
    if "announce" in request.GET:
        events.announce(person.pk)
    return JsonResponse({})


def look(request):
    """How many streams ada has, and how many files of the database this process holds open."""
    person = User.objects.get(username="ada").pk
    connections.close_all()
    files = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
    held = sum("db.sqlite3" in name for name in files)
    return JsonResponse({"streams": events.open_streams(person), "held": held})


def shut(request):
    User.objects.filter(username="ada").update(is_active=False)
    return JsonResponse({})


urlpatterns = [
    path("social/events", events.stream),
    path("write", write),
    path("look", look),
    path("shut", shut),
]


def sign_in(user):
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def main():
    settings.ROOT_URLCONF = "tests.social.events_house"
    for name, value in json.loads(sys.argv[1]).items():
        setattr(events, name, value)
    call_command("migrate", verbosity=0)
    User.objects.all().delete()
    ada = User.objects.create_user("ada", password=None)
    User.objects.create_user("bao", password=None)
    session = sign_in(ada)
    connections.close_all()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, lifespan="off", log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)

    def end():
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    print(json.dumps({"port": listener.getsockname()[1], "session": session}), flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    # Under its own name too, so that it is one module for Django's addresses and for itself.
    sys.modules["tests.social.events_house"] = sys.modules["__main__"]
    main()
