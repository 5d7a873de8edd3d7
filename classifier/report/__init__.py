"""A tagged export as one page, a workbook or a PDF, for the meeting."""
