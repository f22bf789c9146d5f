"""Facets of what code is given and keeps: templates, parameters, checks, logs and attributes."""

from __future__ import annotations

from tests.unit.faceted import OPERATOR, facet


def test_template_text_is_looked_for() -> None:
    found = facet("template_fields", OPERATOR, "Load")
    assert found["templated"] == ["query"]
    assert found["checks"] == [
        {"line": 11, "kind": "template_text", "expression": '"{{" in self.query', "field": "query"}
    ]


def test_fields_of_data_are_no_declarations_for_a_framework() -> None:
    source = """
        from pydantic import BaseModel
        class Order(BaseModel):
            size: int = 3
            def total(self):
                return self.size * 2 if self.size else 0
    """
    assert facet("template_fields", source, "Order") == {}
    assert facet("structural", source, "Order")["declarations"][0]["annotation"] == "int"


def test_parameters_by_whether_they_must_be_given() -> None:
    found = facet(
        "parameter_ordering", "def f(a, /, b, c=[], *more, d, e=None, **rest):\n    return a or b\n"
    )
    assert found["required"] == ["a", "b", "d"]
    assert found["optional"] == [{"name": "c", "value": []}, {"name": "e", "value": None}]
    assert (found["positional_only"], found["keyword_only"]) == (["a"], ["d", "e"])
    assert (found["varargs"], found["kwargs"]) == ("more", "rest")
    assert found["required_first"] is False
    assert found["mutable_defaults"] == ["c"]


def test_a_dataclass_is_ordered_by_its_fields() -> None:
    source = """
        @dataclass
        class Point:
            x: int
            y: int = 0
            def far(self):
                return self.x > 10 and self.y > 10
    """
    found = facet("parameter_ordering", source, "Point")
    assert (found["of"], found["required"]) == ("fields", ["x"])


def test_dependencies_switches_and_mock_data() -> None:
    found = facet("mock_execution", """
        try:
            import redis
        except ImportError:
            redis = None
        def load(self, key):
            if redis is None:
                return {}
            if not HAS_TORCH or find_spec("numpy") is None:
                raise RuntimeError(key)
            if self.dry_run:
                mock_rows = [1, 2]
                return mock_rows
            if PY_312:
                print(key)
    """, "load")  # fmt: skip
    assert [(one["line"], one["kind"], one.get("then")) for one in found["checks"]] == [
        (1, "dependency", "return"), (3, "dependency", "raise"), (5, "switch", "return"),
        (8, "version", "call"),
    ]  # fmt: skip
    assert found["mock_data"] == [{"line": 6, "name": "mock_rows", "value": [1, 2]}]


def test_log_calls_by_level_and_style() -> None:
    found = facet("logging", """
        import structlog
        events = structlog.get_logger()
        def work(self, item):
            self.logger.info("started")
            self.log.debug("item %s", item)
            logging.getLogger("x").warning("item %s" % item)
            events.error("failed", item=item)
            logger.info("{}".format(item))
            _log.info("a" + item, exc_info=True)
            math.log(3)
            item.info("not a logger")
            return item if item else None
    """)  # fmt: skip
    assert [call["style"] for call in found["calls"]] == [
        "plain", "arguments", "percent", "structured", "format", "joined",
    ]  # fmt: skip
    assert found["levels"] == {"debug": 1, "error": 1, "info": 3, "warning": 1}


def test_validation_by_what_is_asked() -> None:
    found = facet("validation", """
        def check(self, name, size, mode):
            if not name:
                raise ValueError("name")
            if not isinstance(size, int):
                raise TypeError("size")
            if mode not in MODES:
                raise ValueError("mode")
            if size < 0 or size > 9:
                raise ValueError("size")
            if len(name) > 80:
                raise ValueError("long")
            if not re.fullmatch("[a-z]+", name):
                raise ValueError("letters")
            assert self.ready
            validate_name(name)
            return name
    """)  # fmt: skip
    assert [(one["kind"], one["of"], one["raises"]) for one in found["checks"]] == [
        ("required", "parameter", "ValueError"), ("type", "parameter", "TypeError"),
        ("membership", "parameter", "ValueError"), ("range", "parameter", "ValueError"),
        ("length", "parameter", "ValueError"), ("pattern", "parameter", "ValueError"),
        ("condition", "attribute", "AssertionError"),
    ]  # fmt: skip
    assert found["validators"] == [{"line": 14, "call": "validate_name"}]


def test_a_value_turned_into_an_enumeration_is_a_choice() -> None:
    found = facet("validation", """
        from enum import Enum
        class Colour(Enum):
            RED = "red"
        def paint(name):
            return Colour(name) if name else None
    """, "paint")  # fmt: skip
    assert found["choices"] == [{"line": 1, "type": "Colour"}]


def test_runtime_parameters_and_what_takes_precedence() -> None:
    found = facet("runtime_parameters", """
        import os
        def connect(self, host=None, **kwargs):
            host = host or self.host or "localhost"
            port = kwargs.get("port", 80)
            user = os.getenv("USER", "nobody")
            key = os.environ["KEY"]
            limit = conf.getint("web", "limit", fallback=5)
            name = self.name if self.name is not None else "x"
            if host is None:
                host = DEFAULT
            if host or port:
                return host
            return os.environ.copy()
    """)  # fmt: skip
    assert [(one["source"], one["key"], one.get("default")) for one in found["reads"]] == [
        ("context", "port", "80"), ("environment", "USER", '"nobody"'), ("environment", "KEY", None),
        ("configuration", "web.limit", "5"), ("environment", "*", None),
    ]  # fmt: skip
    assert [(one["form"], one["order"]) for one in found["overrides"]] == [
        ("or", ["host", "self.host", '"localhost"']), ("ternary", ["self.name", '"x"']),
        ("if", ["host", "DEFAULT"]),
    ]  # fmt: skip


def test_initialization_tells_what_attributes_are_made_from() -> None:
    found = facet("initialization", """
        class Box(Base):
            def __init__(self, size, colour=None):
                self.size = size
                Base.__init__(self, size, shade=colour)
                self.colour = colour or "red"
                self.area = size * size
                self.items: list[str] = []
                self.near = [size, colour]
    """)  # fmt: skip
    assert found["super"] == {"line": 3, "arguments": ["self", "size", "shade=colour"], "first": False}
    assert [(one["name"], one["from"], one.get("parameter")) for one in found["attributes"]] == [
        ("size", "parameter", "size"), ("colour", "default", "colour"), ("area", "computed", "size"),
        ("items", "constant", None), ("near", "computed", None),
    ]  # fmt: skip
    assert found["attributes"][-1]["parameters"] == ["colour", "size"]
