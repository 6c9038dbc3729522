"""The Studio is for everybody: names, contrast, keys, narrow and still screens."""

from playwright.sync_api import expect

from studio import TEXT, Browsing


class Access(Browsing):
    def test_everything_has_a_name_and_contrast(self):
        for scheme in ["light", "dark"]:
            with self.page(color_scheme=scheme) as page:
                page.open()
                self.expect_voices(page)
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
            self.expect_voices(page)
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
                self.expect_voices(page)
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

    def test_colors_follow_the_system_and_the_switch(self):
        with self.page(color_scheme="dark") as page:
            lightness = "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).colorScheme"
            page.open().speak("Colors.")
            page.tab.keyboard.press("Escape")
            dark = page.run(lightness)
            picture = page.run("document.getElementById('spectrum').toDataURL()")
            page["#theme"].click()
            expect(page["#theme"]).to_have_attribute("aria-label", "Colors: light")
            self.assertNotEqual(page.run(lightness), dark)
            page.wait(f"document.getElementById('spectrum').toDataURL().length !== {len(picture)}", "other colors")
            page.tab.reload()
            expect(page["#theme"]).to_have_attribute("aria-label", "Colors: light")
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
