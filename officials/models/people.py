"""Who does the work: members of staff, their public cards, posts with holder and deputy, whereabouts."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, TrackedQuerySet, tracked

from .places import Office

__all__ = ["Official", "Post", "User", "StandIn", "Whereabouts"]


class UserManager(BaseUserManager.from_queryset(TrackedQuerySet)):
    def create_user(self, username, password=None, **fields):
        """A new member of staff. Call it inside a verb: people are tracked."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, username, password=None, **fields):
        """The operator's emergency account. Nobody works with it day by day (it would see past the rights on offices)."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def job(self, name):
        """The named account of a job ("tick", "import"); the migration makes them, so that no history row lacks an actor."""
        return self.get(username=f"job-{name}")


class User(AbstractBaseUser, PermissionsMixin, TrackedModel):
    """A member of staff or a named job. Leavers are closed (is_active False), never deleted."""

    username = models.CharField(_("sign-in name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40)
    staff_no = models.CharField(_("staff number"), max_length=20, unique=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("office"))
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_job = models.BooleanField(_("is a job, not a person"), default=False, editable=False)
    pin = models.CharField(_("PIN for a shared desk"), max_length=128, blank=True, editable=False)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name", "staff_no"]

    history = tracked(excluded_fields=["password", "pin", "last_login"])
    objects = UserManager()

    class Meta:
        ordering = ["staff_no"]
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class Official(TrackedModel):
    """The public card of a member of staff: name, title, duties and duty phone (never a private mobile, domain 11.6)."""

    user = models.OneToOneField(User, models.PROTECT, related_name="official", verbose_name=_("member of staff"))
    code = models.SlugField(_("code"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=60)
    duties = models.CharField(_("duties"), max_length=300, blank=True)
    duty_phone = models.CharField(_("duty phone"), max_length=30, blank=True)
    is_leader = models.BooleanField(_("leader of the township"), default=False)
    is_public = models.BooleanField(_("shown to the public"), default=True)
    sort = models.PositiveSmallIntegerField(_("order"), default=100)

    history = tracked()

    class Meta:
        ordering = ["sort", "code"]
        verbose_name = _("official")
        verbose_name_plural = _("officials")

    def __str__(self):
        return self.user.name

    def get_absolute_url(self):
        return f"/officials/{self.code}/"


class Post(TrackedModel):
    """岗: the lasting answer to "who handles this": a holder (A) and a deputy (B) who stands in with equal powers."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="posts", verbose_name=_("office"))
    code = models.CharField(_("code"), max_length=20)
    title = models.CharField(_("title"), max_length=60)
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="posts_held", verbose_name=_("holder (A)"))
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="posts_deputised", verbose_name=_("deputy (B)"))
    duty_phone = models.CharField(_("duty phone"), max_length=30, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ["office", "code"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["office", "code"], name="post_code_once"),
            models.CheckConstraint(
                condition=Q(holder__isnull=True) | Q(deputy__isnull=True) | ~Q(holder=models.F("deputy")),
                name="deputy_is_another_person",
            ),
        ]

    def __str__(self):
        return f"{self.office} · {self.title}"


class Whereabouts(AppendOnly):
    """去向: one row each time somebody says where they are. The newest row that has begun and not ended counts."""

    class Where(models.TextChoices):
        DESK = "desk", _("at the desk")
        VILLAGE = "village", _("in a village")
        MEETING = "meeting", _("in a meeting")
        LEAVE = "leave", _("on leave")

    user = models.ForeignKey(User, models.PROTECT, related_name="whereabouts")
    where = models.CharField(max_length=8, choices=Where.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="whereabouts_newest")]


class StandIn(AppendOnly):
    """顶岗: a third person at a post whose holder and deputy are both away, named by the head on the spot (domain 16.5).

    A row names; a row with `ends` ends an earlier one before its time. What papers say of who acted never follows from here:
    they bear the name of whoever wrote them.
    """

    class Scope(models.TextChoices):
        TAKE_IN = "take_in", _("only take in: nothing is decided")
        HANDLE = "handle", _("take in and handle, like the holder")

    post = models.ForeignKey(Post, models.PROTECT, related_name="stand_ins")
    person = models.ForeignKey(User, models.PROTECT, related_name="stand_ins")
    since = models.DateTimeField()
    until = models.DateTimeField()
    scope = models.CharField(max_length=8, choices=Scope.choices)
    why = models.TextField(blank=True)  # sealed under the master key: it may say who is ill
    ends = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="ended")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["post", "-id"], name="stand_in_of_post"),
            models.Index(fields=["person", "until"], name="stand_in_of_person"),
        ]
        constraints = [models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="stand_in_ends_after_it_begins")]
