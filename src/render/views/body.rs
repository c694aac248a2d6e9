//! Bodies of documents, and where their links lead.

use super::Views;
use crate::document::Body;
use crate::markdown::{self, Form, LinkKind, Resolved};
use crate::plan::{Plan, Target};
use crate::render::with_body;
use crate::site;
use crate::text::address::{self, Scheme, split_fragment};
use crate::text::place::FileId;
use crate::text::words::Words;
use crate::value::edition::Edition;
use anyhow::Result;

impl<'p> Views<'p> {
    pub(super) fn html(&self, body: &Body, heading_base: u8, id_prefix: &str) -> Result<String> {
        if body.is_empty {
            return Ok(String::new());
        }
        let form = (body.file, heading_base, id_prefix.to_owned());
        if let Some(html) = self.common.and_then(|common| common.take_body(&form)) {
            return Ok(html);
        }
        let words = markdown::Words {
            footnotes: self.words.get("footnotes"),
            footnote: self.words.get("footnote"),
            back: self.words.get("footnote_back"),
            external: self.words.get("external"),
            table: self.words.get("table"),
            colon: self.words.get("colon"),
            done: self.words.get("task_done"),
            todo: self.words.get("task_open"),
            alerts: [
                self.words.get("alert_note"),
                self.words.get("alert_tip"),
                self.words.get("alert_important"),
                self.words.get("alert_warning"),
                self.words.get("alert_caution"),
            ],
        };
        let options = |edition| markdown::Options { heading_base, id_prefix, edition, words: &words };
        let (screen, large) = (options(markdown::Edition::Screen), options(markdown::Edition::Large));
        let for_screen = |target: &str, kind| self.resolve(Edition::Screen, body.file, target, kind);
        let for_large = |target: &str, kind| self.resolve(Edition::Large, body.file, target, kind);
        let screen = Form { options: &screen, resolve: &for_screen };
        let large = Form { options: &large, resolve: &for_large };
        let (own, other) = match self.edition {
            Edition::Screen => (screen, large),
            Edition::Large => (large, screen),
        };
        with_body(self.prepared, body, |text| match self.common {
            Some(common) => {
                let [own, other] = markdown::render_forms(text, [own, other]);
                common.put_body(form, other.into_string());
                own.into_string()
            }
            None => markdown::render(text, own.options, own.resolve).into_string(),
        })
    }

    fn resolve(&self, edition: Edition, from: FileId, target: &str, kind: LinkKind) -> Resolved {
        match Scheme::of(target) {
            Scheme::Outside if kind == LinkKind::Link => {
                let external = target.to_ascii_lowercase().starts_with("http");
                return Resolved::Href { href: target.to_owned(), external, attachment: None };
            }
            Scheme::Inside => {}
            _ => return Resolved::Nothing,
        }
        let (path, fragment) = split_fragment(target);
        let heading = fragment.unwrap_or_default();
        let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
        if path.is_empty() {
            return Resolved::Href { href: fragment, external: false, attachment: None };
        }
        match self.prepared.plan.resolve(self.site, &self.prepared.sources, from, path) {
            Target::Page(page, anchor) => {
                let fragment = match anchor {
                    Some(anchor) if fragment.is_empty() => format!("#{anchor}"),
                    Some(_) => format!("#{}", Plan::heading_on_page(&self.prepared.sources, from, path, heading)),
                    None => fragment,
                };
                Resolved::Href { href: self.href_in(edition, page) + &fragment, external: false, attachment: None }
            }
            Target::Attachment(index) => {
                let attachment = &self.site.attachments[index as usize];
                let href = format!("{}{}", self.root, address::encode(&attachment.path));
                match kind {
                    LinkKind::Image => {
                        let (width, height) = self.prepared.sources.image_size(attachment.file).unzip();
                        Resolved::Image { src: href, width, height }
                    }
                    LinkKind::Link => {
                        Resolved::Href { href, external: false, attachment: Some(self.attachment_note(attachment)) }
                    }
                }
            }
            Target::Hidden | Target::Faulty | Target::None => Resolved::Nothing,
        }
    }

    /// （PDF形式、24キロバイト）: what a reader wants to know before following the link.
    pub(crate) fn attachment_note(&self, attachment: &site::Attachment) -> String {
        let ending = attachment.path.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
        let kind = match ending.as_str() {
            "xlsx" | "xls" => "Excel".to_owned(),
            "docx" | "doc" => "Word".to_owned(),
            other => other.to_uppercase(),
        };
        let size = size_text(self.words, attachment.size);
        self.words.fill("attachment", &[("a", &kind), ("b", &size)])
    }
}

/// 24キロバイト
pub(crate) fn size_text(words: &Words, bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1024 * 1024 => {
            let tenths = bytes * 10 / (1024 * 1024);
            words.fill("megabytes", &[("a", &format!("{}.{}", tenths / 10, tenths % 10))])
        }
        bytes => words.fill("kilobytes", &[("a", &bytes.div_ceil(1024).to_string())]),
    }
}
