"""What a verb records, what it refuses, and that all of it happens or nothing."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, ProtectedError

from officials.audit import ChainHead, ChainLink, together, verb
from officials.audit.verify import verify
from officials.models import Office, Township, User, Whereabouts

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def job():
    user = User(username="job-audit", name="Audit job", staff_no="JA", is_job=True)
    models.Model.save_base(user, raw=True)
    return user


@pytest.fixture
def office(job):
    with verb("found", by=job, now=NOW, subject="office:a", reason="the start"):
        township = Township(code="990199", name="青山镇", county="某县", centre_name="中心", phone="1", complaint_phone="2", hours="9–17")
        township.save()
        office = Office(township=township, code="a", name="Office A")
        office.save()
    return office


def stay(job, **fields):
    return Whereabouts(**{"user": job, "where": "desk", "since": NOW, "at": NOW, "by": job, **fields})


def test_a_verb_leaves_history_with_who_when_and_why_and_one_link(job, office):
    with verb("rename", by=job, now=NOW, subject="office:a", reason="改名"):
        office.name = "Office B"
        office.save()
    row = office.history.first()
    assert (row.history_user, row.actor_name, row.history_date) == (job, "Audit job (JA)", NOW)
    assert (row.name, row.history_change_reason, row.history_type) == ("Office B", "改名", "~")
    assert (row.prev_record.name, row.prev_record.next_record, row.next_record) == ("Office A", row, None)
    founding, renaming = ChainLink.objects.all()
    assert (renaming.verb, renaming.subject, renaming.actor, renaming.prev) == ("rename", "office:a", job, founding.hash)
    assert verify().rows == 3


def test_the_chain_holds_no_personal_text(job, office):
    with verb("rename", by=job, now=NOW, subject="office:a", reason="because 张三 said so"):
        office.duties = "李四"
        office.save()
    said = " ".join(str(value) for values in ChainLink.objects.values_list() for value in values)
    assert "张三" not in said and "李四" not in said


def test_the_subject_may_be_named_when_the_thing_exists(job):
    with verb("say_where", by=job, now=NOW) as act:
        act.subject = f"whereabouts:{Whereabouts.objects.create(user=job, where='desk', since=act.now, at=act.now, by=act.by).pk}"
    assert ChainLink.objects.get().subject == f"whereabouts:{Whereabouts.objects.get().pk}"


def test_a_verb_that_records_nothing_leaves_no_link(job):
    with verb("look", by=job, now=NOW):
        pass
    assert not ChainLink.objects.exists()


def test_nothing_is_recorded_outside_a_verb(job, office):
    office.name = "unseen"
    for write in (office.save, office.delete, Office.objects.all().delete, stay(job).save):
        with pytest.raises(RuntimeError, match="only inside a verb"):
            write()
    with pytest.raises(RuntimeError, match="only inside a verb"):
        Whereabouts.objects.bulk_create([stay(job)])
    assert Office.objects.get().name == "Office A"


def test_a_verb_in_a_verb_is_refused(job):
    with pytest.raises(RuntimeError, match="together"), verb("a", by=job, now=NOW), verb("b", by=job, now=NOW):
        pass
    with pytest.raises(RuntimeError, match="inside the verb"), verb("a", by=job, now=NOW), together():
        pass


def test_a_verb_needs_an_actor_and_an_aware_time(job):
    for by in (None, User(username="new", name="New", staff_no="N")):
        with pytest.raises(ValueError, match="actor"), verb("a", by=by, now=NOW):
            pass
    with pytest.raises(ValueError, match="time zone"), verb("a", by=job, now=NOW.replace(tzinfo=None)):
        pass


def test_a_verb_is_the_whole_transaction(job):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), verb("a", by=job, now=NOW):
        pass


def test_a_failing_verb_leaves_nothing(job, office):
    before = (ChainLink.objects.count(), office.history.count())
    with pytest.raises(ZeroDivisionError), verb("rename", by=job, now=NOW):
        office.name = "half"
        office.save()
        _ = 1 / 0
    assert (ChainLink.objects.count(), office.history.count()) == before
    assert Office.objects.get().name == "Office A"
    stay_after = verb("say_where", by=job, now=NOW)
    with stay_after:
        stay(job).save()
    assert verify().links == before[0] + 1


def test_when_the_link_cannot_be_written_nothing_is(job, monkeypatch):
    def fail(pending):
        raise OSError("no room")

    monkeypatch.setattr("officials.audit.chain.append", fail)
    with pytest.raises(OSError, match="no room"), verb("say_where", by=job, now=NOW):
        stay(job).save()
    assert not Whereabouts.objects.exists()


def test_together_writes_the_links_at_its_end_and_in_order(job):
    with together():
        for name in ("first", "second", "third"):
            with verb(name, by=job, now=NOW):
                stay(job).save()
        assert not ChainLink.objects.exists()
    assert list(ChainLink.objects.values_list("seq", "verb")) == [(1, "first"), (2, "second"), (3, "third")]
    assert verify().rows == 3


def test_together_is_all_or_nothing(job):
    with pytest.raises(ZeroDivisionError), together():
        with verb("first", by=job, now=NOW):
            stay(job).save()
        _ = 1 / 0
    assert not Whereabouts.objects.exists() and not ChainLink.objects.exists()


def test_together_survives_a_verb_that_fails_and_is_caught(job):
    with together():
        with verb("first", by=job, now=NOW):
            stay(job).save()
        with pytest.raises(ZeroDivisionError), verb("second", by=job, now=NOW):
            stay(job).save()
            _ = 1 / 0
        with together(), verb("third", by=job, now=NOW):
            stay(job).save()
    assert list(ChainLink.objects.values_list("verb", flat=True)) == ["first", "third"]
    assert verify().rows == 2


def test_complaints_have_a_chain_of_their_own(job):
    with verb("say_where", by=job, now=NOW):
        stay(job).save()
    with verb("complain", by=job, now=NOW, stream="complaints"):
        stay(job).save()
    with verb("say_where", by=job, now=NOW):
        stay(job).save()
    assert sorted(ChainLink.objects.values_list("id", flat=True)) == ["complaints:1", "main:1", "main:2"]
    assert sorted(head.stream for head in ChainHead.objects.all()) == ["complaints", "main"]
    assert verify().links == 3


def test_a_model_keeps_to_its_stream_whatever_the_verb(job, monkeypatch):
    monkeypatch.setattr(Whereabouts, "audit_stream", "complaints")
    with verb("say_where", by=job, now=NOW):
        stay(job).save()
    assert ChainLink.objects.get().stream == "complaints"


def test_tracked_rows_are_saved_whole_and_by_value(job, office):
    with verb("rename", by=job, now=NOW):
        office.name = "phantom"
        with pytest.raises(ValueError, match="update_fields"):
            office.save(update_fields=["phone"])
        office.sort = F("sort") + 1
        with pytest.raises(ValueError, match="expression"):
            office.save()
        for write in (
            lambda: Office.objects.update(name="x"),
            lambda: Office.objects.bulk_update([office], ["name"]),
            lambda: Office.objects.bulk_create([Office(township=office.township, code="b", name="B")]),
        ):
            with pytest.raises(RuntimeError, match="no history"):
                write()
    assert office.history.count() == 1
    assert not hasattr(office, "save_without_historical_record")


def test_columns_that_history_leaves_out_may_be_saved_alone(job):
    job.set_password("a new passphrase")
    job.save(update_fields=["password"])
    assert not job.history.exists()
    with verb("rename", by=job, now=NOW):
        job.name = "Renamed"
        job.save()
    assert "password" not in {field.name for field in job.history.first()._meta.fields}


def test_no_setting_switches_history_off(job, office, settings):
    settings.SIMPLE_HISTORY_ENABLED = False
    with verb("rename", by=job, now=NOW):
        office.name = "Office B"
        office.save()
    assert office.history.first().name == "Office B"


def test_a_deletion_is_history_too(job, office):
    key = office.pk
    with verb("delete", by=job, now=NOW):
        office.delete()
    assert [row.history_type for row in Office.history.filter(id=key)] == ["-", "+"]
    assert verify().rows == 3


def test_history_is_in_the_order_of_writing_though_the_clock_steps_back(job, office):
    with verb("rename", by=job, now=datetime(2020, 1, 1, tzinfo=UTC)):
        office.name = "Office B"
        office.save()
    assert office.history.first().name == "Office B"
    assert office.history.latest().name == "Office B"
    assert [row.name for row in Office.history.latest_of_each()] == ["Office B"]


def test_the_actor_keeps_the_name_of_the_time_and_cannot_be_deleted(job, office):
    with verb("rename_person", by=job, now=NOW):
        job.name = "Married"
        job.save()
    assert [row.actor_name for row in office.history.all()] == ["Audit job (JA)"]
    with pytest.raises((ProtectedError, IntegrityError)), verb("delete_person", by=job, now=NOW):
        job.delete()
    assert User.objects.get(pk=job.pk).name == "Married"


def test_append_only_rows_are_inserted_once(job):
    with verb("say_where", by=job, now=NOW):
        row = stay(job)
        row.save()
        rows = Whereabouts.objects.bulk_create([stay(job), stay(job, where="leave")])
        assert all(new.pk for new in rows)
        for write in (
            row.save,
            row.delete,
            Whereabouts.objects.all().delete,
            lambda: Whereabouts.objects.update(where="leave"),
            lambda: Whereabouts.objects.bulk_update(rows, ["where"]),
            lambda: Whereabouts.objects.update_or_create(pk=row.pk, defaults={"where": "leave"}),
            lambda: Whereabouts.objects.bulk_create([stay(job)], ignore_conflicts=True),
            lambda: job.whereabouts.update(where="leave"),
        ):
            with pytest.raises(RuntimeError, match="append-only"):
                write()
    assert sorted(Whereabouts.objects.values_list("where", flat=True)) == ["desk", "desk", "leave"]
    assert verify().rows == 3


def test_history_rows_are_refused_by_the_orm_too(job, office):
    row = office.history.get()
    row.name = "forged"
    with verb("forge", by=job, now=NOW):
        for write in (row.save, row.delete, office.history.all().delete, lambda: Office.history.update(name="forged")):
            with pytest.raises(RuntimeError, match="append-only"):
                write()


def test_a_link_costs_three_statements(job, django_assert_num_queries):
    with verb("say_where", by=job, now=NOW):
        stay(job).save()
    # the savepoint of the test and its release; the row; head, link, head
    with django_assert_num_queries(6 if connection.in_atomic_block else 4), verb("say_where", by=job, now=NOW):
        stay(job).save()
