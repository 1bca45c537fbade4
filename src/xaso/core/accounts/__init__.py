"""People who sign in: residents and officers, and the posts officers hold for a period."""
