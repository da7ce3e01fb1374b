"""The list of subjects of demands in the administration; everything else of this app is kept by its own pages."""

from django.contrib import admin

from officials.admin import MasterData
from requests.models import DemandCategory


@admin.register(DemandCategory)
class DemandCategoryAdmin(MasterData):
    fields = ("township", "parent", "code", "name", "closed_on")
    list_display = ("name", "code", "parent", "closed_on")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
