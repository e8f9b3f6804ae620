#!/usr/bin/env python3
"""Measures how well each mode of search finds what answers a question, against a server that runs.

    Benchmarks/retrieval/retrieval.py http://127.0.0.1:3001 KEY FOLDER...

FOLDER holds HTML or text files, as `apt-get download debian-faq debian-policy developers-reference` and `dpkg -x` leave
them: questions.tsv holds questions about these manuals and words of their answers, and a result counts as right when its
chunk holds the words. Prints recall@1, recall@4 and MRR@10.

A FOLDER with corpus.jsonl, queries.jsonl and qrels/*.tsv, as the BEIR collections have them, is measured by its own
judgements instead: prints nDCG@10 and recall@10 of documents.

WORKSPACE names one that an earlier run has filled, MODES the modes of search; VERBOSE lists the questions without an answer.
"""

import collections
import glob
import json
import math
import os
import statistics
import sys
import time

from client import Client, lines, manuals, words

MODES = os.environ.get("MODES", "vector default rerank").split()
HERE = os.path.dirname(os.path.abspath(__file__))


def search(slug, question, mode, limit):
    start = time.perf_counter()
    results = server.call(f"/workspace/{slug}/vector-search", {
        "query": question, "topN": limit, "scoreThreshold": 0, "searchMode": mode})["results"]
    return results, 1000 * (time.perf_counter() - start)


# Manuals and questions


def measure_manuals(slug, folders, fill):
    for path in manuals(folders) if fill else ():
        server.upload(path, slug)
    questions = [line.split("\t") for line in lines(os.path.join(HERE, "questions.tsv"))]
    for mode in MODES:
        ranks, times = [], []
        for question, answer in questions:
            results, elapsed = search(slug, question, mode, 10)
            times.append(elapsed)
            rank = next((i for i, r in enumerate(results) if words(answer) in words(r["chunk"])), None)
            ranks.append(rank)
            if rank is None and os.environ.get("VERBOSE"):
                print("  not found:", question)
        count = len(ranks)
        share = lambda depth: sum(rank is not None and rank < depth for rank in ranks) / count
        mrr = sum(1 / (rank + 1) for rank in ranks if rank is not None) / count
        print(f"{mode:8} questions {count}  recall@1 {share(1):.3f}  recall@4 {share(4):.3f}  MRR@10 {mrr:.3f}  "
              f"median {statistics.median(times):.1f} ms")


# Collections with judgements


def fill_collection(slug, folder):
    for line in lines(os.path.join(folder, "corpus.jsonl")):
        entry = json.loads(line)
        title, text = entry.get("title") or "untitled", (entry.get("text") or entry.get("title") or "").strip()
        if text:
            metadata = {"title": title, "docid": entry["_id"]}
            server.call("/document/raw-text", {"textContent": text, "addToWorkspaces": slug, "metadata": metadata})


def ndcg(found, judged):
    gain = sum(judged.get(entry, 0) / math.log2(place + 2) for place, entry in enumerate(found[:10]))
    best = sorted(judged.values(), reverse=True)[:10]
    ideal = sum(value / math.log2(place + 2) for place, value in enumerate(best))
    return gain / ideal if ideal else 0


def measure_collection(slug, folder, fill):
    if fill:
        fill_collection(slug, folder)
    judgements = collections.defaultdict(dict)
    for path in glob.glob(os.path.join(folder, "qrels", "*.tsv")):
        for line in lines(path)[1:]:
            question, entry, score = line.split("\t")
            judgements[question][entry] = int(score)
    questions = [json.loads(line) for line in lines(os.path.join(folder, "queries.jsonl"))]
    questions = [question for question in questions if question["_id"] in judgements]
    for mode in MODES:
        gains, recalls, times = [], [], []
        for question in questions:
            # Chunks of one document stand side by side, and ten documents are wanted.
            results, elapsed = search(slug, question["text"], mode, 50)
            times.append(elapsed)
            found = list(dict.fromkeys(str(result["metadata"]["metadata"]["docid"]) for result in results))
            judged = judgements[question["_id"]]
            relevant = {entry for entry, score in judged.items() if score > 0}
            gains.append(ndcg(found, judged))
            recalls.append(len(relevant & set(found[:10])) / len(relevant) if relevant else 0)
        print(f"{mode:8} questions {len(gains)}  nDCG@10 {statistics.mean(gains):.3f}  "
              f"recall@10 {statistics.mean(recalls):.3f}  median {statistics.median(times):.1f} ms")


def main(folders):
    slug = os.environ.get("WORKSPACE")
    fill = slug is None
    if fill:
        slug = server.new_workspace("retrieval")
    print("workspace", slug)
    if os.path.exists(os.path.join(folders[0], "corpus.jsonl")):
        measure_collection(slug, folders[0], fill)
    else:
        measure_manuals(slug, folders, fill)


server = Client(*sys.argv[1:3])
main(sys.argv[3:])
