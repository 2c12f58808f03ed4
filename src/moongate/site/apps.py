"""The Django app that holds the site's own templates, pages and translations."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "moongate.site"
    label = "moongate_site"
    verbose_name = "Moongate site"
