"""Random studies with fixed seeds against the oracle and the laws (D1, D2, D4, U1, U2, U5, A1 to A9)."""

from __future__ import annotations

import pytest

from .campaign import Campaign, explained

_CHUNKS, _STUDIES = 12, 8
_SLOW = (pytest.param(chunk, marks=pytest.mark.slow) for chunk in range(4, _CHUNKS))


@pytest.mark.parametrize("chunk", [*range(4), *_SLOW])
def test_random_studies_are_what_the_documents_say(chunk: int) -> None:
    campaign = Campaign()
    for seed in range(chunk * _STUDIES, (chunk + 1) * _STUDIES):
        campaign.run(seed)
    assert campaign.checks > 30 * _STUDIES
    assert not campaign.failures, "\n".join(
        f"{explained(seed, most=0)}\npython tests/fuzz/run.py --studies 1 --seed {seed} --laws 2 makes it small"
        for seed in list(campaign.failures)[:2]
    )
