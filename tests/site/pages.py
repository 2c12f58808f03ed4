"""Reading a page's HTML for what the Content-Security-Policy forbids."""

from html.parser import HTMLParser

DATA_TYPES = {"application/json"}


class Inline(HTMLParser):
    """Collects inline scripts, inline styles and event attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "style" or "style" in named:
            self.found.append(f"<{tag}> with style")
        if tag == "script" and "src" not in named and named.get("type") not in DATA_TYPES:
            self.found.append("inline <script>")
        self.found += [f"<{tag} {name}>" for name in named if name.startswith("on")]
        self.found += [
            f"<{tag} {name}={value}>"
            for name, value in attrs
            if name in {"src", "href", "action"} and (value or "").lower().startswith("javascript:")
        ]


def inline_code(html: str) -> list[str]:
    parser = Inline()
    parser.feed(html)
    return parser.found
