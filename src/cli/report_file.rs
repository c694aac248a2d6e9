//! `kohyo check --report FILE`: every finding for people, in a file that they open where they work.

use super::CheckArguments;
use super::say::pick;
use crate::diagnostic::Diagnostic;
use crate::report::human::{self, Style};
use crate::source::Sources;
use crate::text::language::Language;
use anyhow::{Context, Result, bail};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Begins every report, so that no other file is taken for one. Behind a mark by which Excel and Notepad know that the
/// text is UTF-8.
const HEAD: &str = "\u{feff}kohyo check --report";

/// A file into which a report may be written.
pub(super) struct ReportFile(PathBuf);

impl ReportFile {
    /// Looks at the file that was asked for before anything is checked.
    ///
    /// # Errors
    /// There is something there that is no report; it would be published, or read as a document; its folder is missing.
    pub(super) fn asked(arguments: &CheckArguments, language: Language) -> Result<Option<Self>> {
        let Some(path) = &arguments.report else { return Ok(None) };
        let named = path.display();
        let say = |ja: &str, en: &str| match language {
            Language::Japanese => format!("{named}: {ja}"),
            Language::English => format!("{named}: {en}"),
        };
        let Some(name) = path.file_name().filter(|name| *name != "-") else {
            bail!(say("--report には、書き出すファイルの名前を書きます。", "--report takes the name of a file"));
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = fs::canonicalize(folder).with_context(|| folder.display().to_string())?;
        let site = &arguments.site.site;
        let out = arguments.out.clone().unwrap_or_else(|| site.join("public"));
        for (inside, ja, en) in [
            (
                site.join("content"),
                "文書のフォルダーの中には書けません。",
                "a report is no document; write it elsewhere",
            ),
            (out, "公開するフォルダーの中には書けません。", "this folder is published; write it elsewhere"),
        ] {
            if fs::canonicalize(inside).is_ok_and(|inside| folder.starts_with(inside)) {
                bail!(say(ja, en));
            }
        }
        let path = folder.join(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if !found.is_file() || !is_report(&path)? => bail!(say(
                "報告ではないものがあるので、書きません。別の名前にします。",
                "there is something that is no report; choose another name"
            )),
            _ => Ok(Some(Self(path))),
        }
    }

    /// Writes every finding, whatever is shown at the terminal; lines end as Windows ends them.
    ///
    /// # Errors
    /// The system refuses.
    pub(super) fn write(
        &self,
        findings: &[Diagnostic],
        sources: &Sources,
        summary: &[String],
        language: Language,
    ) -> Result<()> {
        let title = pick(language, "すべての指摘", "all findings");
        let mut text = format!("{HEAD}: {title}\n\n");
        summary.iter().for_each(|line| text += &format!("{line}\n"));
        text += "\n";
        text += &human::human(findings, sources, Style { color: false, language });
        let named = || self.0.display().to_string();
        // A report that was there is cut only when the new one can be written.
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&self.0).with_context(named)?;
        file.write_all(text.replace('\n', "\r\n").as_bytes()).with_context(named)
    }

    /// The file as it is named to people.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

fn is_report(path: &Path) -> Result<bool> {
    let mut start = vec![0; HEAD.len()];
    let mut file = File::open(path).with_context(|| path.display().to_string())?;
    Ok(file.read_exact(&mut start).is_ok() && start == HEAD.as_bytes())
}
