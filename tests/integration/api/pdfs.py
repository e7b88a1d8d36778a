"""Small PDFs of every kind that an upload may be."""

from itertools import count

import pymupdf

numbers = count(1)


def valid_pdf(pages=1):
    """A PDF that nobody has uploaded yet."""
    with pymupdf.open() as document:
        for page in range(pages):
            document.new_page().insert_text((72, 72), f"Catalogue {next(numbers)}, page {page + 1}")
        return document.tobytes()


def encrypted_pdf(user_password="secret"):
    """A PDF that asks for the password before it can be read; with an empty one it only forbids changes."""
    with pymupdf.open(stream=valid_pdf()) as document:
        return document.tobytes(
            encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=user_password, owner_pw=f"owner {next(numbers)}"
        )


def broken_pdf():
    """The mark of a PDF, then nothing of one."""
    return b"%PDF-1.7\n" + f"this is not an object {next(numbers)}\n".encode() * 50


def pdf_without_pages():
    """A well-formed PDF with an empty tree of pages."""
    return (
        b"%%PDF-1.4\n%% %d\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%%%EOF\n" % next(numbers)
    )
