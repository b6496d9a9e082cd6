"""The distributions: what is in them, and that each way of installing finds its models and templates."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SHOW_RESOURCES = "from hygiene.resources import resource; print(resource('models'), resource('templates'), sep='\\n')"
SOURCE = {
    "enrollments.csv": "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,ended_at,outcome\n"
    + "".join(f"e{n},c{n},ann,intro,2026-01-05,2026-01-{n % 9 + 13},finished\n" for n in range(40)),
    "contacts.csv": "contact_id,email\n" + "".join(f"c{n},c{n}@example.com\n" for n in range(40)),
}


def python(*arguments: str | Path, cwd: Path) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def runtime_distributions() -> dict[str, Distribution]:
    """Return hygiene's dependencies and theirs by name: nothing of the development tools."""
    found: dict[str, Distribution] = {}
    wanted = list(PROJECT["dependencies"])
    while wanted:
        requirement = Requirement(wanted.pop())
        if requirement.name not in found and (not requirement.marker or requirement.marker.evaluate({"extra": ""})):
            found[requirement.name] = distribution(requirement.name)
            wanted += found[requirement.name].requires or []
    return found


@pytest.fixture(scope="module")
def runtime(tmp_path_factory) -> Path:
    """A folder through which only the runtime dependencies can be imported."""
    folder = tmp_path_factory.mktemp("runtime")
    for dist in runtime_distributions().values():
        for top in {file.parts[0] for file in dist.files or [] if file.parts[0] not in ("..", "__pycache__")}:
            if not (folder / top).exists():
                (folder / top).symlink_to(dist.locate_file(top))
    return folder


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    """The sdist, and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    python("-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


def environment(folder: Path, runtime: Path, *install: str | Path) -> Path:
    """Make a bare environment with the runtime dependencies and one install of hygiene; return its bin folder."""
    python("-m", "venv", "--without-pip", folder, cwd=folder.parent)
    library = next((folder / "lib").glob("python*")) / "site-packages"
    (library / "runtime.pth").write_text(f"{runtime}\n", encoding="utf-8")
    arguments = ("--python", folder / "bin" / "python", "install", "--quiet", "--no-deps")
    python("-m", "pip", *arguments, *install, cwd=folder.parent)
    return folder / "bin"


def files_of_the_checkout(*folders: str) -> set[str]:
    if (ROOT / ".git").exists():
        listing = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        return {name for name in listing if (ROOT / name).is_file()}
    found = {path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()}
    return {str(path.relative_to(ROOT)) for path in found if "__pycache__" not in path.parts}


@pytest.mark.packaging
def test_the_wheel_holds_the_package_its_models_and_its_templates_and_nothing_else(dist):
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    expected = {
        re.sub(r"^(models|templates)/", r"hygiene/_\1/", name)
        for name in files_of_the_checkout("hygiene", "models", "templates")
    }
    assert held == expected
    assert any(name.endswith(".po") for name in held)


@pytest.mark.packaging
def test_the_sdist_holds_what_a_packager_needs(dist):
    with tarfile.open(next(dist.glob("*.tar.gz"))) as sdist:
        held = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "Makefile", "tests/test_packaging.py"} <= held
    assert {"examples/make_acme.py", "examples/acme/events.csv", "models/score/default.toml"} <= held


@pytest.mark.packaging
def test_an_installed_wheel_does_the_main_job_from_another_folder(dist, runtime, tmp_path):
    bin_folder = environment(tmp_path / "venv", runtime, next(dist.glob("*.whl")))
    source = tmp_path / "exports"
    source.mkdir()
    for name, text in SOURCE.items():
        (source / name).write_text(text, encoding="utf-8")

    def hygiene(*arguments: str) -> str:
        environ = {"PATH": "/usr/bin:/bin", "HYGIENE_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(tmp_path)}
        command = [bin_folder / "hygiene", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "run" in hygiene("--help")
    hygiene("run", "exports", "-o", "report", "--lang", "fr")
    assert "ann" in (tmp_path / "report" / "scores.csv").read_text(encoding="utf-8")
    assert '<html lang="fr"' in (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    shown = subprocess.run([bin_folder / "python", "-c", SHOW_RESOURCES], cwd=tmp_path, capture_output=True, text=True)
    assert all(str(tmp_path / "venv") in line for line in shown.stdout.splitlines())


@pytest.mark.packaging
def test_an_editable_install_reads_the_live_models_and_templates(runtime, tmp_path):
    bin_folder = environment(tmp_path / "venv", runtime, "--editable", ROOT)
    shown = subprocess.run([bin_folder / "python", "-c", SHOW_RESOURCES], cwd=tmp_path, capture_output=True, text=True)
    assert shown.stdout.splitlines() == [str(ROOT / "models"), str(ROOT / "templates")], shown.stderr


def test_a_plain_checkout_finds_its_models_and_templates(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {SHOW_RESOURCES}"
    assert python("-c", code, cwd=tmp_path).splitlines() == [str(ROOT / "models"), str(ROOT / "templates")]


def test_every_import_is_declared_and_every_dependency_is_used():
    imported = set()
    for path in (ROOT / "hygiene").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add((node.module or "").partition(".")[0])
    owners = packages_distributions()
    foreign = imported - set(sys.stdlib_module_names) - {"hygiene"}
    used = {name.lower().replace("_", "-") for module in foreign for name in owners.get(module, [f"?{module}"])}
    extras = [line for lines in PROJECT.get("optional-dependencies", {}).values() for line in lines]
    declared = {Requirement(line).name.lower() for line in (*PROJECT["dependencies"], *extras)}
    assert used <= declared
    assert declared - used <= {"tzdata"}  # read by zoneinfo, where the system has no time zones
