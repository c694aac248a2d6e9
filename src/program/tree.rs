//! A template as written: all that Tera's language has, whether compiled templates can do it or not.

use super::{At, Comparison, OfLoop};

/// A template.
#[derive(Debug, Default)]
pub(crate) struct Template {
    /// The template whose blocks it fills.
    pub(super) extends: Option<String>,
    pub(super) parts: Vec<Part>,
    /// All of its blocks, also those inside others.
    pub(super) blocks: Vec<Block>,
    pub(super) components: Vec<Component>,
}

#[derive(Debug)]
pub(super) struct Block {
    pub(super) name: String,
    pub(super) parts: Vec<Part>,
}

/// `{% component name(parameters) %}…{% endcomponent %}`
#[derive(Debug)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) parameters: Vec<Parameter>,
    /// What takes all other attributes.
    pub(super) rest: Option<String>,
    pub(super) parts: Vec<Part>,
}

#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    /// `@name`: from where the component is called, unless it is given.
    pub(super) is_implicit: bool,
    pub(super) default: Option<Expr>,
}

#[derive(Debug)]
pub(super) enum Part {
    Text(String),
    Write(Expr),
    Set(String, Expr),
    /// Each condition with what it guards, then the rest.
    If(Vec<(Expr, Vec<Part>)>, Vec<Part>),
    For(Box<For>),
    /// By its position among the blocks of the template.
    Block(usize),
    /// The template's name, and the bytes of that.
    Include(String, At),
    /// `{% set_global name = … %}`, and its bytes.
    SetGlobal(String, Expr, At),
    /// `{% set name | filter %}…{% endset %}`
    SetBlock {
        name: String,
        is_global: bool,
        filters: Vec<Filter>,
        parts: Vec<Part>,
        at: At,
    },
    /// `{% filter name %}…{% endfilter %}`
    FilterSection {
        filters: Vec<Filter>,
        parts: Vec<Part>,
        at: At,
    },
    /// `{% break %}` or `{% continue %}`
    Jump(&'static str, At),
}

/// A filter without what it is applied to.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) name: String,
    pub(super) arguments: Vec<(String, Expr)>,
    /// The bytes of its name.
    pub(super) at: At,
}

#[derive(Debug)]
pub(super) struct For {
    pub(super) key: Option<String>,
    pub(super) name: String,
    pub(super) list: Expr,
    pub(super) parts: Vec<Part>,
    /// `{% else %}`, and its bytes.
    pub(super) otherwise: Option<(Vec<Part>, At)>,
    /// Names that `set_global` gives a meaning inside.
    pub(super) globals: Vec<String>,
    /// From the key or name to the list.
    pub(super) at: At,
}

/// An expression and its bytes in the template.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) at: At,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Name(String),
    Text(String),
    Number(i64),
    /// Something of the loop that stands around it in the template.
    Loop(OfLoop),
    /// The field, and the bytes of its name.
    Field(Box<Expr>, String, At),
    Item(Box<Expr>, Box<Expr>),
    Filter(Box<Expr>, Filter),
    Not(Box<Expr>),
    Both(Operator, Box<Expr>, Box<Expr>),
    /// `true`, `none`, `1.5`
    Constant,
    /// What stands before `?.` or `?[`.
    Perhaps(Box<Expr>),
    /// `-x`
    Minus(Box<Expr>),
    /// `list[start:end:step]`: those bounds that are there.
    Slice(Box<Expr>, Vec<Expr>),
    Test(Box<Expr>, Filter),
    Call(Filter),
    /// `<name attribute={…} />`
    Component(Box<Called>),
    /// The condition, what it is if so, and if not.
    Ternary(Box<[Expr; 3]>),
    List(Vec<Entry>),
    Map(Vec<Entry>),
    Comprehension(Box<Comprehension>),
}

/// A component as it is called.
#[derive(Debug)]
pub(super) struct Called {
    pub(super) name: String,
    pub(super) attributes: Vec<Entry>,
    pub(super) body: Option<Vec<Part>>,
}

/// A value in a list, or under a name in a map.
#[derive(Debug)]
pub(super) enum Entry {
    Value(Expr),
    Named(String, Expr),
    /// `...other`
    Spread(Expr),
}

impl Entry {
    pub(super) fn value(&self) -> &Expr {
        match self {
            Self::Value(value) | Self::Named(_, value) | Self::Spread(value) => value,
        }
    }
}

/// `[value for key, name in list if condition]`
#[derive(Debug)]
pub(super) struct Comprehension {
    pub(super) value: Expr,
    pub(super) key: Option<String>,
    pub(super) name: String,
    pub(super) list: Expr,
    pub(super) condition: Option<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    In,
    Compare(Comparison),
    /// `+`, `-`, `*`, `/`, `//`, `%`, `**`
    Count(&'static str),
    Join,
}

impl Operator {
    /// How tightly it binds to the left and to the right, as in Tera.
    pub(super) fn power(self) -> (u8, u8) {
        match self {
            Self::Or => (1, 2),
            Self::And => (3, 4),
            Self::In => (5, 6),
            Self::Compare(_) => (7, 8),
            Self::Count("+" | "-") => (11, 12),
            Self::Count("**") => (16, 15),
            Self::Count(_) | Self::Join => (13, 14),
        }
    }
}
