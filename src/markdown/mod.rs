//! Markdown to accessible [`Html`], and the headings and links of a body for the checks.
//!
//! Promises: every function is total and pure (any text in, no panic, same text out), linear in the length of the
//! body, and the markup is balanced, free of scripts, styles and raw HTML, and unique in its ids. Input is CommonMark
//! with GFM tables, footnotes, strikethrough, task lists, alerts, bare URLs and heading ids, plus what Japanese needs:
//!
//! * `{漢字|かんじ}` or `{漢字|かん|じ}`: ruby; `[GDS]{lang=en}`: a word of another language;
//! * `これは**「重要」**です` is emphasis, and a line break between two Japanese characters is no space;
//! * a lone `~` (10~20人) is a range sign, never strikethrough;
//! * `表: …` or `Table: …` right before a table is its caption; `<br>` in text is a line break;
//! * numbers of lists that rise are shown as written; `> [!注意]` is a note like `> [!WARNING]`;
//! * other raw HTML is shown as text; comments are left out, also over several paragraphs, items or cells.
//!
//! Does not know files, sites, routes or findings: where links lead is the caller's `resolve`, wording is [`Words`],
//! looks are the theme's. The pre-pass that makes emphasis and ruby work is in [`cjk`].

mod anchor;
mod cjk;
mod columns;
mod comment;
mod facts;
mod fence;
mod inline;
mod link;
mod list;
mod mark;
mod memo;
mod parse;
mod syntax;
mod table;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod value;
mod writer;

use crate::text::html::Html;
use crate::text::span::Span;
pub use anchor::anchor;

/// What checks need to know about a body, without rendering it. Spans are bytes of the whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Headings in source order, without those inside footnotes (these are set as bold paragraphs).
    pub headings: Vec<Heading>,
    /// Links and images in source order, bare URLs included, whatever their target is.
    pub links: Vec<Link>,
    /// Tables in source order.
    pub tables: Vec<Table>,
    /// Raw HTML that readers will see as text: each block or inline tag, without comments.
    pub html: Vec<Span>,
    /// Blocks of code that are code only because their lines begin with blanks.
    pub indented_code: Vec<Span>,
    /// What was written and no reader will see.
    pub unshown: Vec<Unshown>,
    /// Targets of what looks like a link and is none: in comments, in code, in definitions that no link uses.
    pub mentions: Vec<String>,
    /// What looks like a note to colleagues and would be shown, or hides more than was meant.
    pub memos: Vec<Memo>,
    /// The first signs of blocks of code that nothing closes.
    pub open_fences: Vec<Span>,
    /// Lines right below a table that are a row of it to the parser, each with the lines that follow it.
    pub swallowed: Vec<Span>,
    /// Items of lists that are not shown as they are numbered or moved in.
    pub miscounted: Vec<Miscount>,
    /// Marks that were read as emphasis or struck text and are more likely to be signs of the sentence.
    pub lost_marks: Vec<LostMark>,
    /// What readers read, in source order: every run of text outside code, link targets and markup.
    pub texts: Vec<Text>,
}

/// What is wrong about a note to colleagues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memo {
    /// What.
    pub kind: MemoKind,
    /// Its sign.
    pub at: Span,
}

/// What is wrong about a note to colleagues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoKind {
    /// It only looks like a comment, and is shown.
    Like,
    /// `<!--` without `-->`.
    Unclosed,
    /// A comment where none can be: it is shown.
    Shown,
    /// `-->` where no comment is open.
    LoneEnd,
    /// A comment begins inside of another.
    Nested,
    /// What was meant as the end of a comment, and is none.
    AlmostEnd,
}

/// An item that is not shown as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miscount {
    /// Why.
    pub kind: MiscountKind,
    /// The item.
    pub at: Span,
}

/// Why an item is not shown as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MiscountKind {
    /// It is moved in, but not far enough to stand below the item before it.
    Unnested,
    /// Lists count on from their first number.
    Counted {
        /// Its number.
        written: u64,
        /// The number it gets.
        shown: u64,
    },
}

/// A pair of marks that is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostMark {
    /// The text with both marks.
    pub at: Span,
    /// How long each mark is, in bytes.
    pub length: usize,
}

/// A run of text as written; ruby and entities are still in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The run. It may hold bare URLs; these are in [`Facts::links`].
    pub at: Span,
    /// Whether a paragraph, heading, item or cell begins with it, or a line was broken on purpose before it.
    pub opens: bool,
}

/// Something that no page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unshown {
    /// Why it is not shown.
    pub kind: UnshownKind,
    /// What is not shown: the cells, or a whole definition.
    pub at: Span,
}

/// Why something is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnshownKind {
    /// Cells of a row that the table has no column for.
    Cells,
    /// A footnote that no text that is shown refers to.
    Note,
    /// A footnote whose label an earlier one has.
    RepeatedNote,
    /// `[label]: target`, and no link uses the label.
    Definition,
    /// The words in quotes behind the target of a link or of a picture in a line.
    Title,
    /// Words behind the signs that open a block of code.
    Info,
}

/// A heading as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Level as written, 1 to 6 (the page shifts it).
    pub level: u8,
    /// The id on the page without prefix; empty when there is no text (such a heading is not rendered).
    pub id: String,
    /// The visible text, ruby read once.
    pub text: String,
    /// The whole heading.
    pub at: Span,
}

/// What a target is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Something to go to.
    Link,
    /// Something to show.
    Image,
}

/// A link or an image as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Link or image.
    pub kind: LinkKind,
    /// The target: backslashes and entities read, control characters dropped, otherwise as written.
    pub target: String,
    /// The visible text, or the alternative text of an image.
    pub text: String,
    /// The whole link or image; a bare URL is its own text.
    pub whole: Span,
    /// The target where it stands verbatim in the source (for reference links: in the definition), else the link.
    pub at: Span,
    /// Whether a page shows it: a note that nothing refers to is on none, and so are the links in it.
    pub is_shown: bool,
}

/// A table as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The caption's text, if there is a caption.
    pub caption: Option<String>,
    /// Whether any cell of its first row says something.
    pub has_header: bool,
    /// The whole table, without its caption.
    pub at: Span,
}

/// How a body is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edition {
    /// For screens: tables are tables in a scroll region.
    #[default]
    Screen,
    /// For large type and paper: linear, tables become lists of label and value.
    Large,
}

/// Words of the page's language that the markup needs.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// Name of the section of footnotes: "脚注".
    pub footnotes: &'a str,
    /// Label of a reference; `{n}` is the number: "脚注{n}".
    pub footnote: &'a str,
    /// Label of the way back; `{n}` is the number, or `1-2` for the second reference to note 1: "本文の脚注{n}へ戻る".
    pub back: &'a str,
    /// Mark after the text of external links: "（外部サイト）".
    pub external: &'a str,
    /// Label of the scroll region of a table without caption: "表".
    pub table: &'a str,
    /// Between a label and its value: "：".
    pub colon: &'a str,
    /// State of a finished task: "完了".
    pub done: &'a str,
    /// State of an open task: "未完了".
    pub todo: &'a str,
    /// Titles of alerts in the order note, tip, important, warning, caution (a kind shown by colour alone would fail
    /// WCAG 1.4.1); an empty title is left out.
    pub alerts: [&'a str; 5],
}

/// How to render.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The level that the body's topmost headings get, 1 to 6; the others follow without gaps, at most level 6.
    pub heading_base: u8,
    /// Put before every id, so that two bodies can stand on one page: "" or "result-".
    pub id_prefix: &'a str,
    /// How tables are set.
    pub edition: Edition,
    /// Words of the page's language.
    pub words: &'a Words<'a>,
}

/// Where a target leads, as decided by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A place to go to. For an image: its alternative text becomes the link.
    Href {
        /// The final URL.
        href: String,
        /// Whether it leaves the site.
        external: bool,
        /// Type and size of a file, ready to print: "（PDF形式、10キロバイト）".
        attachment: Option<String>,
    },
    /// A picture to show. For a link: the text alone is shown.
    Image {
        /// The final URL.
        src: String,
        /// Width in pixels.
        width: Option<u32>,
        /// Height in pixels.
        height: Option<u32>,
    },
    /// Nothing: the text alone is shown.
    Nothing,
}

/// Reads the facts of a body that starts `offset` bytes into its file.
pub fn facts(body: &str, offset: usize) -> Facts {
    facts::facts(body, offset)
}

/// Renders a body. `resolve` is asked about http, https, mailto and tel URLs and about relative, absolute-path and
/// fragment targets only; any other target (`javascript:`, `data:`, `//host` …) leaves its text alone.
pub fn render(body: &str, options: &Options, resolve: &dyn Fn(&str, LinkKind) -> Resolved) -> Html {
    let [html] = render_forms(body, [Form { options, resolve }]);
    html
}

/// One of the forms in which a body is rendered; see [`render`].
#[derive(Clone, Copy)]
pub struct Form<'f> {
    /// How.
    pub options: &'f Options<'f>,
    /// What targets mean.
    pub resolve: &'f dyn Fn(&str, LinkKind) -> Resolved,
}

/// Renders a body in several forms that differ in edition and targets alone. It is parsed once, which is half of the
/// work, and written once where it has neither tables nor links.
pub fn render_forms<const N: usize>(body: &str, forms: [Form<'_>; N]) -> [Html; N] {
    writer::render_forms(body, forms)
}

/// The visible text without markup, for descriptions and search: ruby read once, blocks on lines of their own, table
/// cells separated by spaces, footnotes where they are defined.
pub fn plain_text(body: &str) -> String {
    facts::plain_text(body)
}
