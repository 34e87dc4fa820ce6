"""Bills of materials: parts, dies, shared factors, rival methods, and what is refused (A2, A9, A10, D4, U1, U9)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_parts import GATE, die, fab, value
from hypothesis import given, settings
from hypothesis import strategies as st

import lca
from lca.errors import AccountingError, DomainError, MissingError, UnitError
from lca.hardware.component_factors import fabrication
from lca.hardware.hardware import GATES
from lca.hardware.parts import CONTENTS, Line

SETTINGS = settings(max_examples=40, deadline=None, derandomize=True)
A_BIT = 1 + 1e-9


# --- dies -----------------------------------------------------------------------------------------------


def test_a_die_by_hand() -> None:
    """Gupta et al. 2022 eq. 5, with the share that is sold of a negative binomial yield."""
    good = (1 + 8 * 0.1 / 5) ** -5
    sold = good + 0.5 * (1 - good)
    assert value(die().sold) == pytest.approx(sold, rel=1e-12)
    assert value(die().embodied) == pytest.approx(8 * (2.75 * 0.6 + 0.3 + 0.5) / sold, rel=1e-12)
    assert value(die(count=2, fixed="1 kg CO2e").embodied) == pytest.approx(2 * (value(die().embodied) + 1), rel=1e-12)


def test_a_die_by_good_area_by_hand() -> None:
    """Boakes et al. 2023: what a die of 1 cm2 holds already is not divided by a yield again."""
    stated: dict[str, Any] = dict(method="good area", fab=None, good_area="2.42 kg CO2e/cm^2", reference_yield=0.86)
    by_area = dict(fab_energy=None, gases=None, materials=None)
    large = die(**stated, **by_area)
    assert value(large.embodied) == pytest.approx(8 * 2.42 * 0.86 / value(large.sold), rel=1e-12)
    reference = die(**stated, **by_area, area="1 cm^2", defect_density=None, clustering=None, harvest=None, yield_=0.86)
    assert value(reference.embodied) == pytest.approx(2.42, rel=1e-12)


def test_the_yield_models_give_their_formulas() -> None:
    for model, expected in (
        ("poisson", lca.formulas.poisson_yield(8.0, 0.1)),
        ("murphy", lca.formulas.murphy_yield(8.0, 0.1)),
    ):
        assert value(die(yield_model=model, harvest=0.0, clustering=None).sold) == pytest.approx(expected, rel=1e-12)


@SETTINGS
@given(st.floats(0.1, 8), st.floats(0, 1), st.floats(0, 0.9), st.floats(0, 0.9), st.floats(1, 2))
def test_more_of_anything_bad_never_lowers_a_die(
    area: float, density: float, harvest: float, intensity: float, more: float
) -> None:
    """More area, more defects and a dirtier fab never lower it; more harvest never raises it."""

    def burden(area: float, density: float, harvest: float, intensity: float) -> float:
        return value(
            die(
                area=f"{area!r} cm^2", defect_density=f"{density!r} 1/cm^2", harvest=harvest,
                fab=fab(f"{intensity!r} kg CO2e/(kWh at_facility)"),
            ).embodied
        )  # fmt: skip

    here = burden(area, density, harvest, intensity)
    assert burden(area * more, density, harvest, intensity) * A_BIT >= here
    assert burden(area, density * more, harvest, intensity) * A_BIT >= here
    assert burden(area, density, harvest, intensity * more) * A_BIT >= here
    assert burden(area, density, harvest / more, intensity) * A_BIT >= here


def test_a_fab_is_a_record_or_a_place_on_the_life_cycle_basis() -> None:
    looked_up = die(fab="Taiwan", year=2023).fab
    assert (looked_up.basis, looked_up.region) == ("life cycle", "TWN")
    loss = looked_up.grid_loss.parameter
    assert loss.status == "assumed", "no table has the loss of Taiwan's grid"
    assert loss.values[0].arguments == (0.02, 0.04, 0.08)
    busbar = fab("540 g CO2e/(kWh at_busbar)", grid_loss=0.1)
    assert value(die(fab=busbar).embodied) == pytest.approx(value(die().embodied), rel=1e-12)


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (dict(fab=None), MissingError, "electricity of the fab"),
        (dict(fab="Taiwan"), MissingError, "needs a year"),
        (dict(fab=fab("0.5 kg CO2/(kWh at_facility)")), AccountingError, "in CO2e(.|\n)*found: CO2\n"),
        (dict(fab=fab("0 kg CO2e/(kWh at_facility)", accounting="market-based", instrument="RECs")), AccountingError,
         "RECs(.|\n)*market-based"),
        (dict(fab=fab("0 kg CO2e/(kWh at_facility)", averaging="marginal")), AccountingError, "found: marginal"),
        (dict(method="volume"), DomainError, "no method 'volume'"),
        (dict(yield_model="seeds"), DomainError, "no yield_model 'seeds'"),
        (dict(yield_=0.8), AccountingError, "yield_= does not read defect_density, clustering, harvest"),
        (dict(area=None), MissingError, "area is not given"),
        (dict(gases=None), MissingError, "node of the process"),
        (dict(gases=None, node="N5"), DomainError, "has to be a length"),
        (dict(harvest=1.2), DomainError, "outside the domain"),
    ],
)  # fmt: skip
def test_a_die_that_does_not_add_up_is_refused(wrong: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        die(**wrong)


def test_one_yield_for_a_large_die_is_refused() -> None:
    bare: dict[str, Any] = dict(defect_density=None, clustering=None, harvest=None, yield_=0.875)
    assert value(die(area="2 cm^2", **bare).sold) == 0.875
    for area in ("2.01 cm^2", lca.parameter("half", "2 cm^2") * 2):
        with pytest.raises(AccountingError, match="above 2 cm"):
            die(area=area, **bare)


def test_a_class_of_process_without_a_row_takes_the_nearest_and_says_so() -> None:
    nearest = {"16 nm": "14 nm", "12 nm": "14 nm", "6 nm": "7 nm", "4 nm": "5 nm", "40 nm": "28 nm", "5 nm": "5 nm",
               "23.8 nm": "28 nm"}  # fmt: skip
    for asked, taken in nearest.items():
        found = fabrication("fab_energy", asked, "").parameter
        assert found is not None
        assert found.key == f"fabrication/{taken}.fab_energy"
        assert ("nearest to" in found.source) == (asked != taken)


# --- parts ----------------------------------------------------------------------------------------------


def test_parts_by_hand() -> None:
    server = lca.Hardware.from_parts(
        "server",
        [
            lca.Memory("memory", capacity="384 GB", kind="ddr", factor="1.4 kg CO2e/GB"),
            lca.Storage("drives", kind="hdd", factor="30 kg CO2e", count=4),
            lca.Storage("flash", capacity="2 TB", factor="40 g CO2e/GB"),
            lca.Board("board", area="1500 cm^2", factor="0.05 kg CO2e/cm^2"),
            lca.Passives("passives", area="1500 cm^2", factor="6 g CO2e/cm^2"),
            lca.PowerSupply("supplies", mass="1.2 kg", factor="18 kg CO2e/kg", count=2),
            lca.Enclosure("case", mass="15 kg", material="steel", factor="3 kg CO2e/kg"),
            lca.Cooling("fans", mass="2 kg", factor="10 kg CO2e/kg"),
            lca.Battery("cell", mass="10 g", factor="18 kg CO2e/kg"),
            lca.Packaging("box", mass="3 kg", factor="1 kg CO2e/kg"),
            lca.Assembly("assembly", mass="20 kg", factor="4 kg CO2e/kg"),
            lca.Part("network card", embodied="8 kg CO2e", contents={"dies", "board"}),
        ],
        lifetime="5 year",
    )
    by_hand = 384 * 1.4 + 4 * 30 + 80 + 75 + 9 + 2 * 1.2 * 18 + 45 + 20 + 0.18 + 3 + 80 + 8
    assert value(server.embodied) == pytest.approx(by_hand, rel=1e-12)
    assert server.contents == frozenset(CONTENTS) - {"switches", "host", "rack"}
    assert server.gate == GATE == GATES[0]


KINDS = [
    lca.Memory("a", capacity="1 GB", kind="hbm"), lca.Memory("b", capacity="1 GB", kind="gddr"),
    lca.Memory("c", capacity="1 GB", kind="ddr"), lca.Memory("d", capacity="1 GB", kind="lpddr"),
    lca.Storage("e", capacity="1 GB"), lca.Storage("f", capacity="1 GB", kind="flash"), lca.Storage("g", kind="hdd"),
    lca.Board("h", area="1 cm^2"), lca.Passives("i", area="1 cm^2"), lca.Cooling("j", mass="1 kg"),
    lca.PowerSupply("k", mass="1 kg"), lca.Enclosure("l", mass="1 kg"), lca.Battery("m", mass="1 kg"),
    lca.Enclosure("n", mass="1 kg", material="aluminium"), lca.Enclosure("o", mass="1 kg", material="plastic"),
    lca.Packaging("p", mass="1 kg"), lca.Assembly("q", mass="1 kg"),
]  # fmt: skip


@pytest.mark.parametrize("part", KINDS, ids=lambda part: f"{type(part).__name__}-{part.slug}")
def test_a_default_factor_has_spread_status_source_and_a_shared_key(part: Any) -> None:
    """A10, U1: what is assumed stays assumed, and its key is that of the kind, not of the part."""
    found = part.factor.parameter
    assert found.key.startswith("component/")
    assert found.is_random
    assert found.status in ("assumed", "dataset")
    assert found.status == "assumed" or not found.source.startswith("assumption")
    assert found.source
    assert value(part.embodied) == pytest.approx(found.values[0].nominal, rel=1e-12)


def test_a_common_error_is_common() -> None:
    """Two devices with HBM err together: the ratio of two memories is known exactly."""
    small, large = (lca.Memory(f"HBM {n}", capacity=f"{n} GB", kind="hbm") for n in (40, 80))
    together = lca.monte_carlo({"small": small.embodied, "large": large.embodied}, draws=1000).data
    np.testing.assert_allclose(together["large"], 2 * together["small"], rtol=1e-12)
    assert float(together["small"].std()) > 1


@pytest.mark.parametrize(
    ("build", "error", "words"),
    [
        (lambda: lca.Part("x"), MissingError, "amount is not given"),
        (lambda: lca.Part("x", amount="5 kg"), MissingError, "factor is not given"),
        (lambda: lca.Part("x", factor="5 kg CO2e/kg"), MissingError, "amount is not given"),
        (lambda: lca.Part("x", amount="5 kg", factor="1 kg CO2e/GB"), UnitError, "not per unit of the amount"),
        (lambda: lca.Part("x", embodied="5 kg CO2e", count=2), AccountingError, "count would have no effect"),
        (lambda: lca.Part("x", embodied="5 kg CO2e", contents="wheel"), DomainError, "'wheel'"),
        (lambda: lca.Part("x", fixed="5 kg CO2e", count=0), DomainError, "a number above 0"),
        (lambda: lca.Part("x", embodied="5 kg"), UnitError, "another dimension"),
        (lambda: lca.Memory("x", capacity="5 GB", kind="hbn"), MissingError, "memory_hbm"),
        (lambda: lca.Storage("x", capacity="5 GB", kind="tape"), DomainError, "no kind 'tape'"),
        (lambda: lca.Storage("x"), MissingError, "capacity is not given"),
        (lambda: lca.Enclosure("x", mass="5 kg", material="gold"), DomainError, "no material 'gold'"),
    ],
)
def test_a_part_that_says_too_little_or_too_much_is_refused(build: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        build()


def test_a_share_of_a_whole() -> None:
    board = lca.Hardware("baseboard", embodied="1312 kg CO2e", lifetime="5 year", contents={"dies", "switches"})
    share = board.per(8)
    assert value(share.embodied) == pytest.approx(164, rel=1e-12)
    assert share.contents == {"dies", "switches"}
    assert value(share.per(2).embodied) == pytest.approx(82, rel=1e-12)
    with pytest.raises(DomainError, match="0 is not a number"):
        board.per(0)


def test_every_part_is_a_line_of_the_bill() -> None:
    assert all(isinstance(part, Line) and part.contents <= set(CONTENTS) for part in KINDS)


def test_a2_one_of_one_is_the_whole_and_one_of_less_than_one_is_none() -> None:
    whole = lca.Part("board", embodied="8 kg CO2e", contents="board")
    assert value(whole.per(1).embodied) == pytest.approx(8, rel=1e-12)
    with pytest.raises(DomainError, match="0.99 is not a number"):
        whole.per(0.99)
