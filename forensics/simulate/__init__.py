"""Households with known truth, and the bundles that they would leave.

For calibration: what the measurement says is compared with what a simulated attack achieves in a population
whose rates are known. Three worlds: ``obeying`` draws everything as the model assumes; ``wrong`` breaks the
assumptions on purpose; in ``written`` other people live what somebody wrote by hand. Nobody in it exists.
"""

from forensics.simulate.bundles import simulate, write_bundle
from forensics.simulate.households import Household, draw_household
from forensics.simulate.template_talk import SimulatedUtterance, utter
from forensics.simulate.world import OBEYING, WRONG, World

__all__ = [
    "OBEYING",
    "WRONG",
    "Household",
    "SimulatedUtterance",
    "World",
    "draw_household",
    "simulate",
    "utter",
    "write_bundle",
]
