"""Facets of how code runs: its head, imports, execution and errors, at the lines where they stand."""

from __future__ import annotations

import pytest

from tests.unit.faceted import OPERATOR, facet


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
