//! What one booklet may take of a theme's own templates: rounds.
//!
//! The typesetter has no limit of its own: nine loops of ten inside one another never end. So the body of every loop that
//! it is given is wrapped in a block that first calls a function, and every call of a template's function counts, by
//! whatever name; so does a number that `range` makes. It is a count and no time: a booklet is too much on every machine.
//!
//! Promises: a template makes the same as without; a place leads back to where it stands in the theme's file. Knows
//! nothing of booklets.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::num::NonZeroI64;
use std::panic;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};
use typst::Library;
use typst::World;
use typst::comemo::{Tracked, TrackedMut};
use typst::diag::SourceResult;
use typst::engine::{Engine, Route, Sink, Traced};
use typst::foundations::{
    Args, Array, Binding, CastInfo, Closure, ClosureNode, Context, Func, IntoValue as _, NativeFuncData, NativeFuncPtr,
    Scope, Value,
};
use typst::introspection::Introspector;
use typst::routines::{Routines, SpanMode};
use typst::syntax::ast::{self, AstNode as _};
use typst::syntax::{LinkedNode, Span, SyntaxKind, SyntaxMode, SyntaxNode, parse, parse_code, parse_math};
use typst::utils::LazyHash;

/// So many rounds of loops, calls of functions and numbers of ranges a booklet may take.
pub const MOST_ROUNDS: u64 = 5_000_000;

/// Counts where it is called. A function without a name, so that no author can have another of the same.
const ROUND: &str = "(()=>none)()";

/// The rounds of one booklet.
#[derive(Debug, Default)]
struct Counted {
    rounds: AtomicU64,
    /// Where there was one too many.
    over: OnceLock<Span>,
}

impl Counted {
    /// Ends the booklet where it is too much. It unwinds: an error would be remembered as what a function gives, for other
    /// booklets too, and the typesetter goes on after some errors.
    fn count(&self, more: u64, span: Span) {
        let before = self.rounds.fetch_add(more, Ordering::Relaxed);
        if before.saturating_add(more) > MOST_ROUNDS {
            let _first = self.over.set(span);
            panic::resume_unwind(Box::new("too many rounds"));
        }
    }
}

/// The booklets that are being made, each by where its own library stands: that is what a function is called with, on
/// whichever thread.
static OPEN: RwLock<BTreeMap<usize, Arc<Counted>>> = RwLock::new(BTreeMap::new());

fn count(library: &LazyHash<Library>, more: u64, span: Span) {
    let open = OPEN.read().unwrap_or_else(PoisonError::into_inner).get(&place(library)).cloned();
    if let Some(counted) = open {
        counted.count(more, span);
    }
}

fn place(library: &LazyHash<Library>) -> usize {
    std::ptr::from_ref(library).addr()
}

/// A booklet that counts, from when it is begun until it is dropped.
pub struct Budget {
    library: Box<LazyHash<Library>>,
    counted: Arc<Counted>,
}

impl Budget {
    /// Begins to count.
    pub fn new(library: &LazyHash<Library>) -> Self {
        let budget = Self { library: Box::new(library.clone()), counted: Arc::default() };
        let mut open = OPEN.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(place(&budget.library), budget.counted.clone());
        budget
    }

    /// The library that counts for this booklet.
    pub fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    /// Where there was a round too many.
    pub fn over(&self) -> Option<Span> {
        self.counted.over.get().copied()
    }
}

impl Drop for Budget {
    fn drop(&mut self) {
        OPEN.write().unwrap_or_else(PoisonError::into_inner).remove(&place(&self.library));
    }
}

/// Makes a library count: what it calls, and its `range`. `routines` are the same as its own, but for [`counting`].
pub fn watch(library: &mut Library, routines: &'static Routines) {
    library.routines = routines;
    library.global.scope_mut().bind("range".into(), Binding::detached(Func::from(&RANGE)));
    library.std = Binding::detached(library.global.clone());
}

/// Routines that count calls of functions.
pub fn counting(routines: Routines) -> Routines {
    Routines { eval_string, eval_closure, ..routines }
}

#[allow(clippy::too_many_arguments, reason = "as the typesetter calls it")]
fn eval_closure(
    func: &Func,
    closure: &LazyHash<Closure>,
    world: Tracked<'_, dyn World + '_>,
    library: &LazyHash<Library>,
    introspector: Tracked<'_, dyn Introspector + '_>,
    traced: Tracked<'_, Traced>,
    sink: TrackedMut<'_, Sink>,
    route: Tracked<'_, Route<'_>>,
    context: Tracked<'_, Context<'_>>,
    args: Args,
) -> SourceResult<Value> {
    count(library, 1, func.span());
    if args.items.is_empty() && is_nothing(closure) {
        return Ok(Value::None);
    }
    typst_eval::eval_closure(func, closure, world, library, introspector, traced, sink, route, context, args)
}

/// Whether it is `() => none`.
fn is_nothing(closure: &Closure) -> bool {
    let ClosureNode::Closure(node) = &closure.node else { return false };
    node.cast::<ast::Closure<'_>>()
        .is_some_and(|it| matches!(it.body(), ast::Expr::None(_)) && it.params().children().next().is_none())
}

#[allow(clippy::too_many_arguments, reason = "as the typesetter calls it")]
fn eval_string(
    world: Tracked<'_, dyn World + '_>,
    library: &LazyHash<Library>,
    sink: TrackedMut<'_, Sink>,
    introspector: Tracked<'_, dyn Introspector + '_>,
    context: Tracked<'_, Context<'_>>,
    string: &str,
    spans: SpanMode<'_>,
    mode: SyntaxMode,
    scope: Scope,
) -> SourceResult<Value> {
    let (span, marked) = match &spans {
        SpanMode::Uniform(span) => (*span, Marked::new(string, mode).text),
        // Its places are those of another file; no template can ask for that.
        SpanMode::Mapped { mapper_error_span, .. } => (*mapper_error_span, Cow::Borrowed(string)),
    };
    // It begins a stack of its own, which the typesetter does not measure.
    let depth = EVALS.get() + 1;
    count(library, if depth > MOST_EVALS { MOST_ROUNDS + 1 } else { 1 }, span);
    let _left = Left(EVALS.replace(depth));
    typst_eval::eval_string(world, library, sink, introspector, context, &marked, spans, mode, scope)
}

/// So many `eval` may be inside one another.
const MOST_EVALS: usize = 8;

thread_local! {
    /// How many are under way on this thread.
    static EVALS: Cell<usize> = const { Cell::new(0) };
}

/// What there was before, put back also where there is a panic.
struct Left(usize);

impl Drop for Left {
    fn drop(&mut self) {
        EVALS.set(self.0);
    }
}

/// The typesetter's `range`, which counts the numbers before it makes them.
static RANGE: NativeFuncData = NativeFuncData {
    function: NativeFuncPtr(&|engine: &mut Engine<'_>, _: Tracked<'_, Context<'_>>, args: &mut Args| {
        range(engine, args)
    }),
    name: "range",
    title: "Range",
    docs: "",
    def_site: None,
    keywords: &[],
    contextual: false,
    scope: LazyLock::new(&|| Scope::new()),
    params: LazyLock::new(&|| Vec::new()),
    returns: LazyLock::new(&|| CastInfo::Any),
};

fn range(engine: &Engine<'_>, args: &mut Args) -> SourceResult<Value> {
    let inclusive = args.named::<bool>("inclusive")?.unwrap_or(false);
    let step = args.named::<NonZeroI64>("step")?.unwrap_or(ONE);
    let mut ahead = args.clone();
    let first = ahead.expect::<i64>("end")?;
    let (start, end) = ahead.eat::<i64>()?.map_or((0, first), |second| (first, second));
    let forwards = (start <= end) == (step.get() > 0);
    if forwards {
        count(engine.library, start.abs_diff(end) / step.get().unsigned_abs(), args.span);
    }
    Ok(Array::range(args, inclusive, step)?.into_value())
}

const ONE: NonZeroI64 = NonZeroI64::new(1).expect("one is not zero");

/// A template with calls that count.
pub struct Marked<'t> {
    /// The template as the typesetter gets it.
    pub text: Cow<'t, str>,
    /// Where they stand.
    pub places: Places,
}

/// Where something was put into a template, in the new text, and how many bytes.
pub struct Places(Vec<(usize, usize)>);

impl Places {
    /// Where a byte stands in the template as it was.
    pub fn original(&self, at: usize) -> usize {
        let before = self.0.iter().take_while(|(start, _)| *start < at);
        at - before.map(|(start, length)| (*length).min(at - start)).sum::<usize>()
    }
}

impl<'t> Marked<'t> {
    /// A template that does not count.
    pub fn none(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), places: Places(Vec::new()) }
    }

    /// Puts calls into a template; into one with a mistake none, because nobody gets beyond its mistake.
    pub fn new(text: &'t str, mode: SyntaxMode) -> Self {
        let root = match mode {
            SyntaxMode::Markup => parse(text),
            SyntaxMode::Code => parse_code(text),
            SyntaxMode::Math => parse_math(text),
        };
        let mut pieces = Vec::new();
        if root.errors_and_warnings().0.is_empty() {
            wrap(&LinkedNode::new(&root), text, &mut pieces);
        }
        if pieces.is_empty() {
            return Self::none(text);
        }
        pieces.sort_by_key(|(at, _)| *at);
        let mut marked = String::new();
        let mut added = Vec::new();
        let mut copied = 0;
        for (at, piece) in pieces {
            marked.push_str(&text[copied..at]);
            copied = at;
            added.push((marked.len(), piece.len()));
            marked.push_str(&piece);
        }
        marked.push_str(&text[copied..]);
        Self { text: Cow::Owned(marked), places: Places(added) }
    }
}

/// What is put where.
fn wrap(node: &LinkedNode<'_>, text: &str, pieces: &mut Vec<(usize, String)>) {
    let body = match node.kind() {
        SyntaxKind::ForLoop => node.cast::<ast::ForLoop<'_>>().map(|it| it.body().to_untyped()),
        SyntaxKind::WhileLoop => node.cast::<ast::WhileLoop<'_>>().map(|it| it.body().to_untyped()),
        _ => None,
    };
    for child in node.children() {
        if body.is_some_and(|body| std::ptr::eq(body, child.get())) {
            pieces.push((child.offset(), format!("{{{ROUND};")));
            pieces.push((child.range().end, "}".to_owned()));
        }
        // `range` of the type of arrays is the same function, and cannot be exchanged there.
        let is_called = node.kind() == SyntaxKind::FuncCall && child.offset() == node.offset();
        if let Some(target) = is_called.then(|| range_of(child.get())).flatten() {
            let target = &text[child.offset()..child.offset() + target.len()];
            pieces.push((child.offset(), format!("(if {target}==std.array{{std.range}}else{{")));
            pieces.push((child.range().end, "})".to_owned()));
        }
        wrap(&child, text, pieces);
    }
}

/// What it is whose `range` this names, where it is nothing but names.
fn range_of(node: &SyntaxNode) -> Option<&SyntaxNode> {
    let access = node.cast::<ast::FieldAccess<'_>>()?;
    let target = access.target();
    (access.field().as_str() == "range" && is_names(target)).then(|| target.to_untyped())
}

fn is_names(expr: ast::Expr<'_>) -> bool {
    match expr {
        ast::Expr::Ident(_) => true,
        ast::Expr::FieldAccess(access) => is_names(access.target()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_count_and_places_lead_back() {
        let text = "市#for a in b [- x]\n#{ while c < d.range(e.f.range(3)) { for (g, _) in h [#array.range(2)] } }";
        let marked = Marked::new(text, SyntaxMode::Markup);
        assert_eq!(
            marked.text,
            "市#for a in b {(()=>none)();[- x]}\n#{ while c < (if d==std.array{std.range}else{d.range})((if e.f==std.array{std.range}else{e.f.range})(3)) \
             {(()=>none)();{ for (g, _) in h {(()=>none)();[#(if array==std.array{std.range}else{array.range})(2)]} }} }"
        );
        for part in ["市", "#for a", "- x", "while", "d.range", "f.range", "3)", "(g,", "h ", "(2)"] {
            let (there, here) = (marked.text.find(part).unwrap(), text.find(part).unwrap());
            assert_eq!(marked.places.original(there), here, "{part}");
        }
        let inside = marked.text.find("()=>").unwrap();
        assert_eq!(marked.places.original(inside), text.find("[- x").unwrap());
        for text in ["#let f(x) = x.range\n#{ a.range = 3 }", "$array.range(3)$", "#for a in b [", "no loop for you"] {
            assert_eq!(Marked::new(text, SyntaxMode::Markup).text, text);
        }
    }
}
