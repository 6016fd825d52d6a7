"""Many bundles: one interface, three executors, and a portfolio that names nobody.

A bundle is a case of its own. Its row is a sink keyed by content, options, models and stage versions: whoever
writes it, and however often, it is the same row. Nothing of a run is lost when a worker is.
"""

from forensics.batch.driver import BundleOutcome, batch
from forensics.batch.executors import Executor, Processes, Serial

__all__ = ["BundleOutcome", "Executor", "Processes", "Serial", "batch"]
