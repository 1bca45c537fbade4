"""Plain arithmetic: ranking and outliers, and what may be published."""
