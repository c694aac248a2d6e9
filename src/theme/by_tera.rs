//! Which templates have pages made by Tera, why, and what of them nobody can check before.
//!
//! Such pages are right, so this is a hint: they take longer, and a wrong name may stay in a path that is undecided. Does
//! not know what compiled templates can do; see [`crate::program`].

use crate::diagnostic::{Diagnostic, Rule};
use crate::program::{Fields, Reason, Spot, Why};
use crate::text::place::Place;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A page that Tera makes.
pub(super) struct Page {
    /// Its template: `screen/goal.html`.
    pub(super) name: String,
    /// Why.
    pub(super) reasons: BTreeMap<Spot, Reason>,
    /// Paths of it that are undecided.
    pub(super) undecided: BTreeMap<Spot, String>,
}

/// What is told of one template.
#[derive(Default)]
struct Told<'p> {
    reasons: BTreeMap<usize, &'p Reason>,
    pages: Vec<&'p str>,
    undecided: BTreeSet<&'p str>,
}

/// So many reasons of a template are shown, so many pages and paths are named.
const MOST: usize = 5;

/// One finding for each template with something in it that Tera has to make. `fields` are those of all pages; `locate`
/// gives the place of bytes of a loaded template, and how to name it where it is no file of the site.
pub(super) fn check(
    pages: &[Page],
    fields: &Fields,
    locate: impl Fn(&str, Range<usize>) -> (Place, String),
) -> Vec<Diagnostic> {
    let mut templates: BTreeMap<&str, Told> = BTreeMap::new();
    for page in pages {
        // A field that is not there is an error, and told as such.
        let reasons: Vec<(&Spot, &Reason)> =
            page.reasons.iter().filter(|(spot, _)| !fields.missing.contains_key(spot)).collect();
        let Some((first, _)) = reasons.first() else { continue };
        for ((template, at), reason) in &reasons {
            let told = templates.entry(template).or_default();
            told.reasons.insert(*at, reason);
            if told.pages.last() != Some(&page.name.as_str()) {
                told.pages.push(&page.name);
            }
        }
        for (spot, written) in page.undecided.iter().filter(|(spot, _)| fields.undecided.contains_key(spot)) {
            let is_told = reasons.iter().any(|((template, _), _)| *template == spot.0);
            let template = if is_told { &spot.0 } else { &first.0 };
            templates.entry(template).or_default().undecided.insert(written);
        }
    }
    templates.into_iter().filter_map(|(template, told)| finding(template, &told, &locate)).collect()
}

fn finding(
    template: &str,
    told: &Told<'_>,
    locate: &impl Fn(&str, Range<usize>) -> (Place, String),
) -> Option<Diagnostic> {
    let mut reasons = told.reasons.values();
    let first = reasons.next()?;
    let pages: Vec<&str> = told.pages.iter().map(|page| page.trim_end_matches(".html")).collect();
    let [pages_ja, pages_en] = listed(&pages);
    let (place, prefix) = locate(template, first.at.clone());
    let (why_ja, why_en) = worded(&first.why);
    let (mut ja, mut en) = (
        format!("{prefix}{why_ja}ので、ページ {pages_ja} は、テンプレートのまま Tera が作ります。"),
        format!("{prefix}{why_en}, so Tera makes {pages_en} from the template as it is"),
    );
    if !told.undecided.is_empty() {
        let paths: Vec<&str> = told.undecided.iter().copied().collect();
        let [paths_ja, paths_en] = listed(&paths);
        ja += &format!("{paths_ja} は、項目の名前が正しいかを、前もって確かめられません。");
        en += &format!("; the names in {paths_en} cannot be checked before");
    }
    let mut finding = Diagnostic::new(Rule::UncompiledTemplate, place, ja, en).help(
        "このままでも公開できます。docs/themes.md の「テンプレート」にある書き方だけにすると、ページが数倍速く作られ、項目の名前もすべて確かめられます。",
        "it can be published as it is; with only what \"Templates\" in docs/themes.md lists, pages are made several times faster and all names of fields are checked",
    );
    for reason in reasons.clone().take(MOST - 1) {
        let (place, prefix) = locate(template, reason.at.clone());
        let (ja, en) = worded(&reason.why);
        finding = finding.also(place, format!("{prefix}{ja}"), format!("{prefix}{en}"));
    }
    Some(finding)
}

fn worded(why: &Why) -> (String, String) {
    match why {
        Why::Written(what) => (format!("「{what}」という書き方がある"), format!("it is written with `{what}`")),
        Why::Used(what) => (format!("「{what}」をここで使っている"), format!("`{what}` is used here")),
    }
}

/// Names in a row in both languages, and how many more there are.
fn listed(names: &[&str]) -> [String; 2] {
    let shown = names.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST) {
        0 => [shown.clone(), shown],
        more => [format!("{shown} ほか{more}件"), format!("{shown} and {more} more")],
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::diagnostic::{Rule, Severity};
    use crate::report::human as show;
    use crate::source::Sources;
    use crate::text::language::Language;
    use crate::text::span::{Span, Spanned};

    /// What is found in a theme of these templates: rules, and the text that is marked; and all of it in Japanese.
    fn found(templates: &[(&str, &str)]) -> (Vec<String>, String) {
        let manifest = ("theme.yaml", "contract: 1\n");
        let files = templates.iter().chain([&manifest]).map(|(path, text)| (format!("themes/aoba/{path}"), *text));
        let sources = Sources::from_memory(files.collect::<Vec<_>>());
        let config = Config { theme: Spanned::new("aoba".into(), Span::default()), ..Config::default() };
        let mut findings = crate::theme::compile(&config, &sources).diagnostics;
        crate::diagnostic::sort(&mut findings);
        for finding in &findings {
            let is_hint = finding.rule == Rule::UncompiledTemplate;
            assert_eq!(finding.severity, if is_hint { Severity::Hint } else { Severity::Error });
        }
        let marked = findings.iter().map(|finding| {
            let text = sources.text_lossy(finding.place.file);
            let span = finding.place.span;
            format!("{} {}", finding.rule.name(), &text[span.start as usize..span.end as usize])
        });
        let shown = show::human(&findings, &sources, show::Style { color: false, language: Language::Japanese });
        (marked.collect(), shown)
    }

    const WRONG: &str = "{% extends \"default/screen/goal.html\" %}\n{% block heading %}\n  <h1>{{ goal.title }}</h1>\n  {% if goal.corection %}<p>訂正があります</p>{% endif %}\n";

    #[test]
    fn a_wrong_name_is_an_error_whatever_else_is_written() {
        let error = "theme-template corection";
        for (more, hint) in [
            ("", None),
            ("{% if (goal.sample or goal.draft) and goal.html %}<p>x</p>{% endif %}", None),
            ("{% raw %}{{ x }}{% endraw %}", None),
            ("{{ goal.actions | length + 1 }}", Some("goal.actions | length + 1")),
            ("{% for it in goal.today %}{{ it.title }}{% else %}x{% endfor %}", Some("else")),
        ] {
            let text = format!("{WRONG}  {more}\n{{% endblock %}}");
            let (marked, shown) = found(&[("templates/screen/goal.html", &text)]);
            let mut expected = vec![error.to_owned()];
            expected.extend(hint.map(|hint| format!("uncompiled-template {hint}")));
            assert_eq!(marked, expected, "{shown}");
            // In a template of which this one fills another block.
            let base = "{% extends \"aoba/partials/goal.html\" %}{% block main %}{{ goal.title }}{% endblock %}";
            let (marked, shown) =
                found(&[("templates/screen/goal.html", base), ("templates/partials/goal.html", &text)]);
            assert_eq!(marked, expected, "{shown}");
        }
    }

    #[test]
    fn the_reasons_the_pages_and_what_is_undecided_are_named_once_for_each_template() {
        let contact =
            "<h2>{{ w.contact | upper }}</h2>\n{% set x = page.contact | get(key=\"office\") %}{{ x.name }}\n";
        let text = "<p>{{ page.heading if page.sample else page.title }}</p>{% set it = page.nav | last %}\n{% include \"partials/link.html\" %}{{ page.nav }}";
        let link = "{{ it.title }}{{ it.href }}{{ site.assets.site }}";
        let (marked, shown) = found(&[
            ("templates/partials/contact.html", contact),
            ("templates/screen/text.html", text),
            ("templates/partials/link.html", link),
        ]);
        let expected = [
            "uncompiled-template upper",
            "uncompiled-template site",
            "uncompiled-template page.heading if page.sample else page.title",
        ];
        assert_eq!(marked, expected, "{shown}");
        for part in [
            "「| upper」という書き方があるので、ページ screen/404, screen/department, ",
            "x.name は、項目の名前が正しいかを、前もって確かめられません。",
            "「| get」という書き方がある",
            "ページ screen/text は、テンプレートのまま Tera が作ります。",
            "「| last」という書き方がある",
            "「page.nav」をここで使っている",
            "「site.assets.site」をここで使っている",
        ] {
            assert!(shown.contains(part), "{part}\n{shown}");
        }
        assert!(!shown.contains("it.title は"), "{shown}");
    }

    #[test]
    fn themes_of_what_can_be_compiled_raise_nothing() {
        let text = "{% extends \"screen/base.html\" %}{% block main %}{{ ((page.heading)) }}{% endblock %}";
        assert_eq!(found(&[("templates/screen/text.html", text)]).0, [""; 0]);
        assert_eq!(found(&[]).0, [""; 0]);
    }
}
