//! What the preview adds to a page: the findings, where the page is written, how to see it as citizens will.

use super::live::Now;
use super::own::{Own, View, own_head, own_mark};
use super::places;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document;
use crate::prepared::Prepared;
use crate::report::human::Tally;
use crate::source::Sources;
use crate::text::html::Html;
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::text::span::Lines;
use std::collections::{BTreeSet, HashMap};

/// Findings of the page itself that are listed.
const OWN_SHOWN: usize = 50;
/// Findings elsewhere that are listed.
const OTHERS_SHOWN: usize = 10;

/// The panel of one page.
pub struct Panel {
    /// The markup, escaped.
    pub html: Html,
    /// Hash of it.
    pub hash: String,
}

/// Markup that goes into a page while it is sent.
pub struct Additions {
    head: Html,
    end: Html,
}

/// The page that is looked at.
pub struct Here<'h> {
    /// The site it is part of.
    pub site: &'h Prepared,
    /// Documents that are shown on it.
    pub files: &'h [FileId],
    /// The document it is made from, where there is one.
    pub file: Option<FileId>,
    /// Why it could not be made.
    pub fault: Option<&'h Diagnostic>,
    /// The view.
    pub view: View,
    /// Its address under the view's root.
    pub address: &'h str,
}

/// Puts additions into a page: the first before the end of its head, the second before the end of its body.
pub fn augment(page: Vec<u8>, additions: &Additions) -> Vec<u8> {
    let text = match String::from_utf8(page) {
        Ok(text) => text,
        Err(error) => return error.into_bytes(),
    };
    let head = text.find("</head>").unwrap_or(0);
    let end = text.rfind("</body>").unwrap_or(text.len()).max(head);
    let parts = [&text[..head], additions.head.as_str(), &text[head..end], additions.end.as_str(), &text[end..]];
    parts.concat().into_bytes()
}

/// The script with what it listens to and which script of a page it knows, the styles, and the panel.
pub fn additions(own: &Own, events: &str, known: Option<&str>, panel: &Panel) -> Additions {
    let mut head = Html::new();
    let mark = own_mark();
    head.push_markup("<link rel=\"stylesheet\"");
    head.push_attribute("href", &own.address(&format!("preview.css?v={mark}")));
    head.push_markup("><script");
    head.push_attribute("src", &own.address(&format!("preview.js?v={mark}")));
    head.push_markup(" defer");
    head.push_attribute("data-events", events);
    if let Some(known) = known {
        head.push_attribute("data-known", known);
    }
    head.push_markup("></script>\n");
    let mut end = Html::new();
    end.push_markup("<div id=\"kohyo-preview\">\n");
    end.push(&panel.html);
    end.push_markup("</div>\n");
    Additions { head, end }
}

/// The panel of a page: where it is written, and what was found there and elsewhere.
pub fn panel(own: &Own, here: &Here<'_>, now: &Now) -> Panel {
    let mut html = Html::new();
    line(own, here, &mut html);
    findings(own, here, now, &mut html);
    let hash = format!("{:016x}", document::hash(html.as_str().as_bytes()));
    Panel { html, hash }
}

/// The line that says that this is a preview.
fn line(own: &Own, here: &Here<'_>, html: &mut Html) {
    let language = own.language;
    let words = |ja: &'static str, en: &'static str| language.pick(ja, en);
    html.push_markup("<nav class=\"kohyo-line");
    html.push_markup(if here.view == View::Now { "" } else { " kohyo-line--dated" });
    html.push_markup("\"");
    html.push_attribute("lang", language.tag());
    html.push_attribute("aria-label", words("プレビュー", "Preview"));
    html.push_markup("><p><b>");
    html.push_text(words("プレビュー", "Preview"));
    html.push_markup("</b></p>");
    if let View::On(date) = here.view {
        html.push_markup("<p class=\"kohyo-line__date\">");
        html.push_text(&match language {
            Language::Japanese => format!("{date} に市民に見える状態です。"),
            Language::English => format!("As citizens see it on {date}."),
        });
        html.push_markup(" <a");
        html.push_attribute("href", &(own.root_of(View::Now) + &crate::text::address::encode(here.address)));
        html.push_markup(">");
        html.push_text(words("下書きを含む今の状態へ", "As it is now, with drafts"));
        html.push_markup("</a></p>");
    }
    if let Some(file) = here.file {
        let path = here.site.sources.path(file);
        html.push_markup("<p>");
        html.push_text(words("原稿 ", "Written in "));
        html.push_markup("<code>");
        html.push_text(path);
        html.push_markup("</code> ");
        open(own, path, 1, 1, html);
        html.push_markup("</p>");
    }
    html.push_markup("<form class=\"kohyo-line__on\"");
    html.push_attribute("action", &own.address("on"));
    html.push_markup("><label for=\"kohyo-date\">");
    html.push_text(words("この日の見え方", "As seen on"));
    html.push_markup("</label> <input type=\"date\" id=\"kohyo-date\" name=\"date\" required");
    if let View::On(date) = here.view {
        html.push_attribute("value", &date.to_string());
    }
    html.push_markup("><input type=\"hidden\" name=\"path\"");
    html.push_attribute("value", here.address);
    html.push_markup("> <button>");
    html.push_text(words("見る", "Show"));
    html.push_markup("</button></form><p><a");
    html.push_attribute("href", &own.address(""));
    html.push_markup(">");
    html.push_text(words("編集者のページ", "Editors’ page"));
    html.push_markup("</a></p></nav>\n");
}

fn findings(own: &Own, here: &Here<'_>, now: &Now, html: &mut Html) {
    let language = own.language;
    let words = |ja: &'static str, en: &'static str| language.pick(ja, en);
    let files: BTreeSet<FileId> = here.files.iter().copied().collect();
    let (mut near, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        now.findings.list.iter().partition(|finding| files.contains(&finding.place.file));
    // What stopped this page is known before everything was examined.
    near.extend(here.fault.filter(|fault| !now.findings.list.contains(fault)));
    near.sort_by_key(|finding| finding.severity);
    let mut others = others;
    others.sort_by_key(|finding| finding.severity);
    html.push_markup("<aside class=\"kohyo-findings\"");
    html.push_attribute("lang", language.tag());
    html.push_attribute("aria-label", words("プレビューの指摘", "Findings of the preview"));
    if near.is_empty() && others.is_empty() {
        html.push_markup(" hidden></aside>\n");
        return;
    }
    html.push_markup("><details");
    html.push_markup(if near.iter().any(|finding| finding.severity == Severity::Error) { " open" } else { "" });
    html.push_markup("><summary>");
    let count = |list: &[&Diagnostic]| counts(list.iter().copied(), language);
    match (near.is_empty(), others.is_empty()) {
        (false, true) => html.push_text(&format!("{} {}", words("このページ:", "This page:"), count(&near))),
        (true, _) => html.push_text(&format!("{} {}", words("ほかのページ:", "Other pages:"), count(&others))),
        (false, false) => {
            html.push_text(&format!("{} {}", words("このページ:", "This page:"), count(&near)));
            html.push_markup("<span class=\"kohyo-findings__more\">");
            html.push_text(&format!("{} {}", words("ほかのページ:", "Other pages:"), count(&others)));
            html.push_markup("</span>");
        }
    }
    html.push_markup("</summary><div class=\"kohyo-findings__list\" tabindex=\"0\" role=\"group\"");
    html.push_attribute("aria-label", words("指摘の一覧", "List of findings"));
    html.push_markup(">\n");
    let sources = now.findings.sources.as_deref().unwrap_or(&here.site.sources);
    let mut texts = Texts::default();
    let mut section = |title: &str, list: &[&Diagnostic], shown: usize, is_elsewhere: bool| {
        if list.is_empty() {
            return;
        }
        html.push_markup("<h2>");
        html.push_text(title);
        html.push_markup("</h2>\n<ol>\n");
        for finding in list.iter().take(shown) {
            one(own, here, finding, sources, &mut texts, is_elsewhere, html);
        }
        html.push_markup("</ol>\n");
        if list.len() > shown {
            html.push_markup("<p><a");
            html.push_attribute("href", &own.address("#findings"));
            html.push_markup(">");
            html.push_text(&match language {
                Language::Japanese => format!("ほか{}件（すべての指摘）", list.len() - shown),
                Language::English => format!("{} more (all findings)", list.len() - shown),
            });
            html.push_markup("</a></p>\n");
        }
    };
    section(words("このページの指摘", "Findings on this page"), &near, OWN_SHOWN, false);
    section(words("ほかのページの指摘", "Findings elsewhere"), &others, OTHERS_SHOWN, true);
    html.push_markup("</div></details><button type=\"button\" data-kohyo-close hidden>");
    html.push_text(words("閉じる", "Close"));
    html.push_markup("</button></aside>\n");
}

/// `エラー1件、警告2件`
pub fn counts<'f>(findings: impl Iterator<Item = &'f Diagnostic>, language: Language) -> String {
    let mut tally = Tally::default();
    for finding in findings {
        match finding.severity {
            Severity::Error => tally.errors += 1,
            Severity::Warning => tally.warnings += 1,
            Severity::Hint => tally.hints += 1,
        }
    }
    let line = tally.line(language);
    // In how many files says nothing here.
    let files = language.pick("（", " in ");
    line.find(files).map_or(line.clone(), |at| line[..at].to_owned())
}

/// The files that findings point into, each read, and its lines counted, once.
#[derive(Default)]
pub struct Texts(HashMap<FileId, Lines<'static>>);

impl Texts {
    fn place(&mut self, place: Place, sources: &Sources) -> (usize, usize) {
        let lines = self.0.entry(place.file).or_insert_with(|| Lines::new(sources.text_lossy(place.file)));
        let at = lines.place(place.span.start as usize);
        (at.line, at.column)
    }
}

fn one(
    own: &Own,
    here: &Here<'_>,
    finding: &Diagnostic,
    sources: &Sources,
    texts: &mut Texts,
    is_elsewhere: bool,
    html: &mut Html,
) {
    let address = places::address_of(here.site, finding.place.file).filter(|_| is_elsewhere);
    finding_item(own, finding, sources, texts, address.map(|path| own.root_of(here.view) + &path), html);
}

/// A finding as an item of a list: what, where, what to write, why.
pub fn finding_item(
    own: &Own,
    finding: &Diagnostic,
    sources: &Sources,
    texts: &mut Texts,
    page: Option<String>,
    html: &mut Html,
) {
    let language = own.language;
    let words = |ja: &'static str, en: &'static str| language.pick(ja, en);
    // A shape for those who do not see the colour, a word for those who do not see the shape.
    let shape = match finding.severity {
        Severity::Error => "■",
        Severity::Warning => "▲",
        Severity::Hint => "●",
    };
    html.push_markup("<li");
    html.push_attribute("class", &format!("kohyo-finding kohyo-finding--{}", finding.severity.name()));
    html.push_markup(
        "><p class=\"kohyo-finding__what\"><span class=\"kohyo-finding__level\"><span aria-hidden=\"true\">",
    );
    html.push_text(shape);
    html.push_markup("</span> ");
    html.push_text(finding.severity.label().get(language));
    html.push_markup("</span> ");
    html.push_text(finding.message.get(language));
    html.push_markup("</p><p class=\"kohyo-finding__where\">");
    let mut place = |place: Place, html: &mut Html| {
        let path = match sources.path(place.file) {
            // The one file whose absence can be a finding.
            "" => "site.yaml",
            path => path,
        };
        let (line, column) = texts.place(place, sources);
        html.push_markup("<code>");
        html.push_text(&format!("{path}:{line}:{column}"));
        html.push_markup("</code> ");
        if sources.find(path).is_some() {
            open(own, path, line, column, html);
        }
    };
    place(finding.place, html);
    if let Some(page) = page {
        html.push_markup(" <a");
        html.push_attribute("href", &page);
        html.push_markup(">");
        html.push_text(words("ページを見る", "See the page"));
        html.push_markup("</a>");
    }
    html.push_markup("</p>");
    for (at, message) in &finding.related {
        html.push_markup("<p class=\"kohyo-finding__where\">");
        html.push_text(message.get(language));
        html.push_text(": ");
        place(*at, html);
        html.push_markup("</p>");
    }
    if let Some(help) = &finding.help {
        html.push_markup("<p><b>");
        html.push_text(words("直し方", "What to write"));
        html.push_markup("</b> ");
        html.push_text(help.get(language));
        html.push_markup("</p>");
    }
    html.push_markup("<p class=\"kohyo-finding__why\"><b>");
    html.push_text(words("理由", "Why"));
    html.push_markup("</b> ");
    html.push_text(finding.rule.why().get(language));
    html.push_markup(" <code>");
    html.push_text(finding.rule.name());
    html.push_markup("</code></p></li>\n");
}

/// What opens a place in the editor: a link, or a form where a command is started.
pub fn open(own: &Own, path: &str, line: usize, column: usize, html: &mut Html) {
    let label = own.language.pick("エディターで開く", "Open in editor");
    match own.editor.link(&own.root.join(path), line, column) {
        Some(link) => {
            html.push_markup("<a");
            html.push_attribute("href", &link);
            html.push_markup(">");
            html.push_text(label);
            html.push_markup("</a>");
        }
        None => {
            html.push_markup("<form class=\"kohyo-open\" method=\"post\"");
            html.push_attribute("action", &own.address("open"));
            html.push_markup(">");
            let fields = [
                ("token", own.token.clone()),
                ("file", path.to_owned()),
                ("line", line.to_string()),
                ("column", column.to_string()),
            ];
            for (name, value) in fields {
                html.push_markup("<input type=\"hidden\"");
                html.push_attribute("name", name);
                html.push_attribute("value", &value);
                html.push_markup(">");
            }
            html.push_markup("<button>");
            html.push_text(label);
            html.push_markup("</button></form>");
        }
    }
}

/// The page that stands where one could not be made. What is wrong comes with the panel.
pub fn fault_page(own: &Own, site: &Prepared, what: &str) -> Html {
    let language = own.language;
    let title = language.pick("このページはまだ作れません", "This page cannot be made yet");
    let mut html = own_head(&format!("{title} | {}", site.site.config.title), language);
    html.push_markup("<link rel=\"stylesheet\"");
    html.push_attribute("href", &own.address("preview.css"));
    html.push_markup("></head>\n<body class=\"kohyo-own\"><main><h1>");
    html.push_text(title);
    html.push_markup("</h1><p><code>");
    html.push_text(what);
    html.push_markup("</code></p><p>");
    html.push_text(language.pick(
        "下の指摘を直して保存すると、ページが現れます。ほかのページは見られます。",
        "Mend what is listed below and save; the page will appear. All other pages are there.",
    ));
    html.push_markup("</p></main></body></html>\n");
    html
}
