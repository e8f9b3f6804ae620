"""Signs in through a real OpenID Connect provider, as a browser does.

Usage: openid_sign_in.py PROGRAM MODEL PROVIDER [unittest options]. Everything runs on loopback.
"""

import http.cookiejar
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

PROGRAM, MODEL, PROVIDER = sys.argv[1:4]
PASSWORD = "correct horse battery"

PEOPLE = [
    {"sub": "ann-1", "email": "Ann.Lee@example.org", "groups": ["staff", "lectern-admins"]},
    {"sub": "bob-1", "preferred_username": "ann.lee", "groups": ["staff"]},
    {"sub": "eve-1", "groups": ["others"]},
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def names(headers):
    """Headers by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    """Keeps cookies, and follows a redirect only when it is told to."""

    def __init__(self):
        self.opener = urllib.request.build_opener(
            StayHere, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, address, form=None):
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(address, data, timeout=20) as answer:
                return answer.status, names(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, names(answer.headers), answer.read().decode()


class SignInTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        provider_port, port = free_port(), free_port()
        command = [PROVIDER, "-p", str(provider_port), "-n", "true"]
        for person in PEOPLE:
            command += ["--user-claims", json.dumps(person)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        cls.provider = subprocess.Popen(command, **quiet)
        cls.storage = tempfile.TemporaryDirectory()
        environment = dict(
            os.environ, LECTERN_OIDC_ISSUER=f"http://127.0.0.1:{provider_port}", LECTERN_OIDC_CLIENT_ID="lectern",
            LECTERN_OIDC_CLIENT_SECRET="secret", LECTERN_OIDC_ADMIN_GROUPS="lectern-admins",
            LECTERN_OIDC_ALLOWED_GROUPS="staff")
        cls.server = subprocess.Popen(
            [PROGRAM, "serve", "--storage", cls.storage.name, "--port", str(port), "--model", MODEL],
            env=environment, stdout=subprocess.PIPE, text=True)
        cls.api = f"http://127.0.0.1:{port}/api"
        for line in cls.server.stdout:
            if line.startswith("API key"):
                cls.key = line.split()[-1]
                break
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{provider_port}/.well-known/openid-configuration")
                break
            except OSError:
                time.sleep(0.1)
        status, _ = cls.call("POST", "/system/enable-multi-user", cls.key, {"username": "root", "password": PASSWORD})
        assert status == 200, status

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.provider.terminate()
        cls.server.wait()
        cls.provider.wait()
        cls.server.stdout.close()
        cls.storage.cleanup()

    @classmethod
    def call(cls, method, path, token, body=None):
        request = urllib.request.Request(
            cls.api + path, method=method, data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as answer:
            return answer.code, json.loads(answer.read() or b"null")

    def callback(self, browser, subject, query=""):
        """Signs in at the provider, and gives the address that it sends the browser back to."""
        status, headers, _ = browser.open(self.api + "/sso/oidc/login" + query)
        self.assertEqual(status, 302)
        self.assertIn("HttpOnly", headers["set-cookie"])
        status, headers, page = browser.open(headers["location"], {"sub": subject})
        self.assertEqual(status, 302, page)
        return headers["location"]

    def sign_in(self, subject):
        browser = Browser()
        status, headers, text = browser.open(self.callback(browser, subject))
        self.assertEqual(headers["cache-control"], "no-store")
        return status, json.loads(text)

    def test_groups_decide_on_the_role_and_the_name_is_free(self):
        status, session = self.sign_in("ann-1")
        self.assertEqual(status, 200)
        self.assertEqual((session["user"]["username"], session["user"]["role"]), ("ann.lee", "admin"))
        status, users = self.call("GET", "/v1/users", session["token"])
        self.assertEqual(status, 200)
        # Called the same, and somebody else all the same.
        status, other = self.sign_in("bob-1")
        self.assertEqual((other["user"]["username"], other["user"]["role"]), ("ann.lee-2", "default"))
        status, again = self.sign_in("ann-1")
        self.assertEqual(again["user"]["id"], session["user"]["id"])

    def test_whoever_is_in_no_group_stays_out(self):
        status, answer = self.sign_in("eve-1")
        self.assertEqual((status, answer["valid"]), (403, False))

    def test_an_answer_counts_once_and_for_the_browser_that_asked(self):
        browser = Browser()
        address = self.callback(browser, "ann-1")
        self.assertEqual(Browser().open(address)[0], 401)
        self.assertEqual(browser.open(address.replace("state=", "state=x"))[0], 401)
        browser = Browser()
        address = self.callback(browser, "ann-1")
        self.assertEqual(browser.open(address)[0], 200)
        self.assertEqual(browser.open(address)[0], 401)

    def test_a_page_gets_a_token_that_works_once(self):
        browser = Browser()
        status, headers, _ = browser.open(self.callback(browser, "ann-1", "?redirectTo=/chat"))
        self.assertEqual(status, 302)
        self.assertTrue(headers["location"].startswith("/chat?token=allm-tat-"), headers["location"])
        token = headers["location"].split("token=")[1]
        status, session = self.call("GET", f"/request-token/sso/simple?token={token}", "none")
        self.assertEqual((status, session["valid"]), (200, True))
        status, _ = self.call("GET", f"/request-token/sso/simple?token={token}", "none")
        self.assertEqual(status, 401)
        for page in ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)"]:
            query = "?redirectTo=" + urllib.parse.quote(page, safe="")
            self.assertEqual(Browser().open(self.api + "/sso/oidc/login" + query)[0], 400, page)

    def test_a_suspended_user_stays_out(self):
        _, session = self.sign_in("bob-1")
        identity = session["user"]["id"]
        self.call("POST", f"/v1/admin/users/{identity}", self.key, {"suspended": 1})
        status, answer = self.sign_in("bob-1")
        self.assertEqual((status, answer["message"]), (403, "User account suspended."))
        self.call("POST", f"/v1/admin/users/{identity}", self.key, {"suspended": 0})


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[4:])
