//! Whether a picture of lines is a picture and nothing else.
//!
//! An SVG is a document: opened in a browser it can run scripts, fetch from other hosts and act as a page of the site that
//! it lies on. So it is read strictly: elements are of a list; what an attribute says is looked at whatever it is called;
//! what the reader does not understand is a fault and not a guess. Pictures that programs for drawing write pass, with
//! what these programs note for themselves.

use super::hidden::Hidden;
use super::picture;
use super::xml::{Attribute, Piece, Reader, resolved};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

/// Larger ones are refused (bytes): a picture of lines has not so many, and a place in it can be shown.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// Elements inside each other, and names of vocabularies in force at once, at most.
const DEEPEST: usize = 200;

/// Faults of one picture that are told.
const MOST_FAULTS: usize = 10;

/// What an SVG must not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Active {
    /// It has more than [`LARGEST`] bytes, or elements nested deeper than any drawing.
    TooLarge,
    /// It is not UTF-8, or says that it is something else.
    NotUtf8,
    /// It is no XML: every program would read it differently, or none.
    NotXml,
    /// Its outermost element is no `svg`.
    NoSvg,
    /// `<!DOCTYPE`
    Doctype {
        /// Whether it defines something itself.
        has_definitions: bool,
    },
    /// `<?…?>`, such as a style sheet from elsewhere.
    Instruction,
    /// `&name;`
    Entity,
    /// An element that is not on the list.
    Element(String),
    /// An attribute that holds a program.
    Handler(String),
    /// An attribute that leads or reaches outside.
    Outside(String),
    /// An animation of where a link leads or what it does.
    Animation,
    /// A style that reaches outside, or that only browsers can read.
    Style,
}

/// An active thing, and its bytes in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub what: Active,
    /// Where.
    pub at: Range<usize>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What is active, in order.
    pub faults: Vec<Fault>,
    /// Whether it says where it lay on somebody's computer.
    pub has_paths: bool,
    /// Whether it says who drew it.
    pub has_author: bool,
    /// What the photos in it say.
    pub hidden: BTreeSet<Hidden>,
}

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const EVENTS: &str = "http://www.w3.org/2001/xml-events";

/// Elements of SVG that draw, arrange, describe or move, and do nothing else (SVG 1.1, SVG 2; `flow…` is Inkscape's).
const ELEMENTS: &[&str] = &[
    "a",
    "animate",
    "animateColor",
    "animateMotion",
    "animateTransform",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "flowPara",
    "flowRegion",
    "flowRoot",
    "flowSpan",
    "font",
    "font-face",
    "font-face-name",
    "font-face-src",
    "g",
    "glyph",
    "hkern",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "missing-glyph",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "set",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
    "vkern",
];

/// Vocabularies in which programs for drawing note things for themselves; no browser knows them.
const NOTES: &[&str] = &[
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
    "http://ns.adobe.com/",
    "http://www.serif.com/",
    "http://www.bohemiancoding.com/sketch/ns",
    "http://www.figma.com/figma/ns",
    "http://xml.openoffice.org/svg/export",
    "http://sun.com/xmlns/staroffice/presentation",
];

/// Attributes that lead somewhere on some element of some vocabulary, and nowhere on any of the list.
const LEADING: &[&str] = &[
    "src",
    "srcset",
    "srcdoc",
    "data",
    "action",
    "formaction",
    "ping",
    "poster",
    "background",
    "base",
    "codebase",
    "manifest",
    "cite",
    "longdesc",
    "profile",
    "usemap",
    "archive",
    "classid",
    "object",
    "handler",
];

/// Reads a picture.
pub fn read(bytes: &[u8]) -> Reading {
    let mut reader = Strict::default();
    if bytes.len() > LARGEST {
        reader.fault(Active::TooLarge, 0..0);
        return reader.reading;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => reader.read(text),
        Err(error) => reader.fault(Active::NotUtf8, error.valid_up_to()..error.valid_up_to() + 1),
    }
    reader.reading
}

#[derive(Default)]
struct Strict<'t> {
    reading: Reading,
    /// Open elements: name as written, and how many vocabularies were named before it.
    open: Vec<(&'t str, usize)>,
    /// Names of vocabularies: prefix and address, the last ones first in force.
    vocabularies: Vec<(&'t str, Cow<'t, str>)>,
    has_root: bool,
    /// What stands in the open `style` element, and where that began.
    style: Option<Style>,
}

/// A style sheet in the picture. What is in it may be cut by comments, which a browser passes over.
struct Style {
    text: String,
    /// How many elements were open with it.
    depth: usize,
    at: Range<usize>,
}

impl<'t> Strict<'t> {
    fn fault(&mut self, what: Active, at: Range<usize>) {
        self.reading.faults.push(Fault { what, at });
    }

    fn read(&mut self, text: &'t str) {
        for (piece, at) in Reader::new(text) {
            if self.reading.faults.len() >= MOST_FAULTS {
                return;
            }
            match piece {
                Piece::Comment => {}
                Piece::Declaration(words) if is_utf8(words) => {}
                Piece::Declaration(_) => self.fault(Active::NotUtf8, at),
                Piece::Instruction => self.fault(Active::Instruction, at),
                Piece::Doctype { has_definitions } => self.fault(Active::Doctype { has_definitions }, at),
                Piece::Broken => return self.fault(Active::NotXml, at),
                Piece::Text(words) => match resolved(words) {
                    Some(words) => self.words(&words),
                    None => self.fault(Active::Entity, at),
                },
                Piece::Data(words) => self.words(words),
                Piece::Close { name } => {
                    if self.open.last().is_none_or(|(open, _)| *open != name) {
                        return self.fault(Active::NotXml, at);
                    }
                    self.close();
                }
                Piece::Open { name, attributes, is_closed } => {
                    if self.open.len() >= DEEPEST || self.vocabularies.len() >= DEEPEST {
                        return self.fault(Active::TooLarge, at);
                    }
                    self.element(name, &attributes, at);
                    if is_closed {
                        self.close();
                    }
                }
            }
        }
        if !self.has_root && self.reading.faults.is_empty() {
            self.fault(Active::NoSvg, 0..text.len().min(1));
        }
        if !self.open.is_empty() {
            self.fault(Active::NotXml, text.len()..text.len());
        }
    }

    fn words(&mut self, words: &str) {
        if let Some(style) = &mut self.style {
            style.text.push_str(words);
        }
        // Who drew it may stand further in: `<dc:creator><cc:Agent><dc:title>`.
        if !words.trim().is_empty() && self.open.iter().any(|(name, _)| is_author(name)) {
            self.reading.has_author = true;
        }
    }

    fn close(&mut self) {
        if let Some((_, vocabularies)) = self.open.pop() {
            self.vocabularies.truncate(vocabularies);
        }
        let is_over = |style: &mut Style| style.depth > self.open.len();
        if let Some(style) = self.style.take_if(is_over)
            && faulty_style(&style.text, true)
        {
            self.fault(Active::Style, style.at);
        }
    }

    /// The vocabulary of a name: `None` where its prefix is not declared.
    fn vocabulary(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML);
        }
        let named = self.vocabularies.iter().rev().find(|(known, _)| *known == prefix);
        named.map(|(_, address)| &**address).or(prefix.is_empty().then_some(""))
    }

    fn element(&mut self, name: &'t str, attributes: &[Attribute<'t>], at: Range<usize>) {
        self.open.push((name, self.vocabularies.len()));
        for attribute in attributes {
            let prefix = match attribute.name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            match resolved(attribute.value) {
                _ if self.vocabularies.len() > DEEPEST => return self.fault(Active::TooLarge, attribute.at.clone()),
                Some(address) => self.vocabularies.push((prefix, address)),
                None => self.fault(Active::Entity, attribute.at.clone()),
            }
        }
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let head = at.start..(at.start + 1 + name.len()).min(at.end);
        let Some(vocabulary) = self.vocabulary(prefix).map(str::to_owned) else {
            return self.fault(Active::NotXml, head);
        };
        if !self.has_root {
            self.has_root = true;
            if vocabulary != SVG || local != "svg" {
                return self.fault(Active::NoSvg, head);
            }
        }
        let is_drawn = vocabulary == SVG;
        let is_known = match is_drawn {
            true => ELEMENTS.contains(&local),
            false => NOTES.iter().any(|notes| vocabulary.starts_with(notes)),
        };
        if !is_known {
            self.fault(Active::Element(short(name)), head);
        }
        for attribute in attributes {
            self.attribute(if is_drawn { local } else { "" }, attribute);
        }
        if is_drawn && local == "style" {
            self.style.get_or_insert(Style { text: String::new(), depth: self.open.len(), at });
        }
    }

    fn attribute(&mut self, element: &str, attribute: &Attribute<'t>) {
        let at = attribute.at.clone();
        let (prefix, local) = attribute.name.split_once(':').unwrap_or(("", attribute.name));
        if attribute.name == "xmlns" || prefix == "xmlns" {
            return;
        }
        let Some(value) = resolved(attribute.value) else { return self.fault(Active::Entity, at) };
        let vocabulary = match prefix {
            "" => "",
            prefix => match self.vocabulary(prefix) {
                Some(vocabulary) => vocabulary,
                None => return self.fault(Active::NotXml, at),
            },
        };
        let lower = local.to_ascii_lowercase();
        match vocabulary {
            EVENTS => return self.fault(Active::Handler(short(attribute.name)), at),
            XML if lower == "base" => return self.fault(Active::Outside(short(attribute.name)), at),
            "" | XLINK | XML | SVG => {}
            // Notes of a program to itself.
            _ => {
                let tells = ["export-filename", "absref", "docbase"].contains(&&*lower);
                self.reading.has_paths |= tells && !value.trim().is_empty();
                return;
            }
        }
        let value = value.trim();
        let moves = matches!(element, "animate" | "animateColor" | "animateMotion" | "animateTransform" | "set");
        if lower.starts_with("on") {
            self.fault(Active::Handler(short(attribute.name)), at);
        } else if lower == "href" {
            let is_picture = matches!(element, "image" | "feImage") && is_embedded_picture(value);
            if is_picture && let Some((_, data)) = value.split_once(";base64,") {
                self.reading.hidden.extend(picture::told_inside(&decoded(data)));
            }
            if !is_picture && !value.is_empty() && !value.starts_with('#') {
                self.fault(Active::Outside(short(attribute.name)), at);
            }
        } else if LEADING.contains(&&*lower) {
            self.fault(Active::Outside(short(attribute.name)), at);
        } else if moves && lower == "attributename" {
            let what = value.rsplit(':').next().unwrap_or(value).trim().to_ascii_lowercase();
            if what == "href" || what.starts_with("on") {
                self.fault(Active::Animation, at);
            }
        } else if faulty_style(value, false) {
            self.fault(if lower == "style" { Active::Style } else { Active::Outside(short(attribute.name)) }, at);
        }
    }
}

/// The picture with the photos in it changed. `None` where nothing changes.
pub(super) fn with_photos(bytes: &[u8], change: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    const MARK: &[u8] = b";base64,";
    let mut out = Vec::with_capacity(bytes.len());
    let (mut rest, mut is_changed) = (bytes, false);
    while let Some(at) = super::find(rest, MARK) {
        let (before, data) = rest.split_at(at + MARK.len());
        out.extend_from_slice(before);
        let end = data.iter().position(|byte| matches!(byte, b'"' | b'\'' | b')' | b'<')).unwrap_or(data.len());
        let (data, behind) = data.split_at(end);
        match std::str::from_utf8(data).ok().and_then(|data| change(&decoded(data))) {
            Some(clean) => {
                is_changed = true;
                out.extend(encoded(&clean));
            }
            None => out.extend_from_slice(data),
        }
        rest = behind;
    }
    out.extend_from_slice(rest);
    is_changed.then_some(out)
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes of base64; signs that are none, such as ends of lines, are passed over.
fn decoded(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let values: Vec<u8> = text.bytes().filter_map(value).collect();
    let mut out = Vec::with_capacity(values.len() / 4 * 3 + 3);
    for four in values.chunks(4) {
        let bits =
            four.iter().enumerate().fold(0_u32, |bits, (index, value)| bits | u32::from(*value) << (18 - 6 * index));
        out.extend(&bits.to_be_bytes()[1..four.len()]);
    }
    out
}

fn encoded(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 3 * 4 + 4);
    for three in bytes.chunks(3) {
        let bits =
            three.iter().enumerate().fold(0_u32, |bits, (index, byte)| bits | u32::from(*byte) << (16 - 8 * index));
        let letter = |index: usize| LETTERS[(bits >> (18 - 6 * index)) as usize & 63];
        out.extend((0..4).map(|index| if index <= three.len() { letter(index) } else { b'=' }));
    }
    out
}

fn is_author(name: &str) -> bool {
    matches!(name, "dc:creator" | "dc:contributor")
}

/// At most 40 signs of a name, for people.
fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

/// Whether a declaration says nothing of letters, or UTF-8.
fn is_utf8(words: &str) -> bool {
    let Some((_, after)) = words.split_once("encoding") else { return true };
    let value = after.trim_start().trim_start_matches('=').trim_start();
    let name: String = value.chars().skip(1).take_while(|c| !matches!(c, '"' | '\'')).collect();
    ["utf-8", "utf8", "us-ascii"].contains(&&*name.to_ascii_lowercase())
}

/// A picture of points inside the picture.
fn is_embedded_picture(address: &str) -> bool {
    let kinds = ["data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp"];
    // Only as far as the longest goes: a style may have many addresses, and each of them no end.
    let start: String = address.chars().take(20).collect::<String>().to_ascii_lowercase();
    let kind = start.split_once([';', ',']).map_or("", |(kind, _)| kind);
    kinds.contains(&kind)
}

/// Whether CSS, of a sheet or of one value, reaches outside or is written so that only a browser can tell (escapes).
fn faulty_style(text: &str, is_sheet: bool) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_escaped = lower.contains('\\') && (is_sheet || lower.contains('('));
    let words = ["javascript:", "expression(", "-moz-binding", "behavior:", "src(", "image(", "image-set("];
    if is_escaped || words.iter().any(|word| lower.contains(word)) {
        return true;
    }
    let is_inside = |address: &str| {
        let address = address.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        let fonts = ["data:font/", "data:application/font", "data:application/x-font"];
        address.starts_with('#') || is_embedded_picture(address) || fonts.iter().any(|font| address.starts_with(font))
    };
    if lower.match_indices("url(").any(|(at, _)| !is_inside(&lower[at + 4..])) {
        return true;
    }
    let rules = ["font-face", "media", "keyframes", "-webkit-keyframes", "supports", "page"];
    let is_known = |after: &str| {
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(after.len());
        rules.contains(&&after[..end])
    };
    is_sheet && lower.match_indices('@').any(|(at, _)| !is_known(&lower[at + 1..]))
}

#[cfg(test)]
#[path = "tests/svg.rs"]
mod tests;
