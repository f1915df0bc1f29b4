"""What an installed Sparring holds beside its modules."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIST = """
import json
from setuptools import Distribution
from setuptools.config.pyprojecttoml import apply_configuration

distribution = apply_configuration(Distribution(), "pyproject.toml")
distribution.script_name = "pyproject.toml"
build = distribution.get_command_obj("build_py")
build.ensure_finalized()
names = [(package, name) for package, _, _, found in build.get_data_files_without_manifest() for name in found]
for package in build.packages:
    folder = build.get_package_dir(package)
    names += [(package, f"{name}.py") for _, name, _ in build.find_package_modules(package, folder)]
print(json.dumps([f"{package.replace('.', '/')}/{name}" for package, name in names]))
"""
"""What setuptools would put into a wheel, asked without a network and without writing anything."""


@pytest.fixture(scope="module")
def packed():
    pytest.importorskip("setuptools", minversion="77")
    done = subprocess.run(
        [sys.executable, "-c", LIST], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_a_wheel_holds_every_problem_of_the_suite(packed):
    suite = {path.relative_to(ROOT).as_posix() for path in (ROOT / "envs/problems/suite").rglob("*.toml")}
    assert len(suite) >= 96
    assert suite <= packed


def test_a_wheel_holds_what_the_packages_read(packed):
    assert {
        "envs/problems/suite.jsonl.gz",
        "envs/problems/bugs.zip",
        "sandbox/Dockerfile",
        "sandbox/inside/boot.py",
        "sandbox/inside/worker.py",
        "envs/problems/bugs/inside.py",
    } <= packed


def test_a_wheel_holds_no_tests(packed):
    assert not [name for name in packed if name.split("/")[0] not in ("sandbox", "envs", "agents", "configs")]
