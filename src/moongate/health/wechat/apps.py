"""The WeChat channel's place in the Django project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WeChatChannelConfig(AppConfig):
    name = "moongate.health.wechat"
    label = "health_wechat"
    verbose_name = _("Health in WeChat")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what the channel holds of a person."""
        from moongate.health.wechat.personal_data import register_wechat

        register_wechat()
