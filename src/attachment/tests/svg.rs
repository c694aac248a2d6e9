use super::*;
use crate::attachment::tests::exif;
use proptest::prelude::*;

fn svg(inner: &str) -> String {
    format!(
        "<svg xmlns=\"{SVG}\" xmlns:xlink=\"{XLINK}\" xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns:ev=\"{EVENTS}\">{inner}</svg>"
    )
}

fn faults(text: &str) -> Vec<Active> {
    read(text.as_bytes()).faults.into_iter().map(|fault| fault.what).collect()
}

#[test]
fn pictures_that_programs_write_pass() {
    let fine = [
        // By hand, and by this repository.
        svg("<title>橋 &amp; 川</title><path d=\"M0 0h1\" style=\"fill:url(#a);stroke:#000\"/><a href=\"#b\"><text>図</text></a>"),
        svg("<defs><linearGradient id=\"a\"/><clipPath id=\"c\"/></defs><g clip-path=\"url( '#c' )\"><use xlink:href=\"#b\"/></g>"),
        svg("<image width=\"1\" href=\"data:image/png;base64,iVBORw0KGgo=\"/><animate attributeName=\"r\" values=\"1;2\"/>"),
        svg("<style><![CDATA[ @font-face { font-family: a; src: url(data:font/woff2;base64,AA==) } .b { fill: red } ]]></style>"),
        // Inkscape.
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!-- Created with Inkscape -->\n<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:svg=\"http://www.w3.org/2000/svg\" xmlns:sodipodi=\"http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd\" xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" sodipodi:docname=\"a.svg\"><sodipodi:namedview inkscape:zoom=\"1\"/><svg:g inkscape:label=\"層\"/></svg>".into(),
        // Illustrator.
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<svg version=\"1.1\" id=\"レイヤー_1\" xmlns=\"http://www.w3.org/2000/svg\" x=\"0px\" style=\"enable-background:new 0 0 1 1;\" xml:space=\"preserve\"><style type=\"text/css\">.st0{font-family:'KozGoPr6N-Regular-90pv-RKSJ-H';}</style></svg>".into(),
    ];
    for text in fine {
        assert_eq!(faults(&text), [], "{text}");
    }
}

/// Everything by which an SVG acts or reaches out, each on a line of its own.
const ACTIVE: &[&str] = &[
    "<script>x</script>",
    "<script href=\"data:text/javascript,x\"/>",
    "<h:script>x</h:script>",
    "<script xmlns=\"http://www.w3.org/1999/xhtml\">x</script>",
    "<foreignObject><h:body/></foreignObject>",
    "<h:iframe/>",
    "<x xmlns=\"\"/>",
    "<handler ev:event=\"load\">x</handler>",
    "<g onload=\"x\"/>",
    "<g OnClick='x'/>",
    "<g ev:event=\"click\"/>",
    "<a href=\"javascript:x\"/>",
    "<a xlink:href=\" &#106;avascript:x\"/>",
    "<a href=\"https://evil.example/\"/>",
    "<a href=\"//evil.example/\"/>",
    "<a href=\"other.svg\"/>",
    "<a href=\"#b\" ping=\"https://evil.example/\"/>",
    "<use href=\"other.svg#a\"/>",
    "<use href=\"data:image/svg+xml,&lt;svg/&gt;\"/>",
    "<image href=\"https://evil.example/x.png\"/>",
    "<image xlink:href=\"data:image/svg+xml;base64,AA==\"/>",
    "<image href=\"data:text/html,x\"/>",
    "<feImage href=\"x.png\"/>",
    "<g xml:base=\"https://evil.example/\"/>",
    "<animate attributeName=\"href\" to=\"javascript:x\"/>",
    "<set attributeName=\"xlink:href\" to=\"x\"/>",
    "<set attributeName=\" onclick\" to=\"x\"/>",
    "<g fill=\"url(https://evil.example/#a)\"/>",
    "<g filter=\"url(other.svg#a)\"/>",
    "<g fill=\"ur\\6c(https://evil.example/)\"/>",
    "<g style=\"background:url(&quot;https://evil.example/&quot;)\"/>",
    "<g style=\"behavior:url(#x)\"/>",
    "<g cursor=\"image-set('https://evil.example/x' 1x)\"/>",
    "<style>@import 'https://evil.example/';</style>",
    "<style>@imp<!-- -->ort 'x';</style>",
    "<style><g/>@imp<![CDATA[ort]]> 'x';</style>",
    "<style>@\\69mport 'x';</style>",
    "<style>a { fill: URL(x.svg) }</style>",
    "<?xml-stylesheet href=\"https://evil.example/\"?>",
    "<g>&undefined;</g>",
    "<iframe src=\"x\"/>",
    "<video src=\"x\"/>",
    "<g src=\"x\"/>",
    "<unknown/>",
    "<g a=b/>",
];

#[test]
fn everything_active_is_seen_where_it_stands() {
    for active in ACTIVE {
        let text = svg(&format!("\n<g/>\n{active}\n<g/>"));
        let found = read(text.as_bytes()).faults;
        let start = text.find(active).expect("planted");
        let is_there = |fault: &Fault| (start..start + active.len()).contains(&fault.at.start);
        assert!(!found.is_empty() && found.iter().all(is_there), "{active}: {found:?}");
    }
    for whole in [
        "",
        "<p/>",
        "<svg/>",
        "<svg xmlns=\"http://www.w3.org/1999/xhtml\"/>",
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\"><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        "<!DOCTYPE svg [<!ENTITY a \"<script/>\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&a;</svg>",
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><g>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/><script xmlns=\"http://www.w3.org/2000/svg\"/>",
    ] {
        assert!(!faults(whole).is_empty(), "{whole}");
    }
    let wide: Vec<u8> = svg("<g/>").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(!read(&wide).faults.is_empty());
}

#[test]
fn what_programs_note_about_people_is_seen() {
    let named = svg(
        "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:cc=\"http://creativecommons.org/ns#\"><dc:creator><cc:Agent><dc:title>鈴木</dc:title></cc:Agent></dc:creator></metadata><g xmlns:i=\"http://www.inkscape.org/namespaces/inkscape\" i:export-filename=\"C:\\Users\\suzuki\\a.png\"/>",
    );
    let reading = read(named.as_bytes());
    assert_eq!((reading.faults, reading.has_author, reading.has_paths), (Vec::new(), true, true));
}

#[test]
fn a_photo_in_a_picture_tells_as_much_as_beside_it() {
    let notes = exif(true, &[(0x0110, b"Aoba 12 Pro")], &[], &[(2, b"\0\0\0\x23\0\0\0\x01")]);
    let length = (notes.len() as u16 + 8).to_be_bytes();
    let photo = [b"\xFF\xD8\xFF\xE1".as_slice(), &length, b"Exif\0\0", &notes, b"\xFF\xD9"].concat();
    let image = |photo: &[u8]| {
        let data = String::from_utf8(encoded(photo)).unwrap();
        svg(&format!("<image href=\"data:image/jpeg;base64,{data}\"/><g/><image href='data:image/png;base64,AAAA'/>"))
    };
    assert!(read(image(&photo).as_bytes()).hidden.iter().eq(&[Hidden::Place, Hidden::Device]));
    let clean = crate::attachment::without_hidden(image(&photo).as_bytes()).expect("something goes");
    assert_eq!(String::from_utf8(clean).unwrap(), image(b"\xFF\xD8\xFF\xD9"));
    for length in 0..5 {
        let bytes: Vec<u8> = (250..250 + length).collect();
        assert_eq!(decoded(std::str::from_utf8(&encoded(&bytes)).unwrap()), bytes);
    }
}

#[test]
fn a_picture_that_explodes_is_refused_at_once() {
    let deep = svg(&"<g>".repeat(100_000));
    assert_eq!(faults(&deep), [Active::TooLarge, Active::NotXml][..1]);
    let named: String = (0..100_000).map(|n| format!(" xmlns:a{n}=\"x\"")).collect();
    assert_eq!(faults(&svg(&format!("<g{named}/>"))), [Active::TooLarge]);
    let addresses = svg(&format!("<g style=\"{}\"/>", "url(#a)".repeat(500_000)));
    assert_eq!(faults(&addresses), []);
}

/// A harmless picture of nested groups.
fn harmless() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("<path d=\"M0 0h1\"/>".to_owned()),
        Just("<text x='1'>題 &lt;script> <![CDATA[<script>]]></text>".to_owned()),
        Just("<!-- <script>onload=\"x\"</script> -->".to_owned()),
        Just("<use href=\"#a\" style=\"fill: url(#b)\"/>".to_owned()),
        Just("<style>.a { fill: url('#b') }</style>".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop::collection::vec(inner, 1..6).prop_map(|inner| format!("<g id=\"a\">{}</g>", inner.join("\n")))
    })
}

proptest! {
    #[test]
    fn whatever_is_planted_wherever_is_found(
        picture in harmless(), which in 0..ACTIVE.len(), at in any::<prop::sample::Index>()
    ) {
        prop_assert_eq!(faults(&svg(&picture)), []);
        // Between elements: there, what is planted is what it is, and not the text of something else.
        let gaps: Vec<usize> = Reader::new(&picture).filter(|(piece, _)| matches!(piece, Piece::Open { name: "g", .. } | Piece::Close { name: "g" })).map(|(_, at)| at.end).chain([0, picture.len()]).collect();
        let gap = gaps[at.index(gaps.len())];
        let planted = format!("{}{}{}", &picture[..gap], ACTIVE[which], &picture[gap..]);
        prop_assert!(!faults(&svg(&planted)).is_empty(), "{}", planted);
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[<>/ a-z=\"'&;#:!?\\[\\]-]{0,120}") {
        let reading = read(&bytes);
        prop_assert!(!reading.faults.is_empty());
        for fault in read(svg(&text).as_bytes()).faults {
            prop_assert!(fault.at.start <= fault.at.end && fault.at.end <= svg(&text).len());
        }
    }
}
