"""What part of its framework a unit is: a route, a task, an operator, a fixture, …

Decided by decorators and bases alone, each as the dotted origin that the
imports give, bases in the same file followed. A class whose base lives in
another file of the project is recognised where the base's name ends as the
framework's own do (``MyBaseOperator``) and the import is relative; ``None``
where nothing says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from tui_patterns.models import Kind

# The closed set.
COMPONENTS = (
    "command", "compute", "dag", "dependency", "effect", "event_handler", "fixture", "form", "hook", "job",
    "middleware", "migration", "model", "neural_network", "operator", "orchestrator", "page", "reducer",
    "route", "screen", "sensor", "serializer", "signal", "spider", "task", "test", "validator", "view",
    "widget",
)  # fmt: skip

# (component, packages, how the decorator's last name may read); an empty tuple is any.
_DECORATORS: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = tuple(
    (component, frozenset(packages.split()), frozenset(names.split()))
    for component, packages, names in (
        ("route", "flask quart fastapi starlette litestar sanic aiohttp bottle falcon rest_framework django",
         "route get post put patch delete head options websocket websocket_route api_view action api_route"),
        ("middleware", "fastapi starlette flask sanic quart aiohttp",
         "middleware before_request after_request teardown_request before_app_request after_app_request"),
        ("event_handler", "fastapi starlette flask textual sanic discord slack_bolt telegram quart",
         "on_event errorhandler app_errorhandler exception_handler on event listener listen"),
        ("command", "click typer flask asyncclick cyclopts discord rich_click", "command group callback"),
        ("task", "celery airflow prefect invoke huey dramatiq rq luigi luigi taskiq arq",
         "task shared_task actor periodic_task"),
        ("task", "textual", "work"),
        ("sensor", "airflow dagster", "sensor"),
        ("dag", "airflow", "dag task_group"),
        ("orchestrator", "prefect dagster metaflow kfp", "flow graph pipeline"),
        ("job", "dagster apscheduler schedule", "job scheduled_job repeat"),
        ("compute", "dagster", "op asset multi_asset"),
        ("fixture", "pytest pytest_asyncio", "fixture"),
        ("validator", "pydantic marshmallow sqlalchemy attr attrs",
         "validator root_validator field_validator model_validator validates validates_schema"),
        ("hook", "pluggy pytest airflow", "hookimpl hookspec HookimplMarker HookspecMarker"),
        ("signal", "django blinker celery", "receiver connect connect_via"),
        ("model", "strawberry sqlmodel", "type input"),
    )
)  # fmt: skip

# (component, packages, how the base's name may end).
_BASES: tuple[tuple[str, frozenset[str], tuple[str, ...]], ...] = tuple(
    (component, frozenset(packages.split()), tuple(endings.split()))
    for component, packages, endings in (
        ("sensor", "airflow", "SensorOperator Sensor"),
        ("operator", "airflow", "Operator OperatorExtra"),
        ("hook", "airflow", "Hook"),
        ("middleware", "starlette fastapi django flask litestar", "Middleware MiddlewareMixin"),
        ("serializer", "rest_framework marshmallow", "Serializer Schema SerializerMixin"),
        ("form", "django wtforms flask_wtf", "Form ModelForm"),
        ("view", "django flask rest_framework starlette aiohttp",
         "View ViewSet APIView MethodView HTTPEndpoint WebSocketEndpoint Resource ViewSetMixin"),
        ("view", "flask_restful tornado falcon", "Resource RequestHandler WebSocketHandler"),
        ("migration", "django", "Migration"),
        ("model", "django sqlalchemy sqlmodel peewee pydantic mongoengine tortoise odmantic beanie pony",
         "Model BaseModel SQLModel DeclarativeBase Document AbstractUser AbstractBaseUser RootModel Base"),
        ("command", "django click cmd2 cliff", "BaseCommand Command Group MultiCommand"),
        ("task", "celery luigi", "Task"),
        ("neural_network", "torch lightning pytorch_lightning tensorflow keras",
         "Module LightningModule Layer"),
        ("model", "tensorflow keras", "Model"),
        ("spider", "scrapy", "Spider"),
        ("screen", "textual", "Screen ModalScreen"),
        ("widget", "textual tkinter PyQt5 PyQt6 PySide6 kivy",
         "Widget Static Container Vertical Horizontal QWidget QMainWindow QDialog Frame"),
        ("signal", "django", "Signal"),
        ("test", "unittest django aiounittest rest_framework", "TestCase"),
    )
)  # fmt: skip

# Whoever imports them under these names, from wherever in the project, means them.
_BY_NAME = {
    "BaseOperator": "operator", "BaseSensorOperator": "sensor", "BaseHook": "hook",
    "BaseHTTPMiddleware": "middleware", "NodeEffect": "effect", "NodeCompute": "compute",
    "NodeReducer": "reducer", "NodeOrchestrator": "orchestrator", "NodeEffectService": "effect",
    "NodeComputeService": "compute", "NodeReducerService": "reducer",
    "NodeOrchestratorService": "orchestrator", "TestCase": "test",
}  # fmt: skip
_HTTP_METHODS = frozenset({"get", "post", "put", "patch", "delete", "route", "websocket", "api_route"})
_ROUTERS = ("app", "router", "api", "blueprint", "bp")
_WEB = frozenset({"fastapi", "flask", "starlette", "litestar", "sanic", "aiohttp"})


def component_of(
    kind: Kind,
    decorators: Iterable[str],
    bases: Iterable[str],
    tags: Collection[str],
    framework: str | None = None,
) -> str | None:
    """One of COMPONENTS, from dotted origins; ``bases`` nearest first."""
    found = _by_bases(bases) if kind == "class" else _by_decorators(decorators, framework)
    if first := next(found, None):
        return first
    return "test" if kind != "class" and "test-function" in tags else None


def _by_decorators(decorators: Iterable[str], framework: str | None) -> Iterator[str]:
    for origin in decorators:
        package, _, name = origin.partition(".")[0], *origin.rpartition(".")[1:]
        for component, packages, names in _DECORATORS:
            if package in packages and name in names:
                yield component
        owner = origin.rpartition(".")[0].rpartition(".")[2]
        if framework in _WEB and name in _HTTP_METHODS and owner.lower().endswith(_ROUTERS):
            yield "route"


def _by_bases(bases: Iterable[str]) -> Iterator[str]:
    for origin in bases:
        package, name = origin.partition(".")[0], origin.rpartition(".")[2]
        for component, packages, endings in _BASES:
            if package in packages and name.endswith(endings):
                yield component
        if name in _BY_NAME:
            yield _BY_NAME[name]
        elif origin.startswith(".") and (ending := _like_known(name)):
            yield ending


def _like_known(name: str) -> str | None:
    """``AwsBaseOperator`` of a neighbouring module ends as the framework's own class."""
    return next((component for known, component in _BY_NAME.items() if name.endswith(known)), None)
