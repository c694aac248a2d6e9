//! Finished booklets, by what they say: each is made when it is first asked for, and then stays, also when the site is
//! prepared again and says the same.

use super::findings::{
    bad_font, bad_image, booklet_broken, booklet_failed, booklet_rounds, left_out, missing_glyph, missing_in_image,
    no_font,
};
use super::gather::{self, Matter};
use super::guard::Broken;
use super::marks::Signs;
use super::press::{Edition, Fault, FontFiles, Press, TOO_MANY, qr};
use super::{Pdf, glyphs, pictures, readable};
use crate::attachment;
use crate::check::huge_picture;
use crate::diagnostic::Diagnostic;
use crate::document::{Body, findings};
use crate::markdown::LinkKind;
use crate::plan::booklets::{self, Booklet, Subject, page, path};
use crate::plan::{self, Target};
use crate::prepared::Prepared;
use crate::render::Failure;
use crate::text::address::split_fragment;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::theme::FontFile;
use crate::value::picture::is_huge;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Where finished booklets stand, and the press that made them: letters and templates are those of one theme.
#[derive(Debug, Default)]
pub struct Shelf {
    press: OnceLock<(Press, Vec<Diagnostic>)>,
    finished: Mutex<HashMap<u128, Arc<Pdf>>>,
}

/// Images of a booklet, by their names in it.
type Images = Vec<(String, FileId)>;

/// What a booklet is made of.
struct Made {
    edition: Edition,
    images: Images,
    /// Whose texts are in it.
    documents: Vec<FileId>,
}

/// Booklets are kept up to this many bytes; beyond it a preview that has seen many versions starts afresh.
const MOST_BYTES: usize = 256 * 1024 * 1024;

impl Shelf {
    /// The press of a site; set up when it is first needed.
    fn press<'s>(&'s self, prepared: &Prepared) -> &'s (Press, Vec<Diagnostic>) {
        self.press.get_or_init(|| {
            let mut findings = Vec::new();
            let mut files: FontFiles = Vec::new();
            let mut places: HashMap<String, FileId> = HashMap::new();
            for (name, font) in &prepared.theme.fonts {
                match *font {
                    FontFile::BuiltIn(packed) => files.push((name.clone(), packed.unpacked().into())),
                    FontFile::File(file) => match prepared.sources.whole(file) {
                        Ok(bytes) => {
                            places.insert(name.clone(), file);
                            files.push((name.clone(), bytes.into_owned().into()));
                        }
                        Err(error) => findings.push(findings::unreadable(Place::start(file), &error.why)),
                    },
                }
            }
            let (press, unreadable) = Press::new(&prepared.theme, files);
            for name in unreadable {
                if let Some(file) = places.get(&name) {
                    findings.push(bad_font(Place::start(*file), &name));
                }
            }
            (press, findings)
        })
    }

    /// A booklet, made now if it is not there yet. Nothing waits for another's work: two that ask at the same time both
    /// make it, which costs less than a worker that stands still (or, inside a pool, waits for itself).
    ///
    /// # Errors
    /// A finding where the theme or an image is at fault, trouble where a document cannot be read.
    pub fn pdf(&self, prepared: &Prepared, booklet: &Booklet) -> Result<Arc<Pdf>, Failure> {
        let finished = || self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        let made = self.made(prepared, booklet)?;
        if let Some(pdf) = finished().get(&made.edition.key()) {
            return Ok(pdf.clone());
        }
        let name = path(&prepared.site, booklet);
        let ident = format!("{} {name}", &*prepared.site.config.title);
        let (press, _) = self.press(prepared);
        let failed = |faults: Vec<Fault>| failure(press, prepared, booklet, &made, &faults);
        let pdf = press.print(&made.edition, &ident).map_err(failed)?;
        let pdf = Arc::new(pdf);
        let mut finished = finished();
        if finished.values().map(|pdf| pdf.bytes.len()).sum::<usize>() > MOST_BYTES {
            finished.clear();
        }
        finished.insert(made.edition.key(), pdf.clone());
        Ok(pdf)
    }

    /// How many pages a booklet will have, without making the file.
    ///
    /// # Errors
    /// As for [`Shelf::pdf`].
    pub fn pages(&self, prepared: &Prepared, booklet: &Booklet) -> Result<usize, Failure> {
        let made = self.made(prepared, booklet)?;
        let (press, _) = self.press(prepared);
        press.count(&made.edition).map_err(|faults| failure(press, prepared, booklet, &made, &faults))
    }

    fn made(&self, prepared: &Prepared, wanted: &Booklet) -> Result<Made, Failure> {
        let (press, _) = self.press(prepared);
        let Matter { mut booklet, images, documents } = gather::gather(prepared, wanted)?;
        booklet.fonts = press.families().to_vec();
        let mut values = serde_json::to_value(&booklet).map_err(anyhow::Error::from)?;
        let address = booklet.address.take();
        // Its values say the same from here on, and setting takes all the room there is.
        drop(booklet);
        let mut signs = Signs::default();
        // Text that is in no document: words of a theme, characters written as entities.
        if let Err(missing) = readable::settle(&mut values, press, &mut signs) {
            let place = source(prepared, wanted);
            return Err(Failure::Finding(Box::new(missing_glyph(place, &missing, 0))));
        }
        let mut files = Vec::new();
        for (name, file) in &images {
            let path = prepared.sources.path(*file);
            // Before it is unfolded; what is no picture by its first bytes is not handed over either.
            let is_of_pixels = !name.ends_with(".svg");
            let finding = match prepared.sources.image_size(*file).filter(|_| is_of_pixels) {
                Some((width, height)) if is_huge(width, height) => {
                    Some(huge_picture(Place::start(*file), width, height))
                }
                None if is_of_pixels => Some(bad_image(Place::start(*file), path)),
                _ => None,
            };
            if let Some(finding) = finding {
                return Err(Failure::Finding(Box::new(finding)));
            }
            let bytes = prepared.sources.whole(*file)?;
            // Set, it would be half of a picture, and nothing would be said.
            if pictures::is_cut_off(&bytes) {
                return Err(Failure::Finding(Box::new(bad_image(Place::start(*file), path))));
            }
            // A PDF has its pictures as they are, with place and camera.
            let picture = attachment::without_hidden(&bytes).unwrap_or_else(|| bytes.into_owned());
            let picture = pictures::in_screen_colours(&picture).unwrap_or(picture);
            files.push((name.clone(), picture));
        }
        if let Some(picture) = address.as_deref().and_then(qr) {
            files.push((gather::QR.to_owned(), picture));
        }
        let edition = Edition::new(values, signs, files, press.letters());
        Ok(Made { edition, images, documents })
    }
}

/// The document a booklet is most about, for findings that have no better place.
fn source(prepared: &Prepared, booklet: &Booklet) -> Place {
    let file = plan::source(&prepared.site, page(booklet)).or_else(|| prepared.sources.find("site.yaml"));
    Place::start(file.unwrap_or(FileId::NONE))
}

fn failure(press: &Press, prepared: &Prepared, booklet: &Booklet, made: &Made, faults: &[Fault]) -> Failure {
    let name = path(&prepared.site, booklet);
    if let Some((fault, broken)) = faults.first().and_then(|fault| Some((fault, fault.broken.as_ref()?))) {
        return Failure::Finding(Box::new(broken_finding(prepared, booklet, made, fault, broken)));
    }
    // The typesetter names the template that shows an image, not the image; so they are tried one by one.
    for (image, file) in &made.images {
        let (place, path) = (Place::start(*file), prepared.sources.path(*file));
        let fault = match prepared.sources.whole(*file) {
            Ok(bytes) => pictures::fault(image, &bytes, press),
            Err(_) => Some(pictures::Fault::Unreadable),
        };
        let finding = match fault {
            Some(pictures::Fault::Unreadable) => bad_image(place, path),
            Some(pictures::Fault::Glyph(c)) => missing_in_image(place, path, c),
            None => continue,
        };
        return Failure::Finding(Box::new(finding));
    }
    let Some(fault) = faults.first() else {
        return Failure::Trouble(anyhow::anyhow!("{name}: the typesetter failed without saying why"));
    };
    if fault.message == TOO_MANY {
        let place = match &fault.at {
            Some((_, Some(file), range)) => Place::new(*file, Span::new(range.start, range.end)),
            _ => source(prepared, booklet),
        };
        return Failure::Finding(Box::new(booklet_rounds(place, &name)));
    }
    let (place, message) = match &fault.at {
        Some((_, Some(file), range)) => (Place::new(*file, Span::new(range.start, range.end)), fault.message.clone()),
        Some((template, None, range)) => {
            (source(prepared, booklet), format!("{template}:{}: {}", range.start, fault.message))
        }
        None => (source(prepared, booklet), fault.message.clone()),
    };
    Failure::Finding(Box::new(booklet_failed(place, &name, &message)))
}

/// What cannot be read in a booklet, where its text is written; or else where the theme's template shows it.
fn broken_finding(prepared: &Prepared, booklet: &Booklet, made: &Made, fault: &Fault, broken: &Broken) -> Diagnostic {
    let template = match &fault.at {
        Some((_, Some(file), range)) => Some(Place::new(*file, Span::new(range.start, range.end))),
        _ => None,
    };
    // A theme's own template is named beside the text, and stands for it where it is the template's.
    let shown = template.map(|place| {
        let text = prepared.sources.text_lossy(place.file);
        let line = text.get(..place.span.start as usize).map_or(0, |before| before.matches('\n').count()) + 1;
        format!("{}:{line}", prepared.sources.path(place.file))
    });
    let place =
        written(prepared, &made.documents, &broken.text).or(template).unwrap_or_else(|| source(prepared, booklet));
    let paper = format!("{} {}", booklet.paper.name(), booklet.size.points());
    booklet_broken(place, &path(&prepared.site, booklet), &paper, broken, shown.as_deref())
}

/// Where a text stands in the documents, or the longest of its starts that does.
fn written(prepared: &Prepared, documents: &[FileId], text: &str) -> Option<Place> {
    let text: String = text.chars().filter(|c| !matches!(c, '\u{2060}' | '\u{200B}')).collect();
    let text = text.trim();
    let letters = text.chars().count();
    for length in [letters, 24, 12, 6, 3] {
        // A part of a line begins anywhere in a sentence, so its end may be found where its start is not.
        let end = text.char_indices().nth(length).map_or(text.len(), |(at, _)| at);
        let start = text.char_indices().nth(letters.saturating_sub(length)).map_or(0, |(at, _)| at);
        if length > letters {
            continue;
        }
        for part in [&text[..end], &text[start..]] {
            if part.is_empty() {
                continue;
            }
            for file in documents {
                if let Some(at) = prepared.sources.text_lossy(*file).find(part) {
                    return Some(Place::new(*file, Span::new(at, at + part.len())));
                }
            }
        }
    }
    None
}

/// What stands in the way of the booklets that `build` makes, as far as it is seen without setting one: letters that no
/// font has, fonts that are none.
pub fn check(prepared: &Prepared, shelf: &Shelf) -> Vec<Diagnostic> {
    let site = &prepared.site;
    if site.config.pdf.kinds.is_empty() {
        return Vec::new();
    }
    let mut subjects = Vec::new();
    for page in &prepared.plan.pages {
        subjects.extend(booklets::of_page(site, *page).first().map(|booklet| booklet.subject));
    }
    check_subjects(prepared, shelf, &subjects)
}

/// The same for booklets about certain subjects.
pub fn check_subjects(prepared: &Prepared, shelf: &Shelf, subjects: &[Subject]) -> Vec<Diagnostic> {
    let (press, findings) = shelf.press(prepared);
    let mut findings = findings.clone();
    if press.families().is_empty() {
        let place = prepared.sources.find("site.yaml").map_or(Place::start(FileId::NONE), Place::start);
        findings.push(no_font(place));
        return findings;
    }
    findings.extend(glyphs::check(prepared, press, &documents(prepared, subjects)));
    findings.extend(pictures_left_out(prepared, subjects));
    findings
}

/// Pictures in a format that the typesetter does not know: booklets have their alternative.
fn pictures_left_out(prepared: &Prepared, subjects: &[Subject]) -> Vec<Diagnostic> {
    let site = &prepared.site;
    let mut bodies: Vec<&Body> = Vec::new();
    for subject in subjects {
        match *subject {
            Subject::Year(year) => {
                bodies.extend(site.forewords.get(&year).map(|prose| &prose.body));
                let statements = site.statements.iter().filter(|((of, _), _)| *of == year);
                bodies.extend(statements.map(|(_, prose)| &prose.body));
            }
            Subject::Department(year, id) => bodies.extend(site.statements.get(&(year, id)).map(|prose| &prose.body)),
            Subject::Pillar(_, id) => bodies.push(&site.pillar(id).matter.body),
            Subject::Goal(_) => {}
        }
        for id in booklets::goals(site, *subject, crate::value::booklet::Part::Both) {
            let goal = site.goal(id);
            bodies.push(&goal.body);
            bodies.extend(goal.outcome.iter().map(|outcome| &outcome.body));
            bodies.extend(goal.progress.iter().map(|(_, report)| &report.body));
        }
    }
    bodies.sort_by_key(|body| body.file);
    bodies.dedup_by_key(|body| body.file);
    let mut found = Vec::new();
    for body in bodies {
        for link in body.links.iter().filter(|link| link.kind == LinkKind::Image) {
            let (path, _) = split_fragment(&link.target);
            if let Target::Attachment(index) = prepared.plan.resolve(site, &prepared.sources, body.file, path) {
                let path = &site.attachments[index as usize].path;
                if !pictures::is_set(path) {
                    found.push(left_out(Place::new(body.file, link.whole), path));
                }
            }
        }
    }
    found
}

/// Every document whose text may be in booklets about certain subjects.
fn documents(prepared: &Prepared, subjects: &[Subject]) -> Vec<FileId> {
    let site = &prepared.site;
    let mut files: BTreeSet<FileId> = prepared.sources.find("site.yaml").into_iter().collect();
    for subject in subjects {
        match *subject {
            Subject::Year(year) => {
                files.extend(site.forewords.get(&year).map(|prose| prose.body.file));
                files.extend(site.statements.iter().filter(|((of, _), _)| *of == year).map(|(_, it)| it.body.file));
            }
            Subject::Department(year, id) => {
                files.extend(site.statements.get(&(year, id)).map(|prose| prose.body.file));
                files.insert(site.department(id).matter.body.file);
            }
            Subject::Pillar(_, id) => {
                files.insert(site.pillar(id).matter.body.file);
            }
            Subject::Goal(_) => {}
        }
        for id in booklets::goals(site, *subject, crate::value::booklet::Part::Both) {
            let goal = site.goal(id);
            files.insert(goal.body.file);
            files.extend(goal.outcome.as_ref().map(|outcome| outcome.body.file));
            files.extend(goal.progress.iter().map(|(_, report)| report.body.file));
            files.insert(site.department(goal.department).matter.body.file);
            files.insert(site.pillar(goal.pillar).matter.body.file);
        }
    }
    files.into_iter().collect()
}
