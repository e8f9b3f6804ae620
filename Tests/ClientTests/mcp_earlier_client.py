"""Uses a server as earlier versions of the official package do, which know no more than an earlier revision of the protocol.

    mcp_earlier_client.py ORIGIN KEY PATH_OF_LECTERN|http

Prints the revision that was agreed on.
"""

import asyncio
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

ORIGIN, KEY, WAY = sys.argv[1:]


def connection():
    if WAY != "http":
        return stdio_client(StdioServerParameters(command=WAY, args=["mcp", "--server", ORIGIN, "--key", KEY]))
    from mcp.client.streamable_http import streamablehttp_client

    return streamablehttp_client(ORIGIN + "/mcp", headers={"Authorization": f"Bearer {KEY}"})


async def main():
    async with connection() as streams:
        async with ClientSession(*streams[:2]) as session:
            revision = (await session.initialize()).protocolVersion
            assert len((await session.list_tools()).tools) == 6
            found = await session.call_tool("search", {"query": "When does the harbour open?"})
            assert "seven in the morning" in found.content[0].text, found
            resources = (await session.list_resources()).resources
            texts = [(await session.read_resource(resource.uri)).contents[0].text for resource in resources]
            assert any("seven in the morning" in text for text in texts), texts
            wrong = await session.call_tool("search", {"query": "x", "limit": 5000})
            assert wrong.isError and "1 to 50" in wrong.content[0].text, wrong
    print(revision)


asyncio.run(main())
