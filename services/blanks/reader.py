"""Looks at an uploaded form. Runs as a program of its own, so that a hostile file harms nobody: `files` starts it.

    python reader.py FOLDER pdf|png|jpg < upload

Memory and time are capped. Out comes a line of JSON, {"fault": …} or {"pages": [[width, height] …], "offers": […]} in
millimetres, and in the folder `blank.pdf` and a picture of each page. `blank.pdf` is drawn anew from what can be seen on the
pages: scripts, attachments, links and fields of the upload are not in it. All the same a file with active content is
refused, so that nobody wonders where it went.
"""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

import pypdf
import typst
from pypdf import generic as g

MOST_MEMORY = 2 * 1024**3  # bytes of address space; a scanned A3 page takes about a tenth
MOST_SECONDS = 15  # of the processor
MOST_PAGES = 10
MOST_OBJECTS = 50_000
SHORTEST, LONGEST = 70, 450  # mm; A6 has 105, A3 420
PICTURE_PPI = 110
_POINT = 25.4 / 72  # mm
_HIDDEN = 2  # flag of an annotation
_ACTIVE = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/GoToE", "/GoToR", "/RichMediaExecute",
}  # fmt: skip
_ACTIVE_KEYS = {"/JS", "/XFA", "/EmbeddedFiles", "/RichMediaContent", "/EF"}
_PAGES = b"""#set page(width: auto, height: auto, margin: 0pt)
#for number in range(1, int(sys.inputs.pages) + 1) { page(image(sys.inputs.file, page: number)) }"""
_SHEET = b"""#set page(paper: "a4", flipped: sys.inputs.flipped == "yes", margin: 0pt)
#align(center + horizon, image(sys.inputs.file, width: 100%, height: 100%, fit: "contain"))"""
_NATURAL = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(sys.inputs.file)"""


class Unfit(Exception):
    """Why the file cannot be a form, as a word that `files` says in a sentence."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    try:
        found = look(folder, kind, sys.stdin.buffer.read())
    except Unfit as unfit:
        found = {"fault": str(unfit)}
    except Exception:  # noqa: BLE001 - parsers of other people's files stumble in every possible way; all of it means the same
        found = {"fault": "unreadable"}
    sys.stdout.write(json.dumps(found))


def look(folder: Path, kind: str, data: bytes) -> dict[str, Any]:
    upload = folder / f"upload.{kind}"
    press = _Press(folder)
    if kind == "pdf":
        reader = _open(data)
        offers, count = _read(reader)
        upload.write_bytes(_with_empty_fields_drawn(reader))
        blank = press.pdf(_PAGES, file=upload.name, pages=str(count))
    else:
        offers = []
        upload.write_bytes(data)
        wide, high = _sizes(press.pdf(_NATURAL, file=upload.name))[0]
        blank = press.pdf(_SHEET, file=upload.name, flipped="yes" if wide > high else "no")
    pages = _sizes(blank)
    if any(not SHORTEST <= side <= LONGEST for page in pages for side in page):
        raise Unfit("size")
    (folder / "blank.pdf").write_bytes(blank)
    for number, picture in enumerate(press.pictures(len(pages)), start=1):
        (folder / f"{number}.png").write_bytes(picture)
    upload.unlink()
    return {"pages": pages, "offers": offers}


class _Press:
    """The typesetter without any font: it only places pages."""

    def __init__(self, folder: Path) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])
        self._compiler, self._root = typst.Compiler(font_paths=fonts), str(folder.resolve())

    def pdf(self, layout: bytes, **inputs: str) -> bytes:
        return self._compiler.compile(layout, root=self._root, format="pdf", sys_inputs=inputs, timestamp=0)

    def pictures(self, pages: int) -> list[bytes]:
        inputs = {"file": "blank.pdf", "pages": str(pages)}
        drawn = self._compiler.compile(_PAGES, root=self._root, format="png", ppi=PICTURE_PPI, sys_inputs=inputs)
        return drawn if isinstance(drawn, list) else [drawn]


def _sizes(pdf: bytes) -> list[list[float]]:
    boxes = [page.mediabox for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    return [[round(float(box.width) * _POINT, 1), round(float(box.height) * _POINT, 1)] for box in boxes]


def _open(data: bytes) -> pypdf.PdfReader:
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise Unfit("locked")
    _refuse_what_acts(reader)
    return reader


def _read(reader: pypdf.PdfReader) -> tuple[list[dict[str, Any]], int]:
    """The places that the fields of the file propose, and how many pages it has."""
    count = len(reader.pages)
    if not 0 < count <= MOST_PAGES:
        raise Unfit("pages")
    offers: list[dict[str, Any]] = []
    for number, page in enumerate(reader.pages, start=1):
        _refuse_fonts_from_elsewhere(page)
        if not page.rotation:
            offers += _fields(page, number)
    return offers, count


def _refuse_what_acts(reader: pypdf.PdfReader) -> None:
    """Walks every object that hangs below the catalogue of the file."""
    waiting, seen = [reader.trailer["/Root"]], set()
    for _step in range(MOST_OBJECTS):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, g.IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = one.get_object()
        if isinstance(one, dict):
            if _ACTIVE_KEYS & one.keys() or _value(one, "/S") in _ACTIVE:
                raise Unfit("active")
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, list):
            waiting += list(one)
    raise Unfit("unreadable")


def _refuse_fonts_from_elsewhere(page: Any) -> None:
    """A Chinese font that is not in the file is replaced by whatever is at hand: the print would not be what the editor saw."""
    fonts = _value(_inherited(page, "/Resources") or {}, "/Font") or {}
    for font in (value.get_object() for value in fonts.values()):
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        described = _value(inner, "/FontDescriptor") or {}
        is_within = any(f"/FontFile{n}" in described for n in ("", "2", "3"))
        if "/DescendantFonts" in font and not is_within:
            raise Unfit("fonts")


def _fields(page: Any, number: int) -> list[dict[str, Any]]:
    """Text and signature fields as rectangles from the upper left corner of the page."""
    box, found = page.cropbox, []
    for reference in _value(page, "/Annots") or []:
        widget = reference.get_object()
        if _value(widget, "/Subtype") != "/Widget" or _inherited(widget, "/FT") not in ("/Tx", "/Sig"):
            continue
        left, low, wide, high = _corners(widget["/Rect"])
        found.append(
            {
                "field": _full_name(widget)[:80],
                "page": number,
                "x": round((left - float(box.left)) * _POINT, 1),
                "y": round((float(box.top) - low - high) * _POINT, 1),
                "width": round(wide * _POINT, 1),
                "height": round(high * _POINT, 1),
            }
        )
    return found[:200]


def _with_empty_fields_drawn(reader: pypdf.PdfReader) -> bytes:
    """What empty fields draw themselves (frames, boxes to tick) made part of the pages; what somebody typed or ticked is not."""
    writer = pypdf.PdfWriter(clone_from=reader)
    for page in writer.pages:
        widgets = [reference.get_object() for reference in _value(page, "/Annots") or []]
        looks = [(widget, look) for widget in widgets if (look := _empty_look(widget)) is not None]
        if looks:
            _draw(writer, page, looks)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _empty_look(widget: Any) -> Any:
    """The appearance of a field while it is empty; None where there is none, or where it holds something."""
    look = _value(_value(widget, "/AP") or {}, "/N")
    if look is None or _value(widget, "/Subtype") != "/Widget" or int(_value(widget, "/F") or 0) & _HIDDEN:
        return None
    if _inherited(widget, "/FT") == "/Btn" and not isinstance(look, g.StreamObject):
        look = _value(look, "/Off")
    elif _inherited(widget, "/V"):
        return None
    return look if isinstance(look, g.StreamObject) and "/BBox" in look else None


def _draw(writer: pypdf.PdfWriter, page: Any, looks: list[tuple[Any, Any]]) -> None:
    resources = g.DictionaryObject(_inherited(page, "/Resources") or {})
    drawings = g.DictionaryObject(_value(resources, "/XObject") or {})
    resources[g.NameObject("/XObject")] = drawings
    commands = []
    for number, (widget, look) in enumerate(looks):
        left, low, wide, high = _corners(widget["/Rect"])
        own_left, own_low, own_wide, own_high = _corners(look["/BBox"])
        if own_wide and own_high:
            x, y = wide / own_wide, high / own_high
            name = f"/EmptyField{number}"
            drawings[g.NameObject(name)] = look.indirect_reference
            commands.append(f"q {x:.5f} 0 0 {y:.5f} {left - own_left * x:.3f} {low - own_low * y:.3f} cm {name} Do Q")
    before, after = g.DecodedStreamObject(), g.DecodedStreamObject()
    before.set_data(b"q\n")
    after.set_data(("\nQ\n" + "\n".join(commands)).encode())
    contents = _value(page, "/Contents")
    parts = list(contents) if isinstance(contents, list) else [page.raw_get("/Contents")] if contents is not None else []
    page[g.NameObject("/Resources")] = resources
    page[g.NameObject("/Contents")] = g.ArrayObject([writer._add_object(before), *parts, writer._add_object(after)])


def _corners(box: Any) -> tuple[float, float, float, float]:
    """Left, low, width, height of a rectangle, whichever corners it names."""
    x0, y0, x1, y1 = (float(side) for side in box)
    return min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)


def _value(holder: Any, key: str) -> Any:
    """What stands under a key, followed to where it stands (`get` would give the reference); None where nothing does."""
    if key not in holder:
        return None
    return holder[key]


def _inherited(widget: Any, key: str) -> Any:
    for _level in range(10):
        if key in widget:
            return widget[key]
        if "/Parent" not in widget:
            return None
        widget = widget["/Parent"].get_object()
    return None


def _full_name(widget: Any) -> str:
    parts: list[str] = []
    for _level in range(10):
        parts[:0] = [str(widget["/T"])] if "/T" in widget else []
        if "/Parent" not in widget:
            break
        widget = widget["/Parent"].get_object()
    return ".".join(parts)


if __name__ == "__main__":
    main()
