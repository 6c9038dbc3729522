"""Starling as a voice of LiveKit Agents: text streams in as the language model writes it, speech streams out.

    import livekit_starling

    session = AgentSession(stt=…, llm=…, tts=livekit_starling.TTS(voice="heart", server="ws://127.0.0.1:8880"))

Words come with their times (`use_tts_aligned_transcript`). An agent that is interrupted closes its stream: the server stops at once, and the TTS
emits "interrupted" with how far it came. Needs the packages livekit-agents (1.8 or newer) and websockets.
"""

import asyncio
import uuid

import websockets
from livekit.agents import APIConnectionError, APIConnectOptions, APIError, tts
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, TimedString

from live import Refused, cancel, speech, write

RATE = 24_000


class TTS(tts.TTS):
    """Speaks over `/v1/audio/speech/stream`, each utterance on a connection of its own."""

    def __init__(
        self, *, voice: str = "heart", language: str | None = None, speed: float = 1,
        server: str = "ws://127.0.0.1:8880", token: str | None = None,
    ):
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=True, aligned_transcript=True), sample_rate=RATE, num_channels=1)
        self.wish = {"voice": voice, "speed": speed, "words": True, **({"language": language} if language else {})}
        self.address = f"{server}/v1/audio/speech/stream"
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    @property
    def provider(self) -> str:
        return "Starling"

    def synthesize(self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS):
        return self._synthesize_with_stream(text, conn_options=conn_options)

    def stream(self, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS):
        return Utterance(tts=self, conn_options=conn_options)


class Utterance(tts.SynthesizeStream):
    async def _run(self, output: tts.AudioEmitter):
        name = uuid.uuid4().hex
        output.initialize(request_id=name, sample_rate=RATE, num_channels=1, mime_type="audio/pcm", stream=True)
        output.start_segment(segment_id=name)
        self._text, self._told = "", 0
        try:
            async with websockets.connect(
                self._tts.address, additional_headers=self._tts.headers, open_timeout=self._conn_options.timeout
            ) as socket:
                await self._speak(socket, output)
        except Refused as error:
            raise APIError(str(error), retryable=False) from error
        except (OSError, websockets.WebSocketException) as error:
            raise APIConnectionError(str(error)) from error
        output.end_segment()

    async def _speak(self, socket, output: tts.AudioEmitter):
        writing = asyncio.create_task(write(socket, self._pieces(), self._tts.wish))
        try:
            async for event in speech(socket):
                if isinstance(event, bytes):
                    output.push(event)
                elif event["type"] == "sentence":
                    output.push_timed_transcript(self._words(event))
        except asyncio.CancelledError:
            writing.cancel()
            self._tts.emit("interrupted", await cancel(socket))
            raise
        finally:
            writing.cancel()

    async def _pieces(self):
        async for piece in self._input_ch:
            if isinstance(piece, str):
                self._mark_started()
                self._text += piece
                yield piece

    def _words(self, sentence) -> list[TimedString]:
        """The words of a sentence, each with what stands around it, so that together they are the text."""
        words = sentence["words"]
        ends = [word["code_point_range"][0] for word in words[1:]] + [sentence["code_point_range"][1]]
        timed = []
        for word, end in zip(words, ends):
            timed.append(TimedString(self._text[self._told:end], start_time=word["start"], end_time=word["end"]))
            self._told = end
        return timed
