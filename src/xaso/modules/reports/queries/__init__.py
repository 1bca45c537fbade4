"""Questions about reports and exports."""
