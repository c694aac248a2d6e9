//! The text of a template to its parts. Reads all of Tera's language (2.4), by Tera's rules of precedence; Tera has the
//! last word on what is an error, so that some of what it refuses is read here without a word.

use super::pieces::{Piece, Tag, Token, Unread, pieces};
use super::tree::{
    Block, Called, Component, Comprehension, Entry, Expr, Filter, For, Kind, Operator, Parameter, Part, Template,
};
use super::{At, Comparison, OfLoop};

const NOT: u8 = 5;
const MINUS: u8 = 20;
const IN: u8 = 5;
const PIPE: u8 = 17;
/// Above `… if … else …`, which binds least of all.
const NO_TERNARY: u8 = 1;

/// Expressions inside one another, and parts inside one another, are read up to this depth; Tera does up to 40.
const DEEPEST: usize = 64;

/// Reads a template.
pub(crate) fn parse(text: &str) -> Result<Template, Unread> {
    let mut reader = Reader {
        pieces: pieces(text)?.into_iter(),
        template: Template::default(),
        globals: Vec::new(),
        depth: 0,
        loops: 0,
        at: 0,
    };
    let (parts, end) = reader.parts()?;
    match end {
        None => Ok(Template { parts, ..reader.template }),
        Some(tokens) => Err(tokens.unread()),
    }
}

struct Reader<'t> {
    pieces: std::vec::IntoIter<Piece<'t>>,
    /// Everything but its parts.
    template: Template,
    /// Names that `set_global` has given a meaning so far.
    globals: Vec<String>,
    depth: usize,
    /// How many loops stand around this.
    loops: usize,
    /// Where the last tag ends.
    at: usize,
}

impl<'t> Reader<'t> {
    /// Reads parts up to a tag that ends or divides what stands around them, and gives that tag.
    fn parts(&mut self) -> Result<(Vec<Part>, Option<Tokens<'t>>), Unread> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unread(self.at));
        }
        let mut parts = Vec::new();
        while let Some(piece) = self.pieces.next() {
            match piece {
                Piece::Text(text) => parts.push(Part::Text(text.to_owned())),
                Piece::Write(tokens) => parts.push(Part::Write(self.tokens(tokens).whole()?)),
                Piece::Tag(tokens) => {
                    let mut tokens = self.tokens(tokens);
                    let (word, at) = tokens.tag()?;
                    if word == "</" || word == "else" || word == "elif" || word.starts_with("end") {
                        self.depth -= 1;
                        return Ok((parts, Some(tokens.again())));
                    }
                    parts.extend(self.part(word, at, tokens)?);
                }
            }
        }
        self.depth -= 1;
        Ok((parts, None))
    }

    fn tokens(&mut self, tag: Tag<'t>) -> Tokens<'t> {
        self.at = tag.last().map_or(self.at, |(_, at)| at.end);
        Tokens { all: tag, next: 0, depth: 0, is_in_loop: self.loops > 0, from: self.at }
    }

    /// Parts up to the tag that starts with `word`, and the rest of that tag.
    fn parts_to(&mut self, word: &str) -> Result<(Vec<Part>, Tokens<'t>), Unread> {
        let (parts, end) = self.parts()?;
        let mut end = end.ok_or(Unread(self.at))?;
        if end.tag()?.0 != word {
            return Err(end.unread());
        }
        Ok((parts, end))
    }

    /// Parts up to the tag that is `word` and nothing else.
    fn parts_to_only(&mut self, word: &str) -> Result<Vec<Part>, Unread> {
        let (parts, end) = self.parts_to(word)?;
        end.end()?;
        Ok(parts)
    }

    /// What a tag starts, or does; nothing where it only says something of the template.
    fn part(&mut self, word: &str, at: At, mut tokens: Tokens<'t>) -> Result<Option<Part>, Unread> {
        Ok(Some(match word {
            "set" => self.set(at, tokens)?,
            "set_global" => {
                let part = self.set(at.clone(), tokens)?;
                let (name, part) = match part {
                    Part::Set(name, value) => (name.clone(), Part::SetGlobal(name, value, at)),
                    Part::SetBlock { name, filters, parts, at, .. } => {
                        (name.clone(), Part::SetBlock { name, is_global: true, filters, parts, at })
                    }
                    part => return Ok(Some(part)),
                };
                self.globals.push(name);
                part
            }
            "if" => self.conditions(tokens)?,
            "for" => self.each(tokens)?,
            "block" => {
                let name = tokens.word()?.to_owned();
                tokens.end()?;
                let (parts, mut end) = self.parts_to("endblock")?;
                if end.end().is_err() {
                    end.word()?;
                    end.end()?;
                }
                self.template.blocks.push(Block { name, parts });
                Part::Block(self.template.blocks.len() - 1)
            }
            "include" => {
                let (name, at) = tokens.text()?;
                tokens.end()?;
                Part::Include(name, at)
            }
            "extends" => {
                if self.depth > 1 || self.template.extends.is_some() {
                    return Err(Unread(at.start));
                }
                self.template.extends = Some(tokens.text()?.0);
                tokens.end()?;
                return Ok(None);
            }
            "filter" => {
                let mut filters = vec![tokens.filter()?];
                while tokens.skips("|") {
                    filters.push(tokens.filter()?);
                }
                tokens.end()?;
                Part::FilterSection { filters, parts: self.parts_to_only("endfilter")?, at }
            }
            "component" => {
                self.component(tokens)?;
                return Ok(None);
            }
            "break" | "continue" => {
                tokens.end()?;
                Part::Jump(if word == "break" { "break" } else { "continue" }, at)
            }
            "<" => {
                let (name, attributes) = tokens.component()?;
                let end = tokens.sign(">")?.end;
                tokens.end()?;
                let (body, mut close) = self.parts_to("</")?;
                close.dotted()?;
                close.sign(">")?;
                close.end()?;
                let called = Called { name, attributes, body: Some(body) };
                Part::Write(Expr { at: at.start..end, kind: Kind::Component(called.into()) })
            }
            _ => return Err(Unread(at.start)),
        }))
    }

    fn set(&mut self, at: At, mut tokens: Tokens<'t>) -> Result<Part, Unread> {
        let name = tokens.word()?.to_owned();
        if tokens.skips("=") {
            return Ok(Part::Set(name, tokens.whole()?));
        }
        let mut filters = Vec::new();
        while tokens.skips("|") {
            filters.push(tokens.filter()?);
        }
        tokens.end()?;
        Ok(Part::SetBlock { name, is_global: false, filters, parts: self.parts_to_only("endset")?, at })
    }

    fn conditions(&mut self, mut tokens: Tokens<'t>) -> Result<Part, Unread> {
        let mut branches = Vec::new();
        loop {
            let condition = tokens.whole()?;
            let (body, end) = self.parts()?;
            branches.push((condition, body));
            tokens = end.ok_or(Unread(self.at))?;
            match tokens.tag()?.0 {
                "elif" => {}
                "else" => {
                    tokens.end()?;
                    return Ok(Part::If(branches, self.parts_to_only("endif")?));
                }
                "endif" => {
                    tokens.end()?;
                    return Ok(Part::If(branches, Vec::new()));
                }
                _ => return Err(tokens.unread()),
            }
        }
    }

    fn each(&mut self, mut tokens: Tokens<'t>) -> Result<Part, Unread> {
        let start = tokens.place();
        let (key, name) = tokens.loop_names()?;
        let at = start..tokens.place();
        let list = tokens.whole()?;
        let before = self.globals.len();
        self.loops += 1;
        let (parts, end) = self.parts()?;
        self.loops -= 1;
        let globals = self.globals[before..].to_vec();
        let mut end = end.ok_or(Unread(self.at))?;
        let otherwise = match end.tag()? {
            ("else", at) => {
                end.end()?;
                Some((self.parts_to_only("endfor")?, at))
            }
            ("endfor", _) => {
                end.end()?;
                None
            }
            _ => return Err(end.unread()),
        };
        Ok(Part::For(For { key, name, list, parts, otherwise, globals, at }.into()))
    }

    fn component(&mut self, mut tokens: Tokens<'t>) -> Result<(), Unread> {
        let name = tokens.dotted()?;
        tokens.sign("(")?;
        let (mut parameters, mut rest) = (Vec::new(), None);
        while !tokens.skips(")") {
            if tokens.skips("...") {
                rest = Some(tokens.word()?.to_owned());
            } else {
                let is_implicit = tokens.skips("@");
                let name = tokens.word()?.to_owned();
                if tokens.skips(":") {
                    tokens.word()?;
                }
                let default = if tokens.skips("=") { Some(tokens.expression(0)?) } else { None };
                parameters.push(Parameter { name, is_implicit, default });
            }
            if !tokens.is_sign(")") {
                tokens.sign(",")?;
            }
        }
        // What is said about it: `{"doc": "…"}`.
        if tokens.end().is_err() {
            tokens.expression(0)?;
            tokens.end()?;
        }
        let (parts, mut end) = self.parts_to("endcomponent")?;
        if end.end().is_err() {
            end.dotted()?;
            end.end()?;
        }
        self.template.components.push(Component { name, parameters, rest, parts });
        Ok(())
    }
}

/// What stands in one tag.
struct Tokens<'t> {
    all: Tag<'t>,
    next: usize,
    depth: usize,
    is_in_loop: bool,
    /// Somewhere in the tag, or before it.
    from: usize,
}

impl<'t> Tokens<'t> {
    /// The same from its start.
    fn again(mut self) -> Self {
        self.next = 0;
        self
    }

    /// Where the next token starts, or the last one ends.
    fn place(&self) -> usize {
        let next = self.all.get(self.next).map(|(_, at)| at.start);
        next.or(self.all.last().map(|(_, at)| at.end)).unwrap_or(self.from)
    }

    /// Where the token before the next ends.
    fn end_before(&self) -> usize {
        self.next.checked_sub(1).and_then(|last| self.all.get(last)).map_or(self.from, |(_, at)| at.end)
    }

    fn unread(&self) -> Unread {
        Unread(self.place())
    }

    fn peek(&self) -> Option<&Token<'t>> {
        self.all.get(self.next).map(|(token, _)| token)
    }

    fn take(&mut self) -> Result<(Token<'t>, At), Unread> {
        let token = self.all.get(self.next).cloned().ok_or(self.unread())?;
        self.next += 1;
        Ok(token)
    }

    fn end(&self) -> Result<(), Unread> {
        if self.next == self.all.len() { Ok(()) } else { Err(self.unread()) }
    }

    /// What a tag starts with.
    fn tag(&mut self) -> Result<(&'t str, At), Unread> {
        let unread = self.unread();
        match self.take()? {
            (Token::Word(word), at) => Ok((word, at)),
            (Token::Sign(sign @ ("<" | "</")), at) => Ok((sign, at)),
            _ => Err(unread),
        }
    }

    fn word(&mut self) -> Result<&'t str, Unread> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = *word;
                self.next += 1;
                Ok(word)
            }
            _ => Err(self.unread()),
        }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(next)) if *next == word)
    }

    fn skips_word(&mut self, word: &str) -> bool {
        let is_it = self.is_word(word);
        self.next += usize::from(is_it);
        is_it
    }

    fn text(&mut self) -> Result<(String, At), Unread> {
        let unread = self.unread();
        match self.take()? {
            (Token::Text(text), at) => Ok((text.into_owned(), at)),
            _ => Err(unread),
        }
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(next)) if *next == sign)
    }

    /// Passes a sign, where it is the next.
    fn skips(&mut self, sign: &str) -> bool {
        let is_it = self.is_sign(sign);
        self.next += usize::from(is_it);
        is_it
    }

    fn sign(&mut self, sign: &str) -> Result<At, Unread> {
        let at = self.place();
        if self.skips(sign) { Ok(at..self.end_before()) } else { Err(self.unread()) }
    }

    /// `name.name`
    fn dotted(&mut self) -> Result<String, Unread> {
        let mut name = self.word()?.to_owned();
        while self.skips(".") {
            name.push('.');
            name.push_str(self.word()?);
        }
        Ok(name)
    }

    /// `name in` or `key, name in`
    fn loop_names(&mut self) -> Result<(Option<String>, String), Unread> {
        let mut name = self.word()?.to_owned();
        let mut key = None;
        if self.skips(",") {
            key = Some(std::mem::replace(&mut name, self.word()?.to_owned()));
        }
        if self.skips_word("in") { Ok((key, name)) } else { Err(self.unread()) }
    }

    /// An expression and nothing after it.
    fn whole(mut self) -> Result<Expr, Unread> {
        let expr = self.expression(0)?;
        self.end()?;
        Ok(expr)
    }

    fn operator(&self) -> Option<Operator> {
        Some(match self.peek()? {
            Token::Word("or") => Operator::Or,
            Token::Word("and") => Operator::And,
            Token::Word("in") => Operator::In,
            Token::Sign("==") => Operator::Compare(Comparison::Equal),
            Token::Sign("!=") => Operator::Compare(Comparison::Unequal),
            Token::Sign("<") => Operator::Compare(Comparison::Less),
            Token::Sign("<=") => Operator::Compare(Comparison::LessOrEqual),
            Token::Sign(">") => Operator::Compare(Comparison::More),
            Token::Sign(">=") => Operator::Compare(Comparison::MoreOrEqual),
            Token::Sign("~") => Operator::Join,
            Token::Sign(sign @ ("+" | "-" | "*" | "/" | "//" | "%" | "**")) => Operator::Count(sign),
            _ => return None,
        })
    }

    /// An expression that binds at least so tightly.
    fn expression(&mut self, least: u8) -> Result<Expr, Unread> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.unread());
        }
        let start = self.place();
        let mut expr = self.first()?;
        loop {
            if self.is_sign("[") {
                expr = self.item(expr)?;
            } else if self.is_sign("|") && PIPE >= least {
                self.next += 1;
                let filter = self.filter()?;
                expr = Expr { at: start..self.end_before(), kind: Kind::Filter(expr.into(), filter) };
            } else if self.is_word("is") && IN >= least {
                self.next += 1;
                let is_not = self.skips_word("not");
                let test = self.filter()?;
                expr = Expr { at: start..self.end_before(), kind: Kind::Test(expr.into(), test) };
                if is_not {
                    expr = negated(expr);
                }
            } else if self.is_word("if") && least < NO_TERNARY {
                self.next += 1;
                let condition = self.expression(0)?;
                if !self.skips_word("else") {
                    return Err(self.unread());
                }
                let otherwise = self.expression(0)?;
                let at = start..self.end_before();
                expr = Expr { at, kind: Kind::Ternary([condition, expr, otherwise].into()) };
                break;
            } else {
                // `not` stands here in `not in` only.
                let is_not = self.is_word("not") && IN >= least;
                self.next += usize::from(is_not);
                let Some(operator) = self.operator() else {
                    if is_not {
                        return Err(self.unread());
                    }
                    break;
                };
                let (left, right) = operator.power();
                if left < least {
                    break;
                }
                self.next += 1;
                let other = self.expression(right)?;
                expr = Expr { at: start..self.end_before(), kind: Kind::Both(operator, expr.into(), other.into()) };
                if is_not {
                    expr = negated(expr);
                }
            }
        }
        self.depth -= 1;
        Ok(expr)
    }

    fn first(&mut self) -> Result<Expr, Unread> {
        let unread = self.unread();
        let (token, at) = self.take()?;
        let kind = match token {
            Token::Word("not") => Kind::Not(self.expression(NOT)?.into()),
            Token::Word("true" | "True" | "false" | "False" | "none" | "None" | "null") => Kind::Constant,
            Token::Word(name) if self.is_sign("(") => {
                let arguments = self.arguments()?;
                Kind::Call(Filter { name: name.to_owned(), arguments, at: at.clone() })
            }
            Token::Word(name) => return self.path(name, at),
            Token::Text(text) => Kind::Text(text.into_owned()),
            Token::Number(number) => Kind::Number(number),
            Token::Decimal => Kind::Constant,
            Token::Sign("-") => Kind::Minus(self.expression(MINUS)?.into()),
            Token::Sign("(") => {
                let inner = self.expression(0)?;
                self.sign(")")?;
                return Ok(inner);
            }
            Token::Sign("[") => return self.list(at.start),
            Token::Sign("{") => Kind::Map(self.entries("}")?),
            Token::Sign("<") => {
                let (name, attributes) = self.component()?;
                self.sign("/")?;
                self.sign(">")?;
                Kind::Component(Called { name, attributes, body: None }.into())
            }
            Token::Sign(_) => return Err(unread),
        };
        Ok(Expr { at: at.start..self.end_before(), kind })
    }

    /// A name, fields of it, and items of those.
    fn path(&mut self, name: &str, at: At) -> Result<Expr, Unread> {
        let start = at.start;
        let of_this_loop = name == "loop" && self.is_in_loop;
        let mut expr = Expr { at, kind: Kind::Name(name.to_owned()) };
        loop {
            if self.is_sign(".") || self.is_sign("?.") {
                let is_perhaps = self.is_sign("?.");
                self.next += 1;
                let at = self.place()..self.place();
                let field = self.word()?.to_owned();
                let at = at.start..self.end_before();
                let whole = start..at.end;
                if of_this_loop {
                    let of_loop = OfLoop::named(&field).ok_or(Unread(at.start))?;
                    expr = Expr { at: whole, kind: Kind::Loop(of_loop) };
                    continue;
                }
                if is_perhaps {
                    expr = perhaps(expr);
                }
                expr = Expr { at: whole, kind: Kind::Field(expr.into(), field, at) };
            } else if self.is_sign("[") || self.is_sign("?[") {
                expr = self.item(expr)?;
            } else {
                return Ok(expr);
            }
        }
    }

    /// `expr[index]` or `expr[start:end:step]`
    fn item(&mut self, mut expr: Expr) -> Result<Expr, Unread> {
        let start = expr.at.start;
        if self.is_sign("?[") {
            expr = perhaps(expr);
        }
        self.next += 1;
        let mut bounds = Vec::new();
        let mut colons = 0;
        while !self.is_sign("]") {
            if self.skips(":") {
                colons += 1;
            } else {
                bounds.push(self.expression(0)?);
            }
        }
        let at = start..self.sign("]")?.end;
        if colons > 0 {
            return Ok(Expr { at, kind: Kind::Slice(expr.into(), bounds) });
        }
        match (bounds.pop(), bounds.is_empty()) {
            (Some(index), true) => Ok(Expr { at, kind: Kind::Item(expr.into(), index.into()) }),
            _ => Err(self.unread()),
        }
    }

    /// A filter or a test: its name, and what it is given.
    fn filter(&mut self) -> Result<Filter, Unread> {
        let at = self.place();
        let name = self.word()?.to_owned();
        let at = at..self.end_before();
        let arguments = if self.is_sign("(") { self.arguments()? } else { Vec::new() };
        Ok(Filter { name, arguments, at })
    }

    /// `(name=expr, …)`
    fn arguments(&mut self) -> Result<Vec<(String, Expr)>, Unread> {
        self.sign("(")?;
        let mut arguments = Vec::new();
        while !self.skips(")") {
            let name = self.word()?.to_owned();
            self.sign("=")?;
            arguments.push((name, self.expression(0)?));
            if !self.is_sign(")") {
                self.sign(",")?;
            }
        }
        Ok(arguments)
    }

    /// The rest of a list or a map up to `close`.
    fn entries(&mut self, close: &str) -> Result<Vec<Entry>, Unread> {
        let mut entries = Vec::new();
        while !self.skips(close) {
            entries.push(self.entry(close)?);
            if !self.is_sign(close) {
                self.sign(",")?;
            }
        }
        Ok(entries)
    }

    fn entry(&mut self, close: &str) -> Result<Entry, Unread> {
        if self.skips("...") {
            return Ok(Entry::Spread(self.expression(0)?));
        }
        if close == "]" {
            return Ok(Entry::Value(self.expression(0)?));
        }
        let unread = self.unread();
        let key = match self.take()?.0 {
            Token::Text(text) => text.into_owned(),
            Token::Word(word) => word.to_owned(),
            Token::Number(number) => number.to_string(),
            _ => return Err(unread),
        };
        self.sign(":")?;
        Ok(Entry::Named(key, self.expression(0)?))
    }

    /// The rest of a list, also of one made from another.
    fn list(&mut self, start: usize) -> Result<Expr, Unread> {
        if self.skips("]") {
            return Ok(Expr { at: start..self.end_before(), kind: Kind::List(Vec::new()) });
        }
        let first = self.entry("]")?;
        let kind = match first {
            Entry::Value(value) if self.skips_word("for") => {
                let (key, name) = self.loop_names()?;
                let list = self.expression(NO_TERNARY)?;
                let condition = if self.skips_word("if") { Some(self.expression(NO_TERNARY)?) } else { None };
                self.sign("]")?;
                Kind::Comprehension(Comprehension { value, key, name, list, condition }.into())
            }
            first => {
                let mut entries = vec![first];
                if !self.is_sign("]") {
                    self.sign(",")?;
                }
                entries.extend(self.entries("]")?);
                Kind::List(entries)
            }
        };
        Ok(Expr { at: start..self.end_before(), kind })
    }

    /// The name and the attributes of a component that is called.
    fn component(&mut self) -> Result<(String, Vec<Entry>), Unread> {
        let name = self.dotted()?;
        let mut attributes = Vec::new();
        loop {
            let at = self.place();
            if self.skips("{") {
                self.sign("...")?;
                attributes.push(Entry::Spread(self.expression(0)?));
                self.sign("}")?;
            } else if let Some(Token::Word(_)) = self.peek() {
                let name = self.word()?.to_owned();
                let value = if !self.skips("=") {
                    Expr { at: at..self.end_before(), kind: Kind::Name(name.clone()) }
                } else if self.skips("{") {
                    let value = self.expression(0)?;
                    self.sign("}")?;
                    value
                } else {
                    let (text, at) = self.text()?;
                    Expr { at, kind: Kind::Text(text) }
                };
                attributes.push(Entry::Named(name, value));
            } else {
                return Ok((name, attributes));
            }
        }
    }
}

fn negated(expr: Expr) -> Expr {
    Expr { at: expr.at.clone(), kind: Kind::Not(expr.into()) }
}

fn perhaps(expr: Expr) -> Expr {
    Expr { at: expr.at.clone(), kind: Kind::Perhaps(expr.into()) }
}
