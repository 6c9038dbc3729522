"""What goes wrong in the Studio."""

from playwright.sync_api import expect

import studio
from server import serving
from studio import Browsing


class Errors(Browsing):
    def test_errors_are_one_line(self):
        with serving(studio.PROGRAM, "--max-text", "100") as server:
            with self.browser.page(f"http://127.0.0.1:{server.port}") as page:
                page.expected = ["status of 400", "ERR_CONNECTION_REFUSED"]
                page.open()
                self.expect_voices(page)
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
                expect(page["#problem"]).to_contain_text("does not respond")

    def test_asks_for_the_token_once(self):
        token = "0123456789abcdef0123456789abcdef"
        file = self.folder / "token"
        file.write_text(token)
        with serving(studio.PROGRAM, "--token-file", str(file)) as server:
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
                self.expect_voices(page)
                expect(page["#token"]).to_be_hidden()
                page.speak("With a token.")
                page.tab.reload()
                self.expect_voices(page)
                expect(page["#token"]).to_be_hidden()
                self.assertNotIn(token, page.run("JSON.stringify(localStorage) + location.href"))
                self.assertIn(token, page.run("JSON.stringify(sessionStorage)"))
