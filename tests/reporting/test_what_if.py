"""The what-if page: what it holds and loads, and what it refuses (A11, D4, Q4, Q6)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import example_study
import pytest
from browser import Browser, needs_browser, one_browser
from report_pages import Page
from what_if_pages import at, data_of, said

import lca
from lca.errors import DomainError, LabelError, LcaError, MissingError, RecordError, UnitError
from lca.study.small_study import small_study


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explore")
    return lca.explore(example_study.study(), folder / "new" / "page.html", draws=500)


@pytest.fixture(scope="module")
def browser() -> Browser:
    return one_browser()


# --- the file -----------------------------------------------------------------------------------------------


def test_the_page_is_one_small_file_that_can_load_nothing(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) < 130_000
    read = Page(re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL))
    assert {(tag, name) for tag, name, _ in read.loads} == {("meta", "content"), ("a", "href")}  # links load nothing
    policy = next(value for _, _, value in read.loads if "default-src" in value)
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-[^' ]+'; style-src 'sha256-[^' ]+'; "
        r"base-uri 'none'; form-action 'none'",
        policy,
    )
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert not re.search(r"fetch|XMLHttpRequest|WebSocket|import\(|\beval\(|innerHTML", script)


def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    made = [
        lca.explore(study, tmp_path / f"{n}.html", parameters=["robots.load", "jetson.embodied"], draws=100)
        for n, study in enumerate([example_study.study(), example_study.build()])
    ]
    assert made[0].read_bytes() == made[1].read_bytes()


def test_what_a_study_says_of_itself_cannot_end_the_script(tmp_path: Path) -> None:
    title = "</script><script>alert(1)</script> & <b>"
    study = small_study().replaced(name=title, about=lca.About(authors=["<i>Ada</i>"]))
    text = lca.explore(study, tmp_path / "a.html", parameters={"lab.pue": (1.0, 1.5)}).read_text(encoding="utf-8")
    assert text.count("<script") == 2
    assert "alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in text
    assert "&lt;i&gt;Ada&lt;/i&gt;" in text


# --- what is on it ------------------------------------------------------------------------------------------


def test_the_largest_drivers_are_on_the_page_with_their_own_ranges(page: Path) -> None:
    """Of a triangular load 5 and 95 % are 5 + sqrt(0.05 x 75) and 20 - sqrt(0.05 x 150)."""
    sliders = {one["path"]: one for one in data_of(page)["sliders"]}
    assert list(sliders)[:2] == ["jetson.embodied", "robots.load"]
    assert len(sliders) <= 10
    load = sliders["robots.load"]
    assert load["low"] == pytest.approx(5 + (0.05 * 75) ** 0.5, abs=0.05)
    assert load["high"] == pytest.approx(20 - (0.05 * 150) ** 0.5, abs=0.05)
    assert load["unit"] == "inference/s"
    assert sliders["jetson.embodied"]["unit"] == "kg CO2e"
    lognormal = [36 / 1.7**1.645, 36 * 1.7**1.645]
    assert [sliders["jetson.embodied"][one] for one in ("low", "high")] == pytest.approx(lognormal, rel=0.01)


def test_no_two_sliders_move_one_thing(tmp_path: Path) -> None:
    """A workstation of parts: its lifetime is that of the tower, and one of the two is on the page."""
    tower = example_study.workstation(lifetime=lca.Uniform("3 year", "6 year"))
    whole = lca.Hardware.from_parts("both", [tower], lifetime=tower.lifetime)
    study = example_study.part(example_study.training(whole, example_study.home_site(example_study.grid())),
                               parts=("model",))  # fmt: skip
    paths = [one["path"] for one in data_of(lca.explore(study, tmp_path / "a.html", draws=100))["sliders"]]
    assert len([path for path in paths if path.endswith("lifetime")]) == 1
    assert len([path for path in paths if path.endswith("embodied")]) == 1


def test_a_choice_begins_at_the_smallest_alternative(page: Path) -> None:
    (dim,) = data_of(page)["dims"]
    assert (dim["name"], dim["labels"][dim["at"]]) == ("engine", example_study.BEST)


# --- in a browser -------------------------------------------------------------------------------------------


@needs_browser
def test_a_reader_moves_a_slider_and_reads_what_changes(browser: Browser, page: Path) -> None:
    tab = browser.open(page, width=1280)
    before = tab.run("document.getElementById('headline').textContent")
    assert re.fullmatch(r"[\d,]+ kg CO2e \(median; 5 to 95\s%: [\d,]+ to [\d,]+\)", before)
    result = lca.monte_carlo(example_study.study().sel(engine=example_study.BEST), draws=500, progress=False)
    assert before.replace("\u00a0", " ") in repr(result)
    tab.run("document.getElementById('slider-0').focus()")
    tab.press("ArrowRight")
    tab.run("new Promise(requestAnimationFrame)")
    assert tab.run("document.getElementById('headline').textContent") != before
    assert "against the study as stated" in tab.text
    assert 'study.sel(engine="' in tab.text
    assert '"jetson.embodied": "' in tab.text
    assert "jetson.embodied=" in tab.run("location.hash")
    tab.run("document.getElementById('reset').click()")
    tab.run("new Promise(requestAnimationFrame)")
    assert tab.run("document.getElementById('headline').textContent") == before
    assert tab.complaints == []
    assert tab.requests == [page.as_uri()]


@needs_browser
def test_an_address_keeps_a_setting(browser: Browser, page: Path) -> None:
    tab = browser.open(
        page, hash="robots.load=9&engine=sp_mbv1_2_120_392_FP16_seq_4&unknown=1&jetson.embodied=nonsense"
    )
    assert tab.run("what_if.last.setting.values") == {"robots.load": 9}
    assert tab.run("document.querySelector('select').selectedOptions[0].textContent") == "sp_mbv1_2_120_392_FP16_seq_4"
    assert tab.run("document.getElementById('slider-1').getAttribute('aria-valuetext')") == "9 inference/s"


@needs_browser
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen_and_all_has_a_name(browser: Browser, page: Path, width: int) -> None:
    tab = browser.open(page, width=width)
    assert tab.run("document.documentElement.scrollWidth") <= width
    unnamed = """[...document.querySelectorAll('input, select, button')].filter(one =>
        !(one.labels?.length || one.getAttribute('aria-label') || one.textContent.trim())).length"""
    assert tab.run(unnamed) == 0


@needs_browser
def test_the_value_under_the_cursor_is_derived_as_the_library_does(browser: Browser, tmp_path: Path) -> None:
    """A10: the text is that of `lca.derivation` at the setting, for what is set and for what is not."""
    study = example_study.study()
    parameters = ["robots.load", "jetson.embodied", "semester.energy"]
    page = lca.explore(study, tmp_path / "a.html", parameters=parameters, draws=100)
    tab = browser.open(page)
    for values in ({}, {"robots.load": 7.5, "semester.energy": 70}):
        setting = {"values": values, "labels": {"engine": 2}}
        there = at(study, said(tab, setting)[1])
        for name in ("total", "use", "manufacturing", "functional_unit"):
            written = tab.run(f"what_if.derivation({name!r}, {json.dumps(setting)})")
            assert written == lca.derivation(there, name, steps=None)
    tab.run("document.querySelector('.asking[data-value=manufacturing]').focus()")
    assert tab.run("document.getElementById('derivation').textContent").startswith("manufacturing [kg CO2e] = ")


@needs_browser
def test_what_a_slider_holds_is_derived_where_it_is_an_expression(browser: Browser, page: Path) -> None:
    """The intensity of a grid is made of shares and factors: that step is there, until a number is set."""
    (path,) = (one["path"] for one in data_of(page)["sliders"] if one["path"].endswith(".intensity"))
    tab = browser.open(page)
    step = f"\n{path} [kg CO2e/(kWh at the busbar)] = "
    assert step in tab.run("what_if.derivation('use', {})")
    written = tab.run(f"what_if.derivation('use', {{values: {{{path!r}: 0.5}}}})")
    assert step not in written
    assert "intensity: given in a scenario, declared" in written


@needs_browser
def test_words_of_a_field_are_a_choice(browser: Browser, tmp_path: Path) -> None:
    """D4: a choice begins at what is stated, and its line of Python gives its numbers."""
    study = example_study.study().sel(engine=example_study.BEST)
    rules = {"whole devices": "whole_units", "nothing": "none"}
    parameters = {"robots.allocation": rules, "robots.devices": {"ten": 10}, "robots.load": None}
    page = lca.explore(study, tmp_path / "a.html", parameters=parameters, draws=100)
    tab = browser.open(page, hash="robots_allocation=whole+devices&robots_devices=ten")
    total = tab.run("what_if.last.answer.total.nominal")
    python = tab.run("document.getElementById('python').textContent")
    assert python == 'study.replace({\n    "robots.allocation": "whole_units",\n    "robots.devices": 10,\n})'
    replaced = study.replace({"robots.allocation": "whole_units", "robots.devices": 10})
    assert total == pytest.approx(lca.nominal(replaced).data["total"].item(), rel=1e-12)
    assert tab.run("what_if.answer({}).total.nominal") == pytest.approx(
        lca.nominal(study).data["total"].item(), rel=1e-12
    )


@needs_browser
def test_what_a_scenario_lacks_has_no_effect_there(browser: Browser, tmp_path: Path) -> None:
    """D4: one of two places has the hall; its slider says so, and the line of Python leaves it out elsewhere."""
    study = small_study()
    lab = study["lab"]
    assert isinstance(lab, lca.Site)
    places = study.vary("place", {"bert.site": {"lab": lab, "hall": lab.replaced(name="hall", pue=1.2)}})
    page = lca.explore(places, tmp_path / "a.html", parameters={"hall.pue": (1.0, 1.6)}, draws=100)
    tab = browser.open(page, hash="hall.pue=1.5&place=hall")
    assert tab.run("document.querySelector('.stated').textContent") == "stated: 1.2, without spread"
    for place, line in (("lab", ""), ("hall", '.replace({\n    "hall.pue": 1.5,\n})')):
        answer, python = said(tab, {"values": {"hall.pue": 1.5}, "labels": {"place": ["lab", "hall"].index(place)}})
        assert python == f'study.sel(place="{place}"){line}'
        here = lca.nominal(at(places, python)).data["total"].item()
        assert answer["total"]["nominal"] == pytest.approx(here, rel=1e-12)
    tab.run("location.hash = 'place=lab'")
    tab.run("new Promise(done => setTimeout(done, 50))")
    assert tab.run("document.querySelector('.stated').textContent") == "no effect with this choice"


@needs_browser
def test_a_setting_that_breaks_a_law_is_refused(browser: Browser, tmp_path: Path) -> None:
    """Q4: robots that are active and idle for more than a day; Python refuses the same setting, in the same words."""
    study = example_study.study().sel(engine=example_study.BEST)
    parameters = {"robots.active": ("4 h/day", "20 h/day"), "robots.idle": ("0 h/day", "16 h/day")}
    tab = browser.open(lca.explore(study, tmp_path / "a.html", parameters=parameters, draws=100))
    good, bad = {"robots.active": 10, "robots.idle": 10}, {"robots.active": 20, "robots.idle": 16}
    assert tab.run(f"what_if.answer({{values: {good}}}).refused") is None
    refused = tab.run(f"what_if.answer({{values: {bad}}}).refused")
    with pytest.raises(LcaError) as raised:
        study.replace({path: f"{number} h/day" for path, number in bad.items()})
    assert (refused["what"], refused["where"]) == (raised.value.what, raised.value.where)


# --- what is refused ----------------------------------------------------------------------------------------


def own(x: Any) -> Any:
    return x * 2


def paced() -> lca.Study:
    """A training whose spread of pace follows from how much of it was measured."""
    run = lca.Training.extrapolated(
        "run", duration="200 s", power="150 W", at="wall", measured=1_000, planned=170_000, year=2021,
        site=example_study.home_site(example_study.grid()),
    )  # fmt: skip
    return example_study.part(run)


WRONG: list[tuple[Any, type[LcaError], str]] = [
    ("robots.load", DomainError, "is not a list of texts or a mapping"),
    (["robots.laod"], MissingError, "no field 'laod'"),
    (["robot.load"], MissingError, "robot"),
    (["robots.allocation"], RecordError, "not a quantity"),
    (["superpoint-backbones.duration"], LabelError, "differs by model"),
    (["robots.devices"], DomainError, "no spread"),
    ({"robots.load": "5 inference/s"}, DomainError, "two ends"),
    ({"robots.load": ("5 inference/s", "2 inference/s")}, DomainError, "low < high"),
    ({"robots.load": ("5 kWh", "6 kWh")}, UnitError, "another dimension"),
    ({"robots.load": ("-5 inference/s", "6 inference/s")}, DomainError, "outside"),
    ({"robots.allocation": {"other": example_study.jetson()}}, RecordError, "between words and numbers"),
    ({"robots.allocation": {"as stated": "none"}}, LabelError, "as stated"),
    ({"robots.alocation": {"a": "none"}}, MissingError, "'allocation'"),
    (["robots.devices", "robots.period"], DomainError, "2 parameters cannot be moved"),
]


@pytest.mark.parametrize(("parameters", "kind", "text"), WRONG)
def test_what_no_slider_can_move_is_named(parameters: Any, kind: type[LcaError], text: str, tmp_path: Path) -> None:
    with pytest.raises(kind, match=re.escape(text)):
        lca.explore(example_study.study(), tmp_path / "a.html", parameters=parameters)
    assert list(tmp_path.iterdir()) == []


def test_a_group_that_would_fall_apart_is_refused(tmp_path: Path) -> None:
    """U14: where a pattern correlates values, one that is set leaves the group, and others draw anew in Python."""
    tied = example_study.study().replaced(correlations={"jetson.*": 0.5})
    with pytest.raises(RecordError, match="changes how the study is built"):
        lca.explore(tied, tmp_path / "a.html", parameters=["jetson.embodied", "jetson.distribution"])
    named = {("jetson.embodied", "jetson.distribution", "jetson.end_of_life"): 0.5}
    page = lca.explore(
        example_study.study().replaced(correlations=named), tmp_path / "b.html", draws=100,
        parameters=["jetson.embodied", "jetson.distribution"],
    )  # fmt: skip
    assert sum(isinstance(one, str) for one in data_of(page)["columns"]) == 3


@pytest.mark.parametrize(
    ("rest", "text"),
    [
        ({"draws": 10}, "from 100 up to 20000"),
        ({"draws": 1e3}, "whole"),
        ({"seed": -1}, "from 0"),
        ({"draws": "9"}, "9"),
    ],
)
def test_numbers_outside_are_refused(rest: dict[str, Any], text: str, tmp_path: Path) -> None:
    with pytest.raises(LcaError, match=text):
        lca.explore(small_study(), tmp_path / "a.html", parameters={"lab.pue": (1.0, 1.5)}, **rest)


def test_other_things_that_cannot_be_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DomainError, match=r"ends in \.html"):
        lca.explore(small_study(), tmp_path / "a.htm5")
    with pytest.raises(MissingError, match="no field of the study has a spread"):
        lca.explore(small_study(), tmp_path / "a.html")
    with pytest.raises(RecordError, match="a function of your own"):
        energy = lca.functions.apply(own, lca.parameter("x", "3 kWh at_wall"), unit="kWh at_wall")
        lca.explore(small_study().replace({"bert.energy": energy}), tmp_path / "a.html", parameters={"lab.pue": (1, 2)})
    with pytest.raises(RecordError, match="changes how the study is built"):
        lca.explore(paced(), tmp_path / "a.html", parameters={"run.measured": (500, 2000)})
    monkeypatch.setattr("lca.reporting.what_if.explore.MOST_BYTES", 1_000)
    with pytest.raises(DomainError, match=r"the page would have [\d,]+ bytes, more than 1,000"):
        lca.explore(small_study(), tmp_path / "a.html", parameters={"lab.pue": (1.0, 1.5)})
