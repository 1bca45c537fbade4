"""The legal clock of any piece of work: working calendar, start, pause, restart, promise, verdicts."""
