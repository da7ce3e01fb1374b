"""办件: the case. A row here changes only through the verbs of `requests.lifecycle`."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, TrackedQuerySet, tracked
from officials.models import Office, Township, User
from services.models import Edition, Item

from . import outcome_words
from .visit import Visit

__all__ = ["CaseKey", "ServiceRequest"]


class _Word(models.Value):
    """A status written into the SQL itself. SQLite cannot prove that a partial index covers `status IN (?, ?, …)`, so with
    parameters it would read the whole table where the indexes of open cases wait (200,000 cases: 700 ms instead of 1).
    """

    def as_sql(self, compiler, connection):
        return f"'{self.value}'", []


# Of the indexes of open cases, in the order of ServiceRequest.OPEN: SQLite compares the words of index and query one by one.
_OPEN_WORDS = ["received", "awaiting_materials", "accepted", "in_hand", "dispatched", "following"]


class ServiceRequestQuerySet(TrackedQuerySet):
    def open(self):
        return self.filter(status__in=[_Word(str(status)) for status in ServiceRequest.OPEN])

    def late(self, now):
        """Open and past its time: the only definition of late, used by list, figures and jobs."""
        return self.open().filter(due_at__lt=now)

    def counted(self):
        """What figures are made of: no voided slips of the clerk, no cases carried over from the paper ledger, and those from
        a village once, from the day they came to the township."""
        arrived = self.exclude(ServiceRequest.ON_THE_WAY)
        return arrived.filter(~Q(status=ServiceRequest.Status.VOIDED), ~Q(origin=ServiceRequest.Origin.OLD_LEDGER))


def _pair(at: str, by: str) -> models.CheckConstraint:
    """"At" and "by" are set together or not at all."""
    return models.CheckConstraint(
        condition=Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=f"case_{at}_and_by",
    )


class ServiceRequest(TrackedModel):
    """One case. Personal data is not here: see Applicant (sealed) and CaseKey (erasable)."""

    class Kind(models.TextChoices):
        APPLICATION = "application", _("application")
        CONSULTATION = "consultation", _("consultation")
        DEMAND = "demand", _("demand")
        ORDER = "order", _("assigned order")
        UNSOLVED = "unsolved", _("unfinished matter")
        MEDIATION = "mediation", _("mediation")

    # Without an item, with a row of their own in Demand.
    OF_DEMANDS = (Kind.DEMAND, Kind.ORDER, Kind.UNSOLVED, Kind.MEDIATION)

    class Channel(models.TextChoices):
        WINDOW = "window", _("window")
        PHONE = "phone", _("phone")
        ONLINE = "online", _("online")
        VILLAGE = "village", _("village agent")
        VILLAGE_DAY = "village_day", _("village service day")
        RECEPTION_DAY = "reception_day", _("reception day")
        HOME = "home", _("home visit")
        # 签收的邮件 counts from the signature, what nobody signed for from the confirmation (信息公开条例 31).
        MAIL = "mail", _("registered mail or courier")
        LETTER = "letter", _("ordinary letter or fax")

    class Status(models.TextChoices):
        AT_VILLAGE = "at_village", _("at the village, on the way")
        RECEIVED = "received", _("received")
        AWAITING_MATERIALS = "awaiting_materials", _("waiting for materials")
        ACCEPTED = "accepted", _("accepted")
        IN_HAND = "in_hand", _("in hand")
        DECIDED = "decided", _("decided")
        CLOSED = "closed", _("closed")
        INTAKE_REFUSED = "intake_refused", _("not accepted")
        NOT_OURS = "not_ours", _("not ours, shown the way")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DEEMED_WITHDRAWN = "deemed_withdrawn", _("counts as withdrawn")
        TERMINATED = "terminated", _("terminated")
        VOIDED = "voided", _("voided")
        DISPATCHED = "dispatched", _("dispatched, to be signed for")
        FOLLOWING = "following", _("cannot be solved yet, followed")

    # The same states in the words of what has no item: nothing is decided there, and nothing handed over.
    _ASKED = {
        Status.RECEIVED: _("written down, to be dispatched"), Status.ACCEPTED: _("signed for"), Status.DECIDED: _("answered"),
        Status.CLOSED: _("done with"),
    }  # fmt: skip
    OWN_WORDS = {
        Kind.CONSULTATION: {Status.CLOSED: _("done with")},
        Kind.DEMAND: _ASKED | {Status.NOT_OURS: _("goes on elsewhere")},
        Kind.ORDER: _ASKED,
        Kind.UNSOLVED: _ASKED,
        Kind.MEDIATION: {
            Status.RECEIVED: _("asked for"), Status.ACCEPTED: _("both parties agree"), Status.IN_HAND: _("being mediated"),
            Status.DECIDED: _("to be performed"), Status.CLOSED: _("done with"),
        },
    }  # fmt: skip

    OPEN = (
        Status.RECEIVED, Status.AWAITING_MATERIALS, Status.ACCEPTED, Status.IN_HAND, Status.DISPATCHED, Status.FOLLOWING,
    )  # fmt: skip
    # The clock has ended, the result is not yet in the applicant's hands.
    UNDELIVERED = (Status.DECIDED,)
    ENDED = (
        Status.CLOSED, Status.INTAKE_REFUSED, Status.NOT_OURS, Status.WITHDRAWN, Status.DEEMED_WITHDRAWN, Status.TERMINATED, Status.VOIDED,
    )  # fmt: skip

    # Logged in a village and not come to the township, or taken back before it came.
    ON_THE_WAY = Q(village_received_at__isnull=False, received_at=F("village_received_at"))

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        CONFIRMED = "confirmed", _("confirmed")
        PAID = "paid", _("paid out")
        ANSWERED = "answered", _("answered")
        SOLVED = "solved", _("solved")
        PARTLY = "partly", _("partly solved")
        EXPLAINED = "explained", _("explained")
        ELSEWHERE = "elsewhere", _("not of this level, told where to go")
        AGREED = "agreed", _("agreement reached")
        FAILED = "failed", _("no agreement")

    # How an application is decided; the others end a question or a demand.
    DECISIONS = (Outcome.GRANTED, Outcome.REFUSED, Outcome.CONFIRMED, Outcome.PAID)

    class DueKind(models.TextChoices):
        ACCEPTANCE_CHECK = "acceptance_check", _("answer on acceptance")
        PROMISED = "promised", _("promised")
        LEGAL = "legal", _("by law")
        ON_THE_SPOT = "on_the_spot", _("on the spot")
        CALL_BACK = "call_back", _("call back")
        SIGN = "sign", _("sign for it")
        CONTACT = "contact", _("first contact")
        ANSWER = "answer", _("answer")
        FOLLOW_UP = "follow_up", _("look at it again")
        ORDERED = "ordered", _("date of the order")
        FORWARDING = "forwarding", _("carry on to the county")

    class Origin(models.TextChoices):
        LIVE = "live", _("logged at once")
        SLIP = "slip", _("entered from a paper slip")
        OLD_LEDGER = "old_ledger", _("carried over from the paper ledger")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    number = models.CharField(_("case number"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    channel = models.CharField(_("channel"), max_length=14, choices=Channel.choices)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.LIVE)
    status = models.CharField(_("status"), max_length=18, choices=Status.choices)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)

    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item"))
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pinned edition"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("official"))
    intake_office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("taken in at"))
    first_asked = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("first asked (首问)"))
    village = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("village"))
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="cases")
    earlier_case = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later_cases")
    # Whom it is about: that person and that office neither handle it nor see it (domain 9.2, 14 no. 9).
    kept_from = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("not for"))
    kept_from_office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("not for the office")
    )

    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    # 村级收件 and 镇收件 (domain 16.4): what an agent logged has both. Until it arrives `received_at` says the same as
    # `village_received_at`; arriving moves it, and the entry, to the township's receipt.
    village_received_at = models.DateTimeField(_("received at the village"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))
    recorded_at = models.DateTimeField(_("entered at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # 确认: the day some limits start on (信息公开条例 31), where the channel makes them.
    confirmed_at = models.DateTimeField(_("confirmed with the applicant at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, blank=True)

    # A cache of `requests.clock`, written by the verbs and checked every night.
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_kind = models.CharField(_("which limit"), max_length=16, choices=DueKind.choices, blank=True)
    promised_on = models.DateField(_("promised date"), null=True, blank=True)
    legal_on = models.DateField(_("legal date"), null=True, blank=True)
    original_on = models.DateField(_("date as first told"), null=True, blank=True)
    # While a special procedure holds the limit that counts: `due_at` is empty and `due_on` the earliest possible day.
    stopped_since = models.DateField(_("clock stopped since"), null=True, blank=True)
    # An on-the-spot case that could not be finished at once (即办件转承诺件): the limit promised instead, for this case alone.
    own_value = models.PositiveSmallIntegerField(_("promised for this case"), null=True, blank=True)
    own_unit = models.CharField(max_length=12, choices=Edition.Unit.choices, blank=True)
    is_provisional = models.BooleanField(_("provisional"), default=False)
    # While the file lies with the county there is no date of ours, so nobody here is late; the county's own date stands here.
    forwarded_at = models.DateTimeField(_("first carried to the county at"), null=True, blank=True)
    county_since = models.DateField(_("with the county since"), null=True, blank=True)
    county_due_on = models.DateField(_("date of the county"), null=True, blank=True)

    upper_number = models.CharField(_("number in the upper system"), max_length=60, blank=True)
    upper_at = models.DateTimeField(null=True, blank=True)
    upper_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    old_number = models.CharField(_("number in the paper ledger"), max_length=60, blank=True)
    old_source = models.CharField(_("file and row of the paper ledger"), max_length=160, blank=True)
    form_token = models.CharField(max_length=40, null=True, blank=True, unique=True)

    history = tracked(excluded_fields=["form_token"])
    objects = models.Manager.from_queryset(ServiceRequestQuerySet)()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(fields=["township", "number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["township", "upper_number"], condition=~Q(upper_number=""), name="case_upper_number_once"
            ),
            _pair("accepted_at", "accepted_by"),
            _pair("confirmed_at", "confirmed_by"),
            _pair("decided_at", "decided_by"),
            _pair("ended_at", "ended_by"),
            _pair("upper_at", "upper_by"),
            models.CheckConstraint(condition=Q(due_at__isnull=True) | Q(due_on__isnull=False), name="case_due_at_and_on"),
            models.CheckConstraint(
                condition=~Q(kind="application") | Q(edition__isnull=False), name="application_pins_an_edition"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("received_at")), name="decided_after_receipt"
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "due_at"],
                condition=Q(status__in=_OPEN_WORDS),
                name="case_open_by_office",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=_OPEN_WORDS),
                name="case_open_by_due",
            ),
            models.Index(
                fields=["holder", "due_at"],
                condition=Q(status__in=_OPEN_WORDS),
                name="case_open_by_holder",
            ),
            models.Index(fields=["county_due_on"], condition=Q(county_since__isnull=False), name="case_at_county"),
            models.Index(fields=["office", "-received_at"], name="case_ledger"),
            models.Index(fields=["intake_office", "-received_at"], name="case_taken_in"),
            models.Index(fields=["item", "-received_at"], name="case_item"),
            models.Index(fields=["upper_number"], name="case_upper_number"),
            models.Index(fields=["intake_office", "recorded_at"], name="case_day"),
            models.Index(fields=["old_number"], name="case_old_number"),
            # The page of a case and the search ask by the whole number, without the township it begins with.
            models.Index(fields=["number"], name="case_by_number"),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return f"/desk/{self.number}/"

    def get_outcome_display(self) -> str:
        """The word of the item for it (予以备案, 不予登记); the columns it asks for belong to every list that shows it."""
        said = outcome_words.words(self.edition if self.edition_id else None, self.outcome)
        return str(said if said is not None else self.Outcome(self.outcome).label) if self.outcome else ""

    def get_status_display(self) -> str:
        """Lists, lights, papers and the history all say it so."""
        return self.status_word(self.kind, self.status)

    @classmethod
    def status_word(cls, kind: str, status: str) -> str:
        """A state in the words of this kind of case."""
        return str(cls.OWN_WORDS.get(kind, {}).get(status) or dict(cls.Status.choices).get(status, status))

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def has_checklist(self) -> bool:
        """Only an application has materials. A question may be about an item all the same; nothing is to be brought for it."""
        return self.kind == self.Kind.APPLICATION and self.edition_id is not None

    @property
    def told_on(self) -> date | None:
        """The date the applicant is told: when our part ends is our own affair."""
        return self.promised_on if self.due_kind == self.DueKind.FORWARDING or self.county_since else self.due_on

    @property
    def due_words(self) -> str:
        """Which limit the date is of, in the words of this kind of case: a mediation is answered by nobody."""
        is_mediation = self.kind == self.Kind.MEDIATION and self.due_kind == self.DueKind.ANSWER
        return gettext("end of the mediation") if is_mediation else self.get_due_kind_display()

    @property
    def title(self) -> str:
        return self.edition.name if self.edition_id else str(self.get_kind_display())


class CaseKey(models.Model):
    """Everything erasable about a case in one row without history: its data key, the tracking secret's digest, the keyed
    look-up columns and the masked name. Blanking this row is anonymising (design 7): what stays elsewhere is ciphertext.
    """

    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, primary_key=True, related_name="key")
    wrapped_key = models.TextField(blank=True)
    secret_salt = models.CharField(max_length=32, blank=True)
    secret_digest = models.CharField(max_length=64, blank=True)
    name_masked = models.CharField(max_length=40, blank=True)
    name_hmac = models.CharField(max_length=64, blank=True, db_index=True)
    phone_hmac = models.CharField(max_length=64, blank=True, db_index=True)
    phone_tail_hmac = models.CharField(max_length=64, blank=True)
    id_hmac = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        verbose_name = _("erasable row of a case")
