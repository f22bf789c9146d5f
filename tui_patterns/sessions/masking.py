"""Secrets in foreign text, replaced before anything is stored.

A documented list, not a scanner: formats that their issuers document (a prefix
and a length), private keys, connection strings with a password, authorization
headers, and assignments to names that say *secret* or whose value looks random.
What it replaces becomes ``[masked:kind]``; a mask is never masked again.

Entropy is Shannon's, in bits a character. A random base64 text of 24 characters
has about 4.1, a random hexadecimal one about 3.4, English words less than 3.5;
so a value without a telling name must mix cases and digits and reach 4.0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from math import log2
from typing import NamedTuple

RANDOM_BITS = 4.0
MIN_RANDOM = 24
MIN_TOKEN = 16  # the shortest that a rule of an issuer looks for
_LOWER, _UPPER, _DIGIT = re.compile("[a-z]"), re.compile("[A-Z]"), re.compile(r"\d")
# Rules by issuer: (kind, a text that must occur, the pattern). The texts make most passes a substring search.
_ISSUED: tuple[tuple[str, str, str], ...] = (
    ("aws-key", "A", r"(?<![A-Za-z0-9])(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}\b"),
    ("anthropic-key", "sk-ant-", r"sk-ant-[\w-]{16,}"),
    ("openai-key", "sk-", r"(?<![A-Za-z0-9])sk-(?:proj-|svcacct-|admin-|or-v1-)?[A-Za-z0-9_-]{20,}"),
    ("stripe-key", "k_", r"(?:sk|rk|pk|whsec)_(?:live|test)_[A-Za-z0-9]{10,}"),
    ("webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{16,}"),
    ("github-token", "gh", r"gh[pousr]_[A-Za-z0-9]{20,}"),
    ("github-token", "github_pat_", r"github_pat_\w{20,}"),
    ("gitlab-token", "gl", r"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w-]{16,}"),
    ("slack-token", "xox", r"xox[abeoprs]-[\w-]{10,}"),
    ("slack-token", "xapp-", r"xapp-\d-[\w-]{10,}"),
    ("slack-webhook", "hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows)/[\w/+-]{20,}"),
    ("discord-webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}"),
    ("google-key", "AIza", r"AIza[\w-]{30,}"),
    ("google-token", "ya29.", r"(?<![A-Za-z0-9])ya29\.[\w-]{20,}"),
    ("google-token", "GOCSPX-", r"GOCSPX-[\w-]{20,}"),
    ("npm-token", "npm_", r"npm_[A-Za-z0-9]{30,}"),
    ("pypi-token", "pypi-", r"pypi-[\w-]{30,}"),
    ("huggingface-token", "hf_", r"hf_[A-Za-z0-9]{20,}"),
    ("sendgrid-key", "SG.", r"SG\.[\w-]{16,}\.[\w-]{16,}"),
    ("twilio-key", "SK", r"(?<![A-Za-z0-9])SK[0-9a-f]{32}\b"),
    ("mailgun-key", "key-", r"(?<![A-Za-z0-9])key-[0-9a-f]{32}\b"),
    ("telegram-token", ":AA", r"(?<![A-Za-z0-9])\d{8,10}:AA[\w-]{32,}"),
    ("digitalocean-token", "_v1_", r"do[opr]_v1_[0-9a-f]{32,}"),
    ("databricks-token", "dapi", r"(?<![A-Za-z0-9])dapi[0-9a-f]{32}\b"),
    ("vault-token", "hv", r"(?<![A-Za-z0-9])hv[sbr]\.[\w-]{20,}"),
    ("shopify-token", "shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b"),
    ("linear-key", "lin_", r"lin_(?:api|oauth)_[A-Za-z0-9]{20,}"),
    ("age-key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[A-Z0-9]{30,}"),
    ("jwt", "eyJ", r"eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"),
)
_KEY_BLOCK = re.compile(
    r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----.*?(?:-----END \1-----|\Z)", re.S
)
# Its end where its beginning was cut off, and single lines of it (RFC 7468: 64 characters).
_KEY_END = re.compile(r"\A[A-Za-z0-9+/=\s]+-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LINE = re.compile(r"[A-Za-z0-9+/]{60}")
_KEY_LINES = re.compile(r"^[A-Za-z0-9+/]{60,76}={0,2}$", re.M)
_URL = re.compile(r"(://[^\s:/@'\"`<>]{0,200}:)([^\s/@'\"`<>]{1,300})(?=@)")
_HEADER = re.compile(
    r"(?i)\b(authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:bearer|basic|token|digest)?\s{0,3}|bearer\s)"
    r"(?![\s\"'(\[{$<])([\w.~+/=-]{8,})"
)
_USER = re.compile(r"(\s(?:-u|--user)[= ]\s{0,3}[\"']?[^\s:\"']{1,80}:)([^\s\"']{1,200})")
_SAID = re.compile(r"(?i)\b((?:password|passphrase) is[: ]\s{0,2}[\"'`]?)([^\s\"'`]*[\d!@#$%^&*][^\s\"'`]*)")
_PASSWORD = r"passw(?:or)?d|passphrase|passwd|pwd"
_NAMES = (
    rf"{_PASSWORD}|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|credential"
    r"|auth[_-]?key|encryption[_-]?key|signing[_-]?key|salt|dsn"
)
_NAMED = re.compile(
    rf"(?i)((?:{_NAMES})[\w-]{{0,40}})(\\?[\"']?\]?\s{{0,3}}(?::=|=>|[:=])\s{{0,3}})"
    r"(\\?[\"'`]?)([^\s\"'`,;&|<>(){}\[\]\\]{3,500})(\\?[\"'`]?)"
)
_OPTION = re.compile(
    rf"(?i)(--?[\w-]{{0,40}}(?:{_NAMES})[\w-]{{0,40}}\s{{1,3}}[\"']?)([^\s\"'-][^\s\"']{{3,200}})"
)
_RANDOM = re.compile(r"([:=]\s{0,3}\\?[\"'`]?)([A-Za-z0-9+/_=-]{24,200})(?![\w.(/])")
_HINTS = ("pass", "pwd", "secret", "token", "key", "credential", "salt", "dsn")
_BETWEEN_TOKENS = bytes(
    code if chr(code) in "+/=_.:-" or (code < 128 and chr(code).isalnum()) else 32 for code in range(256)
)
_REFERENCE = re.compile(
    r"(?i)^(?:\$|%|\.|\*+$|x{3,}$|<|your|my[_-]|example|changeme|none$|null$|true$|false$|undefined$|str$|string$"
    r"|int$|bool$|bytes$|any$|optional|self\.|os\.|process\.|env\.|config\.|settings\.|https?:|\[masked:|\d+$)"
)
_WORDY = re.compile(r"^[A-Za-z_][a-z_]*(?:[.-][A-Za-z_][\w]*)*$|^[A-Z][A-Z_]*$|^[a-z]+(?:[A-Z][a-z]*)+$")


class _Rule(NamedTuple):
    hint: str
    pattern: re.Pattern[str]
    stand_in: str


_RULES = tuple(_Rule(hint, re.compile(pattern), f"[masked:{kind}]") for kind, hint, pattern in _ISSUED)


def mask(text: str) -> str:
    """``text`` with every secret that is recognised replaced. Idempotent."""
    if not text:
        return text
    if "PRIVATE KEY" in text:
        text = _KEY_BLOCK.sub(lambda found: f"[masked:{found[1].lower().replace(' ', '-')}]", text)
        text = _KEY_END.sub("[masked:private-key]", text)
    tokens = _long_tokens(text)
    if _KEY_LINE.search(tokens):
        text = _KEY_LINES.sub(lambda found: "[masked:key-line]" if _is_random(found[0]) else found[0], text)
    for rule in _RULES:
        if rule.hint in tokens and rule.pattern.search(tokens):
            text = rule.pattern.sub(rule.stand_in, text)
    if "://" in text:
        text = _URL.sub(_keeping("password"), text)
    text = _lines(text)
    return _RANDOM.sub(_random, text) if any(map(_is_random, tokens.split())) else text


def masked(text: str, keep: int) -> str:
    """The first ``keep`` characters, masked before they are cut: half a secret is not recognised."""
    return mask(text[: 4 * keep + 4_000])[:keep]


@lru_cache(maxsize=4096)
def mask_name(text: str) -> str:
    """``mask`` for a path, a title, the name of a tool: short, and said again and again."""
    return mask(text)


def _long_tokens(text: str) -> str:
    """The runs of characters that a key may consist of: few, so that most rules see little text."""
    found = text.encode("ascii", "replace").translate(_BETWEEN_TOKENS).split()
    return b" ".join([token for token in found if len(token) >= MIN_TOKEN]).decode()


def _lines(text: str) -> str:
    """Assignments, in lines with a telling word only: no such rule looks across lines."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter whose lower case is two
        return _assignments(text, lower)
    parts, done = [], 0
    for start, end in _telling(lower):
        parts += [text[done:start], _assignments(text[start:end], lower[start:end])]
        done = end
    return "".join(parts) + text[done:] if parts else text


def _telling(lower: str) -> list[tuple[int, int]]:
    """Begin and end of each line that holds a hint, in order."""
    found: set[tuple[int, int]] = set()
    for hint in (*_HINTS, "authorization", "bearer", " -u", "--user"):
        place = lower.find(hint)
        while place >= 0:
            end = lower.find("\n", place)
            end = len(lower) if end < 0 else end
            found.add((lower.rfind("\n", 0, place) + 1, end))
            place = lower.find(hint, end)
    return sorted(found)


def _assignments(line: str, lower: str) -> str:
    if "authorization" in lower or "bearer" in lower:
        line = _HEADER.sub(_keeping("authorization"), line)
    if " -u" in lower or "--user" in lower:
        line = _USER.sub(_keeping("password"), line)
    if any(hint in lower for hint in _HINTS):
        line = _NAMED.sub(_named, line)
        if " -" in lower or lower.startswith("-"):
            line = _OPTION.sub(_keeping("secret"), line)
        if " is" in lower:
            line = _SAID.sub(_keeping("password"), line)
    return line


def _keeping(kind: str) -> Callable[[re.Match[str]], str]:
    """Replaces the second group, unless it only refers to a secret."""

    def replaced(found: re.Match[str]) -> str:
        return found[0] if _REFERENCE.match(found[2]) else f"{found[1]}[masked:{kind}]"

    return replaced


def _named(found: re.Match[str]) -> str:
    name, between, opening, value, closing = found.groups()
    if _REFERENCE.match(value) or not _is_secret(name, between, opening and closing, value):
        return found[0]
    return f"{name}{between}{opening}[masked:{_kind(name)}]{closing}"


def _is_secret(name: str, between: str, quoted: str, value: str) -> bool:
    """Quoted passwords and shell variables always; other values where they look like no word of code."""
    if quoted:
        return len(value) >= 4 and (bool(re.search(_PASSWORD, name, re.I)) or not _WORDY.match(value))
    if between == "=" and name.isupper():
        return True
    return len(value) >= 6 and not _WORDY.match(value) and any(char.isdigit() for char in value)


def _kind(name: str) -> str:
    return "password" if re.search(_PASSWORD, name.lower()) else "secret"


def _random(found: re.Match[str]) -> str:
    return f"{found[1]}[masked:random]" if _is_random(found[2]) else found[0]


def _is_random(token: str) -> bool:
    """Whether a token, or a value assigned in it, mixes its characters as chance would."""
    value = max(re.split("[:=]", token), key=len)
    mixed = (
        len(value) >= MIN_RANDOM and _LOWER.search(value) and _UPPER.search(value) and _DIGIT.search(value)
    )
    return bool(mixed) and entropy(value) >= RANDOM_BITS


def entropy(text: str) -> float:
    """Shannon entropy of the characters of ``text``, in bits a character."""
    size = len(text)
    return -sum(many / size * log2(many / size) for many in Counter(text).values()) if size else 0.0
