"""Pages of accounts: coming in, one's own account, officers of a unit."""
