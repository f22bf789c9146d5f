"""Persistence and domain patterns, function and method labels, and the name hints' limits."""

from __future__ import annotations

import textwrap

import pytest

from tui_patterns.extraction.python import extract_source


def labels(source: str, qualname: str) -> set[str]:
    parsed = extract_source(textwrap.dedent(source).encode(), "a.py")
    assert parsed.error is None
    return {label.label for unit in parsed.units if unit.qualname == qualname for label in unit.labels}


REPOSITORY = """
    class A:
        def __init__(self, session): self.session = session
        def f(self, x): self.session.add(x)
        def g(self, k): return self.session.query(X).filter_by(k=k).first()
"""
UNIT_OF_WORK = """
    class A:
        def __enter__(self): return self
        def __exit__(self, *a): self.rollback()
        def commit(self): self.session.commit()
        def rollback(self): self.session.rollback()
"""
SEEN = [
    ("repository", "A", REPOSITORY),
    ("unit_of_work", "A", UNIT_OF_WORK),
    ("crud", "f", """
        def f(*, session, data):
            x = X(data)
            session.add(x)
            session.commit()
            return x
    """),
    ("crud", "f", "def f(session, k): return session.exec(select(X).where(X.k == k)).first()"),
    ("service_layer", "f", """
        def f(order, uow):
            with uow:
                product = uow.products.get(order.sku)
                product.allocate(order)
                uow.commit()
    """),
    ("transaction_manager", "f", """
        def f(conn):
            try:
                yield conn
                conn.commit()
            except Exception:
                conn.rollback()
                raise
    """),
    ("value_object", "A", """
        from dataclasses import dataclass
        @dataclass(frozen=True)
        class A:
            x: int
            y: int
    """),
    ("domain_event", "Paid", """
        class Event: ...
        class Paid(Event):
            amount: int
        class Sent(Event):
            to: str
    """),
    ("mvc", "C", """
        class C:
            def __init__(self, m, v): self.model, self.view = m, v
            def f(self): self.view.show(self.model.get())
    """),
    ("singleton", "f", """
        class A: ...
        _a = None
        def f():
            global _a
            if _a is None:
                _a = A()
            return _a
    """),
    ("factory_function", "f", """
        def f(x):
            if x:
                return A()
            return B()
    """),
    ("factory_function", "f", "def f(x):\n    return {'a': A, 'b': B}[x]()"),
    ("factory_classmethod", "A.f", """
        class A:
            @classmethod
            def f(cls, text): return cls(text.split())
    """),
    ("fluent_interface", "A.f", """
        class A:
            def f(self, x):
                self.x = x
                return self
    """),
    ("lazy_init", "A.f", """
        class A:
            def f(self):
                if self._x is None:
                    self._x = make()
                return self._x
    """),
    ("registry", "A.f", """
        class A:
            def f(self, rule):
                def g(h):
                    self.add(rule, h)
                    return h
                return g
    """),
    ("middleware_chain", "f", """
        def f(app, layers):
            for layer in reversed(layers):
                app = layer(app)
            return app
    """),
    ("event_emitter", "f", """
        def f(name, hooks, data):
            for hook in hooks.get(name, []):
                data = hook(data)
            return data
    """),
    ("builder", "f", """
        def f(kind):
            x = kind()
            x.a()
            x.b()
            return x
    """),
    ("dependency_injection", "f", """
        import inspect
        def f(handler, parts):
            names = inspect.signature(handler).parameters
            given = {k: v for k, v in parts.items() if k in names}
            return lambda m: handler(m, **given)
    """),
]  # fmt: skip


@pytest.mark.parametrize(("label", "qualname", "source"), SEEN)
def test_seen(label: str, qualname: str, source: str) -> None:
    assert label in labels(source, qualname)


NAMES_ONLY = [
    "RetryStrategy", "UserRepository",
    "EventObserver", "Singleton", "HttpProxy", "PluginRegistry", "OrderBuilder",
    "FileAdapter", "SystemFacade", "SaveCommand", "StateMachine", "UnitOfWork", "ObjectPool", "Visitor",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES_ONLY)
def test_a_name_alone_convinces_nobody(name: str) -> None:
    assert labels(f"class {name}:\n    def __init__(self, x):\n        self.x = x\n", name) == set()


@pytest.mark.parametrize(
    ("qualname", "source"),
    [
        ("f", "def f(x):\n    return A(x)"),
        ("f", "def f(session):\n    session.headers.update({})"),
        ("A.__enter__", "class A:\n    def __enter__(self):\n        self.x = 1\n        return self"),
        ("A.f", "class A:\n    def f(self):\n        return self"),
        ("A.f", "class A:\n    def f(self):\n        return self._x"),
    ],
)
def test_plain_functions_stay_plain(qualname: str, source: str) -> None:
    assert labels(source, qualname) == set()


def test_odd_code_costs_no_other_label() -> None:
    source = UNIT_OF_WORK + "\n    class B(*bases, **kw): x[0] = y = (yield)\n    class C(C): pass\n"
    assert "unit_of_work" in labels(source, "A")
