"""/editing/channel-rules/: who may come for somebody else. The list, and below it the form of a new rule or of the chosen one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officials.models import Township
from officials.permissions import EDIT
from services.channel_rules import save_rule
from services.forms.channel_rules import ChannelRuleForm
from services.models import ChannelRule
from services.views.editing_access import admit, township_of


@require_http_methods(["GET", "HEAD", "POST"])
def channel_rules(request) -> HttpResponse:
    """A rule is never deleted, it goes out of force; its history says who changed what."""
    admit(request.user, EDIT)
    township = township_of(request.user)
    chosen = _chosen(township, request.GET.get("rule", ""))
    form = ChannelRuleForm(request.POST if request.method == "POST" else None, township=township, instance=chosen)
    if form.is_valid():
        save_rule(form.rule(), by=request.user, now=timezone.now())
        messages.success(request, _("Saved. The item pages and the windows go by it from now on."))
        return redirect("/editing/channel-rules/")
    rows = [(rule, "、".join(rule.items)) for rule in ChannelRule.objects.filter(township=township)]
    context = {"rows": rows, "form": form, "chosen": chosen}
    return render(request, "services/editing/channel_rules.html", context, status=422 if form.is_bound else 200)


def _chosen(township: Township, pk: str) -> ChannelRule | None:
    if not pk:
        return None
    found = ChannelRule.objects.filter(township=township, pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 16 else None
    if found is None:
        raise Http404
    return found
