"""The page of one's personal tokens, mounted at /accounts/tokens/."""

from django.urls import path

from moongate.social import views_tokens

urlpatterns = [
    path("", views_tokens.tokens, name="account_tokens"),
    path("new/", views_tokens.make_token, name="account_new_token"),
    path("<uuid:public_id>/revoke/", views_tokens.revoke, name="account_revoke_token"),
]
