"""The commands about label lists: show one, and go from one to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from classifier.atomic import refuse_existing, refuse_input, write_bytes
from classifier.commands.helping import TranslatedGroup
from classifier.commands.options import force_option, label_columns, label_option, text_option
from classifier.commands.printing import print_taxonomy
from classifier.language import _

if TYPE_CHECKING:
    from classifier.crosswalk import Entry
    from classifier.relabel import Relabelled

__all__ = ["taxonomy"]


class _Listing(TranslatedGroup):
    """Without the name of a command the list is shown, as ``usulan taxonomy FILE`` says."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        helped = args and args[0] in ctx.help_option_names
        if not helped and not (args and args[0] in self.commands):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Listing)
def taxonomy() -> None:
    """List facets and labels, of the shipped label file or of FILE.

    \b
    usulan taxonomy
    usulan taxonomy kota-lain.toml --json
    usulan taxonomy crosswalk lama.toml baru.toml -o peta.csv
    """


@taxonomy.command("list")
@click.argument("taxonomy_path", required=False, metavar="[FILE]", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(taxonomy_path: str | None, as_json: bool) -> None:
    """List facets and labels; the word list may be left out.

    \b
    usulan taxonomy list
    usulan taxonomy list kota-lain.toml --json
    """
    import json

    from classifier.taxonomy import Taxonomy

    labels = Taxonomy.load(taxonomy_path)
    if as_json:
        click.echo(json.dumps(labels.to_dict(), ensure_ascii=False, indent=1))
    else:
        print_taxonomy(labels)


@taxonomy.command()
@click.argument("old_path", metavar="OLD", type=click.Path())
@click.argument("new_path", metavar="NEW", type=click.Path())
@click.argument("labelled", metavar="[LABELLED]", required=False, type=click.Path())
@click.option("-o", "--output", type=click.Path(), help="The crosswalk, or the file in new labels.")
@click.option("--map", "map_path", type=click.Path(), help="Your corrected crosswalk.")
@click.option("--decisions", type=click.Path(), help="The list of rows, with your putusan.")
@label_option
@text_option
@force_option
def crosswalk(
    old_path: str,
    new_path: str,
    labelled: str | None,
    output: str | None,
    map_path: str | None,
    decisions: str | None,
    labels: tuple[str, ...],
    text: tuple[str, ...],
    force: bool,
) -> None:
    """Go from label list OLD to NEW: propose what becomes of each label, convert a file.

    Correct column baru of the proposal: one label renames or merges, several (joined with ";")
    split, a blank leaves the rows to be decided, "-" takes the label away. With LABELLED,
    a CSV file, its labels are replaced. Rows of split labels become blank and are listed
    in OUTPUT.putusan.csv with a suggestion: fill in putusan, and give it with --decisions.

    \b
    usulan taxonomy crosswalk lama.toml baru.toml -o peta.csv
    usulan taxonomy crosswalk lama.toml baru.toml labelled.csv --map peta.csv -o baru.csv
    """
    from classifier.crosswalk import propose, read_map, to_csv
    from classifier.labelled import TEXT_COLUMNS
    from classifier.relabel import relabel
    from classifier.taxonomy import Taxonomy

    if labelled and not output:
        raise click.UsageError(_("say with -o where the converted file shall go."))
    target = Path(output) if output else None
    listing = target.with_suffix(".putusan.csv") if target and labelled else None
    for path in filter(None, (target, listing)):
        refuse_input(path, [old_path, new_path, labelled, map_path, decisions])
        refuse_existing(path, overwrite=force)
    old, new = Taxonomy.load(old_path), Taxonomy.load(new_path)
    entries = read_map(map_path, old, new) if map_path else propose(old, new)
    for facet in [name for name in old.facets if name not in new.facets]:
        click.echo(
            _(
                "{facet}: is no facet of {path}; its labels stay as they are.",
                facet=facet, path=new_path,
            ),
            err=True,
        )  # fmt: skip
    if target and listing and labelled:
        columns, texts = label_columns(labels), text or TEXT_COLUMNS
        result = relabel(
            labelled, entries, old, new, label_columns=columns, text=texts, decisions=decisions
        )
        _write_relabelled(result, target, listing, force=force)
    else:
        _print_entries(entries)
        if target:
            write_bytes(target, to_csv(entries), overwrite=force)


def _write_relabelled(result: Relabelled, target: Path, listing: Path, *, force: bool) -> None:
    """The file in new labels and, if there are any, the cells to decide."""
    from classifier.decisions import undecided_csv

    if result.undecided:
        write_bytes(listing, undecided_csv(result.undecided), overwrite=force)
    write_bytes(target, result.content, overwrite=force)
    click.echo(_("{path}: {cells} cells changed.", path=target, cells=result.changed))
    if result.undecided:
        click.echo(
            _(
                "{listing}: {cells} cells to decide are blank in {path}. Fill in putusan, and run "
                "again with --decisions {listing} and another -o.",
                listing=listing,
                cells=len(result.undecided),
                path=target,
            )
        )


def _print_entries(entries: list[Entry]) -> None:
    line = "{:12}{:22}{:12}{}".format
    click.echo(line("facet", "lama", "keputusan", "baru"))  # as the table's columns are called
    for entry in entries:
        click.echo(line(entry.facet, entry.old, entry.verdict, "; ".join(entry.new) or "?"))
