"""The administration: for administrators, every change a verb with its link, nothing deleted, rights with a history."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from officials import versions
from officials.audit import ChainLink, verb
from officials.models import GrantEvent, Official, Post, User
from officials.permissions import HANDLE, TAKE_IN, rights
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"
LISTS = ("user", "official", "post", "office", "window", "township")


@pytest.fixture
def world():
    return w.build()


@pytest.fixture
def admin(world, client):
    """The outsider is made administrator."""
    person = world.people.outsider
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        person.is_staff = True
        person.save()
    client.cookies["lang"] = "en"
    client.force_login(person, backend=BACKEND)
    return client


def fields_of(person, **more):
    values = {"username": person.username, "name": person.name, "staff_no": person.staff_no, "office": person.office_id or "", "email": "",
              "joined_on": "", "new_password": ""}  # fmt: skip
    values |= {"is_active": "on"} if person.is_active else {}
    values |= {"is_staff": "on"} if person.is_staff else {}
    return values | more


def url(thing):
    return f"/admin/officials/{thing._meta.model_name}/{thing.pk}/change/"


@pytest.mark.parametrize("who", ["clerk", "head", "supervisor", "inspector", "editor"])
def test_nobody_else_comes_in(world, client, who):
    client.force_login(getattr(world.people, who), backend=BACKEND)
    for name in LISTS:
        answer = client.get(f"/admin/officials/{name}/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")
    assert client.get(f"/admin/officials/user/{world.people.clerk.pk}/rights/").status_code == 302


def test_lists_and_forms_open(admin, world):
    assert admin.get("/admin/").status_code == 200
    for name in LISTS:
        assert admin.get(f"/admin/officials/{name}/").status_code == 200, name
        if name != "township":
            assert admin.get(f"/admin/officials/{name}/add/").status_code == 200, name
    assert admin.get("/admin/officials/township/add/").status_code == 403


def test_the_form_of_a_person_hides_what_is_none_of_its_business(admin, world):
    page = admin.get(url(world.people.clerk)).text
    for name in ("is_superuser", "user_permissions", "groups", 'name="pin"', 'name="password"', "is_job"):
        assert name not in page
    admin.post(url(world.people.clerk), fields_of(world.people.clerk, is_superuser="on", pin="1234", is_job="on", password="x"))
    clerk = User.objects.get(username="clerk")
    assert (clerk.is_superuser, clerk.pin, clerk.is_job) == (False, "", False)
    assert clerk.check_password(w.PASSWORD)


def test_a_new_person_with_password(admin, world):
    new = {
        "username": "newcomer",
        "name": "何新来",
        "staff_no": "A099",
        "office": world.civil.pk,
        "is_active": "on",
        "email": "",
        "joined_on": "",
    }
    assert "Give the new person a password" in admin.post("/admin/officials/user/add/", new | {"new_password": ""}).text
    assert admin.post("/admin/officials/user/add/", new | {"new_password": "short"}).status_code == 200
    answer = admin.post("/admin/officials/user/add/", new | {"new_password": "seven-green-hills"})
    assert answer.status_code == 302
    person = User.objects.get(username="newcomer")
    assert person.check_password("seven-green-hills")
    link = ChainLink.objects.order_by("-seq").first()
    assert (link.verb, link.actor_name, link.subject) == ("admin_change", "林有序 (A010)", f"user:{person.pk}")
    assert person.history.get().history_user == world.people.outsider


def test_an_account_is_not_closed_here_but_on_the_page_that_passes_its_cases_on(admin, world):
    fields = fields_of(world.people.clerk)
    del fields["is_active"]
    page = admin.post(url(world.people.clerk), fields).text
    assert "Close the account on its own page" in page and f"/desk/accounts/{world.people.clerk.pk}/close/" in page
    assert User.objects.get(username="clerk").is_active


def test_nobody_locks_the_own_door(admin, world):
    fields = fields_of(world.people.outsider)
    del fields["is_staff"]
    assert "Nobody closes the own account" in admin.post(url(world.people.outsider), fields).text


def test_a_lost_phone_is_reset(admin, world):
    TOTPDevice.objects.create(user=world.people.head, name="phone")
    admin.post(url(world.people.head), fields_of(world.people.head, reset_phone="on"))
    assert not TOTPDevice.objects.exists()


def test_a_change_shows_on_the_public_pages(admin, world, client):
    card = Official.objects.get(code="official")
    assert "民政办主任" in client.get("/officials/official/").text
    before = versions.current(versions.CATALOGUE)
    fields = {
        "user": card.user_id,
        "code": card.code,
        "title": "民政办负责人",
        "duties": "",
        "duty_phone": card.duty_phone,
        "is_public": "on",
        "sort": 1,
    }
    assert admin.post(url(card), fields).status_code == 302
    assert versions.current(versions.CATALOGUE) > before
    assert "民政办负责人" in client.get("/officials/official/").text


def test_nothing_is_deleted(admin, world):
    for thing in (world.people.clerk, world.civil, Post.objects.get()):
        assert admin.post(url(thing).replace("change", "delete"), {"post": "yes"}).status_code == 403
        assert "deletelink" not in admin.get(url(thing)).text


@pytest.mark.parametrize("text", ["\x00", "x\x07y", "x" * 500])
def test_odd_text_gets_a_sentence(admin, world, text):
    answer = admin.post(url(world.people.clerk), fields_of(world.people.clerk, name=text))
    assert answer.status_code == 200
    assert "errorlist" in answer.text


def test_holder_and_deputy_are_two(admin, world):
    post = Post.objects.get()
    fields = {"office": post.office_id, "code": post.code, "title": post.title, "holder": post.holder_id, "deputy": post.holder_id,
              "duty_phone": "", "closed_on": ""}  # fmt: skip
    assert "two people" in admin.post(url(post), fields).text


def test_an_office_is_not_below_itself(admin, world):
    centre = world.centre
    fields = {
        "township": centre.township_id,
        "parent": world.civil.pk,
        "code": centre.code,
        "name": centre.name,
        "kind": "centre",
        "sort": 1,
    }
    assert "cannot belong to itself" in admin.post(url(centre), fields).text


# -- rights ----------------------------------------------------------------------------------------------------------


def test_rights_are_given_and_taken_with_a_record(admin, world):
    page = f"/admin/officials/user/{world.people.clerk.pk}/rights/"
    assert admin.get(page).status_code == 200
    assert admin.post(page, {"do": "give", "office": world.civil.pk, "what": "role:official"}).status_code == 302
    clerk = User.objects.get(username="clerk")
    assert rights(clerk).has(HANDLE, world.civil.pk)
    assert rights(clerk).has(TAKE_IN, world.civil.pk)
    event = GrantEvent.objects.filter(user=clerk, right=HANDLE).first()
    assert (event.granted, event.by) == (True, world.people.outsider)
    row = clerk.officeuserobjectpermission_set.get(permission__codename=HANDLE)
    admin.post(page, {"do": "take", "row": row.pk})
    assert not rights(User.objects.get(username="clerk")).has(HANDLE, world.civil.pk)
    assert "taken away" in admin.get(page).text


@pytest.mark.parametrize(
    "fields", [{"do": "give"}, {"do": "give", "office": "x", "what": "role:official"}, {"do": "give", "office": "1", "what": "right:root"}]
)
def test_a_form_half_filled_gives_nothing(admin, world, fields):
    assert admin.post(f"/admin/officials/user/{world.people.clerk.pk}/rights/", fields).status_code == 422


def test_nobody_changes_the_own_rights(admin, world):
    page = f"/admin/officials/user/{world.people.outsider.pk}/rights/"
    answer = admin.post(page, {"do": "give", "office": world.civil.pk, "what": "role:inspector"}, follow=True)
    assert "Nobody changes the own rights" in answer.text
    assert not GrantEvent.objects.filter(user=world.people.outsider).exists()


def test_missing_people_and_jobs_are_not_found(admin, world):
    assert admin.get("/admin/officials/user/999999/rights/").status_code == 404
    assert admin.get(f"/admin/officials/user/{User.objects.job('tick').pk}/rights/").status_code == 404
