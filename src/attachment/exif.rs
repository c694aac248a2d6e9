//! What a camera notes about a photo (EXIF 2.32: a TIFF of a few lists), and the least of it that a photo needs.

use super::hidden::Hidden;
use std::collections::BTreeSet;

/// What is in the notes of a photo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// What they say beside the picture.
    pub hidden: BTreeSet<Hidden>,
    /// Which way up it is shown, 2 to 8; nothing where it is as it lies.
    orientation: Option<u16>,
    /// Points per unit across and down, as two numbers each, and the unit: how large it is on paper.
    resolution: Option<([u8; 8], [u8; 8], u16)>,
}

/// Entries of one list at most: cameras write some fifty.
const MOST_ENTRIES: usize = 1000;

struct Tiff<'b> {
    bytes: &'b [u8],
    is_big_endian: bool,
}

struct Entry<'b> {
    tag: u16,
    /// Its value: text, or numbers as they lie there.
    value: &'b [u8],
}

impl<'b> Tiff<'b> {
    fn new(bytes: &'b [u8]) -> Option<Self> {
        let is_big_endian = match bytes.get(..4)? {
            b"MM\0\x2A" => true,
            b"II\x2A\0" => false,
            _ => return None,
        };
        Some(Self { bytes, is_big_endian })
    }

    fn u16(&self, bytes: &[u8]) -> Option<u16> {
        let pair = *bytes.first_chunk()?;
        Some(if self.is_big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    }

    fn u32(&self, bytes: &[u8]) -> Option<u32> {
        let four = *bytes.first_chunk()?;
        Some(if self.is_big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    }

    /// The entries of the list at a place, and the place of the next one.
    fn list(&self, at: u32) -> (Vec<Entry<'b>>, Option<u32>) {
        let at = at as usize;
        let count = self.bytes.get(at..).and_then(|bytes| self.u16(bytes)).unwrap_or(0) as usize;
        let count = count.min(MOST_ENTRIES);
        let entry = |index: usize| {
            let bytes = self.bytes.get(at + 2 + index * 12..at + 14 + index * 12)?;
            let size = match self.u16(&bytes[2..])? {
                3 | 8 => 2,
                4 | 9 | 11 | 13 => 4,
                5 | 10 | 12 => 8,
                _ => 1,
            };
            let length = (self.u32(&bytes[4..])? as usize).checked_mul(size)?;
            let value = match length {
                0..=4 => &bytes[8..8 + length],
                _ => {
                    let from = self.u32(&bytes[8..])? as usize;
                    self.bytes.get(from..from.checked_add(length)?)?
                }
            };
            Some(Entry { tag: self.u16(bytes)?, value })
        };
        let next = self.bytes.get(at + 2 + count * 12..).and_then(|bytes| self.u32(bytes)).filter(|next| *next != 0);
        ((0..count).filter_map(entry).collect(), next)
    }
}

/// Whether a value says anything: cameras fill unused places with zeros and blanks.
fn says(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"ASCII\0\0\0").or(value.strip_prefix(b"UNICODE\0")).unwrap_or(value);
    value.iter().any(|byte| !matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n'))
}

/// Reads notes; those that cannot be read say nothing.
pub fn read(bytes: &[u8]) -> Notes {
    let mut notes = Notes::default();
    let Some(tiff) = Tiff::new(bytes) else { return notes };
    let (main, next) = tiff.list(tiff.u32(&bytes[4..]).unwrap_or(0));
    let (mut across, mut down, mut unit) = (None, None, 2);
    for entry in &main {
        let hidden = match entry.tag {
            0x010F | 0x0110 | 0x013C => Hidden::Device,
            0x013B | 0x9C9D => Hidden::Author,
            0x010E | 0x9C9B | 0x9C9C | 0x9C9E | 0x9C9F => Hidden::Comments,
            0x0112 => {
                notes.orientation = tiff.u16(entry.value).filter(|value| (2..=8).contains(value));
                continue;
            }
            0x011A => {
                across = number(&tiff, entry.value);
                continue;
            }
            0x011B => {
                down = number(&tiff, entry.value);
                continue;
            }
            0x0128 => {
                unit = tiff.u16(entry.value).unwrap_or(2);
                continue;
            }
            0x8769 => {
                tiff.u32(entry.value).into_iter().for_each(|at| of_camera(&tiff, at, &mut notes.hidden));
                continue;
            }
            0x8825 => {
                let (place, _) = tiff.u32(entry.value).map(|at| tiff.list(at)).unwrap_or_default();
                // Latitude and longitude, of the camera and of what it looked at; the name of the place.
                let tells = |entry: &Entry<'_>| matches!(entry.tag, 2 | 4 | 20 | 22 | 28) && says(entry.value);
                if place.iter().any(tells) {
                    notes.hidden.insert(Hidden::Place);
                }
                continue;
            }
            _ => continue,
        };
        if says(entry.value) {
            notes.hidden.insert(hidden);
        }
    }
    notes.resolution = across.zip(down).map(|(across, down)| (across, down, unit));
    // The list after the first is of the thumbnail.
    let thumbnail = next.map(|at| tiff.list(at).0).unwrap_or_default();
    if thumbnail.iter().any(|entry| matches!(entry.tag, 0x0201 | 0x0111) && says(entry.value)) {
        notes.hidden.insert(Hidden::Thumbnail);
    }
    notes
}

/// The list that the camera itself writes.
fn of_camera(tiff: &Tiff<'_>, at: u32, hidden: &mut BTreeSet<Hidden>) {
    for entry in tiff.list(at).0 {
        let kind = match entry.tag {
            0x927C | 0xA433 | 0xA434 => Hidden::Device,
            0xA430 => Hidden::Author,
            0xA431 | 0xA435 | 0xA420 => Hidden::Serial,
            0x9286 => Hidden::Comments,
            _ => continue,
        };
        if says(entry.value) {
            hidden.insert(kind);
        }
    }
}

/// A rational number of EXIF as two numbers, the most significant bytes first.
fn number(tiff: &Tiff<'_>, value: &[u8]) -> Option<[u8; 8]> {
    let (above, below) = (tiff.u32(value)?, tiff.u32(value.get(4..)?)?);
    let mut out = [0; 8];
    out[..4].copy_from_slice(&above.to_be_bytes());
    out[4..].copy_from_slice(&below.to_be_bytes());
    (above != 0 && below != 0).then_some(out)
}

impl Notes {
    /// The least that shows the picture as before: which way up, and how large on paper. `None` where that is as it is
    /// without notes.
    pub fn least(&self) -> Option<Vec<u8>> {
        if self.orientation.is_none() && self.resolution.is_none() {
            return None;
        }
        let mut entries: Vec<(u16, u16, [u8; 4])> = Vec::new();
        let short = |value: u16| [value.to_be_bytes()[0], value.to_be_bytes()[1], 0, 0];
        entries.extend(self.orientation.map(|value| (0x0112, 3, short(value))));
        let count = entries.len() + if self.resolution.is_some() { 3 } else { 0 };
        let behind = (8 + 2 + count * 12 + 4) as u32;
        let mut values = Vec::new();
        if let Some((across, down, unit)) = self.resolution {
            entries.push((0x011A, 5, behind.to_be_bytes()));
            entries.push((0x011B, 5, (behind + 8).to_be_bytes()));
            entries.push((0x0128, 3, short(unit)));
            values.extend(across);
            values.extend(down);
        }
        let mut out = b"MM\0\x2A\0\0\0\x08".to_vec();
        out.extend((count as u16).to_be_bytes());
        for (tag, kind, value) in entries {
            out.extend(tag.to_be_bytes());
            out.extend(kind.to_be_bytes());
            out.extend(1_u32.to_be_bytes());
            out.extend(value);
        }
        out.extend([0; 4]);
        out.extend(values);
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachment::tests::exif;

    #[test]
    fn what_a_camera_notes_is_told_by_kind() {
        let hidden = |main: &[(u16, &[u8])], camera: &[(u16, &[u8])], place: &[(u16, &[u8])]| {
            [true, false].map(|is_big| read(&exif(is_big, main, camera, place)).hidden.into_iter().collect::<Vec<_>>())
        };
        for found in hidden(&[(0x010F, b"Aoba Camera")], &[], &[]) {
            assert_eq!(found, [Hidden::Device]);
        }
        for found in
            hidden(&[(0x0132, b"2026:06:25 10:00:00")], &[(0x9286, b"ASCII\0\0\0      ")], &[(0, b"\x02\x03\0\0")])
        {
            assert_eq!(found, [], "the day, blanks, and the version of a list of places without one");
        }
        for found in hidden(&[(0x013B, b"Suzuki")], &[(0xA431, b"123456")], &[(2, b"\0\0\0\x23\0\0\0\x01")]) {
            assert_eq!(found, [Hidden::Place, Hidden::Serial, Hidden::Author]);
        }
    }

    #[test]
    fn the_least_says_which_way_up_and_how_large_and_nothing_else() {
        let photo = exif(
            false,
            &[
                (0x0112, b"\x06\0"),
                (0x010F, b"Aoba Camera"),
                (0x011A, b"\x2C\x01\0\0\x01\0\0\0"),
                (0x011B, b"\x2C\x01\0\0\x01\0\0\0"),
            ],
            &[],
            &[(2, b"\0\0\0\x23")],
        );
        let notes = read(&photo);
        let least = read(&notes.least().unwrap());
        assert!(least.hidden.is_empty());
        assert_eq!((least.orientation, least.resolution), (Some(6), notes.resolution));
        assert!(notes.resolution.is_some());
        assert_eq!(read(&exif(true, &[(0x0112, b"\0\x01")], &[], &[])).least(), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..120)) {
            for head in [b"MM\0\x2A", b"II\x2A\0"] {
                let notes = read(&[head.as_slice(), &bytes].concat());
                if let Some(least) = notes.least() {
                    proptest::prop_assert!(read(&least).hidden.is_empty());
                }
            }
        }
    }
}
