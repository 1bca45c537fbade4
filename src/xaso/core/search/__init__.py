"""One search over everything: modules file what can be found, one question finds what the asker may see."""
