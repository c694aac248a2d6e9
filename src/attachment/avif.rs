//! Where notes lie in a file of boxes (AVIF, ISO/IEC 23008-12): which items there are, and which bytes are whose.

use std::ops::Range;

/// What an item of the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Notes of the camera.
    Exif,
    /// A page of XMP.
    Xmp,
    /// Anything else: the picture, its parts.
    Other,
}

/// Items at most: a picture has some ten, one of tiles some hundreds.
const MOST_ITEMS: usize = 10_000;

/// A reader of numbers of so many bytes, the most significant first.
struct Numbers<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Numbers<'_> {
    fn next(&mut self, size: usize) -> Option<usize> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(size)?)?;
        self.at += size;
        // Of eight bytes, the upper ones are zero in any file that fits into memory.
        bytes.iter().try_fold(0_usize, |number, byte| Some(number.checked_mul(256)? | usize::from(*byte)))
    }
}

/// The boxes in these bytes: name and place of what is in them.
fn boxes(bytes: &[u8], within: Range<usize>) -> Vec<(&[u8], Range<usize>)> {
    let mut found = Vec::new();
    let mut at = within.start;
    while let Some(head) = bytes[..within.end.min(bytes.len())].get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let end = match length {
            0 => within.end,
            1..8 => break,
            length => at.saturating_add(length),
        };
        if end > within.end || found.len() >= MOST_ITEMS {
            break;
        }
        found.push((&head[4..], at + 8..end));
        at = end;
    }
    found
}

/// The places of all items, in order of place; nothing where the file cannot be understood.
pub fn items(bytes: &[u8]) -> Vec<(Item, Range<usize>)> {
    let is = |name: &'static [u8]| move |found: &(&[u8], Range<usize>)| found.0 == name;
    let all = boxes(bytes, 0..bytes.len());
    let Some((_, meta)) = all.into_iter().find(is(b"meta")) else { return Vec::new() };
    let inner = boxes(bytes, (meta.start + 4).min(meta.end)..meta.end);
    let place = |name| inner.iter().find(|found| is(name)(found)).map(|(_, place)| place.clone());
    let (Some(kinds), Some(places)) = (place(b"iinf"), place(b"iloc")) else { return Vec::new() };
    let kinds = kinds_of(bytes, kinds);
    let mut found = places_of(&bytes[places]).unwrap_or_default();
    found.retain(|(_, range)| range.end <= bytes.len() && !range.is_empty());
    found.sort_by_key(|(_, range)| range.start);
    let kind = |id: usize| kinds.iter().find(|(known, _)| *known == id).map_or(Item::Other, |(_, kind)| *kind);
    found.into_iter().map(|(id, range)| (kind(id), range)).collect()
}

/// Items that are notes, by number.
fn kinds_of(bytes: &[u8], place: Range<usize>) -> Vec<(usize, Item)> {
    let version = bytes.get(place.start).copied().unwrap_or(0);
    let first = place.start + if version == 0 { 6 } else { 8 };
    let entry = |(name, place): (&[u8], Range<usize>)| {
        let entry = bytes.get(place)?;
        let wide = if *entry.first()? >= 3 { 4 } else { 2 };
        let id = Numbers { bytes: entry, at: 4 }.next(wide)?;
        let kind = match entry.get(4 + wide + 2..4 + wide + 6)? {
            b"Exif" => Item::Exif,
            b"mime" => Item::Xmp,
            _ => return None,
        };
        (name == b"infe").then_some((id, kind))
    };
    boxes(bytes, first.min(place.end)..place.end).into_iter().filter_map(entry).take(100).collect()
}

/// Which bytes belong to which number.
fn places_of(bytes: &[u8]) -> Option<Vec<(usize, Range<usize>)>> {
    let mut numbers = Numbers { bytes, at: 0 };
    let version = numbers.next(1)?;
    numbers.next(3)?;
    let sizes = numbers.next(2)?;
    let [of_offset, of_length, of_base, of_index] = [12, 8, 4, 0].map(|shift| sizes >> shift & 15);
    let wide = if version < 2 { 2 } else { 4 };
    let mut found = Vec::new();
    for _ in 0..numbers.next(wide)?.min(MOST_ITEMS) {
        let id = numbers.next(wide)?;
        let way = if version > 0 { numbers.next(2)? & 15 } else { 0 };
        numbers.next(2)?;
        let base = numbers.next(of_base)?;
        for _ in 0..numbers.next(2)? {
            if version > 0 {
                numbers.next(of_index)?;
            }
            let start = base.checked_add(numbers.next(of_offset)?)?;
            let range = start..start.checked_add(numbers.next(of_length)?)?;
            if found.len() >= MOST_ITEMS {
                return None;
            }
            // Other ways count from within a box; cameras do not put notes there.
            if way == 0 {
                found.push((id, range));
            }
        }
    }
    Some(found)
}
