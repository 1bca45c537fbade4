"""XãSố: every digital service of a Vietnamese commune, and the figures that come out of them."""
