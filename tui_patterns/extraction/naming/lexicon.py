"""Words that titles write in their own way: acronyms, brands, short forms, small words."""

from __future__ import annotations


def wordset(text: str) -> frozenset[str]:
    """The words of a text, a set that is easy to read and to add to."""
    return frozenset(text.split())


# Lower case inside a title.
SMALL = frozenset({
    "a", "an", "and", "as", "at", "by", "for", "from", "if", "in", "into", "of", "on", "onto", "or",
    "per", "the", "to", "until", "upon", "via", "with", "within", "without",
})  # fmt: skip

# They part an identifier into what is worked on and how: ``split_text_by_width``.
PREPOSITIONS = frozenset({
    "after", "as", "at", "before", "between", "by", "for", "from", "if", "in", "into", "of", "on", "onto",
    "over", "per", "since", "through", "to", "under", "until", "using", "via", "when", "while", "with",
    "within", "without",
})  # fmt: skip

# Written in capitals, however the identifier has them.
UPPER = frozenset({
    "abi", "acl", "aes", "ai", "ansi", "api", "arn", "asgi", "ascii", "ast", "aws", "bfs", "bom", "cdn",
    "cgi", "ci", "cli", "cors", "cpu", "crc", "crlf", "crud", "csp", "csr", "csrf", "css", "csv", "cte",
    "cuda", "db", "ddl", "dfs", "dn", "dns", "dom", "dsl", "dsn", "dto", "ecs", "eof", "faq", "fft",
    "fifo", "fqdn", "ftp", "gc", "gcp", "gcs", "gid", "gif", "gpu", "gui", "hmac", "hf", "hnsw", "html",
    "http", "https", "iam", "id", "ids", "imap", "io", "ip", "ipc", "iso", "jpg", "js", "json", "jwt",
    "kms", "ldap", "lfs", "lifo", "llm", "lru", "mac", "mcp", "md5", "mfa", "mime", "ml", "mro", "mx",
    "nan", "nlp", "ndjson", "npm", "ocr", "orm", "os", "otp", "pdf", "pem", "pgp", "pid", "pil", "png",
    "ppid", "pty", "rbac", "resp2", "resp3", "rgb", "rgba", "rpc", "rsa", "rss", "s3", "saml", "sdk",
    "sha", "sha1", "sha256", "sha512", "sigint", "sli", "smtp", "sni", "sns", "soap", "sql", "sqs",
    "sse", "ssh", "ssl", "sso", "svg", "svn", "tcp", "tls", "toc", "totp", "ttl", "tty", "tui", "udp",
    "ui", "uid", "uri", "url", "urls", "utc", "utf", "uuid", "vcs", "vm", "vpc", "wsgi", "xml", "xsrf",
    "yaml",
})  # fmt: skip

# Written with capitals inside.
CASED = {
    "asyncio": "asyncio",
    "bigquery": "BigQuery",
    "duckdb": "DuckDB",
    "github": "GitHub",
    "gitlab": "GitLab",
    "graphql": "GraphQL",
    "grpc": "gRPC",
    "gzip": "GZip",
    "h11": "h11",
    "httptools": "httptools",
    "ids": "IDs",
    "ipv4": "IPv4",
    "ipv6": "IPv6",
    "javascript": "JavaScript",
    "linkedin": "LinkedIn",
    "macos": "macOS",
    "mongodb": "MongoDB",
    "mysql": "MySQL",
    "numpy": "NumPy",
    "oauth": "OAuth",
    "oauth2": "OAuth2",
    "pypi": "PyPI",
    "openai": "OpenAI",
    "openapi": "OpenAPI",
    "postgresql": "PostgreSQL",
    "pytorch": "PyTorch",
    "sqlite": "SQLite",
    "typescript": "TypeScript",
    "urls": "URLs",
    "webhook": "Webhook",
    "websocket": "WebSocket",
    "websockets": "WebSockets",
    "youtube": "YouTube",
}

# Two parts of an identifier that are one word.
JOINED = {
    ("base", "64"): "base64",
    ("d", "type"): "dtype",
    ("d", "types"): "dtypes",
    ("duck", "db"): "duckdb",
    ("g", "zip"): "gzip",
    ("git", "hub"): "github",
    ("git", "lab"): "gitlab",
    ("graph", "ql"): "graphql",
    ("i", "pv4"): "ipv4",
    ("ipv", "4"): "ipv4",
    ("ipv", "6"): "ipv6",
    ("java", "script"): "javascript",
    ("md", "5"): "md5",
    ("mongo", "db"): "mongodb",
    ("my", "sql"): "mysql",
    ("o", "auth"): "oauth",
    ("oauth", "2"): "oauth2",
    ("open", "ai"): "openai",
    ("open", "api"): "openapi",
    ("post", "process"): "postprocess",
    ("pre", "process"): "preprocess",
    ("py", "pi"): "pypi",
    ("resp", "2"): "resp2",
    ("resp", "3"): "resp3",
    ("s", "3"): "s3",
    ("sha", "1"): "sha1",
    ("sha", "256"): "sha256",
    ("sha", "512"): "sha512",
    ("sq", "lite"): "sqlite",
    ("type", "script"): "typescript",
    ("web", "hook"): "webhook",
    ("web", "socket"): "websocket",
    ("web", "sockets"): "websockets",
}

# Short forms that nobody says aloud.
EXPANDED = {
    "compat": "compatibility", "cp": "copy", "du": "disk usage", "dircache": "directory cache",
    "ls": "list files", "makedirs": "make directories", "mkdir": "make directory", "mv": "move",
    "pat": "pattern", "rm": "remove", "rmdir": "remove directory", "addr": "address",
    "algo": "algorithm", "algos": "algorithms", "alloc": "allocation", "amt": "amount",
    "arg": "argument", "args": "arguments", "arr": "array", "attr": "attribute", "attrs": "attributes",
    "avg": "average", "bool": "boolean", "buf": "buffer", "calc": "calculate", "cb": "callback",
    "cert": "certificate", "certs": "certificates", "cfg": "config", "ch": "character",
    "char": "character", "chars": "characters", "cls": "class", "cmd": "command", "cmds": "commands",
    "cnt": "count", "col": "column", "cols": "columns", "concat": "concatenate", "conf": "config",
    "conn": "connection", "cond": "condition", "coro": "coroutine", "coros": "coroutines",
    "coords": "coordinates", "creds": "credentials", "ctx": "context", "cur": "current",
    "curr": "current", "def": "definition", "del": "delete", "delim": "delimiter",
    "delims": "delimiters", "dep": "dependency", "deps": "dependencies", "desc": "description",
    "dest": "destination", "dev": "development", "dict": "dictionary", "dicts": "dictionaries",
    "dim": "dimension", "dims": "dimensions", "dir": "directory", "dirs": "directories",
    "dist": "distribution", "div": "division", "dst": "destination", "dt": "date", "elem": "element",
    "elems": "elements", "env": "environment", "err": "error", "evt": "event", "exc": "exception",
    "exec": "execute", "expr": "expression", "exprs": "expressions", "ext": "extension",
    "fd": "file descriptor", "fds": "file descriptors", "fut": "future", "freq": "frequency",
    "fmt": "format", "fn": "function", "fs": "file system", "func": "function", "funcs": "functions",
    "gen": "generate", "hdr": "header", "ident": "identifier", "idx": "index", "img": "image",
    "impl": "implementation", "info": "info", "init": "initialize", "int": "integer", "iter": "iterate",
    "kw": "keyword", "kwarg": "keyword argument", "kwargs": "keyword arguments", "kwds": "keywords",
    "lang": "language", "len": "length", "lib": "library", "loc": "location", "lst": "list",
    "max": "maximum", "lvl": "level", "maint": "maintenance", "mem": "memory", "mgr": "manager",
    "min": "minimum", "mod": "module", "msg": "message", "msgs": "messages", "mul": "multiplication",
    "neg": "negation", "num": "number", "nums": "numbers", "obj": "object", "objs": "objects",
    "op": "operation", "ops": "operations", "opt": "option", "opts": "options", "orig": "original",
    "param": "parameter", "params": "parameters", "passwd": "password", "perm": "permission",
    "perms": "permissions", "pkg": "package", "pos": "position", "pred": "predicate",
    "prev": "previous", "prio": "priority", "proc": "process", "pwd": "password", "prop": "property",
    "props": "properties", "ptr": "pointer", "qs": "query string", "qty": "quantity",
    "readline": "read line", "readlines": "read lines", "readall": "read all", "readinto": "read into",
    "writeline": "write line", "writelines": "write lines", "rect": "rectangle", "recv": "receive",
    "ref": "reference", "refs": "references", "rel": "relation", "repo": "repository",
    "repr": "representation", "req": "request", "reqs": "requirements", "res": "result",
    "resp": "response", "ret": "return", "rhs": "right-hand side", "lhs": "left-hand side",
    "sep": "separator", "seq": "sequence", "seqs": "sequences", "sess": "session", "sig": "signature",
    "spec": "spec", "src": "source", "stats": "statistics", "stmt": "statement", "subj": "subject",
    "stmts": "statements", "srv": "server", "str": "string", "strs": "strings", "sym": "symbol",
    "sync": "sync", "sz": "size", "temp": "temporary", "term": "terminal", "tmp": "temporary",
    "tbl": "table", "tgt": "target", "tok": "token", "toks": "tokens", "txt": "text", "typ": "type",
    "util": "utility", "usr": "user", "utils": "utilities", "val": "value", "vals": "values",
    "var": "variable", "vars": "variables", "vec": "vector", "ver": "version", "ws": "websocket",
}  # fmt: skip
