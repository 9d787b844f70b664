"""German text as words: one spelling of umlauts, forms of a word under one stem, compounds in parts, clauses apart."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, permutations, product

from msgspec.structs import replace

from twitchwise.assess.intake.words import CLAUSE, LINK, STOP, Word
from twitchwise.knowledge.schema import Language

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-zA-ZÀ-ÿ]+(?:['\u2019][a-zA-Z]+)?|[.;!?\n|,]")
_ENDS = frozenset(".;!?\n|")
_TWO_LETTERS = re.compile(r"(?<![aeouäöüq])([aou])e")  # "ae" is an umlaut, but not in "neue", "Frauen" or "Quelle"
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "á": "a"})
_GROUP = re.compile(r"<([^<>]+)>")
_NO = re.compile(r"\s*nein\b", re.IGNORECASE)
_TO = "zu"  # before the last word of a clause that hangs on what stands before it
_PAIR = 2
_SHORTEST, _SHORT = len("abc"), len("abcd")
_OF_ADJECTIVES = ("eren", "erer", "eres", "erem", "ere", "em", "en", "er", "es", "e")
_SHORT_REST = frozenset({"em", "en", "es", "e"})
_ANY_ORDER = "&"
_HOLDS_DENIAL = re.compile(r"\b(?:nicht|nichts|kein|keine|keinen|nie|nimmer|ohne|kaum|weder)\b")


class German:
    """How German is written.

    Parameters
    ----------
    language
        Its words; ``self.language`` is the same with every word that texts are compared with spelled as texts are.
    """

    def __init__(self, language: Language) -> None:
        self._groups = language.groups
        self._kept = frozenset(map(fold, language.kept))
        self._forms = {fold(form): fold(word) for word, forms in language.forms.items() for form in (word, *forms)}
        self._heads = _pattern_of(language.compound_heads)
        self._not_compounds = frozenset(map(fold, language.not_compounds))
        self._abbreviations = frozenset(map(fold, language.abbreviations))
        self._own = frozenset(map(fold, language.clause_words))
        self._openers = frozenset(map(fold, language.clause_openers))
        self._continues = frozenset(map(fold, language.clause_continues))
        self._links = frozenset(map(fold, language.clause_links))
        self._lists = frozenset(map(fold, language.list_words))
        self._stems: dict[str, str] = {}
        self._options: dict[str, list[Word]] = {}
        self.language = _spelled(language)

    def words_of(self, text: str) -> list[Word]:
        """Return the words of a text; a sentence ends with the word `STOP`, and `CLAUSE` parts its clauses."""
        words: list[Word] = []
        parts: list[list[Word]] = [[]]
        for found in _TOKEN.finditer(text):
            sign = found[0]
            if sign == ",":
                parts.append([])
            elif sign not in _ENDS:
                parts[-1] += self._words(sign, found.start(), found.end())
            elif sign == "?" and _NO.match(text, found.end()):
                continue  # "Fieber? Nein." is one sentence
            elif sign != "." or not self._is_abbreviated(text, found.start()):
                words += self._joined(parts)
                words.append(Word(STOP, STOP, found.start(), found.end()))
                parts = [[]]
        return words + self._joined(parts)

    def stem_of(self, word: str) -> str:
        """Return what forms of a word share.

        Examples
        --------
        >>> from twitchwise.knowledge import library
        >>> german = German(library().languages["german"])
        >>> [german.stem_of(word) for word in ("zuckt", "zuckte", "Zucken", "linker", "linkes", "Haende", "Hände")]
        ['zuck', 'zuck', 'zuck', 'link', 'link', 'hand', 'hand']
        """
        folded = fold(word)
        stem = self._stems.get(folded)
        if stem is None:
            stem = self._stems[folded] = self._stem_of(folded)
        return stem

    def beginning_of(self, word: str) -> str:
        """Return the beginning of a word in the spelling of the words of a text."""
        return fold(word)

    def phrases_of(self, phrase: str) -> list[str]:
        """Return the phrases that a written one stands for: groups filled in, in every order, compounds in parts."""
        veto = "!" if phrase.startswith("!") else ""
        parts = [part.strip() for part in self._filled(phrase.removeprefix("!")).split(_ANY_ORDER)]
        orders = [" ".join(order) for order in permutations(parts)]
        return [veto + one for order in orders for one in self._variants(order)]

    def denials_of(self, phrase: str) -> list[str]:
        """Return the phrases that deny one of two parts in any order: "die Arme sind nicht schwach".

        A phrase that holds a denial itself, such as "nicht & schlafen", is denied by none.
        """
        parts = [part.strip() for part in self._filled(phrase).split(_ANY_ORDER)]
        if phrase.startswith("!") or len(parts) != _PAIR or _HOLDS_DENIAL.search(" ".join(parts)):
            return []
        first, second = parts
        return [f"{first} nicht {second}", f"{second} nicht {first}"]

    def said(self, text: str, words: Sequence[Word]) -> str:
        """Return words as they were typed."""
        return text[words[0].start : words[-1].end]

    def _filled(self, phrase: str) -> str:
        return _GROUP.sub(lambda found: self._groups[found[1]], phrase)

    def _variants(self, phrase: str) -> Iterator[str]:
        """Give a phrase once for each set of alternatives of as many words, as an alternative must be one word."""
        for parts in product(*(list(self._alternatives(part)) for part in phrase.split())):
            yield " ".join(parts)

    def _alternatives(self, part: str) -> Iterator[str]:
        options = [option.replace("_", " ") for option in part.split("/")]  # "auf_einmal" is one of two words
        single = [option for option in options if option.endswith("*") or len(self._option(option)) == 1]
        if single:
            yield "/".join(single)
        for option in options:
            if option not in single:
                yield " ".join(word.text for word in self._option(option))

    def _option(self, option: str) -> list[Word]:
        """Return the words of an alternative; most come again and again."""
        if option not in self._options:
            self._options[option] = self.words_of(option)
        return self._options[option]

    def _is_abbreviated(self, text: str, at: int) -> bool:
        before = re.search(r"[^\W\d_]+$", text[max(at - len("abbreviation"), 0) : at])
        return before is not None and (len(before[0]) == 1 or fold(before[0]) in self._abbreviations)

    def _joined(self, parts: Sequence[list[Word]]) -> list[Word]:
        """Return the words of a sentence, with a word for each comma that parts clauses rather than a list."""
        filled = [part for part in parts if part]
        words = list(filled[0]) if filled else []
        for before, after in pairwise(filled):
            comma = self._comma(before, after)
            if comma:
                words.append(Word(CLAUSE, comma, after[0].start, after[0].start))
            words += after
        return words

    def _comma(self, before: Sequence[Word], after: Sequence[Word]) -> str:
        """Return how a comma parts two clauses: not at all, so that denial ends, or so that phrases end too."""
        texts = [word.text for word in after]
        if (
            texts[0] in self._continues
            or texts[-2:-1] == [_TO]
            or not (texts[0] in self._openers or self._own.intersection(texts))
        ):
            return ""
        if self._links.intersection((texts[0], before[0].text)):
            return LINK
        is_list = self._lists.intersection(texts[1:]) and not self._own.intersection(word.text for word in before)
        return "" if is_list and texts[0] not in self._openers else CLAUSE

    def _words(self, sign: str, start: int, end: int) -> Iterator[Word]:
        folded = fold(sign)
        for part in self._split(folded):
            yield Word(part, self.stem_of(part), start, end)

    def _split(self, word: str) -> Iterator[str]:
        """Give the parts of a compound whose end is known, and "ge-" away from it."""
        found = None if word in self._kept or word in self._not_compounds or word in self._forms else self._head(word)
        if found is None:
            yield word
        elif found == len("ge"):
            yield word[found:]
        else:
            yield word[:found]
            yield from self._split(word[found:])

    def _head(self, word: str) -> int | None:
        """Return where the known end of a compound begins; "ge-" before it counts as a part."""
        found = self._heads.search(word, len("ge"))
        if found is None or word[: found.start()] in self._not_compounds:
            return None
        return found.start() if found.start() >= _SHORTEST or word.startswith("ge") else None

    def _stem_of(self, word: str) -> str:
        if word in self._forms or word in self._kept:
            return self._forms.get(word, word)
        stem = word
        if len(stem) > _SHORT and stem.endswith("s") and not stem.endswith(("ss", "us", "is")):
            stem = stem[:-1]
            if stem in self._forms:
                return self._forms[stem]
        if stem.endswith(("ln", "rn")) and len(stem) > _SHORT:
            stem = stem[:-1]
        stem = _without_ending(stem)
        if stem.endswith("t") and len(stem) > _SHORT:
            stem = stem[:-1]
            stem = stem.removesuffix("er") if stem.endswith("er") and len(stem) - len("er") >= _SHORT else stem
        return stem


def fold(word: str) -> str:
    """Return a word in one spelling, whatever way its umlauts were typed.

    Examples
    --------
    >>> [fold(word) for word in ("Füße", "FUESSE", "neue", "Frauen", "geht's")]
    ['fusse', 'fusse', 'neue', 'frauen', 'geht']
    """
    lower = word.lower().replace("\u2019", "'").removesuffix("'s").replace("'", "")
    return _TWO_LETTERS.sub(r"\1", lower).translate(_UMLAUTS)


def _without_ending(word: str) -> str:
    for ending in _OF_ADJECTIVES:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= (_SHORTEST if ending in _SHORT_REST else _SHORT):
            return rest
    return word


def _pattern_of(heads: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(fold, heads), key=len, reverse=True)) or r"(?!)")


def _spelled(language: Language) -> Language:
    """Return a language in which the words that are compared letter by letter are spelled as those of texts."""
    return replace(
        language,
        number_words=_folded(language.number_words),
        durations_days={**language.durations_days, **_folded(language.durations_days)},
        durations_said=_folded(language.durations_said),
        light_words=(*map(fold, language.light_words), CLAUSE),
        **{
            name: tuple(map(fold, getattr(language, name)))
            for name in ("light_behind", "duration_leads", "articles", "female", "male", "not_own")
        },
    )


def _folded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {" ".join(map(fold, words.split())): number for words, number in numbers.items()}
