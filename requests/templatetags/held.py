"""The hidden fields with which a desk form survives a change of person and a time-out."""

from django import template

from requests import held_forms

register = template.Library()


@register.simple_tag(takes_context=True)
def held_owner(context):
    """Signed: whose page this is."""
    return held_forms.owner_mark(context["request"].user)


@register.simple_tag(takes_context=True)
def held_path(context):
    """The page that can be opened again; the part may be given `page` where the form is sent to another address."""
    return held_forms.clean_path(context.get("page") or context["request"].get_full_path())


@register.simple_tag(takes_context=True)
def held_id(context):
    """The kept form this page was filled from, so that it goes once the form is sent."""
    request = context["request"]
    kept = request.POST.get("held") or request.GET.get("held") or ""
    return kept if kept.isdigit() else ""
