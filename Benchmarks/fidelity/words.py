"""Words of a text, and how the words of one text compare with those of another."""

import bisect
import collections
import re
import unicodedata

import regex

# A letter of a script without spaces is a word of its own. Thai, Lao and Khmer stay as long as they are written.
WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}]\p{M}*|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}])[\p{L}\p{N}]\p{M}*)+")
# What is not seen: soft hyphens, joiners, marks of direction and of byte order.
INVISIBLE = dict.fromkeys([0xAD, 0x34F, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF])
# PDFium writes U+0002 or U+FFFE where a line ends with a hyphen, and no end of the line.
HYPHENS = {0x2: "-\n", 0xFFFE: "-\n", 0x2010: "-", 0x2011: "-"}
BROKEN = regex.compile(r"(\p{L}[\p{L}\p{M}]*)-[ \t]*\r?\n[ \t]*(\p{Ll}[\p{L}\p{M}]*)")


def words(text):
    """Runs of letters and digits, without differences of case, width or ligature; the hour of a date in ISO 8601 is apart."""
    text = re.sub(r"(\d{4}-\d\d-\d\d)T(?=\d\d)", r"\1 ", text)
    text = unicodedata.normalize("NFKC", text.translate(HYPHENS).translate(INVISIBLE))
    return WORD.findall(unicodedata.normalize("NFC", text.casefold()))


def shown(markdown):
    """Markdown without what a reader does not see: where links lead, comments, and marks of bold and code."""
    text = re.sub(r"<!--.*?-->", " ", markdown, flags=re.S)
    address = r"\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)"
    text = re.sub(r"!?\[((?:[^\[\]\\]|\\.)*)\]" + address, r"\1", text)
    return re.sub(r"\]" + address, "] ", text).replace("**", "").replace("`", "")


def join_hyphens(text, known):
    """Joins words that a line's end divides, where the whole word is in `known`.

    Also gives the divided words of which nobody can tell whether their hyphen was written, as (first, second) pairs.
    """
    unclear = []

    def join(match):
        first, second = match.groups()
        whole = words(first + second)
        if len(whole) == 1 and whole[0] in known:
            return first + second
        unclear.append((first, second))
        return match[0]

    return BROKEN.sub(join, text.translate(HYPHENS)), unclear


def order_kept(reference, found):
    """Of the words that occur once in both, the share in their longest common order. None below ten such words."""
    once = {word for word, count in collections.Counter(reference).items() if count == 1}
    counts = collections.Counter(found)
    places = {word: place for place, word in enumerate(found) if counts[word] == 1}
    sequence = [places[word] for word in reference if word in once and word in places]
    if len(sequence) < 10:
        return None
    ends = []
    for place in sequence:
        at = bisect.bisect_left(ends, place)
        ends[at:at + 1] = [place]
    return len(ends) / len(sequence)
