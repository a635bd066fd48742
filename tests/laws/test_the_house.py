"""The laws of the house that concern the code itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?)(_|$)")
MOST_LINES = 400


def _modules(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "portal").rglob("*.py") if "migrations" not in path.parts)


def _too_long(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder)) for path in _modules(folder) if len(path.read_text().splitlines()) > MOST_LINES
    ]


def _vague(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in _modules(folder) if FORBIDDEN_NAMES.search(path.stem)]


def _silent(folder: Path) -> list[str]:
    silent = []
    for path in _modules(folder):
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree):
            silent.append(str(path.relative_to(folder)))
        silent += [
            f"{path.relative_to(folder)}:{node.name}"
            for node in tree.body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        ]
    return silent


def _calls(path: Path, name: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == name)
            or (isinstance(node.func, ast.Attribute) and node.func.attr == name)
        )
    ]


def _has_views(path: Path) -> bool:
    return bool(re.search(r"^@\w+\.(get|post|route)\(", path.read_text(), re.MULTILINE))


def _committing_below_the_edge(folder: Path) -> list[str]:
    edges = {"views", "jobs", "commands", "demo", "core", "couriers"}
    return [
        str(path.relative_to(folder))
        for path in _modules(folder)
        if not _has_views(path)
        and not edges & set(path.relative_to(folder).with_suffix("").parts)
        and _calls(path, "commit")
    ]


LAWS = {
    "Make a module of more than 400 lines a folder of the same name": _too_long,
    "Name a module for what it knows": _vague,
    "Write one sentence that says what it is": _silent,
    "Services flush at most; views, jobs and commands commit": _committing_below_the_edge,
}


@pytest.mark.parametrize("law", LAWS)
def test_the_laws_of_modules_hold(law):
    assert not LAWS[law](ROOT), law


@pytest.mark.parametrize(
    ("law", "where", "text"),
    [
        (_too_long, "portal/badges/long.py", '"""Long."""\n' + "x = 1\n" * 400),
        (_vague, "portal/badges/form_utils.py", '"""Vague."""\n'),
        (_silent, "portal/badges/silent.py", "x = 1\n"),
        (_silent, "portal/badges/silent.py", '"""A module."""\n\n\nclass Public:\n    x = 1\n'),
        (
            _committing_below_the_edge,
            "portal/badges/services/planted.py",
            '"""Planted."""\nfrom portal.core.db import commit\n\n\ndef save():\n    commit()\n',
        ),
    ],
)
def test_a_planted_module_that_breaks_a_law_is_found(tmp_path, law, where, text):
    assert law(tmp_path) == []
    (tmp_path / where).parent.mkdir(parents=True)
    (tmp_path / where).write_text(text)
    assert any(found.startswith(where) for found in law(tmp_path))


@pytest.mark.parametrize(
    ("where", "line", "expected"),
    [
        ("portal/badges/planted.py", "from portal.certificates import models\n", "A room uses only the rooms below it"),
        ("portal/openbadges/planted.py", "import flask\n", "What a badge is, is pure"),
        ("portal/delivery/planted.py", "from portal.backpack import models\n", "The backpack is another party"),
        ("portal/learning/planted.py", "import requests\n", "Outbound HTTP goes through core.outbound"),
        ("portal/novelty.py", '"""New."""\n', "A room uses only the rooms below it"),
    ],
)
def test_a_planted_illegal_import_turns_the_import_rules_red(tmp_path, where, line, expected):
    planted = tmp_path / "checkout"
    planted.mkdir()
    subprocess.run(
        ["cp", "-r", str(ROOT / "portal"), str(ROOT / "pyproject.toml"), str(ROOT / "config.py"), str(planted)],
        check=True,
    )
    (planted / where).write_text(f'"""Planted."""\n{line}')
    result = _lint_imports(planted)
    assert result.returncode != 0, result.stdout
    broken = re.findall(r"^(.*) BROKEN", result.stdout, re.MULTILINE)
    assert any(name.startswith(expected) for name in broken) or expected in result.stdout, result.stdout


def test_the_import_rules_hold():
    result = _lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=folder, capture_output=True, text=True
    )


def test_no_file_of_the_project_names_a_registry_host_or_a_path_of_one_machine():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True).stdout.split("\0")
    wanted = re.compile(
        "|".join(
            [
                r'"resolved": *"http',
                r"registry\.npm" + r"js",
                r"pypi\." + r"org",
                r"--extra-" + "index-url",
                r"/work/" + "(main|shared)",
            ]
        )
    )
    bad = []
    for name in listed:
        path = ROOT / name
        if name and path.suffix not in {".png", ".ico", ".woff2", ".pdf"} and path.is_file():
            text = path.read_text(errors="ignore")
            bad += [f"{name}: {found[0]}" for found in [wanted.search(text)] if found]
    assert not bad, bad
