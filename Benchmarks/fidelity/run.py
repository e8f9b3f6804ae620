"""Measures what Lectern and other tools find of the text of real files; see script/bench-fidelity.

    run.py CACHE [KIND ...] [--program PATH] [--model FOLDER] [--rounds N] [--texts FOLDER]

Prints a table for each kind and puts it into Benchmarks/results/fidelity.json; once all kinds are there, writes the tables of
docs/fidelity.md. `--texts` keeps every text, to look at. A kind is one of files.tsv; without any, all are measured.
"""

import argparse
import collections
import datetime
import importlib.metadata
import json
import os
import pathlib
import pickle
import platform
import re
import selectors
import statistics
import subprocess
import sys

import corpus
import references
from lectern import Lectern
from words import order_kept, shown, words

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PDF_TOOLS = ["pypdf", "pdfminer.six", "pdftotext", "markitdown"]
KINDS = {
    "pdf-source": ("PDF made from a text that is there", PDF_TOOLS),
    "pdf": ("PDF of papers, slides and cards", PDF_TOOLS),
    "html": ("HTML", ["BeautifulSoup", "trafilatura", "markitdown"]),
    "docx": ("DOCX", ["python-docx", "markitdown"]),
    "odt": ("ODT", ["odfpy"]),
    "rtf": ("RTF", ["striprtf"]),
    "epub": ("EPUB", ["EbookLib", "markitdown"]),
    "pptx": ("PPTX", ["python-pptx", "markitdown"]),
    "odp": ("ODP", ["odfpy"]),
    "xlsx": ("XLSX", ["openpyxl", "markitdown"]),
    "ods": ("ODS", ["odfpy"]),
    "mail": ("Mail (EML, MBOX)", ["email", "mail-parser"]),
    "text": ("Text in other encodings than UTF-8", ["charset-normalizer", "chardet", "markitdown"]),
}
MARKDOWN = {"lectern", "markitdown"}
PACKAGES = {"BeautifulSoup": "beautifulsoup4"}
# Seconds of the clock after which a file counts as one that the tool does not read.
PATIENCE = 300


class Worker:
    """A tool in a process of its own, which stays for many files."""

    def __init__(self, tool):
        self.tool = tool
        self.process = None

    def read(self, path):
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, HERE / "tools.py", self.tool], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True)
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            ready = selector.select(PATIENCE)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.close()
            return {"error": f"no answer in {PATIENCE} s" if not ready else "the process ended"}
        return json.loads(line)

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


def reference_of(sample, cache):
    """The reference of a file. Those of earlier runs are kept."""
    kept = cache / "references" / f"{sample.kind}-{sample.sha256}.pickle"
    if not kept.exists():
        made = references.reference(sample)
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(pickle.dumps(made))
    return pickle.loads(kept.read_bytes())


def compare(reference, text, tool):
    found_words = words(shown(text) if tool in MARKDOWN else text)
    found = collections.Counter(found_words)
    order = order_kept(reference.order, found_words)
    return {
        "found": (found & reference.must).total() / reference.must.total(),
        "added": (found - reference.may).total() / max(1, len(found_words)),
        "order": order,
    }


def measure(kind, samples, arguments):
    """For each tool and file what it found, or its error, and the median of its seconds."""
    tools = ["lectern", *KINDS[kind][1]]
    known = {sample.name: reference_of(sample, arguments.cache) for sample in samples}
    answers = collections.defaultdict(list)
    for _ in range(arguments.rounds):
        workers = {tool: Worker(tool) for tool in tools[1:]}
        with Lectern(arguments.program, arguments.model) as server:
            for worker in workers.values():
                worker.read(samples[0].path)
            for sample in samples:
                for tool in tools:
                    reader = workers[tool] if tool in workers else server
                    answers[tool, sample.name].append(reader.read(sample.path))
        for worker in workers.values():
            worker.close()
    rows = []
    for sample in samples:
        for tool in tools:
            given = answers[tool, sample.name]
            row = {"kind": kind, "file": sample.name, "tool": tool, "bytes": sample.path.stat().st_size}
            text = given[-1].get("text")
            if not text or not text.strip():
                row["error"] = given[-1].get("error") or "no text"
            else:
                row |= compare(known[sample.name], text, tool)
                row["seconds"] = statistics.median(answer["seconds"] for answer in given)
                if arguments.texts:
                    target = arguments.texts / kind / sample.name.replace("/", "_") / f"{tool}.txt"
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(text, errors="replace")
            rows.append(row)
    return rows


def percent(values):
    values = [value for value in values if value is not None]
    return f"{100 * statistics.mean(values):.1f}" if values else ""


def table(kind, rows):
    lines = ["| | read | words found % | words added % | order kept % | s/MB |", "|---|---|---|---|---|---|"]
    for tool in ["lectern", *KINDS[kind][1]]:
        mine = [row for row in rows if row["tool"] == tool]
        read = [row for row in mine if "error" not in row]
        speed = sum(row["seconds"] for row in read) / max(1, sum(row["bytes"] for row in read)) * 1e6
        lines.append(
            f"| {'Lectern' if tool == 'lectern' else tool} | {len(read)} of {len(mine)} "
            f"| {percent([row.get('found', 0) for row in mine])} | {percent([row['added'] for row in read])} "
            f"| {percent([row['order'] for row in read])} | {speed:.2g} |")
    return "\n".join(lines)


def versions():
    names = sorted({PACKAGES.get(tool, tool) for _, tools in KINDS.values() for tool in tools} - {"email", "pdftotext"}, key=str.lower)
    found = [f"{name} {importlib.metadata.version(name)}" for name in names]
    others = [re.search(pattern, said(command))[0].replace("'", "") for command, pattern in (
        (["pdftotext", "-v"], r"pdftotext version [\d.]+"), (["soffice", "--version"], r"LibreOffice [\d.]+"),
        (["pandoc", "--version"], r"pandoc [\d.]+"), (["mutool", "-v"], r"mutool version [\d.]+"),
        (["gs", "--version"], r"[\d.]+"), (["lynx", "-version"], r"Lynx Version [\d.]+"), (["w3m", "-version"], r"w3m/[\d.]+"),
        (["ssconvert", "--version"], r"ssconvert version '[\d.]+"))]
    others[4] = f"Ghostscript {others[4]}"
    return f"Python {platform.python_version()}, " + ", ".join(found), ", ".join(others)


def said(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


def write_document(results):
    tools, witnesses = versions()
    made = [f"Tools: {tools}.", "", f"Witnesses, and Poppler: {witnesses}.", ""]
    for kind, (title, _) in KINDS.items():
        result = results[kind]
        files = [row for row in result["rows"] if row["tool"] == "lectern"]
        size = sum(row["bytes"] for row in files) / 1e6
        made += [f"### {title}", "", f"{len(files)} files, {size:.1f} MB; {result['date']}, rounds: {result['rounds']}, {result['machine']}.",
                 "", table(kind, result["rows"]), ""]
    document = ROOT / "docs/fidelity.md"
    begin, end = "<!-- begin: written by script/bench-fidelity -->\n", "<!-- end -->"
    before, _, rest = document.read_text().partition(begin)
    document.write_text(before + begin + "\n" + "\n".join(made) + end + rest.partition(end)[2])


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores of {cpu}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cache", type=pathlib.Path)
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build/release/lectern")
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "models/all-MiniLM-L6-v2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--texts", type=pathlib.Path)
    arguments = parser.parse_args()
    if unknown := set(arguments.kinds) - set(KINDS):
        parser.error(f"no such kind: {', '.join(unknown)}; there are {', '.join(KINDS)}")
    output = ROOT / "Benchmarks/results/fidelity.json"
    results = json.loads(output.read_text()) if output.exists() else {}
    for kind in arguments.kinds or KINDS:
        rows = measure(kind, corpus.samples(arguments.cache, {kind}), arguments)
        results[kind] = {
            "date": str(datetime.date.today()), "rounds": arguments.rounds, "machine": machine(), "rows": rows}
        print(f"\n== {KINDS[kind][0]}\n{table(kind, rows)}", flush=True)
        output.parent.mkdir(exist_ok=True)
        output.write_text(json.dumps(results, indent=1) + "\n")
    if results.keys() == KINDS.keys():
        write_document(results)


main()
