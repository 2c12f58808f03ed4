"""What people share: posts, photos, albums, follows."""

from django.apps import AppConfig


class SocialConfig(AppConfig):
    name = "moongate.social"
    label = "social"

    def ready(self) -> None:
        """Tell accounts what social holds of a person, and have the search listen."""
        from moongate.social.personal_data import register_social
        from moongate.social.search import receivers  # noqa: F401

        register_social()
