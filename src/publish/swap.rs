//! The one step that makes the new site public, and the mending of it if a build was killed in the middle.

use super::mounts;
use super::owner;
use super::place::{Place, Way};
use super::tree::ignore_missing;
use super::trouble::{AtPath, Trouble};
use crate::beneath::is_held;
use crate::text::language::Message;
use std::io;
use std::path::{Path, PathBuf};

/// How the new site became public.
#[derive(Debug)]
pub(super) enum Swapped {
    /// There was no site: one rename.
    First,
    /// One exchange of the two names.
    Exchanged,
    /// Two renames, with a moment in between without a site.
    TwoRenames,
    /// The system does not let go of the folder; nothing happened.
    Refused(io::Error),
}

/// Makes `back` live and the live folder `back`.
pub(super) fn swap(place: &Place, live_exists: bool, may_exchange: bool) -> Result<Swapped, Trouble> {
    let (beneath, live, back) = (&place.beneath, &place.live, &place.back());
    let swapped = if live_exists {
        match if may_exchange { beneath.exchange(back, live) } else { Err(io::ErrorKind::Unsupported.into()) } {
            Ok(()) => Ok(Swapped::Exchanged),
            Err(error) if is_unknown_call(&error) => two_renames(place).map(|()| Swapped::TwoRenames),
            Err(error) => Err(error),
        }
    } else {
        beneath.rename_to_free(back, live).map(|()| Swapped::First)
    };
    match swapped {
        Err(error) if holds_the_folder(&error) => Ok(Swapped::Refused(error)),
        other => other.writing(live),
    }
}

/// Puts right what a build that was killed between two renames left. Says so if there was something.
///
/// Always back to the old site, never forward: the old one is surely whole.
pub(super) fn repair(place: &Place) -> Result<Option<Message>, Trouble> {
    let (beneath, live, aside, back) = (&place.beneath, &place.live, place.aside(), place.back());
    if !beneath.exists(&aside) {
        return Ok(None);
    }
    if !beneath.exists(live) {
        beneath.rename_to_free(&aside, live).writing(live)?;
        let shown = live.display();
        return Ok(Some(Message::new(
            format!("前回のビルドが切り替えの途中で止まっていたので、公開中だったサイトを元に戻しました: {shown}"),
            format!("the last build was stopped while switching; the site that was public has been put back: {shown}"),
        )));
    }
    if beneath.exists(&back) {
        // Somebody put a site in place by hand meanwhile: theirs stays, ours is kept under another name.
        return keep_beside(place, &aside).map(Some);
    }
    beneath.rename(&aside, &back).writing(&back)?;
    Ok(None)
}

/// A folder that somebody mounted something in is not the place to prepare a site in, nor one to be removed: it is kept
/// under another name. Says so.
pub(super) fn set_mounted_aside(place: &Place) -> Result<Option<Message>, Trouble> {
    let back = place.back();
    match mounts::below(&back).is_empty() {
        true => Ok(None),
        false => keep_beside(place, &back).map(Some),
    }
}

/// Renames a folder to a free name beside the live one, so that nothing that was in it is lost.
pub(super) fn keep_beside(place: &Place, folder: &Path) -> Result<Message, Trouble> {
    let kept = free_name(place);
    place.beneath.rename_to_free(folder, &kept).writing(&kept)?;
    // It was beside the site for nobody, and may lie where a web server looks.
    let _ = owner::close(&place.beneath, &kept);
    let shown = kept.display();
    Ok(Message::new(
        format!(
            "これまでのフォルダーは、このままの形で残してあります。不要なら消してください(公開中のファイルと実体が同じものもあるので、書き換えないでください): {shown}"
        ),
        format!(
            "the folder as it was before is kept here; delete it when you no longer need it, but change no file in it, as some are also those of the live site: {shown}"
        ),
    ))
}

/// How names end under which something is kept for the user.
pub(super) const KEPT: &str = ".before-kohyo";

/// Whether something in kohyo's own folder is kept for the user.
pub(super) fn is_kept(path: &Path) -> bool {
    path.file_name().is_some_and(|it| it.to_string_lossy().contains(KEPT))
}

/// A free name beside the live folder; inside kohyo's own where there is nothing beside.
pub(super) fn free_name(place: &Place) -> PathBuf {
    let mut number = 1;
    loop {
        let mut name = match place.way {
            Way::Whole => place.live.as_os_str().to_owned(),
            Way::PerFile => place.private.join("site").into_os_string(),
        };
        name.push(KEPT);
        if number > 1 {
            name.push(format!("-{number}"));
        }
        if !place.beneath.exists(Path::new(&name)) {
            return name.into();
        }
        number += 1;
    }
}

fn two_renames(place: &Place) -> io::Result<()> {
    let (beneath, live, back, aside) = (&place.beneath, &place.live, place.back(), place.aside());
    beneath.rename(live, &aside)?;
    if let Err(error) = beneath.rename(&back, live) {
        beneath.rename(&aside, live)?;
        return Err(error);
    }
    ignore_missing(beneath.rename(&aside, &back))
}

/// EINVAL and ENOSYS: what file systems and kernels answer that know no exchange.
fn is_unknown_call(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

/// EBUSY and EXDEV (a mount point, or a lower layer of overlayfs), EACCES and EPERM (no right to rename this folder).
fn holds_the_folder(error: &io::Error) -> bool {
    use io::ErrorKind as E;
    is_held(error) || matches!(error.kind(), E::CrossesDevices | E::PermissionDenied)
}
