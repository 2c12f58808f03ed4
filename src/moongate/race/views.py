"""The race's pages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "race/home.html")


def play(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "race/play.html")


def board(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "race/board.html")


def record(request: HttpRequest, record_id: UUID) -> HttpResponse:
    return render(request, "race/record.html")
