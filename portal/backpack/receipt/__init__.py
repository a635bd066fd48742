"""Receiving a badge: fetching everything it points at and refusing what a Mozilla Backpack would refuse, with reasons."""

from portal.backpack.receipt.offers import Offer, Problem, Received, from_file, handed_over, imported, judged_again

__all__ = ["Offer", "Problem", "Received", "from_file", "handed_over", "imported", "judged_again"]
