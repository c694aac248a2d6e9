//! Events to HTML.
//!
//! Start and end events are balanced, and each writes its tag by the same condition, so the markup is balanced too.
//! Does not know how tables are set ([`super::table`]) nor what a body means: the caller resolves targets.

use super::inline::{Piece, Urls, annotations, is_plain, pieces};
use super::parse::{Document, caption_of, raw_target};
use super::syntax::{is_comment, is_line_break};
use super::{Edition, Form, LinkKind, Options, Resolved, cjk, link};
use crate::text::html::Html;
use pulldown_cmark::{BlockQuoteKind, Event, Tag, TagEnd};
use std::borrow::Cow;
use std::ops::Range;

/// Lists and quotes inside one another, and emphasis inside emphasis, are shown up to this depth; browsers give up at
/// some hundred elements, readers long before. Deeper content stays, without its container.
const DEEPEST: usize = 32;

/// See [`crate::markdown::render_forms`].
pub(super) fn render_forms<const N: usize>(body: &str, forms: [Form<'_>; N]) -> [Html; N] {
    let prepared = cjk::prepare(body);
    let document = Document::parse(&prepared.text);
    let mut plain: Option<Html> = None;
    forms.map(|form| match &plain {
        Some(html) => html.clone(),
        None => {
            let (html, is_plain) = write(&document, form.options, form.resolve);
            plain = is_plain.then(|| html.clone());
            html
        }
    })
}

/// The HTML, and whether it is the same in every edition: without tables, and without targets to ask about.
fn write(document: &Document, options: &Options, resolve: &dyn Fn(&str, LinkKind) -> Resolved) -> (Html, bool) {
    let mut writer = Writer {
        notes: Vec::new(),
        note_numbers: vec![None; document.notes.len()],
        document,
        options,
        resolve,
        out: Html::new(),
        containers: 0,
        emphases: 0,
        links: Vec::new(),
        tables_without_caption: 0,
        repeating: false,
        is_plain: true,
    };
    writer.write(0..document.events.len());
    writer.footnotes();
    (writer.out, writer.is_plain)
}

pub(super) struct Writer<'w> {
    pub(super) document: &'w Document<'w>,
    pub(super) options: &'w Options<'w>,
    resolve: &'w dyn Fn(&str, LinkKind) -> Resolved,
    pub(super) out: Html,
    /// Lists and quotes around the current event.
    pub(super) containers: usize,
    /// Emphasis around the current event.
    emphases: usize,
    /// Links around the current event: at most `[<https://a.jp>](b)`.
    links: Vec<OpenLink>,
    /// Footnotes in the order of their first reference.
    notes: Vec<Note>,
    /// For each definition its number minus one, once it is referenced.
    note_numbers: Vec<Option<usize>>,
    pub(super) tables_without_caption: usize,
    /// Whether the same events have been written before, so that ids and references must not come again.
    pub(super) repeating: bool,
    /// Nothing so far depends on the edition or on what targets mean.
    pub(super) is_plain: bool,
}

/// What to write where a link ends.
enum OpenLink {
    /// Nothing: its text stands alone.
    Text,
    /// The end of the link.
    Anchor { external: bool, attachment: Option<String> },
}

/// A footnote that is referenced.
struct Note {
    definition: usize,
    references: usize,
}

impl Writer<'_> {
    /// Writes a range of events.
    pub(super) fn write(&mut self, events: Range<usize>) {
        let mut index = events.start;
        while index < events.end {
            index = self.event(index);
        }
    }

    /// Writes a range of events into a piece of its own.
    pub(super) fn written(&mut self, events: Range<usize>) -> Html {
        let outer = std::mem::take(&mut self.out);
        self.write(events);
        std::mem::replace(&mut self.out, outer)
    }

    /// Writes one event, or the whole element it starts; returns the index of the next event to write.
    fn event(&mut self, index: usize) -> usize {
        let document = self.document;
        match &document.events[index] {
            Event::Start(tag) => return self.start(index, tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => self.text(text),
            Event::Code(code) => {
                self.out.push_markup("<code>");
                self.plain(code);
                self.out.push_markup("</code>");
            }
            Event::InlineHtml(html) if is_comment(html) => {}
            Event::InlineHtml(html) if is_line_break(html) => self.out.push_markup("<br>"),
            Event::Html(html) | Event::InlineHtml(html) => self.plain(html),
            Event::FootnoteReference(label) => self.reference(label),
            Event::SoftBreak if document.is_seamless(index) => {}
            Event::SoftBreak => self.out.push_markup("\n"),
            Event::HardBreak => self.out.push_markup("<br>\n"),
            Event::Rule => self.out.push_markup("<hr>\n"),
            Event::TaskListMarker(done) => {
                self.out.push_markup("<span class=\"task-state\">");
                self.out.push_text(if *done { self.options.words.done } else { self.options.words.todo });
                self.out.push_markup("</span> ");
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
        index + 1
    }

    fn start(&mut self, index: usize, tag: &Tag) -> usize {
        match tag {
            Tag::Paragraph => {
                if let Some(next) = self.figure(index) {
                    return next;
                }
                if let Some(caption) = caption_of(self.document, index) {
                    let table = caption.table;
                    return self.table(table, Some(caption));
                }
                self.out.push_markup("<p>");
            }
            Tag::Heading { .. } => return self.heading(index),
            Tag::BlockQuote(kind) => {
                self.containers += 1;
                if self.containers <= DEEPEST {
                    match kind {
                        None => self.out.push_markup("<blockquote>\n"),
                        Some(kind) => self.alert(*kind),
                    }
                }
            }
            Tag::CodeBlock(_) => {
                let end = self.document.end_of(index);
                self.out.push_markup("<pre tabindex=\"0\"><code>");
                for event in &self.document.events[index + 1..end] {
                    if let Event::Text(text) = event {
                        self.plain(text);
                    }
                }
                self.out.push_markup("</code></pre>\n");
                return end + 1;
            }
            Tag::HtmlBlock => {
                let (text, end) = self.document.html_block(index);
                if !text.is_empty() {
                    self.out.push_markup("<p>");
                    self.out.push_text(&text);
                    self.out.push_markup("</p>\n");
                }
                return end + 1;
            }
            Tag::List(first) => {
                self.containers += 1;
                if self.containers <= DEEPEST {
                    match first {
                        None => self.out.push_markup("<ul>\n"),
                        Some(1) => self.out.push_markup("<ol>\n"),
                        Some(first) => {
                            self.out.push_markup("<ol");
                            self.out.push_attribute("start", &first.to_string());
                            self.out.push_markup(">\n");
                        }
                    }
                }
            }
            Tag::Item => self.item(index),
            // Written at the end, if anything refers to them.
            Tag::FootnoteDefinition(_) => {
                let starts_here = |note: &Range<usize>| note.start.cmp(&(index + 1));
                let note = self.document.notes.binary_search_by(starts_here);
                return note.map_or(index + 1, |note| self.document.notes[note].end + 1);
            }
            Tag::Table(_) => return self.table(index, None),
            Tag::Emphasis => self.emphasis("<em>"),
            Tag::Strong => self.emphasis("<strong>"),
            Tag::Strikethrough => self.emphasis("<del>"),
            Tag::Link { link_type, dest_url, .. } => {
                let raw = raw_target(*link_type, dest_url);
                let open = self.open_link(&link::target(&raw));
                self.links.push(open);
                // A link without text cannot be read aloud: its target is its text.
                let end = self.document.end_of(index);
                if self.is_blank(index + 1..end) {
                    self.out.push_text(&link::target(&raw));
                    return end;
                }
            }
            Tag::Image { dest_url, .. } => {
                let end = self.document.end_of(index);
                let alt = self.document.text(index + 1..end);
                self.image(&link::target(dest_url), &alt);
                return end + 1;
            }
            // Tables are written as a whole; the rest is syntax that is not switched on.
            _ => {}
        }
        index + 1
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.out.push_markup("</p>\n"),
            TagEnd::BlockQuote(kind) => {
                if self.containers <= DEEPEST {
                    self.out.push_markup(if kind.is_some() { "</div>\n" } else { "</blockquote>\n" });
                }
                self.containers -= 1;
            }
            TagEnd::List(ordered) => {
                if self.containers <= DEEPEST {
                    self.out.push_markup(if ordered { "</ol>\n" } else { "</ul>\n" });
                }
                self.containers -= 1;
            }
            TagEnd::Item if self.containers <= DEEPEST => self.out.push_markup("</li>\n"),
            TagEnd::Item => self.out.push_markup("\n"),
            TagEnd::Emphasis => self.end_emphasis("</em>"),
            TagEnd::Strong => self.end_emphasis("</strong>"),
            TagEnd::Strikethrough => self.end_emphasis("</del>"),
            TagEnd::Link => {
                if let Some(OpenLink::Anchor { external, attachment }) = self.links.pop() {
                    self.close_link(external, attachment.as_deref());
                }
            }
            // Written with the start of their element.
            _ => {}
        }
    }

    fn emphasis(&mut self, tag: &'static str) {
        self.emphases += 1;
        if self.emphases <= DEEPEST {
            self.out.push_markup(tag);
        }
    }

    fn end_emphasis(&mut self, tag: &'static str) {
        if self.emphases <= DEEPEST {
            self.out.push_markup(tag);
        }
        self.emphases -= 1;
    }

    /// Text of an event as the author wrote it, without marks of our own.
    fn plain(&mut self, text: &str) {
        self.out.push_text(&cjk::clean(text));
    }

    /// Text with ruby, words of other languages and, outside links, bare URLs.
    pub(super) fn text(&mut self, text: &str) {
        if is_plain(text) {
            return self.out.push_text(text);
        }
        let urls = if self.links.is_empty() { Urls::Linked } else { Urls::Text };
        pieces(text, urls, |piece| match piece {
            Piece::Text(text) => self.plain(text),
            Piece::Ruby { base, readings } => annotations(base, readings, |base, readings| {
                self.out.push_markup("<ruby>");
                self.out.push_text(base);
                self.out.push_markup("<rp>（</rp><rt>");
                readings.for_each(|reading| self.out.push_text(reading));
                self.out.push_markup("</rt><rp>）</rp></ruby>");
            }),
            Piece::Foreign { text, language } => {
                self.out.push_markup("<span");
                self.out.push_attribute("lang", language);
                self.out.push_markup(">");
                self.plain(text);
                self.out.push_markup("</span>");
            }
            Piece::Url(url) => {
                let target = link::target(url);
                let open = self.open_link(&target);
                self.out.push_text(&target);
                if let OpenLink::Anchor { external, attachment } = open {
                    self.close_link(external, attachment.as_deref());
                }
            }
        });
    }

    fn heading(&mut self, index: usize) -> usize {
        let document = self.document;
        let Ok(found) = document.headings.binary_search_by(|heading| heading.events.start.cmp(&index)) else {
            // Inside a footnote, which has no place in the outline of the page.
            let end = document.end_of(index);
            self.out.push_markup("<p><strong>");
            self.write(index + 1..end);
            self.out.push_markup("</strong></p>\n");
            return end + 1;
        };
        let heading = &document.headings[found];
        if !heading.text.is_empty() {
            let level = self.options.heading_base.clamp(1, 6).saturating_add(heading.depth).min(6);
            let (open, close) = match level {
                1 => ("<h1", "</h1>\n"),
                2 => ("<h2", "</h2>\n"),
                3 => ("<h3", "</h3>\n"),
                4 => ("<h4", "</h4>\n"),
                5 => ("<h5", "</h5>\n"),
                _ => ("<h6", "</h6>\n"),
            };
            self.out.push_markup(open);
            self.push_id("id", "", format_args!("{}", heading.id));
            self.out.push_markup(">");
            self.write(heading.events.start + 1..heading.events.end - 1);
            self.out.push_markup(close);
        }
        heading.events.end
    }

    /// Writes ` name="{before}{prefix}{id}"`.
    fn push_id(&mut self, name: &'static str, before: &'static str, id: std::fmt::Arguments) {
        self.out.push_attribute(name, &format!("{before}{}{id}", self.options.id_prefix));
    }

    fn alert(&mut self, kind: BlockQuoteKind) {
        let (open, title) = match kind {
            BlockQuoteKind::Note => ("<div class=\"note note-note\" role=\"note\">\n", 0),
            BlockQuoteKind::Tip => ("<div class=\"note note-tip\" role=\"note\">\n", 1),
            BlockQuoteKind::Important => ("<div class=\"note note-important\" role=\"note\">\n", 2),
            BlockQuoteKind::Warning => ("<div class=\"note note-warning\" role=\"note\">\n", 3),
            BlockQuoteKind::Caution => ("<div class=\"note note-caution\" role=\"note\">\n", 4),
        };
        self.out.push_markup(open);
        let title = self.options.words.alerts[title];
        if !title.is_empty() {
            self.out.push_markup("<p class=\"note-title\">");
            self.out.push_text(title);
            self.out.push_markup("</p>\n");
        }
    }

    fn item(&mut self, index: usize) {
        if self.containers > DEEPEST {
            return;
        }
        let event = |at: usize| self.document.events.get(at);
        let marker = match event(index + 1) {
            Some(Event::Start(Tag::Paragraph)) => event(index + 2),
            other => other,
        };
        self.out.push_markup(match marker {
            Some(Event::TaskListMarker(true)) => "<li class=\"task task-done\"",
            Some(Event::TaskListMarker(false)) => "<li class=\"task\"",
            _ => "<li",
        });
        if let Some(number) = self.document.numbers.get(&index) {
            self.out.push_attribute("value", &number.to_string());
        }
        self.out.push_markup(">");
    }

    /// Starts a link, unless its text should stand alone.
    fn open_link(&mut self, target: &str) -> OpenLink {
        if !link::is_allowed(target) || self.is_in_anchor() {
            return OpenLink::Text;
        }
        let Resolved::Href { href, external, attachment } = self.resolved(target, LinkKind::Link) else {
            return OpenLink::Text;
        };
        self.push_anchor(&href, external).map_or(OpenLink::Text, |()| OpenLink::Anchor { external, attachment })
    }

    fn is_in_anchor(&self) -> bool {
        self.links.iter().any(|link| matches!(link, OpenLink::Anchor { .. }))
    }

    fn push_anchor(&mut self, href: &str, external: bool) -> Option<()> {
        if !link::is_allowed(href) {
            return None;
        }
        self.out.push_markup(if external { "<a class=\"external\" rel=\"noopener\"" } else { "<a" });
        match href.strip_prefix('#').map(link::decoded).filter(|id| self.document.anchors.contains(id)) {
            Some(id) => self.push_id("href", "#", format_args!("{id}")),
            None => link::push_url(&mut self.out, "href", href),
        }
        self.out.push_markup(">");
        Some(())
    }

    fn resolved(&mut self, target: &str, kind: LinkKind) -> Resolved {
        self.is_plain = false;
        (self.resolve)(target, kind)
    }

    fn close_link(&mut self, external: bool, attachment: Option<&str>) {
        if let Some(attachment) = attachment {
            self.out.push_markup("<span class=\"attachment\">");
            self.out.push_text(attachment);
            self.out.push_markup("</span>");
        }
        if external {
            self.out.push_markup("<span class=\"external-mark\">");
            self.out.push_text(self.options.words.external);
            self.out.push_markup("</span>");
        }
        self.out.push_markup("</a>");
    }

    /// Writes an image, or what is left of it: a link with its alternative text, or that text alone.
    fn image(&mut self, target: &str, alt: &str) {
        let resolved = match link::is_allowed(target) {
            true => self.resolved(target, LinkKind::Image),
            false => Resolved::Nothing,
        };
        match resolved {
            Resolved::Image { src, width, height } if link::is_allowed(&src) => {
                self.out.push_markup("<img");
                link::push_url(&mut self.out, "src", &src);
                self.out.push_attribute("alt", alt);
                // The large edition is printed: there, what was never scrolled into view must not be missing.
                if self.options.edition == Edition::Screen {
                    self.out.push_markup(" loading=\"lazy\"");
                }
                self.out.push_markup(" decoding=\"async\"");
                for (name, pixels) in [("width", width), ("height", height)] {
                    if let Some(pixels) = pixels {
                        self.out.push_attribute(name, &pixels.to_string());
                    }
                }
                self.out.push_markup(">");
            }
            Resolved::Href { href, external, attachment } if !self.is_in_anchor() => {
                let opened = self.push_anchor(&href, external);
                self.out.push_text(if alt.trim().is_empty() { target } else { alt });
                if opened.is_some() {
                    self.close_link(external, attachment.as_deref());
                }
            }
            _ => self.out.push_text(alt),
        }
    }

    /// Writes a paragraph that is nothing but an image.
    fn figure(&mut self, index: usize) -> Option<usize> {
        let document = self.document;
        let Event::Start(Tag::Image { dest_url, title, .. }) = document.events.get(index + 1)? else { return None };
        let end = document.end_of(index + 1);
        if !matches!(document.events.get(end + 1)?, Event::End(TagEnd::Paragraph)) {
            return None;
        }
        let outer = std::mem::take(&mut self.out);
        self.image(&link::target(dest_url), &document.text(index + 2..end));
        let image = std::mem::replace(&mut self.out, outer);
        if !image.as_str().starts_with("<img") {
            if !image.is_empty() {
                self.out.push_markup("<p>");
                self.out.push(&image);
                self.out.push_markup("</p>\n");
            }
            return Some(end + 2);
        }
        self.out.push_markup("<figure>");
        self.out.push(&image);
        let title = cjk::clean(title);
        if !title.trim().is_empty() {
            self.out.push_markup("<figcaption>");
            self.out.push_text(&title);
            self.out.push_markup("</figcaption>");
        }
        self.out.push_markup("</figure>\n");
        Some(end + 2)
    }

    /// Whether a range of events shows nothing.
    pub(super) fn is_blank(&self, events: Range<usize>) -> bool {
        self.document.events[events].iter().all(|event| match event {
            Event::Text(text) => text.trim_matches(|c: char| c.is_whitespace() || c == cjk::JOINT).is_empty(),
            Event::InlineHtml(html) => is_comment(html) || is_line_break(html),
            Event::Code(_) | Event::Html(_) | Event::FootnoteReference(_) | Event::Start(Tag::Image { .. }) => false,
            _ => true,
        })
    }

    fn reference(&mut self, label: &str) {
        if self.repeating {
            return;
        }
        let Some(definition) = self.document.note(label) else {
            self.out.push_markup("[^");
            self.plain(label);
            self.out.push_markup("]");
            return;
        };
        let note = *self.note_numbers[definition].get_or_insert(self.notes.len());
        if note == self.notes.len() {
            self.notes.push(Note { definition, references: 0 });
        }
        self.notes[note].references += 1;
        let references = self.notes[note].references;
        let number = note + 1;
        self.out.push_markup("<sup class=\"footnote-ref\"");
        self.push_id("id", "", format_args!("fnref-{}", nth_reference(number, references)));
        self.out.push_markup(">");
        self.out.push_markup("<a");
        self.push_id("href", "#", format_args!("fn-{number}"));
        let label = self.options.words.footnote.replace("{n}", &number.to_string());
        self.out.push_attribute("aria-label", &label);
        self.out.push_markup(">");
        self.out.push_number(number);
        self.out.push_markup("</a>");
        self.out.push_markup("</sup>");
    }

    /// Writes the section of footnotes. Notes may refer to further notes and to each other, so their contents are
    /// written first and the ways back afterwards.
    fn footnotes(&mut self) {
        let document = self.document;
        let mut contents: Vec<(Html, bool)> = Vec::new();
        while let Some(note) = self.notes.get(contents.len()) {
            let mut events = document.notes[note.definition].clone();
            // The ways back stand at the end of the last paragraph, if the note ends in one.
            let in_paragraph = document.events[events.clone()]
                .last()
                .is_some_and(|event| matches!(event, Event::End(TagEnd::Paragraph)))
                && self.ends_in_text(events.end - 1);
            if in_paragraph {
                events.end -= 1;
            }
            let content = self.written(events);
            contents.push((content, in_paragraph));
        }
        if contents.is_empty() {
            return;
        }
        self.out.push_markup("<section class=\"footnotes\"");
        self.out.push_attribute("aria-label", self.options.words.footnotes);
        self.out.push_markup(">\n<ol>\n");
        for (note, (content, in_paragraph)) in contents.iter().enumerate() {
            let number = note + 1;
            self.out.push_markup("<li");
            self.push_id("id", "", format_args!("fn-{number}"));
            self.out.push_markup(">");
            self.out.push(content);
            if !in_paragraph {
                self.out.push_markup("<p>");
            }
            for reference in 1..=self.notes[note].references {
                let name = nth_reference(number, reference);
                self.out.push_markup(" <a class=\"footnote-back\"");
                self.push_id("href", "#", format_args!("fnref-{name}"));
                self.out.push_attribute("aria-label", &self.options.words.back.replace("{n}", &name));
                // An arrow that Japanese fonts have and no system shows as an emoji.
                self.out.push_markup(">↑</a>");
            }
            self.out.push_markup("</p>\n</li>\n");
        }
        self.out.push_markup("</ol>\n</section>\n");
    }

    /// Whether the paragraph that ends at `end` is written as a `<p>`, not as a figure or caption.
    fn ends_in_text(&self, end: usize) -> bool {
        !matches!(self.document.events[end - 1], Event::End(TagEnd::Image))
    }
}

/// Names a reference: `1`, then `1-2`, `1-3` for further references to the same note.
fn nth_reference(number: usize, reference: usize) -> Cow<'static, str> {
    match reference {
        1 => Cow::Owned(number.to_string()),
        _ => Cow::Owned(format!("{number}-{reference}")),
    }
}
