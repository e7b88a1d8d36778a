"""The leaves of the error tree that speak of documents, pages, images and models."""

from db.errors import QuarryError


class DocumentRefused(QuarryError):
    """The bytes cannot become a document; nothing is stored and no retry helps."""

    code = "document_refused"
    permanent = True


class NotAPdf(DocumentRefused):
    """The upload does not start like a PDF."""

    code = "not_a_pdf"


class EmptyFile(DocumentRefused):
    """The upload has no bytes."""

    code = "empty_file"


class DocumentTooLarge(DocumentRefused):
    """Over the limit of bytes or pages."""

    code = "document_too_large"


class DocumentEncrypted(DocumentRefused):
    """The PDF asks for a password that we do not have."""

    code = "document_encrypted"


class PasswordWrong(DocumentRefused):
    """The PDF asks for a password, and the one that came with it does not open it."""

    code = "document_password_wrong"


class DocumentBroken(DocumentRefused):
    """The PDF library cannot open it, or it has no readable page tree."""

    code = "document_broken"


class DocumentHasNoPages(DocumentRefused):
    """A PDF of zero pages."""

    code = "document_has_no_pages"


class ImageUnreadable(QuarryError):
    """The stored bytes do not decode to pixels."""

    code = "image_unreadable"
    permanent = True


class ModelMissing(QuarryError):
    """The weights of a model are neither on disk nor to be had."""

    code = "model_missing"
    permanent = True


class DeviceMissing(QuarryError):
    """An actor that was given a GPU finds none."""

    code = "device_missing"


class AnalysisFailed(QuarryError):
    """A text analysis gave no usable answer."""

    code = "analysis_failed"


class EndpointRefused(QuarryError):
    """The language model's endpoint refuses the key or does not know the model."""

    code = "endpoint_refused"
    permanent = True


class StorageFailed(QuarryError):
    """The file store refused a read or a write."""

    code = "storage_failed"


class DocumentEmpty(QuarryError):
    """Everything was processed and nothing was found to make anything of."""

    code = "document_empty"
    permanent = True


def describe(error: Exception) -> tuple[str, bool]:
    """The sentence and the `permanent` flag that a result record carries for an exception."""
    if isinstance(error, QuarryError):
        return str(error), error.permanent
    return f"{type(error).__name__}: {error}".strip(": "), False
