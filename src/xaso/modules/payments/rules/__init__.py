"""Pure decisions: the QR string, the reference a bank cannot spoil, what a transfer means, and reading statements."""
