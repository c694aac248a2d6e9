//! What is the same on every page, made once.

use crate::config;
use crate::plan::{Page, href};
use crate::site::{self, DepartmentId, Responsible, Site, TextId};
use crate::text::span::Spanned;
use crate::text::words::Words;
use crate::theme::Theme;
use crate::value::calendar::FiscalYear;
use crate::value::edition::Edition;
use crate::value::telephone::{Telephone, postal_code};
use crate::view::{self, Shared};

/// Values that every page shows, made once.
#[derive(Debug)]
pub struct Global {
    pub(crate) years: Vec<YearWords>,
    /// For each edition, and each depth below the top: the menus of pages that are in no menu, which are nearly all.
    pub(crate) menus: [[Menus; 4]; 2],
    pub(crate) contact: Shared<view::Contact>,
    /// For each department: its own contact, then those of its sections.
    pub(crate) contacts: Vec<Vec<Shared<view::Contact>>>,
}

/// What pages say of a year.
#[derive(Debug)]
pub(crate) struct YearWords {
    pub(crate) year: FiscalYear,
    pub(crate) short: String,
    pub(crate) long: String,
    /// The long name inside a sentence.
    pub(crate) within: String,
    /// Its scale.
    pub(crate) levels: Vec<Shared<view::Level>>,
}

/// Main navigation, and links at the foot.
pub(crate) type Menus = (Shared<Vec<view::Link>>, Shared<Vec<view::Link>>);

/// What pages show of the site as a whole.
pub fn globals(site: &Site, theme: &Theme) -> Global {
    let calendar = &site.config.calendar;
    let years = site.years.keys().map(|year| YearWords {
        year: *year,
        short: calendar.short_label(*year),
        long: calendar.label(*year),
        within: calendar.label_within(*year),
        levels: site.config.levels(*year).iter().map(|level| Shared::new(level_view(level))).collect(),
    });
    let menus = |edition| {
        ["", "../", "../../", "../../../"].map(|root| {
            let link = |title: &str, page| view::Link {
                title: title.to_owned(),
                href: href(site, root, edition, page),
                current: false,
            };
            (Shared::new(navigation(site, &theme.words, link)), Shared::new(footer(site, &theme.words, link)))
        })
    };
    let ids = (0..site.departments.len()).map(|index| DepartmentId(index as u32));
    let contacts = ids.map(|id| site.contacts(id).iter().map(|responsible| contact_view(site, responsible)).collect());
    let city = Responsible { contact: site.config.contact.clone(), is_successor: false };
    Global {
        years: years.collect(),
        menus: [menus(Edition::Screen), menus(Edition::Large)],
        contact: contact_view(site, &city),
        contacts: contacts.collect(),
    }
}

pub(crate) fn navigation(site: &Site, words: &Words, link: impl Fn(&str, Page) -> view::Link) -> Vec<view::Link> {
    let year = site.latest_year().map(|year| link(words.get("nav_years"), Page::Year(year)));
    let lists = [("nav_departments", Page::Departments), ("nav_pillars", Page::Pillars)];
    let lists = lists.into_iter().map(|(word, page)| link(words.get(word), page));
    year.into_iter().chain(lists).chain(text_links(site, true, &link)).collect()
}

pub(crate) fn footer(site: &Site, words: &Words, link: impl Fn(&str, Page) -> view::Link) -> Vec<view::Link> {
    let sitemap = link(words.get("sitemap"), Page::Sitemap);
    [sitemap].into_iter().chain(text_links(site, false, &link)).collect()
}

fn text_links(site: &Site, menu: bool, link: impl Fn(&str, Page) -> view::Link) -> Vec<view::Link> {
    let texts = site.texts.iter().enumerate().filter(|(_, text)| text.prose.menu == menu);
    let title = |text: &site::TextPage| text.prose.title.as_deref().unwrap_or_default().to_owned();
    texts.map(|(index, text)| link(&title(text), Page::Text(TextId(index as u32)))).collect()
}

fn contact_view(site: &Site, Responsible { contact, is_successor }: &Responsible) -> Shared<view::Contact> {
    let own = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    let number = |text: &Option<Spanned<Box<str>>>| text.as_ref().map(|it| it.value.to_string());
    let telephone = contact.telephone.as_ref().and_then(|it| Telephone::find(&it.value));
    let dialled = telephone.and_then(|it| it.href().map(|href| (href, it.number.to_owned(), it.note)));
    Shared::new(view::Contact {
        office: own(&contact.office).unwrap_or_else(|| site.config.organization.name.to_string()),
        postal_code: number(&contact.postal_code).map(|code| postal_code(&code).unwrap_or(code)),
        address: own(&contact.address),
        telephone: number(&contact.telephone),
        telephone_number: dialled.as_ref().map(|(_, number, _)| number.clone()),
        telephone_note: dialled.as_ref().map(|(_, _, note)| (*note).to_owned()).filter(|note| !note.is_empty()),
        telephone_href: dialled.map(|(href, _, _)| href),
        fax: number(&contact.fax),
        email: own(&contact.email),
        form_url: own(&contact.form_url),
        successor: *is_successor,
    })
}

fn level_view(level: &config::Level) -> view::Level {
    view::Level { label: level.label.to_string(), shape: level.shape.name(), color: level.color.name() }
}
