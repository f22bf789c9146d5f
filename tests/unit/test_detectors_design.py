"""Design patterns are seen in what classes do: every name in these examples is chosen to say nothing."""

from __future__ import annotations

import sys
import textwrap
from types import FrameType

import pytest

from tui_patterns.extraction.python import extract_source


def labels(source: str, qualname: str) -> set[str]:
    parsed = extract_source(textwrap.dedent(source).encode(), "a.py")
    assert parsed.error is None
    unit = next(unit for unit in parsed.units if unit.qualname == qualname)
    for label in unit.labels:
        assert 0 < label.confidence <= 1
        assert label.evidence, f"{label.label} shows no line"
        assert all(1 <= line <= parsed.lines for line in label.evidence)
    return {label.label for label in unit.labels}


SEEN = {
    "singleton": ("A", """
        class A:
            _a = None
            def __new__(cls):
                if cls._a is None:
                    cls._a = super().__new__(cls)
                return cls._a
    """),
    "borg": ("A", """
        class A:
            _s = {}
            def __init__(self):
                self.__dict__ = self._s
    """),
    "flyweight": ("A", """
        class B:
            def __init__(self, k): self.k = k
        class A:
            def __init__(self): self.m = {}
            def f(self, k):
                if k not in self.m:
                    self.m[k] = B(k)
                return self.m[k]
    """),
    "object_pool": ("A", """
        class A:
            def __init__(self, make):
                self.make = make
                self.free = []
                self.used = set()
            def f(self):
                x = self.free.pop() if self.free else self.make()
                self.used.add(x)
                return x
            def g(self, x):
                self.used.discard(x)
                self.free.append(x)
    """),
    "registry": ("A", """
        class A:
            def __init__(self): self.m = {}
            def f(self, k, v): self.m[k] = v
            def g(self, k): return self.m[k]
    """),
    "abstract_factory": ("A", """
        class P: ...
        class Q: ...
        class A:
            def f(self): return P()
            def g(self): return Q()
    """),
    "factory_method": ("A", """
        class P: ...
        class A:
            def f(self): raise NotImplementedError
            def g(self): return self.f().run()
        class B(A):
            def f(self): return P()
    """),
    "builder": ("A", """
        class P: ...
        class A:
            def __init__(self): self.p = P()
            def f(self): self.p.x = 1
            def g(self): self.p.y = 2
            def h(self): return self.p
    """),
    "prototype": ("A", """
        import copy
        class A:
            def f(self, **kw):
                x = copy.deepcopy(self)
                x.__dict__.update(kw)
                return x
    """),
    "decorator": ("B", """
        class A:
            def f(self): return "x"
        class B(A):
            def __init__(self, a: A): self.a = a
            def f(self): return "<" + self.a.f() + ">"
    """),
    "proxy": ("B", """
        class I:
            def f(self, u): raise NotImplementedError
        class A(I):
            def f(self, u): return u
        class B(I):
            def __init__(self, a: A): self.a = a
            def f(self, u):
                if u > 3:
                    return self.a.f(u)
    """),
    "adapter": ("B", """
        class I:
            def f(self): raise NotImplementedError
        class A:
            def g(self): return 3
        class B(I):
            def __init__(self, a: A): self.a = a
            def f(self): return str(self.a.g())
    """),
    "delegation": ("A", """
        class A:
            def __init__(self, o): self.o = o
            def __getattr__(self, n): return getattr(self.o, n)
    """),
    "facade": ("A", """
        class P:
            def f(self): print(1)
        class Q:
            def g(self): print(2)
            def h(self): print(2)
        class A:
            def __init__(self):
                self.p = P()
                self.q = Q()
            def f(self):
                self.p.f()
                self.q.g()
                self.q.h()
    """),
    "chain_of_responsibility": ("A", """
        class A:
            def __init__(self, n=None): self.n = n
            def f(self, x):
                if x < 3:
                    return x
                if self.n:
                    return self.n.f(x)
    """),
    "middleware": ("A", """
        class A:
            def __init__(self, inner): self.inner = inner
            async def __call__(self, a, b, c):
                if a:
                    await self.inner(a, b, c)
    """),
    "composite": ("C", """
        class I:
            def f(self): raise NotImplementedError
        class L(I):
            def f(self): return 1
        class C(I):
            def __init__(self): self.c = []
            def g(self, x): self.c.append(x)
            def f(self): return sum(x.f() for x in self.c)
    """),
    "interpreter": ("B", """
        class I:
            def f(self, c): raise NotImplementedError
        class N(I):
            def f(self, c): return 1
        class B(I):
            def __init__(self, l, r):
                self.l = l
                self.r = r
            def f(self, c): return self.l.f(c) + self.r.f(c)
    """),
    "specification": ("A", """
        class A:
            def f(self, x): raise NotImplementedError
            def g(self, o): return B(self, o)
            def h(self, o): return C(self, o)
        class B(A):
            def __init__(self, l, r): self.l, self.r = l, r
            def f(self, x): return self.l.f(x) and self.r.f(x)
        class C(A):
            def __init__(self, l, r): self.l, self.r = l, r
            def f(self, x): return self.l.f(x) or self.r.f(x)
    """),
    "visitor": ("V", """
        class P:
            def f(self, v): v.a(self)
        class Q:
            def f(self, v): v.b(self)
        class V:
            def a(self, p): return p.x
            def b(self, q): return q.y
    """),
    "observer": ("A", """
        class A:
            def __init__(self): self.o = []
            def f(self, x): self.o.append(x)
            def g(self, x): self.o.remove(x)
            def h(self):
                for x in self.o:
                    x.i(self)
    """),
    "publish_subscribe": ("A", """
        class A:
            def __init__(self): self.o = {}
            def f(self, t, x): self.o.setdefault(t, []).append(x)
            def h(self, t, m):
                for x in self.o.get(t, []):
                    x(m)
    """),
    "message_bus": ("A", """
        class A:
            def __init__(self, h): self.h = h
            def f(self, m): self.h[type(m)](m)
    """),
    "mediator": ("M", """
        class M:
            def f(self, who, what): print(who, what)
        class P:
            def __init__(self, m: M): self.m = m
            def g(self): self.m.f(self, "x")
    """),
    "blackboard": ("A", """
        class A:
            def __init__(self):
                self.s = {"n": 0}
                self.e = []
        class P:
            def __init__(self, a: A): self.a = a
            def f(self): self.a.s["n"] += 1
        class Q:
            def __init__(self, a: A): self.a = a
            def f(self): self.a.s["n"] += 2
    """),
    "command": ("B", """
        class I:
            def f(self): raise NotImplementedError
        class R:
            def g(self): print(1)
        class B(I):
            def __init__(self, r): self.r = r
            def f(self): self.r.g()
        class C(I):
            def __init__(self, r): self.r = r
            def f(self): self.r.g()
    """),
    "memento": ("A", """
        class S:
            def __init__(self, x): self.x = x
        class A:
            def __init__(self): self.x = 0
            def f(self): return S(self.x)
            def g(self, s): self.x = s.x
    """),
    "iterator": ("A", """
        class A:
            def __init__(self, xs):
                self.xs = xs
                self.i = 0
            def f(self): return self.i < len(self.xs)
            def g(self):
                if self.i < len(self.xs):
                    x = self.xs[self.i]
                    self.i += 1
                    return x
    """),
    "strategy": ("C", """
        class I:
            def f(self, x): raise NotImplementedError
        class A(I):
            def f(self, x): return sorted(x)
        class B(I):
            def f(self, x): return x[::-1]
        class C:
            def __init__(self, s: I): self.s = s
            def g(self, s: I): self.s = s
            def h(self, x): return self.s.f(x)
    """),
    "state": ("C", """
        class C:
            def __init__(self): self.s = A(self)
            def f(self): self.s.g()
        class A:
            def __init__(self, c): self.c = c
            def g(self): self.c.s = B(self.c)
        class B:
            def __init__(self, c): self.c = c
            def g(self): self.c.s = A(self.c)
    """),
    "state_machine": ("A", """
        class A:
            T = {"a": "b", "b": "a"}
            def __init__(self): self.s = "a"
            def f(self): self.s = self.T[self.s]
    """),
    "bridge": ("A", """
        class I:
            def g(self, x): raise NotImplementedError
        class P(I):
            def g(self, x): print(x)
        class Q(I):
            def g(self, x): print(x, x)
        class A:
            def __init__(self, i: I): self.i = i
            def f(self): self.i.g(1)
        class B(A):
            def f(self): self.i.g(2)
    """),
    "template_method": ("A", """
        class A:
            def f(self):
                self.g()
                self.h()
            def g(self): print(1)
            def h(self): raise NotImplementedError
    """),
    "dependency_injection": ("A", """
        class A:
            def __init__(self, p): self.p = p
            def f(self): return str(self.p())
    """),
    "null_object": ("N", """
        class I:
            def f(self): raise NotImplementedError
            def g(self, x): raise NotImplementedError
        class A(I):
            def f(self): print(1)
            def g(self, x): print(x)
        class N(I):
            def f(self): pass
            def g(self, x): return None
    """),
    "catalog": ("A", """
        class A:
            def f(self): return 1
            def g(self): return 2
            M = {"f": f, "g": g}
            def h(self, k): return self.M[k]()
    """),
    "descriptor": ("A", """
        class A:
            def __get__(self, o, t): return 3
    """),
    "lazy_property": ("A", """
        class A:
            def __init__(self, f): self.f = f
            def __get__(self, o, t):
                v = self.f(o)
                o.__dict__[self.f.__name__] = v
                return v
    """),
    "mixin": ("M", """
        class M:
            def f(self): return self.x + 1
        class A: ...
        class B(M, A):
            def __init__(self): self.x = 1
    """),
}  # fmt: skip


@pytest.mark.parametrize("label", SEEN)
def test_pattern_is_seen_without_telling_names(label: str) -> None:
    qualname, source = SEEN[label]
    assert label in labels(source, qualname)


NOT_SEEN = {
    "singleton": ("TheSingleton", "class TheSingleton:\n    def __init__(self): self.instance = None"),
    "flyweight": ("A", """
        class A:
            def __init__(self): self.m = {}
            def f(self, k):
                if k not in self.m:
                    self.m[k] = k * 2
                return self.m[k]
    """),
    "object_pool": ("Stack", """
        class Stack:
            def __init__(self): self.items = []
            def push(self, x): self.items.append(x)
            def pop(self): return self.items.pop()
    """),
    "registry": ("A", """
        class A:
            def __setitem__(self, k, v): self.m[k] = v
            def __getitem__(self, k): return self.m[k]
    """),
    "observer": ("Basket", """
        class Basket:
            def __init__(self): self.items = []
            def add(self, x): self.items.append(x)
            def total(self): return sum(x.price() for x in self.items)
    """),
    "composite": ("A", """
        class A:
            def __init__(self): self.files = []
            def add(self, x): self.files.append(x)
            def close(self):
                for x in self.files:
                    x.close()
    """),
    "decorator": ("A", """
        class Engine:
            def start(self): print(1)
            def tune(self): print(1)
        class A:
            def __init__(self, e: Engine): self.e = e
            def start(self): self.e.start()
    """),
    "proxy": ("A", """
        class A:
            def __getattr__(self, n): return getattr(self, "_" + n)
    """),
    "builder": ("A", """
        class A:
            def __enter__(self): return self
            def __exit__(self, *a): pass
    """),
    "chain_of_responsibility": ("Node", """
        class Node:
            def __init__(self, v):
                self.v = v
                self.left = None
            def insert(self, v):
                if self.left is None:
                    self.left = Node(v)
                else:
                    self.left.insert(v)
    """),
    "middleware": ("A", """
        class A:
            def __init__(self, app, limit):
                self.app = app
                self.limit = limit
    """),
    "command": ("Shape", """
        class Shape:
            def draw(self): raise NotImplementedError
        class Circle(Shape):
            def __init__(self, r): self.r = r
            def draw(self): print(self.r)
        class Square(Shape):
            def __init__(self, r): self.r = r
            def draw(self): print(self.r)
    """),
    "strategy": ("A", """
        class A:
            def __init__(self, on_done): self.on_done = on_done
            def a(self): return 1
            def b(self): return 2
            def c(self): return 3
            def d(self): return 4
            def e(self): self.on_done(self)
    """),
    "template_method": ("A", """
        class A:
            def f(self):
                self.g()
                self.h()
            def g(self): print(1)
            def h(self): print(2)
    """),
    "visitor": ("A", """
        class B:
            def __init__(self, a): a.add(self)
        class A:
            def __init__(self): self.x = []
            def add(self, b): self.x.append(b)
    """),
    "mediator": ("A", """
        class A:
            def f(self, x): return x
        class B:
            def __init__(self, a: A): self.a = a
            def g(self): return self.a.f(3)
    """),
    "state_machine": ("A", """
        class A:
            def __init__(self): self.count = 0
            def f(self):
                if self.count > 3:
                    self.count = 0
    """),
    "value_object": ("A", """
        class A:
            def __init__(self, x, y): self.x, self.y = x, y
            def __eq__(self, o): return self.x == o.x and self.y == o.y
            def move(self): self.x += 1
    """),
}  # fmt: skip


@pytest.mark.parametrize("label", NOT_SEEN)
def test_what_only_looks_like_it_is_left_alone(label: str) -> None:
    qualname, source = NOT_SEEN[label]
    assert label not in labels(source, qualname)


def test_an_interface_shares_the_label_of_those_who_make_the_pattern() -> None:
    _, source = SEEN["composite"]
    assert "composite" in labels(source, "I")
    assert "composite" not in labels(source, "L")


def test_the_more_specific_reading_stands_alone() -> None:
    source = """
        class H:
            def __init__(self, n=None): self.n = n
            def f(self, x):
                if not self.g(x) and self.n:
                    self.n.f(x)
                self.h()
            def g(self, x): raise NotImplementedError
            def h(self): raise NotImplementedError
    """
    assert labels(source, "H") == {"chain_of_responsibility"}


def test_a_file_of_very_many_related_classes_costs_no_more_than_its_size() -> None:
    def calls(count: int) -> int:
        classes = "".join(
            f"class A{i}(B):\n    def __init__(self, x): self.x = x\n    def f(self): return self.x.f()\n"
            for i in range(count)
        )
        source = f"class B:\n    def f(self): raise NotImplementedError\n{classes}".encode()
        made = [0]

        def count_one(frame: FrameType, event: str, argument: object) -> None:
            made[0] += event == "call"

        sys.setprofile(count_one)
        try:
            extract_source(source, "a.py")
        finally:
            sys.setprofile(None)
        return made[0]

    calls(20)
    assert calls(160) < 2 * 4 * calls(40)
