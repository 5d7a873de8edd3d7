"""usulan: tag Musrenbang proposals with the priorities of a city's annual plan."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classifier.interactive import load_model as load_model
    from classifier.interactive import read_export as read_export

__version__ = "0.1.0"

__all__ = ["__version__", "load_model", "read_export"]


def __getattr__(name: str) -> Any:
    """Import the library's parts when they are first asked for: a command starts at once."""
    if name in ("load_model", "read_export"):
        from classifier import interactive

        return getattr(interactive, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
