"""Âm thanh: recordings and speech made from text, at one loudness, kept with the words they say."""
