"""What a shared link opens, mounted at /health/shared/."""

from django.urls import path

from moongate.health.records import shared_views

urlpatterns = [
    path("<slug:token>/", shared_views.shared, name="shared"),
    path("<slug:token>/report.pdf", shared_views.shared_pdf, name="shared_pdf"),
    path("<slug:token>/bundle.fhir.json", shared_views.shared_fhir, name="shared_fhir"),
]
