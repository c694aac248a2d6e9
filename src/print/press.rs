//! The press: a booklet's values and the theme's templates to a PDF, with Typst as a library.
//!
//! Promises: no file, network, package or clock is reachable from a template; the same values give the same bytes; the
//! PDF is tagged and conforms to PDF/UA-1 and PDF/A-2a, or there is none. Knows nothing of the record.

use super::guard::{self, Broken};
use super::marks::{Signs, is_part, is_selector};
use super::rounds::{self, Budget, Marked, Places};
use super::words::{self, Letters};
use super::{Pdf, lines, links, pack, phrase, signs, slices};
use crate::text::guard::guarded;
use crate::text::place::FileId;
use crate::theme::Theme;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration, Module, NativeRuleMap, Scope, Smart};
use typst::layout::Abs;
use typst::routines::Routines;
use typst::syntax::{DiagSpan, FileId as TypstFile, RootedPath, Source, SyntaxMode, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, FontInstance, FontVariations};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryBuilder, World, WorldExt as _, comemo};
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use unicode_normalization::UnicodeNormalization as _;

/// The template that every booklet starts with.
pub const MAIN: &str = "booklet.typ";

/// What a fault says where a template's loops come to no end.
pub const TOO_MANY: &str = "kohyo: too many rounds\u{0}";

/// Why there is no PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, in the typesetter's words.
    pub message: String,
    /// Where in which template, where that is known: name, file of the project, byte.
    pub at: Option<(String, Option<FileId>, Range<usize>)>,
    /// The text that is not to be read, where it was set and cannot be shown.
    pub broken: Option<Broken>,
}

impl Fault {
    fn of(message: String) -> Self {
        Self { message, at: None, broken: None }
    }
}

/// Everything that booklets share: letters and templates.
pub struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    families: Vec<String>,
    templates: HashMap<TypstFile, Template>,
    /// Whether any template is the theme's own, and may have loops without end.
    counts: bool,
    main: TypstFile,
    /// One bit for each character that some font has.
    covered: Vec<u64>,
    letters: Letters,
    /// The fonts as what looks up forms of letters needs them; most sites have none.
    forms: OnceLock<Vec<FontInstance>>,
}

/// How a letter with its marks and selectors is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// By itself.
    Usual,
    /// As it is written where it is set in this family.
    In(String),
    /// In another form, in pieces, or not at all.
    Not,
}

impl std::fmt::Debug for Press {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Press").field("families", &self.families).finish_non_exhaustive()
    }
}

/// What the typesetter calls by name only, so that its parts can be compiled apart. The same as its own table, but for HTML,
/// which it writes only where that is asked for: unnamed here, its writers of HTML and SVG are not in the program.
static ROUTINES: LazyLock<Routines> = LazyLock::new(routines);

/// The same for templates whose rounds are counted.
static COUNTING: LazyLock<Routines> = LazyLock::new(|| rounds::counting(routines()));

fn routines() -> Routines {
    Routines {
        rules: || {
            let mut rules = NativeRuleMap::new();
            typst_layout::register(&mut rules);
            rules
        },
        eval_string: typst_eval::eval_string,
        eval_closure: typst_eval::eval_closure,
        realize: typst_realize::realize,
        layout_frame: typst_layout::layout_frame,
        html_module: || Module::new("html", Scope::new()),
        html_mathml_body: |_, _| None,
        html_span_filled: |content, _| content,
    }
}

/// A template as the typesetter gets it.
struct Template {
    source: Source,
    /// Leads back to the file.
    places: Places,
    file: Option<FileId>,
}

/// Font files by how they are called, in order of preference.
pub type FontFiles = Vec<(String, Cow<'static, [u8]>)>;

impl Press {
    /// Sets the press up. Of a font file that is none, the name is handed back.
    pub fn new(theme: &Theme, files: FontFiles) -> (Self, Vec<String>) {
        let mut fonts = Vec::new();
        let mut families: Vec<String> = Vec::new();
        let mut unreadable = Vec::new();
        for (name, bytes) in files {
            let before = fonts.len();
            fonts.extend(Font::iter(Bytes::new(bytes)));
            if fonts.len() == before {
                unreadable.push(name);
            }
        }
        let mut covered = vec![0_u64; 0x11_0000 / 64];
        for font in &fonts {
            let info = font.info();
            if !families.contains(&info.family) {
                families.push(info.family.clone());
            }
            for code in info.coverage.iter() {
                if let Some(word) = covered.get_mut(code as usize / 64) {
                    *word |= 1 << (code % 64);
                }
            }
        }
        let mut library =
            LibraryBuilder::from_routines(&ROUTINES).with_features([Feature::A11yExtras].into_iter().collect()).build();
        links::describe(&mut library);
        let counts = theme.print.values().any(|(_, file)| file.is_some());
        if counts {
            rounds::watch(&mut library, &COUNTING);
        }
        let templates = theme
            .print
            .iter()
            .filter_map(|(name, (bytes, file))| {
                let id = typst_file(&format!("/{name}"))?;
                let text = String::from_utf8_lossy(bytes);
                let marked = if counts { Marked::new(&text, SyntaxMode::Markup) } else { Marked::none(&text) };
                let source = Source::new(id, marked.text.into_owned());
                Some((id, Template { source, places: marked.places, file: *file }))
            })
            .collect();
        let press = Self {
            letters: Letters::new(&fonts),
            library: LazyHash::new(library),
            book: LazyHash::new(FontBook::from_fonts(fonts.iter())),
            fonts,
            families,
            templates,
            counts,
            main: typst_file(&format!("/{MAIN}")).expect("the name of the main template is a path"),
            covered,
            forms: OnceLock::new(),
        };
        (press, unreadable)
    }

    /// Families of letters, in order of preference.
    pub fn families(&self) -> &[String] {
        &self.families
    }

    /// How wide letters are.
    pub fn letters(&self) -> &Letters {
        &self.letters
    }

    /// Whether some font has the character, or none is needed.
    pub fn covers(&self, c: char) -> bool {
        let code = c as u32;
        let is_covered = self.covered.get(code as usize / 64).is_some_and(|word| word & (1 << (code % 64)) != 0);
        is_covered || is_invisible(c)
    }

    /// How a letter is shown, its marks and selectors included.
    pub fn shows(&self, letter: &str) -> Shown {
        let mut chars = letter.chars();
        let first = chars.next();
        if !letter.chars().all(|c| self.covers(c)) {
            return Shown::Not;
        }
        match (first, chars.next()) {
            (Some(base), Some(selector)) if is_selector(selector) => self.form(base, selector),
            (_, Some(_)) if letter.chars().any(is_part) => {
                // Marks are set by the font that has the letter: it alone knows where they go.
                let parts: Vec<char> = letter.nfc().filter(|c| !is_invisible(*c)).collect();
                let whole = |font: &Font| parts.iter().all(|c| font.info().coverage.contains(*c as u32));
                if self.fonts.iter().any(whole) { Shown::Usual } else { Shown::Not }
            }
            _ => Shown::Usual,
        }
    }

    /// A letter in the form that a selector asks for. The typesetter takes the first family that has the letter, in
    /// whatever form.
    fn form(&self, base: char, selector: char) -> Shown {
        let forms = self.forms.get_or_init(|| {
            let plain = FontVariations::default();
            self.fonts.iter().map(|it| it.clone().instantiate(it.info().variant, Abs::pt(12.0), &plain)).collect()
        });
        let mut is_first = true;
        for family in &self.families {
            let mut members = self.fonts.iter().zip(forms).filter(|(font, _)| font.info().family == *family);
            let mut having = members.by_ref().filter(|(font, _)| font.info().coverage.contains(base as u32)).peekable();
            if having.peek().is_none() {
                continue;
            }
            if having.all(|(_, form)| form.ttf().glyph_variation_index(base, selector).is_some()) {
                return if is_first { Shown::Usual } else { Shown::In(family.clone()) };
            }
            is_first = false;
        }
        Shown::Not
    }

    /// Sets the pages of a booklet, with finished lines. A long one fills memory; short ones gain by what they share.
    fn set(&self, edition: &Edition) -> Result<PagedDocument, Vec<Fault>> {
        let own = (!edition.signs.is_empty()).then(|| LazyHash::new(signs::taught(&self.library, &edition.signs)));
        let library = own.as_ref().unwrap_or(&self.library);
        let budget = self.counts.then(|| Budget::new(library));
        let library = budget.as_ref().map_or(library, Budget::library);
        let world = Desk { press: self, edition, library };
        let set = || {
            let margins = guard::margins(&world);
            let in_chapters = if edition.length > LONG { slices::set(&world) } else { None };
            let document = in_chapters.unwrap_or_else(|| typst::compile::<PagedDocument>(&world).output.map(finished));
            let document = document.map_err(|errors| self.faults(&world, &errors))?;
            let broken = margins.and_then(|margins| guard::look(document.pages(), margins, &edition.texts));
            match broken {
                None => Ok(document),
                Some((broken, span)) => {
                    let at = span.and_then(|span| self.place(&world, span));
                    Err(vec![Fault { at, broken: Some(broken), ..Fault::of(String::new()) }])
                }
            }
        };
        let Some(budget) = &budget else { return set() };
        guarded(set).unwrap_or_else(|message| {
            Err(vec![match budget.over() {
                Some(span) => Fault { at: self.place(&world, span), ..Fault::of(TOO_MANY.to_owned()) },
                None => Fault::of(message),
            }])
        })
    }

    /// How many pages a booklet will have.
    ///
    /// # Errors
    /// See [`Fault`].
    pub fn count(&self, edition: &Edition) -> Result<usize, Vec<Fault>> {
        let pages = whole_or_fault(|| self.set(edition).map(|document| document.pages().len()));
        comemo::evict(KEPT);
        pages
    }

    /// Makes a booklet. `ident` names it among all booklets, for good.
    ///
    /// # Errors
    /// See [`Fault`].
    pub fn print(&self, edition: &Edition, ident: &str) -> Result<Pdf, Vec<Fault>> {
        whole_or_fault(|| self.printed(edition, ident))
    }

    fn printed(&self, edition: &Edition, ident: &str) -> Result<Pdf, Vec<Fault>> {
        let document = self.set(edition)?;
        let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a])
            .map_err(|error| vec![Fault::of(error.message().to_string())])?;
        let options = PdfOptions {
            ident: Smart::Custom(ident.to_owned()),
            creator: Smart::Custom(Some("kohyo".into())),
            standards,
            ..PdfOptions::default()
        };
        let world = Desk { press: self, edition, library: &self.library };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| self.faults(&world, &errors))?;
        let pages = document.pages().len();
        drop(document);
        comemo::evict(KEPT);
        let bytes = pack::pack(&bytes).unwrap_or(bytes);
        Ok(Pdf { bytes, pages })
    }

    fn faults(&self, world: &Desk<'_>, errors: &[SourceDiagnostic]) -> Vec<Fault> {
        errors.iter().map(|error| self.fault(world, error)).collect()
    }

    fn fault(&self, world: &Desk<'_>, error: &SourceDiagnostic) -> Fault {
        let mut message = error.message.to_string();
        for hint in &error.hints {
            message.push_str(&format!(" ({})", hint.v));
        }
        Fault { at: self.place(world, error.span), ..Fault::of(message) }
    }

    /// Where that is in a template as its file has it.
    fn place(&self, world: &Desk<'_>, span: impl Into<DiagSpan>) -> Option<(String, Option<FileId>, Range<usize>)> {
        let span = span.into();
        let id = span.id()?;
        let range = world.range(span)?;
        let Template { places, file, .. } = self.templates.get(&id)?;
        let range = places.original(range.start)..places.original(range.end);
        Some((id.vpath().get_without_slash().to_owned(), *file, range))
    }
}

/// What the typesetter makes; where it panics, that is a fault like any other that it tells.
fn whole_or_fault<T>(set: impl FnOnce() -> Result<T, Vec<Fault>>) -> Result<T, Vec<Fault>> {
    guarded(set).unwrap_or_else(|message| Err(vec![Fault::of(message)]))
}

/// How many booklets' worth of intermediate results are kept: what booklets share is made once, and memory stays flat.
const KEPT: usize = 4;

/// From this many bytes of values on, a booklet is set chapter by chapter: some 40 goals.
const LONG: usize = 150 * 1024;

/// Characters that show nothing and that a typesetter drops where a font does not have them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\t' | '\n' | '\r' | ' ' | '\u{AD}' | '\u{34F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

fn typst_file(path: &str) -> Option<TypstFile> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).ok()?).intern())
}

/// A booklet as the templates find it: its values and files.
pub struct Edition {
    files: HashMap<TypstFile, Bytes>,
    /// Of the values, in bytes.
    length: usize,
    /// What has to be on its pages.
    texts: Vec<String>,
    signs: Signs,
    key: u128,
}

impl Edition {
    /// Puts a booklet's values and its other files together. Phrases are joined here, and words that no line holds opened;
    /// `signs` follow from the values.
    pub fn new(mut values: Value, signs: Signs, files: Vec<(String, Vec<u8>)>, letters: &Letters) -> Self {
        let is_large = values["large"] == Value::Bool(true);
        let texts = guard::texts(&values);
        phrase::join_all(&mut values, is_large);
        words::fit(&mut values, letters);
        let data = ("/data.json".to_owned(), values.to_string().into_bytes());
        let length = data.1.len();
        let files: Vec<_> = files.into_iter().chain([data]).collect();
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        for (path, bytes) in &files {
            hash.update(path.as_bytes());
            hash.update(&(bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        let files = files.into_iter().filter_map(|(path, bytes)| Some((typst_file(&path)?, Bytes::new(bytes))));
        Self { files: files.collect(), length, texts, signs, key: hash.digest128() }
    }

    /// Tells editions apart by what they say: the same values and files have the same key.
    pub fn key(&self) -> u128 {
        self.key
    }
}

/// The whole world of one booklet.
struct Desk<'p> {
    press: &'p Press,
    edition: &'p Edition,
    library: &'p LazyHash<Library>,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> TypstFile {
        self.press.main
    }

    fn source(&self, id: TypstFile) -> FileResult<Source> {
        let found = self.press.templates.get(&id).map(|template| template.source.clone());
        found.ok_or_else(|| not_found(id))
    }

    fn file(&self, id: TypstFile) -> FileResult<Bytes> {
        self.edition.files.get(&id).cloned().ok_or_else(|| not_found(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn not_found(id: TypstFile) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

/// The same pages with finished lines, see [`lines::finish`].
fn finished(mut document: PagedDocument) -> PagedDocument {
    let info = std::mem::take(document.info_mut());
    let mut pages: EcoVec<Page> = document.pages().into();
    // What is nobody else's is changed in place, not copied.
    drop(document);
    for page in pages.make_mut() {
        lines::finish(&mut page.frame);
    }
    PagedDocument::new(pages, info)
}

/// Whether the typesetter can show an image.
pub fn is_image(name: &str, bytes: &[u8]) -> bool {
    use typst::visualize::{ExchangeFormat, RasterFormat, RasterImage};
    let format = match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "svg" => return std::str::from_utf8(bytes).is_ok_and(|text| text.contains("<svg")),
        "png" => ExchangeFormat::Png,
        "gif" => ExchangeFormat::Gif,
        "webp" => ExchangeFormat::Webp,
        _ => ExchangeFormat::Jpg,
    };
    let read = || RasterImage::new(Bytes::new(bytes.to_vec()), RasterFormat::Exchange(format), Smart::Auto).is_ok();
    guarded(read).unwrap_or(false)
}

/// A QR code as a picture: dark squares as one path, so that it is small and sharp at any size.
pub fn qr(address: &str) -> Option<Vec<u8>> {
    let code = qrcodegen::QrCode::encode_text(address, qrcodegen::QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let start = x;
            while x < size && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                path.push_str(&format!("M{start} {y}h{0}v1h-{0}z", x - start));
            }
            x += 1;
        }
    }
    let whole = size + 8;
    Some(
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-4 -4 {whole} {whole}\" width=\"{whole}\" height=\"{whole}\"><path d=\"{path}\"/></svg>"
        )
        .into_bytes(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_typesetter_is_a_fault() {
        let faults = whole_or_fault(|| -> Result<(), Vec<Fault>> { panic!("no such frame") }).unwrap_err();
        assert!(faults[0].message.starts_with("no such frame"), "{faults:?}");
        assert_eq!(whole_or_fault(|| Ok(1)), Ok(1));
    }
}
