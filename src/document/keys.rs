//! The names of the fields of documents, in both languages.

use crate::yaml::{Key, Vocabulary};

/// Where a key belongs, said to whoever writes it elsewhere.
type Home = (&'static str, &'static str);

const GOAL_FILE: Home = ("目標の項目です。目標のファイルに書きます。", "it belongs into the goal's own file");
const ACTION_ENTRY: Home = (
    "取組の項目です。actions（取組）の「- 」の下に書きます。",
    "it belongs into an action, below `- ` under `actions`",
);
const INDICATOR_ENTRY: Home = (
    "指標の項目です。indicator（指標）の中に書きます（例 indicator: { unit: 回, target: 3 }）。",
    "it belongs into the indicator: indicator: { unit: times, target: 3 }",
);
const RESULT_FILE: Home = (
    "実績の項目です。目標と同じ名前の .result.md のファイルに書きます。",
    "it belongs into the result: the file of the same name that ends in .result.md",
);

macro_rules! keys {
    ($($name:ident $en:literal $ja:literal $(=> $home:ident)?)*) => {
        $(#[doc = $ja] pub const $name: Key = Key::new($en, $ja)$(.at_home($home))?;)*
        const ALL: &[Key] = &[$($name),*];
    };
}

keys! {
    TITLE "title" "組織目標" => GOAL_FILE
    PAGE_TITLE "title" "題名"
    DESCRIPTION "description" "説明"
    PAGE_ID "page_id" "ページID"
    HEAD "head" "部局長"
    MENU "menu" "案内に出す"
    ORDER "order" "順番"
    UPDATED "updated" "更新日"
    PUBLISH_AT "publish_at" "公表日"
    DRAFT "draft" "下書き"
    SAMPLE "sample" "見本"
    NUMBER "number" "番号"
    NAME "name" "名称"
    SHORT "short" "略称"
    YEARS "years" "年度"
    READING "reading" "読み"
    BECOMES "becomes" "引き継ぎ先"
    SECTIONS "sections" "課等" => ACTION_ENTRY
    CONTACT "contact" "問い合わせ先"
    PILLAR "pillar" "柱" => GOAL_FILE
    ACTIONS "actions" "取組"
    CONTINUES "continues" "継続元" => GOAL_FILE
    TEXT "text" "取組内容" => ACTION_ENTRY
    CRITERION "criterion" "目標達成基準" => ACTION_ENTRY
    INDICATOR "indicator" "指標" => ACTION_ENTRY
    UNIT "unit" "単位" => INDICATOR_ENTRY
    DIRECTION "direction" "方向" => INDICATOR_ENTRY
    BASELINE "baseline" "基準値" => INDICATOR_ENTRY
    TARGET "target" "目標値" => INDICATOR_ENTRY
    REVISED_TARGET "revised_target" "修正目標値" => INDICATOR_ENTRY
    RESULT "result" "実績・成果" => RESULT_FILE
    ACTUAL "actual" "実績値" => RESULT_FILE
    EVALUATION "evaluation" "評価" => RESULT_FILE
    REASON "reason" "理由" => RESULT_FILE
    CORRECTIONS "corrections" "訂正" => RESULT_FILE
    DATE "date" "日付"
    ITEM "item" "項目"
    WAS "was" "訂正前"
    NOW "now" "訂正後"
    WHY "why" "理由"
}

/// All of them, and those whose value is a sentence or a name in every document.
pub const VOCABULARY: Vocabulary = Vocabulary {
    keys: ALL,
    texts: &[
        TITLE,
        PAGE_TITLE,
        DESCRIPTION,
        HEAD,
        NAME,
        SHORT,
        TEXT,
        CRITERION,
        UNIT,
        RESULT,
        REASON,
        ITEM,
        WAS,
        NOW,
        WHY,
    ],
};
