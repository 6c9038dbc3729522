"""Starling as a voice of pipecat: text streams in as the language model writes it, speech streams out.

    from pipecat_starling import StarlingTTSService

    tts = StarlingTTSService(voice="heart", server="ws://127.0.0.1:8880")
    pipeline = Pipeline([transport.input(), stt, user, llm, tts, transport.output(), assistant])

A turn is one utterance. Words come with their times, so the conversation keeps what was heard of an answer that was interrupted. The server
stops at once then, and handlers of the event on_interrupted are told how far it came. Needs the package pipecat-ai (1.14 or newer).
"""

import asyncio
import json
from collections.abc import AsyncGenerator

from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame, TTSStoppedFrame
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TextAggregationMode, WebsocketTTSService
from pipecat.transcriptions.language import Language
from websockets.protocol import State

RATE = 24_000


class StarlingTTSService(WebsocketTTSService):
    """Speaks over `/v1/audio/speech/stream`, one utterance after the other."""

    Settings = TTSSettings
    _settings: TTSSettings

    def __init__(
        self, *, voice: str = "heart", language: Language | None = None, speed: float = 1,
        server: str = "ws://127.0.0.1:8880", token: str | None = None, **options,
    ):
        super().__init__(
            text_aggregation_mode=TextAggregationMode.TOKEN, push_text_frames=False, push_start_frame=True,
            pause_frame_processing=True, sample_rate=RATE,
            settings=TTSSettings(model=None, voice=voice, language=language), **options)
        self._address = f"{server}/v1/audio/speech/stream"
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._speed = speed
        self._receiving = None
        # Contexts whose text is being sent, whose sound comes, and which the server refused.
        self._writing: str | None = None
        self._speaking: str | None = None
        self._refused: str | None = None
        # Whether the server waits for the next utterance.
        self._free = asyncio.Event()
        self._free.set()
        self._register_event_handler("on_interrupted")

    def can_generate_metrics(self) -> bool:
        return True

    def language_to_service_language(self, language: Language) -> str | None:
        return language.value

    async def setup(self, setup):
        await super().setup(setup)
        await self._connect()

    # What pipecat asks for.

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        if context_id == self._refused:
            return
        try:
            if self._websocket is None or self._websocket.state is State.CLOSED:
                await self._connect()
            if context_id != self._writing:
                await self._begin(context_id)
            await self._send(type="text", text=text)
            await self.start_tts_usage_metrics(text)
        except Exception as error:
            yield ErrorFrame(error=f"Starling: {error}")
        yield None

    async def flush_audio(self, context_id: str | None = None):
        """The turn is over."""
        if self._writing and context_id in (None, self._writing):
            self._writing = None
            await self._send(type="end")

    async def on_audio_context_interrupted(self, context_id: str):
        """Barge-in: what was on its way is not heard any more."""
        await self.stop_all_metrics()
        self._writing = self._speaking = None
        if not self._free.is_set():
            await self._send(type="cancel")
        await super().on_audio_context_interrupted(context_id)

    async def _begin(self, context_id: str):
        # Something that is said in the middle of a turn waits until what was written before is spoken.
        await self.flush_audio()
        await self._free.wait()
        self._free.clear()
        self._writing = context_id
        wish = {"id": context_id, "voice": self._settings.voice, "speed": self._speed, "words": True}
        if self._settings.language:
            wish["language"] = self._settings.language
        await self._send(type="begin", **wish)

    async def _send(self, **message):
        if self._websocket and self._websocket.state is State.OPEN:
            await self._websocket.send(json.dumps(message))

    # What the server says.

    async def _receive_messages(self):
        async for message in self._websocket:
            if isinstance(message, bytes):
                if self._speaking:
                    frame = TTSAudioRawFrame(message, RATE, 1, context_id=self._speaking)
                    await self.append_to_audio_context(self._speaking, frame)
                continue
            event = json.loads(message)
            match event["type"]:
                case "begun":
                    self._speaking = event["id"]
                case "sentence" if self._speaking:
                    words = [(word["text"], word["start"]) for word in event["words"]]
                    await self.add_word_timestamps(words, self._speaking)
                case "done":
                    if event["cancelled"]:
                        await self._call_event_handler("on_interrupted", event["heard"])
                    await self._finish(event["id"])
                case "error":
                    await self.push_error(error_msg=f"Starling: {event['error']['message']}")
                    self._refused = event.get("id")
                    if self._refused:
                        await self._finish(self._refused)

    async def _finish(self, context_id: str):
        """The utterance is over, and the next one may begin."""
        if self._writing == context_id:
            self._writing = None
        self._speaking = None
        self._free.set()
        if self.audio_context_available(context_id):
            await self.append_to_audio_context(context_id, TTSStoppedFrame(context_id=context_id))
            await self.remove_audio_context(context_id)

    # The connection.

    async def _connect(self):
        await super()._connect()
        await self._connect_websocket()
        if self._websocket and not self._receiving:
            self._receiving = self.create_task(self._receive_task_handler(self._report_error))

    async def _disconnect(self):
        await super()._disconnect()
        if self._receiving:
            await self.cancel_task(self._receiving)
            self._receiving = None
        await self._disconnect_websocket()

    async def _connect_websocket(self):
        if self._websocket and self._websocket.state is State.OPEN:
            return
        self._writing = self._speaking = None
        self._free.set()
        try:
            self._websocket = await self._websocket_connect(self._address, additional_headers=self._headers)
            await self._call_event_handler("on_connected")
        except Exception as error:
            self._websocket = None
            await self.push_error(error_msg=f"Starling: {error}", exception=error)
            await self._call_event_handler("on_connection_error", str(error))

    async def _disconnect_websocket(self):
        await self.stop_all_metrics()
        if self._websocket:
            await self._websocket.close()
            self._websocket = None
            await self._call_event_handler("on_disconnected")
