"""Which packages and calls speak for which category: ``key: "category/subcategory"``."""

from __future__ import annotations

import builtins

from tui_patterns.extraction.category_words import table

PACKAGES = table("""
database_operations/queries sqlalchemy sqlmodel sqlite3 psycopg psycopg2 asyncpg aiosqlite pymysql MySQLdb
database_operations/queries peewee pymongo motor databases pypika tortoise duckdb oracledb pyodbc neo4j
database_operations/queries elasticsearch
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

FRAMEWORKS = table("""
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

_METHODS = table("""
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
    "sum": "data_processing/aggregation", "compile": "parsing/source_code",
    "os.environ.get": "configuration/environment", "os.getenv": "configuration/environment",
    "os.path.join": "io/paths", "os.path.exists": "io/paths", "os.makedirs": "io/files",
    "os.remove": "io/files", "os.listdir": "io/files",
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
