"""A person's own records: the timeline, one record, two compared, people in care, consent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moongate.accounts import consents
from moongate.health.knowledge.schema import Lang
from moongate.health.models import Profile
from moongate.health.records import deleting, profiles, reading
from moongate.health.records.comparing import compare
from moongate.health.records.doors import for_owner
from moongate.health.records.drawing import draw
from moongate.health.records.forms import ProfileForm, ShareForm
from moongate.health.records.limits import admit
from moongate.health.records.papers import fhir_of, pdf_of
from moongate.health.records.purposes import DECLARED, RECORDS, RESEARCH, SHARING
from moongate.health.records.sharing import revoke_share, share, shares_of
from moongate.social.doors import given
from moongate.social.errors import SocialError

EVERYBODY = "all"


@require_safe
@for_owner
def timeline(request: HttpRequest) -> HttpResponse:
    people = profiles.profiles_of(request.user)
    chosen = request.GET.get("about", "")
    profile = _profile(request, chosen)
    kept, more = reading.timeline(
        request.user,
        profile=profile,
        everybody=chosen == EVERYBODY,
        page=_page(request),
    )
    picture = draw(
        [(k.row.public_id, k.created, k.snapshot.level, k.snapshot.level_name) for k in kept]
    )
    context = {
        "kept": kept,
        "more": _page(request) + 1 if more else None,
        "people": people,
        "chosen": chosen,
        "picture": picture,
        "records_consent": consents.has_consent(request.user, RECORDS.key),
        "research_consent": consents.has_consent(request.user, RESEARCH.key),
        "records_purpose": RECORDS,
        "research_purpose": RESEARCH,
    }
    return render(request, "health/records/timeline.html", context)


@require_safe
@for_owner
def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _record(request, reading.read(request.user, public_id), ShareForm())


@require_safe
@for_owner
def record_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    kept = reading.read(request.user, public_id)
    admit("print", str(request.user.public_id))
    return pdf_answer(kept, language())


@require_safe
@for_owner
def record_fhir(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return fhir_answer(reading.read(request.user, public_id), language())


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def delete_record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    kept = reading.read(request.user, public_id)
    if request.method == "POST":
        deleting.delete_assessment(request.user, public_id)
        messages.success(request, _("The assessment is deleted, with every link to it."))
        return redirect("health:records")
    return render(request, "health/records/delete.html", {"kept": kept})


@require_safe
@for_owner
def compare_records(request: HttpRequest) -> HttpResponse:
    """Two of one's own, whichever was ticked first."""
    chosen = [_uuid(value) for value in request.GET.getlist("record")][:3]
    if len(set(chosen)) != 2:
        messages.error(request, _("Choose exactly two assessments to compare."))
        return redirect("health:records")
    before, after = sorted(
        (reading.read(request.user, public_id) for public_id in chosen),
        key=lambda kept: kept.created,
    )
    context = {
        "before": before,
        "after": after,
        "two": (before, after),
        "difference": compare(before.snapshot, after.snapshot),
    }
    return render(request, "health/records/compare.html", context)


@require_POST
@for_owner
def share_record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The link is shown once, on the page that answers."""
    kept = reading.read(request.user, public_id)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _record(request, kept, form, status=422)
    try:
        issued = share(request.user, public_id, **form.cleaned_data)
    except SocialError as error:
        if not error.field:
            raise
        form.refuse(error)
        return _record(request, kept, form, status=error.status)
    context = {"kept": kept, "issued": issued}
    return render(request, "health/records/shared_link.html", context)


@require_POST
@for_owner
def revoke(request: HttpRequest, public_id: UUID) -> HttpResponse:
    record_id = revoke_share(request.user, public_id)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("health:record", record_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def people(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(given(request))
    if request.method == "POST" and form.is_valid():
        answers = {key: form.cleaned_data[key] for key in ("name", "relation", "consent_version")}
        try:
            profiles.add_profile(request.user, **answers)
        except SocialError as error:
            form.refuse(error)
        else:
            messages.success(request, _("You can keep assessments for them now."))
            return redirect("health:people")
    context = {"form": form, "people": profiles.profiles_of(request.user)}
    return render(
        request, "health/records/people.html", context, status=422 if form.errors else 200
    )


@require_POST
@for_owner
def remove_person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    profiles.remove_profile(request.user, public_id)
    messages.success(request, _("They and their assessments are removed."))
    return redirect("health:people")


@require_POST
@for_owner
def change_consent(request: HttpRequest, key: str) -> HttpResponse:
    """Give or withdraw one of health's own consents without leaving its pages."""
    if key not in {purpose.key for purpose in DECLARED}:
        raise Http404
    if "withdraw" in request.POST:
        consents.withdraw_consent(request.user, key)
        messages.success(request, _("Your consent is withdrawn."))
        return redirect("health:records")
    version = request.POST.get("version", "")
    try:
        consents.give_consent(request.user, key, version=int(version) if version.isdigit() else 0)
    except consents.ConsentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Thank you. You can withdraw at any time."))
    back = _uuid(request.POST.get("record", ""))
    return redirect("health:record", back) if back else redirect("health:records")


def pdf_answer(kept: reading.Kept, lang: Lang) -> HttpResponse:
    """The report as a file to save; no browser is asked to run anything of it."""
    response = HttpResponse(pdf_of(kept, lang), content_type="application/pdf")
    name = f"health-assessment-{kept.created:%Y-%m-%d}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def fhir_answer(kept: reading.Kept, lang: Lang) -> HttpResponse:
    """The FHIR bundle as a file to save."""
    response = JsonResponse(
        fhir_of(kept, lang),
        content_type="application/fhir+json; fhirVersion=4.0",
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    name = f"health-assessment-{kept.created:%Y-%m-%d}.fhir.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def language() -> Lang:
    """The reader's language, as the engine names it."""
    return "zh" if (get_language() or "en").startswith("zh") else "en"


def _record(
    request: HttpRequest, kept: reading.Kept, form: ShareForm, status: int = 200
) -> HttpResponse:
    context = {
        "kept": kept,
        "snapshot": kept.snapshot,
        "until": deleting.kept_until(kept.row),
        "shares": shares_of(kept),
        "form": form,
        "sharing_consent": consents.has_consent(request.user, SHARING.key),
        "sharing_purpose": SHARING,
    }
    return render(request, "health/records/record.html", context, status=status)


def _profile(request: HttpRequest, chosen: str) -> Profile | None:
    if chosen in {"", EVERYBODY}:
        return None
    return profiles.find_profile(request.user, _uuid(chosen) or UUID(int=0))


def _page(request: HttpRequest) -> int:
    given_page = request.GET.get("page", "")
    small = given_page.isascii() and given_page.isdigit() and len(given_page) < 5
    return max(1, int(given_page)) if small else 1


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
