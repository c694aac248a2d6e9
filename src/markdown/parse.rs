//! A body parsed: its events, and what must be known before the first of them is written.
//!
//! Headings get their ids and levels here, because links may point forwards and levels depend on all headings;
//! footnotes are found here, because they are written at the end. Does not know HTML.

use super::anchor::{Anchors, anchor};
use super::cjk;
use super::inline::{Piece, Urls, is_plain, pieces};
use super::list::{Miscounted, Numbers, numbers};
use super::syntax::{SYNTAX, is_comment, is_line_break};
use pulldown_cmark::{BlockQuoteKind, CowStr, Event, LinkType, OffsetIter, Parser, Tag, TagEnd};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// A parsed body. Ranges are of indices into `events`.
pub(super) struct Document<'t> {
    pub(super) events: Vec<Event<'t>>,
    /// Headings outside footnotes, in order.
    pub(super) headings: Vec<Heading>,
    /// The ids of the headings.
    pub(super) anchors: Anchors,
    /// Footnote definitions, in order; the events of their content.
    pub(super) notes: Vec<Range<usize>>,
    /// Numbers of items that do not count on from the one before.
    pub(super) numbers: HashMap<usize, u64>,
    note_by_label: HashMap<String, usize>,
}

/// A heading and its place among the others.
pub(super) struct Heading {
    /// The events from its start to its end, both included.
    pub(super) events: Range<usize>,
    /// Level as written, 1 to 6.
    pub(super) level: u8,
    /// Levels below the topmost heading, without gaps.
    pub(super) depth: u8,
    /// Empty when there is no text.
    pub(super) id: String,
    /// The visible text.
    pub(super) text: String,
}

impl<'t> Document<'t> {
    /// Parses a prepared body.
    pub(super) fn parse(source: &'t str) -> Self {
        let mut events = Vec::with_capacity(source.len() / 8 + 16);
        events.extend(Parser::new_ext(source, SYNTAX));
        // The parser tells the first number of a list and where the others stand, and that only on its second way.
        let numbers = match events.iter().any(|event| matches!(event, Event::Start(Tag::List(Some(_))))) {
            true => {
                let places: Vec<_> = Parser::new_ext(source, SYNTAX).into_offset_iter().map(|(_, at)| at).collect();
                numbers(source, &events, &places).written
            }
            false => HashMap::new(),
        };
        Self { numbers, ..Self::survey(source, events, |_, _| {}) }
    }

    /// Parses a prepared body, and tells the place of every event in it. Costs a third more than without.
    pub(super) fn parse_with_places(source: &'t str) -> (Self, Places<'t>) {
        let mut parser = Parser::new_ext(source, SYNTAX).into_offset_iter();
        let (events, mut places): (Vec<_>, Vec<Range<usize>>) = parser.by_ref().unzip();
        let Numbers { written, miscounted } =
            match events.iter().any(|event| matches!(event, Event::Start(Tag::List(_)))) {
                true => numbers(source, &events, &places),
                false => Numbers::default(),
            };
        let document = Self::survey(source, events, |first, last| places[first].end = places[last].end);
        (Self { numbers: written, ..document }, Places { events: places, miscounted, parser })
    }

    /// Collects what the writer must know beforehand, and puts texts together. Events are changed where they are:
    /// they are large, and moving each of them costs as much as a quarter of the parsing.
    fn survey(source: &'t str, mut events: Vec<Event<'t>>, mut joined: impl FnMut(usize, usize)) -> Self {
        let mut heading_starts = Vec::new();
        let mut notes: Vec<Range<usize>> = Vec::new();
        let mut note_by_label = HashMap::new();
        let mut open_notes = Vec::new();
        let mut open_quotes = Vec::new();
        // The text that the events just before are parts of: the first of them, and its place in the source.
        let mut run: Option<(usize, Range<usize>)> = None;
        for index in 0..events.len() {
            let last_run = run.take();
            match &mut events[index] {
                // Ruby, marks and URLs cross the characters at which the parser cuts; so the first of the texts
                // becomes the whole, and the others become empty.
                Event::Text(CowStr::Borrowed(text)) => {
                    let Some(place) = place_in(source, text) else { continue };
                    run = match last_run {
                        Some((first, before)) if before.end == place.start => {
                            *text = "";
                            let whole = before.start..place.end;
                            events[first] = Event::Text(CowStr::Borrowed(&source[whole.clone()]));
                            joined(first, index);
                            Some((first, whole))
                        }
                        _ => Some((index, place)),
                    };
                }
                // Not from the source as it stands: a numeric entity can be any character.
                Event::Text(text) if text.chars().any(cjk::is_unwanted) => *text = "\u{FFFD}".into(),
                Event::Start(Tag::Heading { .. }) if open_notes.is_empty() => heading_starts.push(index),
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    note_by_label.entry(label.to_lowercase()).or_insert(notes.len());
                    open_notes.push(notes.len());
                    notes.push(index + 1..0);
                }
                Event::Start(Tag::BlockQuote(_)) => open_quotes.push(index),
                Event::End(TagEnd::BlockQuote(kind)) => {
                    if let Some(start) = open_quotes.pop()
                        && kind.is_none()
                        && let Some(named) = named_alert(&mut events[start..index])
                    {
                        events[index] = Event::End(TagEnd::BlockQuote(Some(named)));
                    }
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    if let Some(note) = open_notes.pop() {
                        notes[note].end = index;
                    }
                }
                _ => {}
            }
        }
        let (headings, anchors) = headings(&events, &heading_starts);
        Self { events, headings, anchors, notes, numbers: HashMap::new(), note_by_label }
    }

    /// The footnote a label refers to.
    pub(super) fn note(&self, label: &str) -> Option<usize> {
        self.note_by_label.get(&label.to_lowercase()).copied()
    }

    /// The index of the event that ends the element which starts at `start`. Looks at the element's events once, so
    /// use it for what does not nest or is then skipped.
    pub(super) fn end_of(&self, start: usize) -> usize {
        let mut depth = 0usize;
        for (index, event) in self.events.iter().enumerate().skip(start) {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth <= 1 => return index,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        self.events.len()
    }

    /// The visible text of inline events.
    pub(super) fn text(&self, events: Range<usize>) -> String {
        inline_text(&self.events, events)
    }

    /// Whether a line break at `index` separates two Japanese characters and so is no space.
    pub(super) fn is_seamless(&self, index: usize) -> bool {
        is_seamless(&self.events, index)
    }

    /// The text of the HTML block that starts at `start` without its comments, and the index of the event that ends it.
    pub(super) fn html_block(&self, start: usize) -> (String, usize) {
        let mut block = String::new();
        let mut index = start + 1;
        while let Some(Event::Html(line) | Event::Text(line)) = self.events.get(index) {
            block.push_str(&cjk::clean(line));
            index += 1;
        }
        let mut shown = String::new();
        let mut rest = block.as_str();
        // An editor's note must never be published, also when text follows on its last line. `<!-->` is a comment.
        while let Some(start) = rest.find("<!--")
            && let Some(end) = rest[start + 2..].find("-->")
        {
            shown.push_str(&rest[..start]);
            rest = &rest[start + 2 + end + 3..];
        }
        shown.push_str(rest);
        (shown.trim().to_owned(), index)
    }
}

/// Where the events of a body stand in the prepared text.
pub(super) struct Places<'t> {
    /// The bytes of each event; of a start event, of its whole element.
    pub(super) events: Vec<Range<usize>>,
    /// Items that are not shown as they are written.
    pub(super) miscounted: Vec<Miscounted>,
    parser: OffsetIter<'t>,
}

impl Places<'_> {
    /// The places of all definitions of links, in no order.
    pub(super) fn definitions(&self) -> Vec<Range<usize>> {
        self.parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect()
    }

    /// The place where the definition of a reference link stands.
    pub(super) fn definition(&self, label: &str) -> Option<Range<usize>> {
        self.parser.reference_definitions().get(label).map(|definition| definition.span.clone())
    }
}

/// Where `text` lies in `source`, if it is a part of it and no other string that the parser put there.
pub(super) fn place_in(source: &str, text: &str) -> Option<Range<usize>> {
    let start = (text.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
    (start + text.len() <= source.len()).then_some(start..start + text.len())
}

/// The target of a link as the parser read it, with the scheme that `<name@example.jp>` leaves out.
pub(super) fn raw_target(link_type: LinkType, target: &str) -> Cow<'_, str> {
    match link_type {
        LinkType::Email => Cow::Owned(format!("mailto:{target}")),
        _ => Cow::Borrowed(target),
    }
}

/// The kind of note that a word in Japanese names, as in `> [!注意]`.
pub(super) fn alert(word: &str) -> Option<BlockQuoteKind> {
    Some(match word {
        "補足" => BlockQuoteKind::Note,
        "参考" | "ヒント" => BlockQuoteKind::Tip,
        "重要" => BlockQuoteKind::Important,
        "注意" => BlockQuoteKind::Warning,
        "警告" => BlockQuoteKind::Caution,
        _ => return None,
    })
}

/// Makes a note of the quotation that these events begin, if its first line is the Japanese name of a kind of note.
fn named_alert(events: &mut [Event]) -> Option<BlockQuoteKind> {
    let [Event::Start(Tag::BlockQuote(None)), Event::Start(Tag::Paragraph), Event::Text(line), ..] = events else {
        return None;
    };
    let kind = alert(line.trim().strip_prefix("[!")?.strip_suffix(']')?)?;
    // The texts that the line was put together from are empty.
    let is_rest = |event: &Event| matches!(event, Event::Text(text) if text.is_empty());
    let end = 3 + events[3..].iter().position(|event| !is_rest(event))?;
    match events.get(end) {
        Some(Event::SoftBreak | Event::HardBreak) => events[end] = Event::Text("".into()),
        Some(Event::End(TagEnd::Paragraph)) => {
            events[1] = Event::Text("".into());
            events[end] = Event::Text("".into());
        }
        _ => return None,
    }
    events[2] = Event::Text("".into());
    events[0] = Event::Start(Tag::BlockQuote(Some(kind)));
    Some(kind)
}

fn headings(events: &[Event], starts: &[usize]) -> (Vec<Heading>, Anchors) {
    let mut anchors = Anchors::default();
    let mut open_levels: Vec<u8> = Vec::new();
    let mut headings = Vec::with_capacity(starts.len());
    for &start in starts {
        let Event::Start(Tag::Heading { level, id, .. }) = &events[start] else { continue };
        // Headings hold no headings, so the next end of one is the end of this one.
        let length = events[start..].iter().position(|event| matches!(event, Event::End(TagEnd::Heading(_))));
        let end = start + length.unwrap_or(0);
        let text = inline_text(events, start + 1..end);
        let text = text.trim();
        let level = *level as u8;
        let mut depth = 0;
        let mut id = id.as_ref().map_or(String::new(), |id| cjk::clean(id).into_owned());
        if text.is_empty() {
            id.clear();
        } else {
            while open_levels.last().is_some_and(|open| *open >= level) {
                open_levels.pop();
            }
            depth = open_levels.len() as u8;
            open_levels.push(level);
        }
        headings.push(Heading { events: start..end + 1, level, depth, id, text: text.to_owned() });
    }
    // Ids that the author chose are kept as they are where possible; so they are given out first.
    let (chosen, others): (Vec<_>, Vec<_>) =
        headings.iter_mut().filter(|heading| !heading.text.is_empty()).partition(|heading| !heading.id.is_empty());
    for heading in chosen {
        heading.id = anchors.take(std::mem::take(&mut heading.id));
    }
    for heading in others {
        heading.id = anchors.take(anchor(&heading.text));
    }
    (headings, anchors)
}

fn inline_text(events: &[Event], range: Range<usize>) -> String {
    let mut text = String::new();
    for index in range {
        push_inline_text(events, index, &mut text);
    }
    text
}

/// Appends the visible text of one inline event.
pub(super) fn push_inline_text(events: &[Event], index: usize, out: &mut String) {
    match &events[index] {
        Event::Text(text) if is_plain(text) => out.push_str(text),
        Event::Text(text) => pieces(text, Urls::Text, |piece| match piece {
            Piece::Text(text) | Piece::Ruby { base: text, .. } | Piece::Foreign { text, .. } | Piece::Url(text) => {
                out.push_str(&cjk::clean(text));
            }
        }),
        Event::Code(code) => out.push_str(&cjk::clean(code)),
        Event::InlineHtml(html) if is_comment(html) => {}
        Event::InlineHtml(html) if is_line_break(html) => out.push(' '),
        Event::InlineHtml(html) => out.push_str(&cjk::clean(html)),
        Event::SoftBreak if is_seamless(events, index) => {}
        Event::SoftBreak | Event::HardBreak => out.push(' '),
        _ => {}
    }
}

/// Looks from a line break to the nearest visible character on either side, through markup. Both looks end at the
/// next line break at the latest, so all of them together are linear.
fn is_seamless(events: &[Event], index: usize) -> bool {
    let before = events[..index].iter().rev().find_map(|event| edge(event, |text| text.chars().next_back()));
    let after = events[index + 1..].iter().find_map(|event| match event {
        // The mark of a footnote stays with the word before it.
        Event::FootnoteReference(_) => Some(Some('、')),
        event => edge(event, |text| text.chars().next()),
    });
    matches!((before, after), (Some(Some(before)), Some(Some(after))) if cjk::joins(before, after))
}

/// The first or last character of an event: nothing for markup, `Some(None)` for what is no text.
fn edge(event: &Event, pick: impl Fn(&str) -> Option<char>) -> Option<Option<char>> {
    match event {
        Event::Text(text) => {
            let text = text.trim_matches(cjk::JOINT);
            match pick(text) {
                Some(cjk::OPEN | cjk::CLOSE) => Some(Some('字')),
                Some(c) => Some(Some(c)),
                None => None,
            }
        }
        Event::Code(text) => Some(pick(text)),
        Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
        | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link)
        | Event::FootnoteReference(_) => None,
        Event::InlineHtml(html) if is_comment(html) => None,
        _ => Some(None),
    }
}

/// A paragraph that captions the table after it.
pub(super) struct Caption<'t> {
    /// The index of the event that starts the table.
    pub(super) table: usize,
    /// The visible text of the caption.
    pub(super) text: String,
    /// What the paragraph's first text says after `表:`.
    pub(super) first: &'t str,
    /// The events of the paragraph after its first text.
    pub(super) others: Range<usize>,
}

/// The caption that the paragraph starting at `index` is: `表: …` or `Table: …` right before a table.
pub(super) fn caption_of<'t>(document: &'t Document, index: usize) -> Option<Caption<'t>> {
    let Event::Text(text) = document.events.get(index + 1)? else { return None };
    let rest = ["表", "Table"].into_iter().find_map(|word| text.trim_start_matches(cjk::JOINT).strip_prefix(word))?;
    let first = rest.trim_start().strip_prefix([':', '：'])?.trim_start();
    let end = document.end_of(index);
    if !matches!(document.events.get(end + 1)?, Event::Start(Tag::Table(_))) {
        return None;
    }
    let others = index + 2..end;
    let mut whole = document.text(index + 1..end);
    // The first text is a part of the whole; the same prefix comes off both.
    whole.drain(
        ..whole.find([':', '：']).map_or(0, |colon| colon + whole[colon..].chars().next().map_or(0, char::len_utf8)),
    );
    let text = whole.trim().to_owned();
    (!text.is_empty()).then_some(Caption { table: end + 1, text, first, others })
}
