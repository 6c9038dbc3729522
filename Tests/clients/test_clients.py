"""The server, used by clients that others wrote. Run by script/test-clients."""

import asyncio
import base64
import concurrent.futures
import contextlib
import io
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

import openai
import openapi_spec_validator
import soundfile
import websockets
import websockets.sync.client
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.tts import (
    Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeStopped, SynthesizeVoice,
)

from server import REPOSITORY as ROOT, Server, answers, serving, wait_until

PROGRAM = sys.argv.pop(1)
TEXT = "The kettle was still warm. Nobody had touched the letters, and the clock said ten!"
LONG = " ".join(f"Sentence number {n} of this story says that nobody was at home." for n in range(1, 61))
JSON = ("-H", "Content-Type: application/json", "--data-binary", "@-")


def request(text=TEXT, **fields):
    return json.dumps({"model": "starling", "input": text, **fields}).encode()


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PROGRAM)
        cls.openai = openai.OpenAI(
            base_url=f"http://127.0.0.1:{cls.server.port}/v1", api_key="unused", max_retries=0)

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def pcm(self, text=TEXT, **fields):
        return self.server.curl("/v1/audio/speech", *JSON, input=request(text, response_format="pcm", **fields))

    # curl over the Unix socket

    def test_curl_formats(self):
        seconds = len(self.pcm()) / 48_000
        for name in ["wav", "flac", "opus", "mp3"]:
            sound = self.server.curl("/v1/audio/speech", *JSON, input=request(response_format=name))
            if name == "flac":
                # A stream does not tell its length, which soundfile needs; libsndfile's own reader of FLAC is in Starling's tests.
                self.assertEqual(sound[:4], b"fLaC")
                continue
            samples, rate = soundfile.read(io.BytesIO(sound))
            self.assertAlmostEqual(len(samples) / rate, seconds, delta=0.15, msg=name)

    def test_curl_first_byte(self):
        """The first byte of a short request comes within 60 ms on a machine that is not busy otherwise."""
        times = []
        for _ in range(30):
            output = self.server.curl(
                "/v1/audio/speech", *JSON, "--output", "/dev/null", "--write-out", "%{time_starttransfer}",
                input=request("Good morning to you.", response_format="wav"))
            times.append(float(output))
        times.sort()
        print(f"first byte: best {times[0] * 1000:.0f} ms, median {times[15] * 1000:.0f} ms", file=sys.stderr)
        self.assertLess(times[0], 0.060)

    def test_curl_upload_of_nothing(self):
        status = self.server.curl("/v1/audio/speech", "-X", "POST", "--write-out", "%{http_code}", "-o", "/dev/null")
        self.assertEqual(status, b"415")

    def test_openapi_document(self):
        document = json.loads(self.server.curl("/openapi.json"))
        openapi_spec_validator.validate(document)

    # openai over TCP

    def test_openai_speech(self):
        expected = self.pcm(voice="george", speed=1.5)
        with self.openai.audio.speech.with_streaming_response.create(
            model="tts-1", voice="george", input=TEXT, response_format="pcm", speed=1.5
        ) as response:
            self.assertEqual(b"".join(response.iter_bytes()), expected)
        default = self.openai.audio.speech.create(model="gpt-4o-mini-tts", voice="alloy", input="Hello.")
        samples, rate = soundfile.read(io.BytesIO(default.content))
        self.assertGreater(len(samples) / rate, 0.3)
        extra = self.openai.audio.speech.create(
            model="starling", voice="heart", input=TEXT, response_format="pcm",
            extra_body={"seed": 5, "pitch": 2}).content
        self.assertEqual(extra, self.pcm(voice="heart", seed=5, pitch=2))

    def test_openai_events(self):
        with self.openai.audio.speech.with_streaming_response.create(
            model="tts-1", voice="nova", input=TEXT, response_format="pcm", stream_format="sse"
        ) as response:
            events = [json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: ")]
        self.assertEqual(events[-1]["type"], "speech.audio.done")
        self.assertEqual({event["type"] for event in events[:-1]}, {"speech.audio.delta"})

    def test_openai_models(self):
        self.assertIn("starling", [model.id for model in self.openai.models.list()])

    def test_openai_errors(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            self.openai.audio.speech.create(model="tts-1", voice="nobody", input="Hi.")
        self.assertEqual((caught.exception.code, caught.exception.param), ("voice_not_found", "voice"))
        with self.assertRaises(openai.BadRequestError) as caught:
            self.openai.audio.speech.create(model="tts-1", voice="heart", input="Hi.", speed=9)
        self.assertEqual(caught.exception.param, "speed")

    def test_openai_many_at_once(self):
        async def run():
            async with openai.AsyncOpenAI(
                base_url=f"http://127.0.0.1:{self.server.port}/v1", api_key="unused", max_retries=0
            ) as client:
                answers = await asyncio.gather(*[
                    client.audio.speech.create(model="tts-1", voice="heart", input=TEXT, response_format="pcm")
                    for _ in range(16)])
                return {answer.content for answer in answers}
        self.assertEqual(asyncio.run(run()), {self.pcm(voice="heart")})

    def test_openai_model_names(self):
        for name in ["tts-1-1106", "gpt-4o-mini-tts-2025-12-15", "kokoro"]:
            self.assertEqual(self.openai.models.retrieve(name).id, name)
            answer = self.openai.audio.speech.with_raw_response.create(model=name, voice="Ash", input="Hello.")
            self.assertEqual(answer.headers["X-Starling-Model"], "starling")
            self.assertEqual(answer.headers["X-Starling-Voice"], "puck")

    # Kokoro-FastAPI's own shape, as its README and its web page ask

    def post(self, path, **fields):
        return self.server.curl(path, *JSON, input=json.dumps(fields).encode())

    def test_kokoro_voices(self):
        voices = json.loads(self.server.curl("/v1/audio/voices"))["voices"]
        # Open WebUI takes voice["id"].
        self.assertIn("heart", [voice["id"] for voice in voices])
        self.assertTrue(all(set(voice) == {"id", "name"} for voice in voices))

    def test_kokoro_captions(self):
        fields = dict(model="kokoro", input=TEXT, voice="heart", speed=1.0, response_format="pcm")
        lines = self.post("/dev/captioned_speech", stream=True, **fields).splitlines()
        self.assertGreater(len(lines), 1)
        sound, words = b"", []
        for line in map(json.loads, lines):
            sound += base64.b64decode(line["audio"].encode("utf-8"))
            words += line["timestamps"]
        self.assertEqual(sound, self.pcm(voice="heart"))
        self.assertEqual(" ".join(w["word"] for w in words), TEXT.translate(str.maketrans("", "", ".,!")))
        whole = json.loads(self.post("/dev/captioned_speech", stream=False, return_timestamps=True, **fields))
        self.assertEqual(base64.b64decode(whole["audio"]), sound)
        self.assertEqual(whole["timestamps"], words)
        self.assertEqual(whole["audio_format"], "audio/pcm")

    def test_kokoro_phonemes(self):
        answer = json.loads(self.post("/dev/phonemize", text="Hello world.", language="a"))
        self.assertEqual(answer["phonemes"], "həlˈO wˈɜɹld.")

    # text in, speech out over a WebSocket

    def live(self, path="/v1/audio/speech/stream", **options):
        return websockets.sync.client.connect(f"ws://127.0.0.1:{self.server.port}{path}", **options)

    def test_websocket_speaks(self):
        with self.live() as socket:
            for voice in ["emma", "heart"]:
                socket.send(json.dumps({"type": "begin", "voice": voice, "words": True}))
                for at in range(0, len(TEXT), 5):
                    socket.send(json.dumps({"type": "text", "text": TEXT[at:at + 5]}))
                socket.send(json.dumps({"type": "end"}))
                sound, types = b"", []
                while not types or types[-1] != "done":
                    message = socket.recv(timeout=60)
                    if isinstance(message, bytes):
                        sound += message
                    else:
                        types.append(json.loads(message)["type"])
                self.assertEqual(types[0], "begun")
                self.assertIn("sentence", types)
                self.assertEqual(sound, self.pcm(voice=voice))

    def test_websocket_compression_is_not_needed(self):
        with self.live(compression="deflate", ping_interval=0.05) as socket:
            time.sleep(0.3)
            socket.send(json.dumps({"type": "end"}))
            self.assertEqual(json.loads(socket.recv(timeout=60))["error"]["code"], "no_utterance")

    def test_websocket_refuses_other_pages(self):
        with self.assertRaises(websockets.InvalidStatus) as caught:
            with self.live(origin="http://evil.example"):
                pass
        self.assertEqual(caught.exception.response.status_code, 403)

    def test_websocket_example(self):
        """The client in Examples/Python, with a text that comes slowly."""
        client = subprocess.Popen(
            [sys.executable, ROOT / "Examples/Python/live.py", "--server", f"ws://127.0.0.1:{self.server.port}", "--times"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for piece in [b"The caf", b"\xc3", b"\xa9 was warm. ", b"Nobody came."]:
            client.stdin.write(piece)
            client.stdin.flush()
            time.sleep(0.1)
        sound, times = client.communicate()
        self.assertEqual(client.returncode, 0, times)
        self.assertEqual(sound, self.pcm("The café was warm. Nobody came.", voice="heart"))
        self.assertEqual([line.split()[1] for line in times.decode().splitlines()],
                         ["The", "café", "was", "warm", "Nobody", "came"])
        wrong = subprocess.run(
            [sys.executable, ROOT / "Examples/Python/live.py", "--server", f"ws://127.0.0.1:{self.server.port}", "--voice", "nobody"],
            input=b"Hello.", capture_output=True)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn(b'live: there is no voice "nobody"', wrong.stderr)

    # wyoming

    def wyoming(self, uri, events):
        async def run():
            answers = []
            async with AsyncClient.from_uri(uri, read_timeout=60) as client:
                for event in events:
                    await client.write_event(event.event())
                while (event := await client.read_event()) is not None:
                    answers.append(event)
                    if Info.is_type(event.type) or Error.is_type(event.type) or SynthesizeStopped.is_type(event.type):
                        break
                    if AudioStop.is_type(event.type) and not any(SynthesizeStart.is_type(e.event().type) for e in events):
                        break
            return answers
        return asyncio.run(run())

    def places(self):
        return [f"unix://{self.server.wyoming}", f"tcp://127.0.0.1:{self.server.wyoming_port}"]

    def test_wyoming_describe(self):
        for place in self.places():
            info = Info.from_event(self.wyoming(place, [Describe()])[-1])
            self.assertTrue(info.tts[0].supports_synthesize_streaming)
            self.assertIn("en_US", next(v for v in info.tts[0].voices if v.name == "heart").languages)

    def test_wyoming_synthesize(self):
        for place in self.places():
            events = self.wyoming(place, [Synthesize(text=TEXT, voice=SynthesizeVoice(name="emma"))])
            start = AudioStart.from_event(events[0])
            self.assertEqual((start.rate, start.width, start.channels), (24_000, 2, 1))
            sound = b"".join(AudioChunk.from_event(e).audio for e in events if AudioChunk.is_type(e.type))
            self.assertEqual(sound, self.pcm(voice="emma"))

    def test_wyoming_stream(self):
        pieces = [SynthesizeChunk(text=TEXT[at:at + 5]) for at in range(0, len(TEXT), 5)]
        events = self.wyoming(
            self.places()[0],
            [SynthesizeStart(voice=SynthesizeVoice(name="emma")), *pieces, Synthesize(text=TEXT), SynthesizeStop()])
        self.assertEqual(len([e for e in events if AudioStart.is_type(e.type)]), 1)
        sound = b"".join(AudioChunk.from_event(e).audio for e in events if AudioChunk.is_type(e.type))
        self.assertAlmostEqual(len(sound), len(self.pcm(voice="emma")), delta=4_800)
        self.assertTrue(SynthesizeStopped.is_type(events[-1].type))

    def test_wyoming_error(self):
        events = self.wyoming(self.places()[0], [Synthesize(text="Hi.", voice=SynthesizeVoice(name="nobody"))])
        self.assertIn("nobody", Error.from_event(events[-1]).text)

    def test_wyoming_error_ends_the_connection(self):
        """As Home Assistant reads: until an audio-stop or the connection's end, whatever else comes."""
        async def read(uri, events):
            async with AsyncClient.from_uri(uri, read_timeout=60) as client:
                for event in events:
                    await client.write_event(event.event())
                types = []
                while (event := await client.read_event()) is not None and not AudioStop.is_type(event.type):
                    types.append(event.type)
                return types, event
        nobody, klingon = SynthesizeVoice(name="nobody"), SynthesizeVoice(language="tlh")
        for place in self.places():
            for voice in [nobody, klingon]:
                for events in [[Synthesize(text="Hi.", voice=voice)],
                               [SynthesizeStart(voice=voice), SynthesizeChunk(text="Hi."), Synthesize(text="Hi.", voice=voice),
                                SynthesizeStop()]]:
                    self.assertEqual(asyncio.run(asyncio.wait_for(read(place, events), 60)), (["error"], None))

    # starling itself

    def test_say_remote(self):
        outputs = []
        for remote in [[], ["--remote"], ["--socket", str(self.server.socket)]]:
            wav, times = self.server.folder / "say.wav", self.server.folder / "say.json"
            subprocess.run(
                [PROGRAM, "say", TEXT, "--voice", "george", "--seed", "3", "-o", wav, "--timings", times, *remote],
                check=True, env=self.server.environment)
            outputs.append((wav.read_bytes(), times.read_bytes()))
        self.assertEqual(outputs[1], outputs[0])
        self.assertEqual(outputs[2], outputs[0])

    def test_say_remote_without_a_server(self):
        result = subprocess.run(
            [PROGRAM, "say", "Hi.", "-o", "/dev/null", "--format", "wav", "--socket", "/nonexistent/x.sock"],
            capture_output=True, text=True, env=self.server.environment)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("starling serve", result.stderr)


class Processes(unittest.TestCase):
    """How the process starts and ends."""

    def long_request(self, server):
        answer = {}
        def run():
            answer["sound"] = server.curl("/v1/audio/speech", *JSON, input=request(LONG, response_format="pcm"))
        thread = threading.Thread(target=run)
        thread.start()
        wait_until(lambda: server.metric("starling_speech_active") == 1, what="request in work")
        return thread, answer

    def test_first_signal_drains(self):
        with serving(PROGRAM, "--drain-time", "300") as server:
            whole = server.curl("/v1/audio/speech", *JSON, input=request(LONG, response_format="pcm"))
            thread, answer = self.long_request(server)
            self.assertEqual(server.stop(), 0)
            thread.join()
            self.assertEqual(answer["sound"], whole)

    def test_second_signal_ends(self):
        with serving(PROGRAM) as server:
            # A reader that does not read keeps the server waiting.
            slow = subprocess.Popen(
                ["curl", "--silent", "--unix-socket", server.socket, "http://localhost/v1/audio/speech",
                 *JSON[:3], request(LONG, response_format="pcm"), "--limit-rate", "1k", "-o", "/dev/null"])
            wait_until(lambda: server.metric("starling_speech_active") == 1, what="request in work")
            server.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not server.socket.exists(), what="socket gone")
            time.sleep(0.3)
            self.assertIsNone(server.process.poll())
            start = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            self.assertNotEqual(server.process.wait(10), 0)
            self.assertLess(time.monotonic() - start, 2)
            slow.kill()
            slow.wait()

    def test_stale_socket_and_live_server(self):
        with serving(PROGRAM) as server:
            server.process.kill()
            server.process.wait()
            self.assertTrue(server.socket.exists())
            again = Server(PROGRAM, folder=server.folder, tcp=False)
            try:
                third = subprocess.run(
                    [PROGRAM, "serve"], env=server.environment, capture_output=True, text=True, timeout=20)
                self.assertEqual(third.returncode, 1)
                self.assertIn("already answers", third.stderr)
                self.assertEqual(json.loads(again.curl("/healthz"))["status"], "ok")
            finally:
                self.assertEqual(again.stop(), 0)

    def test_more_connections_than_files(self):
        """The usual limit of open files leaves nobody waiting; who is beyond the server's own limit is told so."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
        try:
            server = Server(PROGRAM, "--max-connections", "200", tcp=False)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        with contextlib.ExitStack() as stack:
            stack.callback(server.stop)
            for _ in range(200):
                silent = stack.enter_context(socket.socket(socket.AF_UNIX))
                silent.connect(str(server.socket))
            limited = ("--max-time", "30")
            wait_until(lambda: b"too_many_connections" in server.curl("/v1/voices", *limited), what="refusal")
            self.assertEqual(json.loads(server.curl("/healthz", *limited))["status"], "ok")

    def test_memory_falls_when_idle(self):
        """What speech needed is given back, although freed memory is kept for a while for the next sentence."""
        def own():
            status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
            return int(status.split("RssAnon:")[1].split()[0])
        with serving(PROGRAM) as server:
            body, most = request(LONG[:2_000], response_format="opus"), 0
            with concurrent.futures.ThreadPoolExecutor(24) as pool:
                for _ in pool.map(lambda _: server.curl("/v1/audio/speech", *JSON, input=body), range(24)):
                    most = max(most, own())
            wait_until(lambda: own() < 0.8 * most, what="memory")
            print(f"memory: at most {most >> 10} MB, idle {own() >> 10} MB", file=sys.stderr)

    def test_handed_sockets(self):
        """By systemd's own launcher, and with names by one of ours."""
        with serving(PROGRAM) as server:
            launcher = shutil.which("systemd-socket-activate")
            self.assertIsNotNone(launcher, "install systemd")
            path = server.folder / "handed.sock"
            child = subprocess.Popen(
                [launcher, "-l", str(path), "-E", "STARLING_DATA", PROGRAM, "serve", "--log-level", "warning"],
                env=server.environment, stderr=subprocess.DEVNULL)
            try:
                wait_until(path.exists, what="socket of the launcher")
                output = subprocess.run(
                    ["curl", "--silent", "--unix-socket", path, "http://localhost/healthz"],
                    capture_output=True, check=True).stdout
                self.assertEqual(json.loads(output)["status"], "ok")
            finally:
                child.terminate()
                self.assertEqual(child.wait(20), 0)
            self.assertTrue(path.exists(), "a socket that was handed over is not the server's to remove")

    def test_handed_sockets_by_name(self):
        import socket
        with serving(PROGRAM) as server:
            paths = [server.folder / "a.sock", server.folder / "b.sock"]
            sockets = [socket.socket(socket.AF_UNIX) for _ in paths]
            for path, one in zip(paths, sockets):
                one.bind(str(path))
                one.listen(8)
            def arrange():
                copies = [os.dup2(os.dup(s.fileno()), 10 + n) for n, s in enumerate(sockets)]
                for n, copy in enumerate(copies):
                    os.dup2(copy, 3 + n, inheritable=True)
            child = subprocess.Popen(
                ["/bin/sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh", PROGRAM, "serve", "--log-level", "warning"],
                env={**server.environment, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "http:wyoming"},
                preexec_fn=arrange, close_fds=False, stderr=subprocess.DEVNULL)
            try:
                output = subprocess.run(
                    ["curl", "--silent", "--unix-socket", paths[0], "http://localhost/healthz"],
                    capture_output=True, check=True).stdout
                self.assertEqual(json.loads(output)["status"], "ok")
                async def describe():
                    async with AsyncClient.from_uri(f"unix://{paths[1]}", read_timeout=20) as client:
                        await client.write_event(Describe().event())
                        return await client.read_event()
                self.assertTrue(Info.is_type(asyncio.run(describe()).type))
            finally:
                child.terminate()
                self.assertEqual(child.wait(20), 0)

    def test_units(self):
        with serving(PROGRAM) as server:
            home = server.folder / "home"
            output = subprocess.run(
                [PROGRAM, "serve", "--install", "--wyoming", "--voice", "emma"], capture_output=True, text=True, check=True,
                env={**server.environment, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config")}).stdout
            self.assertIn("systemctl --user enable --now starling.socket starling-wyoming.socket", output)
            units = home / "config" / "systemd" / "user"
            service = (units / "starling.service").read_text()
            self.assertIn(f"ExecStart={pathlib.Path(PROGRAM).resolve()} serve --voice emma\n", service)
            if checker := shutil.which("systemd-analyze"):
                result = subprocess.run(
                    [checker, "verify", "--user", *units.iterdir()], capture_output=True, text=True,
                    env={**server.environment, "XDG_RUNTIME_DIR": str(server.folder)})
                problems = [line for line in result.stderr.splitlines() if "starling" in line and "man:" not in line
                            and "man starling" not in line]
                self.assertEqual(problems, [])

    @unittest.skipUnless(os.geteuid() == 0, "needs another user")
    def test_other_users(self):
        with serving(PROGRAM) as server:
            # Even where the files would let them in.
            for folder in [server.folder, server.socket.parent]:
                folder.chmod(0o755)
            server.socket.chmod(0o666)
            command = ["setpriv", "--reuid=65534", "--clear-groups", "curl", "--silent", "--show-error", "--unix-socket",
                       server.socket, "http://localhost/healthz"]
            result = subprocess.run(command, capture_output=True)
            self.assertNotEqual(result.returncode, 0)
            self.assertEqual(result.stdout, b"")
            self.assertEqual(server.metric('starling_refused_total{reason="user"}'), 1)


if __name__ == "__main__":
    unittest.main(verbosity=1)
