"""Headless Chromium with eyes: what it logs, asks for and plays is kept, and its pages can be examined for accessibility."""

import contextlib
import json
import os

from playwright.sync_api import expect, sync_playwright

# Other work may keep the machine busy: states are waited for, and long.
PATIENCE = 1000 * int(os.environ.get("STARLING_PATIENCE", "120"))
expect.set_options(timeout=PATIENCE)

# Notes everything that is handed to the audio clock.
LISTEN = """
    const start = AudioBufferSourceNode.prototype.start;
    window.heard = [];
    AudioBufferSourceNode.prototype.start = function (time, ...rest) {
        const samples = this.buffer.getChannelData(0);
        const peak = samples.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
        window.heard.push({ time, seconds: this.buffer.duration, rate: this.buffer.sampleRate, peak });
        return start.call(this, time, ...rest);
    };
"""

NAMED_ROLES = {
    "button", "link", "textbox", "combobox", "slider", "checkbox", "image", "img", "dialog", "toolbar", "navigation", "group",
    "listbox", "option", "Audio",
}

CONTRAST = """(() => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (color, under) => {
        context.globalCompositeOperation = "source-over";
        context.clearRect(0, 0, 1, 1);
        if (under) { context.fillStyle = under; context.fillRect(0, 0, 1, 1); }
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data];
    };
    const background = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if (rgba(color)[3] === 255) return color;
        }
        return "white";
    };
    const luminance = ([r, g, b]) => [r, g, b]
        .map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const problems = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let checked = 0;
    while (walker.nextNode()) {
        const node = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !node.checkVisibility() || node.closest(":disabled, .unseen, .skip, script, noscript, option")) continue;
        const style = getComputedStyle(node);
        const under = background(node);
        const [front, back] = [rgba(style.color, under), rgba(under)].map(luminance);
        const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
        checked += 1;
        if (ratio < 4.5) problems.push(`${walker.currentNode.textContent.trim().slice(0, 30)}: contrast ${ratio.toFixed(2)}`);
    }
    for (const node of document.querySelectorAll("button, input:not([type=file]), select, textarea")) {
        if (!node.checkVisibility() || node.classList.contains("link")) continue;
        const { width, height } = node.getBoundingClientRect();
        if (node.type !== "checkbox" && (height < 24 || (width < 24 && !node.closest("#words")))) problems.push(`${node.id || node.textContent}: ${width} x ${height} is small`);
    }
    const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
    problems.push(...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `the id ${id} occurs twice`));
    for (const node of document.querySelectorAll("[aria-labelledby], [aria-describedby], label[for]")) {
        for (const name of ["aria-labelledby", "aria-describedby", "for"]) {
            for (const id of (node.getAttribute(name) ?? "").split(/\\s+/).filter(Boolean)) {
                if (!document.getElementById(id)) problems.push(`${name} names ${id}, which is not there`);
            }
        }
    }
    const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter((node) => node.checkVisibility() && !node.closest("dialog")).map((node) => Number(node.tagName[1]));
    levels.forEach((level, i) => { if (level > (levels[i - 1] ?? 0) + 1) problems.push(`a heading of level ${level} follows ${levels[i - 1] ?? 0}`); });
    if (!document.documentElement.lang || !document.title) problems.push("no language or title");
    return { problems, checked };
})()"""


class Page:
    """A tab, what happened in it, and what can be said of it."""

    def __init__(self, context, origin):
        self.context, self.origin = context, origin
        self.tab = context.new_page()
        self.tab.set_default_timeout(PATIENCE)
        self.complaints, self.requests, self.expected = [], [], []
        self.tab.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}")
                    if message.type in ("error", "warning") else None)
        self.tab.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self.tab.on("request", lambda request: self.requests.append(request))
        self.tab.add_init_script(LISTEN)
        self.protocol = context.new_cdp_session(self.tab)

    def open(self, fragment=""):
        self.tab.goto(f"{self.origin}/{fragment}")
        return self

    def run(self, expression):
        """The value of a JavaScript expression. The page's policy forbids what Playwright's own way needs."""
        answer = self.protocol.send(
            "Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            raise AssertionError(json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def wait(self, expression, what, progress="0"):
        """Until an expression is true. Patience begins anew whenever the value of `progress` changes."""
        left, last = PATIENCE, None
        while left > 0:
            if self.run(expression):
                return
            if (now := self.run(progress)) != last:
                left, last = PATIENCE, now
            self.tab.wait_for_timeout(50)
            left -= 50
        raise AssertionError(f"waited for {what}")

    def __getitem__(self, selector):
        return self.tab.locator(selector)

    def speak(self, text=None):
        """Speaks to the end, by the button."""
        if text is not None:
            self["#text"].fill(text)
        self["#go"].click()
        expect(self["#stop"]).to_be_enabled()
        self.finish()

    def finish(self):
        """Waits until everything has arrived."""
        expect(self["#downloads button"].first).to_be_enabled()

    def sent(self, path):
        """Bodies of requests to a path, as JSON."""
        return [request.post_data_json for request in self.requests if request.url == f"{self.origin}{path}"]

    def shades(self, canvas):
        """How many different colors a canvas shows, and the share of its pixels that are painted."""
        return self.run(f"""(() => {{
            const canvas = document.getElementById("{canvas}");
            // Read from a copy, since reading from the page's own slows it down.
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {{ willReadFrequently: true }});
            copy.drawImage(canvas, 0, 0);
            const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
            return [new Set(pixels).size, pixels.filter((pixel) => pixel >>> 24).length / pixels.length];
        }})()""")

    def barriers(self):
        """What would keep somebody from using the page as it is now."""
        found = self.run(CONTRAST)
        if found["checked"] < 5:
            found["problems"].append(f"only {found['checked']} texts were seen")
        for node in self.protocol.send("Accessibility.getFullAXTree")["nodes"]:
            role = node.get("role", {}).get("value")
            if node.get("ignored") or role not in NAMED_ROLES:
                continue
            if not node.get("name", {}).get("value", "").strip():
                # Decoration beside a name, such as the mark in the link to the page's top, is ignored above.
                found["problems"].append(f"a {role} has no name ({node.get('properties')})")
        return found["problems"]

    def overflow(self):
        """Pixels by which the page is wider than the window."""
        return self.run("document.documentElement.scrollWidth - innerWidth")

    def outsiders(self):
        """Requests to anywhere else."""
        return [request.url for request in self.requests
                if not request.url.startswith((self.origin + "/", f"blob:{self.origin}/"))]


class Browser:
    def __init__(self, chromium, microphone):
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path=chromium,
            args=["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                  f"--use-file-for-fake-audio-capture={microphone}"])

    @contextlib.contextmanager
    def page(self, origin, width=1280, height=900, **options):
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, permissions=["microphone"], accept_downloads=True, **options)
        page = Page(context, origin)
        try:
            yield page
            # A page that logs errors, or talks to others, fails whatever the test was about.
            unexpected = [line for line in page.complaints if not any(part in line for part in page.expected)]
            assert not unexpected, unexpected
            assert not page.outsiders(), page.outsiders()
        finally:
            context.close()

    def close(self):
        self.chromium.close()
        self.playwright.stop()
