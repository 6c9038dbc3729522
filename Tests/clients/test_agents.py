"""Voice agents that speak with Starling: pipecat's and LiveKit's frameworks, through the classes in Examples/Python. Run by
script/test-clients."""

import asyncio
import json
import sys
import unittest

from livekit.agents import APIConnectOptions, APIError
from livekit.agents.types import USERDATA_TIMED_TRANSCRIPT
from loguru import logger
from pipecat.frames.frames import (
    EndFrame, InterruptionFrame, LLMFullResponseEndFrame, LLMFullResponseStartFrame, LLMTextFrame, TTSAudioRawFrame,
    TTSSpeakFrame, TTSStartedFrame, TTSStoppedFrame, TTSTextFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.workers.runner import WorkerRunner

from server import REPOSITORY, Server

sys.path.insert(0, str(REPOSITORY / "Examples/Python"))

import livekit_starling
from pipecat_starling import StarlingTTSService

PROGRAM = sys.argv.pop(1)
logger.remove()
TEXT = "The kettle was still warm. Nobody had touched the letters, and the clock said ten!"
LONG = " ".join(f"Sentence number {n} of this story says that nobody was at home." for n in range(1, 201))


def tokens(text):
    """Pieces as a language model writes them."""
    return [text[at:at + 4] for at in range(0, len(text), 4)]


class Ear(FrameProcessor):
    """The end of a pipeline, which keeps what arrives."""

    def __init__(self):
        super().__init__()
        self.frames = []

    async def process_frame(self, frame, direction):
        await super().process_frame(frame, direction)
        self.frames.append(frame)
        await self.push_frame(frame, direction)

    def of(self, kind):
        return [frame for frame in self.frames if isinstance(frame, kind)]

    @property
    def sound(self):
        return b"".join(frame.audio for frame in self.of(TTSAudioRawFrame))

    async def wait(self, condition, seconds=120):
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.01)


class Agents(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PROGRAM)
        cls.address = f"ws://127.0.0.1:{cls.server.port}"

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def pcm(self, text, voice="heart"):
        body = json.dumps({"input": text, "voice": voice, "response_format": "pcm"}).encode()
        return self.server.curl(
            "/v1/audio/speech", "-H", "Content-Type: application/json", "--data-binary", "@-", input=body)

    async def asyncSetUp(self):
        # What unittest switches on tells of every task that has to wait on a busy machine.
        asyncio.get_running_loop().set_debug(False)

    # pipecat

    async def pipecat(self, conversation, **options):
        """What a pipeline's end hears while a conversation runs."""
        service, ear = StarlingTTSService(server=self.address, **options), Ear()
        worker = PipelineWorker(Pipeline([service, ear]), cancel_on_idle_timeout=False)
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        running = asyncio.create_task(runner.run())
        try:
            async with asyncio.timeout(300):
                await conversation(service, worker, ear)
                await worker.queue_frame(EndFrame())
                await running
        finally:
            running.cancel()
        return ear

    async def answer(self, worker, text):
        """A turn of a language model."""
        await worker.queue_frames([LLMFullResponseStartFrame(), *map(LLMTextFrame, tokens(text)), LLMFullResponseEndFrame()])

    async def test_pipecat_speaks(self):
        async def conversation(service, worker, ear):
            await self.answer(worker, TEXT)
            await ear.wait(lambda: ear.of(TTSStoppedFrame))
            await worker.queue_frame(TTSSpeakFrame("One moment, please."))
            await ear.wait(lambda: len(ear.of(TTSStoppedFrame)) == 2)
        ear = await self.pipecat(conversation, voice="george")
        self.assertEqual(ear.sound, self.pcm(TEXT, "george") + self.pcm("One moment, please.", "george"))
        self.assertEqual(len(ear.of(TTSStartedFrame)), 2)
        self.assertEqual(len({frame.context_id for frame in ear.of(TTSAudioRawFrame)}), 2)
        words = "".join(frame.text for frame in ear.of(TTSTextFrame))
        for word in ["kettle", "letters", "clock", "moment"]:
            self.assertIn(word, words)
        times = [frame.pts for frame in ear.of(TTSTextFrame)]
        self.assertEqual(times, sorted(times))

    async def test_pipecat_is_interrupted(self):
        told = []

        async def conversation(service, worker, ear):
            @service.event_handler("on_interrupted")
            async def on_interrupted(_, heard):
                told.append(heard)
            await worker.queue_frames([LLMFullResponseStartFrame(), *map(LLMTextFrame, tokens(LONG))])
            await ear.wait(lambda: len(ear.sound) > 48_000)
            await worker.queue_frame(InterruptionFrame())
            await ear.wait(lambda: told)
            # The next turn is heard at once, and nothing of the old one with it.
            ear.frames.clear()
            await self.answer(worker, TEXT)
            await ear.wait(lambda: ear.of(TTSStoppedFrame))
        ear = await self.pipecat(conversation)
        self.assertEqual(ear.sound, self.pcm(TEXT))
        self.assertGreater(told[0]["seconds"], 0)
        self.assertTrue(0 < told[0]["code_point_range"][1] < len(LONG), told)
        self.assertEqual(self.server.metric("starling_speech_active"), 0)

    async def test_pipecat_is_told_what_is_wrong(self):
        errors = []

        async def conversation(service, worker, ear):
            @service.event_handler("on_error")
            async def on_error(_, frame):
                errors.append(frame.error)
            await self.answer(worker, TEXT)
            await ear.wait(lambda: errors)
        ear = await self.pipecat(conversation, voice="nobody")
        self.assertIn('there is no voice "nobody"', errors[0])
        self.assertEqual(ear.sound, b"")

    # LiveKit Agents

    async def test_livekit_speaks(self):
        voice = livekit_starling.TTS(voice="george", server=self.address)
        async with voice.stream() as stream:
            for piece in tokens(TEXT):
                stream.push_text(piece)
            stream.end_input()
            frames = [event.frame async for event in stream]
        self.assertEqual(b"".join(frame.data.tobytes() for frame in frames), self.pcm(TEXT, "george"))
        words = [word for frame in frames for word in frame.userdata.get(USERDATA_TIMED_TRANSCRIPT, [])]
        self.assertEqual("".join(words), TEXT)
        starts = [word.start_time for word in words]
        self.assertEqual(starts, sorted(starts))
        whole = await voice.synthesize("One moment, please.").collect()
        # LiveKit fills up its last frame with silence.
        self.assertEqual(whole.data.tobytes().rstrip(b"\0"), self.pcm("One moment, please.", "george").rstrip(b"\0"))

    async def test_livekit_is_interrupted(self):
        voice = livekit_starling.TTS(server=self.address)
        told = []
        voice.on("interrupted", told.append)
        stream = voice.stream()
        for piece in tokens(LONG):
            stream.push_text(piece)
        # The text is not over: the model is still writing.
        heard = 0
        async for event in stream:
            heard += event.frame.duration
            if heard > 1:
                break
        await asyncio.wait_for(stream.aclose(), 10)
        self.assertGreater(told[0]["seconds"], 0)
        self.assertTrue(0 < told[0]["code_point_range"][1] < len(LONG), told)
        self.assertEqual(self.server.metric("starling_speech_active"), 0)

    async def test_livekit_is_told_what_is_wrong(self):
        once = APIConnectOptions(max_retry=0)
        for voice, words in [
            (livekit_starling.TTS(voice="nobody", server=self.address), 'there is no voice "nobody"'),
            (livekit_starling.TTS(server="ws://127.0.0.1:9"), "refused"),
        ]:
            with self.assertRaises(APIError) as caught:
                await voice.synthesize(TEXT, conn_options=once).collect()
            self.assertIn(words, str(caught.exception).lower() if words == "refused" else str(caught.exception))


if __name__ == "__main__":
    unittest.main()
