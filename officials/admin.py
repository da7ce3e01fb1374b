"""Master data in Django's admin, tidied: people, cards, posts, offices, windows, the township. For administrators (is_staff).

Every save is the verb `admin_change`; nothing is deleted here, people and offices are closed. Whereabouts and the calendar
move cases, so they have pages of their own on the desk. Rights on offices: `officials.admin_rights`.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from officials import versions
from officials.admin_forms import OfficeForm, OfficialForm, PostForm, UserForm
from officials.admin_rights import rights_page
from officials.audit import together, verb
from officials.forms import PlainCharField
from officials.models import IssuingBody, Office, Official, Post, Township, User, Window

LONGEST_TEXT = 4000

admin.site.site_header = _("Administration: people, posts, offices")
admin.site.site_title = _("Administration")
admin.site.index_title = _("What can be kept here")
admin.site.site_url = "/desk/"
admin.site.enable_nav_sidebar = False


class MasterData(admin.ModelAdmin):
    """What all these pages have in common: administrators only, no deletion, one verb a save, clean text."""

    actions = None
    list_per_page = 50
    save_on_top = False
    view_on_site = False

    # Being an administrator is the right; Django's single permissions would be a second set of rules without a history.
    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_change_permission = has_view_permission

    def has_add_permission(self, request):
        return self.has_module_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Django opens a transaction of its own here; `together` opens it in its place, so that the verbs write their links."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with together():
            return self._changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        # A person, an office and a post all show on public pages, which are kept until the version of the catalogue moves.
        with verb("admin_change", by=request.user, now=timezone.now()) as act:
            self.write(obj, form)
            act.subject = f"{obj._meta.model_name}:{obj.pk}"
            versions.bump(versions.CATALOGUE)

    def write(self, obj, form):
        obj.save()

    def delete_model(self, request, obj):
        raise PermissionDenied

    def formfield_for_dbfield(self, db_field, request, **options):
        if type(db_field) is models.CharField and not db_field.choices:
            options["form_class"] = PlainCharField
        elif type(db_field) is models.TextField:
            options |= {"form_class": PlainCharField, "max_length": LONGEST_TEXT, "multiline": True}
        field = super().formfield_for_dbfield(db_field, request, **options)
        for link in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
            if hasattr(getattr(field, "widget", None), link):
                setattr(field.widget, link, False)  # pop-up windows; each list is one click away anyway
        return field

    def formfield_for_foreignkey(self, db_field, request, **options):
        if db_field.related_model is User:
            options.setdefault("queryset", User.objects.filter(is_job=False).order_by("-is_active", "staff_no"))
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(User)
class UserAdmin(MasterData):
    form = UserForm
    change_form_template = "officials/admin_user_form.html"
    fields = ("username", "name", "staff_no", "office", "email", "joined_on", "is_active", "is_staff", "new_password", "reset_phone")
    list_display = ("name", "staff_no", "username", "office", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "office")
    list_select_related = ("office",)
    search_fields = ("name", "staff_no", "username")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(is_job=False)

    def get_form(self, request, obj=None, change=False, **options):
        """The form must know who asks: nobody closes the own account or gives up the own administration."""
        form = super().get_form(request, obj, change, **options)
        return type(form.__name__, (form,), {"asker": request.user})

    def write(self, obj, form):
        password = form.cleaned_data.get("new_password")
        if password:
            # A new password by the administrator means that the old secrets may be known to others.
            obj.set_password(password)
            obj.pin = ""
        obj.save()
        if form.cleaned_data.get("reset_phone"):
            TOTPDevice.objects.filter(user=obj).delete()

    def get_urls(self):
        rights = path("<int:pk>/rights/", self.admin_site.admin_view(self.rights), name="officials_user_rights")
        return [rights, *super().get_urls()]

    def rights(self, request, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        return rights_page(request, pk, self.admin_site.each_context(request))


@admin.register(Official)
class OfficialAdmin(MasterData):
    form = OfficialForm
    fields = ("user", "code", "title", "duties", "duty_phone", "is_leader", "is_public", "sort")
    list_display = ("user", "title", "duty_phone", "is_leader", "is_public", "sort")
    list_filter = ("is_leader", "is_public")
    list_select_related = ("user",)
    search_fields = ("user__name", "title", "code")


@admin.register(Post)
class PostAdmin(MasterData):
    form = PostForm
    fields = ("office", "code", "title", "holder", "deputy", "duty_phone", "closed_on")
    list_display = ("title", "office", "holder", "deputy", "duty_phone", "closed_on")
    list_filter = ("office",)
    list_select_related = ("office", "holder", "deputy")
    search_fields = ("title", "code", "holder__name", "deputy__name")


@admin.register(Office)
class OfficeAdmin(MasterData):
    form = OfficeForm
    fields = (
        "township", "parent", "code", "name", "name_en", "kind", "duties", "phone", "complaint_phone", "address", "hours",
        "takes_in_for_all", "sort", "closed_on",
    )  # fmt: skip
    list_display = ("name", "code", "kind", "parent", "phone", "closed_on")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "code")


@admin.register(Window)
class WindowAdmin(MasterData):
    fields = ("office", "name", "place", "closed_on")
    list_display = ("name", "office", "place", "closed_on")
    list_select_related = ("office",)


@admin.register(Township)
class TownshipAdmin(MasterData):
    """The township is made by the set-up; its code begins every number, so it stays what it was."""

    fields = (
        "code", "name", "county", "centre_name", "phone", "complaint_phone", "address", "hours", "opens_at", "closes_at", "acceptance_days",
        "most_pauses", "most_paused_days", "made_promised_days", "village_days",
    )  # fmt: skip
    readonly_fields = ("code",)
    list_display = ("name", "code", "centre_name", "phone")

    def has_add_permission(self, request):
        return False


@admin.register(IssuingBody)
class IssuingBodyAdmin(MasterData):
    """Who may write which paper stands in the items; here stands how its number and its seal line look."""

    fields = ("township", "name", "code_word", "acts_here", "business_seal", "decision_seal")
    list_display = ("name", "code_word", "acts_here", "business_seal", "decision_seal")
    list_filter = ("acts_here",)
    search_fields = ("name", "code_word")
