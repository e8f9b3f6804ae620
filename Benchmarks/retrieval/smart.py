#!/usr/bin/env python3
"""Makes collections for `lectern eval` of those that the SMART project and Glasgow's researchers gathered: CACM, CISI, LISA,
Medline, NPL and Time, as https://ir.dcs.gla.ac.uk/resources/test_collections/ and many a repository keep them.

    Benchmarks/retrieval/smart.py TARGET FOLDER...
    lectern eval TARGET/cisi --modes words,vector,default

A FOLDER holds the files of one collection by their usual names, in capitals or not: cacm.all, query.text and qrels.text;
CISI.ALL, CISI.QRY and CISI.REL; LISA0.001 to LISA5.850, LISA.QUE and LISARJ.NUM; MED.ALL, MED.QRY and MED.REL; doc-text,
query-text and rlv-ass; TIME.ALL, TIME.QUE and TIME.REL. Titles are titles, abstracts and articles the text; authors and references are left
out. Questions without a relevant document are, too.
"""

import json
import os
import re
import sys


def joined(text):
    return " ".join(text.split())


def records(text):
    """The fields of each record of SMART's format, whose lines .I, .T and .W begin a number, a title and a text."""
    found = []
    field = None
    for line in text.splitlines():
        number = re.match(r"\.I\s+(\d+)", line)
        if number:
            found.append({"I": number[1]})
            field = None
        elif re.match(r"\.[A-Z]\s*$", line):
            field = line[1]
        elif field:
            found[-1][field] = found[-1].get(field, "") + line + "\n"
    return [(record["I"], joined(record.get("T", "")), joined(record.get("W", ""))) for record in found]


def smart(read, documents, questions, relevant, column):
    pairs = [line.split() for line in read(relevant).splitlines() if line.strip()]
    return (records(read(documents)), {number: text for number, _, text in records(read(questions))},
            [(str(int(words[0])), words[column]) for words in pairs])


def numbered(text, end):
    """The texts that stand below their number and end with a sign on a line of its own, or of the last line."""
    return {number: joined(body) for number, body in re.findall(rf"^\s*(\d+)\s*\n(.*?){end}", text, re.S | re.M)}


def npl(read):
    documents = numbered(read("doc-text"), r"\n\s*/")
    relevant = numbered(read("rlv-ass"), r"\n\s*/")
    return ([(number, "", text) for number, text in documents.items()], numbered(read("query-text"), r"\n\s*/"),
            [(question, number) for question, numbers in relevant.items() for number in numbers.split()])


def lisa(read):
    documents = []
    for start in ("0.001", "0.501", "1.001", "1.501", "2.001", "2.501", "3.001", "3.501", "4.001", "4.501", "5.001",
                  "5.501", "5.627", "5.850"):
        for record in re.split(r"^\*{20,}\s*$", read(f"LISA{start}"), flags=re.M):
            begin = re.match(r"\s*Document\s+(\d+)\s*\n(.*)", record, re.S)
            if begin:
                title, _, text = re.sub(r"\n[ \t]+\n", "\n\n", begin[2].strip("\n")).partition("\n\n")
                documents.append((begin[1], joined(title), joined(text)))
    numbers = iter(read("LISARJ.NUM").split())
    relevant = [(question, next(numbers)) for question in numbers for _ in range(int(next(numbers)))]
    return documents, numbered(read("LISA.QUE"), "#"), relevant


def times(read):
    # Documents are numbered in their order here, and not as their heads are.
    articles = re.split(r"^\*TEXT.*\n", read("TIME.ALL").split("*STOP")[0], flags=re.M)[1:]
    questions = re.findall(r"^\*FIND\s+(\d+)\s*\n(.*?)(?=^\*)", read("TIME.QUE") + "\n*", re.S | re.M)
    relevant = [line.split() for line in read("TIME.REL").splitlines() if line.strip()]
    return ([(str(place), "", joined(text)) for place, text in enumerate(articles, 1)],
            {number: joined(text) for number, text in questions},
            [(words[0], number) for words in relevant for number in words[1:]])


COLLECTIONS = {
    "cacm.all": ("cacm", lambda read: smart(read, "cacm.all", "query.text", "qrels.text", 1)),
    "cisi.all": ("cisi", lambda read: smart(read, "CISI.ALL", "CISI.QRY", "CISI.REL", 1)),
    "med.all": ("medline", lambda read: smart(read, "MED.ALL", "MED.QRY", "MED.REL", 2)),
    "lisa0.001": ("lisa", lisa),
    "doc-text": ("npl", npl),
    "time.all": ("time", times),
}


def write(folder, documents, questions, relevant):
    documents = {number: {"_id": number, "title": title, "text": text} for number, title, text in documents}
    relevant = [pair for pair in relevant if pair[0] in questions and pair[1] in documents]
    asked = {question for question, _ in relevant}
    os.makedirs(f"{folder}/qrels", exist_ok=True)
    with open(f"{folder}/corpus.jsonl", "w") as file:
        file.writelines(json.dumps(document) + "\n" for document in documents.values())
    with open(f"{folder}/queries.jsonl", "w") as file:
        file.writelines(json.dumps({"_id": number, "text": text}) + "\n" for number, text in questions.items() if number in asked)
    with open(f"{folder}/qrels/test.tsv", "w") as file:
        file.write("query-id\tcorpus-id\tscore\n")
        file.writelines(f"{question}\t{document}\t1\n" for question, document in relevant)
    print(f"{folder}: {len(documents)} documents, {len(asked)} questions")


def main(target, folders):
    for folder in folders:
        files = {name.lower(): os.path.join(folder, name) for name in os.listdir(folder)}

        def read(name):
            with open(files[name.lower()], encoding="latin-1") as file:
                return file.read()

        name, parse = next((COLLECTIONS[name] for name in COLLECTIONS if name in files), (None, None))
        if not name:
            sys.exit(f"{folder} is none of the collections that are known")
        write(os.path.join(target, name), *parse(read))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
