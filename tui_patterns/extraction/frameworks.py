"""Which framework a unit belongs to, by the packages that it really uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# framework: top-level packages; where several are used, the first in this order wins.
_TABLE: dict[str, tuple[str, ...]] = {
    "fastapi": ("fastapi",),
    "flask": ("flask", "flask_login", "flask_restful", "flask_sqlalchemy", "flask_wtf", "quart"),
    "django": ("django", "rest_framework", "wagtail"),
    "litestar": ("litestar",),
    "sanic": ("sanic",),
    "tornado": ("tornado",),
    "starlette": ("starlette",),
    "celery": ("celery", "kombu"),
    "airflow": ("airflow",),
    "sqlmodel": ("sqlmodel",),
    "sqlalchemy": ("sqlalchemy", "alembic"),
    "peewee": ("peewee",),
    "pymongo": ("pymongo", "motor"),
    "redis": ("redis",),
    "textual": ("textual",),
    "typer": ("typer",),
    "click": ("click",),
    "torch": ("torch", "torchvision", "lightning", "pytorch_lightning"),
    "tensorflow": ("tensorflow", "keras"),
    "sklearn": ("sklearn",),
    "transformers": ("transformers", "sentence_transformers"),
    "pandas": ("pandas", "polars"),
    "numpy": ("numpy", "scipy"),
    "scrapy": ("scrapy",),
    "aiohttp": ("aiohttp",),
    "httpx": ("httpx",),
    "requests": ("requests",),
    "boto3": ("boto3", "botocore", "aioboto3"),
    "pytest": ("pytest", "pytest_asyncio"),
    "hypothesis": ("hypothesis",),
    "unittest": ("unittest",),
    "pydantic": ("pydantic", "pydantic_settings"),
    "marshmallow": ("marshmallow",),
    "attrs": ("attr", "attrs"),
    "rich": ("rich",),
    "trio": ("trio", "anyio"),
    "asyncio": ("asyncio",),
    "argparse": ("argparse",),
}
_BY_PACKAGE = {package: name for name, packages in _TABLE.items() for package in packages}
_ORDER = {name: at for at, name in enumerate(_TABLE)}
KNOWN = frozenset(_TABLE)


def framework_of(packages: Iterable[str], preferred: Sequence[str] = ()) -> str | None:
    """The framework among *packages*: one of *preferred* in its order, else the most particular."""
    found = {_BY_PACKAGE[package] for package in packages if package in _BY_PACKAGE}
    first = next((name for name in preferred if name in found), None)
    return first or min(found, key=_ORDER.__getitem__, default=None)
