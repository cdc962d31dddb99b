"""Names of statistics, methods, choices and note codes of all rooms of the research, and the literature of the methods.

A name that no room explains is shown by its id, so that nothing disappears when a room gains a method.
"""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

import re
from collections.abc import Mapping

from zaitaku_demand.research.association import estimate as association_words
from zaitaku_demand.research.association import robust_run as robust_words
from zaitaku_demand.research.core_set import words as core_words
from zaitaku_demand.research.designs import words as design_words
from zaitaku_demand.research.power import run as power_run
from zaitaku_demand.research.power import words as power_words
from zaitaku_demand.research.reliability import words as reliability_words
from zaitaku_demand.research.validity import notes as validity_notes
from zaitaku_demand.research.validity import words as validity_words
from zaitaku_demand.text import Text

NOTES: Mapping[str, Mapping[str, Text]] = {
    "reliability": reliability_words.NOTES,
    "validity": validity_notes.NOTES,
    "association": association_words.NOTES,
    "association_curves": association_words.NOTES,
    "chains": association_words.NOTES,
    "robustness": {**association_words.NOTES, **robust_words.NOTES},
    "specification": {**association_words.NOTES, **robust_words.NOTES},
    "designs": design_words.NOTES,
    "event_study": design_words.NOTES,
    "power": power_run.NOTES,
}
"""Table → its note codes."""
CRITERIA = core_words.CRITERION_NAMES
STAYS = core_words.VERDICTS
STUDIES = power_words.STUDIES
INTERRUPTIONS = design_words.INTERRUPTIONS
ADJUSTMENTS = validity_words.ADJUSTMENTS
SIZES: dict[str, Text] = {"slope": Text("地域の数", "Places")}
SIZE = Text("指定された地域の数", "Designated places")

_STATISTICS: dict[str, Text] = {
    "rate_ratio": Text("率の比", "rate ratio"),
    "odds_ratio": Text("オッズ比", "odds ratio"),
    "power": Text("検出力", "power"),
    "size": Text("差がないときに有意となる割合", "share found where there is no difference"),
    "detectable_ratio": Text("検出できる最小の率の比", "smallest detectable rate ratio"),
    "places_needed": Text("必要な指定地域の数", "designated places needed"),
    "agreement_ccc": Text("一致相関係数（Lin）", "concordance correlation (Lin)"),
    "agreement_icc": Text("級内相関係数（一致）", "intraclass correlation (agreement)"),
    "agreement_spearman": Text("順位相関", "rank correlation"),
    "agreement_bias": Text("2つの値の比（典型値）", "typical ratio of the two"),
    "agreement_lower_limit": Text("一致限界（下）", "lower limit of agreement"),
    "agreement_upper_limit": Text("一致限界（上）", "upper limit of agreement"),
    "agreement_rank_change": Text("順位の差の平均", "mean change of the rank"),
    "convergent": Text("収束的な関連（順位相関）", "convergent rank correlation"),
    "convergent_disattenuated": Text("同、希薄化を補正", "the same, corrected for attenuation"),
    "discriminant": Text("弁別的な関連（順位相関）", "discriminant rank correlation"),
    "discriminant_disattenuated": Text("同、希薄化を補正", "the same, corrected for attenuation"),
    "ceiling_share": Text("上限付近の地域の割合", "share of places at the ceiling"),
    "floor_share": Text("下限付近の地域の割合", "share of places at the floor"),
    "hidden_share": Text("秘匿された値の割合", "share of suppressed figures"),
    "convergent_within_prefecture": Text("収束的な関連（都道府県内）", "convergent, within prefectures"),
    "convergent_over_time": Text("収束的な関連（変化どうし）", "convergent, over time"),
    "discriminant_within_prefecture": Text("弁別的な関連（都道府県内）", "discriminant, within prefectures"),
    "discriminant_over_time": Text("弁別的な関連（変化どうし）", "discriminant, over time"),
    "discriminant_margin": Text("収束的な関連と弁別的な関連の差", "margin of convergent over discriminant"),
    "case_mix_rank_change_share": Text(
        "調整による順位の変化（地域数に対する割合）", "rank change under adjustment, share of places"
    ),
    "case_mix_fifth_change": Text("五分位が変わる地域の割合", "share of places that change their fifth"),
    "case_mix_tenth_change": Text("十分位が変わる地域の割合", "share of places that change their tenth"),
    "case_mix_top_overlap": Text("上位の地域の重なり", "overlap of the top places"),
    "e_value": Text("E値", "E-value"),
    "e_value_limit": Text("E値（区間の端）", "E-value of the limit"),
    "skewness_log": Text("歪度（対数）", "skewness of the logarithm"),
    "skewness": Text("歪度", "skewness"),
    "institution_bias_share": Text(
        "差をなくすために境界を越える必要のある件数の割合", "share of cases that would have to cross borders"
    ),
    "institution_unexplained_share": Text(
        "隣との移動では説明できない差の割合", "share of differences that no flow between neighbours removes"
    ),
    "institution_displaced_share": Text(
        "どの地域とも移動できる場合の割合", "share to be moved if any two places could exchange cases"
    ),
    "institution_removable_variance": Text(
        "移動で説明しうる分散の割合（上限）", "share of variance that flows could account for (upper bound)"
    ),
    "institution_moran": Text("Moran's I", "Moran's I"),
    "institution_density": Text("人口密度との順位相関", "rank correlation with density"),
    "case_mix_spearman": Text("調整前後の順位相関", "rank correlation before and after adjustment"),
    "case_mix_rank_change": Text("調整による順位の変化の平均", "mean change of rank under adjustment"),
    "difference_in_changes": Text("変化の差", "difference in changes"),
    "ratio_of_changes": Text("変化の比", "ratio of changes"),
    "placebo_date": Text("偽の時点での変化の差", "difference in changes at a false date"),
    "pre_trend": Text("事前の傾向の検定（Wald）", "test of the earlier trend (Wald)"),
    "detectable_drift": Text(
        "検出できる事前の傾向（年あたり）", "earlier trend that would be detected, a year"
    ),
    "drift_bias": Text("その傾向による偏り", "bias under that trend"),
    "earlier_comparison_share": Text(
        "先に指定された地域との比較が占める重み", "weight of comparisons with places designated earlier"
    ),
    "negative_weight_share": Text("負の重みの合計", "sum of negative weights"),
    "switchers": Text("新たに該当した地域の数", "places that came to have it"),
    "level_ratio": Text("水準の比", "ratio of levels"),
    "slope_ratio": Text("傾きの比（年あたり）", "ratio of slopes, a year"),
    "dispersion": Text("分散の過大さ", "dispersion"),
    "durbin_watson": Text("Durbin-Watson統計量", "Durbin-Watson statistic"),
    "ljung_box": Text("Ljung-Box検定（p値）", "Ljung-Box test (p-value)"),
    "autocorrelation": Text("自己相関", "autocorrelation"),
    "placebo_dates": Text("同程度の変化がある他の時点の割合", "share of other dates with as large a change"),
}
_METHODS: dict[str, Text] = {
    "log_rate_least_squares": Text("対数の率の最小二乗法", "Least squares of log rates"),
    "log_rate_spatial_error": Text("対数の率の空間誤差モデル", "Spatial error model of log rates"),
    "log_rate_spatial_lag": Text("対数の率の空間ラグモデル", "Spatial lag model of log rates"),
    "permutation_within_prefectures": Text("都道府県内の並べ替え", "Permutation within prefectures"),
    "observed_over_expected": Text("実測値／期待値", "Observed over expected"),
    "share_suppressed": Text("秘匿された値の割合", "Share of suppressed figures"),
    "wilson": Text("Wilsonの区間", "Wilson interval"),
    "dagostino": Text("D'Agostinoの検定", "D'Agostino's test"),
    "mean_difference_cluster_bootstrap": Text(
        "平均の差（都道府県のブートストラップ）", "Mean difference, bootstrap of prefectures"
    ),
    "spearman_1904_bonett_wright": Text("スピアマン（希薄化を補正）", "Spearman, corrected for attenuation"),
    "spearman_1904_cluster_bootstrap": Text(
        "スピアマン（希薄化を補正、都道府県のブートストラップ）",
        "Spearman, corrected for attenuation, bootstrap of prefectures",
    ),
    "spearman_two_way_deviations_cluster_bootstrap": Text(
        "スピアマン（地域と年の平均からの差、都道府県のブートストラップ）",
        "Spearman of deviations from places and years, bootstrap of prefectures",
    ),
    "poisson": Text("ポアソン回帰（クラスター頑健）", "Poisson regression, cluster-robust"),
    "negative_binomial": Text(
        "負の二項回帰（クラスター頑健）", "Negative binomial regression, cluster-robust"
    ),
    "mixed": Text("混合モデル（都道府県・地域）", "Mixed model (prefectures, places)"),
    "mixed_within": Text("混合モデル：地域内の変化", "Mixed model: within places"),
    "mixed_between": Text("混合モデル：地域間の差", "Mixed model: between places"),
    "fixed_effects": Text("固定効果（地域・年）", "Fixed effects (places, years)"),
    "gee": Text("一般化推定方程式（GEE）", "Generalised estimating equations (GEE)"),
    "between": Text("地域の平均どうし", "Between places"),
    "logistic": Text("ロジスティック回帰", "Logistic regression"),
    "restricted_cubic_spline": Text("制限付き3次スプライン", "Restricted cubic spline"),
    "specification_curve": Text("スペシフィケーション曲線", "Specification curve"),
    "leave_one_prefecture_out": Text("1都道府県を除いた再推定", "Leave one prefecture out"),
    "permutation": Text("並べ替え", "Permutation"),
    "simulation": Text("シミュレーション", "Simulation"),
    "simulation_shifted": Text("シミュレーション（差を動かす）", "Simulation (difference shifted)"),
    "linear_programme": Text("線形計画法", "Linear programme"),
    "piecewise_linear_programme": Text("線形計画法（区分線形）", "Linear programme (piecewise)"),
    "bland_altman": Text("Bland–Altman法", "Bland-Altman"),
    "bland_altman_exact": Text("Bland–Altman法（正確な限界）", "Bland-Altman, exact limits"),
    "lin_2000": Text("Lin", "Lin"),
    "mcgraw_wong_a1": Text("ICC(A,1)", "ICC(A,1)"),
    "bonett_wright": Text("スピアマン（Bonett–Wright区間）", "Spearman, Bonett-Wright interval"),
    "spearman_bonett_wright": Text("スピアマン（Bonett–Wright区間）", "Spearman, Bonett-Wright interval"),
    "spearman_cluster_bootstrap": Text(
        "スピアマン（都道府県のブートストラップ）", "Spearman, bootstrap of prefectures"
    ),
    "footrule": Text("順位の差の平均", "Mean difference of ranks"),
}
STATISTICS: Mapping[str, Text] = {**_STATISTICS, **reliability_words.STATISTICS}
METHODS: Mapping[str, Text] = {**reliability_words.METHODS, **design_words.METHODS, **_METHODS}
CHOICES: Mapping[str, Text] = {
    "model": Text("モデル", "model"),
    "scale": Text("尺度", "scale"),
    "confounders": Text("交絡因子", "confounders"),
    "period": Text("期間", "period"),
    "places": Text("地域", "places"),
    "states": Text("値の状態", "states"),
    "outcome": Text("アウトカム", "outcome"),
    "exposure": Text("要因", "exposure"),
}
VALUES: Mapping[str, Text] = {
    "sd": Text("標準偏差あたり", "per sd"),
    "log_sd": Text("対数の標準偏差あたり", "per sd of the logarithm"),
    "all": Text("すべて", "all"),
    "without_metropolitan": Text("大都市型を除く", "without metropolitan"),
    "observed": Text("推計値を除く", "without estimates"),
    "observed_only": Text("推計値を除く", "without estimates"),
    "first_half": Text("前半", "first half"),
    "second_half": Text("後半", "second half"),
    "none": Text("なし", "none"),
}
SERVICES: Mapping[str, Text] = {
    "house_calls": Text("往診", "House calls"),
    "home_visits": Text("在宅患者訪問診療", "Home visits"),
    "terminal_care": Text("在宅ターミナルケア", "Terminal care at home"),
    "death_attendance": Text("看取り", "Deaths attended"),
}
REFERENCES: Mapping[str, str] = {
    "beta_binomial_ml": "Adams 2009, RAND TR-653",
    "beta_binomial_moments": "Kleinman 1973, J Am Stat Assoc 68:46",
    "own_share": "Adams 2009, RAND TR-653",
    "gamma_poisson_ml": "Clayton & Kaldor 1987, Biometrics 43:671",
    "gamma_poisson_moments": "Marshall 1991, Appl Stat 40:283",
    "anova_correlation": "Ridout, Demétrio & Firth 1999, Biometrics 55:137",
    "split_sample": "Nieser & Harris 2024, Stat Med",
    "normal_dl_arcsine": "DerSimonian & Laird 1986, Control Clin Trials 7:177",
    "normal_dl_root": "DerSimonian & Laird 1986, Control Clin Trials 7:177",
    "icc_agreement": "Shrout & Fleiss 1979, Psychol Bull 86:420",
    "icc_consistency": "Shrout & Fleiss 1979, Psychol Bull 86:420",
    "concordance": "Lin 1989, Biometrics 45:255",
    "normal_theory": "Adams 2009, RAND TR-653",
    "poisson": "Zou 2004, Am J Epidemiol 159:702; Bell & McCaffrey 2002, Surv Methodol 28:169",
    "negative_binomial": "Cameron & Trivedi 2013, Regression Analysis of Count Data",
    "fixed_effects": "Hausman, Hall & Griliches 1984, Econometrica 52:909",
    "gee": "Liang & Zeger 1986, Biometrika 73:13; Mancl & DeRouen 2001, Biometrics 57:126",
    "mixed": "Laird & Ware 1982, Biometrics 38:963",
    "mixed_within": "Neuhaus & Kalbfleisch 1998, Biometrics 54:638",
    "mixed_between": "Neuhaus & Kalbfleisch 1998, Biometrics 54:638",
    "restricted_cubic_spline": "Harrell 2015, Regression Modeling Strategies",
    "specification_curve": "Simonsohn, Simmons & Nelson 2020, Nat Hum Behav 4:1208",
    "permutation": "Cliff & Ord 1981, Spatial Processes",
    "bland_altman": "Bland & Altman 1986, Lancet 327:307",
    "lin_2000": "Lin 1989, Biometrics 45:255",
    "mcgraw_wong_a1": "McGraw & Wong 1996, Psychol Methods 1:30",
    "bonett_wright": "Bonett & Wright 2000, Psychometrika 65:23",
    "spearman_bonett_wright": "Bonett & Wright 2000, Psychometrika 65:23",
    "group_time_not_yet": "Callaway & Sant'Anna 2021, J Econom 225:200",
    "group_time_never": "Callaway & Sant'Anna 2021, J Econom 225:200",
    "goodman_bacon": "Goodman-Bacon 2021, J Econom 225:254",
    "chaisemartin_dhaultfoeuille": "de Chaisemartin & D'Haultfœuille 2020, Am Econ Rev 110:2964",
    "roth_power_50": "Roth 2022, Am Econ Rev Insights 4:305",
    "roth_power_80": "Roth 2022, Am Econ Rev Insights 4:305",
    "quasi_poisson_newey_west": "Bernal, Cummins & Gasparrini 2017, Int J Epidemiol 46:348; Newey & West 1987, Econometrica 55:703",
    "prais_winsten": "Prais & Winsten 1954, Cowles Commission Discussion Paper 383",
    "simulation": "Arnold et al. 2011, BMC Med Res Methodol 11:94",
}

_FILTER = "_eigenvector_filter"
_TARGET = re.compile(r"^(.*)_(0\.\d+)$")


def method_text(method: str) -> Text:
    """Name of a method; one with spatial eigenvectors is named after the model that they are added to."""
    base = method.removesuffix(_FILTER)
    known = METHODS.get(base, Text(base, base))
    if base == method:
        return known
    return Text(f"{known.ja}＋空間固有ベクトル", f"{known.en}, with spatial eigenvectors")


def statistic_text(statistic: str) -> Text:
    """Name of a statistic; ``cases_for_0.7`` and its like carry their target in the id."""
    if statistic in STATISTICS:
        return STATISTICS[statistic]
    found = _TARGET.match(statistic)
    if found and found[1] in STATISTICS:
        return STATISTICS[found[1]].format(target=found[2])
    return Text(statistic, statistic)
