"""How rows are held: PostgreSQL refuses FOR UPDATE where an outer join stands, and SQLite never says so."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADVICE = "Hold a row with portal.core.db.hold, or with with_for_update(of=Model): only its own table is locked then"
JOINING = {"outerjoin", "joinedload", "contains_eager"}
HOLDER = Path("portal/core/db.py")


def _named(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _modules(folder: Path) -> dict[Path, ast.Module]:
    paths = sorted(path for path in (folder / "portal").rglob("*.py") if "migrations" not in path.parts)
    return {path.relative_to(folder): ast.parse(path.read_text()) for path in paths}


def _with_joined_relations(trees: dict[Path, ast.Module]) -> set[str]:
    """Return the models that are never selected alone: a relation of theirs is always joined."""
    found = set()
    for tree in trees.values():
        for model in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            for call in (node for node in ast.walk(model) if isinstance(node, ast.Call)):
                lazy = _keyword(call, "lazy")
                if (
                    _named(call) == "relationship"
                    and isinstance(lazy, ast.Constant)
                    and lazy.value in {"joined", False}
                ):
                    found.add(model.name)
    return found


def _needs_of(call: ast.Call, joined: set[str]) -> bool:
    """Tell whether a chain that ends in with_for_update selects more than plain columns and plain rows."""
    node: ast.expr = call
    while isinstance(node, ast.Call):
        if any(isinstance(inner, ast.Call) and _named(inner) in JOINING for inner in ast.walk(node)):
            return True
        if _keyword(node, "isouter") is not None:
            return True
        if isinstance(node.func, ast.Name):
            return node.func.id != "select" or any(
                isinstance(entity, ast.Starred) or (isinstance(entity, ast.Name) and entity.id in joined)
                for entity in node.args
            )
        node = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    return True  # begun somewhere else: what it selects cannot be seen here


def _held_too_widely(folder: Path) -> list[str]:
    trees = _modules(folder)
    joined = _with_joined_relations(trees)
    return [
        f"{path}:{call.lineno}"
        for path, tree in trees.items()
        if path != HOLDER
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and (
            _keyword(call, "with_for_update") is not None
            or (_named(call) == "with_for_update" and _keyword(call, "of") is None and _needs_of(call, joined))
        )
    ]


def test_rows_are_held_by_their_own_table_alone():
    assert not _held_too_widely(ROOT), ADVICE


MODELS = '''
class Owner(Base):
    """Has a joined relation."""

    pet: Mapped[Pet | None] = relationship(lazy="joined")


class Pet(Base):
    """Has none."""
'''


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("select(Owner).where(Owner.id == 1).with_for_update()", True),
        ("select(Pet, Owner).with_for_update(skip_locked=True)", True),
        ("statement.with_for_update()", True),
        ("select(Pet).outerjoin(Owner).with_for_update()", True),
        ("select(Pet.id).join(Owner, isouter=True).with_for_update()", True),
        ("select(Pet).options(joinedload(Pet.owner)).with_for_update()", True),
        ("session().refresh(pet, with_for_update=True)", True),
        ("session().get(Owner, 1, with_for_update=True)", True),
        ("select(Owner).with_for_update(of=Owner)", False),
        ("statement.with_for_update(of=Owner, skip_locked=True)", False),
        ("select(Owner.id).with_for_update()", False),
        ("select(Pet).where(Pet.id == 1).order_by(Pet.id).with_for_update(skip_locked=True)", False),
    ],
)
def test_a_planted_lock_that_postgresql_refuses_is_found(tmp_path, line, found):
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "models.py").write_text(MODELS)
    (tmp_path / "portal" / "services.py").write_text(f"rows = {line}\n")
    assert bool(_held_too_widely(tmp_path)) is found
