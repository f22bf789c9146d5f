"""Which framework a unit belongs to, by the packages that it really uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# framework: (category, top-level packages); where several are used, the first in this order wins.
_TABLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "fastapi": ("web", ("fastapi",)),
    "flask": ("web", ("flask", "flask_login", "flask_restful", "flask_sqlalchemy", "flask_wtf", "quart")),
    "django": ("web", ("django", "rest_framework", "wagtail")),
    "litestar": ("web", ("litestar",)),
    "sanic": ("web", ("sanic",)),
    "tornado": ("web", ("tornado",)),
    "starlette": ("web", ("starlette",)),
    "celery": ("tasks", ("celery", "kombu")),
    "airflow": ("tasks", ("airflow",)),
    "sqlmodel": ("database", ("sqlmodel",)),
    "sqlalchemy": ("database", ("sqlalchemy", "alembic")),
    "peewee": ("database", ("peewee",)),
    "pymongo": ("database", ("pymongo", "motor")),
    "redis": ("database", ("redis",)),
    "textual": ("terminal", ("textual",)),
    "typer": ("cli", ("typer",)),
    "click": ("cli", ("click",)),
    "torch": ("machine_learning", ("torch", "torchvision", "lightning", "pytorch_lightning")),
    "tensorflow": ("machine_learning", ("tensorflow", "keras")),
    "sklearn": ("machine_learning", ("sklearn",)),
    "transformers": ("machine_learning", ("transformers", "sentence_transformers")),
    "pandas": ("data", ("pandas", "polars")),
    "numpy": ("data", ("numpy", "scipy")),
    "scrapy": ("http", ("scrapy",)),
    "aiohttp": ("http", ("aiohttp",)),
    "httpx": ("http", ("httpx",)),
    "requests": ("http", ("requests",)),
    "boto3": ("cloud", ("boto3", "botocore", "aioboto3")),
    "pytest": ("testing", ("pytest", "pytest_asyncio")),
    "hypothesis": ("testing", ("hypothesis",)),
    "unittest": ("testing", ("unittest",)),
    "pydantic": ("validation", ("pydantic", "pydantic_settings")),
    "marshmallow": ("validation", ("marshmallow",)),
    "attrs": ("data", ("attr", "attrs")),
    "rich": ("terminal", ("rich",)),
    "trio": ("concurrency", ("trio", "anyio")),
    "asyncio": ("concurrency", ("asyncio",)),
    "argparse": ("cli", ("argparse",)),
}
_BY_PACKAGE = {package: name for name, (_, packages) in _TABLE.items() for package in packages}
_ORDER = {name: at for at, name in enumerate(_TABLE)}
KNOWN = frozenset(_TABLE)


def framework_of(packages: Iterable[str], preferred: Sequence[str] = ()) -> str | None:
    """The framework among *packages*: one of *preferred* in its order, else the most particular."""
    found = {_BY_PACKAGE[package] for package in packages if package in _BY_PACKAGE}
    first = next((name for name in preferred if name in found), None)
    return first or min(found, key=_ORDER.__getitem__, default=None)


def category_of(framework: str | None) -> str | None:
    """What a framework is for: ``web``, ``database``, ``testing``, …"""
    return _TABLE[framework][0] if framework in _TABLE else None
