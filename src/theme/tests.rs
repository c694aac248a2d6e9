//! Compiled or not, a template says the same: for all pages of a whole site, for templates written here, and for
//! templates made at random from the contract.

#![allow(clippy::disallowed_methods, reason = "tests and benchmarks look at files and clocks")]

mod fields;

use super::load::tera_of;
use super::template_name;
use crate::output::Output;
use crate::pipeline;
use crate::plan::Route;
use crate::prepared::Options;
use crate::program::{Library, Names, Values};
use crate::render::views;
use crate::source::Sources;
use crate::text::words::Words;
use crate::value::edition::Edition;
use crate::view;
use crate::view::reflect::{Reflect, Type};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::Cell;
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// This project's own site, drafts and all.
static SITE: LazyLock<Output> = LazyLock::new(|| {
    let sources = Sources::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let as_of = crate::value::calendar::Date::constant(2026, 4, 1);
    let options =
        Options { as_of, today: as_of, drafts: true, base_url: None, asked: Default::default(), published: None };
    pipeline::prepare(Arc::new(sources), options).value
});

#[test]
fn every_page_of_the_built_in_theme_is_compiled() {
    let files: [(&str, &str); 0] = [];
    let theme = crate::theme::compile(&crate::config::Config::default(), &Sources::from_memory(files));
    assert!(theme.diagnostics.is_empty(), "{:?}", theme.diagnostics);
    let kinds = |edition| view::KINDS.iter().map(move |(kind, _)| template_name(edition, kind));
    let mut pages = [Edition::Screen, Edition::Large].into_iter().flat_map(kinds);
    let missing: Vec<String> = pages.by_ref().filter(|name| !theme.value.programs.contains_key(name)).collect();
    assert_eq!(missing, ["large/404.html"], "which does not exist");
}

#[test]
fn every_page_of_a_site_is_made_by_its_program_and_as_tera_would_make_it() {
    let mut pages = 0;
    for route in SITE.routes() {
        let Route::Page(page, edition) = route else { continue };
        let Ok(page) = views::page(&SITE, page, edition, None) else { panic!("{route:?}") };
        let name = template_name(edition, page.kind);
        let (mut compiled, mut by_tera) = (Vec::new(), Vec::new());
        assert!(SITE.theme.render_compiled(&name, &page, &mut compiled), "{route:?} was left to Tera");
        SITE.theme
            .render_by_tera(&name, &page, &mut crate::theme::Bounded { out: &mut by_tera, is_full: false })
            .unwrap();
        assert_eq!(String::from_utf8(compiled), String::from_utf8(by_tera), "{route:?}");
        pages += 1;
    }
    assert!(pages > 300, "{pages}");
}

/// What came of a template.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// Both ways gave this.
    Same(String),
    Beyond,
    Unclear,
    NoField(Vec<String>),
    /// Tera does not load it, or not make it, and neither is it compiled.
    Refused,
}

fn words() -> Words {
    let words = [("plain", "言葉 & <語>"), ("n", "{n}件|{n}件ずつ"), ("ab", "{a}の{b}と{c}"), ("empty", "")];
    Words::new(words.map(|(name, text)| (name.to_owned(), text.to_owned())).into())
}

fn site() -> view::Site {
    view::Site {
        title: "市 & 町".into(),
        organization: "市".into(),
        language: "ja",
        notice: None,
        feedback_url: Some(String::new()),
        assets: [("site.css".to_owned(), "12ab".to_owned())].into(),
    }
}

/// Makes `page.html` both ways for a page of the site.
fn outcome(templates: &[(&str, &str)], page: &view::Page) -> Outcome {
    let templates: Vec<(String, String)> =
        templates.iter().map(|(name, text)| (format!("default/{name}"), (*text).to_owned())).collect();
    let (layers, words, site) = (["default"], words(), site());
    let own = view::KINDS.iter().find(|(kind, _)| *kind == page.kind).and_then(|(_, own)| *own);
    let names = Names { own, frame: view::Frame::SHAPE, site: view::Site::SHAPE };
    let library = Library::new(&templates, &layers, &words);
    let program = library.compile("page.html", names).unwrap().program;
    let mut fields = library.fields("page.html", names);
    fields.settle();
    if program.is_some() {
        assert!(fields.missing.is_empty() && fields.undecided.is_empty(), "{fields:?}\n{templates:#?}");
    }
    let Ok(mut tera) = tera_of(&templates, &layers) else { return Outcome::Refused };
    tera.global_context().insert("w", words.all());
    tera.global_context().insert("site", &site);
    let theme = crate::theme::Theme { tera, ..Default::default() };
    let mut by_tera = Vec::new();
    let by_tera = theme
        .render_by_tera("page.html", page, &mut crate::theme::Bounded { out: &mut by_tera, is_full: false })
        .map(|()| by_tera);
    if !fields.missing.is_empty() {
        return Outcome::NoField(fields.missing.into_values().map(|field| field.name).collect());
    }
    let Some(program) = program else {
        return if by_tera.is_ok() { Outcome::Beyond } else { Outcome::Refused };
    };
    let mut compiled = Vec::new();
    let values = Values { own: page.own.as_deref(), frame: &page.frame, site: &site };
    match (program.run(&values, &mut compiled), by_tera) {
        (Err(_), _) => Outcome::Unclear,
        (Ok(()), Err(error)) => panic!("made what Tera refuses: {error}\n{templates:#?}"),
        (Ok(()), Ok(by_tera)) => {
            let [compiled, by_tera] = [compiled, by_tera].map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(compiled, by_tera, "{templates:#?}");
            Outcome::Same(compiled)
        }
    }
}

fn pages() -> Vec<view::Page> {
    let wanted = ["home", "year", "results", "department-year", "pillar-year", "departments", "text", "sitemap"];
    let (mut pages, mut goals) = (Vec::new(), 0);
    for route in SITE.routes() {
        let Route::Page(page, edition) = route else { continue };
        let Ok(page) = views::page(&SITE, page, edition, None) else { panic!("{route:?}") };
        goals += usize::from(page.kind == "goal");
        let is_known = pages.iter().any(|known: &view::Page| known.kind == page.kind);
        if (wanted.contains(&page.kind) && !is_known) || (page.kind == "goal" && goals % 23 == 1) {
            pages.push(page);
        }
    }
    pages
}

#[test]
fn templates_of_every_shape_say_what_tera_says() {
    let pages = pages();
    let goal = pages.iter().find(|page| page.kind == "goal").unwrap();
    let same = |text: &str, expected: &str| {
        assert_eq!(outcome(&[("page.html", text)], goal), Outcome::Same(expected.into()), "{text}");
    };
    same("", "");
    same("{ {x} }} %} #} {", "{ {x} }} %} #} {");
    same("a {{- 1 -}} b {%- if 0 -%} c {% endif %} d", "a1b d");
    same("a {#- b -#} c {# {% if %} #} d", "ac  d");
    same("{{ \"}}\" }}{{ '%} &' }}", "}}%} &amp;");
    same("{{ ((\"<\")) ~ (1) }}{{ \"\\\"\\n\" }}{{ `'` }}", "&lt;1&quot;\n&#39;");
    same("{% if (0 or 1) and (not (1 == 2)) %}yes{% endif %}", "yes");
    same("a {%- raw -%} {{ x }}{# #} {% endraw %} b {% raw %}{% endraw -%} c", "a{{ x }}{# #}  b c");
    same("{% set x = \"<\" %}{{ x }}{{ x | safe }}{{ x ~ 1 ~ \">\" }}", "&lt;<&lt;1&gt;");
    same("{{ w.plain }}|{{ w.empty }}|{{ w.n | fill(n=2) }}", "言葉 &amp; &lt;語&gt;||2件ずつ");
    same("{{ w.ab | fill(b=\"<\", a=w.plain | fill(n=1), c=page.breadcrumbs | length ~ \"\") }}", &{
        format!("言葉 &amp; &lt;語&gt;の&lt;と{}", goal.frame.breadcrumbs.len())
    });
    same("{{ site.assets[\"site.css\"] }} {{ site.title }}", "12ab 市 &amp; 町");
    same("{% if site.notice %}1{% elif site.feedback_url %}2{% else %}3{% endif %}", "3");
    same("{% for part in \"a{c}b{c}\" | split(pat=\"{c}\") %}[{{ loop.index }}{{ part }}]{% endfor %}", "[1a][2b][3]");
    same("{% for it in page.breadcrumbs | reverse %}{{ loop.index0 }}{{ loop.first }}{{ loop.last }} {% endfor %}", &{
        let last = goal.frame.breadcrumbs.len() - 1;
        (0..=last).map(|it| format!("{it}{}{} ", it == 0, it == last)).collect::<String>()
    });
    // Scopes: a loop's own names end with its round, the page's names come back.
    same("{% set x = 1 %}{% for it in page.nav %}{% set x = 2 %}{% endfor %}{{ x }}", "1");
    same("{% for page in page.nav %}{% endfor %}{{ page.edition }}", goal.frame.edition);
    same("{% set page = \"p\" %}{{ page }}", "p");
    same("{% if not 1 == 2 and 2 > 1 or 1 >= 2 %}yes{% endif %}", "yes");
    // Other templates: blocks of the page, blocks left alone, what an include sets and what it sees.
    let family = [
        ("page.html", "{% extends \"base.html\" %} {% block b %}{% set y = 1 %}B{{ y }}{% endblock b %}"),
        ("base.html", "<{% block a %}A{% block b %}x{% endblock %}{% endblock %}{{ y }}{% include \"part.html\" %}>"),
        ("part.html", "({{ y }}{% set y = 2 %}{{ y }})"),
    ];
    assert_eq!(outcome(&family, goal), Outcome::Same("<AB11(12)>".into()));
    // A block is filled wherever it stands, also by one inside another.
    let nested = [
        ("page.html", "{% extends \"base.html\" %}{% block a %}{% block b %}page{% endblock %}{% endblock %}"),
        ("base.html", "<{% block a %}{% endblock %}|{% block b %}base{% endblock %}>"),
    ];
    assert_eq!(outcome(&nested, goal), Outcome::Same("<page|page>".into()));
}

#[test]
fn what_is_beyond_the_core_is_left_to_tera() {
    let pages = pages();
    let goal = pages.iter().find(|page| page.kind == "goal").unwrap();
    for text in [
        "{{ 1 + 1 }}",
        "{{ page.title | upper }}",
        "{{ page.title | length }}",
        "{% if page.title is defined %}{% endif %}",
        "{% set x %}y{% endset %}",
        "{{ 1.5 }}",
        "{{ page?.title }}",
        "{% set_global x = 1 %}",
        "{% filter upper %}x{% endfilter %}",
        "{{ page.title[0:2] }}",
        "{% for it in page.nav %}{% break %}{% endfor %}",
        "{% if page.title in page.heading %}{% endif %}",
        "{{ 1 if page.sample else 2 }}",
        "{{ 1 == 2 }}{{ 1 ~ (1 == 2) }}",
        "{% for it in page.pdfs %}{% else %}{% endfor %}",
        "{% for name, it in site.assets %}{% endfor %}",
        "{{ page.nav }}",
        "{{ page[\"title\"] }}",
        // What `x` is depends on the page.
        "{% set x = 1 %}{% if page.sample %}{% set x = \"2\" %}{% endif %}{{ x }}",
        "{{ page.title or page.heading }}",
        "{% include \"other.html\" %}",
    ] {
        let outcome = outcome(&[("page.html", text), ("other.html", "{{ 1.5 }}")], goal);
        assert_eq!(outcome, Outcome::Beyond, "{text}");
    }
    // Nobody can say what there is behind nothing; Tera does, where it comes to that.
    let text = "{% if goal.outcome.reason %}{{ goal.outcome.reason }}{% endif %}";
    let without = pages.iter().find(|page| {
        page.kind == "goal"
            && outcome(&[("page.html", "{% if goal.outcome %}1{% endif %}")], page) == Outcome::Same(String::new())
    });
    assert_eq!(outcome(&[("page.html", text)], without.unwrap()), Outcome::Unclear);
}

#[test]
fn a_template_that_two_pages_share_may_ask_which_of_them_it_is_on() {
    let pages = pages();
    let goal = pages.iter().find(|page| page.kind == "goal").unwrap();
    let templates = [
        (
            "page.html",
            "{% for row in goal.thread %}{% set it = row %}{% include \"part.html\" %}{% endfor %}{% set it = goal %}{% include \"part.html\" %}",
        ),
        ("part.html", "{% if it.html %}{{ it.html }}{% endif %}"),
    ];
    assert_eq!(outcome(&templates, goal), Outcome::Beyond);
}

#[test]
fn fields_that_do_not_exist_are_found_in_branches_that_no_page_takes() {
    let pages = pages();
    let goal = pages.iter().find(|page| page.kind == "goal").unwrap();
    let text = "{% if 0 %}{{ goal.titel }}{% if page.x %}{% endif %}{% for it in goal.thread %}{{ it.goal.y }}{% endfor %}
        {% set level = goal.level %}{{ level.z }}{% elif goal.a and goal.b %}{% else %}{{ w.n | fill(n=goal.c) }}{% endif %}";
    let mut missing = match outcome(&[("page.html", text)], goal) {
        Outcome::NoField(missing) => missing,
        other => panic!("{other:?}"),
    };
    missing.sort();
    assert_eq!(missing, ["a", "b", "c", "titel", "x", "y", "z"]);
}

// ---- At random ----------------------------------------------------------------------------------------------------

/// Makes templates from a list of choices; where it ends, the simplest thing is chosen.
struct Maker<'c> {
    choices: std::slice::Iter<'c, u16>,
    /// Names, with their types as far as they are known.
    scope: Vec<(String, Type)>,
    depth: usize,
}

impl Maker<'_> {
    fn choose(&mut self, of: usize) -> usize {
        self.choices.next().map_or(0, |choice| usize::from(*choice) % of)
    }

    fn pick<'p>(&mut self, of: &[&'p str]) -> &'p str {
        of[self.choose(of.len())]
    }

    fn path(&mut self) -> (String, Type) {
        let index = self.choose(self.scope.len());
        let (mut path, mut of) = self.scope[index].clone();
        loop {
            of = match of {
                Type::Optional(Type::Struct(shape)) if self.choose(4) > 0 => Type::Struct(shape),
                Type::Struct(shape) if self.choose(12) > 0 => {
                    let field = &shape.fields[self.choose(shape.fields.len())];
                    path = format!("{path}.{}", field.name);
                    *field.of
                }
                Type::List(item) if self.choose(6) == 1 => {
                    path = format!("{path}[{}]", self.choose(2));
                    *item
                }
                _ => return (path, of),
            }
        }
    }

    fn path_of(&mut self, is_wanted: fn(Type) -> bool) -> Option<String> {
        (0..12).find_map(|_| Some(self.path()).filter(|(_, of)| is_wanted(*of)).map(|(path, _)| path))
    }

    fn text(&mut self) -> String {
        let is_text = |of| matches!(of, Type::Text | Type::Number | Type::Optional(Type::Text));
        match self.choose(9) {
            0 => "\"x & <y>\"".into(),
            1 => "'{c}|'".into(),
            2 => self.choose(300).to_string(),
            3 => format!("w.{}", self.pick(&["plain", "n", "ab", "empty", "none"])),
            4 => format!("{} ~ {}", self.text(), self.text()),
            5 => {
                let list = self.path_of(|of| matches!(of, Type::List(_))).unwrap_or_else(|| "page.nav".into());
                format!("{list} | length")
            }
            6 => {
                let word = self.pick(&["w.ab", "w.n", "page.title"]);
                let name = self.pick(&["a", "b", "c", "n"]);
                format!("{word} | fill({name}={}, b={})", self.text(), self.text())
            }
            _ => self.path_of(is_text).unwrap_or_else(|| "page.title".into()),
        }
    }

    fn condition(&mut self) -> String {
        match self.choose(9) {
            0 => self.path().0,
            1 => format!("not {}", self.condition()),
            2 => format!("{} and {}", self.condition(), self.condition()),
            3 => format!("{} or {}", self.condition(), self.condition()),
            4 => format!("{} {} {}", self.text(), self.pick(&["==", "!="]), self.text()),
            5 => {
                let number = self.path_of(|of| matches!(of, Type::Number)).unwrap_or_else(|| "1".into());
                format!("{number} {} {}", self.pick(&["<", "<=", ">", ">="]), self.choose(9))
            }
            6 => self.pick(&["loop.first", "loop.last", "loop.index0", "page.draft", "goal", "it"]).into(),
            7 => format!("{} | length > {}", self.path().0, self.choose(3)),
            _ => self.text(),
        }
    }

    fn tag(&mut self, open: &str, inside: &str, close: &str) -> String {
        let (before, after) = (self.pick(&["", "", "", "-"]), self.pick(&["", "", "", "-"]));
        format!("{open}{before} {inside} {after}{close}")
    }

    fn parts(&mut self) -> String {
        let mut out = String::new();
        self.depth += 1;
        for _ in 0..self.choose(5) {
            let part = self.part();
            out.push_str(&part);
        }
        self.depth -= 1;
        out
    }

    fn part(&mut self) -> String {
        let names = ["it", "x", "goal", "page", "level"];
        match self.choose(if self.depth > 4 { 7 } else { 12 }) {
            0 | 1 => self.pick(&["a", " ", "\n", " \n b\n", "{", "}", "<b>&\"", "%", "-", "字"]).into(),
            2 | 3 => {
                let text = self.text();
                self.tag("{{", &text, "}}")
            }
            4 => {
                let text = self.text();
                self.tag("{{", &format!("{text} | safe"), "}}")
            }
            5 => {
                let comment = self.pick(&["", "{% if %}", "\"", "-"]);
                self.tag("{#", comment, "#}")
            }
            6 => {
                let name = self.pick(&names);
                let (value, of) = match self.choose(2) {
                    0 => self.path(),
                    _ => (self.text(), Type::Text),
                };
                let tag = self.tag("{%", &format!("set {name} = {value}"), "%}");
                self.scope.push((name.to_owned(), of));
                tag
            }
            7 | 8 => {
                let condition = self.condition();
                let mut out = self.tag("{%", &format!("if {condition}"), "%}") + &self.parts();
                if self.choose(3) == 1 {
                    let condition = self.condition();
                    out += &(self.tag("{%", &format!("elif {condition}"), "%}") + &self.parts());
                }
                if self.choose(2) == 1 {
                    out += &(self.tag("{%", "else", "%}") + &self.parts());
                }
                out + &self.tag("{%", "endif", "%}")
            }
            9 | 10 => {
                let lists: Vec<(String, Type)> = (0..12).map(|_| self.path()).collect();
                let list = lists.into_iter().find_map(|(path, of)| match of {
                    Type::List(item) => Some((path, *item)),
                    _ => None,
                });
                let (list, item) = list.unwrap_or_else(|| ("page.nav".into(), <view::Link as Reflect>::TYPE));
                let name = self.pick(&names);
                let reverse = self.pick(&["", " | reverse"]);
                let known = self.scope.len();
                self.scope.push((name.to_owned(), item));
                let out = self.tag("{%", &format!("for {name} in {list}{reverse}"), "%}") + &self.parts();
                self.scope.truncate(known);
                out + &self.tag("{%", "endfor", "%}")
            }
            _ => self.tag("{%", "include \"part.html\"", "%}"),
        }
    }
}

#[test]
fn random_templates_say_what_tera_says() {
    let pages = pages();
    let [same, long, unclear, beyond, elsewhere] = [const { Cell::new(0) }; 5];
    let choices = prop::collection::vec(any::<u16>(), 0..400);
    let config = Config {
        cases: std::env::var("KOHYO_TEMPLATE_CASES").map_or(15_000, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        ..Config::default()
    };
    let run = TestRunner::new(config).run(&(0..pages.len(), choices), |(page, choices)| {
        let page = &pages[page];
        let own = view::KINDS.iter().find(|(kind, _)| *kind == page.kind).and_then(|(_, own)| *own);
        let frame = ("page".to_owned(), Type::Struct(view::Frame::SHAPE));
        let site = ("site".to_owned(), Type::Struct(view::Site::SHAPE));
        let own = own.map(|(name, shape)| (name.to_owned(), Type::Struct(shape)));
        let scope: Vec<(String, Type)> = own.into_iter().chain([frame, site]).collect();
        let mut maker = Maker { choices: choices.iter(), scope, depth: 0 };
        let part = (maker.depth + 3, maker.scope.clone());
        let body: String = (0..4).map(|_| maker.parts()).collect();
        (maker.depth, maker.scope) = part;
        let part = maker.parts();
        match outcome(&[("page.html", &body), ("part.html", &part)], page) {
            Outcome::Same(text) => {
                same.set(same.get() + 1);
                long.set(long.get() + usize::from(text.len() > 20));
            }
            Outcome::Unclear => unclear.set(unclear.get() + 1),
            Outcome::Beyond => beyond.set(beyond.get() + 1),
            // Names are given to other things in the middle, and then have other fields.
            Outcome::NoField(_) => elsewhere.set(elsewhere.get() + 1),
            Outcome::Refused => {}
        }
        Ok(())
    });
    run.unwrap();
    let counts = [same, long, unclear, beyond, elsewhere].map(Cell::into_inner);
    println!("the same, more than a few letters, unclear, beyond, without such a field: {counts:?}");
    assert!(counts[0] > 2000 && counts[1] > 500 && counts[2] > 50 && counts[3] > 50, "{counts:?}");
}
