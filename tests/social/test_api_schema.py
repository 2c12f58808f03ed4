"""Every answer of the API is one that its description names, whatever is asked."""

import uuid

import pytest
import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from moongate.accounts.models import User
from moongate.social import api_tokens, search
from moongate.social.commenting import add_comment
from moongate.social.following import follow_person
from moongate.social.models import Photo
from moongate.social.posting import publish_post

OPERATIONS = 34


def member(name):
    return User.objects.create_user(name, password=None, age_band="adult")


def photo_of(person):
    size = {"name": "320", "format": "jpg", "width": 320, "height": 200, "bytes": 9}
    return Photo.objects.create(
        owner=person, width=320, height=200, sizes=[size], blurhash="L00000", sha256="0" * 64
    )


@pytest.fixture
def described(db, settings):
    settings.SOCIAL_LIMITS = dict.fromkeys(
        ("api", "search", "post", "comment", "follow", "like", "report"), (10**9, 600)
    )
    cache.clear()
    search.prepare()
    return schemathesis.openapi.from_wsgi("/api/social/openapi.json", get_wsgi_application())


@pytest.fixture
def known(described):
    """Somebody with a token of all scopes, and the ids of things that there are, theirs and not."""
    ada, bao = member("ada"), member("bao")
    follow_person(bao, by=ada)
    ids = [ada.public_id, bao.public_id]
    for author in (ada, bao):
        for i in range(3):
            post = publish_post(author, text=f"kite {i}", photos=[photo_of(author)])
            comment = add_comment(post, text="good", by=bao)
            ids += [post.public_id, comment.public_id, post.photos.first().public_id]
    issued = api_tokens.issue_token(ada, name="fuzz", scopes=api_tokens.SCOPES, days=1)
    return issued.secret, [str(public_id) for public_id in ids]


def test_every_answer_is_one_that_the_description_names(described, known):
    secret, ids = known
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) == OPERATIONS
    answered = set()
    for operation in operations:

        @given(case=operation.as_strategy(), chosen=st.sampled_from(ids), is_known=st.booleans())
        @hypothesis_settings(
            max_examples=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        def ask(case, chosen, is_known):
            if is_known:
                for name in case.path_parameters or {}:
                    case.path_parameters[name] = chosen
            # Whether a text is blank or a cursor leads somewhere is found after it was read.
            answer = case.call_and_validate(
                headers={"Authorization": f"Bearer {secret}"},
                excluded_checks=[positive_data_acceptance],
            )
            answered.add((case.method.lower(), answer.status_code))

        ask()
    assert {("get", 200), ("post", 201), ("put", 200), ("delete", 200), ("get", 404)} <= answered


@pytest.mark.parametrize("authorization", [None, "Bearer mgt_x", "Bearer ", "Basic YTpi"])
def test_nothing_is_answered_to_nobody(described, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    for found in described.get_all_operations():
        operation = found.ok()
        names = (
            operation.path_parameters.names if hasattr(operation.path_parameters, "names") else []
        )
        assert names is not None
        case = operation.Case(
            path_parameters={p.name: str(uuid.uuid4()) for p in operation.path_parameters},
            headers=headers,
            body={},
            media_type="application/json",
        )
        answer = case.call()
        assert answer.status_code == 401, operation.label
        assert set(answer.json()) == {"reason", "mend"}
