//! The editors' page: what changed, what is missing, what is not published yet, where everything is.

use super::live::Now;
use super::own::{Own, View, own_head};
use super::panel::{self, Texts, counts};
use super::places;
use crate::diagnostic::Diagnostic;
use crate::document::Publication;
use crate::fields::public;
use crate::plan::{self, Page, Route, Target};
use crate::prepared::Prepared;
use crate::site::{DepartmentId, Goal, GoalId};
use crate::text::address;
use crate::text::html::Html;
use crate::text::language::Language;
use crate::text::place::FileId;
use crate::value::calendar::FiscalYear;
use crate::value::edition::Edition;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Documents that are listed as changed lately.
const RECENT: usize = 12;
/// Longest list of goals or documents.
const LISTED: usize = 200;

/// Makes the page; `department` is the key of the one whose work is listed in full.
pub fn page(own: &Own, now: &Now, department: Option<&str>) -> Html {
    let site = &*now.site;
    let language = own.language;
    let chosen = department.and_then(|key| site.site.find_department(key));
    let board = Board { own, now, site, language, chosen, booklets: booklets(site) };
    let title = language.pick("編集者のページ", "Editors’ page");
    let mut html = own_head(&format!("{title} | {}", site.site.config.title), language);
    html.push_markup("<link rel=\"stylesheet\"");
    html.push_attribute("href", &own.address("preview.css"));
    html.push_markup("><script");
    html.push_attribute("src", &own.address("preview.js"));
    html.push_markup(" defer");
    let events = own.address(&format!("events?board={}.{}", now.generation, now.findings.generation));
    html.push_attribute("data-events", &events);
    html.push_markup("></script></head>\n<body class=\"kohyo-own\"><main>\n<h1>");
    html.push_text(title);
    html.push_markup("</h1>\n");
    board.top(&mut html);
    board.recent(&mut html);
    board.departments(&mut html);
    board.missing(&mut html);
    board.unpublished(&mut html);
    board.findings(&mut html);
    html.push_markup("</main></body></html>\n");
    html
}

struct Board<'b> {
    own: &'b Own,
    now: &'b Now,
    site: &'b Prepared,
    language: Language,
    chosen: Option<DepartmentId>,
    /// PDF booklets by folder.
    booklets: BTreeMap<String, Vec<String>>,
}

/// PDFs that the program makes itself, by the folder they stand in.
fn booklets(site: &Prepared) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for route in site.routes() {
        if matches!(route, Route::Page(..) | Route::Asset(_) | Route::Attachment(_)) {
            continue;
        }
        let path = site.path(route);
        if let Some((folder, _)) = path.rsplit_once('/').filter(|_| path.ends_with(".pdf")) {
            found.entry(folder.to_owned()).or_default().push(path.clone());
        }
    }
    found
}

impl Board<'_> {
    fn words(&self, ja: &'static str, en: &'static str) -> &'static str {
        self.language.pick(ja, en)
    }

    fn heading(&self, id: &'static str, ja: &'static str, en: &'static str, html: &mut Html) {
        html.push_markup("<h2");
        html.push_attribute("id", id);
        html.push_markup(">");
        html.push_text(self.words(ja, en));
        html.push_markup("</h2>\n");
    }

    fn link(&self, path: &str, label: &str, html: &mut Html) {
        html.push_markup("<a");
        html.push_attribute("href", &(self.own.root_of(View::Now) + &address::encode(path)));
        html.push_markup(">");
        html.push_text(label);
        html.push_markup("</a>");
    }

    fn year(&self, year: FiscalYear) -> String {
        self.site.site.config.calendar.short_label(year)
    }

    fn top(&self, html: &mut Html) {
        html.push_markup("<p>");
        self.link("", &self.site.site.config.title, html);
        html.push_markup("　");
        self.link("index.large.html", self.words("大きな文字版", "Large type"), html);
        html.push_markup("</p>\n<p>");
        html.push_text(self.words(
            "保存すると、開いているページが新しくなります。下書きと公表前の文書も見えます。",
            "Save a document and the page you look at is new. Drafts and what is published later are shown, too.",
        ));
        html.push_markup("</p>\n<form class=\"kohyo-choose\"");
        html.push_attribute("action", &self.own.address("on"));
        html.push_markup("><label for=\"date\">");
        html.push_text(self.words("この日に市民に見える状態", "As citizens see it on"));
        html.push_markup("</label> <input type=\"date\" id=\"date\" name=\"date\" required");
        html.push_attribute("value", &self.site.options.as_of.to_string());
        html.push_markup("><input type=\"hidden\" name=\"path\" value=\"\"> <button>");
        html.push_text(self.words("見る", "Show"));
        html.push_markup("</button></form>\n<p>");
        let list = &self.now.findings.list;
        match list.is_empty() {
            true => html.push_text(self.words("指摘はありません。", "There are no findings.")),
            false => {
                html.push_markup("<a href=\"#findings\">");
                html.push_text(&counts(list.iter(), self.language));
                html.push_markup("</a>");
            }
        }
        html.push_markup("</p>\n");
    }

    fn recent(&self, html: &mut Html) {
        let Some(door) = self.site.sources.door() else { return };
        let documents: Vec<(FileId, &str)> = self
            .site
            .sources
            .under("content/")
            .filter(|(_, file)| file.path.ends_with(".md"))
            .map(|(id, file)| (id, &*file.path))
            .collect();
        let mut dated: Vec<(i64, FileId, &str)> =
            documents.par_iter().filter_map(|(id, path)| Some((door.look(path)?.modified(), *id, *path))).collect();
        dated.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.2.cmp(b.2)));
        self.heading("recent", "最近の変更", "Changed lately", html);
        html.push_markup("<ul class=\"kohyo-list\">\n");
        for (_, file, path) in dated.into_iter().take(RECENT) {
            self.document(file, path, "", html);
        }
        html.push_markup("</ul>\n");
    }

    /// A document: its page, its path, its editor.
    fn document(&self, file: FileId, path: &str, note: &str, html: &mut Html) {
        html.push_markup("<li>");
        let title = title_of(self.site, file).unwrap_or_else(|| path.to_owned());
        match places::address_of(self.site, file) {
            Some(address) => {
                html.push_markup("<a");
                html.push_attribute("href", &(self.own.root_of(View::Now) + &address));
                html.push_markup(">");
                html.push_text(&title);
                html.push_markup("</a>");
            }
            None => html.push_text(&title),
        }
        if !note.is_empty() {
            html.push_markup("　<b>");
            html.push_text(note);
            html.push_markup("</b>");
        }
        html.push_markup("<br><span class=\"kohyo-quiet\"><code>");
        html.push_text(path);
        html.push_markup("</code></span> ");
        panel::open(self.own, path, 1, 1, html);
        html.push_markup("</li>\n");
    }

    fn departments(&self, html: &mut Html) {
        let site = &self.site.site;
        self.heading("departments", "部局", "Departments", html);
        html.push_markup("<form class=\"kohyo-choose\"");
        html.push_attribute("action", &self.own.address("#departments"));
        html.push_markup("><label for=\"department\">");
        html.push_text(self.words("自分の部局", "My department"));
        html.push_markup("</label> <select id=\"department\" name=\"department\"><option value=\"\">");
        html.push_text(self.words("すべて", "all"));
        html.push_markup("</option>");
        for (index, department) in site.departments.iter().enumerate() {
            html.push_markup("<option");
            html.push_attribute("value", &department.key);
            html.push_markup(if self.chosen == Some(DepartmentId(index as u32)) { " selected>" } else { ">" });
            html.push_text(&department.matter.name);
            html.push_markup("</option>");
        }
        html.push_markup("</select> <button>");
        html.push_text(self.words("選ぶ", "Choose"));
        html.push_markup("</button></form>\n");
        if site.years.is_empty() {
            return;
        }
        html.push_markup("<div class=\"kohyo-scroll\" tabindex=\"0\" role=\"group\"");
        html.push_attribute("aria-label", self.words("部局の表", "Table of departments"));
        html.push_markup("><table><thead><tr>");
        for (ja, en) in [("部局", "Department"), ("年度", "Year")] {
            html.push_markup("<th scope=\"col\">");
            html.push_text(self.words(ja, en));
            html.push_markup("</th>");
        }
        for (ja, en) in [("目標", "Goals"), ("実績", "Results"), ("下書き・公表前", "Not published")] {
            html.push_markup("<th scope=\"col\">");
            html.push_text(self.words(ja, en));
            html.push_markup("</th>");
        }
        html.push_markup("<th scope=\"col\">");
        html.push_text(self.words("見る", "See"));
        html.push_markup("</th></tr></thead><tbody>\n");
        // All years of one department, or the two that are worked on of all.
        let years = site.years.iter().rev().take(if self.chosen.is_some() { usize::MAX } else { 2 });
        let mut rows: Vec<(DepartmentId, FiscalYear)> = years
            .flat_map(|(year, record)| record.departments.iter().map(|(id, _)| (*id, *year)))
            .filter(|(id, _)| self.chosen.is_none_or(|chosen| chosen == *id))
            .collect();
        rows.sort_by_key(|(id, year)| (*id, std::cmp::Reverse(*year)));
        for (id, year) in rows {
            self.department_row(id, year, html);
        }
        html.push_markup("</tbody></table></div>\n");
    }

    fn department_row(&self, id: DepartmentId, year: FiscalYear, html: &mut Html) {
        let site = &self.site.site;
        let goals = site.department_goals(year, id);
        let results = goals.iter().filter(|goal| goal.outcome.is_some()).count();
        let is_hidden = |publication: &Publication| !publication.is_visible(self.site.options.as_of, false);
        let hidden = goals.iter().filter(|goal| {
            is_hidden(&goal.publication) || goal.outcome.as_deref().is_some_and(|it| is_hidden(&it.publication))
        });
        html.push_markup("<tr><th scope=\"row\">");
        html.push_text(&site.department(id).matter.name);
        html.push_markup("</th><td>");
        html.push_text(&self.year(year));
        html.push_markup("</td>");
        for count in [goals.len(), results, hidden.count()] {
            html.push_markup("<td class=\"kohyo-number\">");
            html.push_number(count);
            html.push_markup("</td>");
        }
        html.push_markup("<td>");
        let page = Page::DepartmentYear(year, id);
        self.link(&plan::address(site, page, Edition::Screen), self.words("画面版", "screen"), html);
        html.push_markup("　");
        self.link(&plan::address(site, page, Edition::Large), self.words("大きな文字版", "large type"), html);
        for path in self.booklets.get(&format!("{year}/{}", site.department(id).key)).into_iter().flatten() {
            html.push_markup("　");
            let name = path.rsplit('/').next().unwrap_or_default();
            let label =
                if name.contains("large") { self.words("PDF（大きな文字）", "PDF, large type") } else { "PDF" };
            self.link(path, label, html);
        }
        html.push_markup("</td></tr>\n");
    }

    /// Goals without a result, of years that are over on the day.
    fn missing(&self, html: &mut Html) {
        let site = &self.site.site;
        self.heading("missing", "実績がまだない目標", "Goals without a result", html);
        let calendar = &site.config.calendar;
        let is_over = |goal: &Goal| calendar.last_day(goal.year) < self.site.options.as_of;
        let goals: Vec<(usize, &Goal)> = site
            .goals
            .iter()
            .enumerate()
            .filter(|(_, goal)| goal.outcome.is_none() && is_over(goal))
            .filter(|(_, goal)| self.chosen.is_none_or(|chosen| chosen == goal.department))
            .collect();
        if goals.is_empty() {
            return self.nothing(html);
        }
        html.push_markup("<ul class=\"kohyo-list\">\n");
        for (index, goal) in goals.iter().take(LISTED) {
            html.push_markup("<li>");
            let page = Page::Goal(GoalId(*index as u32));
            self.link(&plan::address(site, page, Edition::Screen), &goal.title, html);
            html.push_markup("<br><span class=\"kohyo-quiet\">");
            html.push_text(&format!("{} {}", self.year(goal.year), site.department(goal.department).matter.name));
            html.push_markup("　<code>");
            let stem = self.site.sources.path(goal.body.file).trim_end_matches(".md");
            html.push_text(&format!("{stem}.result.md"));
            html.push_markup("</code></span></li>\n");
        }
        html.push_markup("</ul>\n");
        self.more(goals.len(), html);
    }

    fn nothing(&self, html: &mut Html) {
        html.push_markup("<p class=\"kohyo-quiet\">");
        html.push_text(self.words("ありません。", "None."));
        html.push_markup("</p>\n");
    }

    fn more(&self, count: usize, html: &mut Html) {
        if count > LISTED {
            html.push_markup("<p class=\"kohyo-quiet\">");
            html.push_text(&match self.language {
                Language::Japanese => format!("ほか{}件。部局を選ぶと絞られます。", count - LISTED),
                Language::English => format!("{} more; choose a department to see fewer.", count - LISTED),
            });
            html.push_markup("</p>\n");
        }
    }

    /// Drafts, and what is published later with its day.
    fn unpublished(&self, html: &mut Html) {
        let site = &self.site.site;
        self.heading("unpublished", "下書き・公表前の文書", "Drafts and what is published later", html);
        let mut found: Vec<(Publication, FileId)> = Vec::new();
        for goal in site.goals.iter().filter(|goal| self.chosen.is_none_or(|chosen| chosen == goal.department)) {
            found.push((goal.publication, goal.body.file));
            found.extend(goal.outcome.iter().map(|outcome| (outcome.publication, outcome.body.file)));
            found.extend(goal.progress.iter().map(|(_, report)| (report.publication, report.body.file)));
        }
        let of_department = |id: DepartmentId| self.chosen.is_none_or(|chosen| chosen == id);
        let statements = site.statements.iter().filter(|((_, id), _)| of_department(*id)).map(|(_, prose)| prose);
        let others = site.texts.iter().map(|text| &text.prose).chain(site.home.iter()).chain(site.forewords.values());
        let others = others.filter(|_| self.chosen.is_none());
        found.extend(statements.chain(others).map(|prose| (prose.publication, prose.body.file)));
        found.retain(|(publication, _)| !publication.is_visible(self.site.options.as_of, false));
        found.sort_by_key(|(publication, file)| (publication.draft, publication.publish_at, *file));
        if found.is_empty() {
            return self.nothing(html);
        }
        html.push_markup("<ul class=\"kohyo-list\">\n");
        for (publication, file) in found.iter().take(LISTED) {
            let note = match (publication.draft, publication.publish_at, self.language) {
                (false, Some(date), Language::Japanese) => format!("{date} に公表"),
                (false, Some(date), Language::English) => format!("published on {date}"),
                _ => self.words(public::DRAFT.key.ja, "draft").to_owned(),
            };
            self.document(*file, self.site.sources.path(*file), &note, html);
        }
        html.push_markup("</ul>\n");
        self.more(found.len(), html);
    }

    fn findings(&self, html: &mut Html) {
        self.heading("findings", "すべての指摘", "All findings", html);
        let findings = &self.now.findings;
        if findings.list.is_empty() {
            return self.nothing(html);
        }
        html.push_markup("<p>");
        html.push_text(&counts(findings.list.iter(), self.language));
        html.push_markup("</p>\n<ol class=\"kohyo-all\">\n");
        let sources = findings.sources.as_deref().unwrap_or(&self.site.sources);
        let mut texts = Texts::default();
        let mut list: Vec<&Diagnostic> = findings.list.iter().collect();
        list.sort_by_key(|finding| finding.severity);
        for finding in list.iter().take(LISTED) {
            let page =
                places::address_of(self.site, finding.place.file).map(|path| self.own.root_of(View::Now) + &path);
            panel::finding_item(self.own, finding, sources, &mut texts, page, html);
        }
        html.push_markup("</ol>\n");
        if list.len() > LISTED {
            html.push_markup("<p class=\"kohyo-quiet\">");
            html.push_text(&match self.language {
                Language::Japanese => format!("ほか{}件。kohyo check ですべて見られます。", list.len() - LISTED),
                Language::English => format!("{} more; `kohyo check` shows all.", list.len() - LISTED),
            });
            html.push_markup("</p>\n");
        }
    }
}

/// What a document is called by those who read it.
fn title_of(site: &Prepared, file: FileId) -> Option<String> {
    let Target::Page(page, _) = site.plan.target_of(&site.site, file) else { return None };
    let record = &site.site;
    let calendar = &record.config.calendar;
    Some(match page {
        Page::Goal(id) => record.goal(id).title.to_string(),
        Page::Department(id) => record.department(id).matter.name.to_string(),
        Page::Pillar(id) => record.pillar(id).matter.name.to_string(),
        Page::Text(id) => record.text(id).prose.title.as_deref()?.to_owned(),
        Page::DepartmentYear(year, id) => {
            format!("{} {}", calendar.short_label(year), record.department(id).matter.name)
        }
        Page::Year(year) | Page::Results(year) => calendar.short_label(year),
        Page::Home => record.config.title.to_string(),
        _ => return None,
    })
}
