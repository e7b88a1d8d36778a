"""What OCR read of a page, put together and put right: lines, sizes, codes, titles, tables."""
