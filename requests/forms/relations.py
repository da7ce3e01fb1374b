"""How somebody is related to the applicant: the usual words are proposed, and any other can be typed."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join

USUAL = ("配偶", "父亲", "母亲", "儿子", "女儿", "祖父", "祖母", "孙子", "孙女", "兄弟", "姐妹", "儿媳", "女婿", "邻居", "村干部")


class RelationInput(forms.TextInput):
    """A line with a list of the usual words; without it (an old browser) it is a plain line."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> str:
        proposed = f"{(attrs or {}).get('id', name)}_words"
        line = super().render(name, value, (attrs or {}) | {"list": proposed}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((word,) for word in USUAL))
        return format_html('{}<datalist id="{}">{}</datalist>', line, proposed, options)
