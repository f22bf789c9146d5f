"""What a file hands to the classes it makes: ``Adapter(Socket())`` tells what an Adapter holds."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.structure.facts import Call, FunctionFacts
from tui_patterns.extraction.structure.paths import made_class
from tui_patterns.extraction.structure.table import ModuleFacts


def see_given(module: ModuleFacts, script: FunctionFacts) -> None:
    """Fill ``seen`` of every field that comes from a parameter, by the calls of the file and its *script*."""
    passed: dict[tuple[str, str], set[str]] = {}
    for call in _calls(module, script):
        made = module.by_name.get(call.path)
        init = module.method(made, "__init__") if made is not None else None
        if made is None or init is None or init.owner is None:
            continue
        for name, path in (*zip(init.params, call.arguments, strict=False), *call.keywords):
            if kind := made_class(path):
                passed.setdefault((init.owner.qualname, name), set()).add(kind)
    for item in module.classes if passed else ():
        for field in item.fields.values():
            for name in field.givers:
                field.seen |= passed.get((item.qualname, name), set())


def _calls(module: ModuleFacts, script: FunctionFacts) -> Iterator[Call]:
    methods = (method for item in module.classes for method in item.methods.values())
    for function in (script, *module.functions, *methods):
        yield from function.all_calls()
