#!/usr/bin/env python3
"""Asks a Wyoming server as Home Assistant does: what it offers, then for a sentence, into a WAV file.

    python3 check.py tcp://192.168.1.10:10200 "The washing machine is done." check.wav [--voice george]

Needs Python 3.9 and the package wyoming.
"""

import argparse
import asyncio
import sys
import wave

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize, SynthesizeVoice


class Refused(Exception):
    """What the server says is wrong, with its remedy."""


async def events(client):
    """What the server sends, until it ends the connection."""
    while (event := await client.read_event()) is not None:
        if Error.is_type(event.type):
            raise Refused(Error.from_event(event).text)
        yield event


async def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("server", help="such as tcp://192.168.1.10:10200")
    options.add_argument("text")
    options.add_argument("file")
    options.add_argument("--voice")
    given = options.parse_args()
    async with AsyncClient.from_uri(given.server) as client:
        await client.write_event(Describe().event())
        async for event in events(client):
            if Info.is_type(event.type):
                break
        else:
            raise Refused("the server ended the connection; is it a Wyoming server?")
        for program in Info.from_event(event).tts:
            print(f"{program.name}: {', '.join(voice.name for voice in program.voices)}")
        voice = SynthesizeVoice(name=given.voice) if given.voice else None
        await client.write_event(Synthesize(text=given.text, voice=voice).event())
        with wave.open(given.file, "wb") as file:
            async for event in events(client):
                if AudioStart.is_type(event.type):
                    start = AudioStart.from_event(event)
                    file.setparams((start.channels, start.width, start.rate, 0, "NONE", ""))
                elif AudioChunk.is_type(event.type):
                    file.writeframes(AudioChunk.from_event(event).audio)
                elif AudioStop.is_type(event.type):
                    print(f"{given.file}: {file.getnframes() / file.getframerate():.1f} s")
                    return
    raise Refused("the server ended the connection before the speech was over")


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (Refused, OSError) as error:
        sys.exit(f"check: {error}")
