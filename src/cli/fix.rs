//! `kohyo check --fix`: makes the safe changes after showing them, and says what remains.

use super::CheckArguments;
use super::read::{self, Examined};
use super::say::{self, pick};
use crate::attachment::picture;
use crate::beneath::{Access, Beneath};
use crate::diagnostic::{Diagnostic, Rule};
use crate::fix::{self, Change};
use crate::publish::give_alike;
use crate::text::language::{Language, counted};
use crate::text::place::FileId;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

/// A file as it was checked, and as it is when nothing in it is left to be mended.
struct Planned {
    path: String,
    before: Vec<u8>,
    after: Arc<[u8]>,
    /// How many fixes that takes.
    fixes: usize,
    is_picture: bool,
}

/// What a round mends may be seen only in the next one: a character that two fixes want, or an amount whose digits had
/// two widths. No mistake known takes more than four.
const MOST_ROUNDS: usize = 12;

/// Mends what can be mended safely. True when files have been changed, so that everything has to be checked again.
pub(super) fn fix(arguments: &CheckArguments, examined: &Examined, language: Language) -> Result<bool> {
    let plans = plans(arguments, examined, language)?;
    if plans.is_empty() {
        say::line(pick(language, "--fix で直せる指摘はありません。", "there is nothing that --fix can mend"))?;
        return Ok(false);
    }
    plans.iter().try_for_each(|planned| show(planned, language))?;
    let fixes: usize = plans.iter().map(|planned| planned.fixes).sum();
    let files = plans.len();
    if !arguments.yes && !is_wanted(fixes, files, language)? {
        return Ok(false);
    }
    let mut done = (0, 0);
    for planned in &plans {
        if write(&arguments.site.site, planned, language)? {
            done = (done.0 + planned.fixes, done.1 + 1);
        } else {
            say::aside(&match language {
                Language::Japanese => format!("{}: 確かめた後に変わったので、直していません。", planned.path),
                Language::English => format!("{}: changed since it was checked; left alone", planned.path),
            });
        }
    }
    say::line(&match language {
        Language::Japanese => format!("{}件（{}ファイル）を直しました。", done.0, done.1),
        Language::English => format!("{} mended in {}", done.0, counted(done.1, "file")),
    })?;
    Ok(done.1 > 0)
}

/// Every file that can be mended, round by round until nothing is left: nothing is written yet.
fn plans(arguments: &CheckArguments, examined: &Examined, language: Language) -> Result<Vec<Planned>> {
    let sources = &examined.output.sources;
    let mut plans: BTreeMap<FileId, Planned> = BTreeMap::new();
    let mut changes = fix::plan(&examined.findings);
    let mut broken = broken_anchors(&examined.findings);
    let broken_before = broken;
    for _ in 0..MOST_ROUNDS {
        let mut is_other = false;
        for change in &changes {
            is_other |= match plans.get_mut(&change.file) {
                Some(planned) => planned.go_on(change),
                None => match first(examined, change)? {
                    Some(planned) => plans.insert(change.file, planned).is_none(),
                    None => false,
                },
            };
        }
        if !is_other {
            break;
        }
        let pending = plans.iter().map(|(file, planned)| (*file, planned.after.clone())).collect();
        let findings = read::findings(arguments, Arc::new(sources.with(pending)));
        (changes, broken) = (fix::plan(&findings), broken_anchors(&findings));
    }
    if broken > broken_before {
        // A heading is an address as well, and links lead to it as it was.
        plans.values_mut().for_each(Planned::keep_headings);
        plans.retain(|_, planned| *planned.before != *planned.after);
    }
    for file in changes.iter().map(|change| change.file).filter(|file| !plans.contains_key(file)) {
        let changed = pick(language, "確かめている間に変わりました。", "it changed while it was being checked");
        say::aside(&format!("{}: {changed}", sources.path(file)));
    }
    Ok(plans.into_values().collect())
}

fn broken_anchors(findings: &[Diagnostic]) -> usize {
    findings.iter().filter(|finding| finding.rule == Rule::BrokenAnchor).count()
}

/// The first change of a file; `None` where it is not what was checked any more.
fn first(examined: &Examined, change: &Change) -> Result<Option<Planned>> {
    let sources = &examined.output.sources;
    let before = sources.whole(change.file)?.into_owned();
    if examined.hash(change.file) != Some(crate::document::hash(&before)) {
        return Ok(None);
    }
    let path = sources.path(change.file).to_owned();
    let (fixes, is_picture) = (change.fixes.len(), change.is_of_a_picture());
    let after = change.apply(&before);
    Ok(after.map(|after| Planned { path, before, after: after.into(), fixes, is_picture }))
}

impl Planned {
    /// Leaves headings as they were, where every line is still in its place.
    fn keep_headings(&mut self) {
        let (Ok(before), Ok(after)) = (std::str::from_utf8(&self.before), std::str::from_utf8(&self.after)) else {
            return;
        };
        let is_line_by_line = before.lines().count() == after.lines().count();
        let lines = before.split_inclusive('\n').zip(after.split_inclusive('\n'));
        let kept = lines.map(|(old, new)| if old.trim_start().starts_with('#') { old } else { new });
        if is_line_by_line {
            self.after = kept.collect::<String>().into_bytes().into();
        }
    }

    /// Another change of what the file has become. True where it is something else then.
    fn go_on(&mut self, change: &Change) -> bool {
        let Some(after) = change.apply(&self.after).filter(|after| **after != *self.after) else { return false };
        self.fixes += change.fixes.len();
        self.after = after.into();
        true
    }
}

/// The lines that change.
fn show(planned: &Planned, language: Language) -> Result<()> {
    let color = io::stdout().is_terminal() && say::style(language).color;
    say::line(&planned.path)?;
    if planned.is_picture {
        let left_out = picture::hidden(&planned.before).into_iter().map(|hidden| hidden.label());
        for label in left_out {
            say::line(&format!("     - {}", label.get(language)))?;
        }
        return say::line("");
    }
    let lines = fix::diff(&planned.before, &planned.after);
    if std::str::from_utf8(&planned.before).is_err() {
        say::line(pick(
            language,
            "     文字コードを UTF-8 に変えます。文は変えません。",
            "     becomes UTF-8; the text stays",
        ))?;
    }
    for (mark, line) in lines {
        let code = if mark == '-' { "31" } else { "32" };
        if color { say::colored(code, &line)? } else { say::line(&line)? }
    }
    say::line("")
}

/// Asks; without a person at the terminal nothing is changed.
fn is_wanted(fixes: usize, files: usize, language: Language) -> Result<bool> {
    if !io::stdin().is_terminal() {
        say::aside(pick(
            language,
            "何も変えていません。たずねずに直すには --yes を付けます。",
            "nothing was changed; --yes mends without asking",
        ));
        return Ok(false);
    }
    let question = match language {
        Language::Japanese => format!("{fixes}件（{files}ファイル）を直しますか。[y/N] "),
        Language::English => format!("mend {fixes} in {}? [y/N] ", counted(files, "file")),
    };
    // At a terminal, where the answer is typed behind it.
    let _ = write!(io::stderr().lock(), "{question}");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let is_yes = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "ｙ" | "はい");
    if !is_yes {
        say::aside(pick(language, "何も変えていません。", "nothing was changed"));
    }
    Ok(is_yes)
}

/// Writes the mended file beside the old one and puts it in its place at once, with the old one's owner, group,
/// permissions and access list. Where this user may not give all of these away, the old file itself is written: whoever
/// could read it still can. False when the file is not what was shown any more.
///
/// Errors: the file is not a part of the site's folder, whatever leads there; the system refuses.
fn write(root: &Path, planned: &Planned, language: Language) -> Result<bool> {
    let named = || planned.path.clone();
    let root = fs::canonicalize(root).with_context(named)?;
    // A link keeps pointing where it points; the file behind it changes, if that is in the site.
    let path = fs::canonicalize(root.join(&planned.path)).with_context(named)?;
    if !path.starts_with(&root) {
        bail!(match language {
            Language::Japanese => format!("サイトのフォルダーの外のファイルなので、直しません: {}", planned.path),
            Language::English => format!("this file is outside the site's folder, and is not mended: {}", planned.path),
        });
    }
    // From here on no link is followed, should one be put there now.
    let beneath = Beneath::open(&root).with_context(named)?;
    let mut old = beneath.open_to_write(&path).with_context(named)?;
    let mut found = Vec::new();
    old.read_to_end(&mut found).with_context(named)?;
    if found != planned.before {
        return Ok(false);
    }
    // A name with a dot in front is not read as a document, should this be cut short.
    let folder = path.parent().unwrap_or(&path);
    let (next, mut file) = beneath.create_random(folder, Access::Owner).with_context(named)?;
    let written = (|| {
        file.write_all(&planned.after)?;
        let is_alike = give_alike(&file, &old)?;
        file.sync_all()?;
        match is_alike {
            true => beneath.rename(&next, &path).map(|()| true),
            false => write_in_place(&mut old, planned).map(|()| false),
        }
    })();
    if !matches!(written, Ok(true)) {
        let _ = beneath.remove_file(&next);
    }
    written.with_context(named)?;
    Ok(true)
}

/// Writes the old file itself, and what was in it again if that fails. The mended text lies beside meanwhile.
fn write_in_place(old: &mut File, planned: &Planned) -> io::Result<()> {
    if has_other_names(old)? {
        // What would change under the other names is not known.
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut put = |bytes: &[u8]| {
        old.seek(SeekFrom::Start(0))?;
        old.write_all(bytes)?;
        old.set_len(bytes.len() as u64)?;
        old.sync_all()
    };
    put(&planned.after).inspect_err(|_| drop(put(&planned.before)))
}

#[cfg(unix)]
fn has_other_names(file: &File) -> io::Result<bool> {
    Ok(std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) > 1)
}

#[cfg(not(unix))]
fn has_other_names(_file: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_after_it_was_checked_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        let planned = Planned {
            path: "a.md".into(),
            before: b"before".to_vec(),
            after: Arc::from(*b"after"),
            fixes: 1,
            is_picture: false,
        };
        fs::write(&path, "someone else's").unwrap();
        assert!(!write(folder.path(), &planned, Language::English).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"someone else's");
        fs::write(&path, "before").unwrap();
        assert!(write(folder.path(), &planned, Language::English).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"after");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
