"""The device's two clocks: a wall clock that may be wrong, and what the server says the time is."""

import time
from typing import Protocol


class Clock(Protocol):
    def wall(self) -> float:
        """What this machine believes, in seconds since 1970."""

    def steady(self) -> float:
        """Seconds that never jump, counted from any moment; gone after a reboot."""


class MachineClock:
    """The clock of the machine. A rehearsal may set it wrong (`skew`) or let it run faster (`speed`)."""

    def __init__(self, skew: float = 0.0, speed: float = 1.0) -> None:
        self.speed = speed
        self._base_wall = time.time() + skew
        self._base_steady = time.monotonic()

    def wall(self) -> float:
        return self._base_wall + self.steady()

    def steady(self) -> float:
        return (time.monotonic() - self._base_steady) * self.speed


class ServerClock:
    """The server's time as the device knows it: what it was told in this life, else its own clock less the known error.

    Within one life the wall clock is not asked again: whoever sets it meanwhile does not move the schedule.
    """

    def __init__(self, clock: Clock, known_error: float | None) -> None:
        self._clock = clock
        self._error = known_error
        self._told: tuple[float, float] | None = None

    @property
    def is_known(self) -> bool:
        """Whether the server has ever said what time it is."""
        return self._told is not None or self._error is not None

    @property
    def error(self) -> float:
        """Device minus server, in seconds."""
        return self._clock.wall() - self.now()

    def now(self) -> float:
        if self._told is not None:
            server, steady = self._told
            return server + self._clock.steady() - steady
        return self._clock.wall() - (self._error or 0.0)

    def learn(self, asked_at: float, server_at: float) -> None:
        """The server answered a question asked at `asked_at` of the wall clock; half the round trip has passed since.

        A round trip of a minute says nothing: the message lay somewhere.
        """
        trip = self._clock.wall() - asked_at
        if 0 <= trip < 60:
            self._told = (server_at + trip / 2, self._clock.steady())
            self._error = self.error
