"""The analyst's loop: review, correct, merge, compare, check."""
