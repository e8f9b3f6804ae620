"""What all tests of the widget use: a browser, a server of pages, and a server for the widget to speak with.

They start with the first test and end with the process.
"""

import atexit
import functools
import os
import re
import unittest
import uuid

from fake_server import FakeServer
from page_server import PageServer, snippet
from selenium.webdriver.common.keys import Keys
from widget_page import Widget, start_browser

ADDRESS = os.environ.get("LECTERN_ADDRESS")
EMBED = os.environ.get("LECTERN_EMBED")
QUESTION = os.environ.get("LECTERN_QUESTION", "Please remember this.")
SCREENSHOTS = os.environ.get("LECTERN_SCREENSHOTS")

needs_fake = unittest.skipIf(ADDRESS, "needs the stand-in's answers")


@functools.cache
def shared_browser():
    browser = start_browser()
    atexit.register(browser.quit)
    return browser


@functools.cache
def shared_fake():
    return None if ADDRESS else FakeServer()


@functools.cache
def shared_pages():
    return PageServer(int(os.environ.get("LECTERN_PAGE_PORT", 0)))


class WidgetTests(unittest.TestCase):
    """Each test has an embed of its own, and with it a session of its own."""

    maxDiff = None

    def setUp(self):
        self.browser, self.fake, self.pages = shared_browser(), shared_fake(), shared_pages()
        self.address = ADDRESS or self.fake.address
        self.embed = self.fake and self.fake.embed()

    def tearDown(self):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        # What the browser complains of, such as a rule of the page's policy that the widget broke.
        complaints = [
            entry["message"]
            for entry in self.browser.get_log("browser")
            if entry["level"] == "SEVERE" and not re.search(r"status of \d+|net::ERR", entry["message"])
        ]
        self.assertEqual(complaints, [])

    def snippet(self, embed=None, **attributes):
        """The script element of an embed, else of this test's."""
        return snippet(self.address, embed or EMBED or self.embed.id, **attributes)

    def show(self, scripts=None, page=None, **attributes):
        """A page with the widget: with these script elements, else with that of this test's embed."""
        self.browser.get(self.pages.add(*(scripts or [self.snippet(**attributes)]), **(page or {})))
        if not self.fake:
            self.browser.execute_script("localStorage.clear()")
        return Widget(self.browser)

    def answered(self, *answers, question="Question", is_open=True, **options):
        """A widget that shows these answers, texts or pairs of text and sources, as the history of its session."""
        session = str(uuid.uuid4())
        for answer in answers:
            text, sources = answer if isinstance(answer, tuple) else (answer, [])
            self.embed.store(session, question, text, sources)
        self.store_session(session)
        widget = self.show(**options).open()
        if not is_open:
            widget.press(Keys.ESCAPE)
        widget.wait(lambda: len(widget.all(".user")) == len(answers))
        return widget

    def store_session(self, session):
        self.browser.get(self.pages.add())
        self.browser.execute_script("localStorage.setItem(arguments[0], arguments[1])", self.session_key, session)

    @property
    def session_key(self):
        return f"allm_{self.embed.id}_session_id"

    def emulate(self, width=None, height=800, **features):
        """A screen of this size, and what the visitor prefers, e.g. `prefers_color_scheme="dark"`."""
        if width:
            screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
            self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        if features:
            values = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
            self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": values})

    def picture(self, name):
        if SCREENSHOTS:
            os.makedirs(SCREENSHOTS, exist_ok=True)
            self.browser.save_screenshot(os.path.join(SCREENSHOTS, f"{name}.png"))
