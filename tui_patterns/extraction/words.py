"""Words that titles treat in their own way."""

from __future__ import annotations

# Lower case inside a title.
SMALL = frozenset({
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into",
    "of", "on", "or", "per", "the", "to", "via", "with",
})  # fmt: skip

# Written in capitals, however the identifier has them.
UPPER = frozenset({
    "api", "ast", "cli", "cpu", "crud", "css", "csv", "cte", "db", "dns", "dom", "dto", "fifo", "ftp", "gpu",
    "gui", "html", "http", "https", "id", "io", "ip", "json", "jwt", "lru", "mcp", "md5", "orm", "os", "pdf",
    "pid", "rgb", "rpc", "rss", "sdk", "sha", "sql", "ssh", "ssl", "tcp", "tls", "tty", "tui", "udp", "ui",
    "uri", "url", "utf", "uuid", "ws", "xml", "yaml",
})  # fmt: skip

# Methods with two underscores on either side, by what they are for.
SPECIAL = {
    "aenter": "context entry",
    "aexit": "context exit",
    "aiter": "async iteration",
    "anext": "next item",
    "bool": "truth value",
    "call": "call",
    "contains": "membership",
    "copy": "copy",
    "deepcopy": "deep copy",
    "del": "finalizer",
    "delitem": "item removal",
    "enter": "context entry",
    "eq": "equality",
    "exit": "context exit",
    "get": "attribute read",
    "getattr": "attribute access",
    "getitem": "item access",
    "getstate": "pickled state",
    "hash": "hash",
    "init": "initializer",
    "init_subclass": "subclass hook",
    "iter": "iteration",
    "len": "length",
    "lt": "ordering",
    "new": "constructor",
    "next": "next item",
    "post_init": "post initializer",
    "reduce": "pickling",
    "repr": "representation",
    "set": "attribute write",
    "set_name": "name binding",
    "setattr": "attribute assignment",
    "setitem": "item assignment",
    "setstate": "state restoration",
    "str": "text form",
}
