"""Live sound: one process takes it in, turns it into MP3 and gives it to whoever listens."""
