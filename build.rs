//! Packs the letters of booklets and the licences of others for the program: the files in `themes/default/fonts` and in
//! `docs` stay plain, for people and themes.
//!
//! The format is an LZ4 block after the length of the file (four bytes, little-endian). A booklet waits for its letters, so
//! unpacking has to take milliseconds; what takes less room (deflate, Zstandard) takes several times as long. This packer
//! looks a few places further back than fast ones do, for a tenth less room. `theme` unpacks, and its tests compare.

#![allow(clippy::disallowed_methods, reason = "packs files before the program is compiled")]

use std::path::Path;
use std::{env, fs};

/// Letters of the built-in theme.
const FONTS: [&str; 4] =
    ["BIZUDPGothic-Regular.ttf", "KohyoRareKanji-Regular.ttf", "BIZUDPGothic-Bold.ttf", "KohyoRareKanji-Bold.ttf"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let has_booklets = env::var_os("CARGO_FEATURE_PDF").is_some();
    let fonts = FONTS.iter().filter(|_| has_booklets).map(|name| format!("themes/default/fonts/{name}"));
    let out = env::var_os("OUT_DIR").expect("cargo says where");
    std::thread::scope(|scope| {
        for file in fonts.chain(["docs/third-party.txt".to_owned()]) {
            let name = Path::new(&file).file_name().expect("a file");
            let out = Path::new(&out).join(name).with_extension("lz4");
            println!("cargo::rerun-if-changed={file}");
            scope.spawn(move || {
                let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
                fs::write(&out, packed(&bytes)).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
            });
        }
    });
}

/// No match begins in the last bytes, and none reaches the very last ones: so the format wants it.
const LAST_START: usize = 12;
const LAST_LITERALS: usize = 5;
/// The shortest match, and how far back one may be.
const SHORTEST: usize = 4;
const FARTHEST: usize = 0xFFFF;
/// How many earlier places are tried. Twice as many save 1 % and take twice as long.
const TRIES: usize = 8;

/// Earlier places with the same four bytes (and some others): the latest by hash, and from each the one before.
struct Places {
    latest: Vec<usize>,
    before: Vec<usize>,
    noted: usize,
}

const NOWHERE: usize = usize::MAX;

impl Places {
    fn hash(bytes: &[u8], at: usize) -> usize {
        let four = u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        (four.wrapping_mul(2_654_435_761) >> 16) as usize
    }

    /// The longest match for what begins at a place: its length and how far back it is.
    fn longest(&mut self, bytes: &[u8], at: usize) -> (usize, usize) {
        while self.noted < at {
            let hash = Self::hash(bytes, self.noted);
            self.before[self.noted] = self.latest[hash];
            self.latest[hash] = self.noted;
            self.noted += 1;
        }
        let most = bytes.len() - LAST_LITERALS - at;
        let mut best = (0, 0);
        let mut place = self.latest[Self::hash(bytes, at)];
        for _ in 0..TRIES {
            if place == NOWHERE || at - place > FARTHEST || best.0 == most {
                break;
            }
            if bytes[place + best.0] == bytes[at + best.0] {
                let same = bytes[place..].iter().zip(&bytes[at..at + most]).take_while(|(a, b)| a == b).count();
                if same > best.0 {
                    best = (same, at - place);
                }
            }
            place = self.before[place];
        }
        best
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a font has less than 4 GB");
    let mut out = length.to_le_bytes().to_vec();
    let mut places = Places { latest: vec![NOWHERE; 1 << 16], before: vec![NOWHERE; bytes.len()], noted: 0 };
    let end = bytes.len().saturating_sub(LAST_START);
    let (mut at, mut written) = (0, 0);
    while at < end {
        let (mut same, mut back) = places.longest(bytes, at);
        if same < SHORTEST {
            at += 1;
            continue;
        }
        // One byte later there may be a longer one.
        while at + 1 < end {
            let later = places.longest(bytes, at + 1);
            if later.0 <= same {
                break;
            }
            (same, back) = later;
            at += 1;
        }
        part(&mut out, &bytes[written..at], Some((same, back)));
        at += same;
        written = at;
    }
    part(&mut out, &bytes[written..], None);
    out
}

/// Bytes as they are, then a match; the last part has none.
fn part(out: &mut Vec<u8>, literals: &[u8], found: Option<(usize, usize)>) {
    let more = found.map_or(0, |(same, _)| same - SHORTEST);
    out.push(((literals.len().min(15) << 4) | more.min(15)) as u8);
    rest(out, literals.len());
    out.extend_from_slice(literals);
    if let Some((_, back)) = found {
        out.extend_from_slice(&(back as u16).to_le_bytes());
        rest(out, more);
    }
}

/// What of a length does not fit into four bits.
fn rest(out: &mut Vec<u8>, length: usize) {
    if let Some(mut length) = length.checked_sub(15) {
        while length >= 255 {
            out.push(255);
            length -= 255;
        }
        out.push(length as u8);
    }
}
