"""Attribution: what follows a pattern is found through renaming and adaptation, and chance is not."""

from __future__ import annotations

import ast
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.attribution_changes import adapted, parse, partly_used, renamed
from tui_patterns.learning.attribution import Match, attribute
from tui_patterns.learning.facets import covered
from tui_patterns.learning.rarity import COMMON, RARE, Rarity
from tui_patterns.learning.tiling import LEAST_TOKENS, tiles
from tui_patterns.learning.token_stream import Code, read_code

PATTERN = '''
def fetch_with_backoff(client, url, attempts=5, base=0.5):
    """Fetch a page, waiting longer after each failure."""
    delay = base
    for attempt in range(attempts):
        try:
            response = client.get(url, timeout=10)
            response.raise_for_status()
            return response.json()
        except ConnectionError as error:
            logger.warning("attempt %d: %s", attempt, error)
            if attempt + 1 == attempts:
                raise
            time.sleep(delay)
            delay = min(delay * 2, MAX_DELAY)
    return None
'''.strip()
OTHER = '''
def fetch_page(session, address, tries):
    """Fetch a page; an attempt that fails is made again."""
    while tries > 0:
        tries -= 1
        with suppress(OSError):
            with session.open(address) as stream:
                return stream.read().decode()
    raise LookupError(address)
'''.strip()
HOST = """
def report(records, stream):
    total = 0
    for record in records:
        if record.kind == "sale":
            total += record.amount
    stream.write(f"total {total}")
    return total
""".strip()


def code(text: str) -> Code:
    found = read_code(text)
    assert found is not None
    return found


def compare(now: str, *before: str, own: tuple[str, ...] = ()) -> Match:
    return attribute(code(PATTERN), code(now), [code(one) for one in before], Rarity(), map(code, own))


def changed(maker: object, seed: int) -> str:
    return ast.unparse(maker(parse(PATTERN), Random(seed)))  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(8))
def test_renamed_and_adapted_code_is_a_use_with_its_lines(seed: int) -> None:
    assert compare(PATTERN).similarity == 1.0
    for maker in (renamed, adapted):
        match = compare(changed(maker, seed))
        assert match.used and 0.3 < match.similarity <= 1.0
        assert match.lines and match.pattern_lines


def test_a_part_within_other_code_is_a_use_on_its_lines_only() -> None:
    lines = PATTERN.split("\n")[3:9] + PATTERN.split("\n")[12:14]
    head, *rest = HOST.split("\n")
    now = "\n".join(
        [head, *lines[:5], "        except ConnectionError as error:", "            raise", *rest]
    )
    match = compare(now, HOST)
    assert match.used and set(match.lines) <= set(range(2, 9))


def test_another_solution_and_what_stood_before_are_no_use() -> None:
    assert not compare(OTHER).used
    assert not compare(PATTERN, PATTERN).used
    assert not compare(changed(adapted, 1), changed(renamed, 1)).used
    assert not compare(HOST.replace("sale", "refund"), HOST).used


def test_what_the_project_has_always_done_so_is_no_use() -> None:
    now = changed(renamed, 3)
    assert compare(now).used
    assert not compare(now, own=(changed(renamed, 4),)).used
    assert compare(now, own=(OTHER, HOST)).used


def test_async_and_sync_are_one() -> None:
    now = PATTERN.replace("def fetch", "async def fetch").replace("client.get", "await client.get")
    assert compare(now).held > 0.9


@given(st.integers(0, 1000))
def test_tiles_use_each_token_once_and_are_alike(seed: int) -> None:
    made, _ = partly_used(parse(PATTERN), parse(HOST), Random(seed))
    pattern, now = code(PATTERN), code(ast.unparse(made))
    seen: set[int] = set()
    for tile in tiles(pattern, now):
        assert tile.size >= LEAST_TOKENS
        assert (
            pattern.tokens[tile.pattern : tile.pattern + tile.size]
            == now.tokens[tile.now : tile.now + tile.size]
        )
        places = set(range(tile.now, tile.now + tile.size))
        assert not places & seen
        seen |= places


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    found = read_code(text)
    assert found is None or len(found.tokens) == len(found.lines)


def test_a_name_tells_the_more_the_fewer_know_it() -> None:
    rarity = Rarity.of(["handle(x)", "handle(y)", "rare_call(z)"] * 30 + ["once()"])
    assert COMMON == rarity.weight("append") < rarity.weight("handle") < rarity.weight("once") < RARE
    assert Rarity().weight("anything") == RARE


def test_facets_are_covered_by_their_lines() -> None:
    facets = {
        "logging": {"calls": [{"line": 9}]},
        "structural": {"kind": "function"},
        "validation": {"line": 2},
    }
    assert covered(facets, {9, 3}) == ["logging"]
    assert covered(facets, set()) == []
