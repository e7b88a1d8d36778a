"""Stage 1: from the bytes of a PDF to the records of its pages."""
