"""Kill switches: thrown and lifted by the operator, on record, and never the way to less urgency."""

import pytest
from django.test import Client
from django.urls import reverse

from moongate.accounts.models import AuditEntry, User
from moongate.health.models import Incident, KillSwitch
from moongate.health.safety import switches, views
from moongate.health.safety.incidents import decide_incident, report_incident
from moongate.health.wording import say
from moongate.social.errors import ConflictError, InvalidError

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return User.objects.create_superuser("operator", password="enchantress-of-numbers")


@pytest.fixture
def desk(operator):
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def version(engine, monkeypatch):
    monkeypatch.setattr(views, "engine", lambda: engine)
    return engine.base.edition


def test_a_condition_is_off_until_lifted(operator):
    switch = switches.switch_off("condition", "migraine", actor=operator, reason="figures wrong")
    assert switches.conditions_off() == {"migraine"}
    with pytest.raises(ConflictError):
        switches.switch_off("condition", "migraine", actor=operator, reason="again")
    assert switches.lift(switch, actor=operator)
    assert not switches.lift(switch, actor=operator)
    assert switches.conditions_off() == frozenset()
    done = AuditEntry.objects.filter(subject=f"killswitch:{switch.public_id}").order_by("sequence")
    assert [entry.action for entry in done] == ["switch.thrown", "switch.lifted"]


@pytest.mark.parametrize(
    ("kind", "target", "reason", "field"),
    [
        ("condition", "no_such_thing", "x", "target"),
        ("condition", "migraine", "  ", "reason"),
        ("galaxy", "migraine", "x", "kind"),
        ("version", "", "x", "target"),
    ],
)
def test_what_cannot_be_switched_off_is_named(operator, kind, target, reason, field):
    with pytest.raises(InvalidError) as caught:
        switches.switch_off(kind, target, actor=operator, reason=reason)
    assert caught.value.field == field
    assert not KillSwitch.objects.exists()


@pytest.mark.parametrize("text", [
    "crushing chest pain down my left arm, sweating", "I have a migraine again, the usual one",
])  # fmt: skip
def test_switching_off_what_is_likeliest_leaves_the_urgency(engine, monkeypatch, text):
    told = engine.tell(engine.begin(lang="en", age=50, sex="male"), text)
    before = engine.result(told)
    off = frozenset(name for name, _ in before.conditions[:3])
    monkeypatch.setattr(engine, "withheld", lambda: off)
    after = engine.result(told)
    assert after.triage.level == before.triage.level
    assert tuple(after.triage.loss) == tuple(before.triage.loss)
    assert set(after.withheld) == off
    assert not off & {name for name, _ in after.conditions}
    assert not off & {explained.condition for explained in after.explained}
    assert len(after.conditions) == len(before.conditions)


def test_a_question_does_not_name_what_is_switched_off(engine, monkeypatch):
    told = engine.tell(engine.begin(lang="en", age=50, sex="male"), "I have a headache")
    for _ in range(12):
        question = engine.question(told)
        if question is None or question.why == "tells apart":
            break
        told = engine.answer(told, question, dict.fromkeys(question.findings, "absent"), "days")
    assert question is not None
    assert len(question.about) == 2
    monkeypatch.setattr(engine, "withheld", lambda: frozenset(question.about[:1]))
    assert engine.question(told).about == ()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_version_switched_off_shows_the_numbers_and_begins_nothing(
    operator, version, rf, language
):
    begun = []

    @views.unless_switched_off
    def begin(request):
        begun.append(request)

    from django.utils import translation

    request = rf.get("/")
    request.user, request.LANGUAGE_CODE, request.session = operator, language, {}
    begin(request)
    assert len(begun) == 1
    switches.switch_off("version", version, actor=operator, reason="checked")
    with translation.override(language):
        page = begin(request)
    assert len(begun) == 1
    assert page.status_code == 503
    text = page.content.decode()
    for number in ('href="tel:999"', 'href="tel:120"', 'href="tel:111"', "116 123", "12356"):
        assert number in text
    assert say("disclaimer", "zh" if language == "zh-hans" else "en") in text


class TestDesk:
    def test_the_operator_throws_and_lifts_a_switch(self, desk, operator):
        add = reverse("admin:health_killswitch_add")
        form = {"kind": "condition", "target": "migraine", "reason": "under review"}
        assert desk.post(add, form).status_code == 302
        switch = KillSwitch.objects.get()
        assert switches.conditions_off() == {"migraine"}
        again = desk.post(add, form)
        assert again.status_code == 200
        assert "switched off already" in again.content.decode()
        wrong = desk.post(add, {**form, "target": "no_such_thing"})
        assert "no such condition" in wrong.content.decode()
        listed = reverse("admin:health_killswitch_changelist")
        desk.post(listed, {"action": "put_back", "_selected_action": [switch.pk]})
        assert switches.conditions_off() == frozenset()
        assert KillSwitch.objects.count() == 1

    def test_the_operator_reads_and_closes_a_report(self, desk, operator):
        incident = report_incident(
            kind="under", harm="near", words="it said <b>rest</b>", reply_to="me@example.org",
            knowledge="2026.11.0",
        )  # fmt: skip
        address = reverse("admin:health_incident_change", args=[incident.pk])
        page = desk.get(address).content.decode()
        assert "it said &lt;b&gt;rest&lt;/b&gt;" in page
        assert "me@example.org" in page
        unfounded = desk.post(address, {"state": "closed", "finding": ""})
        assert "says what was found" in unfounded.content.decode()
        assert desk.post(address, {"state": "closed", "finding": "rule added"}).status_code == 302
        incident.refresh_from_db()
        assert incident.state == "closed"
        assert incident.closed is not None
        assert incident.take("sealed_finding") == {"words": "rule added"}
        assert AuditEntry.objects.filter(action="incident.decided").count() == 1

    def test_nobody_else_reads_reports_and_no_assessment_is_on_the_desk(self, desk):
        listed = reverse("admin:health_incident_changelist")
        member = Client()
        member.force_login(User.objects.create_user("ada"))
        assert desk.get(listed).status_code == 200
        assert member.get(listed).status_code == 302
        assert "health/assessment" not in desk.get(reverse("admin:index")).content.decode()


class TestIncidentForm:
    FORM = {
        "kind": "under", "harm": "near", "words": "It told me to rest; it was a heart attack.",
        "reply_to": "",
    }  # fmt: skip

    def test_anybody_can_report(self, version):
        address = reverse("health:incident")
        page = Client().get(address)
        assert page.status_code == 200
        assert Client().post(address, self.FORM).status_code == 302
        incident = Incident.objects.get()
        assert incident.reporter is None
        assert incident.knowledge == version
        assert b"heart" not in bytes(incident.sealed_words)
        assert incident.take("sealed_words")["words"] == self.FORM["words"]

    def test_an_empty_or_invented_answer_is_refused_at_its_field(self, version):
        answer = Client().post(reverse("health:incident"), {**self.FORM, "kind": "?", "words": " "})
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"kind", "words"}
        assert not Incident.objects.exists()

    def test_a_flood_is_asked_to_wait(self, version):
        address = reverse("health:incident")
        statuses = [Client().post(address, self.FORM).status_code for _ in range(11)]
        assert statuses == [302] * 10 + [429]
        assert Incident.objects.count() == 10

    def test_a_report_cannot_close_without_a_finding(self, operator):
        incident = report_incident(kind="other", harm="none", words="x", knowledge="1")
        with pytest.raises(InvalidError, match="says what was found"):
            decide_incident(incident, state="closed", finding=" ", actor=operator)
