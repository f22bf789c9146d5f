"""What code calls otherwise than people do: learned, kept in a file, and counted by the ranking."""

from __future__ import annotations

from benchmarks.kin import Described, described, learn
from tui_patterns.search.kin import FILE, kin, read, written
from tui_patterns.search.parameters import FIELDS
from tui_patterns.search.query import of_code
from tui_patterns.search.query import read as asked
from tui_patterns.search.scoring import WordMatch, score, telling
from tui_patterns.search.terms import stem


def met(query: str, names: str) -> WordMatch:
    words = asked(query)
    fields = [names if field == "names" else "" for field in FIELDS]
    return score(telling(words, dict.fromkeys(words.words, 10), 1_000), fields)


def test_the_file_holds_stems_with_strengths_and_reads_back_as_it_was_written() -> None:
    lines = FILE.read_text("utf-8").splitlines()
    assert len(lines) > 100 and lines == sorted(lines, key=lambda line: line.split()[0])
    for line in lines:
        word, found = read(line)
        assert written(word, found) == line and kin(word) == found
        assert all(0.0 < strength <= 1.0 and other != word for other, strength in found)
        assert [strength for _, strength in found] == sorted((way[1] for way in found), reverse=True)


def test_a_name_that_says_it_otherwise_counts_but_less_than_one_that_says_it() -> None:
    itself, otherwise, neither = (met("remove it. ", name) for name in ("remov", "rm", "wrap"))
    assert itself.share >= otherwise.share > neither.share == 0.0
    assert otherwise.meant == (("remove", "rm"),) and otherwise.covered == 0.0
    assert itself.meant == met("remove it. ", "remov rm").meant == ()


def test_code_means_what_it_writes() -> None:
    words = of_code("def remove(item):\n    return item\n")
    assert not any(word.kin for word in telling(words, dict.fromkeys(words.words, 10), 1_000))
    assert any(word.kin for word in telling(asked("remove it. "), {"remove": 10}, 1_000))


def test_described_functions_are_read_from_source() -> None:
    import ast

    documented = 'def rmAll(x):\n    """Remove all of the files."""\n'
    tree = ast.parse(documented + '\ndef test_x():\n    """Remove files."""\n')
    words = tuple(map(stem, ("remove", "all", "files")))
    assert list(described("p", tree)) == [Described("p", (stem("rm"), stem("all")), words)]


def test_what_a_word_of_a_name_is_described_by_is_learned_from_two_packages_at_least() -> None:
    pairs = [
        Described(package, (verb, noun), (said, noun, "given"))
        for package in ("a", "b")
        for verb, said in (("rm", "remov"), ("mk", "creat"))
        for noun in ("fil", "dir", "user", "ord")
    ]
    found = learn(pairs)
    assert found["remov"][0][0] == "rm" and found["creat"][0][0] == "mk"
    assert found["remov"][0][1] > 0.5 and "mk" not in dict(found["remov"])
    assert "remov" not in learn([one for one in pairs if one.package == "a"])
