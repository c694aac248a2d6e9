//! Tables: a table in a scroll region on screens; in large type a list of records, each a list of label and value.
//!
//! Does not know what the columns mean.

use super::Edition;
use super::columns::{self, Fit};
use super::parse::{Caption, Document};
use super::writer::Writer;
use crate::text::html::Html;
use pulldown_cmark::{Alignment, Event, Tag, TagEnd};
use std::ops::Range;

/// Large type repeats the labels in every record. Past this many bytes of labels a table stays a table, so that a
/// table of a thousand columns and rows does not become a page of a million labels.
const MOST_LABELS: usize = 1 << 18;

/// The cells of a table; ranges of events.
pub(super) struct Cells<'t> {
    pub(super) alignments: &'t [Alignment],
    pub(super) header: Vec<Range<usize>>,
    pub(super) rows: Vec<Vec<Range<usize>>>,
    pub(super) end: usize,
}

pub(super) fn cells<'t>(document: &'t Document, table: usize) -> Cells<'t> {
    let alignments: &[Alignment] = match &document.events[table] {
        Event::Start(Tag::Table(alignments)) => alignments,
        _ => &[],
    };
    let mut cells = Cells { alignments, header: Vec::new(), rows: Vec::new(), end: document.events.len() };
    let mut start = table;
    for index in table + 1..document.events.len() {
        match &document.events[index] {
            Event::Start(Tag::TableRow) => cells.rows.push(Vec::with_capacity(alignments.len())),
            Event::Start(Tag::TableCell) => start = index + 1,
            Event::End(TagEnd::TableCell) => cells.rows.last_mut().unwrap_or(&mut cells.header).push(start..index),
            Event::End(TagEnd::Table) => {
                cells.end = index;
                break;
            }
            _ => {}
        }
    }
    cells
}

impl Writer<'_> {
    /// Writes the table that starts at `index`; returns the index of the next event to write.
    pub(super) fn table(&mut self, index: usize, caption: Option<Caption>) -> usize {
        self.is_plain = false;
        let cells = cells(self.document, index);
        let labels: usize = cells.header.iter().map(|cell| self.source_bytes(cell.clone())).sum();
        let is_small = labels.saturating_mul(cells.rows.len()) <= MOST_LABELS;
        let has_records = cells.rows.iter().flatten().any(|cell| !self.is_blank(cell.clone()));
        match self.options.edition {
            Edition::Large if is_small && has_records => self.records(&cells, caption),
            Edition::Large | Edition::Screen => self.grid(&cells, caption),
        }
        cells.end + 1
    }

    fn grid(&mut self, cells: &Cells, caption: Option<Caption>) {
        // The text first, in reading order, because notes are numbered in it; then the table around it.
        let caption = caption.map(|caption| {
            let outer = std::mem::take(&mut self.out);
            self.caption(&caption);
            (caption.text, std::mem::replace(&mut self.out, outer))
        });
        let mut widths = vec![0; cells.header.len()];
        let mut measure = |column: usize, html: Html| {
            let (html, width) = columns::measured(html);
            if let Some(widest) = widths.get_mut(column) {
                *widest = width.max(*widest);
            }
            html
        };
        let mut header = Vec::with_capacity(cells.header.len());
        for (column, cell) in cells.header.iter().enumerate() {
            header.push(measure(column, self.written(cell.clone())));
        }
        let mut rows = Vec::with_capacity(cells.rows.len());
        for row in &cells.rows {
            // Of a table of thousands of columns nearly all cells are blank, and nothing is kept of these.
            let filled = row.iter().enumerate().filter(|(_, cell)| !self.is_blank((*cell).clone()));
            let filled: Vec<_> = filled.collect();
            let texts = filled.into_iter().map(|(column, cell)| (column, measure(column, self.written(cell.clone()))));
            rows.push(texts.collect::<Vec<(usize, Html)>>());
        }
        // In large type, what is still a table has more labels than any paper has room for.
        let fit = match self.options.edition {
            Edition::Screen => Fit::of(&widths, self.containers),
            Edition::Large => Fit::Table,
        };
        let labels: Option<Vec<String>> = (fit == Fit::Records).then(|| header.iter().map(columns::words).collect());

        self.out.push_markup("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\"");
        match &caption {
            Some((text, _)) => self.out.push_attribute("aria-label", text),
            None => {
                // Regions of one name cannot be told apart: 表, 表2, 表3.
                self.tables_without_caption += 1;
                let word = self.options.words.table;
                match self.tables_without_caption {
                    1 => self.out.push_attribute("aria-label", word),
                    number => self.out.push_attribute("aria-label", &format!("{word}{number}")),
                }
            }
        }
        self.out.push_markup(match fit {
            Fit::Table => "><table class=\"table\">\n",
            Fit::Dense => "><table class=\"table table--dense\">\n",
            Fit::Records => "><table class=\"table table--records\">\n",
        });
        if let Some((_, caption)) = &caption {
            self.out.push_markup("<caption>");
            self.out.push(caption);
            self.out.push_markup("</caption>\n");
        }
        self.out.push_markup("<thead>\n<tr>");
        for ((column, cell), html) in cells.header.iter().enumerate().zip(&header) {
            // An empty header would be read as a header; it is a corner.
            let (open, close) =
                if self.is_blank(cell.clone()) { ("<td", "</td>") } else { ("<th scope=\"col\"", "</th>") };
            self.open_cell(open, cells.alignments.get(column), None);
            self.out.push(html);
            self.out.push_markup(close);
        }
        self.out.push_markup("</tr>\n</thead>\n");
        if !rows.is_empty() {
            let has_row_headers = cells.header.first().is_some_and(|cell| self.is_blank(cell.clone()));
            self.out.push_markup("<tbody>\n");
            for (row, texts) in cells.rows.iter().zip(&rows) {
                self.out.push_markup("<tr>");
                let mut texts = texts.iter().peekable();
                for column in 0..row.len() {
                    let text = texts.next_if(|(at, _)| *at == column).map(|(_, html)| html);
                    let is_header = has_row_headers && column == 0 && text.is_some();
                    let (open, close) = if is_header { ("<th scope=\"row\"", "</th>") } else { ("<td", "</td>") };
                    let label = labels.as_ref().and_then(|labels| labels.get(column)).map(String::as_str);
                    let label = label.filter(|label| text.is_some() && !label.trim().is_empty());
                    self.open_cell(open, cells.alignments.get(column), label);
                    if let Some(html) = text {
                        self.out.push(html);
                    }
                    self.out.push_markup(close);
                }
                self.out.push_markup("</tr>\n");
            }
            self.out.push_markup("</tbody>\n");
        }
        self.out.push_markup("</table></div>\n");
    }

    fn cell(&mut self, open: &'static str, close: &'static str, alignment: Option<&Alignment>, cell: &Range<usize>) {
        self.open_cell(open, alignment, None);
        self.write(cell.clone());
        self.out.push_markup(close);
    }

    /// The start of a cell. A label is what paper says before the value, where the heads of columns are not shown.
    fn open_cell(&mut self, open: &'static str, alignment: Option<&Alignment>, label: Option<&str>) {
        self.out.push_markup(open);
        match alignment {
            Some(Alignment::Left) => self.out.push_markup(" class=\"align-left\""),
            Some(Alignment::Center) => self.out.push_markup(" class=\"align-center\""),
            Some(Alignment::Right) => self.out.push_markup(" class=\"align-right\""),
            Some(Alignment::None) | None => {}
        }
        if let Some(label) = label {
            self.out.push_attribute("data-label", &format!("{label}{}", self.options.words.colon));
        }
        self.out.push_markup(">");
    }

    /// One list item per row: cells of unlabelled columns as its title, the others as label and value. Empty cells
    /// say nothing and are left out.
    fn records(&mut self, cells: &Cells, caption: Option<Caption>) {
        if let Some(caption) = &caption {
            self.out.push_markup("<p class=\"caption\"><strong>");
            self.caption(caption);
            self.out.push_markup("</strong></p>\n");
        }
        let is_labelled: Vec<bool> = cells.header.iter().map(|label| !self.is_blank(label.clone())).collect();
        // Labels for all records but the first that has them: there, references to footnotes keep their ids.
        let mut repeated: Vec<Option<Html>> = vec![None; cells.header.len()];
        self.out.push_markup("<ul class=\"records\">\n");
        for row in &cells.rows {
            let shown: Vec<_> = row.iter().enumerate().filter(|(_, cell)| !self.is_blank((*cell).clone())).collect();
            let (pairs, titles): (Vec<_>, Vec<_>) = shown.into_iter().partition(|(column, _)| is_labelled[*column]);
            if pairs.is_empty() && titles.is_empty() {
                continue;
            }
            self.out.push_markup("<li>");
            for (_, title) in titles {
                self.out.push_markup("<p class=\"record-title\"><strong>");
                self.write(title.clone());
                self.out.push_markup("</strong></p>\n");
            }
            let has_pairs = !pairs.is_empty();
            if has_pairs {
                self.out.push_markup("<dl class=\"record\">\n");
            }
            for (column, value) in pairs {
                self.out.push_markup("<dt>");
                match &repeated[column] {
                    Some(label) => self.out.push(label),
                    None => {
                        let label = cells.header[column].clone();
                        self.write(label.clone());
                        self.repeating = true;
                        repeated[column] = Some(self.written(label));
                        self.repeating = false;
                    }
                }
                self.out.push_markup("</dt>");
                self.cell("<dd", "</dd>\n", cells.alignments.get(column), value);
            }
            self.out.push_markup(if has_pairs { "</dl></li>\n" } else { "</li>\n" });
        }
        self.out.push_markup("</ul>\n");
    }

    /// About as many bytes as the author wrote.
    fn source_bytes(&self, events: Range<usize>) -> usize {
        let bytes = |event: &Event| match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => text.len(),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => dest_url.len() + 4,
            _ => 2,
        };
        self.document.events[events].iter().map(bytes).sum::<usize>() + 2
    }

    fn caption(&mut self, caption: &Caption) {
        self.text(caption.first);
        self.write(caption.others.clone());
    }
}
