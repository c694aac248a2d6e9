//! What one file makes of its page: headings, tables, links and images as their readers meet them.

use crate::diagnostic::{Diagnostic, catalog};
use crate::document::Reading;
use crate::markdown::{Heading, Link, LinkKind};
use crate::text::place::{FileId, Place};
use crate::text::span::Span;

/// Everything that is wrong with the structure of a file.
pub(super) fn structure(file: FileId, text: &str, reading: &Reading) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    skipped_headings(file, reading, &mut out);
    let place = |span| Place::new(file, span);
    out.extend(
        reading
            .facts
            .tables
            .iter()
            .filter(|table| !table.has_header)
            .map(|table| catalog::headerless_table(first_line(place(table.at), text))),
    );
    out.extend(reading.facts.indented_code.iter().map(|code| catalog::indented_code(first_line(place(*code), text))));
    out.extend(reading.facts.headings.iter().filter_map(|heading| accidental_heading(file, text, heading)));
    let unshown = reading.facts.unshown.iter();
    out.extend(unshown.map(|it| catalog::unshown_text(place(it.at), it.kind, it.at.slice(text))));
    out.extend(reading.facts.html.iter().map(|html| catalog::raw_html(place(*html), html.slice(text))));
    out.extend(reading.links.iter().filter_map(|link| weak_words(file, text, link)));
    out
}

/// The place without its later lines.
fn first_line(place: Place, text: &str) -> Place {
    let line = place.span.slice(text).lines().next().unwrap_or_default().trim_end();
    Place::new(place.file, Span::new(place.span.start as usize, place.span.start as usize + line.len()))
}

/// A sentence that became a heading because a line of dashes follows it without an empty line.
fn accidental_heading(file: FileId, source: &str, heading: &Heading) -> Option<Diagnostic> {
    let written = heading.at.slice(source).trim_end();
    let (_, dashes) = written.rsplit_once('\n')?;
    let is_underlined = !written.starts_with('#') && dashes.contains(['-', '=']);
    (is_underlined && heading.text.ends_with('。'))
        .then(|| catalog::underlined_sentence(first_line(Place::new(file, heading.at), source), dashes.trim()))
}

fn skipped_headings(file: FileId, reading: &Reading, out: &mut Vec<Diagnostic>) {
    let mut before: Option<u8> = None;
    // A heading without text is not rendered, and leads nowhere.
    for heading in reading.facts.headings.iter().filter(|heading| !heading.id.is_empty()) {
        if let Some(before) = before.filter(|before| heading.level > before + 1) {
            out.push(catalog::skipped_heading(Place::new(file, heading.at), heading.level, before));
        }
        before = Some(heading.level);
    }
}

/// A link or an image whose words say nothing.
fn weak_words(file: FileId, source: &str, link: &Link) -> Option<Diagnostic> {
    let place = Place::new(file, link.whole);
    let text = link.text.trim();
    if text.is_empty() {
        // An image without words is told by itself.
        let is_bare = link.kind == LinkKind::Link && !link.whole.slice(source).contains("![");
        return is_bare.then(|| catalog::empty_link(place));
    }
    match link.kind {
        LinkKind::Image => is_weak_alt(text, &link.target).then(|| catalog::weak_alt(place, text)),
        LinkKind::Link if is_address(text, &link.target) => Some(catalog::url_as_text(place, &link.target)),
        LinkKind::Link => is_vague(text).then(|| catalog::vague_link(place, text)),
    }
}

/// Whether a text alternative is a file name or only says that there is an image.
fn is_weak_alt(text: &str, target: &str) -> bool {
    const EMPTY: [&str; 14] = [
        "画像",
        "写真",
        "図",
        "図表",
        "表",
        "グラフ",
        "イメージ",
        "イラスト",
        "image",
        "photo",
        "picture",
        "figure",
        "graph",
        "img",
    ];
    const ENDINGS: [&str; 7] = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp"];
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '０'..='９' | ' ' | '　' | '_' | '-'));
    let lower = bare.to_lowercase();
    let name = target.rsplit('/').next().unwrap_or(target);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    EMPTY.contains(&lower.as_str())
        || ENDINGS.iter().any(|ending| text.to_lowercase().ends_with(ending))
        // `IMG_2034`, but not `橋の点検` for `橋の点検.svg`.
        || (text == stem && stem.is_ascii())
}

fn is_address(text: &str, target: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://") || (text == target && target.contains("://"))
}

/// Whether a link text means nothing without the sentence around it.
fn is_vague(text: &str) -> bool {
    const VAGUE: [&str; 24] = [
        "こちら",
        "ここ",
        "これ",
        "詳細",
        "詳しく",
        "詳しくは",
        "続き",
        "続きを読む",
        "もっと見る",
        "もっと詳しく",
        "リンク",
        "クリック",
        "参照",
        "資料",
        "here",
        "click here",
        "this",
        "link",
        "more",
        "read more",
        "details",
        "this page",
        "this link",
        "see here",
    ];
    let plain = text.trim_matches(|c: char| c.is_whitespace() || "「」（）()>＞»→▶。、…".contains(c)).to_lowercase();
    let plain = ["詳しくは", "詳細は", "くわしくは", "続きは"]
        .iter()
        .find_map(|lead| plain.strip_prefix(lead).filter(|rest| !rest.is_empty()))
        .unwrap_or(&plain);
    let plain = ["をご覧ください", "を参照", "をクリック", "から", "へ", "です", "まで"]
        .iter()
        .find_map(|end| plain.strip_suffix(end).filter(|rest| !rest.is_empty()))
        .unwrap_or(plain);
    VAGUE.contains(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_lead_nowhere_are_told_from_titles() {
        for text in [
            "こちら",
            "詳細はこちら",
            "詳しくはこちらをご覧ください",
            "ここをクリック",
            "「こちら」",
            "Click here",
            "more",
        ] {
            assert!(is_vague(text), "{text}");
        }
        for text in [
            "行政経営方針",
            "こちらの一覧",
            "詳細な計画",
            "ここから始める防災",
            "資料1 収支の見通し",
            "More results of 2026",
        ] {
            assert!(!is_vague(text), "{text}");
        }
    }

    #[test]
    fn alternatives_that_say_nothing_are_told_from_descriptions() {
        for (text, target) in
            [("画像", "a.png"), ("図1", "a.png"), ("IMG_2034", "IMG_2034.jpg"), ("bridges.svg", "bridges.svg")]
        {
            assert!(is_weak_alt(text, target), "{text}");
        }
        for (text, target) in [("橋の点検", "橋の点検.svg"), ("橋の点検数の図", "a.png"), ("市章", "mark.svg")]
        {
            assert!(!is_weak_alt(text, target), "{text}");
        }
    }
}
