"""Styles, scripts and icons: installed by lock, built once, small, and only what is used."""

import gzip
import json

import brotli
import pytest

from server import assets


@pytest.fixture
def manifest(dressed) -> dict[str, str]:
    return json.loads((assets.TARGET / "manifest.json").read_text())


def test_building_again_without_a_change_does_nothing(dressed):
    assert assets.build() is False


def test_every_asset_is_named_by_its_content_and_packed_twice(manifest):
    for name, hashed in manifest.items():
        path = assets.TARGET / hashed
        assert path.exists()
        if not name.endswith("woff2"):
            plain = path.read_bytes()
            assert brotli.decompress(path.with_name(f"{hashed}.br").read_bytes()) == plain
            assert gzip.decompress(path.with_name(f"{hashed}.gz").read_bytes()) == plain


def test_a_first_visit_on_a_phone_stays_within_its_budget(manifest):
    first = ("app.css", "app.js", "htmx.js", "icons.svg", "mark.svg")
    packed = sum((assets.TARGET / f"{manifest[name]}.br").stat().st_size for name in first)
    font = (assets.TARGET / manifest["inter-latin.woff2"]).stat().st_size

    assert packed + font < 120_000


def test_our_own_script_stays_within_five_kilobytes(manifest):
    assert (assets.TARGET / f"{manifest['app.js']}.gz").stat().st_size <= 5 * 1024


def test_our_own_script_has_nothing_the_strict_policy_would_stop():
    source = (assets.SOURCE / "app.js").read_text()

    assert not any(
        word in source for word in ("eval(", "innerHTML", "new Function", "document.write", ".style.")
    )


def test_htmx_is_the_very_file_that_was_reviewed(manifest):
    assert manifest["htmx.js"] == "htmx.a0abb04f2f45.js"


def test_only_icons_in_use_are_sent(manifest):
    named = assets.icon_names()
    sprite = (assets.TARGET / manifest["icons.svg"]).read_text()

    assert "Chat" in named and len(named) < 120
    assert sprite.count("<symbol ") == len(named)
    assert "<title" not in sprite


def test_the_styles_fetch_their_fonts_by_their_present_names(manifest):
    css = (assets.TARGET / manifest["app.css"]).read_text()

    assert f"url({manifest['inter-latin.woff2']})" in css
    assert "url(http" not in css and "@import" not in css


def test_the_lock_names_no_address_but_has_every_hash():
    packages = json.loads((assets.ROOT / "package-lock.json").read_text())["packages"]

    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for name, package in packages.items() if name)


def test_without_node_on_the_machine_the_one_from_the_wheel_is_used(monkeypatch):
    monkeypatch.setattr(assets.shutil, "which", lambda _name: None)

    assert assets._installed_node() is None
    node, npm = assets._wheel_node().command
    assert node.endswith("/node") and npm.endswith("npm-cli.js")
