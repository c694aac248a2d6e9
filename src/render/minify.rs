//! Pages made smaller by minify-html, for `minify: full`, with every blank kept that a reader may see.
//!
//! minify-html drops blanks between elements inside `div`, `nav` and the like, so that two links become one word, and
//! makes a line end a space, which between Japanese letters is a gap where there was none. So blanks are put out of its
//! sight first: each is a mark that is in no page, and comes back as it was. Only where a block begins or ends, or before
//! the body, a blank is never shown.
//!
//! Does not know style sheets: a block that a theme sets in a line is a block here. Whatever is not understood is kept.

use std::ops::Range;

/// The safe part of minify-html: closing tags, `<html>` and `<head>` stay for readers and assistive tools, scripts and
/// styles are left alone, nothing non-conforming is allowed.
fn options() -> minify_html::Cfg {
    let mut options = minify_html::Cfg::new();
    options.keep_closing_tags = true;
    options.keep_html_and_head_opening_tags = true;
    options
}

/// Elements at whose edges browsers show no blank.
const BLOCKS: [&str; 43] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

/// Elements in which minify-html touches no blank.
const VERBATIM: [&str; 5] = ["pre", "script", "style", "textarea", "title"];

/// The page, smaller. One that holds every mark, or loses one, is left as it is.
pub(super) fn minified(page: Vec<u8>) -> Vec<u8> {
    let Some(mark) = absent_mark(&page) else { return page };
    let kept = shown_blanks(&page);
    let mut marked = Vec::with_capacity(page.len() + kept.len() * mark.len());
    let mut end = 0;
    for blank in &kept {
        marked.extend_from_slice(&page[end..blank.start]);
        marked.extend_from_slice(&mark);
        end = blank.end;
    }
    marked.extend_from_slice(&page[end..]);
    let small = minify_html::minify(&marked, &options());
    restored(&small, mark, &page, &kept).unwrap_or(page)
}

/// A character that Unicode keeps out of texts (U+FDD0 to U+FDEF), and that this page does not have.
fn absent_mark(page: &[u8]) -> Option<[u8; 3]> {
    (0x90..=0xaf).map(|last| [0xef, 0xb7, last]).find(|mark| !page.windows(3).any(|bytes| bytes == mark))
}

/// Blanks in the place of their marks. `None` where there are more or fewer.
fn restored(small: &[u8], mark: [u8; 3], page: &[u8], kept: &[Range<usize>]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(small.len());
    let mut blanks = kept.iter();
    let mut at = 0;
    while at < small.len() {
        if small[at..].starts_with(&mark) {
            out.extend_from_slice(&page[blanks.next()?.clone()]);
            at += mark.len();
        } else {
            out.push(small[at]);
            at += 1;
        }
    }
    blanks.next().is_none().then_some(out)
}

/// Where a browser may show a blank that minify-html might change.
fn shown_blanks(page: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Nothing before the body is shown.
    let body = find(page, 0, b"<body");
    let mut at = if body < page.len() { body } else { 0 };
    let mut after_block = true;
    while at < page.len() {
        let end = next_tag(page, at);
        let (tag, tag_end) = tag(page, end);
        let before_block = tag.is_empty() || is_one_of(&BLOCKS, name(tag));
        text_blanks(page, at..end, after_block, before_block, &mut found);
        after_block = before_block;
        at = tag_end;
        if tag.first().is_some_and(u8::is_ascii_alphabetic) && is_one_of(&VERBATIM, name(tag)) {
            let close = [b"</", name(tag)].concat();
            at = find_ignoring_case(page, tag_end, &close);
        }
    }
    found
}

/// Blanks of one text between two tags, without those at the edge of a block.
fn text_blanks(page: &[u8], text: Range<usize>, after_block: bool, before_block: bool, found: &mut Vec<Range<usize>>) {
    let mut at = text.start;
    while at < text.end {
        let blank_end = text.end.min(at + page[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count());
        let is_edge = (at == text.start && after_block) || (blank_end == text.end && before_block);
        // One space inside a text stays by itself.
        let is_safe = at > text.start && blank_end < text.end && &page[at..blank_end] == b" ";
        if at < blank_end && !is_edge && !is_safe {
            found.push(at..blank_end);
        }
        let rest = &page[blank_end..text.end];
        at = blank_end + rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    }
}

/// Where the next tag or comment begins.
fn next_tag(page: &[u8], from: usize) -> usize {
    let begins =
        |pair: &[u8]| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || matches!(pair[1], b'/' | b'!' | b'?'));
    page[from..].windows(2).position(begins).map_or(page.len(), |at| from + at)
}

/// What stands behind the `<` at a place, up to the end of the tag, and where that is.
fn tag(page: &[u8], at: usize) -> (&[u8], usize) {
    let inside = page.get(at + 1..).unwrap_or_default();
    if inside.starts_with(b"!--") {
        return (b"!", find(page, at + 4, b"-->").saturating_add(3).min(page.len()));
    }
    let mut quote = None;
    for (index, byte) in inside.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (&inside[..index], at + index + 2),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    (inside, page.len())
}

/// The name of an element in its tag, also in its end tag.
fn name(tag: &[u8]) -> &[u8] {
    let tag = tag.strip_prefix(b"/").unwrap_or(tag);
    &tag[..tag.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(tag.len())]
}

fn is_one_of(names: &[&str], name: &[u8]) -> bool {
    names.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
}

/// Where `wanted` begins, or the end.
fn find(page: &[u8], from: usize, wanted: &[u8]) -> usize {
    let from = from.min(page.len());
    page[from..].windows(wanted.len()).position(|bytes| bytes == wanted).map_or(page.len(), |at| from + at)
}

fn find_ignoring_case(page: &[u8], from: usize, wanted: &[u8]) -> usize {
    let mut windows = page[from..].windows(wanted.len());
    windows.position(|bytes| bytes.eq_ignore_ascii_case(wanted)).map_or(page.len(), |at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(page: &str) -> String {
        String::from_utf8(minified(page.as_bytes().to_vec())).expect("UTF-8")
    }

    #[test]
    fn blanks_that_are_seen_stay_and_others_go() {
        for (page, expected) in [
            ("<div><a>a</a> <a>b</a></div>", "<div><a>a</a> <a>b</a></div>"),
            ("<nav>\n<a>市</a>\n<a>民</a>\n</nav>\n", "<nav><a>市</a>\n<a>民</a></nav>"),
            ("<div>\n<p> 一\n 二 </p>\n<p>a  b</p>\n</div>", "<div><p>一\n 二</p><p>a  b</p></div>"),
            ("<section><b>x</b> <!-- y --> <b>z</b></section>", "<section><b>x</b>  <b>z</b></section>"),
            ("<p>x <button> y </button> <label> z</label></p>", "<p>x <button> y </button> <label> z</label></p>"),
            (
                "<ul>\n<li>a</li>\n<li><a href=\"b.html\">b</a></li>\n</ul>",
                "<ul><li>a</li><li><a href=b.html>b</a></li></ul>",
            ),
            ("<pre> a\n  <b>b</b> </pre> <i>c</i>", "<pre> a\n  <b>b</b> </pre><i>c</i>"),
            (
                "<div><i title=\"a > b\" class=c>x</i> <SPAN>y</SPAN> <i>z</i></div>",
                "<div><i title=\"a > b\" class=c>x</i> <span>y</span> <i>z</i></div>",
            ),
            ("<div>１　２ &lt; &amp; <i>3</i> 4</div>", "<div>１　２ &lt; & <i>3</i> 4</div>"),
        ] {
            let whole =
                |body: &str| format!("<!doctype html><html><head><title>t</title></head><body>{body}</body></html>");
            assert_eq!(small(&whole(page)), whole(expected));
            assert_eq!(small(page), expected, "a piece without a body");
        }
    }

    #[test]
    fn what_is_broken_is_kept_as_far_as_it_goes() {
        assert_eq!(small(""), "");
        assert_eq!(small("<body><a href=\"x"), "<body><a href=x>");
        let every_mark: String = ('\u{fdd0}'..='\u{fdef}').collect();
        let page = format!("<body> {every_mark} </body>");
        assert_eq!(small(&page), page);
        // A page that spells the mark is left alone, and one that has it takes the next.
        let page = "<body><a>a</a>  <a>&#xfdd0;</a></body>";
        assert_eq!(small(page), page);
        assert_eq!(small("<body>\n<a>\u{fdd0}</a>  <a>b</a>\n</body>"), "<body><a>\u{fdd0}</a>  <a>b</a></body>");
    }
}
