//! What git leaves in a file that two people changed: both versions, between lines of signs.

use crate::diagnostic::{Diagnostic, Rule};
use crate::text::place::Place;
use crate::text::span::Span;

/// The lines of signs that begin, part and end a conflict; `=======` alone may underline a heading.
const MARKS: [&str; 3] = ["<<<<<<<", "|||||||", ">>>>>>>"];

/// The first line of each conflict. What is left of one that was mended in part is a conflict too.
pub(super) fn conflicts(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    if !MARKS.iter().any(|mark| text.contains(mark)) {
        return out;
    }
    let (mut at, mut is_open) = (0, false);
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let found = MARKS
            .iter()
            .position(|mark| content.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
        if let Some(mark) = found {
            if !is_open || mark == 0 {
                out.push(Span::new(at, at + content.len()));
            }
            is_open = mark < 2;
        }
        at += line.len();
    }
    out
}

/// Two versions of a part of the file.
pub(super) fn merge_conflict(place: Place, line: &str) -> Diagnostic {
    let line = &line[..line.floor_char_boundary(40)];
    Diagnostic::new(
        Rule::MergeConflict,
        place,
        format!("git で合わせきれなかった2つの版が、「{line}」の印の間に残っています。"),
        format!("two versions that git could not merge are left between signs such as `{line}`"),
    )
    .help(
        "<<<<<<< から ======= までと、======= から >>>>>>> までを比べ、正しい方を残し、印の行（<<<<<<<、|||||||、=======、>>>>>>>）をすべて消します。",
        "compare what stands above and below =======, keep what is right, and delete the lines <<<<<<<, |||||||, ======= and >>>>>>>",
    )
}

#[cfg(test)]
mod tests {
    use super::conflicts;

    #[test]
    fn each_conflict_is_found_once_and_what_is_left_of_one_too() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| base\nc\n=======\nd\n>>>>>>> branch\ne\r\n<<<<<<< HEAD\r\nf\n=======\ng\n>>>>>>>\n";
        let lines =
            |text: &str| -> Vec<String> { conflicts(text).iter().map(|at| at.slice(text).to_owned()).collect() };
        assert_eq!(lines(text), ["<<<<<<< HEAD", "<<<<<<< HEAD"]);
        assert_eq!(lines("a\n=======\nb\n>>>>>>> branch\n"), [">>>>>>> branch"]);
        for other in
            ["見出し\n=======\n", "a <<<<<<< b\n", "<<<<<<<<\n", "> > > > > > >\n", "|||||||||\n", ">>>>>>>a\n"]
        {
            assert_eq!(lines(other), [""; 0], "{other}");
        }
    }
}
