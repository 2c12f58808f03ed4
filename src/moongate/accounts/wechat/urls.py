"""Addresses of the sign-in with WeChat; the names are those that allauth looks for."""

from django.urls import path

from moongate.accounts.wechat import views

urlpatterns = [
    path("login/", views.login, name="weixin_login"),
    path("login/callback/", views.callback, name="weixin_callback"),
    path("<int:pk>/disconnect/", views.disconnect, name="wechat_disconnect"),
]
