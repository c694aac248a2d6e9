//! Blocks of code between fences: whether the second one is there.

/// The sign of a block's opening fence, if nothing closes the block; `block` is the whole of it, as it is written.
pub(super) fn open(block: &str) -> Option<&str> {
    let first = block.lines().next().unwrap_or("");
    let start = first.find(['`', '~'])?;
    let sign = &first[start..];
    let mark = sign.chars().next()?;
    let length = sign.len() - sign.trim_start_matches(mark).len();
    let last = block.trim_end().lines().skip(1).last();
    let closes = last.is_some_and(|last| {
        let last = last.trim_start_matches([' ', '\t', '>']).trim_end();
        last.len() >= length && last.trim_start_matches(mark).is_empty()
    });
    (!closes).then(|| &sign[..length])
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn a_fence_is_closed_by_one_that_is_as_long() {
        for block in
            ["```\na\n```", "~~~ x\na\n~~~~\n", "````\n```\n````", "```\n```", "```\n> a\n> ```", "```\r\na\r\n```\r\n"]
        {
            assert_eq!(open(block), None, "{block}");
        }
        for (block, sign) in [
            ("```\na\n", "```"),
            ("````\na\n```", "````"),
            ("~~~\na\n```\n", "~~~"),
            ("```", "```"),
            ("```\na\n``` x\n", "```"),
        ] {
            assert_eq!(open(block), Some(sign), "{block}");
        }
    }
}
