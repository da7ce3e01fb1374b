"""Site visits: two people, a date that is told, findings for several tasks at once, pictures that only the case's people see."""

import struct
import zlib
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from officials import pictures
from officials.models import Message, User
from requests import persons, verbs
from requests.joint import photos, visits
from requests.lifecycle import Refused
from requests.models import Document, SiteVisit, VisitPhoto
from requests.persons import Person
from tests.support import joint as j
from tests.support import stage
from tests.support import world as w

pytestmark = pytest.mark.django_db
AT = w.at("2026-11-04 10:00")
WHERE = "稻香村六组新宅基地"
COUNTY, VILLAGER = ("李测绘", "县自然资源局"), ("张见证", "村民代表")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def jpeg(*segments: bytes, after: bytes = b"") -> bytes:
    drawn = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00" + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34"
    return b"\xff\xd8" + b"".join(segments) + drawn + b"\xff\xd9" + after


def exif(order: str = "<", orientation: int = 6) -> bytes:
    mark = b"II" if order == "<" else b"MM"
    tiff = mark + struct.pack(order + "HIHHHIHH", 42, 8, 1, 0x0112, 3, 1, orientation, 0) + "谁的手机".encode()
    return b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff


@pytest.mark.once
def test_of_a_picture_only_the_picture_is_kept():
    place = b"GPS 31.2 121.5"
    kind, kept = pictures.cleaned(png(chunk(b"tEXt", place), chunk(b"eXIf", place)))
    assert (kind, kept) == ("png", png())
    comment = b"\xff\xfe" + struct.pack(">H", 2 + len(place)) + place
    kind, kept = pictures.cleaned(jpeg(comment, exif(), after=b"a short film"))
    assert kind == "jpeg" and place not in kept and "谁的手机".encode() not in kept and b"film" not in kept
    assert b"Exif" in kept, "which side is up is kept"
    assert pictures.cleaned(jpeg(exif(orientation=1)))[1] == jpeg()
    for nothing in (b"", b"GIF89a", b"<svg onload=alert(1)>", jpeg()[:20], png()[:-6], b"\xff\xd8\xff", png().replace(b"IDAT", b"IDAX")):
        with pytest.raises(pictures.NoPicture):
            pictures.cleaned(nothing)


@pytest.fixture
def joint(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return j.build()


def recorded(joint, case, **changed):
    p = joint.people
    said = {"visited_at": AT, "place": WHERE, "visitors": [p.lead, p.land], "present": "申请人到场", "findings": "四至清楚"} | changed
    return visits.record_visit(case, **said, by=p.lead, now=w.at("2026-11-04 15:00"))


def test_one_person_alone_is_no_visit(joint):
    case, p = joint.case(), joint.people
    for alone in ([], [p.lead], [p.lead, p.lead]):
        with pytest.raises(Refused, match="两名以上"):
            recorded(joint, case, visitors=alone)
        with pytest.raises(Refused, match="两名以上"):
            visits.plan_visit(case, planned_at=w.at("2026-11-05 09:00"), place=WHERE, visitors=alone, by=p.lead, now=AT)
    for missing in ("place", "present", "findings"):
        with pytest.raises(Refused):
            recorded(joint, case, **{missing: " "})
    for none_of_ours in ({"visitors": [], "from_elsewhere": [COUNTY, COUNTY]}, {"visitors": [p.lead], "others": [VILLAGER]}):
        with pytest.raises(Refused, match="两名以上"):
            recorded(joint, case, **none_of_ours)
    with pytest.raises(Refused):
        recorded(joint, case, visited_at=w.at("2026-11-05 09:00"))
    with pytest.raises(Refused):
        visits.plan_visit(case, planned_at=w.at("2026-11-05 09:00"), place=WHERE, visitors=[p.lead, p.land], by=p.land, now=AT)
    assert not SiteVisit.objects.exists() and not Document.objects.filter(kind="site_visit").exists()


def test_a_planned_visit_is_told_and_one_visit_finishes_several_tasks(joint):
    person = Person(name="张三丰", phone="12345678901", wants_sms=True)
    case, p = joint.case(person=person), joint.people
    for day in ("2026-11-03 15:00", "2026-11-04 09:00"):
        visits.plan_visit(case, planned_at=w.at(day), place=WHERE, visitors=[p.lead, p.land], by=p.lead, now=w.at("2026-11-03 09:00"))
    assert [visit.status for visit in SiteVisit.objects.all()] == ["cancelled", "planned"]
    assert Message.objects.filter(purpose="visit").count() == 2

    with pytest.raises(Refused, match="农业农村办"):
        recorded(joint, case, finish=[j.task(case, "资格")])
    held = recorded(joint, case, finish=[j.task(case, "规划"), j.task(case, "建房")])
    assert SiteVisit.objects.filter(status="held").get() == held, "the planned visit is the one that was held"
    assert {j.task(case, title).status for title in ("规划", "建房")} == {"done"} and j.task(case, "资格").status == "open"
    assert WHERE not in held.sealed and visits.words_of(case, held)["findings"] == "四至清楚"

    text = persons.open_for(case, held.document.sealed, "document")
    assert text["title"] == "现场踏勘记录" and held.document.number
    assert {"visited_at", "place", "visitors", "present", "findings", "photos"} <= {part["key"] for part in text["parts"]}
    assert sum("踏勘人员签名" in line for line in text["signatures"]) == 2 and "当事人签名" in text["signatures"]
    with pytest.raises(Refused):
        recorded(joint, case)


def test_the_county_and_villagers_sign_with_name_and_body_and_colleagues_are_named(joint):
    """The county's official counts beside one of ours, a villager does not; a colleague of another office is written by name."""
    case, p = joint.case(), joint.people
    said = {"visited_at": "2026-11-04T10:00", "place": WHERE, "present": "无人到场", "findings": "四至清楚", "visitors": [p.lead.pk]}
    with time_machine.travel(w.at("2026-11-04 15:00"), tick=False):
        lead = stage.signed_in(User.objects.get(pk=p.lead.pk))
        url = f"/desk/{case.number}/record-visit/"
        assert "踏勘人员 <span class=\"optional\">（至少两人）" in lead.get(url).content.decode()
        for wrong, sentence in (({"others": "张见证 村民代表"}, "踏勘人员至少两名"), ({"from_elsewhere": "李测绘"}, "只有姓名")):
            answer = lead.post(url, said | wrong)
            assert answer.status_code == 422 and sentence in answer.content.decode()
        named = {"from_elsewhere": "李测绘 县自然资源局", "others": "张见证，村民代表", "colleagues": joint.world.people.clerk.name}
        assert lead.post(url, said | named).status_code == 302
        held = SiteVisit.objects.get()
        page = lead.get(f"/desk/{case.number}/").content.decode()
    assert set(held.visitors) == {p.lead.pk, joint.world.people.clerk.pk}
    text = persons.open_for(case, held.document.sealed, "document")
    parts = {part["key"]: part for part in text["parts"]}
    assert list(COUNTY) in parts["visitors"]["rows"] and parts["others"]["rows"] == [list(VILLAGER)]
    assert {"踏勘人员签名(李测绘)", "在场人签名(张见证)"} <= set(text["signatures"])
    assert "李测绘（县自然资源局）" in page and "张见证（村民代表）" in page and "李测绘" not in held.sealed


def test_pictures_are_locked_with_the_case_and_go_with_it(joint, tmp_path, django_capture_on_commit_callbacks):
    """Sent with the form, seen by the people of the case, by nobody else; ciphertext on the disk; gone with the key."""
    case, p = joint.case(person=stage.SECRETIVE), joint.people
    sent = {
        "visited_at": "2026-11-04T10:00", "place": WHERE, "visitors": [p.lead.pk, p.land.pk], "present": "无人到场", "findings": "四至清楚",
        "finish": [j.task(case, "规划").pk],
    }  # fmt: skip
    with time_machine.travel(w.at("2026-11-04 15:00"), tick=False):
        lead = stage.signed_in(User.objects.get(pk=p.lead.pk))
        bad = [SimpleUploadedFile("看这里.jpg", b"<html>", "image/jpeg")]
        assert lead.post(f"/desk/{case.number}/record-visit/", sent | {"pictures_taken": bad}).status_code == 422
        assert not SiteVisit.objects.exists() and not list(Path(tmp_path).rglob("*.*"))
        good = [SimpleUploadedFile("1.png", png(chunk(b"tEXt", b"secret")), "image/png"), SimpleUploadedFile("2.jpg", jpeg(), "image/jpeg")]
        with django_capture_on_commit_callbacks(execute=True):
            assert lead.post(f"/desk/{case.number}/record-visit/", sent | {"pictures_taken": good}).status_code == 302
        picture = VisitPhoto.objects.get(kind="png")
        address = f"/desk/{case.number}/photos/{picture.name}/"
        assert address in lead.get(f"/desk/{case.number}/").content.decode()
        answer = lead.get(address)
        assert (answer.content, answer["Content-Type"]) == (png(), "image/png")
        for stranger in (p.land, p.forest, p.editor):  # the land office's task ended with the visit
            assert stage.signed_in(User.objects.get(pk=stranger.pk)).get(address).status_code == 404
        other = joint.case()
        assert lead.get(f"/desk/{other.number}/photos/{picture.name}/").status_code == 404
    file = photos.path_of(case, picture.name)
    assert b"PNG" not in file.read_bytes()[:16] and file.is_relative_to(tmp_path)
    verbs.withdraw(case, reason="不建了", by=joint.world.people.clerk, now=w.at("2026-11-05 09:00"))
    verbs.anonymise(case, by=p.lead_head, now=w.at("2026-11-06 09:00"))
    assert photos.read(case, picture) is None
