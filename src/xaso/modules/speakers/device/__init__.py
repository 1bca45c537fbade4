"""A whole software loudspeaker: what `xaso speaker` runs. It knows the protocol and nothing of the server's tables."""
