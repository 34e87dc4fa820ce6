"""Random studies as what-if pages: at random settings the browser computes what the library does (D4, U2)."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import needs_browser, one_browser
from what_if_pages import at, largest_difference, said, settings

import lca

from .build import study_of
from .generate import random_spec

pytestmark = [pytest.mark.slow, needs_browser]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_random_study_is_the_same_on_a_page(seed: int, tmp_path: Path) -> None:
    """A setting that the page refuses is refused by the library, too."""
    study = study_of(random_spec(seed))
    page = lca.explore(study, tmp_path / "page.html", draws=200, seed=seed)
    tab = one_browser().open(page)
    assert tab.complaints == []
    for setting in settings(page, 3, seed):
        answer, python = said(tab, setting)
        if "refused" in answer:
            with pytest.raises(lca.errors.LcaError):
                at(study, python)
        else:
            assert largest_difference(study, page, tab, setting) < 1e-12
    tab.close()
