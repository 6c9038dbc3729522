#!/usr/bin/env python3
"""Asks a language model, and speaks its answer while it is being written.

    starling serve --tcp 8880 &
    llama-server -m model.gguf --port 8080 &
    python3 talk.py "Why is the sky blue?" | aplay -f S16_LE -r 24000 -c 1

Any server with OpenAI's chat API will do: --chat is its address, --model its model. Needs Python 3.9 and the packages openai and
websockets. The text appears on standard error as it is written, the sound on standard output as it is made.
"""

import argparse
import asyncio
import os
import sys

import openai
import websockets

from live import Refused, speech, write


async def answer(client, model, question):
    """The model's answer, in the pieces in which it is written."""
    chat = await client.chat.completions.create(model=model, messages=[{"role": "user", "content": question}], stream=True)
    async for chunk in chat:
        if chunk.choices and (piece := chunk.choices[0].delta.content):
            print(piece, end="", file=sys.stderr, flush=True)
            yield piece


async def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("question")
    options.add_argument("--chat", default="http://127.0.0.1:8080/v1", help="the address of the chat API")
    options.add_argument("--model", default="default")
    options.add_argument("--server", default="ws://127.0.0.1:8880", help="Starling's address")
    options.add_argument("--voice", default="heart")
    given = options.parse_args()
    client = openai.AsyncOpenAI(base_url=given.chat, api_key=os.environ.get("CHAT_TOKEN", "unused"))
    token = os.environ.get("STARLING_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with websockets.connect(f"{given.server}/v1/audio/speech/stream", additional_headers=headers) as socket:

        async def listen():
            async for event in speech(socket):
                if isinstance(event, bytes):
                    sys.stdout.buffer.write(event)
                    sys.stdout.buffer.flush()

        # What fails first is what is reported: the model, or the speech.
        await asyncio.gather(write(socket, answer(client, given.model, given.question), {"voice": given.voice}), listen())
    print(file=sys.stderr)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (Refused, OSError, openai.OpenAIError, websockets.WebSocketException) as error:
        sys.exit(f"talk: {error}")
