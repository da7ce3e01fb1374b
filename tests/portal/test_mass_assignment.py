"""A form changes what it names. Every column of every model is sent along, and nothing that is not on the form moves."""

import re

import pytest
from django.apps import apps

from officials.models import User
from requests import verbs
from requests.models import Applicant, CaseKey, ServiceRequest
from tests.support import stage
from tests.support import world as w
from tests.support.intake_pages import opened

pytestmark = pytest.mark.django_db
POISON = "666"


def every_column() -> dict[str, str]:
    """The names of all columns of our models, each with a value that would show."""
    ours = ("requests", "services", "officials")
    return {
        name: POISON
        for app in ours
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }


def sent(**honest) -> dict[str, str]:
    """All columns, and over them what the form really asks."""
    return every_column() | {name: str(value) for name, value in honest.items()}


def columns(row) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def moved(before: dict, row) -> set[str]:
    row.refresh_from_db()
    return {name for name, value in columns(row).items() if before[name] != value}


def test_taking_in(stood):
    """Two walk-ins alike but for the poison give two rows alike."""
    client, address = stood.client("clerk"), f"/desk/new/{stood.words['item']}/"
    honest = {"name": "张三丰", "id_number": stage.ID_NUMBER, "phone": "12345678901", "everything": "on", "then": "receive"}
    optional = {"id_state": "", "id_type": "id_card", "village": "", "words": "", "wants_sms": ""}
    optional |= {"another_because": "另一件事", "other_name_because": "改名"}
    representative = dict.fromkeys(("rep_name", "rep_relation", "rep_phone", "rep_id_number", "authority"), "")
    rows = []
    for extra in ({}, every_column()):
        form = extra | opened(client, address) | optional | representative | honest
        form.pop("no_phone", None)
        answer = client.post(address, form)
        assert answer.status_code == 302, re.findall(r'class="error[^>]*>([^<]+)', answer.content.decode())
        rows.append(ServiceRequest.objects.latest("id"))
    clean, poisoned = (columns(row) for row in rows)
    own = {"id", "number", "form_token", "visit_id"}
    assert {name for name, value in clean.items() if poisoned[name] != value} <= own
    assert rows[1].first_asked == stood.people["clerk"] and rows[1].status == ServiceRequest.Status.RECEIVED
    clean, poisoned = (columns(Applicant.objects.get(service_request=row)) for row in rows)
    assert {name for name, value in clean.items() if poisoned[name] != value} <= {"id", "service_request_id", "sealed", "text"}


def test_correcting_the_person(stood):
    case = stood.case
    before, key = columns(case), columns(CaseKey.objects.get(service_request=case))
    form = sent(name="柳如眉", reason="写错了字", id_number="", phone="", village="", id_state="", id_type="", address="")
    form |= {name: "" for name in form if name.startswith("rep_")} | {"authority": "", "held": "", "no_phone": "", "wants_sms": ""}
    answer = stood.client("clerk").post(f"/desk/{case.number}/correct/", form)
    assert answer.status_code == 302
    assert moved(before, case) <= {"updated_at"}
    assert moved(key, CaseKey.objects.get(service_request=case)) <= {"name_masked", "name_hmac"}


def test_deciding(stood):
    case, official = stood.case, stood.people["official"]
    verbs.accept(case, by=official, now=w.at("2026-11-02 10:00"))
    before = columns(case)
    decision = sent(outcome="paid", amount="每月420元", words="同意", seen="accepted")
    answer = stood.client("official").post(f"/desk/{case.number}/decide/", decision)
    assert answer.status_code == 302
    assert moved(before, case) <= {"status", "outcome", "decided_at", "decided_by_id", "ended_at", "ended_by_id", "holder_id", "updated_at"}
    assert case.outcome == "paid" and case.decided_by == official and case.holder_id == before["holder_id"]
    assert case.decided_at == stage.NOW


@pytest.mark.parametrize(
    ("actor", "word", "honest", "may_move"),
    [
        ("clerk", "add-note", {"words": "来过电话"}, set()),
        ("clerk", "note-upper-number", {"number": "SJ-1"}, {"upper_number", "upper_at", "upper_by_id"}),
        ("official", "start", {}, {"status", "holder_id"}),
        ("head", "void", {"reason": "误登"}, {"status", "ended_at", "ended_by_id"}),
    ],
)
def test_the_other_verbs(stood, actor, word, honest, may_move):
    case = stood.case
    if word == "start":
        verbs.accept(case, by=stood.people["official"], now=w.at("2026-11-02 10:00"))
    before = columns(case)
    answer = stood.client(actor).post(f"/desk/{case.number}/{word}/", sent(**honest))
    assert answer.status_code == 302
    assert moved(before, case) <= may_move | {"updated_at"}


def test_a_person_cannot_promote_themselves(stood):
    """The forms of one's own account take the password and the PIN, nothing else."""
    clerk = User.objects.get(pk=stood.people["clerk"].pk)
    before = columns(clerk)
    for address, honest in (
        ("/accounts/password/", {"old_password": w.PASSWORD, "new_password": "another-horse-10", "again": "another-horse-10"}),
        ("/accounts/pin/", {"old_password": "another-horse-10", "pin": "280519", "again": "280519"}),
        ("/desk/whereabouts/", {"where": "meeting", "until": ""}),
    ):
        assert stood.client("clerk").post(address, sent(**honest)).status_code == 302, address
    assert moved(before, clerk) <= {"password", "pin", "last_login"}
    assert not clerk.is_staff and not clerk.is_superuser


def test_a_resident_who_asks(stood):
    client = stood.client("anonymous")
    state = re.search(r'name="state" value="([^"]+)"', client.get("/ask/").content.decode())[1]
    answer = client.post(
        "/ask/", every_column() | {"state": state} | {"way": "question", "text": "低保要带什么？", "name": "", "phone": "12345678901"}
    )
    assert answer.status_code == 200
    case = ServiceRequest.objects.latest("id")
    assert case.channel == "online" and case.status == "received" and case.intake_office == stood.world.reception
