"""The server's one connection to the broker: a long-lived process that carries commands out and reports in."""
