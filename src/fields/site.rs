//! The fields of `site.yaml`, and of a theme's `theme.yaml`.

use super::documents::contact;
use super::{
    Choice, Choices, Decimal, Field, Flag, Form, Key, Many, Map, NameOrMap, Names, Needed, Nested, Pairs, Range, Rules,
    Said, Text, Word, Words, YearRange, exception, map,
};
use crate::diagnostic::Severity;
use crate::diagnostic::policy;
use crate::text::language::Language;
use crate::value::booklet::{Kind, Paper, Size};
use crate::value::calendar::NamedBy;
use crate::value::choice::{ColumnKind, ColumnOn, Role, Shape};

/// The settings of a site.
pub const SITE: &[&Map] = &[&settings::MAP];
/// The settings of a theme.
pub const THEME: &[&Map] = &[&theme::MAP];

/// How bad findings are.
const LEVELS: &[(&str, &str, policy::Level)] = &[
    ("error", "エラー", policy::Level::Shown(Severity::Error)),
    ("warning", "警告", policy::Level::Shown(Severity::Warning)),
    ("hint", "ヒント", policy::Level::Shown(Severity::Hint)),
    ("off", "なし", policy::Level::Off),
];

map! {
    /// `site.yaml`
    mod settings = "settings", "サイトの設定", "settings of the site";
    home "サイトの設定です。site.yaml に書きます。", "it belongs into site.yaml";
    TITLE: Text = Text::read(Form::Name), "title" / "題名", Always,
        "サイトの名前", "name of the site";
    DESCRIPTION: Text = Text::read(Form::Summary), "description" / "説明", Never,
        "検索サイトのための1、2文", "for search engines";
    BASE_URL: Word = Word(Names::Folder), "base_url" / "公開先", Never,
        "正規の住所、`sitemap.xml`、404 のページにだけ使う",
        "the folder's address, only for canonical links, the XML sitemap and the 404 page";
    LANGUAGE: Choice<Language> = Choice(&[("ja", "日本語", Language::Japanese), ("en", "英語", Language::English)]),
        "language" / "言語", Never,
        "画面の言葉、日付と数の形。書かなければ `ja`", "language of the interface, its words, dates and figures";
    THEME: Word = Word(Names::Theme), "theme" / "テーマ", Never,
        "見た目。書かなければ `default`", "theme";
    ORGANIZATION: Nested = Nested(&organization::MAP), "organization" / "団体", Always,
        "だれが公表するか", "who publishes";
    CONTACT: Nested = Nested(&contact::MAP), "contact" / "問い合わせ先", Never,
        "サイトの連絡先", "whom to ask";
    CALENDAR: Nested = Nested(&calendar::MAP), "calendar" / "年度", Never,
        "年度の数え方", "fiscal years";
    NOTICE: Text = Text::read(Form::Lines), "notice" / "お知らせ", Never,
        "全ページに出す", "shown on every page";
    FEEDBACK_URL: Word = Word(Names::Address), "feedback_url" / "感想の宛先", Never,
        "「分かりやすかったですか」のリンク", "link for feedback";
    PILLARS: Nested = Nested(&pillars::MAP), "pillars" / "柱", Never,
        "柱の階層", "tiers of pillars";
    SCALE: Many = Many(&[&level::MAP, &scale::MAP]), "scale" / "尺度", Never,
        "評価の段階。空でもよい", "levels of evaluation";
    COLUMNS: Many = Many(&[&column::MAP]), "columns" / "列", Never,
        "市だけの列", "the city's own columns";
    TERMS: Nested = Nested(&terms::MAP), "terms" / "用語", Never,
        "ページと冊子での、ものの呼び方", "what things are called on pages and in booklets";
    INDICATOR_KINDS: Many = Many(&[&indicator_kind::MAP]), "indicator_kinds" / "指標の種別", Never,
        "活動指標、成果指標など。指標の名前の前に示す", "kinds of indicators, shown before their names";
    CHECKS: Rules = Rules, "checks" / "確認", Never,
        "規則の重さ", "how bad findings are";
    EXCEPTIONS: Many = Many(&[&file_exception::MAP]), "exceptions" / "例外", Never,
        "見逃す指摘と、その理由", "what is excused, and why";
    PDF: Nested = Nested(&pdf::MAP), "pdf" / "印刷用PDF", Never,
        "ページに置く冊子", "booklets on the pages";
    ATTACHMENTS: Nested = Nested(&attachments::MAP), "attachments" / "添付", Never,
        "決まった種類のほかに認める添付", "attachments beyond the usual kinds";
    MINIFY: Choice<bool> = Choice(&[("full", "すべて", true), ("none", "なし", false)]), "minify" / "圧縮", Never,
        "HTML を縮める。書かなければ `none`。`full` は、その機能を入れた kohyo だけ",
        "smaller HTML; `full` needs a kohyo built with `--features minify`";
}

map! {
    /// Who publishes.
    mod organization = "organization", "団体", "organization";
    home "団体の項目です。site.yaml の organization（団体）の中に書きます。", "it belongs into `organization` of site.yaml";
    NAME: Text = Text::read(Form::Name), "name" / "名称", Always,
        "団体の名前", "its name";
    CODE: Word = Word(Names::Code), "code" / "団体コード", Never,
        "検査数字を確かめます", "code of a Japanese local government; its check digit is checked";
}

map! {
    /// How years are counted.
    mod calendar = "calendar", "年度の数え方", "calendar";
    home "年度の数え方の項目です。site.yaml の calendar（年度）の中に書きます。", "it belongs into `calendar` of site.yaml";
    YEAR_STARTS: Range = Range(1, 12), "year_starts" / "始まる月", Never,
        "年度の始まる月。書かなければ4", "month in which the year starts";
    NAMED_BY: Choice<NamedBy> = Choice(&[("start", "始まる年", NamedBy::Start), ("end", "終わる年", NamedBy::End)]),
        "named_by" / "呼び方", Never,
        "どちらの年で呼ぶか（2026年4月からの年度は、`end` なら令和9年度・2027年度）。書かなければ `start`",
        "which year names it";
    ERA: Choice<bool> = Choice(&[("japanese", "和暦", true), ("none", "なし", false)]), "era" / "元号", Never,
        "元号を使うか。書かなければ、日本語のサイトでは使う", "era names";
    TIME_ZONE: Word = Word(Names::Zone), "time_zone" / "タイムゾーン", Never,
        "どこの日付で「今日」を決めるか。書かなければ、日本語のサイトは日本（`Asia/Tokyo`）、ほかは作る機械の設定。時計が UTC のサーバーで作っても、その土地の日付で公表します",
        "where it is “today”: decides on which day something is published, wherever the site is built. Japanese sites: `Asia/Tokyo`; others: the zone of the machine";
    RESULTS: Range = Range(1, 12), "results" / "実績の公表月", Never,
        "実績を公表する月。実績のないところに「令和9年6月に公表する予定」と示す",
        "month in which results are expected";
}

map! {
    /// Tiers of pillars.
    mod pillars = "pillars", "柱の階層", "tiers of pillars";
    home "柱の階層の項目です。site.yaml の pillars（柱）の中に書きます。", "it belongs into `pillars` of site.yaml";
    TIERS: Words = Words(Names::Text), "tiers" / "階層", Never,
        "階層の呼び名。上から順に（例 `[政策, 施策, 基本事業]`）", "what the tiers are called, from the top";
}

map! {
    /// One level of a scale.
    mod level = "level", "段階", "level";
    home "段階の項目です。site.yaml の scale（尺度）の「- 」の下に書きます。", "it belongs into a level, below `- ` under `scale` of site.yaml";
    KEY: Word = Word(Names::Key), "key" / "記号", Always,
        "実績に書く名前", "as written in results";
    LABEL: Text = Text::read(Form::Name), "label" / "表示名", Never,
        "ページに示す名前。書かなければ `key`", "as shown";
    SHAPE: Choice<Shape> = Choice(Shape::CHOICES), "shape" / "形", Never,
        "色のほかに示す印。書かなければなし", "mark beside the word";
    COLOR: Choice<Role> = Choice(Role::CHOICES), "color" / "色", Never,
        "色の役割。書かなければ中立", "role of its colour";
    NEEDS: Choice<bool> = Choice(&[("reason", "理由", true)]), "needs" / "必要なもの", Never,
        "理由を必ず書く段階。届かなかった目標として数える", "needs a reason; counts as fallen short";
}

map! {
    /// A scale that holds in certain years.
    mod scale = "scale", "年度によって違う段階", "scale of certain years";
    home "年度によって違う段階の項目です。site.yaml の scale（尺度）の「- 」の下に書きます。",
        "it belongs into a scale of certain years, below `- ` under `scale` of site.yaml";
    YEARS: YearRange = YearRange, "years" / "年度の範囲", Never,
        "その段階を使う年度", "when it holds";
    LEVELS: Many = Many(&[&level::MAP]), "levels" / "段階", Always,
        "段階のリスト", "its levels";
}

map! {
    /// A kind of indicators.
    mod indicator_kind = "indicator_kind", "指標の種別", "kind of indicators";
    home "指標の種別の項目です。site.yaml の indicator_kinds（指標の種別）の「- 」の下に書きます。",
        "it belongs below `- ` under `indicator_kinds` of site.yaml";
    KEY: Word = Word(Names::Key), "key" / "記号", Always,
        "指標に書く名前", "as written in indicators";
    LABEL: Text = Text::read(Form::Name), "label" / "表示名", Always,
        "ページに出る言葉", "as shown";
}

map! {
    /// A column of the city's own.
    mod column = "column", "列", "column";
    home "列の項目です。site.yaml の columns（列）の「- 」の下に書きます。", "it belongs into a column, below `- ` under `columns` of site.yaml";
    KEY: Word = Word(Names::Key), "key" / "記号", Always,
        "目標に書く名前", "as written in goals";
    LABEL: Text = Text::read(Form::Name), "label" / "表示名", Always,
        "ページに示す名前。目標にも書ける", "as shown; may be written in goals too";
    ON: Choice<ColumnOn> = Choice(ColumnOn::CHOICES), "on" / "場所", Never,
        "どこに書くか。書かなければ取組", "on actions, on goals or on results; on actions if absent";
    TYPE: Choice<ColumnKind> = Choice(ColumnKind::CHOICES), "type" / "種類", Never,
        "何を書くか。`articles` は、数字を「第29条」の形で示す。書かなければ文字", "what it holds; `articles` shows a number as \"Art. 29\"; text if absent";
    UNIT: Text = Text::read(Form::Name), "unit" / "単位", Never,
        "金額と数の単位（`千円` など）", "unit of amounts and numbers";
    TOTAL: Flag = Flag, "total" / "合計", Never,
        "部局、柱、年度ごとに、正確に合計する（金額と数）", "added up, exactly, for each department, pillar and year (amounts and numbers)";
    PARTS: Words = Words(Names::Text), "parts" / "内訳", Never,
        "内訳の名前（`国庫支出金`、`一般財源` など）。値を内訳ごとに書ける（金額と数）", "names of parts, such as sources of funds: a value can be written part by part (amounts and numbers)";
    CHOICES: Words = Words(Names::Text), "choices" / "選択肢", Never,
        "`type: choice` で選べる言葉", "words to choose from, with `type: choice`";
    YEARS: YearRange = YearRange, "years" / "年度の範囲", Never,
        "示す年度。書かなければいつも", "years in which it is shown";
}

map! {
    /// What the city calls things.
    mod terms = "terms", "用語", "terms";
    home "用語の項目です。site.yaml の terms（用語）の中に書きます。", "it belongs into `terms` of site.yaml";
    RECORD: NameOrMap = NameOrMap(&forms::MAP), "record" / "公表するもの", Never,
        "年度の目標の全体。書かなければ「組織重点目標」", "the goals of a year as a whole; `goals` if absent";
    RESULTS: NameOrMap = NameOrMap(&forms::MAP), "results" / "実績", Never,
        "実績。書かなければ「実績」、題名では「組織重点目標実績」", "what came of them; `results` if absent";
    GOAL: NameOrMap = NameOrMap(&forms::MAP), "goal" / "目標", Never,
        "目標。書かなければ「目標」", "a goal; `goal` if absent";
    ACTION: NameOrMap = NameOrMap(&forms::MAP), "action" / "取組", Never,
        "取組。書かなければ「取組」、表では「取組内容」", "a row of a goal; `action` if absent";
    PILLAR: NameOrMap = NameOrMap(&forms::MAP), "pillar" / "柱", Never,
        "柱。書かなければ「柱」", "what goals are set under; `priority` if absent";
    DEPARTMENT: NameOrMap = NameOrMap(&forms::MAP), "department" / "部局", Never,
        "部局。書かなければ「部局」", "who sets them; `department` if absent";
    SECTION: NameOrMap = NameOrMap(&forms::MAP), "section" / "課等", Never,
        "課等。書かなければ「課等」", "a part of a department; `section` if absent";
}

map! {
    /// The forms of a term.
    mod forms = "forms", "単数と複数の項目", "forms of a term";
    home "用語の形です。site.yaml の terms（用語）の、1つの用語の中に書きます。", "it belongs to one of the `terms` of site.yaml";
    ONE: Text = Text::read(Form::Name), "one" / "単数", Always,
        "1つのときの言葉", "said of one";
    MANY: Text = Text::read(Form::Name), "many" / "複数", Always,
        "いくつかのときの言葉", "said of several, and of none";
}

map! {
    /// Booklets.
    mod pdf = "pdf", "印刷用PDF", "booklets";
    home "印刷用PDFの項目です。site.yaml の pdf（印刷用PDF）の中に書きます。", "it belongs into `pdf` of site.yaml";
    PAGES: Choices<Kind> = Choices(Kind::CHOICES), "pages" / "ページ", Never,
        "冊子を置くページ。書かなければ置かない", "pages that get booklets";
    SIZES: Choices<Size> = Choices(Size::CHOICES), "sizes" / "文字の大きさ", Never,
        "ポイント。書かなければ12と22", "sizes of letters in points";
    YEARS: YearRange = YearRange, "years" / "年度の範囲", Never,
        "冊子を置く年度。書かなければすべて", "years that get booklets";
    PAPER: Choice<Paper> = Choice(Paper::CHOICES), "paper" / "用紙", Never,
        "書かなければ `a4`", "paper";
    FONTS: Words = Words(Names::Font), "fonts" / "書体", Never,
        "標準の書体にない文字のため", "for characters that the built-in fonts lack";
}

map! {
    /// Attachments beyond those that every record has.
    mod attachments = "attachments", "添付", "attachments";
    home "添付の項目です。site.yaml の attachments（添付）の中に書きます。", "it belongs into `attachments` of site.yaml";
    ALLOW: Words = Words(Names::Ending), "allow" / "認める形式", Never,
        "認める種類。中身は確かめません", "endings; their content is not looked at";
    FILES: Words = Words(Names::Path), "files" / "認めるファイル", Never,
        "認めるファイル", "single files";
    REASON: Word = Word(Names::Reason), "reason" / "理由", Always,
        "なぜ要るか", "why";
}

map! {
    /// An exception in `site.yaml`.
    mod file_exception = "file_exception", "例外", "exception"; parts exception::MAP;
    home "例外の項目です。site.yaml の exceptions（例外）の「- 」の下に書きます。", "it belongs into an exception of site.yaml, below `- ` under `exceptions`";
    FILE: Word = Word(Names::Paths), "file" / "ファイル", Never,
        "このファイルかフォルダーの中だけを見逃す（`*` は何文字でも）", "only in files whose path fits; `*` stands for anything, a folder for all that is in it";
}

map! {
    /// What a rule or a group of rules is told.
    mod check = "check", "確認", "checks";
    home "規則の項目です。site.yaml の checks（確認）の、規則の中に書きます。", "it belongs to a rule under `checks` of site.yaml";
    LEVEL: Choice<policy::Level> = Choice(LEVELS), "level" / "重さ", Never,
        "重さ。書かなければ、規則ごとの重さ", "how bad findings are";
}

map! {
    /// What the rules about Japanese are told.
    mod check_japanese = "check_japanese", "日本語の規則", "rules about Japanese"; parts check::MAP;
    home "日本語の規則（japanese）の項目です。", "it belongs to `japanese` under `checks`";
    NAMES: Words = Words(Names::Text), "names" / "固有名詞", Never,
        "この中の文字は指摘しない", "proper names: what stands in them is not told";
}

map! {
    /// What `avoided-word` is told.
    mod check_words = "check_words", "使わない言葉", "avoided words"; parts check::MAP;
    home "規則 avoided-word の項目です。", "it belongs to `avoided-word` under `checks`";
    WORDS: Pairs = Pairs, "words" / "言葉", Never,
        "使わない言葉と、言い換え", "words that are not used, and what is written instead";
}

map! {
    /// What `long-sentence` is told.
    mod check_sentence = "check_sentence", "長い文", "long sentences"; parts check::MAP;
    home "規則 long-sentence の項目です。", "it belongs to `long-sentence` under `checks`";
    MOST: Range = Range(20, 1000), "most" / "上限", Never,
        "1つの文の上限（字）。書かなければ120", "characters of the longest sentence";
}

map! {
    /// What `large-attachment` is told.
    mod check_size = "check_size", "大きい添付", "large attachments"; parts check::MAP;
    home "規則 large-attachment の項目です。", "it belongs to `large-attachment` under `checks`";
    MOST: Decimal = Decimal, "most" / "上限", Never,
        "添付の上限（メガバイト）。書かなければ10", "megabytes of the largest attachment";
}

map! {
    /// `theme.yaml`
    mod theme = "theme", "テーマの設定", "settings of a theme";
    home "テーマの設定です。theme.yaml に書きます。", "it belongs into theme.yaml";
    CONTRACT: Range = Range(1, 1000), "contract" / "contract", Always,
        "テーマが合わせた約束の版", "version of the contract that it was made for";
    EXTENDS: Word = Word(Names::Theme), "extends" / "extends", Never,
        "もとにするテーマ", "the theme below it";
    DESCRIPTION: Text = Text::shown(Form::Summary), "description" / "description", Never,
        "テーマの説明", "what it is";
}
