"""The Studio makes voices: of uploads, of the microphone, of a passage read aloud."""

import re
import subprocess

import numpy
import soundfile
from playwright.sync_api import expect

import studio
from studio import CONSENT, READING, Browsing, say


class Voices(Browsing):
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
                ("is not a valid voice name", "voice-name", lambda: page["#voice-name"].fill("ann")),
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
            expect(problem).to_contain_text("o speech was found in noise.wav")
            page["#samples button"].click()
            # Two people make no voice, unless somebody knows better.
            page["#files"].set_input_files([self.recording, say(READING, "george", self.folder / "george.wav")])
            make.click()
            expect(problem).to_contain_text("a different speaker")
            self.assertNotIn("--", problem.inner_text())
            expect(page["#sure"]).to_be_visible()
            expect(page["#sure"]).not_to_be_checked()
            page["#samples button"].nth(1).click()
            make.click()
            report = page["#report"]
            expect(report).to_contain_text("The voice “ann” is ready")
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
            # Nobody knows what is said in it, but the voice can adapt to it.
            page["#adapt"].check()
            page["#make"].click()
            page.wait("!document.querySelector('#report').hidden", "the voice", "document.querySelector('#making').value")
            expect(page["#report"]).to_contain_text("The voice “spoken” is ready")
            expect(page["#report"]).to_contain_text(re.compile("It was (not )?adapted"))
            page["#report button"].click()
            expect(page["#voice-0"]).to_have_value("spoken")
            self.delete(page, "spoken")


class ReadsAloud(Browsing):
    """The microphone hears the passage."""

    @staticmethod
    def heard():
        return subprocess.run([studio.PROGRAM, "enroll", "--script"], check=True, capture_output=True, text=True).stdout

    def test_a_passage_line_by_line(self):
        seconds = soundfile.info(self.microphone).duration
        with self.page() as page:
            page.open("#voices")
            expect(page["#lines li"]).to_have_count(9)
            self.assertEqual(page.barriers(), [])
            page["#passage"].select_option(label="A passage in Spanish")
            expect(page["#lines li"].first).to_contain_text("grabación")
            page["#passage"].select_option(label="Something else, without a transcript")
            expect(page["#lines"]).to_be_hidden()
            page["#passage"].select_option(label="A passage in English")
            page["#voice-name"].fill("reader")
            page["#record"].click()
            expect(page["#lines .now"]).to_contain_text("I agree to a voice")
            # A recording ends after three minutes, which a busy machine may take for clicks. Keys are faster.
            expect(page["#next-line"]).to_be_focused()
            for _ in range(8):
                page.tab.keyboard.press("Enter")
            expect(page["#next-line"]).to_have_text("Done")
            page.wait(f"parseFloat(document.getElementById('record-clock').textContent) > {seconds}", "the whole passage")
            page.tab.keyboard.press("Enter")
            expect(page["#samples li"]).to_have_count(1)
            expect(page["#consent"]).to_have_value("I agree to a voice being made from this recording.")
            # Given up while it is made, a voice leaves nothing, and the recordings stay.
            page["#make"].click()
            expect(page["#making"]).to_be_visible()
            page["#give-up"].click()
            expect(page["#give-up"]).to_be_hidden()
            expect(page["#enroll-problem"]).to_be_hidden()
            self.assertNotIn('"reader"', self.server.curl("/v1/voices").decode())
            expect(page["#samples li"]).to_have_count(1)
            page["#make"].click()
            expect(page["#enroll-status"]).to_contain_text("Adapting")
            expect(page["#making"]).to_be_visible()
            page.wait("!document.querySelector('#report').hidden", "the voice", "document.querySelector('#making').value")
            expect(page["#report"]).to_contain_text("The voice “reader” is ready")
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
            self.assertEqual(page.barriers(), [])
