//! The command line: flags as typed to options as meant, results to stdout, findings and progress to stderr, exit codes.
//!
//! 0 done; 1 findings of level error; 2 trouble (arguments, disk, port).

#![allow(clippy::disallowed_methods, reason = "io: what the user says and is told; today comes in here")]

mod build;
mod check;
mod explain;
mod fix;
mod licences;
mod mistyped;
#[cfg(not(feature = "pdf"))]
mod no_print;
#[cfg(feature = "pdf")]
mod print;
mod published;
mod read;
mod report_file;
mod say;
mod schema;
mod serve;

use crate::config;
use crate::diagnostic::policy::{Asked, Selector};
use crate::prepared;
use crate::preview::Editor;
use crate::publish::Hash;
use crate::reading::Reading;
use crate::report::Format;
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::nearest::nearest;
use crate::text::place::{FileId, Place};
use crate::value::booklet::{Paper, Part, Size};
use crate::value::calendar::{Date, FiscalYear, parse_date};
use clap::{Args, FromArgMatches, Parser, Subcommand};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// 公表: 組織重点目標と実績を、だれもが読めるウェブサイトにします。
///
/// Turns a city's annual goals and results into a fast, accessible, printable website.
#[derive(Debug, Parser)]
#[command(
    name = "kohyo",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,

    /// メッセージの言語 / language of messages (ja, en) [default: LC_ALL, LC_MESSAGES, LANG]
    #[arg(long, global = true, value_name = "LANG", value_parser = parse_language)]
    lang: Option<Language>,

    /// 使い方を示す / show how to use it
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,

    /// 版の番号を示す / show the version
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// すべてを確かめてからサイトを作る / check everything, then write the site
    Build(BuildArguments),
    /// すべての指摘を出す。何も書かない / all findings, nothing written
    Check(CheckArguments),
    /// 規則の説明を読む。名前を省くと一覧 / what a rule means, why, and how to mend it; all rules without a name
    Explain {
        /// 規則の名前（例 bad-date） / name of the rule, such as bad-date
        #[arg(value_name = "RULE")]
        rule: Option<String>,
    },
    /// 書ける項目を JSON Schema で出す。種類（site、goal など）を省くとすべて / the keys of a kind of file as JSON Schema; all kinds without a name
    Schema(SchemaArguments),
    /// 保存するとすぐ変わるプレビューを見せる / a preview that changes as you save
    Serve(ServeArguments),
    /// 冊子（PDF）を作る。大きな文字でも / make PDF booklets, also in large type
    Print(PrintArguments),
    /// 公開したサイトが欠けず変わっていないことを確かめる / prove that a published copy is complete and untouched
    Verify {
        /// 公開したフォルダー / the published folder
        #[arg(value_name = "DIR", default_value = "public")]
        dir: PathBuf,
        /// 公開したときの全体のダイジェスト（build --verbose が示す）とも比べる / compare with the digest that `build --verbose` showed
        #[arg(long, value_name = "HEX", value_parser = parse_digest)]
        digest: Option<Hash>,
    },
    /// 作ったサイトを消す。ほかのファイルは消さない / remove what kohyo made, and nothing else
    Clean {
        /// 公開したフォルダー / the published folder
        #[arg(long, value_name = "DIR", default_value = "public")]
        out: PathBuf,
    },
    /// プログラムに入っている、ほかの人が作ったもののライセンス / licences of what others made and the program carries
    #[command(alias = "licenses")]
    Licences,
}

#[derive(Debug, Args)]
struct SiteArguments {
    /// サイトのフォルダー（site.yaml のある所） / the site's folder, where site.yaml is
    #[arg(long, value_name = "DIR", default_value = ".")]
    site: PathBuf,
    /// この日付の時点で公表されている内容で作る（年-月-日。指定しなければ今日。今日は、site.yaml の time_zone の日付。日本語のサイトなら日本の日付） / as it may be seen on a day [default: today, in the time_zone of site.yaml]
    #[arg(long, value_name = "DATE", value_parser = parse_as_of)]
    as_of: Option<Date>,
    /// 下書きと公表前の文書も含める / include drafts and what is published later
    #[arg(long)]
    drafts: bool,
    /// 公開先の住所（site.yaml の base_url に代わる） / address of the published site, instead of base_url
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    base_url: Option<String>,
    /// この規則の指摘をエラーにする。規則の名前、その組、または warnings（すべての警告）。何度でも / make findings of a rule, a group or all warnings errors
    #[arg(long, value_name = "RULE", value_parser = parse_denied)]
    deny: Vec<Denied>,
    /// この規則の指摘を出さない。規則の名前か、その組。何度でも / do not show findings of a rule or a group
    #[arg(long, value_name = "RULE", value_parser = parse_allowed)]
    allow: Vec<Selector>,
    /// 指摘を1つも省かずに出す / show every finding
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
struct SchemaArguments {
    /// 種類: site、goal、result、progress、department、pillar、page、foreword / kind of file
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// サイトのフォルダー。その市の柱、段階、列などが選べる値になる / the site's folder: its pillars, levels, columns become choices
    #[arg(long, value_name = "DIR", default_value = ".")]
    site: PathBuf,
}

#[derive(Debug, Args)]
struct CheckArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// 前に公開したフォルダー。公表した数値が変わっていないかを比べる [既定: サイトのフォルダーの public] / the site as it was published, to compare its figures [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// 指摘の書き方: human（人が読む）、json、github、sarif（ほかの道具が読む。標準出力に出す） / how findings are written; all but human go to stdout
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = parse_format)]
    format: Format,
    /// すべての指摘を、このファイルに書く（表計算やメモ帳で開ける） / write every finding into this file, for Notepad or Excel
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// 印刷用PDFも作ってみて、build の指摘をすべて先に知る / set the PDF booklets as well, to have every finding of build before
    #[arg(long)]
    booklets: bool,
    /// 直し方が1つしかない指摘を直す。変える行を示して、たずねる / mend what has one safe answer, after showing and asking
    #[arg(long, conflicts_with = "format")]
    fix: bool,
    /// たずねずに直す / mend without asking
    #[arg(long, requires = "fix")]
    yes: bool,
}

/// What `--deny` takes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Denied {
    Rules(Selector),
    Warnings,
}

#[derive(Debug, Args)]
struct BuildArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// 書き出す先 [既定: サイトのフォルダーの public] / where to write [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// kohyo が作ったのでないフォルダーに書くことを認める / take over a folder that kohyo did not make
    #[arg(long)]
    adopt: bool,
    /// 公開してあるサイトより前の日付の時点に戻すことを認める / let an earlier day replace the one that is published
    #[arg(long)]
    rollback: bool,
    /// 停電にも耐えるよう、ディスクに書き終わるまで待つ / wait for the disk, so that a power cut leaves a whole site
    #[arg(long)]
    durable: bool,
    /// 変わったページをすべて挙げる / list every changed page
    #[arg(long, short)]
    verbose: bool,
    /// どこに時間がかかったかを示す / show where the time went
    #[arg(long)]
    timings: bool,
}

#[derive(Debug, Args)]
struct ServeArguments {
    /// サイトのフォルダー（site.yaml のある所） / the site's folder, where site.yaml is
    #[arg(long, value_name = "DIR", default_value = ".")]
    site: PathBuf,
    /// ポート番号 [既定: 8100 から空いている番号] / port [default: the first free one from 8100]
    #[arg(long, value_name = "N", value_parser = parse_port)]
    port: Option<u16>,
    /// ブラウザーを開く / open the browser
    #[arg(long)]
    open: bool,
    /// ほかの機械からも見られるようにする住所（0.0.0.0 など。ふつうは指定しない） / address to listen on, to be seen from other machines, such as 0.0.0.0
    #[arg(long, value_name = "IP", value_parser = parse_host)]
    host: Option<IpAddr>,
    /// 何人もが同時に使う機械（ターミナルサーバーなど）で、ほかの人に見せない。住所に、始めるたびに新しい合言葉が入る / on a machine that several people use at once: a secret, new at each start, in every address
    #[arg(long)]
    private: bool,
    /// 変更の通知が来ないネットワークドライブなどで、定期的に見に行く / look now and then, for drives that send no events
    #[arg(long)]
    poll: bool,
    /// 「エディターで開く」のコマンド [既定: VS Code のリンク] / command of "open in editor", with {file}, {line}, {column} [default: a link for VS Code]
    #[arg(long, value_name = "COMMAND", value_parser = serve::parse_editor)]
    editor: Option<Editor>,
    /// 今日（site.yaml の time_zone の日付）ではなく、この日付の時点とみなす / take this day for today, which else is that of the time_zone of site.yaml
    #[arg(long, value_name = "DATE", value_parser = parse_as_of)]
    as_of: Option<Date>,
    /// 公開先の住所（site.yaml の base_url に代わる） / address of the published site, instead of base_url
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    base_url: Option<String>,
}

#[derive(Debug, Args)]
struct PrintArguments {
    #[command(flatten)]
    site: SiteArguments,
    /// 年度（始まる年の西暦） [既定: 最新の目標と、ともに公表した実績] / fiscal year, by the year in which it begins [default: the latest goals, and the results published with them]
    #[arg(long, value_name = "YEAR", value_parser = parse_year)]
    year: Option<FiscalYear>,
    /// 部局の記号（content/departments のファイル名） / key of a department
    #[arg(long, value_name = "KEY", conflicts_with_all = ["pillar", "goal"])]
    department: Option<String>,
    /// 柱の記号か番号 / key or number of a pillar
    #[arg(long, value_name = "KEY", conflicts_with = "goal")]
    pillar: Option<String>,
    /// 1つの目標（2026/planning-finance/1-01） / one goal
    #[arg(long, value_name = "PATH", conflicts_with = "year")]
    goal: Option<String>,
    /// 何を載せるか（goals 目標、results 実績、both 両方） / what to tell
    #[arg(long, value_name = "PART", value_parser = parse_part)]
    part: Option<Part>,
    /// 大きな文字で作る（18、22、26ポイント。指定しなければ22） / large type: 18, 22 or 26 points
    #[arg(long, value_name = "POINTS", num_args = 0..=1, require_equals = true, default_missing_value = "22", value_parser = parse_large)]
    large: Option<Size>,
    /// 用紙（a4、a3、b5、letter、legal） / paper
    #[arg(long, value_name = "PAPER", value_parser = parse_paper)]
    paper: Option<Paper>,
    /// 書き出す先 [既定: サイトのフォルダーの print] / where to write [default: print in the site's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// 作らずに、ページと紙の枚数だけを示す / only say how many pages and sheets it would be
    #[arg(long)]
    estimate: bool,
}

fn parse_year(text: &str) -> Result<FiscalYear, String> {
    FiscalYear::parse(text).ok_or_else(|| "2026 のように、年度が始まる年の西暦で書きます / write it like 2026".into())
}

fn parse_part(text: &str) -> Result<Part, String> {
    match text {
        "goals" | "目標" => Ok(Part::Goals),
        "results" | "実績" => Ok(Part::Results),
        "both" | "両方" => Ok(Part::Both),
        _ => Err("goals、results、both のどれかです / goals, results or both".into()),
    }
}

fn parse_large(text: &str) -> Result<Size, String> {
    let size = text.parse().ok().and_then(Size::new).filter(|size| size.is_large());
    size.ok_or_else(|| "18、22、26 のどれかです / 18, 22 or 26".into())
}

fn parse_paper(text: &str) -> Result<Paper, String> {
    let text = text.to_ascii_lowercase();
    let found = Paper::CHOICES.iter().find(|(name, _, _)| *name == text);
    found
        .map(|(_, _, paper)| *paper)
        .ok_or_else(|| "a4、a3、b5、letter、legal のどれかです / a4, a3, b5, letter or legal".into())
}

fn parse_language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "ja か en です / ja or en".into())
}

fn parse_format(text: &str) -> Result<Format, String> {
    let text = text.to_lowercase();
    let found = Format::NAMES.iter().find(|(name, _)| *name == text);
    found
        .map(|(_, format)| *format)
        .ok_or_else(|| "human、json、github、sarif のどれかです / human, json, github or sarif".into())
}

fn parse_denied(text: &str) -> Result<Denied, String> {
    if text == "warnings" { Ok(Denied::Warnings) } else { parse_selector(text).map(Denied::Rules) }
}

fn parse_allowed(text: &str) -> Result<Selector, String> {
    match parse_selector(text)? {
        Selector::Rule(rule) if rule.is_firm() => {
            Err(format!("「{text}」は弱められません / {text} cannot be turned off"))
        }
        selector => Ok(selector),
    }
}

fn parse_selector(text: &str) -> Result<Selector, String> {
    let near = || match nearest(text, Selector::names()) {
        Some(near) => format!("「{near}」のことですか / did you mean {near}?"),
        None => "kohyo explain で一覧が出ます / `kohyo explain` lists all rules".into(),
    };
    Selector::parse(text).ok_or_else(near)
}

fn parse_digest(text: &str) -> Result<Hash, String> {
    Hash::parse(text).ok_or_else(|| "64桁の16進数です / 64 hexadecimal digits".into())
}

fn parse_port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "8100 のような、0 から 65535 の数です / a number from 0 to 65535, such as 8100".into())
}

fn parse_host(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));
    }
    text.parse().map_err(|_| "0.0.0.0 や 192.168.0.10 のような、数字の住所（IP アドレス）です / an address in figures, such as 0.0.0.0 or 192.168.0.10".into())
}

fn parse_as_of(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "2026-06-25 のように書きます / write it like 2026-06-25".into())
}

fn parse_url(text: &str) -> Result<String, String> {
    config::folder_address(text).map(String::from).map_err(|(fault, right, is_certain)| {
        let place = Place::start(FileId::NONE);
        let finding = config::bad_base_url(place, text, fault, right.as_deref(), is_certain);
        let (said, help) = (finding.message, finding.help.map_or_else(Default::default, |help| (help.ja, help.en)));
        format!("{}{} / {}: {}", said.ja, help.0, said.en, help.1)
    })
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let typed = mistyped::meant(std::env::args_os());
    let parsed = mistyped::command().try_get_matches_from(&typed);
    let arguments = match parsed.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => {
            let language = mistyped::language(&typed).unwrap_or_else(say::language_of_environment);
            if let Some(sentence) = mistyped::sentence(&error, &typed, language) {
                say::lines(&sentence);
                return ExitCode::from(2);
            }
            // Help and version are results, not trouble.
            let is_cut = error.print().is_err_and(|it| it.kind() != std::io::ErrorKind::BrokenPipe);
            return ExitCode::from(if error.use_stderr() || is_cut { 2 } else { 0 });
        }
    };
    let language = arguments.lang.unwrap_or_else(say::language_of_environment);
    let result = match &arguments.command {
        Command::Build(build) => build::build(build, language),
        Command::Check(check) => check::check(check, language),
        Command::Explain { rule } => explain::explain(rule.as_deref(), language),
        Command::Schema(arguments) => schema::schema(arguments, language),
        Command::Serve(arguments) => serve::serve(arguments, language),
        #[cfg(feature = "pdf")]
        Command::Print(print) => print::print(print, language),
        #[cfg(not(feature = "pdf"))]
        Command::Print(print) => no_print::print(print, language),
        Command::Verify { dir, digest } => published::verify(dir, *digest, language),
        Command::Clean { out } => published::clean(out, language),
        Command::Licences => licences::licences(),
    };
    result.unwrap_or_else(|error| {
        say::trouble(&error, language);
        ExitCode::from(2)
    })
}

impl SiteArguments {
    fn shown(&self) -> say::Shown {
        if self.all { say::Shown::All } else { say::Shown::Readable }
    }

    /// The path to the site as it stands before the paths of its files: empty, or with `/` at the end.
    fn prefix(&self) -> String {
        let path = self.site.to_string_lossy().replace('\\', "/");
        let path = path.strip_prefix("./").unwrap_or(&path).trim_end_matches('/');
        if matches!(path, "" | ".") { String::new() } else { format!("{path}/") }
    }

    fn options(&self, sources: &Sources) -> prepared::Options {
        let zone = Reading::default().time_zone(sources, self.base_url.as_deref());
        let today = say::today(zone.as_ref());
        prepared::Options {
            as_of: self.as_of.unwrap_or(today),
            today,
            drafts: self.drafts,
            base_url: self.base_url.clone(),
            published: None,
            asked: Asked {
                deny: self
                    .deny
                    .iter()
                    .filter_map(|denied| match denied {
                        Denied::Rules(selector) => Some(*selector),
                        Denied::Warnings => None,
                    })
                    .collect(),
                allow: self.allow.clone(),
                deny_warnings: self.deny.contains(&Denied::Warnings),
            },
        }
    }
}
