"""A rule on coming for somebody else, as an editor writes it (CR-01)."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from officials.models import Township
from services.models import ChannelRule, Item

_BETWEEN = re.compile(r"[\s,,、;;]+")


class ChannelRuleForm(forms.ModelForm):
    """The codes of the items are typed in one line; who is spared is ticked."""

    use_required_attribute = False

    text = PlainCharField(label=gettext_lazy("The rule in one sentence, as residents read it"), max_length=200)
    note = PlainCharField(label=gettext_lazy("What instead, or why"), max_length=200, required=False)
    codes = PlainCharField(
        label=gettext_lazy("Codes of the items it holds for"), max_length=400, required=False,
        help_text=gettext_lazy("With 、 between them. Blank: it holds for every item."),
    )  # fmt: skip
    basis = PlainCharField(label=gettext_lazy("Basis"), max_length=200, required=False)
    spared = forms.MultipleChoiceField(
        label=gettext_lazy("Whom it does not stop"), choices=ChannelRule.Authority.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    position = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=9999, initial=100)
    field_order = ("kind", "text", "note", "codes", "authority", "stage", "spared", "basis", "is_assumed", "position", "is_in_force")

    class Meta:
        model = ChannelRule
        fields = ("kind", "text", "note", "authority", "stage", "spared", "basis", "is_assumed", "position", "is_in_force")

    def __init__(self, *args: Any, township: Township, **options: Any) -> None:
        super().__init__(*args, **options)
        self.township = township
        self.fields["codes"].initial = "、".join(self.instance.items)

    def clean_codes(self) -> list[str]:
        codes = [code for code in _BETWEEN.split(self.cleaned_data["codes"]) if code]
        known = set(Item.objects.filter(township=self.township, code__in=codes).values_list("code", flat=True))
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise ValidationError(_("There is no item with this code: %(codes)s.") % {"codes": "、".join(unknown)})
        return list(dict.fromkeys(codes))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind = data.get("kind")
        if kind == ChannelRule.Kind.NOT_NEEDED and not data.get("authority"):
            self.add_error("authority", _("Say who needs no letter."))
        if kind == ChannelRule.Kind.IN_PERSON and not data.get("stage"):
            self.add_error("stage", _("Say whether nobody else can apply, or only this part is done in person."))
        return data

    def rule(self) -> ChannelRule:
        """The row to be saved by `channel_rules.save_rule`."""
        rule, data = self.instance, self.cleaned_data
        rule.township, rule.items = self.township, data["codes"]
        if rule.kind != ChannelRule.Kind.NOT_NEEDED:
            rule.authority = ""
        if rule.kind != ChannelRule.Kind.IN_PERSON:
            rule.stage, rule.spared = "", []
        return rule
