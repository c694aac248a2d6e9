//! What is said of files as such: their names and places, whether they can be read, where their settings begin and end.

use super::kind::{document_name, is_reserved, is_slug};
use crate::diagnostic::{Diagnostic, Rule};
use crate::fields::Key;
use crate::source::Why;
use crate::text::nearest::{fold, nearest};
use crate::text::place::Place;
use crate::text::size::file_size;
use crate::text::span::Span;
use crate::value::calendar::{guess_date, guess_year};

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

/// A line that was meant as a fence but is none. Its indentation, from `start` on, goes with it.
pub fn almost_fence(place: Place, start: usize, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::FrontMatter,
        place,
        format!("「{text}」は、設定の区切りになりません。"),
        format!("`{text}` does not fence the front matter"),
    )
    .help("半角のハイフン3つだけの行 --- にします。", "write a line of exactly three ASCII hyphens: ---")
    .fix(Place::new(place.file, Span::new(start, place.span.end as usize)), "---")
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

/// A part of the program failed over this file; `said` is what it said, for those who mend programs.
pub fn broke_the_program(place: Place, said: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::Unreadable,
        place,
        format!("このファイルのために、プログラムの部品が途中で止まりました（{said}）。"),
        format!("a part of the program stopped over this file ({said})"),
    )
    .help(
        "ほかのファイルは確かめてあります。近ごろ書き足した所を消すと読めることがあります。このファイルを添えて、開発者に知らせてください。",
        "all other files were checked; it may help to take out what was added last. Please send the file to the developers",
    )
}

/// A file that could not be read or followed.
pub fn unreadable(place: Place, why: &Why) -> Diagnostic {
    let new = |ja: &str, en: &str| Diagnostic::new(Rule::Unreadable, place, ja, en);
    match why {
        Why::Loop => {
            new("リンクをたどると、元のリンクに戻ります。", "following this link leads back to itself")
                .help(
                    "シンボリックリンク（ショートカット）を消し、要るファイルを置きます。",
                    "remove the symbolic link and put the file that is needed in its place",
                )
        }
        Why::Denied => new("読み取りの権限がありません。", "there is no permission to read it")
            .help("ファイルのアクセス権を確かめてください。", "check the permissions of the file"),
        Why::Gone => new("リンク先のファイルがありません。", "the file this links to does not exist").help(
            "シンボリックリンク（ショートカット）を消すか、リンク先を置きます。",
            "remove the symbolic link, or put the file where it points",
        ),
        Why::Outside => Diagnostic::new(
            Rule::OutsideFile,
            place,
            "リンクの先が、このサイトのファイルではありません。読んでいません。",
            "this link leads to something that is not a file of this site; it was not read",
        )
        .help(
            "リンク（シンボリックリンク、ショートカット）を消し、要るファイルをここに写します。リンクは、同じサイトの content/、fonts/、themes/ にあるファイルを、相対パスで指すときだけ使えます。",
            "remove the symbolic link and copy the file that is needed to this place; a link may only lead, by a relative path, to a file in content/, fonts/ or themes/ of the same site",
        ),
        Why::Shared => Diagnostic::new(
            Rule::OutsideFile,
            place,
            "ほかの人のファイルが、別の名前でここにも置かれています（ハードリンク）。読んでいません。",
            "this is another name of a file that belongs to somebody else (a hard link); it was not read",
        )
        .help(
            "このファイルを消し、公表してよいものなら、中身を写したファイルを置きます。",
            "remove it; if it may be published, put a copy of it here",
        ),
        Why::Special => new("普通のファイルではありません（パイプ、ソケット、デバイス）。", "it is not a plain file (a pipe, a socket, a device)")
            .help("サイトのフォルダーから、ほかの場所へ移します。", "move it out of the site's folder"),
        Why::NotUtf8(meant) => name_not_utf8(place, meant.as_deref()),
        Why::Folder | Why::TooLarge(_) | Why::Other(_) => Diagnostic::new(
            Rule::Unreadable,
            place,
            format!("ファイルを読めません（{why}）。"),
            format!("the file cannot be read ({why})"),
        )
        .help(
            "ファイルの場所、アクセス権、ほかのソフトで開いていないかを確かめてください。",
            "check where the file is, its permissions, and whether another program holds it",
        ),
    }
}

/// A file whose name is not UTF-8; `meant` is what it is in another encoding.
fn name_not_utf8(place: Place, meant: Option<&str>) -> Diagnostic {
    let finding = match meant {
        Some(meant) => Diagnostic::new(
            Rule::Unreadable,
            place,
            format!(
                "ファイルの名前が、UTF-8 ではない文字コードで書かれています。「{meant}」のようです。読んでいません。"
            ),
            format!("the name of this file is not UTF-8; it seems to be `{meant}`. It was not read"),
        ),
        None => Diagnostic::new(
            Rule::Unreadable,
            place,
            "ファイルの名前が、UTF-8 ではない文字コードで書かれています。読んでいません。",
            "the name of this file is not UTF-8; it was not read",
        ),
    };
    finding.help(
        "名前を付け直します。Windows で作った ZIP から出したものなら、ZIP を Windows で開いてから写します。",
        "rename it; if it came out of a ZIP made in Windows, unpack that in Windows and copy the files",
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
    if name.ends_with(['.', ' ']) {
        let right = name.trim_end_matches(['.', ' ']);
        return new(
            format!(
                "名前「{name}」の終わりに、点か空白があります。Windows では、「{right}」と同じファイルになります。"
            ),
            format!("the name `{name}` ends in a dot or a blank; Windows takes it for `{right}`"),
        )
        .help(format!("「{right}」にするか、要らなければ消します。"), format!("call it `{right}`, or delete it"));
    }
    let finding = new(
        format!("ファイル名「{name}」はページの住所に使えません。"),
        format!("the file name `{name}` cannot be part of an address"),
    );
    let is_copy = super::copies::original(&format!("{name}.md")).is_some();
    if is_copy || name.contains("コピー") || name.to_lowercase().contains("copy") || name.contains(" (") {
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

/// What a program or a person left beside the file that is meant.
pub fn leftover(place: Place, path: &str) -> Diagnostic {
    let name = path.rsplit('/').next().unwrap_or(path);
    Diagnostic::new(
        Rule::LeftoverFile,
        place,
        format!("「{name}」は、ソフトや人が残した写しの名前なので、公表しません。"),
        format!("`{name}` is called like a copy that a program or a person left, so it is not published"),
    )
    .help(
        "要らなければ消すか、content の外に移します。公表するファイルなら、写しでないことの分かる名前にします。",
        "delete it, or move it out of content; give it another name if it is to be published",
    )
}

/// A document that is a copy of the one beside it: `1-01のコピー.md`.
pub fn copied_document(place: Place, path: &str, original: Place, original_path: &str) -> Diagnostic {
    let name = |path: &'_ str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let (name, of) = (name(path), name(original_path));
    Diagnostic::new(
        Rule::BadName,
        place,
        format!("「{name}」は「{of}」の写しのようです。このままでは、同じ内容が2つ公表されます。"),
        format!("`{name}` looks like a copy of `{of}`; the same would be published twice"),
    )
    .help(
        "要らなければ消します。別の文書なら、違いの分かる名前にします（例 1-02.md）。",
        "delete it; if it is another document, give it a name of its own, such as 1-02.md",
    )
    .also(original, "元の文書はここ", "the original is here")
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

/// Two indicators of one name.
pub fn duplicate_indicator(place: Place, name: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateKey,
        place,
        format!("指標「{name}」が2つあります。"),
        format!("there are two indicators called `{name}`"),
    )
    .help(
        "実績値がどちらのものか分かるように、名称か key（記号）を変えます。同じものなら、1つを消します。",
        "give one of them another name or `key`, so that results can say which one is meant; or remove it",
    )
    .also(first, "1つ目はここ", "the first is here")
}

/// An indicator among several that results cannot name.
pub fn unnamed_indicator(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingField,
        place,
        "この指標には name（名称）がありません。",
        "this indicator has no `name`",
    )
    .help(
        "指標がいくつもあるときは、それぞれに名称を書きます（例 name: 待ち時間）。",
        "where there are several indicators, each has a name, such as `name: waiting time`",
    )
}

/// A day for a value that is there, or that will never be.
pub fn expected_of_nothing(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::BadValue,
        place,
        "公表見込みの日がありますが、実績値が「集計中」ではありません。",
        "a value is expected, but it is not `pending`",
    )
    .help(
        "まだ出ていない値なら actual: pending（実績値: 集計中）と書きます。出ているのなら、この日を消します。",
        "write `actual: pending` if the value will come; remove the day if it is there",
    )
}

/// A range whose ends are the wrong way round.
pub fn turned_range(place: Place, from: &str, to: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::BadValue,
        place,
        format!("範囲の下限{from}が、上限{to}より大きい数です。"),
        format!("the range begins at {from}, above its end {to}"),
    )
    .help("小さいほうを from（下限）に書きます。", "write the smaller one into `from`")
}
