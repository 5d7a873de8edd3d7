"""The floor: Arrow reads a CSV as text and writes it again. ``arrow_copy IN OUT``."""

from __future__ import annotations

import sys

import pyarrow as pa
import pyarrow.csv as pa_csv

__all__ = ["main"]


def main(source: str, target: str) -> None:
    """Copy."""
    parse = pa_csv.ParseOptions(newlines_in_values=True)
    with pa_csv.open_csv(source, parse_options=parse) as stream:
        names = stream.schema.names
    convert = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    table = pa_csv.read_csv(source, parse_options=parse, convert_options=convert)
    pa_csv.write_csv(table, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
