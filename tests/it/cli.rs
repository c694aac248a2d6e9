//! The program as a person uses it: arguments, output, exit codes.

use crate::support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use support::{CITY, files};

struct Site(tempfile::TempDir);

impl Site {
    fn new(more: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut all = files(CITY);
        all.extend(files(more));
        for (path, bytes) in all {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        Self(dir)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("LANG", "ja_JP.UTF-8")
            .output()
            .expect("kohyo runs")
    }
}

/// Output without the time it took.
fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut out = String::new();
    for line in text.lines() {
        let end = match line {
            line if line.ends_with('秒') => line.rfind('。'),
            line if line.ends_with(" s") => line.rfind("; "),
            _ => None,
        };
        out.push_str(end.map_or(line, |end| &line[..end]));
        out.push('\n');
    }
    out
}

#[test]
fn build_publishes_and_says_so_in_one_line() {
    let site = Site::new("");
    let output = site.run(&["build", "--as-of", "2026-11-23"]);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(
        text(&output.stdout),
        "./public に公開しました: 2年度、目標2件、実績1件、18ページ（画面版と大きな文字版、全44ファイル: 新規44・変更0・削除0）\n"
    );
    assert_eq!(output.status.code(), Some(0));
    assert!(site.path().join("public/2026/planning/1-01.large.html").exists());
    let again = site.run(&["build", "--as-of", "2026-11-23", "--lang", "en"]);
    assert!(text(&again.stdout).contains("nothing changed"), "{}", text(&again.stdout));
    assert_eq!(site.run(&["verify"]).status.code(), Some(0));
    fs::write(site.path().join("public/index.html"), "changed").expect("written");
    let verify = site.run(&["verify"]);
    assert_eq!(verify.status.code(), Some(1));
    assert!(text(&verify.stdout).contains("index.html: 内容が違います"), "{}", text(&verify.stdout));
}

#[test]
fn errors_publish_nothing() {
    let site = Site::new("-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: trast\nactions: []\n---\n");
    let output = site.run(&["build", "--as-of", "2026-11-23"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "エラー1件（1ファイル）。何も公開していません。\n");
    assert_eq!(
        text(&output.stderr),
        "エラー[unknown-pillar]: 「trast」という柱はありません。
  --> content/2026/planning/1-02.md:3:9
   3 | pillar: trast
     |         ^^^^^
  = 直し方: 「trust」のことですか。
   3 + pillar: trust
  = 理由: 柱が分からないと、柱ごとのページと集計から漏れます。

"
    );
    assert!(!site.path().join("public").exists());
}

#[test]
fn a_site_that_was_published_stays_when_the_next_one_is_wrong() {
    let site = Site::new("");
    assert_eq!(site.run(&["build"]).status.code(), Some(0));
    let before = fs::read(site.path().join("public/index.html")).expect("published");
    fs::write(site.path().join("content/pillars/trust.md"), "---\nnumber: x\n---\n").expect("written");
    assert_eq!(site.run(&["build"]).status.code(), Some(1));
    assert_eq!(fs::read(site.path().join("public/index.html")).expect("still there"), before);
}

#[test]
fn what_people_did_in_the_public_folder_is_told() {
    let site = Site::new("");
    let build = |more: &[&str]| text(&site.run(&[&["build", "--as-of", "2026-11-23"], more].concat()).stdout);
    build(&[]);
    fs::write(site.path().join("public/index.html"), "by hand").expect("written");
    fs::create_dir(site.path().join("public/more")).expect("a folder");
    for number in 10..22 {
        fs::write(site.path().join(format!("public/more/{number}.html")), "extra").expect("written");
    }
    let said = build(&[]);
    assert!(said.contains("手で変えられていた1件は、作ったとおりにしました: index.html"), "{said}");
    assert!(said.contains("作っていないものが12件あり、そのまま公開されています: more/10.html、"), "{said}");
    assert!(said.contains("more/19.html、…（すべては --verbose で）") && !said.contains("more/20.html"), "{said}");
    // Also where nothing has changed, and all of them where all is asked for.
    let said = build(&["--verbose"]);
    assert!(said.contains("変更なし") && said.contains("more/21.html") && !said.contains("手で"), "{said}");
    let digest =
        said.lines().last().and_then(|line| line.strip_prefix("全体のダイジェスト: ")).expect("a digest").to_owned();

    let verify = |arguments: &[&str]| {
        let output = site.run(&[&["verify"], arguments].concat());
        (output.status.code(), text(&output.stdout))
    };
    let (code, said) = verify(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("余分なものが12件あります") && !said.contains("すべてが"), "{said}");
    fs::remove_dir_all(site.path().join("public/more")).expect("removed");
    let (code, said) = verify(&["--digest", &digest]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("すべてが公開時のまま") && said.contains("2026-11-23 時点"), "{said}");
    let (code, said) = verify(&["--digest", &"0".repeat(64)]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("ダイジェストが、指定したものと違います"), "{said}");
    assert_eq!(verify(&["--digest", "12"]).0, Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_trouble_and_never_a_crash() {
    use std::process::Stdio;
    let site = Site::new("");
    let run = |arguments: &[&str], out: Stdio, err: Stdio| {
        let mut kohyo = Command::new(env!("CARGO_BIN_EXE_kohyo"));
        kohyo.args(arguments).current_dir(site.path()).env_clear().env("LANG", "ja_JP.UTF-8").stdout(out).stderr(err);
        kohyo.spawn().expect("kohyo runs").wait_with_output().expect("it ends")
    };
    let full = || Stdio::from(fs::File::options().write(true).open("/dev/full").expect("a full disk"));
    // A reader that has gone away.
    let gone = || {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        Stdio::from(writer)
    };
    for arguments in [
        &["build", "--timings", "--as-of", "2026-11-23"][..],
        &["check"],
        &["check", "--format", "json"],
        &["verify"],
        &["explain"],
        &["explain", "bad-date"],
        &["--help"],
    ] {
        let output = run(arguments, full(), Stdio::piped());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
        assert_eq!(run(arguments, gone(), Stdio::piped()).status.code(), Some(0), "{arguments:?}");
        for err in [full(), gone()] {
            assert_eq!(run(arguments, Stdio::piped(), err).status.code(), Some(0), "{arguments:?}");
        }
    }
    for arguments in [&["verify", "nowhere"][..], &["build", "--site", "nowhere"], &["bild"]] {
        assert_eq!(run(arguments, gone(), full()).status.code(), Some(2), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_build_that_read_its_files_before_another_published_reads_them_again() {
    let site = Site::new("");
    assert_eq!(site.run(&["build", "--as-of", "2026-11-23"]).status.code(), Some(0));
    let out = site.path().join("public");
    fs::create_dir_all(site.path().join("content/pages")).expect("a folder");
    let other = kohyo::publish::begin(&out, &Default::default()).expect("the lock");
    fs::write(site.path().join("content/pages/new.md"), "---\ntitle: 新しいお知らせ\n---\n\n本文です。\n")
        .expect("written");
    let mut first = Command::new(env!("CARGO_BIN_EXE_kohyo"));
    first.args(["build", "--as-of", "2026-11-23"]).current_dir(site.path()).env_clear().env("LANG", "ja_JP.UTF-8");
    let first = first.stderr(std::process::Stdio::piped()).spawn().expect("kohyo runs");
    // It has read its files when it has opened the lock and waits for it.
    let lock = out.with_file_name(".public.kohyo").join("lock");
    let opened = format!("/proc/{}/fd", first.id());
    let waits = || {
        fs::read_dir(&opened)
            .into_iter()
            .flatten()
            .flatten()
            .any(|it| fs::read_link(it.path()).is_ok_and(|it| it == lock))
    };
    while !waits() {
        std::thread::yield_now();
    }
    fs::write(site.path().join("content/pages/newer.md"), "---\ntitle: 次のお知らせ\n---\n\n本文です。\n")
        .expect("written");
    other.write("index.html", b"published meanwhile").expect("written");
    other.publish(&Default::default()).expect("published");
    let ended = first.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    assert!(text(&ended.stderr).contains("読み直します"), "{}", text(&ended.stderr));
    assert!(out.join("newer.html").exists());
}

#[test]
fn what_was_published_is_not_rolled_back_to_an_earlier_day_unasked() {
    let goal = "---\ntitle: 見学会\npillar: 1\npublish_at: 2026-06-25\nactions: []\n---\n";
    let site = Site::new(&format!("-- content/2026/planning/1-02.md --\n{goal}"));
    let page = site.path().join("public/2026/planning/1-02.html");
    let build = |arguments: &[&str]| site.run(&[&["build"], arguments].concat());
    assert_eq!(build(&["--as-of", "2026-06-25"]).status.code(), Some(0));
    let earlier = build(&["--as-of", "2026-06-24"]);
    assert_eq!(earlier.status.code(), Some(2));
    assert_eq!(
        text(&earlier.stderr),
        "kohyo: ./public には 2026-06-25 の時点のサイトがあります。2026-06-24 の時点で作ると、その間に公表したものが消えます。ほかのフォルダーに作るなら --out で指定し、本当に戻すなら --rollback を付けます。\n"
    );
    assert!(page.exists());
    assert_eq!(build(&["--as-of", "2026-06-24", "--out", "before"]).status.code(), Some(0));
    assert!(!site.path().join("before/2026/planning/1-02.html").exists());
    // What was published is compared with, also where both are past.
    let draft = goal.replace("publish_at: 2026-06-25", "draft: true");
    fs::write(site.path().join("content/2026/planning/1-02.md"), draft).expect("written");
    assert!(text(&build(&["--as-of", "2026-06-26"]).stderr).contains("vanished-goal"));
    assert_eq!(build(&["--as-of", "2026-06-24", "--rollback"]).status.code(), Some(0));
    assert!(!page.exists());
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_public_folder_keeps_no_build_waiting() {
    let site = Site::new("");
    assert_eq!(site.run(&["build"]).status.code(), Some(0));
    for (name, code) in [("kohyo-figures.json", 0), ("kohyo-manifest.json", 2)] {
        let at = site.path().join("public").join(name);
        fs::remove_file(&at).expect("removed");
        assert!(Command::new("mkfifo").arg(&at).status().expect("mkfifo").success());
        fs::create_dir_all(site.path().join("content/pages")).expect("made");
        fs::write(site.path().join("content/pages/new.md"), format!("---\ntitle: 新しいページ\n---\n\n{name}\n"))
            .expect("written");
        let built = site.run(&["build"]);
        assert_eq!(built.status.code(), Some(code), "{name}: {}", text(&built.stderr));
    }
}

#[test]
fn drafts_do_not_come_into_the_published_folder_by_themselves() {
    let site = Site::new(
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: 1\ndraft: true\nactions: []\n---\n\
         -- content/2026/planning/1-02.result.md --\n---\nevaluation: on-plan\nactions: []\n---\n\
         -- content/pages/plan.md --\n---\ntitle: 計画\npublish_at: 2026-12-01\n---\n",
    );
    let refused = site.run(&["build", "--as-of", "2026-11-23", "--drafts"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--drafts --out preview"), "{}", text(&refused.stderr));
    assert!(!site.path().join("public").exists());
    for done in ["に作りました", "は、もう最新です"] {
        let output = site.run(&["build", "--as-of", "2026-11-23", "--drafts", "--out", "preview"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains(&format!("preview {done}: 2年度")), "{}", text(&output.stdout));
        assert!(text(&output.stdout).contains("下書きと公表前の3件を含みます"), "{}", text(&output.stdout));
    }
    let public = site.run(&["build", "--as-of", "2026-11-23"]);
    assert!(text(&public.stdout).starts_with("./public に公開しました"), "{}", text(&public.stdout));
    assert!(!text(&public.stdout).contains("下書き"), "{}", text(&public.stdout));
}

#[test]
fn check_writes_nothing() {
    let site = Site::new("");
    let output = site.run(&["check", "--lang", "en"]);
    assert_eq!(text(&output.stdout), "8 documents checked: no findings\n");
    assert_eq!(output.status.code(), Some(0));
    assert!(!site.path().join("public").exists());
}

#[cfg(feature = "pdf")]
#[test]
fn check_sets_booklets_only_where_it_is_asked_to() {
    let settings = "title: 青葉市 組織目標\ntheme: mine\npdf: { pages: [goal] }\n";
    let site = Site::new(
        &(CITY.replacen("title: 青葉市 組織目標\n", settings, 1)
            + "-- themes/mine/theme.yaml --
extends: default
contract: 1
-- themes/mine/print/goal.typ --
#let nonsense = missing-name
"),
    );
    let quick = site.run(&["check"]);
    assert_eq!(quick.status.code(), Some(0), "{}", text(&quick.stderr));
    let note = text(&quick.stderr);
    assert!(note.contains("--booklets") && note.contains("件"), "{note}");
    let whole = site.run(&["check", "--booklets"]);
    assert_eq!(whole.status.code(), Some(1));
    let found = text(&whole.stderr);
    assert!(found.contains("themes/mine/print/goal.typ:1:17") && !found.contains("--booklets"), "{found}");
    // The same that stops a build.
    let built = site.run(&["build"]);
    assert_eq!(built.status.code(), Some(1));
    assert!(text(&built.stderr).contains("themes/mine/print/goal.typ:1:17"), "{}", text(&built.stderr));
}

#[test]
fn trouble_is_told_from_findings() {
    let site = Site::new("");
    let nowhere = site.run(&["build", "--site", "nowhere"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert_eq!(text(&nowhere.stderr), "kohyo: サイトのフォルダーがありません: nowhere\n");
    assert_eq!(site.run(&["bild"]).status.code(), Some(2));
    assert_eq!(site.run(&["build", "--as-of", "23.11.2026"]).status.code(), Some(2));
    fs::create_dir(site.path().join("public")).expect("a folder");
    fs::write(site.path().join("public/mine.txt"), "mine").expect("written");
    let output = site.run(&["build"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--adopt"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(site.path().join("public/mine.txt")).expect("still there"), "mine");
}

#[test]
fn a_folder_without_a_site_is_named_as_such() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let output = Site(dir).run(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("site.yaml がありません"), "{}", text(&output.stderr));
}

#[test]
fn clean_removes_only_what_kohyo_made() {
    let site = Site::new("");
    assert_eq!(site.run(&["build"]).status.code(), Some(0));
    fs::write(site.path().join("public/mine.txt"), "mine").expect("written");
    assert_eq!(site.run(&["clean"]).status.code(), Some(0));
    assert!(!site.path().join("public/index.html").exists());
    assert_eq!(fs::read_to_string(site.path().join("public/mine.txt")).expect("still there"), "mine");
}

#[test]
fn help_and_version_are_results() {
    let site = Site::new("");
    for arguments in [&["--help"][..], &["--version"], &["build", "--help"]] {
        let output = site.run(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn rules_are_explained() {
    let site = Site::new("");
    let output = site.run(&["explain", "bad-date"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("日付として読めません"), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("    updated: 2026-06-25"), "{}", text(&output.stdout));
    assert!(!text(&output.stdout).contains("Why"), "one language at a time");
    // As it is copied from a finding.
    assert_eq!(site.run(&["explain", "エラー[bad-date]"]).stdout, output.stdout);
    let list = text(&site.run(&["explain", "--lang", "en"]).stdout);
    for rule in kohyo::diagnostic::Rule::ALL {
        assert!(list.contains(rule.name()), "{}", rule.name());
    }
    let unknown = site.run(&["explain", "bad-dat"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("「bad-date」のことですか"), "{}", text(&unknown.stderr));
}

#[test]
fn one_run_may_be_stricter_or_milder() {
    let site = Site::new(
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: trust\nactions: [{ text: 開く, sections: [市民課] }]\n---\n[x](y.md)\n",
    );
    let code = |arguments: &[&str]| site.run(arguments).status.code();
    assert_eq!(code(&["check"]), Some(1));
    assert_eq!(code(&["check", "--allow", "broken-link"]), Some(0));
    assert_eq!(code(&["check", "--allow", "page", "--deny", "warnings"]), Some(1));
    assert_eq!(code(&["check", "--allow", "page", "--deny", "unknown-section"]), Some(1));
    assert_eq!(code(&["build", "--allow", "page", "--allow", "record"]), Some(0));
    let output = site.run(&["check", "--allow", "bad-date"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("弱められません"), "{}", text(&output.stderr));
    let output = site.run(&["check", "--deny", "brokn-link"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("broken-link"), "{}", text(&output.stderr));
}

#[test]
fn programs_read_findings_from_stdout() {
    let site = Site::new("-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: trast\nactions: []\n---\n");
    for format in ["json", "github", "sarif"] {
        let output = site.run(&["check", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert_eq!(text(&output.stderr), "", "{format}");
        assert!(text(&output.stdout).contains("unknown-pillar"), "{format}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&site.run(&["check", "--format", "json"]).stdout).expect("JSON");
    assert_eq!(json["findings"][0]["file"], "content/2026/planning/1-02.md");
    // Started from elsewhere, a file is found by the path from there.
    let name = site.path().file_name().expect("a name").to_str().expect("text");
    let output = Command::new(env!("CARGO_BIN_EXE_kohyo"))
        .args(["check", "--format", "github", "--site", name])
        .current_dir(site.path().parent().expect("a parent"))
        .output()
        .expect("kohyo runs");
    assert!(
        text(&output.stdout).contains(&format!("file={name}/content/2026/planning/1-02.md,line=3")),
        "{}",
        text(&output.stdout)
    );
    assert_eq!(site.run(&["check", "--format", "xml"]).status.code(), Some(2));
}

#[cfg(feature = "pdf")]
#[test]
fn print_makes_booklets_and_says_how_many_sheets_they_take() {
    let site = Site::new("");
    let print = |arguments: &[&str]| {
        let output = site.run(&[&["print", "--as-of", "2026-11-23"], arguments].concat());
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    // The published pair: this year's goals, last year's results.
    let (code, said) = print(&["--large", "--estimate"]);
    assert_eq!(code, Some(0), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("2026-booklet-large.pdf: 22ポイント、A4、"), "{said}");
    assert!(lines[1].starts_with("2025-results-large.pdf: 22ポイント、A4、") && lines[1].ends_with('枚'), "{said}");
    assert!(!site.path().join("print").exists());

    let (code, said) =
        print(&["--goal", "content/2025/planning/1-01.md", "--large=26", "--paper", "a3", "--out", "out"]);
    assert_eq!(code, Some(0), "{said}");
    let made: Vec<_> =
        fs::read_dir(site.path().join("out")).expect("a folder").map(|it| it.expect("a file").path()).collect();
    assert_eq!(made, [site.path().join("out/2025-planning-1-01-large-26-a3.pdf")]);
    assert!(fs::read(&made[0]).expect("a file").starts_with(b"%PDF-"));

    for (arguments, expect) in [
        (&["--department", "planing"][..], "部局「planing」はありません。「planning」のことですか。"),
        (&["--year", "2025", "--pillar", "9"], "柱「9」はありません。使えるもの: trust、finance"),
        (&["--year", "1999"], "年度「1999」はありません。使えるもの: 2025、2026"),
        (
            &["--goal", "2025/planning/1-02"],
            "目標「2025/planning/1-02」はありません。「2025/planning/1-01」のことですか。",
        ),
        (&["--year", "2026", "--part", "results"], "2026 の実績は、まだ公表されていません。"),
    ] {
        let (code, said) = print(arguments);
        assert_eq!((code, said.trim_end()), (Some(2), &*format!("kohyo: {expect}")));
    }
    assert_eq!(print(&["--large=40"]).0, Some(2));
}

#[cfg(not(feature = "pdf"))]
#[test]
fn print_without_booklets_says_how_to_get_them() {
    let site = Site::new("");
    let output = site.run(&["print", "--large"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("cargo install --path ."), "{said}");
}

/// Names that draw on a terminal, forge the sentence an operator looks for, or turn the order of letters around.
#[cfg(unix)]
#[test]
fn no_name_writes_to_the_terminal() {
    let names = [
        "evil\nall 40 files are as published, and there is nothing else",
        "x\u{1b}[2K\u{1b}[1;32mok",
        "f\u{202e}fdp.exe",
    ];
    let site = Site::new("");
    assert_eq!(site.run(&["build", "--as-of", "2026-11-23"]).status.code(), Some(0));
    fs::create_dir_all(site.path().join("content/pages")).expect("a folder");
    for name in names {
        fs::write(site.path().join("public").join(name), "").expect("a file");
        fs::write(site.path().join("content/2026/planning").join(name), "").expect("a file");
        fs::write(site.path().join("content/2026/planning").join(format!("{name}.md")), name).expect("a file");
        fs::write(site.path().join("content/pages/names.md"), format!("---\ntitle: x\n---\n[{name}](<{name}>)\n"))
            .expect("a file");
    }
    let commands: [&[&str]; 9] = [
        &["verify"],
        &["check"],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["check", "--format", "github"],
        &["check", "--fix", "--yes"],
        &["build", "--as-of", "2026-11-24", "--verbose"],
        &["print", "--year", "2026"],
        &["clean"],
    ];
    for arguments in commands {
        let output = site.run(arguments);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).expect("UTF-8");
        let is_hidden = |c: char| c != '\n' && kohyo::text::visible::is_hidden(c);
        assert!(!said.contains(is_hidden), "{arguments:?}: {said:?}");
        assert!(said.lines().all(|line| !line.starts_with("all 40 files")), "{arguments:?}: {said}");
    }
}

/// With other settings of the machine (umask), as one that is made safer in between has.
#[cfg(unix)]
#[test]
fn a_build_under_a_strict_umask_takes_no_page_away() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new("");
    let build = |umask: &str| {
        let line = format!("umask {umask}; exec \"$0\" build --as-of 2026-11-23");
        let output = Command::new("sh")
            .args(["-c", &line, env!("CARGO_BIN_EXE_kohyo")])
            .current_dir(site.path())
            .env("LANG", "ja_JP.UTF-8")
            .output()
            .expect("kohyo runs");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        text(&output.stderr)
    };
    let mode = |path: &str| {
        let metadata = fs::metadata(site.path().join("public").join(path)).expect("a file");
        metadata.permissions().mode() & 0o777
    };
    let (page, index) = ("2026/planning/1-01.html", "2026/planning/index.html");
    assert_eq!(build("022"), "");
    let goal = |slug: &str, title: &str| {
        let text = format!("---\ntitle: {title}\npillar: trust\nactions: []\n---\n");
        fs::write(site.path().join(format!("content/2026/planning/{slug}.md")), text).expect("saved");
    };
    goal("1-01", "別の題");
    goal("1-09", "新しい目標");
    let said = build("077");
    // Pages that are replaced, and the list of files, are as readable as before; what is new is as the machine wants it.
    assert_eq!([page, index, "index.html", "kohyo-manifest.json"].map(mode), [0o644; 4]);
    assert_eq!(mode("2026/planning/1-09.html"), 0o600);
    assert!(said.contains("2026/planning/1-09.html") && said.contains("chmod -R a+rX"), "{said}");
    // Under a usual one it is still told, until somebody does what is said.
    goal("1-01", "さらに別の題");
    assert!(build("022").contains("chmod -R a+rX"));
    let public = site.path().join("public");
    assert!(Command::new("chmod").args(["-R", "a+rX"]).arg(public).status().expect("chmod runs").success());
    assert_eq!(build("022"), "");
    assert_eq!(mode("2026/planning/1-09.html"), 0o644);
}

#[test]
fn what_is_mistyped_is_answered_with_what_to_type() {
    let site = Site::new("");
    fs::create_dir(site.path().join("市 役所")).expect("a folder");
    let said = |arguments: &[&str], language: &str| {
        let output = site.run(&[arguments, &["--lang", language]].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        text(&output.stderr)
    };
    for (arguments, in_japanese, in_english) in [
        (&["buld"][..], "「buld」というコマンドはありません。「build」のことですか", "did you mean `kohyo build`?"),
        (&["preview"], "kohyo serve", "kohyo serve"),
        (&["help"], "kohyo --help", "kohyo --help"),
        (&["公開"], "kohyo build", "kohyo build"),
        (&["zzz"], "使えるもの: build、check", "known: build, check"),
        (&["check", "--fromat", "json"], "「--format」のことですか", "did you mean `--format`?"),
        (&["build", "--estimate"], "kohyo print の指定で", "an option of `kohyo print`"),
        (&["build", "content"], "kohyo build --site content", "kohyo build --site content"),
        (&["check", "市 役所"], "kohyo check --site \"市 役所\"", "kohyo check --site \"市 役所\""),
        (&["check", "site.yaml"], "「site.yaml」はファイルです。--site で", "`site.yaml` is a file"),
        (&["clean", "public"], "kohyo clean --out public", "kohyo clean --out public"),
        (&["explain", "bad-date", "bad-name"], "「bad-name」は余分です", "`bad-name` is one too many"),
        (&["build", "--as-of", "R8.1.1"], "2026-06-25 のように書きます", "write it like 2026-06-25"),
        (&["serve", "--port", "99999"], "0 から 65535 の数です", "a number from 0 to 65535"),
        (&["serve", "--host", "mymachine"], "数字の住所（IP アドレス）です", "an address in figures"),
        (&["build", "--out"], "「--out」の後に、値を書きます", "`--out` needs a value behind it"),
        (&["check", "--yes"], "「--fix」も必要です", "`--fix` is needed as well"),
        (&["print", "--pillar", "1", "--department", "x"], "一緒には使えません", "cannot be used together"),
        (&["build", "--out", "a", "--out", "b"], "1回だけ書きます", "only once"),
        (&["check", "--format", "jsn"], "human、json、github、sarif のどれかです", "human, json, github or sarif"),
        (&[], "コマンドを書きます: build、check", "a command is needed: build, check"),
    ] {
        let (ja, en) = (said(arguments, "ja"), said(arguments, "en"));
        assert!(ja.contains(in_japanese), "{arguments:?}: {ja}");
        assert!(en.contains(in_english), "{arguments:?}: {en}");
        assert!(ja.starts_with("kohyo: ") && ja.contains("使い方: kohyo"), "{ja}");
        assert!(!ja.contains(" / ") && en.is_ascii() == arguments.iter().all(|it| it.is_ascii()), "{ja}{en}");
    }
    assert!(said(&["build", "--site", "site.yaml"], "ja").contains("フォルダーではありません"));
    let help = text(&site.run(&["build", "--help"]).stdout);
    assert!(help.contains("使い方 / Usage: kohyo build") && help.contains("指定 / Options:"), "{help}");
    assert!(!help.contains("Print help"), "{help}");
}

#[cfg(feature = "pdf")]
#[test]
fn the_size_of_large_type_may_stand_behind_a_blank() {
    let site = Site::new("");
    let print = |arguments: &[&str]| {
        let output = site.run(&[&["print", "--estimate", "--as-of", "2026-11-23"], arguments].concat());
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let with_sign = print(&["--large=26"]);
    assert!(with_sign.0 == Some(0) && with_sign.1.contains("26ポイント"), "{with_sign:?}");
    assert_eq!(print(&["--large", "26"]), with_sign);
    assert_eq!(print(&["--large", "22"]), print(&["--large"]));
    assert!(print(&["--large", "20"]).1.contains("18、22、26 のどれかです"));
    // A path is not taken for a size.
    let (code, said) = print(&["--large", "content"]);
    assert!(code == Some(2) && said.contains("--site content"), "{said}");
}

#[test]
fn a_port_that_is_taken_is_told_with_one_that_is_free() {
    let site = Site::new("");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    for (language, advice) in [("ja", "ほかのプログラム"), ("en", "in use by another program")] {
        let output = site.run(&["serve", "--port", &port.to_string(), "--lang", language]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&port.to_string()) && said.contains(advice), "{said}");
        let free = said.split("--port ").nth(1).and_then(|it| it.split([' ', ';']).next()?.parse::<u16>().ok());
        assert!(free.is_some_and(|free| std::net::TcpListener::bind(("127.0.0.1", free)).is_ok()), "{said}");
    }
    // An address of another machine.
    let said = text(&site.run(&["serve", "--host", "192.0.2.1"]).stderr);
    assert!(said.contains("192.0.2.1") && said.contains("--host 0.0.0.0"), "{said}");
}

#[test]
fn a_report_has_every_finding_in_a_form_that_offices_open() {
    let more: String = (10..70)
        .map(|n| format!("-- content/2026/planning/1-{n}.md --\n---\ntitle: 見学会 {n}\npillar: trust\nactions: []\n---\n面積は{n}㎡。\n"))
        .collect();
    let site = Site::new(&more);
    let check =
        |file: &str, more: &[&str]| site.run(&[&["check", "--as-of", "2026-11-23", "--report", file], more].concat());
    let output = check("指摘.txt", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let path = site.path().join("指摘.txt");
    let report = fs::read_to_string(&path).expect("a report");
    assert!(report.starts_with("\u{feff}kohyo check --report: すべての指摘\r\n\r\n"), "{report}");
    assert!(report.contains("ヒント60件（60ファイル）"), "the whole is counted: {report}");
    assert_eq!(report.matches("ヒント[platform-character]: 「㎡」").count(), 60);
    assert!(report.lines().count() > 300 && !report.replace("\r\n", "").contains('\n'), "Windows line ends");
    // What is shown meanwhile is short, and says where the rest is.
    assert!(text(&output.stderr).lines().count() < 30, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("すべての指摘を書きました: "), "{}", text(&output.stdout));
    // A second one takes its place, in any format and language; `--all` shows the same at the terminal.
    let json = check("指摘.txt", &["--format", "json", "--lang", "en"]);
    assert!(json.stdout.starts_with(b"{"), "nothing but JSON on stdout");
    assert!(fs::read_to_string(&path).expect("a report").starts_with("\u{feff}kohyo check --report: all findings\r\n"));
    let all = site.run(&["check", "--as-of", "2026-11-23", "--all"]);
    assert_eq!(text(&all.stderr).matches("ヒント[platform-character]: 「㎡」").count(), 60);

    fs::write(site.path().join("メモ.txt"), "大事").expect("a file");
    fs::create_dir(site.path().join("public")).expect("a folder");
    for refused in [
        "メモ.txt",
        "-",
        "content/指摘.txt",
        "content/2026/planning/1-10.md",
        "public/指摘.txt",
        "public",
        "ない/指摘.txt",
    ] {
        let output = check(refused, &[]);
        assert_eq!(output.status.code(), Some(2), "{refused}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty(), "{refused}: nothing was checked");
    }
    assert_eq!(fs::read(site.path().join("メモ.txt")).expect("there"), "大事".as_bytes());
    #[cfg(unix)]
    {
        // Nor through a link to something else.
        std::os::unix::fs::symlink("メモ.txt", site.path().join("l.txt")).expect("a link");
        assert_eq!(check("l.txt", &[]).status.code(), Some(2));
    }
}
