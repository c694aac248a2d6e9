//! `kohyo serve`: the preview for editors.

use super::{ServeArguments, say};
use crate::preview::{self, Editor, Options};
use crate::text::language::Language;
use anyhow::{Context as _, Result};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::{fs, io};

/// Serves until Ctrl+C.
pub(super) fn serve(arguments: &ServeArguments, language: Language) -> Result<ExitCode> {
    let mut options = Options::new(&arguments.site, say::today);
    options.as_of = arguments.as_of;
    options.base_url = arguments.base_url.clone();
    options.port = arguments.port;
    options.poll = arguments.poll;
    options.private = arguments.private;
    options.language = language;
    // Nobody is told by a terminal that is gone; the preview goes on.
    options.say = |line| drop(say::line(line));
    if let Some(host) = arguments.host {
        options.host = host;
    }
    if let Some(editor) = &arguments.editor {
        options.editor = editor.clone();
    }
    let preview = preview::start(options)?;
    let url = preview.url();
    let [preview_at, editors_at, stop] = match language {
        Language::Japanese => ["プレビュー", "編集者のページ", "終わるには Ctrl+C を押します。"],
        Language::English => ["Preview", "Editors' page", "Press Ctrl+C to stop."],
    };
    say::line(&format!("{preview_at}: {url}"))?;
    say::line(&format!("{editors_at}: {url}_preview/"))?;
    for other in preview.urls_for_others() {
        let others = language.pick("ほかの機械から", "From other machines");
        say::line(&format!("{others}: {other}"))?;
    }
    say::line(stop)?;
    if arguments.host.is_some_and(|host| !host.is_loopback()) {
        say::note(language.pick(
            "注意: 同じネットワークのだれもが、下書きと公表前の内容を読めます。",
            "warning: anyone on this network can read drafts and what is published later",
        ));
    }
    if !arguments.poll && !preview.has_events() {
        say::note(language.pick(
            "変更の通知が使えないため、定期的に見に行きます（--poll と同じ）。",
            "no change events can be had here; looking now and then, as with --poll",
        ));
    }
    let mut door = None;
    if arguments.open {
        // A preview without a browser is still a preview.
        let opened = match arguments.private {
            true => Door::new(&url).and_then(|made| open::that_detached(door.insert(made).page())),
            false => open::that_detached(&url),
        };
        if let Err(error) = opened {
            say::note(&format!("{url}: {error}"));
        }
    }
    let (stop, stopped) = channel();
    ctrlc::set_handler(move || {
        let _ = stop.send(());
    })
    .context("Ctrl+C")?;
    // A closed channel would mean that nobody can stop it any more.
    let _ = stopped.recv();
    drop(door);
    preview.stop();
    Ok(ExitCode::SUCCESS)
}

/// A page that leads to a private preview, which only its owner can read: what a browser is started with, everyone on the
/// machine can see in the list of processes.
struct Door(PathBuf);

impl Door {
    fn new(url: &str) -> io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("kohyo-{}", preview::secret()));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        // One that is there is somebody else's.
        builder.create(&folder)?;
        let door = Self(folder);
        let page =
            format!("<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={url}\">\n");
        fs::write(door.page(), page)?;
        Ok(door)
    }

    fn page(&self) -> PathBuf {
        self.0.join("preview.html")
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.page());
        let _ = fs::remove_dir(&self.0);
    }
}

/// A command line for `--editor`.
pub(super) fn parse_editor(text: &str) -> Result<Editor, String> {
    Editor::parse(text).ok_or_else(|| "例: code -g {file}:{line}:{column} / for example".into())
}
