"""What the tests of the Studio share: a server, a browser, and texts. test_studio.py sets the program and the browser."""

import pathlib
import re
import subprocess
import tempfile
import unittest

import soundfile
from playwright.sync_api import expect

from browser import Browser
from server import REPOSITORY, Server

# Paths of starling and of Chromium.
PROGRAM = CHROMIUM = ""

TEXT = "The kettle was still warm. Nobody had touched the letters, and the clock said ten!"
WORDS = re.findall(r"[A-Za-z]+", TEXT)
LONG = " ".join(f"Sentence number {n} of this story says that nobody was at home." for n in range(1, 400))
CONSENT = "I, Ann Example, agree that this voice is made from my recordings."
READING = ("On the first warm day of the year we carried the table into the garden. My sister brought bread and three kinds "
           "of cheese, and somebody asked whether it would rain.")
# How many voices everybody has.
BUNDLED = sum(1 for _ in (REPOSITORY / "voices").glob("*/voice.json"))


def say(text, voice, path, *arguments):
    subprocess.run([PROGRAM, "say", text, "--voice", voice, "-o", str(path), "--data", str(REPOSITORY / "data"), *arguments],
                   check=True, capture_output=True)
    return path


class Browsing(unittest.TestCase):
    """A server, and a browser whose microphone hears a recording."""

    # Variables of the server's environment, made when its folder is known.
    environment = staticmethod(lambda folder: {})

    @staticmethod
    def heard():
        """What the microphone hears."""
        return READING

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="starling-studio-")
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.recording = say(cls.heard(), "sarah:0.6+nova:0.4", cls.folder / "ann.wav")
        samples, rate = soundfile.read(cls.recording, dtype="int16")
        cls.microphone = cls.folder / "microphone.wav"
        soundfile.write(cls.microphone, samples, rate, subtype="PCM_16")
        cls.server = Server(PROGRAM, environment=cls.environment(cls.folder))
        cls.origin = f"http://127.0.0.1:{cls.server.port}"
        cls.browser = Browser(CHROMIUM, cls.microphone)

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        assert cls.server.stop() == 0
        cls.temporary.cleanup()

    def page(self, **options):
        return self.browser.page(self.origin, **options)

    def expect_voices(self, page):
        """Waits until the bundled voices can be chosen."""
        expect(page["#voice-0 option"]).to_have_count(BUNDLED)
