"""A PDF in, its words out: laws, observations and statements that outlets publish as documents."""

import importlib
import io
import logging
from functools import cache
from typing import Any

from monitor.errors import ParseError
from monitor.text.fold import clean

SIGN = b"%PDF-"
_LOOK_BYTES = 1_024  # before the sign there may be a little rubbish
_MAX_PAGES = 300
# What pypdf raises on broken and hostile documents beside its own errors, as fuzzing found it.
_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)


def is_pdf(body: bytes) -> bool:
    """Whether a body is a PDF, whatever its header says."""
    return SIGN in body[:_LOOK_BYTES]


def pdf_text(body: bytes) -> tuple[str, str]:
    """The title that a PDF carries, which is often empty or nonsense, and its text, page after page.

    Raises ParseError `locked` (it needs a password), `no-text` (pictures of pages), `unreadable`. Belongs into the
    worker: a hostile document may take any time and memory.
    """
    pypdf = _pypdf()
    try:
        reader = pypdf.PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ParseError("locked", "the PDF needs a password")
        pages = [page.extract_text() for page in list(reader.pages)[:_MAX_PAGES]]
        title = str(reader.metadata.title or "") if reader.metadata else ""
    except (pypdf.errors.PyPdfError, pypdf.errors.DeprecationError, pypdf.errors.DependencyError, *_FAILURES) as error:
        raise ParseError("unreadable", f"the PDF cannot be read ({type(error).__name__})") from error
    text = clean("\n".join(pages))
    if not text:
        raise ParseError("no-text", "the PDF holds pictures and no text")
    return clean(title, one_line=True), text


@cache
def _pypdf() -> Any:
    """The reader, imported on first use and told to complain to nobody."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    return importlib.import_module("pypdf")
