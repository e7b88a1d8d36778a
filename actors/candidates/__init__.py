"""Products that stand outside plain tables: captions, headings, sheets, leaflets, lists of variants, code matrices."""
