"""People: users, guests, sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "moongate.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to sign-ins, and say what accounts hold of a person and ask a person for."""
        from moongate.accounts import consents, merging, own_data, receivers  # noqa: F401

        merging.register(consents.move_consents)
        consents.declare(consents.RESEARCH)
        consents.declare(consents.NOTIFICATIONS_EMAIL)
        own_data.register_own_data()
