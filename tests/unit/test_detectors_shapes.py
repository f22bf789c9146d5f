"""Other shapes of well-known patterns, as tutorials and real code write them, and what looks like them."""

from __future__ import annotations

import textwrap

import pytest

from tui_patterns.extraction.python import extract_source


def labels(source: str, qualname: str) -> set[str]:
    parsed = extract_source(textwrap.dedent(source).encode(), "a.py")
    assert parsed.error is None
    return {label.label for unit in parsed.units if unit.qualname == qualname for label in unit.labels}


BRANCHES = """
    def f(kind):
        found = None
        if kind == 1: found = Dog()
        elif kind == 2: found = Cat()
        return found
"""
TABLE = """
    def f(kind):
        table = dict(dog=Dog, cat=Cat)
        return table[kind]()
"""
LINKED = """
    class A:
        def __init__(self): self.after = None
        def run(self, x):
            if self.after is None: return self.work(x)
            return self.after.run(self.work(x))
        def put(self, other):
            last = self
            while last.after is not None: last = last.after
            last.after = other
"""
PEERS = """
    class A:
        def __init__(self, after): self.after = after
        def price(self, order):
            if order.count > 5: return order.total * 0.9
            return self.after.price(order)
    class B:
        def __init__(self, after): self.after = after
        def price(self, order):
            if order.total > 500: return 0.8
            return self.after.price(order)
"""
ACCESSOR = """
    class A:
        def __init__(self, names): self.seats = {name: dict() for name in names}
        def of(self, name): return self.seats[name]
        def join(self, name, who, f): self.of(name)[who] = f
        def leave(self, name, who): del self.of(name)[who]
        def call(self, name, text):
            for who, f in self.of(name).items(): f(text)
"""
RENAMED = """
    class Car:
        def __init__(self): self.speed = 0
        def change(self, n): self.speed = n
    class A:
        def __init__(self): self.car = Car()
        def go(self): self.car.change(1)
        def stop(self): self.car.change(0)
"""
STAND_IN = """
    class Plug:
        def live(self): pass
        def earth(self): pass
    class Other:
        def live(self): return 1
        def earth(self): return 0
    class A(Plug):
        def __init__(self, held): self.held = held
        def live(self): return self.held.live()
        def earth(self): return self.held.earth()
    def main(): A(Other()).live()
"""
GIVEN_PARTS = """
    class A:
        def __init__(self, light, screen, player):
            self.light, self.screen, self.player = light, screen, player
        def watch(self):
            self.light.dim()
            self.screen.down()
            self.player.on()
"""
LOCAL_PARTS = """
    class A:
        @staticmethod
        def arrange():
            hall = Hall()
            hall.book()
            food = Food()
            food.order()
            music = Music()
            music.hire()
"""
LISTED = """
    class A:
        def __init__(self): self.known = []
        def get(self, key):
            for one in self.known:
                if one.key == key: return one
            made = Shared(key)
            self.known.append(made)
            return made
"""
ONE_OF_CLASS = """
    def f(cls):
        made = {}
        def get(*args):
            if cls not in made: made[cls] = cls(*args)
            return made[cls]
        return get
"""
PICKLED = """
    import pickle
    class A:
        def __init__(self, text): self.text = text
        def save(self): return pickle.dumps(self.__dict__)
        def back(self, state):
            self.__dict__.clear()
            self.__dict__.update(pickle.loads(state))
"""
OTHER_REFUSALS = """
    class A:
        def play(self):
            self.begin()
            self.finish()
        def begin(self): raise TypeError("fill this in")
        def finish(self): raise TypeError("fill this in")
    class B(A):
        def begin(self): print(1)
        def finish(self): print(2)
"""
ABSENT_STEPS = OTHER_REFUSALS.replace('def begin(self): raise TypeError("fill this in")', "").replace(
    'def finish(self): raise TypeError("fill this in")', ""
)
BREAKER = """
    import pybreaker
    breaker = pybreaker.CircuitBreaker(fail_max=2)
    @breaker
    def f(): return ask()
"""
LIMITED = """
    from ratelimit import limits
    @limits(calls=3, period=1)
    def f(): return ask()
"""
THROUGH_METHODS = """
    class A:
        def f(self, key):
            value = self.get_from_store(key)
            if value is not None: return value
            value = compute(key)
            self.set_in_store(key, value)
            return value
"""
SEEN = [
    ("factory_function", "f", BRANCHES),
    ("factory_function", "f", TABLE),
    ("chain_of_responsibility", "A", LINKED),
    ("chain_of_responsibility", "A", PEERS),
    ("chain_of_responsibility", "B", PEERS),
    ("observer", "A", ACCESSOR),
    ("adapter", "A", RENAMED),
    ("adapter", "A", STAND_IN),
    ("facade", "A", GIVEN_PARTS),
    ("facade", "A", LOCAL_PARTS),
    ("flyweight", "A", LISTED),
    ("singleton", "f", ONE_OF_CLASS),
    ("memento", "A", PICKLED),
    ("template_method", "A", OTHER_REFUSALS),
    ("template_method", "A", ABSENT_STEPS),
    ("circuit_breaker", "f", BREAKER),
    ("rate_limiter", "f", LIMITED),
    ("caching", "A.f", THROUGH_METHODS),
]


@pytest.mark.parametrize(("label", "qualname", "source"), SEEN)
def test_other_shapes_are_recognised(label: str, qualname: str, source: str) -> None:
    assert label in labels(source, qualname)


NOT_SEEN = [
    ("factory_function", "f", BRANCHES.replace("Cat()", "Dog()")),
    ("factory_function", "f", BRANCHES.replace("return found", "found.run()")),
    ("chain_of_responsibility", "A", PEERS.replace("if order.total > 500: return 0.8", "")),
    ("observer", "A", ACCESSOR.replace("f(text)", "return f(text)")),
    ("adapter", "A", RENAMED.replace("def go(self)", "def change(self)")),
    ("adapter", "A", STAND_IN.replace("class Other:", "class Other(Plug):")),
    ("facade", "A", GIVEN_PARTS.replace("self.player.on()", "")),
    ("flyweight", "A", LISTED.replace("if one.key == key: return one", "one.check()")),
    # An instance for each set of arguments is no single one.
    ("singleton", "f", ONE_OF_CLASS.replace("cls not in", "args not in").replace("[cls]", "[args]")),
    ("memento", "A", PICKLED.replace("self.__dict__.update(pickle.loads(state))", "")),
    # Always refused, and nobody fills it in.
    ("template_method", "A", OTHER_REFUSALS.replace("class B(A)", "class B")),
    ("circuit_breaker", "f", BREAKER.replace("pybreaker.CircuitBreaker", "pybreaker.log")),
    ("strategy", "A", """
        class A:
            def __init__(self, function): self.function = function
            def run(self, *args, **kwargs): return self.function(*args, **kwargs)
    """),
    ("registry", "A", """
        class A:
            def __init__(self, size): self.kept, self.maxsize = {}, size
            def get(self, key): return self.kept[key]
            def set(self, key, value):
                self.kept[key] = value
                if len(self.kept) > self.maxsize: self.kept.popitem()
    """),
]  # fmt: skip


@pytest.mark.parametrize(("label", "qualname", "source"), NOT_SEEN)
def test_what_only_looks_so_is_not(label: str, qualname: str, source: str) -> None:
    assert label not in labels(source, qualname)
