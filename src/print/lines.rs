//! Finished lines made fit for a file: joiners have done their work and go, and pieces of text that touch become one.
//!
//! Promises: no letter moves on the paper. The typesetter shapes each change of script for itself, so that a sentence of
//! kanji and kana is twenty pieces, each with a tag of its own: more to write, to keep and to walk through.

use super::marks::{self, SMALL_MARKS};
use super::phrase::JOINER;
use typst::layout::{Abs, Em, Frame, FrameItem, Point};
use typst::text::TextItem;

/// Zero width, a place to break at: [`super::words`] puts it in, and like joiners it goes when it has done its work.
pub const OPENING: char = '\u{200B}';

/// What helps to set a line, and is in none that is finished.
const HELPERS: [char; 2] = [JOINER, OPENING];

/// Makes the lines of a page ready. What stays as it is, is not copied.
pub fn finish(frame: &mut Frame) {
    let changes = changes(frame);
    if changes.iter().all(|change| matches!(change, Change::Nothing)) {
        return;
    }
    let mut changes = changes.into_iter();
    frame.retain(|item| {
        match (changes.next().unwrap_or(Change::Nothing), item) {
            (Change::Inside, FrameItem::Group(group)) => finish(&mut group.frame),
            (Change::Text(text), item) => *item = FrameItem::Text(text),
            (Change::Gone, _) => return false,
            _ => {}
        }
        true
    });
}

/// Gives a frame, and all that is in it, room for what is there: frames grow item by item, and a line of twenty pieces
/// keeps the room of twenty when they have become one.
pub fn fit(frame: &mut Frame) {
    if frame.is_empty() {
        return;
    }
    // What is shared is copied before it changes, and a copy has no room to spare.
    let roomy = frame.clone();
    frame.retain(|item| {
        if let FrameItem::Group(group) = item {
            fit(&mut group.frame);
        }
        true
    });
    drop(roomy);
}

/// What becomes of an item.
enum Change {
    Nothing,
    /// It is a group, whose items may change.
    Inside,
    Text(TextItem),
    /// It is in the text before.
    Gone,
}

fn changes(frame: &Frame) -> Vec<Change> {
    let mut changes = Vec::with_capacity(frame.items().len());
    for pieces in frame.items().as_slice().chunk_by(|(at, item), (next_at, next)| touch((at, item), (next_at, next))) {
        match pieces {
            [(_, FrameItem::Text(text))] if !has_marks(&text.text) => changes.push(Change::Nothing),
            [(_, FrameItem::Text(_)), ..] if length(pieces) <= usize::from(u16::MAX) => {
                changes.push(Change::Text(joined(pieces)));
                changes.extend(pieces.iter().skip(1).map(|_| Change::Gone));
            }
            [(_, FrameItem::Text(_)), ..] => {
                changes.extend(pieces.chunks(1).map(|piece| Change::Text(joined(piece))));
            }
            [(_, FrameItem::Group(_)), ..] => changes.push(Change::Inside),
            _ => changes.push(Change::Nothing),
        }
    }
    changes
}

/// Far less than a printer's dot, in points; positions are sums of rounded numbers.
const NEAR: f64 = 0.01;

/// Whether two items are text of one look on one line, the second where the first ends.
fn touch((at, item): (&Point, &FrameItem), (next_at, next): (&Point, &FrameItem)) -> bool {
    let (FrameItem::Text(text), FrameItem::Text(next)) = (item, next) else { return false };
    (at.y == next_at.y || is_lifted(text) || is_lifted(next))
        && text.font == next.font
        && text.size == next.size
        && text.fill == next.fill
        && text.stroke == next.stroke
        && text.lang == next.lang
        && text.region == next.region
        && (at.x + text.width() - next_at.x).abs() < Abs::pt(NEAR)
}

/// Whether a text is one letter with its marks, and may so be the mark that was lifted over its letter: the typesetter hands
/// that out at a height of its own, with the whole letter as its text, so that the letter would be read twice.
fn is_lifted(text: &TextItem) -> bool {
    let whole = 0..text.text.len();
    text.glyphs.iter().all(|glyph| glyph.range() == whole) && text.text.contains(marks::is_part)
}

fn texts(pieces: &[(Point, FrameItem)]) -> impl Iterator<Item = (Point, &TextItem)> {
    pieces.iter().filter_map(|(at, item)| match item {
        FrameItem::Text(text) => Some((*at, text)),
        _ => None,
    })
}

/// In bytes: a glyph tells its letters by two bytes.
fn length(pieces: &[(Point, FrameItem)]) -> usize {
    texts(pieces).map(|(_, text)| text.text.len()).sum()
}

/// One text of pieces that touch, without joiners: those would be in the way of everyone who searches or copies.
fn joined(pieces: &[(Point, FrameItem)]) -> TextItem {
    let mut all: Option<(TextItem, Abs)> = None;
    let height = pieces.first().map_or(Abs::zero(), |(at, _)| at.y);
    for (at, text) in texts(pieces) {
        let mut piece = as_written(text);
        for glyph in piece.glyphs.iter_mut().filter(|_| at.y != height) {
            glyph.y_offset += Em::from_abs(height - at.y, text.size);
        }
        let end = at.x + text.width();
        match &mut all {
            None => all = Some((piece, end)),
            Some((all, reached)) => {
                if let Some(last) = all.glyphs.last_mut() {
                    last.x_advance += Em::from_abs(at.x - *reached, all.size);
                }
                let last = all.glyphs.last().map_or(0..0, |glyph| glyph.range());
                let is_rest =
                    is_lifted(text) && last.end == all.text.len() && all.text.get(last.clone()) == Some(&*piece.text);
                let before = if is_rest { last.start } else { all.text.len() } as u16;
                if !is_rest {
                    all.text.push_str(&piece.text);
                }
                all.glyphs.extend(piece.glyphs.into_iter().map(|mut glyph| {
                    glyph.range = glyph.range.start + before..glyph.range.end + before;
                    glyph
                }));
                *reached = end;
            }
        }
    }
    all.expect("pieces begin with a text").0
}

/// Whether something is in a text that only helped to set it.
fn has_marks(text: &str) -> bool {
    text.contains(HELPERS) || text.contains(SMALL_MARKS)
}

/// A text as it was written: without joiners, and with the signs that small letters stand for.
fn as_written(text: &TextItem) -> TextItem {
    let mut text = text.clone();
    if has_marks(&text.text) {
        let mut new = String::with_capacity(text.text.len());
        // The place of each byte in the new text.
        let mut moved = vec![0; text.text.len() + 1];
        let mut chars = text.text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            moved[at] = new.len() as u16;
            let sign = chars.peek().and_then(|(_, mark)| marks::written(c, *mark));
            if !HELPERS.contains(&c) && !SMALL_MARKS.contains(&c) {
                new.push(sign.unwrap_or(c));
            }
        }
        moved[text.text.len()] = new.len() as u16;
        for glyph in &mut text.glyphs {
            let place = |at: u16| moved.get(usize::from(at)).copied().unwrap_or(new.len() as u16);
            glyph.range = place(glyph.range.start)..place(glyph.range.end);
        }
        text.glyphs.retain(|glyph| glyph.range.start < glyph.range.end);
        text.text = new.into();
    }
    text
}
