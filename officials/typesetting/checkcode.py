"""The check code (校验码) of a printed sheet.

Twelve characters that depend on what the sheet says and on a key of this installation. Somebody who holds the sheet can
ask the centre to compare it with what was kept: a changed date or name no longer gives the same code. It is no
signature: sixty bits stop tampering at a counter, not a laboratory.
"""

import json
from collections.abc import Mapping
from typing import Any

from officials.privacy.keys import keyring

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I L O U: they are misread on paper and on the telephone
_LENGTH = 12


def check_code(content: Mapping[str, Any]) -> str:
    """The code of some content, in the form "7K3M-9QTD-04XA". The order of the keys does not matter."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    number = int(keyring().hmac("paper", text), 16)
    letters = "".join(_LETTERS[(number >> (5 * place)) & 31] for place in range(_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))
