"""One's personal tokens: what there is, a new one (told once), and the end of one."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moongate.social.api_tokens import issue_token, revoke_token, tokens_of
from moongate.social.doors import for_members, given
from moongate.social.errors import SocialError
from moongate.social.forms import SCOPE_WORDS, TokenForm


@require_safe
@never_cache
@for_members
def tokens(request: HttpRequest) -> HttpResponse:
    rows = [
        {"token": token, "scopes": [SCOPE_WORDS[scope] for scope in token.scopes]}
        for token in tokens_of(request.user)
    ]
    return render(request, "social/tokens.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_members
@reauthentication_required
def make_token(request: HttpRequest) -> HttpResponse:
    """Whoever only found the browser open must not leave with a key to the account."""
    form = TokenForm(given(request))
    if request.method == "POST" and form.is_valid():
        try:
            issued = issue_token(request.user, **form.cleaned_data)
        except SocialError as error:
            form.refuse(error)
        else:
            return render(request, "social/token_made.html", {"issued": issued})
    status = 422 if form.errors else 200
    return render(request, "social/token_form.html", {"form": form}, status=status)


@require_POST
@for_members
def revoke(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks for no second proof: to shut a door must be quick."""
    if revoke_token(public_id, by=request.user):
        messages.success(request, _("The token opens nothing any more."))
    return redirect("account_tokens")
