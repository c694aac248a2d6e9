//! Mistakes of real life, and the whole of what their author is told: complete output, in Japanese, as on the screen.
//!
//! Each is judged as someone who never heard of YAML, has only this text, and wants to go home: can it be mended
//! without help? `SNAPSHOTS=overwrite cargo test --test it mistakes::` writes `tests/golden/mistakes/`; the difference is
//! reviewed like code.

use crate::support;

use kohyo::diagnostic::Checked;
use kohyo::report::human;
use kohyo::source::Sources;
use kohyo::text::language::Language;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use support::{CITY, files, prepare};

/// A name, what happened, and the files as they were saved.
const MISTAKES: &[(&str, &str)] = &[
    (
        "全角のコロン",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar：trust\nactions: []\n---\n",
    ),
    (
        "字下げがタブ",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n\t- text: 会場を選ぶ\n---\n",
    ),
    (
        "字下げが全角の空白",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n　- text: 会場を選ぶ\n---\n",
    ),
    (
        "Wordの引用符",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: “trust”\nactions: []\n---\n",
    ),
    (
        "令和の日付",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\n公表日: 令和８年６月２５日\nactions: []\n---\n",
    ),
    (
        "ない日付",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\n公表日: 2026-06-31\nactions: []\n---\n",
    ),
    (
        "3桁ごとのカンマ",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    indicator:\n      unit: 円\n      target: 1,200,000\n---\n",
    ),
    (
        "波括弧の中のカンマ",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    indicator: { name: 経費, unit: 円, target: 1,200 }\n---\n",
    ),
    (
        "数に単位が付いている",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - { text: 会場を選ぶ, indicator: { name: 回数, unit: 回, target: 3回 } }\n---\n",
    ),
    (
        "億や万を使った数値",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 直売所の売上を増やす\npillar: trust\nactions:\n  - text: 品ぞろえを増やす\n    indicator: { unit: 円, target: 1億2500万 }\n  - text: 売り場を広げる\n    indicator: { unit: 万円, target: \"1億2,500万円\" }\n  - text: 催しを開く\n    indicator: { unit: 人, target: 1万2千 }\n  - text: 広告を出す\n    indicator: { unit: 万円, target: 1万2千 }\n  - text: 案内を配る\n    indicator: { unit: \"\", target: 3万円 }\n---\n",
    ),
    (
        "範囲や内訳の数値",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 直売所の売上を増やす\npillar: trust\nactions:\n  - text: 品ぞろえを増やす\n    indicator: { unit: \"%\", target: 45～50 }\n  - text: 催しを開く\n    indicator: { unit: 回, target: 3回（うち休日2回） }\n---\n",
    ),
    (
        "以上という言葉",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - { text: 会場を選ぶ, indicator: { name: 割合, unit: \"%\", target: 80以上 } }\n---\n",
    ),
    (
        "電話番号と郵便番号の打ち間違い",
        "-- content/departments/planning.md --\n---\nname: 企画部\norder: 1\nyears: [2020]\nsections: [企画課, 財政課]\n問い合わせ先:\n  電話: 0277-76-000O（平日）\n  ファクス: 277（76）0001\n  郵便番号: 〒37-92395\n---\n",
    ),
    (
        "単位の%を囲んでいない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    indicator:\n      name: 割合\n      unit: %\n      target: 80\n---\n",
    ),
    (
        "Excelから貼り付けた表",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n取組内容\t課等\t目標達成基準\n会場を選ぶ\t企画課\t3回\n---\n",
    ),
    (
        "違う部局のフォルダー",
        "-- content/2026/kikaku/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n-- content/2026/kikaku/1-03.md --\n---\ntitle: 説明会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "なくなった部局のフォルダー",
        "-- content/2026/general/1-01.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "目標より先に実績を書いた",
        "-- content/2026/planning/1-02.result.md --\n---\nevaluation: on-plan\nactions:\n  - result: 2回開いた\n---\n",
    ),
    (
        "実績の名前の書き間違い",
        "-- content/2025/planning/1-01.results.md --\n---\nevaluation: on-plan\nactions:\n  - result: 3回開いた\n---\n",
    ),
    (
        "名前の終わりが.txt",
        "-- content/2026/planning/1-02.md.txt --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "終わりの---がない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n\n市民の声を聞く場にします。\n",
    ),
    (
        "始めの---の上に空の行",
        "-- content/2026/planning/1-02.md --\n\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "写した項目が2つ",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\ntitle: 見学会を2回開く\nactions: []\n---\n",
    ),
    (
        "題名にコロン",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 第2期: 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "題名が角括弧で始まる",
        "-- content/2026/planning/1-02.md --\n---\ntitle: [新規] 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "題名が米印のような記号で始まる",
        "-- content/2026/planning/1-02.md --\n---\ntitle: *見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "項目の名前の書き間違い",
        "-- content/2026/planning/1-02.md --\n---\n組織目票: 見学会を開く\n柱: trust\n取組: []\n---\n",
    ),
    (
        "実績の項目を目標に書いた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    実績・成果: 3か所を選んだ\n---\n",
    ),
    (
        "柱を丸数字で書いた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: ①\nactions: []\n---\n",
    ),
    (
        "必要な項目がない",
        "-- content/2026/planning/1-02.md --\n---\npillar: trust\nactions:\n  - sections: [企画課]\n---\n",
    ),
    ("実績の数が足りない", "-- content/2025/planning/1-01.result.md --\n---\nevaluation: on-plan\nactions: []\n---\n"),
    (
        "評価の言葉が違う",
        "-- content/2025/planning/1-01.result.md --\n---\nevaluation: 計画どおり\nactions:\n  - { result: 3回開いた, actual: 3 }\n---\n",
    ),
    (
        "届かなかった理由がない",
        "-- content/2025/planning/1-01.result.md --\n---\nevaluation: 計画未満\nactions:\n  - { result: 2回開いた, actual: 2 }\n---\n",
    ),
    (
        "古い課の名前",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - { text: 会場を選ぶ, sections: [企画政策課] }\n---\n",
    ),
    (
        "共有フォルダーへのリンク",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n[実施の計画](\\\\fs01\\企画課\\計画.docx)のとおりに行います。\n",
    ),
    (
        "なくなったページへのリンク",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n[前の年の目標](../../2025/planning/1-02.md)に続くものです。\n",
    ),
    (
        "画像の説明がない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n![](会場.png)\n-- content/2026/planning/会場.png --\n（画像）\n",
    ),
    (
        "ファイル名に空白と括弧",
        "-- content/2026/planning/1-02（案） 企画.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "年度のフォルダーが令和",
        "-- content/令和8年度/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    ("空のファイル", "-- content/2026/planning/1-02.md --\n"),
    (
        "下書きに丸を付けた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\ndraft: 〇\nactions: []\n---\n",
    ),
    (
        "題名に番号",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く #2\npillar: trust\nactions: []\n---\n",
    ),
    (
        "取組に-がない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  text: 会場を選ぶ\n  sections: [企画課]\n---\n",
    ),
    (
        "取組を中点で並べた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  ・会場を選ぶ\n  ・案内を出す\n---\n",
    ),
    (
        "題名の途中で改行した",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を\n開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "課を読点で並べた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    sections: 企画課、財政課\n---\n",
    ),
    (
        "指標の波括弧が全角",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    指標: ｛ name: 会場の数、 unit: か所 ｝\n---\n",
    ),
    (
        "指標の中の項目を同じ行に書いた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    indicator: 名称: 会場の数\n      単位: か所\n---\n",
    ),
    (
        "課に部の名前も書いた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    sections: [企画部 企画課]\n---\n",
    ),
    (
        "年のない日付",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\npublish_at: 6月25日\nactions: []\n---\n",
    ),
    (
        "千円の目標値",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    indicator:\n      name: 経費\n      unit: 千円\n      target: 3,000千円\n---\n",
    ),
    (
        "継続元に題名を書いた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\ncontinues: 条例の検証\nactions: []\n---\n",
    ),
    (
        "2つ目の取組の字下げ",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n - text: 案内を出す\n---\n",
    ),
    (
        "括弧の中に番号",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - { text: 会場を選ぶ #1, sections: [企画課] }\n---\n",
    ),
    (
        "誤りが3つ",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar：trust\n更新日: 令和8年6月31日\n取り組み:\n  - text: \"会場を選ぶ\n---\n",
    ),
    (
        "評価を丸で書いた",
        "-- content/2025/planning/1-01.result.md --\n---\nevaluation: ○\nactions:\n  - { result: 3回開いた, actual: 3 }\n---\n",
    ),
    (
        "年度の付いたフォルダー",
        "-- content/2026年度/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "日付を月日と西暦の下2桁で書いた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nupdated: 8/6/25\nactions: []\n---\n",
    ),
    (
        "日付が表計算ソフトの通し番号",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nupdated: 46198\nactions: []\n---\n",
    ),
    (
        "Wordが変えた区切り",
        "-- content/2026/planning/1-02.md --\n—\ntitle: 見学会を開く\npillar: trust\nactions: []\n—\n市民の声を聞きます。\n",
    ),
    (
        "項目の名前をWordの引用符で囲んだ",
        "-- content/2026/planning/1-02.md --\n---\n“title”: 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "コロンの後が全角の空白",
        "-- content/2026/planning/1-02.md --\n---\ntitle:　見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "コロンの代わりにイコール",
        "-- content/2026/planning/1-02.md --\n---\ntitle = 見学会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "取組の-が全角",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  － text: 会場を選ぶ\n  － text: 案内を出す\n---\n",
    ),
    (
        "取組の-の後に空白がない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  -text: 会場を選ぶ\n---\n",
    ),
    (
        "目標値に%",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - { text: 会場を選ぶ, indicator: { name: 満足度, unit: \"%\", target: 80% } }\n---\n",
    ),
    (
        "Windowsの場所から貼った画像",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n![会場の外観](C:\\Users\\suzuki\\Pictures\\会場.png)\n",
    ),
    (
        "本文にExcelから貼った表",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n使う会場は次のとおりです。\n\n会場\t定員\t備考\n大ホール\t300人\t要予約\n",
    ),
    (
        "表の横線の行がない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n使う会場は次のとおりです。\n｜会場｜定員｜\n｜大ホール｜300人｜\n",
    ),
    (
        "Wordの結合したセル",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n<table><tr><td rowspan=\"2\">市民会館</td><td>大ホール</td></tr><tr><td>小ホール</td></tr></table>\n",
    ),
    (
        "Macの濁点が分かれた課の名前",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - { text: 会場を選ぶ, sections: [き\u{3099}し\u{3099}ゅつ課] }\n---\n-- content/departments/planning.md --\n---\nname: 企画部\norder: 1\nyears: [2020]\nsections: [企画課, 財政課, ぎじゅつ課]\n---\n",
    ),
    (
        "実績を今年のフォルダーに置いた",
        "-- content/2026/planning/1-02.result.md --\n---\nevaluation: on-plan\nactions:\n  - { result: 3回開いた }\n---\n-- content/2025/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n---\n",
    ),
    (
        "実績の名前に年度",
        "-- content/2025/planning/1-01.2025.md --\n---\nevaluation: on-plan\nactions:\n  - { result: 3回開いた, actual: 3 }\n---\n",
    ),
    (
        "実績の名前が日本語",
        "-- content/2025/planning/1-01.実績.md --\n---\nevaluation: on-plan\nactions:\n  - { result: 3回開いた, actual: 3 }\n---\n",
    ),
    (
        "実績値に約",
        "-- content/2025/planning/1-01.result.md --\n---\nevaluation: on-plan\nactions:\n  - { result: 約3回開いた, actual: 約3 }\n---\n",
    ),
    (
        "実績値が横線",
        "-- content/2025/planning/1-01.result.md --\n---\nevaluation: on-plan\nactions:\n  - { result: 開かなかった, actual: － }\n---\n",
    ),
    (
        "1つのファイルに目標が2つ",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n市民の声を聞きます。\n\n---\ntitle: 説明会を開く\npillar: trust\nactions: []\n---\n",
    ),
    (
        "全体をコードとして貼った",
        "-- content/2026/planning/1-02.md --\n```yaml\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n```\n",
    ),
    (
        "鍵括弧で並べた課",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    sections: ［企画課、財政課］\n---\n",
    ),
    (
        "見出しの#の後に空白がない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n##背景\n市民の声を聞きます。\n",
    ),
    (
        "見出しが全角の#",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n＃　背景\n\n市民の声を聞きます。\n",
    ),
    (
        "本文を中点で並べた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n次のことを行います。\n・会場を選ぶ\n・案内を出す\n",
    ),
    (
        "本文を丸数字で並べた",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n①会場を選ぶ\n②案内を出す\n",
    ),
    (
        "リンクの括弧が全角",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n[前の年の目標]（../../2025/planning/1-01.md）を続けます。\n",
    ),
    (
        "ふりがなの記号が全角",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n｛避難｜ひなん｝の所を見ます。\n",
    ),
    (
        "ふりがなが閉じていない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n{避難|ひなんの所を見ます。\n",
    ),
    (
        "太字の内側に空白",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n市民の声を** 必ず **聞きます。\n",
    ),
    (
        "表の行のセルが見出しより多い",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n| 会場 | 6月 |\n| --- | --- |\n| 北会館 | 10人 | 12人 |\n",
    ),
    (
        "終わりの---がなく見出しが続く",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n\n## 背景\n\n- 会場を選ぶ\n\n見学会は6回開きます。\n",
    ),
    (
        "脚注の番号が本文にない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n見学会は6回開きます。\n\n[^1]: 北会館と南会館です。\n",
    ),
    (
        "脚注の文がない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n見学会は6回開きます[^1]。\n",
    ),
    (
        "行の始めが［注］とコロン",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n[参考]: 令和5年度は4回\n",
    ),
    (
        "段落の始めに空白が4つ",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n    見学会は6回開きます。\n",
    ),
    (
        "区切りの線の前に空の行がない",
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n見学会は6回開きます。\n---\n北会館からです。\n",
    ),
    (
        "語の値の書き間違い",
        "-- site.yaml --\ntitle: 青葉市\ntheme: aoba\norganization: { name: 青葉市 }\nscale:\n  - { key: on-plan, label: 計画通り }\ncolumns:\n  - { key: ordinance, label: 条例, on: action, type: articles }\n-- themes/aoba/theme.yaml --\ncontract: 1\n-- themes/aoba/words/ja.yaml --\nn_goals: 約束{件数}件\nyear_heading: ｛a｝の約束\nskip: 本文{a}へ\nskip: 本文へ\n",
    ),
    (
        "語が波括弧で始まる",
        "-- site.yaml --\ntitle: 青葉市\ntheme: aoba\norganization: { name: 青葉市 }\nscale:\n  - { key: on-plan, label: 計画通り }\ncolumns:\n  - { key: ordinance, label: 条例, on: action, type: articles }\n-- themes/aoba/theme.yaml --\ncontract: 1\n-- themes/aoba/words/ja.yaml --\nyear_heading: {a}の約束\n",
    ),
    (
        "テンプレートの語の書き間違い",
        "-- site.yaml --\ntitle: 青葉市\ntheme: aoba\norganization: { name: 青葉市 }\nscale:\n  - { key: on-plan, label: 計画通り }\ncolumns:\n  - { key: ordinance, label: 条例, on: action, type: articles }\n-- themes/aoba/theme.yaml --\ncontract: 1\n-- themes/aoba/templates/screen/text.html --\n<nav aria-label=\"{{ w.main_navi }}\">{% if w.hoome %}x{% endif %}</nav>\n",
    ),
    (
        "テンプレートの繰り返しの終わりがない",
        "-- site.yaml --\ntitle: 青葉市\ntheme: aoba\norganization: { name: 青葉市 }\nscale:\n  - { key: on-plan, label: 計画通り }\ncolumns:\n  - { key: ordinance, label: 条例, on: action, type: articles }\n-- themes/aoba/theme.yaml --\ncontract: 1\n-- themes/aoba/templates/screen/text.html --\n{% block content %}\n{% for link in page.nav %}<a href=\"{{ link.href }}\">{{ link.title }}</a>\n{% endblock %}\n",
    ),
    (
        "テンプレートの条件の終わりがない",
        "-- site.yaml --\ntitle: 青葉市\ntheme: aoba\norganization: { name: 青葉市 }\nscale:\n  - { key: on-plan, label: 計画通り }\ncolumns:\n  - { key: ordinance, label: 条例, on: action, type: articles }\n-- themes/aoba/theme.yaml --\ncontract: 1\n-- themes/aoba/templates/screen/text.html --\n{% if page.updated %}<p>更新日 {{ page.updated }}</p>\n",
    ),
    (
        "テンプレートの命令の書き間違い",
        "-- site.yaml --\ntitle: 青葉市\ntheme: aoba\norganization: { name: 青葉市 }\nscale:\n  - { key: on-plan, label: 計画通り }\ncolumns:\n  - { key: ordinance, label: 条例, on: action, type: articles }\n-- themes/aoba/theme.yaml --\ncontract: 1\n-- themes/aoba/templates/screen/text.html --\n{% fro link in page.nav %}{{ link.title }}{% endfor %}\n",
    ),
    (
        "テンプレートの名前の書き間違い",
        "-- site.yaml --\ntitle: 青葉市\ntheme: aoba\norganization: { name: 青葉市 }\nscale:\n  - { key: on-plan, label: 計画通り }\ncolumns:\n  - { key: ordinance, label: 条例, on: action, type: articles }\n-- themes/aoba/theme.yaml --\ncontract: 1\n-- themes/aoba/templates/screen/text.html --\n<p>市民の声 {{ page.title | fil(a=page.title) }}{{ now() }}</p>\n{% include \"partials/contakt.html\" %}\n-- themes/aoba/templates/screen/home.html --\n{% extends \"default/screen/bass.html\" %}\n-- themes/aoba/templates/screen/goal.html --\n{% extends \"screen/base.html\" %}\n{% block contnt %}{% endblock %}\n",
    ),
    (
        "テンプレートの波括弧が閉じていない",
        "-- site.yaml --\ntitle: 青葉市\ntheme: aoba\norganization: { name: 青葉市 }\nscale:\n  - { key: on-plan, label: 計画通り }\ncolumns:\n  - { key: ordinance, label: 条例, on: action, type: articles }\n-- themes/aoba/theme.yaml --\ncontract: 1\n-- themes/aoba/templates/screen/text.html --\n<p>{{ page.title </p>\n",
    ),
];

/// What the author reads: findings, then the count.
fn told(all: std::collections::BTreeMap<String, Vec<u8>>) -> String {
    let sources = Sources::from_memory(all.clone());
    let Checked { diagnostics, .. } = prepare(Sources::from_memory(all));
    let style = human::Style { color: false, language: Language::Japanese };
    let tally = human::Tally::of(&diagnostics);
    let fixable = tally.fixable(Language::Japanese).map(|sentence| sentence + "\n").unwrap_or_default();
    format!("{}{}\n{fixable}", human::human(&diagnostics, &sources, style), tally.line(Language::Japanese))
}

fn cases() -> Vec<(String, std::collections::BTreeMap<String, Vec<u8>>)> {
    let mut cases = Vec::new();
    for (name, more) in MISTAKES {
        let mut all = files(CITY);
        all.extend(files(more));
        cases.push(((*name).to_owned(), all));
    }
    let goal = "---\r\ntitle: 見学会を開く\r\npillar: trust\r\nactions: []\r\n---\r\n㈱青葉と行います。\r\n";
    let encoded = [
        ("ANSIで保存した", encoding_rs::SHIFT_JIS.encode(goal).0.into_owned()),
        ("Unicodeで保存した", [0xFF, 0xFE].into_iter().chain(goal.encode_utf16().flat_map(u16::to_le_bytes)).collect()),
    ];
    for (name, bytes) in encoded {
        let mut all = files(CITY);
        all.insert("content/2026/planning/1-02.md".into(), bytes);
        cases.push((name.into(), all));
    }
    cases
}

#[test]
fn authors_of_mistakes_are_told_how_to_mend_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/mistakes");
    let mut names = BTreeSet::new();
    let mut differing = Vec::new();
    let cases = cases();
    assert!(cases.len() >= 50);
    for (name, all) in cases {
        let text = told(all);
        if !text.contains("直し方: ") {
            differing.push(format!("{name}: nobody is told what to do\n{text}"));
        }
        let path = folder.join(format!("{name}.txt"));
        if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(&path, &text).expect("written");
        }
        if fs::read_to_string(&path).unwrap_or_default() != text {
            differing.push(format!("{}:\n{text}", path.display()));
        }
        names.insert(format!("{name}.txt"));
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    let there: BTreeSet<String> = fs::read_dir(&folder)
        .expect("the folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(there, names, "tests/golden/mistakes has other cases than this test");
}
