//! Promises about whole sites: links, ids, order, embargo, sameness.

use crate::support;

use kohyo::diagnostic::{Checked, Rule};
use kohyo::document;
use kohyo::output;
use kohyo::plan;
use kohyo::render;
use kohyo::source::Sources;
use kohyo::text::address;
use kohyo::text::place::FileId;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use support::{CITY, city_with, files, output, own_site, pages, prepare, prepare_with};

/// Values of an attribute in a page, unescaped as far as this program escapes.
fn attribute(html: &str, name: &str) -> Vec<String> {
    let needle = format!(" {name}=\"");
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(&needle) {
        rest = &rest[at + needle.len()..];
        let end = rest.find('"').unwrap_or(rest.len());
        found.push(rest[..end].replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\""));
    }
    found
}

#[track_caller]
fn every_reference_resolves(site: &BTreeMap<String, Vec<u8>>) {
    let html = |path: &str| site.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let ids: BTreeMap<&str, BTreeSet<String>> = site
        .keys()
        .filter(|path| path.ends_with(".html"))
        .map(|path| {
            let ids = attribute(&html(path).unwrap_or_default(), "id");
            let unique: BTreeSet<String> = ids.iter().cloned().collect();
            assert_eq!(ids.len(), unique.len(), "{path}: an id is there twice: {ids:?}");
            (path.as_str(), unique)
        })
        .collect();
    // 404.html is shown at any address, so its links start at the top of the host.
    for path in ids.keys().filter(|path| **path != "404.html") {
        let text = html(path).unwrap_or_default();
        for target in attribute(&text, "href").into_iter().chain(attribute(&text, "src")) {
            if target.starts_with("http") || target.starts_with("mailto:") || target.starts_with("tel:") {
                continue;
            }
            let (file, fragment) = target.split_once('#').unwrap_or((&target, ""));
            let file = address::decode(file.split('?').next().unwrap_or(file)).expect("decodable");
            let mut parts: Vec<&str> = path.split('/').collect();
            parts.pop();
            for part in file.split('/').filter(|part| !part.is_empty()) {
                match part {
                    ".." => assert!(parts.pop().is_some(), "{path}: {target} leaves the site"),
                    part => parts.push(part),
                }
            }
            let goal = if file.is_empty() { (*path).to_owned() } else { parts.join("/") };
            assert!(site.contains_key(&goal), "{path}: {target} leads to nothing");
            if !fragment.is_empty() {
                let fragment = address::decode(fragment).expect("decodable");
                assert!(ids[goal.as_str()].contains(&fragment), "{path}: {target} has no such place");
            }
        }
    }
}

#[test]
fn every_link_and_fragment_of_our_own_site_resolves() {
    let Checked { value, .. } = prepare(own_site());
    every_reference_resolves(&output(&value));
}

#[test]
fn every_link_resolves_with_drafts_too() {
    let Checked { value, .. } = prepare_with(own_site(), true);
    every_reference_resolves(&output(&value));
}

#[test]
fn titles_are_unique_and_every_page_has_one_heading() {
    let mut titles = BTreeSet::new();
    for (path, html) in pages(own_site()) {
        let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
        assert!(titles.insert(title.to_owned()), "{path}: the title {title:?} is another page's too");
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
    }
}

#[test]
fn two_builds_are_the_same_to_the_byte() {
    let (one, two) = (prepare(own_site()).value, prepare(own_site()).value);
    assert_eq!(output(&one), output(&two));
}

#[test]
fn our_own_site_can_be_built_as_of_any_day() {
    for day in ["2015-12-31", "2016-06-24", "2017-06-30", "2018-12-01"] {
        let as_of = kohyo::value::calendar::parse_date(day).expect("a day");
        let options = kohyo::prepared::Options {
            as_of,
            today: support::TODAY,
            drafts: false,
            base_url: None,
            asked: Default::default(),
            published: None,
        };
        let Checked { value, diagnostics } = kohyo::pipeline::prepare(std::sync::Arc::new(own_site()), options);
        assert_eq!(support::describe(&value.sources, &diagnostics), [""; 0], "{day}");
    }
}

#[test]
fn the_order_of_files_changes_nothing() {
    let forwards: Vec<_> = files(CITY).into_iter().collect();
    let backwards: Vec<_> = forwards.iter().rev().cloned().collect();
    let (one, two) = (prepare(Sources::from_memory(forwards)).value, prepare(Sources::from_memory(backwards)).value);
    assert_eq!(output(&one), output(&two));
}

#[test]
fn what_is_not_published_is_in_no_output() {
    let secret = "-- content/2026/planning/1-02.md --
---
title: 極秘の目標
pillar: 1
publish_at: 2026-11-24
actions: [ { text: 極秘の取組 } ]
---
極秘の本文 [極秘の計画](secret.pdf)
-- content/2026/planning/secret.pdf --
極秘の添付
-- content/2026/planning/unlinked.pdf --
極秘の添付
-- content/2025/planning/1-01.result.md --
---
draft: true
evaluation: above
actions: [ { result: 極秘の実績, actual: 9 } ]
---
極秘の説明
-- content/pages/secret.md --
---
title: 極秘のページ
draft: true
---
";
    let Checked { value, .. } = prepare(city_with(secret));
    for (path, bytes) in output(&value) {
        assert!(!String::from_utf8_lossy(&bytes).contains("極秘"), "{path}");
        assert!(!path.contains("secret") && !path.contains("1-02"), "{path}");
    }
    let Checked { value, .. } = prepare_with(city_with(secret), true);
    let all: String = output(&value).values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    for text in
        ["極秘の目標", "極秘の取組", "極秘の本文", "極秘の実績", "極秘の説明", "極秘のページ", "公表前", "極秘の添付"]
    {
        assert!(all.contains(text), "{text}");
    }
}

#[test]
fn files_come_out_without_a_link_from_known_places_only() {
    let file = |path: &str| format!("-- content/{path} --\n極秘の案\n");
    let public = ["proof.txt", "pages/policy.csv", "pages/forms/a.csv", "departments/map.csv", "pillars/map.csv"];
    let private =
        ["R8/planning/a.csv", "令和8年度/planning/a.csv", "drafts/a.csv", "205/a.csv", "2026/a.csv", "x/y/z.csv"];
    let all: String = public.iter().chain(&private).map(|path| file(path)).collect();
    let published = |more: &str| -> Vec<String> {
        let Checked { value, diagnostics } = prepare(city_with(more));
        let told =
            |path: &str| diagnostics.iter().any(|it| value.sources.path(it.place.file) == format!("content/{path}"));
        // Whoever put it there is told.
        assert!(private.iter().all(|path| told(path)), "{:?}", support::describe(&value.sources, &diagnostics));
        value.site.attachments.iter().map(|it| it.path.to_string()).collect()
    };
    let mut expected = public.map(|path| path.trim_start_matches("pages/"));
    expected.sort_unstable();
    assert_eq!(published(&all), expected);
    let page =
        |more: &str| format!("-- content/pages/plan.md --\n---\ntitle: 計画\n{more}---\n[配った案](../drafts/a.csv)\n");
    let Checked { value, .. } = prepare(city_with(&(page("") + &file("drafts/a.csv"))));
    assert_eq!(value.site.attachments.len(), 1);
    let Checked { value, .. } = prepare(city_with(&(page("publish_at: 2026-12-01\n") + &file("drafts/a.csv"))));
    assert_eq!(value.site.attachments.len(), 0);
}

#[test]
fn headings_do_not_take_the_ids_of_the_page() {
    let goal = "-- content/2026/planning/1-01.md --
---
title: 見直し
pillar: 1
actions: []
---
## Result
## Thread
## fn-1
";
    let Checked { value, .. } = prepare(city_with(goal));
    every_reference_resolves(&output(&value));
}

#[test]
fn a_goal_of_a_hidden_year_leaves_no_empty_pages() {
    let only = "-- content/2027/planning/1-01.md --
---
title: 来年の目標
pillar: 1
publish_at: 2027-06-25
actions: []
---
";
    let site = pages(city_with(only));
    assert!(site.keys().all(|path| !path.starts_with("2027")), "{:?}", site.keys());
}

#[test]
fn a_department_finds_its_past_and_its_future() {
    let general = "-- content/2025/general/2-01.md --
---
title: 財産の整理
pillar: 2
updated: 2025-06-25
actions: [ { text: 台帳を作る } ]
---
-- content/2025/general/2-01.result.md --
---
evaluation: on-plan
actions: [ { result: 作った } ]
---
";
    let site = pages(city_with(general));
    assert!(site["departments/planning.html"].contains("2025/general/index.html"), "the successor lists the past");
    assert!(
        site["2025/general/2-01.html"].contains("departments/planning.html"),
        "the past names who is in charge today"
    );
}

/// A site with a theme of its own, which has these files.
/// The contact at the foot of a page, without the signs of HTML.
fn contact_of(page: &str) -> String {
    let start = page.find("<section class=\"contact\">").expect("a contact");
    let end = page[start..].find("</section>").expect("its end") + start;
    page[start..end].to_owned()
}

#[test]
fn a_contact_is_dialled_and_addressed_as_it_is_meant() {
    let site = pages(city_with(
        "-- content/departments/planning.md --
---
name: 企画部
order: 1
years: [2020]
sections: [企画課, 財政課]
問い合わせ先:
  郵便番号: 〒３７９－２３９５
  住所: 青葉市1番地
  電話: 0277（76）0000（内線 123、平日）
  ファクス: 0277ー76ー0001
---
",
    ));
    let contact = contact_of(&site["departments/planning.html"]);
    let link = "<a class=\"nowrap\" href=\"tel:0277760000\">0277（76）0000</a>（内線 123、平日）";
    assert!(contact.contains(link), "{contact}");
    assert!(contact.contains("〒379-2395 青葉市1番地"), "{contact}");
    assert!(contact.contains("0277ー76ー0001"), "{contact}");
}

#[test]
fn a_contact_is_of_the_office_that_it_names() {
    let site = pages(city_with(
        "-- site.yaml --
title: 青葉市 組織目標
organization: { name: 青葉市 }
contact:
  office: 市民の窓口
  postal_code: 379-2395
  address: 青葉市1番地
  telephone: 0277-76-0000
  fax: 0277-76-0001
  email: madoguchi@example.lg.jp
  form_url: https://www.example.lg.jp/form/
scale:
  - { key: on-plan, label: 計画通り }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
-- content/departments/planning.md --
---
name: 企画部
years: [2020]
sections:
  - { name: 企画課, telephone: 0277-76-1001 }
  - { name: 財政課, office: 財政の係 }
contact: { telephone: 0277-76-1000, email: kikaku@example.lg.jp }
---
-- content/departments/general.md --
---
name: 総務部
years: [2020, 2025]
becomes: [planning]
contact: { telephone: 0277-76-2000 }
---
-- content/departments/civic.md --
---
name: 市民部
years: [2020, 2025]
becomes: [welfare]
contact: { address: 青葉市2番地, telephone: 0277-76-3000 }
---
-- content/departments/welfare.md --
---
name: 福祉部
years: [2026]
---
-- content/2026/planning/1-02.md --
---
title: 財政の見通し
pillar: finance
actions:
  - { text: 見通しを示す, sections: [財政課] }
---
",
    ));
    let told = |page: &str| {
        let mut page = contact_of(&site[page]);
        while let Some((start, end)) = page.find('<').and_then(|at| Some((at, at + page[at..].find('>')? + 1))) {
            page.replace_range(start..end, "");
        }
        page.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    let house = "〒379-2395 青葉市1番地";
    // What it has is shown, and nothing of another office but the house.
    assert_eq!(told("2026/planning/1-01.html"), format!("企画課 {house} 電話：0277-76-1001"));
    let department = format!("{house} 電話：0277-76-1000 メール：kikaku@example.lg.jp");
    // A section that only has a name is reached through its department, which is named.
    assert_eq!(told("2026/planning/1-02.html"), format!("企画部 {department}"));
    assert_eq!(told("departments/planning.html"), format!("企画部 {department}"));
    // Who took over answers, even where the one that ended had a telephone.
    assert_eq!(told("departments/general.html"), format!("今の担当：企画部 {department}"));
    assert_eq!(told("departments/civic.html"), "市民部 青葉市2番地 電話：0277-76-3000");
    let city = told("departments/welfare.html");
    assert!(city.starts_with(&format!("市民の窓口 {house} 電話：0277-76-0000")), "{city}");
    assert!(city.ends_with("市民の窓口へのお問い合わせは専用フォームへ"), "{city}");
    let large = &site["departments/general.large.html"];
    assert!(large.contains("今の担当：企画部") && !large.contains("0277-76-2000"), "{large}");
}

fn themed(theme: &str) -> String {
    let site = "-- site.yaml --\ntitle: x\ntheme: mine\norganization: { name: y }\n-- content/index.md --\nz\n";
    format!("{site}-- themes/mine/theme.yaml --\ncontract: 1\n{theme}")
}

#[test]
fn the_extended_theme_replaces_only_what_it_has() {
    let theme = themed(
        "-- themes/mine/templates/screen/404.html --
{% extends \"default/screen/404.html\" %}
{% block footer %}<footer>mine</footer>{% endblock %}
-- themes/mine/words/ja.yaml --
home: はじめ
",
    );
    let site = pages(Sources::from_memory(files(&theme)));
    assert!(site["404.html"].contains("<footer>mine</footer>"));
    assert!(site["sitemap.html"].contains(">はじめ</a>"));
    assert!(site["sitemap.html"].contains("site-footer"));
}

#[test]
fn theme_mistakes_have_a_place_too() {
    let theme = themed(
        "-- themes/mine/templates/screen/text.html --
<p>
  {{ text.html | shout }}
</p>
",
    );
    let Checked { value, diagnostics } = prepare(Sources::from_memory(files(&theme)));
    let found = support::describe(&value.sources, &diagnostics);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("themes/mine/templates/screen/text.html:2:"), "{found:?}");
}

#[test]
fn a_mistake_in_an_included_template_is_placed_in_its_own_file() {
    let theme = themed(
        "-- themes/mine/templates/partials/contact.html --
<h2>{{ w.contact }}</h2>
  <p>{{ site.assets[\"none.css\"] }}</p>
",
    );
    let Checked { value: prepared, diagnostics } = prepare(Sources::from_memory(files(&theme)));
    assert_eq!(diagnostics.len(), 0, "{diagnostics:?}");
    let Err(render::Failure::Finding(finding)) = prepared.render(prepared.routes()[0]) else {
        panic!("the theme has no such file");
    };
    let found = support::describe(&prepared.sources, &[*finding]);
    assert_eq!(
        found,
        ["themes/mine/templates/partials/contact.html:2:9 theme-template \"site.assets[\\\"none.css\\\"\""]
    );
}

#[test]
fn a_mistake_in_a_template_is_told_once() {
    let theme = themed(
        "-- themes/mine/templates/screen/home.html --
<p>{{ w.main_navi }}</p>
-- themes/mine/templates/large/home.html --
<p>{{ site.titel | upper }}</p>
",
    );
    let Checked { value: prepared, mut diagnostics } = prepare(Sources::from_memory(files(&theme)));
    // What Tera has to make is no mistake.
    diagnostics.retain(|it| it.rule != Rule::UncompiledTemplate);
    assert_eq!(diagnostics.len(), 2, "{diagnostics:?}");
    // The pages cannot be made; why is known already.
    let later = prepared.try_templates().expect("readable");
    assert!(!later.is_empty());
    assert!(later.iter().all(|finding| diagnostics.contains(finding)), "{later:?}");
}

#[test]
fn a_template_that_calls_a_faulty_one_is_not_at_fault() {
    let theme = themed(
        "-- themes/mine/templates/screen/text.html --
{% include \"partials/mine.html\" %}
-- themes/mine/templates/screen/404.html --
{% extends \"mine/partials/mine.html\" %}
-- themes/mine/templates/partials/mine.html --
{% if page.title %}
",
    );
    let Checked { value: prepared, diagnostics } = prepare(Sources::from_memory(files(&theme)));
    let found = support::describe(&prepared.sources, &diagnostics);
    assert_eq!(found, ["themes/mine/templates/partials/mine.html:1:1 theme-template \"{% if page.title %}\""]);
}

/// The first bytes of a PNG, which say how large it is.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x02\0\0\0\0\0\0\0");
    bytes
}

#[test]
fn a_page_knows_how_large_its_images_are_and_is_made_again_when_they_change() {
    let pages = |image: Vec<u8>| {
        let mut all: Vec<(String, Vec<u8>)> = files(CITY).into_iter().collect();
        all.push(("content/pages/map.md".into(), "---\ntitle: 地図\n---\n\n![市の地図](map.png)\n".into()));
        all.push(("content/pages/map.png".into(), image));
        let prepared = prepare(Sources::from_memory(all)).value;
        let keys = render::Keys::new(&prepared, 0);
        let mut made = Vec::new();
        let is_map = |route: &&plan::Route| route.page().is_some() && prepared.path(**route).starts_with("map.");
        for route in prepared.routes().iter().filter(is_map) {
            let Ok(output::Content::Bytes(bytes)) = prepared.render(*route) else { panic!("{route:?}") };
            made.push((keys.of(*route), String::from_utf8(bytes).unwrap()));
        }
        made
    };
    let (small, large, broken) = (pages(png(20, 10)), pages(png(40, 10)), pages(vec![0; 33]));
    assert_eq!(small.len(), 2, "two editions");
    for ((small, large), broken) in small.iter().zip(&large).zip(&broken) {
        assert_ne!(small.0, large.0);
        assert!(small.1.contains(" width=\"20\" height=\"10\">"), "{}", small.1);
        assert!(large.1.contains(" width=\"40\" height=\"10\">"), "{}", large.1);
        assert!(broken.1.contains("<img") && !broken.1.contains(" width=\"0"), "{}", broken.1);
    }
    let lazy: Vec<bool> = small.iter().map(|(_, page)| page.contains("loading=\"lazy\"")).collect();
    assert_eq!(lazy, [true, false], "all is there when the large edition is printed");
}

/// What a page says, whatever its markup.
#[cfg(feature = "minify")]
fn words_of(html: &str) -> String {
    let mut out = String::new();
    let mut is_inside = false;
    let body = html.split_once("<body").and_then(|(_, rest)| rest.split_once('>')).unwrap_or_default().1;
    for c in body.chars() {
        match c {
            '<' => is_inside = true,
            '>' => is_inside = false,
            c if !is_inside && !c.is_whitespace() => out.push(c),
            _ => {}
        }
    }
    for (name, c) in [("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&quot;", "\""), ("&amp;", "&")] {
        out = out.replace(name, c);
    }
    out
}

#[cfg(feature = "minify")]
#[test]
fn minified_pages_say_the_same() {
    let more = "-- content/pages/about.md --\n---\ntitle: 1 < 2 & 'で' \"も\"\n---\n\n[一](/) [二](/)\n三\n\n`a  b`\n\n```\n c\n\n d\n```\n";
    let made = |word: &str| {
        let mut all = files(&CITY.replace("title: 青葉市 組織目標", &format!("title: 青葉市 組織目標\n圧縮: {word}")));
        all.extend(files(more));
        let prepared = prepare(Sources::from_memory(all.clone())).value;
        let keys = render::Keys::new(&prepared, 0);
        let is_page = |route: &&plan::Route| route.page().is_some();
        let keys: Vec<_> = prepared.routes().iter().filter(is_page).map(|route| keys.of(*route)).collect();
        (pages(Sources::from_memory(all)), keys)
    };
    let ((plain, plain_keys), (minified, minified_keys)) = (made("なし"), made("すべて"));
    assert_eq!(plain.keys().collect::<Vec<_>>(), minified.keys().collect::<Vec<_>>());
    for (path, html) in &plain {
        assert!(minified[path].len() < html.len(), "{path}");
        assert_eq!(words_of(&minified[path]), words_of(html), "{path}");
    }
    assert!(minified["about.html"].contains("</a> <a "), "{}", minified["about.html"]);
    assert_eq!(made("すべて"), (minified, minified_keys.clone()), "the same twice");
    assert!(plain_keys.iter().zip(&minified_keys).all(|(plain, minified)| plain != minified), "made again");
}

#[test]
fn a_misspelt_field_is_found_where_no_page_would_show_it() {
    // Silently false, in a branch that no page takes, and in a template that is only included.
    let theme = themed(
        "-- themes/mine/templates/partials/contact.html --
  {% if page.contact.telefone %}{{ page.contact.office }}{% endif %}
-- themes/mine/templates/partials/correction.html --
<p>{{ correction.item }}</p>
{% if correction.was %}<p>{{ correction.become }}</p>{% endif %}
",
    );
    let Checked { value: prepared, diagnostics } = prepare(Sources::from_memory(files(&theme)));
    let found = support::describe(&prepared.sources, &diagnostics);
    let expected = [
        "themes/mine/templates/partials/contact.html:1:22 theme-template \"telefone\"",
        "themes/mine/templates/partials/correction.html:2:41 theme-template \"become\"",
    ];
    assert_eq!(found, expected);
    let help: Vec<&str> = diagnostics.iter().flat_map(|it| &it.help).map(|help| help.ja.as_ref()).collect();
    assert_eq!(help, ["「telephone」のことですか。", "使えるもの: date, item, was, now, why（docs/themes.md）"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_give_a_document_or_a_finding(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut text = b"---\n".to_vec();
        text.extend(&bytes);
        for path in ["content/2025/planning/1-01.md", "content/2025/planning/1-01.result.md", "content/departments/x.md"] {
            let kind = document::kind(path).expect("a document");
            for bytes in [&text, &bytes] {
                let checked = document::parse(FileId(0), kind.clone(), bytes, &[]);
                for finding in checked.diagnostics {
                    prop_assert!(finding.place.span.end as usize <= bytes.len());
                }
            }
        }
    }

    #[test]
    fn any_change_of_one_document_leaves_a_whole_site(at in 0_usize..400, text in "[\\PC\n]{0,12}", file in 0_usize..8) {
        let mut files = files(CITY);
        let path = files.keys().filter(|path| path.ends_with(".md")).nth(file).cloned().expect("a document");
        let mut changed = String::from_utf8(files[&path].clone()).expect("UTF-8");
        let at = (0..=at.min(changed.len())).rev().find(|at| changed.is_char_boundary(*at)).unwrap_or(0);
        changed.insert_str(at, &text);
        files.insert(path, changed.into_bytes());
        let Checked { value, .. } = prepare(Sources::from_memory(files));
        // With findings or without: every page can be made, and nothing panics.
        let site = output(&value);
        prop_assert!(site.contains_key("index.html"));
    }
}
