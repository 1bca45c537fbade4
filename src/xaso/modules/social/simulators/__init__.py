"""A Facebook page that is none: its own process, its own state, and the documented rules of the Graph API enforced."""
