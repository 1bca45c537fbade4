"""`python -m xaso.modules.audio.engine.speaking`: words and a voice in (JSON), WAV out. espeak-ng lives only here.

espeak-ng is GPL-3. It is loaded in this process, which ends with the recording; ours starts it and reads the sound.
"""

from __future__ import annotations

import ctypes
import io
import json
import resource
import sys
import wave
from collections.abc import Callable
from typing import Any

import espeakng_loader  # type: ignore[import-untyped]

RETRIEVAL, CHARACTERS, UTF8, RATE = 1, 1, 1, 1
MEMORY = 512 * 1024 * 1024
SECONDS_OF_CPU = 120
LONGEST_BYTES = 22_050 * 2 * 3600
_HEARD = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_OF_CPU, SECONDS_OF_CPU))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked = json.load(sys.stdin)
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0)
    if rate <= 0:
        return 2
    if asked.get("version"):
        library.espeak_Info.restype = ctypes.c_char_p
        sys.stdout.buffer.write(library.espeak_Info(None).split(b" ")[0])
        return 0
    if library.espeak_SetVoiceByName(asked["voice"].encode()) != 0:
        return 3
    library.espeak_SetParameter(RATE, int(asked["rate"]), 0)
    sound = _spoken(library, asked["words"])
    sys.stdout.buffer.write(_as_wav(sound, rate))
    return 0 if sound else 4


def _spoken(library: Any, words: str) -> bytes:
    parts: list[bytes] = []
    heard = _HEARD(_gather(parts))
    library.espeak_SetSynthCallback(heard)
    text = words.encode()
    library.espeak_Synth(text, len(text) + 1, 0, CHARACTERS, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return b"".join(parts)


def _gather(parts: list[bytes]) -> Callable[..., int]:
    """Stops the voice when an hour is full: whatever asked for that was a mistake."""
    taken = 0

    def heard(samples: Any, count: int, events: Any) -> int:
        nonlocal taken
        del events
        if samples and count > 0:
            parts.append(ctypes.string_at(samples, count * 2))
            taken += count * 2
        return int(taken > LONGEST_BYTES)

    return heard


def _as_wav(sound: bytes, rate: int) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(sound)
    return target.getvalue()


if __name__ == "__main__":
    sys.exit(main())
