"""Who did what to what, in a chain that shows when somebody rewrote the past."""
