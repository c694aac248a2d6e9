//! Arguments that cannot be understood: what was typed, and what to type instead, in the language of the person.

use super::Arguments;
use crate::text::language::Language;
use crate::text::nearest::nearest;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};
use std::error::Error as _;
use std::ffi::OsString;
use std::path::Path;

/// The program's arguments as a command, with its help in words that both readers know.
pub(super) fn command() -> Command {
    headed(Arguments::command()).subcommand_help_heading("コマンド / Commands")
}

fn headed(command: Command) -> Command {
    const TEMPLATE: &str = "{about-with-newline}\n使い方 / Usage: {usage}\n\n{all-args}";
    let heading = |it: clap::Arg| match it.is_positional() {
        true => it.help_heading("場所 / Arguments"),
        false => it.help_heading("指定 / Options"),
    };
    let command = command.help_template(TEMPLATE).mut_args(heading);
    let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, headed))
}

/// The arguments as they are meant: a number behind an option whose value may be left out is that value (`--large 22`).
/// Nothing else can be: what is no number stays where it is, and so does all after `--`.
pub(super) fn meant(typed: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let command = Arguments::command();
    let may_be_alone: Vec<String> = command
        .get_subcommands()
        .flat_map(Command::get_arguments)
        .filter(|it| it.is_require_equals_set() && it.get_num_args().is_some_and(|it| it.min_values() == 0))
        .filter_map(|it| it.get_long().map(|name| format!("--{name}")))
        .collect();
    let mut typed = typed.into_iter().peekable();
    let mut meant: Vec<OsString> = Vec::new();
    let is_number =
        |it: &OsString| it.to_str().is_some_and(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()));
    while let Some(mut argument) = typed.next() {
        if argument == "--" {
            meant.push(argument);
            break;
        }
        if may_be_alone.iter().any(|it| argument == **it)
            && let Some(number) = typed.next_if(is_number)
        {
            argument.push("=");
            argument.push(number);
        }
        meant.push(argument);
    }
    meant.extend(typed);
    meant
}

/// The language that was asked for, if that can be read.
pub(super) fn language(arguments: &[OsString]) -> Option<Language> {
    let mut arguments = arguments.iter().filter_map(|it| it.to_str());
    let value = arguments.find_map(|it| it.strip_prefix("--lang").map(str::to_owned))?;
    match value.strip_prefix('=') {
        Some(value) => Language::parse(value),
        None => arguments.next().and_then(Language::parse),
    }
}

/// What is wrong with the arguments, and what to do; `None` where clap says it as well as anybody.
pub(super) fn sentence(error: &clap::Error, arguments: &[OsString], language: Language) -> Option<String> {
    let context = |kind| error.get(kind).map(shown).filter(|it| !it.is_empty());
    let command = command_of(arguments);
    let said = match error.kind() {
        ErrorKind::InvalidSubcommand => no_command(&context(ContextKind::InvalidSubcommand)?, language),
        ErrorKind::UnknownArgument => {
            let (typed, near) = (context(ContextKind::InvalidArg)?, context(ContextKind::SuggestedArg));
            match typed.starts_with('-') {
                true => no_option(&typed, near.as_deref(), command.as_deref(), language),
                false => no_place(&typed, command.as_deref(), language),
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let name = name(&context(ContextKind::InvalidArg)?);
            match context(ContextKind::InvalidValue) {
                Some(value) => bad_value(&name, &value, error, language),
                None => match language {
                    Language::Japanese => format!("「{name}」の後に、値を書きます。"),
                    Language::English => format!("`{name}` needs a value behind it"),
                },
            }
        }
        ErrorKind::ArgumentConflict => {
            let (one, other) = (name(&context(ContextKind::InvalidArg)?), name(&context(ContextKind::PriorArg)?));
            match (language, one == other) {
                (Language::Japanese, true) => format!("「{one}」は、1回だけ書きます。"),
                (Language::Japanese, false) => format!("「{one}」と「{other}」は、一緒には使えません。"),
                (Language::English, true) => format!("`{one}` can be there only once"),
                (Language::English, false) => format!("`{one}` and `{other}` cannot be used together"),
            }
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = name(&context(ContextKind::InvalidArg)?);
            match language {
                Language::Japanese => format!("「{missing}」も必要です。"),
                Language::English => format!("`{missing}` is needed as well"),
            }
        }
        ErrorKind::MissingSubcommand => {
            let commands = Arguments::command();
            let names: Vec<&str> = commands.get_subcommands().map(Command::get_name).collect();
            match language {
                Language::Japanese => format!("コマンドを書きます: {}", names.join("、")),
                Language::English => format!("a command is needed: {}", names.join(", ")),
            }
        }
        _ => return None,
    };
    let command = command.map(|it| format!(" {it}")).unwrap_or_default();
    Some(match language {
        Language::Japanese => format!("{said}\n      使い方: kohyo{command} --help"),
        Language::English => format!("{said}\n       how to use it: kohyo{command} --help"),
    })
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(" "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        ContextValue::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// `--out` of `--out <DIR>`.
fn name(argument: &str) -> String {
    argument.split([' ', '=', '[']).next().unwrap_or(argument).to_owned()
}

/// The command that was typed, if it is one.
fn command_of(arguments: &[OsString]) -> Option<String> {
    let commands = Arguments::command();
    let found = arguments.iter().skip(1).find_map(|it| commands.find_subcommand(it.to_str()?));
    found.map(|it| it.get_name().to_owned())
}

fn no_command(typed: &str, language: Language) -> String {
    let commands = Arguments::command();
    let names: Vec<&str> = commands.get_subcommands().map(Command::get_name).collect();
    let meant = match typed {
        "help" | "ヘルプ" => {
            return language.pick("使い方は kohyo --help で見られます。", "`kohyo --help` shows how to use it").into();
        }
        "preview" | "watch" | "server" | "start" | "プレビュー" => Some("serve"),
        "validate" | "lint" | "test" | "確認" => Some("check"),
        "publish" | "generate" | "公開" => Some("build"),
        "pdf" | "印刷" => Some("print"),
        _ => nearest(typed, names.iter().copied()),
    };
    match (language, meant) {
        (Language::Japanese, Some(meant)) => {
            format!("「{typed}」というコマンドはありません。「{meant}」のことですか: kohyo {meant}")
        }
        (Language::Japanese, None) => {
            format!("「{typed}」というコマンドはありません。使えるもの: {}", names.join("、"))
        }
        (Language::English, Some(meant)) => format!("there is no command `{typed}`; did you mean `kohyo {meant}`?"),
        (Language::English, None) => format!("there is no command `{typed}`; known: {}", names.join(", ")),
    }
}

fn no_option(typed: &str, near: Option<&str>, command: Option<&str>, language: Language) -> String {
    let elsewhere = || {
        let commands = Arguments::command();
        let has =
            |it: &&Command| it.get_arguments().any(|it| it.get_long().is_some_and(|it| format!("--{it}") == typed));
        commands
            .get_subcommands()
            .filter(|it| Some(it.get_name()) != command)
            .find(has)
            .map(|it| it.get_name().to_owned())
    };
    match (language, near, elsewhere()) {
        (Language::Japanese, _, Some(other)) => format!("「{typed}」は kohyo {other} の指定で、ここでは使えません。"),
        (Language::Japanese, Some(near), _) => format!("「{typed}」という指定はありません。「{near}」のことですか。"),
        (Language::Japanese, None, _) => format!("「{typed}」という指定はありません。"),
        (Language::English, _, Some(other)) => format!("`{typed}` is an option of `kohyo {other}`, not of this"),
        (Language::English, Some(near), _) => format!("there is no option `{typed}`; did you mean `{near}`?"),
        (Language::English, None, _) => format!("there is no option `{typed}`"),
    }
}

/// A path or a word where none is taken: most often the site's folder.
fn no_place(typed: &str, command: Option<&str>, language: Language) -> String {
    let option = match command {
        Some("clean") => "--out",
        Some("build" | "check" | "serve" | "print") => "--site",
        _ => {
            return match language {
                Language::Japanese => format!("「{typed}」は余分です。名前に空白があるなら、\" \" で囲みます。"),
                Language::English => format!("`{typed}` is one too many; a name with blanks goes in quotes"),
            };
        }
    };
    let is_file = Path::new(typed).is_file();
    let quoted = if typed.contains(char::is_whitespace) { format!("\"{typed}\"") } else { typed.to_owned() };
    let command = command.unwrap_or_default();
    match (language, is_file) {
        (Language::Japanese, true) => {
            format!(
                "「{typed}」はファイルです。{option} で、サイトのフォルダー（site.yaml のある所）を指定します。1つのファイルだけを扱うことはできません。"
            )
        }
        (Language::Japanese, false) => format!(
            "「{typed}」の前に {option} が要ります: kohyo {command} {option} {quoted}（名前に空白があるなら、全体を \" \" で囲みます）"
        ),
        (Language::English, true) => {
            format!(
                "`{typed}` is a file: name the site's folder, where site.yaml is, with {option}; a single file cannot be taken"
            )
        }
        (Language::English, false) => format!(
            "put {option} in front of `{typed}`: kohyo {command} {option} {quoted} (a name with blanks goes in quotes as a whole)"
        ),
    }
}

fn bad_value(name: &str, value: &str, error: &clap::Error, language: Language) -> String {
    // What the reader of the value says, in both languages.
    let why = error.source().map(ToString::to_string).unwrap_or_default();
    let why = match (why.split_once(" / "), language) {
        (Some((ja, _)), Language::Japanese) => ja.to_owned(),
        (Some((_, en)), Language::English) => en.to_owned(),
        (None, _) => why,
    };
    match language {
        Language::Japanese => format!("「{name}」の「{value}」は使えません: {why}"),
        Language::English => format!("`{value}` cannot be the value of `{name}`: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(typed: &[&str]) -> String {
        let meant = meant(typed.iter().map(OsString::from));
        meant.iter().map(|it| it.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_number_behind_an_option_that_may_be_alone_is_its_value() {
        for (typed, expected) in [
            (&["kohyo", "print", "--large", "22"][..], "kohyo print --large=22"),
            (&["kohyo", "print", "--large", "22", "--estimate"], "kohyo print --large=22 --estimate"),
            (&["kohyo", "print", "--large"], "kohyo print --large"),
            (&["kohyo", "print", "--large", "--estimate"], "kohyo print --large --estimate"),
            (&["kohyo", "print", "--large=18", "22"], "kohyo print --large=18 22"),
            // Paths and words are nobody's value.
            (&["kohyo", "print", "--large", "city"], "kohyo print --large city"),
            (&["kohyo", "print", "--large", "2026/planning"], "kohyo print --large 2026/planning"),
            (&["kohyo", "print", "--year", "2026", "--large"], "kohyo print --year 2026 --large"),
            (&["kohyo", "print", "--", "--large", "22"], "kohyo print -- --large 22"),
        ] {
            assert_eq!(joined(typed), expected);
        }
    }

    #[test]
    fn no_option_takes_a_value_only_behind_an_equals_sign() {
        let command = command();
        for option in command.get_subcommands().flat_map(Command::get_arguments) {
            let Some(name) = option.get_long().filter(|_| option.is_require_equals_set()) else { continue };
            // Others would need another rule than that of numbers.
            assert_eq!(joined(&["kohyo", &format!("--{name}"), "22"]), format!("kohyo --{name}=22"));
            assert_eq!(name, "large", "`meant` knows options whose value is a number");
        }
        command.debug_assert();
    }
}
