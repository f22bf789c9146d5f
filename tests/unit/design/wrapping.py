"""What stands before another object, or around it.

By label: the name of the class that has it, and the code around.
"""

from __future__ import annotations

SEEN = {
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
    "dependency_injection": ("A", """
        class A:
            def __init__(self, p): self.p = p
            def f(self): return str(self.p())
    """),
    "mixin": ("M", """
        class M:
            def f(self): return self.x + 1
        class A: ...
        class B(M, A):
            def __init__(self): self.x = 1
    """),
    "descriptor": ("A", """
        class A:
            def __get__(self, o, t): return 3
    """),
}  # fmt: skip

# What only looks like it.
NOT_SEEN = {
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
    "composite": ("A", """
        class A:
            def __init__(self): self.files = []
            def add(self, x): self.files.append(x)
            def close(self):
                for x in self.files:
                    x.close()
    """),
}  # fmt: skip
