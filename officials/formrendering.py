"""The common form controls, made without templates: a form of forty controls spent nine tenths of its page on them.

The markup is Django's own, letter by letter (a test compares the two); every other template is left to Django.
"""

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = dict[str, Any]
_FOLDER = "django/forms/widgets/"


class QuickRenderer(DjangoTemplates):
    """Set as FORM_RENDERER."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        made = _MADE_HERE.get(template_name)
        return made(context["widget"]) if made else super().render(template_name, context, request)


def _text(value: Any) -> str:
    """As the templates do: escaped, unless it says that it is safe."""
    return conditional_escape(value if hasattr(value, "__html__") else str(value))


def _attributes(widget: Widget) -> str:
    """` id="id_name" required`: what is False is left out, what is True stands alone."""
    parts = []
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {_text(name)}")
        elif value is not False:
            parts.append(f' {_text(name)}="{_text(value)}"')
    return "".join(parts)


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return mark_safe(f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attributes(widget)}>')


def _input_option(widget: Widget) -> SafeString:
    if not widget.get("wrap_label"):
        return _input(widget)
    owner = f' for="{_text(widget["attrs"]["id"])}"' if widget["attrs"].get("id") else ""
    return mark_safe(f"<label{owner}>{_input(widget)}\n {_text(widget['label'])}</label>")


def _textarea(widget: Widget) -> SafeString:
    value = _text(widget["value"]) if widget["value"] else ""
    return mark_safe(f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>')


def _select(widget: Widget) -> SafeString:
    parts = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_text(group)}">')
        parts += [f"\n  {_option(option)}\n" for option in options]
        if group:
            parts.append("\n  </optgroup>")
    return mark_safe("".join([*parts, "\n</select>"]))


def _option(widget: Widget) -> SafeString:
    return mark_safe(f'<option value="{_text(widget["value"])}"{_attributes(widget)}>{_text(widget["label"])}</option>')


_INPUTS = ("text", "number", "email", "url", "tel", "search", "color", "password", "hidden", "date", "datetime", "time", "checkbox")
_MADE_HERE: dict[str, Callable[[Widget], SafeString]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    f"{_FOLDER}radio_option.html": _input_option,
    f"{_FOLDER}checkbox_option.html": _input_option,
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
    f"{_FOLDER}select_option.html": _option,
}
