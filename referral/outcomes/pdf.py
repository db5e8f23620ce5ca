"""A page as a PDF that can be read aloud: title, language, real text. Extra ``pdf``: WeasyPrint."""

from __future__ import annotations

from functools import lru_cache
from importlib import util
from typing import Any

# Set for the eye that reads on paper; everything comes from the page itself, nothing is fetched.
STYLE = """
@page { size: A4; margin: 20mm 18mm; }
body { font: 11pt/1.45 "DejaVu Sans", Arial, sans-serif; color: #16211f; }
h1 { font-size: 17pt; margin: 0 0 2mm; }
h2 { font-size: 12.5pt; margin: 6mm 0 1mm; }
p, ul, ol, table, dl { margin: 0 0 2.5mm; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 0.3pt solid #8a9694; padding: 1mm 2mm 1mm 0; text-align: left; }
dt { font-weight: bold; }
dd { margin: 0 0 1.5mm; }
.quiet { color: #4a5755; font-size: 9.5pt; }
.first { border-left: 3pt solid #0b4f5c; padding-left: 3mm; }
"""


class Fetching(RuntimeError):
    """A page wanted something from elsewhere."""


@lru_cache(maxsize=1)
def is_here() -> bool:
    """Whether the extra is installed and the libraries it stands on are there."""
    if util.find_spec("weasyprint") is None:
        return False
    try:
        import weasyprint  # noqa: F401, PLC0415 - half a second, only where somebody wants a PDF
    except OSError:
        return False
    return True


def made(page: str) -> bytes:
    """The PDF of an HTML page; nothing is fetched for it, from disk or from the network."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 - as above

    written: Any = HTML(string=page, url_fetcher=_refuse).write_pdf(
        stylesheets=[CSS(string=STYLE)], pdf_variant="pdf/ua-1"
    )
    return bytes(written)


def _refuse(url: str, *_args: Any, **_kwargs: Any) -> Any:
    raise Fetching("a page that is printed fetches nothing")
