"""Which encoding a text file is in, its text as UTF-8, and back to the same bytes.

What does not decode is carried along in a form that is no valid UTF-8 either: so whoever
looks finds it in any encoding, and writing gives the same bytes again.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from classifier.formats.streams import read_blocks

__all__ = ["Encoding", "detect", "is_utf8"]

SAMPLE = 1_000_000
"""Bytes of lines that are not ASCII, at most, by which an encoding is judged."""

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_OLD = ("mac_roman", "cp850", "cp437")
"""Encodings of one byte a character, other than Windows-1252, that old exports are in."""

_USUAL = "–—‘’“”•…€™©®°±²³¹µ·×÷¼½¾§´\xa0áàâäãåçéèêëíìîïñóòôöúùûüÉ"
"""What Indonesian proposals hold beyond ASCII; other letters mean a wrong guess."""

_MOST = 0.7
_NOT_1252 = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")


@dataclass(frozen=True)
class Encoding:
    """How a file's bytes are its text.

    Attributes
    ----------
    codec
        Python's name of the encoding.
    bom
        Byte order mark at the begin of the file, or nothing.
    checked
        Whether all of the file is known to decode.
    """

    codec: str
    bom: bytes = b""
    checked: bool = False

    def decode(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """A file's text as UTF-8, without its byte order mark.

        Raises
        ------
        UnicodeDecodeError
            The file ends in the middle of a character.
        """
        skip = len(self.bom)
        decoder = codecs.getincrementaldecoder(self.codec)(self._errors)
        for block in blocks:
            part, skip = block[skip:], max(0, skip - len(block))
            yield part if self.codec == "utf-8" else _utf8(decoder.decode(part))
        if self.codec != "utf-8":
            yield _utf8(decoder.decode(b"", final=True))

    def encode(self, content: bytes) -> bytes:
        """Text as it stands in the file; a word of ours that the encoding lacks gets a ``?``."""
        if self.codec == "utf-8":
            return content
        text = content.decode("utf-8", "surrogatepass")
        errors = "surrogatepass" if self._wide else _OWN_WORDS
        return text.encode(self.codec, errors)

    @property
    def _wide(self) -> bool:
        return self.codec.startswith("utf-")

    @property
    def _errors(self) -> str:
        return "surrogatepass" if self._wide else "surrogateescape"


def detect(path: Path) -> Encoding:
    """By the byte order mark, else UTF-8 if all is valid, else by what the text would be.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    start = next(read_blocks(path, 100_000), b"")
    for bom, codec in _BOMS.items():
        if start.startswith(bom):
            return Encoding(codec, bom, codec == "utf-8" and is_utf8(read_blocks(path)))
    wide = _utf16(start)
    if wide:
        return Encoding(wide)
    if is_utf8(read_blocks(path)):
        return Encoding("utf-8", checked=True)
    lines = _beyond_ascii(path)
    valid = sum(is_utf8(iter([line])) for line in lines)
    return Encoding("utf-8" if valid >= max(1, len(lines) / 2) else _old(b"\n".join(lines)))


def is_utf8(blocks: Iterator[bytes]) -> bool:
    """Whether text in blocks is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in blocks:
            if not (block.isascii() and decoder.getstate()[0] == b""):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf16(start: bytes) -> str | None:
    """UTF-16 without a byte order mark: nearly every other byte is zero, and no others are."""
    low, high = start[1::2].count(0), start[::2].count(0)
    few, most = len(start) // 200, len(start) * 0.35
    if len(start) >= 8 and max(low, high) >= most and min(low, high) <= few:
        return "utf-16-le" if low > high else "utf-16-be"
    return None


def _beyond_ascii(path: Path) -> list[bytes]:
    """The first lines that are not ASCII."""
    found, size, rest = [], 0, b""
    for block in read_blocks(path, SAMPLE):
        *lines, rest = (rest + block).split(b"\n")
        found += [line for line in lines if not line.isascii()]
        size = len(rest) + sum(map(len, found))
        if size > SAMPLE:
            break
    return found if rest.isascii() else [*found, rest]


def _old(sample: bytes) -> str:
    """Windows-1252 if that gives the usual characters, else a likelier one."""
    if _usual(sample, "cp1252") >= _MOST:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:100_000], cp_isolation=list(_OLD)).best()
    guess = best.encoding if best else max(_OLD, key=lambda codec: _usual(sample, codec))
    lacks = any(byte in sample for byte in _NOT_1252)
    return guess if lacks or _usual(sample, guess) >= _MOST else "cp1252"


def _usual(sample: bytes, codec: str) -> float:
    """Which part of what is beyond ASCII would be usual characters."""
    text = sample.decode(codec, "replace")
    return len(re.findall(f"[{_USUAL}]", text)) / max(1, len(re.findall(r"[^\0-\x7f]", text)))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _as_it_was(error: UnicodeError) -> tuple[bytes, int]:
    """Undecodable bytes as they were; for other characters a question mark."""
    assert isinstance(error, UnicodeEncodeError)
    characters = error.object[error.start : error.end]
    was = (ord(c) - 0xDC00 if "\udc80" <= c <= "\udcff" else ord("?") for c in characters)
    return bytes(was), error.end


_OWN_WORDS = "usulan-own-words"
codecs.register_error(_OWN_WORDS, _as_it_was)
