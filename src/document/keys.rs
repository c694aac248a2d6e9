//! The names of the fields of documents, in both languages.

use crate::yaml::Key;

macro_rules! keys {
    ($($name:ident $en:literal $ja:literal)*) => {
        $(#[doc = $ja] pub const $name: Key = Key::new($en, $ja);)*
        const ALL: &[Key] = &[$($name),*];
    };
}
keys! {
    TITLE "title" "組織目標"
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
    SECTIONS "sections" "課等"
    CONTACT "contact" "問い合わせ先"
    PILLAR "pillar" "柱"
    ACTIONS "actions" "取組"
    CONTINUES "continues" "継続元"
    TEXT "text" "取組内容"
    CRITERION "criterion" "目標達成基準"
    INDICATOR "indicator" "指標"
    UNIT "unit" "単位"
    DIRECTION "direction" "方向"
    BASELINE "baseline" "基準値"
    TARGET "target" "目標値"
    REVISED_TARGET "revised_target" "修正目標値"
    RESULT "result" "実績・成果"
    ACTUAL "actual" "実績値"
    EVALUATION "evaluation" "評価"
    REASON "reason" "理由"
    CORRECTIONS "corrections" "訂正"
    DATE "date" "日付"
    ITEM "item" "項目"
    WAS "was" "訂正前"
    NOW "now" "訂正後"
    WHY "why" "理由"
}

fn has(keys: &[Key], name: &str) -> bool {
    keys.iter().any(|key| key.en == name || key.ja == name)
}

/// Whether a field is called like this in some document.
pub fn is_known(name: &str) -> bool {
    has(ALL, name)
}

/// Whether the field of this name is a sentence or a name in every document: there, all that is written is text.
pub fn is_text(name: &str) -> bool {
    const TEXTS: &[Key] = &[
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
    ];
    has(TEXTS, name)
}
