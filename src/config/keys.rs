//! The names of the fields of `site.yaml`, in both languages.

use crate::yaml::{Key, Vocabulary};

macro_rules! keys {
    ($($name:ident $en:literal $ja:literal)*) => {
        $(#[doc = $ja] pub const $name: Key = Key::new($en, $ja);)*
        const ALL: &[Key] = &[$($name),*];
    };
}

keys! {
    TITLE "title" "題名"
    DESCRIPTION "description" "説明"
    BASE_URL "base_url" "公開先"
    LANGUAGE "language" "言語"
    THEME "theme" "テーマ"
    ORGANIZATION "organization" "団体"
    NAME "name" "名称"
    CODE "code" "団体コード"
    CONTACT "contact" "問い合わせ先"
    CALENDAR "calendar" "年度"
    YEAR_STARTS "year_starts" "始まる月"
    NAMED_BY "named_by" "呼び方"
    ERA "era" "元号"
    TIME_ZONE "time_zone" "タイムゾーン"
    RESULTS "results" "実績の公表月"
    NOTICE "notice" "お知らせ"
    FEEDBACK_URL "feedback_url" "感想の宛先"
    SCALE "scale" "尺度"
    LEVELS "levels" "段階"
    YEARS "years" "年度の範囲"
    KEY "key" "記号"
    LABEL "label" "表示名"
    SHAPE "shape" "形"
    COLOR "color" "色"
    NEEDS "needs" "必要なもの"
    COLUMNS "columns" "列"
    ON "on" "場所"
    TYPE "type" "種類"
    PDF "pdf" "印刷用PDF"
    PAGES "pages" "ページ"
    SIZES "sizes" "文字の大きさ"
    PAPER "paper" "用紙"
    FONTS "fonts" "書体"
    MINIFY "minify" "圧縮"
    OFFICE "office" "担当"
    POSTAL_CODE "postal_code" "郵便番号"
    ADDRESS "address" "住所"
    TELEPHONE "telephone" "電話"
    FAX "fax" "ファクス"
    EMAIL "email" "メール"
    FORM_URL "form_url" "問い合わせフォーム"
    ATTACHMENTS "attachments" "添付"
    ALLOW "allow" "認める形式"
    FILES "files" "認めるファイル"
    REASON "reason" "理由"
}

/// All of them, and those whose value is a sentence or a name wherever they stand.
pub const VOCABULARY: Vocabulary =
    Vocabulary { keys: ALL, texts: &[TITLE, DESCRIPTION, NAME, NOTICE, LABEL, OFFICE, ADDRESS] };
