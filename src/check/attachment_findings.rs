//! What is said of files beside the documents.

use crate::attachment::hidden::Hidden;
use crate::attachment::kind::KNOWN;
use crate::attachment::svg::{Active, Fault};
use crate::attachment::{Action, Content};
use crate::diagnostic::{Diagnostic, Rule};
use crate::text::language::Message;
use crate::text::place::{FileId, Place};
use crate::text::size::file_size;
use crate::text::span::Span;
use crate::value::picture::MOST_MEGAPIXELS;
use std::collections::BTreeSet;

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

/// A picture that a few bytes make larger than what any machine should unfold.
pub fn huge_picture(place: Place, width: u32, height: u32) -> Diagnostic {
    let size = u64::from(width) * u64::from(height) / 1_000_000;
    Diagnostic::new(
        Rule::HugePicture,
        place,
        format!("画像の画素が多すぎます（{width}×{height}、{size}00万画素。{MOST_MEGAPIXELS}00万画素まで）。"),
        format!("this picture has too many pixels ({width}×{height}, {size} megapixels; at most {MOST_MEGAPIXELS})"),
    )
    .help(
        "画像ソフトで、長い辺を3,000画素くらいに縮めて保存し直します。",
        "save it again in an image program with some 3,000 pixels on its longer side",
    )
}

/// A file whose name is that of a server's settings, or of a program that it runs.
pub fn host_file(place: Place, path: &str) -> Diagnostic {
    let name = path.rsplit('/').next().unwrap_or(path);
    Diagnostic::new(
        Rule::HostFile,
        place,
        format!("「{name}」は、サーバーやブラウザーが、サイト全体の設定か、プログラムとして扱う名前です。"),
        format!("servers or browsers take `{name}` for settings of the whole site, or for a program"),
    )
    .help(
        format!(
            "置いた覚えがなければ消します。要るなら、site.yaml に attachments: {{ files: [{}], reason: 理由 }} と書きます。",
            path.trim_start_matches("content/")
        ),
        format!(
            "delete it unless you know why it is there; if it is needed, write attachments: {{ files: [{}], reason: why }} into site.yaml",
            path.trim_start_matches("content/")
        ),
    )
}

/// A file of a kind that a record does not have.
pub fn unknown_attachment(place: Place, path: &str, ending: &str) -> Diagnostic {
    let name = path.rsplit('/').next().unwrap_or(path);
    let finding = Diagnostic::new(
        Rule::UnknownAttachment,
        place,
        format!("「{name}」は、添付にできる種類のファイルではありません。"),
        format!("`{name}` is of no kind that can be attached"),
    );
    match ending {
        "docm" | "xlsm" | "pptm" | "dotm" | "xltm" | "xlsb" => finding.help(
            "マクロのない形（docx、xlsx、pptx）で保存し直すか、PDF にします。",
            "save it without macros (docx, xlsx, pptx) or as PDF",
        ),
        "heic" | "heif" | "tif" | "tiff" | "bmp" | "psd" | "ai" | "eps" | "jxl" | "jp2" | "raw" | "dng" | "cr2"
        | "nef" | "wmf" | "emf" | "svgz" | "apng" | "jfif" => finding.help(
            "どのブラウザーでも見えるように、JPEG、PNG か SVG で保存し直します（WebP、AVIF、GIF でも見えます）。",
            "save it as JPEG, PNG or SVG, which every browser shows (as WebP, AVIF and GIF are)",
        ),
        "mov" | "avi" | "wmv" | "mkv" => {
            finding.help("MP4 か WebM で保存し直します。", "save it as MP4 or WebM, which every browser plays")
        }
        "html" | "htm" | "xhtml" | "mht" => finding.help(
            "内容を Markdown の文書（content/pages/名前.md）に書くか、PDF にします。",
            "write what it says as Markdown (content/pages/NAME.md), or make a PDF of it",
        ),
        "" => finding.help(
            "ファイル名に .pdf などの終わり（拡張子）を付けるか、content の外に移します。",
            "give its name an ending such as .pdf, or move it out of content",
        ),
        ending => finding.help(
            format!(
                "PDF などで保存し直すか、content の外に移します。市として要る種類なら、site.yaml に attachments: {{ allow: [{ending}], reason: 理由 }} と書きます。"
            ),
            format!(
                "save it as PDF, say, or move it out of content; if the city needs this kind, write attachments: {{ allow: [{ending}], reason: why }} into site.yaml"
            ),
        ),
    }
}

/// A file that is not what its ending says.
pub fn false_ending(place: Place, path: &str, content: Content) -> Diagnostic {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = crate::attachment::kind::ending(name);
    let (ja, en) = match content {
        Content::Empty => ("空です".to_owned(), "is empty".to_owned()),
        Content::Markup => {
            ("タグのある文（ウェブページなど）です".into(), "is text with tags, such as a web page".into())
        }
        Content::Text => ("ただの文です".into(), "is plain text".into()),
        Content::Known(known) => {
            let known = known.to_uppercase();
            (format!("{known} です"), format!("is {known}"))
        }
        Content::Program => ("プログラムです".into(), "is a program".into()),
        Content::Other => {
            (format!("{} ではありません", ending.to_uppercase()), format!("is no {}", ending.to_uppercase()))
        }
    };
    let finding = Diagnostic::new(
        Rule::FalseEnding,
        place,
        format!(
            "「{name}」の中身は{}{ja}。",
            if matches!(content, Content::Known(_) | Content::Other) { "、" } else { "" }
        ),
        format!("what is in `{name}` {en}"),
    );
    match content {
        Content::Known(known) if KNOWN.iter().any(|(other, _)| *other == known) => finding.help(
            format!("名前の終わりを .{known} にするか、{} で保存し直します。", ending.to_uppercase()),
            format!("let its name end in .{known}, or save it as {}", ending.to_uppercase()),
        ),
        _ => finding.help(
            format!(
                "元のソフトで開き、{} で保存し直します。だれが置いたか分からなければ消します。",
                ending.to_uppercase()
            ),
            format!(
                "open it where it was made and save it as {}; delete it if nobody knows whose it is",
                ending.to_uppercase()
            ),
        ),
    }
}

/// Something that `site.yaml` allows, and no file needs.
pub fn unneeded_allowance(place: Place, what: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnusedException,
        place,
        format!("attachments の「{what}」は、どのファイルにも要りません。"),
        format!("no file needs `{what}` in `attachments`"),
    )
    .help("この指定を消します。", "remove it")
}

/// A picture of lines that can do more than be seen.
pub fn active_picture(file: FileId, fault: &Fault) -> Diagnostic {
    let place = Place::new(file, Span::new(fault.at.start, fault.at.end));
    let (ja, en) = match &fault.what {
        Active::TooLarge => (
            "SVG が大きすぎるか、入れ子が深すぎて、確かめられません。".to_owned(),
            "this SVG is too large or nested too deep to be looked through".to_owned(),
        ),
        Active::NotUtf8 => ("SVG の文字コードが UTF-8 ではありません。".into(), "this SVG is not UTF-8".into()),
        Active::NotXml => ("SVG の書き方が崩れています。".into(), "this SVG is not well-formed".into()),
        Active::NoSvg => ("SVG の画像ではありません。".into(), "this is no SVG picture".into()),
        Active::Doctype { has_definitions: true } => (
            "SVG の始めに、言葉の定義（DOCTYPE）があります。".into(),
            "this SVG defines words of its own (DOCTYPE)".into(),
        ),
        Active::Doctype { has_definitions: false } => (
            "SVG の始めに、外の定義を読む DOCTYPE があります。".into(),
            "this SVG names a definition elsewhere (DOCTYPE)".into(),
        ),
        Active::Instruction => (
            "SVG に、見る側への指示（<?…?>）があります。".into(),
            "this SVG has an instruction to whoever shows it (<?…?>)".into(),
        ),
        Active::Entity => {
            ("SVG に、意味の分からない「&」があります。".into(), "this SVG has an `&` without a meaning".into())
        }
        Active::Element(name) => (
            format!("SVG に、画像にならない要素「{name}」があります。"),
            format!("this SVG has an element that is no part of a picture, `{name}`"),
        ),
        Active::Handler(name) => (
            format!("SVG に、動くプログラム（{name}）があります。"),
            format!("this SVG has a program in it (`{name}`)"),
        ),
        Active::Outside(name) => (
            format!("SVG の「{name}」が、この画像の外を読むか、外へ送ります。"),
            format!("`{name}` in this SVG reaches or leads outside the picture"),
        ),
        Active::Animation => (
            "SVG に、リンク先や動作を後から変える指定があります。".into(),
            "this SVG changes where a link leads, or what it does, later on".into(),
        ),
        Active::Style => (
            "SVG のスタイルが、この画像の外を読むか、読み取れない書き方です。".into(),
            "a style in this SVG reaches outside, or cannot be read for sure".into(),
        ),
    };
    let finding = Diagnostic::new(Rule::ActivePicture, place, ja, en);
    match &fault.what {
        Active::Doctype { has_definitions: false } => finding
            .help("この指定を消します。見た目は変わりません。", "remove it; the picture stays as it is")
            .fix(place, ""),
        Active::TooLarge => finding.help("PNG で保存し直します。", "save it as PNG"),
        _ => finding.help(
            "画像ソフトで「プレーンSVG」か PNG として保存し直します。リンクは、ページの文章に書きます。",
            "save it as plain SVG or as PNG; write links into the text of the page",
        ),
    }
}

/// What a document does, in words.
fn deed(action: Action) -> Message {
    match action {
        Action::Script => Message::new("スクリプト（JavaScript）", "a script"),
        Action::Launch => {
            Message::new("プログラムの起動やファイルの読み込み", "it starts a program or takes in a file")
        }
        Action::Media => Message::new("Flash などの部品", "parts for Flash"),
        Action::Macro => Message::new("マクロや ActiveX", "macros or ActiveX"),
        Action::Template => Message::new("外から読むテンプレート", "a template from elsewhere"),
        Action::Link => Message::new("ほかのプログラムへの問い合わせ（DDE）", "a question to another program (DDE)"),
        Action::Concealed => Message::new("中を確かめられない詰め方", "packing that hides what is in it"),
    }
}

/// Kinds of things in one sentence, in the order in which they stand.
fn listed(words: impl Iterator<Item = Message>) -> Message {
    let (ja, en): (Vec<String>, Vec<String>) = words.map(|word| (word.ja, word.en)).unzip();
    Message::new(ja.join("、"), en.join(", "))
}

/// A document that acts when it is opened.
pub fn active_document(place: Place, actions: &BTreeSet<Action>) -> Diagnostic {
    let what = listed(actions.iter().map(|action| deed(*action)));
    Diagnostic::new(
        Rule::ActiveDocument,
        place,
        format!("開くと動くものが入っています（{}）。", what.ja),
        format!("this document can act when it is opened ({})", what.en),
    )
    .help(
        "PDF は「印刷」で PDF を作り直し、Office の文書はマクロのない形で保存し直します。",
        "print the PDF into a new one; save Office documents without macros",
    )
}

/// A photo that tells where it was taken.
pub fn photo_place(place: Place, is_mendable: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::PhotoPlace,
        place,
        "写真に、撮影した場所（緯度と経度）が残っています。",
        "a photo tells where it was taken (latitude and longitude)",
    );
    match is_mendable {
        true => finding
            .help(
                "場所などの情報だけを消します。見た目は変わりません。",
                "remove what is noted; the picture stays as it is",
            )
            .strip(place),
        false => finding.help(
            "文書なら、場所を消した写真を入れて、作り直します。",
            "clean the photo, and make the document with it again",
        ),
    }
}

/// A file that says more than it shows. What it says is private, and not repeated.
pub fn hidden_data(place: Place, hidden: &[Hidden], is_mendable: bool) -> Diagnostic {
    let what = listed(hidden.iter().map(|hidden| hidden.label()));
    let finding = Diagnostic::new(
        Rule::HiddenData,
        place,
        format!("見えないところに残っているものがあります（{}）。", what.ja),
        format!("this file says more than it shows ({})", what.en),
    );
    match is_mendable {
        true => finding
            .help("その情報だけを消します。見た目は変わりません。", "remove it; the picture stays as it is")
            .strip(place),
        false => finding.help(
            "Office なら「ファイル」→「情報」→「ドキュメント検査」で消してから、PDF にも作り直します。出してよいものなら、そのままでかまいません。",
            "in Office, remove it with File, Info, Inspect Document, and make the PDF again; leave it where it may be known",
        ),
    }
}
