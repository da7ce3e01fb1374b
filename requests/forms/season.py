"""Forms of the batches: opening one, a village's list, and each step of the road."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from officials.models import Office
from requests.forms.day import DayField
from requests.models import Batch
from services.models import Edition


class OpenBatchForm(forms.Form):
    """The item, the days and the households each village is expected to report; a village left empty takes no part."""

    item = forms.ChoiceField(label=gettext_lazy("Item"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    begins_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(label=gettext_lazy("Last day"))
    late_allowed = forms.BooleanField(label=gettext_lazy("This year's notice takes late reports"), required=False)

    def __init__(self, *args: Any, editions: Sequence[Edition], villages: Sequence[Office], now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.editions = {edition.item.code: edition for edition in editions}
        self.villages = {f"village_{village.pk}": village for village in villages}
        self.fields["item"].choices = [("", _("choose")), *((code, f"{code} {one.name}") for code, one in self.editions.items())]
        self.fields["year"].initial = timezone.localdate(now).year
        for name, village in self.villages.items():
            label = _("Households expected: %(village)s") % {"village": village}
            self.fields[name] = forms.IntegerField(label=label, min_value=1, max_value=9999, required=False)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("begins_on") and cleaned.get("ends_on") and cleaned["ends_on"] < cleaned["begins_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))
        if not self.errors and not any(cleaned.get(name) for name in self.villages):
            raise forms.ValidationError(_("Say of at least one village how many households are expected."))
        return cleaned

    def said(self) -> dict:
        data = self.cleaned_data
        said = {name: data[name] for name in ("year", "begins_on", "ends_on", "late_allowed")}
        return said | {"expected": {village: data[name] for name, village in self.villages.items() if data.get(name)}}


class VillageFileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("The village's list (.xlsx)"), max_length=200)


class StepForm(forms.Form):
    """One step of the road."""

    name = ""
    label: Any = ""
    intro: Any = ""

    def __init__(self, *args: Any, batch: Batch, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.batch, self.now = batch, now
        self.build()

    def build(self) -> None:
        """Fields that depend on the batch."""

    def said(self) -> dict:
        return dict(self.cleaned_data)


class Notice(StepForm):
    name = "begin_notice"
    label = gettext_lazy("Begin the public notice")
    intro = gettext_lazy("One sheet for each village that has reported, all on the same days.")
    hang_on = DayField(label=gettext_lazy("Posted on"), help_text=gettext_lazy("This day itself is not counted."))

    def build(self) -> None:
        self.fields["hang_on"].initial = timezone.localdate(self.now)


class Freeze(StepForm):
    name = "freeze"
    label = gettext_lazy("Freeze (定稿)")
    intro = gettext_lazy("From then on nothing changes unless the head allows it.")


class Unlock(StepForm):
    name = "unlock"
    label = gettext_lazy("Allow a change")
    intro = gettext_lazy("One village's list can be taken in once more.")
    village = forms.ChoiceField(label=gettext_lazy("Village"), widget=forms.RadioSelect)

    def build(self) -> None:
        self.villages = {str(one.village_id): one.village for one in self.batch.villages.select_related("village")}
        self.fields["village"].choices = [(key, str(village)) for key, village in self.villages.items()]

    def said(self) -> dict:
        return {"village": self.villages[self.cleaned_data["village"]]}


class Transfer(StepForm):
    name = "transfer"
    label = gettext_lazy("Transfer to the county")
    intro = gettext_lazy("The whole batch goes once, with its number and day.")
    number = PlainCharField(label=gettext_lazy("Number of the transfer"), max_length=60)
    on = DayField(label=gettext_lazy("Transferred on"))

    def build(self) -> None:
        self.fields["on"].initial = timezone.localdate(self.now)


class Result(StepForm):
    name = "record_result"
    label = gettext_lazy("Enter the county's result")
    approved = forms.IntegerField(label=gettext_lazy("Households approved"), min_value=0, max_value=99999)
    returned = forms.IntegerField(label=gettext_lazy("Households returned"), min_value=0, max_value=99999)


class Forget(StepForm):
    name = "forget"
    label = gettext_lazy("Erase the households")
    intro = gettext_lazy("Names and numbers become unreadable for ever; the figures stay. Next year's list begins empty.")


STEPS: dict[str, type[StepForm]] = {
    "notice": Notice, "freeze": Freeze, "unlock": Unlock, "transfer": Transfer, "result": Result, "forget": Forget,
}  # fmt: skip
