"""Usage as agents report it, in one form: classes of tokens that add up and do not overlap.

Claude Code's ``input_tokens`` leave both cache classes out; Codex's hold the
cached ones, and its ``output_tokens`` hold the reasoning ones. A usage in which
a number is negative, fractional, beyond 10^10 or no number is refused as a whole.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from tui_patterns.sessions.lines import Line
from tui_patterns.sessions.masking import mask_name
from tui_patterns.sessions.values import count, number, table, words
from tui_patterns.store.session_rows import MessageRow

_CLAUDE = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
_CODEX = (
    "input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens", "total_tokens",
)  # fmt: skip


def claude_usage(
    line: Line, message: dict[str, Any], turn: int | None, at: float | None, sidechain: bool
) -> MessageRow | None:
    """The usage of one line; ``None`` where it is refused."""
    usage = message.get("usage")
    counts = _counts(usage, _CLAUDE)
    if counts is None:
        return None
    given, output, created, read = counts
    five, hour = _cache_writes(created, table(table(usage).get("cache_creation")))
    message_id = words(message.get("id")) or ""
    request = words(line.value.get("requestId")) or ""
    return MessageRow(
        key=f"{message_id}:{request}" if message_id else words(line.value.get("uuid")) or line.key(),
        message_id=message_id or words(line.value.get("uuid")) or line.key(),
        turn=turn,
        at=at,
        model=mask_name(words(message.get("model"), 100) or "") or None,
        sidechain=sidechain,
        input=given,
        output=output,
        cache_5m=five,
        cache_1h=hour,
        cache_read=read,
        total=given + output + five + hour + read,
        fast=table(usage).get("speed") == "fast",
        recorded_usd=number(line.value.get("costUSD"), 1e6),
    )


def _counts(usage: Any, keys: tuple[str, ...]) -> list[int] | None:
    if not isinstance(usage, dict):
        return None
    found = [0 if usage.get(key) is None else count(usage[key]) for key in keys]
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) else None


def _cache_writes(created: int, split: dict[str, Any]) -> tuple[int, int]:
    """(kept for five minutes, kept for an hour); the sum is what the message says as a whole."""
    hour = count(split.get("ephemeral_1h_input_tokens")) or 0
    five = count(split.get("ephemeral_5m_input_tokens")) or 0
    whole = created or five + hour
    return whole - min(hour, whole), min(hour, whole)


def codex_usage(
    info: dict[str, Any], previous: dict[str, Any], turn: int | None, at: float | None, model: str | None
) -> MessageRow | None:
    """The usage of one request, from the delta or else from the growth of the sums.

    ``previous`` are the sums before it. The sums only grow, so that they name the
    request. ``None`` where nothing is said or it is refused.
    """
    sums, last = info.get("total_token_usage"), info.get("last_token_usage")
    counts = _counts(last, _CODEX) if last is not None else _growth(sums, previous)
    if counts is None or not any(counts):
        return None
    given, cached, output, reasoning, total = counts
    cached = min(cached, given)
    name = repr((_counts(sums, _CODEX) or at, counts))
    key = "codex-" + blake2b(name.encode(), digest_size=12).hexdigest()
    return MessageRow(
        key=key,
        message_id=key,
        turn=turn,
        at=at,
        model=model,
        sidechain=False,
        input=given - cached,
        output=output,
        cache_5m=0,
        cache_1h=0,
        cache_read=cached,
        total=given + output,
        reasoning=min(reasoning, output),
        reported_total=total,
        context_window=count(info.get("model_context_window")) or None,
    )


def _growth(sums: Any, previous: dict[str, Any]) -> list[int] | None:
    now, before = _counts(sums, _CODEX), _counts(previous, _CODEX)
    if now is None:
        return None
    return [max(0, new - old) for new, old in zip(now, before or [0] * len(now), strict=True)]


def codex_sums(info: dict[str, Any]) -> dict[str, Any] | None:
    """The sums so far, if the line says them."""
    counts = _counts(info.get("total_token_usage"), _CODEX)
    return dict(zip(_CODEX, counts, strict=True)) if counts else None
