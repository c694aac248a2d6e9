//! What is said of templates, and of files that a theme names.

use crate::diagnostic::suggest::suggest;
use crate::diagnostic::{Diagnostic, Rule};
use crate::text::nearest::nearest;
use crate::text::place::Place;

/// The theme does not exist.
pub fn theme_missing<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::ThemeMissing,
        place,
        format!("テーマ「{name}」がありません。"),
        format!("there is no theme called `{name}`"),
    );
    suggest(finding, name, known)
}

/// The theme was made for another contract.
pub fn theme_contract(place: Place, found: &str, wanted: u32) -> Diagnostic {
    Diagnostic::new(
        Rule::ThemeContract,
        place,
        format!("このテーマは契約の版 {found} 用です。この kohyo の版は {wanted} です。"),
        format!("this theme is made for contract {found}; this kohyo has contract {wanted}"),
    )
    .help("docs/themes.md の「契約の版」を見てテーマを直します。", "see \"Contract versions\" in docs/themes.md")
}

/// `site.yaml` names a font file that is not there.
pub fn font_missing(place: Place, path: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::Booklet,
        place,
        format!("書体のファイル「{path}」がありません。"),
        format!("there is no font file `{path}`"),
    )
    .help(
        "サイトのフォルダーの fonts に置き、fonts/名前.ttf のように書きます。",
        "put it into the folder `fonts` of the site and write fonts/name.ttf",
    )
}

/// What is wrong with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip<'s> {
    /// A tag without its end, such as `for`.
    Unclosed(&'s str),
    /// A tag without its start, such as `endfor`.
    Unopened(&'s str),
    /// A name that means nothing.
    Unknown(Thing, &'s str),
    /// Not written as a template is.
    Unreadable,
    /// Nothing that can be put on a page.
    Unusable,
}

/// What a name in a template can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// `{% for %}`
    Tag,
    /// `| fill`
    Filter,
    /// `is defined`
    Test,
    /// `range()`
    Function,
    /// `<badge />`
    Component,
    /// A file.
    Template,
    /// A block of the template that this one extends.
    Block,
    /// A field of a value.
    Field,
    /// A value.
    Name,
    /// A word of the interface.
    Word,
}

/// A template does not load or does not render. `template` names it where it is no file of the site's; `known` are the
/// names there are, `message` is what the template engine says.
pub fn theme_template<'a>(
    place: Place,
    template: &str,
    slip: Slip<'_>,
    known: impl IntoIterator<Item = &'a str>,
    message: &str,
) -> Diagnostic {
    let (ja, en) = match slip {
        Slip::Unclosed(tag) => (format!("「{{% {tag} %}}」の終わりがありません。"), format!("`{tag}` has no end")),
        Slip::Unopened(tag) => {
            (format!("「{{% {tag} %}}」に対になる始まりがありません。"), format!("`{tag}` has no start"))
        }
        Slip::Unreadable => ("テンプレートの書き方が違います。".into(), "template error".into()),
        Slip::Unusable => {
            ("テンプレートのここから、ページを作れません。".into(), "no page can be made from this".into())
        }
        Slip::Unknown(thing, name) => {
            let (ja, en) = match thing {
                Thing::Tag => return unknown_tag(place, template, name, known),
                Thing::Field => return theme_field(place, template, name, known),
                Thing::Word => return theme_word(place, template, name, known),
                Thing::Filter => ("フィルター", "filter"),
                Thing::Test => ("「is」の条件", "test"),
                Thing::Function => ("関数", "function"),
                Thing::Component => ("部品", "component"),
                Thing::Template => ("テンプレート", "template"),
                Thing::Block => ("ブロック", "block in the template that this one extends"),
                Thing::Name => ("値", "value"),
            };
            match thing {
                Thing::Block => (
                    format!("「{name}」というブロックは、extends で継いだテンプレートにありません。"),
                    format!("there is no {en} called `{name}`"),
                ),
                _ => (format!("「{name}」という{ja}はありません。"), format!("there is no {en} called `{name}`")),
            }
        }
    };
    let finding = Diagnostic::new(
        Rule::ThemeTemplate,
        place,
        format!("{template}{ja}（Tera: {message}）"),
        format!("{template}{en} (Tera: {message})"),
    );
    match slip {
        Slip::Unclosed(tag) => finding.help(
            format!("終わる所に {{% end{tag} %}} を書きます。"),
            format!("write {{% end{tag} %}} where it ends"),
        ),
        Slip::Unopened(tag) => {
            let start = tag.strip_prefix("end").unwrap_or("if");
            finding.help(
                format!("始まる所に {{% {start} … %}} を書くか、これを消します。"),
                format!("write {{% {start} … %}} where it starts, or delete this"),
            )
        }
        Slip::Unknown(_, name) => suggest_template_name(finding, name, known),
        Slip::Unusable => finding.help(
            "項目の形を docs/themes.md で確かめます。値がないことのある項目（「?」）は、{% if %} で確かめてから使います。",
            "look up the field in docs/themes.md; one that may be absent (`?`) is used inside an {% if %}",
        ),
        Slip::Unreadable => finding.help(
            "{{ }} と {% %}、引用符、括弧が、どれも閉じているかを確かめます。書き方は docs/themes.md の「テンプレート」にあります。",
            "check that all {{ }}, {% %}, quotes and brackets are closed; see \"Templates\" in docs/themes.md",
        ),
    }
}

/// A loop that comes to no end.
pub fn theme_rounds(place: Place, template: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ThemeTemplate,
        place,
        format!("{template}1ページを作る間に、繰り返しが200万回を超えました。"),
        format!("{template}more than two million rounds of loops for one page"),
    )
    .help(
        "{% for %} の中の {% for %} を減らすか、繰り返す一覧を短くします。",
        "have fewer {% for %} inside one another, or shorter lists",
    )
}

/// A page that nobody can open.
pub fn theme_bytes(place: Place, template: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ThemeTemplate,
        place,
        format!("{template}このテンプレートのページが32メガバイトを超えました。"),
        format!("{template}a page of this template has more than 32 megabytes"),
    )
    .help("{% for %} の中で書くものを減らします。", "write less inside {% for %}")
}

/// A tag that starts with no known word.
fn unknown_tag<'a>(place: Place, template: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::ThemeTemplate,
        place,
        format!("{template}「{{% {name} %}}」という書き方はありません。"),
        format!("{template}there is no tag `{{% {name} %}}`"),
    );
    suggest_template_name(finding, name, known)
}

/// A template names a field that nothing has.
fn theme_field<'a>(place: Place, template: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::ThemeTemplate,
        place,
        format!("{template}「{name}」という項目はありません。このままでは、何も書かれないか、ページを作れません。"),
        format!("{template}there is no field `{name}`: nothing would be written, or the page could not be made"),
    );
    suggest_template_name(finding, name, known)
}

/// A template names a word of the interface that no language file has.
fn theme_word<'a>(place: Place, template: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::ThemeTemplate,
        place,
        format!("{template}「{name}」という語はありません。"),
        format!("{template}there is no word `{name}`"),
    );
    match nearest(name, known) {
        Some(near) => finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")),
        None => finding.help(
            "自分のテーマの words/ja.yaml に足すか、themes/default/words/ja.yaml にある語を使います。",
            "add it to words/en.yaml of your theme, or use one of themes/default/words/en.yaml",
        ),
    }
}

/// Adds the nearest name a template can use, or all of them.
fn suggest_template_name<'a>(finding: Diagnostic, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")),
        // A long list helps nobody.
        None if known.is_empty() || known.len() > 30 => finding.help(
            "名前を確かめます。使えるものは docs/themes.md にあります。",
            "check the name; docs/themes.md lists what can be used",
        ),
        None => finding.help(
            format!("使えるもの: {}（docs/themes.md）", known.join(", ")),
            format!("known: {} (docs/themes.md)", known.join(", ")),
        ),
    }
}

/// A theme's own YAML file is faulty.
pub fn theme_file(rule: Rule, place: Place, message: &str) -> Diagnostic {
    Diagnostic::new(
        rule,
        place,
        format!("テーマのファイルを読めません: {message}"),
        format!("a theme file cannot be read: {message}"),
    )
}
