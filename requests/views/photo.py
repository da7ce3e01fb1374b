"""/desk/<number>/photos/<name>/: a picture of a site visit, for those who see the case whole and for nobody else."""

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from requests.joint import photos
from requests.models import VisitPhoto
from requests.permissions import get_visible, sees_whole
from requests.views.refusing import refused_page


@never_cache
@require_safe
def photo(request, number, name):
    case = get_visible(request.user, number)
    if not sees_whole(request.user, case):
        return refused_page(request, case)
    found = VisitPhoto.objects.filter(visit__service_request=case, name=name).first()
    plain = photos.read(case, found) if found is not None else None
    if plain is None:
        raise Http404
    answer = HttpResponse(plain, content_type=photos.CONTENT_TYPES[found.kind])
    answer["Content-Disposition"] = f'inline; filename="{case.number}-{found.pk}.{found.kind}"'
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer
