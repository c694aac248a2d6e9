//! The targets: what is read, and what must hold for any input. Each is a function of bytes that panics where it does not.

use super::html::{is_safe, read, sound};
use kohyo::config::{self, Config};
use kohyo::diagnostic::Diagnostic;
use kohyo::document::{self, GoalName, Kind};
use kohyo::markdown::value;
use kohyo::markdown::{self, Edition, LinkKind, Resolved, tree};
use kohyo::source::Sources;
use kohyo::text::address::{self, Scheme};
use kohyo::text::encoding;
use kohyo::text::place::FileId;
use kohyo::text::span::Span;
use kohyo::text::visible;
use kohyo::text::words::{fill, gaps};
use kohyo::value::calendar::{self, Date, FiscalYear};
use kohyo::value::figure::{Figure, zeros};
use kohyo::value::telephone::{self, Telephone};
use kohyo::{fix, preview, proofread, publish, report, site, theme};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The targets, and how long their inputs become, in bytes: so that there are many executions in a second. `planted` has a
/// mistake on purpose.
pub const LONGEST: [(&str, usize); 10] = [
    ("front_matter", 768),
    ("markdown", 512),
    ("settings", 768),
    ("template", 512),
    ("theme", 512),
    ("request", 512),
    ("published", 1024),
    ("image", 256),
    ("value", 128),
    ("planted", 256),
];

/// How long inputs of a target become; 0 where there is no such target.
pub fn longest(name: &str) -> usize {
    LONGEST.iter().find(|(known, _)| *known == name).map_or(0, |(_, longest)| *longest)
}

/// The one file of a target.
const FILE: FileId = FileId(1);

/// How many times `--fix` may have to be run. Each run makes at least the first change of each file.
const MOST_RUNS: usize = 40;

/// A city with columns of its own that checks everything that can be checked.
static CITY: LazyLock<Config> = LazyLock::new(|| {
    const SETTINGS: &str = "title: 青葉市
organization: { name: 青葉市 }
contact: { office: 企画課, telephone: 000-000-0000 }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
  - { key: note, label: 備考, on: goal, type: text }
checks:
  avoided-word: { level: warning, words: { 父兄: 保護者 } }
";
    let read = config::parse(FILE, SETTINGS.as_bytes());
    assert_eq!(read.diagnostics, []);
    read.value
});

/// The kinds of documents, in the order of the letters that choose them.
pub fn kinds() -> [Kind; 8] {
    let year = FiscalYear::parse("2026").expect("a year");
    let name = GoalName { year, department: "planning".into(), slug: "1-01".into() };
    let day = Date::constant(2026, 9, 30);
    [
        Kind::Goal(name.clone()),
        Kind::Outcome(name.clone()),
        Kind::Progress(name, day),
        Kind::Page("page".into()),
        Kind::Pillar("trust".into()),
        Kind::Department("planning".into()),
        Kind::Home,
        Kind::Year(year),
    ]
}

/// A document: its fences, its fields, the texts in it, what `--fix` makes of it, and how all of that is reported. The
/// first byte chooses its kind: `a` is a goal, `b` a result …; a capital letter leaves bytes as they are that are no UTF-8.
pub fn front_matter(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let text = if choice.is_ascii_uppercase() { Cow::Borrowed(rest) } else { as_text(rest) };
    let [goal, ..] = kinds();
    let kind = kinds().into_iter().nth(usize::from((choice & 0x1F).wrapping_sub(1)) % 8).unwrap_or(goal);
    let read = |bytes: &[u8]| read_document(bytes, &kind);
    let findings = read(&text);
    if bytes.len().is_multiple_of(8) {
        assert_eq!(findings, read(&text), "the same twice");
        reported(&text, &findings);
    }
    mended(&text, findings, read);
}

fn read_document(bytes: &[u8], kind: &Kind) -> Vec<Diagnostic> {
    let parsed = document::parse(FILE, kind.clone(), bytes, &CITY.columns);
    let (parsed, mut findings) = (parsed.value, parsed.diagnostics);
    findings.extend(proofread::file(FILE, parsed.text, &parsed.reading, &CITY));
    lie_in(bytes, &findings);
    let facts = &parsed.reading.facts;
    let read = parsed.reading.values.iter().copied().chain(facts.texts.iter().map(|text| text.at));
    read.chain(parsed.reading.links.iter().map(|link| link.whole)).for_each(|at| lies_in(parsed.text, at));
    if let Some(document) = parsed.document {
        let body = document.body();
        assert!(parsed.text.is_char_boundary(body.offset as usize), "the body begins in the text");
        assert!(body.links.len() <= parsed.reading.links.len(), "links that were read");
    } else {
        assert!(!findings.is_empty(), "what is no document has a finding");
    }
    findings
}

/// Settings of a site, as `front_matter`.
pub fn settings(bytes: &[u8]) {
    let text = as_text(bytes);
    let findings = read_settings(&text);
    if bytes.len().is_multiple_of(8) {
        assert_eq!(findings, read_settings(&text), "the same twice");
        reported(&text, &findings);
    }
    mended(&text, findings, read_settings);
}

fn read_settings(bytes: &[u8]) -> Vec<Diagnostic> {
    let config = config::parse(FILE, bytes);
    let (config, mut findings) = (config.value, config.diagnostics);
    findings.extend(proofread::settings(FILE, bytes, &config));
    lie_in(bytes, &findings);
    if let Ok(text) = std::str::from_utf8(bytes) {
        config.texts.iter().for_each(|at| lies_in(text, *at));
    }
    assert!(
        !config.scales.iter().any(|scale| scale.levels.is_empty() && scale.years.is_none()) || !findings.is_empty()
    );
    findings
}

/// Bytes as text; what is no UTF-8 is replaced, so that no execution ends at once.
fn as_text(bytes: &[u8]) -> Cow<'_, [u8]> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(_) => Cow::Borrowed(bytes),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// All places of findings lie in the text, between characters.
fn lie_in(bytes: &[u8], findings: &[Diagnostic]) {
    let text = std::str::from_utf8(bytes).ok();
    for finding in findings {
        let related = finding.related.iter().map(|(place, _)| place);
        let fix = finding.fix.iter().map(|fix| &fix.place);
        for place in [&finding.place].into_iter().chain(related).chain(fix) {
            assert_eq!(place.file, FILE, "in the file that was read: {finding:?}");
            match text {
                Some(text) => lies_in(text, place.span),
                None => assert!(place.span.end as usize <= bytes.len(), "{finding:?}"),
            }
        }
        assert!(!finding.message.ja.is_empty() && !finding.message.en.is_empty(), "{finding:?}");
    }
}

fn lies_in(text: &str, at: Span) {
    assert!(text.get(at.start as usize..at.end as usize).is_some(), "{at:?} of {text:?}");
}

/// `--fix` comes to an end, and makes texts of texts.
fn mended(bytes: &[u8], mut findings: Vec<Diagnostic>, read: impl Fn(&[u8]) -> Vec<Diagnostic>) {
    let mut mended = Cow::Borrowed(bytes);
    for _ in 0..MOST_RUNS {
        let changes = fix::plan(&findings);
        let Some(change) = changes.first() else { return };
        let next = change.apply(&mended).expect("bytes that are there");
        assert!(*mended != *next, "a change that changes something: {change:?}");
        assert!(std::str::from_utf8(&next).is_ok(), "a text: {change:?}");
        findings = read(&next);
        mended = Cow::Owned(next);
    }
    panic!("still something to mend: {:?} in {:?}", fix::plan(&findings), String::from_utf8_lossy(&mended));
}

/// Every form of a report can be made, and writes nothing to a terminal but text.
fn reported(bytes: &[u8], findings: &[Diagnostic]) {
    let sources = Sources::from_memory([("content/index.md", bytes)]);
    let Some(file) = sources.find("content/index.md") else { return };
    let mut findings = findings.to_vec();
    for finding in &mut findings {
        finding.place.file = file;
        finding.related.iter_mut().for_each(|(place, _)| place.file = file);
        finding.fix.iter_mut().for_each(|fix| fix.place.file = file);
    }
    let style = report::human::Style { color: false, language: kohyo::text::language::Language::Japanese };
    let text = report::human::human(&findings, &sources, style);
    for format in [report::Format::Json, report::Format::Github] {
        // Made by several threads, which takes long for one finding.
        if bytes.len().is_multiple_of(64) {
            report::text(&findings, &sources, format, &report::Context::default());
        }
    }
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
}

/// Words of the interface, as a page in Japanese has them.
pub const WORDS: markdown::Words = markdown::Words {
    footnotes: "脚注",
    footnote: "脚注{n}",
    back: "本文の脚注{n}へ戻る",
    external: "（外部サイト）",
    table: "表",
    colon: "：",
    done: "完了",
    todo: "未完了",
    alerts: ["補足", "ヒント", "重要", "注意", "警告"],
};

/// A body: its HTML in both editions, its tree for paper, its facts. The first byte chooses the level of headings and
/// whether ids have a prefix.
pub fn markdown(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let body = &*text;
    let base = 1 + (choice & 3);
    let id_prefix = if choice & 4 == 0 { "" } else { "result-" };
    let facts = markdown::facts(body, 0);
    facts_lie_in(body, &facts);
    // What is asked when pages are made has been seen by the checks of links.
    let seen: HashSet<&str> = facts.links.iter().map(|link| &*link.target).collect();
    let asked = RefCell::new(None);
    let resolve = |target: &str, kind: LinkKind| {
        if !seen.contains(target) {
            asked.replace(Some(target.to_owned()));
        }
        assert!(is_safe(target), "asked about {target:?}");
        resolved(target, kind)
    };
    let form = |edition| markdown::Options { heading_base: base, id_prefix, edition, words: &WORDS };
    let (screen, large) = (form(Edition::Screen), form(Edition::Large));
    let forms = [&screen, &large].map(|options| markdown::Form { options, resolve: &resolve });
    let [screen_html, large_html] = markdown::render_forms(body, forms);
    assert_eq!(asked.take(), None, "a target that no check has seen");
    for html in [&screen_html, &large_html] {
        is_sound(html.as_str(), base, id_prefix);
    }
    // Every id that the checks promise is on the page, and no other.
    let found = sound(screen_html.as_str()).map(|html| html.ids).unwrap_or_default();
    let found: Vec<String> =
        found.into_iter().filter_map(|id| id.strip_prefix(id_prefix)).filter(|id| !is_of_note(id)).map(read).collect();
    let promised: Vec<&str> =
        facts.headings.iter().map(|heading| &*heading.id).filter(|id| !id.is_empty() && !is_of_note(id)).collect();
    assert_eq!(promised, found, "ids of headings");
    if bytes.len().is_multiple_of(8) {
        assert_eq!(screen_html, markdown::render(body, &screen, &resolve), "the same alone");
        assert_eq!(facts, markdown::facts(body, 0), "the same twice");
    }
    on_paper(body);
    as_value(body);
    assert!(!markdown::plain_text(body).contains(is_never_shown), "in plain text");
}

fn is_of_note(id: &str) -> bool {
    id.starts_with("fn-") || id.starts_with("fnref-")
}

fn facts_lie_in(body: &str, facts: &markdown::Facts) {
    let headings = facts.headings.iter().map(|heading| heading.at);
    let links = facts.links.iter().flat_map(|link| [link.at, link.whole]);
    let others = facts.html.iter().chain(&facts.indented_code).copied();
    for at in headings.chain(links).chain(facts.tables.iter().map(|table| table.at)).chain(others) {
        lies_in(body, at);
        assert!(at.start < at.end, "something stands there");
    }
    let texts = facts.texts.iter().map(|text| text.at).chain(facts.unshown.iter().map(|unshown| unshown.at));
    texts.for_each(|at| lies_in(body, at));
    for link in &facts.links {
        assert!(!link.target.contains(is_never_shown) && !link.text.contains(is_never_shown), "{link:?}");
    }
}

/// Markdown files and PDFs are pages and attachments, pictures have a size, "missing" is nothing.
fn resolved(target: &str, kind: LinkKind) -> Resolved {
    match kind {
        _ if target.contains("missing") => Resolved::Nothing,
        LinkKind::Image if !target.ends_with(".pdf") => {
            Resolved::Image { src: target.to_owned(), width: Some(4), height: Some(3) }
        }
        _ => Resolved::Href {
            href: target.replace(".md", ".html"),
            external: target.starts_with("http"),
            attachment: target.ends_with(".pdf").then(|| "（PDF形式）".to_owned()),
        },
    }
}

fn is_sound(html: &str, base: u8, id_prefix: &str) {
    let found = sound(html).unwrap_or_else(|complaint| panic!("{complaint} in {html}"));
    let ids: HashSet<&str> = found.ids.iter().copied().collect();
    assert_eq!(ids.len(), found.ids.len(), "ids twice in {html}");
    assert!(found.ids.iter().all(|id| id.starts_with(id_prefix)), "an id without its prefix in {html}");
    assert!(!html.contains(is_never_shown), "a sentinel in {html:?}");
    if !id_prefix.is_empty() {
        let inside = found.targets.iter().filter_map(|target| target.strip_prefix('#'));
        let own = inside.filter(|target| target.starts_with(id_prefix));
        for target in own.filter(|target| target.is_ascii()) {
            assert!(ids.contains(target), "#{target} leads nowhere in {html}");
        }
    }
    assert!(found.levels.first().is_none_or(|first| *first == base), "the first heading in {html}");
    assert!(found.levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "a gap between headings in {html}");
}

/// Characters that HTML forbids, and those that stand for others while a text is read.
fn is_never_shown(c: char) -> bool {
    let is_noncharacter = matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE;
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')) || is_noncharacter || is_sentinel(c)
}

fn is_sentinel(c: char) -> bool {
    matches!(c, '\u{FFF00}'..='\u{FFF03}')
}

/// The same text where values stand: balanced, harmless, with its letters in their order.
fn as_value(text: &str) {
    // What is shown as it is: control characters and the like have findings of their own.
    let text: String = text.chars().filter(|c| !is_never_shown(*c)).collect();
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let mut form = value::Form::default();
    for (name, set) in [("part", "lead"), ("part", "rest"), ("tag", "span")] {
        let mut html = String::new();
        value::html(&text, form, |part| html.push_str(part));
        sound(&html).unwrap_or_else(|complaint| panic!("{complaint} in {html}"));
        assert!(form.set(name, set), "a known form");
    }
    let blocks = value::blocks(&text).unwrap_or_default();
    blocks.iter().for_each(|block| block_is_plain(block, 0));
    let open = value::without_comments(&text);
    assert!(!open.contains("<!--") || open.len() < text.len(), "comments are left out");
    if !text.contains('{') {
        assert_eq!(letters(&value::plain(&text)), letters(&text), "in one line");
    }
}

fn on_paper(body: &str) {
    let options = tree::Options { notes_before: 2, words: &WORDS };
    let destination = |target: &str, kind| {
        assert!(is_safe(target), "asked about {target:?}");
        match kind {
            LinkKind::Image if !target.contains("missing") => tree::Destination::Image(target.to_owned()),
            _ if target.contains("missing") => tree::Destination::Text,
            _ => tree::Destination::Link { href: Some(target.to_owned()), shown: None },
        }
    };
    let (blocks, notes) = tree::tree(body, &options, &destination);
    blocks.iter().chain(notes.iter().flatten()).for_each(|block| block_is_plain(block, 0));
}

/// Nothing in a tree is deeper than paper is wide, nor holds what no reader may see.
fn block_is_plain(block: &tree::Block, depth: usize) {
    use tree::Block as B;
    assert!(depth <= 20, "a tree is no deeper than it has to be");
    let shown = |text: &str| assert!(!text.contains(is_never_shown), "{text:?}");
    let line = |line: &[tree::Inline]| line.iter().for_each(|it| inline_is_plain(it, 0));
    match block {
        B::Paragraph { c } => line(c),
        B::Heading { s, .. } | B::Code { s } => shown(s),
        B::List { items, .. } => items.iter().flatten().for_each(|block| block_is_plain(block, depth + 1)),
        B::Quote { c, .. } => c.iter().for_each(|block| block_is_plain(block, depth + 1)),
        B::Rule => {}
        B::Table { caption, header, rows, align, .. } => {
            caption.iter().for_each(|text| shown(text));
            header.iter().chain(rows.iter().flatten()).for_each(|cell| line(cell));
            assert!(rows.iter().all(|row| row.len() <= align.len().max(header.len())), "cells have columns");
        }
        B::Figure { alt, caption, .. } => [Some(alt), caption.as_ref()].into_iter().flatten().for_each(|it| shown(it)),
        B::Marked { items } => {
            for item in items {
                shown(&item.mark);
                item.c.iter().for_each(|block| block_is_plain(block, depth + 1));
            }
        }
    }
}

fn inline_is_plain(inline: &tree::Inline, depth: usize) {
    use tree::Inline as I;
    assert!(depth <= 20, "a line is no deeper than it has to be");
    match inline {
        I::Text { s } | I::Code { s } | I::Task { s } => assert!(!s.contains(is_never_shown), "{s:?}"),
        I::Strong { c } | I::Deleted { c } | I::Link { c, .. } => {
            c.iter().for_each(|it| inline_is_plain(it, depth + 1))
        }
        I::Ruby { s, reading } => assert!(!s.contains(is_never_shown) && !reading.contains(is_never_shown)),
        I::Foreign { s, .. } => assert!(!s.contains(is_never_shown)),
        I::Image { .. } | I::Break | I::Note { .. } => {}
    }
}

/// Between the files of an input of `template`.
pub const NEXT_FILE: &str = "\n@@\n";

/// Templates of a page, and of those it includes and extends, and words: each is loaded by the template engine, compiled,
/// and held against the contract of themes.
pub fn template(bytes: &[u8]) {
    const PATHS: [&str; 4] =
        ["templates/screen/goal.html", "templates/partials/a.html", "templates/screen/base.html", "words/ja.yaml"];
    let text = String::from_utf8_lossy(bytes);
    let files: Vec<(&str, &[u8])> =
        PATHS.into_iter().zip(text.split(NEXT_FILE)).map(|(path, text)| (path, text.as_bytes())).collect();
    theme_alone(&files, bytes.len());
}

/// Other files of a theme: `theme.yaml` (`a`), words (`b`), style sheets (`c`), by the first byte.
pub fn theme(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let path = ["theme.yaml", "words/ja.yaml", "assets/city.css"][usize::from((choice & 0x1F).wrapping_sub(1)) % 3];
    let text = as_text(rest);
    theme_alone(&[(path, &text)], bytes.len());
}

fn theme_alone(files: &[(&str, &[u8])], length: usize) {
    let findings = theme::alone(files.iter().copied());
    for finding in &findings {
        let related = finding.related.iter().map(|(place, _)| place);
        let fix = finding.fix.iter().map(|fix| &fix.place);
        for place in [&finding.place].into_iter().chain(related).chain(fix) {
            if place.file == FileId::NONE {
                continue;
            }
            let text = files.get(place.file.0 as usize).and_then(|(_, bytes)| std::str::from_utf8(bytes).ok());
            lies_in(text.expect("a file that was given"), place.span);
        }
    }
    if length.is_multiple_of(8) {
        assert_eq!(findings, theme::alone(files.iter().copied()), "the same twice");
    }
}

/// What a stranger sends to the preview.
pub fn request(bytes: &[u8]) {
    let asked = preview::asked(bytes);
    let Ok(Some(asked)) = asked else { return };
    assert!(0 < asked.head && asked.head <= bytes.len(), "{asked:?}");
    // What follows belongs to the next request, and what is cut off is missing.
    let again = preview::asked(&bytes[..asked.head]);
    assert_eq!(again.as_ref(), Ok(&Some(asked.clone())), "the head alone");
    assert!(!matches!(preview::asked(&bytes[..asked.head - 1]), Ok(Some(_))), "a head without its end");
    if let Some(address) = &asked.address {
        assert!(!address.contains(|c: char| c.is_control() || c == '\\'), "{address:?}");
        let parts = || address.split('/');
        assert!(parts().all(|part| part != "." && part != ".."), "{address:?}");
        assert!(address.is_empty() || parts().rev().skip(1).all(|part| !part.is_empty()), "{address:?}");
        assert_eq!(address::decode(&address::encode(address)).as_ref(), Some(address));
    }
    if asked.is_meant {
        // A name that can be pointed at this machine has a dot or a letter that these have not.
        let text = String::from_utf8_lossy(&bytes[..asked.head]).to_lowercase();
        assert!(["localhost", "127.", "::1", "0:1", "ffff:"].iter().any(|name| text.contains(name)), "{text:?}");
    }
}

/// What kohyo reads again of what it has published: manifests (`a`), records (`b`), figures (`c`), by the first byte. Files
/// are removed by what they say.
pub fn published(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    match (choice & 0x1F).wrapping_sub(1) % 3 {
        0 => {
            let Some(manifest) = publish::Manifest::of_bytes(rest) else { return };
            manifest.files.iter().for_each(|file| stays_inside(&file.path));
            let files = || manifest.files.iter().map(|file| (&*file.path, file.size, file.sha256));
            assert_eq!(publish::digest(files()), publish::digest(files()));
        }
        1 => {
            let text = String::from_utf8_lossy(rest);
            publish::recorded_paths(&text).iter().flatten().for_each(|path| stays_inside(path));
        }
        _ => {
            let Some(figures) = site::published_figures::Published::parse(rest) else { return };
            assert_eq!(site::published_figures::Published::parse(&figures.json()), Some(figures));
        }
    }
}

fn stays_inside(path: &str) {
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    assert!(path.split('/').all(is_plain), "{path:?}");
    assert!(!path.contains(|c: char| c.is_control() || c == '\\'), "{path:?}");
}

/// The first bytes of pictures.
pub fn image(bytes: &[u8]) {
    let sources = Sources::from_memory([("content/pages/a.png", bytes)]);
    let Some(file) = sources.find("content/pages/a.png") else { return };
    assert_eq!(sources.image_size(file), sources.image_size(file));
}

/// Dates, years, figures, telephone numbers, addresses and placeholders as people write them.
pub fn value(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    if let Some(date) = calendar::parse_date(text) {
        assert_eq!(date.to_string(), text);
        assert_eq!(calendar::guess_date(text).map(|guess| guess.date), (date.year() >= 1000).then_some(date));
    }
    if let Some(guess) = calendar::guess_date(text) {
        assert_eq!(calendar::parse_date(&guess.date.to_string()), Some(guess.date));
    }
    if let Some(year) = calendar::guess_year(text) {
        assert_eq!(FiscalYear::parse(&year.to_string()), Some(year));
    }
    let guess = Figure::guess(text).map(|guess| guess.figure);
    let read = Figure::read(text);
    if let Some((_, rest)) = &read {
        assert!(text.ends_with(rest));
    }
    for figure in Figure::parse(text).into_iter().chain(guess).chain(read.map(|(figure, _)| figure)) {
        assert_eq!(Figure::parse(figure.as_str()).as_ref(), Some(&figure));
        assert!(figure.compare(&figure).is_eq() && figure.approximate().is_finite());
        let (zeros, unit) = zeros(text);
        assert!(text.ends_with(unit));
        if let Some(fewer) = figure.in_unit(zeros) {
            assert_eq!(Figure::parse(fewer.as_str()), Some(fewer));
        }
    }
    if let Some(telephone) = Telephone::find(text) {
        assert_eq!(format!("{}{}", telephone.number, telephone.note), text);
        assert!(telephone.href().is_none_or(|href| is_safe(&href) && href.is_ascii()));
    }
    assert!(telephone::postal_code(text).is_none_or(|code| code.is_ascii()));
    values_of_links(text);
    for gap in gaps(text) {
        assert!(text.contains(gap.written) && gap.written.contains(gap.name));
    }
    fill(text, Some(bytes.len()), &[("a", "値"), ("b", "{a}")]);
    if let Some((encoding, decoded)) = encoding::recognise(bytes) {
        assert_eq!(encoding.decode(bytes).as_ref(), Some(&decoded));
    }
    assert!(!visible::columns(text).contains(visible::is_hidden));
}

fn values_of_links(text: &str) {
    assert_eq!(address::decode(&address::encode(text)).as_deref(), Some(text));
    if let Some(kind) = document::kind(text)
        && let Kind::Attachment(path) = kind
    {
        assert!(!path.split('/').any(|part| part == ".." && !text.contains("..")), "{path:?}");
    }
    assert!(Scheme::of(text) != Scheme::Outside || is_safe(text), "{text:?}");
    let (path, fragment) = address::split_fragment(text);
    assert!(text.starts_with(path) && fragment.is_none_or(|fragment| text.ends_with(fragment)));
}
