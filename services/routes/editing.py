"""The editing room. The fixed words stand before the code of an item."""

from django.urls import path, re_path

from services.views import channel_rules, editing, editing_draft, editing_import, editing_item

CODE = r"(?P<code>[A-Za-z0-9][A-Za-z0-9_.-]{0,39})"

urlpatterns = [
    path("editing/", editing.room, name="editing"),
    path("editing/batch/", editing.batch),
    path("editing/channel-rules/", channel_rules.channel_rules),
    path("editing/new/", editing_draft.new),
    path("editing/import/", editing_import.upload),
    path("editing/import/apply/", editing_import.bring_in),
    path("editing/export.xlsx", editing_import.export),
    path("editing/blank.xlsx", editing_import.blank),
    re_path(rf"^editing/{CODE}/$", editing_item.item),
    re_path(rf"^editing/{CODE}/start/$", editing_item.start),
    re_path(rf"^editing/{CODE}/draft/$", editing_draft.draft),
    re_path(rf"^editing/{CODE}/preview/$", editing_item.preview),
    re_path(rf"^editing/{CODE}/compare/$", editing_item.comparison),
    re_path(rf"^editing/{CODE}/submit/$", editing_item.submit),
    re_path(rf"^editing/{CODE}/return/$", editing_item.send_back),
    re_path(rf"^editing/{CODE}/publish/$", editing_item.publish),
    re_path(rf"^editing/{CODE}/discard/$", editing_item.discard),
    re_path(rf"^editing/{CODE}/retire/$", editing_item.retire),
]
