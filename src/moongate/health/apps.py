"""The health garden's place in the Django project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HealthConfig(AppConfig):
    name = "moongate.health"
    label = "health"
    verbose_name = _("Health")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell accounts what is a person's here and what they are asked, and look at the keys."""
        from moongate.accounts import consents, merging
        from moongate.health.personal_data import move_records, register_health
        from moongate.health.records.purposes import DECLARED
        from moongate.health.records.sealing import check_keys

        check_keys()
        for purpose in DECLARED:
            consents.declare(purpose)
        merging.register(move_records)
        register_health()
