"""Reading any export and writing it back: one module a format, and what they share."""
