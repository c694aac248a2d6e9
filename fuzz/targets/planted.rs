//! A mistake that was planted on purpose, behind what requests are read with: whoever looks for mistakes by chance does not
//! find it, whoever follows what is executed and compared does.

#![no_main]

kohyo_fuzz::program!(planted, planted);

fn planted(bytes: &[u8]) {
    let Ok(Some(asked)) = kohyo::preview::asked(bytes) else { return };
    let four = |text: &str| text.as_bytes().first_chunk().copied().map(u32::from_le_bytes);
    // One step after the other: a path, and a method, that no dictionary has.
    if asked.address.as_deref().and_then(four) == Some(u32::from_le_bytes(*b"goal")) {
        assert!(four(&asked.method) != Some(u32::from_le_bytes(*b"LINK")), "the mistake that was planted");
    }
}
