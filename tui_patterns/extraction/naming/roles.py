"""What a unit is, by its labels, tags and decorators: a factory, an observer, cached, with retry."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tui_patterns.models import Label

SURE = 0.6

# What a class with such a label is called; what it says must not stand in its name already.
_CLASS_NOUNS = {
    "singleton": "singleton", "borg": "shared state", "singleton_per_thread": "per-thread singleton",
    "singleton_per_loop": "per-loop singleton", "factory": "factory", "class_factory": "class factory",
    "abstract_factory": "abstract factory", "builder": "builder", "fluent_interface": "fluent interface",
    "prototype": "prototype", "object_pool": "object pool", "connection_pool": "connection pool",
    "flyweight": "flyweight", "adapter": "adapter", "bridge": "bridge", "composite": "composite",
    "decorator": "wrapper", "facade": "facade", "proxy": "proxy",
    "chain_of_responsibility": "handler chain", "middleware": "middleware",
    "middleware_chain": "middleware chain", "command": "command", "command_message": "command message",
    "interpreter": "interpreter", "iterator": "iterator", "mediator": "mediator", "memento": "memento",
    "visitor": "visitor", "template_method": "template", "null_object": "null object",
    "specification": "specification", "observer": "observer", "event_emitter": "event emitter",
    "publish_subscribe": "publisher", "message_bus": "message bus", "strategy": "strategy",
    "state": "state", "state_machine": "state machine", "repository": "repository", "crud": "CRUD access",
    "identity_map": "identity map", "unit_of_work": "unit of work",
    "transaction_manager": "transaction manager", "service_layer": "service layer",
    "value_object": "value object", "aggregate": "aggregate", "domain_event": "domain event",
    "event_sourcing": "event store", "registry": "registry", "plugin_registry": "plugin registry",
    "mixin": "mixin", "metaclass": "metaclass", "descriptor": "descriptor",
    "front_controller": "front controller", "three_tier": "three-tier service", "mvc": "controller",
    "blackboard": "blackboard", "servant": "servant", "delegation": "delegate", "catalog": "catalog",
    "rate_limiter": "rate limiter", "circuit_breaker": "circuit breaker", "cache": "cache",
    "caching": "cache", "decorator_class": "decorator", "context_manager": "context manager",
    "producer_consumer": "work queue", "pagination": "paginator", "pagination_iterator": "paginator",
    "chunk_iterator": "chunker", "batch_chunk": "chunker", "retry": "retry policy",
    "backoff": "backoff policy", "dependency_injection": "injector",
}  # fmt: skip

# What a function with such a label is called.
_FUNCTION_NOUNS = {
    "factory": "factory", "factory_function": "factory", "class_factory": "class factory",
    "abstract_factory": "factory", "caching_decorator": "caching decorator",
    "validation_decorator": "validation decorator", "function_decorator": "decorator",
    "class_decorator": "class decorator", "context_manager": "context manager",
    "rate_limiter": "rate limiter", "circuit_breaker": "circuit breaker", "singleton": "singleton",
    "singleton_per_thread": "per-thread singleton", "singleton_per_loop": "per-loop singleton",
}  # fmt: skip

# What comes before a function's name.
_ADJECTIVES = {
    "memoize": "cached", "memoized_function": "cached", "cache": "cached", "caching": "cached",
    "lazy_property": "lazy", "lazy_init": "lazy", "lazy_evaluation": "lazy", "chunk_iterator": "chunked",
    "batch_chunk": "chunked", "pagination": "paginated", "pagination_iterator": "paginated",
}  # fmt: skip

# What comes after it, the most telling first.
_EXTRAS = {
    "retry": "with retry", "backoff": "with backoff", "transaction_manager": "in transaction",
    "unit_of_work": "in transaction", "cache_aside": "with caching", "timeout": "with timeout",
    "graceful_shutdown": "with graceful shutdown", "producer_consumer": "through queue",
    "exception_translation": "with error translation", "logging_wrapper": "with logging",
    "validation": "with validation", "transaction": "in transaction", "locking": "under lock",
}  # fmt: skip

_TAG_NOUNS = (
    ("context-manager", "context manager"), ("fixture", "fixture"), ("decorator", "decorator"),
    ("metaclass", "metaclass"), ("protocol", "protocol"), ("enum", "enum"),
    ("typed-dict", "typed dictionary"), ("named-tuple", "named tuple"), ("dataclass", "dataclass"),
    ("model", "model"),
)  # fmt: skip


def sure(labels: Iterable[Label]) -> list[str]:
    """The ids of the labels that count, the surest first."""
    return [label.label for label in labels if label.confidence >= SURE]


def class_noun(labels: Collection[str]) -> str:
    """The first label's noun for a class, or an empty text."""
    return next((_CLASS_NOUNS[label] for label in labels if label in _CLASS_NOUNS), "")


def function_noun(labels: Collection[str], tags: Collection[str]) -> str:
    """What a function is, where that is not simply a function."""
    known = next((_FUNCTION_NOUNS[label] for label in labels if label in _FUNCTION_NOUNS), "")
    return known or tag_noun(tags)


def tag_noun(tags: Collection[str]) -> str:
    """What the unit's tags say that it is, or an empty text."""
    return next((word for tag, word in _TAG_NOUNS if tag in tags), "")


def adjective(labels: Collection[str]) -> str:
    """``cached``, ``lazy``, … or an empty text."""
    return next((_ADJECTIVES[label] for label in labels if label in _ADJECTIVES), "")


# Of such packages a program often has several, each behind the same names of its own.
_BACKENDS = {
    "trio": "on trio", "curio": "on curio", "gevent": "on gevent", "eventlet": "on eventlet",
    "twisted": "on twisted", "h11": "with h11", "httptools": "with httptools", "wsproto": "with wsproto",
    "pycurl": "with curl", "asyncpg": "with asyncpg", "psycopg": "with psycopg",
    "psycopg2": "with psycopg2", "pymysql": "with PyMySQL", "aiosqlite": "with aiosqlite",
    "duckdb": "with DuckDB", "pymongo": "with MongoDB", "polars": "in Polars", "pyarrow": "in Arrow",
    "dask": "in Dask", "cupy": "on CuPy", "jax": "on JAX", "tensorflow": "on TensorFlow",
}  # fmt: skip
_FORMATS = {
    "csv": "as CSV", "json": "as JSON", "yaml": "as YAML", "tomllib": "as TOML", "pickle": "as pickle",
    "xml": "as XML", "html": "as HTML", "msgpack": "as MessagePack",
}  # fmt: skip
_WRITTEN = frozenset({"report", "dump", "dumps", "load", "loads", "serialize", "deserialize", "export"})


def backend(packages: Collection[str], said: Collection[str]) -> str:
    """``on trio``, ``as YAML``: what does the work, where there is a choice; tells apart twins of one thing.

    Nothing where several do, or where the name has *said* it already.
    """
    words = {word.lower() for word in said}
    known = {**_BACKENDS, **_FORMATS} if len(words) == 1 and words <= _WRITTEN else _BACKENDS
    found = [package for package in known if package in packages]
    told = len(found) == 1 and not words & {found[0], *known[found[0]].lower().split()}
    return known[found[0]] if told else ""


def extra(traits: Collection[str]) -> str:
    """``with retry`` and the like, for labels or traits, the most telling one."""
    return next((text for name, text in _EXTRAS.items() if name in traits), "")


# What a framework's component is called, where its name does not say so already.
_COMPONENTS = {
    "route": "endpoint", "command": "command", "fixture": "fixture", "task": "task", "hook": "hook",
    "validator": "validator", "middleware": "middleware", "model": "model", "operator": "operator",
    "sensor": "sensor", "view": "view", "serializer": "serializer", "form": "form", "test": "test",
    "dependency": "dependency", "event_handler": "event handler", "screen": "screen", "widget": "widget",
    "neural_network": "network",
}  # fmt: skip


def component_noun(component: str | None) -> str:
    """The word for a component type in a title, or an empty text."""
    return _COMPONENTS.get(component or "", "")
