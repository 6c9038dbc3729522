#!/usr/bin/env python3
"""Speaks a text while it is being written: text in, speech out over a WebSocket.

    starling serve --tcp 8880 &
    your-language-model | python3 live.py > answer.pcm
    your-language-model | python3 live.py --times | aplay -f S16_LE -r 24000 -c 1

Needs Python 3.9 and the package websockets (14 or newer). Ctrl+C is a barge-in: the server stops at once and tells how far it came.
"""

import argparse
import asyncio
import json
import os
import signal
import sys

import websockets


class Refused(Exception):
    """What the server says is wrong, with its remedy."""


async def write(socket, pieces, wish):
    """Sends a text, piece by piece as it comes."""
    await socket.send(json.dumps({"type": "begin", **wish}))
    async for piece in pieces:
        await socket.send(json.dumps({"type": "text", "text": piece}))
    await socket.send(json.dumps({"type": "end"}))


async def speech(socket):
    """What the server sends until the utterance is over: sound as bytes, events as dictionaries."""
    async for message in socket:
        if isinstance(message, bytes):
            yield message
            continue
        event = json.loads(message)
        if event["type"] == "error":
            raise Refused(event["error"]["message"])
        yield event
        if event["type"] == "done":
            return
    raise Refused("the server closed the connection")


async def cancel(socket):
    """Stops the utterance at once. What of it was spoken, as `heard` in docs/live.md; None if it was over already."""
    await socket.send(json.dumps({"type": "cancel"}))

    async def heard():
        # Sound that was on its way is not wanted any more.
        async for event in speech(socket):
            if not isinstance(event, bytes) and event["type"] == "done":
                return event.get("heard")

    try:
        return await asyncio.wait_for(heard(), 2)
    except (asyncio.TimeoutError, Refused, websockets.WebSocketException):
        return None


async def standard_input():
    """Text from standard input as it arrives."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    rest = b""
    while piece := await reader.read(4096):
        # Characters of several bytes may arrive in two pieces.
        rest += piece
        text = rest.decode(errors="ignore")
        if text:
            rest = rest[len(text.encode()):]
            yield text


async def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--server", default="ws://127.0.0.1:8880")
    options.add_argument("--voice", default="heart")
    options.add_argument("--speed", type=float, default=1)
    options.add_argument("--times", action="store_true", help="print words with their times on standard error")
    given = options.parse_args()
    token = os.environ.get("STARLING_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    wish = {"voice": given.voice, "speed": given.speed, "words": given.times}
    async with websockets.connect(f"{given.server}/v1/audio/speech/stream", additional_headers=headers) as socket:
        writing = asyncio.create_task(write(socket, standard_input(), wish))

        def barge_in():
            writing.cancel()
            asyncio.ensure_future(socket.send(json.dumps({"type": "cancel"})))

        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, barge_in)
        try:
            async for event in speech(socket):
                if isinstance(event, bytes):
                    sys.stdout.buffer.write(event)
                    sys.stdout.buffer.flush()
                elif event["type"] == "sentence":
                    for word in event["words"]:
                        print(f"{word['start']:8.3f} {word['text']}", file=sys.stderr)
                elif event["type"] == "done" and event["cancelled"]:
                    print(f"stopped after {event['heard']['seconds']:.1f} s", file=sys.stderr)
        finally:
            writing.cancel()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (Refused, OSError, websockets.WebSocketException) as error:
        sys.exit(f"live: {error}")
