"""The Studio in a browser. Run by script/test-studio."""

import io
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import wave

import numpy
import soundfile
from PIL import Image
from playwright.sync_api import expect

from browser import Browser
from server import REPOSITORY, Server, serving, wait_until

PROGRAM, CHROMIUM = sys.argv[1], sys.argv[2]
del sys.argv[1:3]
PICTURES = "--pictures" in sys.argv
if PICTURES:
    sys.argv.remove("--pictures")

TEXT = "The kettle was still warm. Nobody had touched the letters, and the clock said ten!"
WORDS = re.findall(r"[A-Za-z]+", TEXT)
LONG = " ".join(f"Sentence number {n} of this story says that nobody was at home." for n in range(1, 400))
CONSENT = "I, Ann Example, agree that this voice is made of my recordings."
READING = ("On the first warm day of the year we carried the table into the garden. My sister brought bread and three kinds "
           "of cheese, and somebody asked whether it would rain.")


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


class Studio(Browsing):
    # Speaking

    def test_speaks_while_it_streams(self):
        with self.page() as page:
            page.open()
            expect(page["#voice-0 option"]).to_have_count(10)
            page["#text"].fill(TEXT)
            expect(page["#count"]).to_have_text(f"{len(TEXT)} characters")
            page["#text"].fill("Grüße 👋🏽")
            expect(page["#count"]).to_have_text("8 characters")
            page.speak(TEXT)
            expect(page["#status"]).to_have_text(re.compile(r"^First sound after \d+ ms$"))
            request = page.sent("/v1/speech/timings")[0]
            self.assertEqual((request["input"], request["voice"], request["speed"], request["pitch"]), (TEXT, "heart", 1, 0))
            seconds = float(page["#clock"].inner_text().split()[2])
            self.assertGreater(seconds, 3)
            # Everything was handed to the audio clock, loud enough and without a gap.
            page.wait(f"heard.reduce((sum, piece) => sum + piece.seconds, 0) > {seconds - 0.06}", "the last piece")
            heard = page.run("heard")
            self.assertAlmostEqual(sum(piece["seconds"] for piece in heard), seconds, delta=0.06)
            self.assertGreater(max(piece["peak"] for piece in heard), 0.1)
            self.assertTrue(all(piece["rate"] == 24000 for piece in heard))
            first = [piece for piece in heard if piece["time"] < heard[0]["time"] + 1]
            self.assertGreater(len(first), 1, "the first second came in one piece: nothing streamed")
            page.wait('document.getElementById("clock").textContent > "0.3"', "the voice to move")
            page.wait('!document.querySelector("#play").classList.contains("playing")', "the end")
            expect(page["#play"]).to_have_attribute("aria-label", "Play")

    def test_shows_what_was_said(self):
        with self.page() as page:
            page.open()
            expect(page["#hint"]).to_be_visible()
            page.speak(TEXT)
            self.assertEqual(page["#words button"].all_inner_texts(), WORDS)
            for canvas, colours, painted in [("wave", 8, 0.02), ("spectrum", 100, 0.9), ("melody", 8, 0.01),
                                             ("sounds", 8, 0.01), ("axis", 5, 0.005)]:
                shades, share = page.shades(canvas)
                self.assertGreater(shades, colours, canvas)
                self.assertGreater(share, painted, canvas)
            self.assertRegex(page["#melody"].get_attribute("aria-label"), r"from \d+ to \d+ Hz")
            self.assertIn("stˈɪl wˈɔɹm", page["#sounds"].get_attribute("aria-label"))
            # The melody is drawn where a voice of this pitch belongs, and only where there is voice.
            low, high = map(int, re.findall(r"\d+", page["#melody"].get_attribute("aria-label")))
            self.assertTrue(60 < low < 200 < high < 500, (low, high))

    def test_a_face_speaks_along(self):
        with self.page() as page:
            page.open()
            mouth = 'document.querySelector("#face .face-hole")'
            touching = 'document.querySelector("#face .face-seam").getAttribute("opacity") === "1.00"'
            self.assertTrue(page.run(touching), "the mouth is open before it speaks")
            page.run(f"window.mouths = new Set(), new MutationObserver(() => mouths.add({mouth}.getAttribute('d')))"
                     f".observe({mouth}, {{ attributes: true }})")
            page.speak(TEXT)
            # A busy machine draws a few frames a second.
            page.wait("mouths.size > 5", "the mouth to move")
            page.wait('!document.querySelector("#play").classList.contains("playing")', "the end")
            self.assertTrue(page.run(touching), "the mouth is open at the end")

    def test_plays_from_a_word(self):
        with self.page() as page:
            page.open().speak(TEXT)
            page.tab.keyboard.press("Escape")
            word = page["#words button"].nth(7)
            at = float(re.search(r"at ([\d.]+) s", word.get_attribute("aria-label"))[1])
            page.run("heard.length = 0")
            word.click()
            page.wait("heard.length > 0", "sound")
            expect(page["#play"]).to_have_attribute("aria-label", "Pause")
            self.assertGreaterEqual(float(page["#clock"].inner_text().split()[0]), at - 0.06)
            # A click into the picture does the same.
            box = page["#spectrum"].bounding_box()
            page.tab.mouse.click(box["x"] + 5, box["y"] + 50)
            page.wait('Number(document.getElementById("clock").textContent.split(" ")[0]) < 1', "the beginning")
            page["#play"].click()
            expect(page["#play"]).to_have_attribute("aria-label", "Play")
            self.assertFalse(page["#stop"].is_enabled())

    def test_mixes_voices(self):
        with self.page() as page:
            page.open()
            page["#mix-add"].click()
            page["#voice-1"].select_option("george")
            page["#weight-0"].fill("75")
            page["#weight-1"].fill("25")
            expect(page["#share-0"]).to_have_text("75 %")
            # Nobody can be mixed with themselves.
            self.assertTrue(page.run('document.querySelector("#voice-0 option[value=george]").disabled'))
            page["#mix-add"].click()
            expect(page["#mix-add"]).to_be_hidden()
            page["button[aria-label^=Remove]"].nth(2).click()
            page["#speed"].fill("1.2")
            page["#pitch"].fill("-2")
            page.speak("A blend of two.")
            request = page.sent("/v1/speech/timings")[0]
            self.assertEqual((request["voice"], request["speed"], request["pitch"]), ("heart:0.75+george:0.25", 1.2, -2))
            # What was chosen is there again the next time.
            page.tab.reload()
            expect(page["#voice-1"]).to_have_value("george")
            expect(page["#text"]).to_have_value("A blend of two.")
            expect(page["#speed-shown"]).to_have_text("1.20 ×")

    def test_stop_cancels_on_the_server(self):
        with self.page() as page:
            page.open()
            page["#text"].fill(LONG)
            page["#go"].click()
            page.wait("heard.length > 1", "sound")
            self.assertEqual(self.server.metric("starling_speech_active"), 1)
            page["#stop"].click()
            expect(page["#status"]).to_have_text("Stopped")
            wait_until(lambda: self.server.metric("starling_speech_active") == 0, 120, "the end of the work")
            expect(page["#stop"]).to_be_disabled()
            expect(page["#problem"]).to_be_hidden()
            # What had come stays to be looked at; half a speech is not offered as a file.
            self.assertGreater(page.shades("spectrum")[0], 100)
            expect(page["#downloads button"].first).to_be_disabled()

    def test_long_takes_scroll(self):
        with self.page() as page:
            page.open().speak(" ".join(LONG.split(". ")[:30]) + ".")
            page.tab.keyboard.press("Escape")
            self.assertGreater(page.run("document.getElementById('strip').offsetWidth"), 5000)
            shown = page["#words button"].count()
            self.assertLess(shown, 150, "words out of sight are there as well")
            page.run("document.getElementById('scroller').scrollLeft = 4000")
            page.wait("Number(document.querySelector('#words').lastElementChild.dataset.index) > 100", "other words")
            self.assertGreater(page.shades("spectrum")[0], 100)
            page["#zoom-fit"].click()
            self.assertEqual(page.run("document.getElementById('scroller').scrollWidth - document.getElementById('scroller').clientWidth"), 0)
            self.assertGreater(page.shades("spectrum")[0], 100)
            page["#zoom-in"].click()
            self.assertGreater(page.run("document.getElementById('scroller').scrollWidth - document.getElementById('scroller').clientWidth"), 100)

    def test_downloads(self):
        with self.page() as page:
            page.open().speak(TEXT)
            pcm = numpy.frombuffer(self.server.curl(
                "/v1/audio/speech", "-H", "Content-Type: application/json", "--data-binary", "@-",
                input=b'{"input": "%s", "response_format": "pcm"}' % TEXT.encode()), dtype="<i2")
            for name in ["wav", "flac", "opus", "mp3"]:
                with page.tab.expect_download() as event:
                    page[f"#downloads button[data-format={name}]"].click()
                self.assertEqual(event.value.suggested_filename, f"the-kettle-was-still-warm.{name}")
                content = pathlib.Path(event.value.path()).read_bytes()
                samples, rate = soundfile.read(io.BytesIO(content), dtype="int16")
                if name in ("wav", "flac"):
                    self.assertEqual(rate, 24000)
                    self.assertEqual(len(samples), len(pcm), name)
                    # Two encoders may round a half in two ways.
                    self.assertLessEqual(numpy.abs(samples.astype(int) - pcm).max(), 1, name)
                else:
                    self.assertAlmostEqual(len(samples) / rate, len(pcm) / 24000, delta=0.15, msg=name)
                if name == "wav":
                    # The standard library's reader is strict about sizes.
                    with wave.open(io.BytesIO(content)) as file:
                        self.assertEqual(file.getnframes(), len(pcm))
                expect(page["#status"]).to_have_text(re.compile(rf"^Saved the-kettle-was-still-warm.{name}, [\d,]+ KB$"))

    # Voices

    def test_enrolls_an_upload(self):
        short = say("Too short.", "sarah", self.folder / "short.wav")
        noise = self.folder / "noise.wav"
        soundfile.write(noise, numpy.random.default_rng(1).normal(0, 0.05, 24000 * 8), 24000)
        with self.page() as page:
            page.expected = ["422", "409", "the server responded with a status of 4"]
            page.open("#voices")
            expect(page["#own-voices"]).to_contain_text("None yet")
            problem, make = page["#enroll-problem"], page["#make"]
            # What is missing is told one after the other, where it is missing.
            for text, focus, fill in [
                ("has no name", "voice-name", lambda: page["#voice-name"].fill("no name!")),
                ("is no name for a voice", "voice-name", lambda: page["#voice-name"].fill("ann")),
                ("no recording yet", "record", lambda: page["#files"].set_input_files(short)),
                ("consent is missing", "consent", lambda: page["#consent-fill"].click()),
                ("in place of NAME", "consent", lambda: page["#consent"].fill(CONSENT)),
            ]:
                make.click()
                expect(problem).to_contain_text(text)
                self.assertEqual(page.run("document.activeElement.id"), focus)
                fill()
            # What the server refuses is told in its own words, in one line.
            make.click()
            expect(problem).to_contain_text("s of speech")
            self.assertNotIn("\n", problem.inner_text())
            page["#samples button"].click()
            expect(page["#samples li"]).to_have_count(0)
            page["#files"].set_input_files(noise)
            make.click()
            expect(problem).to_contain_text("obody speaks in noise.wav")
            page["#samples button"].click()
            # Two people make no voice, unless somebody knows better.
            page["#files"].set_input_files([self.recording, say(READING, "george", self.folder / "george.wav")])
            make.click()
            expect(problem).to_contain_text("another speaker")
            self.assertNotIn("--", problem.inner_text())
            expect(page["#sure"]).to_be_visible()
            expect(page["#sure"]).not_to_be_checked()
            page["#samples button"].nth(1).click()
            make.click()
            report = page["#report"]
            expect(report).to_contain_text("The voice “ann” is made")
            expect(report).to_contain_text(re.compile(r"(Good|Fair) recordings"))
            expect(report).to_contain_text(re.compile(r"Speech\s*\d+\.\d s"))
            self.assertEqual(page.barriers(), [])
            expect(page["#own-voices"]).to_contain_text("ann")
            self.assertIn(CONSENT, self.server.curl("/v1/voices/ann").decode())
            # The name is taken now.
            page["#voice-name"].fill("ann")
            page["#files"].set_input_files(self.recording)
            page["#consent"].fill(CONSENT)
            make.click()
            expect(problem).to_be_visible()
            self.assertIn("ann", problem.inner_text())
            report.get_by_role("button").click() if report.is_visible() else page["#own-voices button"].first.click()
            expect(page["#voice-0"]).to_have_value("ann")
            page.speak("This is my new voice.")
            self.assertEqual(page.sent("/v1/speech/timings")[-1]["voice"], "ann")
            self.delete(page, "ann")

    def delete(self, page, name):
        page["#nav-voices"].click()
        remove = page[f"button[aria-label='Delete {name}']"]
        remove.click()
        expect(page["#confirm"]).to_contain_text(f"Delete the voice “{name}”?")
        # The harmless answer has the focus.
        page.tab.keyboard.press("Enter")
        expect(page["#confirm"]).to_be_hidden()
        expect(page["#own-voices"]).to_contain_text(name)
        remove.click()
        page["#confirm-yes"].click()
        expect(page["#own-voices"]).to_contain_text("None yet")
        self.assertNotIn(f'"{name}"', self.server.curl("/v1/voices").decode())

    def test_enrolls_from_the_microphone(self):
        with self.page() as page:
            page.open("#voices")
            page["#voice-name"].fill("spoken")
            page["#consent"].fill(CONSENT)
            page["#record"].click()
            expect(page["#record"]).to_have_text("Stop recording")
            page.wait("parseFloat(document.getElementById('record-clock').textContent) > 8", "eight seconds")
            self.assertGreater(page.shades("level")[0], 1)
            page["#record"].click()
            expect(page["#samples li"]).to_have_count(1)
            expect(page["#samples"]).to_contain_text("recording-1.wav")
            page.wait("document.querySelector('#samples audio').duration > 8", "the recording to be playable")
            page["#make"].click()
            expect(page["#report"]).to_contain_text("The voice “spoken” is made")
            page["#report button"].click()
            expect(page["#voice-0"]).to_have_value("spoken")
            self.delete(page, "spoken")

    # Everybody

    def test_everything_has_a_name_and_contrast(self):
        for scheme in ["light", "dark"]:
            with self.page(color_scheme=scheme) as page:
                page.open()
                expect(page["#voice-0 option"]).to_have_count(10)
                self.assertEqual(page.barriers(), [], scheme)
                page["#mix-add"].click()
                page.speak(TEXT)
                self.assertEqual(page.barriers(), [], scheme)
                page["#show-keys"].click()
                self.assertEqual(page.barriers(), [], scheme)
                page.tab.keyboard.press("Escape")
                page["#text"].fill("")
                page["#go"].click()
                expect(page["#problem"]).to_contain_text("no text yet")
                self.assertEqual(page.barriers(), [], scheme)
                page["#nav-voices"].click()
                page["#make"].click()
                self.assertEqual(page.barriers(), [], scheme)

    def test_keyboard_alone(self):
        with self.page() as page:
            page.open()
            expect(page["#voice-0 option"]).to_have_count(10)
            keys = page.tab.keyboard
            keys.press("Tab")
            self.assertEqual(page.run("document.activeElement.className"), "skip")
            keys.press("Enter")
            self.assertEqual(page.run("document.activeElement.id"), "text")
            keys.press("Control+A")
            keys.type("Spoken by keys. It works.")
            keys.press("Control+Enter")
            page.finish()
            # Shortcuts stay out of text fields, and work everywhere else.
            self.assertEqual(page["#text"].input_value(), "Spoken by keys. It works.")
            keys.press("Tab")
            keys.press("k")
            keys.press("Escape")
            expect(page["#play"]).to_have_attribute("aria-label", "Play")
            keys.press("k")
            expect(page["#play"]).to_have_attribute("aria-label", "Pause")
            keys.press("l")
            keys.press("j")
            keys.press("?")
            expect(page["#keys"]).to_be_visible()
            keys.press("Escape")
            expect(page["#keys"]).to_be_hidden()
            keys.press("v")
            self.assertEqual(page.run("document.activeElement.id"), "voice-0")
            keys.type("Ge")
            expect(page["#voice-0"]).to_have_value("george")
            # Words: one stop for Tab, arrows between them, Enter plays.
            page["#play"].focus()
            for _ in range(12):
                keys.press("Tab")
                if page.run("document.activeElement.closest('#words') !== null"):
                    break
            for _ in range(3):
                keys.press("ArrowRight")
            self.assertEqual(page.run("document.activeElement.textContent"), "It")
            page.run("heard.length = 0")
            keys.press("Enter")
            page.wait("heard.length > 0", "sound")
            keys.press("End")
            self.assertEqual(page.run("document.activeElement.textContent"), "works")
            keys.press("Escape")

    def test_focus_is_seen_on_the_whole_walk(self):
        with self.page() as page:
            for fragment, least in [("", 14), ("#voices", 18)]:
                page.open(fragment)
                page.tab.reload()
                expect(page["#voice-0 option"]).to_have_count(10)
                if not fragment:
                    page.speak("Short.")
                # The walk begins at the top.
                page.tab.mouse.click(2, 2)
                seen = []
                for _ in range(80):
                    page.tab.keyboard.press("Tab")
                    found = page.run("""(() => {
                        const node = document.activeElement;
                        if (node === document.body) return null;
                        const style = getComputedStyle(node);
                        const ring = node.id === "text" ? getComputedStyle(node.closest(".card")).boxShadow !== "none"
                            : style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                        const { width, height, bottom } = node.getBoundingClientRect();
                        return { what: node.id || node.ariaLabel || node.textContent.trim(), ring, there: width > 4 && height > 4 && bottom > 0 };
                    })()""")
                    if not found:
                        break
                    seen.append(found["what"])
                    self.assertTrue(found["ring"] and found["there"], found)
                else:
                    self.fail(f"the walk does not end: {seen}")
                self.assertGreaterEqual(len(seen), least, seen)
                self.assertEqual(len(seen), len(set(seen)), seen)

    def test_colours_follow_the_system_and_the_switch(self):
        with self.page(color_scheme="dark") as page:
            lightness = "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).colorScheme"
            page.open().speak("Colours.")
            page.tab.keyboard.press("Escape")
            dark = page.run(lightness)
            picture = page.run("document.getElementById('spectrum').toDataURL()")
            page["#theme"].click()
            expect(page["#theme"]).to_have_attribute("aria-label", "Colours: light")
            self.assertNotEqual(page.run(lightness), dark)
            page.wait(f"document.getElementById('spectrum').toDataURL().length !== {len(picture)}", "other colours")
            page.tab.reload()
            expect(page["#theme"]).to_have_attribute("aria-label", "Colours: light")
            self.assertIn("light", page.run(lightness))

    def test_phone(self):
        with self.page(width=360, height=740, has_touch=True, is_mobile=True) as page:
            page.open().speak(TEXT)
            page.tab.keyboard.press("Escape")
            self.assertLessEqual(page.overflow(), 0)
            self.assertGreater(page.shades("spectrum")[0], 100)
            page["#mix-add"].tap()
            page["#mix-add"].tap()
            self.assertLessEqual(page.overflow(), 0)
            self.assertEqual(page.barriers(), [])
            page["#nav-voices"].tap()
            page["#files"].set_input_files(self.recording)
            self.assertLessEqual(page.overflow(), 0)
            self.assertEqual(page.barriers(), [])

    def test_stillness(self):
        with self.page(reduced_motion="reduce") as page:
            page.open()
            self.assertEqual(page.run("getComputedStyle(document.getElementById('go')).transitionProperty"), "none")

    # What goes wrong

    def test_errors_are_one_line(self):
        with serving(PROGRAM, "--max-text", "100") as server:
            with self.browser.page(f"http://127.0.0.1:{server.port}") as page:
                page.expected = ["status of 400", "ERR_CONNECTION_REFUSED"]
                page.open()
                expect(page["#voice-0 option"]).to_have_count(10)
                for text, told in [("x" * 101, "at most 100"), ("<speak>broken", "SSML"), ("…", "")]:
                    page["#text"].fill(text)
                    page["#go"].click()
                    expect(page["#problem"]).to_be_visible()
                    self.assertIn(told.lower(), page["#problem"].inner_text().lower())
                    self.assertNotIn("\n", page["#problem"].inner_text())
                    self.assertEqual(page.barriers(), [])
                # The next good one takes the line away.
                page.speak("Good.")
                expect(page["#problem"]).to_be_hidden()
                server.stop()
                page["#go"].click()
                expect(page["#problem"]).to_contain_text("does not answer")

    def test_asks_for_the_token_once(self):
        token = "0123456789abcdef0123456789abcdef"
        file = self.folder / "token"
        file.write_text(token)
        with serving(PROGRAM, "--token-file", str(file)) as server:
            with self.browser.page(f"http://127.0.0.1:{server.port}") as page:
                page.expected = ["status of 401"]
                page.open()
                expect(page["#token"]).to_be_visible()
                self.assertEqual(page.barriers(), [])
                page["#token-value"].fill("not the right one at all")
                page.tab.keyboard.press("Enter")
                expect(page["#token-problem"]).to_be_visible()
                page["#token-value"].fill(token)
                page.tab.keyboard.press("Enter")
                expect(page["#voice-0 option"]).to_have_count(10)
                expect(page["#token"]).to_be_hidden()
                page.speak("With a token.")
                page.tab.reload()
                expect(page["#voice-0 option"]).to_have_count(10)
                expect(page["#token"]).to_be_hidden()
                self.assertNotIn(token, page.run("JSON.stringify(localStorage) + location.href"))
                self.assertIn(token, page.run("JSON.stringify(sessionStorage)"))


def small_data(folder):
    """Links to the data folder, with a made-up network that speaks English, Spanish and Italian."""
    data = folder / "small" / "data"
    data.mkdir(parents=True)
    for file in (REPOSITORY / "data").iterdir():
        (data / file.name).symlink_to(file)
    (data / "acoustic.safetensors").unlink()
    (data / "acoustic.safetensors").symlink_to(REPOSITORY / "Tests/NetworkTests/Fixtures/small-acoustic.safetensors")
    (data.parent / "voices").symlink_to(REPOSITORY / "voices")
    return {"STARLING_DATA": str(data)}



class ReadsAloud(Browsing):
    """The microphone hears the passage."""

    @staticmethod
    def heard():
        return subprocess.run([PROGRAM, "enroll", "--script"], check=True, capture_output=True, text=True).stdout

    def test_a_passage_line_by_line(self):
        seconds = soundfile.info(self.microphone).duration
        with self.page() as page:
            page.open("#voices")
            expect(page["#lines li"]).to_have_count(9)
            self.assertEqual(page.barriers(), [])
            page["#passage"].select_option(label="A passage in Spanish")
            expect(page["#lines li"].first).to_contain_text("grabación")
            page["#passage"].select_option(label="Something else, without a text")
            expect(page["#lines"]).to_be_hidden()
            page["#passage"].select_option(label="A passage in English")
            page["#voice-name"].fill("reader")
            page["#record"].click()
            expect(page["#lines .now"]).to_contain_text("I agree to a voice")
            expect(page["#next-line"]).to_be_focused()
            page["#next-line"].click()
            expect(page["#lines .now"]).to_contain_text("Last Thursday")
            self.assertEqual(page.barriers(), [])
            for _ in range(7):
                page["#next-line"].click()
            expect(page["#next-line"]).to_have_text("Done")
            page.wait(f"parseFloat(document.getElementById('record-clock').textContent) > {seconds}", "the whole passage")
            page["#next-line"].click()
            expect(page["#samples li"]).to_have_count(1)
            expect(page["#consent"]).to_have_value("I agree to a voice being made from this recording.")
            page["#make"].click()
            expect(page["#enroll-status"]).to_contain_text("Adapting")
            expect(page["#making"]).to_be_visible()
            expect(page["#report"]).to_contain_text("The voice “reader” is made")
            self.assertGreater(page.run("document.querySelectorAll('#lines .understood').length"), 6)
            self.assertEqual(page.barriers(), [])
            # A line that went wrong is taken back.
            clock = "parseFloat(document.getElementById('record-clock').textContent)"
            page["#record"].click()
            page.wait(f"{clock} > 1", "a second")
            page["#next-line"].click()
            page.wait(f"{clock} > 6", "the second line")
            page["#again"].click()
            page.wait(f"{clock} < 6", "the line to be taken back")
            expect(page["#lines .now"]).to_contain_text("Last Thursday")
            page["#record"].click()
            # Given up while it is made, a voice leaves nothing.
            page["#voice-name"].fill("nobody")
            page["#consent"].fill(CONSENT)
            page["#make"].click()
            page["#give-up"].click()
            expect(page["#give-up"]).to_be_hidden()
            expect(page["#enroll-problem"]).to_be_hidden()
            self.assertNotIn('"nobody"', self.server.curl("/v1/voices").decode())


class Languages(Browsing):
    environment = staticmethod(small_data)

    def test_speaks_in_the_language_chosen(self):
        with self.page() as page:
            page.open()
            languages = ["English", "Detect", "European Spanish", "Latin American Spanish", "Italian (Italy)"]
            expect(page["#language option"]).to_have_text(languages)
            page.speak("Hola.")
            page["#language"].select_option(label="European Spanish")
            page.speak("Hola.")
            page["#language"].select_option(label="Detect")
            page.speak("Hola.")
            asked = [request.get("language") for request in page.sent("/v1/speech/timings")]
            self.assertEqual(asked, [None, "es-ES", "auto"])
            page.open()
            expect(page["#language"]).to_have_value("auto")


@unittest.skipUnless(PICTURES, "only with --pictures")
class Pictures(Browsing):
    """The screenshots of docs/studio.md."""

    TEXT = ("The old harbour lay quiet that morning. Have you ever heard a starling sing? It borrows the voices of others, and "
            "makes them its own.")

    def test_pictures(self):
        for name, options in [
            ("light", {"color_scheme": "light"}), ("dark", {"color_scheme": "dark"}),
            ("narrow", {"color_scheme": "light", "width": 390, "height": 844}),
        ]:
            with self.page(device_scale_factor=1.25 if name != "narrow" else 2, **options) as page:
                page.open().speak(self.TEXT)
                page.wait('Number(document.getElementById("clock").textContent.split(" ")[0]) > 2.6', "a moment to show")
                page.tab.keyboard.press("Escape")
                page.run("document.activeElement.blur()")
                raw = page.tab.screenshot(full_page=True)
                path = REPOSITORY / "docs" / f"studio-{name}.png"
                # A page like this needs few colours, and repositories keep pictures for ever.
                for colours in [192, 128, 96, 64]:
                    picture = Image.open(io.BytesIO(raw)).convert("RGB").quantize(colours, dither=Image.Dither.NONE)
                    picture.save(path, optimize=True)
                    if path.stat().st_size < 300_000:
                        break
                self.assertLess(path.stat().st_size, 300_000)


if __name__ == "__main__":
    if PICTURES:
        sys.argv += ["Pictures.test_pictures"]
    unittest.main(verbosity=2)
