//! What the program of a target does before libFuzzer begins, where its environment asks for something else:
//! `KOHYO_FUZZ_SEEDS=FOLDER` writes seeds and words; `KOHYO_FUZZ_BLIND=N` runs N inputs by chance, without any guidance, to
//! see what guidance is worth.

use super::mutate::{Chance, changed};
use super::targets::longest;
use super::{limits, seeds, words};
use std::io::Result;
use std::path::Path;
use std::{env, fs, process};

/// Does what the environment asks for, and then ends the program; returns where it asks for nothing.
pub fn begin(name: &str, target: fn(&[u8])) {
    if let Some(folder) = env::var_os("KOHYO_FUZZ_SEEDS") {
        if let Err(error) = write(name, Path::new(&folder)) {
            eprintln!("{}: {error}", folder.display());
            process::exit(2);
        }
        process::exit(0);
    }
    if let Some(executions) = env::var("KOHYO_FUZZ_BLIND").ok().and_then(|text| text.parse().ok()) {
        blind(name, target, executions);
        process::exit(0);
    }
}

fn of(name: &str) -> Vec<Vec<u8>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    // The planted mistake is sought from a request that is far from it.
    let request = b"HEAD /abcd HTTP/1.1\r\n\r\n".to_vec();
    seeds::collect(root).remove(name).map_or_else(|| vec![request], |inputs| inputs.into_iter().collect())
}

fn write(name: &str, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join(name))?;
    for (number, input) in of(name).iter().enumerate() {
        fs::write(folder.join(name).join(format!("{number:05}")), input)?;
    }
    fs::write(folder.join(format!("{name}.words")), words_file(name))
}

/// The words of a target as a file for libFuzzer.
fn words_file(target: &str) -> String {
    let quoted = |word: &&str| -> String {
        let escaped: String = word
            .bytes()
            .map(|byte| match byte {
                b'"' | b'\\' => format!("\\{}", char::from(byte)),
                b' '..=b'~' => char::from(byte).to_string(),
                _ => format!("\\x{byte:02X}"),
            })
            .collect();
        format!("\"{escaped}\"\n")
    };
    words::of(target).iter().map(quoted).collect()
}

fn blind(name: &str, target: fn(&[u8]), executions: u64) {
    const KEPT: usize = 4096;
    let own = of(name);
    let mut chance = Chance::new(executions);
    let mut inputs = own.clone();
    for _ in 0..executions {
        let from = &inputs[chance.below(inputs.len())];
        let input = changed(from, words::of(name), &inputs, longest(name), &mut chance);
        limits::once(target, &input);
        // What was tried is gone on from, whatever it did.
        match own.len() + chance.below(KEPT) {
            at if at < inputs.len() => inputs[at] = input,
            _ => inputs.push(input),
        }
    }
    println!("{name}: {executions} executions by chance found nothing");
}
