//! A PDF as a reader of paper and a program that reads aloud find it: runs of text with their place and size.

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};
use std::collections::{BTreeMap, HashMap};

/// A run of text, in points from the lower left corner of its page.
#[derive(Clone, Debug)]
pub struct Run {
    /// What is read and copied.
    pub text: String,
    /// What the font says of its glyphs: other than the text where one glyph stands for several writings.
    pub drawn: String,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub size: f32,
    /// Whether it is decoration: page numbers, running heads, readings over kanji.
    pub is_artifact: bool,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub width: f32,
    pub height: f32,
    pub runs: Vec<Run>,
}

impl Sheet {
    /// What is read aloud.
    pub fn text(&self) -> String {
        self.runs.iter().filter(|run| !run.is_artifact).map(|run| run.text.as_str()).collect()
    }

    /// Lines as they stand on the paper, decoration left out.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<(f32, String)> = Vec::new();
        for run in self.runs.iter().filter(|run| !run.is_artifact) {
            match lines.last_mut() {
                Some((y, line)) if (*y - run.y).abs() < 0.5 => line.push_str(&run.text),
                _ => lines.push((run.y, run.text.clone())),
            }
        }
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

/// Letters without the spaces that typesetting puts between them.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{AD}')).collect()
}

struct Font {
    letters: HashMap<u16, String>,
    widths: HashMap<u16, f32>,
    default_width: f32,
}

/// Reads the pages of a PDF.
pub fn sheets(bytes: &[u8]) -> Vec<Sheet> {
    let document = Document::load_mem(bytes).expect("a PDF");
    let mut fonts: BTreeMap<(u32, u16), Font> = BTreeMap::new();
    document.get_pages().into_values().map(|page| sheet(&document, page, &mut fonts)).collect()
}

fn sheet(document: &Document, page: (u32, u16), fonts: &mut BTreeMap<(u32, u16), Font>) -> Sheet {
    let dictionary = document.get_dictionary(page).expect("a page");
    let media: Vec<f32> = inherited(document, dictionary, b"MediaBox")
        .and_then(|object| object.as_array().ok())
        .expect("a size")
        .iter()
        .map(number)
        .collect();
    let resources = inherited(document, dictionary, b"Resources").and_then(|it| it.as_dict().ok()).expect("resources");
    let mut names: HashMap<Vec<u8>, (u32, u16)> = HashMap::new();
    if let Ok(known) = resources.get(b"Font").and_then(|fonts| document.dereference(fonts)) {
        for (name, font) in known.1.as_dict().expect("fonts").iter() {
            let id = font.as_reference().expect("a reference");
            names.insert(name.clone(), id);
            fonts.entry(id).or_insert_with(|| font_of(document, id));
        }
    }
    let content = Content::decode(&document.get_page_content(page)).expect("content");
    let mut runs = Vec::new();
    let mut at = (0.0_f32, 0.0_f32, 1.0_f32);
    let mut stack = Vec::new();
    let mut marked: Vec<(bool, Option<String>)> = Vec::new();
    let mut font: Option<(&Font, f32)> = None;
    let mut offset = (0.0, 0.0);
    for operation in &content.operations {
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "q" => stack.push(at),
            "Q" => at = stack.pop().unwrap_or(at),
            "cm" => {
                let m: Vec<f32> = operands.iter().map(number).collect();
                at = (at.0 + m[4], at.1 + at.2 * m[5], at.2 * m[3].signum());
            }
            "BDC" | "BMC" => {
                let is_artifact =
                    operands.first().and_then(|it| it.as_name().ok()).is_some_and(|name| name == b"Artifact");
                marked.push((is_artifact, operands.get(1).and_then(actual_text)));
            }
            "EMC" => drop(marked.pop()),
            "Tf" => {
                let id = names[operands[0].as_name().expect("a name")];
                font = Some((&fonts[&id], number(&operands[1])));
            }
            "Tm" => offset = (number(&operands[4]), number(&operands[5])),
            "Tj" | "TJ" => {
                let (font, size) = font.expect("a font");
                let mut run = Run {
                    text: String::new(),
                    drawn: String::new(),
                    x: at.0 + offset.0,
                    y: at.1 + offset.1,
                    width: 0.0,
                    size,
                    is_artifact: marked.iter().any(|(is_artifact, _)| *is_artifact),
                };
                let parts = match &operands[0] {
                    Object::Array(parts) => parts.clone(),
                    other => vec![other.clone()],
                };
                for part in &parts {
                    match part {
                        Object::String(codes, _) => {
                            for code in codes.chunks(2).map(|pair| u16::from(pair[0]) << 8 | u16::from(pair[1])) {
                                run.drawn.push_str(font.letters.get(&code).map_or("\u{FFFD}", String::as_str));
                                run.width += font.widths.get(&code).unwrap_or(&font.default_width) * size / 1000.0;
                            }
                        }
                        gap => run.width -= number(gap) * size / 1000.0,
                    }
                }
                // The first piece of what has another text says it all.
                run.text = match marked.iter_mut().rev().find_map(|(_, actual)| actual.as_mut()) {
                    Some(actual) => std::mem::take(actual),
                    None => run.drawn.clone(),
                };
                runs.push(run);
            }
            _ => {}
        }
    }
    Sheet { width: media[2], height: media[3], runs }
}

/// The text that stands for what is drawn.
fn actual_text(properties: &Object) -> Option<String> {
    let text = properties.as_dict().ok()?.get(b"ActualText").ok()?.as_str().ok()?;
    let Some(units) = text.strip_prefix(b"\xFE\xFF") else { return Some(String::from_utf8_lossy(text).into_owned()) };
    let units: Vec<u16> = units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}

fn number(object: &Object) -> f32 {
    object.as_float().unwrap_or_default()
}

fn inherited<'d>(document: &'d Document, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    match dictionary.get(key) {
        Ok(object) => document.dereference(object).ok().map(|(_, object)| object),
        Err(_) => {
            let parent = dictionary.get(b"Parent").ok()?.as_reference().ok()?;
            inherited(document, document.get_dictionary(parent).ok()?, key)
        }
    }
}

fn font_of(document: &Document, id: (u32, u16)) -> Font {
    let font = document.get_dictionary(id).expect("a font");
    let mut found = Font { letters: HashMap::new(), widths: HashMap::new(), default_width: 1000.0 };
    let map = font.get(b"ToUnicode").and_then(|it| document.dereference(it)).expect("a map to Unicode").1;
    let map = map.as_stream().expect("a stream").decompressed_content().expect("a readable map");
    let map = String::from_utf8_lossy(&map).into_owned();
    for line in map.lines().filter(|line| line.starts_with('<')) {
        let parts: Vec<&str> = line.split(['<', '>', ' ']).filter(|part| !part.trim().is_empty()).collect();
        let [code, text] = parts[..] else { continue };
        let (Ok(code), true) = (u16::from_str_radix(code, 16), text.len() % 4 == 0) else { continue };
        let units: Vec<u16> = (0..text.len() / 4)
            .filter_map(|index| u16::from_str_radix(&text[index * 4..index * 4 + 4], 16).ok())
            .collect();
        found.letters.insert(code, String::from_utf16_lossy(&units));
    }
    let descendants = font.get(b"DescendantFonts").and_then(|it| document.dereference(it)).expect("descendants").1;
    let descendant = document.dereference(&descendants.as_array().expect("a list")[0]).expect("a font").1;
    let descendant = descendant.as_dict().expect("a font");
    if let Ok(width) = descendant.get(b"DW") {
        found.default_width = number(width);
    }
    if let Ok((_, widths)) = descendant.get(b"W").and_then(|it| document.dereference(it)) {
        let mut rest = widths.as_array().expect("widths").iter();
        while let Some(first) = rest.next() {
            let first = number(first) as u16;
            match rest.next() {
                Some(Object::Array(widths)) => {
                    for (index, width) in widths.iter().enumerate() {
                        found.widths.insert(first + index as u16, number(width));
                    }
                }
                Some(last) => {
                    let width = rest.next().map_or(1000.0, number);
                    (first..=number(last) as u16).for_each(|code| {
                        let _ = found.widths.insert(code, width);
                    });
                }
                None => {}
            }
        }
    }
    found
}

/// All that is in a PDF, unpacked: streams, strings and names of every object, and the letters of its pages.
pub fn unpacked(bytes: &[u8]) -> Vec<u8> {
    fn push(object: &Object, out: &mut Vec<u8>) {
        match object {
            Object::Name(text) | Object::String(text, _) => out.extend(text.iter().chain(b"\n")),
            Object::Array(all) => all.iter().for_each(|it| push(it, out)),
            Object::Dictionary(all) => all.iter().for_each(|(_, it)| push(it, out)),
            Object::Stream(stream) => {
                stream.dict.iter().for_each(|(_, it)| push(it, out));
                out.extend(stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()));
            }
            _ => {}
        }
    }
    let document = Document::load_mem(bytes).expect("a PDF");
    let mut out = bytes.to_vec();
    document.objects.values().for_each(|object| push(object, &mut out));
    for sheet in sheets(bytes) {
        out.extend(letters(&sheet.runs.iter().map(|run| run.text.as_str()).collect::<String>()).into_bytes());
    }
    out
}
