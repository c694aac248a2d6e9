//! The same made-up city as a site of other generators, and their preview servers.
//!
//! Bodies are the same, byte for byte. Every goal has its result beside it and two editions; there are pages of years, of
//! departments in a year, and of pillars. What they leave out (panels of findings, contacts, threads, checks) only makes
//! them faster.

use super::browser::exchange;
use super::corpus;
use serde_yaml::{Mapping, Value};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take for anything before it is given up.
const PATIENCE: Duration = Duration::from_secs(240);

/// A generator with a server of its own.
pub struct Peer {
    pub name: &'static str,
    variable: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    write: fn(&Path, usize),
}

/// Those that are known.
pub const PEERS: [Peer; 3] = [
    Peer {
        name: "hugo server",
        variable: "HUGO",
        program: "hugo",
        arguments: &["server", "--bind", "127.0.0.1", "--disableBrowserError", "--port"],
        write: hugo,
    },
    Peer {
        name: "zola serve",
        variable: "ZOLA",
        program: "zola",
        arguments: &["serve", "--debounce", "10", "--port"],
        write: zola,
    },
    Peer {
        name: "zola serve --fast (leaves other pages as they were)",
        variable: "ZOLA",
        program: "zola",
        arguments: &["serve", "--debounce", "10", "--fast", "--port"],
        write: zola,
    },
];

/// A site and the server that shows it.
pub struct Served {
    folder: tempfile::TempDir,
    program: Child,
    address: SocketAddr,
    pub first_page: Duration,
}

impl Peer {
    /// The program, where it is installed: what the variable names, or what the system finds.
    fn installed(&self) -> Option<(String, String)> {
        let program = std::env::var(self.variable).unwrap_or_else(|_| self.program.to_owned());
        // One of them says its version when asked one way, the other when asked another.
        ["version", "--version"].into_iter().find_map(|ask| {
            let said = Command::new(&program).arg(ask).output().ok().filter(|said| said.status.success())?;
            let version = String::from_utf8_lossy(&said.stdout).split(['-', '\n']).next().map(str::to_owned)?;
            Some((program.clone(), version))
        })
    }

    /// Writes its site, for trying things by hand.
    pub fn write_into(&self, dir: &Path, goals: usize) {
        (self.write)(&dir.join(self.program), goals);
    }

    /// Which version is installed; `None` where there is none.
    pub fn version(&self) -> Option<String> {
        self.installed().map(|(_, version)| version)
    }

    /// Writes its site and starts its server.
    pub fn start(&self, goals: usize) -> Served {
        let (program, _) = self.installed().expect("an installed program");
        let folder = tempfile::tempdir().unwrap();
        (self.write)(folder.path(), goals);
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let begun = Instant::now();
        let program = Command::new(program)
            .args(self.arguments)
            .arg(address.port().to_string())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut served = Served { folder, program, address, first_page: Duration::ZERO };
        let (document, page) = served.goal();
        let text = fs::read_to_string(document).unwrap();
        let title = text.split_once("title: ").unwrap().1.lines().next().unwrap().trim_matches(['"', '\'']).to_owned();
        served.until(&page, &title);
        served.first_page = begun.elapsed();
        served
    }
}

impl Served {
    /// A goal's document and its address.
    fn goal(&self) -> (PathBuf, String) {
        let folder = self.folder.path().join("content/2021/schools");
        let mut slugs: Vec<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('_'))
            .collect();
        slugs.sort();
        let name = &slugs[slugs.len() / 2];
        let at = folder.join(name);
        let document = if at.is_dir() { at.join("index.md") } else { at };
        (document, format!("/2021/schools/{}/", name.trim_end_matches(".md")))
    }

    /// Asks for a page again and again until it says something.
    fn until(&mut self, page: &str, what: &str) {
        let request = format!("GET {page} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        let begun = Instant::now();
        loop {
            let is_there = TcpStream::connect(self.address).is_ok();
            let answer = is_there.then(|| exchange(self.address, request.as_bytes())).flatten();
            if answer.is_some_and(|answer| answer.text().contains(what)) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{page} never said {what}");
            assert!(self.program.try_wait().unwrap().is_none(), "the server ended");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Saves a line at the end of a body, and waits until its page says it. Then puts the text back.
    pub fn save(&mut self, number: usize) -> Duration {
        let (document, page) = self.goal();
        let text = fs::read_to_string(&document).unwrap();
        let mark = format!("印{number}印");
        let begun = Instant::now();
        fs::write(&document, format!("{text}\n{mark}\n")).unwrap();
        self.until(&page, &mark);
        let took = begun.elapsed();
        fs::write(&document, &text).unwrap();
        // It may be busy for a while with what it did not have to do for this page.
        let next = format!("印{number}後印");
        std::thread::sleep(Duration::from_millis(300));
        fs::write(&document, format!("{text}\n{next}\n")).unwrap();
        self.until(&page, &next);
        fs::write(&document, &text).unwrap();
        std::thread::sleep(took.min(Duration::from_secs(5)) + Duration::from_millis(300));
        took
    }

    /// The most memory it held so far, in MB.
    pub fn memory(&self) -> f64 {
        super::memory_of(self.program.id(), "VmHWM")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn write(at: PathBuf, text: &str) {
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    fs::write(at, text).unwrap();
}

/// Front matter and body.
fn parts(text: &str) -> (&str, &str) {
    text.strip_prefix("---\n").and_then(|rest| rest.split_once("---\n")).unwrap_or(("", text))
}

/// Year, department, name and ending of a goal's or a result's document.
fn goal(path: &str) -> Option<(&str, &str, &str, bool)> {
    let mut parts = path.strip_prefix("content/")?.split('/');
    let (year, department, name) = (parts.next()?, parts.next()?, parts.next()?);
    let name = name.strip_suffix(".md")?;
    Some((year, department, name.trim_end_matches(".result"), name.ends_with(".result")))
}

const HEAD: &str = "<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
    content=\"width=device-width\"><title>";

fn hugo(dir: &Path, goals: usize) {
    let settings = "baseURL: https://www.example.lg.jp/\ntitle: 緑川市 重点目標と実績\ndisableKinds: [rss, \"404\"]\n\
        taxonomies: { pillar: pillar }\nmarkup: { goldmark: { extensions: { typographer: { disable: true } } } }\n\
        outputFormats: { large: { mediaType: text/html, path: large, baseName: index, isHTML: true, permalinkable: false } }\n\
        outputs: { home: [html], section: [html], taxonomy: [html], term: [html], page: [html, large] }\n";
    write(dir.join("hugo.yaml"), settings);
    let base = |style: &str| {
        format!(
            "{HEAD}{{{{ .Title }}}}</title><style>{style}</style></head><body><a href=\"#main\">本文へ</a><header><a href=\"/\">\
             {{{{ site.Title }}}}</a></header><nav><ol><li><a href=\"/\">トップ</a></li>{{{{ range .Ancestors.Reverse }}}}<li>\
             <a href=\"{{{{ .RelPermalink }}}}\">{{{{ .Title }}}}</a></li>{{{{ end }}}}</ol></nav><main id=\"main\">\
             {{{{ block \"main\" . }}}}{{{{ end }}}}</main><footer>企画課</footer></body></html>\n"
        )
    };
    let row = "<tr><td>{{ .text }}</td><td>{{ delimit .sections \"、\" }}</td><td>{{ .criterion }}</td>\
        <td>{{ .indicator.name }} {{ .indicator.target }}{{ .indicator.unit }}</td>";
    let result = "{{ with .Resources.Get \"result.md\" }}<section id=\"result\"><h2>実績</h2><p>{{ .Params.evaluation }}</p>\
        {{ range .Params.actions }}<p>{{ .result }}（{{ .actual }}）</p>{{ end }}{{ .Content }}</section>{{ end }}";
    let page = format!(
        "{{{{ define \"main\" }}}}<h1>{{{{ .Title }}}}</h1><p>{{{{ .Params.updated }}}}</p><table>{{{{ range .Params.actions }}}}\
         {row}</tr>{{{{ end }}}}</table>{{{{ .Content }}}}{result}<nav>{{{{ with .NextInSection }}}}<a href=\"{{{{ .RelPermalink }}}}\">\
         {{{{ .Title }}}}</a>{{{{ end }}}}{{{{ with .PrevInSection }}}}<a href=\"{{{{ .RelPermalink }}}}\">{{{{ .Title }}}}</a>\
         {{{{ end }}}}</nav>{{{{ end }}}}\n"
    );
    let goals_of = |list: &str| {
        format!(
            "<table>{{{{ range {list} }}}}{{{{ $page := . }}}}{{{{ range .Params.actions }}}}{row}<td><a href=\"{{{{ $page.RelPermalink }}}}\">\
             {{{{ $page.Title }}}}</a></td>{{{{ with $page.Resources.Get \"result.md\" }}}}<td>{{{{ .Params.evaluation }}}}</td>\
             {{{{ end }}}}</tr>{{{{ end }}}}{{{{ end }}}}</table>"
        )
    };
    let links = "<ul>{{ range .Sections }}<li><a href=\"{{ .RelPermalink }}\">{{ .Title }}</a> {{ len .RegularPagesRecursive }}</li>{{ end }}</ul>";
    let list = |goals: &str| {
        format!("{{{{ define \"main\" }}}}<h1>{{{{ .Title }}}}</h1>{{{{ .Content }}}}{links}{goals}{{{{ end }}}}\n")
    };
    write(dir.join("layouts/baseof.html"), &base("body{font-size:1rem}"));
    write(dir.join("layouts/baseof.large.html"), &base("body{font-size:2rem}"));
    write(dir.join("layouts/page.html"), &page);
    write(dir.join("layouts/page.large.html"), &page);
    write(dir.join("layouts/home.html"), &list(""));
    write(dir.join("layouts/section.html"), &list(&goals_of(".RegularPages")));
    write(dir.join("layouts/term.html"), &list(&goals_of(".Pages")));
    write(dir.join("layouts/taxonomy.html"), &list(""));
    for (path, text) in corpus::files(goals) {
        let Some((year, department, name, is_result)) = goal(&path) else { continue };
        let at = dir.join("content").join(year);
        let file = if is_result { "result.md" } else { "index.md" };
        write(at.join(department).join(name).join(file), &text);
        write(at.join("_index.md"), &format!("---\ntitle: {year}年度\n---\n"));
        write(at.join(department).join("_index.md"), &format!("---\ntitle: {department}\n---\n"));
    }
}

fn zola(dir: &Path, goals: usize) {
    let settings = "base_url = \"https://www.example.lg.jp\"\ntitle = \"緑川市 重点目標と実績\"\ndefault_language = \"ja\"\n\
        taxonomies = [{ name = \"pillar\" }]\nbuild_search_index = false\n";
    write(dir.join("config.toml"), settings);
    let base = format!(
        "{HEAD}{{% block title %}}{{% endblock %}}</title><style>body{{font-size:{{% block size %}}1rem{{% endblock %}}}}</style></head><body>\
         <a href=\"#main\">本文へ</a><header><a href=\"/\">{{{{ config.title }}}}</a></header><main id=\"main\">\
         {{% block main %}}{{% endblock %}}</main><footer>企画課</footer></body></html>\n"
    );
    let row = "<tr><td>{{ action.text }}</td><td>{{ action.sections | join(sep=\"、\") }}</td><td>{{ action.criterion }}</td>\
        <td>{{ action.indicator.name }} {{ action.indicator.target }}{{ action.indicator.unit }}</td>";
    let body = format!(
        "<h1>{{{{ goal.title }}}}</h1><p>{{{{ goal.extra.updated }}}}</p><table>{{% for action in goal.extra.actions %}}{row}</tr>{{% endfor %}}\
         </table>{{{{ goal.content | safe }}}}{{% if goal.extra.result %}}{{% set result = get_page(path=goal.extra.result) %}}\
         <section id=\"result\"><h2>実績</h2><p>{{{{ result.extra.evaluation }}}}</p>{{% for action in result.extra.actions %}}\
         <p>{{{{ action.result }}}}（{{{{ action.actual }}}}）</p>{{% endfor %}}{{{{ result.content | safe }}}}</section>{{% endif %}}"
    );
    let template = |before: &str, title: &str, size: &str, main: &str| {
        format!(
            "{{% extends \"base.html\" %}}{{% block title %}}{{{{ {title} }}}}{{% endblock %}}{size}\
             {{% block main %}}{before}{main}{{% endblock %}}\n"
        )
    };
    let near = "<nav>{% if page.lower %}<a href=\"{{ page.lower.permalink }}\">{{ page.lower.title }}</a>{% endif %}\
        {% if page.higher %}<a href=\"{{ page.higher.permalink }}\">{{ page.higher.title }}</a>{% endif %}</nav>";
    let large = "{% set goal = get_page(path=page.extra.goal) %}";
    let goals_of = |list: &str| {
        format!(
            "<table>{{% for goal in {list} %}}{{% for action in goal.extra.actions %}}{row}<td><a href=\"{{{{ goal.permalink }}}}\">\
             {{{{ goal.title }}}}</a></td><td>{{{{ goal.extra.evaluation | default(value=\"\") }}}}</td></tr>{{% endfor %}}{{% endfor %}}</table>"
        )
    };
    let links = "<h1>{{ section.title }}</h1><ul>{% for path in section.subsections %}{% set part = get_section(path=path) %}\
        <li><a href=\"{{ part.permalink }}\">{{ part.title }}</a> {{ part.pages | length }}</li>{% endfor %}</ul>";
    write(dir.join("templates/base.html"), &base);
    write(
        dir.join("templates/page.html"),
        &template("{% set goal = page %}", "page.title", "", &format!("{body}{near}")),
    );
    write(
        dir.join("templates/large.html"),
        &template(large, "page.title", "{% block size %}2rem{% endblock %}", &body),
    );
    write(
        dir.join("templates/section.html"),
        &template("", "section.title", "", &format!("{links}{}", goals_of("section.pages"))),
    );
    write(dir.join("templates/index.html"), &template("", "section.title", "", links));
    write(
        dir.join("templates/taxonomy_list.html"),
        &template(
            "",
            "taxonomy.name",
            "",
            "{% for term in terms %}<a href=\"{{ term.permalink }}\">{{ term.name }}</a>{% endfor %}",
        ),
    );
    write(dir.join("templates/taxonomy_single.html"), &template("", "term.name", "", &goals_of("term.pages")));
    write(dir.join("content/_index.md"), "---\ntitle: 緑川市\n---\n");
    write(dir.join("content/results/_index.md"), "---\ntitle: 実績\nrender: false\n---\n");
    write(dir.join("content/large/_index.md"), "---\ntitle: 大きな文字\nrender: false\n---\n");
    let files = corpus::files(goals);
    let evaluation = |year: &str, department: &str, name: &str| {
        let path = format!("content/{year}/{department}/{name}.result.md");
        let found = files.binary_search_by(|(other, _)| other.cmp(&path)).ok()?;
        parts(&files[found].1).0.lines().find_map(|line| line.strip_prefix("evaluation: "))
    };
    for (path, text) in &files {
        let Some((year, department, name, is_result)) = goal(path) else { continue };
        let (matter, body) = parts(text);
        let mut extra: Mapping = serde_yaml::from_str(matter).unwrap();
        let mut front = Mapping::new();
        let at = dir.join("content");
        let other = format!("{year}-{department}-{name}.md");
        if is_result {
            front.insert("title".into(), "実績".into());
            front.insert("render".into(), false.into());
        } else {
            front.insert("title".into(), extra.remove("title").unwrap());
            front.insert("weight".into(), name.replace('-', "").parse::<u64>().unwrap().into());
            let pillars = Value::Sequence(vec![extra.remove("pillar").unwrap()]);
            front.insert("taxonomies".into(), Value::Mapping([("pillar".into(), pillars)].into_iter().collect()));
            if let Some(level) = evaluation(year, department, name) {
                extra.insert("evaluation".into(), level.into());
                extra.insert("result".into(), format!("results/{other}").into());
            }
            let stub = format!(
                "---\ntitle: 大きな文字\npath: {year}/{department}/{name}/large\ntemplate: large.html\nextra: {{ goal: {year}/{department}/{name}.md }}\n---\n"
            );
            write(at.join("large").join(&other), &stub);
        }
        front.insert("extra".into(), Value::Mapping(extra));
        let text = format!("---\n{}---\n{body}", serde_yaml::to_string(&front).unwrap());
        match is_result {
            true => write(at.join("results").join(&other), &text),
            false => write(at.join(year).join(department).join(format!("{name}.md")), &text),
        }
        let section = |title: &str| format!("---\ntitle: {title}\nsort_by: weight\n---\n");
        write(at.join(year).join("_index.md"), &section(&format!("{year}年度")));
        write(at.join(year).join(department).join("_index.md"), &section(department));
    }
}
