"""The Studio speaks, shows what it said, and saves it."""

import io
import pathlib
import re
import wave

import numpy
import soundfile
from playwright.sync_api import expect

from server import REPOSITORY, wait_until
from studio import LONG, TEXT, WORDS, Browsing


class Speaking(Browsing):
    def test_speaks_while_it_streams(self):
        with self.page() as page:
            page.open()
            self.expect_voices(page)
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
            for canvas, colors, painted in [("wave", 8, 0.02), ("spectrum", 100, 0.9), ("melody", 8, 0.01),
                                             ("sounds", 8, 0.01), ("axis", 5, 0.005)]:
                shades, share = page.shades(canvas)
                self.assertGreater(shades, colors, canvas)
                self.assertGreater(share, painted, canvas)
            self.assertRegex(page["#melody"].get_attribute("aria-label"), r"from \d+ to \d+ Hz")
            self.assertIn("stˈɪl wˈɔɹm", page["#sounds"].get_attribute("aria-label"))
            # The pitch is drawn where a voice of this pitch belongs, and only where there is voice.
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


def tiny_data(folder):
    """Links to the data folder, with a made-up network that speaks English, Spanish and Italian."""
    data = folder / "tiny" / "data"
    data.mkdir(parents=True)
    for file in (REPOSITORY / "data").iterdir():
        (data / file.name).symlink_to(file)
    (data / "acoustic.safetensors").unlink()
    (data / "acoustic.safetensors").symlink_to(REPOSITORY / "Tests/NetworkTests/Fixtures/tiny-acoustic.safetensors")
    (data.parent / "voices").symlink_to(REPOSITORY / "voices")
    return {"STARLING_DATA": str(data)}


class Languages(Browsing):
    environment = staticmethod(tiny_data)

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
