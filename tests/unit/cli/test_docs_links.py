"""The documents keep their word: links and pictures exist, commands parse, counts and quotations are the program's."""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.cli.parser import build_parser, parse
from danvan_desktop.kernel.text import nfc

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
GUIDE = ROOT / "docs" / "huong-dan.md"
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
# what a placeholder of the documents stands for, where a word of its own would be refused
_VALUES = {"parent|child": "parent", "report|task|term": "report", "N": "1", "S": "1", "SỐ": "1", "GIÂY": "1"}
_NOT_OURS = ("test",)  # run.py's own word


def _prose(text: str) -> str:
    """``text`` without fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def _fences(text: str) -> Iterator[str]:
    for block in re.findall(r"^```[a-z]*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        yield from block.splitlines()


def _anchors(text: str) -> set[str]:
    """The anchors of the headings as GitHub makes them."""
    found = set()
    for title in re.findall(r"^#+ (.+)$", _prose(text), flags=re.MULTILINE):
        bare = re.sub(r"[`*]|\]\([^)]*\)|\[", "", title).strip().lower()
        found.add("".join(ch for ch in bare.replace(" ", "-") if ch.isalnum() or ch in "-_"))
    return found


def _commands(text: str) -> Iterator[str]:
    """Commands as documented: lines of fenced blocks, and spans of code that begin with the program's name."""
    for line in [*_fences(text), *_CODE.findall(_prose(text))]:
        for piece in re.split(r"\s{2,}(?![|\[ ])", line.split("  # ")[0]):
            if re.match(r"(danvan|python3 run\.py|py run\.py)( |$)", piece.strip()):
                yield piece.strip()


def expand(command: str) -> Iterator[list[str]]:
    """Every command line a documented one stands for: ``a | b`` are commands beside each other, ``[x]`` may be there.

    >>> [" ".join(found) for found in expand("danvan trust add F [--relation parent|child] | list")]
    ['trust add F', 'trust add F --relation parent', 'trust list']
    """
    words = re.sub(r"^(danvan|python3 run\.py|py run\.py) ?", "", command)
    pieces = re.split(r"\s+\| ", words)
    first = pieces[0].split()
    for number, piece in enumerate(pieces):
        stem = [] if number == 0 else first[: _depth(first)]
        optional = re.findall(r"\[([^\]]+)\]", piece)
        plain = re.sub(r"\[[^\]]+\]", "", piece)
        for extra in ("", *optional):
            line = [*stem, *plain.split(), *extra.split()]
            yield [_VALUES.get(word, word) for word in line]


def _depth(first: list[str]) -> int:
    """How many words the commands of a line share: ``report`` in ``report make ... | list``."""
    return 1 if first[0] in ("report", "office", "trust", "package", "plan", "record") else 0


def _is_command(line: list[str]) -> bool:
    if not line or "--help" in line or "COMMAND" in line:
        return False
    return not line[0].startswith("<") and line[0] not in _NOT_OURS and "…" not in line


@pytest.mark.parametrize("name", NAMES)
def test_links_and_pictures_exist(name: str) -> None:
    path = ROOT / name
    missing = []
    for target in _LINK.findall(_prose(path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _mark, anchor = unquote(target).partition("#")
        found = (path.parent / file).resolve() if file else path
        there = found.exists() and found.is_relative_to(ROOT)
        if not there or (anchor and anchor not in _anchors(found.read_text(encoding="utf-8"))):
            missing.append(target)
    assert not missing, missing


def test_documented_commands_parse() -> None:
    seen = set()
    for path in DOCUMENTS:
        for command in _commands(path.read_text(encoding="utf-8")):
            for line in expand(command):
                if _is_command(line):
                    parse([word.strip("“”.,;:") for word in line])
                    seen.add(tuple(line[:2]))
    assert {
        ("report", "show"),
        ("report", "approve"),
        ("package", "recall"),
        ("trust", "list"),
        ("restore", "FILE"),
    } <= seen


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        yield from (name for name in action.option_strings if name.startswith("--"))
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _options(child)


def test_every_option_is_documented() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    options = set(_options(build_parser()))
    assert len(options) > 15
    assert not {option for option in options if option not in text}


def test_documents_are_nfc_and_name_no_machine() -> None:
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path
        assert not re.search(r"(?<![\w.])/(work|tmp|root|home)/", text), path


def test_counts_are_those_of_the_catalogue() -> None:
    catalogue = load_shipped()
    counted = sum(not item.retired for item in catalogue.indicators.values())
    for name in ("README.md", "CHANGELOG.md", "docs/benchmarks.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert {int(n) for n in re.findall(r"(\d+) indicators", text)} == {counted}, name
        assert {int(n) for n in re.findall(r"(\d+) forms", text)} <= {len(catalogue.forms)}, name


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\((\d{4}-[a-z0-9-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}


def _spoken() -> str:
    """Everything the program says, from its sources and screens, in small letters; places of values are blanks."""
    parts = [path.read_text(encoding="utf-8") for path in (ROOT / "danvan_desktop").rglob("*.py")]
    parts += [path.read_text(encoding="utf-8").replace("&amp;", "") for path in (ROOT / "ui").glob("*.ui")]
    parts += [path.read_text(encoding="utf-8") for path in (ROOT / "resources").rglob("*.toml")]
    text = re.sub(r'"\s*\n\s*f?"', "", "\n".join(parts))
    return _flat(re.sub(r"\{[^{}\n\"]*\}", " ", text))


def _flat(text: str) -> str:
    return re.sub(r"[\W_]+", " ", nfc(text).casefold()).strip()


def test_names_of_buttons_in_the_guide_are_on_the_screens() -> None:
    """What the guide prints in bold (buttons, pages, columns) is somewhere on a screen, letter for letter but accents
    of access keys; a sentence between “ and ” in the table of refusals is one the program says."""
    text = _prose(GUIDE.read_text(encoding="utf-8"))
    spoken = _spoken()
    named = set(re.findall(r"\*\*([^*]+)\*\*", text))
    quoted = set(re.findall(r"^\| “([^”]+(?:“[^”]+”[^”]*)*)” ", text, flags=re.MULTILINE))
    assert len(named) > 60 and len(quoted) > 30
    lost = sorted(item for item in named if _flat(item) not in spoken)
    for sentence in quoted:
        pieces = [_flat(piece) for piece in re.split(r"…|“[^”]*”", sentence)]
        lost += [sentence for piece in pieces if piece and piece not in spoken]
    assert not lost, lost
