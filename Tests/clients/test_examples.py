"""The clients in Examples, run against a server. Run by script/test-examples."""

import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

import soundfile
import yaml

from server import REPOSITORY, Server

PROGRAM = sys.argv.pop(1)
EXAMPLES = REPOSITORY / "Examples"
TEXT = "The kettle was still warm. Nobody had touched the \"letters\"."


class LanguageModel(http.server.ThreadingHTTPServer):
    """A chat server that writes the same answer to every question, a few letters at a time."""

    ANSWER = "Light is scattered by the air. Blue light is scattered most, so the sky is blue."

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            wish = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != "/v1/chat/completions" or not wish["stream"] or not wish["messages"][0]["content"]:
                return self.send_error(400)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            answer = LanguageModel.ANSWER
            for start in range(0, len(answer), 5):
                delta = {"role": "assistant", "content": answer[start : start + 5]}
                chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
                         "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                self.wfile.flush()
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, *arguments):
            pass

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(PROGRAM)
        cls.folder = tempfile.TemporaryDirectory()
        cls.address = f"127.0.0.1:{cls.server.port}"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()
        assert cls.server.stop() == 0

    def file(self, name):
        return str(pathlib.Path(self.folder.name) / name)

    def python(self, script, *arguments):
        return subprocess.run([sys.executable, EXAMPLES / script, *arguments], capture_output=True)

    def shell(self, *arguments):
        return subprocess.run(
            [EXAMPLES / "Shell/speak.sh", *arguments], capture_output=True,
            env={"PATH": "/usr/bin:/bin", "STARLING_SERVER": f"http://{self.address}"})

    def heard(self, path, least=2, most=8):
        samples, rate = soundfile.read(path)
        self.assertTrue(least < len(samples) / rate < most, f"{len(samples) / rate} s")
        self.assertGreater((abs(samples) > 0.01).mean(), 0.3)

    def test_shell(self):
        for name in ["hello.wav", "hello.mp3", "hello.opus"]:
            done = self.shell(TEXT, self.file(name), "george")
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.heard(self.file(name))

    def test_shell_error(self):
        done = self.shell(TEXT, self.file("nobody.wav"), "nobody")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'there is no voice "nobody"', done.stderr)
        self.assertFalse(pathlib.Path(self.file("nobody.wav")).exists())

    def test_openai(self):
        done = self.python("Python/openai_speech.py", TEXT, self.file("o.wav"), "--server", f"http://{self.address}")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.heard(self.file("o.wav"))
        wrong = self.python(
            "Python/openai_speech.py", TEXT, self.file("o.wav"), "--server", f"http://{self.address}", "--voice", "nobody")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn(b'openai_speech: there is no voice "nobody"', wrong.stderr)

    def test_talk(self):
        model = LanguageModel()
        chat = ("--chat", f"http://127.0.0.1:{model.server_port}/v1", "--server", f"ws://{self.address}")
        done = self.python("Python/talk.py", "Why is the sky blue?", *chat)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.decode().strip(), LanguageModel.ANSWER)
        self.assertTrue(3 < len(done.stdout) / 48_000 < 12, len(done.stdout))
        wrong = self.python("Python/talk.py", "Why?", *chat, "--voice", "nobody")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn(b'talk: there is no voice "nobody"', wrong.stderr)
        model.shutdown()
        model.server_close()

    def test_home_assistant(self):
        place = f"tcp://127.0.0.1:{self.server.wyoming_port}"
        recipe = yaml.safe_load((EXAMPLES / "HomeAssistant/announce.yaml").read_text())
        said = recipe["actions"][0]["data"]
        done = self.python("HomeAssistant/check.py", place, said["message"], self.file("h.wav"), "--voice", said["options"]["voice"])
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(said["options"]["voice"], done.stdout.decode().splitlines()[0])
        self.heard(self.file("h.wav"), 1, 4)
        wrong = self.python("HomeAssistant/check.py", place, "Hello.", self.file("h.wav"), "--voice", "nobody")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn(b"nobody", wrong.stderr)


if __name__ == "__main__":
    unittest.main()
