#!/usr/bin/env python3
"""Speaks a text with OpenAI's own client: only the address differs.

    starling serve --tcp 8880 &
    python3 openai_speech.py "Hello there." hello.wav --voice george

Needs Python 3.9 and the package openai. The sound is written while it is being made.
"""

import argparse
import os
import sys

import openai


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("text")
    options.add_argument("file", help="ends in .wav, .flac, .opus, .mp3 or .aac")
    options.add_argument("--server", default="http://127.0.0.1:8880")
    options.add_argument("--voice", default="heart")
    given = options.parse_args()
    client = openai.OpenAI(base_url=f"{given.server}/v1", api_key=os.environ.get("STARLING_TOKEN", "unused"))
    wish = {"model": "starling", "voice": given.voice, "input": given.text, "response_format": given.file.rsplit(".", 1)[-1]}
    with client.audio.speech.with_streaming_response.create(**wish) as answer:
        answer.stream_to_file(given.file)


if __name__ == "__main__":
    try:
        main()
    except openai.APIStatusError as error:
        sys.exit(f"openai_speech: {error.body['message'] if isinstance(error.body, dict) else error}")
    except (openai.APIConnectionError, OSError) as error:
        sys.exit(f"openai_speech: {error}")
