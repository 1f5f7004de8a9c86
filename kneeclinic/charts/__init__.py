"""Findings as charts: one calm style, a sentence for each, and the table behind it."""
