"""What is done, chosen or gone through.

By label: the name of the class that has it, and the code around.
"""

from __future__ import annotations

SEEN = {
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
    "template_method": ("A", """
        class A:
            def f(self):
                self.g()
                self.h()
            def g(self): print(1)
            def h(self): raise NotImplementedError
    """),
}  # fmt: skip

# What only looks like it.
NOT_SEEN = {
    "strategy": ("A", """
        class A:
            def __init__(self, on_done): self.on_done = on_done
            def a(self): return 1
            def b(self): return 2
            def c(self): return 3
            def d(self): return 4
            def e(self): self.on_done(self)
    """),
    "state_machine": ("A", """
        class A:
            def __init__(self): self.count = 0
            def f(self):
                if self.count > 3:
                    self.count = 0
    """),
    "template_method": ("A", """
        class A:
            def f(self):
                self.g()
                self.h()
            def g(self): print(1)
            def h(self): print(2)
    """),
}  # fmt: skip
