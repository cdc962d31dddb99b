"""What the methods, statistics and notes of the reliability table are called, in both languages."""

from __future__ import annotations

from zaitaku_demand.text import Text

METHODS: dict[str, Text] = {
    "beta_binomial_ml": Text("ベータ二項モデル（最尤法）", "beta-binomial, maximum likelihood"),
    "beta_binomial_moments": Text(
        "ベータ二項モデル（Kleinmanの積率法）", "beta-binomial, Kleinman's moments"
    ),
    "gamma_poisson_ml": Text("ガンマ・ポアソンモデル（最尤法）", "gamma-Poisson, maximum likelihood"),
    "gamma_poisson_moments": Text(
        "ガンマ・ポアソンモデル（Marshallの積率法）", "gamma-Poisson, Marshall's moments"
    ),
    "anova_correlation": Text("分散分析による級内相関（二値）", "ANOVA intraclass correlation (binary)"),
    "anova_rates": Text("分散分析（率）", "ANOVA (rates)"),
    "normal_reml_arcsine": Text("正規モデル（逆正弦変換、REML）", "normal on the arcsine scale, REML"),
    "normal_dl_arcsine": Text(
        "正規モデル（逆正弦変換、DerSimonian-Laird法）", "normal on the arcsine scale, DerSimonian-Laird"
    ),
    "normal_reml_logit": Text("正規モデル（ロジット、REML）", "normal on the logit scale, REML"),
    "normal_reml_root": Text("正規モデル（平方根変換、REML）", "normal on the square-root scale, REML"),
    "normal_dl_root": Text(
        "正規モデル（平方根変換、DerSimonian-Laird法）", "normal on the square-root scale, DerSimonian-Laird"
    ),
    "normal_reml_log": Text("正規モデル（対数、REML）", "normal on the log scale, REML"),
    "split_sample": Text("標本分割法（無作為分割の平均）", "permuted split-sample"),
    "own_share": Text(
        "Adams（2009）の各地域の割合を用いる式（比較のみ）",
        "Adams 2009 with each place's own share (comparison only)",
    ),
    "icc_agreement": Text("級内相関係数ICC(2,1)", "ICC(2,1)"),
    "icc_consistency": Text("級内相関係数ICC(3,1)", "ICC(3,1)"),
    "pearson": Text("ピアソンの相関係数", "Pearson's correlation"),
    "spearman": Text("スピアマンの順位相関係数", "Spearman's rank correlation"),
    "concordance": Text("Linの一致相関係数", "Lin's concordance correlation"),
    "components": Text("分散成分（年どうしの共分散）", "components of variance (covariance between years)"),
    "normal_theory": Text("二変量正規分布", "bivariate normal"),
    "normal_theory_lasting": Text(
        "二変量正規分布（年を越えて続く差に対して）", "bivariate normal, against lasting differences"
    ),
    "simulation": Text("当てはめた分布からのシミュレーション", "simulation from the fitted distribution"),
    "count": Text("集計", "count"),
}

STATISTICS: dict[str, Text] = {
    "reliability": Text("単年の信頼性（規模が中央値の地域）", "one-year reliability at the median size"),
    "reliability_mean": Text("単年の信頼性の平均", "mean one-year reliability of the places"),
    "reliability_low": Text("規模の小さい地域の信頼性", "one-year reliability of small places"),
    "reliability_by_year": Text("各年の信頼性", "reliability in each year"),
    "reliability_pooled": Text("全年を合わせた信頼性", "reliability of all years together"),
    "reliability_within_prefecture": Text("都道府県内の信頼性", "reliability within prefectures"),
    "reliability_within_type": Text("同じ類型の圏域の中での信頼性", "reliability among areas of one type"),
    "reliability_observed_only": Text(
        "秘匿のない値のみの信頼性", "reliability, only figures without hidden cells"
    ),
    "reliability_with_estimation_error": Text(
        "秘匿の推定誤差を加えた信頼性", "reliability with the error of estimated hidden cells"
    ),
    "cases_for": Text(
        "信頼性{target}に必要な分母の規模（分母の単位）",
        "size of the denominator needed for reliability {target}, in its own unit",
    ),
    "expected_events_for": Text(
        "信頼性{target}に必要な期待件数（独立な件数）",
        "expected events (independent cases) needed for reliability {target}",
    ),
    "share_reaching": Text(
        "信頼性{target}に達する地域の割合（値のある地域中）",
        "share of places with a figure that reach reliability {target}",
    ),
    "share_of_all_reaching": Text(
        "信頼性{target}に達する地域の割合（全地域中）", "share of all places that reach reliability {target}"
    ),
    "years_for": Text(
        "続く差の信頼性{target}に必要な年数", "years needed for a lasting reliability of {target}"
    ),
    "icc": Text("年次間の級内相関", "ICC over years"),
    "split_year_odd_even": Text("奇数年と偶数年の一致", "agreement of odd and even years"),
    "split_year_halves": Text("前半と後半の一致", "agreement of the first and the second half"),
    "lasting_reliability": Text("単年の値のうち続く差の割合", "share of a single year's variance that lasts"),
    "variance_place": Text("分散の割合：地域（続く差）", "share of variance: place (lasting)"),
    "variance_place_year": Text("分散の割合：地域×年", "share of variance: place by year"),
    "variance_chance": Text("分散の割合：偶然", "share of variance: chance"),
    "misclassified_mean": Text(
        "平均より上・下を誤る地域の割合", "share of places on the wrong side of the mean"
    ),
    "misclassified_top": Text(
        "上位群への出入りを誤る地域の割合", "share of places wrongly in or out of the top group"
    ),
    "misclassified_quarters": Text("四分位を誤る地域の割合", "share of places in the wrong quarter"),
    "wrongly_in_top": Text(
        "上位群のうち本来は上位でない割合", "share of the top group that is truly not in it"
    ),
    "places_shown": Text("値のある地域の割合", "share of places with a figure"),
    "places_estimated": Text("値の一部が推計である地域の割合", "share of figures that are partly estimated"),
}

NOTES: dict[str, Text] = {
    "too_few_places": Text("値のある地域が少なく、推定しない", "too few places with a figure; not estimated"),
    "too_few_complete": Text(
        "全年の値がそろう地域が少なく、推定しない", "too few places with all years; not estimated"
    ),
    "one_year": Text(
        "1年分しかなく、続くかどうかは言えない", "one year only; whether differences last cannot be said"
    ),
    "normal_kind": Text(
        "件数のない値で、偶然の大きさを計算できない",
        "a figure without counts; its chance variation cannot be computed",
    ),
    "no_variance": Text("偶然を超える差がみられない", "no difference beyond chance was found"),
    "not_estimable": Text("この資料からは求められない", "cannot be had from these data"),
    "no_observed": Text(
        "秘匿のない値がないか少なく、推定しない", "no or too few figures without hidden cells; not estimated"
    ),
    "nothing_estimated": Text("推計を含む値がない", "no figure is partly estimated"),
    "not_assessed": Text(
        "割合の指標で、件数の推計の誤差は加えていない",
        "a proportion; the error of its estimated counts is not added",
    ),
    "chance_negligible": Text(
        "件数が多く偶然の誤差はごく小さい。1に近い値は比較が妥当なことを意味しない。年次の安定性、秘匿、集計の場所を見ること",
        "counts are large, so chance is negligible; a value near 1 does not make a comparison valid: look at stability "
        "over years, hidden figures and by whose place it is counted",
    ),
    "hidden_places": Text(
        "値が秘匿された地域（件数の少ない地域に多い）を除いた推定。全地域での信頼性はこれより低い可能性がある",
        "estimated without the places whose figures are hidden, mostly small ones; over all places it may be lower",
    ),
    "average_over_places": Text(
        "地域の平均であり、中央値の規模での値ではない", "an average over places, not at the median size"
    ),
    "own_share_overstates": Text(
        "件数の少ない地域で過大になる式。比較のためにのみ示す",
        "overstated for small places; shown for comparison only",
    ),
    "nothing_lasts": Text("年を越えて続く差がみられない", "no difference that lasts over years was found"),
    "limit_open": Text("上限または下限が定まらない", "a limit cannot be bounded"),
    "single_places": Text("1地域だけの都道府県は除く", "prefectures of a single place do not contribute"),
}
