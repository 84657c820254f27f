"""What tests of any room may ask for, and how many examples of a law, or cases, are tried."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from physio import code_cache
from pipelines.language import LANGUAGE

FEW = 4
SHARE = 8
"""Of the examples of a law, `make test` tries one in so many, but `FEW`; `make test-long` all.

Of the cases of a test that is marked `sampled` it tries one in so many, too.
"""


# A busy machine is no fault of a law's.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-examples", action="store_true", help="try all examples of laws, as test-long does"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the laws and cases of which `make test` tries a part, and let it try that part."""
    sample(items, every=config.getoption("all_examples"))
    laws: dict[Any, settings] = {}
    for item in items:
        law = getattr(item, "function", None)
        if item.get_closest_marker("long") is None and is_hypothesis_test(law):
            whole = laws.setdefault(law, law._hypothesis_internal_use_settings)
            if whole.max_examples > FEW:
                item.add_marker("law")
    if not config.getoption("all_examples"):
        for law, whole in laws.items():
            few = min(whole.max_examples, max(FEW, whole.max_examples // SHARE))
            law._hypothesis_internal_use_settings = settings(whole, max_examples=few)


def sample(items: list[pytest.Item], *, every: bool) -> None:
    """Leave all but one in so many cases of a test to `make test-long`, or mark all as tried."""
    seen: Counter[Any] = Counter()
    for item in items:
        if item.get_closest_marker("sampled") is None or item.get_closest_marker("long"):
            continue
        test = getattr(item, "function", None)
        if every:
            item.add_marker("law")
        elif seen[test] % SHARE:
            item.add_marker("long")
        seen[test] += 1


@pytest.fixture(autouse=True, scope="session")
def one_code_cache():
    """Machine code is shared with whoever runs the tests, wherever a test has its home.

    Else each home had its own compiled, a third of a minute of the processor each time.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMBA_CACHE_DIR", str(code_cache.root().parent))
        yield


@pytest.fixture
def english(monkeypatch):
    """English for a test of the sentences themselves; all others hold in any language."""
    monkeypatch.setenv(LANGUAGE, "en")
