"""How pixels become lines of text: EasyOCR's and PP-OCR's networks, and what is measured and put right in one image."""
