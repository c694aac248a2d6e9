//! What checks, descriptions and search need from a body: headings, links, tables, text; places in the file.
//!
//! Does not judge: every link is listed, whatever it points to.

use super::cjk::{Prepared, clean, prepare};
use super::inline::{Piece, Urls, pieces};
use super::memo::memos;
use super::parse::{Document, Places, caption_of, place_in, push_inline_text, raw_target};
use super::syntax::{is_comment, is_line_break};
use super::{
    Facts, Heading, Link, LinkKind, LostMark, Miscount, Table, Text, Unshown, UnshownKind, fence, link, mark, parse,
};
use crate::text::span::Span;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};
use std::collections::HashSet;
use std::ops::Range;

/// See [`crate::markdown::facts`].
pub(super) fn facts(body: &str, offset: usize) -> Facts {
    let prepared = prepare(body);
    let (document, places) = Document::parse_with_places(&prepared.text);
    let place = |range: &Range<usize>| original(&prepared, range).shifted(offset);
    let mut facts = Facts::default();
    let headings = document.headings.iter();
    facts.headings = headings.map(|it| heading(it, place(&places.events[it.events.start]))).collect();
    // `[<https://a.jp>](b)` is two links in one another.
    let mut links_open = 0usize;
    let mut caption: Option<(usize, String)> = None;
    let mut code = false;
    let mut opens = true;
    // Whether the rows of the table begin with a bar, and the lines that are rows by mistake.
    let (mut has_bars, mut swallowed) = (false, Vec::new());
    // Up to here events belong to an image: its content is alternative text, whatever markup that has.
    let mut image_end = 0;
    // The notes that are open, and for each link the innermost of them; the text itself counts as the last note.
    let (mut open_notes, mut next_note) = (vec![document.notes.len()], 0..);
    let mut notes_of_links: Vec<usize> = Vec::new();
    let mut index = 0;
    while let (Some(event), Some(range)) = (document.events.get(index), places.events.get(index)) {
        let start = index;
        index += 1;
        match event {
            Event::Text(text) if !code && !text.is_empty() => {
                for at in shown(&prepared, range) {
                    facts.texts.push(Text { at: at.shifted(offset), opens: std::mem::take(&mut opens) });
                }
            }
            event => opens |= parts(event),
        }
        if start < image_end {
            if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event {
                facts.mentions.push(dest_url.to_string());
            }
            continue;
        }
        match event {
            Event::Start(
                tag @ (Tag::Link { link_type, dest_url, id, .. } | Tag::Image { link_type, dest_url, id, .. }),
            ) => {
                let kind = if matches!(tag, Tag::Image { .. }) { LinkKind::Image } else { LinkKind::Link };
                let end = document.end_of(start);
                let at = target_place(&places, &prepared.text, start..end, *link_type, dest_url, id);
                let target = link::target(&raw_target(*link_type, dest_url)).into_owned();
                let (text, whole) = (document.text(start + 1..end), place(range));
                let at = at.map_or(whole, |at| place(&at));
                facts.links.push(Link { kind, target, text, whole, at, is_shown: true });
                notes_of_links.extend(open_notes.last());
                facts.unshown.extend(
                    title(&document, &prepared.text, start..end, range)
                        .map(|at| Unshown { kind: UnshownKind::Title, at: place(&at) }),
                );
                match kind {
                    LinkKind::Link => links_open += 1,
                    LinkKind::Image => image_end = end + 1,
                }
            }
            Event::End(TagEnd::Link) => links_open -= 1,
            Event::Start(Tag::CodeBlock(kind)) => {
                code = true;
                code_block(&prepared.text, kind, range, &place, &mut facts);
            }
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(text) if links_open == 0 && !code => pieces(text, Urls::Linked, |piece| {
                if let Piece::Url(url) = piece {
                    let target = link::target(url).into_owned();
                    let at = place(&place_in(&prepared.text, url).unwrap_or_else(|| range.clone()));
                    let text = target.clone();
                    facts.links.push(Link { kind: LinkKind::Link, text, target, whole: at, at, is_shown: true });
                    notes_of_links.extend(open_notes.last());
                }
            }),
            Event::Text(text) | Event::Code(text) | Event::Html(text) => mentions(text, &mut facts.mentions),
            Event::InlineHtml(html) if is_comment(html) => mentions(html, &mut facts.mentions),
            Event::Start(Tag::FootnoteDefinition(_)) => open_notes.extend(next_note.next()),
            Event::End(TagEnd::FootnoteDefinition) => drop(open_notes.pop()),
            Event::Start(Tag::Paragraph) => {
                caption = caption_of(&document, start).map(|found| (found.table, found.text));
            }
            Event::Start(Tag::Table(_)) => {
                has_bars = prepared.text[range.clone()].starts_with('|');
                facts.tables.push(Table {
                    has_header: has_header(&document, start),
                    caption: caption.take().filter(|(table, _)| *table == start).map(|(_, text)| text),
                    at: place(range),
                });
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => {
                facts.lost_marks.extend(lost_mark(&prepared.text, event, range, &place));
            }
            Event::Start(Tag::TableRow) if has_bars => swallow(&prepared.text, range, &mut swallowed),
            Event::End(TagEnd::TableRow) => {
                let spare = spare_cells(&prepared.text, &places, start);
                facts.unshown.extend(spare.map(|cells| Unshown { kind: UnshownKind::Cells, at: place(&cells) }));
            }
            Event::Start(Tag::HtmlBlock) if !document.html_block(start).0.is_empty() => facts.html.push(place(range)),
            Event::InlineHtml(html) if !is_comment(html) && !is_line_break(html) => facts.html.push(place(range)),
            _ => {}
        }
    }
    facts.swallowed = swallowed.iter().map(&place).collect();
    of_whole(body, offset, &prepared, &document, &places, &notes_of_links, &mut facts);
    facts
}

/// Whether a sentence ends at it, whatever it is written with.
fn parts(event: &Event) -> bool {
    match event {
        Event::HardBreak => true,
        Event::InlineHtml(html) => is_line_break(html),
        Event::Start(tag) => !is_inline(tag.to_end()),
        Event::End(tag) => *tag == TagEnd::TableCell || !is_inline(*tag),
        _ => false,
    }
}

/// A block of code: whether it was meant as one, whether it ends, and what is written beside the signs that open it.
fn code_block(
    text: &str,
    kind: &CodeBlockKind,
    range: &Range<usize>,
    place: &dyn Fn(&Range<usize>) -> Span,
    facts: &mut Facts,
) {
    let CodeBlockKind::Fenced(info) = kind else {
        facts.indented_code.push(place(range));
        return;
    };
    if !info.is_ascii()
        && let Some(at) = place_in(text, info)
    {
        facts.unshown.push(Unshown { kind: UnshownKind::Info, at: place(&at) });
    }
    if let Some(sign) = fence::open(&text[range.clone()]) {
        let start = range.start + text[range.clone()].find(sign).unwrap_or(0);
        facts.open_fences.push(place(&(start..start + sign.len())));
    }
}

/// What is known once a body has been read to its end.
fn of_whole(
    body: &str,
    offset: usize,
    prepared: &Prepared,
    document: &Document,
    places: &Places,
    notes_of_links: &[usize],
    facts: &mut Facts,
) {
    let place = |range: &Range<usize>| original(prepared, range).shifted(offset);
    let unshown = unshown(document, places, &prepared.text, notes_of_links, facts);
    facts.unshown.extend(unshown.into_iter().map(|(kind, range)| Unshown { kind, at: place(&range) }));
    prepared.comments.iter().for_each(|comment| mentions(&body[comment.clone()], &mut facts.mentions));
    let miscounted = places.miscounted.iter();
    facts.miscounted = miscounted.map(|it| Miscount { kind: it.kind, at: place(&places.events[it.item]) }).collect();
    let in_body = |range: &Range<usize>| {
        let at = original(prepared, range);
        at.start as usize..at.end as usize
    };
    facts.memos = memos(body, &prepared.comments, document, &places.events, &in_body);
    facts.memos.iter_mut().for_each(|memo| memo.at = memo.at.shifted(offset));
}

/// The parts of a run of text that are shown: between the comments that were taken out of it.
fn shown(prepared: &Prepared, range: &Range<usize>) -> Vec<Span> {
    let whole = original(prepared, range);
    let (mut start, end) = (whole.start as usize, whole.end as usize);
    let first = prepared.comments.partition_point(|comment| comment.end <= start);
    let mut out = Vec::with_capacity(1);
    for comment in prepared.comments[first..].iter().take_while(|comment| comment.start < end) {
        if start < comment.start {
            out.push(Span::new(start, comment.start));
        }
        start = comment.end;
    }
    if start < end {
        out.push(Span::new(start, end));
    }
    out
}

/// The pair of marks that an element of emphasis begins and ends with, if they are more likely to be signs.
fn lost_mark(
    text: &str,
    event: &Event,
    range: &Range<usize>,
    place: &dyn Fn(&Range<usize>) -> Span,
) -> Option<LostMark> {
    let mark = *text.as_bytes().get(range.start)?;
    let length = match event {
        Event::Start(Tag::Emphasis) => 1,
        Event::Start(Tag::Strikethrough) if text.as_bytes().get(range.start + 1) != Some(&b'~') => 1,
        _ => 2,
    };
    let length = mark::lost(text, range, mark, length)?;
    Some(LostMark { at: place(range), length })
}

/// A row without any bar in a table whose first row begins with one: a line that was meant to stand below the table. It
/// and those that follow it are one.
fn swallow(text: &str, row: &Range<usize>, swallowed: &mut Vec<Range<usize>>) {
    let written = text[row.clone()].trim_end();
    let at = row.start..row.start + written.len();
    if written.is_empty() || written.contains('|') {
        return;
    }
    let is_next =
        |last: &Range<usize>| text[last.end..at.start].trim_matches(|c: char| c.is_whitespace() || c == '>').is_empty();
    match swallowed.last_mut().filter(|last| is_next(last)) {
        Some(last) => last.end = at.end,
        None => swallowed.push(at),
    }
}

fn heading(parsed: &parse::Heading, at: Span) -> Heading {
    Heading { level: parsed.level, id: parsed.id.clone(), text: parsed.text.clone(), at }
}

/// The notes and definitions that no page shows; the links in them are told from others.
fn unshown(
    document: &Document,
    places: &Places,
    text: &str,
    notes_of_links: &[usize],
    facts: &mut Facts,
) -> Vec<(UnshownKind, Range<usize>)> {
    let is_shown = shown_notes(document);
    for (link, note) in facts.links.iter_mut().zip(notes_of_links) {
        link.is_shown = is_shown.get(*note).is_none_or(|(_, is_shown)| *is_shown);
    }
    let unused = unused_definitions(document, places);
    facts.mentions.extend(unused.iter().filter_map(|(_, range)| defined_target(text.get(range.clone())?)));
    let mut all = unshown_notes(document, &is_shown, places);
    all.extend(unused);
    all
}

/// The targets of what would be links, were it no comment and no code.
fn mentions(text: &str, out: &mut Vec<String>) {
    for rest in text.split("](").skip(1) {
        let target = rest.split([')', ' ', '\n']).next().unwrap_or("").trim_matches(['<', '>']);
        if !target.is_empty() {
            out.push(target.to_owned());
        }
    }
}

/// The target of a definition, `[label]: target "title"`.
fn defined_target(definition: &str) -> Option<String> {
    let (_, rest) = definition.split_once("]:")?;
    let target = rest.split_whitespace().next()?.trim_matches(['<', '>']);
    Some(link::target(target).into_owned())
}

/// Whether the first row of the table that starts at `table` has any content.
fn has_header(document: &Document, table: usize) -> bool {
    let events = document.events.iter().skip(table + 1);
    let mut header = events.take_while(|event| !matches!(event, Event::End(TagEnd::TableHead)));
    header.any(|event| match event {
        Event::Text(text) | Event::Code(text) => !text.trim().is_empty(),
        Event::Start(Tag::Image { .. }) => true,
        _ => false,
    })
}

/// For each footnote which one its label means, and whether the writer shows it: it begins at the references of the
/// text, and follows those of each note. Empty where there are no notes.
fn shown_notes(document: &Document) -> Vec<(Option<usize>, bool)> {
    let notes = &document.notes;
    if notes.is_empty() {
        return Vec::new();
    }
    // The note that is open at each event, and which notes each of them (or, last, the text) refers to.
    let mut refers = vec![Vec::new(); notes.len() + 1];
    let mut open = vec![notes.len()];
    let mut labels = vec![None; notes.len()];
    let (mut next, mut images_open) = (0, 0_usize);
    for event in &document.events {
        match event {
            Event::Start(Tag::Image { .. }) => images_open += 1,
            Event::End(TagEnd::Image) => images_open -= 1,
            // Alternative text is plain.
            _ if images_open > 0 => {}
            Event::Start(Tag::FootnoteDefinition(label)) => {
                labels[next] = document.note(label);
                open.push(next);
                next += 1;
            }
            Event::End(TagEnd::FootnoteDefinition) => drop(open.pop()),
            Event::FootnoteReference(label) => {
                refers[*open.last().unwrap_or(&notes.len())].extend(document.note(label));
            }
            _ => {}
        }
    }
    let mut is_shown = vec![false; notes.len() + 1];
    let mut to_visit = vec![notes.len()];
    while let Some(note) = to_visit.pop() {
        if !std::mem::replace(&mut is_shown[note], true) {
            to_visit.extend(&refers[note]);
        }
    }
    labels.into_iter().zip(is_shown).collect()
}

/// The footnotes that the writer leaves out.
fn unshown_notes(
    document: &Document,
    notes: &[(Option<usize>, bool)],
    places: &Places,
) -> Vec<(UnshownKind, Range<usize>)> {
    let hidden = notes.iter().enumerate().filter(|(_, (_, is_shown))| !is_shown);
    let kind = |note: usize, first: Option<usize>| match first {
        Some(first) if first != note => UnshownKind::RepeatedNote,
        _ => UnshownKind::Note,
    };
    let place = |note: usize| places.events[document.notes[note].start - 1].clone();
    hidden.map(|(note, (first, _))| (kind(note, *first), place(note))).collect()
}

/// The definitions of links that no link uses.
fn unused_definitions(document: &Document, places: &Places) -> Vec<(UnshownKind, Range<usize>)> {
    let mut definitions = places.definitions();
    if definitions.is_empty() {
        return Vec::new();
    }
    let used: HashSet<usize> = document
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }) if !id.is_empty() => places.definition(id),
            _ => None,
        })
        .map(|definition| definition.start)
        .collect();
    definitions.retain(|definition| !used.contains(&definition.start));
    definitions.sort_by_key(|definition| definition.start);
    definitions.into_iter().map(|definition| (UnshownKind::Definition, definition)).collect()
}

/// What stands in the row that ends at `end` behind its last cell. The parser leaves it out.
fn spare_cells(text: &str, places: &Places, end: usize) -> Option<Range<usize>> {
    let (row, cell) = (&places.events[end], &places.events[end.checked_sub(1)?]);
    let rest = text.get(cell.end..row.end)?;
    let spare = rest.trim_matches(|c: char| c.is_whitespace() || c == '|');
    let start = cell.end + (spare.as_ptr() as usize - rest.as_ptr() as usize);
    (!spare.is_empty()).then(|| start..start + spare.len())
}

fn original(prepared: &Prepared, range: &Range<usize>) -> Span {
    let start = prepared.original(range.start);
    Span::new(start, prepared.original_end(range.end).max(start))
}

/// The title of the link or image at these events, where it is not shown: below a picture of its own it is.
fn title(document: &Document, text: &str, events: Range<usize>, whole: &Range<usize>) -> Option<Range<usize>> {
    let title = match &document.events[events.start] {
        Event::Start(Tag::Link { title, .. }) => title,
        Event::Start(Tag::Image { title, .. }) => {
            let opens = events
                .start
                .checked_sub(1)
                .is_some_and(|before| matches!(document.events[before], Event::Start(Tag::Paragraph)));
            let closes = matches!(document.events.get(events.end + 1), Some(Event::End(TagEnd::Paragraph)));
            (!(opens && closes)).then_some(title)?
        }
        _ => return None,
    };
    if title.trim().is_empty() {
        return None;
    }
    let written = text.get(whole.clone())?;
    Some(written.rfind(&**title).map_or(whole.clone(), |at| whole.start + at..whole.start + at + title.len()))
}

/// Where the target of a link stands in the prepared text.
fn target_place(
    places: &Places,
    text: &str,
    link: Range<usize>,
    link_type: LinkType,
    target: &str,
    label: &str,
) -> Option<Range<usize>> {
    if target.is_empty() {
        return None;
    }
    let whole = &places.events[link.start];
    let searched = match link_type {
        // The target comes after the content, which may hold the same words.
        LinkType::Inline => {
            let content_end = places.events[link.start + 1..link.end].iter().map(|range| range.end).max();
            content_end.unwrap_or(whole.start)..whole.end
        }
        LinkType::Autolink | LinkType::Email => whole.clone(),
        _ => {
            let definition = places.definition(label)?;
            let after_label = text.get(definition.clone())?.find("]:")? + 2;
            definition.start + after_label..definition.end
        }
    };
    let start = searched.start + text.get(searched.clone())?.find(target)?;
    Some(start..start + target.len())
}

/// See [`crate::markdown::plain_text`].
pub(super) fn plain_text(body: &str) -> String {
    let prepared = prepare(body);
    let document = Document::parse(&prepared.text);
    let mut out = String::with_capacity(body.len());
    let mut code = false;
    for (index, event) in document.events.iter().enumerate() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                end_line(&mut out);
                code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                end_line(&mut out);
                code = false;
            }
            Event::Text(text) if code => out.push_str(&clean(text)),
            Event::Start(Tag::HtmlBlock) => {
                end_line(&mut out);
                out.push_str(&document.html_block(index).0);
            }
            Event::End(TagEnd::TableCell) => out.push(' '),
            Event::Start(tag) if !is_inline(tag.to_end()) => end_line(&mut out),
            Event::End(tag) if !is_inline(*tag) => end_line(&mut out),
            _ => push_inline_text(&document.events, index, &mut out),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn is_inline(tag: TagEnd) -> bool {
    use TagEnd::{Emphasis, Image, Link, Strikethrough, Strong, TableCell};
    matches!(tag, Emphasis | Strong | Strikethrough | Link | Image | TableCell)
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}
