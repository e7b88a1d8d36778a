"""What reads text: words, sizes, codes, fields, classes; no services."""
