"""Stage 3: text layer and OCR brought together, cut into chunks; no services."""
