"""Mistakes that concern every page and not one room (the list of what developers get wrong; the others stand in their rooms)."""

import re
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from officials import versions
from officials.audit import verb
from officials.models import Official
from officials.privacy.identity import is_mobile
from portal.demo import loading
from requests import verbs
from services import publication
from services.importing import layout
from services.importing.reading import read
from services.importing.rules import check_foundation
from services.models import Edition
from tests.portal.access import FRONT, OK
from tests.support import stage
from tests.support import world as w

pytestmark = pytest.mark.django_db
NO_PAGES = ("/healthz", "/favicon.ico", "/preferences/")


def published_anew(world, edition: Edition, **changes) -> Edition:
    cast = world.people
    draft = publication.start_draft(edition.item, by=cast.editor, now=w.MONDAY)
    publication.write_draft(draft, publication.content_of(draft) | changes, by=cast.editor, now=w.MONDAY)
    publication.submit(draft, by=cast.editor, now=w.MONDAY)
    publication.publish(draft, by=cast.reviewer, now=w.MONDAY)
    versions.forget()
    draft.refresh_from_db()
    return draft


def test_mistake_06_a_changed_guide_changes_no_case_that_runs():
    """Materials, limits and words of the case stay those of the edition it was taken in under; the next case has the new ones."""
    world = w.build()
    case = w.new_case(world, person=replace(w.ZHANG, id_state="given"))
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    case.refresh_from_db()
    due, first, lines = case.due_on, case.edition_id, case.material_rows.count()
    changed = publication.content_of(world.low_income)
    shorter = published_anew(
        world, world.low_income, promised_value=5, materials=changed["materials"][:1], change_note="承诺时限压到5个工作日，材料减到1项"
    )

    case.refresh_from_db()
    assert (case.edition_id, case.due_on, case.material_rows.count()) == (first, due, lines)
    desk = stage.signed_in(world.people.official)
    assert "25个工作日" in desk.get(f"/desk/{case.number}/text/").content.decode()
    assert "5个工作日" in Client().get("/services/MZ-001/").content.decode()
    later = w.new_case(world, edition=shorter)
    assert later.edition_id == shorter.pk != first and later.material_rows.count() == 1


@pytest.mark.once
def test_mistake_11_every_public_page_has_a_phone_to_tap_a_person_to_call_back_and_the_large_view(stood):
    """Online is never the only way: the number of the centre, whoever can be asked, and the switch to the large view in the header."""
    missing = []
    for address in FRONT:
        if address.get["anonymous"] != OK or address.example.startswith(NO_PAGES):
            continue
        for view in ("normal", "elder"):
            client = Client()
            client.cookies["view"] = view
            page = client.get(stood.address(address.example, "anonymous")).content.decode()
            header = page.partition("<main")[0]
            if 'href="tel:' not in page:
                missing.append(f"{address.example} ({view}): no phone")
            if "view=" not in header:
                missing.append(f"{address.example} ({view}): no switch of the view before the page begins")
            if 'href="/ask/' not in page:
                missing.append(f"{address.example} ({view}): nobody to ask")
    assert not missing, "\n".join(missing)


MOBILE = re.compile(r"(?<!\d)1[2-9]\d{9}(?!\d)")


def test_mistake_18_no_mobile_of_a_leader_or_a_resident_stands_on_a_page_for_all_or_in_a_list(stood):
    """Neither in what residents read nor in what the lists of the desk load; the page of one case shows it after a reason only."""
    stood.world.people.official.refresh_from_db()
    seen = []
    for url in ("/", "/officials/", "/officials/official/", "/offices/ST04/", "/services/MZ-001/", "/search/?q=db", "/notices/"):
        seen += [(url, found) for found in MOBILE.findall(Client().get(url).content.decode())]
    for actor in ("clerk", "head", "supervisor", "inspector"):
        for url in ("/desk/", "/desk/mine/?who=all&status=all", "/overdue/", "/ledger/", "/desk/demands/", f"/desk/{stood.case.number}/"):
            seen += [(actor, url, found) for found in MOBILE.findall(stood.client(actor).get(url).content.decode())]
    assert not seen


@pytest.mark.parametrize("typed", ["13800138000", "138-0013-8000", "+86 138 0013 8000", "１３８００１３８０００"])
def test_mistake_18_a_mobile_is_refused_on_the_card_of_a_person(client, typed):
    world = w.build()
    administrator, card = world.people.outsider, Official.objects.get(code="official")
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        administrator.is_staff = True
        administrator.save()
    client.cookies["lang"] = "zh-hans"
    client.force_login(administrator, backend=stage.BACKEND)
    sent = {"user": card.user_id, "code": card.code, "title": card.title, "duties": card.duties, "is_public": "on", "sort": card.sort}
    answer = client.post(f"/admin/officials/official/{card.pk}/change/", sent | {"duty_phone": typed})
    assert answer.status_code == 200 and "值班手机请填在岗位上" in answer.content.decode()
    assert not is_mobile(Official.objects.get(pk=card.pk).duty_phone)
    assert client.post(f"/admin/officials/official/{card.pk}/change/", sent | {"duty_phone": "0000-5550188"}).status_code == 302


def test_mistake_18_a_mobile_is_refused_in_the_spreadsheet_of_people():
    reading = read(loading.CATALOGUE.read_bytes())
    row = reading.of(layout.PEOPLE)[0]
    row.values["duty_phone"] = "138 0013 8000"
    check_foundation(reading)
    assert [fault.message for fault in reading.faults if fault.row == row.number and "手机" in fault.message]


def test_mistake_20_a_reminder_that_comes_too_late_to_prolong_a_permit_is_refused():
    """行政许可法第五十条: the application has to be in 30 days before the end, so a reminder at 30 days is none."""
    world = w.build()
    permit = {"item_type": Edition.ItemType.PERMIT, "reminder": {"trigger": "许可证有效期届满前", "lead_days": 30}}
    with pytest.raises(ValidationError) as refused:
        published_anew(world, world.low_income, **permit)
    assert "30" in refused.value.message_dict["reminder_days"][0]
    permit["reminder"]["lead_days"] = 60
    assert published_anew(world, world.certificate, **permit, handling="promised", promised_value=3, promised_unit="working_day",
                          promised_start="accepted").status == Edition.Status.PUBLISHED  # fmt: skip
