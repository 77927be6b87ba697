"""The shape of the code, held: imports one way, and a few things never done."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "redmexico"

LEVELS = [
    {"errors", "suggest", "paths", "language", "__init__"},
    {"findings", "expression"},
    {"grammar", "state", "asking", "unparse"},
    {"effects", "narration", "uses"},
    {"prose", "tongue"},
    {"model"},
    {"loader", "world"},
    {"cache", "weighing", "gates", "renames", "fitting", "council", "earliest", "schema", "translation"},
    {"turns", "logic", "stats", "scaffold"},
    {"offers"},
    {"engine"},
    {"timeline"},
    {"views", "journal", "courses"},
    {"campaign", "land"},
    {"saves", "notebook", "plays", "playtest", "runcode", "comparison", "graph", "inquiry", "workbench"},
    {"check"},
    {"ui"},
    {"commands"},
    {"writers"},
    {"cli"},
    {"__main__"},
]
"""From the ground up: a module imports only from its own level's modules below it, or beside it without a circle."""

LEVEL = {name: i for i, names in enumerate(LEVELS) for name in names}


def modules() -> dict[str, Path]:
    return {p.relative_to(SOURCE).with_suffix("").as_posix(): p for p in sorted(SOURCE.rglob("*.py"))}


def imports(path: Path) -> set[str]:
    """The first part below redmexico of everything a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "redmexico":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {a.name for a in node.names if a.name in LEVEL or a.name == "__version__"}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("redmexico.")}
    return {"__init__" if name == "__version__" else name for name in found}


def foreign(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[0] for a in node.names}
    return found


def test_every_module_has_its_level() -> None:
    assert {name.split("/")[0] for name in modules()} == set(LEVEL)


def test_imports_point_one_way() -> None:
    wrong = [
        f"{name} imports {other}"
        for name, path in modules().items()
        for other in imports(path)
        if name != "__init__" and other != name.split("/")[0] and LEVEL[other] > LEVEL[name.split("/")[0]]
    ]
    assert not wrong, wrong


def test_no_two_modules_import_each_other() -> None:
    edges: dict[str, set[str]] = {}
    for name, path in modules().items():
        first = name.split("/")[0]
        if first != "__init__":
            edges.setdefault(first, set()).update(imports(path) - {first, "__init__"})
    seen: dict[str, int] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail, name))
        if name not in seen:
            for other in sorted(edges.get(name, ())):
                visit(other, (*trail, name))
            seen[name] = 1

    for name in edges:
        visit(name, ())


def test_loader_and_engine_ignore_each_other() -> None:
    for name, path in modules().items():
        if name.startswith("loader/"):
            assert not imports(path) & {"engine", "turns", "offers", "weighing"}, name
        if name in ("engine", "turns", "offers", "weighing", "council", "world"):
            assert "loader" not in imports(path), name


def test_only_their_own_places_import_the_heavy_libraries() -> None:
    for name, path in modules().items():
        got = foreign(path)
        if not name.startswith("ui/tui"):
            assert not got & {"textual", "rich"} or name == "playtest/progress", name
        if not name.startswith("loader/") and name != "cli":
            assert "yaml" not in got, name
        if not name.startswith("loader/"):
            assert "pydantic" not in got, name


def test_only_faces_and_the_command_line_know_where_things_lie() -> None:
    for name, path in modules().items():
        if "paths" in imports(path):
            assert name == "cli" or name.startswith(("ui/", "writers/")), name


def test_playing_from_a_cache_imports_no_validator_no_yaml_and_no_screen(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from redmexico.cache import open_story; from redmexico.ui import plain, session; from redmexico.campaign import Campaign\n"
        f"s = open_story(Path({str(ROOT / 'content')!r}), Path({str(tmp_path)!r})); Campaign.new(s).view.offers\n"
        "print(sorted(m for m in ('textual', 'rich', 'pydantic', 'yaml') if m in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    second = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert second.stdout.strip() == "[]"


FORBIDDEN = {
    r"\beval\(": set(),
    r"\bexec\(": {"expression"},
    r"\bpickle\b": {"cache"},
    r"yaml\.(safe_)?load\b": set(),
    r"\brandom\.": set(),
    r"\bfloat\(": set(),
    r"time\.time\(": {"saves"},
    r"except[^\n]*:\s*pass\b": set(),
}
"""What may not stand in the source (T22), and the module where it is justified."""


def test_some_things_are_never_done() -> None:
    wrong = []
    for name, path in modules().items():
        text = path.read_text(encoding="utf-8")
        code = re.sub(r'"""(.|\n)*?"""', "", text)
        for pattern, allowed in FORBIDDEN.items():
            face = name.startswith("ui/") and "time" in pattern  # "saved 4 min ago" needs a clock
            if re.search(pattern, code) and name not in allowed and not face:
                wrong.append(f"{name}: {pattern}")
    assert not wrong, wrong


def test_author_text_reaches_exec_in_one_place() -> None:
    found = [name for name, path in modules().items() if re.search(r"\bexec\(", path.read_text(encoding="utf-8"))]
    assert found == ["expression"]


def test_the_engine_has_no_clock_no_float_and_no_set_to_iterate() -> None:
    for name in ("engine", "turns", "weighing", "council", "world", "state", "effects", "offers"):
        tree = ast.parse((SOURCE / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), name
            if isinstance(node, ast.For):
                assert not isinstance(node.iter, ast.Set | ast.SetComp), f"{name}:{node.lineno}"
            assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)), f"{name}:{node.lineno}"
