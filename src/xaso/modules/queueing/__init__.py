"""Số thứ tự: a ticket, the counter that calls it, and the dossier that comes of it.

Numbers run from 1 per unit and day. Waiting time is what the rows say, never a guess.
"""
