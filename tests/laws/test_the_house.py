"""The laws of the house that concern the code itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path for path in (ROOT / "portal").rglob("*.py") if "migrations" not in path.parts)
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?)(_|$)")
MOST_LINES = 400


def test_no_module_is_longer_than_400_lines():
    long = {
        str(path.relative_to(ROOT)): n for path in MODULES if (n := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert not long, f"{long}: make each a folder of the same name"


def test_no_module_has_a_name_that_says_nothing():
    vague = [str(path.relative_to(ROOT)) for path in MODULES if FORBIDDEN_NAMES.search(path.stem)]
    assert not vague, f"{vague}: name a module for what it knows"


def test_every_module_and_public_class_says_what_it_is():
    silent = []
    for path in MODULES:
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        silent += [
            f"{path.relative_to(ROOT)}:{node.name}"
            for node in tree.body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        ]
    assert not silent, f"{silent}: write one sentence"


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


def test_services_never_commit():
    edges = {"views", "jobs", "commands", "demo", "core", "couriers", "migrations"}
    guilty = {
        str(path.relative_to(ROOT)): lines
        for path in MODULES
        if not _has_views(path)
        and not edges & set(path.relative_to(ROOT).with_suffix("").parts)
        and (lines := _calls(path, "commit"))
    }
    assert not guilty, f"{guilty}: services flush at most; views, jobs and commands commit"


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
