"""`sift-codegen docs` as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.generator.packages import channel, config_of, write_config
from tests.generator.test_command import sift_codegen
from tests.generator.test_project import project


def test_a_page_is_written_once_and_left_alone_then(tmp_path: Path) -> None:
    config = write_config(tmp_path, config_of(channel("velocity", "double"), channel("voltage", "int32")))
    first = sift_codegen("docs", config.name, "-o", "pages/vehicle.html", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    size = (tmp_path / "pages/vehicle.html").stat().st_size
    assert first.stdout == f"pages/vehicle.html: 2 channels, 1 flow, 0 rules; {size:,} bytes\n"
    again = sift_codegen("docs", config.name, "-o", "pages/vehicle.html", cwd=tmp_path)
    assert again.stdout == "pages/vehicle.html: 2 channels, 1 flow, 0 rules; unchanged\n"
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["vehicle.html"]


def test_a_page_is_the_same_wherever_it_is_made(tmp_path: Path) -> None:
    config = write_config(tmp_path, config_of(*(channel(f"c{number}", "double") for number in range(20))))
    command = [str(Path(sys.executable).with_name("sift-codegen")), "docs", str(config), "-o"]
    pages = []
    for seed in ("1", "4242"):
        page = tmp_path / f"{seed}.html"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([*command, str(page)], cwd="/", env=environment, check=True, capture_output=True)
        pages.append(page.read_bytes())
    assert pages[0] == pages[1]
    assert str(tmp_path).encode() not in pages[0]


def test_a_project_gets_a_page_of_each_config(tmp_path: Path) -> None:
    project(tmp_path)
    done = sift_codegen("docs", "-o", "pages", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == [
        "stand_telemetry.html",
        "vehicle_telemetry.html",
    ]
    done = sift_codegen("docs", "-o", "pages", "--format", "markdown", cwd=tmp_path)
    assert (tmp_path / "pages/stand_telemetry.md").read_text().startswith("# rover\n")
    done = sift_codegen("docs", "-o", "all.html", cwd=tmp_path)
    assert done.returncode == 2
    assert "all.html is one page, and the project has 2 configs; name a directory" in done.stderr


def test_a_config_with_errors_gets_no_page(tmp_path: Path) -> None:
    config = write_config(tmp_path, config_of(channel("velocity", "dobule")))
    done = sift_codegen("docs", config.name, "-o", "page.html", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith("1 error; nothing was written\n")
    assert not (tmp_path / "page.html").exists()


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    config = write_config(tmp_path, config_of(channel("velocity", "double")))
    done = sift_codegen("docs", config.name, "-o", f"{config.name}/page.html", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"sift-codegen: {config.name}/page.html: cannot be written: File exists\n"


def test_mistakes_in_rules_are_told_and_stop_nothing(tmp_path: Path) -> None:
    rules = [{"name": "odd", "type": "review", "expression": "$1 > ", "channel_references": []}]
    config = write_config(tmp_path, config_of(channel("velocity", "double"), rules=rules))
    done = sift_codegen("docs", config.name, "-o", "page.md", cwd=tmp_path)
    assert done.returncode == 0
    assert "warning: expression of rule 'odd'" in done.stderr
    assert '### <a id="rule-odd"></a>odd' in (tmp_path / "page.md").read_text()
