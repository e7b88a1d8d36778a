"""Parsers of printed values: sizes, codes, prices, labels, technical values. They know one line, no page."""
