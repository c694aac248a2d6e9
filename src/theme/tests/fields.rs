//! Fields are held against the contract whatever else a template uses: a wrong name is found beside, inside and behind
//! everything that Tera's language has, and a right one never is.

use super::{pages, site, words};
use crate::program::parse::parse;
use crate::program::{Fields, Library, Names};
use crate::view;
use crate::view::reflect::Type;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::Cell;

/// The fields of `page.html` on a goal's page.
fn fields(templates: &[(&str, &str)]) -> Fields {
    let templates: Vec<(String, String)> =
        templates.iter().map(|(name, text)| (format!("default/{name}"), (*text).to_owned())).collect();
    crate::theme::load::tera_of(&templates, &["default"]).unwrap_or_else(|error| panic!("{error}\n{templates:#?}"));
    of("goal", &templates)
}

fn of(kind: &str, templates: &[(String, String)]) -> Fields {
    let own = view::KINDS.iter().find(|(known, _)| *known == kind).and_then(|(_, own)| *own);
    let names = Names { own, frame: view::Frame::SHAPE, site: view::Site::SHAPE };
    let words = words();
    let mut fields = Library::new(templates, &["default"], &words).fields("page.html", names);
    fields.settle();
    fields
}

fn missing(templates: &[(&str, &str)]) -> Vec<String> {
    fields(templates).missing.into_values().map(|field| field.name).collect()
}

fn undecided(text: &str) -> Vec<String> {
    let fields = fields(&[("page.html", text), ("card.html", CARD)]);
    assert!(fields.missing.is_empty(), "{text}: {:?}", fields.missing);
    fields.undecided.into_values().collect()
}

const CARD: &str = "{% component card(it, title: string = \"\", @page, tags=[], ...rest) {\"doc\": \"x\"} %}
    {{ it.title }}{{ page.heading }}{% if rest.link %}{{ rest.link.href }}{% endif %}{% if body %}{{ body }}{% endif %}
    {% endcomponent card %}{% component ui.badge() %}<b>{{ body }}</b>{% endcomponent ui.badge %}";

/// One of everything that compiled templates do not have, and some of what they do; `PATH` is a path.
const EVERYTHING: [&str; 50] = [
    "{{ PATH }}",
    "{{ (PATH) }}{{ (1 + 2) * 3 - 4 / 5 // 6 % 7 ** 8 }}",
    "{{ -1.5 + PATH }}",
    "{% if (goal.sample or PATH) and not (goal.draft) %}{% endif %}",
    "{{ goal.title if PATH else goal.href }}",
    "{{ PATH if 1 else goal.href }}{{ goal.href if 1 else PATH }}",
    "{% if PATH is defined and goal.href is not starting_with(pat=\"x\") %}{% endif %}",
    "{% if goal.href is containing(pat=PATH) %}{% endif %}",
    "{% if PATH in goal.title or goal.title not in PATH %}{% endif %}",
    "{{ PATH | upper | replace(from=\"a\", to=\"b\") }}",
    "{{ goal.title | replace(from=\"a\", to=PATH) }}",
    "{{ goal.title | default(value=PATH) }}",
    "{{ [goal.title, PATH] | join(sep=\",\") }}{{ [...goal.today, {\"a\": 1, 2: [], true: goal.today}] | length }}",
    "{% set map = {\"a\": PATH, ...goal.pillar} %}",
    "{{ [PATH for link in goal.today if link.current] | length }}",
    "{{ [1 for key, link in site.assets if PATH == key] | length }}",
    "{{ [1 for link in PATH] | length }}",
    "{{ goal.title[0] }}{{ goal.title[PATH:2] }}{{ goal.title[::-1] }}{{ goal.title?[1:] }}",
    "{{ goal[PATH] }}{{ goal?[\"title\"] }}",
    "{{ goal?.outcome?.reason }}{{ PATH?.x }}",
    "{{ range(end=PATH) | length }}{% if 0 %}{{ throw(message=\"x\") }}{% endif %}",
    "{% raw %}{{ goal.nothing }}{% if %}{% endraw %}{{ PATH }}",
    "{# {{ goal.nothing }} #}{{- PATH -}}",
    "{% for link in goal.today %}{% if PATH %}{% break %}{% else %}{% continue %}{% endif %}{% endfor %}",
    "{% for link in goal.today %}{% else %}{{ PATH }}{% endfor %}",
    "{% for link in goal.today %}{{ PATH }}{% else %}{% endfor %}",
    "{% for name, version in site.assets %}{{ name }}{{ version }}{{ PATH }}{% endfor %}",
    "{% for link in goal.today | sort(attribute=\"title\") | unique %}{{ link.href }}{% endfor %}{{ PATH }}",
    "{% set x %}<b>{{ PATH }}</b>{% endset %}{{ x }}",
    "{% set x | upper | replace(from=PATH, to=\"b\") %}b{% endset %}",
    "{% set_global x = PATH %}{{ x }}",
    "{% set_global x | trim %}{{ PATH }}{% endset %}",
    "{% filter upper | replace(from=\"a\", to=PATH) %}b{% endfilter %}",
    "{% filter upper %}{{ PATH }}{% endfilter %}",
    "{{ <card it={PATH} /> }}",
    "{{ <card it={goal} title=\"x\" link={PATH} /> }}{{ <ui.badge/> }}",
    "{% set it = goal %}{{ <card it title={PATH} {...goal.pillar} /> }}",
    "{% <card it={goal}> %}{{ PATH }}{% </card> %}",
    "{% <ui.badge> %}{% <card it={PATH}> %}{% </card> %}{% </ui.badge> %}",
    "{{ \"a\\\"b\\n\" ~ 'c' ~ `d` ~ PATH }}{{ 1.5 }}{{ true and none }}",
    "{% if 0 %}{% if none %}{{ PATH }}{% endif %}{% elif PATH %}{% else %}{{ PATH }}{% endif %}",
    "{% set x = goal %}{% if x.sample %}{% set x = goal.pillar %}{% endif %}{{ x.title | default(value=x.key) }}{{ PATH }}",
    "{% for row in goal.thread %}{% set x = row.goal %}{{ x.title + PATH }}{% endfor %}",
    "{% include \"other.html\" %}{{ PATH }}",
    "{{ goal.title ~ (PATH ~ \"\") }}",
    "{{ w.n | fill(n=PATH) | upper }}",
    "{{ w[\"plain\"] }}{{ PATH | length }}",
    "{% if PATH == 1 or 2 < PATH == 3 %}{% endif %}{% if not PATH %}{% endif %}",
    "{{ goal.today | first | get(key=\"title\") }}{{ PATH }}",
    "{{ __tera_context }}{{ PATH }}",
];

#[test]
fn a_wrong_name_is_found_beside_and_inside_everything_that_tera_has() {
    for part in EVERYTHING {
        for (path, wrong) in [
            ("goal.titel", Some("titel")),
            ("page.contact.fone", Some("fone")),
            ("w.planin", Some("planin")),
            ("goal.pillar[\"nmae\"]", Some("nmae")),
            ("goal.title", None),
            ("w.plain", None),
            ("goal.outcome.html", None),
        ] {
            // Below a field that is not there nothing else is said.
            let text = part.replace("PATH", path);
            let card = CARD.replace("it.title", "it").replace("rest.link.href", "rest.link");
            let files = [("card.html", card.as_str()), ("other.html", "{{ 1.5 }}")];
            let expected: Vec<&str> = wrong.into_iter().collect();
            let found = |templates: &[(&str, &str)]| {
                let mut found = missing(&[templates, &files].concat());
                found.dedup();
                // Of a text nothing has fields, which `PATH?.x` asks for.
                found.retain(|name| name != "x");
                assert_eq!(found, expected, "{templates:#?}");
            };
            found(&[("page.html", &text)]);
            found(&[("page.html", "{% include \"part.html\" %}"), ("part.html", &text)]);
            let base = format!("{{% block a %}}{text}{{% endblock %}}{{% block b %}}{{% endblock %}}");
            let child = format!("{{% extends \"base.html\" %}}{{% block b %}}{text}{{% endblock b %}}");
            found(&[("page.html", "{% extends \"base.html\" %}"), ("base.html", &base)]);
            found(&[
                ("page.html", "{% extends \"base.html\" %}{% block a %}{{ super() }}{% endblock %}"),
                ("base.html", &base),
            ]);
            // Also where every page of this theme fills the block.
            found(&[("page.html", "{% extends \"base.html\" %}{% block a %}{% endblock %}"), ("base.html", &base)]);
            found(&[
                ("page.html", &child),
                ("base.html", "{% block a %}{{ 1.5 }}{% block b %}{% endblock %}{% endblock %}"),
            ]);
            found(&[("page.html", &format!("{{% if 0 %}}{{{{ 1 + 1 }}}}{text}{{% endif %}}"))]);
        }
    }
}

#[test]
fn what_a_name_means_is_followed_wherever_tera_gives_it_one() {
    for (text, wrong) in [
        // Branches.
        (
            "{% if 1.5 %}{% set x = goal %}{% else %}{% set x = goal.pillar %}{% endif %}{{ x.name }}{{ x.nmae }}",
            "nmae",
        ),
        ("{% set x = \"\" %}{% if 1.5 %}{% set x = goal.level %}{% endif %}{{ x.label }}{{ x.lable }}", "lable"),
        ("{% set x = goal.pillar if 1 else goal %}{{ x.key }}{{ x.kye }}", "kye"),
        ("{% set x = goal.outcome or goal.pillar %}{{ x.key }}{{ x.reason }}{{ x.raeson }}", "raeson"),
        // Loops: what `set` sets is gone in the next round, what `set_global` sets is not.
        (
            "{% set_global x = goal %}{% for row in goal.thread %}{% if x.number %}{% endif %}{{ x.year }}{{ x.yaer }}
            {% set_global x = row %}{% endfor %}{{ x.number }}{{ x.current }}",
            "yaer",
        ),
        (
            "{% set x = goal %}{% for row in goal.thread %}{% set x = row %}{{ x.current }}{% endfor %}{{ x.current }}",
            "current",
        ),
        (
            "{% for it in goal.today %}{% else %}{% set it = goal %}{% endfor %}{{ it.title }}{{ it.current }}",
            "current",
        ),
        (
            "{% for it in goal.actions | reverse %}{{ it.extras[0].label }}{{ it.extras[-1].lable }}{% endfor %}",
            "lable",
        ),
        ("{% for it in goal.thread[1:] | sort(attribute=\"goal.title\") %}{{ it.goal.titel }}{% endfor %}", "titel"),
        ("{% for it in goal.thread | sort(attribute=\"goal.titel\") %}{{ it.goal.title }}{% endfor %}", "titel"),
        ("{% for row in goal.thread | group_by(attribute=\"yaer\") %}{% endfor %}", "yaer"),
        ("{% for it in [goal, ...goal.today] %}{{ it.current }}{{ it.number }}{{ it.nubmer }}{% endfor %}", "nubmer"),
        ("{{ [it.goal.number for it in goal.thread if it.goal.titel] | join(sep=\"\") }}", "titel"),
        ("{% for it in [row.goal for row in goal.thread] %}{{ it.number }}{{ it.year }}{% endfor %}", "year"),
        ("{% set m = {\"goal\": goal, ...{\"b\": goal.pillar}} %}{{ m.goal.title }}{{ m[\"b\"].kye }}", "kye"),
        (
            "{% set first = goal.thread | first %}{{ first.year }}{% set x = first | default(value=goal) %}{{ x.titel }}",
            "titel",
        ),
        // Components see what they are given, and what `@` takes from around the call.
        ("{{ <card it={goal.pillar} /> }}", "title"),
        ("{{ <card it={goal} link={goal.pillar} /> }}{{ <card it={goal} link={goal} page={goal} /> }}", ""),
        ("{% set page = goal %}{{ <card it={goal} /> }}", "heading"),
        ("{% <card it={goal}> %}{% set x = goal %}{% </card> %}{{ x.titel }}", "titel"),
        // An include sees all, and keeps what it sets.
        ("{% set x = goal.pillar %}{% include \"part.html\" %}{{ x.title }}", "title"),
        // What is no struct has no fields.
        ("{{ goal.title.x | upper }}", "x"),
        ("{% if goal.actions.text is defined %}{% endif %}", "text"),
    ] {
        let part = "{{ x.key }}{% set x = goal %}{{ x.title | upper }}{% set_global x = goal %}";
        let mut found = missing(&[("page.html", text), ("card.html", CARD), ("part.html", part)]);
        found.dedup();
        assert_eq!(found, if wrong.is_empty() { vec![] } else { vec![wrong] }, "{text}");
    }
}

#[test]
fn what_nobody_can_know_is_no_error_and_is_named() {
    for (text, expected) in [
        ("{% set x = goal.pillar | get(key=\"key\") %}{{ x.a.b }}{{ x.c }}", &["x.a.b", "x.c"][..]),
        ("{{ goal[page.kind] }}{{ goal[page.kind].x }}", &["goal[page.kind]", "goal[page.kind]"]),
        ("{% for name, value in goal.pillar %}{{ value.x }}{% endfor %}", &["value.x"]),
        ("{% for name, row in goal.thread | group_by(attribute=\"year\") %}{{ row.x }}{% endfor %}", &["row.x"]),
        ("{% if nobody %}{{ nobody.title }}{% endif %}", &["nobody.title"]),
        ("{% set m = {\"a\": 1} %}{{ m.b.c }}", &["m.b.c"]),
        ("{{ site.assets.site }}", &["site.assets.site"]),
        (
            "{% set x = goal %}{% if 1.5 %}{% set x = site | get(key=\"title\") %}{% endif %}{{ x.title }}{{ x.kye }}",
            &["x.kye"],
        ),
        ("{{ <card {...goal} /> }}", &["it.title", "page.heading", "rest.link", "rest.link.href"]),
        ("{% set x = 1 + 1 %}{{ x.y }}", &["x.y"]),
    ] {
        assert_eq!(undecided(text), expected, "{text}");
    }
}

#[test]
fn templates_that_call_each_other_without_end_are_left() {
    let texts = [
        "{% component a(it) %}{{ <b it={it} /> }}{{ it.x }}{% endcomponent %}{% component b(it) %}{{ <a it={it} /> }}{% endcomponent %}{{ <a it={goal} /> }}",
        "{% extends \"base.html\" %}{% block a %}{% block b %}{{ goal.x }}{% endblock %}{% endblock %}",
    ];
    for text in texts {
        let base = "{% block b %}{% block a %}{% endblock %}{% endblock %}";
        assert_eq!(missing(&[("page.html", text), ("base.html", base)]), ["x"], "{text}");
    }
    // As much as is read for one page, and no more.
    let components: String = (0..19)
        .map(|it| {
            format!(
                "{{% component c{it}(x) %}}{{{{ <c{0} x={{x}} /> }}}}{{{{ <c{0} x={{1}} /> }}}}{{% endcomponent %}}",
                it + 1
            )
        })
        .collect();
    let text = format!(
        "{components}{{% component c19(x) %}}{{{{ x.y.z }}}}{{% endcomponent %}}{{{{ <c0 x={{goal}} /> }}}}{{{{ goal.x }}}}"
    );
    assert_eq!(missing(&[("page.html", &text)]), ["y", "x"]);
}

// ---- At random ----------------------------------------------------------------------------------------------------

const WRONG: &str = "nothing_here";

/// Makes templates of all that Tera has from a list of choices.
struct Maker<'c> {
    choices: std::slice::Iter<'c, u16>,
    scope: Vec<(String, Type)>,
    /// Names of the page that nothing else is called.
    lasting: Vec<(String, Type)>,
    depth: usize,
    loops: usize,
    paths: usize,
    /// The path that gets a wrong name.
    plant: Option<usize>,
}

impl Maker<'_> {
    fn choose(&mut self, of: usize) -> usize {
        self.choices.next().map_or(0, |choice| usize::from(*choice) % of)
    }

    fn pick<'p>(&mut self, of: &[&'p str]) -> &'p str {
        of[self.choose(of.len())]
    }

    fn path(&mut self) -> (String, Type) {
        self.paths += 1;
        let is_planted = self.plant == Some(self.paths);
        let names = if is_planted { self.lasting.clone() } else { self.scope.clone() };
        let (mut path, mut of) = names[self.choose(names.len())].clone();
        for _ in 0..self.choose(5) {
            of = match of {
                Type::Optional(inner) => *inner,
                of => of,
            };
            of = match of {
                Type::Struct(shape) => {
                    let field = &shape.fields[self.choose(shape.fields.len())];
                    path = match self.choose(8) {
                        0 => format!("{path}[\"{}\"]", field.name),
                        1 => format!("{path}?.{}", field.name),
                        _ => format!("{path}.{}", field.name),
                    };
                    *field.of
                }
                Type::List(item) => {
                    path = format!("{path}[{}]", self.choose(2));
                    *item
                }
                _ => break,
            };
        }
        if is_planted {
            // What is in a table is known only when a page is made.
            if matches!(of, Type::Table) {
                path = "page".into();
            }
            let dot = self.pick(&[".", ".", "?."]);
            return (format!("{path}{dot}{WRONG}"), Type::Text);
        }
        (path, of)
    }

    fn list(&mut self) -> (String, Option<Type>) {
        for _ in 0..6 {
            if let (path, Type::List(item)) = self.path() {
                let filter = self.pick(&["", "", " | reverse", "[0:2]", " | sort(attribute=\"title\")"]);
                return (format!("{path}{filter}"), Some(*item));
            }
        }
        match self.choose(3) {
            0 => (format!("[{}, {}]", self.text(), self.path().0), None),
            1 => {
                let (list, value, condition) = (self.path().0, self.text(), self.condition());
                (format!("[{value} for row in {list} if {condition}]"), None)
            }
            _ => ("range(end=3)".into(), None),
        }
    }

    fn text(&mut self) -> String {
        self.depth += 1;
        let text = match if self.depth > 6 { 0 } else { self.choose(22) } {
            1 => format!("({})", self.text()),
            2 => format!("{} {} {}", self.choose(9), self.pick(&["+", "-", "*", "//", "**", "%"]), self.path().0),
            3 => format!("{} | {}", self.text(), self.pick(&["upper", "trim", "safe", "str", "length", "title"])),
            4 => format!("{} | default(value={})", self.path().0, self.text()),
            5 => format!("({} if {} else {})", self.text(), self.condition(), self.text()),
            6 => format!("{} ~ {}", self.text(), self.path().0),
            7 => format!("[{}, ...{}] | length", self.text(), self.list().0),
            8 => format!("{{\"a\": {}, \"b\": {}}}[\"a\"]", self.text(), self.path().0),
            9 => format!("<card it={{{}}} title=\"x\" other={{ {} }} />", self.path().0, self.text()),
            10 => format!("{} | replace(from=\"a\", to={})", self.path().0, self.text()),
            11 => format!("w.{} | fill(n={}, a={})", self.pick(&["n", "ab", "plain"]), self.path().0, self.text()),
            12 => format!("{}[{}:{}]", self.path().0, self.choose(2), self.choose(4)),
            13 => format!("[{} for row in {}] | join(sep=\",\")", self.path().0, self.list().0),
            14 => self.pick(&["1.5", "-1", "true", "none", "\"a\\n\"", "`'`"]).into(),
            15 => format!("{} | first | default(value=\"\")", self.list().0),
            _ => self.path().0,
        };
        self.depth -= 1;
        text
    }

    fn condition(&mut self) -> String {
        self.depth += 1;
        let condition = match if self.depth > 6 { 0 } else { self.choose(10) } {
            1 => format!("not ({})", self.condition()),
            2 => format!("({} and {}) or {}", self.condition(), self.condition(), self.path().0),
            3 => format!("{} is {}", self.path().0, self.pick(&["defined", "not string", "iterable", "none"])),
            4 => format!("{} {} \"a b\"", self.path().0, self.pick(&["in", "not in"])),
            5 => format!("{} {} {}", self.text(), self.pick(&["==", "!="]), self.path().0),
            6 => format!("{} | length > {}", self.list().0, self.choose(3)),
            7 if self.loops > 0 => self.pick(&["loop.first", "loop.last", "loop.index0 == 1"]).into(),
            _ => self.path().0,
        };
        self.depth -= 1;
        condition
    }

    fn parts(&mut self) -> String {
        self.depth += 1;
        let out = (0..self.choose(4)).map(|_| self.part()).collect();
        self.depth -= 1;
        out
    }

    fn set(&mut self, name: &str, of: Option<Type>) {
        self.scope.push((name.to_owned(), of.unwrap_or(Type::Text)));
    }

    fn part(&mut self) -> String {
        let dash = self.pick(&["", "", "-"]);
        let name = self.pick(&["x", "it", "level"]);
        match self.choose(if self.depth > 4 { 7 } else { 18 }) {
            0 => self.pick(&["a", " \n", "{", "字"]).into(),
            1..=3 => format!("{{{{{dash} {} }}}}", self.text()),
            4 => format!("{{% raw {dash}%}}{{{{ {WRONG}.{WRONG} }}}}{{% endraw %}}{{# {{{{ #}}"),
            5 => {
                let (value, of) = self.path();
                self.set(name, Some(of));
                let global = self.pick(&["", "_global"]);
                format!("{{% set{global} {name} = {value} {dash}%}}")
            }
            6 if self.loops > 0 => {
                let word = self.pick(&["break", "continue"]);
                format!("{{% if {} %}}{{% {word} %}}{{% endif %}}", self.condition())
            }
            6 => String::new(),
            7 | 8 => {
                let (condition, then) = (self.condition(), self.parts());
                let (elif, other) = (self.condition(), self.parts());
                let rest = match self.choose(3) {
                    0 => String::new(),
                    1 => format!("{{% elif {elif} %}}{other}"),
                    _ => format!("{{% else %}}{other}"),
                };
                format!("{{% if {condition} {dash}%}}{then}{rest}{{% endif %}}")
            }
            9 | 10 => {
                let (list, item) = self.list();
                let known = self.scope.len();
                self.set(name, item);
                self.loops += 1;
                let body = self.parts();
                self.loops -= 1;
                self.scope.truncate(known);
                let otherwise =
                    if self.choose(2) == 1 { format!("{{% else %}}{}", self.parts()) } else { String::new() };
                format!("{{% for {name} in {list} %}}{body}{otherwise}{{%{dash} endfor %}}")
            }
            11 => {
                let loops = std::mem::replace(&mut self.loops, 0);
                let body = self.parts();
                self.loops = loops;
                self.set(name, None);
                let filters = self.pick(&["", " | upper", " | trim | replace(from=\"a\", to=\"b\")"]);
                format!("{{% set {name}{filters} %}}{body}{{% endset %}}")
            }
            12 => {
                let loops = std::mem::replace(&mut self.loops, 0);
                let (text, body) = (self.path().0, self.parts());
                self.loops = loops;
                format!("{{% filter upper | replace(from=\"a\", to={text}) %}}{body}{{% endfilter %}}")
            }
            13 => {
                let loops = std::mem::replace(&mut self.loops, 0);
                let (it, body) = (self.path().0, self.parts());
                self.loops = loops;
                format!("{{% <card it={{{it}}}> %}}{body}{{% </card> %}}")
            }
            14 => {
                self.loops += 1;
                let body = self.parts();
                self.loops -= 1;
                format!("{{% for key, value in site.assets %}}{{{{ key }}}}{body}{{% endfor %}}")
            }
            15 => "{% include \"part.html\" %}".into(),
            _ => format!("{{{{ {} | safe {dash}}}}}", self.text()),
        }
    }

    /// A page, what it extends, and what it includes.
    fn templates(&mut self) -> Vec<(String, String)> {
        let known = self.scope.clone();
        let mut bodies = Vec::new();
        for _ in 0..5 {
            bodies.push(self.parts());
            self.scope.clone_from(&known);
        }
        let [a, b, base, nested, part] = &bodies[..] else { unreachable!() };
        let call = self.pick(&["", "{{ super() }}", "{% if page.sample %}{{ super() | upper }}{% endif %}"]);
        let include = "{% include \"part.html\" %}";
        // What includes itself has no end, and what nothing includes is on no page.
        let is_included = [a, b, base, nested].iter().any(|text| text.contains(include));
        let part = if is_included { part.replace(include, "") } else { String::new() };
        let card = "{% component card(it, title, @page, ...rest) %}{{ title }}{% if rest.other %}{{ rest.other }}{% endif %}{% if body %}{{ body }}{% endif %}{% if page.sample %}{% endif %}{% endcomponent %}";
        let templates = [
            (
                "page.html",
                format!(
                    "{{% extends \"base.html\" %}}{{% block a %}}{a}{call}{{% endblock %}}{{% block b %}}{b}{{% endblock b %}}"
                ),
            ),
            ("base.html", format!("{base}{{% block a %}}{nested}{{% block b %}}{{% endblock %}}{{% endblock %}}")),
            ("part.html", part),
            ("card.html", card.to_owned()),
        ];
        templates.map(|(name, text)| (format!("default/{name}"), text)).into()
    }
}

/// What Tera makes of templates: nothing where they do not load, an error where no page comes of them.
fn by_tera(templates: &[(String, String)], page: &view::Page) -> Option<Result<String, String>> {
    let mut tera = crate::theme::load::tera_of(templates, &["default"]).ok()?;
    tera.global_context().insert("w", words().all());
    tera.global_context().insert("site", &site());
    let theme = crate::theme::Theme { tera, ..Default::default() };
    let mut out = Vec::new();
    let made = theme.render_by_tera("page.html", page, &mut crate::theme::Bounded { out: &mut out, is_full: false });
    Some(made.map(|()| String::from_utf8(out).unwrap()).map_err(|error| error.to_string()))
}

#[test]
fn a_wrong_name_planted_at_random_is_found_and_no_right_one_is() {
    let pages = pages();
    let [refused, made, planted, certain, open] = [const { Cell::new(0) }; 5];
    let count = |cell: &Cell<usize>| cell.set(cell.get() + 1);
    let choices = prop::collection::vec(any::<u16>(), 0..500);
    let config = Config {
        cases: std::env::var("KOHYO_TEMPLATE_CASES").map_or(2_000, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        ..Config::default()
    };
    let run = TestRunner::new(config).run(&(0..pages.len(), any::<usize>(), choices), |(page, which, choices)| {
        let page = &pages[page];
        let own = view::KINDS.iter().find(|(kind, _)| *kind == page.kind).and_then(|(_, own)| *own);
        let frame = ("page".to_owned(), Type::Struct(view::Frame::SHAPE));
        let site = ("site".to_owned(), Type::Struct(view::Site::SHAPE));
        let own = own.map(|(name, shape)| (name.to_owned(), Type::Struct(shape)));
        let scope: Vec<(String, Type)> = own.into_iter().chain([frame, site]).collect();
        let maker = |plant| Maker {
            choices: choices.iter(),
            scope: scope.clone(),
            lasting: scope.clone(),
            depth: 0,
            loops: 0,
            paths: 0,
            plant,
        };
        let mut plain = maker(None);
        let templates = plain.templates();
        let Some(before) = by_tera(&templates, page) else {
            count(&refused);
            return Ok(());
        };
        count(&made);
        let fields = of(page.kind, &templates);
        // Whatever a field is called that is nowhere, the page is the same.
        for ((name, at), field) in &fields.missing {
            let mut other = templates.clone();
            let text = &mut other.iter_mut().find(|(known, _)| known == name).unwrap().1;
            prop_assert_eq!(text.get(*at..at + field.name.len()), Some(field.name.as_str()));
            text.replace_range(*at..at + field.name.len(), &"z".repeat(field.name.len()));
            let after = by_tera(&other, page).unwrap();
            prop_assert_eq!(after.ok(), before.clone().ok(), "{}, {:#?}", field.name, templates);
            count(&certain);
        }
        if fields.undecided.is_empty() {
            count(&open);
        }
        if plain.paths > 0 {
            let templates = maker(Some(1 + which % plain.paths)).templates();
            let has_it = |(_, text): &(String, String)| text.replace("nothing_here.nothing_here", "").contains(WRONG);
            if templates.iter().any(has_it) && crate::theme::load::tera_of(&templates, &["default"]).is_ok() {
                count(&planted);
                let fields = of(page.kind, &templates);
                let is_found = fields.missing.values().any(|field| field.name == WRONG);
                prop_assert!(is_found, "{:#?}\n{:?}", templates, fields.undecided);
            }
        }
        Ok(())
    });
    run.unwrap();
    let counts = [refused, made, planted, certain, open].map(Cell::into_inner);
    println!("refused, read, planted and found, nowhere by chance, all decided: {counts:?}");
    assert!(counts[1] > 1000 && counts[2] > 300 && counts[3] > 30 && counts[4] > 200, "{counts:?}");
}

/// Pieces of Tera's language, in no order.
const SOUP: [&str; 62] = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{{-",
    "-}}",
    "{%-",
    "-%}",
    "{#",
    "#}",
    "{% raw %}",
    "{%- endraw -%}",
    "{% raw -%}",
    "a",
    "b.c",
    "x.if",
    "loop",
    "loop.index",
    "not",
    "and",
    "or",
    "in",
    "is",
    "is not",
    "if",
    "else",
    "elif",
    "endif",
    "for",
    "endfor",
    "set",
    "set_global",
    "endset",
    "block",
    "endblock",
    "filter",
    "endfilter",
    "component",
    "endcomponent",
    "include",
    "<card",
    "/>",
    "</card>",
    "\"t\"",
    "'\\n'",
    "`q`",
    "1",
    "2.5",
    "-",
    "+",
    "**",
    "~",
    "|",
    "upper",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "=",
    "?.a",
];

#[test]
fn whatever_tera_reads_is_read() {
    let [read, refused] = [const { Cell::new(0) }; 2];
    let piece =
        (prop::sample::select(&SOUP[..]), prop::sample::select(vec![" ", " ", "", "\n", ",", ":", "...", "=="]));
    let soup = prop::collection::vec(piece, 1..9);
    // Mostly something that may stand in a tag.
    let frame = prop::sample::select(vec![
        "SOUP",
        "{{ SOUP }}",
        "{{ a SOUP }}",
        "{{ SOUP a }}",
        "{% if SOUP %}{% endif %}",
        "{% for a in SOUP %}SOUP{% endfor %}",
        "{% set a = SOUP %}",
        "{{ [a SOUP] }}{{ a[SOUP] }}",
        "{% component c(SOUP) %}{% endcomponent %}",
        "{{ a | upper(a=SOUP) }}",
        "{{ <card a={SOUP} /> }}",
        "SOUP{%- raw SOUP %} SOUP {% endraw -%} SOUP",
    ]);
    let config = Config { cases: 60_000, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&(frame, soup), |(frame, soup)| {
        let soup: String = soup.into_iter().flat_map(|(piece, space)| [piece, space]).collect();
        let text = frame.replace("SOUP", &soup);
        let is_refused = match tera::Tera::new().add_raw_template("page.html", &text) {
            Ok(()) => false,
            Err(error) => matches!(error.kind(), tera::ErrorKind::SyntaxError(_)),
        };
        if is_refused {
            refused.set(refused.get() + 1);
            // Whatever comes of it.
            let _ = parse(&text);
        } else {
            read.set(read.get() + 1);
            prop_assert!(parse(&text).is_ok(), "{}: {:?}", text, parse(&text));
        }
        Ok(())
    });
    run.unwrap();
    println!("read, refused: {read:?}, {refused:?}");
    assert!(read.get() > 3000, "{read:?}");
}
