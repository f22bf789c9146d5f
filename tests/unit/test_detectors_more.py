"""Layers, identities, events and scoped instances; and look-alikes of each that are something else."""

from __future__ import annotations

import textwrap

import pytest

from tui_patterns.extraction.python import extract_source


def labels(source: str, qualname: str) -> set[str]:
    parsed = extract_source(textwrap.dedent(source).encode(), "a.py")
    assert parsed.error is None
    return {label.label for unit in parsed.units if unit.qualname == qualname for label in unit.labels}


TIERS = """
    class Rows:
        rows = {"a": 1}
        def all(self): return self.rows.items()
    class Rules:
        def __init__(self): self.rows = Rows()
        def cheap(self): return [k for k, v in self.rows.all() if v < 9]
    class Screen:
        def __init__(self): self.rules = Rules()
        def show(self):
            for k in self.rules.cheap(): print(k)
"""
FRONT = """
    class Wide:
        def show(self): print("wide")
    class Small:
        def show(self): print("small")
    class Chooser:
        def __init__(self):
            self.a = Wide()
            self.b = Small()
        def go(self, request):
            if request.kind == 1: self.a.show()
            elif request.kind == 2: self.b.show()
    class Door:
        def __init__(self): self.inner = Chooser()
        def enter(self, request):
            if request.user: self.inner.go(request)
"""
IDENTITIES = """
    class A:
        def __init__(self, session):
            self.known = {}
            self.session = session
        def get(self, key): return self.known.get(key)
        def add(self, thing): self.known[thing.id] = thing
"""
EVENTS = """
    class A:
        def __init__(self):
            self.total = 0
            self.past = []
        def on(self, e):
            if e["kind"] == "in": self.total += e["n"]
            else: self.total -= e["n"]
            self.past.append(e)
        def put(self, n): self.on({"kind": "in", "n": n})
        def take(self, n): self.on({"kind": "out", "n": n})
"""
REPLAY = """
    class A:
        def __init__(self, past):
            self.total = 0
            self.new = []
            for e in past: self.on(e)
        def on(self, e):
            if isinstance(e, In): self.total += e.n
            elif isinstance(e, Out): self.total -= e.n
        def put(self, n):
            e = In(n)
            self.on(e)
            self.new.append(e)
"""
THREAD_CLASS = """
    import threading
    class A:
        _own = threading.local()
        @classmethod
        def get(cls):
            if not hasattr(cls._own, "it"):
                cls._own.it = cls()
            return cls._own.it
"""
THREAD_FUNCTION = """
    import threading
    _own = threading.local()
    def get():
        try:
            return _own.it
        except AttributeError:
            _own.it = Session()
            return _own.it
"""
LOOP = """
    import asyncio
    _made = {}
    def get():
        loop = asyncio.get_running_loop()
        if loop not in _made:
            _made[loop] = Client()
        return _made[loop]
"""
SEEN = [
    ("three_tier", "Rows", TIERS),
    ("three_tier", "Rules", TIERS),
    ("three_tier", "Screen", TIERS),
    ("front_controller", "Chooser", FRONT),
    ("front_controller", "Door", FRONT),
    ("identity_map", "A", IDENTITIES),
    ("event_sourcing", "A", EVENTS),
    ("event_sourcing", "A", REPLAY),
    ("singleton_per_thread", "A", THREAD_CLASS),
    ("singleton_per_thread", "get", THREAD_FUNCTION),
    ("singleton_per_loop", "get", LOOP),
]


@pytest.mark.parametrize(("label", "qualname", "source"), SEEN)
def test_they_are_recognised_by_what_they_do(label: str, qualname: str, source: str) -> None:
    assert label in labels(source, qualname)


NOT_SEEN = [
    # What shows reaches past the middle: no tiers.
    ("three_tier", "Screen", TIERS.replace("self.rules = Rules()", "self.rules, self.r = Rules(), Rows()")
        .replace("print(k)", "print(k, self.r.all())")),
    # Nothing is shown: a helper that holds a helper.
    ("three_tier", "Rules", TIERS.replace("print(k)", "yield k")),
    # The same call on all parts, whatever is asked: a front for parts, no dispatch.
    ("front_controller", "Chooser", FRONT.replace("if request.kind == 1: self.a.show()", "self.a.show()")
        .replace("elif request.kind == 2: self.b.show()", "self.b.show()")),
    # Kept under a name that the caller chooses: a register.
    ("identity_map", "A", IDENTITIES.replace("def add(self, thing): self.known[thing.id]",
                                             "def add(self, key, thing): self.known[key]")),
    # Kept by identity, but never given again.
    ("identity_map", "A", IDENTITIES.replace("return self.known.get(key)", "return len(self.known)")),
    # A log of what was done beside the changes: state does not come from it.
    ("event_sourcing", "A", """
        class A:
            def __init__(self):
                self.total = 0
                self.past = []
            def on(self, e): self.past.append(e)
            def put(self, n):
                self.total += n
                self.on({"n": n})
            def take(self, n):
                self.total -= n
                self.on({"n": -n})
    """),
    # One instance for all threads.
    ("singleton_per_thread", "A", THREAD_CLASS.replace("threading.local()", "Box()")),
    # Another value for each thread, set from outside.
    ("singleton_per_thread", "get", """
        import threading
        _own = threading.local()
        def get(it):
            _own.it = it
            return _own.it
    """),
    ("singleton_per_loop", "get", LOOP.replace("asyncio.get_running_loop()", "current_key()")),
]  # fmt: skip


@pytest.mark.parametrize(("label", "qualname", "source"), NOT_SEEN)
def test_look_alikes_are_something_else(label: str, qualname: str, source: str) -> None:
    assert label not in labels(source, qualname)
