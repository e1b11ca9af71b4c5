"""A build hook of hatchling: `[tool.hatch.build.hooks.sift-codegen]` generates a project's packages at build time.

hatchling loads this wherever sift-codegen is installed beside it, with the generator's extra or without.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.plugin import hookimpl

if TYPE_CHECKING:
    from sift_codegen._build_hook import Built

__all__ = ["TelemetryBuildHook", "hatch_register_build_hook"]


class TelemetryBuildHook(BuildHookInterface[BuilderConfig]):
    """Generates the packages of `[tool.sift-codegen]` and puts them into what is built, ignored by git or not."""

    PLUGIN_NAME = "sift-codegen"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Generate; a config with mistakes ends the build, with the messages that the command gives."""
        built = self._build()
        if version == "editable":
            return  # the folders themselves are imported then, not copies of them
        self._include(built.files, build_data)
        if self.target_name == "sdist":  # which is built from in its turn
            self._include(built.sources, build_data)

    def _build(self) -> Built:
        try:
            from sift_codegen._build_hook import BuildError, build_packages  # noqa: PLC0415 - may not be installed
        except ModuleNotFoundError as error:
            mend = "write sift-codegen[generator] into requires of [build-system]"
            self.app.abort(f"sift-codegen needs {error.name}: {mend}")
            raise
        try:
            return build_packages(Path(self.root))
        except BuildError as failure:
            self.app.abort(str(failure))
            raise

    def _include(self, paths: Iterable[Path], build_data: dict[str, Any]) -> None:
        root = Path(self.root).resolve()
        for path in paths:
            if path.resolve().is_relative_to(root):
                relative = path.resolve().relative_to(root).as_posix()
                build_data["force_include"][str(Path(self.root, relative))] = relative


@hookimpl
def hatch_register_build_hook() -> type[TelemetryBuildHook]:
    """Tell hatchling of the hook."""
    return TelemetryBuildHook
