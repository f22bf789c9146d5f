"""Secrets never get past ``mask``; ordinary code does, unchanged."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.sessions.masking import entropy, mask, masked

BODY = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
SECRETS = [
    ("AWS_ACCESS_KEY_ID=", "AKIA" + "Q7R2T9XW4ZB6NM5K", ""),
    ("key: ", f"sk-ant-api03-{BODY}", ""),
    ("key: ", f"sk-proj-{BODY}", ""),
    ("", f"ghp_{BODY}", " used"),
    ("", f"github_pat_{BODY}", ""),
    ("", f"glpat-{BODY[:20]}", ""),
    ("", f"xoxb-123456789012-{BODY}", ""),
    ("https://", f"hooks.slack.com/services/T0000/B0000/{BODY}", ""),
    ("", f"AIza{BODY}", ""),
    ("", f"npm_{BODY}", ""),
    ("", f"hf_{BODY}", ""),
    ("", f"pypi-AgEIcHlwaS5vcmc{BODY}", ""),
    ("stripe ", f"sk_live_{BODY}", ""),
    ("bot ", f"123456789:AA{BODY}", ""),
    ("", f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.{BODY}", ""),
    ("Authorization: Bearer ", BODY, ""),
    ("curl -H 'authorization: Basic ", "dXNlcjpodW50ZXIy", "' x"),
    ("curl -u admin:", "hunter2", " https://x"),
    ("postgresql://app:", "s3cr3t", "@db:5432/shop"),
    ("redis://:", "s3cr3t", "@cache"),
    ('password = "', "letmein", '"'),
    ('{"password": "', "letmein", '"}'),
    (r"{\"password\": \"", "letmein", r"\"}"),
    ("export DB_PASSWORD=", "correcthorse", ""),
    ("mysql --password ", "hunter2", " shop"),
    ("--token=", "abc123def456", ""),
    ('api_key="', "abc-123-xyz-987", '"'),
    ("client_secret: ", "9f8e7d6c5b4a", ""),
    ("the password is ", "hunter2!", " today"),
    ('seed = "', "kJ8s9Qwe7ZxC5vBn3MaS1dFg", '"'),
    ("AccountKey=", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq==", ";"),
]


@pytest.mark.parametrize(("before", "secret", "after"), SECRETS, ids=[one[1][:16] for one in SECRETS])
def test_a_secret_is_masked_and_what_surrounds_it_stays(before: str, secret: str, after: str) -> None:
    for text in (before + secret + after, f"x = 1\n{before}{secret}{after}\ny = 2\n"):
        found = mask(text)
        assert secret not in found and "[masked:" in found
        assert text.partition(secret)[0][: -len(before) or None] in found and after in found


KEY = "\n".join(
    "".join(random.Random(line).choices(string.ascii_letters + string.digits, k=64)) for line in range(6)
)


@pytest.mark.parametrize(
    "text",
    [
        f"-----BEGIN RSA PRIVATE KEY-----\n{KEY}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{KEY}",
        f"{KEY}\n-----END PRIVATE KEY-----",
        KEY,
    ],
)
def test_no_line_of_a_private_key_gets_through(text: str) -> None:
    assert not any(line in mask(text) for line in KEY.splitlines())


@pytest.mark.parametrize(
    "code",
    [
        "token = get_token(request)",
        "password: str = Field(min_length=8)",
        'secret_key = os.environ["SECRET_KEY"]',
        "password=$DB_PASSWORD",
        "max_tokens=4096, input_tokens: 100000",
        "self.token = token.strip()",
        "class TokenBucket(SecretStore):",
        'primary_key=True, foreign_key="orders.id"',
        'cache_key = f"user:{user_id}"',
        'digest = "0123456789abcdef0123456789abcdef01234567"',
        'headers = {"Authorization": f"Bearer {token}"}',
        "https://example.org/path?x=1",
        'id = "0a1b2c3d-0000-4000-8000-00000000000a"',
    ],
)
def test_code_that_only_speaks_of_secrets_is_left_alone(code: str) -> None:
    assert mask(code) == code


def test_code_of_this_project_passes_unchanged() -> None:
    import tui_patterns

    for path in sorted(Path(tui_patterns.__file__).parent.rglob("*.py"))[:60]:
        text = path.read_text("utf-8")
        assert mask(text) == text, path


def test_a_secret_at_the_cut_is_masked_before_the_cut() -> None:
    secret = f"ghp_{BODY}"
    assert BODY[:10] not in masked("x" * 90 + " " + secret, 100)


@given(st.text(max_size=400))
def test_masking_again_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.sampled_from(SECRETS), st.text(max_size=40), st.text(max_size=40))
def test_a_secret_is_masked_on_its_own_line_in_any_text(
    secret: tuple[str, str, str], before: str, after: str
) -> None:
    assert secret[1] not in mask(f"{before}\n{''.join(secret)}\n{after}")


def test_entropy_is_that_of_shannon() -> None:
    assert entropy("aaaa") == 0 and entropy("ab") == 1 and entropy("") == 0
