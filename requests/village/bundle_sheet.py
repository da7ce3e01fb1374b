"""批次交接清单: the list of a bundle in two copies, file by file with papers and originals, and the places for two signatures."""

from django.db.models import QuerySet
from django.utils import timezone, translation

from requests import receipts
from requests.models import Bundle, BundleLine, ServiceRequest
from requests.printing import sheets
from requests.printing.contracts import BundleData, BundleFile
from requests.village.bundles import papers

Found = BundleLine.Found
FOUND = {"": "", Found.COMPLETE: "到,齐", Found.INCOMPLETE: "到,不齐", Found.NOT_THERE: "未到", Found.LEFT_OUT: "已撤出"}
COPIES = ("第一联 镇留存", "第二联 村留存")


def bundle_list(bundle: Bundle, cases: QuerySet[ServiceRequest]) -> bytes:
    """`cases`: what the reader may see; a file of somebody else stands on the list with its number alone."""
    with translation.override("zh-hans"):
        return sheets.bundle_list(bundle_data(bundle, cases))


def bundle_data(bundle: Bundle, cases: QuerySet[ServiceRequest]) -> BundleData:
    shown = {case.pk: case for case in cases.filter(bundled__bundle=bundle).select_related("edition", "key", "applicant")}
    files = [
        _file(line, shown.get(line.service_request_id))
        for line in bundle.lines.select_related("service_request").order_by("id")
    ]
    return BundleData(
        head=receipts.letterhead_of(bundle.office),
        number=bundle.number,
        village=bundle.village.name,
        made_on=timezone.localdate(bundle.made_at),
        made_by=bundle.made_by.name,
        counted_on=timezone.localdate(bundle.counted_at) if bundle.counted_at else None,
        files=tuple(files),
        copies=COPIES,
    )


def _file(line: BundleLine, case: ServiceRequest | None) -> BundleFile:
    if case is None:
        return BundleFile(number=line.service_request.number, found=FOUND[line.found])
    handed = [receipts.handed_over(one) for one in papers(case) if not one.is_missing]
    return BundleFile(
        number=case.number,
        item=case.title,
        applicant=case.key.name_masked,
        village_on=timezone.localdate(case.village_received_at),
        papers=tuple(one.name for one in handed),
        missing=tuple(one.name for one in papers(case) if one.is_missing),
        originals=sum(one.originals for one in handed),
        found=FOUND[line.found],
    )
