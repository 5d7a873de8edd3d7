"""usulan: tag Musrenbang proposals with the priorities of a city's annual plan."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classifier.store import load_model as load_model

__version__ = "0.1.0"

__all__ = ["__version__", "load_model"]


def __getattr__(name: str) -> Any:
    """Import the library's parts when they are first asked for: a command starts at once."""
    if name == "load_model":
        from classifier.store import load_model

        return load_model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
