"""Fees: what is asked, what came in by cash or bank, the receipt, and the day that must add up.

Nothing here decides a fee (procedures does) or knows what it is for (a `subject` reference says). Every đồng that
came in is either on a charge, explained by a named person, or shown as waiting for one.
"""
