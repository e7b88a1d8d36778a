"""Products: from the pattern of a page to records."""
