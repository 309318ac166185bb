"""Checks for contributors and CI: ``nox -l`` lists the sessions, and ``nox -s lint types`` runs two of them.

Arguments after ``--`` are passed to the session's command: ``nox -s tests-3.13 -- tests/test_diff.py -k crlf``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
OLDEST = PYTHONS[0]
WITH_TESTS = {"PYTHONPATH": "tests"}
NOT_COVERED = ["tests/reliability/test_hostile.py", "tests/reliability/test_threads.py"]
"""Tests that measure time and memory. Measuring coverage would distort them."""

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "types", f"tests-{OLDEST}"]

if pyenv := shutil.which("pyenv"):  # its commands work only for selected versions
    listing = subprocess.run([pyenv, "versions", "--bare"], capture_output=True, check=True, text=True)  # noqa: S603
    versions = listing.stdout.split()
    known = [version for version in versions if version.startswith(tuple(f"{python}." for python in PYTHONS))]
    os.environ.setdefault("PYENV_VERSION", ":".join(known))


def install(session: nox.Session, *groups: str, extras: str = "all", options: tuple[str, ...] = ()) -> None:
    """Install the project, editable, with extras, and with dependency groups."""
    session.install("-e", f".[{extras}]", *nox.project.dependency_groups(PROJECT, *groups), *options)


def lowest_versions() -> list[str]:
    """Return a constraint for each dependency and extra: the lowest version that pyproject.toml allows."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    required = [*PROJECT["project"]["dependencies"], *(each for extra in extras for each in extra)]
    return [f"{found[1]}=={found[2]}" for each in required if (found := re.match(r"([\w.-]+)>=([\d.]+)", each))]


def temporary(session: nox.Session) -> Path:
    """Return the session's folder for temporary files."""
    return Path(session.create_tmp()).resolve()


def build(session: nox.Session) -> Path:
    """Build a source archive and, from it, a wheel. Return the path of the wheel."""
    folder = temporary(session) / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(folder), ".", silent=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def clone(session: nox.Session) -> Path:
    """Clone the last commit of the project, and return the folder."""
    folder = temporary(session) / "clone"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("git", "clone", "-q", ".", str(folder), external=True)
    return folder


@nox.session
def lint(session: nox.Session) -> None:
    """Run the pre-commit hooks on all files: format, style, spelling, white space, workflows."""
    session.install(*nox.project.dependency_groups(PROJECT, "lint"))
    session.run("pre-commit", "run", "--all-files", "--show-diff-on-failure", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy and pyright, and that the wheel types all of its public names."""
    install(session, "dev")
    session.run("mypy")
    session.run("pyright", "--warnings")
    session.install("--force-reinstall", "--no-deps", str(build(session)))
    with session.chdir(session.create_tmp()):
        session.run("pyright", "--verifytypes", "newsitem", "--ignoreexternal")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the fast suite; on the oldest Python, it must cover every branch."""
    if session.python != OLDEST or session.posargs:
        install(session, "test", "docs", "lint")
        session.run("pytest", "-q", *session.posargs)
        return
    install(session, "dev")
    session.run("pytest", "-q", "tests", "--cov", *(f"--ignore={path}" for path in NOT_COVERED))
    others = PROJECT["tool"]["pytest"]["ini_options"]["testpaths"][1:]
    session.run("pytest", "-q", *others, *NOT_COVERED)


@nox.session(python=OLDEST)
def lowest(session: nox.Session) -> None:
    """Run the fast suite with the lowest versions of the dependencies."""
    constraints = temporary(session) / "constraints.txt"
    constraints.write_text("\n".join(lowest_versions()), encoding="utf-8")
    install(session, "test", "docs", "lint", options=("-c", str(constraints)))
    session.run("pytest", "-q", *session.posargs)


@nox.session
def python314(session: nox.Session) -> None:
    """Run laws, splicing and data tests on CPython 3.14, as WebAssembly in Node.js."""
    if missing := [name for name in ("node", "npm") if shutil.which(name) is None]:
        session.skip(f"{' and '.join(missing)} not installed")
    session.install("pip")  # python314 calls pip to install packages for another Python
    session.run("python", "-m", "python314", *session.posargs, env=WITH_TESTS)


@nox.session
def properties(session: nox.Session) -> None:
    """Run the property tests on other random examples than those of the fast suite."""
    install(session, "test")
    files = [f"tests/test_{name}.py" for name in ("laws", "code", "own_models", "diff")]
    options = session.posargs or ["--hypothesis-seed=1", "-k", "not own_lines"]
    session.run("pytest", "-q", *files, *options, env={"NEWSITEM_EXAMPLES": "150"})


@nox.session
def corpus(session: nox.Session) -> None:
    """Test the laws over your own files, whose folder NEWSITEM_CORPUS names."""
    if "NEWSITEM_CORPUS" not in os.environ:
        session.skip("NEWSITEM_CORPUS is not set: name a folder of news item files")
    install(session, "dev")
    files = ["tests/test_corpus.py", "tests/test_counts.py", "tests/reliability"]
    session.run("pytest", "-q", "-m", "corpus", *(session.posargs or files))


@nox.session
def fuzz(session: nox.Session) -> None:
    """Look for texts that break a law, for two minutes."""
    install(session, "test", "fuzz")
    found = temporary(session) / "found"
    options = session.posargs or ["--seconds", "120", "--seed", "1", "--found", str(found)]
    session.run("python", "-m", "fuzz", *options, env=WITH_TESTS)


@nox.session
def reliability(session: nox.Session) -> None:
    """Try every promise 25 times as often as the fast suite; takes a quarter of an hour."""
    install(session, "test", "fuzz", extras="dask")
    session.run("python", "-m", "reliability", *session.posargs, env=WITH_TESTS)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Run each benchmark briefly: they work, and the other tools' results agree."""
    install(session, "bench")
    for options in (
        ["benchmarks", "--texts=1", "--rounds=1"],
        ["benchmarks.growth", "--most=100", "--other=100"],
        ["benchmarks.folders", "--files=20", "--items=1000", "--rounds=1"],
        ["benchmarks.engines", "--files=2000"],
    ):
        session.run("python", "-m", *options, env=WITH_TESTS)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into docs/_build: no warnings, and no public name left out."""
    install(session, "docs")
    site, names = ROOT / "docs" / "_build", temporary(session) / "names"
    shutil.rmtree(site, ignore_errors=True)
    session.run("python", "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", str(site))
    session.run("python", "-m", "sphinx", "-q", "-b", "coverage", "docs", str(names))
    if not re.search(r"^\| TOTAL +\| 100\.00%", (names / "python.txt").read_text(), re.MULTILINE):
        session.error(f"public names are not documented: see {names / 'python.txt'}")
    session.log(f"{len(list(site.rglob('*.html')))} pages: {site / 'index.html'}")


@nox.session
def tutorial(session: nox.Session) -> None:
    """Follow the tutorial word for word, in an empty folder, with the wheel as the package to install."""
    session.install("build")
    links, folder = build(session).parent, temporary(session) / "reader"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    session.run("python", "-m", "tutorial", str(folder), env={**WITH_TESTS, "PIP_FIND_LINKS": str(links)})


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it in an empty environment, and use it there; ``-- dist`` copies it to a folder."""
    session.install("build")
    built, folder = build(session), temporary(session)
    python = folder / "elsewhere" / ("Scripts" if os.name == "nt" else "bin") / "python"
    session.run("python", "-m", "venv", "--clear", str(folder / "elsewhere"))
    session.run(str(python), "-m", "pip", "install", "-q", str(built), external=True)
    program = (
        "import newsitem; print('imported', newsitem.__file__); item = newsitem.load(newsitem.samples('news')[0]); "
        "assert newsitem.dumps(item).encode() == item.path.read_bytes()"
    )
    with session.chdir(folder):
        session.run(str(python), "-c", program, external=True)
    for copy in session.posargs:
        shutil.copytree(built.parent, copy, dirs_exist_ok=True)


@nox.session(venv_backend="none")
def readme(session: nox.Session) -> None:
    """Run the README's two commands as they are written, in a clone."""
    with session.chdir(clone(session)):
        for environment in (".venv", ".venv-test"):
            (command,) = re.findall(rf"^python3 -m venv {environment} .*$", Path("README.md").read_text(), re.MULTILINE)
            session.run("bash", "-euo", "pipefail", "-c", command, external=True)
