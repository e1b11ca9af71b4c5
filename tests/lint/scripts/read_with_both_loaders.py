"""Read YAML as sift_py does, with either of its loaders: read_with_both_loaders.py FILE.

FILE holds a JSON list of documents. Prints a JSON list of pairs: what rapidyaml, its default, and PyYAML, what it falls
back to, make of each; a value that stands alone under the key k is told by its type.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from sift_py.yaml import utils

REFUSED = "nothing: it refuses the file"


def told(value):
    if isinstance(value, dict) and list(value) == ["k"]:
        return told_value(value["k"])
    return repr(value)


def told_value(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, str):
        return f"the text {value!r}"
    if isinstance(value, (dict, list)):
        return repr(value)
    return f"{ {int: 'the integer', float: 'the number'}.get(type(value), 'the date') } {value}"


def read(loader, path):
    try:
        return told(loader(path))
    except Exception:  # noqa: BLE001 - whatever a loader raises, the file is refused
        return REFUSED


def main(documents_path):
    path = Path(tempfile.mkdtemp()) / "document.yaml"
    pairs = []
    for document in json.loads(Path(documents_path).read_text("utf-8")):
        path.write_text(document, "utf-8")
        pairs.append([read(utils._rapidyaml_load, path), read(utils._pyyaml_load, path)])
    json.dump(pairs, sys.stdout)


main(*sys.argv[1:])
