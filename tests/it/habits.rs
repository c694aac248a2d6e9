//! What people type, through the whole program: links as files are named, headings of results, comments on every page and
//! on paper, two versions that git left.

use crate::support;

use kohyo::diagnostic::{Checked, Rule};
use kohyo::fix;
use kohyo::source::Sources;
use support::{CITY, city_with, describe, files, output, prepare};

/// A site with these files, and what is found in it.
fn site(more: &[(&str, &str)]) -> (Sources, Vec<kohyo::diagnostic::Diagnostic>) {
    let mut all = files(CITY);
    for (path, text) in more {
        all.insert((*path).to_owned(), text.as_bytes().to_vec());
    }
    let Checked { value: _, diagnostics } = prepare(Sources::from_memory(all.clone()));
    (Sources::from_memory(all), diagnostics)
}

fn page(body: &str) -> String {
    format!("---\ntitle: 案内\n---\n{body}\n")
}

const PDF: &str = "%PDF-1.7\n%%EOF\n";

#[test]
fn a_file_is_linked_by_its_name_whatever_signs_are_in_it() {
    for (name, link) in [
        ("100%達成.pdf", "100%達成.pdf"),
        ("100%達成.pdf", "100%25達成.pdf"),
        ("50%.pdf", "./50%.pdf"),
        ("計画 1.pdf", "<計画 1.pdf>"),
        ("計画 1.pdf", "計画%201.pdf"),
        ("計画（案）.pdf", "計画（案）.pdf"),
    ] {
        let body = page(&format!("[達成の資料]({link})"));
        let path = format!("content/pages/{name}");
        let all = [("content/pages/policy.md", &*body), (&*path, PDF)];
        let (sources, findings) = site(&all);
        let links: Vec<String> = describe(&sources, &findings).into_iter().filter(|it| it.contains("-link")).collect();
        assert_eq!(links, [""; 0], "{name} {link}");
    }
}

#[test]
fn the_strokes_of_windows_are_mended_where_they_lead_to_something() {
    for (link, right) in [
        (r"img\map.pdf", "img/map.pdf"),
        (r"..\\pages\\img\\map.pdf", "../pages/img/map.pdf"),
        ("img¥map.pdf", "img/map.pdf"),
        (r"..\..\content\pages\img\map.pdf", "../../content/pages/img/map.pdf"),
        (r"..\departments\planning.md#x", "../departments/planning.md#x"),
    ] {
        let body = page(&format!("[会場の地図]({link})"));
        let (sources, findings) = site(&[("content/pages/policy.md", &*body), ("content/pages/img/map.pdf", PDF)]);
        let finding = findings.iter().find(|it| it.rule == Rule::UnsafeLink).expect(link);
        let change = finding.safe_fix().expect("a safe change");
        let written = std::str::from_utf8(&sources.bytes(change.place.file).unwrap()).unwrap().to_owned();
        let changes = fix::plan(std::slice::from_ref(finding));
        let mended = String::from_utf8(changes[0].apply(written.as_bytes()).unwrap()).unwrap();
        assert_eq!(mended, page(&format!("[会場の地図]({right})")));
    }
    // What is nowhere in the site is on somebody's own machine.
    let body = page(r"[会場の地図](C:\Users\map.pdf)");
    let (_, findings) = site(&[("content/pages/policy.md", &*body)]);
    assert!(findings.iter().any(|it| it.rule == Rule::UnsafeLink && it.safe_fix().is_none()));
}

#[test]
fn a_heading_of_a_result_is_linked_as_its_own_document_names_it() {
    let result = "---\nevaluation: on-plan\nactions:\n  - { result: 3回開いた, actual: 3 }\n---\n## 成果\n";
    let progress = "---\nactions:\n  - { result: 1回開いた }\n---\n## 途中\n";
    let links = page(
        "[成果](../2025/planning/1-01.result.md#成果)、[ページの成果](../2025/planning/1-01.md#result-成果)、\
         [途中](../2025/planning/1-01.progress-2025-09-30.md#途中)、[実績](../2025/planning/1-01.result.md)",
    );
    let all = [
        ("content/2025/planning/1-01.result.md", result),
        ("content/2025/planning/1-01.progress-2025-09-30.md", progress),
        ("content/pages/policy.md", &*links),
    ];
    let mut text = files(CITY);
    text.extend(all.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())));
    let Checked { value, diagnostics } = prepare(Sources::from_memory(text));
    let anchors = diagnostics.iter().filter(|it| it.rule == Rule::BrokenAnchor).count();
    assert_eq!(anchors, 0, "{:?}", describe(&value.sources, &diagnostics));
    let pages = output(&value);
    let html = String::from_utf8_lossy(&pages["policy.html"]).into_owned();
    let goal = String::from_utf8_lossy(&pages["2025/planning/1-01.html"]).into_owned();
    for id in ["result-成果", "progress-2025-09-30-途中"] {
        assert!(goal.contains(&format!("id=\"{id}\"")), "{id}");
        assert!(html.contains(&format!("1-01.html#{id}\"")), "{id} in {html}");
    }
    let wrong = page("[成果](../2025/planning/1-01.result.md#背景)");
    let (_, findings) = site(&[all[0], ("content/pages/policy.md", &*wrong)]);
    assert!(findings.iter().any(|it| it.rule == Rule::BrokenAnchor));
}

#[test]
fn links_that_lead_nowhere_are_errors() {
    for target in ["", "<>", "#", "tel:", "mailto:", "tel:内線", "mailto:市役所", "https://", "http:"] {
        let body = page(&format!("[計画の資料]({target})"));
        let (_, findings) = site(&[("content/pages/policy.md", &*body)]);
        let rules: Vec<Rule> =
            findings.iter().map(|it| it.rule).filter(|rule| *rule != Rule::UnusedAttachment).collect();
        assert_eq!(rules, [Rule::BrokenLink], "{target}");
    }
}

#[test]
fn a_comment_over_paragraphs_items_and_cells_is_on_no_page() {
    const SECRET: &str = "課長に確認中";
    let body = page(
        "見学会を開きます。 <!-- 課長に確認中\n\n結果は課長に確認中 -->\n\n\
         - 会場を選ぶ <!-- 課長に確認中\n- 課長に確認中 -->\n\n\
         | 会場 | 定員 |\n|---|---|\n| 大ホール <!-- 課長に確認中 | --> | 300人 |\n\n\
         説明[^1]。\n\n[^1]: 注 <!-- 課長に確認中\n\n    課長に確認中 --> です。",
    );
    let Checked { value, diagnostics } =
        prepare(city_with(&format!("-- content/pages/policy.md --\n{body}-- content/index.md --\n{}", &body[17..])));
    assert_eq!(describe(&value.sources, &diagnostics), [""; 0]);
    let pages = output(&value);
    assert!(pages.contains_key("policy.large.html"));
    for (path, bytes) in pages {
        assert!(!String::from_utf8_lossy(&bytes).contains(SECRET), "{path}");
    }
}

#[test]
fn two_versions_that_git_left_are_one_error_and_nothing_follows_from_them() {
    let goal =
        "---\n<<<<<<< HEAD\ntitle: 見学会\n=======\ntitle: 説明会\n>>>>>>> planning\npillar: trust\nactions: []\n---\n";
    let body = "---\ntitle: 見学会\npillar: trust\nactions: []\n---\n<<<<<<< HEAD\n3回\n||||||| 前\n2回\n=======\n4回\n>>>>>>> planning\n";
    let settings = String::from_utf8(files(CITY)["site.yaml"].clone()).unwrap();
    let settings = settings.replace("title:", "<<<<<<< HEAD\ntitle: 市\n=======\n>>>>>>> x\ntitle:");
    for (path, text) in
        [("content/2025/planning/1-02.md", goal), ("content/2025/planning/1-02.md", body), ("site.yaml", &settings)]
    {
        let (sources, findings) = site(&[(path, text)]);
        let rules: Vec<Rule> = findings.iter().filter(|it| it.rule != Rule::MissingResult).map(|it| it.rule).collect();
        assert_eq!(rules, [Rule::MergeConflict], "{path} {:?}", describe(&sources, &findings));
    }
}
