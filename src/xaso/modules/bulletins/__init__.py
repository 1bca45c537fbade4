"""Bản tin: written once, approved once, sent through every channel, with the list of who was not reached."""
