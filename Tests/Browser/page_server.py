"""Serves the pages that carry the widget, from an origin of their own as the sites of visitors are."""

import html
import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class PageServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.pages = {}
        self.numbers = itertools.count()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def add(self, *scripts, headers=None, language="en", head=""):
        """The address of a new page with these script elements."""
        path = f"/page-{next(self.numbers)}"
        self.pages[path] = (headers or {}), (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>A page</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
            f'<link rel="icon" href="data:,">{head}</head><body><main><h1>A page</h1>'
            f'<p><a id="before" href="#">A link</a> on the page.</p></main>{"".join(scripts)}</body></html>'
        )
        return self.origin + path


def snippet(address, embed, **attributes):
    """The element that site owners paste, e.g. `snippet(address, id, open_on_load="on")`."""
    values = {
        "data-embed-id": embed,
        "data-base-api-url": f"{address}/api/embed",
        "src": f"{address}/embed/lectern-chat-widget.js",
    }
    values.update({f"data-{name.replace('_', '-')}": value for name, value in attributes.items()})
    pairs = [f'{name}="{html.escape(value)}"' for name, value in values.items() if value is not None]
    return f"<script {' '.join(pairs)}></script>"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_GET(self):
        headers, page = self.server.pages.get(self.path, ({}, None))
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write((page or "").encode())
