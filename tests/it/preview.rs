//! The preview as a browser, an editor and a stranger meet it: over real sockets, on real files.

use crate::support;

use kohyo::preview::{self, Editor, Options, Preview};
use kohyo::source::Sources;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::browser::{Answer, Tab, exchange, get, without_additions};
use support::soak;
use support::{CITY, TODAY, files, output, prepare_with};

/// A site on disk and its preview.
struct Desk {
    folder: tempfile::TempDir,
    preview: Option<Preview>,
    address: SocketAddr,
}

impl Desk {
    fn new(more: &str) -> Self {
        Self::with(more, |_| {})
    }

    fn with(more: &str, choose: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut all = files(CITY);
        all.extend(files(more));
        for (path, bytes) in all {
            write(&folder.path().join(path), bytes);
        }
        let mut options = Options::new(folder.path(), |_| TODAY);
        options.port = Some(0);
        choose(&mut options);
        let preview = preview::start(options).expect("a preview");
        let address = preview.address();
        Self { folder, preview: Some(preview), address }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn save(&self, path: &str, text: &str) {
        write(&self.path(path), text);
    }

    /// As many editors save: a new file, moved over the old one. Nobody ever sees half of it, so a test that counts what
    /// was told saves like this.
    fn save_by_rename(&self, path: &str, text: &str) {
        let new = self.path(&format!("{path}.tmp~"));
        write(&new, text);
        fs::rename(new, self.path(path)).expect("moved");
    }

    fn get(&self, path: &str) -> Answer {
        get(self.address, path)
    }

    fn tab(&self, path: &str) -> Tab {
        Tab::open(self.address, path)
    }

    /// Every file as a clean build with drafts makes it now.
    fn built(&self) -> BTreeMap<String, Vec<u8>> {
        let sources = Sources::read(self.folder.path()).expect("a site");
        output(&prepare_with(sources, true).value)
    }

    #[track_caller]
    fn equals_a_clean_build(&self) {
        soak::is_as_built(self.address, &self.built());
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(preview) = self.preview.take() {
            preview.stop();
        }
    }
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, text).expect("a file");
}

const GOAL: &str = "content/2026/planning/1-01.md";
const GOAL_PAGE: &str = "/2026/planning/1-01.html";

fn goal(title: &str) -> String {
    format!("---\ntitle: {title}\npillar: 1\nactions: []\n---\n")
}

#[test]
fn everything_that_build_writes_is_served_as_it_writes_it() {
    let attachments = "-- content/2026/planning/plan.csv --\na,b\n-- content/pages/policy.md --
---
title: 方針
---
[計画](../2026/planning/plan.csv)
";
    let desk = Desk::new(attachments);
    desk.equals_a_clean_build();
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/sitemap.xml", "application/xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/2026/planning/plan.csv", "text/csv"),
    ] {
        let answer = desk.get(path);
        assert_eq!((answer.status, answer.header("Content-Type")), (200, Some(kind)), "{path}");
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{path}");
    }
    let policy = desk.get("/").header("Content-Security-Policy").map(str::to_owned).expect("a policy");
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
}

#[test]
fn a_file_of_a_department_is_shown_and_does_nothing() {
    let script = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>fetch('/_preview/')</script></svg>";
    let desk = Desk::new(&format!(
        "-- content/pages/note.svg --\n{script}\n-- content/pages/plan.pdf --\nx\n-- content/pages/a.csv --\na,b\n\
         -- content/pages/evil.html --\n{script}\n-- content/sw.js --\nx\n-- content/pages/fake.pdf --\n{script}\n"
    ));
    let headers = |path: &str| {
        let answer = desk.get(path);
        assert_eq!((answer.status, answer.header("X-Content-Type-Options")), (200, Some("nosniff")), "{path}");
        ["Content-Type", "Content-Disposition", "Content-Security-Policy"]
            .map(|name| answer.header(name).unwrap_or("").to_owned())
    };
    for (path, kind, disposition) in [
        ("/note.svg", "image/svg+xml", ""),
        ("/a.csv", "text/csv", ""),
        ("/evil.html", "application/octet-stream", "attachment"),
        ("/sw.js", "application/octet-stream", "attachment"),
    ] {
        let [found, how, policy] = headers(path);
        assert_eq!((&*found, &*how), (kind, disposition), "{path}");
        assert!(policy.starts_with("sandbox; default-src 'none';") && !policy.contains("script"), "{path}: {policy}");
    }
    // A browser shows PDF on a page of its own, which would stay blank; what is none is shown as none.
    for path in ["/plan.pdf", "/fake.pdf"] {
        assert_eq!(headers(path), ["application/pdf", "", ""], "{path}");
    }
    // Part of a file is no other file.
    let part = exchange(
        desk.address,
        b"GET /note.svg HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-3\r\nConnection: close\r\n\r\n",
    )
    .expect("an answer");
    assert_eq!(part.status, 206);
    assert!(part.header("Content-Security-Policy").is_some_and(|policy| policy.starts_with("sandbox;")));
}

#[test]
fn a_browser_keeps_what_has_a_mark_of_its_content_and_nothing_else() {
    let theme = "-- themes/own/theme.yaml --\ncontract: 1\n-- themes/own/assets/city.css --\nh1 { color: red }\n";
    let city = CITY.replace("organization:", "theme: own\norganization:");
    let desk = Desk::new(&format!("{}{theme}", city.split("-- content/index.md --").next().expect("site.yaml")));
    let control = |path: &str| desk.get(path).header("Cache-Control").map(str::to_owned).expect("a header");
    let marked = |page: &str| -> Vec<String> {
        let links = page.split(['"', '?']).collect::<Vec<_>>();
        links
            .windows(2)
            .filter(|pair| pair[1].starts_with("v="))
            .map(|pair| format!("{}?{}", pair[0], pair[1]))
            .collect()
    };
    let page = desk.get("/").text();
    let found = marked(&page);
    assert!(found.iter().any(|path| path.contains("city.css")) && found.iter().any(|path| path.contains("preview.js")));
    for path in &found {
        let path = format!("/{}", path.trim_start_matches('/'));
        assert!(control(&path).contains("immutable"), "{path}");
        assert_eq!(control(&format!("{path}0")), "no-store");
        assert_eq!(control(path.split('?').next().expect("a path")), "no-store");
    }
    assert_eq!(control("/"), "no-store");
    // Other content is asked for under another mark; under the old one nothing is kept any more.
    let old = found.iter().find(|path| path.contains("city.css")).expect("the style sheet").clone();
    let mut tab = desk.tab("/");
    desk.save_by_rename("themes/own/assets/city.css", "h1 { color: blue }\n");
    tab.until(|_| !desk.get("/").text().contains(&old));
    assert_eq!(control(&format!("/{old}")), "no-store");
    assert!(marked(&desk.get("/").text()).iter().any(|path| path.contains("city.css")));
}

#[test]
fn a_save_is_on_the_page_and_the_page_is_told() {
    let desk = Desk::new("");
    let mut tab = desk.tab(GOAL_PAGE);
    let before = tab.generation;
    desk.save(GOAL, &goal("新しい題"));
    let events = tab.until_seen(before);
    assert!(events.iter().any(|event| event.name == "page"), "{events:?}");
    tab.until(|_| desk.get(GOAL_PAGE).text().contains("新しい題"));
    desk.save_by_rename(GOAL, &goal("名前を変えて保存"));
    tab.until(|_| desk.get(GOAL_PAGE).text().contains("名前を変えて保存"));
    desk.equals_a_clean_build();
}

#[test]
fn a_page_that_would_be_the_same_is_left_alone() {
    let desk = Desk::new("");
    let (mut other, mut home) = (desk.tab("/2025/planning/1-01.large.html"), desk.tab("/"));
    let written = fs::read_to_string(desk.path("content/pillars/finance.md")).expect("a file");
    let before = other.generation;
    desk.save_by_rename("content/pillars/finance.md", &written.replace("健全な財政", "健やかな財政"));
    let events = home.until_seen(before);
    assert!(events.iter().any(|event| event.name == "page"), "the pillar is on the home page: {events:?}");
    let events = other.until_seen(before);
    assert!(events.iter().all(|event| event.name != "page"), "{events:?}");
}

#[test]
fn a_file_saved_as_it_was_changes_nothing() {
    let desk = Desk::new("");
    let mut tab = desk.tab(GOAL_PAGE);
    let before = tab.generation;
    let written = fs::read_to_string(desk.path(GOAL)).expect("a file");
    desk.save_by_rename(GOAL, &written);
    desk.save_by_rename("content/2025/planning/1-01.md", &goal("ほかの目標"));
    let events = tab.until_seen(before);
    assert_eq!(tab.generation, before + 1, "{events:?}");
}

#[test]
fn styles_are_exchanged_without_loading_the_page_again() {
    let theme = "-- themes/own/theme.yaml --\ncontract: 1\n-- themes/own/assets/city.css --\nh1 { color: red }\n";
    let city = CITY.replace("organization:", "theme: own\norganization:");
    let desk = Desk::new(&format!("{}{theme}", city.split("-- content/index.md --").next().expect("site.yaml")));
    let mut tab = desk.tab(GOAL_PAGE);
    let before = tab.generation;
    desk.save_by_rename("themes/own/assets/city.css", "h1 { color: blue }\n");
    let events = tab.until_seen(before);
    assert!(events.iter().any(|event| event.name == "style" && event.data.contains("city.css")), "{events:?}");
    assert!(events.iter().all(|event| event.name != "page"), "{events:?}");
    assert_eq!(desk.get("/assets/city.css").text(), "h1 { color: blue }\n");
}

#[test]
fn files_and_folders_that_come_go_and_move_are_followed() {
    let desk = Desk::new("");
    let mut tab = desk.tab("/");
    desk.save("content/2026/general/2-01.md", &goal("後から来た目標"));
    // 総務部 ended in 2025, so the goal is a finding and no page; its address says so.
    tab.until(|_| desk.get("/2026/general/2-01.html").status == 422);
    fs::rename(desk.path("content/2026/general"), desk.path("content/2025/general")).expect("moved");
    tab.until(|_| desk.get("/2025/general/2-01.html").status == 200);
    tab.until(|_| desk.get("/2026/general/2-01.html").status == 404);
    desk.equals_a_clean_build();
    fs::rename(desk.path("content/2025/general/2-01.md"), desk.path("content/2025/general/2-02.md")).expect("moved");
    tab.until(|_| {
        desk.get("/2025/general/2-02.html").status == 200 && desk.get("/2025/general/2-01.html").status == 404
    });
    fs::remove_dir_all(desk.path("content/2025/general")).expect("removed");
    tab.until(|_| desk.get("/2025/general/2-02.html").status == 404);
    desk.equals_a_clean_build();
}

#[test]
fn a_checkout_of_hundreds_of_files_is_followed() {
    let desk = Desk::new("");
    let mut tab = desk.tab("/");
    for number in 1..=300 {
        desk.save(&format!("content/2026/planning/9-{number}.md"), &goal(&format!("目標その{number}")));
    }
    tab.until(|_| {
        desk.get("/2026/planning/9-300.html").status == 200 && desk.get("/2026/planning/9-1.html").status == 200
    });
    let mut tab = desk.tab("/2026/planning/index.html");
    fs::rename(desk.path("content"), desk.path("elsewhere")).expect("moved");
    fs::rename(desk.path("elsewhere"), desk.path("content")).expect("moved back");
    desk.save(GOAL, &goal("戻った後の題"));
    tab.until(|_| desk.get(GOAL_PAGE).text().contains("戻った後の題"));
    desk.equals_a_clean_build();
}

#[test]
fn a_broken_document_shows_its_findings_at_its_address_and_the_rest_stays() {
    let desk = Desk::new("");
    let mut tab = desk.tab(GOAL_PAGE);
    desk.save(GOAL, "---\ntitle: [\n---\n");
    // The page comes first and what is wrong right after it; the tab may not have been told of either yet.
    tab.until(|_| {
        let answer = desk.get(GOAL_PAGE);
        answer.status == 422 && answer.text().contains("エラー")
    });
    let page = desk.get(GOAL_PAGE).text();
    assert!(page.contains("content/2026/planning/1-01.md:") && page.contains("エラー"), "{page}");
    let elsewhere = desk.get("/").text();
    assert!(
        elsewhere.contains("ほかのページ") && elsewhere.contains("href=\"/2026/planning/1-01.html\""),
        "{elsewhere}"
    );
    assert_eq!(desk.get("/2025/planning/1-01.html").status, 200);
    desk.save(GOAL, &goal("直した題"));
    tab.until(|_| {
        let page = desk.get(GOAL_PAGE).text();
        page.contains("直した題") && page.contains("aria-label=\"プレビューの指摘\" hidden>")
    });
    assert!(!desk.get(GOAL_PAGE).text().contains("エラー"));
    assert!(desk.get(GOAL_PAGE).text().contains("aria-label=\"プレビューの指摘\" hidden>"));
}

#[test]
fn findings_are_text_whatever_is_in_them() {
    let desk = Desk::new(
        "-- content/2026/planning/1-01.md --\n---\ntitle: x\npillar: \"<img src=x onerror=alert(1)>\"\nactions: []\n---\n",
    );
    let mut tab = Tab::subscribe(desk.address, "/_preview/events?path=index.html");
    tab.until(|tab| tab.generation > 0 && tab.examined == tab.generation);
    for path in ["/", GOAL_PAGE, "/_preview/"] {
        let page = desk.get(path).text();
        assert!(page.contains("&lt;img src=x"), "{path}");
        assert!(!page.contains("<img src=x"), "{path}");
    }
}

#[test]
fn a_theme_at_fault_shows_where_and_comes_back() {
    let theme =
        "-- themes/own/theme.yaml --\ncontract: 1\n-- themes/own/templates/screen/goal.html --\n{{ goal.nothing }}\n";
    let city = CITY.replace("organization:", "theme: own\norganization:");
    let desk = Desk::new(&format!("{}{theme}", city.split("-- content/index.md --").next().expect("site.yaml")));
    let page = desk.get(GOAL_PAGE);
    assert_eq!(page.status, 500);
    assert!(page.text().contains("themes/own/templates/screen/goal.html:1:"), "{}", page.text());
    assert_eq!(desk.get("/").status, 200);
    let mut tab = desk.tab(GOAL_PAGE);
    fs::remove_file(desk.path("themes/own/templates/screen/goal.html")).expect("removed");
    tab.until(|_| desk.get(GOAL_PAGE).status == 200);
    desk.equals_a_clean_build();
}

#[test]
fn the_site_is_shown_as_citizens_see_it_on_a_day() {
    let later = "-- content/2026/planning/1-02.md --\n---\ntitle: 来年度の目標\npillar: 1\npublish_at: 2026-12-01\nactions: []\n---\n";
    let desk = Desk::new(later);
    assert!(desk.get("/2026/planning/").text().contains("来年度の目標"));
    let before = desk.get("/_preview/on/2026-11-30/2026/planning/");
    assert_eq!(before.status, 200);
    assert!(!before.text().contains("来年度の目標") && before.text().contains("2026-11-30"));
    assert_eq!(desk.get("/_preview/on/2026-11-30/2026/planning/1-02.html").status, 404);
    let after = desk.get("/_preview/on/2026-12-01/2026/planning/1-02.html");
    let built = kohyo::pipeline::prepare(
        std::sync::Arc::new(Sources::read(desk.folder.path()).expect("a site")),
        kohyo::prepared::Options {
            as_of: jiff_date("2026-12-01"),
            today: jiff_date("2026-12-01"),
            drafts: false,
            base_url: None,
            published: None,
            asked: Default::default(),
        },
    );
    assert_eq!(
        String::from_utf8_lossy(&without_additions(&after.body)),
        String::from_utf8_lossy(&output(&built.value)["2026/planning/1-02.html"])
    );
    let chosen = desk.get("/_preview/on?date=2026-11-30&path=2026%2Fplanning%2F");
    assert_eq!((chosen.status, chosen.header("Location")), (303, Some("/_preview/on/2026-11-30/2026/planning/")));
    // The page of that day is told, too.
    let mut tab = desk.tab("/_preview/on/2026-12-01/2026/planning/1-02.html");
    desk.save("content/2026/planning/1-02.md", &goal("題を変えた"));
    // Not always with the first snapshot after the save, which may have met a file that was emptied to be written.
    while !tab.until_seen(tab.generation).iter().any(|event| event.name == "page") {}
}

fn jiff_date(text: &str) -> kohyo::value::calendar::Date {
    kohyo::value::calendar::parse_date(text).expect("a date")
}

#[test]
fn a_page_that_missed_a_change_is_told_when_it_asks_again() {
    let desk = Desk::new("");
    let page = desk.get(GOAL_PAGE).text();
    let events = page.split("data-events=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
    let events = events.replace("&amp;", "&");
    let mut tab = desk.tab("/");
    desk.save(GOAL, &goal("見ていない間の題"));
    tab.until_seen(tab.generation);
    let mut back = Tab::subscribe(desk.address, &events);
    let told = back.until_seen(0);
    assert!(told.iter().any(|event| event.name == "page"), "{told:?}");
}

#[test]
fn an_image_that_changed_is_named() {
    let desk = Desk::new(
        "-- content/2026/planning/plan.png --\nold\n-- content/pages/p.md --\n---\ntitle: 図\n---\n![計画の図](../2026/planning/plan.png)\n",
    );
    let mut tab = desk.tab("/p.html");
    desk.save_by_rename("content/2026/planning/plan.png", "new");
    let events = tab.until_seen(tab.generation);
    assert!(
        events.iter().any(|event| event.name == "media" && event.data.contains("2026/planning/plan.png")),
        "{events:?}"
    );
    assert_eq!(desk.get("/2026/planning/plan.png").text(), "new");
}

#[test]
fn files_are_read_in_parts_when_asked() {
    let desk = Desk::new("-- content/pages/film.mp4 --\n0123456789");
    let part = |range: &str| {
        let request =
            format!("GET /film.mp4 HTTP/1.1\r\nHost: localhost\r\nRange: {range}\r\nConnection: close\r\n\r\n");
        let answer = exchange(desk.address, request.as_bytes()).expect("an answer");
        (answer.status, answer.text(), answer.header("Content-Range").map(str::to_owned))
    };
    assert_eq!(part("bytes=2-4"), (206, "234".into(), Some("bytes 2-4/10".into())));
    assert_eq!(part("bytes=-3"), (206, "789".into(), Some("bytes 7-9/10".into())));
    assert_eq!(part("bytes=8-"), (206, "89".into(), Some("bytes 8-9/10".into())));
    assert_eq!(part("bytes=10-").0, 416);
    assert_eq!(part("lines=1-2").0, 200);
}

#[test]
fn the_preview_looks_now_and_then_where_no_events_come() {
    let desk = Desk::with("", |options| options.poll = true);
    let mut tab = desk.tab(GOAL_PAGE);
    desk.save(GOAL, &goal("見に行って見つけた題"));
    tab.until(|_| desk.get(GOAL_PAGE).text().contains("見に行って見つけた題"));
    fs::remove_file(desk.path(GOAL)).expect("removed");
    tab.until(|_| desk.get(GOAL_PAGE).status == 404);
}

#[test]
fn a_preview_starts_before_there_is_anything() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut options = Options::new(folder.path(), |_| TODAY);
    options.port = Some(0);
    let preview = preview::start(options).expect("a preview");
    let address = preview.address();
    assert_eq!(get(address, "/").status, 200);
    let mut tab = Tab::open(address, "/");
    for (path, bytes) in files(CITY) {
        write(&folder.path().join(path), bytes);
    }
    tab.until(|_| get(address, GOAL_PAGE).status == 200 && get(address, "/").text().contains("青葉市"));
    preview.stop();
}

#[test]
fn the_next_free_port_is_taken() {
    let with_any = |options: &mut Options| options.port = None;
    let (one, two) = (Desk::with("", with_any), Desk::with("", with_any));
    assert_ne!(one.address.port(), two.address.port());
    assert!(one.address.ip().is_loopback());
    let taken = one.address.port();
    let mut options = Options::new(one.folder.path(), |_| TODAY);
    options.port = Some(taken);
    let error = preview::start(options).err().expect("the port is taken");
    assert!(format!("{error:#}").contains(&taken.to_string()), "{error:#}");
}

#[test]
fn editors_find_what_is_missing_and_what_is_not_published() {
    let more = "-- content/2025/planning/1-02.md --\n---\ntitle: 実績のない目標\npillar: 1\nactions: []\n---\n\
-- content/2026/planning/1-02.md --\n---\ntitle: 下書きの目標\npillar: 1\ndraft: true\nactions: []\n---\n\
-- content/2026/planning/1-03.md --\n---\ntitle: 来月の目標\npillar: 1\npublish_at: 2026-12-01\nactions: []\n---\n";
    let desk = Desk::new(more);
    let page = desk.get("/_preview/").text();
    for text in
        ["実績のない目標", "content/2025/planning/1-02.result.md", "下書きの目標", "来月の目標", "2026-12-01", "企画部"]
    {
        assert!(page.contains(text), "{text}");
    }
    let mine = desk.get("/_preview/?department=general").text();
    assert!(!mine.contains("2025/planning/1-02.result.md"));
    let mut board = Tab::subscribe(desk.address, "/_preview/events?board=0.0");
    assert_eq!(board.next().name, "page");
}

#[test]
fn goals_of_a_year_that_is_not_over_are_not_missing_their_results() {
    // Next year's goals are being written.
    let next =
        "-- content/2027/planning/1-01.md --\n---\ntitle: 来年度の目標\npillar: 1\ndraft: true\nactions: []\n---\n";
    let page = Desk::new(next).get("/_preview/").text();
    let start = page.find("id=\"missing\"").expect("the list");
    let list = &page[start..start + page[start..].find("<h2").expect("another")];
    assert!(list.contains("ありません。"), "{list}");
}

#[test]
fn late_results_are_told_once_and_counted_as_citizens_see_them() {
    let site = CITY.replace("columns:", "calendar: { results: 6 }\ncolumns:");
    let of_2024 = |name: &str, more: &str| {
        format!("-- content/2024/planning/{name}.md --\n---\ntitle: 目標 {name}\npillar: 1\n{more}actions: []\n---\n")
    };
    // The link is a mistake for citizens only: once it is told, so is all that they see.
    let link = "-- content/pages/plan.md --\n---\ntitle: 計画\n---\n[次の目標](../2024/planning/1-02.md)\n";
    let desk = Desk::new(&[&site, &of_2024("1-01", ""), &of_2024("1-02", "draft: true\n"), link].concat());
    let mut tab = Tab::subscribe(desk.address, "/_preview/events?path=index.html");
    let board = || desk.get("/_preview/").text();
    tab.until(|_| board().contains("まだ公表されていません"));
    let board = board();
    assert_eq!(board.matches("2024年度の実績がまだありません").count(), 1, "{board}");
    assert!(board.contains("（目標1件。"), "{board}");
}

#[cfg(unix)]
#[test]
fn a_place_is_opened_in_the_editor() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let command = format!("cp {{file}} '{}'", pipe.display());
    let desk = Desk::with("", |options| options.editor = Editor::parse(&command).expect("a command"));
    let page = desk.get(GOAL_PAGE).text();
    let token = page.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    let post = |headers: &str, form: &str| {
        let length = form.len();
        let request = format!(
            "POST /_preview/open HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{form}"
        );
        exchange(desk.address, request.as_bytes()).expect("an answer").status
    };
    let form = format!("token={token}&file=content%2F2026%2Fplanning%2F1-01.md&line=2&column=1");
    assert_eq!(post("", &form), 303);
    // Reading waits until the command has written the file it was given.
    assert_eq!(fs::read(&pipe).expect("the command ran"), fs::read(desk.path(GOAL)).expect("a file"));
    for (headers, form, status) in [
        ("", "file=content%2F2026%2Fplanning%2F1-01.md".to_owned(), 403),
        ("", form.replace(token, "0"), 403),
        ("Origin: https://evil.example\r\n", form.clone(), 403),
        ("Sec-Fetch-Site: cross-site\r\n", form.clone(), 403),
        ("", format!("token={token}&file=..%2F..%2Fetc%2Fpasswd"), 404),
        ("", format!("token={token}&file=%2Fetc%2Fpasswd"), 404),
    ] {
        assert_eq!(post(headers, &form), status, "{headers}{form}");
    }
}

/// The path in front of every address of a private preview.
fn base(desk: &Desk) -> String {
    let url = desk.preview.as_ref().expect("it runs").url();
    url.split_once(&desk.address.to_string()).expect("its address").1.to_owned()
}

#[test]
fn a_private_preview_is_whole_behind_its_secret() {
    let more = "-- content/pages/broken.md --\n---\ntitle: [\n---\n\
-- content/2026/planning/1-02.md --\n---\ntitle: 下書きの目標\npillar: 1\ndraft: true\nactions: []\n---\n";
    let desk = Desk::with(more, |options| {
        options.private = true;
        options.editor = Editor::parse("true").expect("a command");
    });
    let base = base(&desk);
    assert!(base.len() == 34 && base[1..33].bytes().all(|byte| byte.is_ascii_hexdigit()), "{base}");
    let behind = |path: &str| desk.get(&format!("{}{}", base.trim_end_matches('/'), path));
    // Everything is as it is built, but for what the preview adds, and where the page for lost ways begins.
    for (path, bytes) in desk.built() {
        let shown = behind(&format!("/{}", kohyo::text::address::encode(&path)));
        assert_eq!(shown.status, 200, "{path}");
        let shown = match path.ends_with(".html") {
            true => without_additions(shown.text().replace(&base, "/").as_bytes()),
            false => shown.body,
        };
        assert!(shown == bytes, "{path} is not as a clean build makes it");
    }
    // Every address that does not begin where the page is begins with the secret, and leads to something.
    let mut open = ["/", "/_preview/", "/nowhere", "/broken.html", "/_preview/on/2026-11-23/", "/404.html", GOAL_PAGE]
        .map(|path| format!("{base}{}", path.trim_start_matches('/')))
        .to_vec();
    let mut seen = BTreeSet::new();
    while let Some(address) = open.pop() {
        if !seen.insert(address.clone()) || address.contains("/_preview/events") {
            continue;
        }
        let answer = desk.get(address.split('#').next().unwrap_or_default());
        assert!(matches!(answer.status, 200 | 302 | 303 | 404 | 405 | 422), "{address}: {}", answer.status);
        assert!(answer.status != 404 || address.ends_with("nowhere"), "{address} is missing");
        let found = answer.text();
        let absolute = found.match_indices("=\"/").map(|(at, mark)| &found[at + mark.len() - 1..]);
        let absolute = absolute.map(|rest| rest.split('"').next().unwrap_or_default().replace("&amp;", "&"));
        let led = answer.header("Location").map(str::to_owned);
        if answer.header("Content-Type").is_some_and(|kind| kind.starts_with("text/html")) {
            for next in absolute.chain(led) {
                assert!(next.starts_with(&base), "{address} leads to {next}");
                open.push(next);
            }
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
    let chosen = behind("/_preview/on?date=2026-11-23&path=2026%2Fplanning%2F1-01.html");
    assert_eq!(chosen.header("Location"), Some(&*format!("{base}_preview/on/2026-11-23/2026/planning/1-01.html")));
    // What is saved arrives on open pages.
    let mut tab = desk.tab(&format!("{base}2026/planning/1-01.html"));
    desk.save_by_rename(GOAL, &goal("新しい題名"));
    tab.until(|_| behind(GOAL_PAGE).text().contains("新しい題名"));
    // The editor is opened from behind the secret only.
    let page = behind(GOAL_PAGE).text();
    let token = page.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    let form = format!("token={token}&file=content%2F2026%2Fplanning%2F1-01.md");
    for (path, status) in [(format!("{base}_preview/open"), 303), ("/_preview/open".into(), 404)] {
        let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{form}", form.len());
        assert_eq!(exchange(desk.address, head.as_bytes()).expect("an answer").status, status, "{path}");
    }
}

#[test]
fn without_its_secret_a_private_preview_says_nothing() {
    let private = || Desk::with("", |options| options.private = true);
    let (desk, other) = (private(), private());
    let (base, others) = (base(&desk), base(&other));
    assert_ne!(base, others, "it is new at each start");
    let ask = |request: &str| {
        let answer = exchange(desk.address, format!("{request}\r\nConnection: close\r\n\r\n").as_bytes());
        let answer = answer.expect("an answer");
        (answer.status, answer.head.clone(), answer.text())
    };
    let refused = ask("GET / HTTP/1.1\r\nHost: localhost");
    assert_eq!((refused.0, &*refused.2), (404, "not found\n"));
    let secret = base.trim_matches('/');
    let mut wrong: Vec<String> = [
        "/index.html",
        "/_preview/",
        "/_preview/events?path=",
        "/_preview/preview.js",
        "/assets/site.css",
        "/nowhere",
        GOAL_PAGE,
        "/../site.yaml",
        "/%ff",
        "//",
        "/?",
        &others,
    ]
    .map(str::to_owned)
    .to_vec();
    wrong.push(format!("/x/{secret}/"));
    wrong.push(format!("/{}/", secret.to_uppercase()));
    wrong.push(format!("/{}/index.html", &secret[..31]));
    wrong.push(format!("/{secret}0/index.html"));
    wrong.push(format!("/%{:02x}{}/", secret.as_bytes()[0], &secret[1..]));
    for at in 0..32 {
        let letter = if &secret[at..=at] == "0" { "1" } else { "0" };
        wrong.push(format!("/{}{letter}{}/", &secret[..at], &secret[at + 1..]));
    }
    // One who knows nothing hears the same whatever is asked, how, and as whom.
    for path in wrong.iter().filter(|path| !path.contains(&format!("/{secret}/")) || path.starts_with("/x")) {
        for method in ["GET", "POST", "DELETE"] {
            assert_eq!(ask(&format!("{method} {path} HTTP/1.1\r\nHost: localhost")), refused, "{method} {path}");
        }
        assert_eq!(ask(&format!("GET {path} HTTP/1.1\r\nHost: evil.example")), refused, "{path}");
        assert_eq!(ask(&format!("GET {path} HTTP/1.1")), refused, "{path}");
    }
    // And the secret does not open it to another site.
    assert_eq!(ask(&format!("GET {base} HTTP/1.1\r\nHost: evil.example")).0, 421);
    assert_eq!(ask(&format!("GET {base} HTTP/1.1\r\nHost: localhost")).0, 200);
}

#[test]
fn strangers_are_refused() {
    let desk = Desk::new("");
    let long = "a".repeat(5000);
    let cases: Vec<(String, u16)> = vec![
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".into(), 421),
        ("GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n".into(), 421),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1.nip.io:80\r\n\r\n".into(), 421),
        ("GET / HTTP/1.1\r\nHost: 192.168.0.1\r\n\r\n".into(), 421),
        ("GET / HTTP/1.1\r\nHost: localhost:80:90\r\n\r\n".into(), 421),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n".into(), 421),
        ("GET / HTTP/1.1\r\n\r\n".into(), 421),
        ("GET / HTTP/1.1\r\nHost: [::1]:8100\r\n\r\n".into(), 200),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1:8100\r\n\r\n".into(), 200),
        ("GET / HTTP/1.1\r\nHost: LOCALHOST\r\n\r\n".into(), 200),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".into(), 405),
        ("DELETE /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 405),
        ("TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 405),
        ("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /_preview/open HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 405),
        ("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /../site.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /..%2fsite.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /..%5csite.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET //server/share HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /site.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 404),
        ("GET /content/index.md HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 404),
        ("GET /_preview/../site.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /_preview/on/2026-01-01/../../x HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        ("GET /_preview/on/yesterday/ HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 404),
        ("GET /_preview/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 404),
        (
            "GET /_preview/events?path=index.html HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n"
                .into(),
            403,
        ),
        (
            "GET /_preview/events?path=index.html HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n"
                .into(),
            403,
        ),
        ("GET /_preview/events?path=../x HTTP/1.1\r\nHost: localhost\r\n\r\n".into(), 400),
        (format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n"), 414),
        (format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", long.repeat(10)), 414),
        (format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", long.repeat(10)), 431),
        (format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "A: b\r\n".repeat(100)), 431),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n".into(), 413),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n".into(), 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".into(), 411),
        ("nonsense\r\n\r\n".into(), 400),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n".into(), 400),
        ("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n".into(), 400),
    ];
    for (request, status) in cases {
        let shown: String = request.chars().take(100).collect();
        let answer = exchange(desk.address, request.as_bytes()).unwrap_or_else(|| panic!("no answer: {shown:?}"));
        assert_eq!(answer.status, status, "{shown:?}");
        assert!(!answer.text().contains("root:"), "{shown:?}");
        if status == 405 {
            assert!(answer.header("Allow").is_some(), "{shown:?}");
        }
    }
    assert_eq!(desk.get("/").status, 200);
}

#[test]
fn slow_and_rude_clients_keep_nobody_waiting() {
    let desk = Desk::new("");
    let connect = || TcpStream::connect(desk.address).expect("a connection");
    // Half a request, kept open; a request without waiting for the answer; a connection and nothing more.
    let mut slow: Vec<TcpStream> = Vec::new();
    for number in 0..60 {
        let mut stream = connect();
        match number % 3 {
            0 => stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").expect("sent"),
            1 => {
                stream.write_all(b"GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
                drop(stream);
                continue;
            }
            _ => {}
        }
        slow.push(stream);
    }
    let mut tab = desk.tab(GOAL_PAGE);
    desk.save(GOAL, &goal("それでも見える題"));
    tab.until(|_| desk.get(GOAL_PAGE).text().contains("それでも見える題"));
    // More than are allowed: some are told that it is busy, and when they leave there is room again.
    slow.extend((0..300).map(|_| connect()));
    drop(slow);
    let mut number = 0;
    tab.until(|_| {
        let request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        number += 1;
        desk.save(GOAL, &goal(&format!("{number}回目の題")));
        exchange(desk.address, request).is_some_and(|answer| answer.status == 200)
    });
}

#[test]
fn without_a_body_the_head_is_the_same() {
    let desk = Desk::new("");
    let ask = |method: &str| {
        let request = format!("{method} / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        exchange(desk.address, request.as_bytes()).expect("an answer")
    };
    let (get, head) = (ask("GET"), ask("HEAD"));
    assert_eq!(get.head, head.head);
    assert!(head.body.is_empty());
    assert_eq!(desk.get("/2026").header("Location"), Some("/2026/"));
    assert_eq!(desk.get("/2026/planning/1-01").header("Location"), Some("/2026/planning/1-01.html"));
    let missing = desk.get("/2031/");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("kohyo-preview"));
    // Where `base_url` has a path, the site is there, too: that is where the 404 page's links lead.
    assert_eq!(desk.get("/goals/assets/site.css").status, 200);
}

#[test]
fn two_editors_see_every_save_and_nothing_is_stale() {
    let more: String = (1..=8)
        .map(|number| {
            format!(
                "-- content/2026/planning/2-{number}.md --\n{}-- content/2025/general/2-{number}.md --\n{}",
                goal("一"),
                goal("二")
            )
        })
        .collect();
    let desk = Desk::new(&more);
    let folders = ["2026/planning", "2025/general"];
    let work = soak::two_editors(desk.folder.path(), desk.address, folders, 40, Duration::MAX);
    assert_eq!(work.saves, 80);
    desk.equals_a_clean_build();
}

/// The city, with more in its settings.
#[cfg(feature = "pdf")]
fn city_that_says(settings: &str) -> String {
    CITY.replacen("title: 青葉市 組織目標\n", &format!("title: 青葉市 組織目標\n{settings}"), 1)
}

#[cfg(feature = "pdf")]
const BOOKLETS: &str = "pdf: { pages: [goal], sizes: [12, 22] }\n";

/// What a page says of its booklets.
#[cfg(feature = "pdf")]
fn booklet_links(desk: &Desk) -> Vec<String> {
    let text = desk.get(GOAL_PAGE).text();
    let links =
        text.split("1-01").skip(1).filter(|part| part.starts_with(".pdf\"") || part.starts_with("-large.pdf\""));
    links.map(|part| part.split(['>', '<']).nth(1).unwrap_or_default().trim().to_owned()).collect()
}

#[cfg(feature = "pdf")]
#[test]
fn a_page_does_not_wait_for_its_booklets_and_is_told_of_them() {
    let desk = Desk::new(&city_that_says(BOOKLETS));
    // Setting a booklet in a test takes far longer than this answer.
    assert_eq!(booklet_links(&desk), ["印刷用PDF", "大きな文字（22ポイント）のPDF"]);
    let mut tab = desk.tab(GOAL_PAGE);
    let events = tab.until(|_| booklet_links(&desk).iter().all(|link| link.contains("ページ、")));
    assert!(events.iter().any(|event| event.name == "page"), "an open page was not told: {events:?}");
    // Then it says what a build publishes.
    let built = &desk.built()[&GOAL_PAGE[1..]];
    assert!(without_additions(&desk.get(GOAL_PAGE).body) == *built, "not as a build publishes it");
}

#[cfg(feature = "pdf")]
#[test]
fn a_booklet_that_cannot_be_set_is_found_behind_the_page() {
    let faulty = "-- themes/mine/theme.yaml --
extends: default
contract: 1
-- themes/mine/print/goal.typ --
#let nonsense = missing-name
";
    let desk = Desk::new(&(city_that_says(&format!("theme: mine\n{BOOKLETS}")) + faulty));
    let mut tab = desk.tab(GOAL_PAGE);
    assert_eq!(desk.get(GOAL_PAGE).status, 200);
    let is_told = |text: &str| text.contains("themes/mine/print/goal.typ");
    tab.until(|_| is_told(&desk.get(GOAL_PAGE).text()));
    // It stays while the site stays, however often it is examined and asked for.
    tab.until(|tab| tab.examined == tab.generation);
    assert!(is_told(&desk.get(GOAL_PAGE).text()));
    assert_eq!(booklet_links(&desk), ["印刷用PDF", "大きな文字（22ポイント）のPDF"]);
}

#[test]
fn addresses_without_their_last_slash_lead_on_with_what_is_asked() {
    let desk = Desk::new("");
    let led = |path: &str| {
        let answer = desk.get(path);
        let to = answer.header("Location").map(str::to_owned);
        (answer.status, to)
    };
    let to = |address: &str| (302, Some(address.to_owned()));
    assert_eq!(led("/_preview"), to("/_preview/"));
    assert_eq!(led("/_preview?department=planning"), to("/_preview/?department=planning"));
    // The address of the published site, of a year, of a department in it, of a day.
    assert_eq!(led("/goals"), to("/goals/"));
    assert_eq!(led("/goals?q=1&r=%E7%9B%AE"), to("/goals/?q=1&r=%E7%9B%AE"));
    assert_eq!(led("/2026"), to("/2026/"));
    assert_eq!(led("/2026/planning?x"), to("/2026/planning/?x"));
    assert_eq!(led("/_preview/on/2026-12-01"), to("/_preview/on/2026-12-01/"));
    assert_eq!(led("/_preview/on/2026-12-01/2026"), to("/_preview/on/2026-12-01/2026/"));
    for found in ["/goals/", "/_preview/", "/_preview/on/2026-12-01/"] {
        assert_eq!(desk.get(found).status, 200, "{found}");
    }
    for missing in ["/_previews", "/goal", "/_preview/on/yesterday"] {
        assert_eq!(desk.get(missing).status, 404, "{missing}");
    }
    // Behind a secret, too; what is before the site is no part of it.
    let desk = Desk::with("", |options| options.private = true);
    let url = desk.preview.as_ref().expect("a preview").url();
    let base = format!("/{}", url.trim_end_matches('/').rsplit('/').next().expect("a secret"));
    let answer = |path: &str| get(desk.address, path);
    assert_eq!(answer(&base).header("Location"), Some(&*format!("{base}/")));
    assert_eq!(answer(&format!("{base}/_preview?x")).header("Location"), Some(&*format!("{base}/_preview/?x")));
    assert_eq!(answer(&format!("{base}x")).status, 404);
    assert_eq!(answer("/_preview").status, 404);
}

#[test]
fn who_is_refused_for_a_name_is_told_what_to_open() {
    let named = |desk: &Desk, host: &str| {
        let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        exchange(desk.address, head.as_bytes()).expect("an answer")
    };
    let desk = Desk::new("");
    let port = desk.address.port();
    let refused = named(&desk, "evil.example");
    assert_eq!(refused.status, 421);
    for told in [&*format!("http://127.0.0.1:{port}/"), "--host 0.0.0.0", "端末に示された住所", "shown at the terminal"]
    {
        assert!(refused.text().contains(told), "{}", refused.text());
    }
    assert!(!refused.text().contains("evil"), "{}", refused.text());
    // Where other machines may see it, each printed address works, and a name is still none.
    let desk = Desk::with("", |options| options.host = std::net::Ipv4Addr::UNSPECIFIED.into());
    let port = desk.address.port();
    let preview = desk.preview.as_ref().expect("a preview");
    for url in [vec![preview.url()], preview.urls_for_others()].concat() {
        let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let address: SocketAddr = host.parse().expect("an address in figures");
        assert_eq!((get(address, "/").status, address.ip().is_unspecified()), (200, false), "{url}");
        let desk_at = Desk { address, preview: None, folder: tempfile::tempdir().expect("a folder") };
        assert_eq!(named(&desk_at, &host).status, 200, "{url}");
    }
    let refused = named(&desk, &format!("pc-kikaku.local:{port}"));
    assert_eq!(refused.status, 421);
    assert!(
        refused.text().contains("数字の住所") && refused.text().contains("addresses in figures"),
        "{}",
        refused.text()
    );
}
