"""What a paper says, before it has a number: parts with a meaning, in the order in which they are printed."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """One part. `key` is its meaning, by which the list of mandatory parts names it; without a label it is a paragraph."""

    key: str
    label: str = ""
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def is_filled(self) -> bool:
        return bool(self.text.strip() or self.rows)

    def frozen(self) -> dict[str, Any]:
        """Plain JSON values."""
        kept = {"key": self.key, "label": self.label, "text": self.text}
        return kept | ({"columns": list(self.columns), "rows": [list(row) for row in self.rows]} if self.rows else {})


@dataclass(frozen=True)
class Paper:
    """One paper about a case. Chinese text; personal data is allowed, since it is stored as ciphertext only.

    `addressee`: "" = the applicant.
    `title`: where this paper of its kind bears another name (转交单).
    `signatures`: the lines to be signed by hand, with room for a fingerprint.
    """

    kind: str
    parts: tuple[Part, ...]
    addressee: str = ""
    title: str = ""
    signatures: tuple[str, ...] = ("签收人", "签收时间")
    copies: str = "一式两份,一份交申请人,一份存档"
