"""The race garden's place in the Django project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RaceConfig(AppConfig):
    name = "moongate.race"
    label = "race"
    verbose_name = _("Race")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell accounts what is a person's here, and social what the race puts on posts."""
        from moongate.accounts import demo, merging
        from moongate.race.cards import register_cards
        from moongate.race.demo import load_demo
        from moongate.race.personal_data import register_race
        from moongate.race.records import merge_records
        from moongate.race.wardrobe import merge_wardrobes

        merging.register(merge_records)
        merging.register(merge_wardrobes)
        demo.register(load_demo)
        register_race()
        register_cards()
