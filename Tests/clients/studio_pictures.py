"""Makes the screenshots of docs/studio.md. Run by script/test-studio --pictures."""

import io

from PIL import Image

from server import REPOSITORY
from studio import Browsing


class Pictures(Browsing):
    """The screenshots of docs/studio.md."""

    TEXT = ("The old harbor lay quiet that morning. Have you ever heard a starling sing? It borrows the voices of others, and "
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
                # A page like this needs few colors, and repositories keep pictures for ever.
                for colors in [192, 128, 96, 64]:
                    picture = Image.open(io.BytesIO(raw)).convert("RGB").quantize(colors, dither=Image.Dither.NONE)
                    picture.save(path, optimize=True)
                    if path.stat().st_size < 300_000:
                        break
                self.assertLess(path.stat().st_size, 300_000)
