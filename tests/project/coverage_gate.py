"""Coverage floors, read from coverage's JSON report: all of the pure parts and of render, nine tenths of the whole.

python tests/project/coverage_gate.py REPORT
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WHOLE = 90.0
PURE = (
    "bot/text.py", "bot/market/", "bot/alerts/", "bot/glossary/", "bot/language/", "bot/render/", "bot/settings.py",
)  # fmt: skip


def percent(summary: Mapping[str, Any]) -> float:
    """Lines and branches together, 0 to 100."""
    possible = summary["num_statements"] + summary["num_branches"]
    covered = summary["covered_lines"] + summary["covered_branches"]
    return 100.0 * covered / possible if possible else 100.0


def shortfalls(report: Mapping[str, Any]) -> list[str]:
    """One sentence per floor that is not reached."""
    found = []
    whole = percent(report["totals"])
    if whole < WHOLE:
        found.append(f"the whole is covered to {whole:.1f} %, not {WHOLE:.0f} %")
    for name, file in sorted(report["files"].items()):
        path = name.replace("\\", "/")
        if path.startswith(PURE) and percent(file["summary"]) < 100.0:
            lines = file["missing_lines"]
            branches = file.get("missing_branches", [])
            found.append(f"{path} is covered to {percent(file['summary']):.1f} %: lines {lines}, branches {branches}")
    return found


def main() -> int:
    """Print what falls short; exit 1 when anything does."""
    found = shortfalls(json.loads(Path(sys.argv[1]).read_text()))
    for sentence in found:
        sys.stdout.write(f"coverage: {sentence}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
