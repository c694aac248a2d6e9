//! The last look at a booklet before it is a file: whether everything is on the paper, and can be read.
//!
//! Promises: of a booklet that passes, every text of its values is on its pages, inside the area that the page has for it;
//! no line lies over another; no heading stands alone at the foot of a page. It looks at what the typesetter has made, so
//! it is right for any template. Its work grows with the text and not faster. Knows nothing of the record, and not why.

use super::lines::OPENING;
use super::phrase::JOINER;
use serde_json::Value;
use std::collections::HashMap;
use std::ops::Range;
use typst::World;
use typst::comemo::Track as _;
use typst::engine::{Route, Sink, Traced};
use typst::foundations::{
    Content, NativeElement as _, Resolve as _, SequenceElem, Smart, Style, StyleChain, StyledElem,
};
use typst::introspection::{Location, Tag};
use typst::layout::{Abs, Frame, FrameItem, Length, PageElem, Point, Rel, Sides, Transform};
use typst::model::HeadingElem;
use typst::pdf::{ArtifactElem, ArtifactKind};
use typst::syntax::Span;
use typst::text::TextItem;
use typst_layout::Page;

/// What cannot be read in a booklet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What happened to it.
    pub how: How,
    /// The text.
    pub text: String,
    /// Number of the page, from 1; none for what is on no page.
    pub page: Option<usize>,
}

/// What happens to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It runs out of the area that the page has for it.
    Outside,
    /// What it stands in is too small, and cuts it off.
    Cut,
    /// Another line lies over it.
    Over,
    /// It is on no page.
    Lost,
    /// It is a heading alone at the foot of a page.
    Alone,
}

/// Looks at the pages; `texts` are those that have to be there, see [`texts`]. The first fault, and where in a template.
pub fn look(pages: &[Page], margins: impl Fn(&Page) -> Margins, texts: &[String]) -> Option<(Broken, Option<Span>)> {
    let mut read = Read::default();
    let mut open = Vec::new();
    let mut foot: Option<Foot> = None;
    for (index, page) in pages.iter().enumerate() {
        let (lines, picture) = lines_of(page, margins(page), &mut open);
        let told = |how, line: &Line<'_>| {
            let broken = Broken { how, text: line.item.text.to_string(), page: Some(index + 1) };
            Some((broken, line.span()))
        };
        if let Some((how, line)) = lines.iter().find_map(|line| Some((line.fault()?, line))) {
            return told(how, line);
        }
        if let Some(line) = covered(&lines) {
            return told(How::Over, line);
        }
        let body = || lines.iter().filter(|line| line.region == Region::Body);
        if let (Some(foot), Some(first)) = (foot.take(), body().next())
            && foot.is_alone_before(first)
        {
            return Some((Broken { how: How::Alone, text: foot.text, page: Some(index) }, Some(foot.span)));
        }
        // A heading that goes on is not at its end.
        let lowest = body().max_by(|a, b| a.bottom.total_cmp(&b.bottom));
        if let Some(lowest) = lowest
            && let (Some(level), Some(span)) = (lowest.heading, lowest.span())
            && open.is_empty()
            && lowest.bottom > picture
        {
            let opens = body().all(|line| line.heading.is_some());
            foot = Some(Foot { level, text: lowest.item.text.to_string(), span, opens });
        }
        read.page(body().map(|line| &*line.item.text));
    }
    let lost = read.first_missing(texts)?;
    Some((Broken { how: How::Lost, text: lost.clone(), page: None }, None))
}

/// A heading with nothing below it on its page.
struct Foot {
    level: u8,
    text: String,
    span: Span,
    /// Whether the page has nothing but headings.
    opens: bool,
}

impl Foot {
    /// Whether what comes on the next page belongs under it. A page of headings before a deeper one is the first of a
    /// chapter; before another of its own level or a higher one it is a chapter with nothing in it.
    fn is_alone_before(&self, next: &Line<'_>) -> bool {
        next.heading.is_none_or(|level| level > self.level && !self.opens)
    }
}

// ---- Places ----------------------------------------------------------------------------------------------------------

/// Parts of a page.
#[derive(Clone, Copy, PartialEq)]
enum Region {
    Body,
    /// Head and foot, said on every page.
    Edge,
    /// Under or over the whole page: a mark across it lies over lines on purpose.
    Sheet,
}

/// A run of text where it stands, in points.
struct Line<'p> {
    item: &'p TextItem,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// What the page has room for, or a frame that cuts.
    room: Room,
    region: Region,
    /// The level of the heading whose text it is.
    heading: Option<u8>,
    is_upright: bool,
    /// Where in a template what it stands in is made.
    around: Span,
}

#[derive(Clone, Copy)]
struct Room {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    cuts: bool,
}

/// Of Japanese letters over the line they stand on, and under it; in em.
const OVER: f64 = 0.76;
const UNDER: f64 = 0.1;
/// Of a line that is measured by its capitals and the line they stand on, as the typesetter does unless it is told
/// otherwise: it may begin an area with so much, and end one without anything under it.
const LEAST_OVER: f64 = 0.68;
/// So much is rounding, in points.
const NEAR: f64 = 0.6;

impl Line<'_> {
    /// Of the letters in a template, or of what they are in: a text of the values has no place of its own.
    fn span(&self) -> Option<Span> {
        let own = self.item.glyphs.first().map(|glyph| glyph.span.0);
        own.filter(|span| !span.is_detached()).or(Some(self.around))
    }

    fn fault(&self) -> Option<How> {
        let room = self.room;
        // A mark at the end of a line takes half of its place, and a space none.
        let hangs = |c: Option<char>| {
            c.is_some_and(|c| c.is_whitespace() || "「『（【〔〈《、。」』】）〕〉》，．・".contains(c))
        };
        let size = self.item.size.to_pt();
        let give = |hangs| NEAR + if hangs { size * 0.55 } else { 0.0 };
        // ₂ and ⁶ stand at the foot and the head of a line, and may reach a little out of it.
        let is_small = |c| matches!(c, '\u{B2}' | '\u{B3}' | '\u{B9}' | '\u{2070}'..='\u{209C}');
        let near = if self.item.text.chars().all(is_small) { NEAR + size } else { NEAR };
        let (first, last) = (self.item.text.chars().next(), self.item.text.chars().next_back());
        let is_inside = self.left >= room.left - give(hangs(first))
            && self.right <= room.right + give(hangs(last))
            && self.top + size * (OVER - LEAST_OVER) >= room.top - near
            && self.bottom - size * UNDER <= room.bottom + near;
        match (is_inside, room.cuts) {
            (true, _) => None,
            (false, true) => Some(How::Cut),
            (false, false) => Some(How::Outside),
        }
    }
}

/// The texts of a page in the order in which they are read, and how far down its lowest picture reaches. `open` are
/// headings that began on a page before.
fn lines_of<'p>(page: &'p Page, margins: Margins, open: &mut Vec<(Location, u8)>) -> (Vec<Line<'p>>, f64) {
    let frame = &page.frame;
    let (width, height) = (frame.width().to_pt(), frame.height().to_pt());
    let sheet = Room { left: 0.0, right: width, top: 0.0, bottom: height, cuts: false };
    let body = Room {
        left: margins.left,
        right: width - margins.right,
        top: margins.top,
        bottom: height - margins.bottom,
        cuts: false,
    };
    let mut walk =
        Walk { lines: Vec::new(), open, edges: Vec::new(), body, sheet, around: Span::detached(), picture: 0.0 };
    walk.frame(frame, Transform::identity(), None);
    (walk.lines, walk.picture)
}

/// Distances of a page's area from the edges of the sheet, in points.
#[derive(Clone, Copy)]
pub struct Margins {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// Margins that a document asks for; none where the typesetter's own are meant.
type Asked = Sides<Option<Rel<Abs>>>;

/// The margins that a document asks for; the least ones where it asks for several. Evaluating its templates costs nothing
/// here: the typesetter remembers what it does next.
pub fn margins(world: &dyn World) -> Option<impl Fn(&Page) -> Margins> {
    let library = world.library();
    let main = world.source(world.main()).ok()?;
    let (traced, mut sink) = (Traced::default(), Sink::new());
    let (world, traced) = (world.track(), traced.track());
    let module = typst_eval::eval(world, library, traced, sink.track_mut(), Route::default().track(), &main).ok()?;
    let mut found = Vec::new();
    asked(&module.content(), StyleChain::new(&library.styles), &mut found);
    Some(move |page: &Page| {
        let size = page.frame.size();
        // The typesetter's own, where a document says nothing.
        let plain = Rel::<Abs>::from(size.x.min(size.y) * (2.5 / 21.0));
        let least = |side: fn(&Asked) -> Option<Rel<Abs>>, whole: Abs| {
            let sides = found.iter().map(|sides| side(sides).unwrap_or(plain).relative_to(whole).to_pt());
            sides.reduce(f64::min).unwrap_or_else(|| plain.relative_to(whole).to_pt())
        };
        Margins {
            left: least(|sides| sides.left, size.x),
            right: least(|sides| sides.right, size.x),
            top: least(|sides| sides.top, size.y),
            bottom: least(|sides| sides.bottom, size.y),
        }
    })
}

fn asked(content: &Content, styles: StyleChain<'_>, found: &mut Vec<Asked>) {
    if let Some(styled) = content.to_packed::<StyledElem>() {
        let inside = styles.chain(&styled.styles);
        let is_of_pages = |style: &Style| style.property().is_some_and(|it| it.is_of(PageElem::ELEM));
        if styled.styles.iter().any(is_of_pages) {
            let margin = inside.get(PageElem::margin).unwrap_or_default();
            let side = |side: Option<Smart<Rel<Length>>>| side.and_then(Smart::custom).map(|it| it.resolve(inside));
            let mut sides = margin.sides.map(side);
            if margin.two_sided == Some(true) {
                // Inside and outside change from page to page.
                let less = |a: Rel<Abs>, b: Rel<Abs>| if a.abs < b.abs { a } else { b };
                let both = sides.left.zip(sides.right).map(|(a, b)| less(a, b));
                (sides.left, sides.right) = (both, both);
            }
            found.push(sides);
        }
        asked(&styled.child, inside, found);
    } else if let Some(sequence) = content.to_packed::<SequenceElem>() {
        sequence.children.iter().for_each(|child| asked(child, styles, found));
    }
}

struct Walk<'p, 'o> {
    lines: Vec<Line<'p>>,
    open: &'o mut Vec<(Location, u8)>,
    /// Heads, feet and what lies under the page, where the walk is inside one.
    edges: Vec<(Location, Region)>,
    body: Room,
    sheet: Room,
    around: Span,
    picture: f64,
}

impl<'p> Walk<'p, '_> {
    /// `cut` is what is to be seen of it.
    fn frame(&mut self, frame: &'p Frame, to: Transform, cut: Option<Room>) {
        for (at, item) in frame.items() {
            self.item(*at, item, to, cut);
        }
    }

    fn item(&mut self, at: Point, item: &'p FrameItem, to: Transform, cut: Option<Room>) {
        if let FrameItem::Tag(Tag::Start(content, _)) = item
            && !content.span().is_detached()
        {
            self.around = content.span();
        }
        match item {
            FrameItem::Group(group) => {
                let to = to.pre_concat(Transform::translate(at.x, at.y)).pre_concat(group.transform);
                let cut = match &group.clip {
                    Some(clip) => {
                        let bounds = clip.bbox(None);
                        let (min, max) = (bounds.min, bounds.max);
                        let [left, right, top, bottom] = corners(to, min, max);
                        let room = cut.unwrap_or(self.sheet);
                        Some(Room {
                            left: room.left.max(left),
                            right: room.right.min(right),
                            top: room.top.max(top),
                            bottom: room.bottom.min(bottom),
                            cuts: true,
                        })
                    }
                    None => cut,
                };
                self.frame(&group.frame, to, cut);
            }
            FrameItem::Text(text) if !text.text.trim().is_empty() => {
                let (over, under) = (text.size * OVER, text.size * UNDER);
                let min = Point::new(at.x, at.y - over);
                let max = Point::new(at.x + text.width(), at.y + under);
                let [left, right, top, bottom] = corners(to, min, max);
                let is_upright = to.kx.is_zero() && to.ky.is_zero();
                let heading = self.open.last().map(|(_, level)| *level);
                let region = self.edges.last().map_or(Region::Body, |(_, region)| *region);
                let room = cut.unwrap_or(if region == Region::Body { self.body } else { self.sheet });
                let around = self.around;
                self.lines.push(Line {
                    item: text,
                    left,
                    right,
                    top,
                    bottom,
                    room,
                    region,
                    heading,
                    is_upright,
                    around,
                });
            }
            FrameItem::Image(_, size, _) if self.edges.is_empty() => {
                let [.., bottom] = corners(to, at, at + size.to_point());
                self.picture = self.picture.max(bottom);
            }
            FrameItem::Tag(Tag::Start(content, _)) if content.elem() == HeadingElem::ELEM => {
                let level = content
                    .to_packed::<HeadingElem>()
                    .map_or(1, |heading| heading.resolve_level(StyleChain::default()).get().min(255) as u8);
                if let Some(location) = content.location() {
                    self.open.push((location, level));
                }
            }
            FrameItem::Tag(Tag::Start(content, _)) if content.elem() == ArtifactElem::ELEM => {
                let kind = content.to_packed::<ArtifactElem>().map(|it| it.kind.get(StyleChain::default()));
                let region = match kind {
                    Some(ArtifactKind::Header | ArtifactKind::Footer) => Region::Edge,
                    Some(ArtifactKind::Background | ArtifactKind::Watermark) => Region::Sheet,
                    _ => return,
                };
                self.edges.extend(content.location().map(|location| (location, region)));
            }
            FrameItem::Tag(Tag::End(location, ..)) if !(self.open.is_empty() && self.edges.is_empty()) => {
                self.open.retain(|(open, _)| open != location);
                self.edges.retain(|(open, _)| open != location);
            }
            _ => {}
        }
    }
}

/// Left, right, top and bottom of what a rectangle becomes, in points.
fn corners(to: Transform, min: Point, max: Point) -> [f64; 4] {
    let (a, b) = (min.transform(to), max.transform(to));
    if to.kx.is_zero() && to.ky.is_zero() {
        return [a.x.min(b.x), a.x.max(b.x), a.y.min(b.y), a.y.max(b.y)].map(Abs::to_pt);
    }
    let (c, d) = (Point::new(min.x, max.y).transform(to), Point::new(max.x, min.y).transform(to));
    let all = [a, b, c, d];
    let least = |of: fn(&Point) -> Abs| all.iter().map(of).fold(Abs::inf(), Abs::min).to_pt();
    let most = |of: fn(&Point) -> Abs| all.iter().map(of).fold(-Abs::inf(), Abs::max).to_pt();
    [least(|at| at.x), most(|at| at.x), least(|at| at.y), most(|at| at.y)]
}

/// A line under another one.
fn covered<'l, 'p>(lines: &'l [Line<'p>]) -> Option<&'l Line<'p>> {
    let mut order: Vec<&Line<'_>> =
        lines.iter().filter(|line| line.region != Region::Sheet && line.is_upright).collect();
    order.sort_by(|a, b| a.top.total_cmp(&b.top));
    for (index, line) in order.iter().enumerate() {
        for other in order[index + 1..].iter().take_while(|other| other.top < line.bottom) {
            let size = line.item.size.min(other.item.size).to_pt();
            let overlap = |start: f64, end: f64| end - start;
            let across = overlap(line.left.max(other.left), line.right.min(other.right));
            let down = overlap(line.top.max(other.top), line.bottom.min(other.bottom));
            if across > size * 0.15 && down > size * 0.2 || is_one_figure(line, other) {
                return Some(line);
            }
        }
    }
    None
}

/// Whether two figures beside each other read as one. Parts of one line touch exactly; neighbours in a table hardly ever.
fn is_one_figure(line: &Line<'_>, other: &Line<'_>) -> bool {
    let (left, right) = if line.left < other.left { (line, other) } else { (other, line) };
    let gap = right.left - left.right;
    let is_near = gap.abs() > 0.05 && gap < left.item.size.to_pt() * 0.2;
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    is_near
        && (left.bottom - right.bottom).abs() < 0.05
        && digit(left.item.text.chars().next_back())
        && digit(right.item.text.chars().next())
}

// ---- Texts -----------------------------------------------------------------------------------------------------------

/// Letters that are seen: spaces are the typesetter's, as hyphens at the ends of lines are.
fn is_seen(c: char) -> bool {
    !(c.is_whitespace()
        || c.is_control()
        || matches!(c,
            JOINER | OPENING | '-' | '\u{2010}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{200C}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2061}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0100}'..='\u{E01EF}'))
}

fn seen(text: &str) -> String {
    text.chars().filter(|c| is_seen(*c)).collect()
}

/// Whether it is written from right to left: its words stand on the line in another order.
fn is_from_right(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'))
}

/// What is read on the pages.
#[derive(Default)]
struct Read {
    text: String,
    pages: Vec<Range<usize>>,
}

impl Read {
    fn page<'t>(&mut self, lines: impl Iterator<Item = &'t str>) {
        let start = self.text.len();
        for line in lines {
            self.text.extend(line.chars().filter(|c| is_seen(*c)));
        }
        self.pages.push(start..self.text.len());
    }

    /// The first text that is nowhere. They are looked for in the order in which they are read, near the one before.
    fn first_missing<'t>(&self, texts: &'t [String]) -> Option<&'t String> {
        let mut at = 0;
        texts.iter().find(|text| {
            let wanted = seen(text);
            if let Some(found) = self.near(at, &wanted).or_else(|| self.text.find(&wanted)) {
                at = found + wanted.len();
                return false;
            }
            let page = self.pages.partition_point(|page| page.end <= at);
            let is_there = self.in_pieces(page, &wanted)
                || (is_from_right(text) && text.split_whitespace().all(|word| self.text.contains(&seen(word))));
            !is_there
        })
    }

    fn near(&self, at: usize, wanted: &str) -> Option<usize> {
        let start = self.text.floor_char_boundary(at.saturating_sub(8 << 10));
        let end = self.text.floor_char_boundary(at + wanted.len() + (32 << 10));
        let found = |start: usize, end: usize| self.text.get(start..end)?.find(wanted).map(|found| start + found);
        found(at, end).or_else(|| found(start, end))
    }

    /// A row that goes on over pages is read column by column on each of them: so is every text in it.
    fn in_pieces(&self, near: usize, wanted: &str) -> bool {
        let most = 3 + wanted.chars().count() / 60;
        let from = |first: usize| {
            let mut rest = wanted;
            for page in self.pages[first..].iter().take(most) {
                let page = &self.text[page.clone()];
                rest = &rest[longest_start(rest, page)..];
                if rest.is_empty() {
                    return true;
                }
            }
            false
        };
        let count = self.pages.len();
        let start = near.saturating_sub(1).min(count);
        (start..(near + 4).min(count)).chain(0..count).any(from)
    }
}

/// How much of the start of a text is on a page.
fn longest_start(text: &str, page: &str) -> usize {
    let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
    let count = ends.partition_point(|end| page.contains(&text[..*end]));
    count.checked_sub(1).map_or(0, |last| ends[last])
}

/// The texts of a booklet's values that have to be on its pages, in the order in which they are read.
pub fn texts(booklet: &Value) -> Vec<String> {
    let known = booklet["values"].as_array().into_iter().flatten();
    let values = known.filter_map(|it| Some((it["text"].as_str()?, &it["blocks"]))).collect();
    let mut out = Texts { found: Vec::new(), values };
    let is_bound = booklet["bound"] == Value::Bool(true);
    out.add(&booklet["heading"]);
    out.add(&booklet["notice"]);
    out.each(&booklet["preface"], Texts::block);
    out.each(&booklet["totals"], Texts::extra);
    for part in booklet["parts"].as_array().into_iter().flatten() {
        out.add(&part["title"]);
        out.add(&part["today"]);
        out.each(&part["statement"], Texts::block);
        for group in part["groups"].as_array().into_iter().flatten() {
            out.add(&group["title"]);
            out.each(&group["goals"], |out, goal| out.goal(goal, is_bound));
        }
    }
    if is_bound {
        out.each(&booklet["corrections"], |out, item| {
            out.add(&item["goal"]);
            out.add(&item["department"]);
            out.correction(&item["correction"]);
        });
    }
    out.each(&booklet["notes"], |out, note| out.each(note, Texts::block));
    for key in ["office", "address", "telephone", "fax", "email", "form_url"] {
        out.add(&booklet["contact"][key]);
    }
    out.found
}

struct Texts<'b> {
    found: Vec<String>,
    /// What values say that are more than a line of letters.
    values: HashMap<&'b str, &'b Value>,
}

impl Texts<'_> {
    fn add(&mut self, value: &Value) {
        let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { return };
        match self.values.get(text) {
            Some(blocks) => self.block(blocks),
            None => self.found.push(text.to_owned()),
        }
    }

    fn each(&mut self, values: &Value, mut add: impl FnMut(&mut Self, &Value)) {
        values.as_array().into_iter().flatten().for_each(|value| add(self, value));
    }

    fn indicator(&mut self, indicator: &Value) {
        self.add(&indicator["actual"]);
        self.add(&indicator["actual_state"]);
        if indicator["actual"].is_string() || indicator["actual_state"].is_string() {
            self.add(&indicator["name"]);
            self.add(&indicator["note"]);
        }
    }

    fn goal(&mut self, goal: &Value, is_bound: bool) {
        self.add(&goal[if is_bound { "heading" } else { "title" }]);
        self.each(&goal["extras"], Self::extra);
        self.each(&goal["actions"], |out, action| {
            out.add(&action["text"]);
            out.each(&action["extras"], Self::extra);
            out.each(&action["sections"], Self::add);
            out.add(&action["criterion"]);
            out.add(&action["result"]);
            out.each(&action["indicators"], Self::indicator);
            out.add(&action["level"]["label"]);
        });
        self.each(&goal["indicators"], Self::indicator);
        self.add(&goal["reason"]);
        self.each(&goal["result_extras"], Self::extra);
        self.add(&goal["ended"]);
        self.each(&goal["why"], Self::block);
        self.each(&goal["account"], Self::block);
        self.each(&goal["progress"], |out, report| {
            out.each(&report["actions"], |out, row| {
                out.add(&row["text"]);
                out.add(&row["result"]);
                out.add(&row["actual"]);
                out.add(&row["actual_state"]);
                out.each(&row["indicators"], Self::indicator);
            });
            out.each(&report["indicators"], Self::indicator);
            out.each(&report["text"], Self::block);
        });
        self.each(&goal["corrections"], Self::correction);
        self.each(&goal["thread"], |out, step| {
            out.add(&step["department"]);
            out.add(&step["goal"]);
            out.add(&step["ended"]);
        });
    }

    fn extra(&mut self, extra: &Value) {
        self.add(&extra["label"]);
        self.add(&extra["value"]);
    }

    fn correction(&mut self, correction: &Value) {
        for key in ["date", "item", "was", "now", "why"] {
            self.add(&correction[key]);
        }
    }

    /// A part of a body: whatever it is made of, its own texts are under these names.
    fn block(&mut self, node: &Value) {
        match node {
            Value::Object(fields) => {
                let is_picture = fields.get("t").is_some_and(|kind| kind == "image");
                // What a heading and a caption say in full stands beside their plain text.
                let full = |key: &str| fields.get(key).and_then(Value::as_array).is_some_and(|it| !it.is_empty());
                let is_plain = |key: &str| match key {
                    "s" => !full("c"),
                    "caption" => !full("caption_c"),
                    _ => true,
                };
                for key in ["title", "caption", "caption_c", "mark", "s", "c", "shown", "header", "rows", "items"]
                    .into_iter()
                    .filter(|key| is_plain(key))
                {
                    match fields.get(key) {
                        Some(Value::String(text)) if !is_picture => self.lines(text),
                        Some(Value::Array(inside)) => inside.iter().for_each(|node| self.block(node)),
                        Some(node @ Value::Object(_)) => self.block(node),
                        _ => {}
                    }
                }
            }
            Value::Array(inside) => inside.iter().for_each(|node| self.block(node)),
            Value::String(text) => self.lines(text),
            _ => {}
        }
    }

    fn lines(&mut self, text: &str) {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        self.found.extend(lines.map(str::to_owned));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pages: &[&[&str]]) -> Read {
        let mut read = Read::default();
        pages.iter().for_each(|page| read.page(page.iter().copied()));
        read
    }

    #[test]
    fn a_text_that_goes_on_in_a_row_is_there_and_one_without_its_end_is_not() {
        let read = read(&[&["取組の", "前の半", "基準の前の"], &["取組の", "後の半", "基準の終わり"]]);
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        assert_eq!(read.first_missing(&texts(&["前の半後の半", "基準の前の終わり", "取組の 前\u{2060}の半"])), None);
        let wanted = texts(&["取組の前の半", "基準の前の続きと終わり"]);
        assert_eq!(read.first_missing(&wanted), Some(&wanted[1]));
    }

    #[test]
    fn hyphens_at_the_ends_of_lines_are_not_missed() {
        let read = read(&[&["the develop-", "ment of co-operation"]]);
        assert_eq!(read.first_missing(&["development of co-operation".to_owned()]), None);
    }

    #[test]
    fn every_text_of_a_body_is_asked_for() {
        let body = serde_json::json!({ "parts": [{ "statement": [
            { "t": "paragraph", "c": [{ "t": "text", "s": "文" }, { "t": "image", "file": "/a.png", "alt": "絵" }] },
            { "t": "table", "caption": "表", "header": [[{ "t": "text", "s": "頭" }]], "rows": [[[{ "t": "ruby", "s": "市", "reading": "し" }]]] },
            { "t": "list", "start": null, "items": [[{ "t": "code", "s": "一\n二" }]] },
            { "t": "figure", "file": "/b.png", "alt": "図", "caption": [{ "t": "text", "s": "図の題" }] },
        ], "groups": [] }] });
        let mut found = texts(&body);
        found.sort_unstable();
        assert_eq!(found, ["一", "二", "図の題", "市", "文", "表", "頭"]);
    }
}
