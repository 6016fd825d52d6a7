"""Whose bundle is this, were two swapped, and may it be released?

Before a controller answers an access request, each bundle is held against the account that asked for it:
first by rules that need no model, then, category by category, by how much better the bundle fits the
requester than another customer. What leaves this package says how things compare, never what a bundle holds.
"""

from forensics.delivery.comparison import Comparison, compare
from forensics.delivery.decision import Costs
from forensics.delivery.guard import Guarded, guard
from forensics.delivery.requests import CustomerAccount, Request, read_requests

__all__ = [
    "Comparison",
    "Costs",
    "CustomerAccount",
    "Guarded",
    "Request",
    "compare",
    "guard",
    "read_requests",
]
