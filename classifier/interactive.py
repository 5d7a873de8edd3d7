"""The library for notebooks and scripts: read an export, tag it, ask why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from classifier import store
from classifier.cutoffs import PRECISION
from classifier.model import Model

if TYPE_CHECKING:
    import pandas as pd

    from classifier.explain import Explanation
    from classifier.taggedframe import TaggedFrame

__all__ = ["InteractiveModel", "load_model", "read_export"]


class InteractiveModel(Model):
    """A model that tags frames of pandas and explains itself.

    Examples
    --------
    >>> import pandas as pd
    >>> from classifier import load_model
    >>> model = load_model()
    >>> frame = pd.DataFrame({"Usulan": ["Drainase mampet", "Kader posyandu"]}, index=[7, 8])
    >>> model.tag(frame)["tag_prioritas"].to_dict()
    {7: 'banjir', 8: 'kesehatan'}
    >>> model.explain("Jln gang bolong2 RT 02")
    jalan 1.00, otomatis; karena: Jln, gang, bolong2
    """

    @classmethod
    def of(cls, model: Model) -> InteractiveModel:
        """The same model, such as one just trained, with these abilities."""
        return cls(**{item.name: getattr(model, item.name) for item in fields(model)})

    def tag(
        self,
        frame: pd.DataFrame,
        text: Sequence[str] = (),
        *,
        target_precision: float = PRECISION,
        rules: str | Path | None = None,
        explain: bool = False,
        duplicates: bool | None = None,
    ) -> TaggedFrame:
        """The same frame with tag columns behind its own, as ``usulan tag`` gives them.

        Parameters
        ----------
        frame
            Proposals, n_rows of them, as :func:`read_export` or pandas read them.
        text
            Names of the text columns; found by name and content if left out.
        target_precision
            Share to be right among the rows tagged without a human.
        rules
            File of the analyst's own rules: columns frasa, facet, label, mode.
        explain
            Whether ``tag_alasan`` shall also name the deciding words and the nearest precedent.
        duplicates
            Whether to search for proposals of the same work; up to 50,000 rows if left out.

        Returns
        -------
        TaggedFrame
            A :class:`pandas.DataFrame` of n_rows rows with the frame's index: ``tag_keyakinan``
            as float64, ``tag_duplikat`` as Int64, all other tags as text, missing where there is
            none. Columns that were called so before are replaced.

        Raises
        ------
        InputError
            A named column is not there, or no column of proposals is found.
        RulesError
            One of the rules cannot be used.
        """
        from classifier.taggedframe import tag_frame
        from classifier.tags import Tagger

        tagger = Tagger(self, target_precision, rules, explain=explain)
        return tag_frame(frame, tagger, text, duplicates=duplicates)

    def explain(
        self,
        text: str | Sequence[str],
        label: str | None = None,
        *,
        rules: str | Path | None = None,
    ) -> Explanation:
        """Why a proposal gets its tags; a notebook shows it with bars.

        Parameters
        ----------
        text
            The proposal, in one piece or by field: ``["Drainase", "got mampet"]``.
        label
            A label of the main facet: why it, or why not? The likeliest one if left out.
        rules
            File of the analyst's own rules.

        Raises
        ------
        LabelError
            The model has learnt no such label.
        RulesError
            One of the rules cannot be used.
        """
        from classifier.explain import explain

        return explain(self, [text] if isinstance(text, str) else text, label, rules)


def load_model(path: str | Path | None = None) -> InteractiveModel:
    """Read a model file, or the shipped starter model. Runs no code from the file.

    Raises
    ------
    ModelError
        The file is missing, no model, damaged, or newer than this package.
    """
    return InteractiveModel.of(store.load_model(path))


def read_export(
    path: str | Path, text: Sequence[str] = (), *, sheet: str | None = None
) -> pd.DataFrame:
    """Read an export of any format: CSV, a workbook, an HTML table, Parquet.

    Parameters
    ----------
    path
        The file, whatever its name.
    text
        Names of the text columns; found by name and content if left out.
    sheet
        Sheet of a workbook; the one with the proposals if left out.

    Returns
    -------
    pandas.DataFrame
        All cells as text, as they stand in the file, one row per proposal: names of groups and
        sums are left out. The index, ``baris``, is the number of the row in the file. Of columns
        of one name the second is called ``Status.1``. ``attrs`` holds the ``file``; ``roles``,
        the column of each role that was found (``usulan``, ``masalah``, ``kelurahan``, …); and
        ``text``, the columns that are read as the proposal.

    Raises
    ------
    InputError
        The file cannot be read, or several columns are equally good for the text.

    Examples
    --------
    >>> from classifier.resources import shipped
    >>> frame = read_export(shipped("data", "wilayah.csv"))
    >>> frame.attrs["roles"]["kelurahan"], frame.loc[3, "kelurahan"]
    ('kelurahan', 'Cipare')
    """
    import pandas as pd

    from classifier.formats.columns import TEXT_ROLES, source_columns
    from classifier.formats.naming import column_number
    from classifier.tables import open_table, read_cells

    source = open_table(path, sheet)
    names, roles = _distinct(source.header), source_columns(source, text=text)
    numbers = [column_number(source, name) for name in text]
    numbers = numbers or [roles[role] for role in TEXT_ROLES if role in roles]
    table, rows = read_cells(source, range(len(names)))
    frame: pd.DataFrame = table.rename_columns(names).to_pandas()
    frame.index = pd.Index(rows, dtype="int64", name="baris")
    frame.attrs = {
        "file": str(path),
        "roles": {role: names[number] for role, number in roles.items()},
        "text": [names[number] for number in numbers],
    }
    return frame


def _distinct(header: Sequence[str]) -> list[str]:
    """Column names, those that come again with a number, as pandas gives them.

    Examples
    --------
    >>> _distinct(["Status", "Catatan", "Status"])
    ['Status', 'Catatan', 'Status.1']
    """
    names: list[str] = []
    for name in header:
        again, number = name, 0
        while again in names:
            number += 1
            again = f"{name}.{number}"
        names.append(again)
    return names
