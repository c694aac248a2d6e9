//! What the user should know about a publication that went another way than usual.

use super::trouble::Trouble;
use crate::text::language::Message;
use std::io;
use std::path::{Path, PathBuf};

pub(super) fn no_memory(trouble: &Trouble) -> Message {
    let Message { ja, en } = &trouble.message;
    Message::new(
        format!("サイトは公開しましたが、次回のための記録を残せませんでした(次回のビルドが少し遅くなるだけです): {ja}"),
        format!(
            "the site is published, but the notes for the next build could not be saved (it will only be slower): {en}"
        ),
    )
}

pub(super) fn no_hard_links(live: &Path) -> Message {
    let live = live.display();
    Message::new(
        format!("このディスクではハードリンクが使えないので、変わっていないファイルもコピーします: {live}"),
        format!("this disk has no hard links, so unchanged files are copied as well: {live}"),
    )
}

pub(super) fn no_exchange(live: &Path) -> Message {
    let live = live.display();
    Message::new(
        format!(
            "このディスクでは二つのフォルダーを一度に入れ替えられないので、名前を二回変えて切り替えました(その間の一瞬だけ、サイトが見えません): {live}"
        ),
        format!(
            "this disk cannot exchange two folders at once, so the site was switched by two renames (for an instant between them there is no site): {live}"
        ),
    )
}

/// `paths` are relative to `live`.
pub(super) fn brought(live: &Path, paths: &[PathBuf]) -> Message {
    let (count, named, live) = (paths.len(), named(paths), live.display());
    Message::new(
        format!(
            "公開の後、入れ替わる前の古いフォルダーに置かれたもの({count} 件)を、今の公開フォルダーへ移しました: {named}({live})"
        ),
        format!(
            "what came into the old folder after it was exchanged ({count}) has been moved to the live one: {named} (in {live})"
        ),
    )
}

/// `paths` are relative to the folder `beside`.
pub(super) fn put_beside(beside: &Path, paths: &[PathBuf]) -> Message {
    let (count, named, beside) = (paths.len(), named(paths), beside.display());
    Message::new(
        format!(
            "kohyo の準備用フォルダーに、kohyo が作ったものではないもの({count} 件)がありました。消さずに移したので、確かめてください: {named}({beside})"
        ),
        format!(
            "kohyo's folder for preparing held what kohyo did not make ({count}); it was moved, not removed; please have a look: {named} (in {beside})"
        ),
    )
}

/// `folders` are relative to `live`.
pub(super) fn attributes_lost(live: &Path, folders: &[PathBuf]) -> Message {
    let folders: Vec<_> = folders.iter().map(|it| live.join(it)).collect();
    let named = named(&folders);
    Message::new(
        format!(
            "次のフォルダーの持ち主、グループ、権限のどれかを、公開の前と同じにできませんでした(この利用者には変えられません)。ウェブサーバーから読めるかを確かめてください: {named}"
        ),
        format!(
            "owner, group or permissions of these folders could not be kept (this user may not change them); please see that the web server can read them: {named}"
        ),
    )
}

pub(super) fn no_owners(private: &Path) -> Message {
    let private = private.display();
    Message::new(
        format!(
            "このディスクには持ち主や権限の区別がなく、kohyo の作業用フォルダーをほかの利用者に閉じられません。公開前の内容が入るので、ウェブサーバーから見えない所に置いてください: {private}"
        ),
        format!(
            "this disk knows no owners or permissions, so kohyo's own folder cannot be closed to others; it holds what is not public yet: keep it where no web server looks: {private}"
        ),
    )
}

/// `folders` are kohyo's folders of other users.
pub(super) fn others(folders: &[PathBuf]) -> Message {
    let named = named(folders);
    Message::new(
        format!(
            "同じサイトの作業用フォルダーの名前で、ほかの利用者のものがあります。中には入らず、消すこともできません。取り下げた文が残っているかもしれないので、持ち主に kohyo build か kohyo clean を実行してもらってください: {named}"
        ),
        format!(
            "another user has a folder of kohyo's beside this site. It is not entered and cannot be emptied by this user; it may still hold text that was withdrawn: ask its owner to run kohyo build or kohyo clean: {named}"
        ),
    )
}

/// `paths` are relative to the folder with the old site.
pub(super) fn still_kept(back: &Path, paths: &[PathBuf]) -> Message {
    let (count, named, back) = (paths.len(), named(paths), back.display());
    Message::new(
        format!(
            "もう公開していないファイル({count} 件)を、kohyo の作業用フォルダーから消せませんでした。消してください: {named}({back})"
        ),
        format!(
            "files that are no longer public ({count}) could not be removed from kohyo's own folder; please remove them: {named} (in {back})"
        ),
    )
}

/// `closed` are files of the site, relative to `live`, that not all can read who may enter it.
pub(super) fn closed(live: &Path, to_all: bool, closed: &[PathBuf]) -> Message {
    let (count, named, live) = (closed.len(), named(closed), live.display());
    let who = if to_all { "a" } else { "g" };
    Message::new(
        format!(
            "ウェブサーバーが読めないかもしれないファイルがあります({count} 件。作ったときの umask が 077 や 027 だったなど)。読めるようにするには、chmod -R {who}+rX {live} を実行します: {named}"
        ),
        format!(
            "the web server may be unable to read some files ({count}; such as after a build with umask 077 or 027). To let it: chmod -R {who}+rX {live}. They are: {named}"
        ),
    )
}

/// The first of many paths, for a sentence.
pub(super) fn named(paths: &[PathBuf]) -> String {
    let first: Vec<_> = paths.iter().take(10).map(|it| it.display().to_string()).collect();
    if first.len() < paths.len() { format!("{}, …", first.join(", ")) } else { first.join(", ") }
}

/// `inside` is what cannot come along into another folder, relative to `live`.
pub(super) fn fixed_inside(live: &Path, inside: &[PathBuf]) -> Message {
    let inside: Vec<_> = inside.iter().map(|it| live.join(it)).collect();
    let named = named(&inside);
    Message::new(
        format!(
            "出力先の中に、つながれた別のディスクやフォルダー(マウント)か、この利用者には読めないフォルダーがあるので、フォルダーごとではなく、一ファイルずつ置き換えました(置き換え中は新旧のページが混ざって見えることがあります): {named}"
        ),
        format!(
            "something is mounted inside the output folder, or a folder there cannot be read by this user, so it was not switched as a whole: files were replaced one by one (old and new pages may have been seen side by side meanwhile): {named}"
        ),
    )
}

pub(super) fn held(live: &Path, why: &io::Error) -> Message {
    let live = live.display();
    Message::new(
        format!(
            "出力先をフォルダーごと切り替えられないので、一ファイルずつ置き換えました(置き換え中は新旧のページが混ざって見えることがあります): {live} ({why})"
        ),
        format!(
            "the output folder cannot be switched as a whole, so files were replaced one by one (old and new pages may have been seen side by side meanwhile): {live} ({why})"
        ),
    )
}
