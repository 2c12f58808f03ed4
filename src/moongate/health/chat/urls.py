"""Pages of the chat, mounted at /health/."""

from django.urls import path

from moongate.health.chat import views

urlpatterns = [
    path("", views.chat, name="chat"),
    path("chat/ready/", views.ready, name="chat_ready"),
    path("chat/language/", views.change_language, name="chat_language"),
    path("chat/keep/", views.keep_result, name="chat_keep"),
    path("chat/report.pdf", views.print_result, name="chat_print"),
]
