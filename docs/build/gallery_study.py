import lca

unsure = dict(status="assumed", source="an example")
options = {"small": (0.50, 20), "medium": (0.33, 45), "large": (0.23, 90)}  # J/inference, and kg CO2e to make it
joules = lca.labelled({name: lca.Lognormal(j, gsd=1.1) for name, (j, _) in options.items()}, "J/inference", dim="board")
making = lca.labelled({name: lca.Lognormal(kg, gsd=1.3) for name, (_, kg) in options.items()}, "kg CO2e", dim="board")
places = {name: lca.Electricity.lookup(f"US-{name}", 2023) for name in ("NYUP", "CAMX", "RFCW", "MROE")}

hall = lca.Site(
    "hall", electricity=places["RFCW"], supply_efficiency=lca.Triangular(0.75, 0.85, 0.9), pue=1.0, **unsure
)
cluster = lca.Site("cluster", electricity=places["RFCW"], pue=lca.Uniform(1.1, 1.4), **unsure)
training = lca.Training(
    "network", power=lca.Normal("2 kW", "0.2 kW"), duration="200 h", at="wall", year=2021, site=cluster
)
board = lca.Hardware(
    "board", embodied=making, distribution="2 kg CO2e", end_of_life="0.2 kg CO2e", lifetime="5 year", **unsure
)
engine = lca.Inference("engine", joules, at="board", per="inference", baseline="marginal", **unsure)
robots = lca.Deployment(
    "robots",
    engine,
    on=board,
    site=hall,
    devices=100,
    start=2022,
    period="5 year",
    load=lca.Triangular("20 inference/s", "30 inference/s", "40 inference/s"),
    active="16 h/day",
    idle="0 h/day",
    idle_power="2 W at_board",
    allocation="reserved_time",
    **unsure,
)
study = lca.Study(
    "boards of 100 robots",
    training,
    robots,
    functional_unit=lca.FunctionalUnit("one inference", count=robots.inferences),
    alternatives=("board",),
    excluded={"development": lca.outside_goal("the network is there already")},
)

small = study.sel(board="small")
result = lca.monte_carlo(study, draws=2_000, progress=False)
