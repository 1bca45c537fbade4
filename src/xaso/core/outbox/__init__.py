"""Events stored with the change and delivered after it: the only queue there is."""
