"""Tests of the chat widget in a browser. `script/test-widget` runs them; options are those of unittest.

They run against a stand-in for the server. With LECTERN_ADDRESS (http://host:port) and LECTERN_EMBED (an embed's UUID) those
that any answer serves run against that server. Then LECTERN_QUESTION is a question that the embed's workspace answers, since
refusals are not kept as history, and LECTERN_PAGE_PORT the port on 127.0.0.1 of the page that carries the widget, for embeds
that name their origins. LECTERN_SCREENSHOTS is a folder for pictures.
"""

import unittest

from conversation_tests import ConversationTests
from failure_tests import FailureTests
from looks_tests import LooksTests
from markdown_tests import HostileMarkdownTests, MarkdownTests
from page_tests import PageTests
from stream_tests import StreamTests

__all__ = [
    "ConversationTests",
    "FailureTests",
    "HostileMarkdownTests",
    "LooksTests",
    "MarkdownTests",
    "PageTests",
    "StreamTests",
]

if __name__ == "__main__":
    unittest.main()
