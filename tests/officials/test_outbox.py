"""Messages: written with the change or not at all, sent once, tried again, and never shown to a log."""

import datetime
import logging
import multiprocessing
import smtplib

import httpx
import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from officials import outbox
from officials.models import Message, User
from officials.outbox.backends import Console, NotDelivered, NoWayOut, Parcel, Recorder, SmsGateway, Smtp, configured_backends
from officials.outbox.delivery import BACK_OFF_MINUTES, LEASE
from officials.privacy.sealing import new_data_key

# Newer Pythons warn of a fork beside threads (the test runner's); the children touch none of them.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

NOW = datetime.datetime(2026, 11, 23, 1, 30, tzinfo=datetime.UTC)  # Monday 9:30 in the township
PHONE, TEXT = "12812345678", "张三同志,您的低保申请已受理"
MINUTE = datetime.timedelta(minutes=1)


class Way:
    """A way out that remembers, and fails as often as it is told to."""

    def __init__(self, failures=0, *, permanent=False, error=None):
        self.sent, self.failures, self.permanent, self.error = [], failures, permanent, error

    def deliver(self, parcel):
        if self.failures:
            self.failures -= 1
            raise self.error or NotDelivered("HTTP 503", permanent=self.permanent)
        self.sent.append(parcel)

    def close(self):
        pass


@pytest.fixture
def case_key():
    return new_data_key()


@pytest.fixture
def write(db, case_key):
    def write(**changes):
        fields = {"channel": "sms", "purpose": "accepted", "to": PHONE, "text": TEXT, "about": "case:12", "now": NOW}
        fields |= {"sealer": "case:12", "key": case_key} | changes
        with transaction.atomic():
            return outbox.send(**fields)

    return write


@pytest.fixture
def run(case_key):
    def run(way, now=NOW, **options):
        options = {"in_working_time": True, "backends": {"sms": way, "mail": way}} | options
        return outbox.deliver(now, lambda _sealer: case_key, **options)

    return run


def row_as_dumped():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM officials_message")
        return repr(cursor.fetchall())


# --- writing --------------------------------------------------------------------------------------------------------


def test_a_message_goes_out_once_with_its_text(write, run):
    write(subject="受理通知")
    way = Way()
    assert str(run(way)) == "1 sent, 0 to be tried again, 0 given up"
    run(way)
    assert [(parcel.to, parcel.text, parcel.subject) for parcel in way.sent] == [(PHONE, TEXT, "受理通知")]
    assert Message.objects.get().sent_at is not None


def test_the_database_holds_neither_number_nor_text(write):
    write()
    write(sealer="", key=None, to="official@example.org", text="1 case is late", about="office:3")
    dump = row_as_dumped()
    assert PHONE not in dump and "张三" not in dump and "official@example.org" not in dump


@pytest.mark.django_db(transaction=True)
def test_outside_the_transaction_of_a_change_nothing_is_written():
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.send(channel="sms", purpose="accepted", to=PHONE, text="x", about="case:1", now=NOW)


def test_a_change_rolled_back_tells_nobody(db, run):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.send(channel="sms", purpose="accepted", to=PHONE, text="x", about="case:1", now=NOW)
        raise ZeroDivisionError
    assert run(Way()).sent == 0


def test_a_job_that_runs_twice_writes_one_reminder(write):
    first = write(dedupe_key="case:12:due-soon:2026-11-23")
    assert write(dedupe_key="case:12:due-soon:2026-11-23") == first
    write(dedupe_key="case:12:due-soon:2026-11-24")
    write()
    write()
    assert Message.objects.count() == 4


def test_a_seal_needs_its_key(write):
    with pytest.raises(ValueError, match="sealer"):
        write(key=None)
    with pytest.raises(ValueError, match="sealer"):
        write(sealer="")


def test_a_ciphertext_moved_to_another_case_is_not_sent(write, run):
    message = write()
    Message.objects.filter(pk=message.pk).update(subject_ref="case:13")
    way = Way()
    run(way)
    assert way.sent == []
    assert Message.objects.get().last_error == "SealBroken"


# --- when it goes out -----------------------------------------------------------------------------------------------


def test_reminders_wait_for_working_time_secrets_do_not(write, run):
    write()
    write(purpose="secret", working_time_only=False)
    way = Way()
    run(way, in_working_time=False)
    assert [parcel.purpose for parcel in way.sent] == ["secret"]
    run(way)
    assert [parcel.purpose for parcel in way.sent] == ["secret", "accepted"]


def test_a_message_may_be_for_later(write, run):
    write(not_before=NOW + 60 * MINUTE)
    way = Way()
    run(way, NOW + 59 * MINUTE)
    assert way.sent == []
    run(way, NOW + 60 * MINUTE)
    assert len(way.sent) == 1


def test_the_limit_and_the_order_are_kept(write, run):
    for minutes in (3, 1, 2):
        write(now=NOW + minutes * MINUTE, text=f"{minutes}")
    way = Way()
    run(way, NOW + 5 * MINUTE, limit=2)
    assert [parcel.text for parcel in way.sent] == ["1", "2"]


# --- when it does not -----------------------------------------------------------------------------------------------


def test_a_failure_is_tried_again_after_1_5_25_and_120_minutes_then_a_clerk_calls(write, run, case_key):
    write()
    way = Way(failures=99)
    moment = NOW
    for wait in BACK_OFF_MINUTES:
        run(way, moment)
        run(way, moment + (wait - 1) * MINUTE + datetime.timedelta(seconds=50))
        assert Message.objects.to_call().count() == 0
        moment += wait * MINUTE + datetime.timedelta(seconds=1)
    assert 99 - way.failures == 4
    assert str(run(way, moment)) == "0 sent, 0 to be tried again, 1 given up"
    message = Message.objects.to_call().get()
    assert message.last_error == "HTTP 503"
    assert outbox.open_message(message, case_key).to == PHONE
    run(way, moment + datetime.timedelta(days=1))
    assert 99 - way.failures == 5


def test_after_a_failure_it_still_goes_out_once(write, run):
    write()
    way = Way(failures=1)
    run(way)
    run(way, NOW + 2 * MINUTE)
    run(way, NOW + 200 * MINUTE)
    assert len(way.sent) == 1


def test_a_refused_number_is_not_tried_again(write, run):
    write()
    run(Way(failures=1, permanent=True))
    assert Message.objects.to_call().count() == 1


def test_one_bad_message_does_not_hold_up_the_others_and_its_text_reaches_no_log(write, run, caplog):
    write()
    write()
    way = Way(failures=1, error=ValueError(f"cannot send {TEXT} to {PHONE}"))
    with caplog.at_level(logging.DEBUG):
        report = run(way)
    assert (report.sent, report.postponed) == (1, 1)
    assert "ValueError" in caplog.text
    assert PHONE not in caplog.text and "张三" not in caplog.text
    assert PHONE not in row_as_dumped()


def test_a_worker_that_died_in_the_middle_leaves_the_message_to_the_next(write, run):
    message = write()
    Message.objects.filter(pk=message.pk).update(attempts=1, claimed_until=NOW + LEASE)
    way = Way()
    run(way, NOW + LEASE - MINUTE)
    assert way.sent == []
    run(way, NOW + LEASE + MINUTE)
    assert len(way.sent) == 1


def test_a_message_on_which_every_worker_died_lands_with_the_clerks(write, run):
    message = write()
    Message.objects.filter(pk=message.pk).update(attempts=5, claimed_until=NOW)
    run(Way(), NOW + MINUTE)
    assert Message.objects.to_call().get() == message


def test_a_late_result_does_not_overwrite_that_of_the_worker_who_took_over(write, run, case_key):
    message = write()

    class Slow(Way):
        def deliver(self, parcel):
            Message.objects.filter(pk=message.pk).update(attempts=2)  # meanwhile somebody else has claimed it
            raise NotDelivered("ReadTimeout")

    run(Slow())
    assert Message.objects.get().last_error == ""


# --- leaving nothing behind -----------------------------------------------------------------------------------------


def test_a_secret_is_emptied_once_it_is_sent(write, run):
    write(purpose="secret", text="1234 5678 9012 3456")
    write(purpose="accepted")
    run(Way())
    assert [bool(message.body) for message in Message.objects.order_by("pk")] == [False, True]
    assert Message.objects.first().to == ""


def test_a_case_whose_key_was_destroyed_gets_no_message(write):
    write()
    way = Way()
    report = outbox.deliver(NOW, lambda _sealer: None, in_working_time=True, backends={"sms": way})
    assert report.given_up == 1 and way.sent == []
    assert Message.objects.get().body == ""
    assert not Message.objects.to_call()


def test_forgetting_a_case_empties_its_messages_and_sends_none(write, run):
    write()
    run(Way())
    write()
    write(sealer="case:13", about="case:13")
    assert outbox.forget("case:12", now=NOW) == 2
    way = Way()
    run(way, NOW + MINUTE)
    assert len(way.sent) == 1
    assert Message.objects.filter(sealer="case:12").exclude(body="", to="").count() == 0


def test_the_clerk_ticks_off_a_call_and_a_colleague_is_too_late(write):
    message = write(channel="call_list")
    clerk = User(username="clerk", name="李四", staff_no="1")
    clerk.save_base(raw=True)  # without history: this is about the list
    assert list(Message.objects.to_call()) == [message]
    assert outbox.tick_off(message, by=clerk, now=NOW)
    assert not outbox.tick_off(message, by=clerk, now=NOW)
    assert list(Message.objects.to_call()) == []
    assert Message.objects.get().to == ""


def test_the_invented_past_of_a_demonstration_is_not_sent(write, run):
    write(now=NOW - datetime.timedelta(days=400))
    write()
    assert outbox.settle(before=NOW, now=NOW) == 1
    way = Way()
    run(way)
    assert len(way.sent) == 1


def test_the_database_itself_refuses_a_message_both_sent_and_given_up(write):
    write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(sent_at=NOW, failed_at=NOW)


# --- the ways out ---------------------------------------------------------------------------------------------------

PARCEL = Parcel(id="message-7", channel="sms", purpose="accepted", to=PHONE, subject="受理\n通知", text=TEXT)


def test_the_console_names_no_person(capsys, settings):
    settings.DEBUG = False
    Console().deliver(PARCEL)
    said = capsys.readouterr().out
    assert said == "[outbox] sms accepted message-7\n"
    assert PHONE not in repr(PARCEL) and "张三" not in repr(PARCEL)


def test_the_recorder_keeps_what_would_have_been_sent():
    Recorder.sent.clear()
    Recorder().deliver(PARCEL)
    assert list(Recorder.sent) == [PARCEL]


def test_mail_goes_by_djangos_settings_and_a_line_end_in_the_subject_does_no_harm():
    Smtp().deliver(PARCEL)
    assert [(letter.subject, letter.to) for letter in mail.outbox] == [("受理 通知", [PHONE])]


@pytest.mark.parametrize(
    ("error", "reason", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.cn": (550, b"no such user a@b.cn")}), "recipient refused [550]", True),
        (smtplib.SMTPRecipientsRefused({"a@b.cn": (450, b"try later")}), "recipient refused [450]", False),
        (ConnectionRefusedError("mail.example.org"), "ConnectionRefusedError", False),
        (smtplib.SMTPServerDisconnected("a@b.cn"), "SMTPServerDisconnected", False),
    ],
)
def test_a_mail_servers_answer_is_told_without_the_address(monkeypatch, error, reason, permanent):
    def refuse(_mail):
        raise error

    monkeypatch.setattr("officials.outbox.backends.EmailMessage.send", refuse)
    with pytest.raises(NotDelivered) as trouble:
        Smtp().deliver(PARCEL)
    assert (trouble.value.reason, trouble.value.permanent) == (reason, permanent)


def gateway(answer):
    asked = []

    def handle(request):
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)

    return SmsGateway("https://sms.example.org/send", "key", transport=httpx.MockTransport(handle)), asked


def test_the_gateway_gets_number_and_text_in_the_body_and_nothing_in_the_address():
    way, asked = gateway(202)
    way.deliver(PARCEL)
    assert str(asked[0].url) == "https://sms.example.org/send"
    assert PHONE in asked[0].content.decode()
    assert asked[0].headers["Idempotency-Key"] == "message-7"
    assert asked[0].headers["Authorization"] == "Bearer key"


@pytest.mark.parametrize(
    ("answer", "reason", "permanent"),
    [
        (503, "HTTP 503", False),
        (429, "HTTP 429", False),
        (401, "HTTP 401", False),
        (302, "HTTP 302", False),
        (422, "HTTP 422", True),
        (httpx.ReadTimeout(f"while sending to {PHONE}"), "ReadTimeout", False),
        (httpx.ConnectError("down"), "ConnectError", False),
    ],
)
def test_a_gateways_refusal_is_told_without_the_number(answer, reason, permanent):
    way, _asked = gateway(answer)
    with pytest.raises(NotDelivered) as trouble:
        way.deliver(PARCEL)
    assert (trouble.value.reason, trouble.value.permanent) == (reason, permanent)


def test_production_without_a_gateway_does_not_pretend(settings, write, run):
    settings.DEMO, settings.SMS_URL, settings.EMAIL_HOST = False, "", ""
    assert {type(way) for way in configured_backends().values()} == {NoWayOut}
    write()
    run(None, backends=None)
    assert Message.objects.to_call().count() == 1


def test_the_settings_choose_the_way_out(settings):
    settings.DEMO, settings.SMS_URL, settings.SMS_KEY, settings.EMAIL_HOST = False, "https://sms.example.org", "k", "mail"
    assert {channel: type(way) for channel, way in configured_backends().items()} == {"sms": SmsGateway, "mail": Smtp}
    settings.OUTBOX_BACKENDS = {"sms": "officials.outbox.backends.Recorder"}
    assert isinstance(configured_backends()["sms"], Recorder)


def no_key(_sealer):
    return None


def always(_now):
    return True


def test_the_command_delivers_and_says_what_it_did(write, settings, capsys):
    write(sealer="", key=None, text="1 case is late", now=datetime.datetime.now(datetime.UTC))
    settings.OUTBOX_OPENER, settings.OUTBOX_WORKING_TIME = f"{__name__}.no_key", f"{__name__}.always"
    settings.OUTBOX_BACKENDS = {"sms": "officials.outbox.backends.Recorder"}
    call_command("deliver_outbox")
    assert "1 sent" in capsys.readouterr().out


def test_the_command_says_which_setting_is_missing(db, settings):
    settings.OUTBOX_OPENER = ""
    with pytest.raises(CommandError, match="OUTBOX_OPENER"):
        call_command("deliver_outbox")


# --- two workers ----------------------------------------------------------------------------------------------------


def _worker(key, barrier, answers):
    way = Way()
    barrier.wait()
    while outbox.deliver(NOW, lambda _sealer: key, in_working_time=True, limit=2000, backends={"sms": way}).sent:
        pass
    connections.close_all()
    answers.put([parcel.id for parcel in way.sent])


def test_two_workers_send_two_thousand_messages_and_none_twice(transactional_db):
    key = new_data_key()
    with transaction.atomic():
        for number in range(2000):
            outbox.send(channel="sms", purpose="accepted", to=PHONE, text=TEXT, about=f"case:{number}", sealer="case", key=key, now=NOW)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(2), context.Queue()
    workers = [context.Process(target=_worker, args=(key, barrier, answers)) for _n in range(2)]
    for worker in workers:
        worker.start()
    by_worker = [answers.get(timeout=240) for _n in workers]
    for worker in workers:
        worker.join()
    assert all(by_worker), "both must have had a share, otherwise nothing was shown"
    sent = by_worker[0] + by_worker[1]
    assert len(sent) == len(set(sent)) == 2000
    assert Message.objects.filter(sent_at__isnull=False, attempts=1).count() == 2000
