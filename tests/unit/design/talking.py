"""Who tells whom, and what is told.

By label: the name of the class that has it, and the code around.
"""

from __future__ import annotations

SEEN = {
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
    "catalog": ("A", """
        class A:
            def f(self): return 1
            def g(self): return 2
            M = {"f": f, "g": g}
            def h(self, k): return self.M[k]()
    """),
}  # fmt: skip

# What only looks like it.
NOT_SEEN = {
    "visitor": ("A", """
        class B:
            def __init__(self, a): a.add(self)
        class A:
            def __init__(self): self.x = []
            def add(self, b): self.x.append(b)
    """),
    "observer": ("Basket", """
        class Basket:
            def __init__(self): self.items = []
            def add(self, x): self.items.append(x)
            def total(self): return sum(x.price() for x in self.items)
    """),
    "mediator": ("A", """
        class A:
            def f(self, x): return x
        class B:
            def __init__(self, a: A): self.a = a
            def g(self): return self.a.f(3)
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
}  # fmt: skip
