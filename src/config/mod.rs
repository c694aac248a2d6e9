//! `site.yaml`: the city's name, contact, calendar, scale, columns and look. Total: it never fails, it finds.

mod attachments;
mod base_url;
pub mod checks;
mod contact;
mod terms;
mod zone;

use crate::diagnostic::{Checked, Diagnostic, Rule};
use crate::fields::{
    SITE, Vocabulary, calendar, column, indicator_kind, level, organization, pdf, pillars, scale, settings,
};
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::text::span::{Span, Spanned};
use crate::text::terms::{Own, Term};
use crate::value::booklet::Settings;
use crate::value::calendar::{Calendar, NamedBy, Years};
use crate::value::choice::{ColumnKind, ColumnOn, Role, Shape};
use crate::value::zone::TimeZone;
use crate::yaml::{self, Fields, Node, Scribe, Value, field_findings};
pub use attachments::Attachments;
pub use base_url::{bad_base_url, folder_address};
use checks::Checks;
use contact::url;
pub use contact::{Contact, contact, contact_fields, web_address};
use std::collections::BTreeMap;

/// Everything the city decides once.
#[derive(Clone, Debug)]
pub struct Config {
    /// Name of the site.
    pub title: Box<str>,
    /// One or two sentences for search engines.
    pub description: Option<Box<str>>,
    /// Where the site will be, with a slash at the end; only canonical links and the sitemap need it.
    pub base_url: Option<Box<str>>,
    /// Language of the interface and of the content.
    pub language: Language,
    /// Name of the theme.
    pub theme: Spanned<Box<str>>,
    /// Who publishes.
    pub organization: Organization,
    /// Whom to ask, where a page has no contact of its own.
    pub contact: Contact,
    /// Fiscal years.
    pub calendar: Calendar,
    /// Where it is the day on which the site shows what is public; `None` is wherever it is built.
    pub time_zone: Option<TimeZone>,
    /// Month in which a year's results are published, 1 to 12, in the year after it ended.
    pub results_month: Option<i8>,
    /// Shown on every page.
    pub notice: Option<Box<str>>,
    /// Where citizens say whether a page was clear.
    pub feedback_url: Option<Box<str>>,
    /// What the tiers of pillars are called, from the top; empty where pillars are just pillars.
    pub tiers: Vec<Box<str>>,
    /// The scales of evaluation, by years.
    pub scales: Vec<Scale>,
    /// The city's own columns.
    pub columns: Vec<Column>,
    /// What things are called on pages, where the city has words of its own.
    pub terms: BTreeMap<Term, Own>,
    /// Kinds of indicators.
    pub indicator_kinds: Vec<IndicatorKind>,
    /// How bad findings are, and which are excused.
    pub checks: Checks,
    /// Which files it has beside its documents, beyond those that every record has.
    pub attachments: Attachments,
    /// Which booklets are made.
    pub pdf: Settings,
    /// Whether pages go through minify-html.
    pub minify: bool,
    /// Its own texts that readers of the site will read: where they stand in `site.yaml`.
    pub texts: Vec<Span>,
    /// Those with signs that may mean more than they are.
    pub signs: Vec<yaml::Shown>,
    /// Whether a part could not be read that decides what is right in other files.
    pub is_partial: bool,
}

/// Who publishes.
#[derive(Clone, Debug, Default)]
pub struct Organization {
    /// 刈谷市
    pub name: Box<str>,
    /// 全国地方公共団体コード with its check digit, six digits.
    pub code: Option<Box<str>>,
}

/// The levels of evaluation that hold in certain years.
#[derive(Clone, Debug)]
pub struct Scale {
    /// When; `None` is always.
    pub years: Option<Years>,
    /// Best first, as the city orders them.
    pub levels: Vec<Level>,
}

/// One level of a scale.
#[derive(Clone, Debug)]
pub struct Level {
    /// As written in results.
    pub key: Box<str>,
    /// As shown.
    pub label: Box<str>,
    /// The shape beside the label, so that the level is never told by colour alone.
    pub shape: Shape,
    /// The role of its colour.
    pub color: Role,
    /// Whether results of this level must give a reason.
    pub needs_reason: bool,
}

/// A column the city added.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// As written in goals.
    pub key: Box<str>,
    /// As shown; may be written in goals too.
    pub label: Box<str>,
    /// On goals, on their actions or on their results.
    pub on: ColumnOn,
    /// What it holds.
    pub kind: ColumnKind,
    /// What is counted, where it holds figures.
    pub unit: Option<Box<str>>,
    /// Whether figures are added up.
    pub total: bool,
    /// Names of the parts of a figure.
    pub parts: Vec<Box<str>>,
    /// Words to choose from.
    pub choices: Vec<Box<str>>,
    /// When; `None` is always.
    pub years: Option<Years>,
}

/// A kind of indicators: 活動指標, 成果指標.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorKind {
    /// As written in indicators.
    pub key: Box<str>,
    /// As shown; may be written in indicators too.
    pub label: Box<str>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: "".into(),
            description: None,
            base_url: None,
            language: Language::Japanese,
            theme: Spanned::new("default".into(), Span::default()),
            organization: Organization::default(),
            contact: Contact::default(),
            calendar: Calendar { year_starts: 4, named_by: NamedBy::Start, eras: true, language: Language::Japanese },
            time_zone: zone::usual(Language::Japanese),
            results_month: None,
            notice: None,
            feedback_url: None,
            tiers: Vec::new(),
            scales: Vec::new(),
            columns: Vec::new(),
            terms: BTreeMap::new(),
            indicator_kinds: Vec::new(),
            checks: Checks::default(),
            attachments: Attachments::default(),
            pdf: Settings::default(),
            minify: false,
            texts: Vec::new(),
            signs: Vec::new(),
            is_partial: false,
        }
    }
}

impl Config {
    /// The kind of indicators that is called so: by its key or label.
    pub fn indicator_kind(&self, name: &str) -> Option<&IndicatorKind> {
        self.indicator_kinds.iter().find(|kind| *kind.key == *name || *kind.label == *name)
    }

    /// The levels that hold in a year; empty when the city had no scale then.
    pub fn levels(&self, year: crate::value::calendar::FiscalYear) -> &[Level] {
        self.scales
            .iter()
            .find(|scale| scale.years.is_none_or(|years| years.contains(year)))
            .map_or(&[], |scale| &scale.levels)
    }
}

/// Reads `site.yaml`.
pub fn parse(file: FileId, bytes: &[u8]) -> Checked<Config> {
    let mut scribe = Scribe::new(file, Vocabulary(SITE));
    let mut config = Config::default();
    let Some(text) = yaml::utf8(bytes, &mut scribe) else {
        config.is_partial = true;
        return Checked::new(config, scribe.findings);
    };
    let text_start = text.len() - text.trim_start_matches('\u{feff}').len();
    let node = yaml::parse(&text[text_start..], text_start, &mut scribe);
    // What pages show can be missing without making another document look wrong; all else decides what is right.
    let shown = [
        settings::TITLE.key,
        settings::DESCRIPTION.key,
        settings::NOTICE.key,
        settings::ORGANIZATION.key,
        settings::CONTACT.key,
        settings::FEEDBACK_URL.key,
        settings::TERMS.key,
    ];
    let is_shown = |name: &str| shown.iter().any(|key| key.is_called(name));
    let is_unread = scribe.is_partial || scribe.findings.iter().any(|it| it.rule == Rule::YamlSyntax);
    config.is_partial = match &node {
        Some(node) if matches!(node.value, Value::Map(_) | Value::Null) => {
            is_unread && !(scribe.is_partial && node.broken_keys().all(is_shown))
        }
        Some(_) => true,
        None => is_unread,
    };
    if let Some(node) = node {
        read(&node, &mut config, &mut scribe);
        let comments = checks::comments(text, 0..text.len(), &mut scribe);
        config.checks.exceptions.extend(comments);
    }
    config.texts = std::mem::take(&mut scribe.read);
    config.signs = std::mem::take(&mut scribe.signs);
    Checked::new(config, scribe.findings)
}

fn read(node: &Node<'_>, config: &mut Config, scribe: &mut Scribe) {
    let Some(mut fields) = Fields::open(node, &settings::MAP, scribe) else { return };
    if let Some(title) = fields.text(&settings::TITLE, scribe) {
        config.title = title.value;
    }
    config.description = fields.text(&settings::DESCRIPTION, scribe).map(|text| text.value);
    config.base_url = base_url::base_url(&mut fields, scribe);
    if let Some(language) = fields.choice(&settings::LANGUAGE, scribe) {
        config.language = language;
        config.calendar.language = language;
        config.calendar.eras = language == Language::Japanese;
        config.time_zone = zone::usual(language);
    }
    if let Some(theme) = fields.word(&settings::THEME, scribe) {
        config.theme = theme;
    }
    if let Some(fields) = fields.nested(&settings::ORGANIZATION, scribe) {
        organization(fields, config, scribe);
    }
    if let Some(fields) = fields.nested(&settings::CONTACT, scribe) {
        config.contact = contact(fields, scribe);
    }
    if let Some(fields) = fields.nested(&settings::CALENDAR, scribe) {
        calendar(fields, config, scribe);
    }
    config.notice = fields.text(&settings::NOTICE, scribe).map(|text| text.value);
    config.feedback_url = url(&mut fields, &settings::FEEDBACK_URL, scribe);
    if let Some(mut fields) = fields.nested(&settings::PILLARS, scribe) {
        config.tiers = plain(fields.words(&pillars::TIERS, scribe));
        fields.finish(&[], scribe);
    }
    for node in fields.list(&settings::SCALE, scribe).unwrap_or_default() {
        scale(node, config, scribe);
    }
    for node in fields.list(&settings::COLUMNS, scribe).unwrap_or_default() {
        column(node, config, scribe);
    }
    if let Some(fields) = fields.nested(&settings::TERMS, scribe) {
        config.terms = terms::terms(fields, scribe);
    }
    for node in fields.list(&settings::INDICATOR_KINDS, scribe).unwrap_or_default() {
        config.indicator_kinds.extend(indicator_kind(node, scribe));
    }
    if let Some(fields) = fields.nested(&settings::PDF, scribe) {
        pdf(fields, config, scribe);
    }
    if let Some(fields) = fields.nested(&settings::ATTACHMENTS, scribe) {
        config.attachments = attachments::attachments(fields, scribe);
    }
    config.minify = fields.choice(&settings::MINIFY, scribe).unwrap_or_default();
    if config.minify && cfg!(not(feature = "minify")) {
        scribe.note(missing_feature(scribe.place(fields.at_of(&settings::MINIFY)), Feature::Minify));
    }
    if let Some(node) = fields.take(&settings::CHECKS, scribe) {
        checks::checks(node, &mut config.checks, scribe);
    }
    config.checks.exceptions.extend(checks::exceptions(&mut fields, checks::In::Site, scribe));
    fields.finish(&[], scribe);
}

fn pdf(mut fields: Fields<'_, '_>, config: &mut Config, scribe: &mut Scribe) {
    let settings = &mut config.pdf;
    settings.kinds = fields.choices(&pdf::PAGES, scribe);
    if !settings.kinds.is_empty() && cfg!(not(feature = "pdf")) {
        scribe.note(missing_feature(scribe.place(fields.at_of(&pdf::PAGES)), Feature::Pdf));
    }
    let sizes = fields.choices(&pdf::SIZES, scribe);
    if !sizes.is_empty() {
        settings.sizes = sizes;
    }
    if let Some(paper) = fields.choice(&pdf::PAPER, scribe) {
        settings.paper = paper;
    }
    settings.years = fields.years(&pdf::YEARS, scribe);
    settings.fonts = fields.words(&pdf::FONTS, scribe);
    fields.finish(&[], scribe);
}

fn organization(mut fields: Fields<'_, '_>, config: &mut Config, scribe: &mut Scribe) {
    if let Some(name) = fields.text(&organization::NAME, scribe) {
        config.organization.name = name.value;
    }
    if let Some(code) = fields.word(&organization::CODE, scribe) {
        match check_digit(&code.value) {
            Some(right) if *right == *code.value => config.organization.code = Some(code.value),
            right => scribe.note(bad_code(scribe.place(code.at), &code.value, right.as_deref())),
        }
    }
    fields.finish(&[], scribe);
}

/// The code with its right check digit: weights 6, 5, 4, 3, 2; eleven minus the remainder by eleven, last digit
/// (総務省 全国地方公共団体コード 仕様). `None` unless there are five or six digits.
fn check_digit(code: &str) -> Option<String> {
    if !matches!(code.len(), 5 | 6) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let sum: u32 =
        code.bytes().take(5).zip([6, 5, 4, 3, 2]).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = if sum < 11 { 11 - sum } else { 11 - sum % 11 } % 10;
    Some(format!("{}{check}", &code[..5]))
}

fn calendar(mut fields: Fields<'_, '_>, config: &mut Config, scribe: &mut Scribe) {
    if let Some(month) = fields.number(&calendar::YEAR_STARTS, scribe) {
        config.calendar.year_starts = month as i8;
    }
    if let Some(named_by) = fields.choice(&calendar::NAMED_BY, scribe) {
        config.calendar.named_by = named_by;
    }
    if let Some(eras) = fields.choice(&calendar::ERA, scribe) {
        config.calendar.eras = eras;
    }
    if let Some(zone) = zone::time_zone(&mut fields, scribe) {
        config.time_zone = Some(zone);
    }
    config.results_month = fields.number(&calendar::RESULTS, scribe).map(|month| month as i8);
    fields.finish(&[], scribe);
}

/// One entry of `scale:`: a level, or `{ years, levels }` for a scale that holds in certain years.
fn scale(node: &Node<'_>, config: &mut Config, scribe: &mut Scribe) {
    let Some(mut fields) = Fields::open(node, &scale::MAP, scribe) else { return };
    if fields.has(&scale::LEVELS) {
        let levels = fields.list(&scale::LEVELS, scribe).unwrap_or_default();
        let years = fields.years(&scale::YEARS, scribe);
        let levels = levels.iter().filter_map(|node| level(node, scribe)).collect();
        fields.finish(&[], scribe);
        config.scales.push(Scale { years, levels });
        return;
    }
    let Some(level) = level(node, scribe) else { return };
    match config.scales.iter_mut().find(|scale| scale.years.is_none()) {
        Some(scale) => scale.levels.push(level),
        None => config.scales.push(Scale { years: None, levels: vec![level] }),
    }
}

fn indicator_kind(node: &Node<'_>, scribe: &mut Scribe) -> Option<IndicatorKind> {
    let mut fields = Fields::open(node, &indicator_kind::MAP, scribe)?;
    let key = fields.word(&indicator_kind::KEY, scribe);
    let label = fields.text(&indicator_kind::LABEL, scribe).map(|text| text.value);
    fields.finish(&[], scribe);
    Some(IndicatorKind { key: key?.value, label: label? })
}

fn level(node: &Node<'_>, scribe: &mut Scribe) -> Option<Level> {
    let mut fields = Fields::open(node, &level::MAP, scribe)?;
    let key = fields.word(&level::KEY, scribe);
    let label = fields.text(&level::LABEL, scribe).map(|text| text.value);
    let shape = fields.choice(&level::SHAPE, scribe).unwrap_or(Shape::None);
    let color = fields.choice(&level::COLOR, scribe).unwrap_or(Role::Neutral);
    let needs_reason = fields.choice(&level::NEEDS, scribe).unwrap_or(false);
    fields.finish(&[], scribe);
    let key = key?.value;
    Some(Level { label: label.unwrap_or_else(|| key.clone()), key, shape, color, needs_reason })
}

/// Words of a list, without where they stand.
fn plain(words: Vec<Spanned<Box<str>>>) -> Vec<Box<str>> {
    words.into_iter().map(|word| word.value).collect()
}

fn column(node: &Node<'_>, config: &mut Config, scribe: &mut Scribe) {
    let Some(mut fields) = Fields::open(node, &column::MAP, scribe) else { return };
    let key = fields.word(&column::KEY, scribe);
    let label = fields.text(&column::LABEL, scribe);
    let on = fields.choice(&column::ON, scribe).unwrap_or(ColumnOn::Action);
    let kind = fields.choice(&column::TYPE, scribe).unwrap_or(ColumnKind::Text);
    // What belongs to another type has no effect, and whoever wrote it meant something by it.
    let of_figures = [fields.at_if(&column::UNIT), fields.at_if(&column::TOTAL), fields.at_if(&column::PARTS)];
    let of_choices = fields.at_if(&column::CHOICES);
    let is_of_figures = matches!(kind, ColumnKind::Amount | ColumnKind::Number);
    for at in of_figures.into_iter().flatten().filter(|_| !is_of_figures) {
        scribe.note(other_type(scribe.place(at), &[ColumnKind::Amount, ColumnKind::Number]));
    }
    match (of_choices, kind == ColumnKind::Choice) {
        (Some(at), false) => scribe.note(other_type(scribe.place(at), &[ColumnKind::Choice])),
        (None, true) => {
            let place = scribe.place(fields.at_of(&column::TYPE));
            scribe.note(field_findings::missing_field(place, column::CHOICES.key));
        }
        _ => {}
    }
    let unit = fields.text(&column::UNIT, scribe).map(|text| text.value);
    let total = fields.flag(&column::TOTAL, scribe);
    let parts = plain(fields.words(&column::PARTS, scribe));
    let choices = plain(fields.words(&column::CHOICES, scribe));
    let years = fields.years(&column::YEARS, scribe);
    fields.finish(&[], scribe);
    if let (Some(key), Some(label)) = (key, label) {
        let (key, label) = (key.value, label.value);
        config.columns.push(Column { key, label, on, kind, unit, total, parts, choices, years });
    }
}

/// A base address ends in a slash, so that paths can be put behind it.
pub fn with_slash(url: Box<str>) -> Box<str> {
    if url.ends_with('/') { url } else { format!("{url}/").into() }
}

/// The code's check digit is wrong.
pub fn bad_code(place: Place, code: &str, right: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadCode,
        place,
        format!("全国地方公共団体コード「{code}」が正しくありません。"),
        format!("`{code}` is not a valid local government code"),
    );
    match right {
        Some(right) => finding.help(
            format!("6桁目は検査数字です。5桁が正しければ {right} です。"),
            format!("the sixth digit is a check digit; if the first five are right, it is {right}"),
        ),
        None => finding.help("6桁の数字で書きます（例 \"232106\"）。", "write six digits, such as \"232106\""),
    }
}

/// A setting of a column that its type does not have.
pub fn other_type(place: Place, types: &[ColumnKind]) -> Diagnostic {
    let names: Vec<&str> = types.iter().map(|kind| kind.name()).collect();
    Diagnostic::new(
        Rule::BadValue,
        place,
        "この種類の列では、働かない項目です。",
        "this key has no effect on a column of this type",
    )
    .help(
        format!("この項目を使う列の type（種類）は、{} です。type を直すか、この項目を消します。", names.join(" か ")),
        format!(
            "it belongs to columns with `type: {}`; correct the type or remove the key",
            names.join("` or `type: ")
        ),
    )
}

/// What a program may have been built without.
enum Feature {
    Minify,
    Pdf,
}

/// A setting asks for what this program cannot do: another one would make other files of the same site.
fn missing_feature(place: Place, feature: Feature) -> Diagnostic {
    let (ja, en, help_ja, help_en) = match feature {
        Feature::Minify => (
            "この kohyo は、ページを縮める機能を入れずに作られています。",
            "this kohyo was built without what makes pages smaller",
            "kohyo のリポジトリーで `cargo install --path . --features minify` を実行して入れ直すか、この項目を消します。",
            "install it again with `cargo install --path . --features minify` in kohyo's repository, or remove this key",
        ),
        Feature::Pdf => (
            "この kohyo は、冊子を作る機能を入れずに作られています。",
            "this kohyo was built without booklets",
            "kohyo のリポジトリーで、`--no-default-features` を付けずに `cargo install --path .` を実行して入れ直すか、この項目を消します。",
            "install it again with `cargo install --path .` in kohyo's repository, without `--no-default-features`, or remove this key",
        ),
    };
    Diagnostic::new(Rule::MissingFeature, place, ja, en).help(help_ja, help_en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::calendar::FiscalYear;

    #[test]
    fn the_shape_of_the_contract_is_read() {
        let text = "
title: 刈谷市 組織重点目標
base_url: https://www.example.lg.jp/goals
organization: { name: 刈谷市, code: \"232106\" }
calendar: { year_starts: 4, named_by: start, era: japanese }
scale:
  - { key: above, label: 計画以上, shape: double-circle, color: success }
  - { key: below, label: 計画未満, shape: triangle, color: warning, needs: reason }
columns:
  - { key: reform_plan, label: 行革プラン, on: action, type: text }
";
        let Checked { value: config, diagnostics } = parse(FileId(0), text.as_bytes());
        assert_eq!(diagnostics, []);
        assert_eq!(config.base_url.as_deref(), Some("https://www.example.lg.jp/goals/"));
        let levels = config.levels(FiscalYear::parse("2026").unwrap());
        assert_eq!(levels.len(), 2);
        assert!(levels[1].needs_reason);
        assert_eq!(config.columns[0].kind, ColumnKind::Text);
    }

    #[test]
    fn scales_may_hold_in_certain_years() {
        let text = "
title: x
organization: { name: y }
scale:
  - { years: [2020, 2022], levels: [ { key: A }, { key: B } ] }
  - { years: [2023], levels: [ { key: S } ] }
";
        let Checked { value: config, diagnostics } = parse(FileId(0), text.as_bytes());
        assert_eq!(diagnostics, []);
        let levels = |year| config.levels(FiscalYear::parse(year).unwrap()).len();
        assert_eq!((levels("2019"), levels("2021"), levels("2024")), (0, 2, 1));
    }

    #[test]
    fn every_mistake_is_found_at_once() {
        let text = "titel: x\norganization: { name: 刈谷市, code: \"232107\" }\nbase_url: example\ncalendar: { year_starts: 13 }\n";
        let rules: Vec<&str> =
            parse(FileId(0), text.as_bytes()).diagnostics.iter().map(|finding| finding.rule.name()).collect();
        assert_eq!(rules, ["bad-value", "bad-code", "bad-figure", "unknown-key"]);
    }

    #[test]
    fn codes_carry_a_check_digit() {
        assert_eq!(check_digit("23210").as_deref(), Some("232106"));
        assert_eq!(check_digit("011002").as_deref(), Some("011002"));
        assert_eq!(check_digit("2321"), None);
    }
}
