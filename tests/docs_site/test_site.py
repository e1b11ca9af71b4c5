"""All pages of the tree, whoever has added them: no link of theirs leads nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from docs_site import broken_links, read_site

REPOSITORY = Path(__file__).resolve().parents[2]


def build(root: Path, output: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "docs_site", str(output)]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def write(root: Path, **pages: str) -> None:
    (root / "docs").mkdir()
    for name, text in pages.items():
        path = root / ("README.md" if name == "readme" else f"docs/{name}.md")
        path.write_text(text, "utf-8")


def test_no_link_of_the_documentation_leads_nowhere() -> None:
    assert broken_links(read_site(REPOSITORY)) == []


def test_every_page_is_on_the_site_and_in_its_index(tmp_path: Path) -> None:
    done = build(REPOSITORY, tmp_path / "site")
    assert (done.returncode, done.stderr) == (0, "")
    front = (tmp_path / "site/index.html").read_text("utf-8")
    for page in (REPOSITORY / "docs").rglob("*.md"):
        address = page.relative_to(REPOSITORY).with_suffix(".html").as_posix()
        assert (tmp_path / "site" / address).is_file()
        assert f'href="{address}"' in front
    assert (tmp_path / "site/docs/benchmark.png").is_file()


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("[a](docs/nowhere.md)", "README.md: docs/nowhere.md: there is no docs/nowhere.md"),
        ("[a](docs/spool.md#no-such)", "README.md: docs/spool.html#no-such: docs/spool.md has no anchor 'no-such'"),
        ("[a](#no-such)", "README.md: #no-such: README.md has no anchor 'no-such'"),
        ("![a](docs/nothing.png)", "README.md: docs/nothing.png: there is no docs/nothing.png"),
        ('<a href="../outside">a</a>', "README.md: ../outside: there is no ../outside"),
        ("[a]\n\n[a]: docs/nowhere.md", "README.md: docs/nowhere.md: there is no docs/nowhere.md"),
    ],
)
def test_a_broken_link_is_told_and_nothing_is_written(tmp_path: Path, link: str, told: str) -> None:
    write(tmp_path, readme=f"# Front\n\n{link}\n", spool="# Spool\n\n## Two words, `code`\n\n## Two words, `code`\n")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode == 1
    assert done.stderr == f"{told}\n1 links lead nowhere; nothing was written\n"
    assert not (tmp_path / "site").exists()


def test_good_links_lead_where_they_should(tmp_path: Path) -> None:
    links = "[a](docs/spool.md#two-words-code) [b](docs/spool.md#two-words-code-1) [c](#front) [d](https://a.example)"
    back = "# Spool\n\n[home](../README.md#front) [data](data.csv)\n\n## Two words, `code`\n\n## Two words, `code`\n"
    write(tmp_path, readme=f"# Front\n\n{links}\n", spool=back, unplaced="# Unplaced\n")
    (tmp_path / "docs/data.csv").write_text("1\n", "utf-8")
    done = build(tmp_path, tmp_path / "site")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{tmp_path / 'site/index.html'}: 3 pages\n"
    front = (tmp_path / "site/index.html").read_text("utf-8")
    assert 'href="docs/spool.html#two-words-code-1"' in front
    assert '<a href="docs/unplaced.html">Unplaced</a>' in front
    assert 'href="../index.html#front"' in (tmp_path / "site/docs/spool.html").read_text("utf-8")
    assert (tmp_path / "site/docs/data.csv").is_file()
