//! The text of a template to its parts. Reads the plain core of Tera's language, by Tera's rules of precedence and of
//! white space; anything beyond gives [`Beyond`], and Tera has the last word on what is an error.

use super::{At, Beyond, Comparison};

/// A template as written.
#[derive(Debug)]
pub(super) struct Template {
    /// The template whose blocks it fills.
    pub(super) extends: Option<String>,
    pub(super) parts: Vec<Part>,
}

#[derive(Debug)]
pub(super) enum Part {
    Text(String),
    Write(Expr),
    Set(String, Expr),
    /// Each condition with what it guards, then the rest.
    If(Vec<(Expr, Vec<Part>)>, Vec<Part>),
    For(String, Expr, Vec<Part>),
    Block(String, Vec<Part>),
    Include(String),
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
    /// The field, and the bytes of its name.
    Field(Box<Expr>, String, At),
    Item(Box<Expr>, Box<Expr>),
    Filter(Box<Expr>, String, Vec<(String, Expr)>),
    Not(Box<Expr>),
    Both(Operator, Box<Expr>, Box<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Compare(Comparison),
    Join,
}

impl Operator {
    /// How tightly it binds to the left and to the right, as in Tera.
    fn power(self) -> (u8, u8) {
        match self {
            Self::Or => (1, 2),
            Self::And => (3, 4),
            Self::Compare(_) => (7, 8),
            Self::Join => (13, 14),
        }
    }
}

const NOT: u8 = 5;
const PIPE: u8 = 17;

/// Expressions inside one another, and parts inside one another, are read up to this depth.
const DEEPEST: usize = 64;

#[derive(Clone, Debug, PartialEq)]
enum Token<'t> {
    Word(&'t str),
    Text(&'t str),
    Number(i64),
    Sign(&'static str),
}

/// Signs, longer ones first.
const SIGNS: [&str; 15] = ["==", "!=", "<=", ">=", "<", ">", "=", "|", "~", ".", ",", "(", ")", "[", "]"];

/// A piece of a template: text, or what stands between the marks of a tag.
enum Piece<'t> {
    Text(&'t str),
    Write(Tag<'t>),
    Tag(Tag<'t>),
}

/// What stands in a tag, each token with its bytes in the template.
type Tag<'t> = Vec<(Token<'t>, At)>;

/// Reads a template.
pub(super) fn parse(text: &str) -> Result<Template, Beyond> {
    let pieces = pieces(text)?;
    let mut reader = Reader { pieces: pieces.into_iter(), extends: None, depth: 0 };
    let (parts, end) = reader.parts()?;
    match end {
        None => Ok(Template { extends: reader.extends, parts }),
        Some(_) => Err(Beyond),
    }
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Beyond> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let (mut at, mut trims_start) = (0, false);
    loop {
        let opened = text[at..].match_indices('{').find_map(|(index, _)| {
            let mark = text.as_bytes().get(at + index + 1)?;
            matches!(mark, b'{' | b'%' | b'#').then_some((at + index, *mark))
        });
        let (end, mark) = opened.unwrap_or((text.len(), 0));
        let mut plain = &text[at..end];
        let trims_end = text.get(end + 2..).is_some_and(|rest| rest.starts_with('-'));
        if trims_start {
            plain = plain.trim_start();
        }
        if trims_end && mark != 0 {
            plain = plain.trim_end();
        }
        if end > at {
            trims_start = false;
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        if mark == 0 {
            return Ok(pieces);
        }
        let inside = end + 2 + usize::from(trims_end);
        if mark == b'#' {
            let length = text.get(inside..).and_then(|rest| rest.find("#}")).ok_or(Beyond)?;
            // A comment right after `-%}` does not keep it from what follows.
            trims_start |= text[inside..inside + length].ends_with('-');
            at = inside + length + 2;
            continue;
        }
        let close = if mark == b'{' { "}}" } else { "%}" };
        let tag;
        (tag, trims_start, at) = tokens(text, inside, close)?;
        pieces.push(if mark == b'{' { Piece::Write(tag) } else { Piece::Tag(tag) });
    }
}

/// The tokens up to `close`, whether it takes away the spaces after it, and where it ends.
fn tokens<'t>(text: &'t str, from: usize, close: &str) -> Result<(Tag<'t>, bool, usize), Beyond> {
    let mut tokens = Vec::new();
    let mut at = from;
    loop {
        let rest = text.get(at..).ok_or(Beyond)?;
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let first = trimmed.chars().next().ok_or(Beyond)?;
        if trimmed.starts_with(close) {
            return Ok((tokens, false, at + close.len()));
        }
        if trimmed.strip_prefix('-').is_some_and(|rest| rest.starts_with(close)) {
            return Ok((tokens, true, at + 1 + close.len()));
        }
        let (token, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
                let length = trimmed.find(is_end).unwrap_or(trimmed.len());
                (Token::Word(&trimmed[..length]), length)
            }
            '0'..='9' => {
                let length = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
                (Token::Number(trimmed[..length].parse().map_err(|_| Beyond)?), length)
            }
            '"' | '\'' => {
                let length = trimmed[1..].find(first).ok_or(Beyond)?;
                let text = &trimmed[1..=length];
                if text.contains('\\') {
                    return Err(Beyond);
                }
                (Token::Text(text), length + 2)
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| trimmed.starts_with(**sign)).ok_or(Beyond)?;
                (Token::Sign(sign), sign.len())
            }
        };
        tokens.push((token, at..at + length));
        at += length;
    }
}

struct Reader<'t> {
    pieces: std::vec::IntoIter<Piece<'t>>,
    extends: Option<String>,
    depth: usize,
}

impl<'t> Reader<'t> {
    /// Reads parts up to a tag that ends or divides what stands around them, and gives that tag.
    fn parts(&mut self) -> Result<(Vec<Part>, Option<Tokens<'t>>), Beyond> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Beyond);
        }
        let mut parts = Vec::new();
        while let Some(piece) = self.pieces.next() {
            match piece {
                Piece::Text(text) => parts.push(Part::Text(text.to_owned())),
                Piece::Write(tokens) => parts.push(Part::Write(Tokens::new(tokens).whole()?)),
                Piece::Tag(tokens) => {
                    let mut tokens = Tokens::new(tokens);
                    match tokens.word()? {
                        "set" => {
                            let name = tokens.name()?;
                            tokens.sign("=")?;
                            parts.push(Part::Set(name, tokens.whole()?));
                        }
                        "if" => parts.push(self.conditions(tokens)?),
                        "for" => {
                            let name = tokens.name()?;
                            tokens.keyword("in")?;
                            let list = tokens.whole()?;
                            let (body, end) = self.parts()?;
                            end.ok_or(Beyond)?.only("endfor")?;
                            parts.push(Part::For(name, list, body));
                        }
                        "block" => {
                            let name = tokens.name()?;
                            tokens.end()?;
                            let (body, end) = self.parts()?;
                            let mut end = end.ok_or(Beyond)?;
                            end.keyword("endblock")?;
                            if end.end().is_err() {
                                end.name()?;
                                end.end()?;
                            }
                            parts.push(Part::Block(name, body));
                        }
                        "include" => {
                            parts.push(Part::Include(tokens.text()?));
                            tokens.end()?;
                        }
                        "extends" if self.depth == 1 && parts.is_empty() && self.extends.is_none() => {
                            self.extends = Some(tokens.text()?);
                            tokens.end()?;
                        }
                        "elif" | "else" | "endif" | "endfor" | "endblock" => {
                            self.depth -= 1;
                            return Ok((parts, Some(tokens.again())));
                        }
                        _ => return Err(Beyond),
                    }
                }
            }
        }
        self.depth -= 1;
        Ok((parts, None))
    }

    fn conditions(&mut self, mut tokens: Tokens<'t>) -> Result<Part, Beyond> {
        let mut branches = Vec::new();
        loop {
            let condition = tokens.whole()?;
            let (body, end) = self.parts()?;
            branches.push((condition, body));
            tokens = end.ok_or(Beyond)?;
            match tokens.word()? {
                "elif" => {}
                "else" => {
                    tokens.end()?;
                    let (rest, end) = self.parts()?;
                    end.ok_or(Beyond)?.only("endif")?;
                    return Ok(Part::If(branches, rest));
                }
                "endif" => {
                    tokens.end()?;
                    return Ok(Part::If(branches, Vec::new()));
                }
                _ => return Err(Beyond),
            }
        }
    }
}

/// What stands in one tag.
struct Tokens<'t> {
    all: Tag<'t>,
    next: usize,
    depth: usize,
}

impl<'t> Tokens<'t> {
    fn new(all: Tag<'t>) -> Self {
        Self { all, next: 0, depth: 0 }
    }

    /// The same from its start.
    fn again(mut self) -> Self {
        self.next = 0;
        self
    }

    fn peek(&self) -> Option<&Token<'t>> {
        self.all.get(self.next).map(|(token, _)| token)
    }

    fn take(&mut self) -> Result<(Token<'t>, At), Beyond> {
        self.next += 1;
        self.all.get(self.next - 1).cloned().ok_or(Beyond)
    }

    fn end(&self) -> Result<(), Beyond> {
        if self.next == self.all.len() { Ok(()) } else { Err(Beyond) }
    }

    fn word(&mut self) -> Result<&'t str, Beyond> {
        match self.take()?.0 {
            Token::Word(word) => Ok(word),
            _ => Err(Beyond),
        }
    }

    fn keyword(&mut self, word: &str) -> Result<(), Beyond> {
        if self.word()? == word { Ok(()) } else { Err(Beyond) }
    }

    fn only(mut self, word: &str) -> Result<(), Beyond> {
        self.keyword(word)?;
        self.end()
    }

    /// A word that names something, and is nothing else in Tera.
    fn name(&mut self) -> Result<String, Beyond> {
        match self.word()? {
            "true" | "True" | "false" | "False" | "none" | "None" | "not" | "and" | "or" | "in" | "is" | "if"
            | "else" | "for" | "loop" | "self" | "super" | "__tera_context" | "set" | "raw" | "break" | "continue" => {
                Err(Beyond)
            }
            name => Ok(name.to_owned()),
        }
    }

    fn text(&mut self) -> Result<String, Beyond> {
        match self.take()?.0 {
            Token::Text(text) => Ok(text.to_owned()),
            _ => Err(Beyond),
        }
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(next)) if *next == sign)
    }

    fn sign(&mut self, sign: &str) -> Result<(), Beyond> {
        if !self.is_sign(sign) {
            return Err(Beyond);
        }
        self.next += 1;
        Ok(())
    }

    /// An expression and nothing after it.
    fn whole(mut self) -> Result<Expr, Beyond> {
        let expr = self.expression(0)?;
        self.end()?;
        Ok(expr)
    }

    fn operator(&self) -> Option<Operator> {
        Some(match self.peek()? {
            Token::Word("or") => Operator::Or,
            Token::Word("and") => Operator::And,
            Token::Sign("==") => Operator::Compare(Comparison::Equal),
            Token::Sign("!=") => Operator::Compare(Comparison::Unequal),
            Token::Sign("<") => Operator::Compare(Comparison::Less),
            Token::Sign("<=") => Operator::Compare(Comparison::LessOrEqual),
            Token::Sign(">") => Operator::Compare(Comparison::More),
            Token::Sign(">=") => Operator::Compare(Comparison::MoreOrEqual),
            Token::Sign("~") => Operator::Join,
            _ => return None,
        })
    }

    fn expression(&mut self, least: u8) -> Result<Expr, Beyond> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Beyond);
        }
        let mut expr = self.first()?;
        loop {
            let start = expr.at.start;
            let is_path = matches!(expr.kind, Kind::Name(_) | Kind::Field(..) | Kind::Item(..));
            if self.is_sign(".") && is_path {
                self.next += 1;
                let at = self.all.get(self.next).ok_or(Beyond)?.1.clone();
                let field = self.word()?.to_owned();
                let whole = start..at.end;
                expr = Expr { at: whole, kind: Kind::Field(expr.into(), field, at) };
            } else if self.is_sign("[") && is_path {
                self.next += 1;
                let index = self.expression(0)?;
                let end = self.all.get(self.next).ok_or(Beyond)?.1.end;
                self.sign("]")?;
                expr = Expr { at: start..end, kind: Kind::Item(expr.into(), index.into()) };
            } else if self.is_sign("|") {
                if PIPE < least {
                    break;
                }
                self.next += 1;
                expr = self.filter(expr)?;
            } else if let Some(operator) = self.operator() {
                let (left, right) = operator.power();
                if left < least {
                    break;
                }
                self.next += 1;
                let other = self.expression(right)?;
                let is_comparison = |kind: &Kind| matches!(kind, Kind::Both(Operator::Compare(_), ..));
                // `a < b < c`, and `not` or a comparison where a text is made, mean something else to each reader.
                let is_unclear = match operator {
                    Operator::Or | Operator::And => false,
                    _ => [&expr.kind, &other.kind].iter().any(|it| is_comparison(it) || matches!(it, Kind::Not(_))),
                };
                if is_unclear {
                    return Err(Beyond);
                }
                expr = Expr { at: start..other.at.end, kind: Kind::Both(operator, expr.into(), other.into()) };
            } else {
                break;
            }
        }
        self.depth -= 1;
        Ok(expr)
    }

    fn first(&mut self) -> Result<Expr, Beyond> {
        let (token, at) = self.take()?;
        let kind = match token {
            Token::Word("not") => {
                let inner = self.expression(NOT)?;
                return Ok(Expr { at: at.start..inner.at.end, kind: Kind::Not(inner.into()) });
            }
            Token::Word("loop") => Kind::Name("loop".into()),
            Token::Word(_) => {
                self.next -= 1;
                let name = self.name()?;
                if self.is_sign("(") {
                    return Err(Beyond);
                }
                Kind::Name(name)
            }
            Token::Text(text) => Kind::Text(text.to_owned()),
            Token::Number(number) => Kind::Number(number),
            // Parentheses change nothing but precedence, which is easy to get wrong: Tera reads them.
            Token::Sign(_) => return Err(Beyond),
        };
        Ok(Expr { at, kind })
    }

    fn filter(&mut self, of: Expr) -> Result<Expr, Beyond> {
        let name_at = self.all.get(self.next).ok_or(Beyond)?.1.clone();
        let name = self.name()?;
        let mut arguments = Vec::new();
        let mut end = name_at.end;
        if self.is_sign("(") {
            self.next += 1;
            while !self.is_sign(")") {
                let argument = self.name()?;
                self.sign("=")?;
                if arguments.iter().any(|(known, _)| *known == argument) {
                    return Err(Beyond);
                }
                arguments.push((argument, self.expression(0)?));
                if !self.is_sign(")") {
                    self.sign(",")?;
                }
            }
            end = self.all.get(self.next).ok_or(Beyond)?.1.end;
            self.next += 1;
        }
        Ok(Expr { at: of.at.start..end, kind: Kind::Filter(of.into(), name, arguments) })
    }
}
