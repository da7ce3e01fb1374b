"""Pictures as they may be kept: real JPEG or PNG, and nothing in them but the picture.

Telephones write place, time and device into a picture. Everything that is not needed to draw it is left out; of the EXIF data
only which side is up is kept.
"""

import struct
import zlib

MOST_BYTES = 5 * 1024 * 1024
JPEG, PNG = "jpeg", "png"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_DRAWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"}
_SOS, _APP1, _APP14, _COMMENT = 0xDA, 0xE1, 0xEE, 0xFE
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_ORIENTATION = 0x0112


class NoPicture(Exception):
    """Not a JPEG or PNG, or a broken one."""


def cleaned(raw: bytes) -> tuple[str, bytes]:
    """(kind, the picture without what telephones add). Raises NoPicture."""
    try:
        if raw.startswith(_PNG_SIGNATURE):
            return PNG, _png(raw)
        if raw.startswith(b"\xff\xd8\xff"):
            return JPEG, _jpeg(raw)
    except (struct.error, IndexError) as error:
        raise NoPicture from error
    raise NoPicture


def _png(raw: bytes) -> bytes:
    kept, place, seen = [_PNG_SIGNATURE], len(_PNG_SIGNATURE), set()
    while b"IEND" not in seen:
        (length,) = struct.unpack_from(">I", raw, place)
        name, end = raw[place + 4 : place + 8], place + 12 + length
        (check,) = struct.unpack_from(">I", raw, end - 4)
        if zlib.crc32(raw[place + 4 : end - 4]) != check:
            raise NoPicture
        if name in _PNG_DRAWN:
            kept.append(raw[place:end])
        seen.add(name)
        place = end
    if not {b"IHDR", b"IDAT"} <= seen:
        raise NoPicture
    return b"".join(kept)


def _jpeg(raw: bytes) -> bytes:
    kept, place, is_drawn = [b"\xff\xd8"], 2, False
    while True:
        if raw[place] != 0xFF:
            raise NoPicture
        marker = raw[place + 1]
        if marker == 0xFF:  # filling
            place += 1
            continue
        if marker in _STANDALONE:
            kept.append(raw[place : place + 2])
            place += 2
            continue
        (length,) = struct.unpack_from(">H", raw, place + 2)
        if length < 2:
            raise NoPicture
        segment = raw[place : place + 2 + length]
        if marker == _SOS:
            if not is_drawn:
                raise NoPicture
            # What phones append after the picture (a short film, a second picture) is left out.
            end = raw.find(b"\xff\xd9", place)
            if end < 0:
                raise NoPicture
            return b"".join([*kept, raw[place : end + 2]])
        if marker == _APP1:
            kept += _which_side_is_up(segment)
        elif not (0xE0 <= marker <= 0xEF or marker == _COMMENT) or marker == _APP14:
            kept.append(segment)
        is_drawn = is_drawn or 0xC0 <= marker <= 0xCF
        place += 2 + length


def _which_side_is_up(segment: bytes) -> list[bytes]:
    """A segment that says the orientation and nothing else; [] where none is said or the data is not understood."""
    body = segment[4:]
    if not body.startswith(b"Exif\0\0"):
        return []
    tiff = body[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return []
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        for number in range(min(count, 64)):
            tag, _kind, _count, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * number)
            if tag == _ORIENTATION and 1 < value <= 8:
                own = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, value, 0, 0)
                return [struct.pack(">BBH", 0xFF, _APP1, 2 + 6 + len(own)) + b"Exif\0\0" + own]
    except struct.error:
        return []
    return []
