//! Finished lines made fit for a file: joiners have done their work and go, and pieces of text that touch become one.
//!
//! Promises: no letter moves on the paper. The typesetter shapes each change of script for itself, so that a sentence of
//! kanji and kana is twenty pieces, each with a tag of its own: more to write, to keep and to walk through.

use super::phrase::JOINER;
use typst::layout::{Abs, Em, Frame, FrameItem, Point};
use typst::text::TextItem;

/// Zero width, a place to break at: [`super::words`] puts it in, and like joiners it goes when it has done its work.
pub const OPENING: char = '\u{200B}';

/// Both are three bytes long.
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
            [(_, FrameItem::Text(text))] if !text.text.contains(HELPERS) => changes.push(Change::Nothing),
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
    at.y == next_at.y
        && text.font == next.font
        && text.size == next.size
        && text.fill == next.fill
        && text.stroke == next.stroke
        && text.lang == next.lang
        && text.region == next.region
        && (at.x + text.width() - next_at.x).abs() < Abs::pt(NEAR)
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
    for (at, text) in texts(pieces) {
        let piece = without_joiners(text);
        let end = at.x + text.width();
        match &mut all {
            None => all = Some((piece, end)),
            Some((all, reached)) => {
                if let Some(last) = all.glyphs.last_mut() {
                    last.x_advance += Em::from_abs(at.x - *reached, all.size);
                }
                let before = all.text.len() as u16;
                all.text.push_str(&piece.text);
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

fn without_joiners(text: &TextItem) -> TextItem {
    let mut text = text.clone();
    if text.text.contains(HELPERS) {
        let old = text.text.clone();
        let width = JOINER.len_utf8();
        // The place of a byte after the joiners before it are gone.
        let moved = |at: u16| {
            let before = old.get(..usize::from(at)).unwrap_or(&old);
            at - (width * before.matches(HELPERS).count()) as u16
        };
        for glyph in &mut text.glyphs {
            glyph.range = moved(glyph.range.start)..moved(glyph.range.end);
        }
        text.glyphs.retain(|glyph| glyph.range.start < glyph.range.end);
        text.text = old.chars().filter(|c| !HELPERS.contains(c)).collect();
    }
    text
}
