"""The main command: tag exports, and say what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from classifier.commands.each import tag_each
from classifier.commands.many import connected, tag_many
from classifier.commands.options import (
    force_option,
    id_option,
    jobs_option,
    model_option,
    precision_option,
    rules_option,
    sheet_option,
    text_option,
)
from classifier.commands.twins import find_groups, print_duplicates
from classifier.formats.streams import PIPE, spooled
from classifier.language import _

if TYPE_CHECKING:
    from classifier.tags import Tagger

__all__ = ["tag"]


@click.command()
@click.argument("exports", nargs=-1, required=True, type=click.Path(), metavar="EXPORT...")
@click.option(
    "-o", "--output", type=click.Path(),
    help="Output file, for one export; - prints it. A folder, or a new one: NAME/, for any number.",
)  # fmt: skip
@model_option
@text_option
@id_option
@sheet_option
@precision_option
@rules_option
@click.option(
    "--explain",
    "why",
    is_flag=True,
    help="Name the deciding words and the nearest precedent in tag_alasan, too.",
)
@click.option(
    "--show", default=5, show_default=True, type=click.IntRange(0, 20), help="Rows to show."
)
@click.option(
    "--on-bad-row",
    default="stop",
    show_default=True,
    type=click.Choice(["stop", "keep"]),
    help="Rows of CSV that cannot be parsed: stop, or keep them untagged and list them.",
)
@click.option(
    "--safe-excel",
    is_flag=True,
    help="Put an apostrophe before foreign cells of CSV that Excel would run as formulas.",
)
@click.option(
    "--duplicates/--no-duplicates",
    default=None,
    help="Search for proposals of the same work, in all exports together.  "
    "[default: up to 50,000 rows]",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on where an interrupted run stopped, and leave what is done if interrupted.",
)
@click.option(
    "--cluster", metavar="ADDRESS",
    help="Let the workers of a Dask cluster do it: tcp://SCHEDULER:8786.",
)  # fmt: skip
@jobs_option
@force_option
def tag(
    exports: tuple[str, ...],
    output: str | None,
    model_path: str | None,
    text: tuple[str, ...],
    id_column: str | None,
    sheet: str | None,
    precision: float,
    rules: str | None,
    why: bool,
    show: int,
    on_bad_row: str,
    safe_excel: bool,
    duplicates: bool | None,
    resume: bool,
    cluster: str | None,
    jobs: int | None,
    force: bool,
) -> None:
    """Tag exports of proposals: CSV, Excel, .ods, HTML tables, Parquet.

    Writes each table again with tag_ columns behind its own, all other cells unchanged,
    to NAME.tagged.csv beside it; .xlsx, Parquet and gzipped CSV come back as such. EXPORT -
    is standard input, which goes to standard output.

    \b
    usulan tag usulan.csv
    usulan tag usulan.xlsx -o hasil.xlsx --force
    usulan tag musrenbang.csv pokir.csv
    usulan tag rekap.xls --sheet Usulan -o rekap.xlsx
    usulan tag aspirasi.csv --text "Nama Kegiatan" --text Uraian
    usulan tag usulan.csv --rules aturan.csv --target-precision 0.98
    zcat usulan.csv.gz | usulan tag - > hasil.csv
    usulan tag 'exports/*.parquet' -o tagged/
    """
    from classifier.fleet.plan import expand, is_folder

    exports, folder = tuple(expand(exports)), is_folder(output)
    if output and not folder and (len(exports) > 1 or cluster):
        raise click.UsageError(
            _("-o names one output; leave it out for several exports, or give a folder: NAME/.")
        )
    if PIPE in [output or path for path in exports] and (resume or on_bad_row == "keep"):
        raise click.UsageError(
            _("--resume and --on-bad-row keep need an output file: give -o FILE.")
        )
    from classifier.arrays import reuse_memory
    from classifier.store import load_model
    from classifier.tags import Tagger

    reuse_memory()
    tagger = Tagger(load_model(model_path), precision, rules, explain=why)
    _tell_unreachable(tagger, precision)
    options: dict[str, Any] = {
        "text": text,
        "id_column": id_column,
        "sheet": sheet,
        "overwrite": force,
        "keep_bad": on_bad_row == "keep",
        "safe_excel": safe_excel,
        "resume": resume,
        "jobs": jobs or (1 if cluster else None),  # a worker has threads of its own
    }
    with spooled(exports) as sources, connected(cluster) as client:
        groups = find_groups(sources, tagger.model, options, wanted=duplicates)
        if cluster or ((folder or resume) and len(exports) > 1):
            tag_many(exports, groups, output, tagger, options, client, show)
        else:
            tag_each(exports, sources, groups, output, tagger, options, show)
    print_duplicates(groups, err=PIPE in [output or path for path in exports])


def _tell_unreachable(tagger: Tagger, precision: float) -> None:
    """Name the labels that no cutoff brings to the precision asked for."""
    from classifier.cutoffs import NEVER

    labels, cutoffs = tagger.model.heads[0].labels, tagger.cutoffs
    beyond = [
        f"{label} ({best:.3f})"
        if best
        else _("{label} (never given to a held-out row)", label=label)
        for label, value, best in zip(labels, cutoffs.values, cutoffs.best, strict=False)
        if value == NEVER
    ]
    if beyond:
        click.echo(
            _(
                "A precision of {precision:g} is out of reach for {labels}; the best estimate is "
                "in brackets. Rows with these labels are left for review.",
                precision=precision,
                labels=", ".join(beyond),
            ),
            err=True,
        )
