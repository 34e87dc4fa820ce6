# The public names of lca, and the module that holds each. `lca/__init__.py` loads a name when it is used.
from . import engines as engines
from . import errors as errors
from . import formulas as formulas
from . import meters as meters
from .characterization.gwp import characterization_factor as characterization_factor
from .distributions.base import Distribution as Distribution
from .distributions.discrete import Discrete as Discrete
from .distributions.families import (
    Empirical as Empirical,
)
from .distributions.families import (
    Lognormal as Lognormal,
)
from .distributions.families import (
    Normal as Normal,
)
from .distributions.families import (
    Pert as Pert,
)
from .distributions.families import (
    SplitLognormal as SplitLognormal,
)
from .distributions.families import (
    Triangular as Triangular,
)
from .distributions.families import (
    Uniform as Uniform,
)
from .distributions.families import (
    Weibull as Weibull,
)
from .distributions.pedigree import pedigree as pedigree
from .electricity.electricity import Electricity as Electricity
from .electricity.publishers import (
    carbon_free_share as carbon_free_share,
)
from .electricity.publishers import (
    pue as pue,
)
from .electricity.publishers import (
    wue as wue,
)
from .engines.measuring.measured_inference import MeasuredInference as MeasuredInference
from .engines.measuring.measuring import measure_inference as measure_inference
from .errors import LcaWarning as LcaWarning
from .graph import functions as functions
from .graph.choice import choice as choice
from .graph.fields import parameter as parameter
from .graph.inputs import labelled as labelled
from .graph.shares import shares as shares
from .hardware.die import Die as Die
from .hardware.hardware import Hardware as Hardware
from .hardware.part_kinds import (
    Assembly as Assembly,
)
from .hardware.part_kinds import (
    Battery as Battery,
)
from .hardware.part_kinds import (
    Board as Board,
)
from .hardware.part_kinds import (
    Cooling as Cooling,
)
from .hardware.part_kinds import (
    Enclosure as Enclosure,
)
from .hardware.part_kinds import (
    Memory as Memory,
)
from .hardware.part_kinds import (
    Packaging as Packaging,
)
from .hardware.part_kinds import (
    Passives as Passives,
)
from .hardware.part_kinds import (
    PowerSupply as PowerSupply,
)
from .hardware.part_kinds import (
    Storage as Storage,
)
from .hardware.parts import Part as Part
from .impact.allocation import allocation_table as allocation_table
from .installed import show_versions as show_versions
from .installed import versions as versions
from .interpretation import plot as plot
from .interpretation.attribution import Attribution as Attribution
from .interpretation.attribution import attribution as attribution
from .interpretation.breakeven.answer import Breakeven as Breakeven
from .interpretation.breakeven.breakeven import breakeven as breakeven
from .interpretation.breakeven.map import BreakevenMap as BreakevenMap
from .interpretation.breakeven.map import breakeven_map as breakeven_map
from .interpretation.breakeven.payback import Payback as Payback
from .interpretation.breakeven.payback import payback as payback
from .interpretation.breakeven.switchover import Switchover as Switchover
from .interpretation.breakeven.switchover import switchover as switchover
from .interpretation.comparison.comparison import compare as compare
from .interpretation.comparison.effect import effect as effect
from .interpretation.comparison.pareto import pareto as pareto
from .interpretation.comparison.robust import robust as robust
from .interpretation.contribution.answer import Difference as Difference
from .interpretation.contribution.contribution import contribution as contribution
from .interpretation.contribution.difference import difference as difference
from .interpretation.contribution.waterfall import waterfall as waterfall
from .interpretation.decision.decide import decide as decide
from .interpretation.decision.decision import Decision as Decision
from .interpretation.dependence import dependence as dependence
from .interpretation.draws import monte_carlo as monte_carlo
from .interpretation.explain import derivation as derivation
from .interpretation.explain import provenance as provenance
from .interpretation.explain import status_shares as status_shares
from .interpretation.footprint import footprint as footprint
from .interpretation.inverse.candidates import candidates as candidates
from .interpretation.inverse.infer import infer as infer
from .interpretation.inverse.inferred import Inferred as Inferred
from .interpretation.inverse.reported import Reported as Reported
from .interpretation.inverse.reported import reported as reported
from .interpretation.result import Result as Result
from .interpretation.result import nominal as nominal
from .interpretation.saved.history import history as history
from .interpretation.saved.rerunning import rerun as rerun
from .interpretation.saved.storage import load as load
from .interpretation.saved.storage import save as save
from .interpretation.saved.verifying import verify as verify
from .interpretation.sensitivity.morris import morris as morris
from .interpretation.sensitivity.pawn import pawn as pawn
from .interpretation.sensitivity.screen import screen as screen
from .interpretation.sensitivity.shapley import shapley as shapley
from .interpretation.sensitivity.sobol import sobol as sobol
from .interpretation.sensitivity.tornado import tornado as tornado
from .interpretation.summary import summary as summary
from .inventory import serving as serving
from .inventory.deployment.deployment import Deployment as Deployment
from .inventory.deployment.fleet import Fleet as Fleet
from .inventory.deployment.network import Network as Network
from .inventory.estimated.accelerator import Accelerator as Accelerator
from .inventory.estimated.accelerator import estimated_power as estimated_power
from .inventory.inference.inference import Inference as Inference
from .inventory.site import Site as Site
from .inventory.training.development import Development as Development
from .inventory.training.ledger import Ledger as Ledger
from .inventory.training.ledger import ledger as ledger
from .inventory.training.training import Training as Training
from .logs import readers as readers
from .logs.agreement.agreement import Agreement as Agreement
from .logs.agreement.agreement import agreement as agreement
from .logs.inference.inference_log import InferenceLog as InferenceLog
from .logs.live.measuring import measure as measure
from .logs.live.run import LiveRun as LiveRun
from .logs.power.from_table import power_log as power_log
from .logs.power.power_log import PowerLog as PowerLog
from .logs.recognise import read as read
from .logs.runs.run_table import RunTable as RunTable
from .logs.training.training_log import TrainingLog as TrainingLog
from .meters.meter import Meter as Meter
from .reporting.clauses.check import check as check
from .reporting.clauses.diagram import boundary_diagram as boundary_diagram
from .reporting.exports.annex_xi import annex_xi as annex_xi
from .reporting.exports.boamps import boamps as boamps
from .reporting.exports.brightway import brightway as brightway
from .reporting.exports.export import Export as Export
from .reporting.exports.footprint_statement import footprint_statement as footprint_statement
from .reporting.exports.methods_text import methods_text as methods_text
from .reporting.exports.model_card import model_card as model_card
from .reporting.exports.openlca import openlca as openlca
from .reporting.exports.printed_score import check_score as check_score
from .reporting.exports.prometheus import prometheus as prometheus
from .reporting.exports.sci import sci as sci
from .reporting.exports.sci_ai import sci_ai as sci_ai
from .reporting.page import report as report
from .reporting.what_if.explore import explore as explore
from .reporting.workbook import to_excel as to_excel
from .study.about import About as About
from .study.cases import cases as cases
from .study.rivals import alternatives as alternatives
from .study.scenario_dims import scenarios as scenarios
from .study.scope import (
    FunctionalUnit as FunctionalUnit,
)
from .study.scope import (
    below_cut_off as below_cut_off,
)
from .study.scope import (
    operation_only as operation_only,
)
from .study.scope import (
    outside_goal as outside_goal,
)
from .study.scope import (
    sunk as sunk,
)
from .study.score import Score as Score
from .study.study import Study as Study
from .study_files.reading import read_study as read_study
from .table_search import compare_sources as compare_sources
from .table_search import search as search
from .tables.use import (
    use_data as use_data,
)
from .tables.use import (
    using_data as using_data,
)
from .units.quantity import quantity as quantity

__version__: str
