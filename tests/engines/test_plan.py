"""Plans and their sidecars: read back, damaged, changed, and many of them as one labelled table (D3)."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from fake_tensor_rt import FakeTensorRT

from lca.engines import Plan, TensorRT, plans
from lca.engines.tensor_rt.plan import Layer, read_plan, write_plan
from lca.errors import EngineError, FileFormatError, LabelError
from lca.inventory.inference.label_patterns import parse_names
from lca.whole_files import sha256_of

CONTENT = b"what TensorRT wrote"
NET = Plan(
    Path("net.plan"), "net_2_120_392_fp16", "net", 2, 120, 392, None, "fp16", {"image": (2, 3, 120, 392)}, "tensorrt",
    "10.1", "", ("TF32",), (Layer("conv", "kgen"),), "the log of the builder", 3, len(CONTENT), 0.25, "0" * 64,
    sha256_of(CONTENT),
)  # fmt: skip


def written(folder: Path, **changed: object) -> Plan:
    plan = dataclasses.replace(NET, path=folder / "net.plan", **changed)  # type: ignore[arg-type]
    write_plan(plan, CONTENT)
    return plan


def test_a_sidecar_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    plan = written(tmp_path)
    found = read_plan(plan.path)
    assert found is not None
    assert dataclasses.replace(found, shapes=NET.shapes, flags=NET.flags) == plan
    assert [list(shape) for shape in found.shapes.values()] == [[2, 3, 120, 392]]
    assert read_plan(tmp_path / "other.plan") is None


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)

    def fails(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("lca.whole_files.os.replace", fails)
    with pytest.raises(EngineError, match="cannot be written"):
        written(tmp_path, batch=9)
    monkeypatch.undo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net.plan", "net.plan.json"]
    found = read_plan(tmp_path / "net.plan")
    assert found is not None
    assert found.batch == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "no sidecar of format 1"),
        ({"batch": "2"}, "batch is not a whole number: '2'"),
        ({"layers": [1]}, "layers is not a list"),
        ({"name": None}, "name is not a text"),
    ],
)
def test_a_damaged_sidecar_raises_with_every_fault(tmp_path: Path, change: dict[str, object], said: str) -> None:
    path = written(tmp_path).path
    sidecar = path.with_name("net.plan.json")
    sidecar.write_text(json.dumps(json.loads(sidecar.read_text()) | change))
    with pytest.raises(FileFormatError, match="sidecar of a plan is damaged") as raised:
        read_plan(path)
    assert raised.value.sides[0].startswith(said)


def test_a_sidecar_that_lacks_a_field_or_is_no_json_raises(tmp_path: Path) -> None:
    path = written(tmp_path).path
    sidecar = path.with_name("net.plan.json")
    whole = json.loads(sidecar.read_text())
    del whole["batch"], whole["size"]
    sidecar.write_text(json.dumps(whole))
    with pytest.raises(FileFormatError) as raised:
        read_plan(path)
    assert raised.value.sides == ("batch is missing", "size is missing")
    for text in ("{", "[]", "\x00"):
        sidecar.write_text(text)
        with pytest.raises(FileFormatError, match="damaged"):
            read_plan(path)


def test_a_plan_that_is_not_the_one_of_its_sidecar_raises(tmp_path: Path, trt: FakeTensorRT) -> None:
    plan = written(tmp_path)
    plan.path.write_bytes(b"another")
    with pytest.raises(FileFormatError, match="not the plan of its sidecar"):
        TensorRT(plan).load()


def test_d3_many_plans_are_one_dim_with_coordinates(tmp_path: Path) -> None:
    """D3: batch, size and precision are coordinates of `engine`, and no dims of their own."""
    others = [dataclasses.replace(NET, name=f"net_{b}_120_392_{p}", batch=b, precision=p, size=100 * b)
              for b in (1, 4) for p in ("fp32", "fp16")]  # fmt: skip
    table = plans([written(tmp_path).path, *others])
    assert dict(table.sizes) == {"engine": 5}
    assert set(table.coords) == {"engine", "backbone", "batch", "height", "width", "precision"}
    assert table["size"].sel(engine="net_4_120_392_fp16").item() == 400
    assert table["size"].attrs["unit"] == "byte"
    assert table["layers"].values.tolist() == [1] * 5
    assert table.where(table["batch"] == 1, drop=True).sizes["engine"] == 2


def test_d4_names_of_plans_are_taken_apart_by_the_pattern_of_their_coordinates() -> None:
    found = parse_names("<backbone>_<batch:int>_<height:int>_<width:int>_<precision>", ["light_net_2_120_392_fp16"])
    assert {name: values[0] for name, values in found.items()} == {
        "backbone": "light_net", "batch": 2, "height": 120, "width": 392, "precision": "fp16",
    }  # fmt: skip


def test_plans_without_sidecar_without_label_or_of_one_name_raise(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="0 plans do not give a label each"):
        plans([])
    with pytest.raises(LabelError) as raised:
        plans([NET, NET])
    assert raised.value.sides == ("net_2_120_392_fp16",)
    with pytest.raises(EngineError, match="has no sidecar"):
        plans([tmp_path / "none.plan"])
