"""What a bulletin may be and become. Plain Python."""
