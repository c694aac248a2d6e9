//! The files of a theme, layer by layer: a city's own over the one it extends, over the built-in one.

use super::{BUILT_IN, findings};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::document::copies::is_leftover;
use crate::document::findings::unreadable;
use crate::fields::{THEME, Vocabulary};
use crate::source::Sources;
use crate::text::place::{FileId, Place};
use crate::text::span::{Span, Spanned};
use crate::view;
use crate::yaml::{self, Scribe};
use anyhow::Result;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default/templates");
static ASSETS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default/assets");
static WORDS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default/words");

/// Booklets need their letters and their form wherever the program runs, also where only a site's folder is.
#[cfg(feature = "pdf")]
static PRINT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default/print");
#[cfg(feature = "pdf")]
static FONTS: [(&str, Packed); 4] = [
    ("BIZUDPGothic-Regular.ttf", Packed(include_bytes!(concat!(env!("OUT_DIR"), "/BIZUDPGothic-Regular.lz4")))),
    ("KohyoRareKanji-Regular.ttf", Packed(include_bytes!(concat!(env!("OUT_DIR"), "/KohyoRareKanji-Regular.lz4")))),
    ("BIZUDPGothic-Bold.ttf", Packed(include_bytes!(concat!(env!("OUT_DIR"), "/BIZUDPGothic-Bold.lz4")))),
    ("KohyoRareKanji-Bold.ttf", Packed(include_bytes!(concat!(env!("OUT_DIR"), "/KohyoRareKanji-Bold.lz4")))),
];

/// Where the letters of a booklet come from.
#[derive(Clone, Copy, Debug)]
pub enum FontFile {
    /// A file of the project.
    File(FileId),
    /// The program itself.
    BuiltIn(Packed),
}

/// A file as `build.rs` packed it into the program.
#[derive(Clone, Copy)]
pub struct Packed(&'static [u8]);

impl Packed {
    /// The file.
    #[cfg(feature = "pdf")]
    pub fn unpacked(self) -> Vec<u8> {
        lz4_flex::block::decompress_size_prepended(self.0).expect("the program is as it was built")
    }
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} bytes packed", self.0.len())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    contract: u32,
    extends: Option<String>,
    #[serde(rename = "description")]
    _description: Option<String>,
}

/// One theme of the chain: its files by path inside the theme.
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) files: BTreeMap<String, File>,
}

/// Content, and the file of the project where it is none of the program's own.
pub(super) type File = (Cow<'static, [u8]>, Option<FileId>);

/// Letters of all layers, upper ones first, then those that `site.yaml` adds.
pub(super) fn fonts(
    layers: &[Layer],
    config: &Config,
    sources: &Sources,
    out: &mut Vec<Diagnostic>,
) -> Vec<(String, FontFile)> {
    let mut fonts: Vec<(String, FontFile)> = Vec::new();
    let mut add = |name: &str, font: FontFile| {
        if !fonts.iter().any(|(known, _)| known == name) {
            fonts.push((name.to_owned(), font));
        }
    };
    // The base theme is what a booklet looks like; what other layers bring stands in for characters it does not have.
    let mut order: Vec<&Layer> = layers.iter().collect();
    order.sort_by_key(|layer| layer.name != BUILT_IN);
    for layer in &order {
        let folder = format!("themes/{}/fonts/", layer.name);
        let mut own: Vec<(&str, FileId)> = sources
            .under(&folder)
            .filter_map(|(file, it)| Some((it.path.strip_prefix(&folder)?, file)))
            .filter(|(path, _)| is_font(path))
            .collect();
        // Regular before Bold before others, so that the first family is the theme's.
        own.sort_by_key(|(path, _)| (!path.contains("Regular"), *path));
        for (name, file) in own {
            add(name, FontFile::File(file));
        }
        #[cfg(feature = "pdf")]
        if layer.name == BUILT_IN {
            for (name, font) in FONTS {
                add(name, FontFile::BuiltIn(font));
            }
        }
    }
    for path in &config.pdf.fonts {
        match sources.find(&path.value) {
            Some(file) => add(&path.value, FontFile::File(file)),
            None => {
                let place = sources.find("site.yaml").map_or(Place::start(FileId::NONE), |it| Place::new(it, path.at));
                out.push(findings::font_missing(place, &path.value));
            }
        }
    }
    fonts
}

/// Whether a file is one of letters, by its name.
pub(super) fn is_font(path: &str) -> bool {
    [".ttf", ".otf", ".ttc"].iter().any(|end| path.to_ascii_lowercase().ends_with(end))
}

/// The chain of themes: the one named, what it extends, and the built-in one at the end.
pub(super) fn layers(
    wanted: &Spanned<Box<str>>,
    sources: &Sources,
    site_file: Option<FileId>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut name = wanted.value.to_string();
    let mut place = Place::new(site_file.unwrap_or(FileId::NONE), wanted.at);
    while name != BUILT_IN || sources.find(&format!("themes/{BUILT_IN}/theme.yaml")).is_some() {
        if layers.iter().any(|layer| layer.name == name) {
            out.push(findings::theme_file(Rule::ThemeContract, place, &format!("extends: {name} → … → {name}")));
            break;
        }
        let prefix = format!("themes/{name}/");
        let files: BTreeMap<String, FileId> = sources
            .iter()
            .filter_map(|(id, file)| Some((file.path.strip_prefix(&prefix)?.to_owned(), id)))
            .filter(|(path, _)| {
                // What an editor left is as public in `assets/` as it would be beside a page.
                !path.split('/').any(is_leftover)
                    && ["theme.yaml", "words/", "templates/", "assets/", "print/"].iter().any(|it| path.starts_with(it))
            })
            .collect();
        let Some(&manifest_file) = files.get("theme.yaml") else {
            let known: Vec<&str> = sources
                .iter()
                .filter_map(|(_, file)| file.path.strip_prefix("themes/")?.strip_suffix("/theme.yaml"))
                .chain([BUILT_IN])
                .collect();
            out.push(findings::theme_missing(place, &name, known));
            break;
        };
        let mut layer = Layer { name: name.clone(), files: BTreeMap::new() };
        for (path, file) in files {
            match sources.bytes(file) {
                Ok(bytes) => drop(layer.files.insert(path, (Cow::Owned(bytes.into_owned()), Some(file)))),
                Err(error) => out.push(unreadable(Place::start(file), &error.why)),
            }
        }
        let bytes = layer.files.get("theme.yaml").map(|(bytes, _)| bytes.clone()).unwrap_or_default();
        layers.push(layer);
        let manifest = match read_manifest(&bytes, manifest_file) {
            Ok(manifest) => manifest,
            Err(finding) => {
                out.push(*finding);
                break;
            }
        };
        if manifest.contract != view::CONTRACT {
            let found = manifest.contract.to_string();
            out.push(findings::theme_contract(Place::start(manifest_file), &found, view::CONTRACT));
        }
        if name == BUILT_IN {
            // An older copy of it may have no booklets; those are the program's then.
            if let Some(layer) = layers.last_mut()
                && !layer.files.keys().any(|path| path.starts_with("print/"))
            {
                let own = built_in().files.into_iter().filter(|(path, _)| path.starts_with("print/"));
                layer.files.extend(own);
            }
            return layers;
        }
        name = manifest.extends.unwrap_or_else(|| BUILT_IN.into());
        place = Place::start(manifest_file);
    }
    layers.push(built_in());
    layers
}

pub(super) fn built_in() -> Layer {
    let mut files = BTreeMap::new();
    let mut open: Vec<(&str, &'static Dir<'static>)> =
        vec![("templates", &TEMPLATES), ("assets", &ASSETS), ("words", &WORDS)];
    #[cfg(feature = "pdf")]
    open.push(("print", &PRINT));
    while let Some((top, dir)) = open.pop() {
        open.extend(dir.dirs().map(|dir| (top, dir)));
        for file in dir.files() {
            let path = format!("{top}/{}", file.path().to_string_lossy().replace('\\', "/"));
            files.insert(path, (Cow::Borrowed(file.contents()), None));
        }
    }
    Layer { name: BUILT_IN.into(), files }
}

/// Reads `theme.yaml`; the error is what is wrong with it.
pub(super) fn read_manifest(bytes: &[u8], file: FileId) -> Result<Manifest, Box<Diagnostic>> {
    parse_yaml::<Manifest>(bytes).map_err(|(span, message)| {
        // Where it is no YAML at all, that is told as in every other file, in its own keys.
        let mut scribe = Scribe::new(file, Vocabulary(THEME));
        let _ = yaml::utf8(bytes, &mut scribe).and_then(|text| yaml::parse(text, 0, &mut scribe));
        let first = scribe.findings.into_iter().next();
        first.unwrap_or_else(|| findings::theme_file(Rule::ThemeContract, Place::new(file, span), &message)).into()
    })
}

/// Reads one of a theme's own files; the error is a place in it and a sentence.
fn parse_yaml<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, (Span, String)> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        (Span::new(at, at), "UTF-8".to_owned())
    })?;
    serde_yaml::from_str(text).map_err(|error| {
        let at = error.location().map_or(0, |location| location.index().min(text.len()));
        (Span::new(at, at), error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language::Language;

    fn built_in_words(language: Language) -> BTreeMap<String, String> {
        let file = WORDS.get_file(format!("{}.yaml", language.tag())).unwrap();
        parse_yaml(file.contents()).unwrap()
    }

    #[test]
    fn both_languages_have_the_same_words() {
        // Other forms of a word, for terms of a city, are of one language.
        let is_whole = |name: &String| crate::text::terms::base(name) == name;
        let names = |language| built_in_words(language).into_keys().filter(is_whole).collect::<Vec<_>>();
        assert_eq!(names(Language::Japanese), names(Language::English));
    }

    #[test]
    fn names_of_pages_have_places_to_tell_them_apart() {
        let words = built_in_words(Language::Japanese);
        for name in crate::text::words::TELLING {
            assert!(words[name].contains("{a}"), "{name}");
        }
    }

    #[cfg(feature = "pdf")]
    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test looks at files")]
    fn the_program_has_the_letters_of_the_theme() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/fonts");
        let in_program: BTreeMap<String, Vec<u8>> =
            FONTS.iter().map(|(name, font)| ((*name).to_owned(), font.unpacked())).collect();
        let files: BTreeMap<String, Vec<u8>> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| is_font(&entry.file_name().to_string_lossy()))
            .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
            .collect();
        assert!(in_program.keys().eq(files.keys()), "{:?}", files.keys());
        for (name, bytes) in files {
            assert!(in_program[&name] == bytes, "{name}");
        }
    }
}
