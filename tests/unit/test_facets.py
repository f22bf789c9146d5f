"""Facets: each says what the code says, at lines that no shift moves, and nothing where it does not apply."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.extraction import facets
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Unit

ALL = ExtractionOptions(min_complexity=0, min_lines=0)


def units(source: str, path: str = "shop.py") -> dict[str, Unit]:
    """The kept units of *source* by qualified name."""
    parsed = extract_source(dedent(source).lstrip("\n").encode("utf-8", "surrogatepass"), path, ALL)
    assert parsed.error is None
    return {unit.qualname: unit for unit in parsed.units if unit.reason is None}


def facet(name: str, source: str, qualname: str | None = None) -> Any:
    """One facet of the first kept unit, or of *qualname*; empty where it is absent."""
    found = units(source)
    unit = found[qualname] if qualname else next(iter(found.values()))
    return unit.facets.get(name, {})


OPERATOR = """
    import logging
    import os
    from base import Operator
    try:
        from fast import parse, Codec
        HAS_FAST = True
    except ImportError:
        from slow import parse
        Codec = None
        HAS_FAST = False
    log = logging.getLogger(__name__)

    class Load(Operator):
        '''Loads.'''
        template_fields = ("query",)
        ui_color = "#fff"

        def __init__(self, query, *, limit=10, tags=[], **kwargs):
            super().__init__(**kwargs)
            self.query = query
            self.limit = limit or 5

        def execute(self, context):
            if "{{" in self.query:
                raise ValueError("not rendered")
            if not HAS_FAST:
                log.warning("slow: %s", self.query)
            try:
                return parse(os.environ["HOME"], context["run"])
            except (KeyError, OSError) as error:
                log.error(f"failed: {error}")
                raise
            finally:
                context.close()
"""


# -- one by one ---------------------------------------------------------------------


def test_structural_gives_the_head_and_the_declarations_of_a_class() -> None:
    found = facet("structural", OPERATOR, "Load")
    assert found["definition"] == "class Load(Operator)"
    assert found["methods"] == ["__init__", "execute"]
    assert found["declarations"] == [
        {"name": "template_fields", "line": 2, "value": ["query"]},
        {"name": "ui_color", "line": 3, "value": "#fff"},
    ]


def test_structural_of_a_method_names_its_class() -> None:
    found = facet("structural", OPERATOR, "Load.execute")
    assert (found["kind"], found["owner"], found["owner_bases"]) == ("method", "Load", ["Operator"])


def test_a_dual_import_has_two_sides_a_flag_and_a_substitute() -> None:
    assert facet("import", OPERATOR, "Load")["dual"] == [
        {
            "primary": {"Codec": "fast.Codec", "parse": "fast.parse"},
            "fallback": {"parse": "slow.parse"},
            "substitutes": {"Codec": "None"},
            "flags": {"HAS_FAST": {"primary": True, "fallback": False}},
            "exceptions": ["ImportError"],
        }
    ]


def test_a_dual_import_counts_only_where_it_is_used() -> None:
    source = (
        OPERATOR + "\n    def other(a):\n        return os.path.join(a, logging.BASIC_FORMAT) if a else a\n"
    )
    assert "dual" not in facet("import", source, "other")
    assert facet("import", source, "other")["used"] == {"logging": "logging", "os": "os"}


def test_an_import_inside_a_function_has_its_line_and_its_fallback() -> None:
    found = facet("import", """
        def load(text):
            try:
                import orjson as json
            except ModuleNotFoundError:
                import json
            return json.loads(text) if text else None
    """)  # fmt: skip
    assert [(one["primary"], one["fallback"], one["line"]) for one in found["dual"]] == [
        ({"json": "orjson"}, {"json": "json"}, 1)
    ]
    assert [item["line"] for item in found["inside"]] == [2, 4]


def test_a_failed_import_that_is_only_reported_is_a_check_and_no_fallback() -> None:
    source = """
        def frame(rows):
            try:
                import pandas
            except ImportError as error:
                raise RuntimeError("install pandas") from error
            return pandas.DataFrame(rows)
    """
    assert "dual" not in facet("import", source)
    assert facet("mock_execution", source)["checks"] == [
        {"line": 1, "kind": "import", "expression": "pandas", "then": "raise"}
    ]
    assert facet("error_handling", source)["raises"][0]["cause"] == "error"


def test_execution_follows_the_context_into_own_methods() -> None:
    found = facet("execution", """
        class Job(Base):
            def execute(self, context):
                self.push(context=context)
                return context["ds"]
            def push(self, context):
                if "ti" in context:
                    context.get("dag_run").done(context.params)
    """)  # fmt: skip
    assert found["context"] == {
        "parameter": "context",
        "keys": ["ds", "dag_run", "ti"],
        "methods": ["get"],
        "attributes": ["params"],
        "passed_to": ["self.push"],
    }
    assert found["returns"] == [{"line": 3, "expression": 'context["ds"]'}]


@pytest.mark.parametrize(
    "head", ["@app.get('/')", "@task", "@cli.command()", "@celery.shared_task(bind=True)"]
)
def test_a_function_that_a_framework_is_told_to_run_has_an_execution(head: str) -> None:
    found = facet("execution", f"{head}\ndef index(request):\n    return request.args or None\n")
    assert (found["method"], found["why"], found["context"]["parameter"]) == ("index", "decorator", "request")


def test_a_plain_function_has_no_execution() -> None:
    assert facet("execution", "@cached\ndef run(a):\n    return a or 1\n") == {}


def test_handlers_say_what_they_do() -> None:
    found = facet("error_handling", """
        def fetch(urls):
            for url in urls:
                try:
                    return get(url)
                except KeyError:
                    continue
                except OSError as error:
                    if error.errno:
                        raise error
                    raise Failed(url) from None
                except:
                    pass
                else:
                    note()
            with suppress(ValueError):
                close()
    """)  # fmt: skip
    assert [(one["exceptions"], one["does"]) for one in found["tries"][0]["handlers"]] == [
        (["KeyError"], ["continue"]), (["OSError"], ["reraise", "raise"]), ([], ["pass"]),
    ]  # fmt: skip
    assert found["tries"][0]["else"] is True
    assert found["suppressed"] == ["ValueError"]
    assert [item.get("exception") for item in found["raises"]] == [None, "Failed"]


def test_errors_that_are_logged() -> None:
    found = facet("error_handling", OPERATOR, "Load.execute")
    assert found["logged"] == [{"line": 8, "level": "error"}]
    assert found["tries"][0]["handlers"][0]["does"] == ["log", "reraise"]
    assert found["tries"][0]["finally"] is True


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


# -- all of them --------------------------------------------------------------------


def test_a_facet_that_does_not_apply_is_absent() -> None:
    found = units("def add(a, b):\n    total = a + b\n    return total\n")["add"].facets
    assert list(found) == ["structural", "parameter_ordering"]


def test_only_kept_units_have_facets() -> None:
    parsed = extract_source(b"def f(a):\n    return a\n", "app.py")
    assert [(unit.reason is None, unit.facets) for unit in parsed.units] == [(False, {})]


def test_a_test_that_may_become_a_pattern_has_its_facets_already() -> None:
    source = (
        b"import pytest\n@pytest.mark.parametrize('a', [1, 2])\ndef test_f(a):\n    b = f(a)\n    assert b\n"
    )
    (unit,) = extract_source(source, "tests/test_app.py", ALL).units
    assert unit.reason == "test_not_known_to_pass"
    assert unit.facets["validation"]["checks"][0]["raises"] == "AssertionError"


@given(blank=st.integers(0, 40), indent=st.booleans())
def test_a_shift_changes_nothing(blank: int, indent: bool) -> None:
    text = dedent(OPERATOR)
    if indent:
        text = "if True:\n" + "\n".join("    " + line for line in text.split("\n"))
    moved = units("#\n" * blank + text)["Load"]
    assert moved.facets == units(OPERATOR)["Load"].facets


def test_the_order_of_facets_and_of_their_text_is_always_the_same() -> None:
    first, second = (json.dumps(units(OPERATOR)["Load"].facets) for _ in range(2))
    assert first == second
    assert list(json.loads(first)) == [name for name in facets.FACETS if name in json.loads(first)]


def test_lines_lie_within_the_unit() -> None:
    for unit in units(OPERATOR).values():
        assert all(0 <= line <= unit.end_line - unit.line for line in lines_in(unit.facets)), unit.qualname


def lines_in(value: Any) -> list[int]:
    """Every ``line`` anywhere in a facet."""
    if isinstance(value, dict):
        own = [value["line"]] if isinstance(value.get("line"), int) else []
        return own + [line for part in value.values() for line in lines_in(part)]
    return [line for part in value for line in lines_in(part)] if isinstance(value, list) else []


def test_a_facet_that_fails_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(subject: Any) -> dict[str, Any]:
        raise RecursionError

    monkeypatch.setitem(facets.FACETS, "logging", broken)
    found = units(OPERATOR)["Load"].facets
    assert "logging" not in found
    assert "initialization" in found


@pytest.mark.parametrize(
    "source",
    [
        "def f(a=" + "[" + "1," * 5000 + "]" + "):\n    return a or 1\n",
        "def f(a='\\ud800', b=1e999, c=b'x', d=10**9, e=12345678901234567890):\n    return a or b\n",
        "def f(a):\n    größe = a or 'ü' * 3; raise ValueError(größe) if a else None\n",
        "def f(a):\n    if not ("
        + " and ".join(["a"] * 300)
        + "):\n        raise ValueError\n    return a\n",
        "def f(a):\n    try:\n        g()\n    except* ValueError as e:\n        raise\n",
        "def f(a):\n    match a:\n        case {1: 1, **b} if b: return a\n        case P(x=1): return 2\n",
        "class C:\n    if X:\n        def f(self, a={}): return a or self.b\n    x: int\n    y = z = 3\n",
    ],
    ids=[
        "enormous literal",
        "values JSON lacks",
        "not ASCII",
        "long condition",
        "except*",
        "match",
        "under if",
    ],
)
def test_odd_code_gives_plain_json_of_bounded_size(source: str) -> None:
    for unit in units(source).values():
        text = json.dumps(unit.facets, allow_nan=False, ensure_ascii=False)
        text.encode("utf-8")
        assert json.loads(text) == unit.facets
        assert len(text) < 4000
        assert "structural" in unit.facets


def test_text_of_code_that_is_not_ascii_is_cut_at_characters() -> None:
    found = facet("validation", "def f(ü):\n    if not ü:\n        raise ValueError('ß')\n    return ü\n")
    assert found["checks"][0]["expression"] == "not ü"
