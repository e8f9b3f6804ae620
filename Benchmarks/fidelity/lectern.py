"""A Lectern server of one's own: new storage, loopback alone, stopped and removed at the end."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import urllib.error
import urllib.request


class Lectern:
    def __init__(self, program, model, port=3377):
        self.address = f"http://127.0.0.1:{port}/api/v1"
        self.folder = tempfile.TemporaryDirectory(prefix="lectern-fidelity-")
        self.process = subprocess.Popen(
            [program, "serve", "--storage", self.folder.name, "--port", str(port), "--model", model],
            cwd=self.folder.name, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if match := re.search(r"API key.*: (\S+)", line):
                self.key = match[1]
                return
        raise RuntimeError("the server did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()

    def seconds(self):
        """Processor seconds of the server and of the processes in which it has read documents."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def read(self, path):
        """What the server answers of a file: text or error, and processor seconds."""
        boundary = "lectern-fidelity"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
        body = head.encode() + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        request = urllib.request.Request(f"{self.address}/document/upload", data=body, headers={
            "Authorization": f"Bearer {self.key}", "Content-Type": f"multipart/form-data; boundary={boundary}"})
        start = self.seconds()
        try:
            with urllib.request.urlopen(request, timeout=600) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            answer = json.load(error)
        seconds = self.seconds() - start
        if not answer.get("success"):
            return {"error": answer.get("error"), "seconds": seconds}
        return {"text": "\n".join(document["pageContent"] for document in answer["documents"]), "seconds": seconds}
