//! The words of a theme as they are written: read from a file, and held against the words of the program.
//!
//! The program fills the places of a word that its own words have, so those are the measure: a place of another name is
//! shown as it stands there, and a name without its place is the same on every page.

use super::layers::Layer;
use crate::diagnostic::{Diagnostic, Rule};
use crate::fields::Vocabulary;
use crate::text::nearest::nearest;
use crate::text::place::{FileId, Place};
use crate::text::span::{Span, Spanned};
use crate::text::terms::{base as base_of, is_term, is_word_of_term};
use crate::text::words::{FILLED, Gap, TELLING, gaps};
use crate::yaml::{self, Scribe, Value, field_findings};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// The files of words, of each language.
pub(super) const FILES: [&str; 2] = ["words/ja.yaml", "words/en.yaml"];

/// A word of a theme.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) name: Spanned<String>,
    pub(super) text: Spanned<String>,
}

/// Reads a file of words; what cannot be read is left out.
pub(super) fn read(bytes: &[u8], file: FileId, out: &mut Vec<Diagnostic>) -> Vec<Word> {
    let mut scribe = Scribe::new(file, Vocabulary::ANY);
    let mut words: Vec<Word> = Vec::new();
    let root = yaml::utf8(bytes, &mut scribe).and_then(|text| yaml::parse(text, 0, &mut scribe));
    let entries = match root.map(|root| (root.at, root.value)) {
        Some((_, Value::Map(entries))) => entries,
        Some((at, Value::Text(_) | Value::List(_))) => {
            scribe.note(field_findings::expected_map(scribe.place(at)));
            Vec::new()
        }
        _ => Vec::new(),
    };
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    for (key, node) in entries {
        let Value::Text(name) = key.value else {
            scribe.note(field_findings::expected_text(scribe.place(key.at)));
            continue;
        };
        if let Some(at) = first.get(&*name) {
            scribe.note(field_findings::duplicate_key(scribe.place(key.at), &name, scribe.place(*at)));
            continue;
        }
        first.insert(name.to_string(), key.at);
        match node.value {
            Value::Text(text) => {
                scribe.keep_whole(node.at);
                let text = Spanned::new(text.into_owned(), node.at);
                words.push(Word { name: Spanned::new(name.into_owned(), key.at), text });
            }
            Value::Null => scribe.note(empty_word(scribe.place(key.at), &name)),
            Value::List(_) | Value::Map(_) => scribe.note(word_without_quotes(scribe.place(node.at), &name)),
            // Told by the parser.
            Value::Broken(_) => {}
        }
    }
    out.append(&mut scribe.findings);
    words
}

/// The words of a layer by name, whatever is wrong with others.
pub(super) fn of(layer: &Layer, path: &str) -> BTreeMap<String, String> {
    read_layer(layer, path).into_iter().map(|word| (word.name.value, word.text.value)).collect()
}

fn read_layer(layer: &Layer, path: &str) -> Vec<Word> {
    let file = layer.files.get(path);
    file.map(|(bytes, file)| read(bytes, file.unwrap_or(FileId::NONE), &mut Vec::new())).unwrap_or_default()
}

/// Words of a theme that nothing uses, words it has in one language only, and, in `language_file`, places that nothing
/// fills and places that are gone. `layers` are upper ones first; `built_in` is the program's own.
pub(super) fn check(layers: &[Layer], built_in: &Layer, language_file: &str, out: &mut Vec<Diagnostic>) {
    // What is wrong with the files themselves has been told.
    let Some((base, own)) = layers.split_last() else { return };
    let known: BTreeSet<String> =
        FILES.iter().flat_map(|path| read_layer(base, path)).map(|word| word.name.value).collect();
    let used = named_words(own.iter().flat_map(|layer| &layer.files));
    for layer in own {
        for (index, path) in FILES.iter().enumerate() {
            let Some((_, Some(file))) = layer.files.get(*path) else { continue };
            let other = FILES[1 - index];
            let others: BTreeSet<String> = read_layer(layer, other).into_iter().map(|word| word.name.value).collect();
            for word in read_layer(layer, path).into_iter().filter(|word| !known.contains(base_of(&word.name.value))) {
                let (name, place) = (&*word.name.value, Place::new(*file, word.name.at));
                if !used.contains(name) {
                    out.push(unknown_word(place, name, known.iter().map(String::as_str)));
                } else if !others.is_empty() && !others.contains(name) {
                    out.push(missing_word(place, name, other));
                }
            }
        }
    }
    let defaults = of(built_in, language_file);
    let filled = named_words(layers.iter().flat_map(|layer| &layer.files).filter(|(path, (bytes, _))| {
        // A copy of the program's own template fills what that fills.
        built_in.files.get(*path).is_none_or(|(own, _)| own != bytes)
    }));
    for layer in layers {
        let Some((bytes, Some(file))) = layer.files.get(language_file) else { continue };
        let source = std::str::from_utf8(bytes).unwrap_or_default();
        for word in read_layer(layer, language_file) {
            let default = defaults.get(&word.name.value).or_else(|| defaults.get(base_of(&word.name.value)));
            let Some(default) = default else { continue };
            let known = places(default);
            let allowed = if filled.contains(&word.name.value) { FILLED.into() } else { known.clone() };
            // A term is said with those it is said with here: two could wait for each other.
            let is_term = |gap: &str| match is_word_of_term(&word.name.value) {
                true => gaps(default).iter().any(|own| own.name == gap),
                false => is_term(gap),
            };
            if strange_places(&word, &allowed, &is_term, source, *file, out) {
                // What is missing follows from that.
                continue;
            }
            let own = places(&word.text.value);
            let lost: Vec<&str> = known.difference(&own).copied().collect();
            if TELLING.contains(&base_of(&word.name.value)) && !lost.is_empty() {
                out.push(lost_placeholder(Place::new(*file, word.text.at), default, &lost));
            }
        }
    }
}

/// The words that templates name: `w.skip`.
fn named_words<'f>(files: impl Iterator<Item = (&'f String, &'f super::layers::File)>) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (_, (bytes, _)) in files.filter(|(path, _)| path.starts_with("templates/") || path.starts_with("print/")) {
        for after in String::from_utf8_lossy(bytes).split("w.").skip(1) {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            named.insert(after[..end].to_owned());
        }
    }
    named
}

/// The places of a word that are filled, where whoever shows it has a value for them.
fn places(word: &str) -> BTreeSet<&str> {
    gaps(word)
        .into_iter()
        .filter(Gap::is_well_formed)
        .map(|gap| gap.name)
        .filter(|name| FILLED.contains(name))
        .collect()
}

/// Reports braces that nothing fills, and says whether there are any. `source` is the file: between its quotes a word may be written with signs that
/// stand for others, so each is looked for there.
fn strange_places(
    word: &Word,
    allowed: &BTreeSet<&str>,
    is_term: &dyn Fn(&str) -> bool,
    source: &str,
    file: FileId,
    out: &mut Vec<Diagnostic>,
) -> bool {
    let own = places(&word.text.value);
    let mut from = word.text.at.start as usize;
    let end = word.text.at.end as usize;
    let before = out.len();
    for gap in gaps(&word.text.value) {
        let found = source.get(from..end).and_then(|rest| rest.find(gap.written));
        let at = found.map_or(word.text.at, |start| Span::new(from + start, from + start + gap.written.len()));
        from = found.map_or(from, |start| from + start + gap.written.len());
        let meant: String = gap.name.nfkc().collect::<String>().trim().to_lowercase();
        let is_filled = gap.is_well_formed() && (allowed.contains(gap.name) || is_term(gap.name));
        let term = Some(&*meant).filter(|meant| is_term(meant));
        if is_filled || gap.is_punctuation() && !FILLED.contains(&&*meant) && term.is_none() {
            continue;
        }
        let mut missing = allowed.difference(&own);
        let only = missing.next().filter(|_| missing.next().is_none());
        let near = allowed.get(&*meant).copied().or(term).or(only.copied());
        let finding = unknown_placeholder(Place::new(file, at), gap.written, near, allowed);
        out.push(match near.filter(|_| found.is_some()) {
            // A text that starts with a brace has to be in quotes.
            Some(near) if at.start == word.text.at.start => {
                let rest = source.get(at.end as usize..end).unwrap_or_default();
                finding.guess(Place::new(file, word.text.at), format!("\"{{{near}}}{rest}\""))
            }
            Some(near) => finding.guess(Place::new(file, at), format!("{{{near}}}")),
            None => finding,
        });
    }
    out.len() > before
}

/// A word of the interface that no template knows.
pub fn unknown_word<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownWord,
        place,
        format!("「{name}」という語は、画面のどこにも使われません。"),
        format!("no page uses a word called `{name}`"),
    );
    match nearest(name, known) {
        Some(near) => {
            finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")).guess(place, near)
        }
        None => finding.help(
            "語の一覧は themes/default/words/ja.yaml にあります。",
            "the words are listed in themes/default/words/en.yaml",
        ),
    }
}

/// A word of one language that the other lacks.
pub fn missing_word(place: Place, name: &str, other: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnknownWord,
        place,
        format!("「{name}」という語が、{other} にありません。"),
        format!("the word `{name}` is missing from {other}"),
    )
    .help(format!("{other} にも同じ名前の語を足します。"), format!("add the word to {other}"))
}

/// A word with nothing behind its name.
pub fn empty_word(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ThemeWords,
        place,
        format!("語「{name}」に、言葉が書かれていません。"),
        format!("nothing is written for the word `{name}`"),
    )
    .help(
        "元の言葉のままでよければ、この行を消します。何も出さないなら \"\" と書きます。",
        "delete the line to keep the original word, or write \"\" to show nothing",
    )
}

/// A word that YAML takes for a list or a map.
pub fn word_without_quotes(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ThemeWords,
        place,
        format!("語「{name}」の言葉が、1つの文になっていません。"),
        format!("the word `{name}` is not a single text"),
    )
    .help(
        "{ か [ で始まる言葉は、全体を \" \" で囲みます（例 \"{a}の目標\"）。",
        "put a text that starts with { or [ into quotes, such as \"goals of {a}\"",
    )
}

/// Braces in a word that nothing fills. `allowed` are those that are filled.
pub fn unknown_placeholder<'a>(
    place: Place,
    written: &str,
    near: Option<&str>,
    allowed: impl IntoIterator<Item = &'a &'a str>,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::ThemeWords,
        place,
        format!("「{written}」に入る値はありません。このままページに出ます。"),
        format!("nothing is filled in for `{written}`: pages would show it as it is"),
    );
    if let Some(near) = near {
        return finding.help(format!("「{{{near}}}」のことですか。"), format!("did you mean `{{{near}}}`?"));
    }
    let allowed: Vec<String> = allowed.into_iter().map(|name| format!("{{{name}}}")).collect();
    match &allowed[..] {
        [] => finding
            .help("この語に値は入りません。波括弧を消します。", "nothing is filled into this word: remove the braces"),
        allowed => finding.help(
            format!("この語に入るのは {} です。", allowed.join(" ")),
            format!("this word has {}", allowed.join(" ")),
        ),
    }
}

/// The name of a page without what tells it from others.
pub fn lost_placeholder(place: Place, default: &str, lost: &[&str]) -> Diagnostic {
    let lost: Vec<String> = lost.iter().map(|name| format!("{{{name}}}")).collect();
    let lost = lost.join(" ");
    Diagnostic::new(
        Rule::LostPlaceholder,
        place,
        format!("{lost} がないので、いくつものページや欄が同じ名前になります。"),
        format!("without {lost} several pages or parts have the same name"),
    )
    .help(format!("元の語は「{default}」です。"), format!("the original word is `{default}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::borrow::Cow;

    fn layer(files: &[(&str, &str)], is_on_disk: bool) -> Layer {
        let file = |(index, (path, text)): (usize, &(&str, &str))| {
            let bytes = Cow::Owned(text.as_bytes().to_vec());
            ((*path).to_owned(), (bytes, is_on_disk.then_some(FileId(index as u64))))
        };
        Layer { name: "own".into(), files: files.iter().enumerate().map(file).collect() }
    }

    /// What is marked in `words/ja.yaml` of a theme, whose original words are these.
    fn marked(theme: &[(&str, &str)]) -> Vec<String> {
        let original =
            "term_goal: 目標\nn_goals: 目標{n}件\nyear_heading: '{a}の目標'\nprint_pillar: 柱{a} {b}\nskip: 本文へ\n";
        let built_in = || layer(&[("words/ja.yaml", original), ("templates/x.html", "{{ w.n_goals }}")], false);
        let mut found = Vec::new();
        read(theme[0].1.as_bytes(), FileId(0), &mut found);
        check(&[layer(theme, true), built_in()], &built_in(), "words/ja.yaml", &mut found);
        found.into_iter().map(|it| format!("{} {}", it.rule.name(), it.place.span.slice(theme[0].1))).collect()
    }

    fn marked_words(words: &str) -> Vec<String> {
        marked(&[("words/ja.yaml", words)])
    }

    #[test]
    fn braces_that_nothing_fills_are_marked_where_they_are_written() {
        assert_eq!(marked_words("n_goals: '{n}つの約束'\nprint_pillar: '{b}（{a}）'\nskip: ｛本文｝へ\n"), [""; 0]);
        assert_eq!(marked_words("n_goals: 目標{m}件\n"), ["theme-words {m}"]);
        assert_eq!(marked_words("n_goals: 目標{ n }件\n"), ["theme-words { n }"]);
        assert_eq!(marked_words("n_goals: 目標｛ｎ｝件\n"), ["theme-words ｛ｎ｝"]);
        assert_eq!(marked_words("n_goals: 目標{n件\n"), ["theme-words {"]);
        assert_eq!(marked_words("skip: \"\\u672C文{年度}へ{a}\"\n"), ["theme-words {年度}", "theme-words {a}"]);
        assert_eq!(marked_words("skip: \"\\x7Ba}\"\n"), ["theme-words \"\\x7Ba}\""]);
    }

    #[test]
    fn any_word_may_hold_a_term() {
        assert_eq!(marked_words("n_goals: '{n}件の{goal}'\nskip: '{Pillars}へ'\n"), [""; 0]);
        assert_eq!(marked_words("skip: '{GOAL}へ'\n"), ["theme-words {GOAL}"]);
        assert_eq!(marked_words("skip: '｛goal｝へ'\n"), ["theme-words ｛goal｝"]);
        assert_eq!(marked_words("skip_own: '{goal}へ'\nyear_heading_own: '{a}の{goal}'\n"), [""; 0]);
        assert_eq!(marked_words("skipp_own: へ\n"), ["unknown-word skipp_own"]);
        assert_eq!(marked_words("year_heading_own: '{goal}'\n"), ["lost-placeholder '{goal}'"]);
        assert_eq!(marked_words("term_goal: '{record}'\n"), ["theme-words {record}"]);
        assert_eq!(marked_words("term_goal: 約束\nyear_heading: '{a}の{record}'\n"), [""; 0]);
    }

    #[test]
    fn a_name_keeps_what_tells_it_apart() {
        assert_eq!(marked_words("year_heading: 目標\n"), ["lost-placeholder 目標"]);
        assert_eq!(marked_words("year_heading: 目標{A}\n"), ["theme-words {A}"]);
        assert_eq!(marked_words("print_pillar: 柱\n"), [""; 0]);
    }

    #[test]
    fn a_template_of_the_theme_fills_what_it_likes() {
        let words = ("words/ja.yaml", "n_goals: 目標{n}件{c}\n");
        let own = |template| marked(&[words, ("templates/x.html", template)]);
        assert_eq!(own("{{ w.n_goals | fill(n=1, c='x') }}"), [""; 0]);
        assert_eq!(own("{{ w.n_goals }}"), ["theme-words {c}"], "a copy of the original template");
        assert_eq!(own("{{ w.n_goals_of }}"), ["theme-words {c}"]);
    }

    #[test]
    fn every_word_is_one_text_written_once() {
        assert_eq!(marked_words("skip: a\nskip: b\n"), ["duplicate-key skip"]);
        assert_eq!(marked_words("skip:\n"), ["theme-words skip"]);
        assert_eq!(marked_words("skip: ''\n"), [""; 0]);
        assert_eq!(marked_words("skip: [本文]\nyear_heading: {a}\n"), ["theme-words [本文]", "theme-words {a}"]);
        assert_eq!(marked_words("year_heading: {a}の約束\n")[0].split(' ').next(), Some("yaml-syntax"));
        assert_eq!(marked_words("- skip\n"), ["wrong-type - skip"]);
        assert_eq!(marked_words("# なし\n"), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_words_are_read(text in "(skip|n_goals|[a{}｛\"'\\\\|>#:\\[ \n件]){0,24}", more in "[ {}｛｝anAＡ年\\\\x7B]{0,12}") {
            for words in [text, format!("year_heading: \"{more}\"\n"), format!("n_goals: |\n  x\n  {more}\n")] {
                marked_words(&words);
            }
        }
    }
}
