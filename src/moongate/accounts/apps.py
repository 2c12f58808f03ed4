"""People: users, guests, sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "moongate.accounts"
    label = "accounts"

    def ready(self) -> None:
        from moongate.accounts import receivers  # noqa: F401
