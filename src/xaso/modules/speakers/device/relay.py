"""The switch of the amplifier: on before the sound, off when it has been quiet for a moment."""

import subprocess

from xaso.modules.speakers.device.player import Output, Sounding
from xaso.modules.speakers.device.turns import Turn

QUIET = 2.0


class Relay:
    """Two commands of the operator, run without a shell and not longer than two seconds."""

    def __init__(self, on: tuple[str, ...], off: tuple[str, ...]) -> None:
        self._on, self._off = on, off
        self.is_on = False
        self.trouble = ""
        self._quiet_since: float | None = None

    def switch_on(self) -> None:
        if not self.is_on:
            self.is_on = True
            self._run(self._on)
        self._quiet_since = None

    def follow(self, *, is_playing: bool, steady: float) -> None:
        """Off once nothing has sounded for two seconds: not between two items."""
        if is_playing or not self.is_on:
            self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = steady
        elif steady - self._quiet_since >= QUIET:
            self.is_on = False
            self._run(self._off)

    def _run(self, command: tuple[str, ...]) -> None:
        """A relay that does not answer must not keep an emergency from being tried."""
        try:
            subprocess.run(command, timeout=2, check=True, capture_output=True)
            self.trouble = ""
        except (OSError, subprocess.SubprocessError) as error:
            self.trouble = type(error).__name__


class Amplified:
    """An output whose amplifier is switched on first."""

    def __init__(self, output: Output, relay: Relay) -> None:
        self._output, self._relay = output, relay

    def start(self, turn: Turn) -> None:
        self._relay.switch_on()
        self._output.start(turn)

    def sounding(self) -> Sounding:
        return self._output.sounding()

    def stop(self) -> float | None:
        return self._output.stop()

    def set_volume(self, volume: int) -> None:
        self._output.set_volume(volume)
