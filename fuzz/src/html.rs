//! Whether HTML that kohyo wrote is sound: balanced, of known elements and attributes, escaped, and without scripts.

/// What holds about a whole piece of HTML.
#[derive(Debug, Default)]
pub struct Sound<'h> {
    /// In the order in which they stand there.
    pub ids: Vec<&'h str>,
    /// Where links and images lead, as written.
    pub targets: Vec<&'h str>,
    /// Levels of headings.
    pub levels: Vec<u8>,
}

fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "wbr")
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Elements that stand in a line.
fn is_phrase(name: &str) -> bool {
    matches!(
        name,
        "em" | "strong" | "del" | "code" | "a" | "span" | "sup" | "ruby" | "rp" | "rt" | "br" | "img" | "wbr"
    )
}

/// Elements that hold lines only.
fn holds_phrases(name: &str) -> bool {
    is_heading(name) || matches!(name, "p" | "em" | "strong" | "del" | "a" | "span" | "sup" | "dt" | "caption")
}

fn is_known(name: &str) -> bool {
    is_phrase(name)
        || is_heading(name)
        || matches!(
            name,
            "p" | "pre"
                | "blockquote"
                | "div"
                | "ul"
                | "ol"
                | "li"
                | "section"
                | "table"
                | "caption"
                | "thead"
                | "tbody"
                | "tr"
                | "th"
                | "td"
                | "dl"
                | "dt"
                | "dd"
                | "figure"
                | "figcaption"
                | "hr"
        )
}

fn is_known_attribute(name: &str) -> bool {
    matches!(
        name,
        "id" | "class"
            | "href"
            | "src"
            | "alt"
            | "lang"
            | "role"
            | "tabindex"
            | "aria-label"
            | "data-label"
            | "scope"
            | "start"
            | "value"
            | "rel"
            | "loading"
            | "decoding"
            | "width"
            | "height"
    )
}

/// A value with its references to characters read.
pub fn read(value: &str) -> String {
    let signs = [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    signs.into_iter().fold(value.to_owned(), |read, (reference, sign)| read.replace(reference, sign))
}

/// Whether a browser stays on the web or on the site when it follows this. Looks as browsers do: what they drop from an
/// address is dropped, and references to characters are read.
pub fn is_safe(target: &str) -> bool {
    let seen: String = read(target).chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let seen = seen.trim_matches(|c: char| c <= ' ');
    let mut first = seen.chars();
    if matches!((first.next(), first.next()), (Some('/' | '\\'), Some('/' | '\\'))) {
        return false;
    }
    let Some((scheme, _)) = seen.split_once(':') else { return true };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    !is_scheme || ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// Reads HTML as it is written by kohyo (lower case, quoted attributes).
///
/// # Errors
/// What is not sound about it.
pub fn sound(html: &str) -> Result<Sound<'_>, &'static str> {
    let mut sound = Sound::default();
    let mut open: Vec<&str> = Vec::new();
    let mut parts = html.split('<');
    if parts.next().is_some_and(|text| text.contains('>')) {
        return Err("a stray >");
    }
    for part in parts {
        let (tag, text) = part.split_once('>').ok_or("a tag without its end")?;
        if text.contains('>') {
            return Err("a stray >");
        }
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err("an end tag of something else");
            }
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if !is_known(name) {
            return Err("an unknown element");
        }
        let parent = open.last().copied().unwrap_or("");
        if holds_phrases(parent) && !is_phrase(name) {
            return Err("a block in a line");
        }
        if name == "a" && open.contains(&"a") {
            return Err("a link in a link");
        }
        if is_heading(name) {
            sound.levels.push(name.as_bytes()[1] - b'0');
        }
        read_attributes(attributes, &mut sound)?;
        if !is_void(name) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(sound) } else { Err("an element without its end") }
}

fn read_attributes<'h>(mut rest: &'h str, sound: &mut Sound<'h>) -> Result<(), &'static str> {
    let mut before = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").ok_or("an attribute without a value")?;
        let (value, after) = after.split_once('"').ok_or("a value without its end")?;
        if !is_known_attribute(name) || before.contains(&name) {
            return Err("an unknown attribute, or one that is there twice");
        }
        before.push(name);
        match name {
            "id" if value.is_empty() || value.contains(|c: char| c.is_ascii_whitespace()) => {
                return Err("an id that is none");
            }
            "id" => sound.ids.push(value),
            "href" | "src" if !is_safe(value) => return Err("a target that is not safe"),
            "href" | "src" => sound.targets.push(value),
            _ => {}
        }
        rest = after.trim_start();
    }
    Ok(())
}
