//! Names by which copies are known: what editors, disks and people leave beside the file that is meant.
//!
//! A copy has the words of its original without its day of publication, and nobody remembers that it is there. So what a
//! program left is never published, and what people copied only where a document shows it.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Endings that editors, merging tools and people put behind the whole name of a file.
const LEFT: [&str; 18] = [
    "bak", "bk", "bkp", "bck", "backup", "back", "orig", "original", "old", "save", "sav", "rej", "wbk", "asd", "mine",
    "prev", "previous", "copy",
];

/// Endings of plain texts: a document's copy under one of them is still that document's text.
const TEXTS: [&str; 8] = ["txt", "text", "csv", "tsv", "json", "vtt", "log", "rtf"];

/// Letters and digits of one width and case, and compatible forms as one.
fn folded(name: &str) -> Cow<'_, str> {
    match name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        true => name.into(),
        false => name.nfkc().flat_map(char::to_lowercase).collect::<String>().into(),
    }
}

/// Whether an ending is one that marks what was left: `bak`, `bak2`, `old_1`, `r123` of Subversion, `1` of nano.
fn marks_a_leftover(ending: &str) -> bool {
    let word = ending.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-' | ' '));
    let revision =
        ending.strip_prefix('r').is_some_and(|rest| rest.len() > 1 && rest.bytes().all(|it| it.is_ascii_digit()));
    LEFT.contains(&word) || revision
}

/// Whether a program or a person left it beside the file that is meant, by its name alone: `1-01.md.bak`,
/// `計画.pdf.orig`, `1-01.md.save.1`. Such a file is no attachment, whoever links to it.
pub fn is_leftover(name: &str) -> bool {
    // Nearly every name ends here.
    let Some((_, ending)) = name.rsplit_once('.') else { return name.starts_with("backup of ") };
    if matches!(ending, "md" | "pdf" | "png" | "jpg") {
        return false;
    }
    let name = folded(name);
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    if marks_a_leftover(ending) || ending.ends_with(",v") {
        return true;
    }
    // A number behind such an ending, and behind the name of any document: `plan.bak.1`, `1-01.md.2`.
    let inner = stem.rsplit_once('.').map_or("", |(_, inner)| inner);
    if ending.bytes().all(|it| it.is_ascii_digit()) && (marks_a_leftover(inner) || inner == "md") {
        return true;
    }
    is_of_a_document(&name, ending)
}

/// Whether a document's whole name stands in it, and what comes behind is no kind of file that people make of one:
/// `1-01.md_old`, `1-01.md.bak.txt`, `1-01.md - コピー`, but not `1-01.md.pdf`. (`1-01.md.txt` is a document under a
/// wrong name, and told as that.)
fn is_of_a_document(name: &str, ending: &str) -> bool {
    let Some((_, behind)) = name.split_once(".md") else { return false };
    let is_apart = behind.starts_with(|c: char| !c.is_alphanumeric());
    let is_text = TEXTS.contains(&ending) && behind.len() > ending.len() + 1;
    // What has no ending of its own: a blank, a line or a bracket stands behind `.md`.
    is_apart && (is_text || !behind[1..].contains('.') && !behind.starts_with('.'))
}

/// The name without the mark of a copy, where it has one: the name of what was copied, in small letters. Whoever numbers
/// `別紙 (1).pdf` by hand has made no copy, but the name cannot tell.
pub fn original(name: &str) -> Option<String> {
    let name = folded(name);
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 8 => {
            (stem, &name[stem.len()..][..ending.len() + 1])
        }
        _ => (&*name, ""),
    };
    let stem = stem.trim();
    let found = before(stem).or_else(|| behind(stem)).or_else(|| conflict(stem)).or_else(|| inner(stem))?;
    let found = found.trim();
    // A copy of a copy.
    let again = || original(&format!("{found}{ending}"));
    (!found.is_empty()).then(|| again().unwrap_or_else(|| format!("{found}{ending}")))
}

/// `コピー ~ 計画`, `コピー (2) ~ 計画`, `Copy of 計画`, `Copy (2) of 計画`, `Backup of 計画`
fn before(stem: &str) -> Option<&str> {
    let rest = ["コピー", "copy", "backup", "バックアップ"].iter().find_map(|word| stem.strip_prefix(word))?;
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest).trim_start();
    ["~ ", "〜 ", "~", "〜", "of ", "- "].iter().find_map(|sign| rest.strip_prefix(sign))
}

/// `計画 - コピー (2)`, `計画のコピー 2`, `計画 copy 2`, `計画 (1)`, `計画_old`, `計画_コピー`
fn behind(stem: &str) -> Option<&str> {
    let number = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|it| it.is_ascii_digit());
    let in_brackets = stem.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')).filter(|(_, inner)| number(inner));
    let mut rest = stem;
    if let Some((before, _)) = in_brackets {
        if before.ends_with(' ') {
            return Some(words(before.trim_end()).unwrap_or(before));
        }
        rest = before.trim_end();
    } else if let Some((before, _)) = stem.rsplit_once([' ', '-', '_']).filter(|(_, last)| number(last)) {
        rest = before.trim_end();
    }
    words(rest)
}

/// The stem without the word for a copy at its end.
fn words(stem: &str) -> Option<&str> {
    let japanese = ["のコピー", "コピー", "のバックアップ", "の複製"].iter().find_map(|word| stem.strip_suffix(word));
    let trimmed = |rest: &'_ str| rest.trim_end_matches([' ', '-', '_', '~', '.', '(', '（']).len();
    if let Some(rest) = japanese {
        // 「住民票のコピー」 and 「コピー」 alone are names as well; the caller knows whether there is an original.
        return Some(&rest[..trimmed(rest)]);
    }
    let english = ["copy", "backup", "bak", "old", "orig", "旧"].iter().find_map(|word| stem.strip_suffix(word))?;
    english.ends_with([' ', '-', '_', '.']).then(|| &english[..trimmed(english)])
}

/// What disks that many hands share make when two of them save at once: `計画 (太郎 の競合コピー 2026-11-30)`,
/// `計画 (conflicted copy 2026-11-30 120000)`, `計画.sync-conflict-20261130-120000-ABCDEFG`, `計画-DESKTOP-1A2B3C4`.
fn conflict(stem: &str) -> Option<&str> {
    if let Some((before, _)) =
        stem.rsplit_once('(').filter(|(_, inner)| inner.contains("conflict") || inner.contains("競合"))
    {
        return Some(before);
    }
    [".sync-conflict-", "_conflict", "-conflict", "-desktop-", "-laptop-", "の競合コピー", "[conflict"]
        .iter()
        .find_map(|mark| stem.split_once(mark).map(|(before, _)| before))
}

/// `計画.bak` of `計画.bak.pdf`
fn inner(stem: &str) -> Option<&str> {
    stem.rsplit_once('.').filter(|(_, inner)| marks_a_leftover(inner)).map(|(before, _)| before)
}

/// Whether a file is what was made of another one, or what it was made of, by their names without endings: `計画`,
/// `計画 2`, `計画（案）`, `計画_v2`, `計画最終版` and `計画`.
pub fn is_version_of(stem: &str, of: &str) -> bool {
    const WORDS: [&str; 25] = [
        "",
        "old",
        "bak",
        "backup",
        "copy",
        "コピー",
        "のコピー",
        "の複製",
        "旧",
        "案",
        "最終",
        "最終案",
        "最終版",
        "確定",
        "確定版",
        "final",
        "draft",
        "下書き",
        "原稿",
        "修正",
        "修正版",
        "v",
        "ver",
        "rev",
        "改",
    ];
    let (stem, of) = (folded(stem), folded(of));
    let Some(rest) = stem.strip_prefix(&*of) else { return false };
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    let is_apart = !(of.ends_with(|c: char| c.is_ascii_digit()) && rest.starts_with(|c: char| c.is_ascii_digit()));
    let word: String = rest.chars().filter(|c| c.is_alphanumeric() && !c.is_ascii_digit() || *c == 'ー').collect();
    digits <= 2 && is_apart && WORDS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_leave_is_known_by_its_name() {
        let left = [
            "next.md.bak",
            "next.bak",
            "next.md.orig",
            "計画.pdf.old",
            "計画.PDF.BAK",
            "next.md.save",
            "next.md.save.1",
            "next.md.rej",
            "next.md.1",
            "next.md.r1234",
            "next.md.mine",
            "next.md_old",
            "next.md-bak",
            "next.md - コピー",
            "next.md のコピー",
            "next.md (1)",
            "next.md.bak.txt",
            "next.md.old.csv",
            "next.md.bak2",
            "next.md,v",
            "Backup of 計画.wbk",
        ];
        for name in left {
            assert!(is_leftover(name), "{name}");
        }
        let meant = [
            "next.md",
            "計画.pdf",
            "計画.md.pdf",
            "計画 - コピー.pdf",
            "old.pdf",
            "2026.1",
            "data.csv",
            "CNAME",
            "map.geojson",
        ];
        for name in meant {
            assert!(!is_leftover(name), "{name}");
        }
    }

    #[test]
    fn a_copy_tells_its_original() {
        let copies = [
            ("計画 - コピー.pdf", "計画.pdf"),
            ("計画 - コピー (2).pdf", "計画.pdf"),
            ("計画 - コピー - コピー.pdf", "計画.pdf"),
            ("計画のコピー.pdf", "計画.pdf"),
            ("計画のコピー 2.pdf", "計画.pdf"),
            ("計画 のコピー.pdf", "計画.pdf"),
            ("コピー ～ 計画.pdf", "計画.pdf"),
            ("コピー (2) ～ 計画.pdf", "計画.pdf"),
            ("Copy of 計画.pdf", "計画.pdf"),
            ("Copy (2) of Plan.pdf", "plan.pdf"),
            ("plan - Copy.pdf", "plan.pdf"),
            ("plan copy.pdf", "plan.pdf"),
            ("plan copy 3.pdf", "plan.pdf"),
            ("計画 (1).pdf", "計画.pdf"),
            ("計画_old.pdf", "計画.pdf"),
            ("計画_コピー.pdf", "計画.pdf"),
            ("計画.bak.pdf", "計画.pdf"),
            ("計画 (太郎 の競合コピー 2026-11-30).pdf", "計画.pdf"),
            ("計画 (Taro's conflicted copy 2026-11-30).pdf", "計画.pdf"),
            ("計画 (conflicted copy 2026-11-30 120000).pdf", "計画.pdf"),
            ("計画.sync-conflict-20261130-120000-ABCDEFG.pdf", "計画.pdf"),
            ("計画-DESKTOP-1A2B3C4.pdf", "計画.pdf"),
            ("next-コピー.md", "next.md"),
            ("1-01のコピー.md", "1-01.md"),
        ];
        for (name, of) in copies {
            assert_eq!(original(name).as_deref(), Some(of), "{name}");
        }
        for name in [
            "計画.pdf",
            "別紙1.pdf",
            "別紙（1）.pdf",
            "1-01.md",
            "copying.pdf",
            "threshold.pdf",
            "コピー機.pdf",
            "household.pdf",
        ] {
            assert_eq!(original(name), None, "{name}");
        }
    }

    #[test]
    fn versions_of_one_document_are_known() {
        for stem in ["next", "next 2", "next_v2", "next（案）", "NEXT-old", "nextのコピー", "next最終版"] {
            assert!(is_version_of(stem, "next"), "{stem}");
        }
        for (stem, of) in
            [("next-2025", "next"), ("nextyear", "next"), ("plan", "next"), ("1-012", "1-01"), ("別紙10", "別紙1")]
        {
            assert!(!is_version_of(stem, of), "{stem} {of}");
        }
    }
}
