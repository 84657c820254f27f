"""Many recordings in, tables out: resumable, and the same whatever the number of workers."""

from pipelines.batch.cluster import NoCluster, measure_on_cluster
from pipelines.batch.crew import Lost, cores, measure_all
from pipelines.batch.documents import methods
from pipelines.batch.inputs import Input, Inputs, inputs_under
from pipelines.batch.keeping import CannotKeep, Results
from pipelines.batch.lines import head, only, printed, printed_window
from pipelines.batch.measuring import measured_recording
from pipelines.batch.outputs import write_all
from pipelines.batch.overview import Overview
from pipelines.batch.plan import BadPlan, Epoch, Plan, checked, epochs_in, plan_in, written
from pipelines.batch.rows import MeasureRow
from pipelines.batch.stretches import stretches_of

__all__ = [
    "BadPlan",
    "CannotKeep",
    "Epoch",
    "Input",
    "Inputs",
    "Lost",
    "MeasureRow",
    "NoCluster",
    "Overview",
    "Plan",
    "Results",
    "checked",
    "cores",
    "epochs_in",
    "head",
    "inputs_under",
    "measure_all",
    "measure_on_cluster",
    "measured_recording",
    "methods",
    "only",
    "plan_in",
    "printed",
    "printed_window",
    "stretches_of",
    "write_all",
    "written",
]
