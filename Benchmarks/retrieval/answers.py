#!/usr/bin/env python3
"""Measures how well answers that quote documents hold what was asked for, against a server that runs without a
language model.

    Benchmarks/retrieval/answers.py http://127.0.0.1:3001 KEY FOLDER... [--json]

answers.tsv holds, of each question, the words that answer it (in a few cases two places, separated by " | "), the file
in which they stand, the kind of question, and whether it is for choosing weights ("dev") or for reporting ("test").
The FOLDERs are those of Debian's manuals:

    apt-get download apt-doc debian-faq debian-kernel-handbook debian-policy debian-reference-en developers-reference \\
        harden-doc maint-guide
    for file in *.deb; do dpkg -x $file manuals; done
    cd manuals/usr/share
    .../answers.py ... debian-reference developers-reference doc/apt-doc/guide.html doc/apt-doc/offline.html \\
        doc/debian/FAQ doc/debian-kernel-handbook doc/debian-policy doc/harden-doc/html/en-US doc/maint-guide

Prints by kind, dev and test apart, for how many questions the words are in the text of a source, in the answer, and in
the first thing that the answer quotes, and the median time. WORKSPACE names a workspace that an earlier run has filled;
VERBOSE=1 lists the questions whose answer lacks the words.
"""

import json
import os
import re
import statistics
import sys
import time
import uuid

from client import Client, lines, manuals, words

HERE = os.path.dirname(os.path.abspath(__file__))
# Manuals in one file, whose chapters are files too.
WHOLE = {"developers-reference.html", "menu-policy-1.html", "perl-policy-1.html"}


def fill(slug, folders):
    for path in manuals(folders):
        if not os.path.islink(path) and "/_sources/" not in path and os.path.basename(path) not in WHOLE:
            server.upload(path, slug)


def quotations(answer):
    """The answer without its list of sources, and the first quotation, which ends where its source is cited."""
    body = answer.split("\nSources:\n")[0]
    return body, re.split(r"\[\d+\]", body)[0]


def holds(text, spans):
    """Whether the words of one of the spans follow each other in the text, whose links count as what they show."""
    shown = re.sub(r"\]\([^\s)]*\)", "]", text)
    return any(f" {words(span)} " in f" {words(shown)} " for span in spans.split(" | "))


def ask(slug, line):
    question, spans, _, kind, split = line.split("\t")
    start = time.perf_counter()
    response = server.call(f"/workspace/{slug}/chat", {
        "message": question, "mode": "query", "sessionId": str(uuid.uuid4())})
    elapsed = 1000 * (time.perf_counter() - start)
    answer, first = quotations(response["textResponse"])
    return {
        "question": question, "expected": spans, "kind": kind, "split": split, "milliseconds": elapsed,
        "source": any(holds(source["text"], spans) for source in response["sources"]),
        "answer": holds(answer, spans), "first": holds(first, spans), "text": answer}


def summary(kind, split, results):
    share = lambda key: round(statistics.mean(result[key] for result in results), 3)
    return {
        "kind": kind, "split": split, "questions": len(results), "source": share("source"), "answer": share("answer"),
        "first": share("first"), "milliseconds": round(statistics.median(r["milliseconds"] for r in results), 1)}


def summaries(results):
    for kind in sorted({result["kind"] for result in results}) + ["all"]:
        for split in ("dev", "test"):
            chosen = [r for r in results if r["split"] == split and kind in (r["kind"], "all")]
            if chosen:
                yield summary(kind, split, chosen)


def main(folders, as_json):
    slug = os.environ.get("WORKSPACE")
    if slug is None:
        slug = server.new_workspace("answers")
        fill(slug, folders)
    results = [ask(slug, line) for line in lines(os.path.join(HERE, "answers.tsv"))]
    if as_json:
        print(json.dumps({"workspace": slug, "summary": list(summaries(results)), "results": results}, indent=1))
        return
    print("workspace", slug)
    for row in summaries(results):
        print("{kind:10} {split:4}  questions {questions:3}  in sources {source:.2f}  in answer {answer:.2f}  "
              "first {first:.2f}  median {milliseconds:.0f} ms".format(**row))
    if os.environ.get("VERBOSE"):
        for result in (result for result in results if not result["answer"]):
            place = "in sources" if result["source"] else "not found "
            print(f"\n{place}  {result['kind']}: {result['question']}\n  expected: {result['expected']}\n"
                  f"  answer: {' '.join(result['text'].split())[:200]}")


arguments = [argument for argument in sys.argv[1:] if argument != "--json"]
server = Client(*arguments[:2])
main(arguments[2:], "--json" in sys.argv)
