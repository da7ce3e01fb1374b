"""The text of an edition as one plain value: what an editor writes, the importer reads, two editions are compared by."""

from services.models import Condition, Edition, LegalBasis, Material, Particular, SearchTerm, Situation, Step

# Fields of the edition an editor may write; everything else belongs to `publication`.
FIELDS = (
    "name", "name_en", "summary", "summary_en", "category", "life_events", "office", "post", "place", "hours", "level",
    "item_type", "mode", "implementing_body", "entrusting_body", "review_bodies", "review_note", "documents_by",
    "targets", "is_household", "handling",
    "legal_value", "legal_unit", "legal_start", "legal_basis", "promised_value", "promised_unit", "promised_start",
    "promised_note", "start_by_channel", "starts_note", "deemed_acceptance", "village_start", "acceptance_days",
    "acceptance_basis", "supplement_value", "supplement_unit",
    "supplement_basis", "supplement_withdraws", "supplement_restarts", "offers_promise", "charges_fee", "fee_standard", "fee_basis",
    "payment_note", "max_visits",
    "channels", "cross_region", "result_name", "result_kind", "result_validity", "delivery", "roll", "review_value", "review_unit",
    "review_basis", "special_procedures",
    "public_notice", "privacy", "reminder", "batch_window", "follow_up", "evidence", "notes", "checked_on", "checked_by",
    "change_note",
)  # fmt: skip

# Part name (also the related name on Edition) → model and the fields an editor writes.
PARTS = {
    "materials": (Material, ("name", "form", "original_count", "copy_count", "is_conditional", "may_come_later", "handle_case",
                             "fill_explain", "accept_standard", "source", "custody", "basis", "notes")),
    "steps": (Step, ("title", "actor", "office", "level", "value", "unit", "counts", "counts_basis", "counts_is_assumed", "group",
                     "condition", "output")),
    "conditions": (Condition, ("text",)),
    "situations": (Situation, ("key", "question", "options", "consequence", "blocks", "basis")),
    "particulars": (Particular, ("label", "stage", "kind", "unit", "options", "is_required", "hint")),
    "bases": (LegalBasis, ("text",)),
    "terms": (SearchTerm, ("text", "reading")),
}  # fmt: skip

# What is read along with editions whose whole text is wanted: so many queries for one as for all.
READ_ALONG = (*PARTS, "steps__office")


def content_of(edition: Edition) -> dict:
    """Everything an editor wrote, foreign keys as objects: {"name": …, "materials": [{…}, …], …}."""
    content = {name: getattr(edition, name) for name in FIELDS}
    for part, (_, fields) in PARTS.items():
        rows = sorted(getattr(edition, part).all(), key=lambda row: row.position)
        content[part] = [{name: getattr(row, name) for name in fields} for row in rows]
    return content


def blank_content() -> dict:
    """What a new item starts from: the defaults of the model and no parts."""
    edition = Edition()
    content = {name: getattr(edition, name) for name in FIELDS if name not in ("category", "office", "post", "checked_by")}
    return content | {"category": None, "office": None, "post": None, "checked_by": None} | {part: [] for part in PARTS}
