"""Controls made without templates are Django's own, letter by letter."""

import datetime

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from officials.formrendering import QuickRenderer

ODD = """<b>"低保" & 'Zeile'</b>"""
CHOICES = [("", "—"), ("a", ODD), (ODD, _("Name")), (3, mark_safe("<i>3</i>")), ("group", [("g1", "one"), ("g2", ODD)])]
ATTRIBUTES = {"class": ODD, "required": True, "disabled": False, "data-n": 1500, "title": _("Name")}


class EveryControl(forms.Form):
    text = forms.CharField(max_length=40, help_text="help")
    number = forms.IntegerField(min_value=1, required=False)
    email = forms.EmailField()
    url = forms.URLField(assume_scheme="https")
    password = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(widget=forms.TimeInput(attrs=ATTRIBUTES))
    moment = forms.DateTimeField()
    tick = forms.BooleanField(required=False)
    words = forms.CharField(widget=forms.Textarea(attrs=ATTRIBUTES))
    choice = forms.ChoiceField(choices=CHOICES, widget=forms.Select(attrs=ATTRIBUTES))
    several = forms.MultipleChoiceField(choices=CHOICES)
    radio = forms.ChoiceField(choices=CHOICES[:3], widget=forms.RadioSelect(attrs=ATTRIBUTES))
    ticks = forms.MultipleChoiceField(choices=CHOICES[:3], widget=forms.CheckboxSelectMultiple)
    file = forms.FileField()


FILLED = {
    "text": ODD, "number": "1500", "email": "a@b.cn", "url": "https://x", "password": ODD, "hidden": ODD, "day": "2026-11-23",
    "time": "09:30", "moment": "2026-11-23 09:30", "tick": "on", "words": f"\n{ODD}\n", "choice": ODD, "several": ["a", "g2"],
    "radio": "a", "ticks": ["a", ODD],
}  # fmt: skip
INITIAL = {
    "number": 1500, "day": datetime.date(2026, 11, 23), "time": datetime.time(9, 30), "tick": True, "choice": 3, "text": mark_safe("<u>"),
}  # fmt: skip


@pytest.mark.parametrize("given", [{}, {"data": FILLED}, {"data": {}}, {"initial": INITIAL}], ids=["empty", "filled", "wrong", "initial"])
def test_the_same_letters(given):
    quick, plain = EveryControl(renderer=QuickRenderer(), **given), EveryControl(renderer=DjangoTemplates(), **given)
    for name in quick.fields:
        assert str(quick[name]) == str(plain[name])
        for mine, theirs in zip(quick[name].subwidgets, plain[name].subwidgets, strict=True):
            assert mine.tag() == theirs.tag()
            assert mine.tag(wrap_label=True) == theirs.tag(wrap_label=True)
    assert quick.as_div() == plain.as_div()


def test_it_is_the_one_in_use(settings):
    assert settings.FORM_RENDERER == "officials.formrendering.QuickRenderer"


@pytest.mark.once
def test_an_empty_field_is_named_in_every_form_and_a_sentence_of_its_own_stays():
    class Three(forms.Form):
        village = forms.CharField(label="村")
        kind = forms.ChoiceField(label="类别", choices=[("a", "A")])
        day = forms.DateField(label="日期", error_messages={"required": "写下哪一天。"})

    with translation.override("zh-hans"):
        errors = {name: list(told) for name, told in Three({}).errors.items()}
    assert errors == {"village": ["请填写“村”。"], "kind": ["请选择“类别”。"], "day": ["写下哪一天。"]}
