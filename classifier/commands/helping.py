"""Help in the user's language: commands keep theirs in English, and show a translated copy."""

from __future__ import annotations

from copy import copy
from inspect import cleandoc
from typing import TypeVar

import click

from classifier.language import _

__all__ = ["TranslatedGroup", "translated"]

AnyCommand = TypeVar("AnyCommand", bound=click.Command)


class TranslatedGroup(click.Group):
    """A group whose commands explain themselves in the user's language."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, its help translated."""
        command = super().get_command(ctx, cmd_name)
        return command and translated(command)


def translated(command: AnyCommand) -> AnyCommand:
    """A copy of a command that explains itself and its options in the user's language."""
    twin = copy(command)
    twin.help = _(cleandoc(command.help or ""))
    twin.params = [_translated_option(parameter) for parameter in command.params]
    return twin


def _translated_option(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    twin = copy(parameter)
    twin.help = _(parameter.help or "")
    return twin
