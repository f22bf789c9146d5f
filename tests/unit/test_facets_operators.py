"""Facets of three real Airflow operators, read as text: what a person finds in them is what is filled.

The expectations were written from the source by hand. ``make setup`` puts the operators' packages beside the
environment's own, in ``samples``: nothing of them is imported.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Unit

SAMPLES = Path(sys.prefix) / "samples"
ALWAYS = {"structural", "import", "execution", "error_handling", "template_fields", "parameter_ordering",
          "logging", "validation", "runtime_parameters", "initialization"}  # fmt: skip
NOTSET_PRIMARY = {
    "ArgNotSet": "airflow.sdk.definitions._internal.types.ArgNotSet",
    "NOTSET": "airflow.sdk.definitions._internal.types.NOTSET",
}
NOTSET_FALLBACK = {"ArgNotSet": "airflow.utils.types.ArgNotSet", "NOTSET": "airflow.utils.types.NOTSET"}


@dataclass(frozen=True)
class Operator:
    """One operator's class: its unit, and the lines that a text stands on."""

    unit: Unit
    lines: tuple[str, ...]

    def facet(self, name: str) -> Any:
        """One facet."""
        return self.unit.facets[name]

    def at(self, text: str) -> int:
        """The offset, from the class's line, of the first line of the class that holds *text*."""
        body = self.lines[self.unit.line - 1 :]
        return next(at for at, line in enumerate(body) if text in line)

    def lines_of(self, text: str) -> list[int]:
        """The offsets of all lines of the class that hold *text*."""
        body = self.lines[self.unit.line - 1 : self.unit.end_line]
        return [at for at, line in enumerate(body) if text in line]


@cache
def operator(package: str, path: str, qualname: str) -> Operator:
    """A class of the sample *package*; fails where ``make setup`` has not run."""
    found = next(iter(distributions(name=package, path=[str(SAMPLES)])), None)
    if found is None:
        pytest.fail(f"{package} is not in {SAMPLES}: run `make setup`", pytrace=False)
    text = Path(str(found.locate_file(path))).read_text("utf-8")
    units = extract_source(text.encode(), path).units
    return Operator(next(unit for unit in units if unit.qualname == qualname), tuple(text.split("\n")))


@pytest.fixture
def trigger() -> Operator:
    """It starts a run of another workflow: dual import, declarations, checks, re-raise."""
    path = "airflow/providers/standard/operators/trigger_dagrun.py"
    return operator("apache-airflow-providers-standard", path, "TriggerDagRunOperator")


@pytest.fixture
def bash() -> Operator:
    """It runs a shell command: declarations, a file extension read from them, environment, checks."""
    path = "airflow/providers/standard/operators/bash.py"
    return operator("apache-airflow-providers-standard", path, "BashOperator")


@pytest.fixture
def ssh() -> Operator:
    """It runs a command elsewhere: dual import, configuration, an optional context."""
    return operator("apache-airflow-providers-ssh", "airflow/providers/ssh/operators/ssh.py", "SSHOperator")


def test_every_facet_that_is_there_is_filled(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    assert set(trigger.unit.facets) == ALWAYS | {"mock_execution"}  # it asks for Airflow's version
    assert set(bash.unit.facets) == ALWAYS
    assert set(ssh.unit.facets) == ALWAYS


@pytest.mark.parametrize("name", ["trigger", "ssh"])
def test_a_dual_import_is_split_into_primary_and_fallback(name: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(name).facet("import")
    assert found["dual"] == [
        {"primary": NOTSET_PRIMARY, "fallback": NOTSET_FALLBACK, "exceptions": ["ImportError"]}
    ]
    assert found["used"]["NOTSET"] == NOTSET_PRIMARY["NOTSET"]


def test_imports_are_those_the_class_reads(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    assert bash.facet("import")["type_only"] == ["ArgNotSet", "Context"]
    assert ssh.facet("import")["type_only"] == ["SSHClient"]
    used = bash.facet("import")["used"]
    assert used["shutil"] == "shutil"
    assert used["SubprocessHook"] == "airflow.providers.standard.hooks.subprocess.SubprocessHook"
    assert "dual" not in bash.facet("import")
    names = [item["names"] for item in trigger.facet("import")["inside"]]
    sdk = "airflow.providers.common.compat.sdk.DagRunTriggerException"
    assert names == [{"DagRunTriggerException": sdk}, {"helpers": "airflow.utils.helpers"}]


def test_declarations_have_their_values(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    def declared(one: Operator) -> dict[str, Any]:
        items = one.facet("template_fields")["declarations"]
        return {item["name"]: item.get("value", item.get("expression")) for item in items}

    assert declared(trigger) == {
        "template_fields": ["trigger_dag_id", "trigger_run_id", "logical_date", "conf",
                            "wait_for_completion", "skip_when_already_exists"],
        "template_fields_renderers": {"conf": "py"},
        "ui_color": "#ffefeb",
        "operator_extra_links": "[TriggerDagRunLink()]",
    }  # fmt: skip
    assert declared(bash) == {
        "template_fields": ["bash_command", "env", "cwd"],
        "template_fields_renderers": {"bash_command": "bash", "env": "json"},
        "template_ext": [".sh", ".bash"],
        "ui_color": "#f0ede4",
    }
    assert declared(ssh)["template_ext"] == [".sh", ".bash", ".csh", ".zsh", ".dash", ".ksh"]
    assert "ui_color" not in declared(ssh)


def test_class_level_names_that_the_code_itself_reads_are_structure_alone(trigger: Operator) -> None:
    names = [item["name"] for item in trigger.facet("structural")["declarations"]]
    assert "attributes_not_supported_in_airflow_2" in names
    assert trigger.facet("structural")["bases"] == ["BaseOperator"]
    assert trigger.facet("structural")["methods"][:2] == ["__init__", "execute"]


def test_template_checks_are_found(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    assert trigger.facet("template_fields")["checks"] == [
        {
            "line": trigger.at("isinstance(self.conf, str)"),
            "kind": "rendered_type",
            "expression": "isinstance(self.conf, str)",
            "field": "conf",
        }
    ]
    assert [(c["kind"], c["field"]) for c in bash.facet("template_fields")["checks"]] == [
        ("declaration", "template_ext")
    ]
    assert "checks" not in ssh.facet("template_fields")


def test_execution_tells_what_runs_and_how_the_context_is_used(
    trigger: Operator, bash: Operator, ssh: Operator
) -> None:
    assert bash.facet("execution")["method"] == "execute"
    assert bash.facet("execution")["line"] == bash.at("def execute(")
    assert [item["expression"] for item in bash.facet("execution")["returns"]] == [
        "self.output_processor(result.output)"
    ]
    assert bash.facet("execution")["context"] == {
        "parameter": "context", "passed_to": ["self.get_env", "context_to_airflow_vars"],
    }  # fmt: skip
    context = trigger.facet("execution")["context"]
    assert (context["keys"], context["methods"]) == (["ti", "task_instance"], ["get"])
    assert "returns" not in trigger.facet("execution")
    assert ssh.facet("execution")["annotation"] == "bytes | str"
    assert ssh.facet("execution")["context"]["keys"] == ["task_instance"]
    assert ssh.facet("execution")["steps"] == ["get_ssh_client", "run_ssh_client_command"]


def test_error_handling(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    handlers = [item["handlers"][0] for item in trigger.facet("error_handling")["tries"]]
    assert [(one["exceptions"], one["does"]) for one in handlers] == [
        (["TypeError", "JSONDecodeError"], ["raise"]),
        (["AttributeError", "KeyError", "TypeError", "AssertionError"], ["log"]),
        (["DagRunAlreadyExists"], ["log", "raise", "reraise"]),
        (["NoResultFound"], ["raise"]),
    ]
    again = [item["line"] for item in trigger.facet("error_handling")["raises"] if item.get("again")]
    assert again == [trigger.at("raise e")]
    assert "tries" not in bash.facet("error_handling")
    assert [item["exception"] for item in ssh.facet("error_handling")["raises"]] == [
        "AirflowException", "AirflowSkipException", "AirflowException", "AirflowException",
    ]  # fmt: skip


def test_parameters_required_before_optional(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    assert trigger.facet("parameter_ordering")["required"] == ["trigger_dag_id"]
    assert bash.facet("parameter_ordering")["required"] == ["bash_command"]
    assert ssh.facet("parameter_ordering")["required"] == []
    for one in (trigger, bash, ssh):
        found = one.facet("parameter_ordering")
        assert (found["of"], found["kwargs"], found["required_first"]) == ("__init__", "kwargs", True)
        assert "mutable_defaults" not in found
    defaults = {item["name"]: item for item in bash.facet("parameter_ordering")["optional"]}
    assert defaults["skip_on_exit_code"]["value"] == 99
    assert defaults["output_processor"]["expression"] == "lambda result: result"


def test_logging(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    for one in (trigger, bash, ssh):
        assert one.facet("logging")["loggers"] == ["self.log"]
        assert [c["line"] for c in one.facet("logging")["calls"]] == one.lines_of("self.log.")
    assert trigger.facet("logging")["levels"] == {"debug": 2, "info": 5, "warning": 1}
    assert {call["style"] for call in ssh.facet("logging")["calls"]} == {"plain"}
    assert {call["style"] for call in bash.facet("logging")["calls"]} == {"arguments"}


def test_validation(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    def checks(one: Operator) -> list[tuple[str, str]]:
        return [(c["kind"], c["raises"]) for c in one.facet("validation")["checks"] if "raises" in c]

    assert checks(bash) == [
        ("existence", "AirflowException"), ("existence", "AirflowException"),
        ("membership", "AirflowSkipException"), ("comparison", "AirflowException"),
    ]  # fmt: skip
    assert checks(ssh) == [
        ("membership", "AirflowSkipException"), ("comparison", "AirflowException"),
        ("required", "AirflowException"),
    ]  # fmt: skip
    assert [c["expression"] for c in ssh.facet("validation")["checks"] if "raises" not in c] == [
        "isinstance(ssh_hook, SSHHook)", "isinstance(skip_on_exit_code, Container)",
    ]  # fmt: skip
    assert {item["type"] for item in trigger.facet("validation")["choices"]} == {"DagRunState"}
    assert {item["call"] for item in trigger.facet("validation")["validators"]} == {
        "_validate_datetime_param"
    }


def test_runtime_parameters(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    reads = {(item["source"], item["key"]) for item in trigger.facet("runtime_parameters")["reads"]}
    assert {("configuration", "operators.default_deferrable"), ("context", "ti")} <= reads
    orders = [item["order"] for item in trigger.facet("runtime_parameters")["overrides"]]
    assert ['context.get("task_instance")', 'context.get("ti")'] in orders
    assert [item["order"] for item in bash.facet("runtime_parameters")["overrides"]] == [
        ["env", "system_env"]
    ]
    found = ssh.facet("runtime_parameters")
    assert [(item["source"], item["key"]) for item in found["reads"]] == [
        ("context", "task_instance"), ("configuration", "core.enable_xcom_pickling"),
    ]  # fmt: skip
    assert [item["order"] for item in found["overrides"]] == [["self.remote_host", '""']]


def test_initialization(trigger: Operator, bash: Operator, ssh: Operator) -> None:
    for one in (trigger, bash, ssh):
        found = one.facet("initialization")
        line = one.at("super().__init__(**kwargs)")
        assert found["super"] == {"line": line, "arguments": ["**kwargs"], "first": True}
    made = {item["name"]: item for item in bash.facet("initialization")["attributes"]}
    assert {name for name, item in made.items() if item["from"] == "parameter"} == {
        "bash_command", "env", "output_encoding", "cwd", "append_env", "output_processor",
    }  # fmt: skip
    assert made["skip_on_exit_code"]["from"] == "default"
    assert made["_is_inline_cmd"]["from"] == "constant"
    states = {item["name"]: item for item in trigger.facet("initialization")["attributes"]}["allowed_states"]
    assert states["expression"] == "[DagRunState(s) for s in allowed_states]"
    assert states["otherwise"] == "[DagRunState.SUCCESS]"


def test_the_dual_import_is_a_pattern_of_its_own(trigger: Operator) -> None:
    path = "airflow/providers/standard/operators/trigger_dagrun.py"
    found = operator("apache-airflow-providers-standard", path, "<module>")
    dual = found.facet("import")["dual"]
    assert [(one["primary"], one["fallback"], one["line"]) for one in dual] == [
        (NOTSET_PRIMARY, NOTSET_FALLBACK, 0)
    ]
