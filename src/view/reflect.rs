//! Values as compiled templates see them: the fields of a struct by position, borrowed where they are, and what is known
//! of their types before any page is made.
//!
//! Templates name fields, so names are looked up; here that happens once, when a theme is loaded, and a page then costs
//! neither a map of its fields nor a copy of its texts. Does not know templates, nor which structs there are.

use std::collections::BTreeMap;
use std::rc::Rc;

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Truth,
    /// A value or nothing.
    Optional(&'static Type),
    /// Values of one type, in order.
    List(&'static Type),
    /// Named values.
    Struct(&'static Shape),
    /// Texts by names that are known only when a site is made.
    Table,
}

/// The fields of a struct.
#[derive(Debug)]
pub struct Shape {
    /// In the order in which [`Struct::field`] counts them.
    pub fields: &'static [Field],
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// Its name, as in Rust.
    pub name: &'static str,
    /// What it holds.
    pub of: &'static Type,
}

impl Shape {
    /// Position and type of a field.
    pub fn find(&self, name: &str) -> Option<(usize, Type)> {
        let position = self.fields.iter().position(|field| field.name == name)?;
        Some((position, *self.fields[position].of))
    }
}

/// A value, seen.
#[derive(Clone)]
pub enum Ref<'v> {
    /// `None`
    Nothing,
    /// Yes or no.
    Truth(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(&'v str),
    /// A text that was made for this page.
    Made(Rc<str>),
    /// Parts of a text that was made for this page.
    Parts(Rc<[Rc<str>]>),
    /// Values in order.
    List(&'v dyn List),
    /// Named values.
    Struct(&'v dyn Struct),
    /// Texts by name.
    Table(&'v BTreeMap<String, String>),
}

/// A value that templates can see.
pub trait Reflect {
    /// What it is.
    const TYPE: Type;
    /// The value.
    fn reflect(&self) -> Ref<'_>;
}

/// Values in order.
pub trait List {
    /// How many there are.
    fn count(&self) -> usize;
    /// One of them.
    fn item(&self, index: usize) -> Option<Ref<'_>>;
}

/// Named values.
pub trait Struct {
    /// The value of the field at a position of the [`Shape`]; `Nothing` where there is none.
    fn field(&self, index: usize) -> Ref<'_>;
    /// All of it, for templates that are not compiled.
    fn value(&self) -> tera::Value;
}

impl Reflect for String {
    const TYPE: Type = Type::Text;
    fn reflect(&self) -> Ref<'_> {
        Ref::Text(self)
    }
}

impl Reflect for &'static str {
    const TYPE: Type = Type::Text;
    fn reflect(&self) -> Ref<'_> {
        Ref::Text(self)
    }
}

impl Reflect for bool {
    const TYPE: Type = Type::Truth;
    fn reflect(&self) -> Ref<'_> {
        Ref::Truth(*self)
    }
}

impl Reflect for u8 {
    const TYPE: Type = Type::Number;
    fn reflect(&self) -> Ref<'_> {
        Ref::Number((*self).into())
    }
}

impl Reflect for i64 {
    const TYPE: Type = Type::Number;
    fn reflect(&self) -> Ref<'_> {
        Ref::Number(*self)
    }
}

impl Reflect for usize {
    const TYPE: Type = Type::Number;
    fn reflect(&self) -> Ref<'_> {
        Ref::Number(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl<T: Reflect> Reflect for Option<T> {
    const TYPE: Type = Type::Optional(&T::TYPE);
    fn reflect(&self) -> Ref<'_> {
        self.as_ref().map_or(Ref::Nothing, T::reflect)
    }
}

impl<T: Reflect> Reflect for Vec<T> {
    const TYPE: Type = Type::List(&T::TYPE);
    fn reflect(&self) -> Ref<'_> {
        Ref::List(self)
    }
}

impl<T: Reflect> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> Option<Ref<'_>> {
        self.get(index).map(T::reflect)
    }
}

impl Reflect for BTreeMap<String, String> {
    const TYPE: Type = Type::Table;
    fn reflect(&self) -> Ref<'_> {
        Ref::Table(self)
    }
}

/// The type of what a function gives; for [`reflect!`].
pub const fn type_of<S, T: Reflect>(_: fn(&S) -> &T) -> &'static Type {
    &T::TYPE
}

/// Lets templates see structs: `reflect! { Link { title, href, current } }`. All fields must be named.
macro_rules! reflect {
    ($($name:ident { $($field:ident),* $(,)? })*) => {$(
        impl $name {
            /// Its fields.
            pub const SHAPE: &'static $crate::view::reflect::Shape = &$crate::view::reflect::Shape {
                fields: &[$($crate::view::reflect::Field {
                    name: stringify!($field),
                    of: $crate::view::reflect::type_of(|it: &$name| &it.$field),
                }),*],
            };
        }

        impl $crate::view::reflect::Reflect for $name {
            const TYPE: $crate::view::reflect::Type = $crate::view::reflect::Type::Struct($name::SHAPE);
            fn reflect(&self) -> $crate::view::reflect::Ref<'_> {
                $crate::view::reflect::Ref::Struct(self)
            }
        }

        impl $crate::view::reflect::Struct for $name {
            fn field(&self, index: usize) -> $crate::view::reflect::Ref<'_> {
                type See = for<'v> fn(&'v $name) -> $crate::view::reflect::Ref<'v>;
                // Does not compile when a field is left out.
                let _ = |$name { $($field: _),* }: $name| ();
                const SEE: &[See] = &[$(|it| $crate::view::reflect::Reflect::reflect(&it.$field)),*];
                SEE.get(index).map_or($crate::view::reflect::Ref::Nothing, |see| see(self))
            }

            fn value(&self) -> tera::Value {
                tera::Value::from_serializable(self)
            }
        }
    )*};
}

pub(crate) use reflect;
