"""What must not move a draw: further labels, other users of a component, another name under an old key (U2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from example_study import (
    BEST,
    ENGINE_NAMES,
    JOULES,
    build,
    development,
    engines,
    field_site,
    grid,
    home_site,
    jetson,
    part,
    result,
    robots,
    study,
    training,
    wall_meter,
    workstation,
)

import lca


def by_label(node: Any, draws: int = 1_000) -> dict[str, Any]:
    data = lca.monte_carlo(node, draws=draws, progress=False).data["value"]
    dim = next(name for name in data.dims if name != "draw")
    return {str(label): data.sel({dim: label}).to_numpy() for label in data[dim].values}


def test_u2_a_further_engine_changes_no_other_draw() -> None:
    """U2: 72 engines and a 73rd, wherever it stands in the list; the order of labels plays no role."""
    spread = {f"net{i}_{i % 4 + 1}_120_392_FP16_seq_4": lca.Normal(0.4 + i / 100, 0.04) for i in range(73)}

    def readings(labels: list[str]) -> dict[str, Any]:
        given = lca.labelled({label: spread[label] for label in labels}, "J at_board", dim="engine")
        made = lca.Inference.engines("many", given, names=ENGINE_NAMES, per="inference", baseline="marginal")
        return by_label(made.energy)

    names = list(spread)
    before = readings(names[:36] + names[37:])
    after = readings(names)
    mixed = readings(names[::-1])
    assert len(before) == 72
    for label, values in before.items():
        assert np.array_equal(values, after[label])
        assert np.array_equal(values, mixed[label])


def test_u2_a_further_engine_changes_no_result_of_another() -> None:
    fewer = dict(list(JOULES.items())[1:])
    data = lca.monte_carlo(build(joules=fewer), draws=4_000, progress=False).data
    for name in ("total", "use/robots", "training/superpoint-backbones"):
        whole = result().data[name]
        whole = whole.sel(engine=list(fewer)) if "engine" in whole.dims else whole
        assert np.array_equal(data[name].to_numpy(), whole.to_numpy()), name


def small(*activities: Any) -> dict[str, Any]:
    """Draws of everything that a study of some activities says."""
    data = lca.monte_carlo(part(*activities, parts=("model",)), progress=False).data
    return {str(name): values.to_numpy() for name, values in data.items()}


def test_u2_moving_and_sharing_a_component_changes_no_bit() -> None:
    """U2: the order of activities, another user of the same desk, or fewer of them."""
    desk, home = workstation(), home_site(grid())
    trained, developed = training(desk, home), development(desk, home)
    both, turned, alone = small(developed, trained), small(trained, developed), small(trained)
    other_desk = small(trained, development(workstation(name="another desk"), home))
    for name in (
        "training/superpoint-backbones",
        "manufacturing/superpoint-backbones",
        "energy/superpoint-backbones",
    ):
        for values in (turned, alone, other_desk):
            assert np.array_equal(both[name], values[name]), name
    # one desk in both activities is one embodied burden, two desks are two
    shared, apart = (
        values["manufacturing/superpoint-backbones"] / values["manufacturing/semester"] for values in (both, other_desk)
    )
    assert np.all(shared.std(axis=-1) < 1e-12 * shared.mean(axis=-1))
    assert np.all(apart.std(axis=-1) > 0.1 * apart.mean(axis=-1))


RENAMED = {
    "hardware": lambda name: {"desk": workstation(**name)},
    "site": lambda name: {"home": home_site(grid(), **name)},
    "training": lambda name: {"training": name},
    "meter": lambda name: {
        "training": {
            "power": lca.Meter(name.pop("name"), at="wall", accuracy="2 %", resolution="1 W", **name).read(
                {"a": 147, "b": 146}, "W", dim="model"
            )
        }
    },
}
OLD_KEYS = {
    "hardware": "gpu-workstation",
    "site": "pittsburgh-desk",
    "training": "superpoint-backbones",
    "meter": "kill-a-watt",
}


@pytest.mark.parametrize("thing", RENAMED)
def test_u2_renaming_with_a_key_changes_no_bit(thing: str) -> None:
    def draws(name: dict[str, str]) -> list[Any]:
        changes = RENAMED[thing](dict(name)) if name else {}
        desk, home = changes.get("desk", workstation()), changes.get("home", home_site(grid()))
        readings = {
            "duration": lca.labelled({"a": lca.Normal(196, 1), "b": lca.Normal(188, 1)}, "s", dim="model"),
            "power": wall_meter().read({"a": 147, "b": 146}, "W", dim="model"),
        }
        # a spread PUE, so that the site has a draw of its own to keep
        home = home.replaced(pue=lca.Uniform(1.0, 1.2)) if thing == "site" else home
        found = small(training(desk, home, **(readings | changes.get("training", {}))))
        return [values for name, values in found.items() if name.split("/")[0] in ("training", "manufacturing")]

    before = draws({})
    kept = draws({"name": "Something new", "key": OLD_KEYS[thing]})
    lost = draws({"name": "Something new"})
    assert len(before) == 4
    assert all(np.array_equal(a, b) for a, b in zip(before, kept, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(before, lost, strict=True))


def test_u2_own_labels_have_a_stream_each_and_shared_labels_one() -> None:
    spread = {"a": lca.Normal(10, 1), "b": lca.Normal(20, 4), "c": 7.0}
    own = by_label(lca.parameter("x", lca.labelled(spread, "W", dim="m")), 20_000)
    shared = by_label(lca.parameter("x", lca.labelled(spread, "W", dim="m", shared=True)), 20_000)
    assert abs(np.corrcoef(own["a"], own["b"])[0, 1]) < 4 / np.sqrt(20_000)
    np.testing.assert_allclose((shared["b"] - 20) / 4, shared["a"] - 10, rtol=0, atol=1e-12)
    assert np.all(own["c"] == 7)
    assert np.all(shared["c"] == 7)


def test_u2_a_swapped_value_keeps_its_draw_and_a_swapped_record_brings_its_own() -> None:
    """U2: in a scenario the field keeps its key; a record comes with the keys of its members."""
    best = study().sel(engine=BEST)
    loads = {
        "low": lca.Uniform("5 inference/s", "10 inference/s"),
        "high": lca.Uniform("10 inference/s", "20 inference/s"),
    }
    values = best.vary("load", {"robots.load": loads})
    count = lca.monte_carlo(values, draws=1_000, progress=False).data["functional_unit"]
    np.testing.assert_allclose(count.sel(load="high"), 2 * count.sel(load="low"), rtol=1e-12)
    sites = best.vary("grid", {"robots.electricity": {place: grid(place) for place in ("US-RFCW", "US-CAMX")}})
    use = lca.monte_carlo(sites, draws=1_000, progress=False).data["use"]
    ratio = (use.sel(grid="US-CAMX") / use.sel(grid="US-RFCW")).to_numpy()
    # each place errs on its own with this gsd, and what their publisher errs in cancels: the ratio has gsd ^ sqrt 2
    spread = lca.tables.read("electricity", "spreads").query("applies_to == 'eGRID direct' and default == 1")
    own = float(spread[spread["what"] == "residual between sources"]["gsd"].iloc[0])
    assert np.log(ratio).std() == pytest.approx(np.sqrt(2) * np.log(own), rel=4 / np.sqrt(2_000))


def test_u2_the_use_of_the_shared_parts_is_what_it_seems() -> None:
    """Guards the builders above: the same figures give the same study, bit for bit."""
    use = robots(engines(), jetson(), field_site(grid()))
    again = lca.monte_carlo({"energy": use.energy}, draws=4_000, progress=False).data["energy"]
    own = lca.monte_carlo({"energy": study().activities[2].energy}, draws=4_000, progress=False).data["energy"]
    assert np.array_equal(again.to_numpy(), own.to_numpy())


def test_u2_selected_labels_of_equal_distributions_keep_streams_of_their_own() -> None:
    """Two engines known equally well are still two engines: their draws differ, alone as side by side."""
    same = lca.parameter("watts", lca.labelled(dict.fromkeys("ab", lca.Normal(10, 1)), "W at_wall", dim="engine"))
    chosen = {label: lca.functions.select(same, "engine", label) for label in "ab"}
    data = lca.monte_carlo({**chosen, "both": same}, draws=200, progress=False).data
    for label in "ab":
        np.testing.assert_array_equal(data[label], data["both"].sel(engine=label))
    assert not np.array_equal(data["a"], data["b"])
