//! The long text of every rule: what, why, wrong and right examples, how to mend.
//!
//! The one source is `docs/rules/<name>.md`, compiled into the program. A page is a title line `# name: 題 / title`,
//! the severity, then five sections in a fixed order. Japanese stands as it is, English beside it in a block quote;
//! fenced blocks belong to both. The examples are sites in the form of the tests, and are run by them.

use crate::diagnostic::Rule;
use crate::text::language::{Language, Message};
use crate::text::nearest;
use crate::text::span::display_width;
use include_dir::{Dir, include_dir};
use std::fmt::Write;

static PAGES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/docs/rules");

/// The headings of a page, in order.
pub const SECTIONS: [(&str, &str); 5] = [
    ("何を見つけるか", "What"),
    ("なぜ", "Why"),
    ("誤り", "Wrong"),
    ("正しい書き方", "Right"),
    ("直し方", "How to mend"),
];

/// One paragraph, list or example of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// For readers of Japanese.
    Japanese(String),
    /// For readers of English.
    English(String),
    /// A fenced block: the words after the fence, and its lines.
    Example(String, String),
}

/// The page of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The first line without its mark.
    pub heading: String,
    /// What stands above the first section.
    pub head: Vec<Block>,
    /// Heading and contents of each section.
    pub sections: Vec<(String, Vec<Block>)>,
}

/// The names of all pages, without their ending, sorted; the index is none of them.
pub fn names() -> Vec<&'static str> {
    let names = PAGES.files().filter_map(|file| file.path().to_str()?.strip_suffix(".md"));
    let mut names: Vec<&str> = names.filter(|name| *name != "README").collect();
    names.sort_unstable();
    names
}

/// The page of a rule, as it is written; empty when there is none, which a test forbids.
pub fn source(rule: Rule) -> &'static str {
    PAGES.get_file(format!("{}.md", rule.name())).and_then(|file| file.contents_utf8()).unwrap_or_default()
}

/// The page of a rule.
pub fn page(rule: Rule) -> Page {
    parse(source(rule))
}

/// What the rule finds, in a few words: the title of its page.
pub fn title(rule: Rule) -> Message {
    let heading = page(rule).heading;
    let title = heading.split_once(": ").map_or(heading.as_str(), |(_, title)| title);
    let (ja, en) = title.split_once(" / ").unwrap_or((title, title));
    Message::new(ja, en)
}

/// Takes a page apart.
pub fn parse(text: &str) -> Page {
    let mut page = Page::default();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("# ") {
            page.heading = heading.to_owned();
            continue;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            page.sections.push((heading.to_owned(), Vec::new()));
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let block = if let Some(words) = line.strip_prefix("```") {
            let mut example = String::new();
            for line in lines.by_ref().take_while(|line| !line.starts_with("```")) {
                let _ = writeln!(example, "{line}");
            }
            Block::Example(words.to_owned(), example)
        } else {
            let is_english = line.starts_with('>');
            let plain = |line: &str| line.strip_prefix('>').map_or(line, |rest| rest.trim_start()).to_owned();
            let mut paragraph = plain(line);
            while let Some(next) = lines.next_if(|next| !next.trim().is_empty() && next.starts_with('>') == is_english)
            {
                paragraph = paragraph + "\n" + &plain(next);
            }
            if is_english { Block::English(paragraph) } else { Block::Japanese(paragraph) }
        };
        match page.sections.last_mut() {
            Some((_, blocks)) => blocks.push(block),
            None => page.head.push(block),
        }
    }
    page
}

impl Page {
    /// The contents of a section, by its English heading.
    pub fn section(&self, english: &str) -> &[Block] {
        let found = self.sections.iter().find(|(heading, _)| heading.ends_with(&format!(" / {english}")));
        found.map_or(&[], |(_, blocks)| blocks)
    }

    /// The fenced blocks of a section: the words after the fence, and the lines.
    pub fn examples(&self, english: &str) -> Vec<(&str, &str)> {
        let blocks = self.section(english).iter();
        blocks
            .filter_map(|block| match block {
                Block::Example(words, text) => Some((words.as_str(), text.as_str())),
                _ => None,
            })
            .collect()
    }
}

/// The severity as it is written at the head of a page.
pub fn severity(rule: Rule) -> Message {
    let label = rule.severity().label();
    match rule.is_firm() {
        true => Message::new(format!("{}（弱められません）", label.ja), format!("{} (cannot be turned off)", label.en)),
        false => label,
    }
}

/// The page of a rule in one language, for the terminal.
pub fn text(rule: Rule, language: Language) -> String {
    let page = page(rule);
    let mut out = format!("{}: {}\n", rule.name(), title(rule).get(language));
    let mut paragraph = |text: &str, indent: &str| {
        out.push('\n');
        for line in text.lines() {
            let _ = writeln!(out, "{}", format!("{indent}{line}").trim_end());
        }
    };
    let blocks = |blocks: &[Block], indent: &str, paragraph: &mut dyn FnMut(&str, &str)| {
        for block in blocks {
            match (block, language) {
                (Block::Japanese(text), Language::Japanese) | (Block::English(text), Language::English) => {
                    paragraph(text, indent);
                }
                (Block::Example(_, text), _) => paragraph(text, "    "),
                _ => {}
            }
        }
    };
    blocks(&page.head, "", &mut paragraph);
    for (heading, contents) in &page.sections {
        let (ja, en) = heading.split_once(" / ").unwrap_or((heading, heading));
        paragraph(Message::new(ja, en).get(language), "");
        blocks(contents, "  ", &mut paragraph);
    }
    out
}

/// Every rule with its severity and its title, in one language, for the terminal.
pub fn list(language: Language) -> String {
    let mut out = String::new();
    let width = Rule::ALL.iter().map(|rule| rule.name().len()).max().unwrap_or(0);
    let mut group = None;
    for &rule in Rule::ALL {
        if group != Some(rule.group()) {
            let first = group.is_none();
            group = Some(rule.group());
            let (label, name) = (rule.group().label(), rule.group().name());
            let gap = if first { "" } else { "\n" };
            let _ = match language {
                Language::Japanese => writeln!(out, "{gap}{}（{name}）", label.ja),
                Language::English => writeln!(out, "{gap}{} ({name})", label.en),
            };
        }
        let severity = rule.severity().label().get(language).to_owned();
        let pad = " ".repeat(7usize.saturating_sub(display_width(&severity)));
        let _ = writeln!(out, "  {:width$}  {severity}{pad}  {}", rule.name(), title(rule).get(language));
    }
    out
}

/// The index of all pages: `docs/rules/README.md`.
pub fn index() -> String {
    let mut out = String::from(
        "# 指摘の規則 / Rules\n\n`kohyo explain 規則の名前` で、同じ文が端末に出ます。\n\n> `kohyo explain RULE` prints the same text at the terminal.\n",
    );
    let mut group = None;
    for &rule in Rule::ALL {
        if group != Some(rule.group()) {
            group = Some(rule.group());
            let (label, name) = (rule.group().label(), rule.group().name());
            let _ = write!(
                out,
                "\n## {} / {} (`{name}`)\n\n| 規則 | 重さ | 見つけるもの | finds |\n|---|---|---|---|\n",
                label.ja, label.en
            );
        }
        let (name, title) = (rule.name(), title(rule));
        let _ = writeln!(out, "| [{name}]({name}.md) | {} | {} | {} |", severity(rule).ja, title.ja, title.en);
    }
    out
}

/// The rule that was meant by a name that is none.
pub fn nearest(name: &str) -> Option<Rule> {
    nearest::nearest(name, Rule::ALL.iter().map(|rule| rule.name())).and_then(Rule::parse)
}
