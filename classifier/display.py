"""Results as HTML for notebooks: text from an export is shown as it stands, and does nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from classifier.lines import cut

if TYPE_CHECKING:
    import pandas as pd

    from classifier.explain import Explanation

__all__ = ["counts_html", "explanation_html", "table_html"]

LETTERS = 90
"""Letters shown of a cell, if nothing else is asked for."""

_LABELS = 3
"""Likeliest labels shown of an explanation."""

_WORDS = 12
"""Words shown of an explanation, the largest shares."""

_FOR, _AGAINST = "#0072B2", "#D55E00"
"""Blue and vermilion of Okabe and Ito's palette: all can tell them apart."""

_INERT = 'class="tex2jax_ignore mathjax_ignore"'
"""What keeps a notebook from setting text between dollar signs as a formula."""


def counts_html(counts: Iterable[tuple[int, str]]) -> str:
    """Numbers and what they count, in a line.

    Examples
    --------
    >>> counts_html([(12, "usulan"), (3, "tinjau")])
    '<p><b>12</b> usulan · <b>3</b> tinjau</p>'
    """
    return f"<p>{' · '.join(f'<b>{number}</b> {escape(word)}' for number, word in counts)}</p>"


def table_html(
    frame: pd.DataFrame, rows: int | None = None, *, index: bool = True, letters: int = LETTERS
) -> str:
    """A frame's cells, text to the left and numbers to the right.

    Parameters
    ----------
    frame
        The rows to show, under column names that differ.
    rows
        Of how many rows they are the first; all if left out.
    index
        Whether to show the index, too.
    letters
        Letters shown of a cell.

    Examples
    --------
    >>> import pandas as pd
    >>> "&lt;b&gt;" in table_html(pd.DataFrame({"Usulan": ["<b>"]}))
    True
    """
    names = [str(name) for name in frame.columns]
    columns = [_shown(frame.iloc[:, number]) for number in range(len(names))]
    sides = ["right" if kind.kind in "iuf" else "left" for kind in frame.dtypes]
    if index:
        names.insert(0, str(frame.index.name or ""))
        columns.insert(0, frame.index.tolist())
        sides.insert(0, "left")
    head = _row("th", names, sides)
    body = "".join(_row("td", cells, sides, letters) for cells in zip(*columns, strict=True))
    more = (rows or 0) - len(frame)
    below = f"<p>… dan {more} baris lain</p>" if more > 0 else ""
    return f"<div {_INERT}><table><thead>{head}</thead><tbody>{body}</tbody></table></div>{below}"


def explanation_html(why: Explanation) -> str:
    """An explanation: tags, probabilities, words for and against, nearest rows."""
    tags = why.tags
    given = next(iter(tags.values())) or "tanpa tanda"
    reason = f", {tags['tag_alasan']}" if tags["tag_alasan"] else ""
    likeliest = sorted(why.probabilities, key=lambda label: -why.probabilities[label])[:_LABELS]
    shown = {label: why.probabilities[label] for label in (*likeliest, why.label)}
    chances = [_bar(label, chance, 1.0, f"{chance:.2f}", _FOR) for label, chance in shown.items()]
    words = sum(share.share for share in why.shares)
    parts = [
        f"<p><b>{_text(given)}</b> ({_text(tags['tag_status'] + reason)})</p>",
        _section("Peluang", chances),
        _section(f"Kata yang mendukung (+) dan melawan (−) {why.label}", _words(why)),
        f"<p>Semua kata {_signed(words)}, tanpa kata {_signed(why.intercept)}: "
        f"skor {_signed(why.score)}</p>",
        _section(
            "Contoh berlabel yang paling mirip",
            [
                _row("td", [f"{near.similarity:.2f}", near.label, near.text], ["left"] * 3)
                for near in why.precedents
            ],
        ),
    ]
    return f"<div {_INERT}>{''.join(parts)}</div>"


def _words(why: Explanation) -> list[str]:
    """The words that matter most, those for the label first."""
    most = sorted(why.shares, key=lambda share: -abs(share.share))[:_WORDS]
    longest = max((abs(share.share) for share in most), default=1.0) or 1.0
    return [
        _bar(s.text, abs(s.share), longest, _signed(s.share), _FOR if s.share > 0 else _AGAINST)
        for s in sorted(most, key=lambda share: -share.share)
    ]


def _signed(number: float) -> str:
    return f"{number:+.2f}".replace("-", "−")


def _section(title: str, rows: Sequence[str]) -> str:
    if not rows:
        return ""
    return f"<p><i>{_text(title)}</i></p><table><tbody>{''.join(rows)}</tbody></table>"


def _bar(name: str, length: float, longest: float, number: str, colour: str) -> str:
    """A row of a table: a name, a bar and its number."""
    width = round(160 * length / longest)
    bar = f'<div style="width:{width}px;height:0.8em;background:{colour}"></div>'
    left = 'style="text-align:left"'
    return f"<tr><td {left}>{_text(name)}</td><td {left}>{bar}</td><td>{escape(number)}</td></tr>"


def _row(kind: str, cells: Iterable[object], sides: Sequence[str], letters: int = LETTERS) -> str:
    row = "".join(
        f'<{kind} style="text-align:{side}">{_text(cell, letters)}</{kind}>'
        for cell, side in zip(cells, sides, strict=True)
    )
    return f"<tr>{row}</tr>"


def _shown(column: pd.Series) -> list[object]:
    """Cells as text, numbers of two digits, nothing where there is nothing."""
    missing = column.isna().tolist()
    cells = column.tolist()
    return [
        "" if gone else f"{cell:.2f}" if isinstance(cell, float) else cell
        for cell, gone in zip(cells, missing, strict=True)
    ]


def _text(cell: object, letters: int = LETTERS) -> str:
    """Any text in one line, escaped, and apart from the direction of the text around it."""
    return f"<bdi>{escape(cut(str(cell), letters))}</bdi>"
