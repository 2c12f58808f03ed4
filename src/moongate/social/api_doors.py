"""Who comes in to the API: a signed-in browser with the site's proof, or a token with its scope."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from moongate.social import throttle
from moongate.social.api_tokens import find_token
from moongate.social.errors import NotAllowedError


class Token(HttpBearer):
    """`Authorization: Bearer mgt_…`; the token must have the scope."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = find_token(token)
        if found is None:
            # Refused here, or the browser's cookie would be tried in its place.
            raise AuthenticationError
        if self.scope not in found.scopes:
            reason = _("This token lacks the scope “{scope}”.").format(scope=self.scope)
            raise NotAllowedError(reason, _("Make a token that has it."))
        throttle.admit("api", found.person)
        return found.person


class Session(APIKeyCookie):
    """The cookie of a signed-in browser; what changes something also sends X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        person = request.user
        if not person.is_authenticated or person.is_guest:
            return None
        if check_csrf(request) is not None:
            reason = _("The request does not prove that it comes from this site.")
            mend = _("Send the value of the cookie csrftoken as the header X-CSRFToken.")
            raise NotAllowedError(reason, mend)
        throttle.admit("api", person)
        return person

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user


SESSION = Session()
READ = [Token("read"), SESSION]
POST = [Token("post"), SESSION]
FOLLOW = [Token("follow"), SESSION]
REPORT = [Token("report"), SESSION]
# A token makes no tokens.
BROWSER = [SESSION]
