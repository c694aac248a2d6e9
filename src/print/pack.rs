//! A PDF in fewer bytes: everything but its streams moves into compressed object streams, and the table of where
//! everything is becomes a stream too (ISO 32000-1, 7.5.7 and 7.5.8; PDF/UA-1 and PDF/A-2 allow both).
//!
//! Promises: the same objects under the same numbers, what is in streams byte for byte; the same bytes for the same
//! bytes; never a broken file: what is not built as the typesetter builds it is left alone. Knows nothing of what objects
//! mean.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::io::Write as _;

/// How many objects share a stream. A reader unpacks all of a stream to see one object.
const PER_STREAM: usize = 200;

/// What the typesetter writes behind the data of a stream.
const END_OF_STREAM: &[u8] = b"\nendstream";

/// A row of the new table: what kind of place (1 byte), where (4), which of its stream (2).
const ROW: usize = 7;

/// The same PDF in fewer bytes; `None` where the file is not of the simple form that is understood here: one section of
/// objects of generation 0, one table, one trailer.
pub fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let file = File::read(bytes)?;
    let mut out = Vec::with_capacity(bytes.len() / 2);
    out.extend_from_slice(file.head);
    let mut places = vec![Place::Free; file.size];
    let (streams, others): (Vec<_>, Vec<_>) = file.objects.iter().partition(|it| it.body.ends_with(END_OF_STREAM));
    for object in streams {
        places[object.number] = Place::at(&out)?;
        let body = object.body.strip_suffix(END_OF_STREAM)?;
        out.extend_from_slice(format!("{} 0 obj\n", object.number).as_bytes());
        out.extend_from_slice(body);
        end_stream(&mut out);
    }
    for objects in others.chunks(PER_STREAM) {
        let stream = u32::try_from(places.len()).ok()?;
        for (index, object) in objects.iter().enumerate() {
            places[object.number] = Place::Inside { stream, index: index as u16 };
        }
        places.push(Place::at(&out)?);
        write_objects(&mut out, stream, objects)?;
    }
    let start = out.len();
    let table = places.len();
    places.push(Place::at(&out)?);
    let rows = deflate(&differences(&places))?;
    let (size, length) = (places.len(), rows.len());
    out.extend_from_slice(
        format!(
            "{table} 0 obj\n<</Type/XRef/Size {size}/W[1 4 2]/Filter/FlateDecode\
             /DecodeParms<</Predictor 12/Columns {ROW}>>/Length {length}"
        )
        .as_bytes(),
    );
    out.extend_from_slice(file.keys);
    write_data(&mut out, &rows);
    out.extend_from_slice(format!("startxref\n{start}\n%%EOF").as_bytes());
    Some(out)
}

/// A file as the typesetter writes it.
struct File<'f> {
    /// What is before the first object: the version, and a line that tells programs that this is no text.
    head: &'f [u8],
    /// How many numbers there are, unused ones with them.
    size: usize,
    /// In the order of their numbers, each number below `size` and at most once.
    objects: Vec<Object<'f>>,
    /// The trailer behind its `/Size`: the other keys and `>>`.
    keys: &'f [u8],
}

struct Object<'f> {
    number: usize,
    /// What stands between `obj` and `endobj`.
    body: &'f [u8],
}

impl<'f> File<'f> {
    fn read(bytes: &'f [u8]) -> Option<Self> {
        let (rest, start) = rsplit_once(bytes.strip_suffix(b"\n%%EOF")?, b"\nstartxref\n")?;
        let start = number(start)?;
        let table = rest.get(start..)?.strip_prefix(b"xref\n0 ")?;
        let (size, table) = split_once(table, b"\n")?;
        let size = number(size)?;
        let rows = table.get(..size.checked_mul(20)?)?;
        let keys = table.get(rows.len()..)?.strip_prefix(format!("trailer\n<</Size {size}").as_bytes())?;
        if !keys.starts_with(b"/") || !keys.ends_with(b">>") {
            return None;
        }
        let mut offsets = Vec::with_capacity(size);
        for (number_of, row) in rows.chunks_exact(20).enumerate() {
            match row.split_at(10) {
                (offset, b" 00000 n\r\n") if number_of > 0 => offsets.push((number(offset)?, number_of)),
                (_, [b' ', _, _, _, _, _, b' ', b'f', b'\r', b'\n']) => {}
                _ => return None,
            }
        }
        // Objects follow one another without a gap, so each ends where the next begins.
        offsets.sort_unstable();
        let head = bytes.get(..offsets.first()?.0)?;
        // Streams of objects are older than 1.7; whoever reads 1.7 reads them.
        if !head.starts_with(b"%PDF-1.7\n") {
            return None;
        }
        let ends = offsets.iter().skip(1).map(|(offset, _)| *offset).chain([start]);
        let mut objects = Vec::with_capacity(offsets.len());
        for ((offset, number), end) in offsets.iter().zip(ends) {
            let whole = bytes.get(*offset..end)?;
            let body = whole.strip_prefix(format!("{number} 0 obj\n").as_bytes())?.strip_suffix(b"\nendobj\n")?;
            objects.push(Object { number: *number, body });
        }
        objects.sort_unstable_by_key(|object| object.number);
        Some(Self { head, size, objects, keys })
    }
}

/// Where an object is.
#[derive(Clone, Copy)]
enum Place {
    Free,
    At { offset: u32 },
    Inside { stream: u32, index: u16 },
}

impl Place {
    /// The end of what is written so far.
    fn at(out: &[u8]) -> Option<Self> {
        Some(Self::At { offset: u32::try_from(out.len()).ok()? })
    }

    fn row(self) -> [u8; ROW] {
        let (kind, [a, b, c, d], [e, f]) = match self {
            Self::Free => (0, [0; 4], [0xFF; 2]),
            Self::At { offset } => (1, offset.to_be_bytes(), [0; 2]),
            Self::Inside { stream, index } => (2, stream.to_be_bytes(), index.to_be_bytes()),
        };
        [kind, a, b, c, d, e, f]
    }
}

/// Rows as differences to the row above (PNG's "up"): most rows differ by one in their last byte, which packs to nothing.
fn differences(places: &[Place]) -> Vec<u8> {
    const UP: u8 = 2;
    let mut out = Vec::with_capacity(places.len() * (ROW + 1));
    let mut above = [0; ROW];
    for row in places.iter().map(|place| place.row()) {
        out.push(UP);
        out.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
        above = row;
    }
    out
}

/// An object stream: first each object's number and its place among the bodies, then the bodies.
fn write_objects(out: &mut Vec<u8>, stream: u32, objects: &[&Object<'_>]) -> Option<()> {
    let mut index = String::new();
    let mut bodies = Vec::new();
    for object in objects {
        index.push_str(&format!("{} {} ", object.number, bodies.len()));
        bodies.extend_from_slice(object.body);
        bodies.push(b'\n');
    }
    let (count, first) = (objects.len(), index.len());
    let packed = deflate(&[index.into_bytes(), bodies].concat())?;
    let length = packed.len();
    let keys = format!("{stream} 0 obj\n<</Type/ObjStm/N {count}/First {first}/Filter/FlateDecode/Length {length}>>");
    out.extend_from_slice(keys.as_bytes());
    write_data(out, &packed);
    Some(())
}

fn write_data(out: &mut Vec<u8>, data: &[u8]) {
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(data);
    end_stream(out);
}

/// Ends a stream. Compressed data may end in a carriage return, and some programs take it and a line feed after it
/// for one end of line, and the data for a byte shorter than said; with an end of line of both, nothing is in doubt.
fn end_stream(out: &mut Vec<u8>) {
    if out.last() == Some(&b'\r') {
        out.push(b'\r');
    }
    out.extend_from_slice(b"\nendstream\nendobj\n");
}

fn deflate(data: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(data.len() / 4), Compression::default());
    encoder.write_all(data).ok()?;
    encoder.finish().ok()
}

fn number(digits: &[u8]) -> Option<usize> {
    // `parse` would take a sign.
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
}

fn split_once<'b>(bytes: &'b [u8], separator: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(separator.len()).position(|window| window == separator)?;
    Some((&bytes[..at], &bytes[at + separator.len()..]))
}

fn rsplit_once<'b>(bytes: &'b [u8], separator: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(separator.len()).rposition(|window| window == separator)?;
    Some((&bytes[..at], &bytes[at + separator.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::Document;
    use proptest::prelude::*;

    /// A small file of the typesetter's form. The third number is not used.
    fn file(objects: usize) -> Vec<u8> {
        let mut bytes = b"%PDF-1.7\n%AAAA\n\n".to_vec();
        let mut rows = "0000000003 65535 f\r\n".to_owned();
        let mut object = |number: usize, body: &[u8]| {
            rows.push_str(&format!("{:010} 00000 n\r\n", bytes.len()));
            bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\nendobj\n");
            if number == 2 {
                rows.push_str("0000000000 00000 f\r\n");
            }
        };
        object(1, b"<</Type/Catalog/Pages 2 0 R>>");
        object(2, b"<</Type/Pages/Count 0/Kids[]>>");
        object(4, b"<</Length 20>>\nstream\n5 0 obj\nnull\nendobj\n\nendstream");
        for number in 5..objects + 5 {
            object(number, format!("<</Title(endobj xref endstream {number})>>").as_bytes());
        }
        let (start, size) = (bytes.len(), objects + 5);
        bytes.extend_from_slice(
            format!("xref\n0 {size}\n{rows}trailer\n<</Size {size}/Root 1 0 R/ID[(a)(b)]>>").as_bytes(),
        );
        bytes.extend_from_slice(format!("\nstartxref\n{start}\n%%EOF").as_bytes());
        bytes
    }

    #[test]
    fn every_object_is_there_under_its_number() {
        // One, a full stream, one more than a full stream.
        for count in [1, PER_STREAM - 2, PER_STREAM - 1, 3 * PER_STREAM] {
            let plain = file(count);
            let packed = pack(&plain).expect("the form that is understood");
            assert!(count == 1 || packed.len() * 3 < plain.len(), "{} of {}", packed.len(), plain.len());
            let (before, after) =
                (Document::load_mem(&plain).expect("a PDF"), Document::load_mem(&packed).expect("a PDF"));
            assert_eq!(before.objects.len(), count + 3);
            for (id, object) in &before.objects {
                assert_eq!(after.objects.get(id), Some(object), "{id:?} of {count}");
            }
            for key in [b"Root".as_slice(), b"ID"] {
                assert_eq!(after.trailer.get(key).expect("a key"), before.trailer.get(key).expect("a key"));
            }
            assert_eq!(packed, pack(&plain).expect("the same again"));
        }
    }

    #[test]
    fn the_end_of_a_stream_is_not_taken_for_its_data() {
        let text = String::from_utf8(file(3)).expect("plain text");
        let plain = text.replace("null\nendobj\n\nendstream", "null\nendobj\r\nendstream");
        let packed = pack(plain.as_bytes()).expect("the form that is understood");
        let has = |word: &[u8]| packed.windows(word.len()).any(|window| window == word);
        assert!(has(b"null\nendobj\r\r\nendstream"));
        let stream = Document::load_mem(&packed).expect("a PDF").objects[&(4, 0)].clone();
        assert_eq!(stream.as_stream().expect("a stream").content, b"5 0 obj\nnull\nendobj\r");
    }

    #[test]
    fn what_is_not_understood_is_left_alone() {
        let plain = file(3);
        assert!(pack(&plain).is_some());
        let text = String::from_utf8(plain.clone()).expect("plain text");
        for (from, to) in [
            ("%%EOF", "%%EOF\n"),
            ("xref\n0 8", "xref\n1 8"),
            ("trailer\n<</Size 8/", "trailer\n<</Size 9/"),
            ("trailer\n<</Size 8/", "trailer\n<< /Size 8/"),
            ("00000 n", "00001 n"),
            ("5 0 obj\n<<", "6 0 obj\n<<"),
            ("5 0 obj\n<<", "5 0 obj <<"),
            ("%PDF-1.7", "%PDF-1.4"),
            ("startxref\n", "startxref\n-"),
            ("startxref\n", "startxref\n9999999999999999999999"),
        ] {
            let other = text.replacen(from, to, 1);
            assert_ne!(other, text);
            assert_eq!(pack(other.as_bytes()), None, "{from:?} {to:?}");
        }
        // A packed file is not packed again.
        assert_eq!(pack(&pack(&plain).expect("packed")), None);
        assert_eq!(pack(b""), None);
    }

    proptest! {
        #[test]
        fn no_input_is_too_broken(cut in 0.0_f64..1.0, changes in prop::collection::vec((0.0_f64..1.0, any::<u8>()), 0..6), count in 0_usize..5) {
            let mut bytes = file(count);
            for (at, byte) in changes {
                let at = (at * bytes.len() as f64) as usize;
                bytes[at] = byte;
            }
            let _ = pack(&bytes);
            bytes.truncate((cut * bytes.len() as f64) as usize);
            prop_assert_eq!(pack(&bytes), None);
        }
    }
}
