//! What is said of Markdown as people write it who do not know Markdown.

use crate::diagnostic::{Diagnostic, Rule};
use crate::text::place::Place;

/// A line that was meant as a heading. `right` is how it is written.
pub fn literal_heading(place: Place, right: &str, is_certain: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "この行は見出しにならず、# も文字のまま見えます。",
        "this line is no heading; its # is shown",
    );
    if is_certain {
        return finding
            .help(
                format!("半角の # と半角の空白を書きます: {right}"),
                format!("write # and a space, both of half width: {right}"),
            )
            .fix(place, right);
    }
    finding.help(
        format!("見出しなら、「{right}」のように、# の後に半角の空白を入れます。# を見せるなら、\\# と書きます。"),
        format!("if it is a heading, write `{right}` with a space; to show the #, write \\#"),
    )
}

/// Lines that were meant as a list. `right` is how the first is written.
pub fn literal_list(place: Place, right: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "この行から続く行は一覧にならず、1つの文のようにつながって見えます。",
        "these lines make no list; they run together like a sentence",
    )
    .help(
        format!("どの行も、このように半角の記号と空白で始めます: {right}"),
        format!("begin every line like this, with a sign of half width and a space: {right}"),
    )
}

/// A link with brackets that Markdown does not know. `right` is how it is written.
pub fn literal_link(place: Place, right: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "リンクにならず、括弧も文字のまま見えます。",
        "this is no link; its brackets are shown",
    )
    .help(
        format!("半角の括弧で、間を空けずに書きます: {right}"),
        format!("write brackets of half width without a space between them: {right}"),
    )
    .fix(place, right)
}

/// Items that make no list because they stand right below a line of text.
pub fn list_under_text(place: Place, follows_text: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "この行から続く番号は一覧にならず、前の文とつながって見えます。",
        "the numbers from this line on make no list; they run on behind the text above",
    );
    match follows_text {
        true => finding.help("この行の前に、空の行を1つ入れます。", "leave an empty line before this one"),
        false => finding.help("番号の後の空白を確かめます。", "look at the spaces behind the numbers"),
    }
}

/// A fence of full width.
pub fn literal_fence(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "コードの枠にならず、｀ も文字のまま見えます。",
        "this is no fence; its signs of full width are shown",
    )
    .help("半角で ``` と書きます。", "write ``` of half width")
}

/// A line that was meant to make a quotation a note.
pub fn literal_alert(place: Place, word: &str, is_quoted: bool, has_text: bool) -> Diagnostic {
    const WORDS: [(&str, &str); 11] = [
        ("note", "補足"),
        ("補足", "補足"),
        ("tip", "参考"),
        ("参考", "参考"),
        ("ヒント", "参考"),
        ("important", "重要"),
        ("重要", "重要"),
        ("warning", "注意"),
        ("注意", "注意"),
        ("caution", "警告"),
        ("警告", "警告"),
    ];
    let known = WORDS.iter().find(|(known, _)| *known == word.to_lowercase()).map(|(_, word)| *word);
    let finding = Diagnostic::new(
        Rule::NotMarkdown,
        place,
        format!("補足の囲みにならず、[!{word}] も文字のまま見えます。"),
        format!("this makes no note; [!{word}] is shown as it was typed"),
    );
    match known {
        Some(known) if is_quoted && has_text => finding.help(
            format!("> [!{known}] だけを1行に書き、文は次の行から > に続けて書きます。"),
            format!("write > [!{word}] on a line of its own, and the text from the next line on, behind >"),
        ),
        Some(known) => finding.help(
            format!("> [!{known}] を囲みの1行目に書き、文も > に続けて書きます。"),
            format!("write > [!{word}] as the first line, with > before the text as well"),
        ),
        None => finding.help(
            "使えるのは、[!補足]、[!参考]、[!重要]、[!注意]、[!警告] です。",
            "there are [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] and [!CAUTION]",
        ),
    }
}

/// A link or picture with the mark of a footnote among its words. `right` is how it is written.
pub fn noted_link(place: Place, right: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "[ ] の中に脚注の印があるので、リンクや画像にならず、括弧も文字のまま見えます。",
        "with the mark of a footnote inside its [ ] this is neither link nor picture; its brackets are shown",
    )
    .help(format!("脚注の印は、後ろに書きます: {right}"), format!("write the mark behind it: {right}"))
    .guess(place, right)
}

/// A link by the name of a target that is nowhere.
pub fn literal_reference(place: Place, label: &str, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        format!("「{name}」の行き先がどこにもないので、リンクにならず、括弧も文字のまま見えます。"),
        format!("nothing says where `{name}` leads: this is no link, and its brackets are shown"),
    )
    .help(
        format!("[{label}](行き先) と書くか、前後を空けた行に [{name}]: 行き先 と書きます。文字として見せるなら、間に空白を置きます。"),
        format!("write [{label}](target), or a line [{name}]: target; to show the brackets, put a space between them"),
    )
}

/// Ruby with signs that Markdown does not know. `right` is how it is written.
pub fn literal_ruby(place: Place, right: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "ふりがなにならず、括弧も文字のまま見えます。",
        "this is no ruby; its brackets are shown",
    )
    .help(
        format!("半角の {{ と | と }} で、空白を入れずに書きます: {right}"),
        format!("write {{, | and }} of half width without spaces: {right}"),
    )
    .fix(place, right)
}

/// Ruby that is never closed.
pub fn open_ruby(place: Place, base: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "ふりがなが閉じていないので、括弧も文字のまま見えます。",
        "this ruby is not closed; its bracket is shown",
    )
    .help(
        format!("読みのすぐ後に }} を書きます（{{{base}|よみ}} の形）。"),
        format!("write }} right behind the reading, as in {{{base}|よみ}}"),
    )
}

/// `**` that makes nothing bold. `right` is how it is written, where that can be told.
pub fn literal_stars(place: Place, right: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "太字にならず、** が文字のまま見えます。",
        "nothing becomes bold; ** is shown",
    );
    match right {
        Some(right) => finding
            .help(
                format!("** の内側に空白を入れずに書きます: {right}"),
                format!("leave no space inside of **: {right}"),
            )
            .guess(place, right),
        None => finding.help(
            "太字にする言葉の前と後ろの両方に ** を書きます（例 **重要**）。要らなければ消します。",
            "write ** both before and behind the words (**important**), or remove it",
        ),
    }
}

/// A reference to a footnote that is shown as it was typed; `right` is how it is written.
pub fn literal_note(place: Place, written: &str, right: &str) -> Diagnostic {
    if written != right {
        let finding = Diagnostic::new(
            Rule::NotMarkdown,
            place,
            format!("脚注にならず、{written} のまま見えます。"),
            format!("this is no footnote; {written} is shown"),
        );
        return finding.help(format!("半角で {right} と書きます。"), format!("write {right}")).guess(place, right);
    }
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        format!("脚注 {right} の文がないので、{right} のまま見えます。"),
        format!("there is no text for the footnote {right}; it is shown as it was typed"),
    )
    .help(
        format!("前後を空けた新しい行に、{right}: に続けて脚注の文を書きます。"),
        format!("write {right}: and the note on a line of its own, with an empty line before it"),
    )
}
