"""A page as PDF, by the extra `pdf` (WeasyPrint): tagged for screen readers, with the same figures."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hygiene.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

STYLE = ".chart .frame, .chart > .soft, .chart > figcaption { display: none }"
"""A chart that is stretched to its column is drawn wrongly by WeasyPrint 70; its table has the same figures."""


def write_pdf(page: str, path: Path) -> None:
    """Write one of our pages as a PDF (PDF/UA-1); nothing is fetched from anywhere.

    Raises
    ------
    OutputError
        If WeasyPrint or what it stands on is not installed.
    """
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError) as error:  # OSError: the package is there, Pango is not
        raise OutputError(
            f'PDF needs the extra: pip install "hygiene[pdf]", and Pango from the system ({error}). Without it, print'
            " the page from a browser."
        ) from error
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it tells of each rule of our style that is for screens
    document = HTML(string=page, url_fetcher=_refuse)
    document.write_pdf(str(path), stylesheets=[CSS(string=STYLE)], pdf_variant="pdf/ua-1")


def _refuse(url: str) -> dict[str, str]:
    raise ValueError(f"a report needs nothing from {url}")
