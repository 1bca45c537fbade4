"""Loa truyền thanh: the speakers of the villages, what they are told to play, and the proof that they played it."""
