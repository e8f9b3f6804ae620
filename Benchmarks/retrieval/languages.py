#!/usr/bin/env python3
"""Makes collections for `lectern eval` of a manual that asks questions and is translated: Debian's FAQ.

    apt-get download debian-faq debian-faq-de debian-faq-ja; dpkg -x each of them into FOLDER/PACKAGE
    Benchmarks/retrieval/languages.py TARGET FOLDER
    lectern eval TARGET/de --modes vector,default

FOLDER holds pages of DocBook named *.LANGUAGE.html. A section is known by its anchor, which translations share. Its heading is
a question where it has a question mark; the answer is its text without the heading and without the sections in it.

TARGET/de asks in German and searches the German sections; TARGET/de-en asks the same and searches the English ones, which are
those of TARGET/en: --workspace spares filling another workspace with them. What a translation left in English is dropped
from its sections and its questions, so that only what is translated counts.
"""

import html.parser
import json
import os
import re
import sys

BLOCKS = {"p", "div", "li", "dt", "dd", "tr", "pre", "br", "h2", "h3", "h4", "h5", "h6"}
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}


class Page(html.parser.HTMLParser):
    """Gathers [anchor, heading, text] of each section."""

    def __init__(self, path):
        super().__init__()
        self.sections = []
        self.divs = []  # The section that each open div is, or None.
        self.in_heading = False
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())

    def section(self):
        return next((section for section in reversed(self.divs) if section), None)

    def add(self, text):
        if self.section():
            self.section()[1 if self.in_heading else 2] += text

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.add("\n" if tag in BLOCKS else "")
        if tag == "div":
            section = ["", "", ""] if attributes.get("class") == "section" else None
            self.divs.append(section)
            self.sections += [section] if section else []
        elif tag in HEADINGS:
            self.in_heading = True
        elif tag == "a" and self.in_heading and self.section():
            self.section()[0] = self.section()[0] or attributes.get("id", "")

    def handle_endtag(self, tag):
        self.add("\n" if tag in BLOCKS else "")
        if tag == "div" and self.divs:
            self.divs.pop()
        elif tag in HEADINGS:
            self.in_heading = False

    def handle_data(self, data):
        self.add(data)


def read(folders):
    """Heading and text by language and section."""
    languages = {}
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                match = re.fullmatch(r"(.+)\.([a-z]{2}(?:-[a-z]+)?)\.html", name)
                for anchor, heading, text in Page(os.path.join(root, name)).sections if match else ():
                    heading = re.sub(r"^[\d.]+\s+", "", " ".join(heading.split()))
                    text = re.sub(r"\s*\n\s*\n\s*", "\n", text).strip()
                    if anchor and text:
                        languages.setdefault(match[2], {})[f"{match[1]}.{anchor}"] = heading, text
    return languages


def kept(text, english):
    """The share of the English words that stand in the text too; names and commands do in each language."""
    words, others = (set(re.findall("[a-z]{3,}", each.lower())) for each in (english, text))
    return len(words & others) / max(len(words), 1)


def write(folder, questions, sections):
    os.makedirs(os.path.join(folder, "qrels"), exist_ok=True)
    with open(os.path.join(folder, "corpus.jsonl"), "w", encoding="utf-8") as file:
        for number, (anchor, (_, text)) in enumerate(sections.items()):
            # A title that says nothing; the anchor would tell the answer.
            entry = {"_id": anchor, "title": f"section {number + 1}", "text": text}
            print(json.dumps(entry, ensure_ascii=False), file=file)
    with open(os.path.join(folder, "queries.jsonl"), "w", encoding="utf-8") as file:
        for anchor, heading in questions.items():
            print(json.dumps({"_id": anchor, "text": heading}, ensure_ascii=False), file=file)
    with open(os.path.join(folder, "qrels", "test.tsv"), "w", encoding="utf-8") as file:
        print("query-id\tcorpus-id\tscore", file=file)
        for anchor in questions:
            print(f"{anchor}\t{anchor}\t1", file=file)


def main(target, folders):
    languages = read(folders)
    english = languages["en"]
    for language, sections in sorted(languages.items()):
        if language != "en":
            sections = {anchor: section for anchor, section in sections.items()
                        if anchor in english and kept(section[1], english[anchor][1]) < 0.7}
        questions = {anchor: heading for anchor, (heading, _) in sections.items()
                     if re.search("[?？]", heading) and (language == "en" or heading != english[anchor][0])}
        write(os.path.join(target, language), questions, sections)
        if language != "en":
            write(os.path.join(target, language + "-en"), questions, english)
        print(f"{language}: {len(questions)} questions, {len(sections)} sections")


main(sys.argv[1], sys.argv[2:])
