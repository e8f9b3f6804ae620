"""What a visitor does with the widget, and what the visitor sees, through a browser."""

import pathlib
import shutil

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

PROBES = pathlib.Path(__file__).with_name("probes.js").read_text()

SECONDS = 20
"""How long to wait for what must come; only a test that fails waits so long."""


def start_browser():
    # Named, or else Selenium looks for them on the internet.
    browser, driver = (
        next(filter(None, map(shutil.which, names)), None)
        for names in (("chromium", "google-chrome"), ("chromedriver",))
    )
    if not browser or not driver:
        raise SystemExit("Chromium or its driver is missing.")
    options = Options()
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1100,800",
        "--lang=en",
        "--force-color-profile=srgb",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-extensions",
        "--disable-background-networking",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = browser
    return webdriver.Chrome(options=options, service=Service(executable_path=driver))


class Widget:
    """One widget on the page that the browser shows."""

    def __init__(self, driver, number=0):
        self.driver = driver
        self.number = number

    @property
    def host(self):
        return self.wait(lambda: self.driver.find_elements(By.CSS_SELECTOR, "lectern-chat-widget")[self.number :])[0]

    @property
    def root(self):
        return self.host.shadow_root

    def wait(self, condition):
        return WebDriverWait(self.driver, SECONDS, poll_frequency=0.02).until(lambda _: condition())

    def script(self, code, *arguments):
        """Runs JavaScript with `root` as the widget's shadow root."""
        return self.driver.execute_script(
            f"const root = arguments[arguments.length - 1].shadowRoot; {code}", *arguments, self.host
        )

    def probe(self, name):
        """What a function of `probes.js` gives."""
        return self.script(f"{PROBES}; return probes[arguments[0]](root)", name)

    def find(self, selector):
        return self.root.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.root.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        """The texts that are seen, in one look, since a streamed answer changes all the time."""
        return self.script(
            "return [...root.querySelectorAll(arguments[0])].map((node) => node.innerText.trim())", selector
        )

    @property
    def is_open(self):
        return self.find(".panel").is_displayed()

    @property
    def focused(self):
        """The class, or else the name, of what has the focus within the widget."""
        return self.script("const node = root.activeElement; return node && (node.className || node.localName)")

    def open(self):
        self.find(".launcher").click()
        self.wait(lambda: self.is_open)
        return self

    def press(self, *keys):
        """Presses keys on whatever has the focus."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def type(self, *keys):
        """Types into the input; modifiers hold until `Keys.NULL`."""
        self.find("textarea").send_keys(*keys)

    def send(self, text):
        self.type(text)
        self.press(Keys.ENTER)

    @property
    def is_busy(self):
        return self.find(".log").get_attribute("aria-busy") == "true"

    def ask(self, text):
        """Sends a message and waits for the end of the answer, which is given."""
        count = len(self.all(".message"))
        self.send(text)
        self.wait(lambda: len(self.all(".user")) and len(self.all(".message")) > count and not self.is_busy)
        return self.last_answer

    @property
    def last_answer(self):
        return (self.texts(".assistant .text") or [""])[-1]

    @property
    def questions(self):
        return self.texts(".user .text")

    def html(self, selector):
        return self.script("return [...root.querySelectorAll(arguments[0])].map((node) => node.innerHTML)", selector)
