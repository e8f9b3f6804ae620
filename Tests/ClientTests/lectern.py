"""The built program, and a base of tests that ask it with a stand-in vendor behind it."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import vendor

DOCUMENT = "The harbour opens at seven in the morning. The crane lifts forty tons."
QUESTION = "When does the harbour open?"
# Of the program and of the embedding model.
PATHS = []


def main():
    """Runs the tests of the program: `FILE.py PATH_OF_LECTERN PATH_OF_EMBEDDING_MODEL`, then options of unittest."""
    PATHS[:] = sys.argv[1:3]
    unittest.main(module="__main__", argv=sys.argv[:1] + sys.argv[3:])


class Server:
    """The built program, with a storage of its own."""

    def __init__(self, program, model):
        self.storage = tempfile.TemporaryDirectory()
        self.prepare()
        self.process = subprocess.Popen(
            [program, "serve", "--storage", self.storage.name, "--port", "0", "--model", model],
            stdout=subprocess.PIPE,
            text=True,
        )
        log = ""
        while "Lectern is at" not in log or "API key" not in log:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("The server ended before it listened:\n" + log)
            log += line
        self.origin = re.search(r"(http://\S+?)/api", log)[1]
        self.api = self.origin + "/api/v1"
        self.key = re.search(r"API key.*: (\S+)", log)[1]

    def prepare(self):
        """Puts into the storage what is to be there before the first start."""

    def post(self, path, **body):
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.api + path, json.dumps(body).encode(), headers)
        return json.load(urllib.request.urlopen(request))

    def end(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.storage.cleanup()


class ServerTest(unittest.TestCase):
    """Asks a server with three workspaces, of which `harbour` holds a document."""

    @classmethod
    def setUpClass(cls):
        cls.vendor = vendor.Vendor()
        cls.addClassCleanup(cls.vendor.server_close)
        cls.addClassCleanup(cls.vendor.shutdown)
        cls.server = Server(*PATHS)
        cls.addClassCleanup(cls.server.end)
        changed = cls.server.post(
            "/system/update-env",
            LLMProvider="generic-openai",
            GenericOpenAiBasePath=cls.vendor.origin + "/v1",
            GenericOpenAiModelPref="stand-in",
            ImageGenerationProvider="lemonade",
            ImageGenerationLemonadeBasePath=cls.vendor.origin,
            ImageGenerationModelPref="sd",
            WhisperProvider="generic-openai",
            WhisperGenericOpenAiBaseUrl=cls.vendor.origin + "/v1",
        )
        assert changed["error"] is None, changed
        for name in "Harbour", "Empty", "Third":
            cls.server.post("/workspace/new", name=name, chatMode="query" if name == "Empty" else "automatic")
        cls.server.post(
            "/document/raw-text", textContent=DOCUMENT, metadata={"title": "harbour.txt"}, addToWorkspaces="harbour"
        )

    @property
    def asked(self):
        """What the vendor was asked last."""
        return self.vendor.requests[-1]
