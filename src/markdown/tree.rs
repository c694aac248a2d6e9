//! Events to a tree of plain values, for readers that are no browser: the printed booklets.
//!
//! The same text, the same links and the same order as the HTML; footnotes come apart, because paper has them at the
//! end. Nothing in the tree is markup of any kind: what an author wrote is text in it, whatever it looks like.

use super::inline::{Piece, Urls, annotations, is_plain, pieces};
use super::parse::{Caption, Document, caption_of, raw_target};
use super::syntax::{is_comment, is_line_break};
use super::table::cells;
use super::{LinkKind, cjk, link};
use pulldown_cmark::{Alignment, BlockQuoteKind, Event, Tag, TagEnd};
use serde::Serialize;
use std::ops::Range;

/// Lists and quotes inside one another, and emphasis inside emphasis, up to this depth; deeper content stays, without
/// its container. Less than on a screen: every level of indentation takes a letter off each line.
const DEEPEST: usize = 8;

/// A block of a body. `t` names the kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its content.
        c: Vec<Inline>,
    },
    /// A heading.
    Heading {
        /// Levels below the topmost heading of the body, without gaps.
        depth: u8,
        /// The visible text, ruby read once.
        s: String,
        /// Its content, where that says more than the text: notes, links, readings. Else nothing.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        c: Vec<Inline>,
    },
    /// A list; numbered where `start` is given.
    List {
        /// The first number.
        start: Option<u64>,
        /// The items.
        items: Vec<Vec<Block>>,
        /// For each item its number where it does not count on from the one before; empty where all do.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        numbers: Vec<Option<u64>>,
    },
    /// A quotation; with a title it is a note such as 注意.
    Quote {
        /// 補足, 参考, 重要, 注意, 警告
        title: Option<String>,
        /// Its content.
        c: Vec<Block>,
    },
    /// Text whose line breaks count.
    Code {
        /// The text.
        s: String,
    },
    /// A line between two thoughts.
    Rule,
    /// A table.
    Table {
        /// What it shows, as text.
        caption: Option<String>,
        /// The caption's content, where that says more than the text; as in a heading.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        caption_c: Vec<Inline>,
        /// For each column `start`, `center` or `end`.
        align: Vec<&'static str>,
        /// Heads of the columns.
        header: Vec<Vec<Inline>>,
        /// Cells.
        rows: Vec<Vec<Vec<Inline>>>,
        /// Whether the first column heads the rows: its own head is empty.
        heads_rows: bool,
    },
    /// An image on its own.
    Figure {
        /// As the caller resolved it.
        file: String,
        /// Its alternative.
        alt: String,
        /// What stands below it.
        caption: Option<String>,
    },
    /// A list of a value, with its marks as written.
    Marked {
        /// The items.
        items: Vec<Marked>,
    },
}

/// An item of a list of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Marked {
    /// `・`, `(1)`
    pub mark: String,
    /// Its content.
    pub c: Vec<Block>,
}

/// A part of a line. `t` names the kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "kebab-case")]
pub enum Inline {
    /// Text.
    Text {
        /// The text.
        s: String,
    },
    /// Emphasis of either kind: slanted Japanese is no emphasis.
    Strong {
        /// Its content.
        c: Vec<Inline>,
    },
    /// Struck out.
    Deleted {
        /// Its content.
        c: Vec<Inline>,
    },
    /// A word as it stands in a program.
    Code {
        /// The text.
        s: String,
    },
    /// 漢字 with its reading.
    Ruby {
        /// 漢字
        s: String,
        /// かんじ
        reading: String,
    },
    /// Text in another language.
    Foreign {
        /// The text.
        s: String,
        /// Its language.
        lang: String,
    },
    /// A link.
    Link {
        /// Its text.
        c: Vec<Inline>,
        /// Where it leads, in full; none where that is not known.
        href: Option<String>,
        /// What a reader of paper can type; none where the text says it already.
        shown: Option<String>,
    },
    /// An image inside a line.
    Image {
        /// As the caller resolved it.
        file: String,
        /// Its alternative.
        alt: String,
    },
    /// A new line.
    Break,
    /// The mark of a note.
    Note {
        /// Its number.
        n: usize,
    },
    /// The state of a task.
    Task {
        /// 済 or 未
        s: String,
    },
}

/// Where a target leads on paper, as decided by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A place to go to.
    Link {
        /// The full address; none where there is none yet.
        href: Option<String>,
        /// What stands in brackets after the text.
        shown: Option<String>,
    },
    /// A picture to show.
    Image(String),
    /// Nothing: the text alone is shown.
    Text,
}

/// Words and numbers that a tree needs.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// How many notes came before: the first one here gets the next number.
    pub notes_before: usize,
    /// Words of the page's language.
    pub words: &'a super::Words<'a>,
}

/// Reads a body into blocks, and its footnotes in the order of their first reference.
pub fn tree(
    body: &str,
    options: &Options,
    resolve: &dyn Fn(&str, LinkKind) -> Destination,
) -> (Vec<Block>, Vec<Vec<Block>>) {
    let prepared = cjk::prepare(body);
    let document = Document::parse(&prepared.text);
    let numbers = vec![None; document.notes.len()];
    let mut reader =
        Reader { document: &document, options, resolve, notes: Vec::new(), numbers, containers: 0, emphases: 0 };
    let blocks = reader.blocks(0..document.events.len());
    let mut notes = Vec::new();
    // Notes may refer to further notes.
    while let Some(definition) = reader.notes.get(notes.len()).copied() {
        notes.push(reader.blocks(document.notes[definition].clone()));
    }
    (blocks, notes)
}

struct Reader<'r> {
    document: &'r Document<'r>,
    options: &'r Options<'r>,
    resolve: &'r dyn Fn(&str, LinkKind) -> Destination,
    /// Definitions of footnotes in the order of their first reference.
    notes: Vec<usize>,
    numbers: Vec<Option<usize>>,
    /// Lists and quotes around the current event.
    containers: usize,
    /// Emphasis around it.
    emphases: usize,
}

/// An element whose end has not come yet.
struct Open {
    kind: Kind,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
}

enum Kind {
    /// The range itself, or an item of a list.
    Flow,
    List(Option<u64>, Vec<Vec<Block>>, Vec<Option<u64>>),
    Quote(Option<String>),
    Paragraph,
    Strong,
    Deleted,
    Link(Option<String>, Option<String>),
    /// Content stays, the container does not.
    Nothing,
}

impl Open {
    fn new(kind: Kind) -> Self {
        Self { kind, blocks: Vec::new(), inlines: Vec::new() }
    }

    /// Text of a tight list becomes a paragraph when a block follows or the item ends.
    fn settle(&mut self) {
        let inlines = std::mem::take(&mut self.inlines);
        if inlines.iter().any(is_visible) {
            self.blocks.push(Block::Paragraph { c: inlines });
        }
    }
}

fn is_visible(inline: &Inline) -> bool {
    match inline {
        Inline::Text { s } => !s.trim().is_empty(),
        Inline::Break => false,
        _ => true,
    }
}

/// The content of a line if it says more than its letters, else nothing: emphasis is no news where all is bold.
fn telling(c: Vec<Inline>) -> Vec<Inline> {
    fn tells(inline: &Inline) -> bool {
        match inline {
            Inline::Text { .. } | Inline::Code { .. } => false,
            Inline::Strong { c } => c.iter().any(tells),
            _ => true,
        }
    }
    if c.iter().any(tells) { c } else { Vec::new() }
}

impl Reader<'_> {
    fn blocks(&mut self, events: Range<usize>) -> Vec<Block> {
        let mut root = self.read(events);
        root.settle();
        root.blocks
    }

    fn inlines(&mut self, events: Range<usize>) -> Vec<Inline> {
        self.read(events).inlines
    }

    fn read(&mut self, events: Range<usize>) -> Open {
        let mut stack = vec![Open::new(Kind::Flow)];
        let mut index = events.start;
        while index < events.end {
            index = self.event(index, &mut stack);
        }
        while stack.len() > 1 {
            close(&mut stack);
        }
        stack.pop().unwrap_or_else(|| Open::new(Kind::Flow))
    }

    /// Reads one event, or the whole element it starts; returns the index of the next event.
    fn event(&mut self, index: usize, stack: &mut Vec<Open>) -> usize {
        let document = self.document;
        let push = |stack: &mut Vec<Open>, inline: Inline| {
            if let Some(top) = stack.last_mut() {
                top.inlines.push(inline);
            }
        };
        match &document.events[index] {
            Event::Start(tag) => return self.start(index, tag, stack),
            Event::End(tag) => self.end(*tag, stack),
            Event::Text(text) => self.text(text, stack),
            Event::Code(code) => push(stack, Inline::Code { s: cjk::clean(code).into_owned() }),
            Event::InlineHtml(html) if is_comment(html) => {}
            Event::InlineHtml(html) if is_line_break(html) => push(stack, Inline::Break),
            Event::Html(html) | Event::InlineHtml(html) => {
                push(stack, Inline::Text { s: cjk::clean(html).into_owned() });
            }
            Event::FootnoteReference(label) => push(stack, self.reference(label)),
            Event::SoftBreak if document.is_seamless(index) => {}
            Event::SoftBreak => push(stack, Inline::Text { s: " ".into() }),
            Event::HardBreak => push(stack, Inline::Break),
            Event::Rule => push_block(stack, Block::Rule),
            Event::TaskListMarker(done) => {
                let words = self.options.words;
                push(stack, Inline::Task { s: if *done { words.done } else { words.todo }.into() });
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
        index + 1
    }

    fn start(&mut self, index: usize, tag: &Tag, stack: &mut Vec<Open>) -> usize {
        match tag {
            Tag::Paragraph => {
                if let Some(next) = self.figure(index, stack) {
                    return next;
                }
                if let Some(caption) = caption_of(self.document, index) {
                    return self.table(caption.table, Some(&caption), stack);
                }
                stack.push(Open::new(Kind::Paragraph));
            }
            Tag::Heading { .. } => {
                let found = self.document.headings.binary_search_by(|heading| heading.events.start.cmp(&index));
                let Ok(found) = found else {
                    // Inside a footnote, which has no place in the outline.
                    let end = self.document.end_of(index);
                    let c = vec![Inline::Strong { c: self.inlines(index + 1..end) }];
                    push_block(stack, Block::Paragraph { c });
                    return end + 1;
                };
                let heading = &self.document.headings[found];
                if !heading.text.is_empty() {
                    let c = telling(self.inlines(heading.events.start + 1..heading.events.end - 1));
                    push_block(stack, Block::Heading { depth: heading.depth, s: heading.text.clone(), c });
                }
                return heading.events.end;
            }
            Tag::BlockQuote(kind) => {
                let words = &self.options.words.alerts;
                let title = kind.map(|kind| match kind {
                    BlockQuoteKind::Note => words[0],
                    BlockQuoteKind::Tip => words[1],
                    BlockQuoteKind::Important => words[2],
                    BlockQuoteKind::Warning => words[3],
                    BlockQuoteKind::Caution => words[4],
                });
                self.open_container(Kind::Quote(title.map(str::to_owned)), stack);
            }
            Tag::List(first) => self.open_container(Kind::List(*first, Vec::new(), Vec::new()), stack),
            Tag::Item => {
                if let Some(Open { kind: Kind::List(_, _, numbers), .. }) = stack.last_mut() {
                    numbers.push(self.document.numbers.get(&index).copied());
                }
                stack.push(Open::new(Kind::Flow));
            }
            Tag::CodeBlock(_) => {
                let end = self.document.end_of(index);
                let mut s = String::new();
                for event in &self.document.events[index + 1..end] {
                    if let Event::Text(text) = event {
                        s.push_str(&cjk::clean(text));
                    }
                }
                push_block(stack, Block::Code { s });
                return end + 1;
            }
            Tag::HtmlBlock => {
                let (s, end) = self.document.html_block(index);
                if !s.is_empty() {
                    push_block(stack, Block::Paragraph { c: vec![Inline::Text { s }] });
                }
                return end + 1;
            }
            Tag::FootnoteDefinition(_) => {
                let note = self.document.notes.binary_search_by(|note| note.start.cmp(&(index + 1)));
                return note.map_or(index + 1, |note| self.document.notes[note].end + 1);
            }
            Tag::Table(_) => return self.table(index, None, stack),
            Tag::Emphasis | Tag::Strong => self.open_emphasis(Kind::Strong, stack),
            Tag::Strikethrough => self.open_emphasis(Kind::Deleted, stack),
            Tag::Link { link_type, dest_url, .. } => {
                let raw = raw_target(*link_type, dest_url);
                let target = link::target(&raw);
                let kind = self.link(&target, in_link(stack));
                stack.push(Open::new(kind));
            }
            Tag::Image { dest_url, .. } => {
                let end = self.document.end_of(index);
                let alt = self.document.text(index + 1..end);
                let inline = self.image(&link::target(dest_url), alt);
                if let Some(top) = stack.last_mut() {
                    top.inlines.push(inline);
                }
                return end + 1;
            }
            _ => {}
        }
        index + 1
    }

    fn end(&mut self, tag: TagEnd, stack: &mut Vec<Open>) {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.containers -= 1;
                close(stack);
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.emphases -= 1;
                if self.emphases < DEEPEST {
                    close(stack);
                }
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::Link => close(stack),
            _ => {}
        }
    }

    fn open_container(&mut self, kind: Kind, stack: &mut Vec<Open>) {
        self.containers += 1;
        stack.push(Open::new(if self.containers <= DEEPEST { kind } else { Kind::Nothing }));
    }

    /// What is too deep opens nothing, so its content need not be handed up through each of thousands.
    fn open_emphasis(&mut self, kind: Kind, stack: &mut Vec<Open>) {
        self.emphases += 1;
        if self.emphases <= DEEPEST {
            stack.push(Open::new(kind));
        }
    }

    fn link(&self, target: &str, is_inside_link: bool) -> Kind {
        if is_inside_link || !link::is_allowed(target) {
            return Kind::Nothing;
        }
        match (self.resolve)(target, LinkKind::Link) {
            Destination::Link { href, shown } => Kind::Link(href, shown),
            Destination::Image(_) | Destination::Text => Kind::Nothing,
        }
    }

    fn image(&self, target: &str, alt: String) -> Inline {
        let destination = match link::is_allowed(target) {
            true => (self.resolve)(target, LinkKind::Image),
            false => Destination::Text,
        };
        match destination {
            Destination::Image(file) => Inline::Image { file, alt },
            Destination::Link { href, shown } => Inline::Link { c: vec![Inline::Text { s: alt }], href, shown },
            Destination::Text => Inline::Text { s: alt },
        }
    }

    /// A paragraph that is nothing but an image.
    fn figure(&mut self, index: usize, stack: &mut [Open]) -> Option<usize> {
        let document = self.document;
        let Event::Start(Tag::Image { dest_url, title, .. }) = document.events.get(index + 1)? else { return None };
        let end = document.end_of(index + 1);
        if !matches!(document.events.get(end + 1)?, Event::End(TagEnd::Paragraph)) {
            return None;
        }
        let block = match self.image(&link::target(dest_url), document.text(index + 2..end)) {
            Inline::Image { file, alt } => {
                let caption = cjk::clean(title);
                let caption = (!caption.trim().is_empty()).then(|| caption.into_owned());
                Block::Figure { file, alt, caption }
            }
            inline => Block::Paragraph { c: vec![inline] },
        };
        push_block(stack, block);
        Some(end + 2)
    }

    /// What a caption says beyond its text. Read before the cells: notes are numbered in the order in which they are met.
    fn caption(&mut self, caption: &Caption) -> Vec<Inline> {
        let mut line = [Open::new(Kind::Flow)];
        self.text(caption.first, &mut line);
        let mut c = std::mem::take(&mut line[0].inlines);
        c.append(&mut self.inlines(caption.others.clone()));
        telling(c)
    }

    fn table(&mut self, index: usize, caption: Option<&Caption>, stack: &mut [Open]) -> usize {
        let caption_c = caption.map_or_else(Vec::new, |caption| self.caption(caption));
        let caption = caption.map(|caption| caption.text.clone());
        let cells = cells(self.document, index);
        let align = |alignment: &Alignment| match alignment {
            Alignment::Right => "end",
            Alignment::Center => "center",
            Alignment::Left | Alignment::None => "start",
        };
        let header: Vec<Vec<Inline>> = cells.header.iter().map(|cell| self.inlines(cell.clone())).collect();
        let heads_rows = header.first().is_some_and(|cell| !cell.iter().any(is_visible));
        let row = |row: &Vec<Range<usize>>| row.iter().map(|cell| self.inlines(cell.clone())).collect();
        let rows = cells.rows.iter().map(row).collect();
        let align = cells.alignments.iter().map(align).collect();
        push_block(stack, Block::Table { caption, caption_c, align, header, rows, heads_rows });
        cells.end + 1
    }

    fn reference(&mut self, label: &str) -> Inline {
        let Some(definition) = self.document.note(label) else {
            return Inline::Text { s: format!("[^{}]", cjk::clean(label)) };
        };
        let index = *self.numbers[definition].get_or_insert(self.notes.len());
        if index == self.notes.len() {
            self.notes.push(definition);
        }
        Inline::Note { n: self.options.notes_before + index + 1 }
    }

    fn text(&mut self, text: &str, stack: &mut [Open]) {
        let urls = if in_link(stack) { Urls::Text } else { Urls::Linked };
        let mut found = Vec::new();
        if is_plain(text) {
            found.push(Inline::Text { s: text.to_owned() });
        } else {
            pieces(text, urls, |piece| match piece {
                Piece::Text(text) => found.push(Inline::Text { s: cjk::clean(text).into_owned() }),
                Piece::Ruby { base, readings } => annotations(base, readings, |base, readings| {
                    let (s, reading) = (cjk::clean(base).into_owned(), readings.collect::<String>());
                    found.push(Inline::Ruby { s, reading: cjk::clean(&reading).into_owned() });
                }),
                Piece::Foreign { text, language } => {
                    let (s, lang) = (cjk::clean(text).into_owned(), cjk::clean(language).into_owned());
                    found.push(Inline::Foreign { s, lang });
                }
                Piece::Url(url) => {
                    let target = link::target(url);
                    let c = vec![Inline::Text { s: target.clone().into_owned() }];
                    match self.link(&target, false) {
                        // The text is the address already.
                        Kind::Link(href, _) => found.push(Inline::Link { c, href, shown: None }),
                        _ => found.extend(c),
                    }
                }
            });
        }
        if let Some(top) = stack.last_mut() {
            top.inlines
                .extend(found.into_iter().filter(|inline| !matches!(inline, Inline::Text { s } if s.is_empty())));
        }
    }
}

fn in_link(stack: &[Open]) -> bool {
    stack.iter().any(|open| matches!(open.kind, Kind::Link(..)))
}

fn push_block(stack: &mut [Open], block: Block) {
    if let Some(top) = stack.last_mut() {
        top.settle();
        top.blocks.push(block);
    }
}

/// Ends the innermost element and puts it where it belongs.
fn close(stack: &mut Vec<Open>) {
    let Some(mut open) = stack.pop() else { return };
    let Some(parent) = stack.last_mut() else { return };
    match std::mem::replace(&mut open.kind, Kind::Nothing) {
        Kind::Flow => {
            open.settle();
            match &mut parent.kind {
                Kind::List(_, items, _) => items.push(open.blocks),
                _ => {
                    parent.settle();
                    parent.blocks.append(&mut open.blocks);
                }
            }
        }
        Kind::List(start, items, mut numbers) => {
            parent.settle();
            if numbers.iter().all(Option::is_none) {
                numbers.clear();
            }
            parent.blocks.push(Block::List { start, items, numbers });
        }
        Kind::Quote(title) => {
            open.settle();
            parent.settle();
            parent.blocks.push(Block::Quote { title, c: open.blocks });
        }
        Kind::Paragraph => {
            parent.settle();
            parent.inlines = open.inlines;
            parent.settle();
        }
        Kind::Strong => parent.inlines.push(Inline::Strong { c: open.inlines }),
        Kind::Deleted => parent.inlines.push(Inline::Deleted { c: open.inlines }),
        Kind::Link(href, shown) => {
            let mut c = open.inlines;
            if !c.iter().any(is_visible) {
                c = shown.iter().chain(&href).take(1).map(|s| Inline::Text { s: s.clone() }).collect();
            }
            let text = plain(&c);
            let shown = shown.filter(|shown| !text.contains(shown.as_str()));
            parent.inlines.push(Inline::Link { c, href, shown });
        }
        Kind::Nothing => {
            if open.blocks.is_empty() {
                parent.inlines.append(&mut open.inlines);
            } else {
                open.settle();
                parent.settle();
                parent.blocks.append(&mut open.blocks);
            }
        }
    }
}

/// The visible text of a line, ruby read once.
pub fn plain(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text { s }
            | Inline::Code { s }
            | Inline::Ruby { s, .. }
            | Inline::Foreign { s, .. }
            | Inline::Task { s } => text.push_str(s),
            Inline::Strong { c } | Inline::Deleted { c } | Inline::Link { c, .. } => text.push_str(&plain(c)),
            Inline::Image { alt, .. } => text.push_str(alt),
            Inline::Break => text.push(' '),
            Inline::Note { .. } => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Words;

    const WORDS: Words<'_> = Words {
        footnotes: "脚注",
        footnote: "脚注{n}",
        back: "",
        external: "",
        table: "表",
        colon: "：",
        done: "済",
        todo: "未",
        alerts: ["補足", "参考", "重要", "注意", "警告"],
    };

    fn check(body: &str, expect: serde_json::Value) {
        let resolve = |target: &str, kind: LinkKind| match kind {
            LinkKind::Image => Destination::Image(target.to_owned()),
            LinkKind::Link => Destination::Link { href: Some(target.into()), shown: Some(target.into()) },
        };
        let (blocks, notes) = tree(body, &Options { notes_before: 4, words: &WORDS }, &resolve);
        let found = serde_json::json!([blocks, notes]);
        assert_eq!(found, expect, "{found:#}");
    }

    fn text(s: &str) -> serde_json::Value {
        serde_json::json!({ "t": "text", "s": s })
    }

    #[test]
    fn lines_keep_their_marks_and_notes_come_apart() {
        check(
            "{刈谷|かりや}の**[市](https://a.jp)**[^1]。https://b.jp\n\n[^1]: *注*の文。",
            serde_json::json!([
                [{ "t": "paragraph", "c": [
                    { "t": "ruby", "s": "刈谷", "reading": "かりや" },
                    text("の"),
                    { "t": "strong", "c": [
                        { "t": "link", "c": [text("市")], "href": "https://a.jp", "shown": "https://a.jp" }] },
                    { "t": "note", "n": 5 },
                    text("。"),
                    { "t": "link", "c": [text("https://b.jp")], "href": "https://b.jp", "shown": null }] }],
                [[{ "t": "paragraph", "c": [{ "t": "strong", "c": [text("注")] }, text("の文。")] }]],
            ]),
        );
    }

    #[test]
    fn lists_tables_and_figures_are_values() {
        check(
            "3. 一\n   - 二\n4. 三\n\n表: 数\n\n||甲|\n|-|-:|\n|乙|1|\n\n![図](a.png \"題\")\n",
            serde_json::json!([
                [
                    { "t": "list", "start": 3, "items": [
                        [{ "t": "paragraph", "c": [text("一")] },
                         { "t": "list", "start": null, "items": [[{ "t": "paragraph", "c": [text("二")] }]] }],
                        [{ "t": "paragraph", "c": [text("三")] }]] },
                    { "t": "table", "caption": "数", "align": ["start", "end"], "header": [[], [text("甲")]],
                      "rows": [[[text("乙")], [text("1")]]], "heads_rows": true },
                    { "t": "figure", "file": "a.png", "alt": "図", "caption": "題" },
                ],
                [],
            ]),
        );
    }

    #[test]
    fn headings_and_captions_keep_their_notes_and_links() {
        let note = |n: usize| serde_json::json!({ "t": "note", "n": n });
        check(
            "# 結果[^a]の**説明**\n\n表: **数**[^b]、[元](https://a.jp)[^a]\n\n|甲[^c]|\n|-|\n|1|\n\n# **強い**題\n\n\
             [^a]: 一\n\n[^b]: 二\n\n[^c]: 三\n",
            serde_json::json!([
                [
                    { "t": "heading", "depth": 0, "s": "結果の説明", "c": [
                        text("結果"), note(5), text("の"), { "t": "strong", "c": [text("説明")] }] },
                    { "t": "table", "caption": "数、元", "caption_c": [
                        { "t": "strong", "c": [text("数")] }, note(6), text("、"),
                        { "t": "link", "c": [text("元")], "href": "https://a.jp", "shown": "https://a.jp" }, note(5)],
                      "align": ["start"], "header": [[text("甲"), note(7)]], "rows": [[[text("1")]]],
                      "heads_rows": false },
                    { "t": "heading", "depth": 0, "s": "強い題" },
                ],
                [[{ "t": "paragraph", "c": [text("一")] }], [{ "t": "paragraph", "c": [text("二")] }],
                 [{ "t": "paragraph", "c": [text("三")] }]],
            ]),
        );
    }

    #[test]
    fn numbers_that_do_not_count_on_are_told_to_the_press() {
        check(
            "3. 三\n5. 五\n",
            serde_json::json!([
                [{ "t": "list", "start": 3, "numbers": [null, 5], "items": [
                    [{ "t": "paragraph", "c": [text("三")] }], [{ "t": "paragraph", "c": [text("五")] }]] }],
                [],
            ]),
        );
    }

    #[test]
    fn what_looks_like_a_program_stays_text() {
        check(
            "#panic `#read(\"/etc/passwd\")` $x$ [x](javascript:alert)",
            serde_json::json!([
                [{ "t": "paragraph", "c": [
                    text("#panic "), { "t": "code", "s": "#read(\"/etc/passwd\")" }, text(" $x$ "), text("x")] }],
                [],
            ]),
        );
    }

    #[test]
    fn deep_nesting_ends_where_paper_does() {
        let body = ">".repeat(400) + " 深い\n\n" + &"**a *b ".repeat(300);
        let (blocks, _) = tree(&body, &Options { notes_before: 0, words: &WORDS }, &|_, _| Destination::Text);
        let json = serde_json::to_string(&blocks).unwrap();
        let depth = json.chars().fold((0_i32, 0_i32), |(depth, most), c| match c {
            '{' | '[' => (depth + 1, most.max(depth + 1)),
            '}' | ']' => (depth - 1, most),
            _ => (depth, most),
        });
        assert!(depth.1 < 60 && json.contains("深い"), "{}", depth.1);
    }
}
