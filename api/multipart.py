"""Takes an upload's multipart body piece by piece: the file into a temporary file of ours, the fields into memory.

Refuses as early as the bytes allow: too large while they stream, not a PDF after the first kilobyte. Knows neither the
database nor the storage, and never uses the client's file name as a path.
"""

import hashlib
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from actors.errors import DocumentTooLarge, EmptyFile, NotAPdf
from api.problems import InvalidValues, Refusal, WrongValue

if TYPE_CHECKING:  # the library defines these names for type checkers only
    from python_multipart.multipart import MultipartCallbacks

FILE_FIELD = "file"
HEADER_WINDOW = 1024
"""The mark `%PDF-` stands within the first 1,024 bytes: Adobe's reader accepts that much in front of it (ISO 32000-1,
annex H, implementation note 13)."""
MOST_FIELD_BYTES = 64 * 1024
"""All text fields of one upload together."""
PART_SUFFIX = ".part"
EXTENDED_FILENAME = re.compile(rb"filename\*=utf-8''([^;\s]+)", re.IGNORECASE)


class MalformedUpload(Refusal):
    """The body is no multipart form, or ends in the middle."""

    code = "malformed_upload"


class UploadMediaType(Refusal):
    """The request's media type is not multipart/form-data."""

    code = "upload_media_type"


class UploadReader:
    """One upload on its way in. Not thread-safe: one `feed` at a time.

    Attributes:
        fields: text fields by name, each value in order of arrival.
        filename: as the client named it, None until the file part begins.
        size: bytes of the file so far.
    """

    def __init__(self, content_type: str, folder: Path, max_bytes: int) -> None:
        """Open the temporary file in `folder`; raises UploadMediaType or MalformedUpload."""
        media_type, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if media_type != b"multipart/form-data" or not boundary:
            raise UploadMediaType(
                f"The request's media type is {content_type or 'not given'}.",
                f"Send multipart/form-data with the PDF in the field '{FILE_FIELD}'.",
            )
        self.fields: dict[str, list[str]] = {}
        self.filename: str | None = None
        self.size = 0
        self._max_bytes = max_bytes
        self._digest = hashlib.sha256()
        self._head = b""
        self._headers: dict[bytes, bytes] = {}
        self._header_name = b""
        self._header_value = b""
        self._take: Callable[[bytes], None] = self._take_nothing
        self._field_name = ""
        self._field = bytearray()
        self._field_bytes = 0
        self._ended = False
        try:
            self._parser = MultipartParser(boundary, self._callbacks())
        except FormParserError as error:
            raise _malformed(str(error)) from error
        self._file: IO[bytes] = tempfile.NamedTemporaryFile(dir=folder, suffix=PART_SUFFIX)  # noqa: SIM115

    @property
    def path(self) -> Path:
        """Where the file's bytes are until `close`."""
        return Path(self._file.name)

    @property
    def content_hash(self) -> str:
        """sha256 of the file's bytes so far, hex."""
        return self._digest.hexdigest()

    def feed(self, data: bytes) -> None:
        """Take the next piece of the body. Raises NotAPdf, DocumentTooLarge, MalformedUpload or InvalidValues."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise _malformed(str(error)) from error

    def finish(self) -> None:
        """The body has ended. Raises MalformedUpload, InvalidValues, EmptyFile or NotAPdf."""
        if not self._ended:
            raise _malformed("it ends before its last boundary")
        if self.filename is None:
            raise InvalidValues([WrongValue(where=f"body.{FILE_FIELD}", message="Field required")])
        if self.size == 0:
            raise EmptyFile("The file has no bytes.", "Choose the catalogue's PDF and send it again.")
        self._check_head(whole=True)
        self._file.flush()

    def close(self) -> None:
        """Remove the temporary file. Safe to call twice."""
        self._file.close()

    def _callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": self._add_header_name,
            "on_header_value": self._add_header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._choose_taker,
            "on_part_data": lambda data, start, end: self._take(data[start:end]),
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        self._headers = {}
        self._take = self._take_nothing

    def _add_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name = self._header_value = b""

    def _choose_taker(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        _, options = parse_options_header(disposition)
        if b"name" not in options:
            raise _malformed("a part has no name")
        name, filename = options[b"name"].decode("utf-8", "replace"), _filename(disposition, options)
        if filename is None:
            self._field_name, self._field, self._take = name, bytearray(), self._take_field
        elif name != FILE_FIELD or self.filename is not None:
            message = f"Send one file, in the field '{FILE_FIELD}'"
            raise InvalidValues([WrongValue(where=f"body.{name}", message=message)])
        else:
            self.filename = filename
            self._take = self._take_file

    def _take_nothing(self, data: bytes) -> None:
        raise _malformed("a part has no headers")

    def _take_field(self, data: bytes) -> None:
        self._field_bytes += len(data)
        if self._field_bytes > MOST_FIELD_BYTES:
            message = f"The text fields may have {MOST_FIELD_BYTES} bytes together"
            raise InvalidValues([WrongValue(where=f"body.{self._field_name}", message=message)])
        self._field += data

    def _take_file(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._max_bytes:
            raise too_large(self._max_bytes)
        if len(self._head) < HEADER_WINDOW:
            self._head += data[: HEADER_WINDOW - len(self._head)]
            self._check_head(whole=False)
        self._digest.update(data)
        self._file.write(data)

    def _check_head(self, *, whole: bool) -> None:
        if b"%PDF-" not in self._head and (whole or len(self._head) == HEADER_WINDOW):
            raise NotAPdf("The file does not begin like a PDF.", "Send the catalogue as a PDF file.")

    def _end_part(self) -> None:
        if self._take == self._take_field:
            if len(self.fields) >= 100:
                raise _malformed("it has over 100 fields")
            self.fields.setdefault(self._field_name, []).append(self._field.decode("utf-8", "replace"))

    def _end(self) -> None:
        self._ended = True


def _filename(disposition: bytes, options: dict[bytes, bytes]) -> str | None:
    """The part's file name, None of a text field. RFC 7578 forbids `filename*`, older clients send it all the same."""
    if b"filename" in options:
        return options[b"filename"].decode("utf-8", "replace")
    extended = EXTENDED_FILENAME.search(disposition)
    return unquote(extended[1].decode("ascii", "replace")) if extended else None


def too_large(max_bytes: int) -> DocumentTooLarge:
    """The refusal of a file over the limit."""
    return DocumentTooLarge(
        f"The file has more than {max_bytes:,} bytes.",
        "Split the catalogue, or raise QUARRY_MAX_UPLOAD_BYTES.",
    )


def _malformed(reason: str) -> MalformedUpload:
    return MalformedUpload(f"The form cannot be read: {reason}.", "Send it again, whole, as multipart/form-data.")
