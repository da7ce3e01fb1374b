"""Typeset paper: a layout and plain data in, a PDF out. Same data, same bytes.

`typeset` sets one layout; `missing_glyphs` tells which characters our fonts cannot draw, `width_of` how wide a text is;
`qr_svg` draws a QR code for a layout; `check_code` gives the short code by which a sheet can be held against the system.
"""

from officials.typesetting.checkcode import check_code
from officials.typesetting.fonts import missing_glyphs, missing_glyphs_in, width_of
from officials.typesetting.press import SheetNotPrinted, typeset
from officials.typesetting.qr import qr_svg

__all__ = ["SheetNotPrinted", "check_code", "missing_glyphs", "missing_glyphs_in", "qr_svg", "typeset", "width_of"]
