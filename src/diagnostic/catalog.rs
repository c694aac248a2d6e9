//! One constructor per kind of finding: the only place where findings are worded, in Japanese and in English.
//!
//! Takes what the caller already holds; decides the rule, the sentence, and what to write instead.

use super::{Diagnostic, Rule};
use crate::document::{document_name, is_reserved, is_slug, keys};
use crate::markdown::UnshownKind;
use crate::text::encoding::Encoding;
use crate::text::nearest::{fold, nearest};
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::value::calendar::{Date, FiscalYear, guess_date, guess_year};
use crate::value::figure::{self, Figure};
use crate::value::telephone::postal_digits;
use crate::yaml::{Cause, Key};
use unicode_normalization::UnicodeNormalization;

/// The first of these words, or all of them where that is not twice as many: the one that is looked for may be the last.
fn quoted_list<'a>(words: impl IntoIterator<Item = &'a str>, most: usize) -> (String, String) {
    let words: Vec<&str> = words.into_iter().collect();
    let most = if words.len() <= 2 * most { words.len() } else { most };
    let shown: Vec<String> = words.iter().take(most).map(|word| format!("「{word}」")).collect();
    let shown_en: Vec<String> = words.iter().take(most).map(|word| format!("`{word}`")).collect();
    let (more_ja, more_en) = match words.len().saturating_sub(most) {
        0 => (String::new(), String::new()),
        n => (format!(" ほか{n}件"), format!(" and {n} more")),
    };
    (shown.concat() + &more_ja, shown_en.join(", ") + &more_en)
}

/// Adds the nearest known name, or all of them. The change is safe only when nothing is left to guess: the same word in
/// another width or letter case.
fn suggest<'a>(finding: Diagnostic, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    suggest_among(finding, name, known.clone(), known)
}

/// As [`suggest`], where each has several names, of which `listed` are the best known.
fn suggest_among<'a>(
    finding: Diagnostic,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    listed: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let folded = fold(name);
    let same: Vec<&str> = known.clone().into_iter().filter(|known| fold(known) == folded).collect();
    if let [same] = same[..] {
        let place = finding.place;
        if name.nfc().eq(same.nfc()) {
            // Both look the same, so the name alone would help nobody.
            return finding
                .help(
                    format!("見た目は同じですが、濁点などが離れた文字です（Mac から写すと、こうなることがあります）。「{same}」と打ち直します。"),
                    format!("it looks the same but is made of parts, as macOS writes it: type `{same}` again"),
                )
                .fix(place, same);
        }
        return finding.help(format!("「{same}」と書きます。"), format!("write `{same}`")).fix(place, same);
    }
    if let Some(near) = nearest(name, known.clone()) {
        let place = finding.place;
        let finding = finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?"));
        return if place.span.start < place.span.end { finding.guess(place, near) } else { finding };
    }
    let (ja, en) = quoted_list(listed, 8);
    if ja.is_empty() { finding } else { finding.help(format!("使えるもの: {ja}"), format!("known: {en}")) }
}

/// The file has no front matter although it needs some.
pub fn no_front_matter(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::FrontMatter,
        place,
        "ファイルの始めに設定がありません。",
        "there is no front matter at the start of the file",
    )
    .help(
        "1行目に --- と書き、項目（例 title: 目標の名前）を並べ、もう一度 --- の行を書きます。",
        "write a line ---, then the items (such as title: name of the goal), then another line ---",
    )
}

/// The opening fence has no closing one. The place is the last item, where there is one.
pub fn unclosed_front_matter(place: Place, has_items: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::FrontMatter,
        place,
        "設定の終わりの --- がありません。",
        "the front matter has no closing ---",
    );
    match has_items {
        true => finding.help("この行の次に、--- だけの行を足します。", "after this line, add a line with only ---"),
        false => finding
            .help("設定の最後の行の次に --- だけの行を書きます。", "after the last item, write a line with only ---"),
    }
}

/// A line that was meant as a fence but is none.
pub fn almost_fence(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::FrontMatter,
        place,
        format!("「{text}」は、設定の区切りになりません。"),
        format!("`{text}` does not fence the front matter"),
    )
    .help("半角のハイフン3つだけの行 --- にします。", "write a line of exactly three ASCII hyphens: ---")
    .fix(place, "---")
}

/// The opening fence is not on the first line.
pub fn late_fence(place: Place, before: Span) -> Diagnostic {
    Diagnostic::new(
        Rule::FrontMatter,
        place,
        "設定の始めの --- は、ファイルの1行目の左端に書きます。",
        "the opening --- must stand on the first line, at its start",
    )
    .help("--- より前の空の行や空白を消します。", "remove the blank lines or blanks before ---")
    .fix(Place::new(place.file, before), "---")
}

/// The whole text was pasted as a block of code. The place is the line that opens it.
pub fn fenced_as_code(place: Place, line: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::FrontMatter,
        place,
        format!("文書の全体が、プログラムの例を囲む「{line}」の中にあります。"),
        format!("the whole document stands inside a block of code, `{line}`"),
    )
    .help("この行と、終わりにある ``` の行を消します。", "delete this line, and the line ``` at the end")
}

/// A second document behind the first. The place is the line that opens its settings.
pub fn second_front_matter(place: Place, item: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::FrontMatter,
        place,
        format!("本文の中に、もう1つの文書の設定（「{item}」）があります。"),
        format!("the text contains the settings of another document, `{item}`"),
    )
    .help(
        "1つのファイルに書くのは、1つの文書です。この --- から後ろを切り取り、新しいファイル（例 1-03.md）に貼ります。",
        "a file is one document: move everything from this --- on to a file of its own, such as 1-03.md",
    )
}

/// Items and a closing fence, but no opening one.
pub fn no_opening_fence(place: Place) -> Diagnostic {
    Diagnostic::new(Rule::FrontMatter, place, "設定の始めの --- がありません。", "the front matter has no opening ---")
        .help("この行の上に、--- だけの行を足します。", "above this line, add a line with only ---")
        .fix(place, "---\n")
}

/// Nothing is in the file.
pub fn empty_file(place: Place) -> Diagnostic {
    Diagnostic::new(Rule::EmptyFile, place, "ファイルの中身がありません。", "the file is empty").help(
        "書きかけなら中身を保存し直します。要らないファイルなら消します。",
        "save its content again, or delete the file if it is not needed",
    )
}

/// A text in an encoding that is not UTF-8 but is known.
pub fn other_encoding(file: FileId, encoding: Encoding, length: usize, decoded: &str) -> Diagnostic {
    let name = encoding.name();
    Diagnostic::new(
        Rule::TextEncoding,
        Place::start(file),
        format!("{name} で保存されています。"),
        format!("the file is saved as {name}"),
    )
    .help(
        "UTF-8 で保存し直してください。メモ帳なら「ファイル」→「名前を付けて保存」で、「エンコード」を「UTF-8」にして保存します。",
        "save it as UTF-8: in Notepad, File > Save as, Encoding: UTF-8",
    )
    .fix(Place::new(file, Span::new(0, length)), decoded)
}

/// Bytes that are in no encoding we know, or stand in a UTF-8 text.
pub fn not_utf8(place: Place, line: usize, is_mixed: bool) -> Diagnostic {
    match is_mixed {
        true => Diagnostic::new(
            Rule::TextEncoding,
            place,
            format!("{line}行目に、UTF-8 として読めない文字が混じっています。"),
            format!("line {line} has characters that are not UTF-8"),
        )
        .help(
            "その文字を打ち直して、UTF-8 で保存します。ほかのファイルから写した部分を確かめてください。",
            "type them again and save as UTF-8; check what was pasted from elsewhere",
        ),
        false => Diagnostic::new(
            Rule::TextEncoding,
            place,
            format!("{line}行目から、文章として読めません。"),
            format!("from line {line} on this cannot be read as text"),
        )
        .help(
            "メモ帳などで開いて中身を確かめ、UTF-8 で保存し直してください。Word や Excel のファイルの名前だけを .md にすることはできません。",
            "open it in an editor and save it as UTF-8; a Word or Excel file does not become text by renaming it",
        ),
    }
}

/// A file that could not be read or followed. `why` is what the system says.
pub fn unreadable(place: Place, why: &str) -> Diagnostic {
    let has = |words: &[&str]| words.iter().any(|word| why.contains(word));
    let new = |ja: &str, en: &str| Diagnostic::new(Rule::Unreadable, place, ja, en);
    if has(&["loop", "Too many levels of symbolic links"]) {
        return new("リンクをたどると、元のフォルダーに戻ります。", "following this link leads back to its own folder")
            .help(
                "シンボリックリンク（ショートカット）を消し、要るファイルを写します。",
                "remove the symbolic link and copy the files that are needed",
            );
    }
    if has(&["Permission denied", "Access is denied", "アクセスが拒否"]) {
        return new("読み取りの権限がありません。", "there is no permission to read it")
            .help("ファイルのアクセス権を確かめてください。", "check the permissions of the file");
    }
    if has(&["No such file", "cannot find"]) {
        return new("リンク先のファイルがありません。", "the file this links to does not exist").help(
            "シンボリックリンク（ショートカット）を消すか、リンク先を置きます。",
            "remove the symbolic link, or put the file where it points",
        );
    }
    Diagnostic::new(
        Rule::Unreadable,
        place,
        format!("ファイルを読めません（{why}）。"),
        format!("the file cannot be read ({why})"),
    )
    .help(
        "ファイルの場所、アクセス権、ほかのソフトで開いていないかを確かめてください。",
        "check where the file is, its permissions, and whether another program holds it",
    )
}

/// A document larger than any text.
pub fn large_document(place: Place, size: u64, most: u64) -> Diagnostic {
    let ((size_ja, size_en), (most_ja, most_en)) = (file_size(size), file_size(most));
    Diagnostic::new(
        Rule::TooLarge,
        place,
        format!("文書が大きすぎます（{size_ja}。{most_ja}まで）。"),
        format!("the document is too large ({size_en}; at most {most_en})"),
    )
    .help(
        "画像などを文書の中に埋め込んでいないかを確かめます。画像は別のファイルにして、リンクします。",
        "look for images embedded in the text; keep them in files of their own and link to them",
    )
}

/// A folder whose name ends in `.md`.
pub fn folder_called_document(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::Unreadable,
        place,
        "名前が .md で終わるフォルダーです。文書ではありません。",
        "this is a folder whose name ends in .md, not a document",
    )
    .help("フォルダーの名前を変えるか、中の文書を外に出します。", "rename the folder or move the document out of it")
}

/// A document in no known place.
pub fn misplaced(place: Place, path: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::MisplacedFile,
        place,
        format!("{path} は、どのページにもなりません。"),
        format!("{path} becomes no page"),
    );
    let parts: Vec<&str> = path.trim_start_matches("content/").split('/').collect();
    let year = |text: &str| guess_year(text).filter(|year| year.number() >= 1900);
    match parts[..] {
        // `content/2026/1-01.md`
        [folder, file] if year(folder).is_some_and(|year| year.to_string() == folder) => finding.help(
            format!("目標なら、部局のフォルダーの中に置きます（例 content/{folder}/planning-finance/{file}）。"),
            format!("a goal lies in the folder of its department, such as content/{folder}/planning-finance/{file}"),
        ),
        // `content/令和8年度/planning/1-01.md`
        [folder, department, file] if let Some(year) = year(folder) => finding.help(
            format!("年度のフォルダーの名前は、西暦の4桁です。「{folder}」を「{year}」に変えます（content/{year}/{department}/{file}）。"),
            format!("the folder of a year is four digits: call `{folder}` `{year}` (content/{year}/{department}/{file})"),
        ),
        // `content/planning/2026/1-01.md`
        [department, folder, file] if let Some(year) = year(folder) => finding.help(
            format!("年度、部局の順です（content/{year}/{department}/{file}）。"),
            format!("the year comes first: content/{year}/{department}/{file}"),
        ),
        // `content/2026/planning/draft/1-01.md`
        [folder, department, .., file] if year(folder).is_some() && parts.len() > 3 => finding.help(
            format!("部局のフォルダーの中に、フォルダーは作れません（content/{folder}/{department}/{file}）。"),
            format!("there are no folders inside a department's: content/{folder}/{department}/{file}"),
        ),
        _ => finding.help(
            "目標は content/年度/部局/名前.md、実績は content/年度/部局/名前.result.md に置きます（年度は 2026 のような西暦の4桁）。",
            "a goal is content/YEAR/DEPARTMENT/name.md, its result content/YEAR/DEPARTMENT/name.result.md",
        ),
    }
}

/// A file name that cannot become an address.
pub fn bad_name(place: Place, name: &str) -> Diagnostic {
    let new = |ja: String, en: String| Diagnostic::new(Rule::BadName, place, ja, en);
    if let Some(right) = document_name(name) {
        let (ja, en) = match name.ends_with(".md") {
            true => ("には .md が2つある", "ends in .md twice"),
            false => ("は .md で終わっていない", "does not end in .md"),
        };
        return new(
            format!("ファイル名「{name}」{ja}ので、文書になりません。"),
            format!("the file name `{name}` {en}, so it is no document"),
        )
        .help(
            format!("ファイル名を「{right}」にします。Windows では、エクスプローラーの「表示」で「ファイル名拡張子」を出すと直せます。"),
            format!("call it `{right}`; in Windows, let the Explorer show file name extensions first"),
        );
    }
    if is_reserved(name) {
        return new(
            format!("「{name}」は、Windows が使えない名前です。"),
            format!("Windows does not allow the name `{name}`"),
        )
        .help("ほかの名前にします。", "choose another name");
    }
    let finding = new(
        format!("ファイル名「{name}」はページの住所に使えません。"),
        format!("the file name `{name}` cannot be part of an address"),
    );
    if name.contains("コピー") || name.to_lowercase().contains("copy") || name.contains(" (") {
        return finding.help(
            "写しのようです。要らなければ消し、要るなら 1-02.md のような名前にします。",
            "this looks like a copy: delete it, or call it 1-02.md or the like",
        );
    }
    // `1-01.results`, `1-01.progress-2026-9-30`
    if let Some((slug, suffix)) = name.split_once('.').filter(|(slug, _)| is_slug(slug)) {
        if let Some(date) = suffix.strip_prefix("progress").map(|rest| rest.trim_start_matches(['-', '_', '.'])) {
            let date = guess_date(date).map_or("2026-09-30".into(), |guess| guess.date.to_string());
            return finding.help(
                format!("途中経過のファイル名は、{slug}.progress-{date}.md の形です。"),
                format!("a report during the year is called {slug}.progress-{date}.md"),
            );
        }
        if nearest(suffix, ["result", "results", "実績"]).is_some() {
            return new(
                format!("ファイル名「{name}.md」の「.{suffix}」は、決められた言葉ではありません。"),
                format!("`.{suffix}` in the file name `{name}.md` has no meaning"),
            )
            .help(
                format!("実績なら、ファイル名を「{slug}.result.md」にします。"),
                format!("for a result, call it `{slug}.result.md`"),
            );
        }
    }
    // `1-01.2025`: what stands behind the dot tells documents of one goal apart.
    if let Some((slug, suffix)) = name.split_once('.').filter(|(slug, _)| is_slug(slug)) {
        return new(
            format!("ファイル名「{name}.md」の「.{suffix}」は、決められた言葉ではありません。"),
            format!("`.{suffix}` in the file name `{name}.md` has no meaning"),
        )
        .help(
            format!("実績なら「{slug}.result.md」、年度の途中の報告なら「{slug}.progress-2026-09-30.md」、目標なら「{slug}.md」にします。年度はフォルダーの名前で分かります。"),
            format!("for a result, call it `{slug}.result.md`, for a report during the year `{slug}.progress-2026-09-30.md`, for a goal `{slug}.md`; the folder tells the year"),
        );
    }
    let narrow: String = fold(name).chars().map(|c| if c.is_whitespace() || c == '.' { '-' } else { c }).collect();
    if narrow != name && is_slug(&narrow) {
        return finding.help(format!("「{narrow}.md」なら使えます。"), format!("`{narrow}.md` would do"));
    }
    finding.help(
        "文字、数字、ハイフン（-）だけの名前にします。空白や括弧は使えません。目標は 1-01.md、その実績は 1-01.result.md です。",
        "use letters, digits and hyphens, no spaces: a goal is 1-01.md, its result 1-01.result.md",
    )
}

/// Larger than is sane.
pub fn too_large(place: Place, size: usize, most: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::TooLarge,
        place,
        format!("設定が大きすぎます（{}キロバイト。{}キロバイトまで）。", size / 1024, most / 1024),
        format!("the front matter is too large ({} KB; at most {} KB)", size / 1024, most / 1024),
    )
    .help("長い文章は、2つ目の --- の後に本文として書きます。", "long texts belong below the second ---")
}

/// Nested too deep.
pub fn too_deep(place: Place, most: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::TooLarge,
        place,
        format!("設定の入れ子が深すぎます（{most}段まで）。"),
        format!("nested too deep (at most {most} levels)"),
    )
}

/// The text is no YAML. `marked` is the text at the place, `info` what the parser says.
pub fn yaml_syntax(place: Place, cause: Cause, marked: &str, info: &str) -> Diagnostic {
    let new = |ja: &str, en: String| Diagnostic::new(Rule::YamlSyntax, place, ja, en);
    match cause {
        Cause::Tab => new("字下げにタブがあります。", "there is a tab in the indentation".into()).help(
            "行の始めのタブを、半角の空白2つに直します。",
            "replace tabs at the start of a line by two spaces",
        ),
        Cause::WideIndent => new("字下げに全角の空白があります。", "there is a full-width blank in the indentation".into())
            .help("行の始めの全角の空白を、半角の空白に直します。", "use ASCII spaces at the start of the line"),
        Cause::WideColon => new("項目の後の「：」が全角です。", "the colon after the key is full-width".into())
            .help(
                "「：」を半角の「:」と空白1つに直します（例 title: 目標）。",
                "write an ASCII colon and a space (title: goal)",
            )
            .fix(place, ": "),
        Cause::NoSpaceAfterColon => new("「:」の後に空白がありません。", "there is no space after the colon".into())
            .help(
                "「:」の後に半角の空白を1つ入れます（例 title: 目標）。",
                "write a space after the colon (title: goal)",
            )
            .fix(place, ": "),
        Cause::Equals => new(
            &format!("「{marked}」では、項目とその値を分けられません。"),
            format!("`{marked}` does not divide a key from its value"),
        )
        .help("「=」を半角の「:」と空白1つに直します（例 title: 目標）。", "write an ASCII colon and a space (title: goal)")
        .guess(place, ": "),
        Cause::WideDash => new(
            &format!("行の始めの「{marked}」が全角です。"),
            format!("the `{marked}` at the start of the line is full-width"),
        )
        .help(
            "「{}」を半角のハイフン「-」と空白1つに直します（例 - text: 開く）。続く行の「-」も同じです。"
                .replace("{}", marked),
            "write an ASCII hyphen and a space (- text: open), in the lines below too",
        )
        .guess(place, "-"),
        Cause::NoSpaceAfterDash => new("「-」の後に空白がありません。", "there is no space after the dash".into())
            .help("「-」の後に半角の空白を1つ入れます（例 - text: 開く）。", "write a space after the dash (- text: open)")
            .fix(place, "- "),
        Cause::Indent => new(
            "行の始めの空白の数が、すぐ上の行とそろっていません。",
            "this line is not indented like the one above".into(),
        )
        .help(
            "同じ並びの項目は、項目の頭を上の行にそろえます（「- 」の次の文字の下）。",
            "put the key under the key above (under the character after `- `)",
        ),
        Cause::DashIndent => new(
            "行の始めの「-」が、上の「-」とそろっていません。",
            "the dash of this line does not stand under the one above".into(),
        )
        .help(
            "同じ並びの「- 」は、行の始めの空白の数を同じにします。",
            "start all lines of a list with the same number of spaces",
        ),
        Cause::LooseLine => new(
            &format!("「{marked}」が、どの項目の値なのか分かりません。"),
            format!("`{marked}` belongs to no key"),
        )
        .help(
            "上の行の続きなら、1行につなげるか、行の始めに半角の空白を2つ入れます。項目なら「項目: 値」の形で書きます。",
            "if it goes on from the line above, join the two or start it with two spaces; if it is an item, write `key: value`",
        ),
        Cause::UnclosedQuote => new(
            &format!("ここで始まる引用符 {marked} が、この行で閉じていません。"),
            format!("the quotation mark {marked} that opens here is not closed on this line"),
        )
        .help(
            format!("値の終わりに {marked} を足すか、始めの {marked} を消します。"),
            format!("add {marked} at the end of the value, or remove this one"),
        ),
        Cause::AfterQuote => new(
            "閉じた引用符の後に、文字が続いています。",
            "there is text after the closing quotation mark".into(),
        )
        .help("値の全体を1組の引用符で囲みます。", "put the whole value inside one pair of quotes"),
        Cause::UnclosedBracket => new(
            &format!("ここで始まる括弧 {marked} が閉じていません。"),
            format!("the bracket {marked} that opens here is not closed"),
        )
        .help(
            if marked == "[" {
                "並びの終わりに ] を足します（例 [企画課, 財政課]）。"
            } else {
                "項目の終わりに } を足します（例 { name: 開催回数, unit: 回, target: 3 }）。"
            },
            if marked == "[" { "add ] at the end of the list" } else { "add } after the last item" },
        ),
        Cause::WideBracket => {
            let ascii = if marked == "］" { "]" } else { "}" };
            new(&format!("閉じる括弧「{marked}」が全角です。"), format!("the closing bracket `{marked}` is full-width"))
                .help(format!("半角の「{ascii}」に直します。"), format!("write an ASCII {ascii}"))
                .fix(place, ascii)
        }
        Cause::HiddenBracket => new(
            "括弧の中の「 #」から後ろは説明と見なされ、閉じる括弧も読まれません。",
            "in brackets, everything behind ` #` is a comment, the closing bracket too".into(),
        )
        .help(
            "「#」を含む値を \" \" で囲みます（例 { text: \"見学会 #2\", actual: 3 }）。説明なら、閉じる括弧の後に移します。",
            "put the value that contains `#` in quotes ({ text: \"visit #2\", actual: 3 }); move a comment behind the closing bracket",
        ),
        Cause::ColonInValue => colon_in_value(place, "", marked),
        Cause::Reserved => new(
            &format!("「{}」で始まる値は、記号が別の意味に読まれます。", marked.chars().next().unwrap_or(' ')),
            format!("a value that starts with `{}` is read as something else", marked.chars().next().unwrap_or(' ')),
        )
        .quoted(place, marked),
        Cause::AfterBracket => new(
            "[ ] か { } で始まる値の後に、文字が続いています。",
            "there is text after a value that starts with [ ] or { }".into(),
        )
        .quoted(place, marked),
        // A tab in the middle of a line is what a spreadsheet puts between its cells.
        Cause::Other if marked.contains('\t') => new(
            "表計算ソフトから貼り付けた行のようです。このままでは読めません。",
            "this looks like a line pasted from a spreadsheet, which cannot be read here".into(),
        )
        .help(
            "1つの取組を「- text: …」で始め、次の行からは字下げをそろえて「項目: 値」の形で書き直します。",
            "start each action with `- text: …` and write the other cells as `key: value` on lines of their own",
        ),
        Cause::Other => new("ここで設定の書き方が崩れています。", format!("this is not valid YAML: {info}")).help(
            "この行か、そのすぐ上の行で、字下げ・「: 」の後の空白・括弧や引用符の閉じ忘れを確かめてください。値に「: 」や「#」があるときは \" \" で囲みます。",
            "check this line and the one above: indentation, the space after `:`, unclosed brackets or quotes; put values with `: ` or `#` in quotes",
        ),
    }
}

/// A second `: ` in the value of a key. Only where a value is nothing but text, quotes are what was meant.
pub fn colon_in_value(place: Place, key: &str, value: &str) -> Diagnostic {
    let new = |ja: &str, en: &str| Diagnostic::new(Rule::YamlSyntax, place, ja, en);
    if value.starts_with(['｛', '［']) {
        return new("始めの括弧が全角です。", "the opening bracket is full-width").help(
            "括弧、コロン、区切りのカンマを、どれも半角にします（例 { name: 開催回数, unit: 回, target: 3 }）。",
            "write brackets, colons and commas in ASCII: { name: 開催回数, unit: 回, target: 3 }",
        );
    }
    let inner = value.split(": ").next().unwrap_or("").trim();
    if keys::is_known(inner) {
        return new("1つの行に、項目が2つあります。", "there are two keys on one line").help(
            format!("「{inner}: …」は、次の行に書きます。「{key}」の中の項目なら、その行を半角の空白で字下げします。"),
            format!("write `{inner}: …` on the next line; if it belongs to `{key}`, indent that line with spaces"),
        );
    }
    let finding = new("値の中に「: 」があります。", "there is a `: ` in the value");
    if !keys::is_known(key) {
        return finding.quoted(place, value);
    }
    if !keys::is_text(key) {
        return finding.help(
            format!("「{key}」の値を確かめます。「{key}」の中の項目なら、次の行に、半角の空白で字下げして書きます。"),
            format!(
                "check the value of `{key}`; what belongs to `{key}` goes on lines of its own, indented with spaces"
            ),
        );
    }
    let quoted = quoted(value);
    finding
        .help(format!("値の全体を \" \" で囲みます: {quoted}"), format!("put the whole value in quotes: {quoted}"))
        .fix(place, quoted)
}

/// A value in quotes.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Diagnostic {
    /// Adds that the whole value belongs in quotes.
    fn quoted(self, place: Place, value: &str) -> Self {
        let quoted = quoted(value);
        self.help(
            format!("文字として書くなら、値の全体を \" \" で囲みます: {quoted}"),
            format!("if it is meant as text, put the whole value in quotes: {quoted}"),
        )
        .guess(place, quoted)
    }
}

/// An anchor was used.
pub fn yaml_alias(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::YamlSyntax,
        place,
        "「*」で始まる値は、ほかの値への参照と読まれます。参照は使えません。",
        "a value that starts with `*` is read as a reference, which is not allowed here",
    )
    .help(
        "文字としての「*」なら、値を \" \" で囲みます。",
        "if the `*` is meant as a character, put the value in quotes",
    )
}

/// A second document in one front matter.
pub fn yaml_second_document(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::YamlSyntax,
        place,
        "設定が途中で2つに分かれています。",
        "the front matter is split into two documents here",
    )
}

/// A map was expected.
pub fn expected_map(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::WrongType,
        place,
        "ここには「項目: 値」の並びを書きます。",
        "items of the form `key: value` are expected here",
    )
}

/// A list was expected.
pub fn expected_list(place: Place, key: Key) -> Diagnostic {
    Diagnostic::new(
        Rule::WrongType,
        place,
        format!("「{}」（{}）には、「- 」で始まる行の並びを書きます。", key.en, key.ja),
        format!("`{}` takes a list: lines that start with `- `", key.en),
    )
    .help(
        match key.en {
            "actions" => {
                "1つだけのときも、行の始めに「- 」を付け、続く行の頭をそろえます（例 - text: 会場を選ぶ、実績なら - result: 3回開いた）。"
            }
            _ => "1つだけのときも、行の始めに「- 」を付け、続く行の頭をそろえます。",
        },
        match key.en {
            "actions" => {
                "also with a single item, start the line with `- ` and put the following keys under its text (- text: choose a place; in a result - result: held 3 times)"
            }
            _ => "also with a single item, start the line with `- ` and put the following keys under its text",
        },
    )
}

/// A single text was expected.
pub fn expected_text(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::WrongType,
        place,
        "ここには文字または数を1つだけ書きます。",
        "a single text or number is expected here",
    )
    .help(
        "文字としての [ ] や { } なら、値を \" \" で囲みます。",
        "if [ ] or { } are meant as characters, put the value in quotes",
    )
}

/// The same key twice.
pub fn duplicate_key(place: Place, key: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateKey,
        place,
        format!("項目「{key}」が2回あります。"),
        format!("the key `{key}` is there twice"),
    )
    .help("どちらか1つを消します。", "remove one of the two")
    .also(first, "1つ目はここ", "the first is here")
}

/// A required field is absent.
pub fn missing_field(place: Place, key: Key) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingField,
        place,
        format!("項目「{}」（{}）がありません。", key.en, key.ja),
        format!("the key `{}` is missing", key.en),
    )
    .help(
        format!("「{}: …」（または「{}: …」）の行を足します。", key.en, key.ja),
        format!("add a line `{}: …`", key.en),
    )
}

/// A required field has nothing in it.
pub fn empty_field(place: Place, key: Key) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingField,
        place,
        format!("項目「{}」（{}）に何も書かれていません。", key.en, key.ja),
        format!("the key `{}` is empty", key.en),
    )
    .help("「: 」の後に値を書きます。", "write its value after `: `")
}

/// A result in which no action says what was done, nor does the text.
pub fn empty_results(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingField,
        place,
        "実績・成果（result）が、どの取組にも書かれていません。",
        "no action has a `result`",
    )
    .help(
        "取組ごとに「result: 何をして、どうなったか」を書くか、2つ目の --- の下に文章で書きます。",
        "write for each action what was done into `result`, or write a text below the second ---",
    )
}

/// A field that decides about publication has nothing in it. `ja` and `en` are what it might say.
pub fn undecided(place: Place, key: Key, ja: &str, en: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingField,
        place,
        format!("項目「{}」（{}）に何も書かれていません。いつ公表するかが決まりません。", key.en, key.ja),
        format!("the key `{}` is empty, so it is not known when this is to be published", key.en),
    )
    .help(
        format!("値を書きます（例 {}: {ja}）。待たずに公表するなら、この行を消します。", key.ja),
        format!("write its value ({}: {en}), or remove the line to publish without waiting", key.en),
    )
}

/// A key nobody knows.
pub fn unknown_key<'a>(place: Place, name: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let finding = Diagnostic::new(
        Rule::UnknownKey,
        place,
        format!("「{name}」という項目はありません。"),
        format!("there is no key called `{name}`"),
    );
    // Written in the right words, but in the wrong place.
    let belongs = |names: &[&str]| names.contains(&name) && !known.contains(&name);
    if belongs(&["evaluation", "評価", "result", "実績・成果", "actual", "実績値", "corrections", "訂正", "reason"])
    {
        return finding.help(
            "実績の項目です。目標と同じ名前の .result.md のファイルに書きます。",
            "it belongs into the result: the file of the same name that ends in .result.md",
        );
    }
    if belongs(&[
        "unit",
        "単位",
        "target",
        "目標値",
        "direction",
        "方向",
        "baseline",
        "基準値",
        "revised_target",
        "修正目標値",
    ]) {
        return finding.help(
            "指標の項目です。indicator（指標）の中に書きます（例 indicator: { unit: 回, target: 3 }）。",
            "it belongs into the indicator: indicator: { unit: times, target: 3 }",
        );
    }
    if belongs(&["text", "取組内容", "criterion", "目標達成基準", "indicator", "指標", "sections", "課等"])
    {
        return finding.help(
            "取組の項目です。actions（取組）の「- 」の下に書きます。",
            "it belongs into an action, below `- ` under `actions`",
        );
    }
    if belongs(&["title", "組織目標", "pillar", "柱", "continues", "継続元"]) {
        return finding.help("目標の項目です。目標のファイルに書きます。", "it belongs into the goal's own file");
    }
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
        return finding.help(
            "{ } や [ ] の中のカンマは、区切りと読まれます。3桁ごとのカンマは書きません（例 target: 1200）。",
            "a comma inside { } or [ ] separates; write numbers without separators (target: 1200)",
        );
    }
    let finding = suggest(finding, name, known.iter().copied());
    // Keys are a fixed vocabulary: one slip in a longer name, with no other name in reach, can only mean that name.
    let distance = |known: &&str| strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
    let in_reach = known.iter().filter(|known| distance(known) <= 2).count();
    match finding.fix.clone() {
        Some(guess) if in_reach == 1 && name.chars().count() >= 4 && distance(&guess.text.as_str()) == 1 => {
            finding.fix(guess.place, guess.text)
        }
        _ => finding,
    }
}

/// Not a date.
pub fn bad_date(place: Place, text: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadDate,
        place,
        format!("「{text}」は日付として読めません。"),
        format!("`{text}` is not a date"),
    );
    match guess_date(text) {
        Some(guess) => {
            let date = guess.date.to_string();
            let finding = finding.help(format!("{date} と書きます。"), format!("write {date}"));
            if guess.is_certain { finding.fix(place, date) } else { finding.guess(place, date) }
        }
        None if last_day(text).is_some() => {
            let (month, day) = last_day(text).unwrap_or_default();
            finding.help(
                format!("{month}月は{day}日までです。正しい日を確かめて書きます。"),
                format!("month {month} has {day} days; check which day is meant"),
            )
        }
        None if serial_date(text).is_some() => {
            let date = serial_date(text).unwrap_or_default();
            finding
                .help(
                    format!("表計算ソフトが日付の代わりに使う番号のようです。{date} と書きます。"),
                    format!("this looks like the number a spreadsheet keeps for a date: write {date}"),
                )
                .guess(place, date)
        }
        None if short_year(text).is_some() => {
            let (era, date) = short_year(text).unwrap_or_default();
            finding
                .help(
                    format!("{era}なら {date} と書きます。西暦の年は4桁です。"),
                    format!("write {date} if that is the year of the era; years are four digits"),
                )
                .guess(place, date)
        }
        None => finding.help(
            "西暦の年-月-日で書きます（例 2026-06-25）。ある月の最後の日も確かめてください。",
            "write year-month-day (such as 2026-06-25), a day that exists",
        ),
    }
}

/// The day that a spreadsheet shows for a number: days since the last of 1899, here for 2009 to 2064.
fn serial_date(text: &str) -> Option<String> {
    let days: i32 = Figure::guess(text)?.figure.as_str().parse().ok().filter(|days| (40_000..60_000).contains(days))?;
    let first = Date::new(1899, 12, 30).ok()?;
    Some(first.checked_add(jiff::Span::new().days(days)).ok()?.to_string())
}

/// `8/6/25` as a date of the era, in its words and as it should be written.
fn short_year(text: &str) -> Option<(String, String)> {
    let text: String = text.trim().nfkc().collect();
    let separator = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '.' | '-'))?;
    let parts: Vec<&str> = text.split(separator).collect();
    let [year, month, day] = parts[..] else { return None };
    if year.len() > 2 {
        return None;
    }
    let era = format!("令和{year}年{month}月{day}日");
    guess_date(&era).filter(|guess| guess.is_certain).map(|guess| (era, guess.date.to_string()))
}

/// Month and number of its days, when the text is a date but for its day.
fn last_day(text: &str) -> Option<(i8, i8)> {
    let mut parts = text.trim().split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day): (i16, i8, i8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let last = Date::new(year, month, 1).ok()?.days_in_month();
    (day > last).then_some((month, last))
}

/// Digits at the start of a text, and what follows them: `3回`.
fn number_and_rest(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| !(c.is_numeric() || matches!(c, '.' | ',' | '．' | '，'))).filter(|end| *end > 0)?;
    let (number, rest) = text.split_at(end);
    Some((Figure::guess(number)?.figure.to_string(), rest.trim()))
}

/// Words for zeros, which a figure is written without.
const ZEROS: [char; 6] = ['十', '百', '千', '万', '億', '兆'];

/// 「1億2500万」 in ones, where a text is nothing else but what is counted.
fn amount(text: &str, counted: &str) -> Option<Figure> {
    let (ones, rest) = Figure::read(text.trim())?;
    (text.contains(ZEROS) && (rest.is_empty() || rest == counted)).then_some(ones)
}

/// Not a figure. Its unit, where it is known, tells which number was meant.
pub fn bad_figure(place: Place, text: &str, unit: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadFigure,
        place,
        format!("「{text}」は数値ではありません。"),
        format!("`{text}` is not a number"),
    );
    if let Some(guess) = Figure::guess(text) {
        let figure = guess.figure.to_string();
        let finding = finding.help(format!("{figure} と書きます。"), format!("write {figure}"));
        return if guess.is_certain { finding.fix(place, figure) } else { finding.guess(place, figure) };
    }
    if let Some(unit) = unit {
        let (zeros, counted) = figure::zeros(unit);
        let in_unit = amount(text, counted).and_then(|ones| ones.in_unit(zeros));
        // 「1万2千」 of 万円 may be 1.2 or 12000.
        if let Some(right) = in_unit.filter(Figure::is_whole) {
            let finding = finding.help(
                format!("単位の「{unit}」で数えた {right} を書きます。"),
                format!("write {right}, counted in `{unit}`"),
            );
            let right = right.to_string();
            return if zeros == 0 { finding.fix(place, right) } else { finding.guess(place, right) };
        }
    }
    match number_and_rest(text) {
        Some((_, rest)) if rest.contains(ZEROS) => finding.help(
            "億、万、千などを使わず、単位で数えた数だけを書きます（1億2500万円は、単位が円なら 125000000、万円なら 12500）。",
            "write digits only, counted in the unit: 1億2500万円 is 125000000 in 円, and 12500 in 万円",
        ),
        Some((_, rest)) if rest.contains(char::is_numeric) => finding.help(
            "数を1つだけ書きます。範囲や内訳は、criterion（目標達成基準）に言葉で書きます。",
            "write one number; a range or its parts belong into `criterion`, in words",
        ),
        Some((figure, rest)) => finding
            .help(
                format!("数だけを書きます。「{rest}」が単位なら unit（単位）に、「以上」や「約」のような言葉なら criterion（目標達成基準）に書きます。"),
                format!("write the number only; put `{rest}` into `unit` if it is a unit, into `criterion` if it is words"),
            )
            .guess(place, figure),
        None if is_nothing(text) => finding.help(
            "数がなければ、この項目を消します。測れなかったのなら、reason（理由）にわけを書きます。",
            "if there is no number, remove the item; if it could not be measured, say why in `reason`",
        ),
        None => finding.help(
            "半角の数字だけを書きます（例 98.4）。単位は unit（単位）に、言葉の目標は criterion（目標達成基準）に書きます。",
            "write digits only (such as 98.4); the unit belongs into `unit`, words into `criterion`",
        ),
    }
}

/// What is written into a table where there is no number.
fn is_nothing(text: &str) -> bool {
    let dash = |c: char| matches!(c, '-' | 'ー' | '－' | '—' | '―' | '–' | '‐' | '−' | '─' | '/' | '／' | '…' | '・');
    matches!(text.trim(), "なし" | "無し" | "無" | "未定" | "不明" | "n/a" | "N/A") || text.trim().chars().all(dash)
}

/// Not a whole number in range.
pub fn bad_number(place: Place, text: &str, least: i64, most: i64) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadFigure,
        place,
        format!("「{text}」は{least}から{most}までの整数ではありません。"),
        format!("`{text}` is not a whole number from {least} to {most}"),
    );
    let guess =
        Figure::guess(text.trim_end_matches('月')).map(|guess| guess.figure).filter(|guess| guess.as_str() != text);
    match guess.filter(|guess| guess.as_str().parse().is_ok_and(|number: i64| (least..=most).contains(&number))) {
        Some(right) => {
            finding.help(format!("{right} と書きます。"), format!("write {right}")).fix(place, right.to_string())
        }
        None => finding.help(
            format!("{least}から{most}までの整数を、半角の数字で書きます。"),
            format!("write a whole number from {least} to {most} in ASCII digits"),
        ),
    }
}

/// Not one of the allowed words.
pub fn bad_choice(place: Place, text: &str, known: &[&str]) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」は、ここで使える言葉ではありません。"),
        format!("`{text}` has no meaning here"),
    );
    suggest(finding, text, known.iter().copied())
}

/// Not a fiscal year.
pub fn bad_year(place: Place, text: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」は年度ではありません。"),
        format!("`{text}` is not a fiscal year"),
    );
    match guess_year(text) {
        Some(year) => {
            finding.help(format!("{year} と書きます。"), format!("write {year}")).fix(place, year.to_string())
        }
        None => finding.help(
            "年度が始まる年を西暦4桁で書きます（令和8年度は 2026）。",
            "write the calendar year in which it begins, four digits",
        ),
    }
}

/// Not a range of years.
pub fn bad_years(place: Place) -> Diagnostic {
    Diagnostic::new(Rule::BadValue, place, "年度の範囲になっていません。", "this is not a range of fiscal years").help(
        "[2013, 2015] は2013年度から2015年度まで、[2016] は2016年度から今までです。",
        "[2013, 2015] is from 2013 to 2015, [2016] is from 2016 on",
    )
}

/// An address that is not http(s).
pub fn bad_url(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」はウェブの住所ではありません。"),
        format!("`{text}` is not a web address"),
    )
    .help("https:// から書きます。", "start with https://")
}

/// A mail address that is none; `right` is the one that was meant.
pub fn bad_email(place: Place, text: &str, right: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」はメールアドレスではありません。"),
        format!("`{text}` is not a mail address"),
    );
    match right {
        Some(right) => {
            finding.help(format!("半角で {right} と書きます。"), format!("write `{right}` in ASCII")).fix(place, right)
        }
        None => finding.help("kikaku@example.lg.jp の形で書きます。", "write it like kikaku@example.lg.jp"),
    }
}

/// A telephone or fax number that nobody can call; `letter` stands among its digits.
pub fn bad_telephone(place: Place, text: &str, letter: Option<char>) -> Diagnostic {
    let (ja, en) = match letter {
        Some(c) => {
            (format!("「{text}」の「{c}」は、数字ではありません。"), format!("`{c}` in `{text}` is not a digit"))
        }
        None => (
            format!("「{text}」は、かけられる番号ではありません。"),
            format!("`{text}` is not a number that can be called"),
        ),
    };
    Diagnostic::new(Rule::BadValue, place, ja, en).help(
        "市外局番から数字で書きます（例 0277-76-0000）。内線などは、番号の後に括弧で書きます。外国の番号は、+ と国番号から書きます。",
        "write digits with the area code, such as 0277-76-0000, and notes in brackets behind it; begin numbers abroad with +",
    )
}

/// Not a postal code.
pub fn bad_postal_code(place: Place, text: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{text}」は郵便番号ではありません。"),
        format!("`{text}` is not a postal code"),
    );
    match postal_digits(text) {
        Some(right) => {
            finding.help(format!("「{right}」のことですか。"), format!("did you mean `{right}`?")).guess(place, right)
        }
        None => finding.help("379-2395 の形で、7桁の数字を書きます。", "write seven digits, like 379-2395"),
    }
}

/// A comment swallowed a part of a value. `written` is the value with the comment.
pub fn lost_text(place: Place, value: Place, written: &str, is_plain: bool) -> Diagnostic {
    let text = &written[(place.span.start - value.span.start) as usize..];
    let finding = Diagnostic::new(
        Rule::LostText,
        place,
        format!("「{text}」は説明と見なされ、公表されません。"),
        format!("`{text}` is taken for a comment and is not published"),
    );
    if !is_plain {
        return finding.help(
            "引用符を「#」より後ろの終わりまで広げます。説明のつもりなら、# の後に空白を1つ入れます。",
            "close the quotes behind it; if it is meant as a comment, write a space after #",
        );
    }
    let quoted = format!("\"{}\"", written.replace('\\', "\\\\").replace('"', "\\\""));
    let finding = finding.help(
        format!("値の全体を \" \" で囲みます: {quoted} 説明のつもりなら、# の後に空白を1つ入れます。"),
        format!("put the whole value in quotes: {quoted}; if it is meant as a comment, write a space after #"),
    );
    let whole = Place::new(value.file, Span::new(value.span.start as usize, place.span.end as usize));
    // 見学会 #2: nobody comments with a bare number. #要確認 may be a note that must not be published.
    let is_number = text.len() > 1 && text[1..].chars().all(char::is_numeric);
    match is_number {
        true => finding.fix(whole, quoted),
        false => finding.guess(whole, quoted),
    }
}

/// Letters and their marks as two characters each, as macOS writes file names.
pub fn decomposed_text(place: Place, composed: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DecomposedText,
        place,
        "濁点や半濁点が、文字から離れています（NFD）。",
        "letters and their marks are separate characters here (NFD)",
    )
    .help(
        "macOS のファイル名などから写した文字です。打ち直すと、1つの文字になります。",
        "text copied from file names on macOS looks like this; type it again",
    )
    .fix(place, composed)
}

/// A character that nobody sees.
pub fn invisible_character(place: Place, c: char, instead: &str) -> Diagnostic {
    let code = format!("U+{:04X}", c as u32);
    let finding = Diagnostic::new(
        Rule::InvisibleCharacter,
        place,
        format!("目に見えない文字（{code}）があります。"),
        format!("there is an invisible character ({code})"),
    );
    let finding = match instead {
        "" => finding.help("消します。", "remove it"),
        _ => finding.help("ふつうの空白に直します。", "replace it by an ordinary space"),
    };
    finding.fix(place, instead)
}

/// The folder names no department.
pub fn unknown_department<'a>(
    place: Place,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownDepartment,
        place,
        format!("「{name}」という部局は台帳にありません。"),
        format!("no department is called `{name}`"),
    );
    let near = nearest(name, known.clone());
    match near {
        Some(near) => finding.help(
            format!("「{near}」のことですか。新しい部局なら content/departments/{name}.md を作ります。"),
            format!("did you mean `{near}`? For a new department, make content/departments/{name}.md"),
        ),
        None => {
            let (ja, en) = quoted_list(known, 8);
            finding.help(
                format!("文書を、台帳にある部局のフォルダーに移します: {ja}。新しい部局なら content/departments/{name}.md を作り、name（名称）と years（年度）を書きます。"),
                format!("move it to the folder of a known department: {en}; for a new one, make content/departments/{name}.md with its `name` and `years`"),
            )
        }
    }
}

/// The department did not exist that year.
pub fn department_years(
    place: Place,
    name: &str,
    year: FiscalYear,
    successors: &[(&str, &str)],
    ledger: Place,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::DepartmentYears,
        place,
        format!("{name}は{year}年度にはありません。"),
        format!("{name} did not exist in fiscal year {year}"),
    )
    .also(ledger, "台帳の年度はここ", "the ledger's years are here");
    if successors.is_empty() {
        return finding.help(
            "文書の場所（年度と部局のフォルダー）か、台帳の years を直します。",
            "mend the folder of the document, or `years` in the ledger",
        );
    }
    let ja: Vec<String> = successors.iter().map(|(key, name)| format!("{key}（{name}）")).collect();
    let en: Vec<&str> = successors.iter().map(|(key, _)| *key).collect();
    finding.help(
        format!("引き継いだ部局のフォルダーに移します: {}。台帳が違うなら、years を直します。", ja.join("、")),
        format!("move it to the department that took over: {}; or mend `years` in the ledger", en.join(", ")),
    )
}

/// `becomes` names no department.
pub fn unknown_successor<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::DepartmentSuccessor,
        place,
        format!("引き継ぎ先の部局「{name}」は台帳にありません。"),
        format!("the successor `{name}` is not in the ledger"),
    );
    suggest(finding, name, known)
}

/// Following `becomes` comes back to the start.
pub fn successor_loop(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DepartmentSuccessor,
        place,
        format!("{name}の引き継ぎ先をたどると、{name}に戻ります。"),
        format!("following the successors of {name} leads back to it"),
    )
}

/// The pillar is not known. `names` are the official ones of the year, `known` all that may be written.
pub fn unknown_pillar<'a>(
    place: Place,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    names: impl IntoIterator<Item = &'a str>,
    of_short: Option<&str>,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownPillar,
        place,
        format!("「{name}」という柱はありません。"),
        format!("no pillar is called `{name}`"),
    );
    if let Some(official) = of_short {
        return finding
            .help(
                format!("「{name}」は「{official}」の略称です。正式な名前で書きます。"),
                format!("`{name}` is short for `{official}`: write that"),
            )
            .guess(place, official);
    }
    suggest_among(finding, name, known, names)
}

/// The pillar does not hold that year.
pub fn pillar_years(place: Place, name: &str, year: FiscalYear, ledger: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::UnknownPillar,
        place,
        format!("柱「{name}」は{year}年度にはありません。"),
        format!("the pillar `{name}` does not hold in fiscal year {year}"),
    )
    .also(ledger, "柱の年度はここ", "the pillar's years are here")
}

/// The section is not in the ledger of its department.
pub fn unknown_section<'a>(
    place: Place,
    name: &str,
    department: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownSection,
        place,
        format!("{department}の台帳に「{name}」はありません。"),
        format!("`{name}` is not in the ledger of {department}"),
    );
    // 企画課、財政課 or 企画部 企画課: the right names are in it.
    let parts =
        name.split(['、', '，', ',', '/', '／', '・', ' ', '\u{3000}', '［', '］']).filter(|part| !part.is_empty());
    let named: Vec<&str> = parts.filter_map(|part| known.clone().into_iter().find(|known| *known == part)).collect();
    match named[..] {
        [] => suggest(finding, name, known),
        [one] => finding.help(format!("「{one}」とだけ書きます。"), format!("write only `{one}`")).guess(place, one),
        _ => {
            let list = named.join(", ");
            finding.help(
                format!("2つ以上の課等は、[ ] の中に半角のカンマで区切って書きます: [{list}]"),
                format!("write several sections as a list: [{list}]"),
            )
        }
    }
}

/// The level is not in the scale of the year. `labels` are what pages show, `known` all that may be written.
pub fn unknown_level<'a>(
    place: Place,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
    labels: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let none = known.clone().into_iter().next().is_none();
    let finding = Diagnostic::new(
        Rule::UnknownLevel,
        place,
        format!("「{name}」という評価は、この年度の尺度にありません。"),
        format!("`{name}` is not a level of this year's scale"),
    );
    if none {
        return finding.help(
            "この年度には評価の尺度がありません。site.yaml の scale（尺度）に書くか、この項目を消します。",
            "this year has no scale; define `scale` in site.yaml or remove the key",
        );
    }
    suggest_among(finding, name, known, labels)
}

/// `continues` names no goal.
pub fn unknown_goal(place: Place, name: &str, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownGoal,
        place,
        format!("続きのもとの目標「{name}」が見つかりません。"),
        format!("the goal `{name}` is not found"),
    );
    match near {
        Some(near) => {
            finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")).guess(place, near)
        }
        None => finding.help(
            "年度/部局/ファイル名 で書きます（例 2025/planning-finance/1-02）。",
            "write YEAR/DEPARTMENT/NAME, such as 2025/planning-finance/1-02",
        ),
    }
}

/// `continues` names a goal of the same or a later year.
pub fn thread_order(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ThreadOrder,
        place,
        format!("「{name}」は前の年度の目標ではありません。"),
        format!("`{name}` is not a goal of an earlier year"),
    )
}

/// A result without its goal.
/// `elsewhere` is the folder of another year that has a goal of that name.
pub fn orphan_result<'a>(
    place: Place,
    name: &str,
    elsewhere: Option<&str>,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::OrphanResult,
        place,
        format!("実績「{name}.result.md」に対する目標「{name}.md」がありません。"),
        format!("`{name}.result.md` has no goal `{name}.md` beside it"),
    );
    if let Some(folder) = elsewhere {
        return finding.help(
            format!("{folder}/ には「{name}.md」があります。その目標の実績なら、このファイルを {folder}/ に移します。実績は、目標と同じ年度のフォルダーに置きます。"),
            format!("`{name}.md` is in {folder}/: move this file there if it is its result; a result lies in the year of its goal"),
        );
    }
    match nearest(name, known) {
        Some(near) => finding.help(
            format!("まだ書いていなければ、先に目標「{name}.md」を書きます。目標「{near}.md」の実績なら、ファイル名を「{near}.result.md」にします。"),
            format!("write the goal `{name}.md` first; or, if it belongs to `{near}.md`, call it `{near}.result.md`"),
        ),
        None => finding.help(
            format!("先に目標「{name}.md」を同じフォルダーに書くか、実績のファイル名を目標と同じにします。"),
            format!("write the goal `{name}.md` in the same folder first, or call the result like its goal"),
        ),
    }
}

/// Different numbers of actions.
pub fn count_mismatch(place: Place, results: usize, goal: Place, actions: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::CountMismatch,
        place,
        format!("実績は{results}件ですが、目標の取組は{actions}件です。"),
        format!("{results} results for {actions} actions"),
    )
    .help(
        "目標の取組と同じ順に、同じ数だけ書きます。行わなかった取組には「実施しなかった」と理由を書きます。",
        "write one result for each action of the goal, in the same order; say so where an action was not done",
    )
    .also(goal, "目標の取組はここ", "the goal's actions are here")
}

/// A year's results are out, but this goal has none.
pub fn missing_result(place: Place, title: &str, year: FiscalYear) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingResult,
        place,
        format!("{year}年度の実績が公表されていますが、「{title}」の実績がありません。"),
        format!("results of {year} are published, but `{title}` has none"),
    )
}

/// A page would say that it was changed on a day that has not come.
pub fn future_update(place: Place, date: Date, day: Date) -> Diagnostic {
    Diagnostic::new(
        Rule::FutureDate,
        place,
        format!("更新日の {date} は、公表する日（{day}）より後です。"),
        format!("the date of the update, {date}, is after the day of publication, {day}"),
    )
    .help("更新した日を確かめます。", "check the date")
}

/// A correction of a day that has not come.
pub fn future_correction(place: Place, date: Date, day: Date) -> Diagnostic {
    Diagnostic::new(
        Rule::FutureDate,
        place,
        format!("訂正の日付の {date} は、公表する日（{day}）より後です。訂正は、もうページに出ます。"),
        format!(
            "the date of the correction, {date}, is after the day of publication, {day}; it is on the page already"
        ),
    )
    .help("訂正した日を確かめます。", "check the date")
}

/// A document that nobody will see for years.
pub fn far_publication(place: Place, date: Date) -> Diagnostic {
    Diagnostic::new(
        Rule::FutureDate,
        place,
        format!("公表日の {date} は、何年も先です。その日まで、この文書はどこにも出ません。"),
        format!("the day of publication, {date}, is years ahead; until then the document is nowhere"),
    )
    .help("年を確かめます。", "check the year")
}

/// The level asks for a reason and there is none.
pub fn missing_reason(place: Place, level: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingReason,
        place,
        format!("評価「{level}」には理由が要ります。"),
        format!("the level `{level}` needs a reason"),
    )
    .help("「reason: …」（理由）の行を足します。", "add a line `reason: …`")
}

/// An actual value without a target to compare it with.
pub fn actual_without_target(place: Place, action: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::ActualWithoutTarget,
        place,
        "実績値がありますが、目標に目標値がありません。",
        "there is an actual value, but the goal has no target",
    )
    .also(
        action,
        "この取組の indicator（指標）に target（目標値）を書きます",
        "give this action an indicator with a target",
    )
}

/// A year that ended without any result, after the month in which they were expected.
pub fn late_results(place: Place, year: FiscalYear, expected: &str, goals: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::LateResults,
        place,
        format!("{year}年度の実績がまだありません（目標{goals}件。{expected}に公表する予定でした）。"),
        format!("there are no results of {year} yet ({goals} goals; expected in {expected})"),
    )
    .help(
        "実績のファイル（名前.result.md）を目標の隣に置くか、site.yaml の calendar の results（実績の公表月）を直します。",
        "put the results beside the goals, or mend `results` of `calendar` in site.yaml",
    )
}

/// Two of the ledger under one name.
pub fn ambiguous_name(place: Place, name: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::AmbiguousName,
        place,
        format!("「{name}」は、同じ年度にもう1つあります。"),
        format!("`{name}` is there twice in the same year"),
    )
    .help("名前か番号を変えるか、years（年度）を分けます。", "change the name or number, or keep their `years` apart")
    .also(first, "1つ目はここ", "the first is here")
}

/// A department that ended and whose work goes on nowhere.
pub fn missing_successor(place: Place, name: &str, last: FiscalYear) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingSuccessor,
        place,
        format!("{name}は{last}年度で終わりましたが、引き継ぎ先がありません。"),
        format!("{name} ended with {last}, but nobody took over"),
    )
    .help(
        "becomes（引き継ぎ先）に、仕事を引き継いだ部局のファイル名を書きます。仕事もなくなったのなら、理由を添えて例外にします。",
        "write into `becomes` who took over; if the work ended as well, excuse it with a reason",
    )
}

/// The successor did not exist when the department ended.
pub fn successor_gap(place: Place, name: &str, year: FiscalYear, ledger: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingSuccessor,
        place,
        format!("引き継ぎ先の{name}は、{year}年度にはありません。"),
        format!("{name} took over, but did not exist in {year}"),
    )
    .help("どちらかの years（年度）か、引き継ぎ先を直します。", "mend the `years` of one of them, or the successor")
    .also(ledger, "引き継ぎ先はここ", "the successor is here")
}

/// Two goals of a department's year under one title.
pub fn duplicate_title(place: Place, title: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateTitle,
        place,
        format!("「{title}」という目標が、同じ部局の同じ年度にもう1つあります。"),
        format!("another goal of this department and year is called `{title}`"),
    )
    .help(
        "違いの分かる題名にします。同じ目標なら、1つの目標の取組として書きます。",
        "give them titles that tell them apart; if it is one goal, write actions of one goal",
    )
    .also(first, "1つ目はここ", "the first is here")
}

/// Two goals that continue the same one.
pub fn shared_origin(place: Place, title: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::SharedOrigin,
        place,
        format!("「{title}」を引き継ぐ目標が、もう1つあります。"),
        format!("another goal continues `{title}` as well"),
    )
    .help(
        "目標を2つに分けたのなら、このままでかまいません。写し間違いなら、continues（継続元）を直します。",
        "fine if the goal was split in two; otherwise mend `continues`",
    )
    .also(first, "もう1つはここ", "the other is here")
}

/// Words and figure that say different things.
pub fn figure_mismatch(place: Place, said: &str, figure: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::FigureMismatch,
        place,
        format!("文には「{said}」、数値には「{figure}」とあります。"),
        format!("the text says `{said}`, the figure is `{figure}`"),
    )
    .help("どちらが正しいかを確かめて、そろえます。", "find out which is right, and make them agree")
    .also(other, "数値はここ", "the figure is here")
}

/// Less done than promised, without a word about it.
pub fn unmet_criterion(place: Place, done: &str, promised: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::UnmetCriterion,
        place,
        format!("基準は「{promised}」、実績は「{done}」です。"),
        format!("`{promised}` was promised, `{done}` was done"),
    )
    .help(
        "届かなかったのなら、reason（理由）か本文に、わけを書きます。書き間違いなら直します。",
        "if it fell short, say why in `reason` or in the text; if it is a slip, mend it",
    )
    .also(other, "基準はここ", "the criterion is here")
}

/// A result that repeats other words.
pub fn copied_result(place: Place, whose_ja: &str, whose_en: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::CopiedResult,
        place,
        format!("実績が、{whose_ja}と同じ文です。"),
        format!("the result repeats {whose_en} word for word"),
    )
    .help(
        "行ったことと、どうなったかを書きます（例 3回開き、全条文を点検した）。",
        "say what was done and what came of it, such as: met three times and reviewed every article",
    )
    .also(other, "同じ文はここ", "the same words are here")
}

/// More than all of something.
pub fn impossible_share(place: Place, figure: &str, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ImpossibleFigure,
        place,
        format!("{name}が{figure}パーセントです。割合は100を超えません。"),
        format!("{name} is {figure} %, but a share is at most 100"),
    )
    .help("数値か、指標の名前を直します。", "mend the figure, or the name of the indicator")
}

/// Less than none.
pub fn negative_count(place: Place, figure: &str, unit: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ImpossibleFigure,
        place,
        format!("{figure}{unit}です。数えたものは0より少なくなりません。"),
        format!("{figure} {unit}: what is counted is never less than 0"),
    )
    .help(
        "数値を直します。増減なら、指標の名前に「増減」と書きます。",
        "mend the figure; if it is a difference, say so in the name of the indicator",
    )
}

/// A target without its actual value.
pub fn missing_actual(place: Place, target: Place) -> Diagnostic {
    Diagnostic::new(Rule::MissingActual, place, "目標値に対する実績値がありません。", "the target has no actual value")
        .help(
            "actual（実績値）に数を書きます。測れなかったのなら、reason（理由）にわけを書きます。",
            "write the figure into `actual`; if it could not be measured, say why in `reason`",
        )
        .also(target, "目標値はここ", "the target is here")
}

/// A result that says no level although there are some.
pub fn missing_evaluation<'a>(place: Place, levels: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let (ja, en) = quoted_list(levels, 8);
    Diagnostic::new(Rule::MissingEvaluation, place, "この実績には評価がありません。", "this result has no evaluation")
        .help(
            format!("evaluation（評価）に、段階のどれかを書きます（{ja}）。"),
            format!("write one of the levels into `evaluation`: {en}"),
        )
}

/// A level that does not fit the figures.
pub fn evaluation_mismatch(place: Place, level: &str, is_met: bool, figure: Place) -> Diagnostic {
    let finding = match is_met {
        false => Diagnostic::new(
            Rule::EvaluationMismatch,
            place,
            format!("評価は「{level}」ですが、実績値は目標値に届いていません。"),
            format!("the level is `{level}`, but the figures fell short of their targets"),
        ),
        true => Diagnostic::new(
            Rule::EvaluationMismatch,
            place,
            format!("評価は「{level}」ですが、実績値は目標値に届いています。"),
            format!("the level is `{level}`, but the figures reached their targets"),
        ),
    };
    finding
        .help(
            "数値か評価を確かめます。少ないほどよい指標なら、direction: down（方向: 減らす）と書きます。",
            "check the figures and the level; where less is better, write `direction: down`",
        )
        .also(figure, "実績値はここ", "the actual value is here")
}

/// A correction that leaves something open.
pub fn incomplete_correction(place: Place, missing: &[(&str, &str)]) -> Diagnostic {
    let ja: Vec<String> = missing.iter().map(|(en, ja)| format!("{en}（{ja}）")).collect();
    let en: Vec<String> = missing.iter().map(|(en, _)| format!("`{en}`")).collect();
    Diagnostic::new(
        Rule::IncompleteCorrection,
        place,
        format!("訂正に、{}がありません。", ja.join("、")),
        format!("the correction lacks {}", en.join(", ")),
    )
    .help(
        "公表していたもの、正しいもの、訂正した理由を書きます。",
        "say what was published, what is right, and why it was corrected",
    )
}

/// A correction of something to itself.
pub fn empty_correction(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::IncompleteCorrection,
        place,
        "訂正前と訂正後が同じです。",
        "what was published and what is right are the same here",
    )
    .help("was（訂正前）に、公表していた値を書きます。", "write into `was` what was published")
}

/// A figure that is another than the one that was published.
pub fn changed_figure(place: Place, was: &str, now: Option<&str>, is_target: bool) -> Diagnostic {
    let finding = match now {
        Some(now) => Diagnostic::new(
            Rule::ChangedFigure,
            place,
            format!("公表した「{was}」が、訂正のないまま「{now}」に変わっています。"),
            format!("`{was}` was published and is `{now}` now, without a correction"),
        ),
        None => Diagnostic::new(
            Rule::ChangedFigure,
            place,
            format!("公表した「{was}」が、訂正のないまま消えています。"),
            format!("`{was}` was published and is gone now, without a correction"),
        ),
    };
    match is_target {
        true => finding.help(
            "年度の途中で目標を改めたのなら、target は元のまま、revised_target（修正目標値）に書きます。誤りを直したのなら、実績の corrections（訂正）に書きます。",
            "if the target was revised, leave `target` and write `revised_target`; if it was wrong, write a correction into the result",
        ),
        false => finding.help(
            "corrections（訂正）に、訂正前、訂正後、理由を書きます。",
            "write into `corrections` what was published, what is right, and why",
        ),
    }
}

/// Another number of actions than was published.
pub fn changed_actions(place: Place, was: usize, now: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::ChangedFigure,
        place,
        format!("公表した取組は{was}件でしたが、訂正のないまま{now}件になっています。"),
        format!("{was} actions were published and there are {now} now, without a correction"),
    )
    .help(
        "取組を増減したのなら、実績の corrections（訂正）に書きます。",
        "write into `corrections` of the result what changed and why",
    )
}

/// A goal that was published and is not any more.
pub fn vanished_goal(place: Place, name: &str, is_hidden: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::VanishedGoal,
        place,
        format!("公表した目標 {name} が、公開するものからなくなります。"),
        format!("the goal {name} was published and would be gone"),
    );
    match is_hidden {
        true => finding.help(
            "公表した後の目標は、下書きや先の公表日に戻しません。",
            "do not make a published goal a draft again, nor publish it later",
        ),
        false => finding.help(
            format!(
                "content/{name}.md を戻します。ファイル名を変えたのなら、元の名前にします。名前はページの住所です。"
            ),
            format!("bring back content/{name}.md; a renamed file gets another address"),
        ),
    }
}

/// All goals of a year were published and are not any more.
pub fn vanished_year(place: Place, year: &str, goals: usize, is_hidden: bool) -> Diagnostic {
    let (ja, en) = match is_hidden {
        true => (
            "公表した後の目標は、下書きや先の公表日に戻しません。".to_owned(),
            "do not make published goals drafts again, nor publish them later".to_owned(),
        ),
        false => (
            format!("フォルダー content/{year}/ とファイルを、元の名前で元の場所に戻します。"),
            format!("bring back the folder content/{year}/ and its files under their names"),
        ),
    };
    Diagnostic::new(
        Rule::VanishedYear,
        place,
        format!("{year}年度の、公表した目標{goals}件が、すべて公開するものからなくなります。"),
        format!("all {goals} goals of {year} were published and would be gone"),
    )
    .help(
        format!("{ja}本当になくすのなら、今回だけ --allow vanished-year を付けます。"),
        format!("{en}; if they are meant to go, use --allow vanished-year this once"),
    )
}

/// A link to nothing.
pub fn broken_link(place: Place, target: &str, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BrokenLink,
        place,
        format!("リンク先「{target}」がありません。"),
        format!("the link goes to `{target}`, which does not exist"),
    );
    match near {
        Some(near) => finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")),
        None => finding.help(
            "行き先のファイルの名前と場所を確かめます。行き先がもうなければ、リンクを外します。",
            "check the name and the folder of the target; where it is gone, remove the link",
        ),
    }
}

/// A link to something that is not published yet.
pub fn link_to_unpublished(place: Place, target: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::BrokenLink,
        place,
        format!("リンク先「{target}」は、まだ公表されていません。"),
        format!("the link goes to `{target}`, which is not published yet"),
    )
    .help("同じ日から公表するか、リンクを外します。", "publish both on the same day, or remove the link")
}

/// A link to a heading that is not there.
pub fn broken_anchor<'a>(place: Place, anchor: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BrokenAnchor,
        place,
        format!("見出し「{anchor}」がリンク先のページにありません。"),
        format!("the page has no heading `{anchor}`"),
    );
    let near = nearest(anchor, known);
    match near {
        Some(near) => finding.help(format!("「#{near}」のことですか。"), format!("did you mean `#{near}`?")),
        None => finding,
    }
}

/// A scheme that is not allowed.
pub fn unsafe_link(place: Place, target: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnsafeLink,
        place,
        format!("「{target}」というリンクは使えません。"),
        format!("links such as `{target}` are not allowed"),
    );
    // `C:\Users\suzuki\会場.png`: a place on one machine.
    let name = target.rsplit('\\').next().filter(|name| *name != target && name.contains('.'));
    if let Some(name) = name {
        let finding = finding
            .help(
                format!("自分のパソコンや共有フォルダーの中は、市民には見えません。ファイル「{name}」を、この文書と同じフォルダーに置き、その名前だけを書きます。"),
                format!("nobody else can see into your computer: put the file `{name}` beside this document and write its name only"),
            );
        // Of `\\server\…` the first stroke escapes the second one, and is not at the place.
        return if target.starts_with('\\') { finding } else { finding.guess(place, name) };
    }
    finding.help(
        "ファイルなら、文書の隣に置いて、そのファイル名へリンクします（例 [計画](計画.pdf)）。共有フォルダーは市民には開けません。ほかのサイトへは https:// から書きます。",
        "put a file beside the document and link to its name; write links to other sites from https:// on",
    )
}

/// An image without a text alternative.
pub fn missing_alt(place: Place, target: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingAlt,
        place,
        format!("画像「{target}」に代わりの文がありません。"),
        format!("the image `{target}` has no text alternative"),
    )
    .help("![図が伝える内容](ファイル名) のように書きます。", "write ![what the image tells](file name)")
}

/// Two pages want one address.
pub fn duplicate_path(place: Place, path: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicatePath,
        place,
        format!("ページの住所「{path}」が、ほかのページと重なります。"),
        format!("the address `{path}` is also another page's"),
    )
    .help("どちらかのファイル名を変えます。", "rename one of the files")
    .also(other, "もう一方はここ", "the other is here")
}

/// A name that is a file's and a folder's.
pub fn file_and_folder(place: Place, path: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicatePath,
        place,
        format!("「{path}」が、ファイルとフォルダーの両方の名前になります。"),
        format!("`{path}` would be a file and a folder"),
    )
    .help("フォルダーかファイルの名前を変えます。", "rename the folder or the file")
    .also(other, "もう一方はここ", "the other is here")
}

/// A file that would replace one the program makes.
pub fn reserved_path(place: Place, path: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicatePath,
        place,
        format!("「{path}」は kohyo が作るファイルの名前です。"),
        format!("`{path}` is the name of a file that kohyo makes"),
    )
    .help("ファイル名を変えます。", "rename the file")
}

/// A character that replaced one that could not be read.
pub fn garbled_character(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::UnprintableCharacter,
        place,
        "「\u{fffd}」は、読めなかった文字の跡です。",
        "`\u{fffd}` stands where a character could not be read",
    )
    .help("元の文書を見て、その文字を打ち直します。", "look at the original and type the character again")
}

/// A character that only one machine knows.
pub fn private_character(place: Place, c: char) -> Diagnostic {
    let code = format!("U+{:04X}", c as u32);
    Diagnostic::new(
        Rule::UnprintableCharacter,
        place,
        format!("外字（{code}）は、ほかの計算機では見えません。"),
        format!("{code} is a private character that other machines do not have"),
    )
    .help("常用の字か、かなで書きます。", "write it with common characters or in kana")
}

/// Pictures among letters.
pub fn emoji(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnprintableCharacter,
        place,
        format!("絵文字「{text}」は、書体によっては四角になり、読み上げると長い名前になります。"),
        format!("the emoji `{text}` is a box in some fonts, and is read aloud as a long name"),
    )
    .help("言葉で書くか、消します。", "say it in words, or remove it")
}

/// An alternative text that says nothing.
pub fn weak_alt(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::WeakAlt,
        place,
        format!("代わりの文「{text}」では、図の内容が伝わりません。"),
        format!("the text alternative `{text}` does not say what the image tells"),
    )
    .help(
        "図を見られない人に電話で伝えるつもりで書きます（例 橋の点検数は5年で12橋から40橋に増えた）。",
        "write what you would say on the telephone, such as: inspections grew from 12 to 40 bridges in five years",
    )
}

/// A link text that says nothing by itself.
pub fn vague_link(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::VagueLink,
        place,
        format!("リンクの文字「{text}」だけでは、行き先が分かりません。"),
        format!("the link text `{text}` alone does not say where it leads"),
    )
    .help(
        "行き先のページの題名を、リンクの文字にします（例 [行政経営方針](policy.md)）。",
        "use the title of the page it leads to, such as [Management policy](policy.md)",
    )
}

/// A link without words.
pub fn empty_link(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::VagueLink,
        place,
        "リンクに文字がないので、だれにも見えず、押せません。",
        "the link has no words: nobody can see or follow it",
    )
    .help(
        "[ ] の中に、リンク先のページや資料の名前を書きます。",
        "write the name of the page or document inside the [ ]",
    )
}

/// A link whose text is its address.
pub fn url_as_text(place: Place, url: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UrlAsText,
        place,
        "リンクの文字が住所（URL）のままです。",
        "the text of this link is its address",
    )
    .help(format!("[ページの題名]({url}) と書きます。"), format!("write [title of the page]({url})"))
}

/// A heading more than one level below the one before.
pub fn skipped_heading(place: Place, level: u8, before: u8) -> Diagnostic {
    let (is, right) = ("#".repeat(usize::from(level)), "#".repeat(usize::from(before) + 1));
    Diagnostic::new(
        Rule::SkippedHeading,
        place,
        format!("見出しの段が、{} から {is} に飛んでいます。", "#".repeat(usize::from(before))),
        format!("the heading jumps from {} to {is}", "#".repeat(usize::from(before))),
    )
    .help(format!("{right} にします。"), format!("write {right}"))
}

/// A table whose first row is empty.
pub fn headerless_table(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::HeaderlessTable,
        place,
        "表の見出しの行に、何も書かれていません。",
        "the header row of this table is empty",
    )
    .help("1行目に、各列が何かを書きます。", "say in the first row what each column is")
}

/// How rows that make no table tell their cells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// `| a | b |`, with ASCII or full-width bars.
    Bars,
    /// As a spreadsheet copies them.
    Tabs,
}

/// Rows that were meant to be a table and are a paragraph. `right` is how the first two rows of the table would be
/// written, where that is short enough to say.
pub fn broken_table(place: Place, rows: Rows, right: Option<(String, String)>, follows_text: bool) -> Diagnostic {
    let (ja, en) = match rows {
        Rows::Bars => (
            "この行は表にならず、| も文字のまま見えます。",
            "these rows make no table; their bars are shown as letters",
        ),
        Rows::Tabs => (
            "表計算ソフトから貼り付けた行は、表になりません。1つの文のようにつながって見えます。",
            "rows pasted from a spreadsheet make no table; they run together like a sentence",
        ),
    };
    let (header, rule) = right.unwrap_or_else(|| ("| 会場 | 定員 |".into(), "| --- | --- |".into()));
    let (mut help_ja, mut help_en) = match follows_text {
        true => ("表の上に空の行を1つ入れます。".to_owned(), "leave an empty line above the table; ".to_owned()),
        false => (String::new(), String::new()),
    };
    help_ja += &format!("1行目は「{header}」、2行目は「{rule}」のように書き、3行目からも半角の | で区切ります。");
    help_en += &format!("write `{header}`, then `{rule}`, and put | between the cells of the other rows too");
    Diagnostic::new(Rule::BrokenTable, place, ja, en).help(help_ja, help_en)
}

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

/// Text that no page shows, and why: `written` is the cells, or the whole definition.
pub fn unshown_text(place: Place, kind: UnshownKind, written: &str) -> Diagnostic {
    let line = written.lines().next().unwrap_or_default();
    let shown = &line[..line.floor_char_boundary(80)];
    // `[label]:` or `[^label]:`, without the colon.
    let label = line.split_once("]:").map_or(shown, |(label, _)| &line[..label.len() + 1]);
    let finding = |ja, en| Diagnostic::new(Rule::UnshownText, place, ja, en);
    match kind {
        UnshownKind::Cells => finding(
            format!("「{shown}」は、列の見出しより多いセルなので、公表されません。"),
            format!("`{shown}` is beyond the last header, and is not published"),
        )
        .help(
            "1行目に列の見出しを足し、2行目にも --- を足します。セルの中に | を書くなら \\| とします。",
            "add a header to the first row and --- to the second; for a | inside a cell, write \\|",
        ),
        UnshownKind::Note => finding(
            format!("脚注「{shown}」は、本文に {label} がないので、公表されません。"),
            format!("the footnote `{shown}` is not published: no text refers to {label}"),
        )
        .help(
            format!("本文の、脚注を付ける言葉のすぐ後に {label} と書きます。要らなければ、この脚注を消します。"),
            format!("write {label} behind the words that it explains, or remove the footnote"),
        ),
        UnshownKind::RepeatedNote => finding(
            format!("脚注 {label} は前にもあるので、「{shown}」は公表されません。"),
            format!("`{shown}` is not published: there is a footnote {label} before it"),
        )
        .help(
            "ほかの番号にして、本文にもその番号を書きます。",
            "give it another number, and write that into the text",
        ),
        UnshownKind::Definition => finding(
            format!("「{shown}」は、リンクの行き先を決める書き方で、それを使うリンクがないので、公表されません。"),
            format!("`{shown}` says where links lead, and is not published: no link uses it"),
        )
        .help(
            format!(
                "文として見せるなら、[ ] を ［ ］ か（ ）にします。リンクにするなら、本文に [見せる言葉]{label} と書きます。"
            ),
            format!("to show it, write ( ) in place of [ ]; for a link, write [words]{label} in the text"),
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

/// A paragraph that is shown as code because of the blanks before it.
pub fn indented_code(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        "行の始めに空白が4つ以上（またはタブ）あるので、文ではなくコードの枠になります。",
        "four blanks or a tab before it make this a block of code",
    )
    .help(
        "行の始めの空白を消します。コードなら、前後の行に ``` と書きます。",
        "remove the blanks; for code, write ``` on the lines before and after",
    )
}

/// A sentence that is shown as a heading because of the line below it.
pub fn underlined_sentence(place: Place, dashes: &str) -> Diagnostic {
    let dashes = &dashes[..dashes.floor_char_boundary(10)];
    Diagnostic::new(
        Rule::NotMarkdown,
        place,
        format!("すぐ下に {dashes} の行があるので、この文は見出しになります。"),
        format!("the line {dashes} right below makes this sentence a heading"),
    )
    .help(
        format!("区切りの線なら、{dashes} の前に空の行を置きます。見出しなら、句点を取って ## を付けます。"),
        format!("for a line between paragraphs, leave an empty line before {dashes}; for a heading, write ##"),
    )
}

/// HTML that readers will see as letters.
pub fn raw_html(place: Place, html: &str) -> Diagnostic {
    let name: String = html.chars().take_while(|c| *c != '\n').take(30).collect();
    let is_table = html.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("<table"));
    let finding = Diagnostic::new(
        Rule::RawHtml,
        place,
        format!("「{name}」は、文字のまま見えます。"),
        format!("`{name}` is shown as letters"),
    );
    if is_table {
        return finding.help(
            "表は、1行に1つの行を、| で区切って書きます（1行目 | 会場 | 定員 |、2行目 |---|---|、3行目から | 大ホール | 300人 |）。セルの結合はできないので、同じ言葉をそれぞれの行に書きます。",
            "write a table row by row with bars (| place | seats |, then |---|---|, then | hall | 300 |); cells cannot be merged: repeat the words in each row",
        );
    }
    finding.help(
        "Markdown で書き直すか、消します。文字として見せるなら、` ` で囲みます。",
        "write it in Markdown or remove it; to show it as text, put it in backticks",
    )
}

/// An attachment no document shows.
pub fn unused_attachment(place: Place, is_published: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnusedAttachment,
        place,
        match is_published {
            true => "どの文書からもリンクされていませんが、公開されます。",
            false => "どの文書からもリンクされていないため、公開されません。",
        },
        match is_published {
            true => "no document links to this file, but it is published",
            false => "no document links to this file, so it is not published",
        },
    );
    finding.help(
        "文書からリンクするか、要らなければ content の外に移します。",
        "link to it from a document, or move it out of content if it is not needed",
    )
}

/// A size as people say it.
fn file_size(bytes: u64) -> (String, String) {
    match bytes {
        0..1024 => (format!("{bytes}バイト"), format!("{bytes} bytes")),
        1024..1_048_576 => (format!("{}キロバイト", bytes / 1024), format!("{} KB", bytes / 1024)),
        _ => {
            let tenths = bytes * 10 / 1_048_576;
            let text = if tenths.is_multiple_of(10) {
                format!("{}", tenths / 10)
            } else {
                format!("{}.{}", tenths / 10, tenths % 10)
            };
            (format!("{text}メガバイト"), format!("{text} MB"))
        }
    }
}

/// A file that takes long to fetch.
pub fn large_attachment(place: Place, size: u64, most: u64) -> Diagnostic {
    let (size_ja, size_en) = file_size(size);
    let (most_ja, most_en) = file_size(most);
    Diagnostic::new(
        Rule::LargeAttachment,
        place,
        format!("添付のファイルが大きすぎます（{size_ja}。{most_ja}まで）。"),
        format!("this attachment is very large ({size_en}; at most {most_en})"),
    )
    .help(
        "画像の解像度を下げるか、分けます。内容は、できるだけページの文章と表にします。",
        "lower the resolution of its images or split it; better, put its content on the page",
    )
}

/// A character in place of several.
pub fn platform_character(place: Place, c: char, instead: &str, is_certain: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::PlatformCharacter,
        place,
        format!("「{c}」は、機種に依存する文字です。"),
        format!("`{c}` depends on the machine"),
    )
    .help(format!("「{instead}」と書きます。"), format!("write `{instead}`"));
    if is_certain { finding.fix(place, instead) } else { finding.guess(place, instead) }
}

/// ｶﾅ
pub fn half_width_kana(place: Place, text: &str, full: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::HalfWidthKana,
        place,
        format!("「{text}」は半角のかなです。"),
        format!("`{text}` is half-width kana"),
    )
    .help(format!("「{full}」と書きます。"), format!("write `{full}`"))
    .fix(place, full)
}

/// ２０ where the rest of the file says 20.
pub fn mixed_width(place: Place, text: &str, narrow: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MixedWidth,
        place,
        format!("全角の「{text}」が、半角と混じっています。"),
        format!("`{text}` is full-width, other digits or letters of this file are not"),
    )
    .help(format!("半角で「{narrow}」と書きます。"), format!("write `{narrow}`"))
    .fix(place, narrow)
}

/// 日　時
pub fn spaced_word(place: Place, word: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::SpacedWord,
        place,
        format!("「{word}」の字の間に空白があります。"),
        format!("there are blanks inside the word `{word}`"),
    )
    .help(format!("空白を消して「{word}」と書きます。"), format!("write `{word}` without blanks"))
    .fix(place, word)
}

/// 2026/6/25
pub fn date_notation(place: Place, text: &str, written: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DateNotation,
        place,
        format!("日付「{text}」は、読み上げると日付に聞こえません。"),
        format!("`{text}` does not sound like a date"),
    )
    .help(format!("「{written}」と書きます。"), format!("write `{written}`"))
    .fix(place, written)
}

/// 12000円
pub fn plain_amount(place: Place, text: &str, written: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::PlainAmount,
        place,
        format!("金額「{text}」に、3桁ごとの区切りがありません。"),
        format!("the amount `{text}` has no separators"),
    )
    .help(format!("「{written}」と書きます。"), format!("write `{written}`"))
    .fix(place, written)
}

/// A word of the city's list.
pub fn avoided_word(place: Place, word: &str, instead: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::AvoidedWord,
        place,
        format!("「{word}」は、使わないと決めた言葉です。"),
        format!("this site does not use the word `{word}`"),
    );
    match instead {
        "" => finding.help("ほかの言葉に言い換えます。", "say it in other words"),
        _ => finding.help(format!("「{instead}」と書きます。"), format!("write `{instead}`")).guess(place, instead),
    }
}

/// A sentence nobody can hold in mind.
pub fn long_sentence(place: Place, length: usize, most: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::LongSentence,
        place,
        format!("ここから始まる文が長すぎます（{length}字。{most}字まで）。"),
        format!("the sentence that starts here is too long ({length} characters; at most {most})"),
    )
    .help(
        "「。」で分けます。1つの文で言うことを1つにし、並べるものは箇条書きにします。",
        "split it: one thought in each sentence, and lists as lists",
    )
}

/// ～
pub fn range_sign(place: Place, sign: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::SpokenSign,
        place,
        format!("「{sign}」は、読み上げでは聞こえないことがあります。"),
        format!("`{sign}` may not be heard when read aloud"),
    )
    .help("「から」と書きます（例 4月から6月まで）。", "write から, as in 4月から6月まで")
}

/// ○ alone.
pub fn spoken_shape(place: Place, shape: char) -> Diagnostic {
    Diagnostic::new(
        Rule::SpokenSign,
        place,
        format!("「{shape}」だけでは、読み上げたときに意味が伝わりません。"),
        format!("`{shape}` alone has no meaning when read aloud"),
    )
    .help("意味を言葉で書きます（例 あり、実施した、対象外）。", "say what it means in words")
}

/// 1/2
pub fn spoken_fraction(place: Place, first: &str, second: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::SpokenSign,
        place,
        format!("「{first}/{second}」は、分数にも日付にも聞こえます。"),
        format!("`{first}/{second}` may be a fraction or a date"),
    )
    .help(
        format!("「{second}分の{first}」「{first}月{second}日」のように、意味の分かる形で書きます。"),
        "write it in the form that is meant: a fraction, or a date with month and day",
    )
}

/// A day the calendar does not have.
pub fn impossible_date(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ImpossibleDate,
        place,
        format!("「{text}」は、暦にない日です。"),
        format!("`{text}` is not a day of the calendar"),
    )
    .help("月と日を確かめてください。", "check the month and the day")
}

/// A weekday that is not the date's.
pub fn wrong_weekday(place: Place, date: &str, named: char, right: char) -> Diagnostic {
    Diagnostic::new(
        Rule::ImpossibleDate,
        place,
        format!("{date}は{right}曜日です。「{named}」ではありません。"),
        format!("{date} is a {right} day, not {named}"),
    )
    .help("日付と曜日のどちらが正しいかを確かめてください。", "check which of the two is right")
}

/// An era year and a western year that are not the same.
pub fn two_calendars(place: Place, first: &str, second: &str, unit: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ImpossibleDate,
        place,
        format!("{first}と{second}{unit}は、同じ年ではありません。"),
        format!("{first} and {second}{unit} are not the same year"),
    )
    .help("元号の年と西暦の年のどちらが正しいかを確かめてください。", "check which of the two is right")
}

/// A bracket that is never closed.
pub fn unclosed_bracket(place: Place, open: char, close: char) -> Diagnostic {
    Diagnostic::new(
        Rule::UnclosedBracket,
        place,
        format!("「{open}」が、この段落の中で閉じていません。"),
        format!("`{open}` is not closed in this paragraph"),
    )
    .help(format!("閉じる「{close}」を足すか、消します。"), format!("add `{close}`, or remove it"))
}

/// A bracket that was never opened.
pub fn unopened_bracket(place: Place, close: char) -> Diagnostic {
    Diagnostic::new(
        Rule::UnclosedBracket,
        place,
        format!("「{close}」に対する始めの括弧がありません。"),
        format!("`{close}` closes nothing"),
    )
    .help("始めの括弧を足すか、消します。", "add the opening bracket, or remove it")
}

/// The same character twice by a slip of the keyboard.
pub fn doubled_character(place: Place, mark: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DoubledCharacter,
        place,
        format!("「{mark}」が続いています。"),
        format!("`{mark}` is there twice"),
    )
    .help("1つにします。", "remove one of them")
    .fix(place, mark)
}

/// No site.yaml.
pub fn no_site_file(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::Unreadable,
        place,
        "site.yaml がありません。ここは kohyo のサイトのフォルダーではないようです。",
        "there is no site.yaml: this does not look like a kohyo site",
    )
    .help("--site でサイトのフォルダーを指定します。", "name the site's folder with --site")
}

/// Not a single document.
pub fn no_content(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::Unreadable,
        place,
        "content フォルダーに、文書が1つもありません。",
        "there is no document in the folder `content`",
    )
    .help(
        "フォルダーを移したり、ネットワークドライブが切れたりしていないかを確かめます。新しいサイトなら、まず content/index.md を置きます。",
        "check that the folder was not moved and its drive is there; a new site starts with content/index.md",
    )
}

/// A level or an exception names no rule.
pub fn unknown_rule(place: Place, name: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadException,
        place,
        format!("「{name}」という規則はありません。"),
        format!("there is no rule called `{name}`"),
    );
    match nearest(name, super::policy::Selector::names()) {
        Some(near) => {
            finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")).guess(place, near)
        }
        None => finding.help(
            "規則の名前は、指摘の [ ] の中にあります。一覧は kohyo explain で出ます。",
            "the name of a rule is in the brackets of its findings; `kohyo explain` lists all",
        ),
    }
}

/// A level or an exception tries to make a firm rule milder.
pub fn firm_rule(place: Place, rule: Rule) -> Diagnostic {
    Diagnostic::new(
        Rule::BadException,
        place,
        format!("「{}」は、弱めることも、例外にすることもできません。", rule.name()),
        format!("`{}` cannot be turned off, made milder or excused", rule.name()),
    )
    .help(
        format!("{}この指定を消して、誤りの方を直します。", rule.why().ja),
        format!("{} Remove this, and mend the mistake itself.", rule.why().en),
    )
}

/// An exception in a comment without a reason.
pub fn exception_without_reason(place: Place) -> Diagnostic {
    Diagnostic::new(Rule::BadException, place, "この例外には理由がありません。", "this exception gives no reason").help(
        "規則の名前の後に「: 」と理由を書きます（例 kohyo: 例外 broken-link: 7月に公開するページのため）。",
        "write `: ` and the reason after the rule (kohyo: allow broken-link: the page goes online in July)",
    )
}

/// A comment that speaks to this program, but is not understood.
pub fn unknown_comment(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::BadException,
        place,
        "「kohyo:」で始まる説明ですが、意味が分かりません。",
        "a comment that starts with `kohyo:` but is not understood",
    )
    .help("例外なら「kohyo: 例外 規則の名前: 理由」と書きます。", "an exception is `kohyo: allow RULE: reason`")
}

/// An exception that excuses nothing.
pub fn unused_exception(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::UnusedException,
        place,
        "この例外が見逃している指摘は、1つもありません。",
        "this exception excuses nothing",
    )
    .help(
        "誤りが直っているなら、この例外を消します。まだあるなら、規則の名前、場所、文字を確かめます。",
        "if the mistake is mended, remove the exception; if not, check its rule, file and text",
    )
}

/// The code's check digit is wrong.
pub fn bad_code(place: Place, code: &str, right: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadCode,
        place,
        format!("全国地方公共団体コード「{code}」が正しくありません。"),
        format!("`{code}` is not a valid local government code"),
    );
    match right {
        Some(right) => finding.help(
            format!("6桁目は検査数字です。5桁が正しければ {right} です。"),
            format!("the sixth digit is a check digit; if the first five are right, it is {right}"),
        ),
        None => finding.help("6桁の数字で書きます（例 \"232106\"）。", "write six digits, such as \"232106\""),
    }
}

/// A colour that cannot be read on its ground.
pub fn low_contrast(
    place: Place,
    color: &str,
    ground: &str,
    ratio: f64,
    needed: f64,
    better: Option<&str>,
) -> Diagnostic {
    // Never rounded up to what it does not reach.
    let ratio = (ratio * 100.0).floor() / 100.0;
    let finding = Diagnostic::new(
        Rule::LowContrast,
        place,
        format!("「{color}」と地の「{ground}」の明るさの比が {ratio:.2} です（{needed} 以上）。"),
        format!("`{color}` on `{ground}` has a contrast of {ratio:.2} (at least {needed})"),
    );
    match better {
        Some(better) => finding.help(
            format!("たとえば「{color}」を {better} にすると読めます。"),
            format!("{better} would be readable for `{color}`"),
        ),
        None => {
            finding.help("どちらかの色を、もっと明るくするか暗くします。", "make one of the colours lighter or darker")
        }
    }
}

/// A word of the interface that no template knows.
pub fn unknown_word<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnknownWord,
        place,
        format!("「{name}」という語は、画面のどこにも使われません。"),
        format!("no page uses a word called `{name}`"),
    );
    match nearest(name, known) {
        Some(near) => {
            finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")).guess(place, near)
        }
        None => finding.help(
            "語の一覧は themes/default/words/ja.yaml にあります。",
            "the words are listed in themes/default/words/en.yaml",
        ),
    }
}

/// A word of one language that the other lacks.
pub fn missing_word(place: Place, name: &str, other: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnknownWord,
        place,
        format!("「{name}」という語が、{other} にありません。"),
        format!("the word `{name}` is missing from {other}"),
    )
    .help(format!("{other} にも同じ名前の語を足します。"), format!("add the word to {other}"))
}

/// A word with nothing behind its name.
pub fn empty_word(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ThemeWords,
        place,
        format!("語「{name}」に、言葉が書かれていません。"),
        format!("nothing is written for the word `{name}`"),
    )
    .help(
        "元の言葉のままでよければ、この行を消します。何も出さないなら \"\" と書きます。",
        "delete the line to keep the original word, or write \"\" to show nothing",
    )
}

/// A word that YAML takes for a list or a map.
pub fn word_without_quotes(place: Place, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ThemeWords,
        place,
        format!("語「{name}」の言葉が、1つの文になっていません。"),
        format!("the word `{name}` is not a single text"),
    )
    .help(
        "{ か [ で始まる言葉は、全体を \" \" で囲みます（例 \"{a}の目標\"）。",
        "put a text that starts with { or [ into quotes, such as \"goals of {a}\"",
    )
}

/// Braces in a word that nothing fills. `allowed` are those that are filled.
pub fn unknown_placeholder<'a>(
    place: Place,
    written: &str,
    near: Option<&str>,
    allowed: impl IntoIterator<Item = &'a &'a str>,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::ThemeWords,
        place,
        format!("「{written}」に入る値はありません。このままページに出ます。"),
        format!("nothing is filled in for `{written}`: pages would show it as it is"),
    );
    if let Some(near) = near {
        return finding.help(format!("「{{{near}}}」のことですか。"), format!("did you mean `{{{near}}}`?"));
    }
    let allowed: Vec<String> = allowed.into_iter().map(|name| format!("{{{name}}}")).collect();
    match &allowed[..] {
        [] => finding
            .help("この語に値は入りません。波括弧を消します。", "nothing is filled into this word: remove the braces"),
        allowed => finding.help(
            format!("この語に入るのは {} です。", allowed.join(" ")),
            format!("this word has {}", allowed.join(" ")),
        ),
    }
}

/// The name of a page without what tells it from others.
pub fn lost_placeholder(place: Place, default: &str, lost: &[&str]) -> Diagnostic {
    let lost: Vec<String> = lost.iter().map(|name| format!("{{{name}}}")).collect();
    let lost = lost.join(" ");
    Diagnostic::new(
        Rule::LostPlaceholder,
        place,
        format!("{lost} がないので、いくつものページや欄が同じ名前になります。"),
        format!("without {lost} several pages or parts have the same name"),
    )
    .help(format!("元の語は「{default}」です。"), format!("the original word is `{default}`"))
}

/// A file of a theme that nothing reads. The place is its start.
pub fn unread_file(place: Place, meant: Option<impl AsRef<str>>, is_template: bool) -> Diagnostic {
    let (ja, en) = match is_template {
        true => (
            "このテンプレートを使うページも、読み込むテンプレートもありません。",
            "no page and no template uses this template",
        ),
        false => ("このファイルは読まれません。", "this file is not read"),
    };
    let finding = Diagnostic::new(Rule::UnusedThemeFile, place, ja, en);
    match meant {
        Some(meant) => {
            let meant = meant.as_ref();
            finding.help(
                format!("「{meant}」のことですか。名前を直すか、要らなければ消します。"),
                format!("did you mean `{meant}`? rename it, or delete it if it is not needed"),
            )
        }
        None => finding.help(
            "ほかのテンプレートから include か extends で読み込むか、要らなければ消します。",
            "include or extend it in another template, or delete it if it is not needed",
        ),
    }
}

/// A folder of a theme whose name is not quite right. The place is the start of its first file.
pub fn unread_folder(place: Place, name: &str, near: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnusedThemeFile,
        place,
        format!("フォルダー「{name}」の中のファイルは読まれません。"),
        format!("files in the folder `{name}` are not read"),
    )
    .help(
        format!("「{near}」のことですか。フォルダーの名前を直します。"),
        format!("did you mean `{near}`? rename the folder"),
    )
}

/// A brace, a comment or a quotation of a style sheet that lacks its other half.
pub fn style_unpaired(place: Place, mark: &str) -> Diagnostic {
    let (ja, en) = match mark {
        "}" => ("「}」に対になる「{」がありません。".to_owned(), "this `}` closes nothing".to_owned()),
        "{" => ("「{」に対になる「}」がありません。".to_owned(), "this `{` is never closed".to_owned()),
        _ => (format!("「{mark}」が閉じていません。"), format!("this `{mark}` is never closed")),
    };
    let finding = Diagnostic::new(
        Rule::ThemeStyle,
        place,
        format!("{ja}後に書いたことが効かなくなります。"),
        format!("{en}: what follows has no effect"),
    );
    match mark {
        "}" => finding.help("これを消すか、足りない「{」を足します。", "delete it, or add the missing `{`"),
        "{" => finding.help("この指定の終わりに「}」を足します。", "add a `}` where the rule ends"),
        "/*" => finding.help("説明の終わりに「*/」を足します。", "add */ where the comment ends"),
        _ => finding.help(format!("終わりに {mark} を足します。"), format!("add {mark} where it ends")),
    }
}

/// A full-width sign in a style sheet.
pub fn wide_sign(place: Place, sign: char) -> Diagnostic {
    let narrow = fold(&sign.to_string());
    Diagnostic::new(
        Rule::ThemeStyle,
        place,
        format!("全角の「{sign}」があると、この指定は効きません。"),
        format!("with the full-width `{sign}` this has no effect"),
    )
    .help(format!("半角の「{narrow}」にします。"), format!("write the ASCII `{narrow}`"))
    .guess(place, narrow)
}

/// A custom property that no style sheet uses.
pub fn unused_property<'a>(place: Place, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::ThemeStyle,
        place,
        format!("「{name}」は、どのスタイルシートにも使われません。"),
        format!("no style sheet uses `{name}`"),
    );
    match nearest(name, known) {
        Some(near) => {
            finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")).guess(place, near)
        }
        None => finding.help(
            "名前は themes/default/assets/tokens.css にあります。要らなければ消します。",
            "names are listed in themes/default/assets/tokens.css; delete it if it is not needed",
        ),
    }
}

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

/// A character that no font of the booklets has; `more` is how often it comes again in the file.
pub fn missing_glyph(place: Place, c: char, more: usize) -> Diagnostic {
    let code = c as u32;
    let (more_ja, more_en) = match more {
        0 => (String::new(), String::new()),
        n => (format!("ほかに{n}か所。"), format!("; {n} more in this file")),
    };
    let finding = Diagnostic::new(
        Rule::MissingGlyph,
        place,
        format!("「{c}」（U+{code:04X}）は、冊子の書体にない文字です。{more_ja}"),
        format!("no font of the booklets has `{c}` (U+{code:04X}){more_en}"),
    );
    match code {
        0x1F000..=0x1FBFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF => finding.help(
            "絵文字は印刷できず、読み上げも機械によって違います。言葉で書いてください。",
            "pictographs cannot be printed and are read aloud in different ways; write it in words",
        ),
        0xE000..=0xF8FF | 0xF0000..=0x10FFFF => finding.help(
            "外字はそのパソコンでしか見えません。正式な文字か、かなで書いてください。",
            "a private-use character is seen on one computer only; write a standard one",
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
        "画像ソフトで開き、PNG か JPEG で保存し直してください。",
        "open it in an image program and save it again as PNG or JPEG",
    )
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

#[cfg(test)]
mod tests {
    use crate::text::nearest::nearest;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    /// What [`nearest`] answers, said plainly: every name is measured.
    fn nearest_of_all<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let name = name.trim().nfkc().collect::<String>().to_lowercase();
        known
            .into_iter()
            .map(|candidate| (strsim::damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
            .filter(|(distance, candidate)| {
                let length = candidate.chars().count().max(name.chars().count());
                *distance <= (length / 3).max(1) && *distance < length
            })
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, candidate)| candidate)
    }

    /// Few letters, so that many words are alike; among them letters that share a place, and those whose case is special.
    const WORDS: &str = "[ab1A１aァ。課\u{e1}\u{161}ΣσİK -]{0,9}";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn names_that_are_not_measured_are_not_nearest(
            name in WORDS,
            known in prop::collection::vec(WORDS, 0..12),
            (kept, swapped, added) in (any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[a課1]{0,2}"),
        ) {
            // A slip of the keyboard in one of them, too.
            let mut slip: Vec<char> = known.get(kept.index(known.len().max(1))).map_or("", String::as_str).chars().collect();
            if slip.len() > 1 {
                let at = swapped.index(slip.len() - 1);
                slip.swap(at, at + 1);
            }
            slip.extend(added.chars());
            let slip: String = slip.into_iter().collect();
            for name in [&name, &slip, &slip.repeat(40)] {
                let long: Vec<String> = known.iter().map(|word| word.repeat(40)).collect();
                for known in [&known, &long] {
                    let known = || known.iter().map(String::as_str);
                    prop_assert_eq!(nearest(name, known()), nearest_of_all(name, known()));
                }
            }
        }
    }

    #[test]
    fn a_slip_is_taken_for_the_name_that_was_meant() {
        let keys = ["title", "pillar", "actions", "updated", "update"];
        for (written, meant) in [
            ("updatd", Some("updated")),
            ("ｔｉｔｌｅ", Some("title")),
            ("PILLAR", Some("pillar")),
            ("actoins", Some("actions")),
            ("budget", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, keys), meant, "{written}");
        }
    }
}
