"""Lists of items for pages of apps below this one: the templates of officials and offices load these tags."""

from django import template

from services import saying
from services.listing import listing
from services.views.public_catalogue import lines

register = template.Library()
LIST = "services/public/item_list.html"


@register.inclusion_tag(LIST, takes_context=True)
def items_of_office(context, office):
    """Published items of an office, from memory."""
    shelf = listing().offices.get(office.code)
    return _listed(context, shelf.entries if shelf else [])


@register.inclusion_tag(LIST, takes_context=True)
def items_held_by(context, user):
    """Published items a member of staff answers for (A岗)."""
    return _listed(context, listing().held_by(user.pk))


@register.inclusion_tag(LIST, takes_context=True)
def items_deputised_by(context, user):
    """Published items for which a member of staff stands in (B岗)."""
    return _listed(context, listing().deputised_by(user.pk))


@register.filter
def grouped_phone(number):
    """A number as it is read out."""
    return saying.group_phone(number or "")


def _listed(context, entries):
    return {"lines": lines(entries, context["lang"]), "lang": context["lang"]}
