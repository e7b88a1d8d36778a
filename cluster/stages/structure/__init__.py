"""How the blocks of a document belong together: text layer and OCR, order, headings, captions, running lines."""
