//! Responses: types, ranges, what a browser may keep.

use super::http::{Body, Request, Response};
use crate::attachment::{self, Kind, host};
use crate::output;
use crate::prepared::Prepared;
use crate::text::address;
use crate::text::place::FileId;
use std::io::{Seek, SeekFrom};

/// For what is asked for by a mark made of its content: a browser need not ask again when a page is loaded anew.
const KEEP: &str = "private, max-age=31536000, immutable";

/// Lets a browser keep what it asked for by the mark that it has.
pub(super) fn kept(response: Response, request: &Request, mark: Option<&str>) -> Response {
    let is_marked = mark.is_some() && field(&request.query, "v").as_deref() == mark;
    if is_marked { response.with("Cache-Control", KEEP) } else { response }
}

/// A field of a query or a form.
pub(super) fn field(text: &str, name: &str) -> Option<String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.into_iter().find(|(key, _)| *key == name)?.1;
    address::decode(&value.replace('+', "%20"))
}

pub(super) fn open_file(site: &Prepared, file: FileId) -> Option<(std::fs::File, u64)> {
    let opened = site.sources.open(file).ok()??;
    Some((opened.file, opened.metadata.len()))
}

/// Cuts a response to the one range that was asked for; films and large PDFs are read in parts.
pub(super) fn partial(mut response: Response, request: &Request) -> Response {
    response.headers.push(("Accept-Ranges", "bytes".into()));
    let Some(range) = request.header("range").and_then(|range| range.strip_prefix("bytes=")) else { return response };
    let length = match &response.body {
        Body::Bytes(bytes) => bytes.len() as u64,
        Body::File(_, length) => *length,
        Body::Events(_) => return response,
    };
    let Some((from, to)) = range.split_once('-').filter(|_| !range.contains(',')) else { return response };
    let (first, last) = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(first), Ok(last)) => (first, last.min(length.saturating_sub(1))),
        (Ok(first), Err(_)) if to.is_empty() => (first, length.saturating_sub(1)),
        (Err(_), Ok(count)) if from.is_empty() => (length.saturating_sub(count), length.saturating_sub(1)),
        _ => return response,
    };
    if first > last || first >= length {
        return Response::plain(416, "no such part").with("Content-Range", format!("bytes */{length}"));
    }
    response.headers.push(("Content-Range", format!("bytes {first}-{last}/{length}")));
    response.status = 206;
    response.body = match response.body {
        Body::Bytes(bytes) => Body::Bytes(bytes[first as usize..=last as usize].to_vec()),
        Body::File(mut file, _) => match file.seek(SeekFrom::Start(first)) {
            Ok(_) => Body::File(file, last - first + 1),
            Err(_) => return Response::plain(500, "the file cannot be read"),
        },
        events => events,
    };
    response
}

/// What a department's file may do when it is opened by itself: be seen and played. It is a page of no site then, runs
/// nothing and reaches nothing; its own styles are let be.
const HARMLESS: &str = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; \
    font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The headers of a department's file that has the type `kind`. One that no site may publish is told, but not shown: a
/// browser saves it as bytes.
pub(super) fn of_attachment(site: &Prepared, file: FileId, kind: String) -> Vec<(&'static str, String)> {
    let path = site.sources.path(file);
    let allowed = &site.site.config.attachments;
    let is_usual = Kind::of(path).is_some() || allowed.has_ending(&attachment::kind::ending(path));
    let is_shown = (is_usual && !host::is_for_the_host(path)) || allowed.has_file(path);
    let mut headers = vec![("Content-Type", if is_shown { kind } else { "application/octet-stream".into() })];
    if !is_shown {
        headers.push(("Content-Disposition", "attachment".into()));
    }
    // What shows PDF inside Chromium is a page itself, and stays blank in a sandbox.
    if !(is_shown && Kind::of(path) == Some(Kind::Pdf)) {
        headers.push(("Content-Security-Policy", HARMLESS.into()));
    }
    headers
}

/// The type of a file by its ending. Text says its encoding where we know it.
pub(super) fn content_type(path: &str, content: &output::Content) -> String {
    let ending = path.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
    let kind = match &*ending {
        "html" | "htm" => "text/html",
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "json" | "map" => "application/json",
        "jsonld" => "application/ld+json",
        "xml" => "application/xml",
        "txt" | "md" => "text/plain",
        "csv" => "text/csv",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/vnd.microsoft.icon",
        "pdf" => "application/pdf",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "zip" => "application/zip",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "vtt" => "text/vtt",
        "tsv" => "text/tab-separated-values",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "xls" => "application/vnd.ms-excel",
        "doc" => "application/msword",
        "ppt" => "application/vnd.ms-powerpoint",
        _ => "application/octet-stream",
    };
    // What we made ourselves is UTF-8; in which encoding a department saved its CSV file, nobody knows.
    let is_ours = matches!(content, output::Content::Bytes(_));
    match kind.starts_with("text/") && is_ours {
        true => format!("{kind}; charset=utf-8"),
        false => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        assert_eq!(field("a=1&path=%E7%B7%8F+x", "path").as_deref(), Some("総 x"));
        assert_eq!(field("a=1", "path"), None);
    }
}
