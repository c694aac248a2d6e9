//! Pages of a long booklet, laid out chapter by chapter: what `typst::compile` does, in less memory.
//!
//! The typesetter remembers everything it has worked out until it is told to forget, and while it sets a document nobody
//! can tell it. So a document is cut where a new page begins anyway; the pieces are set one after another, and after
//! each its intermediate results are forgotten. What stands at the head and foot of every page is set apart from the
//! text: it asks for the number of the last page, and with it in place all text would be set again once that is known.
//!
//! Promises: the same pages as in one go. What a piece asks of the whole (page numbers, chapters, notes) is answered from
//! the round before, as the typesetter itself does, until every answer still holds. Knows nothing of booklets.

use super::lines;
use rayon::prelude::*;
use std::num::NonZeroUsize;
use typst::World;
use typst::comemo::{self, Constraint, Track};
use typst::diag::{SourceResult, StrResult};
use typst::ecow::{EcoString, EcoVec};
use typst::engine::{Engine, Route, Sink, Traced};
use typst::foundations::{
    Content, ContextElem, Label, NativeElement as _, Selector, SequenceElem, Smart, StyleChain, StyledElem, Styles,
    Target, TargetElem,
};
use typst::introspection::{
    DocumentPosition, EmptyIntrospector, Introspector, Location, Locator, MAX_ITERS, MetadataElem, TagElem,
};
use typst::layout::{ColbreakElem, FlushElem, Frame, FrameItem, GroupItem, PageElem, PagebreakElem, Point};
use typst::model::{Numbering, ParbreakElem};
use typst::syntax::VirtualPath;
use typst::text::SpaceElem;
use typst::utils::Protected;
use typst_layout::{Page, PagedDocument, PagedIntrospector};

/// So many pieces are set at once, at most: two keep two processors busy, and more would fill memory again.
const AT_ONCE: usize = 2;

/// So many pieces stand before what the rest is about: a cover, and contents whose length moves every page behind them.
const FIRST: usize = 2;

/// A part of a document with pages of its own.
struct Piece {
    content: Content,
    /// Tells its elements from those of other pieces.
    location: Location,
    pages: EcoVec<Page>,
    /// What it was told of the whole; nothing before it is set for the first time.
    told: Option<Told>,
    sink: Sink,
}

type Told = Constraint<<dyn Introspector as Track>::Call>;

impl Piece {
    fn new(content: Content, location: usize) -> Self {
        let location = Location::new(location as u128 + 1);
        Self { content, location, pages: EcoVec::new(), told: None, sink: Sink::new() }
    }

    /// Whether it would be set in the same way again.
    fn holds(&self, known: &dyn Introspector) -> bool {
        self.told.as_ref().is_some_and(|told| told.validate(known))
    }
}

/// A chapter: its text, and what stands at the edges of its pages.
struct Chapter {
    content: Content,
    text: Piece,
    edges: Piece,
    /// How many pages the edges are for.
    edged: usize,
}

/// What is set in turn.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    /// The last chapter's text: notes stand there, and others link to them.
    Last,
    /// The text of cover and contents: it tells of the rest, and moves it.
    First,
    /// The text of all other chapters.
    Rest,
    /// Heads and feet: they tell how many pages there are.
    Edges,
}

/// In the first round nobody knows anything, and contents would be empty before the rest.
const FIRST_STEPS: [Step; 3] = [Step::Last, Step::Rest, Step::First];
/// Later, what comes first also moves what comes after it, and the edges wait until it stands.
const NEXT_STEPS: [Step; 3] = [Step::First, Step::Rest, Step::Edges];

impl Step {
    fn of(self, chapters: &mut [Chapter]) -> Vec<&mut Piece> {
        let first = FIRST.min(chapters.len());
        match self {
            Self::Last => chapters.last_mut().map(|chapter| &mut chapter.text).into_iter().collect(),
            Self::First => chapters[..first].iter_mut().map(|chapter| &mut chapter.text).collect(),
            Self::Rest => chapters[first..].iter_mut().map(|chapter| &mut chapter.text).collect(),
            Self::Edges => chapters.iter_mut().map(Chapter::edges).collect(),
        }
    }
}

impl Chapter {
    fn new(index: usize, content: Content) -> Self {
        let text = Piece::new(without_edges(&content), 2 * index);
        Self { content, text, edges: Piece::new(Content::empty(), 2 * index + 1), edged: 0 }
    }

    fn edges(&mut self) -> &mut Piece {
        let pages = self.text.pages.len();
        if self.edged != pages {
            self.edged = pages;
            self.edges.content = blank(&self.content, &blank_pages(pages));
            self.edges.told = None;
        }
        &mut self.edges
    }

    /// Its pages with their edges: what is at the head before the text, what is at the foot behind it. `text` makes of a
    /// page's text what stands between them.
    fn pages(&self, text: impl Fn(&Frame) -> Vec<(Point, FrameItem)>) -> impl Iterator<Item = Page> {
        let mut edges = self.edges.pages.iter();
        self.text.pages.iter().map(move |page| {
            let frame = &page.frame;
            let edges = edges.next().map_or(&[][..], |edges| edges.frame.items().as_slice());
            let middle = frame.height() / 2.0;
            let (foot, head): (Vec<_>, Vec<_>) = edges.iter().cloned().partition(|(at, _)| at.y > middle);
            let items: Vec<_> = head.into_iter().chain(text(frame)).chain(foot).collect();
            let mut whole = Frame::new(frame.size(), frame.kind());
            whole.push_multiple(items);
            Page { frame: whole, ..page.clone() }
        })
    }
}

/// Sets a document chapter by chapter, with finished lines. `None` where it has to be set in one go.
pub fn set(world: &dyn World) -> Option<SourceResult<PagedDocument>> {
    let library = world.library();
    let target = TargetElem::target.set(Target::Paged).wrap();
    let base = StyleChain::new(&library.styles);
    let styles = base.chain(&target);
    let main = world.source(world.main()).ok()?;
    let traced = Traced::default();
    let (world, traced) = (world.track(), traced.track());
    let mut sink = Sink::new();
    let content = match typst_eval::eval(world, library, traced, sink.track_mut(), Route::default().track(), &main) {
        Ok(module) => module.content(),
        Err(errors) => return Some(Err(errors)),
    };
    let parts = cut(&content);
    if parts.len() < 3 || parts.iter().any(|part| !is_even(part)) {
        return None;
    }
    let mut chapters: Vec<Chapter> =
        parts.into_iter().enumerate().map(|(index, part)| Chapter::new(index, part)).collect();
    drop(content);
    let mut info = None;
    let mut lay_out = |mut pieces: Vec<&mut Piece>, known: &dyn Introspector| -> SourceResult<()> {
        for pieces in pieces.chunks_mut(AT_ONCE) {
            let documents: Vec<SourceResult<PagedDocument>> = pieces
                .par_iter_mut()
                .map(|piece| {
                    piece.pages = EcoVec::new();
                    piece.sink = Sink::new();
                    let mut engine = Engine {
                        library,
                        world,
                        introspector: Protected::new(known.track_with(piece.told.insert(Constraint::new()))),
                        traced,
                        sink: piece.sink.track_mut(),
                        route: Route::default(),
                    };
                    let locator = Locator::synthesize(piece.location);
                    typst_layout::layout_document_for_bundle(&mut engine, &piece.content, locator, styles)
                })
                .collect();
            // Pages that the typesetter's memory holds as well would be copied when their lines are finished.
            comemo::evict(0);
            for (piece, document) in pieces.iter_mut().zip(documents) {
                let mut document = document?;
                info.get_or_insert_with(|| document.info_mut().clone());
                piece.pages = document.pages().into();
                drop(document);
                for page in piece.pages.make_mut() {
                    lines::finish(&mut page.frame);
                    lines::fit(&mut page.frame);
                }
            }
        }
        Ok(())
    };
    let mut known = Known(Box::new(EmptyIntrospector));
    for round in 0..=MAX_ITERS {
        let mut holds = round > 0;
        for step in if round == 0 { FIRST_STEPS } else { NEXT_STEPS } {
            let changed: Vec<&mut Piece> =
                step.of(&mut chapters).into_iter().filter(|piece| !piece.holds(&known)).collect();
            if changed.is_empty() {
                continue;
            }
            holds = false;
            if let Err(errors) = lay_out(changed, &known) {
                return Some(Err(errors));
            }
            // To know what is where, the text need not be copied.
            let as_one = |frame: &Frame| vec![(Point::zero(), FrameItem::Group(GroupItem::new(frame.clone())))];
            let pages: Vec<Page> = chapters.iter().flat_map(|chapter| chapter.pages(as_one)).collect();
            known = Known(Box::new(PagedIntrospector::new(&pages)));
        }
        if holds {
            break;
        }
    }
    drop(known);
    for piece in chapters.iter_mut().flat_map(|chapter| [&mut chapter.text, &mut chapter.edges]) {
        sink.extend_from_sink(std::mem::take(&mut piece.sink));
    }
    let delayed = sink.delayed();
    if !delayed.is_empty() {
        return Some(Err(delayed));
    }
    if chapters.iter().any(|chapter| chapter.text.pages.len() != chapter.edges.pages.len()) {
        return None;
    }
    let item_by_item = |frame: &Frame| frame.items().cloned().collect();
    let pages = chapters.into_iter().flat_map(|chapter| chapter.pages(item_by_item).collect::<Vec<_>>()).collect();
    Some(Ok(PagedDocument::new(pages, info.unwrap_or_default())))
}

/// What is known of the whole: what is where in it.
struct Known(Box<dyn Introspector>);

impl Introspector for Known {
    /// Where in the document something is that is only measured. The typesetter takes `base` for it until it knows,
    /// which is the first round, and then sets the chapter again to the very same pages: here it stays with that. Only
    /// a measured counter could tell, one that differs between the measured thing's start and its end.
    fn locator(&self, _: u128, _: Location) -> Option<Location> {
        None
    }

    fn query(&self, selector: &Selector) -> EcoVec<Content> {
        self.0.query(selector)
    }

    fn query_first(&self, selector: &Selector) -> Option<Content> {
        self.0.query_first(selector)
    }

    fn query_unique(&self, selector: &Selector) -> StrResult<Content> {
        self.0.query_unique(selector)
    }

    fn query_label(&self, label: Label) -> StrResult<&Content> {
        self.0.query_label(label)
    }

    fn query_labelled(&self) -> EcoVec<Content> {
        self.0.query_labelled()
    }

    fn query_count_before(&self, selector: &Selector, end: Location) -> usize {
        self.0.query_count_before(selector, end)
    }

    fn label_count(&self, label: Label) -> usize {
        self.0.label_count(label)
    }

    fn pages(&self, location: Location) -> Option<NonZeroUsize> {
        self.0.pages(location)
    }

    fn page(&self, location: Location) -> Option<NonZeroUsize> {
        self.0.page(location)
    }

    fn position(&self, location: Location) -> Option<DocumentPosition> {
        self.0.position(location)
    }

    fn page_numbering(&self, location: Location) -> Option<&Numbering> {
        self.0.page_numbering(location)
    }

    fn page_supplement(&self, location: Location) -> Option<&Content> {
        self.0.page_supplement(location)
    }

    fn anchor(&self, location: Location) -> Option<&EcoString> {
        self.0.anchor(location)
    }

    fn document(&self, location: Location) -> Option<Location> {
        self.0.document(location)
    }

    fn path(&self, location: Location) -> Option<&VirtualPath> {
        self.0.path(location)
    }
}

/// A document cut where a new page begins.
fn cut(content: &Content) -> Vec<Content> {
    let mut parts: Vec<Content> = Vec::new();
    // What shows nothing has no page of its own: it belongs to what follows it.
    let mut before: Vec<Content> = Vec::new();
    for part in pieces(content) {
        let shows = shows(&part);
        before.push(part);
        if shows {
            parts.push(Content::sequence(before.drain(..)));
        }
    }
    match parts.last_mut() {
        Some(last) => *last = Content::sequence([last.clone()].into_iter().chain(before)),
        None => parts.push(Content::sequence(before)),
    }
    parts
}

fn pieces(content: &Content) -> Vec<Content> {
    if let Some(styled) = content.to_packed::<StyledElem>() {
        let child = &styled.child;
        // What is empty has no look, and must not give its neighbours one.
        let styled = |part: Content| if part.is_empty() { part } else { part.styled_with_map(styled.styles.clone()) };
        return pieces(child).into_iter().map(styled).collect();
    }
    if let Some(sequence) = content.to_packed::<SequenceElem>() {
        let mut parts = vec![Vec::new()];
        for child in &sequence.children {
            for (index, part) in pieces(child).into_iter().enumerate() {
                match parts.last_mut().filter(|_| index == 0) {
                    Some(last) => last.push(part),
                    None => parts.push(vec![part]),
                }
            }
        }
        return parts.into_iter().map(Content::sequence).collect();
    }
    let default = StyleChain::default();
    match content.to_packed::<PagebreakElem>() {
        // One that makes a page even where nothing stands before it is left where it is.
        Some(pagebreak) if pagebreak.weak.get(default) && pagebreak.to.get(default).is_none() => {
            vec![Content::empty(), Content::empty()]
        }
        _ => vec![content.clone()],
    }
}

/// Whether an element's styles say something about pages.
fn styles_pages(styles: &Styles) -> bool {
    styles.iter().any(|style| style.property().is_some_and(|property| property.is_of(PageElem::ELEM)))
}

/// The text of a chapter, on pages with nothing at their head and foot.
fn without_edges(content: &Content) -> Content {
    if let Some(styled) = content.to_packed::<StyledElem>() {
        let mut styles = styled.styles.clone();
        if styles_pages(&styles) {
            styles.set(PageElem::header, Smart::Custom(None));
            styles.set(PageElem::footer, Smart::Custom(None));
        }
        return without_edges(&styled.child).styled_with_map(styles);
    }
    match content.to_packed::<SequenceElem>() {
        Some(sequence) => Content::sequence(sequence.children.iter().map(without_edges)),
        None => content.clone(),
    }
}

/// The same pages with nothing but what stands at their head and foot: `pages` takes the place of all that is styled
/// as the whole chapter is.
fn blank(content: &Content, pages: &Content) -> Content {
    match inner(content) {
        Inner::Styled(child, styles) => {
            let mut styles = styles.clone();
            if styles_pages(&styles) {
                styles.set(PageElem::background, None);
                styles.set(PageElem::foreground, None);
            }
            blank(child, pages).styled_with_map(styles)
        }
        Inner::Child(child) => blank(child, pages),
        Inner::Several => pages.clone(),
    }
}

/// So many empty pages.
fn blank_pages(count: usize) -> Content {
    let page = || FlushElem::new().pack();
    let more = (1..count).flat_map(|_| [ColbreakElem::new().pack(), page()]);
    Content::sequence([page()].into_iter().chain(more))
}

/// Whether all pages of a chapter are made alike, wherever they stand.
fn is_even(content: &Content) -> bool {
    match inner(content) {
        Inner::Styled(child, styles) => {
            // Margins that change sides from page to page ask whether the page is a right one.
            let margin = StyleChain::new(styles).get(PageElem::margin).unwrap_or_default();
            margin.two_sided != Some(true) && is_even(child)
        }
        Inner::Child(child) => is_even(child),
        Inner::Several => !has_page_styles(content),
    }
}

fn has_page_styles(content: &Content) -> bool {
    if let Some(styled) = content.to_packed::<StyledElem>() {
        return styles_pages(&styled.styles) || has_page_styles(&styled.child);
    }
    content.to_packed::<SequenceElem>().is_some_and(|sequence| sequence.children.iter().any(has_page_styles))
}

/// What is inside a content that shows something.
enum Inner<'c> {
    Styled(&'c Content, &'c Styles),
    /// One part that shows something, among others that do not.
    Child(&'c Content),
    /// Several such parts, or one that has none inside.
    Several,
}

fn inner(content: &Content) -> Inner<'_> {
    if let Some(styled) = content.to_packed::<StyledElem>() {
        return Inner::Styled(&styled.child, &styled.styles);
    }
    let Some(sequence) = content.to_packed::<SequenceElem>() else { return Inner::Several };
    let mut showing = sequence.children.iter().filter(|child| shows(child));
    match (showing.next(), showing.next()) {
        (Some(child), None) => Inner::Child(child),
        _ => Inner::Several,
    }
}

/// Whether there is anything to see. Of what depends on where it stands nobody knows.
fn shows(content: &Content) -> bool {
    if let Some(styled) = content.to_packed::<StyledElem>() {
        return shows(&styled.child);
    }
    if let Some(sequence) = content.to_packed::<SequenceElem>() {
        return sequence.children.iter().any(shows);
    }
    !(content.is::<SpaceElem>()
        || content.is::<ParbreakElem>()
        || content.is::<TagElem>()
        || content.is::<MetadataElem>()
        || content.is::<ContextElem>())
}
