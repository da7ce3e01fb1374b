"""Empty forms for tests: small PDFs made here, and what hostile or unfit ones look like."""

import io
import struct
import zlib
from functools import cache
from pathlib import Path

import pypdf
import typst
from django.test import Client
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, TextStringObject

from officials.typesetting.fonts import font_files
from services.blanks.fitting import POINT

WORDS = "最低生活保障申请书样张"


@cache
def pdf(pages: int = 1) -> bytes:
    """A4 sheets with a headline and rules."""
    folder = str(Path(font_files()[0]).parent)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    head = '#set text(font: "Noto Serif SC")\n#set page(paper: "a4")\n'
    source = head + "#pagebreak()".join([f"= {WORDS}\n#line(length: 100%)\n"] * pages)
    return typst.Compiler(font_paths=fonts).compile(source.encode(), format="pdf", timestamp=0)


def signed_in(person) -> Client:
    """A browser in English."""
    client = Client()
    client.cookies["lang"] = "en"
    client.force_login(person, backend="portal.staff_session.StaffBackend")
    return client


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _copy() -> pypdf.PdfWriter:
    return pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))


def with_fields(*fields: tuple[str, tuple[float, float, float, float]], looks: dict[str, str] | None = None, **typed: str) -> bytes:
    """(name, rectangle in points from the lower left corner). `looks`: what a field draws; `typed`: what was typed into it."""
    writer = _copy()
    widgets = ArrayObject()
    for name, corners in fields:
        widget = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/FT"): NameObject("/Tx"),
                NameObject("/T"): TextStringObject(name),
                NameObject("/Rect"): ArrayObject([FloatObject(corner) for corner in corners]),
            }
        )
        if looks and name in looks:
            widget[NameObject("/AP")] = DictionaryObject({NameObject("/N"): writer._add_object(_look(looks[name]))})
        if name in typed:
            widget[NameObject("/V")] = TextStringObject(typed[name])
        widgets.append(writer._add_object(widget))
    writer.pages[0][NameObject("/Annots")] = widgets
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): widgets})
    return _written(writer)


def _look(word: str) -> DecodedStreamObject:
    """An appearance that writes a Latin word."""
    named = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in named.items()})
    drawn = DecodedStreamObject()
    drawn.set_data(f"0 0 100 20 re S BT /F1 9 Tf 2 5 Td ({word}) Tj ET".encode())
    fonts = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
    drawn.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([FloatObject(side) for side in (0, 0, 100, 20)]),
            NameObject("/Resources"): fonts,
        }
    )
    return drawn


def with_script() -> bytes:
    writer = _copy()
    act = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")})
    writer._root_object[NameObject("/OpenAction")] = act
    return _written(writer)


def with_attachment() -> bytes:
    writer = _copy()
    writer.add_attachment("program.exe", b"MZ")
    return _written(writer)


def locked() -> bytes:
    writer = _copy()
    writer.encrypt("geheim")
    return _written(writer)


def huge_pages() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(3000, 3000)
    return _written(writer)


def png(width: int, height: int) -> bytes:
    """White, one grey channel."""
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def where(pdf: bytes, page: int = 0) -> dict[str, tuple[float, float]]:
    """Each text of a page with its place, millimetres from the upper left corner (its baseline)."""
    found: dict[str, tuple[float, float]] = {}
    sheet = pypdf.PdfReader(io.BytesIO(pdf)).pages[page]
    high = float(sheet.mediabox.height)

    def note(text, matrix, text_matrix, *_rest):
        if text.strip():
            x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
            y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            found[text.strip()] = (x * POINT, (high - y) * POINT)

    sheet.extract_text(visitor_text=note)
    return found
