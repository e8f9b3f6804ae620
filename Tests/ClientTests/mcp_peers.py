"""The Model Context Protocol in both directions, with its official Python package.

    mcp_peers.py PATH_OF_LECTERN PATH_OF_EMBEDDING_MODEL
"""

import asyncio
import base64
import contextlib
import json
import logging
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import unittest

import mcp
import mcp.client.stdio
import mcp.client.streamable_http
import mcp.shared._httpx_utils

import lectern
import vendor


class Server(lectern.Server):
    """The same, with tool servers, and a way to give it a language model."""

    def __init__(self, program, model, tool_servers=None):
        self.program = program
        self.tool_servers = tool_servers
        super().__init__(program, model)

    def prepare(self):
        if self.tool_servers is not None:
            plugins = pathlib.Path(self.storage.name, "plugins")
            plugins.mkdir()
            (plugins / "anythingllm_mcp_servers.json").write_text(json.dumps({"mcpServers": self.tool_servers}))

    def use(self, provider):
        changed = self.post(
            "/system/update-env",
            LLMProvider="generic-openai",
            GenericOpenAiBasePath=provider.origin + "/v1",
            GenericOpenAiModelPref="stand-in",
            GenericOpenAiTokenLimit=16384,
        )
        assert changed["error"] is None, changed


@contextlib.asynccontextmanager
async def over_http(server, mode="auto", key=None):
    headers = {"Authorization": f"Bearer {key or server.key}"}
    async with mcp.shared._httpx_utils.create_mcp_http_client(headers=headers) as http:
        transport = mcp.client.streamable_http.streamable_http_client(server.origin + "/mcp", http_client=http)
        async with mcp.Client(transport, mode=mode) as client:
            yield client


@contextlib.asynccontextmanager
async def over_pipes(server, mode="auto", key=None):
    parameters = mcp.client.stdio.StdioServerParameters(
        command=server.program,
        args=["mcp", "--server", server.origin],
        env={"LECTERN_API_KEY": key or server.key, **{k: v for k, v in os.environ.items() if k == "LD_LIBRARY_PATH"}},
    )
    async with mcp.Client(parameters, mode=mode) as client:
        yield client


def each_way(test):
    """Runs a test over HTTP and over `lectern mcp`, with the newest revision and with those that begin with a handshake."""

    async def run(self):
        for connect in over_http, over_pipes:
            for mode in "auto", "legacy":
                with self.subTest(connect.__name__, mode=mode):
                    async with connect(self.server, mode) as client:
                        await test(self, client)

    return run


class ClientTests(unittest.IsolatedAsyncioTestCase):
    """The package as a client."""

    @classmethod
    def setUpClass(cls):
        cls.vendor = vendor.Vendor()
        cls.addClassCleanup(cls.vendor.server_close)
        cls.addClassCleanup(cls.vendor.shutdown)
        cls.server = Server(*PATHS)
        cls.addClassCleanup(cls.server.end)
        cls.server.use(cls.vendor)
        cls.server.post("/workspace/new", name="Harbour", similarityThreshold=0.1)
        cls.server.post(
            "/document/raw-text", textContent=lectern.DOCUMENT, metadata={"title": "harbour.txt"}, addToWorkspaces="harbour"
        )

    @each_way
    async def test_the_sides_agree_on_a_revision(self, client):
        self.assertIn(client.protocol_version, ("2025-11-25", "2026-07-28"))
        self.assertEqual(client.server_info.name, "lectern")
        self.assertIn("documents", client.instructions)

    @each_way
    async def test_tools_are_listed_with_their_schemas(self, client):
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        self.assertEqual(
            set(tools),
            {"search", "ask", "list_workspaces", "list_documents", "read_document", "upload_document"},
        )
        self.assertEqual(tools["search"].input_schema["required"], ["query"])
        self.assertTrue(tools["search"].annotations.read_only_hint)
        self.assertFalse(tools["upload_document"].annotations.read_only_hint)

    @each_way
    async def test_a_search_gives_passages_that_can_be_read_on(self, client):
        await client.list_tools()
        found = await client.call_tool("search", {"query": "When does the harbour open?"})
        # The package holds what comes to the output's schema.
        passage = found.structured_content["results"][0]
        self.assertIn("seven in the morning", passage["text"])
        self.assertIn(passage["uri"], found.content[0].text)
        read = await client.call_tool("read_document", {"document": passage["uri"], "start": 4, "length": 7})
        self.assertEqual(read.structured_content["text"], "harbour")
        resource = await client.read_resource(passage["uri"])
        self.assertEqual(resource.contents[0].text, lectern.DOCUMENT)

    @each_way
    async def test_an_answer_comes_with_progress(self, client):
        await client.list_tools()
        self.vendor.expect(
            vendor.calls(("call_1", "list_documents", "{}")), vendor.text("At ", "seven [1].")
        )
        told = []

        async def progress(step, total, message):
            told.append(message)

        question = {"question": "When does the harbour open?"}
        answer = await client.call_tool("ask", question, progress_callback=progress)
        self.assertEqual(answer.structured_content["answer"], "At seven [1].")
        self.assertIn("seven in the morning", answer.structured_content["sources"][0]["text"])
        self.assertEqual(told, ["Listing the documents.", "Writing the answer."])

    @each_way
    async def test_an_answer_that_is_given_up_stops_the_model(self, client):
        await client.list_tools()
        self.vendor.expect(vendor.hanging("At "))
        with self.assertRaises(mcp.MCPError):
            await client.call_tool("ask", {"question": "When?"}, read_timeout_seconds=1)
        self.assertTrue(await asyncio.to_thread(self.vendor.disconnected.wait, 10))
        # The connection serves on.
        self.assertEqual((await client.call_tool("list_workspaces")).structured_content["total"], 1)

    @each_way
    async def test_documents_are_added_and_listed(self, client):
        await client.list_tools()
        file = base64.b64encode(b"# Tides\n\nThe tide turns at noon.").decode()
        added = await client.call_tool(
            "upload_document", {"name": "tides.md", "base64": file, "workspace": "harbour"}
        )
        self.assertFalse(added.is_error, added.content)
        uri = added.structured_content["documents"][0]["uri"]
        listed = [resource.uri for resource in (await client.list_resources(cache_mode="bypass")).resources]
        self.assertIn(uri, [str(uri) for uri in listed])
        self.assertEqual(len(listed), 2)
        templates = (await client.list_resource_templates()).resource_templates
        self.assertTrue(templates[0].uri_template.startswith("lectern://documents/"))

    @each_way
    async def test_mistakes_are_told_in_words(self, client):
        await client.list_tools()
        wrong = await client.call_tool("search", {"query": "x", "limit": 5000})
        self.assertTrue(wrong.is_error)
        self.assertIn("1 to 50", wrong.content[0].text)
        with self.assertRaises(mcp.MCPError) as caught:
            await client.call_tool("format_disk")
        self.assertIn("format_disk", str(caught.exception))
        with self.assertRaises(mcp.MCPError):
            await client.read_resource("lectern://documents/custom-documents/nothing.json")

    @each_way
    async def test_many_requests_at_once(self, client):
        await client.list_tools()
        questions = [client.call_tool("search", {"query": f"harbour {number}"}) for number in range(20)]
        answers = await asyncio.gather(*questions)
        self.assertTrue(all(not answer.is_error for answer in answers))

    async def test_a_wrong_key_is_no_way_in(self):
        for connect in over_http, over_pipes:
            with self.subTest(connect.__name__), self.assertRaises(BaseException):
                async with connect(self.server, key="wrong"):
                    self.fail("A wrong key was let in.")


class EarlierClientTests(unittest.TestCase):
    """Earlier versions of the package, each of which knows an earlier revision."""

    setUpClass = classmethod(ClientTests.setUpClass.__func__)

    def test_what_they_know_is_agreed_on(self):
        script = str(pathlib.Path(__file__).with_name("mcp_earlier_client.py"))
        # PYTHON=REVISION, with commas.
        for entry in filter(None, os.environ.get("LECTERN_EARLIER_MCP", "").split(",")):
            python, revision = entry.split("=")
            # The transport over HTTP is younger than the first revision.
            for way in ["http", PATHS[0]] if revision > "2025" else [PATHS[0]]:
                with self.subTest(revision, way=way):
                    result = subprocess.run(
                        [python, script, self.server.origin, self.server.key, way],
                        capture_output=True,
                        text=True,
                        timeout=60,
                    )
                    self.assertEqual(result.stdout.strip(), revision, result.stderr)


class BridgeTests(unittest.TestCase):
    """What `lectern mcp` writes."""

    def exchange(self, *lines, origin="http://127.0.0.1:9"):
        result = subprocess.run(
            [PATHS[0], "mcp", "--server", origin], input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=30
        )
        return [json.loads(line) for line in result.stdout.splitlines()], result

    def test_a_server_that_is_away_is_an_error_of_the_request(self):
        answers, result = self.exchange('{"jsonrpc":"2.0","id":1,"method":"ping"}')
        self.assertEqual(answers[0]["id"], 1)
        self.assertIn("cannot be reached", answers[0]["error"]["message"])
        self.assertEqual(result.returncode, 0)

    def test_what_is_no_message_is_answered(self):
        answers, _ = self.exchange("{", '{"jsonrpc":"2.0","id":1}')
        self.assertEqual([answer["error"]["code"] for answer in answers], [-32700, -32600])

    def test_an_address_that_is_none_ends_it(self):
        answers, result = self.exchange("", origin="ftp://x")
        self.assertEqual(answers, [])
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("no address of a server", result.stderr)


class ToolServerTests(unittest.TestCase):
    """The package as servers whose tools a model uses."""

    SERVER = str(pathlib.Path(__file__).with_name("mcp_server.py"))

    @classmethod
    def setUpClass(cls):
        cls.vendor = vendor.Vendor()
        cls.addClassCleanup(cls.vendor.server_close)
        cls.addClassCleanup(cls.vendor.shutdown)
        ports = {kind: cls.listen(kind) for kind in ("streamable-http", "sse")}
        servers = {
            "pipes": {"command": sys.executable, "args": [cls.SERVER, "stdio"], "env": {"SUMS_KEY": "secret-1"}},
            "http": {"type": "streamable", "url": f"http://127.0.0.1:{ports['streamable-http']}/mcp"},
            "old": {"type": "sse", "url": f"http://127.0.0.1:{ports['sse']}/sse"},
            "away": {"type": "streamable", "url": "http://127.0.0.1:9/mcp"},
        }
        cls.server = Server(*PATHS, tool_servers=servers)
        cls.addClassCleanup(cls.server.end)
        cls.server.use(cls.vendor)
        cls.server.post("/workspace/new", name="Sums")
        # Python takes its time to start.
        cls.vendor.expect(vendor.text("Hello."))
        for _ in range(100):
            warnings = cls.server.post("/workspace/sums/chat", message="Hello").get("warnings", [])
            if len(warnings) < 2:
                break
            time.sleep(0.2)
        assert len(warnings) == 1 and "away cannot be reached" in warnings[0], warnings

    @classmethod
    def listen(cls, kind):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, cls.SERVER, kind, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.terminate)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return port
            time.sleep(0.1)
        raise SystemExit(f"The server over {kind} does not listen.")

    def ask(self, *calls):
        self.vendor.expect(vendor.calls(*calls), vendor.text("Done."))
        return self.server.post("/workspace/sums/chat", message="@agent What is 20 and 22?")

    def test_the_model_is_offered_all_of_them(self):
        self.vendor.expect(vendor.text("Hello."))
        self.server.post("/workspace/sums/chat", message="Hello")
        tools = {tool["function"]["name"]: tool["function"] for tool in self.vendor.requests[-1]["tools"]}
        for name in "pipes", "http", "old":
            self.assertEqual(tools[f"{name}-add"]["description"], "Adds two numbers.")
            self.assertEqual(set(tools[f"{name}-add"]["parameters"]["properties"]), {"a", "b"})
            self.assertRegex(f"{name}-add", "^[a-zA-Z0-9_-]{1,64}$")

    def test_what_a_tool_says_reaches_the_model_and_the_answer(self):
        for name in "pipes", "http", "old":
            with self.subTest(name):
                answer = self.ask(("call_1", f"{name}-add", '{"a": 20, "b": 22}'))
                self.assertEqual(answer["textResponse"], "Done.")
                self.assertEqual(answer["toolCalls"][0]["result"], "42")
                self.assertIn(f"Using add of {name}.", answer["thoughts"])
                told = self.vendor.requests[-1]["messages"][-1]
                self.assertEqual((told["role"], told["content"]), ("tool", "42"))

    def test_a_tool_that_fails_is_told_to_the_model(self):
        for name in "pipes", "http", "old":
            with self.subTest(name):
                answer = self.ask(("call_1", f"{name}-fail", "{}"), ("call_2", f"{name}-add", '{"a": "x"}'))
                self.assertEqual([use["isError"] for use in answer["toolCalls"]], [True, True])
                self.assertIn("Error executing tool fail", answer["toolCalls"][0]["result"])

    def test_a_program_that_is_killed_comes_back(self):
        before = self.children()
        self.assertEqual(len(before), 1)
        os.kill(before[0], signal.SIGKILL)
        for _ in range(200):
            if self.children() not in ([], before):
                break
            time.sleep(0.1)
        for _ in range(100):
            answer = self.ask(("call_1", "pipes-add", '{"a": 1, "b": 1}'))
            if not answer["toolCalls"][0]["isError"]:
                break
            time.sleep(0.1)
        self.assertEqual(answer["toolCalls"][0]["result"], "2")

    def children(self):
        """Programs that the server has started as tool servers."""
        listed = subprocess.run(
            ["pgrep", "-P", str(self.server.process.pid), "-f", "mcp_server.py"], capture_output=True, text=True
        )
        return [int(line) for line in listed.stdout.split()]


if __name__ == "__main__":
    # It tells of every step that takes a tenth of a second.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    PATHS = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
