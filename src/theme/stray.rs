//! Files of a theme that nothing reads: a template under a wrong name, a folder with one letter too few.
//!
//! A theme may hold other files, such as a README or drawings. So a file is only told when its name is close to one that
//! is read, or when it is a template, which nobody keeps for its own sake.

use super::layers::{Layer, is_font};
use super::wordbook::FILES;
use crate::diagnostic::{Diagnostic, Rule};
use crate::document::copies::is_leftover;
use crate::source::Sources;
use crate::text::nearest;
use crate::text::place::Place;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The folders of a theme.
const FOLDERS: [&str; 5] = ["assets", "fonts", "print", "templates", "words"];

/// Files of these layers that nothing reads; `built_in` is the program's own theme.
pub(super) fn check(layers: &[Layer], built_in: &Layer, sources: &Sources, out: &mut Vec<Diagnostic>) {
    let known = Known::new(built_in);
    let named = named_templates(layers);
    for layer in layers.iter().filter(|layer| layer.files.values().any(|(_, file)| file.is_some())) {
        let prefix = format!("themes/{}/", layer.name);
        // All files of a misnamed folder have one cause.
        let mut told = BTreeSet::new();
        for (file, it) in sources.under(&prefix) {
            let path = &it.path[prefix.len()..];
            // Told as that.
            if path.split('/').any(is_leftover) {
                continue;
            }
            let place = Place::start(file);
            let top = path.split_once('/').map(|(top, _)| top);
            match top {
                Some(top) if !FOLDERS.contains(&top) => {
                    if let Some(near) = nearest::nearest(top, FOLDERS) {
                        if told.insert(top) {
                            out.push(unread_folder(place, top, near));
                        }
                        continue;
                    }
                }
                Some("templates") if path.ends_with(".html") => {
                    let name = &path["templates/".len()..];
                    let defines = || {
                        let text = layer.files.get(path).map(|(bytes, _)| String::from_utf8_lossy(bytes));
                        text.is_some_and(|text| tags(&text).any(|tag| tag.starts_with("component")))
                    };
                    if !known.paths.contains(path) && !named.contains(name) && !defines() {
                        out.push(unread_file(place, known.meant(path), true));
                    }
                    continue;
                }
                _ if is_read(path) => continue,
                _ => {}
            }
            if let Some(meant) = known.meant(path) {
                out.push(unread_file(place, Some(meant), false));
            }
        }
    }
}

/// Whether a file that is no template is read.
fn is_read(path: &str) -> bool {
    path == "theme.yaml"
        || path.starts_with("assets/")
        || FILES.contains(&path)
        || path.starts_with("fonts/") && is_font(path)
        || path.starts_with("print/") && path.ends_with(".typ")
}

/// What a theme can replace, by path, and those paths by folder and by name.
struct Known<'k> {
    paths: BTreeSet<&'k str>,
    in_folder: BTreeMap<&'k str, Vec<&'k str>>,
    named: BTreeMap<&'k str, Vec<&'k str>>,
}

impl<'k> Known<'k> {
    fn new(built_in: &'k Layer) -> Self {
        let paths: BTreeSet<&str> = built_in.files.keys().map(String::as_str).chain(["theme.yaml"]).collect();
        let mut known = Self { paths: BTreeSet::new(), in_folder: BTreeMap::new(), named: BTreeMap::new() };
        for path in &paths {
            let (folder, name) = split(path);
            known.in_folder.entry(folder).or_default().push(name);
            known.named.entry(name).or_default().push(path);
        }
        Self { paths, ..known }
    }

    /// The file that was meant by one that nothing reads: a name nearly like it in the same folder, or the same name in a
    /// folder nearly like it.
    fn meant(&self, path: &str) -> Option<Cow<'k, str>> {
        let (folder, name) = split(path);
        let beside = self.in_folder.get_key_value(folder);
        if let Some((folder, names)) = beside
            && let Some(name) = nearest::nearest(name, names.iter().copied())
        {
            return Some(if folder.is_empty() { name.into() } else { format!("{folder}/{name}").into() });
        }
        let same = self.named.get(name)?;
        let depth = path.matches('/').count();
        let level: Vec<&str> = same.iter().filter(|known| known.matches('/').count() == depth).copied().collect();
        // Of the editions, the one for screens comes last.
        let level = nearest::nearest(path, level.iter().copied()).or(level.last().copied());
        let is_part = |known: &&&str| path.split('/').all(|part| known.split('/').any(|other| other == part));
        level.or_else(|| same.iter().rfind(is_part).copied()).map(Cow::Borrowed)
    }
}

/// Folder and name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The templates that others extend or include, without the layer that may stand before them.
fn named_templates(layers: &[Layer]) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (_, (bytes, _)) in layers.iter().flat_map(|layer| &layer.files).filter(|(path, _)| path.ends_with(".html")) {
        let text = String::from_utf8_lossy(bytes);
        for tag in tags(&text).filter(|tag| tag.starts_with("include") || tag.starts_with("extends")) {
            let Some(name) = tag.split(['"', '\'', '`']).nth(1) else { continue };
            let layer = layers.iter().find_map(|layer| name.strip_prefix(&*layer.name)?.strip_prefix('/'));
            named.insert(layer.unwrap_or(name).to_owned());
        }
    }
    named
}

/// What stands in the tags of a template.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split("{%").skip(1).map(|tag| tag.split("%}").next().unwrap_or("").trim_start_matches('-').trim())
}

/// A file of a theme that nothing reads. The place is its start.
pub fn unread_file(place: Place, meant: Option<impl AsRef<str>>, is_template: bool) -> Diagnostic {
    let (ja, en) = match is_template {
        true => (
            "このテンプレートを使うページも、読み込むテンプレートもありません。",
            "no page and no template uses this template",
        ),
        false => ("このファイルは読まれません。", "this file is not read"),
    };
    let finding = Diagnostic::new(Rule::UnusedThemeFile, place, ja, en);
    match meant {
        Some(meant) => {
            let meant = meant.as_ref();
            finding.help(
                format!("「{meant}」のことですか。名前を直すか、要らなければ消します。"),
                format!("did you mean `{meant}`? rename it, or delete it if it is not needed"),
            )
        }
        None => finding.help(
            "ほかのテンプレートから include か extends で読み込むか、要らなければ消します。",
            "include or extend it in another template, or delete it if it is not needed",
        ),
    }
}

/// A folder of a theme whose name is not quite right. The place is the start of its first file.
pub fn unread_folder(place: Place, name: &str, near: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnusedThemeFile,
        place,
        format!("フォルダー「{name}」の中のファイルは読まれません。"),
        format!("files in the folder `{name}` are not read"),
    )
    .help(
        format!("「{near}」のことですか。フォルダーの名前を直します。"),
        format!("did you mean `{near}`? rename the folder"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::collections::BTreeMap;

    /// The files of a theme that are told, with what is said about them.
    fn told(files: &[(&str, &str)]) -> Vec<String> {
        let mut all: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        all.insert("themes/own/theme.yaml".into(), b"contract: 1\n".to_vec());
        for (path, text) in files {
            all.insert(format!("themes/own/{path}"), text.as_bytes().to_vec());
        }
        let sources = Sources::from_memory(all);
        let mut config = Config::default();
        config.theme.value = "own".into();
        let mut found = super::super::compile(&config, &sources).diagnostics;
        crate::diagnostic::sort(&mut found);
        let meant = |help: &str| help.split(['「', '」']).nth(1).unwrap_or("").to_owned();
        let line = |it: &Diagnostic| {
            let help = it.help.as_ref().map_or(String::new(), |help| meant(&help.ja));
            format!("{} -> {help}", &sources.path(it.place.file)["themes/own/".len()..])
        };
        found.iter().map(line).collect()
    }

    #[test]
    fn a_name_close_to_one_that_is_read_is_told() {
        for (path, meant) in [
            ("templates/screen/gaol.html", "templates/screen/goal.html"),
            ("templates/scren/goal.html", "templates/screen/goal.html"),
            ("templates/goal.html", "templates/screen/goal.html"),
            ("screen/goal.html", "templates/screen/goal.html"),
            ("template/screen/goal.html", "templates"),
            ("Templates/partials/own.html", "templates"),
            ("templates/screen/goal.htm", "templates/screen/goal.html"),
            ("words/ja.yml", "words/ja.yaml"),
            ("words/jp.yaml", "words/ja.yaml"),
            ("ja.yaml", "words/ja.yaml"),
            ("city.css", "assets/city.css"),
            ("font/own.ttf", "fonts"),
            ("templates/partials/banner.html", ""),
        ] {
            assert_eq!(told(&[(path, "x: y\n")]), [format!("{path} -> {meant}")]);
        }
    }

    #[test]
    fn what_is_used_or_no_business_of_ours_is_left_alone() {
        let used = [
            ("templates/screen/text.html", "{% extends 'own/screen/plain.html' %}"),
            ("templates/screen/plain.html", "{%- include \"partials/banner.html\" -%}"),
            ("templates/partials/banner.html", "x"),
            ("templates/components.html", "{% component tag(text) %}{{ text }}{% endcomponent %}"),
            ("README.md", "x"),
            ("docs/picture.svg", "x"),
            ("fonts/OFL.txt", "x"),
            ("assets/own.css", ""),
        ];
        assert_eq!(told(&used), [""; 0]);
    }

    #[test]
    fn a_misnamed_folder_is_told_once() {
        assert_eq!(told(&[("word/ja.yaml", ""), ("word/en.yaml", "")]), ["word/en.yaml -> words"]);
    }
}
