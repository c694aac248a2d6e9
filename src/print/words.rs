//! Words that no line can hold: addresses, names of files, figures of thirty digits. The typesetter breaks none of them and
//! lets them run over what stands beside, or off the sheet.
//!
//! Promises: a word that may not fit gets places to break at (U+200B, which the press takes out again after the lines are
//! made); digits stay together while there is any other place. Of tables it is told how wide their columns have to be.
//! Knows the widths of letters, and of pages only how many letters a line holds at least.

use super::lines::OPENING;
use super::marks::{SMALL_MARKS, is_part};
use super::phrase::JOINER;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use typst::layout::Abs;
use typst::text::{Font, FontInstance, FontVariations};

/// Widths of the letters of alphabets, in em: the wider one of regular and bold.
pub struct Letters(Vec<f32>);

/// Behind the alphabets that Western languages, Greek and Russian are written in, letters are taken to be as wide as 漢字.
const ALPHABETS: u32 = 0x600;

impl Letters {
    /// Of the fonts of a press, the first one first.
    pub fn new(fonts: &[Font]) -> Self {
        let plain = FontVariations::default();
        let set = |font: &Font| font.clone().instantiate(font.info().variant, Abs::pt(12.0), &plain);
        let (bold, regular): (Vec<FontInstance>, Vec<_>) =
            fonts.iter().map(set).partition(|font| font.font().info().variant.weight.to_number() > 500);
        let width = |code: u32| {
            let c = char::from_u32(code)?;
            let wide = |is_bold: bool| {
                let mut fonts = if is_bold { bold.iter() } else { regular.iter() };
                fonts.find_map(|font| font.ttf().glyph_index(c).and_then(|glyph| font.x_advance(glyph.0)))
            };
            let widths = [wide(false), wide(true)];
            widths.into_iter().flatten().map(|width| width.get() as f32).reduce(f32::max)
        };
        Self((0..ALPHABETS).map(|code| width(code).unwrap_or(1.0)).collect())
    }

    fn of(&self, c: char) -> f32 {
        match c {
            JOINER | OPENING | '\u{AD}' | '\n' | '\r' | '\t' => 0.0,
            c if is_mark(c) => 0.0,
            c => self.0.get(c as usize).copied().unwrap_or(1.0),
        }
    }

    /// Of a piece that does not break; spaces at its end hang over.
    fn width(&self, piece: &str) -> f32 {
        piece.trim_end_matches(char::is_whitespace).chars().map(|c| self.of(c)).sum()
    }

    /// The text with places to break at in each piece that is wider than a limit in em; `None` where it has none.
    fn opened(&self, text: &str, limit: f32) -> Option<String> {
        // No letter is wider than an em, and none has less than a byte.
        if text.len() as f32 <= limit || pieces(text).all(|piece| self.width(piece) <= limit) {
            return None;
        }
        let mut out = String::with_capacity(text.len() * 2);
        for piece in pieces(text) {
            if self.width(piece) <= limit {
                out.push_str(piece);
            } else if piece.contains(JOINER) {
                let plain = piece.replace(JOINER, "");
                out.push_str(self.opened(&plain, limit).as_deref().unwrap_or(&plain));
            } else {
                self.open(piece, limit, &mut out);
            }
        }
        Some(out)
    }

    fn open(&self, piece: &str, limit: f32, out: &mut String) {
        let mut rest = piece;
        while let Some(c) = rest.chars().next() {
            let is_digit = c.is_ascii_digit();
            let of_figure = |c: char| c.is_ascii_digit() || (is_digit && matches!(c, ',' | '.' | '%'));
            let end = rest.find(|c: char| of_figure(c) != is_digit).unwrap_or(rest.len());
            let (part, more) = rest.split_at(end);
            let (is_first, is_last) = (rest.len() == piece.len(), more.is_empty());
            if !is_first && Self::may_break(piece, piece.len() - rest.len()) {
                out.push(OPENING);
            }
            // A figure breaks after the marks of its thousands, unless what is between them is too long as well.
            let room = if is_first && is_last { limit } else { limit * 0.8 };
            let groups = || part.split(|c: char| !c.is_ascii_digit());
            if is_digit && self.width(part) <= room {
                out.push_str(part);
            } else if is_digit && groups().all(|group| self.width(group) <= room * 0.5) {
                out.push_str(&part.replace(',', &format!(",{OPENING}")));
            } else {
                for (at, c) in part.char_indices() {
                    if at > 0 && Self::may_break(part, at) {
                        out.push(OPENING);
                    }
                    out.push(c);
                }
            }
            rest = more;
        }
    }

    /// Whether a word may be opened at a place: not between a letter and its mark, nor before a space.
    fn may_break(piece: &str, at: usize) -> bool {
        let (before, after) = (piece[..at].chars().next_back(), piece[at..].chars().next());
        before.is_none_or(|c| c != '\u{200D}')
            && after.is_none_or(|c| !(is_mark(c) || c.is_whitespace() || matches!(c, '\u{200D}' | '\u{AD}')))
    }

    /// The widest piece of a text, and the text as one line.
    fn measure(&self, text: &str, widest: &mut Width) {
        for piece in pieces(text) {
            widest.least = widest.least.max(self.width(piece));
        }
        for line in text.lines() {
            widest.most = widest.most.max(self.width(line));
        }
    }
}

/// How wide a column has to be, in em, and how wide it would be best.
#[derive(Clone, Copy, Default)]
struct Width {
    least: f32,
    most: f32,
}

impl Width {
    /// A column narrower than three letters cannot be read; a tenth is for what rounding takes.
    fn told(self) -> Value {
        let least = (self.least + 0.1).max(self.most.min(3.0));
        json!([least, self.most.max(least)])
    }
}

/// Marks over and under letters, and selectors of their forms.
fn is_mark(c: char) -> bool {
    is_part(c) || SMALL_MARKS.contains(&c) || matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// What does not begin a line. Nearly all letters of a Japanese text are told apart by their range.
fn is_closing(c: char) -> bool {
    if matches!(c, '\u{4E00}'..='\u{9FFF}') {
        return false;
    }
    matches!(
        c,
        '、' | '。'
            | '，'
            | '．'
            | '・'
            | '：'
            | '；'
            | '？'
            | '！'
            | '）'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '〉'
            | '》'
            | '｝'
            | '］'
            | '｠'
            | '’'
            | '”'
            | 'ー'
            | '々'
            | 'ゝ'
            | 'ゞ'
            | 'ヽ'
            | 'ヾ'
            | '〻'
            | 'ぁ'
            | 'ぃ'
            | 'ぅ'
            | 'ぇ'
            | 'ぉ'
            | 'っ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'ゎ'
            | 'ゕ'
            | 'ゖ'
            | 'ァ'
            | 'ィ'
            | 'ゥ'
            | 'ェ'
            | 'ォ'
            | 'ッ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
            | 'ヮ'
            | 'ヵ'
            | 'ヶ'
            | '…'
            | '‥'
            | '―'
            | '—'
            | '〜'
            | '～'
            | '゠'
            | '–'
            | '％'
            | '‰'
            | '°'
            | '′'
            | '″'
            | '℃'
            | '￠'
            | 'ﾞ'
            | 'ﾟ'
            | '｡'
            | '､'
            | '･'
            | '!'
            | '%'
            | ')'
            | ','
            | '.'
            | '/'
            | ':'
            | ';'
            | '?'
            | ']'
            | '}'
            | '"'
            | '\''
            | '\u{31F0}'..='\u{31FF}'
    )
}

/// What does not end a line.
fn is_opening(c: char) -> bool {
    if matches!(c, '\u{3040}'..='\u{9FFF}') {
        return false;
    }
    matches!(
        c,
        '「' | '『'
            | '（'
            | '【'
            | '〔'
            | '〈'
            | '《'
            | '｛'
            | '［'
            | '｟'
            | '‘'
            | '“'
            | '￥'
            | '＄'
            | '￡'
            | '＃'
            | '＠'
            | '№'
            | '$'
            | '#'
            | '+'
            | '('
            | '±'
            | '−'
            | '\\'
            | '['
            | '{'
            | '"'
            | '\''
    )
}

/// Whether a letter stands by itself, as 漢字 and かな do.
fn is_wide(c: char) -> bool {
    c >= '\u{2E80}' && !is_mark(c)
}

/// Pieces between which a line may break, as the typesetter does it; where that is not sure, they are longer.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut letters = rest.char_indices();
        let (_, mut before) = letters.next()?;
        let end = letters.find_map(|(at, c)| {
            let ends = breaks_between(before, c);
            before = c;
            ends.then_some(at)
        });
        let (piece, more) = rest.split_at(end.unwrap_or(rest.len()));
        rest = more;
        Some(piece)
    })
}

fn breaks_between(before: char, c: char) -> bool {
    if before == OPENING || before == '\n' {
        return true;
    }
    if c == OPENING || c == JOINER || before == JOINER || is_mark(c) || c.is_whitespace() {
        return false;
    }
    // A space that does not break is no white space to Rust's eyes either way; the typesetter keeps it.
    if matches!(before, '\u{A0}' | '\u{202F}' | '\u{2007}') {
        return false;
    }
    if before.is_whitespace() {
        return true;
    }
    let is_stop = is_closing(c) || is_opening(before);
    !is_stop && (is_wide(before) || is_wide(c))
}

/// Words are opened in cells of tables from this width on, in em: columns are made as wide as shorter ones need.
const IN_CELLS: f32 = 14.0;

/// What is text for programs, or a name in a contract, and not shown as it is. Headings are shown as `joined` has them.
const NOT_SHOWN: &[&str] = &[
    "href", "file", "lang", "joined", "words", "fonts", "kind", "title", "heading", "page_id", "address", "qr", "alt",
    "form_url", "t", "shape", "color", "align", "language", "key", "columns",
];

/// Makes a booklet's texts fit for its lines, and tells the widths of its tables' columns.
pub fn fit(booklet: &mut Value, letters: &Letters) {
    let number = |value: &Value| value.as_f64().unwrap_or_default() as f32;
    let (size, width) = (number(&booklet["size"]).max(1.0), number(&booklet["paper"]["width"]));
    // Margins and frames take 55 millimetres at most; a point is 25.4 / 72 millimetres.
    let line = ((width - 55.0) * 72.0 / 25.4 / size).max(8.0);
    let is_large = booklet["large"] == Value::Bool(true);
    let fitting = Fitting { letters, line, is_large };
    let mut joined = match booklet.get_mut("joined").map(Value::take) {
        Some(Value::Object(joined)) => joined,
        _ => Map::new(),
    };
    let scale = if is_large { 1.5 } else { 1.9 };
    fitting.headings(booklet, line / scale, &mut joined);
    for (key, limit) in [("heading", line / if is_large { 2.0 } else { 3.0 }), ("address", line), ("site", line)] {
        if let Some(Value::String(text)) = booklet.get(key) {
            fitting.joined(text, limit, &mut joined);
        }
    }
    if let Some(Value::String(text)) = booklet["contact"].get("form_url") {
        fitting.joined(text, line, &mut joined);
    }
    // What the interface says in each column of a goal's rows, a word a line.
    let heads: [&[&str]; 5] = [
        &["action"],
        &["sections", "none"],
        &["criterion", "no_criterion", "baseline", "target_first", "target", "target_revised", "less_is_better"],
        &["result", "no_result", "actual"],
        &["evaluation", "no_result"],
    ];
    let said =
        |words: &[&str]| -> Vec<&str> { words.iter().filter_map(|word| booklet["words"][word].as_str()).collect() };
    let heads = heads.map(|words| said(words).join("\n"));
    fitting.walk(booklet, 0, &heads);
    booklet["joined"] = Value::Object(joined);
}

struct Fitting<'l> {
    letters: &'l Letters,
    /// Letters of a line, at least.
    line: f32,
    is_large: bool,
}

impl Fitting<'_> {
    fn joined(&self, text: &str, limit: f32, joined: &mut Map<String, Value>) {
        let known = joined.get(text).and_then(Value::as_str).unwrap_or(text);
        if let Some(opened) = self.letters.opened(known, limit) {
            joined.insert(text.to_owned(), Value::String(opened));
        }
    }

    fn headings(&self, value: &Value, limit: f32, joined: &mut Map<String, Value>) {
        match value {
            Value::Object(fields) => {
                let is_heading = fields.get("t").is_some_and(|kind| kind == "heading");
                for (key, value) in fields {
                    match value {
                        Value::String(text)
                            if matches!(&**key, "title" | "heading" | "statement_title")
                                || (is_heading && key == "s") =>
                        {
                            self.joined(text, limit, joined);
                        }
                        Value::String(_) => {}
                        value if key != "words" => self.headings(value, limit, joined),
                        _ => {}
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.headings(value, limit, joined)),
            _ => {}
        }
    }

    /// `depth` is how many lists and quotations are around: each takes letters off a line.
    fn walk(&self, value: &mut Value, depth: usize, heads: &[String; 5]) {
        match value {
            Value::Object(fields) => {
                let kind = fields.get("t").and_then(Value::as_str).unwrap_or_default();
                let depth = depth + usize::from(matches!(kind, "list" | "quote" | "code"));
                let limit = (self.line - 1.7 * depth as f32).max(4.0);
                if kind == "table" && !self.is_large {
                    if let Some(caption) = fields.get_mut("caption") {
                        self.open_texts(caption, limit);
                    }
                    return self.table(fields);
                }
                let is_heading = kind == "heading";
                if !self.is_large && fields.contains_key("has_action_levels") {
                    self.actions(fields, heads);
                }
                for (key, value) in fields.iter_mut().filter(|(key, _)| !NOT_SHOWN.contains(&&***key)) {
                    match value {
                        Value::String(text) if !(is_heading && key == "s") => self.open(text, limit),
                        // Notes stand beside their numbers, which takes more than a list does.
                        Value::Array(notes) if key == "notes" => {
                            notes.iter_mut().for_each(|note| self.walk(note, depth + 2, heads));
                        }
                        Value::Array(values) => values.iter_mut().for_each(|value| match value {
                            Value::String(text) => self.open(text, limit),
                            value => self.walk(value, depth, heads),
                        }),
                        Value::Object(_) => self.walk(value, depth, heads),
                        _ => {}
                    }
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.walk(value, depth, heads)),
            _ => {}
        }
    }

    fn open(&self, text: &mut String, limit: f32) {
        if let Some(opened) = self.letters.opened(text, limit) {
            *text = opened;
        }
    }

    /// Cells, and the widths of columns.
    fn table(&self, table: &mut Map<String, Value>) {
        let count = table.get("header").and_then(Value::as_array).map_or(0, Vec::len);
        let mut widths = vec![Width::default(); count];
        let rows = table.iter_mut().filter_map(|(key, value)| match (&**key, value) {
            ("header", Value::Array(cells)) => Some(vec![cells]),
            ("rows", Value::Array(rows)) => Some(rows.iter_mut().filter_map(Value::as_array_mut).collect()),
            _ => None,
        });
        for row in rows.flatten() {
            for (cell, width) in row.iter_mut().zip(&mut widths) {
                self.open_inlines(cell);
                let mut text = String::new();
                let mut boxed = 0.0_f32;
                plain(cell, &mut text, &mut boxed, self.letters);
                self.letters.measure(&text, width);
                width.least = width.least.max(boxed);
            }
        }
        table.insert("columns".into(), widths.into_iter().map(Width::told).collect());
    }

    fn open_inlines(&self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter_mut() {
                    match value {
                        Value::String(text) if matches!(&**key, "s" | "shown") => self.open(text, IN_CELLS),
                        Value::Array(_) => self.open_inlines(value),
                        _ => {}
                    }
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.open_inlines(value)),
            _ => {}
        }
    }

    /// The rows of a goal, and the widths of their five columns.
    fn actions(&self, goal: &mut Map<String, Value>, heads: &[String; 5]) {
        let mut widths = [Width::default(); 5];
        for (head, width) in heads.iter().zip(&mut widths) {
            self.letters.measure(head, width);
        }
        if let Some(pending) = goal.get("pending").and_then(Value::as_str) {
            self.letters.measure(pending, &mut widths[3]);
        }
        for action in goal.get_mut("actions").and_then(Value::as_array_mut).into_iter().flatten() {
            self.open_texts(action, IN_CELLS);
            let [text, sections, criterion, result, level] = &mut widths;
            let measure = |value: &Value, width: &mut Width| {
                if let Some(text) = value.as_str() {
                    self.letters.measure(text, width);
                }
            };
            measure(&action["text"], text);
            for extra in action["extras"].as_array().into_iter().flatten() {
                measure(&extra["label"], text);
                measure(&extra["value"], text);
            }
            action["sections"].as_array().into_iter().flatten().for_each(|name| measure(name, sections));
            measure(&action["criterion"], criterion);
            measure(&action["result"], result);
            for indicator in action["indicators"].as_array().into_iter().flatten() {
                for column in [&mut *criterion, &mut *result] {
                    measure(&indicator["name"], column);
                }
                measure(&indicator["note"], result);
                measure(&indicator["target_state"], criterion);
                measure(&indicator["actual_state"], result);
                let unit = indicator["unit"].as_str().unwrap_or_default();
                for (key, column) in [("baseline", 0), ("target", 0), ("first_target", 0), ("actual", 1)] {
                    if let Some(figure) = indicator[key].as_str() {
                        let column = if column == 0 { &mut *criterion } else { &mut *result };
                        // A short unit stays with its figure.
                        let glue = if unit.chars().count() <= 8 { "\u{2060}" } else { "" };
                        self.letters.measure(&format!("{figure}{glue}{unit}"), column);
                    }
                }
            }
            if let Some(label) = action["level"]["label"].as_str() {
                let mut width = Width::default();
                self.letters.measure(label, &mut width);
                let short = label.chars().count() <= 6;
                level.least = level.least.max(1.3 + if short { width.most } else { width.least });
                level.most = level.most.max(1.3 + width.most);
            }
        }
        goal.insert("columns".into(), widths.into_iter().map(Width::told).collect());
    }

    fn open_texts(&self, value: &mut Value, limit: f32) {
        match value {
            Value::String(text) => self.open(text, limit),
            Value::Array(values) => values.iter_mut().for_each(|value| self.open_texts(value, limit)),
            Value::Object(fields) => {
                let shown = fields.iter_mut().filter(|(key, _)| !NOT_SHOWN.contains(&&***key));
                shown.for_each(|(_, value)| self.open_texts(value, limit));
            }
            _ => {}
        }
    }
}

/// A cell as a reader sees it; `boxed` is the widest thing in it that is no text.
fn plain(value: &Value, out: &mut String, boxed: &mut f32, letters: &Letters) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| plain(value, out, boxed, letters)),
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
            match text("t") {
                "ruby" => {
                    let width = letters.width(text("s")).max(letters.width(text("reading")) * 0.5);
                    *boxed = boxed.max(width.min(IN_CELLS));
                    out.push_str(text("s"));
                }
                "image" => *boxed = boxed.max(6.0),
                "break" => out.push('\n'),
                "note" => out.push_str("（注00）"),
                "task" => out.push_str(text("s")),
                _ => {
                    out.push_str(text("s"));
                    if let Some(inside) = fields.get("c") {
                        plain(inside, out, boxed, letters);
                    }
                    if !text("shown").is_empty() {
                        let shown: Cow<'_, str> = text("shown").into();
                        out.push('（');
                        out.push_str(&shown);
                        out.push('）');
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of alphabets are half as wide as 漢字.
    fn letters() -> Letters {
        Letters(vec![0.5; ALPHABETS as usize])
    }

    fn opened(text: &str, limit: f32) -> String {
        letters().opened(text, limit).unwrap_or_else(|| text.to_owned()).replace(OPENING, "|")
    }

    #[test]
    fn only_what_no_line_holds_is_opened() {
        for text in [
            "申込みの受付を市のページに移します。".repeat(9).as_str(),
            "",
            "an ordinary sentence of short words",
            "12,345人",
        ] {
            assert_eq!(letters().opened(text, 10.0), None, "{text}");
        }
        assert_eq!(
            opened("受付をlongaddress@example.jpに", 6.0),
            "受付をl|o|n|g|a|d|d|r|e|s|s|@|e|x|a|m|p|l|e|.|j|pに"
        );
        assert_eq!(opened("ーーーーーー", 4.0), "ー|ー|ー|ー|ー|ー");
        let phrase = "市\u{2060}民\u{2060}の\u{2060}声\u{2060}を\u{2060}聴\u{2060}く";
        assert_eq!(opened(phrase, 5.0), "市民の声を聴く");
        assert_eq!(opened(phrase, 7.0), phrase);
    }

    #[test]
    fn digits_of_a_figure_stay_together() {
        assert_eq!(opened("1,234,567,890円", 4.0), "1,|234,|567,|890円");
        assert_eq!(opened("/index/1003456/a", 7.9), "/|i|n|d|e|x|/|1003456|/|a");
        assert_eq!(opened("1,234,567,890No.", 4.0), "1,|234,|567,|890|N|o|.");
        assert_eq!(opened("12345678901234567890", 5.0).matches('|').count(), 19, "no other place");
        // A letter and its mark are one.
        assert_eq!(opened("e\u{301}e\u{301}e\u{301}e\u{301}", 1.0), "e\u{301}|e\u{301}|e\u{301}|e\u{301}");
    }

    #[test]
    fn columns_are_as_wide_as_figures_and_words_need() {
        let text = |text: &str| json!([{ "t": "text", "s": text }]);
        let mut value = json!({ "size": 12, "paper": { "width": 210 }, "large": false, "words": {}, "body": [{
            "t": "table", "header": [text("令和6年度"), text("w".repeat(60).as_str())],
            "rows": [[text("1,234,567"), text("健康診査の受診者数")]],
        }] });
        fit(&mut value, &letters());
        let columns = &value["body"][0]["columns"];
        assert!((columns[0][0].as_f64().unwrap_or_default() - 4.6).abs() < 0.01, "{columns}");
        assert!(columns[1][0].as_f64().is_some_and(|least| least < 4.0), "{columns}");
        assert!(value["body"][0]["header"][1][0]["s"].as_str().is_some_and(|word| word.contains(OPENING)));
    }
}
