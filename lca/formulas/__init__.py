"""The physics and the accounting, one line each, named after what it returns.

Every function reads four ways: floats (in one coherent set of units), pint quantities, xarray tables,
nodes. Symbols and sources stand in the docstrings; the units named are those of a node.
"""

from .diffusion import (
    denoising_work as denoising_work,
    overlapped_time as overlapped_time,
)
from .estimates import (
    achieved_rate as achieved_rate,
    amount_time as amount_time,
    computing_energy as computing_energy,
    computing_time as computing_time,
    loaded_power as loaded_power,
    powered_time as powered_time,
    transformer_work as transformer_work,
)
from .fleet import (
    characteristic_life as characteristic_life,
    failed_devices as failed_devices,
    made_in_year as made_in_year,
    network_energy as network_energy,
    renewed_devices as renewed_devices,
    sleep_energy as sleep_energy,
    standing_devices as standing_devices,
    survival as survival,
    used_share as used_share,
)
from .grids import (
    declined_intensity as declined_intensity,
    deviated_intensity as deviated_intensity,
    lifecycle_intensity as lifecycle_intensity,
    trend_intensity as trend_intensity,
)
from .impacts import (
    characterized as characterized,
    electricity_impact as electricity_impact,
    hardware_impact as hardware_impact,
)
from .inference import (
    energy_at_rate as energy_at_rate,
    energy_per_inference as energy_per_inference,
    marginal_energy as marginal_energy,
    request_energy as request_energy,
    served_energy as served_energy,
)
from .manufacturing import (
    amount_embodied as amount_embodied,
    carbon_per_area as carbon_per_area,
    carbon_per_good_area as carbon_per_good_area,
    die_embodied as die_embodied,
    dies_per_wafer as dies_per_wafer,
    effective_yield as effective_yield,
    freight_impact as freight_impact,
    murphy_yield as murphy_yield,
    negative_binomial_yield as negative_binomial_yield,
    poisson_yield as poisson_yield,
    treatment_impact as treatment_impact,
)
from .operation import (
    busbar_energy as busbar_energy,
    crossed_energy as crossed_energy,
    device_energy as device_energy,
    facility_energy as facility_energy,
    forecast_duration as forecast_duration,
    powered_energy as powered_energy,
    run_energy as run_energy,
    time_in_year as time_in_year,
    wall_energy as wall_energy,
)
from .scores import (
    sci_score as sci_score,
)
from .serving import (
    fitted_token_energy as fitted_token_energy,
    gpus_needed as gpus_needed,
    idle_share as idle_share,
    memory_time as memory_time,
    parameters_read as parameters_read,
    requests_in_flight as requests_in_flight,
    server_power as server_power,
    step_time as step_time,
    token_energy as token_energy,
    tokens_read as tokens_read,
    utilisation as utilisation,
)
from .shares import (
    active_devices as active_devices,
    reserved_devices as reserved_devices,
    shared_devices as shared_devices,
    uncharged_devices as uncharged_devices,
    value_share as value_share,
    valued_devices as valued_devices,
    whole_devices as whole_devices,
)
