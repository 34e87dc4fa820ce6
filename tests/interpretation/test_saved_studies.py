"""The study of a saved result: the same components, draws and sources, changed without the script (D4, U7, A10)."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import example_chats
import example_fleet
import numpy as np
import packing
import pandas
import pytest
from example_study import BEST, JOULES, build, engines, grid, jetson, part, robots, study, training, workstation

import lca
from lca.errors import FileFormatError, RecordError
from lca.graph.labels import Dim
from lca.interpretation.graph_data import GraphIn, GraphOut
from lca.interpretation.saved.kinds import KINDS, kind
from lca.interpretation.saved.things import ThingsIn, ThingsOut
from lca.records.record import Record
from lca.study.small_study import small_study


def drawn(thing: lca.Study, draws: int = 40) -> lca.Result:
    return lca.monte_carlo(thing, draws=draws, progress=False)


def given_back(made: lca.Study, folder: Path) -> lca.Study:
    """The study of a file, whose draws and provenance are those of the study that was saved, to the bit."""
    result = drawn(made)
    loaded = lca.load(lca.save(result, folder / "r.lca"))
    found = loaded.study
    assert found is not None
    assert repr(found) == repr(made)
    assert drawn(found).data.identical(result.data)
    pandas.testing.assert_frame_equal(lca.provenance(found), lca.provenance(made))
    assert [one.id for one in found.components] == [one.id for one in made.components]
    assert (found.model.notes, found.model.gaps) == (made.model.notes, made.model.gaps)
    return found


def measured() -> lca.MeasuredInference:
    clock = lca.meters.ScriptedClock()
    meter = lca.meters.scripted(lambda seconds: 20.0 if 6 < seconds < 38 else 2.0, clock=clock)
    return lca.measure_inference(lca.engines.scripted("net", seconds=0.01, clock=clock), meter, progress=False)


def log() -> Any:
    times = pandas.date_range("2026-03-02 09:00", periods=61, freq="min", tz="UTC")
    return lca.power_log(pandas.Series([200.0] * 61, index=times), at="wall")


def site() -> lca.Site:
    return lca.Site("lab", pue=1.2, electricity=grid(), supply_efficiency=0.9, rest_of_machine="3 W at_board")


def of_measured() -> lca.Study:
    net = measured()
    return part(robots(net, jetson(), site(), load="10 inference/s", idle_power=net.idle_power))


def of_ledger() -> lca.Study:
    made = lca.ledger(log(), name="semester", on=workstation(), site=site(), allocation="reserved_time", year=2026)
    return part(made)


def of_marks() -> lca.Study:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "results.csv")
        file.write_text("epoch,time,train/box_loss\n1,30,1.2\n2,50,1.1\n3,70,1.0\n4,90.5,0.9\n")
        steps = lca.read(file, format="ultralytics")
    run = lca.Training.extrapolated(
        "net", steps, power="200 W", at="wall", planned=300, site=site(), on=workstation(), year=2024,
        allocation="reserved_time",
    )  # fmt: skip
    return part(run)


def of_labels() -> lca.Study:
    """Numbers of devices by label, as `on=` takes them."""
    count = lca.labelled({"resnet18": 1, "squeezenet": 2}, "", dim="model")
    hours = lca.labelled({"resnet18": 6.5, "squeezenet": lca.Normal(9.0, 1.0)}, "h", dim="model")
    run = lca.Training("runs", power="150 W", duration=hours, at="wall", site=site(), year=2024, devices=2,
                       on={workstation(): count}, allocation="reserved_time")  # fmt: skip
    return part(run, parts=("model",))


def of_fleet() -> lca.Study:
    """A fleet that grows, whose devices fail and are renewed."""
    use = lca.Deployment(
        "robots", engines(), on=jetson(), site=site(), fleet=example_fleet.plan(10, 20, 30), start=2024, active=0.25,
        period="3 year", load="10 inference/s", idle=0, idle_power="2 W at_board", allocation="devices_made",
    )  # fmt: skip
    return part(use, alternatives=("engine",))


def of_scores() -> lca.Study:
    found = lca.labelled(dict.fromkeys(JOULES, lca.Normal(0.6, 0.01)), dim="engine")
    score = lca.Score("repeatability", found, better="higher", source="HPatches")
    return study().replaced(functional_unit=study().functional_unit.replaced(quality=score))


def of_scenarios() -> lca.Study:
    """Quantities, words and records side by side, of which some labels were selected."""
    made = study().vary("grid", {"robots.electricity": {place: grid(place) for place in ("US-RFCW", "US-CAMX")}})
    rules = {"robots.allocation": {"time": "reserved_time", "whole": "whole_units"}}
    made = lca.scenarios(made, {"robots.period": {3: "3 year", 8: "8 year"}, "rule": rules})
    return made.sel(engine=BEST, period=[3, 8])


def of_choices() -> lca.Study:
    options = {"low": lca.Uniform("20 kg CO2e", "30 kg CO2e"), "high": "90 kg CO2e"}
    return build().replace({"jetson.embodied": lca.choice("method", options, weights=[1, 3], default="low")})


def of_correlations() -> lca.Study:
    return study().replaced(correlations={("robots.load", "robots.supply_efficiency"): 0.6})


def of_days() -> lca.Study:
    days = [datetime.date(2024, 2, 29), datetime.date(2024, 3, 1)]
    return small_study().vary("day", {"bert.energy": dict(zip(days, ("120 kWh", "240 kWh"), strict=True))})


def of_cases() -> lca.Study:
    return lca.cases(small_study(), {"desk": {}, "hall": {"lab.pue": 1.5, "bert.energy": "100 kWh"}}, dim="room")


def of_exclusions() -> lca.Study:
    sunk = lca.sunk("weights", whole="9 kg CO2e", source="the card of the model")
    why = {**lca.operation_only("the machines exist anyway"), "weights": sunk}
    run = lca.Training("BERT", energy="120 kWh", at="wall", site=site(), year=2024)
    unit = lca.FunctionalUnit("one", count="1 device")
    about = lca.About(authors=["Ada"], date="2026-11-30", comparative=False)
    return lca.Study("run", run, functional_unit=unit, excluded=why, about=about)


STUDIES: dict[str, Callable[[], lca.Study]] = {
    "the demo's": study, "a measured inference": of_measured, "a ledger": of_ledger, "marks of a training": of_marks,
    "labels": of_labels, "scores": of_scores, "scenarios": of_scenarios, "choices": of_choices,
    "correlations": of_correlations, "days": of_days, "cases": of_cases, "exclusions": of_exclusions,
    "a renewed fleet": of_fleet, "a service": lambda: example_chats.study(example_chats.server()),
}  # fmt: skip


@pytest.mark.parametrize("name", list(STUDIES))
def test_u7_a_study_comes_back_with_its_draws_and_sources(name: str, tmp_path: Path) -> None:
    given_back(STUDIES[name](), tmp_path)


def test_d4_an_assumption_is_changed_without_the_script(tmp_path: Path) -> None:
    """D4: what `replace` makes of the study of a file is what it makes of the study itself."""
    found = lca.load(lca.save(drawn(study()), tmp_path / "r.lca")).study
    assert found is not None
    for changes in ({"robots.period": "8 year"}, {"robots.allocation": "whole_units"}, {"pittsburgh-desk.pue": 1.4},
                    {"robots.load": "12 inference/s", "jetson.lifetime": "3 year"}):  # fmt: skip
        assert drawn(found.replace(changes)).data.identical(drawn(study().replace(changes)).data)
    varied = found.vary("years", {"robots.period": {3: "3 year", 8: "8 year"}})
    eight = drawn(study().replace({"robots.period": "8 year"})).data["total"]
    np.testing.assert_allclose(drawn(varied).data["total"].sel(years=8), eight, rtol=1e-12)


def test_recordings_come_back(tmp_path: Path) -> None:
    """Samples of logs and measurements are in the file; the folder in which a log lay is not."""
    found = given_back(of_ledger(), tmp_path)["semester"]
    assert isinstance(found, lca.Development)
    assert found.data.equals(of_ledger()["semester"].data)
    again = given_back(of_measured(), tmp_path)["net"]
    assert again.table().equals(measured().table())
    text = b"".join(packing.unpacked(tmp_path / "r.lca").values())
    assert str(Path.cwd()).encode() not in text


def test_selected_results_keep_their_study(tmp_path: Path) -> None:
    loaded = lca.load(lca.save(drawn(of_scenarios()), tmp_path / "r.lca"))
    one = loaded.sel(grid="US-CAMX", period=8, rule="whole")
    assert one.study is not None
    here = drawn(of_scenarios()).data["total"].sel(grid="US-CAMX", period=8, rule="whole")
    np.testing.assert_allclose(drawn(one.study).data["total"], here, rtol=1e-12)
    again = lca.load(lca.save(one, tmp_path / "one.lca"))
    assert repr(again.study) == repr(one.study)


def test_a_result_of_nodes_has_no_study(tmp_path: Path) -> None:
    path = lca.save(lca.nominal(lca.parameter("x", 1.0)), tmp_path / "x.lca")
    assert lca.load(path).study is None
    assert "study.json" not in packing.unpacked(path)


# --- what cannot be given back --------------------------------------------------------------------------------------


class Own(lca.Site):
    """A component of a user."""


def test_what_is_lacking_is_named_when_it_is_asked_for(tmp_path: Path) -> None:
    """A component of a user's own class is not in the table: the result is whole, its study is not."""
    made = part(training(workstation(), Own("lab", pue=1.2, electricity=grid())), parts=("model",))
    path = lca.save(drawn(made), tmp_path / "r.lca")
    loaded = lca.load(path)
    assert loaded.study_if_whole is None
    said = r"the whole study(.|\n)*r.lca(.|\n)*superpoint-backbones.site: (.|\n)*Own"
    with pytest.raises(RecordError, match=said):
        _ = loaded.study
    assert lca.rerun(path)[1]["identical"].all()
    assert "does not hold the whole study" in lca.rerun(path)[1].attrs["note"]
    again = lca.load(lca.save(loaded, tmp_path / "again.lca"))
    with pytest.raises(RecordError, match="superpoint-backbones.site"):
        _ = again.study
    assert lca.difference(loaded, drawn(made)).table.loc["whole", "moves"] == 0


def _component(stored: Any, name: str) -> Any:
    return next(one["fields"] for one in stored["things"] if one["fields"].get("name") == name)


def _fields(stored: Any) -> Any:
    return stored["things"][0]["fields"]


CHANGES: dict[str, tuple[Callable[[Any], object], type[Exception], str]] = {
    "another rule": (lambda s: _component(s, "semester").update(allocation="whole_units"), RecordError, "other values"),
    "another title": (lambda s: _component(s, study().name).update(name="else"), RecordError, "title"),
    "a class of no row": (lambda s: s["things"][0].update(kind="Popen"), FileFormatError, "KeyError 'Popen'"),
    "a class by its module": (lambda s: s["things"][0].update(kind="os.system"), FileFormatError, "os.system"),
    "a field that is none": (lambda s: _fields(s).update(colour="red"), RecordError, "cannot be made again"),
    "a rule that is none": (lambda s: _component(s, "semester").update(allocation="half"), RecordError, "made again"),
    "a node that is not there": (lambda s: _fields(s).update(year={"node": 10**6}), FileFormatError, "Index"),
    "a value of no kind": (lambda s: _fields(s).update(year={"call": "x"}), FileFormatError, "'call'"),
    "no cases": (lambda s: s.pop("cases"), FileFormatError, "KeyError 'cases'"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CHANGES))
def test_a10_a_study_that_is_not_the_saved_one_is_refused_when_it_is_asked_for(name: str, tmp_path: Path) -> None:
    """A10: sealed anew by a hand that knows how; the study has to make the model that stands beside it."""
    change, kind_of_error, said = CHANGES[name]
    path = lca.save(drawn(study().sel(engine=BEST)), tmp_path / "r.lca")
    loaded = lca.load(packing.changed(path, "study.json", change, tmp_path / "bad.lca"))
    assert loaded.study_if_whole is None
    with pytest.raises(kind_of_error, match=said):
        _ = loaded.study


# --- the table of kinds -------------------------------------------------------------------------------------------


def test_every_public_component_is_in_the_table() -> None:
    public = {one for name in lca.__all__ if isinstance(one := getattr(lca, name), type) and issubclass(one, Record)}
    assert len(public) > 15
    assert {one.__name__ for one in public} <= set(KINDS)
    assert [kind(name).__name__ for name in KINDS] == list(KINDS)


def test_plain_values_of_every_kind_come_back() -> None:
    values = [None, True, 3, -0.1, "", "ä", (), (1, ("a",)), {"a": {3: 0.5}}, frozenset({"x", "y"})]
    values += [datetime.date(2024, 2, 29), lca.Normal(3, 1), lca.Lognormal.between(1, 9), Dim("model", ("a", 3))]
    out = ThingsOut(GraphOut())
    stored = json.loads(json.dumps([out(one) for one in values]))
    back = ThingsIn([], GraphIn({"dims": [], "parameters": [], "nodes": []}), [])
    assert [back(one) for one in stored] == values
    assert not out.lacking
    assert ThingsOut(GraphOut())(np.int64(3)) == 3
    out(lambda: 3)
    out(float("nan"))
    assert [said.rpartition(", ")[2] for said in out.lacking] == ["a function", "which is a float"]
