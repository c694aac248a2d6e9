//! What bodies link to and show: is it there, may it be linked, does it say what it is.

use crate::attachment;
use crate::diagnostic::{Diagnostic, Rule};
use crate::document::copies::is_leftover;
use crate::document::{self, Body, Kind};
use crate::markdown::{self, Link, LinkKind};
use crate::plan::{self, Page, Plan, RESULT_ANCHOR, Target};
use crate::site::{Site, bodies};
use crate::source::Sources;
use crate::text::address::{self, Scheme, split_fragment};
use crate::text::nearest::nearest;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::value::calendar::FiscalYear;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

/// Links and images of every body.
pub fn links(site: &Site, plan: &Plan, sources: &Sources) -> Vec<Diagnostic> {
    // What is not published yet is checked too, before its day comes.
    let all: Vec<&Body> = bodies(site).into_iter().chain(site.hidden.values()).collect();
    // Hardly any link asks.
    let absent = OnceLock::new();
    let absent = || absent.get_or_init(|| Absent::of(site, sources));
    all.par_iter().flat_map_iter(|body| body_links(body, site, plan, sources, &absent)).collect()
}

fn body_links<'a>(
    body: &Body,
    site: &Site,
    plan: &Plan,
    sources: &Sources,
    absent: &dyn Fn() -> &'a Absent,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    // Headings are read again only where a link asks for one, once for each page.
    let mut known_anchors: HashMap<Option<Page>, Vec<String>> = HashMap::new();
    for link in body.links.iter() {
        let place = Place::new(body.file, link.at);
        if link.kind == LinkKind::Image && link.text.trim().is_empty() {
            out.push(missing_alt(place, &link.target));
        }
        match Scheme::of(&link.target) {
            Scheme::Outside if link.kind == LinkKind::Link => continue,
            Scheme::Unsafe if let Some(finding) = backslashes(body, link, site, plan, sources) => {
                out.push(finding);
                continue;
            }
            Scheme::Outside | Scheme::Unsafe => {
                // An image from elsewhere would make the reader's browser ask a stranger.
                out.push(unsafe_link(place, &link.target));
                continue;
            }
            Scheme::Inside => {}
        }
        let (path, fragment) = split_fragment(&link.target);
        let fragment = fragment.filter(|fragment| !fragment.is_empty()).and_then(address::decode);
        if path.is_empty() && fragment.is_none() {
            continue; // Told with the file: it leads nowhere.
        }
        if path.is_empty() {
            let known = known_anchors.entry(None).or_insert_with(|| headings(body, "", sources));
            if let Some(fragment) = fragment.filter(|fragment| !known.contains(fragment)) {
                out.push(broken_anchor(place, &fragment, known.iter().map(String::as_str)));
            }
            continue;
        }
        let target = match plan.resolve(site, sources, body.file, path) {
            Target::None => path.strip_prefix('/').map_or(Target::None, |address| absent().page(address)),
            target => target,
        };
        match target {
            Target::None if is_leftover(path.rsplit('/').next().unwrap_or(path)) => {
                out.push(link_to_leftover(place, &link.target));
            }
            Target::None if let Some(finding) = backslashes(body, link, site, plan, sources) => out.push(finding),
            Target::None => out.push(broken_link(place, &link.target, near(path, body.file, sources).as_deref())),
            // What is hidden may point to what is hidden; both come out later. What no page shows leads nowhere.
            Target::Hidden if site.hidden.contains_key(&body.file) || !link.is_shown => {
                if link.kind == LinkKind::Image && !may_be_picture(path, site) {
                    out.push(unshowable_image(place, &link.target, link.whole));
                }
            }
            Target::Hidden => out.push(link_to_unpublished(place, &link.target)),
            // A kind that no record has is told where it lies.
            Target::Attachment(_) if link.kind == LinkKind::Image && !may_be_picture(path, site) => {
                out.push(unshowable_image(place, &link.target, link.whole));
            }
            Target::Page(..) if link.kind == LinkKind::Image => {
                out.push(unshowable_image(place, &link.target, link.whole));
            }
            Target::Attachment(_) | Target::Faulty => {}
            Target::Page(page, _) => {
                let Some(fragment) = fragment else { continue };
                let fragment = Plan::heading_on_page(sources, body.file, path, &fragment).into_owned();
                let known = known_anchors.entry(Some(page)).or_insert_with(|| anchors(site, page, sources));
                if !known.contains(&fragment) && !absent().may_hold(&plan::stem(site, page), &fragment) {
                    out.push(broken_anchor(place, &fragment, known.iter().map(String::as_str)));
                }
            }
        }
    }
    out
}

/// A path with the strokes of Windows, where it leads to something once they are those of a link.
fn backslashes(body: &Body, link: &Link, site: &Site, plan: &Plan, sources: &Sources) -> Option<Diagnostic> {
    const STROKES: [char; 4] = ['\\', '¥', '￥', '＼'];
    if !link.target.contains(STROKES) {
        return None;
    }
    // Before a sign a stroke is Markdown's own, and no longer in the target: `..\..\a.md` has lost one.
    let bytes = sources.bytes(body.file).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let whole = link.whole.slice(text);
    let at = match whole.rfind("](") {
        Some(open) => {
            let start = link.whole.start as usize + open + 2;
            let written = whole[open + 2..].split([')', ' ', '\n', '"']).next().unwrap_or("");
            Span::new(start, start + written.len())
        }
        None => link.at,
    };
    let right = at.slice(text).replace("\\\\", "/").replace(STROKES, "/");
    let (path, _) = split_fragment(&right);
    if path.starts_with('/') || Scheme::of(&right) != Scheme::Inside {
        return None;
    }
    if plan.resolve(site, sources, body.file, path) == Target::None {
        return None;
    }
    Some(windows_path(Place::new(body.file, at), at.slice(text), &right))
}

/// Pages that are not there although a document for them is, by address: a link to one of them is no link to nothing.
#[derive(Debug, Default)]
struct Absent {
    /// What became of the page: [`Target::Faulty`] where a document could not be read or joined, [`Target::Hidden`]
    /// where it is not published yet.
    pages: HashMap<String, Target>,
    /// Pages that are there, but a document that is shown on them could not be read: its headings are not known.
    incomplete: HashSet<String>,
}

impl Absent {
    fn of(site: &Site, sources: &Sources) -> Self {
        let mut absent = Self::default();
        let kinds = |files: &mut dyn Iterator<Item = FileId>| -> Vec<Kind> {
            files.filter_map(|file| document::kind(sources.path(file))).collect()
        };
        let unread = kinds(&mut site.unjoined.iter().copied());
        let mut pillars: BTreeSet<&str> = site.pillars.iter().map(|pillar| &*pillar.key).collect();
        pillars.extend(unread.iter().filter_map(|kind| match kind {
            Kind::Pillar(key) => Some(&**key),
            _ => None,
        }));
        // What is faulty was told, so it is said last and counts.
        let mut hidden = site.hidden.keys().copied().chain(site.withheld.iter().map(|attachment| attachment.file));
        absent.add(&kinds(&mut hidden), Target::Hidden, &pillars, site);
        absent.add(&unread, Target::Faulty, &pillars, site);
        absent.incomplete = unread.iter().filter_map(incomplete).collect();
        absent
    }

    fn add(&mut self, kinds: &[Kind], target: Target, pillars: &BTreeSet<&str>, site: &Site) {
        let mut years: BTreeSet<FiscalYear> = BTreeSet::new();
        let mut set = |address: String| {
            self.pages.insert(address, target);
        };
        for kind in kinds {
            match kind {
                Kind::Page(slug) => set(slug.to_string()),
                Kind::Pillar(key) => set(format!("pillars/{key}")),
                Kind::Department(key) => set(format!("departments/{key}")),
                Kind::Attachment(path) => set(path.to_string()),
                Kind::Goal(name) => {
                    years.insert(name.year);
                    set(format!("{}/{}", name.year, name.department));
                    set(name.to_string());
                }
                Kind::Outcome(name) => set(format!("{}/results", name.year)),
                // A report stands on its goal's page, a foreword alone makes none.
                Kind::Progress(..) | Kind::Home | Kind::Year(_) | Kind::DepartmentYear(..) => {}
                Kind::Leftover | Kind::Misplaced | Kind::BadName(_) => {}
            }
        }
        for year in &years {
            set(year.to_string());
            // Of which pillar a goal is, is not known here. One that cannot be read may be of any; what is hidden is
            // taken for all of a year only where nothing else of that year is there.
            if target == Target::Faulty || !site.years.contains_key(year) {
                pillars.iter().for_each(|key| set(format!("{year}/pillars/{key}")));
            }
        }
        // A department's statement has a page in years that have goals.
        for kind in kinds {
            if let Kind::DepartmentYear(year, key) = kind
                && (years.contains(year) || site.years.contains_key(year))
            {
                set(format!("{year}/{key}"));
            }
        }
    }

    /// What became of the page at an address under the site's top.
    fn page(&self, address: &str) -> Target {
        let Some(address) = address::decode(address) else { return Target::None };
        let found = self.pages.get(&address).or_else(|| self.pages.get(plain(&address)));
        found.copied().unwrap_or(Target::None)
    }

    /// Whether a part of a page may be in a document that could not be read.
    fn may_hold(&self, stem: &str, fragment: &str) -> bool {
        let address = plain(stem);
        let goal = || fragment.strip_prefix("goal-").map(|slug| format!("{address}/{slug}"));
        self.incomplete.contains(address) || goal().is_some_and(|goal| self.pages.get(&goal) == Some(&Target::Faulty))
    }
}

/// The address of a page on which a document is shown that is not the page's own.
fn incomplete(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Outcome(name) | Kind::Progress(name, _) => Some(name.to_string()),
        Kind::DepartmentYear(year, key) => Some(format!("{year}/{key}")),
        Kind::Year(year) => Some(year.to_string()),
        Kind::Home => Some(String::new()),
        _ => None,
    }
}

/// An address without what may be left out: `2026/x/index.html` and `2026/x/` are `2026/x`.
fn plain(address: &str) -> &str {
    let stem = address.strip_suffix(".html").map_or(address, |stem| stem.strip_suffix(".large").unwrap_or(stem));
    let stem = stem.trim_end_matches('/');
    if stem == "index" { "" } else { stem.strip_suffix("/index").unwrap_or(stem) }
}

/// Ids of the headings of a body.
fn headings(body: &Body, prefix: &str, sources: &Sources) -> Vec<String> {
    let Ok(bytes) = sources.bytes(body.file) else { return Vec::new() };
    let text = std::str::from_utf8(&bytes).ok().and_then(|text| text.get(body.offset as usize..)).unwrap_or_default();
    markdown::facts(text, 0).headings.into_iter().map(|heading| format!("{prefix}{}", heading.id)).collect()
}

/// Ids a link may point to on a page: the headings of its bodies, and the parts the program names.
fn anchors(site: &Site, page: Page, sources: &Sources) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut add = |body: &Body, prefix: &str| anchors.extend(headings(body, prefix, sources));
    match page {
        Page::Goal(id) => {
            let goal = site.goal(id);
            add(&goal.body, "");
            if let Some(outcome) = &goal.outcome {
                add(&outcome.body, "result-");
            }
            for (date, report) in &goal.progress {
                add(&report.body, &format!("progress-{date}-"));
            }
            anchors.push(RESULT_ANCHOR.into());
        }
        Page::DepartmentYear(year, department) => {
            if let Some(prose) = site.statements.get(&(year, department)) {
                add(&prose.body, "");
            }
            anchors.extend(site.department_goals(year, department).iter().map(|goal| format!("goal-{}", goal.slug)));
            anchors.extend(site.pillars.iter().map(|pillar| format!("pillar-{}", pillar.key)));
        }
        Page::Year(year) => drop(site.forewords.get(&year).map(|prose| add(&prose.body, ""))),
        Page::Home => drop(site.home.as_ref().map(|prose| add(&prose.body, ""))),
        Page::Text(id) => add(&site.text(id).prose.body, ""),
        Page::Department(id) => add(&site.department(id).matter.body, ""),
        Page::Pillar(id) => add(&site.pillar(id).matter.body, ""),
        _ => {}
    }
    anchors
}

/// A file of the same folder with a similar name; never the name that was written.
fn near(path: &str, from: FileId, sources: &Sources) -> Option<String> {
    let folder = sources.path(from).rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = format!("{folder}/");
    // Only that folder: looking through every file for every broken link took most of a check with many of them.
    let names = sources.under(&folder).filter_map(|(_, file)| file.path.strip_prefix(&*folder));
    let written = address::decode_name(path);
    let written = written.trim_start_matches("./");
    nearest(path, names.filter(|name| !name.contains('/') && *name != written)).map(str::to_owned)
}

/// A link to nothing.
pub fn broken_link(place: Place, target: &str, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BrokenLink,
        place,
        format!("リンク先「{target}」がありません。"),
        format!("the link goes to `{target}`, which does not exist"),
    );
    match near {
        Some(near) => finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")),
        None => finding.help(
            "行き先のファイルの名前と場所を確かめます。行き先がもうなければ、リンクを外します。",
            "check the name and the folder of the target; where it is gone, remove the link",
        ),
    }
}

/// Whether a picture may be at a path: one of a kind that browsers show, or one of a kind that is told elsewhere.
fn may_be_picture(path: &str, site: &Site) -> bool {
    let allowed = || site.config.attachments.has_ending(&attachment::kind::ending(path));
    let is_document = || path.ends_with(".md");
    attachment::Kind::of(path).map_or_else(|| !allowed() && !is_document(), attachment::Kind::is_picture)
}

/// Something shown as a picture that no browser shows as one. `whole` is the picture with its text.
pub fn unshowable_image(place: Place, target: &str, whole: Span) -> Diagnostic {
    let mark = Span::new(whole.start as usize, whole.start as usize + 1);
    Diagnostic::new(
        Rule::UnshowableImage,
        place,
        format!("「{target}」は、ページの中の画像として見せられません。"),
        format!("`{target}` cannot be shown as a picture on a page"),
    )
    .help(
        "画像は、どのブラウザーでも見える JPEG、PNG、GIF、WebP、AVIF、SVG で置きます。PDF や動画などは、始めの「!」を消して、リンクにします。",
        "pictures are JPEG, PNG, GIF, WebP, AVIF or SVG, which every browser shows; for a PDF or a film remove the `!` before it, so that it is a link",
    )
    .guess(Place::new(place.file, mark), "")
}

/// A link to a file that is taken for a copy.
pub fn link_to_leftover(place: Place, target: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::BrokenLink,
        place,
        format!("リンク先「{target}」は、写しの名前なので、公表されません。"),
        format!("the link goes to `{target}`, which is called like a copy and is not published"),
    )
    .help(
        "公表するファイルなら、.bak などの付かない名前に変えて、リンクも直します。",
        "if the file is to be published, give it a name without .bak or the like, here too",
    )
}

/// A link to something that is not published yet.
pub fn link_to_unpublished(place: Place, target: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::BrokenLink,
        place,
        format!("リンク先「{target}」は、まだ公表されていません。"),
        format!("the link goes to `{target}`, which is not published yet"),
    )
    .help("同じ日から公表するか、リンクを外します。", "publish both on the same day, or remove the link")
}

/// A link to a heading that is not there.
pub fn broken_anchor<'a>(place: Place, anchor: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BrokenAnchor,
        place,
        format!("見出し「{anchor}」がリンク先のページにありません。"),
        format!("the page has no heading `{anchor}`"),
    );
    let near = nearest(anchor, known);
    match near {
        Some(near) => finding.help(format!("「#{near}」のことですか。"), format!("did you mean `#{near}`?")),
        None => finding,
    }
}

/// A scheme that is not allowed.
pub fn unsafe_link(place: Place, target: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnsafeLink,
        place,
        format!("「{target}」というリンクは使えません。"),
        format!("links such as `{target}` are not allowed"),
    );
    // `C:\Users\suzuki\会場.png`: a place on one machine.
    let name = target.rsplit('\\').next().filter(|name| *name != target && name.contains('.'));
    if let Some(name) = name {
        let finding = finding
            .help(
                format!("自分のパソコンや共有フォルダーの中は、市民には見えません。ファイル「{name}」を、この文書と同じフォルダーに置き、その名前だけを書きます。"),
                format!("nobody else can see into your computer: put the file `{name}` beside this document and write its name only"),
            );
        // Of `\\server\…` the first stroke escapes the second one, and is not at the place.
        return if target.starts_with('\\') { finding } else { finding.guess(place, name) };
    }
    finding.help(
        "ファイルなら、文書の隣に置いて、そのファイル名へリンクします（例 [計画](計画.pdf)）。共有フォルダーは市民には開けません。ほかのサイトへは https:// から書きます。",
        "put a file beside the document and link to its name; write links to other sites from https:// on",
    )
}

/// A path with the strokes of Windows that leads to something otherwise.
fn windows_path(place: Place, written: &str, right: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnsafeLink,
        place,
        format!("「{written}」の区切りが、Windows のもの（\\ や ¥）です。"),
        format!("`{written}` has the separators of Windows"),
    )
    .help(format!("区切りを / にします: {right}"), format!("separate folders by /: {right}"))
    .fix(place, right)
}

/// An image without a text alternative.
pub fn missing_alt(place: Place, target: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingAlt,
        place,
        format!("画像「{target}」に代わりの文がありません。"),
        format!("the image `{target}` has no text alternative"),
    )
    .help("![図が伝える内容](ファイル名) のように書きます。", "write ![what the image tells](file name)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_told_as_a_browser_would() {
        for target in ["https://example.jp/", "HTTP://x", "mailto:a@example.jp", "tel:0566-95-0003"] {
            assert_eq!(Scheme::of(target), Scheme::Outside, "{target}");
        }
        for target in [
            "javascript:alert(1)",
            "JaVa\tScript:x",
            " data:text/html,x",
            "//evil.example",
            "file:///etc",
            "\\\\srv\\x",
        ] {
            assert_eq!(Scheme::of(target), Scheme::Unsafe, "{target}");
        }
        for target in ["../2015/x/1-01.md", "/policy/", "#見出し", "plan.png", "a/b:c.md"] {
            assert_eq!(Scheme::of(target), Scheme::Inside, "{target}");
        }
    }
}
