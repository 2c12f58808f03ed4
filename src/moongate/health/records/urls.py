"""Pages of health records, mounted at /health/records/."""

from django.urls import path

from moongate.health.records import views

urlpatterns = [
    path("", views.timeline, name="records"),
    path("compare/", views.compare_records, name="compare"),
    path("people/", views.people, name="people"),
    path("people/<uuid:public_id>/remove/", views.remove_person, name="remove_person"),
    path("consent/<slug:key>/", views.change_consent, name="consent"),
    path("links/<uuid:public_id>/revoke/", views.revoke, name="revoke"),
    path("<uuid:public_id>/", views.record, name="record"),
    path("<uuid:public_id>/report.pdf", views.record_pdf, name="record_pdf"),
    path("<uuid:public_id>/bundle.fhir.json", views.record_fhir, name="record_fhir"),
    path("<uuid:public_id>/share/", views.share_record, name="share"),
    path("<uuid:public_id>/delete/", views.delete_record, name="delete"),
]
