//! Kinds of text that can be made as long as is wanted.

/// Paths and texts of files.
pub type Files = Vec<(String, String)>;

/// A kind of text that can be made as long as is wanted.
pub struct Shape {
    pub name: &'static str,
    /// How often it is repeated in the shorter of the two texts.
    pub size: usize,
    pub files: fn(usize) -> Files,
}

const PAGE: &str = "---\ntitle: 見本\nmenu: false\n---\n";

/// A page with that body.
fn page(body: String) -> Files {
    vec![("content/pages/d.md".into(), format!("{PAGE}{body}\n"))]
}

/// A goal of this year with that front matter, which ends with the actions' key where `actions` are wanted.
fn goal(front: String, body: &str) -> Files {
    let front = format!("---\ntitle: 見本\npillar: trust\nupdated: 2026-06-25\n{front}\n---\n{body}\n");
    vec![("content/2026/planning/2-01.md".into(), front)]
}

fn numbered(count: usize, line: impl FnMut(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn many(count: usize, file: impl FnMut(usize) -> (String, String)) -> Files {
    (0..count).map(file).collect()
}

const GOAL: &str = "pillar: trust\nupdated: 2026-06-25\nactions:\n  - { text: 案をまとめる, sections: [企画課], criterion: 案 }\n---\n";

macro_rules! shapes {
    ($($name:literal, $size:literal, |$n:ident| $files:expr;)*) => {
        &[$(Shape { name: $name, size: $size, files: |$n| $files }),*]
    };
}

/// Texts of one document, as its own rules and its page read them.
#[rustfmt::skip]
pub const DOCUMENTS: &[Shape] = shapes! {
    "brackets that stay open", 30, |n| page("「（市民とともに".repeat(n));
    "brackets of one kind", 40, |n| page("「市民とともに".repeat(n));
    "ruby", 60, |n| page("{漢|か}".repeat(n));
    "quotes", 300, |n| page("\"'".repeat(n));
    "notes", 30, |n| page(numbered(n, |i| format!("言葉[^{i}]。\n\n[^{i}]: 出典{i}\n\n")));
    "a note that is named often", 200, |n| page("言葉[^a]。".repeat(n + 1) + "\n\n[^a]: 出典");
    "table rows", 100, |n| page("| 会場 | 定員 |\n|---|---|\n".to_owned() + &"| 大ホール | 300人 |\n".repeat(n));
    "table columns", 100, |n| page(format!("{}|\n{}|\n{}|\n", "| 会場 ".repeat(n), "|---".repeat(n), "| 1人 ".repeat(n)));
    "one row of many cells", 300, |n| page("| 会場 |\n|---|\n".to_owned() + &"| 1人 ".repeat(n) + "|");
    "headings", 50, |n| page(numbered(n, |i| format!("## 見出し{i}\n\n")));
    "headings of one name", 50, |n| page("## 見出し\n\n".repeat(n));
    "a long heading", 200, |n| page("## ".to_owned() + &"見出し".repeat(n));
    "emphasis", 100, |n| page("**強い**".repeat(n));
    "stars that stay", 60, |n| page("a**。".repeat(n));
    "stars in one another", 60, |n| page("*a **b ".repeat(n) + &"c** d* ".repeat(n));
    "stars and underscores", 200, |n| page("*_".repeat(n));
    "tildes", 60, |n| page("~~a~~ ~b ".repeat(n));
    "backticks", 100, |n| page("`a` ``b ".repeat(n));
    "backticks of every length", 80, |n| page(numbered(n, |i| "`".repeat(i % 40 + 1) + " "));
    "backslashes", 200, |n| page("\\*\\".repeat(n));
    "block quotes", 60, |n| page("> 引用\n\n".repeat(n));
    "block quotes in one another", 300, |n| page(">".repeat(n) + " 引用");
    "lists in one another", 60, |n| page("- ".repeat(n) + "会場");
    "list items", 100, |n| page("- 会場を選ぶ\n".repeat(n));
    "list of paper", 60, |n| page("・会場を選ぶ\n".repeat(n));
    "numbers of paper", 60, |n| page("９）会場\n".repeat(n));
    "one long line", 100, |n| page("市民とともに進めます".repeat(n));
    "one long sentence with words", 100, |n| page("open data ".repeat(n));
    "many lines", 60, |n| page("市民とともに進めます。\n".repeat(n));
    "many lines of a paragraph", 60, |n| page("市民と、\n".repeat(n));
    "hard breaks", 100, |n| page("市民と\\\n".repeat(n));
    "many findings in one line", 5, |n| page("２０人と20人、2026/6/25。。".repeat(n));
    "blanks between letters", 100, |n| page("市 ".repeat(n));
    "wide blanks between letters", 60, |n| page("目　".repeat(n));
    "digits", 1000, |n| page("1".repeat(n));
    "digits and dots", 200, |n| page("1.".repeat(n));
    "digits and slashes", 60, |n| page("12/".repeat(n));
    "combining marks", 60, |n| page("は\u{309A}".repeat(n));
    "combining marks on one letter", 200, |n| page("は".to_owned() + &"\u{309A}".repeat(n));
    "emoji", 60, |n| page("🎉".repeat(n));
    "entities", 60, |n| page("&amp;&#12354;".repeat(n));
    "entities that are none", 200, |n| page("&a".repeat(n));
    "addresses", 20, |n| page("https://www.example.jp/a ".repeat(n));
    "addresses glued", 60, |n| page("https://a".repeat(n));
    "mail addresses", 60, |n| page("a@".repeat(n) + "b.jp");
    "HTML comments", 60, |n| page("<!-- 覚え -->\n\n".repeat(n));
    "comments that stay open", 60, |n| page("a <!-- ".repeat(n));
    "HTML that stays open", 60, |n| page("a <b ".repeat(n));
    "one HTML block", 60, |n| page("<div>\n".to_owned() + &"会場\n".repeat(n));
    "declarations", 60, |n| page("a <![CDATA[ <?a <!A ".repeat(n));
    "line breaks", 60, |n| page("会場<br>".repeat(n));
    "code blocks", 40, |n| page("```\na\n```\n\n".repeat(n));
    "one code block", 100, |n| page("```\n".to_owned() + &"会場\n".repeat(n));
    "empty lines", 300, |n| page("\n".repeat(n) + "会場");
    "carriage returns", 100, |n| page("会場\r".repeat(n));
    "control characters", 60, |n| page("\u{1}".repeat(n));
    "tasks", 40, |n| page("- [ ] 会場\n".repeat(n));
    "alerts", 20, |n| page("> [!NOTE]\n> 会場\n\n".repeat(n));
    "heading attributes", 100, |n| page("## 会場 {".to_owned() + &"#a .b ".repeat(n) + "}");
    "a long title", 100, |n| vec![("content/pages/d.md".into(), format!("---\ntitle: {}\n---\n", "見出し".repeat(n)))];
    "a long key", 200, |n| goal(format!("{}: 1", "a".repeat(n)), "");
    "long keys alike", 100, |n| goal(format!("{}b: 1\n{}c: 1", "a".repeat(n), "a".repeat(n)), "");
    "keys that are unknown", 8, |n| goal(numbered(n, |i| format!("titel{i}: 1\n")), "");
    "keys twice", 10, |n| goal("title: 見本\n".repeat(n), "");
    "actions", 10, |n| goal("actions:\n".to_owned() + &"  - { text: 案, sections: [企画課], criterion: 公表 }\n".repeat(n), "");
    "sections", 20, |n| goal(format!("actions:\n  - {{ text: 案, sections: [{}], criterion: 公表 }}", numbered(n, |i| format!("課{i}, "))), "");
    "corrections", 10, |n| goal("actions: []\ncorrections:\n".to_owned() + &"  - { date: 2026-09-01, was: \"2\", now: \"3\", why: 誤り }\n".repeat(n), "本文");
    "deep flow", 30, |n| goal(format!("actions: {}{}", "[".repeat(n), "]".repeat(n)), "");
    "deep blocks", 10, |n| goal(numbered(n, |i| format!("{}a:\n", " ".repeat(i))), "");
    "broken front matter", 10, |n| goal("a: [b\n".repeat(n), "");
    "tabs in front matter", 10, |n| goal("\ta: b\n".repeat(n), "");
    "a long block of text", 60, |n| goal("actions: []\nreason: |\n".to_owned() + &"  会場を選びます。\n".repeat(n), "");
    "a long quoted text", 60, |n| goal(format!("actions: []\nreason: \"{}\"", "\\u3042\\n".repeat(n)), "");
    "comments", 100, |n| goal("# 覚え\n".repeat(n), "");
    "anchors", 10, |n| goal(numbered(n, |i| format!("a{i}: &a{i} 1\nb{i}: *a{i}\n")), "");
};

/// More texts of one document, with so many findings that counting takes long: only among those that are run by hand.
#[rustfmt::skip]
pub const DEAR_DOCUMENTS: &[Shape] = shapes! {
    "brackets that close nothing", 20, |n| page("（市民とともに".repeat(n) + &"」市民とともに".repeat(n));
    "brackets in one another", 30, |n| page("「（市民とともに".repeat(n) + &"」市民とともに".repeat(n));
    "open ruby", 30, |n| page("{漢|か市民とともに".repeat(n));
    "braces", 200, |n| page("{".repeat(n));
    "square brackets", 1000, |n| page("[".repeat(n));
    "square brackets in one another", 300, |n| page("[".repeat(n) + "a" + &"](b)".repeat(n));
    "notes without text", 20, |n| page("言葉[^a]。".repeat(n));
    "notes in notes", 40, |n| page(numbered(n, |i| format!("[^{i}]: 出典[^{}]\n\n", i + 1)) + "言葉[^0]");
    "cells beyond the header", 20, |n| page("| 会場 |\n|---|\n".to_owned() + &"| 大ホール | 300人 |\n".repeat(n));
    "rows that make no table", 100, |n| page("｜会場｜定員｜\n".repeat(n));
    "headings glued", 20, |n| page("##見出し\n\n".repeat(n));
    "many findings in many lines", 10, |n| page("①ｶﾅ、12000円\n\n".repeat(n));
    "years in two calendars", 20, |n| page("令和8年（2025年）".repeat(n));
    "dates that are none", 20, |n| page("2026年2月30日".repeat(n));
    "wide digits", 20, |n| page("１2".repeat(n));
    "invisible characters", 20, |n| page("市民とともに\u{200B}".repeat(n));
    "emoji apart", 20, |n| page("🎉 市民とともに".repeat(n));
    "shapes", 40, |n| page("○ ".repeat(n));
    "private characters", 20, |n| page("\u{E000}市民とともに".repeat(n));
    "autolinks", 20, |n| page("<https://www.example.jp/a>".repeat(n));
    "HTML", 20, |n| page("<b>強い</b> ".repeat(n));
    "HTML blocks", 20, |n| page("<div>\n\n".repeat(n));
    "code by blanks", 20, |n| page("    a\n\nb\n\n".repeat(n));
    "excuses in comments", 10, |n| page("<!-- kohyo-allow: platform-character 理由 -->\n①\n\n".repeat(n));
};

/// Many files, and what the files of a site say of one another. Every piece makes a whole site, so they are run by hand.
#[rustfmt::skip]
pub const SITES: &[Shape] = shapes! {
    "links", 100, |n| page(numbered(n, |i| format!("[計画の{i}](policy.md#a{i})\n")));
    "links to one page", 100, |n| page("[市の目標](../index.md)と".repeat(n));
    "links that lead nowhere", 20, |n| page(numbered(n, |i| format!("[計画の{i}](nai{i}.md)\n")));
    "links and a blank", 20, |n| page("[計画] (a.md)".repeat(n));
    "pictures in pictures", 300, |n| page("![".repeat(n) + "a" + &"](b.png)".repeat(n));
    "pictures", 100, |n| page(numbered(n, |i| format!("![橋の数{i}](b{i}.png)\n\n")));
    "references", 100, |n| page("[計画][a] ".repeat(n) + &numbered(n, |i| format!("\n\n[a{i}]: /b")));
    "reference to one definition", 200, |n| page("[計画][a] ".repeat(n) + "\n\n[a]: ../index.md");
    "names of departments", 20, |n| many(n, |i| (format!("content/departments/d{i}.md"), format!("---\nname: 部局{i}\norder: {i}\nyears: [2020]\n---\n")));
    "departments of one name", 20, |n| many(n, |i| (format!("content/departments/d{i}.md"), "---\nname: 部局\norder: 9\nyears: [2020]\n---\n".into()));
    "pillars", 10, |n| many(n, |i| (format!("content/pillars/d{i}.md"), format!("---\nnumber: {}\nname: 柱{i}\n---\n", i + 10)));
    "goals of one title", 10, |n| many(n, |i| (format!("content/2026/planning/3-{i}.md"), format!("---\ntitle: 案\n{GOAL}")));
    "goals of a pillar that is none", 10, |n| many(n, |i| (format!("content/2026/planning/3-{i}.md"), format!("---\ntitle: 案{i}\npillar: x{i}\n---\n")));
    "goals that continue what is none", 10, |n| many(n, |i| (format!("content/2026/planning/3-{i}.md"), format!("---\ntitle: 案{i}\ncontinues: 2025/planning/x{i}\n{GOAL}")));
    "goals that continue one", 10, |n| many(n, |i| (format!("content/2026/planning/3-{i}.md"), format!("---\ntitle: 案{i}\ncontinues: 2025/planning/1-01\n{GOAL}")));
    "goals with a link that leads nowhere", 10, |n| many(n, |i| (format!("content/2026/planning/3-{i}.md"), format!("---\ntitle: 案{i}\n{GOAL}[案](3-{i}x.md)\n")));
    "goals of departments that are none", 10, |n| many(n, |i| (format!("content/2026/plannin{i}/1-01.md"), format!("---\ntitle: 案{i}\n{GOAL}")));
    "results without goals", 10, |n| many(n, |i| (format!("content/2025/planning/3-{i}.result.md"), "---\nevaluation: on-plan\n---\n".into()));
    "years", 4, |n| many(n, |i| (format!("content/{}/planning/1-01.md", 2027 + i), format!("---\ntitle: 案{i}\n{GOAL}")));
    "one thread over the years", 4, |n| many(n, |i| (format!("content/{}/planning/1-01.md", 2026 + i), format!("---\ntitle: 案{i}\ncontinues: {}/planning/1-01\n{GOAL}", 2025 + i)));
    "pages", 20, |n| many(n, |i| (format!("content/pages/p{i}.md"), format!("---\ntitle: 頁{i}\nmenu: false\n---\n本文です。\n")));
    "pages in the menu", 5, |n| many(n, |i| (format!("content/pages/p{i}.md"), format!("---\ntitle: 頁{i}\n---\n本文です。\n")));
    "attachments", 50, |n| many(n, |i| (format!("content/pages/p{i}.pdf"), "%PDF-1.4\n".into()));
    "files that are none", 50, |n| many(n, |i| (format!("content/pages/p{i}.mdd"), "a".into()));
    "names that differ in case", 20, |n| many(2 * n, |i| (format!("content/pages/{}{}.md", ["a", "A"][i % 2], i / 2), format!("---\ntitle: 頁{i}\nmenu: false\n---\n")));
};

/// Settings.
#[rustfmt::skip]
pub const SETTINGS: &[Shape] = shapes! {
    "levels of the scale", 20, |n| settings(format!("scale:\n{}", numbered(n, |i| format!("  - {{ key: k{i}, label: 計画{i}, shape: circle, color: info }}\n"))));
    "columns", 10, |n| settings(format!("columns:\n{}", numbered(n, |i| format!("  - {{ key: k{i}, label: 列{i}, on: action, type: text }}\n"))));
    "exceptions", 20, |n| settings(format!("checks:\n  exceptions:\n{}", numbered(n, |i| format!("    - {{ rule: platform-character, path: content/pages/p{i}.md, reason: 理由 }}\n"))));
    "unknown settings", 10, |n| settings(numbered(n, |i| format!("titel{i}: 1\n")));
    "words that are avoided", 50, |n| settings(format!("checks:\n  avoided-word:\n    words:\n{}", numbered(n, |i| format!("      言葉{i}: 別の言葉{i}\n"))));
};

/// Themes. Compiling one takes more work than all shapes above, so they are only among those that are run by hand.
#[rustfmt::skip]
pub const THEMES: &[Shape] = shapes! {
    "words of a theme", 50, |n| theme("words/ja.yaml", numbered(n, |i| format!("home{i}: 言葉\n")));
    "colours of a theme", 50, |n| theme("assets/tokens.css", format!(":root {{\n{}}}\n", numbered(n, |i| format!("  --color{i}: #0000ff;\n"))));
    "braces of a style sheet", 300, |n| theme("assets/site.css", "{".repeat(n));
    "tags of a template", 50, |n| theme("templates/screen/404.html", "{% if site %}a{% endif %}\n".repeat(n));
    "tags in one another", 20, |n| theme("templates/screen/404.html", "{% if site %}".repeat(n) + &"{% endif %}".repeat(n));
    "unknown fields of a template", 50, |n| theme("templates/screen/404.html", numbered(n, |i| format!("{{{{ page.titel{i} }}}}\n")));
};

fn settings(more: String) -> Files {
    let site = "title: 青葉市 組織目標\nbase_url: https://www.example.jp/goals/\norganization: { name: 青葉市 }\ncontact: { office: 企画課, telephone: 000-000-0000 }\n";
    vec![("site.yaml".into(), format!("{site}{more}"))]
}

fn theme(path: &str, text: String) -> Files {
    let mut files = settings("theme: own\n".into());
    files.push(("themes/own/theme.yaml".into(), "contract: 1\nextends: default\n".into()));
    files.push((format!("themes/own/{path}"), text));
    files
}
