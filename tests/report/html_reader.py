"""Reads a page of a report: its tags in order, all of them closed."""

from __future__ import annotations

from html.parser import HTMLParser

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'
"""What a hostile name would bring into a page."""
VOID = {"meta", "img", "input", "br", "circle", "polyline", "link", "hr", "col"}


class HtmlReader(HTMLParser):
    """Collects the tags with their attributes; an unmatched end fails."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def read_html(text: str) -> HtmlReader:
    """The tags of a text; fails where one is left open."""
    reader = HtmlReader()
    reader.feed(text)
    assert not reader.open
    return reader
