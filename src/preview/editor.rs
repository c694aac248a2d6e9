//! What opens a file at a place: a command, or a link that an editor has registered for.

use std::path::Path;
use std::process::{Command, Stdio};

/// How to open a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Editor {
    /// `vscode://file/…`: a link that Visual Studio Code answers. Nothing is started by the preview.
    #[default]
    Link,
    /// A program and its arguments, with `{file}`, `{line}` and `{column}` in them. Never run by a shell.
    Command(Vec<String>),
}

impl Editor {
    /// From a command line such as `code -g {file}:{line}:{column}`. Quotes keep words together; nothing else is special.
    /// `None` when there is no program in it, or a quote is not closed.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut quote = None;
        for c in line.chars() {
            match (c, quote) {
                (c, Some(open)) if c == open => quote = None,
                ('"' | '\'', None) => {
                    quote = Some(c);
                    word.get_or_insert_default();
                }
                (c, None) if c.is_whitespace() => words.extend(word.take()),
                (c, _) => word.get_or_insert_default().push(c),
            }
        }
        words.extend(word);
        if quote.is_some() || words.first().is_none_or(String::is_empty) {
            return None;
        }
        if !words.iter().any(|word| word.contains("{file}")) {
            words.push("{file}".into());
        }
        Some(Self::Command(words))
    }

    /// The link to a place, where links are what opens it.
    pub fn link(&self, file: &Path, line: usize, column: usize) -> Option<String> {
        let path = file.to_str()?.replace('\\', "/");
        // `C:/…` has no slash of its own.
        let slash = if path.starts_with('/') { "" } else { "/" };
        (*self == Self::Link).then(|| format!("vscode://file{slash}{}:{line}:{column}", encode(&path)))
    }

    /// Starts the command for a place; says why not.
    ///
    /// # Errors
    /// When there is no command or it cannot be started.
    pub fn open(&self, file: &Path, line: usize, column: usize) -> std::io::Result<()> {
        let Self::Command(words) = self else { return Err(std::io::ErrorKind::Unsupported.into()) };
        let filled: Vec<std::ffi::OsString> = words.iter().map(|word| fill(word, file, line, column).into()).collect();
        let Some((program, arguments)) = filled.split_first() else { return Ok(()) };
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Waited for, so that it does not stay behind as a zombie.
        let _ = std::thread::Builder::new().name("editor".into()).spawn(move || child.wait());
        Ok(())
    }
}

fn fill(word: &str, file: &Path, line: usize, column: usize) -> String {
    // In one pass: a path may contain `{line}` itself.
    let mut out = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let values =
            [("{file}", file.display().to_string()), ("{line}", line.to_string()), ("{column}", column.to_string())];
        match values.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, value)) => {
                out.push_str(value);
                rest = &rest[name.len()..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' | b':' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_split_at_spaces_and_filled_without_a_shell() {
        let Some(Editor::Command(words)) = Editor::parse("\"/opt/my editor/e\" -g {file}:{line}:{column} '{line}'")
        else {
            panic!("a command");
        };
        let filled: Vec<String> = words.iter().map(|word| fill(word, Path::new("/s/a b {line};rm.md"), 3, 7)).collect();
        assert_eq!(filled, ["/opt/my editor/e", "-g", "/s/a b {line};rm.md:3:7", "3"]);
    }

    #[test]
    fn a_command_without_a_place_for_the_file_gets_it_at_the_end() {
        assert_eq!(Editor::parse("gedit"), Some(Editor::Command(vec!["gedit".into(), "{file}".into()])));
    }

    #[test]
    fn what_is_no_command_is_refused() {
        for line in ["", "   ", "'open", "\"\" x"] {
            assert_eq!(Editor::parse(line), None, "{line:?}");
        }
    }

    #[test]
    fn a_link_names_the_place() {
        let link = Editor::Link.link(Path::new("/s/総務/1-01.md"), 4, 2);
        assert_eq!(link.as_deref(), Some("vscode://file/s/%E7%B7%8F%E5%8B%99/1-01.md:4:2"));
    }
}
