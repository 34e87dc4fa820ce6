"""An estimate of the energy of each layer, from its share of the time (M9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...checks import finite_number
from ...distributions.lognormal import Lognormal
from ...graph import functions
from ...graph.fields import make_parameter
from ...graph.inputs import Labelled
from ...graph.labels import Dim, make_dim
from ...graph.node import Node, constant, parameter_node
from ...meters.observed import About, Observed
from ...units.parse import root
from ...units.registry import DIMENSIONLESS, Unit
from .bench_run import Layer

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False, repr=False)
class LayerEnergies(Observed):
    """An estimate of the energy of each layer: E_i = E t_i p_i / sum(t_j p_j).

    t_i is the mean time of the layer in a profiling run. p_i is its power beside the mean, which is not known:
    lognormal with median 1, one for each layer. So the layers sum to E in every draw.
    """

    energy: Observed  # of one inference
    layers: tuple[Layer, ...]
    spread: float  # the geometric standard deviation of p_i

    @property
    def data(self) -> pandas.DataFrame:
        """The layers in their order: time in ms in the profiling run, share of the time, estimate of the energy."""
        import pandas

        whole, about = sum(layer.seconds for layer in self.layers), self.energy.about
        unit = about.unit.replace("at_", "at the ")
        shares = [layer.seconds / whole for layer in self.layers]
        estimates = [None if about.amount is None else share * about.amount for share in shares]
        return pandas.DataFrame(
            {
                "layer": [layer.name for layer in self.layers],
                "time [ms]": [1000 * layer.seconds for layer in self.layers],
                "share of time": shares,
                f"energy estimate [{unit}]": estimates,
            }
        )

    def node(self, key: str, attach: Unit = DIMENSIONLESS) -> Node:
        """The estimates under a key, dims (layer,); the power of the layers has a key below it."""
        dims, size = (self._dim,), len(self.layers)
        given = Labelled((Lognormal(1.0, self.spread),) * size if self.spread > 1 else (1.0,) * size, "", dims)
        source = "assumed: a layer draws the mean power, up to this factor"
        power = parameter_node(make_parameter(f"{key}.power-of-layer", given, status="assumed", source=source))
        work = constant([layer.seconds for layer in self.layers], root("s"), dims) * power
        return self.energy.node(f"{key}.whole", attach) * work / functions.total(work, over="layer")

    @property
    def about(self) -> About:
        """The meter, and over which layers."""
        whole = self.energy.about
        return About(f"{whole.meter}, an estimate by share of time", None, whole.unit, (f"layer: {len(self.layers)}",))

    @property
    def _dim(self) -> Dim:
        return make_dim("layer", [layer.name for layer in self.layers])


def layer_energies(energy: Observed, layers: Sequence[Layer], spread: float) -> LayerEnergies:
    """The estimates of layers from the energy of one inference. Layers of one name are told apart by a number."""
    finite_number(spread, "layers(spread=)", low=1, form="give a geometric standard deviation, 1 or more: spread=1.5")
    seen: dict[str, int] = {}
    named = []
    for layer in layers:
        seen[layer.name] = seen.get(layer.name, 0) + 1
        named.append(layer if seen[layer.name] == 1 else Layer(f"{layer.name} ({seen[layer.name]})", layer.seconds))
    return LayerEnergies(energy, tuple(named), spread)
