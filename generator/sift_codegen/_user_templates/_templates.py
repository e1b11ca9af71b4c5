"""Which templates a folder has, and which file each is for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

import jinja2

from sift_codegen._manifest import MANIFEST_NAME
from sift_codegen._user_templates._errors import TemplateError
from sift_codegen._user_templates._model import TelemetryData

__all__ = ["AddedFile", "UserTemplates", "open_templates"]

_SUFFIX: Final = ".j2"


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A file that the package has besides ours: its path, its template, and what only that one is given."""

    path: str
    template: str
    context: dict[str, object]


@dataclass(frozen=True, slots=True)
class UserTemplates:
    """A folder of templates; names have / as separator."""

    directory: Path
    names: tuple[str, ...]

    def loader(self) -> jinja2.BaseLoader:
        """Return what finds templates: the user's first, then ours; ours alone below `builtin/`."""
        ours = jinja2.PackageLoader("sift_codegen_templates", "")
        return jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(self.directory), ours, jinja2.PrefixLoader({"builtin": ours})]
        )

    def added(self, telemetry: TelemetryData, ours: Collection[str], templates: Collection[str]) -> list[AddedFile]:
        """Return the files that these templates add to ours; `templates` are the names of our own templates.

        Raises TemplateError where two would be written to one place.
        """
        added: list[AddedFile] = []
        taken = _Taken()
        for path in (*ours, MANIFEST_NAME, "py.typed"):
            taken.add(path, "a file of the package")
        for name in self.names:
            if name in templates or _is_for_others(name):
                continue
            for file in _files(name, telemetry):
                if in_the_way := taken.holder(file.path):
                    place = f"{self.directory / name}: {file.path!r}"
                    raise TemplateError(f"{place} is in the way of {in_the_way}; give the template another name")
                taken.add(file.path, f"what {name} makes")
                added.append(file)
        return added


@dataclass(frozen=True, slots=True)
class _Taken:
    """Which paths are files and which are folders, and whose; some systems do not tell capitals from small letters."""

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, what: str) -> None:
        self.files[path.casefold()] = what
        for folder in _folders(path):
            self.folders.setdefault(folder, what)

    def holder(self, path: str) -> str | None:
        """Return what has a path, needs it as a folder, or is a file where it needs a folder."""
        found = self.files.get(path.casefold()) or self.folders.get(path.casefold())
        return found or next((self.files[folder] for folder in _folders(path) if folder in self.files), None)


def _folders(path: str) -> list[str]:
    return [str(parent) for parent in PurePosixPath(path.casefold()).parents][:-1]


def open_templates(directory: Path) -> UserTemplates:
    """Return the templates of a folder; raises TemplateError where there is none, or no template in it."""
    if not directory.is_dir():
        raise TemplateError(f"{directory}: no such folder of templates")
    found = (path for path in directory.rglob(f"*{_SUFFIX}") if path.is_file() and path.name != _SUFFIX)
    names = sorted(path.relative_to(directory).as_posix() for path in found)
    if not names:
        raise TemplateError(f"{directory}: holds no template; a template is a file *{_SUFFIX}")
    for name in names:
        if "\\" in name:
            raise TemplateError(f"{directory / name}: has a \\ in its name, which is a folder's end to some systems")
    return UserTemplates(directory, tuple(names))


def _is_for_others(name: str) -> bool:
    """Return whether other templates use it and it makes no file: _macros.j2, but not __init__.py.j2."""
    file = name.rsplit("/", maxsplit=1)[-1]
    return file.startswith("_") and not file.startswith("__")


def _files(name: str, telemetry: TelemetryData) -> Iterator[AddedFile]:
    """Yield the files of a template: one, or one per flow, whose module stands where {flow} does in the name."""
    path = name.removesuffix(_SUFFIX)
    if "{flow}" not in path:
        yield AddedFile(path, name, {})
        return
    for flow in telemetry.flows:
        yield AddedFile(path.replace("{flow}", flow.module), name, {"flow": flow})
