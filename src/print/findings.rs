//! What stands in the way of booklets.

use super::guard::{Broken, How};
use super::marks::{is_part, is_selector};
use crate::diagnostic::{Diagnostic, Rule};
use crate::text::place::Place;

/// A letter, with its marks and selectors, that no font of the booklets has; `more` is how often it comes again in the file.
pub fn missing_glyph(place: Place, letter: &str, more: usize) -> Diagnostic {
    let codes: Vec<String> = letter.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
    let codes = codes.join(" ");
    let (more_ja, more_en) = match more {
        0 => (String::new(), String::new()),
        n => (format!("ほかに{n}か所。"), format!("; {n} more in this file")),
    };
    let first = letter.chars().next().unwrap_or_default();
    let selector = letter.chars().nth(1).filter(|c| is_selector(*c));
    let (ja, en) = match letter.chars().count() {
        1 => ("文字", ""),
        _ if selector.is_some() => ("字の形", "the form of "),
        _ => ("文字の組み合わせ", "the combination "),
    };
    let finding = Diagnostic::new(
        Rule::MissingGlyph,
        place,
        format!("「{letter}」（{codes}）は、冊子の書体にない{ja}です。{more_ja}"),
        format!("no font of the booklets has {en}`{letter}` ({codes}){more_en}"),
    );
    if selector.is_some() {
        return finding
            .help(
                format!("その形のある書体（IPAmj明朝、Noto Serif CJK JP など）をサイトの fonts フォルダーに置き、site.yaml の pdf の fonts に書きます。形の違いを問わない所なら、「{first}」だけにします。"),
                format!("put a font that has it (such as IPAmj Mincho or Noto Serif CJK JP) into the site's folder `fonts` and name it in `pdf`, `fonts` of site.yaml; or write `{first}` alone where the form does not matter"),
            )
            .guess(place, letter.replace(is_selector, ""));
    }
    match first as u32 {
        0x1F000..=0x1FBFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF => finding.help(
            "絵文字は印刷できず、読み上げも機械によって違います。言葉で書いてください。",
            "pictographs cannot be printed and are read aloud in different ways; write it in words",
        ),
        0xE000..=0xF8FF | 0xF0000..=0x10FFFF => finding.help(
            "外字はそのパソコンでしか見えません。正式な文字か、かなで書いてください。",
            "a private-use character is seen on one computer only; write a standard one",
        ),
        _ if letter.chars().any(is_part) => finding.help(
            "1つの文字で書ける形があれば、それに打ち直します。なければ、その文字と記号の両方がある書体を site.yaml の pdf の fonts に書くか、言葉を変えます。",
            "type it as one character where there is one; else name a font that has both the letter and its mark in `pdf`, `fonts` of site.yaml, or use other words",
        ),
        _ => finding.help(
            "この文字のある書体（Noto Sans CJK JP など）のファイルをサイトの fonts フォルダーに置き、site.yaml の pdf の fonts に書きます。",
            "put a font that has it (such as Noto Sans CJK JP) into the site's folder `fonts` and name it in `pdf`, `fonts` of site.yaml",
        ),
    }
}

/// An image that the typesetter cannot read.
pub fn bad_image(place: Place, path: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::Booklet,
        place,
        format!("{path} は、画像として読めません。"),
        format!("{path} cannot be read as an image"),
    )
    .help(
        "途中で切れたファイルかもしれません。元の画像を画像ソフトで開き、PNG か JPEG で保存し直してください。",
        "it may be cut off; open the original in an image program and save it again as PNG or JPEG",
    )
}

/// A drawing with a text that cannot be set.
pub fn missing_in_image(place: Place, path: &str, c: char) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingGlyph,
        place,
        format!("{path} の中の「{c}」（U+{:04X}）は、冊子の書体にない文字です。", c as u32),
        format!("no font of the booklets has `{c}` (U+{:04X}), which is in {path}", c as u32),
    )
    .help(
        "図を作ったソフトで、文字を図形（アウトライン）にして保存し直すか、PNG で保存します。",
        "save it again with its texts as shapes (outlines), or as PNG",
    )
}

/// A picture that booklets cannot have.
pub fn left_out(place: Place, path: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::BookletPicture,
        place,
        format!("{path} は、冊子に入れられない形式の画像です。冊子には、代わりの文だけが載ります。"),
        format!("{path} is of a format that booklets cannot have; they have its alternative text only"),
    )
    .help("PNG か JPEG で保存し直してください。", "save it again as PNG or JPEG")
}

/// A file that is no font.
pub fn bad_font(place: Place, path: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::Booklet,
        place,
        format!("{path} は、書体のファイルとして読めません。"),
        format!("{path} cannot be read as a font"),
    )
    .help("TTF、OTF、TTC の形の書体を置いてください。", "use a font in TTF, OTF or TTC form")
}

/// No font at all.
pub fn no_font(place: Place) -> Diagnostic {
    Diagnostic::new(Rule::Booklet, place, "冊子の書体がありません。", "there is no font for the booklets")
}

/// The typesetter refuses a booklet.
pub fn booklet_failed(place: Place, name: &str, message: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::Booklet,
        place,
        format!("{name} を組めません: {message}"),
        format!("{name} cannot be set: {message}"),
    )
}

/// A template whose loops come to no end.
pub fn booklet_rounds(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::Booklet,
        place,
        format!("{name} を組めません: 1冊を組む間に、テンプレートの繰り返しが500万回を超えました。"),
        format!("{name} cannot be set: more than five million rounds of loops for one booklet"),
    )
    .help(
        "for の中の for や、自分を呼ぶ関数を減らすか、繰り返す一覧を短くします。",
        "have fewer `for` inside one another, fewer functions that call themselves, or shorter lists",
    )
}

/// A text that is set, and cannot be read. `paper` is paper and size; `template` the line of a theme's own template that
/// shows it.
pub fn booklet_broken(place: Place, name: &str, paper: &str, broken: &Broken, template: Option<&str>) -> Diagnostic {
    let letters: Vec<char> = broken.text.chars().filter(|c| !matches!(c, '\u{2060}' | '\u{200B}' | '\n')).collect();
    let mut text: String = letters.iter().take(24).collect();
    if letters.len() > 24 {
        text.push('…');
    }
    let (page_ja, page_en) = match broken.page {
        Some(page) => (format!("{page}ページで、"), format!(" on page {page}")),
        None => (String::new(), String::new()),
    };
    let (ja, en) = match broken.how {
        How::Outside => ("版面（余白の内側）からはみ出します", "runs out of the area inside the margins"),
        How::Cut => ("枠で切れます", "is cut off by the frame around it"),
        How::Over => ("ほかの行と重なります", "lies under another line"),
        How::Lost => ("どのページにもありません", "is on no page"),
        How::Alone => ("見出しだけがページの終わりに残ります", "is a heading alone at the foot of its page"),
    };
    let (by_ja, by_en) = match template {
        Some(template) => (format!("（{template}）"), format!(" ({template})")),
        None => (String::new(), String::new()),
    };
    Diagnostic::new(
        Rule::Booklet,
        place,
        format!("{name}（{paper}ポイント）の{page_ja}「{text}」が{ja}{by_ja}。"),
        format!("{name} ({paper} points){page_en}: `{text}` {en}{by_en}"),
    )
    .help(
        "テーマの print/*.typ を変えたときは、高さや幅を決めた枠、breakable: false、place を見直し、データの項目をすべて出します。変えていないときは、この文を短くするか段落に分け、kohyo の不具合として知らせてください。",
        "with templates of your own, look at frames of fixed height or width, `breakable: false` and `place`, and show every value; with the theme's as they are, make the text shorter or two paragraphs, and report it as a fault of kohyo",
    )
}
