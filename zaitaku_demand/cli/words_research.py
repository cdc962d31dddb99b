"""Texts of `zaitaku research`."""

from __future__ import annotations

from zaitaku_demand.text import Text

HELP: dict[str, Text] = {
    "app": Text(
        "アウトカム指標の研究（信頼性・妥当性・関連・前後比較・コア指標・検出力）",
        "Research on outcome indicators: reliability, validity, association, before and after, core set, power",
    ),
    "panel": Text(
        "研究用パネル（地域×年の表）とコードブックを、Parquet・CSV・Stata・Rで読める形で書き出す",
        "Write the panel (place by year) and its codebook for Parquet, CSV, Stata and R",
    ),
    "plan": Text(
        "研究計画の全項目と要約値（ダイジェスト）を表示する。--out で自分の計画のひな形を書き出す",
        "Show all items of the plan and its digest, or write a plan to start from (--out)",
    ),
    "reliability": Text(
        "アウトカム候補の信頼性と、比較に使えるかの判断を示す",
        "Reliability of the candidate outcomes, and whether places may be compared by them",
    ),
    "validity": Text("アウトカム候補の妥当性を示す", "Validity of the candidate outcomes"),
    "associate": Text(
        "ストラクチャー・プロセスとアウトカムの関連と、その頑健性を示す（因果関係は示さない）",
        "Associations of structure and process with outcomes, and how robust they are (no cause is shown)",
    ),
    "design": Text(
        "指定・届出・改定の前後の変化を、ない地域と比べる",
        "Changes after a designation or reform, beside places without",
    ),
    "core_set": Text(
        "コア指標の案を、重み付けと安定性とともに示す",
        "Propose a core set of indicators, with weights and stability",
    ),
    "power": Text(
        "今後の研究に必要な地域数・年数を、実データの分散成分から求める",
        "How many places or years a study needs, from the variance components of the real data",
    ),
    "report": Text(
        "研究の報告書（HTMLとQuarto/Markdownの原稿）、図、表を書き出す",
        "Write the report (HTML, Quarto/Markdown source), figures and tables",
    ),
    "level": Text(
        "地域の単位（prefecture・area、繰り返し可。既定は計画のもの）",
        "Level (prefecture or area; repeatable; default: those of the plan)",
    ),
    "outcome": Text(
        "アウトカムの指標ID（繰り返し可。既定は全ての候補）",
        "Id of an outcome (repeatable; default: all candidates)",
    ),
    "exposure": Text(
        "関連をみるストラクチャー・プロセスの指標ID（繰り返し可。既定は宣言された組）",
        "Id of a structure or process indicator (repeatable; default: the declared pairs)",
    ),
    "plan_file": Text(
        "研究計画のファイル（TOML。既定は同梱の計画）", "File of the plan (TOML; default: the shipped one)"
    ),
    "set": Text(
        "計画と異なる設定（例：reliability.bootstrap=200、繰り返し可）。逸脱として報告書に載る",
        "Setting other than declared, such as reliability.bootstrap=200 (repeatable); reported as a deviation",
    ),
    "reason": Text("計画から逸脱する理由", "Reason for what is done otherwise than declared"),
    "own": Text(
        "利用者のアウトカムのCSV：割合（地域コード・年・分子・分母、繰り返し可）",
        "CSV of an own outcome that is a proportion (area_code, year, numerator, denominator; repeatable)",
    ),
    "own_ratio": Text(
        "利用者のアウトカムのCSV：2つの数の比（繰り返し可）",
        "CSV of an own outcome that is a ratio of two counts (repeatable)",
    ),
    "designation": Text(
        "指定の表のCSV（列 area_code・year＝最初の年。都道府県か圏域のコード）",
        "CSV of designations (columns area_code and year, the first one; codes of prefectures or of areas)",
    ),
    "importance": Text(
        "利用者が付けた重要度のCSV（列 indicator_id・importance＝1～5）",
        "CSV of your own importances (columns indicator_id and importance, 1-5)",
    ),
    "codebook": Text(
        "変数の一覧だけを表示し、何も書き出さない", "Only list the variables; nothing is written"
    ),
    "out_plan": Text(
        "全項目に説明を付けた計画のひな形（TOML）の書き出し先",
        "Where to write a plan to start from, all items explained (TOML)",
    ),
    "full": Text("主な結果だけでなく全ての行を表示する", "Print all rows, not only the main results"),
    "out_file": Text("コア指標のファイル（TOML）の書き出し先", "Where to write the core set (TOML)"),
    "csv": Text("結果の表をCSVに書き出す", "Write the table of results to a CSV file"),
    "computing": Text("{part}を計算しています", "Computing {part}"),
    "building": Text("パネルを作成しています", "Building the panel"),
}

PARTS: dict[str, Text] = {
    "reliability": Text("信頼性", "reliability"),
    "validity": Text("妥当性", "validity"),
    "association": Text("関連", "associations"),
    "robustness": Text("関連の頑健性", "robustness"),
    "designs": Text("前後比較", "changes before and after"),
    "core_set": Text("コア指標", "the core set"),
    "power": Text("検出力", "power"),
}
HEADINGS = Text(
    "単位\tアウトカム\t項目\t統計量\t方法\t推定値\t区間\t地域数\t備考",
    "level\toutcome\tterm\tstatistic\tmethod\testimate\tinterval\tplaces\tnote",
)
MAIN_ROWS = Text(
    "（主な結果{shown}行。全{total}行は --full、--csv、--json で得られる）",
    "({shown} main rows; --full, --csv or --json give all {total})",
)
WRITTEN = Text("書き出しました: {path}", "Written: {path}")
DIGEST = Text(
    "研究計画のダイジェスト: {digest}（{declared} 宣言）",
    "Digest of the plan: {digest} (declared {declared})",
)
