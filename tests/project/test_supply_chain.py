"""What is installed: pinned with hashes, in step with pyproject.toml, from nowhere in particular; actions by commit."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUN = PROJECT["project"]["dependencies"]
BUILD = PROJECT["build-system"]["requires"]
EXTRAS = [line for extra in ("test", "yahoo") for line in PROJECT["project"]["optional-dependencies"][extra]]
TOOLS = PROJECT["dependency-groups"]["tools"]
FILES = {"build": BUILD, "run": RUN, "test": [*RUN, *EXTRAS, *BUILD], "tools": TOOLS, "floors": [*RUN, *EXTRAS, *BUILD]}
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.+?))?(?: \\)?$")


def pins(name: str) -> dict[str, list[Version]]:
    """Package to its versions (more than one where they depend on the Python) of one file of requirements/."""
    found: dict[str, list[Version]] = {}
    for line in (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines():
        if match := PIN.match(line):
            found.setdefault(canonicalize_name(match[1]), []).append(Version(match[2]))
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_a_pin_or_its_hash(name: str) -> None:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        assert line.startswith("#") or PIN.match(line) or re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line)
        assert after.startswith("    --hash=") or not PIN.match(line), line
    assert "://" not in "".join(lines)


@pytest.mark.parametrize("name", FILES)
def test_the_pins_are_in_step_with_the_project(name: str) -> None:
    found = pins(name)
    for requirement in map(Requirement, FILES[name]):
        versions = found[canonicalize_name(requirement.name)]
        assert all(version in requirement.specifier for version in versions), f"{requirement}: run bash .ci/lock"


def test_what_is_tested_is_what_runs() -> None:
    run, test = pins("run"), pins("test")
    assert {name: test[name] for name in run} == run


def test_the_floors_are_the_floors() -> None:
    """The lowest version that is allowed, for every package that the project names itself."""
    found, lowest = pins("floors"), {}
    for requirement in map(Requirement, FILES["floors"]):
        (bound,) = requirement.specifier
        assert bound.operator == ">="
        lowest.setdefault(canonicalize_name(requirement.name), []).append(Version(bound.version))
    for name, versions in lowest.items():
        (pinned,) = found[name]
        # a stub package's version goes on with the date of the stubs
        assert pinned.release[: len(max(versions).release)] == max(versions).release, f"{name}: run bash .ci/lock"


@pytest.mark.parametrize(
    ("package", "without"),
    [
        ("aiohttp", "<3.14.3"),
        ("pillow", "<12.3"),
        ("rapidfuzz", "==3.14.0"),
        ("rapidfuzz", "==3.14.4"),
        ("orjson", "<3.11.6"),
        ("curl-cffi", "<0.15"),
        ("pytest", "<9.0.3"),
        ("setuptools", "<78.1.1"),
        ("mako", "<1.3.12"),
        ("brotli", "<1.2"),
    ],
)
def test_no_version_with_a_known_hole_is_installed(package: str, without: str) -> None:
    """Published advisories and withdrawn files as of November 2026; new ones are the weekly audit's."""
    for name in FILES:
        assert not [version for version in pins(name).get(package, []) if version in SpecifierSet(without)], name


def test_the_image_and_the_checks_install_with_hashes() -> None:
    """The commands of the image, of the checks (the README's, which .ci/run takes), of the floors and the workflows."""
    readme = (ROOT / "README.md").read_text("utf-8")
    scripts = {path: (ROOT / path).read_text("utf-8") for path in ("Dockerfile", ".ci/floors")}
    scripts |= {path.name: path.read_text("utf-8") for path in workflows() if "pip install" in path.read_text("utf-8")}
    scripts["README.md"] = readme[readme.index("<!-- test -->") : readme.index("<!-- /test -->")]
    for path, text in scripts.items():
        installs = [line for line in text.replace("\\\n", " ").splitlines() if re.search(r'pip"? install', line)]
        assert installs, path
        for line in installs:
            assert "--require-hashes" in line or "--no-deps --no-build-isolation" in line, line


def workflows() -> list[Path]:
    return sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", workflows(), ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_may_little(path: Path) -> None:
    text = path.read_text("utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)
    assert used
    for action, note in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", note)
    assert re.search(r"^permissions:(?: \{\}|\n  contents: read)$", text, re.MULTILINE)
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_what_is_bundled_is_in_the_notice() -> None:
    """Every file of facts, words or letters in the package comes from us (named here) or stands in NOTICE."""
    ours = {"bot/glossary/data/", "bot/render/pages/", "bot/language/data/", "bot/providers/tables/headings.json"}
    notice = (ROOT / "NOTICE").read_text("utf-8")
    bundled = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bot").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc", ".mako", ".typed"}
    ]
    assert len(bundled) > 5
    assert not [file for file in bundled if file not in notice and not file.startswith(tuple(ours))]
    assert "bot/glossary/data/common_words.txt" in notice
    assert "glossary.json" in notice
    assert "Aileron" in notice


def test_the_container_has_limits_and_reads_its_secret_from_a_file() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    for word in ("mem_limit:", "pids_limit:", "read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert word in text
    assert "DISCORD_TOKEN_FILE: /run/secrets/discord_token" in text
    assert "USER rangefinder" in (ROOT / "Dockerfile").read_text("utf-8")
