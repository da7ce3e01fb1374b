"""guardian's rights on offices, as real foreign keys, and the record of every grant and revocation."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from officials.audit import AppendOnly

from .people import User
from .places import Office

__all__ = ["GrantEvent", "OfficeGroupObjectPermission", "OfficeUserObjectPermission"]


class OfficeUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Office, models.PROTECT)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("right on an office")
        verbose_name_plural = _("rights on offices")


class OfficeGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Office, models.PROTECT)


class GrantEvent(AppendOnly):
    """guardian keeps no history of rights; this does."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grant_events")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    right = models.CharField(max_length=40)
    granted = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
