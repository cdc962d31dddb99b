"""Sentences that claim cause are caught, honest ones pass, and no text of the research rooms claims cause."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import zaitaku_demand.research
from zaitaku_demand.research.wording import causal_phrases, causal_texts
from zaitaku_demand.text import Language, Text

CLAIMS: dict[Language, list[str]] = {
    "ja": [
        "訪問診療には自宅死を増やす効果がある。",
        "在宅療養支援診療所は自宅死の割合に影響を与える。",
        "訪問看護の充実により自宅での看取りが増える。",
        "往診の増加によって救急搬送が減った。",
        "加算の新設は退院支援を改善した。",
        "連携は在宅療養の継続に寄与する。",
        "体制の整備が看取りの増加をもたらした。",
        "退院支援は再入院を減らす。",
        "訪問看護ステーションの設置が救急要請を抑制した。",
        "診療所が多いため、自宅死が増加した。",
        "両者の間に因果関係が認められた。",
        "医師数の不足が原因である。",
        "体制を整備すれば自宅死は増える。",
        "訪問診療の普及は看取りの増加につながる。",
        "研修は有効である。",
        "多職種連携は在宅看取りを促進する。",
    ],
    "en": [
        "Home visits increase the share; more visits lead to more deaths at home.",
        "The effect of support clinics on home deaths is large.",
        "More nurses cause fewer transports.",
        "Home visits had a significant impact on deaths at home.",
        "The new fee improved discharge support.",
        "Visiting nurses reduce ambulance transports.",
        "The rise is due to the fee reform.",
        "Support clinics contribute to dying at home.",
        "The number of doctors influences home deaths.",
        "The designation resulted in more house calls.",
        "Deaths at home are attributable to home visits.",
        "Coordination raises the share of home deaths.",
        "The programme is effective.",
        "Nursing at home prevents admissions.",
        "There is a causal effect.",
        "It does not matter. Support clinics cause more home deaths.",
    ],
}
HONEST: dict[Language, list[str]] = {
    "ja": [
        "訪問診療の多い地域ほど自宅死の割合が高い傾向がみられた。",
        "両者に関連がみられた（率比1.05、95％信頼区間1.01～1.10）。",
        "この結果は因果関係を示すものではない。",
        "訪問診療に効果があることを示すものではない。",
        "診療所が自宅死を増やすとは言えない。",
        "指定の前後の変化の差は1.2ポイントであった。",
        "施設数の少ない地域では推定の幅が広い。",
        "自宅死の割合は2014年から2017年にかけて上昇した。",
        "値が公表されないため、推定できなかった。",
        "床効果はみられない。",
        "二元固定効果モデルとランダム効果モデルを用いた。",
        "死因の構成は調整していない。",
    ],
    "en": [
        "Places with more home visits have higher shares of deaths at home.",
        "The exposure is associated with the outcome (rate ratio 1.05, 95 % interval 1.01 to 1.10).",
        "This does not show cause.",
        "This does not mean that visits lead to more deaths at home.",
        "Whether clinics raise the share of home deaths cannot be known from these data.",
        "The difference in changes was 1.2 points.",
        "Two-way fixed effects and random effects of the prefecture were fitted.",
        "Causes of death are not adjusted for, because they are not published by area.",
        "The share of home deaths increased from 2014 to 2017.",
        "Fewer cases give wider intervals.",
        "That X causes Y cannot be concluded.",
        "No floor effect is seen.",
    ],
}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_claims_are_caught(language: Language) -> None:
    missed = [sentence for sentence in CLAIMS[language] if not causal_phrases(sentence, language)]
    assert missed == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_honest_sentences_pass(language: Language) -> None:
    caught = {sentence: causal_phrases(sentence, language) for sentence in HONEST[language]}
    assert {sentence: found for sentence, found in caught.items() if found} == {}


def test_denial_of_one_sentence_does_not_excuse_the_next() -> None:
    text = "因果関係を示すものではない。訪問診療は自宅死を増やす。"
    assert causal_phrases(text, "ja") == ["を増や"]
    assert causal_phrases("This does not show cause. Visits improve care.", "en") == ["improve"]


def test_both_languages_of_a_text_are_read() -> None:
    found = causal_texts([Text("関連がみられた。", "Visits improve care."), Text("改善した。", "Higher.")])
    assert [phrase for _, phrase in found] == ["improve", "改善した"]


def test_no_text_of_the_research_rooms_claims_cause() -> None:
    folder = Path(zaitaku_demand.research.__file__).parent
    texts = [text for file in sorted(folder.rglob("*.py")) for text in _texts(file)]
    assert len(texts) > 100
    assert causal_texts(texts) == []


def _texts(file: Path) -> list[Text]:
    """Every ``Text("…", "…")`` written in a module; placeholders of f-strings are left out."""
    calls = (
        node
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"
    )
    return [Text(*map(_string, call.args)) for call in calls if len(call.args) == 2]


def _string(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_string(each) for each in node.values if isinstance(each, ast.Constant))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
