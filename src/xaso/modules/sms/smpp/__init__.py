"""SMPP 3.4: the bind this installation holds, in a process of its own."""
