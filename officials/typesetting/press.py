"""The typesetter, kept warm: one compiler per process on a thread of its own.

Data reaches a layout as JSON and is text there, whatever it contains; it is never markup. Layouts may read the files of
the project only; none of them names a package (a test sees to it), so nothing is ever fetched.
"""

import json
import os
import re
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from officials.typesetting.fonts import LACKING, font_files, missing_glyphs_in
from officials.typesetting.punctuation import chinese_punctuation

PROJECT = Path(__file__).resolve().parents[2]  # layouts import "/officials/typesetting/base.typ" from here
TIME_LIMIT = 20.0  # seconds; a sheet takes hundredths, a cold start a few tenths

# Longer than any number or telephone: such a run (an address, a mistyped field) would stick out of its column.
_UNBROKEN_RUN = re.compile(r"[!-~]{25,}")
_BREAK_EVERY = 12
_BREAK = "\u200b"
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class SheetNotPrinted(Exception):
    """A sheet could not be set. The message is for people; the cause is in `__cause__`."""


def typeset(
    layout: Path,
    data: Mapping[str, Any],
    *,
    drawings: Mapping[str, str] | None = None,
    verbatim: frozenset[str] = frozenset(),
    folder: Path | None = None,
    time_limit: float = TIME_LIMIT,
) -> bytes:
    """Set one layout with its data and give the PDF. The same data gives the same bytes.

    `layout` is a .typ file inside the project; the data reaches it as `data`. `drawings` are SVG texts (a QR code),
    kept apart because they are not to be read or mended as words. `verbatim` names the keys whose text keeps its
    punctuation as it was typed. A character without glyph is printed as 〓 and named at the foot of the sheet, to be
    written in by hand; ask `missing_glyphs_in` first to warn the clerk. A layout that places a file kept elsewhere stands
    alone: with `folder` it reads the files of that folder, and nothing of the project.
    """
    lacking = missing_glyphs_in(data)
    content = _printable(data, str.maketrans(dict.fromkeys(lacking, LACKING)), verbatim)
    content["lacking"] = [f"U+{ord(char):04X}" for char in sorted(lacking)]
    content["drawings"] = dict(drawings or {})
    inputs = {"data": json.dumps(content, ensure_ascii=False)}
    return _press().run(layout, inputs, time_limit, folder)


def _printable(value: Any, replacements: dict[int, str], verbatim: frozenset[str], exact: bool = False) -> Any:
    """A copy of the data in which every string can be set: no controls, no character without glyph, no endless run."""
    if isinstance(value, str):
        text = _CONTROLS.sub(" ", value).translate(replacements)
        text = text if exact else chinese_punctuation(text)
        return _UNBROKEN_RUN.sub(_with_break_points, text)
    if isinstance(value, Mapping):
        return {key: _printable(part, replacements, verbatim, key in verbatim) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(part, replacements, verbatim, exact) for part in value]
    return value


def _with_break_points(run: re.Match[str]) -> str:
    text = run.group()
    return _BREAK.join(text[start : start + _BREAK_EVERY] for start in range(0, len(text), _BREAK_EVERY))


class _Press:
    """The compilers and the one thread that uses them: they hold caches and must not be entered twice at a time."""

    def __init__(self) -> None:
        self.forked = False
        self._lock = threading.Lock()
        self._renew()

    def _renew(self) -> None:
        self._compiler: typst.Compiler | None = None  # of the project's layouts
        self._placer: typst.Compiler | None = None  # of layouts that stand alone: a compiler keeps the root it was last given
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="typesetting")

    def run(self, layout: Path, inputs: dict[str, str], time_limit: float, folder: Path | None = None) -> bytes:
        if self.forked:
            raise RuntimeError("printing is not possible in a child forked from a process that has printed; spawn it instead")
        job = self._thread.submit(self._compile, layout, inputs, folder)
        try:
            return job.result(timeout=time_limit)
        except TookTooLong as error:
            self._abandon(job)
            raise SheetNotPrinted(_("The sheet took too long to print. Nothing was lost; please print it again.")) from error
        except typst.TypstError as error:
            raise SheetNotPrinted(_("The sheet could not be printed. Nothing was lost; please tell the administrator.")) from error

    def _compile(self, layout: Path, inputs: dict[str, str], folder: Path | None) -> bytes:
        if folder is None:
            self._compiler = self._compiler or _new_compiler()
            pdf = self._compiler.compile(layout.resolve(), format="pdf", sys_inputs=inputs, timestamp=0)
        else:
            self._placer = self._placer or _new_compiler()
            root = folder.resolve()
            pdf = self._placer.compile(layout.read_bytes(), root=root, format="pdf", sys_inputs=inputs, timestamp=0)
        if not isinstance(pdf, bytes):
            raise TypeError("one PDF was expected of the typesetter")
        return pdf

    def _abandon(self, job: Any) -> None:
        """Leave a stuck thread to itself and start with a fresh one: a thread cannot be stopped from outside."""
        if job.cancel():  # it only waited in the queue behind another sheet
            return
        with self._lock:
            self._thread.shutdown(wait=False, cancel_futures=False)
            self._renew()


def _new_compiler() -> typst.Compiler:
    return typst.Compiler(root=PROJECT, font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in sorted({path.parent for path in font_files()})],
    )


@cache
def _press() -> _Press:
    """The press of this process."""
    return _Press()


def _after_fork() -> None:
    """The typesetter's threads do not survive a fork: a child of a process that has printed would wait for ever.

    Servers fork before they print, so they never meet this; who forks later must start a fresh interpreter instead.
    """
    if _press.cache_info().currsize:
        _press().forked = True


os.register_at_fork(after_in_child=_after_fork)
