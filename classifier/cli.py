"""The command line: parses, calls the library, prints."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Any

import click

from classifier import __version__
from classifier.commands.evaluate import evaluate
from classifier.commands.helping import TranslatedGroup, translated
from classifier.commands.judging import check, compare
from classifier.commands.loop import merge, review
from classifier.commands.options import model_option, precision_option, rules_option
from classifier.commands.printing import print_explanation
from classifier.commands.report import report
from classifier.commands.scores import print_model
from classifier.commands.tag import tag
from classifier.commands.taxonomy import taxonomy
from classifier.commands.training import train
from classifier.errors import UsulanError
from classifier.language import _, speak

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(TranslatedGroup):
    """Speaks the user's language, and turns errors into one sentence and a non-zero exit code."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        speak()
        return click.Group.make_context(translated(self), *args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsulanError as error:
            raise click.ClickException(str(error)) from None
        except MemoryError:
            raise click.ClickException(
                _("not enough memory. Split the input and try again.")
            ) from None


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(__version__, "-V", "--version", message="usulan %(version)s")
def main() -> None:
    """Tag usulan Musrenbang with the RKPD priority each one serves.

    \b
    usulan tag export.csv               the same table with tags, export.tagged.csv
    usulan explain "Drainase mampet"    why one proposal gets its tags

    Shell completion: eval "$(_USULAN_COMPLETE=bash_source usulan)" (or zsh, fish).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a console that lacks a letter shows "?"
            stream.reconfigure(errors="replace")


@main.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@click.option("--label", help="Explain this label of the main facet.  [default: the likeliest]")
@model_option
@rules_option
def explain(
    texts: tuple[str, ...], label: str | None, model_path: str | None, rules: str | None
) -> None:
    """Tag one proposal and say why. Give usulan and masalah as two texts.

    \b
    usulan explain "Drainase mampet RT 02/05"
    usulan explain "Pelatihan menjahit" "banyak ibu2 menganggur"
    usulan explain "Paving gang" "got mampet" --label banjir
    """
    from classifier.explain import explain as explain_text
    from classifier.store import load_model

    clean = [text.encode(errors="replace").decode() for text in texts]
    print_explanation(explain_text(load_model(model_path), clean, label, rules))


@main.command()
@click.argument("model_path", required=False, metavar="[MODEL]", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print the whole training record.")
@precision_option
def inspect(model_path: str | None, as_json: bool, precision: float) -> None:
    """Show what a model is made of: data, labels, settings, held-out scores.

    \b
    usulan inspect                 the starter model
    usulan inspect kantor.usulan
    """
    import json

    from classifier.store import digest, load_model

    model = load_model(model_path)
    if as_json:
        click.echo(json.dumps(model.record, ensure_ascii=False, indent=1))
    else:
        print_model(model, digest(model_path), precision)


main.add_command(tag)
main.add_command(train)
main.add_command(evaluate)
main.add_command(review)
main.add_command(merge)
main.add_command(compare)
main.add_command(check)
main.add_command(taxonomy)
main.add_command(report)


if __name__ == "__main__":
    main()
