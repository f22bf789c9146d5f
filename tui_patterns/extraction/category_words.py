"""Which evidence speaks for which category: ``key: "category/subcategory"``."""

from __future__ import annotations

import builtins


def _table(text: str) -> dict[str, str]:
    """One place a line, then the keys that speak for it."""
    rows = (line.split() for line in text.strip().splitlines())
    return {key: place for place, *keys in rows for key in keys}


COMPONENTS = _table("""
api/routing route
api/views view
api/middleware middleware
api/serialization serializer
api/request_handling dependency form
cli/commands command
database_operations/models model
database_operations/migrations migration
testing/fixtures fixture
testing/test_cases test
workflow/tasks task job
workflow/operators operator effect compute
workflow/sensors sensor
workflow/orchestration orchestrator dag reducer
configuration/plugins hook
validation/schema validator
ui/widgets widget screen page
ui/events event_handler signal
networking/remote_services spider
machine_learning/models neural_network
""")

FUNCTION_LABELS = _table("""
error_handling/retry retry backoff
error_handling/exceptions exception_translation
error_handling/timeouts timeout
error_handling/circuit_breaking circuit_breaker
error_handling/fallback import_fallback dual_import
caching/memoization caching caching_decorator memoize memoized_function
caching/cache_storage cache cache_aside
validation/input validation validation_decorator
networking/rate_limiting rate_limiter
concurrency/queues producer_consumer
concurrency/scheduling graceful_shutdown
logging/log_output logging_wrapper
data_processing/iteration chunk_iterator batch_chunk pagination pagination_iterator
database_operations/transactions unit_of_work transaction_manager
database_operations/repositories repository crud
database_operations/connections connection_pool
""")

DESIGN_LABELS = _table("""
design/creational singleton borg singleton_per_thread singleton_per_loop factory factory_method factory_function
design/creational factory_classmethod class_factory abstract_factory builder fluent_interface prototype object_pool
design/creational lazy_property lazy_init lazy_evaluation dependency_injection
design/structural adapter bridge composite decorator facade proxy flyweight mixin metaclass descriptor registry
design/structural plugin_registry delegation servant catalog function_decorator decorator_class class_decorator
design/behavioural chain_of_responsibility middleware middleware_chain command command_message interpreter iterator
design/behavioural mediator memento visitor template_method null_object specification observer event_emitter
design/behavioural publish_subscribe message_bus strategy state state_machine blackboard context_manager
data_processing/iteration generator
design/domain service_layer value_object aggregate domain_event event_sourcing identity_map mvc three_tier
design/domain front_controller
""")

PACKAGES = _table("""
database_operations/queries sqlalchemy sqlmodel sqlite3 psycopg psycopg2 asyncpg aiosqlite pymysql MySQLdb peewee
database_operations/queries pymongo motor databases pypika tortoise duckdb oracledb pyodbc neo4j elasticsearch
database_operations/key_value redis aioredis dbm shelve memcache pylibmc
database_operations/migrations alembic
api/routing fastapi flask starlette django litestar sanic falcon bottle quart werkzeug
networking/http_client httpx requests aiohttp urllib3 httpcore http treq
networking/remote_services boto3 botocore grpc paramiko kubernetes docker stripe slack_sdk openai anthropic
networking/sockets socket websockets ssl h11 h2 wsproto zmq
networking/email smtplib email imaplib poplib
security/cryptography cryptography nacl Crypto
security/hashing hashlib hmac bcrypt argon2 passlib
security/authentication jwt jose oauthlib authlib itsdangerous
security/secrets secrets getpass keyring
concurrency/async asyncio trio anyio sniffio curio
concurrency/threading threading
concurrency/processes multiprocessing concurrent
concurrency/queues queue
concurrency/scheduling sched apscheduler schedule
caching/cache_storage cachetools diskcache
error_handling/retry tenacity backoff retrying stamina
validation/schema pydantic marshmallow jsonschema cerberus voluptuous
validation/types typeguard beartype
parsing/json json orjson ujson simplejson
parsing/csv csv
parsing/markup xml lxml bs4 html html5lib markdown markdown_it mistune
parsing/source_code ast astroid tokenize libcst parso lib2to3 pygments inspect dis
parsing/text re regex parsimonious lark pyparsing
parsing/url urllib yarl furl rfc3986
parsing/binary struct
io/paths pathlib glob fnmatch
io/files shutil tempfile
io/streams io
io/serialization pickle marshal yaml toml tomllib tomli msgpack tomlkit
io/compression gzip zlib bz2 lzma zipfile tarfile brotli zstandard
io/processes subprocess
cli/commands click typer argparse optparse docopt cmd
cli/terminal_output rich colorama blessed curses tqdm
cli/prompts questionary prompt_toolkit readline
ui/widgets textual tkinter PyQt5 PyQt6 PySide6 kivy wx
ui/rendering matplotlib plotly PIL
configuration/settings configparser pydantic_settings dynaconf
configuration/environment dotenv decouple
configuration/plugins pluggy importlib importlib_metadata pkg_resources stevedore
logging/log_output logging loguru structlog
logging/metrics prometheus_client statsd
logging/tracing opentelemetry traceback sentry_sdk
workflow/tasks celery rq huey dramatiq luigi
workflow/orchestration airflow prefect dagster metaflow
machine_learning/models torch tensorflow keras sklearn transformers xgboost lightgbm jax
data_processing/transformation pandas polars pyarrow
data_processing/numerics numpy scipy statistics math decimal fractions random sympy numba
data_processing/graphs networkx
data_processing/dates datetime dateutil zoneinfo calendar arrow pendulum
data_processing/iteration itertools more_itertools
data_processing/collections collections heapq bisect
testing/test_cases pytest unittest nose doctest
testing/mocking mock responses respx vcr
testing/property_testing hypothesis
""")

FRAMEWORKS = _table("""
api/routing fastapi flask django litestar sanic tornado starlette
workflow/tasks celery airflow
database_operations/queries sqlmodel sqlalchemy peewee pymongo
database_operations/key_value redis
ui/widgets textual
cli/commands typer click argparse
cli/terminal_output rich
machine_learning/models torch tensorflow sklearn transformers
data_processing/transformation pandas
data_processing/numerics numpy
networking/http_client scrapy aiohttp httpx requests
networking/remote_services boto3
testing/test_cases pytest unittest
testing/property_testing hypothesis
validation/schema pydantic marshmallow
concurrency/async trio asyncio
""")

WORDS = _table("""
database_operations/queries query sql cursor select upsert
database_operations/transactions transaction commit rollback savepoint
database_operations/models orm
database_operations/connections database db
database_operations/repositories repository
database_operations/migrations migration migrate
api/routing route router endpoint url_rule
api/request_handling request response cookie header
api/middleware middleware asgi wsgi
networking/http_client http client proxy redirect transport
networking/sockets socket websocket connection
security/authentication auth login authenticate credential jwt oauth
security/authorization permission authorize acl
security/cryptography encrypt decrypt cipher certificate ssl tls
security/hashing hash digest
security/secrets password secret
concurrency/async awaitable coroutine
concurrency/threading thread
concurrency/locking lock semaphore mutex
concurrency/queues queue worker
concurrency/scheduling schedule scheduler
caching/cache_storage cache cached memoize
error_handling/exceptions exception error
error_handling/retry retry backoff
error_handling/fallback fallback
error_handling/timeouts timeout
validation/input validate validator check verify
validation/schema schema
parsing/text parse parser tokenize lexer token split
parsing/markup markup markdown html xml
parsing/json json
parsing/csv csv
parsing/url url uri
parsing/source_code ast syntax
parsing/binary decode decoder encode encoder
parsing/dates date
io/files file
io/streams stream buffer reader writer
io/paths path directory folder
io/serialization serialize deserialize pickle dump
io/compression compress decompress gzip zip
io/processes subprocess
cli/commands command cli
cli/options option argument
cli/terminal_output terminal console ansi
cli/prompts prompt confirm
ui/widgets widget button
ui/rendering render draw paint
ui/layout layout align padding margin column row table panel
ui/styling style color theme css
ui/events event click mouse
configuration/settings config setting configure
configuration/environment environment
configuration/plugins plugin extension
logging/log_output log logger logging
logging/metrics metric
logging/tracing trace traceback
testing/fixtures fixture
testing/mocking mock fake stub
testing/test_cases test
workflow/tasks task job
workflow/orchestration pipeline workflow
machine_learning/training train fit epoch
machine_learning/models model predict classifier
machine_learning/features feature
machine_learning/evaluation score metric accuracy
data_processing/transformation transform convert normalize merge
data_processing/aggregation aggregate group sum average reduce
data_processing/iteration iterate chunk batch
data_processing/graphs graph node edge
data_processing/numerics matrix vector
data_processing/text text string word
data_processing/collections list dictionary
""")

TAGS = _table("""
error_handling/exceptions error-handling raises exception
concurrency/async async
data_processing/iteration generator async-generator
data_processing/transformation comprehension
caching/memoization cached
validation/schema model
io/streams resource-handling
""")

_METHODS = _table("""
database_operations/transactions commit rollback begin savepoint atomic begin_nested
database_operations/queries execute executemany fetchone fetchall fetchmany scalars scalar
io/streams readline readlines writelines readinto
concurrency/locking acquire
concurrency/async create_task gather wait_for run_in_executor ensure_future
logging/log_output debug warning critical
networking/sockets sendall recv
""")

_CALLS = {
    "open": "io/files", "print": "cli/terminal_output", "input": "cli/prompts", "hash": "data_processing",
    "sum": "data_processing/aggregation", "compile": "parsing/source_code", "os.environ.get":
    "configuration/environment", "os.getenv": "configuration/environment", "os.path.join": "io/paths",
    "os.path.exists": "io/paths", "os.makedirs": "io/files", "os.remove": "io/files", "os.listdir": "io/files",
}  # fmt: skip
_BUILTIN = frozenset(dir(builtins))


def of_call(origin: str) -> str | None:
    """What a call of this dotted origin speaks for."""
    if origin in _CALLS or origin in _BUILTIN:
        return _CALLS.get(origin)
    package, _, rest = origin.partition(".")
    if rest and package in PACKAGES:
        return PACKAGES[package]
    return _METHODS.get(origin.rpartition(".")[2]) if rest else None
