"""Somebody with access to the database changes it, past the triggers; `verify_audit` names the row."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from officials.audit import ChainHead, ChainLink, chain, triggers, verb
from officials.audit.verify import Anchor, Tampering, verify
from officials.models import Office, Township, User, Whereabouts

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
HISTORY = Office.history.model._meta.db_table
FACTS = Whereabouts._meta.db_table
LINKS = ChainLink._meta.db_table


@pytest.fixture
def record(db):
    """An office founded and renamed nine times, a fact with each: links 1 to 10."""
    job, other = (User(username=f"job-{n}", name=n, staff_no=n, is_job=True) for n in ("one", "two"))
    for user in (job, other):
        models.Model.save_base(user, raw=True)
    with verb("found", by=job, now=NOW, subject="office:a"):
        township = Township(code="990199", name="青山镇", county="某县", centre_name="中心", phone="1", complaint_phone="2", hours="9–17")
        township.save()
        office = Office(township=township, code="a", name="name 0")
        office.save()
        Whereabouts.objects.create(user=job, where="desk", since=NOW, at=NOW, by=job)
    for number in range(1, 10):
        with verb("rename", by=job, now=NOW + timedelta(days=number), subject="office:a", reason="test"):
            office.name = f"name {number}"
            office.save()
            Whereabouts.objects.create(user=job, where="desk", since=NOW, at=NOW, by=job)
    return {
        "history": list(office.history.order_by("history_id").values_list("history_id", flat=True)),
        "facts": list(Whereabouts.objects.order_by("id").values_list("id", flat=True)),
        "office": office.pk,
        "other": other.pk,
        "anchor": Anchor.parse(str(ChainHead.objects.get())),
    }


def attack(*statements):
    with triggers.lifted(), connection.cursor() as cursor:
        for statement, *parameters in statements:
            cursor.execute(statement, parameters)


def found(*anchors):
    with pytest.raises(Tampering) as caught:
        verify(anchors)
    return caught.value.table, caught.value.key


def test_no_false_alarm(record):
    report = verify([record["anchor"]])
    assert (report.links, report.rows) == (10, 21)
    assert report.heads == [str(ChainHead.objects.get())]


def test_edit_of_a_history_row(record):
    attack((f"UPDATE {HISTORY} SET name = %s WHERE history_id = %s", "forged", record["history"][4]))
    assert found() == (HISTORY, record["history"][4])


def test_edit_of_a_fact(record):
    attack((f"UPDATE {FACTS} SET until = since WHERE id = %s", record["facts"][4]))
    assert found() == (FACTS, record["facts"][4])


def test_edit_of_the_reason(record):
    attack((f"UPDATE {HISTORY} SET history_change_reason = '' WHERE history_id = %s", record["history"][2]))
    assert found() == (HISTORY, record["history"][2])


@pytest.mark.parametrize("column", ["verb", "subject", "actor_name"])
def test_edit_of_a_link(record, column):
    attack((f"UPDATE {LINKS} SET {column} = 'forged' WHERE seq = 5",))
    assert found() == (LINKS, "main:5")


def test_deletion_from_the_middle_of_history(record):
    attack((f"DELETE FROM {HISTORY} WHERE history_id = %s", record["history"][4]))
    assert found() == (HISTORY, record["history"][4])


def test_deletion_from_the_middle_of_the_chain(record):
    attack((f"DELETE FROM {LINKS} WHERE seq = 5",))
    assert found() == (LINKS, "main:5")


def cut_tail(record, keep):
    """Everything after link `keep` is made as if it had never been, the head and the office of today included."""
    last = ChainLink.objects.get(seq=keep)
    attack(
        (f"DELETE FROM {LINKS} WHERE seq > %s", keep),
        (f"DELETE FROM {HISTORY} WHERE history_id > %s", record["history"][keep - 1]),
        (f"DELETE FROM {FACTS} WHERE id > %s", record["facts"][keep - 1]),
        (f"UPDATE {ChainHead._meta.db_table} SET seq = %s, hash = %s", keep, last.hash),
        (f"UPDATE {Office._meta.db_table} SET name = %s", f"name {keep - 1}"),
    )


def test_a_tail_cut_off_with_care_is_found_by_the_anchor_alone(record):
    cut_tail(record, keep=7)
    assert verify().links == 7
    assert found(record["anchor"]) == (LINKS, "main:10")


def test_a_tail_cut_off_carelessly_is_found_without(record):
    attack((f"DELETE FROM {LINKS} WHERE seq = 10",))
    assert found() == (ChainHead._meta.db_table, "main")
    attack((f"UPDATE {ChainHead._meta.db_table} SET seq = 9, hash = %s", ChainLink.objects.get(seq=9).hash))
    assert found() in {(HISTORY, record["history"][9]), (FACTS, record["facts"][9])}


def test_insertion_of_a_row(record):
    names = [c for c in (f.column for f in Whereabouts._meta.concrete_fields) if c != "id"]
    listed = ", ".join(f'"{name}"' for name in names)
    attack((f"INSERT INTO {FACTS} (id, {listed}) SELECT 999999, {listed} FROM {FACTS} WHERE id = %s", record["facts"][0]))
    assert found() == (FACTS, 999999)


def test_insertion_of_a_link(record):
    link = ChainLink.objects.get(seq=5)
    link.verb, link.prev = "forged", link.hash
    for number in range(10, 5, -1):
        attack((f"UPDATE {LINKS} SET seq = %s, id = %s WHERE seq = %s", number + 1, f"main:{number + 1}", number))
    link.pk, link.seq = "main:6", 6
    link.rows = "[]"
    link.hash = chain.link_hash(link)
    link._state.adding = True
    link.save(force_insert=True)
    assert found() == (LINKS, "main:7")


def test_swap_of_two_rows(record):
    first, second = record["history"][3], record["history"][4]
    attack(
        (f"UPDATE {HISTORY} SET history_id = 999999 WHERE history_id = %s", first),
        (f"UPDATE {HISTORY} SET history_id = %s WHERE history_id = %s", first, second),
        (f"UPDATE {HISTORY} SET history_id = %s WHERE history_id = 999999", second),
    )
    assert found() == (HISTORY, first)


def test_swap_of_two_links(record):
    attack(
        (f"UPDATE {LINKS} SET seq = 999, id = 'x' WHERE seq = 4",),
        (f"UPDATE {LINKS} SET seq = 4, id = 'main:4' WHERE seq = 5",),
        (f"UPDATE {LINKS} SET seq = 5, id = 'main:5' WHERE seq = 999",),
    )
    assert found() == (LINKS, "main:4")


def test_change_of_the_actor(record):
    attack((f"UPDATE {HISTORY} SET history_user_id = %s WHERE history_id = %s", record["other"], record["history"][6]))
    assert found() == (HISTORY, record["history"][6])


def test_change_of_the_actor_of_a_link(record):
    attack((f"UPDATE {LINKS} SET actor_id = %s WHERE seq = 6", record["other"]))
    assert found() == (LINKS, "main:6")


def test_a_chain_rewritten_with_right_hashes_is_found_by_the_anchor(record):
    links = list(ChainLink.objects.all())
    prev = chain.GENESIS
    changes = []
    for link in links:
        link.prev = prev
        if link.seq == 3:
            link.actor_name = "somebody else"
        prev = link.hash = chain.link_hash(link)
        changes.append(
            (f"UPDATE {LINKS} SET prev = %s, hash = %s, actor_name = %s WHERE id = %s", link.prev, prev, link.actor_name, link.pk)
        )
    attack(*changes, (f"UPDATE {ChainHead._meta.db_table} SET hash = %s", prev))
    assert verify().links == 10
    assert found(record["anchor"]) == (LINKS, "main:10")


def test_a_row_named_twice(record):
    """A forged link that names an old row again, though its hash is right."""
    first, last = ChainLink.objects.get(seq=1), ChainLink.objects.get(seq=10)
    last.rows = first.rows
    last.hash = chain.link_hash(last)
    attack(
        (f"UPDATE {LINKS} SET rows = %s, hash = %s WHERE seq = 10", last.rows, last.hash),
        (f"UPDATE {ChainHead._meta.db_table} SET hash = %s", last.hash),
    )
    assert found()[0] == Township.history.model._meta.db_table


def test_the_office_of_today_changed_past_its_history(record):
    attack((f"UPDATE {Office._meta.db_table} SET phone = '12' WHERE id = %s", record["office"]))
    assert found() == (Office._meta.db_table, record["office"])


def test_an_account_slipped_in(record):
    intruder = User(username="intruder", name="x", staff_no="x")
    models.Model.save_base(intruder, raw=True)
    assert found() == (User._meta.db_table, intruder.pk)


def test_an_office_deleted_past_its_history(record):
    attack((f"DELETE FROM {Office._meta.db_table} WHERE id = %s", record["office"]))
    assert found() == (Office._meta.db_table, record["office"])


def test_the_command_says_ok_and_the_head_to_note(record):
    out = StringIO()
    call_command("verify_audit", anchor=[str(ChainHead.objects.get())], stdout=out)
    assert out.getvalue().splitlines() == ["ok: 10 links, 21 rows", f"head {ChainHead.objects.get()}"]


def test_the_command_names_the_bad_row_and_fails(record):
    attack((f"UPDATE {FACTS} SET until = since WHERE id = %s", record["facts"][4]))
    with pytest.raises(CommandError, match=rf"{FACTS} {record['facts'][4]}: is not what link main:5 recorded") as refused:
        call_command("verify_audit", stdout=StringIO())
    assert refused.value.returncode == 1


@pytest.mark.parametrize("anchor", ["main", "main:x:y", "main:3:abc"])
def test_the_command_refuses_what_is_no_anchor(record, anchor):
    with pytest.raises(CommandError, match="Not an anchor") as refused:
        call_command("verify_audit", anchor=[anchor])
    assert refused.value.returncode == 2


@pytest.mark.django_db(transaction=True)
def test_verbs_that_run_meanwhile_raise_no_false_alarm(monkeypatch):
    job = User(username="job-meanwhile", name="m", staff_no="m", is_job=True)
    models.Model.save_base(job, raw=True)

    def write():
        with verb("say_where", by=job, now=NOW):
            Whereabouts.objects.create(user=job, where="desk", since=NOW, at=NOW, by=job)

    write()
    from officials.audit import verify as module

    walk = module._walk_stream

    def walk_then_somebody_writes(*args):
        walked = walk(*args)
        in_another_connection(write)
        return walked

    monkeypatch.setattr(module, "_walk_stream", walk_then_somebody_writes)
    assert verify().rows == 1
    monkeypatch.undo()
    assert verify().rows == 2


def in_another_connection(write):
    from threading import Thread

    def run():
        try:
            write()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
