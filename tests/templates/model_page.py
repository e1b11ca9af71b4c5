"""`python -m tests.templates.model_page`: writes the tables of docs/templates.md from the dataclasses themselves."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sift_codegen import _package_model
from sift_codegen._user_templates import MODEL_VERSION, _model

__all__ = ["PAGE", "VERSIONS", "main", "page_with_tables", "shape"]

PAGE: Final = Path(__file__).resolve().parents[2] / "docs/templates.md"
VERSIONS: Final = Path(__file__).with_name("model_versions.json")
"""The sha256 of the model's shape in each version: a version, once out, keeps its shape."""

_MARKED: Final = re.compile(r"(<!-- (data|package) -->\n).*?(<!-- end -->)", re.DOTALL)
_MODULES: Final = {"data": _model, "package": _package_model}


def shape() -> str:
    """Return the sha256 of every class, field and type of the model."""
    listed = {
        name: [(field.name, str(field.type)) for field in dataclasses.fields(each)]
        for module in _MODULES.values()
        for name, each in _classes(module).items()
    }
    return hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()


def page_with_tables(text: str) -> str:
    """Return the page with its tables made anew."""
    text = re.sub(r"(?<=version \*\*)\d+(?=\*\*)", str(MODEL_VERSION), text)
    return _MARKED.sub(lambda found: found[1] + _tables(_MODULES[found[2]]) + found[3], text)


def main() -> None:
    """Write the page, and the shape of a new version."""
    PAGE.write_text(page_with_tables(PAGE.read_text("utf-8")), "utf-8")
    versions = json.loads(VERSIONS.read_text("utf-8")) if VERSIONS.exists() else {}
    versions.setdefault(str(MODEL_VERSION), shape())
    VERSIONS.write_text(json.dumps(versions, indent=2) + "\n", "utf-8")


def _classes(module: ModuleType) -> dict[str, Any]:
    return {name: getattr(module, name) for name in module.__all__ if dataclasses.is_dataclass(getattr(module, name))}


def _tables(module: ModuleType) -> str:
    return "".join(_table(name, each) for name, each in _classes(module).items())


def _table(name: str, each: Any) -> str:
    rows = "".join(f"| `{field.name}` | `{_type(str(field.type))}` |\n" for field in dataclasses.fields(each))
    doc = " ".join((each.__doc__ or "").split())
    return f"\n#### {name}\n\n{doc}\n\n| field | type |\n| --- | --- |\n{rows}\n"


def _type(annotation: str) -> str:
    return annotation.replace("|", "\\|").replace("ScalarValue", "str \\| int \\| float \\| bool \\| None")


if __name__ == "__main__":
    main()
