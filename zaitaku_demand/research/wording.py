"""Phrasings that claim cause, and a check that a text has none of them.

Associations between places show no cause. Whatever this package writes about them is checked by
:func:`causal_phrases`; a sentence that denies a cause ("does not show that X leads to Y") passes.
"""

from __future__ import annotations

import re

from zaitaku_demand.text import LANGUAGES, Language, Text


def _patterns(*expressions: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(expression, re.IGNORECASE) for expression in expressions)


_CHANGE_JA = "増|減|高ま|低下|上昇|上が|下が|改善|悪化|向上|短縮|延び|縮小|拡大|抑え|抑制|促"
FORBIDDEN: dict[Language, tuple[re.Pattern[str], ...]] = {
    "ja": _patterns(
        r"(?<!床)(?<!天井)効果(?:が|は|も)(?:ある|あり|あった|高|大き|認め|みら|見ら|示|確認|期待)",
        r"効果的(?:である|だ|な|に)",
        r"(?:に|へ)の?効果(?:を|が)",
        r"有効(?:である|だった|であった|性が(?:示|確認|認め))",
        r"影響を?(?:与え|及ぼ|もたら)",
        r"影響(?:した|している|する|で|により|によって|し、)",
        rf"(?:により|によって|の結果、|の結果として|のおかげで)[^。、]{{0,25}}(?:{_CHANGE_JA})",
        r"(?:ため|ので)[^。]{0,40}(?:増加し|減少し|上昇し|低下し|増え|減っ|減り|高くなっ|低くなっ|向上し)",
        r"改善(?:する|した|し、|して|させ|され|につなが|をもたら|が(?:みら|見ら|期待))",
        r"もたら(?:す|し|さ)",
        r"寄与(?:する|し|率が高|が大き)",
        r"貢献(?:する|し)",
        r"(?:原因|要因)(?:である|となる|となっ|となり|と考え|だ(?:。|$))",
        r"因果関係(?:が|は)(?:ある|あり|あった|認め|みら|見ら|確認|示さ)",
        r"につなが(?:る|り|っ)",
        r"を(?:高め|引き上げ|押し上げ|引き下げ|押し下げ|増や|減ら|増加させ|減少させ|低下させ|向上させ|防(?:ぐ|い)|予防|促進|抑制|抑え)",
        r"(?:増加|減少|低下|上昇|向上|悪化)させ",
        r"すれば[^。]{0,30}(?:増え|減る|高まる|下がる|上がる|改善)",
    ),
    "en": _patterns(
        r"(?<!\bno )\bcaus(?:e|es|ed|ing)\b(?! of death)(?! and effect)",
        r"\bcausal (?:effect|impact|link|relation(?:ship)?)\b",
        r"(?<!\bfixed )(?<!\brandom )\beffects? (?:of|on)\b",
        r"\b(?:has|have|had|shows?|showed) (?:an? |any )?(?!floor|ceiling)(?:\w+ )?(?<!floor )(?<!ceiling )effects?\b",
        r"\b(?:is|are|was|were|proved) effective\b|\beffectively\b",
        r"\bimpact(?:s|ed|ing)?\b",
        r"\binfluenc(?:e|es|ed|ing)\b",
        r"\baffect(?:s|ed|ing)?\b",
        r"\b(?:leads?|led|leading) to\b",
        r"\bresult(?:s|ed|ing)? in\b",
        r"\b(?:due|owing|thanks) to\b",
        r"\bas a (?:result|consequence) of\b",
        r"\bcontribut(?:e|es|ed|ing) to\b",
        r"\battribut(?:able|ed) to\b",
        r"\bresponsible for\b",
        r"\bimprov(?:e|es|ed|ing)\b",
        r"\breduc(?:e|es|ed|ing)\b",
        r"\b(?:increases|decreases|raises|lowers|boosts|cuts|increasing|raising|lowering) (?:the |its |their )?(?:\w+ )?(?:deaths?|shares?|rates?|numbers?|risks?|use|transports?|calls?|admissions?)\b",
        r"\b(?:prevent|promot|enabl|enhanc)(?:e|es|ed|s|ing)\b",
        r"\b(?:driven by|drives?|brings? about|brought about|makes? (?:it|them|people) )\b",
        r"\bbenefits? (?:of|from)\b",
    ),
}
"""Phrasings of a causal claim, by language."""

_DENIED_AFTER: dict[Language, re.Pattern[str]] = {
    "ja": re.compile(
        r"示すもの(?:で|と)は?ない|示さない|示していない|意味(?:しない|するもので(?:は)?ない)|"
        r"とは(?:言|い|考え)(?:え|られ)ない|とは限らない|(?:断定|判断|区別|証明|結論|確認|説明)(?:は|することは|が)?でき(?:ない|ず)|"
        r"かどうか|か否か|根拠に(?:は)?(?:ならない|しない)|解釈(?:しては|しない|できない|すべきで)|"
        r"読み(?:取|替え)(?:れない|ることはできない|ない)|主張しない|(?:分|わ)から(?:ない|ず)|使わない|言い換えない"
    ),
    "en": re.compile(
        r"\bcan(?:not| ?not) be (?:concluded|said|known|told|shown|inferred)\b|\bis not claimed\b", re.I
    ),
}
_DENIED_BEFORE: dict[Language, re.Pattern[str] | None] = {
    "ja": None,
    "en": re.compile(
        r"\b(?:do(?:es)? not|did not|cannot|can not|must not|may not|should not|never|no) "
        r"(?:by itself |in itself )?(?:be (?:read|taken|interpreted|called|understood)|show|mean|prove|imply|establish|claim|tell|"
        r"say|demonstrate|support|claims?|evidence|proof|conclusions?)\b|\bwhether\b|\bnot (?:evidence|proof|a sign)\b|\bwithout claiming\b",
        re.I,
    ),
}
_SENTENCE: dict[Language, re.Pattern[str]] = {
    "ja": re.compile(r"[^。！？\n]+[。！？]?"),
    "en": re.compile(r"[^!?\n.;]+(?:\.(?=\d)[^!?\n.;]+)*[!?.;]?"),
}


def causal_phrases(text: str, language: Language) -> list[str]:
    """Phrases of a text that claim cause, in their order; empty where there is none.

    A phrase in a sentence that denies it passes: in Japanese the denial follows it, in English it stands before it or
    closes the sentence.

    Parameters
    ----------
    text : str
        Plain text (markup removed).
    language : {"ja", "en"}
    """
    found: list[str] = []
    for sentence in _SENTENCE[language].finditer(text):
        matches = [
            match
            for pattern in FORBIDDEN[language]
            for match in pattern.finditer(sentence.group())
            if not _denied(sentence.group(), match, language)
        ]
        found += [match.group() for match in sorted(matches, key=lambda each: each.start())]
    return found


def causal_texts(texts: list[Text]) -> list[tuple[Text, str]]:
    """Texts with a phrase that claims cause in either language, each with the phrase."""
    return [
        (text, phrase)
        for text in texts
        for language in LANGUAGES
        for phrase in causal_phrases(text.to(language), language)
    ]


def _denied(sentence: str, match: re.Match[str], language: Language) -> bool:
    before = _DENIED_BEFORE[language]
    if _DENIED_AFTER[language].search(sentence, match.end()):
        return True
    return before is not None and before.search(sentence, 0, match.start()) is not None
