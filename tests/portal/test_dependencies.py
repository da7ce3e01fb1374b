"""Our app `requests` has the name of a PyPI package. No dependency may need that one: it would import ours and break."""

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import requests

ROOT = Path(__file__).resolve().parents[2]
TAKEN = "requests"


def needed_names(distribution: importlib.metadata.Distribution) -> set[str]:
    """What a distribution needs on this machine when it is installed without extras."""
    wanted = (Requirement(text) for text in distribution.requires or [])
    return {canonicalize_name(one.name) for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})}


def test_no_installed_distribution_is_or_needs_the_pypi_package():
    installed = list(importlib.metadata.distributions())
    assert len(installed) > 20, "the walk must see the environment"
    assert TAKEN not in {canonicalize_name(one.name) for one in installed}
    assert {one.name for one in installed if TAKEN in needed_names(one)} == set()


@pytest.mark.parametrize("lock", ["lock.txt", "lock-dev.txt"])
def test_no_lock_names_it_for_any_machine(lock):
    locked = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    assert "django" in locked
    assert TAKEN not in {canonicalize_name(name) for name in locked}


def test_every_locked_package_carries_hashes():
    for lock in ("lock.txt", "lock-dev.txt"):
        entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8"))
        packages = [entry for entry in entries if re.match(r"[a-z0-9._-]+==", entry)]
        assert packages and all("--hash=sha256:" in entry for entry in packages)


def test_the_development_lock_contains_the_running_one():
    def pins(lock):
        return set(re.findall(r"^([a-z0-9._-]+==\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("lock.txt") <= pins("lock-dev.txt")


def test_import_requests_is_ours():
    assert Path(requests.__file__).parent == ROOT / "requests"


def test_import_requests_is_ours_in_a_command_started_from_the_root():
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", "import requests; print(requests.__file__)"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert Path(printed.strip()).parent == ROOT / "requests"
