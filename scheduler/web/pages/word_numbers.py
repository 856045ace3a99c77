"""word_numbers.py - the names of words, as they are sent: numbers, which are short.

The source says t('announcement.withdraw_title'). Sent is t(137), and the catalogue of each
language has the word as "137". A name that the code may make up when it runs, from a template
such as `version.${state}`, is kept whole, and so is every name that no code says: none is lost.
Pure; what the code says is told by the readers of templates.py.
"""
import collections
import re

from templates import CODE

# t(`${…: how the name begins is not known before it runs
UNKNOWN = re.compile(r"\b(?:t|has|said)\((?:`\$\{|'[^']*' ?\+)[^)]*")


def made_up(texts):
    """What matches every name that a template may make up."""
    ways = {".*".join(map(re.escape, text.split(CODE))) for text in texts
            if CODE in text and re.match(r"\w+\.", text)}
    return re.compile("|".join(sorted(ways)) or CODE)


def numbers_of(strings, names):
    """{name: '137'}: what is said most often has the shortest number."""
    said = collections.Counter(one for one in strings if one in names)
    return {name: str(number) for number, (name, _) in enumerate(said.most_common())}


def numbered(catalogue, numbers, texts):
    """The catalogue as it is sent; a name that is said and may be made up leads to its number."""
    kept = made_up(texts)
    sent = {numbers.get(name, name): text for name, text in catalogue.items()}
    sent.update({name: int(numbers[name]) for name in catalogue
                 if name in numbers and kept.fullmatch(name)})
    return sent


def unknown(code):
    return [found.group() for found in UNKNOWN.finditer(code)]
