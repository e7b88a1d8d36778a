"""Opens a PDF with PyMuPDF, or says why it cannot be. Runs in a child process; knows nothing of pages' contents."""

from pathlib import Path

import pymupdf

from actors.errors import DocumentBroken, DocumentEncrypted, DocumentHasNoPages, PasswordWrong

PDF_ERRORS = (RuntimeError, ValueError, OSError, pymupdf.mupdf.FzErrorBase)
"""What PyMuPDF raises on files that are not as they should be."""
NOT_ENCRYPTED: int = pymupdf.mupdf.PDF_ENCRYPT_NONE
PROBED_PAGES = 3
SAVE_ANEW = "Open it in a PDF reader, save it anew and upload that."


def open_document(path: Path, password: str | None) -> pymupdf.Document:
    """The open document, unlocked. Raises as `unlock`."""
    return unlock(path, password)[0]


def unlock(path: Path, password: str | None) -> tuple[pymupdf.Document, bool]:
    """The open document, and whether it had to be unlocked with the password.

    Raises:
        DocumentBroken: not to be opened or repaired.
        DocumentEncrypted: it wants a password, and none was given.
        PasswordWrong: it wants another one.
    """
    try:
        document = pymupdf.open(path, filetype="pdf")
        # Asked once and before authenticating: asked again later, RC4 and AES-128 files silently lose their key.
        locked = bool(document.needs_pass)
        if locked and not document.authenticate(password or ""):
            if password:
                raise PasswordWrong("The password does not open the PDF.", "Send it again with the right one.")
            raise DocumentEncrypted(
                "The PDF is protected by a password.",
                "Send the password in the form's field `password`, or upload a copy without one.",
            )
    except pymupdf.FileDataError as error:  # its own text names our file, which is nothing to the uploader
        raise DocumentBroken("The PDF is damaged and cannot be opened.", SAVE_ANEW) from error
    except PDF_ERRORS as error:
        raise DocumentBroken(f"The PDF cannot be opened: {_first_line(error)}", SAVE_ANEW) from error
    return document, locked


def save_unlocked(document: pymupdf.Document, target: Path) -> None:
    """Write the unlocked document as a file that asks for nothing. Raises DocumentBroken."""
    try:
        document.save(target, encryption=NOT_ENCRYPTED, use_objstms=1, no_new_id=1)
    except PDF_ERRORS as error:
        raise DocumentBroken(f"The PDF cannot be decrypted: {_first_line(error)}", SAVE_ANEW) from error


def count_pages(document: pymupdf.Document) -> int:
    """Number of pages.

    Raises:
        DocumentBroken: the page tree cannot be walked, or none of the first pages can be read.
        DocumentHasNoPages: there are none.
    """
    try:
        count = int(document.page_count)
    except PDF_ERRORS as error:
        raise DocumentBroken(f"The PDF's list of pages is damaged: {_first_line(error)}", SAVE_ANEW) from error
    if count < 1:
        raise DocumentHasNoPages("The PDF has no pages.", "Export it again from the program that made it.")
    problems = [problem for number in range(min(count, PROBED_PAGES)) if (problem := _page_problem(document, number))]
    if len(problems) == min(count, PROBED_PAGES):
        raise DocumentBroken(f"The PDF's pages cannot be read: {problems[0]}", SAVE_ANEW)
    return count


def _page_problem(document: pymupdf.Document, number: int) -> str | None:
    try:
        document.load_page(number)
    except PDF_ERRORS as error:
        return _first_line(error)
    return None


def _first_line(error: BaseException) -> str:
    """The error's first line, ended by a full stop."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".") + "."
