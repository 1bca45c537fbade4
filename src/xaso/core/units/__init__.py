"""Administrative units: a dated tree with official codes, and what became of each when the map changed."""
