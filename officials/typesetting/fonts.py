"""The two fonts of everything printed, and what they cannot draw.

The typesetter draws an empty box for a character it has no glyph for and says nothing. Names with rare characters are
common enough in villages, so the coverage is read from the font files themselves (the `cmap` table of the OpenType
format) and asked before printing.
"""

import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as packaged_fonts

SONG = "Noto Serif SC"  # 宋, body text
HEI = "Noto Sans SC"  # 黑, headings

# Printed in place of a character without glyph: the mark Chinese and Japanese printers use for a sort that is lacking.
LACKING = "〓"

_WINDOWS_UCS4 = (3, 10)  # platform and encoding of the cmap subtable that covers all of Unicode
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # controls, joiners and blanks have nothing to draw


def font_files() -> tuple[Path, ...]:
    """The font files, body first."""
    return packaged_fonts.serif_path(), packaged_fonts.sans_path()


def missing_glyphs(text: str) -> set[str]:
    """The characters of a text that neither font can draw. Blanks, controls and variation selectors are not counted."""
    return {char for char in set(text) if not char.isascii() and not _is_invisible(char) and not _is_covered(char)}


def missing_glyphs_in(data: Any) -> set[str]:
    """The same for all strings inside nested dictionaries, lists and tuples."""
    found: set[str] = set()
    for text in _strings(data):
        found |= missing_glyphs(text)
    return found


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _strings(value)


def width_of(text: str) -> float:
    """How wide a text is set on one line, in em of its size: 宋 where it has the character, else 黑, else a full square."""
    return sum(_advance(char) for char in text)


@cache
def _advance(char: str) -> float:
    if _is_invisible(char) and char not in " \u3000\u00a0":
        return 0.0
    point = ord(char)
    for (starts, ends, glyphs), (units, widths) in zip(_coverage(), _widths(), strict=True):
        place = bisect_right(starts, point) - 1
        if place >= 0 and point <= ends[place]:
            glyph = glyphs[place] + point - starts[place]
            return widths[min(glyph, len(widths) - 1)] / units
    return 1.0


def _is_invisible(char: str) -> bool:
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return selector or unicodedata.category(char) in _INVISIBLE


def _is_covered(char: str) -> bool:
    point = ord(char)
    for starts, ends, _glyphs in _coverage():
        place = bisect_right(starts, point) - 1
        if place >= 0 and point <= ends[place]:
            return True
    return False


@cache
def _coverage() -> tuple[tuple[list[int], list[int], list[int]], ...]:
    """For each font the sorted first and last code points of its runs of glyphs, and the first glyph of each."""
    return tuple(_runs(path.read_bytes()) for path in font_files())


def _runs(font: bytes) -> tuple[list[int], list[int], list[int]]:
    """Read the segmented coverage (format 12) of one OpenType file."""
    start = _character_map(font)
    (groups,) = struct.unpack_from(">I", font, start + 12)
    starts, ends, glyphs = [], [], []
    for group in range(groups):
        first, last, glyph = struct.unpack_from(">III", font, start + 16 + 12 * group)
        if glyph:  # glyph 0 is the empty box
            starts.append(first)
            ends.append(last)
            glyphs.append(glyph)
    return starts, ends, glyphs


def _character_map(font: bytes) -> int:
    """Where in the file the full-Unicode subtable of `cmap` begins."""
    cmap = _tables(font)[b"cmap"]
    (subtables,) = struct.unpack_from(">H", font, cmap + 2)
    for subtable in range(subtables):
        platform, encoding, offset = struct.unpack_from(">HHI", font, cmap + 4 + 8 * subtable)
        if (platform, encoding) == _WINDOWS_UCS4:
            return cmap + offset
    raise ValueError("the font has no character map for all of Unicode")


def _tables(font: bytes) -> dict[bytes, int]:
    """Where in the file each table begins."""
    (count,) = struct.unpack_from(">H", font, 4)
    return {tag: offset for tag, _, offset, _ in (struct.unpack_from(">4sIII", font, 12 + 16 * place) for place in range(count))}


@cache
def _widths() -> tuple[tuple[int, list[int]], ...]:
    """For each font its units to the em and the advance of each glyph; glyphs after the last have the last one's."""
    return tuple(_advances(path.read_bytes()) for path in font_files())


def _advances(font: bytes) -> tuple[int, list[int]]:
    tables = _tables(font)
    (units,) = struct.unpack_from(">H", font, tables[b"head"] + 18)
    (count,) = struct.unpack_from(">H", font, tables[b"hhea"] + 34)
    return units, [struct.unpack_from(">H", font, tables[b"hmtx"] + 4 * glyph)[0] for glyph in range(count)]
