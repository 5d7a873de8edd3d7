"""What a file is, by its content: an .xls may hold HTML, a .csv may be a workbook."""

from __future__ import annotations

import codecs
import os
import re
import zipfile
from pathlib import Path

from classifier.errors import InputError
from classifier.language import _

__all__ = ["sniff"]

START = 65_536
"""Bytes that are looked at."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""How .xls begins, and any workbook with a password."""

_HTML = re.compile(
    rb"\s*<(!doctype\s+html|html|head|meta|title|style|body|table|thead|tr|div|center|font|h\d|p|br)\b"
    rb"|\s*(<\?xml[^>]*>|<!--.*?-->)\s*<(!doctype\s+html|html|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def sniff(path: Path) -> str:
    """Kind of a file: ``xlsx``, ``xlsb``, ``ods``, ``xls``, ``html``, ``parquet``, or ``text``.

    Raises
    ------
    InputError
        It is known to be something that holds no table.
    """
    with path.open("rb") as stream:
        start = stream.read(START)
        stream.seek(max(stream.seek(0, os.SEEK_END) - 4, 0))
        end = stream.read()
    if start.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if start.startswith(_OLD_EXCEL):
        return "xls"
    if start.startswith(b"PAR1"):
        return "parquet"
    if start[:4] == end == b"PARE":  # at both ends, or else a column PAREKRAF
        raise _refused(path, _("an encrypted Parquet file"))
    for magic, what in _foreign().items():
        if start.startswith(magic):
            raise _refused(path, what)
    text = _ascii(start)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text and b"<Workbook" in text:
        raise _refused(path, _("an XML spreadsheet of Excel 2003"))
    return "html" if _HTML.match(text) and b"<t" in text.lower() else "text"


def _foreign() -> dict[bytes, str]:
    """How files begin that hold no table, and what they are."""
    return {
        b"%PDF": _("a PDF"),
        b"ARROW1\0": _("an Arrow file"),
        b"MIME-Version": _("a web archive (.mht)"),
        b"{\\rtf": _("a text document (.rtf)"),
        b"SQLite format 3": _("a database"),
    }


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        raise InputError(
            "{path}: is a damaged workbook or ZIP archive. Fetch it again, or open it in a "
            "spreadsheet and save it as .xlsx.",
            path=path,
        ) from None
    if "xl/workbook.bin" in names:
        return "xlsb"
    if mimetype.startswith(_ODS):
        return "ods"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        raise _refused(path, _("a Word document"))
    raise InputError("{path}: is a ZIP archive. Unpack it, and give the table inside.", path=path)


def _refused(path: Path, what: str) -> InputError:
    return InputError(
        "{path}: is {what}, not a table. Save the table as CSV or .xlsx, and give that.",
        path=path,
        what=what,
    )


def _ascii(start: bytes) -> bytes:
    """The text's letters as single bytes: UTF-16 is told by its byte order mark."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return start.decode("utf-16", errors="replace").encode()
    return start.removeprefix(codecs.BOM_UTF8)
