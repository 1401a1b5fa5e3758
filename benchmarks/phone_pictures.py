"""Messages as a phone shows them: what Discord stored, drawn 390 pixels wide by a browser without a window.

    python -m benchmarks.answer_sizes --messages FOLDER
    python -m benchmarks.phone_pictures FOLDER PICTURES

One page of all messages, light and dark, and a picture of each where Chromium or Chrome is found (or BROWSER names
one). The drawing follows Discord's mark-up as far as our messages use it; a picture in a message is an empty frame.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTH = 390
STYLE = """
body { margin: 0; padding: 12px; font: 16px/1.375 system-ui, sans-serif; background: var(--back); color: var(--text) }
body.dark { --back: #1a1a1e; --card: #242429; --text: #dfe0e2; --dim: #9b9ca3; --link: #7fb0ff; --button: #3a3a42 }
body.light { --back: #fff; --card: #f4f4f6; --text: #2f3035; --dim: #62636a; --link: #0060d0; --button: #e3e3e8 }
h2 { font-size: 13px; color: var(--dim); margin: 18px 0 4px }
.card { background: var(--card); border-radius: 8px; border-left: 4px solid; padding: 10px 12px }
.card { overflow-wrap: anywhere }
.title { font-weight: 600; margin-bottom: 4px }
.small { font-size: 13px; color: var(--dim) }
a { color: var(--link); text-decoration: none }
code { background: var(--back); border-radius: 3px; padding: 0 3px }
.frame { border: 1px dashed var(--dim); height: 120px; margin-top: 8px }
.buttons { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 6px }
.buttons span { background: var(--button); border-radius: 8px; padding: 6px 12px; font-size: 14px }
"""
_INLINE = (
    (re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(&lt;(.*?)&gt;\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*"), r"<b>\1</b>"),
    (re.compile(r"(?<!\\)\*(.+?)(?<!\\)\*"), r"<i>\1</i>"),
    (re.compile(r"\\([\\*_~`|#\[\]<>.+-]|&gt;|&lt;)"), r"\1"),
)


def marked(text: str) -> str:
    """Discord's mark-up as HTML, a line a paragraph."""
    return "".join(f"<div{_line_class(line)}>{_inline(line.removeprefix('-# '))}</div>" for line in text.splitlines())


def _line_class(line: str) -> str:
    return ' class="small"' if line.startswith("-# ") else ""


def _inline(line: str) -> str:
    html = escape(line, quote=False)
    for pattern, meant in _INLINE:
        html = pattern.sub(meant, html)
    return html or "&nbsp;"


def drawn(name: str, message: Mapping[str, Any]) -> str:
    """One message as a card with its buttons."""
    cards = "".join(map(_card, message.get("embeds", [])))
    rows = [row.get("components", []) for row in message.get("components", [])]
    buttons = "".join(
        f"<span>{escape(part.get('label') or part.get('placeholder') or 'menu')}</span>" for row in rows for part in row
    )
    asked = (message.get("referenced_message") or {}).get("content", name)
    return f'<h2>{escape(asked)}</h2>{marked(message.get("content", ""))}{cards}<div class="buttons">{buttons}</div>'


def _card(embed: Mapping[str, Any]) -> str:
    title = f'<div class="title">{_inline(embed["title"])}</div>' if embed.get("title") else ""
    footer = f'<div class="small">{escape(embed["footer"]["text"])}</div>' if embed.get("footer") else ""
    frame = '<div class="frame"></div>' if embed.get("image") else ""
    colour = f"#{embed.get('color') or 0x888888:06x}"
    inside = f"{title}{marked(embed.get('description', ''))}{frame}{footer}"
    return f'<div class="card" style="border-color:{colour}">{inside}</div>'


def page(body: str, light: bool) -> str:
    """A whole page around drawn messages."""
    theme = "light" if light else "dark"
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body class="{theme}">{body}</body>'


def main() -> None:
    """Draw every message of the folder."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("messages", type=Path, metavar="FOLDER", help="what answer_sizes --messages kept")
    options.add_argument("pictures", type=Path, metavar="PICTURES", help="where to")
    given = options.parse_args()
    given.pictures.mkdir(parents=True, exist_ok=True)
    cards = {
        path.stem: drawn(path.stem, json.loads(path.read_text("utf-8")))
        for path in sorted(given.messages.glob("*.json"))
    }
    for theme in ("light", "dark"):
        (given.pictures / f"all-{theme}.html").write_text(page("".join(cards.values()), theme == "light"), "utf-8")
    browser = os.environ.get("BROWSER") or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        print(f"{len(cards)} messages drawn as a page; no browser found for pictures.")
        return
    for name, card in cards.items():
        (given.pictures / f"{name}.html").write_text(page(card, light=False), "utf-8")
        photograph(browser, given.pictures / f"{name}.html")
    print(f"{len(cards)} messages drawn.")


def photograph(browser: str, html: Path) -> None:
    """A picture of a page beside it. A browser without a window is never narrower than 500 pixels: a frame is."""
    frame = html.with_suffix(".frame.html")
    frame.write_text(
        f'<!doctype html><body style="margin:0;background:#888"><iframe src="{html.name}" width="{WIDTH}" height="700" '
        'style="border:0"></iframe></body>',
        "utf-8",
    )
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={WIDTH},700"]
    subprocess.run(
        [browser, *flags, f"--screenshot={html.with_suffix('.png').absolute()}", frame.absolute().as_uri()],
        capture_output=True,
        timeout=120,
        check=True,
    )
    frame.unlink()


if __name__ == "__main__":
    main()
