"""The ASGI door."""

import os

from django.core.asgi import get_asgi_application

from moongate.site.limits import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moongate.site.settings")
application = BodyLimit(get_asgi_application())
