"""Text that came as HTML, made plain: tags gone, entities read, paragraphs kept."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# A closing tag, a tag that stands alone, or an entity; ``a < b`` and ``<3`` are no HTML.
_HTML = re.compile(
    r"</[a-z][a-z0-9]*\s*>|<(?:br|p|hr|li|img)\b[^<>]*>"
    r"|&(?:amp|lt|gt|quot|apos|nbsp|pound|euro|ndash|mdash|[lr][sd]quo|hellip|bull|eacute"
    r"|\#\d{1,6}|\#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)
BLOCKS = frozenset("p div h1 h2 h3 h4 h5 h6 ul ol table tr blockquote section article".split())
UNSEEN = frozenset(("script", "style", "head", "template"))


def is_html(value: str) -> bool:
    return bool(_HTML.search(value))


def plain(value: str) -> str:
    """``<p>Tea &amp; talk</p><p>Come</p>`` → ``Tea & talk``, an empty line, ``Come``."""
    reader = _Reader()
    reader.feed(value)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.found).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self.unseen += 1
        elif tag in BLOCKS:
            self.found.append("\n\n")
        elif tag == "br":
            self.found.append("\n")
        elif tag == "li":
            self.found.append("\n- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag in BLOCKS:
            self.found.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.found.append(data)
