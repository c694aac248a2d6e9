//! What one file makes of its page: headings, tables, links and images as their readers meet them.

use super::host::other_host;
use crate::diagnostic::{Diagnostic, Rule};
use crate::document::Reading;
use crate::markdown::{Heading, Link, LinkKind, UnshownKind};
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
            .map(|table| headerless_table(first_line(place(table.at), text))),
    );
    out.extend(reading.facts.indented_code.iter().map(|code| indented_code(first_line(place(*code), text))));
    out.extend(reading.facts.headings.iter().filter_map(|heading| accidental_heading(file, text, heading)));
    // `[//]: # (…)` is how some editors write a comment: not to be shown is what it is for.
    let is_comment =
        |at: Span| ["[//]:", "[comment]:", "[コメント]:"].iter().any(|sign| at.slice(text).starts_with(sign));
    let unshown = reading.facts.unshown.iter().filter(|it| it.kind != UnshownKind::Definition || !is_comment(it.at));
    out.extend(unshown.map(|it| unshown_text(place(it.at), it.kind, it.at.slice(text))));
    // A note that looks like HTML is told as a note.
    let memos = &reading.facts.memos;
    let is_memo = |html: &&Span| {
        let next = memos.partition_point(|memo| memo.at.start < html.start);
        memos.get(next).is_some_and(|memo| memo.at.start < html.end)
    };
    let html = reading.facts.html.iter().filter(|html| !is_memo(html));
    out.extend(html.map(|html| raw_html(place(*html), html.slice(text))));
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
        .then(|| underlined_sentence(first_line(Place::new(file, heading.at), source), dashes.trim()))
}

fn skipped_headings(file: FileId, reading: &Reading, out: &mut Vec<Diagnostic>) {
    let mut before: Option<u8> = None;
    // A heading without text is not rendered, and leads nowhere.
    for heading in reading.facts.headings.iter().filter(|heading| !heading.id.is_empty()) {
        if let Some(before) = before.filter(|before| heading.level > before + 1) {
            out.push(skipped_heading(Place::new(file, heading.at), heading.level, before));
        }
        before = Some(heading.level);
    }
}

/// A link or an image whose words say nothing.
fn weak_words(file: FileId, source: &str, link: &Link) -> Option<Diagnostic> {
    let place = Place::new(file, link.whole);
    let text = link.text.trim();
    if leads_nowhere(&link.target) {
        return Some(link_without_target(place, &link.target, text));
    }
    if text.is_empty() {
        // An image without words is told by itself.
        let is_bare = link.kind == LinkKind::Link && !link.whole.slice(source).contains("![");
        return is_bare.then(|| empty_link(place));
    }
    match link.kind {
        LinkKind::Image => is_weak_alt(text, &link.target).then(|| weak_alt(place, text)),
        LinkKind::Link if let Some(finding) = other_host(place, text, &link.target) => Some(finding),
        LinkKind::Link if let Some(rest) = cut_address(source, link) => Some(cut_link(place, &link.target, rest)),
        LinkKind::Link if is_address(text, &link.target) => Some(url_as_text(place, &link.target)),
        LinkKind::Link => is_vague(text).then(|| vague_link(place, text)),
    }
}

/// Whether a target says nothing: `[計画]()`, `(#)`, `(tel:)`.
fn leads_nowhere(target: &str) -> bool {
    let target = target.trim();
    let after = |scheme: &str| {
        target.get(..scheme.len()).filter(|it| it.eq_ignore_ascii_case(scheme)).map(|_| &target[scheme.len()..])
    };
    match ["http:", "https:"].into_iter().find_map(after) {
        Some(rest) => rest.trim_matches('/').is_empty(),
        None => match (after("tel:"), after("mailto:")) {
            (Some(number), _) => !number.contains(|c: char| c.is_ascii_digit()),
            (_, Some(address)) => !address.split('?').next().is_some_and(|it| it.contains('@')),
            _ => target.trim_matches(['#', '?']).is_empty(),
        },
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

/// The letters right behind a bare address that are most likely a part of it: `https://a.jp/市政` without its end. What
/// begins with kana is the sentence going on: `https://a.jp/を見る`.
fn cut_address<'s>(source: &'s str, link: &Link) -> Option<&'s str> {
    let is_bare = link.at == link.whole && link.whole.slice(source) == link.target;
    if !is_bare || !link.target.ends_with(['/', '=', '-', '_', '?', '&', '#', '%']) {
        return None;
    }
    let rest = source.get(link.whole.end as usize..)?;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, 'ー' | '_' | '-');
    let word = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
    let word = &word[..word.floor_char_boundary(60)];
    word.chars().next().is_some_and(|c| !matches!(c, 'ぁ'..='ゖ')).then_some(word)
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

/// A bare address that ends before letters that may belong to it.
fn cut_link(place: Place, target: &str, rest: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        format!("リンクは「{target}」までで、その後の「{rest}」は入りません。"),
        format!("the link ends with `{target}`, without `{rest}`"),
    )
    .help(
        format!("住所の続きなら、[ページの題名]({target}{rest}…) と書きます。文の続きなら、間に空白を置きます。"),
        format!("if it goes on, write [title of the page]({target}{rest}…); if not, put a space between them"),
    )
}

/// An alternative text that says nothing.
pub fn weak_alt(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::WeakAlt,
        place,
        format!("代わりの文「{text}」では、図の内容が伝わりません。"),
        format!("the text alternative `{text}` does not say what the image tells"),
    )
    .help(
        "図を見られない人に電話で伝えるつもりで書きます（例 橋の点検数は5年で12橋から40橋に増えた）。",
        "write what you would say on the telephone, such as: inspections grew from 12 to 40 bridges in five years",
    )
}

/// A link text that says nothing by itself.
pub fn vague_link(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::VagueLink,
        place,
        format!("リンクの文字「{text}」だけでは、行き先が分かりません。"),
        format!("the link text `{text}` alone does not say where it leads"),
    )
    .help(
        "行き先のページの題名を、リンクの文字にします（例 [行政経営方針](policy.md)）。",
        "use the title of the page it leads to, such as [Management policy](policy.md)",
    )
}

/// A link without words.
pub fn empty_link(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::VagueLink,
        place,
        "リンクに文字がないので、だれにも見えず、押せません。",
        "the link has no words: nobody can see or follow it",
    )
    .help(
        "[ ] の中に、リンク先のページや資料の名前を書きます。",
        "write the name of the page or document inside the [ ]",
    )
}

/// A link that leads nowhere.
pub fn link_without_target(place: Place, target: &str, text: &str) -> Diagnostic {
    let text = &text[..text.floor_char_boundary(60)];
    let (ja, en) = match target.trim() {
        "" => (
            "リンクの行き先が書かれていません。押しても、今のページのままです。".to_owned(),
            "the link has no target: it leads to the page it is on".to_owned(),
        ),
        target => (
            format!("リンクの行き先が「{target}」だけで、どこへも行きません。"),
            format!("the target of the link is `{target}` alone, and leads nowhere"),
        ),
    };
    Diagnostic::new(Rule::BrokenLink, place, ja, en).help(
        format!("( ) の中に、ファイルの名前、住所（https://…）、#見出し、tel:番号 のどれかを書きます（例 [{text}](計画.pdf)）。決まっていなければ、リンクにせず「{text}」とだけ書きます。"),
        format!("write a file name, an address (https://…), #heading or tel:number inside the ( ), as in [{text}](plan.pdf); where it is not known yet, write `{text}` alone"),
    )
}

/// A link whose text is its address.
pub fn url_as_text(place: Place, url: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UrlAsText,
        place,
        "リンクの文字が住所（URL）のままです。",
        "the text of this link is its address",
    )
    .help(format!("[ページの題名]({url}) と書きます。"), format!("write [title of the page]({url})"))
}

/// A heading more than one level below the one before.
pub fn skipped_heading(place: Place, level: u8, before: u8) -> Diagnostic {
    let (is, right) = ("#".repeat(usize::from(level)), "#".repeat(usize::from(before) + 1));
    Diagnostic::new(
        Rule::SkippedHeading,
        place,
        format!("見出しの段が、{} から {is} に飛んでいます。", "#".repeat(usize::from(before))),
        format!("the heading jumps from {} to {is}", "#".repeat(usize::from(before))),
    )
    .help(format!("{right} にします。"), format!("write {right}"))
}

/// A table whose first row is empty.
pub fn headerless_table(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::HeaderlessTable,
        place,
        "表の見出しの行に、何も書かれていません。",
        "the header row of this table is empty",
    )
    .help("1行目に、各列が何かを書きます。", "say in the first row what each column is")
}

/// Text that no page shows, and why: `written` is the cells, or the whole definition.
pub fn unshown_text(place: Place, kind: UnshownKind, written: &str) -> Diagnostic {
    let line = written.lines().next().unwrap_or_default();
    let shown = &line[..line.floor_char_boundary(80)];
    // `[label]:` or `[^label]:`, without the colon.
    let label = line.split_once("]:").map_or(shown, |(label, _)| &line[..label.len() + 1]);
    let finding = |ja, en| Diagnostic::new(Rule::UnshownText, place, ja, en);
    match kind {
        UnshownKind::Cells => finding(
            format!("「{shown}」は、列の見出しより多いセルなので、公表されません。"),
            format!("`{shown}` is beyond the last header, and is not published"),
        )
        .help(
            "1行目に列の見出しを足し、2行目にも --- を足します。セルの中に | を書くなら \\| とします。",
            "add a header to the first row and --- to the second; for a | inside a cell, write \\|",
        ),
        UnshownKind::Note => finding(
            format!("脚注「{shown}」は、本文に {label} がないので、公表されません。"),
            format!("the footnote `{shown}` is not published: no text refers to {label}"),
        )
        .help(
            format!("本文の、脚注を付ける言葉のすぐ後に {label} と書きます。要らなければ、この脚注を消します。"),
            format!("write {label} behind the words that it explains, or remove the footnote"),
        ),
        UnshownKind::RepeatedNote => finding(
            format!("脚注 {label} は前にもあるので、「{shown}」は公表されません。"),
            format!("`{shown}` is not published: there is a footnote {label} before it"),
        )
        .help(
            "ほかの番号にして、本文にもその番号を書きます。",
            "give it another number, and write that into the text",
        ),
        UnshownKind::Title => finding(
            format!("行き先の後の「{shown}」は、どこにも公表されません。"),
            format!("`{shown}` behind the target is not published"),
        )
        .help(
            "要る言葉なら、[ ] の中か、文に書きます。",
            "write it inside the [ ] or in the text, if readers need it",
        ),
        UnshownKind::Info => finding(
            format!("コードの枠を始める印の後の「{shown}」は、どこにも公表されません。"),
            format!("`{shown}` behind the signs that open a block of code is not published"),
        )
        .help("枠の中の行か、枠の前の文に書きます。", "write it in a line inside, or in the text before"),
        UnshownKind::Definition => finding(
            format!("「{shown}」は、リンクの行き先を決める書き方で、それを使うリンクがないので、公表されません。"),
            format!("`{shown}` says where links lead, and is not published: no link uses it"),
        )
        .help(
            format!(
                "文として見せるなら、[ ] を ［ ］ か（ ）にします。リンクにするなら、本文に [見せる言葉]{label} と書きます。"
            ),
            format!("to show it, write ( ) in place of [ ]; for a link, write [words]{label} in the text"),
        ),
    }
}

/// A paragraph that is shown as code because of the blanks before it.
pub fn indented_code(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "行の始めに空白が4つ以上（またはタブ）あるので、文ではなくコードの枠になります。",
        "four blanks or a tab before it make this a block of code",
    )
    .help(
        "行の始めの空白を消します。コードなら、前後の行に ``` と書きます。",
        "remove the blanks; for code, write ``` on the lines before and after",
    )
}

/// A sentence that is shown as a heading because of the line below it.
pub fn underlined_sentence(place: Place, dashes: &str) -> Diagnostic {
    let dashes = &dashes[..dashes.floor_char_boundary(10)];
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        format!("すぐ下に {dashes} の行があるので、この文は見出しになります。"),
        format!("the line {dashes} right below makes this sentence a heading"),
    )
    .help(
        format!("区切りの線なら、{dashes} の前に空の行を置きます。見出しなら、句点を取って ## を付けます。"),
        format!("for a line between paragraphs, leave an empty line before {dashes}; for a heading, write ##"),
    )
}

/// HTML that readers will see as letters.
pub fn raw_html(place: Place, html: &str) -> Diagnostic {
    let name: String = html.chars().take_while(|c| *c != '\n').take(30).collect();
    let is_table = html.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("<table"));
    let finding = Diagnostic::new(
        Rule::RawHtml,
        place,
        format!("「{name}」は、文字のまま見えます。"),
        format!("`{name}` is shown as letters"),
    );
    if is_table {
        return finding.help(
            "表は、1行に1つの行を、| で区切って書きます（1行目 | 会場 | 定員 |、2行目 |---|---|、3行目から | 大ホール | 300人 |）。セルの結合はできないので、同じ言葉をそれぞれの行に書きます。",
            "write a table row by row with bars (| place | seats |, then |---|---|, then | hall | 300 |); cells cannot be merged: repeat the words in each row",
        );
    }
    finding.help(
        "Markdown で書き直すか、消します。文字として見せるなら、` ` で囲みます。",
        "write it in Markdown or remove it; to show it as text, put it in backticks",
    )
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
