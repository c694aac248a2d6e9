//! Tables that their author sees and a reader does not: rows of bars or tabs that Markdown takes for a paragraph.

use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::Text;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;

/// A longer row is not repeated in what its author is told.
const LONGEST_ROW: usize = 200;

/// Every paragraph that was meant to be a table, told where the first row stands.
pub(super) fn broken(file: FileId, source: &str, texts: &[Text]) -> Vec<Diagnostic> {
    let paragraphs = texts.chunk_by(|_, next| !next.opens).filter(|runs| runs.len() > 1);
    paragraphs.filter_map(|runs| paragraph(file, source, runs.first()?.at.start as usize, runs.last()?)).collect()
}

fn paragraph(file: FileId, source: &str, start: usize, last: &Text) -> Option<Diagnostic> {
    let text = source.get(start..last.at.end as usize)?;
    if !text.contains(['\t', '|', '｜']) {
        return None;
    }
    let mut at = start;
    let lines = text.split_inclusive('\n').map(|line| {
        let whole = Line::new(at, line);
        at += line.len();
        whole
    });
    let lines: Vec<Line> = lines.collect();
    let first = lines.windows(2).position(|pair| pair[0].rows.is_some() && pair[0].rows == pair[1].rows)?;
    let (row, rows) = (&lines[first], lines[first].rows?);
    let right = (row.text.len() <= LONGEST_ROW).then(|| {
        let cells = row.cells(rows);
        (format!("| {} |", cells.join(" | ")), format!("|{}", " --- |".repeat(cells.len())))
    });
    let place = Place::new(file, Span::new(row.at, row.at + row.text.len()));
    Some(broken_table(place, rows, right, first > 0))
}

/// A line without what stands around it: white space, and the mark of a quotation.
struct Line<'t> {
    at: usize,
    text: &'t str,
    /// How it tells its cells apart, if it looks like a row.
    rows: Option<Rows>,
}

impl<'t> Line<'t> {
    fn new(at: usize, line: &'t str) -> Self {
        let text = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
        let at = at + line.len() - text.len();
        let text = text.trim_end();
        let bars = text.chars().filter(|c| is_bar(*c)).count();
        let rows = if bars >= 2 && (text.starts_with(is_bar) || text.ends_with(is_bar)) {
            Some(Rows::Bars)
        } else if bars == 0 && text.contains('\t') {
            Some(Rows::Tabs)
        } else {
            None
        };
        Self { at, text, rows }
    }

    fn cells(&self, rows: Rows) -> Vec<&'t str> {
        match rows {
            Rows::Bars => {
                let inner = self.text.strip_prefix(is_bar).unwrap_or(self.text);
                inner.strip_suffix(is_bar).unwrap_or(inner).split(is_bar).map(str::trim).collect()
            }
            Rows::Tabs => self.text.split('\t').map(str::trim).collect(),
        }
    }
}

fn is_bar(c: char) -> bool {
    matches!(c, '|' | '｜')
}

/// How rows that make no table tell their cells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// `| a | b |`, with ASCII or full-width bars.
    Bars,
    /// As a spreadsheet copies them.
    Tabs,
}

/// Rows that were meant to be a table and are a paragraph. `right` is how the first two rows of the table would be
/// written, where that is short enough to say.
pub fn broken_table(place: Place, rows: Rows, right: Option<(String, String)>, follows_text: bool) -> Diagnostic {
    let (ja, en) = match rows {
        Rows::Bars => (
            "この行は表にならず、| も文字のまま見えます。",
            "these rows make no table; their bars are shown as letters",
        ),
        Rows::Tabs => (
            "表計算ソフトから貼り付けた行は、表になりません。1つの文のようにつながって見えます。",
            "rows pasted from a spreadsheet make no table; they run together like a sentence",
        ),
    };
    let (header, rule) = right.unwrap_or_else(|| ("| 会場 | 定員 |".into(), "| --- | --- |".into()));
    let (mut help_ja, mut help_en) = match follows_text {
        true => ("表の上に空の行を1つ入れます。".to_owned(), "leave an empty line above the table; ".to_owned()),
        false => (String::new(), String::new()),
    };
    help_ja += &format!("1行目は「{header}」、2行目は「{rule}」のように書き、3行目からも半角の | で区切ります。");
    help_en += &format!("write `{header}`, then `{rule}`, and put | between the cells of the other rows too");
    Diagnostic::new(Rule::BrokenTable, place, ja, en).help(help_ja, help_en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;

    fn found(body: &str) -> Vec<String> {
        let facts = markdown::facts(body, 0);
        broken(FileId::NONE, body, &facts.texts).iter().map(|it| it.place.span.slice(body).to_owned()).collect()
    }

    #[test]
    fn rows_that_make_no_table_are_found() {
        for body in [
            "会場\t定員\n大ホール\t300人\n",
            "会場\t定員\t備考\r\n大ホール\t\t300人\r\n",
            "| 会場 | 定員 |\n| 大ホール | 300人 |\n",
            "| 会場 | 定員 |\n| --- |\n| 大ホール | 300人 |\n",
            "| 会場 | 定員 |\n|ーーー|ーーー|\n| 大ホール | 300人 |\n",
            "｜会場｜定員｜\n｜---｜---｜\n｜大ホール｜300人｜\n",
            "> | 会場 | 定員 |\n> | 大ホール | 300人 |\n",
        ] {
            let first = body.trim_start_matches("> ").lines().next().unwrap_or_default();
            assert_eq!(found(body), [first], "{body}");
        }
        assert_eq!(found("使う会場です。\n| 会場 | 定員 |\n| 大ホール | 300人 |\n"), ["| 会場 | 定員 |"]);
        assert_eq!(found("- 会場\t定員\n  大ホール\t300人\n"), ["会場\t定員"]);
    }

    #[test]
    fn tables_and_prose_are_left_alone() {
        for body in [
            "| 会場 | 定員 |\n| --- | --- |\n| 大ホール | 300人 |\n",
            "会場 | 定員\n--- | ---\n大ホール | 300人\n",
            "```\n会場\t定員\n大ホール\t300人\n```\n",
            "ホーム | 市政\nを見る。\n",
            "会場は\t未定です。\n",
            "一つ目の行\n二つ目の行\t\n",
        ] {
            assert_eq!(found(body), [""; 0], "{body}");
        }
    }
}
