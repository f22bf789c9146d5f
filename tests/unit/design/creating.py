"""How instances are made and shared.

By label: the name of the class that has it, and the code around.
"""

from __future__ import annotations

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
    "lazy_property": ("A", """
        class A:
            def __init__(self, f): self.f = f
            def __get__(self, o, t):
                v = self.f(o)
                o.__dict__[self.f.__name__] = v
                return v
    """),
}  # fmt: skip

# What only looks like it.
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
    "builder": ("A", """
        class A:
            def __enter__(self): return self
            def __exit__(self, *a): pass
    """),
    "value_object": ("A", """
        class A:
            def __init__(self, x, y): self.x, self.y = x, y
            def __eq__(self, o): return self.x == o.x and self.y == o.y
            def move(self): self.x += 1
    """),
}  # fmt: skip
