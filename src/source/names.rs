//! Names that editors and systems give to files of their own: they are never listed, so nothing of them is read, told or
//! published, and no save of an editor stops a build.

/// Files and folders of systems, in small letters.
const OF_SYSTEMS: [&str; 9] = [
    "thumbs.db",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "desktop.ini",
    "icon\r",
    "__macosx",
    "$recycle.bin",
    "system volume information",
    "lost+found",
];

/// Endings of what is being written, fetched or edited: Vim, Word, browsers, Access.
const PASSING: [&str; 12] =
    ["swp", "swo", "swn", "swm", "tmp", "temp", "part", "partial", "crdownload", "download", "laccdb", "ldb"];

/// Whether a name is one that people gave: not hidden, and none that an editor or a system made for itself.
pub(super) fn is_visible(name: &str) -> bool {
    // `.#1-01.md`, `~$計画.docx`, `1-01.md~`
    if name.starts_with('.') || name.starts_with("~$") || name.ends_with('~') {
        return false;
    }
    // What Emacs saves by itself, and the file by which Vim finds out whether it may write into a folder.
    if (name.len() > 2 && name.starts_with('#') && name.ends_with('#')) || name == "4913" {
        return false;
    }
    // Of IDEA while it saves, and of TextEdit.
    if name.ends_with("___jb_tmp___") || name.ends_with("___jb_old___") || name.contains(".sb-") {
        return false;
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    !PASSING.iter().any(|known| known.eq_ignore_ascii_case(ending))
        && !OF_SYSTEMS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_and_systems_keep_for_themselves_is_not_seen() {
        let theirs = [
            ".#1-01.md",
            ".1-01.md.swp",
            "1-01.md.swp",
            "1-01.md.SWO",
            "1-01.md~",
            "1-01.md.~1~",
            "#1-01.md#",
            "4913",
            "~$計画.docx",
            ".~lock.計画.ods#",
            "._1-01.md",
            ".DS_Store",
            "Thumbs.db",
            "DESKTOP.INI",
            "Icon\r",
            "__MACOSX",
            "~WRL0003.tmp",
            ".goutputstream-A1B2C3",
            "計画.pdf.crdownload",
            "1-01.md___jb_tmp___",
            "1-01.md.sb-0a1b2c3d-XYZabc",
        ];
        for name in theirs {
            assert!(!is_visible(name), "{name}");
        }
        for name in ["1-01.md", "4913.pdf", "#1.pdf", "計画~1.pdf", "tmp.pdf", "part.md", "#", "desktop.md"] {
            assert!(is_visible(name), "{name}");
        }
    }
}
