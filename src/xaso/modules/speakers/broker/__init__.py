"""Who may connect to the broker and which topics are his: for the embedded broker and for Mosquitto alike."""
