"""Văn bản đến: registered, given to people, answered, none left behind."""
