use super::*;
use crate::attachment::tests::{deflated, exif as tiff};
use proptest::prelude::*;

const SECRET: &[u8] = b"SECRET-35.0N-137.0E-Suzuki";

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xFF, marker], ((content.len() + 2) as u16).to_be_bytes().as_slice(), content].concat()
}

/// Notes with everything in them that a telephone writes, the picture turned.
fn notes(is_big: bool) -> Vec<u8> {
    let turned: &[u8] = if is_big { b"\0\x06" } else { b"\x06\0" };
    tiff(
        is_big,
        &[(0x010F, SECRET), (0x013B, SECRET), (0x010E, SECRET), (0x0112, turned)],
        &[(0xA431, SECRET), (0x9286, SECRET)],
        &[(2, SECRET), (4, SECRET)],
    )
}

/// A JPEG of these segments, with two scans, whose points are `points`.
fn photo(segments: &[Vec<u8>], points: &[u8], behind: &[u8]) -> Vec<u8> {
    let points: Vec<u8> =
        points.iter().flat_map(|byte| if *byte == 0xFF { vec![0xFF, 0] } else { vec![*byte] }).collect();
    let scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    let head = [segment(0xDB, &[0; 65]), segment(0xC2, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0])].concat();
    [
        b"\xFF\xD8".as_slice(),
        &segments.concat(),
        &head,
        &scan,
        &points,
        b"\xFF\xD0",
        &points,
        &segment(0xC4, &[0; 20]),
        &scan,
        &points,
        b"\xFF\xD9",
        behind,
    ]
    .concat()
}

/// What decides about the points and their colours: all from the first table on, profiles, and how colours are coded.
fn picture_of(jpeg: &[u8]) -> Vec<Vec<u8>> {
    let mut kept = Vec::new();
    let mut at = 2;
    while let [0xFF, marker, high, low, ..] = jpeg[at..] {
        if marker == 0xDA {
            break;
        }
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        let content = &jpeg[at + 4..end];
        if !matches!(marker, 0xE0 | 0xE1 | 0xEB | 0xED | 0xFE)
            && (marker != 0xE2 || content.starts_with(b"ICC_PROFILE\0"))
        {
            kept.push(jpeg[at..end].to_vec());
        }
        at = end;
    }
    let end = jpeg.windows(2).rposition(|pair| pair == b"\xFF\xD9").expect("an end");
    kept.push(jpeg[at..end].to_vec());
    kept
}

fn orientation(exif_bytes: &[u8]) -> bool {
    exif::read(exif_bytes).least().is_some()
}

#[test]
fn a_photo_tells_nothing_once_it_is_cleaned_and_stays_what_it_shows() {
    for is_big in [true, false] {
        let exif = [b"Exif\0\0".as_slice(), &notes(is_big)].concat();
        let segments = [
            segment(0xE0, b"JFIF\0\x01\x01\x01\x01\x2C\x01\x2C\0\0"),
            segment(0xE1, &exif),
            segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0<exif:GPSLatitude>", SECRET].concat()),
            segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
            segment(0xE2, &[b"MPF\0", SECRET].concat()),
            segment(0xED, &[b"Photoshop 3.0\x008BIM\x04\x04", SECRET].concat()),
            segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01"),
            segment(0xFE, SECRET),
        ];
        let photo = photo(&segments, b"\x01\xFF\x02", SECRET);
        let expected = [Hidden::Place, Hidden::Device, Hidden::Serial, Hidden::Author, Hidden::Comments, Hidden::Rest];
        assert!(hidden(&photo).iter().eq(&expected), "{:?}", hidden(&photo));
        let clean = without_hidden(&photo).expect("something goes");
        assert_eq!(hidden(&clean), BTreeSet::new());
        assert!(!clean.windows(SECRET.len()).any(|window| window == SECRET));
        assert_eq!(picture_of(&clean), picture_of(&photo));
        assert!(orientation(&clean[clean.windows(6).position(|it| it == b"Exif\0\0").expect("the turn") + 6..]));
        assert_eq!(without_hidden(&clean), None, "once is enough");
    }
    let plain = photo(&[segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")], b"\x01", b"");
    assert_eq!((hidden(&plain), without_hidden(&plain)), (BTreeSet::new(), None));
}

#[test]
fn other_pictures_are_cleaned_as_well() {
    let head = b"\x89PNG\r\n\x1A\n".as_slice();
    let (size, points, end) = (chunk(b"IHDR", &[0; 13]), chunk(b"IDAT", b"points"), chunk(b"IEND", b""));
    let hex: String = notes(true).iter().map(|byte| format!("{byte:02x}")).collect();
    let profile =
        [b"Raw profile type exif\0\0".as_slice(), &deflated(format!("\nexif\n   99\n{hex}\n").as_bytes())].concat();
    let png = [
        head,
        &size,
        &chunk(b"iCCP", b"colours"),
        &chunk(b"eXIf", &notes(true)),
        &chunk(b"tEXt", &[b"Author\0", SECRET].concat()),
        &chunk(b"zTXt", &profile),
        &chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET].concat()),
        &chunk(b"zzZz", SECRET),
        &points,
        &end,
        SECRET,
    ]
    .concat();
    assert!(hidden(&png).contains(&Hidden::Place) && hidden(&png).contains(&Hidden::Rest));
    let clean = without_hidden(&png).expect("something goes");
    let least = chunk(b"eXIf", &exif::read(&notes(true)).least().expect("the turn"));
    assert_eq!(clean, [head, &size, &chunk(b"iCCP", b"colours"), &least, &points, &end].concat());
    let only = [head, &size, &chunk(b"zTXt", &profile), &points, &end].concat();
    assert!(hidden(&only).contains(&Hidden::Place), "what ImageMagick keeps of a photo");
    for page in ["<exif:GPSLatitude>35,0N</exif:GPSLatitude>", "<x photoshop:City='Kariya'/>"] {
        let wide: Vec<u8> = page.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (is_packed, words) in
            [(0, page.into()), (1, deflated(page.as_bytes())), (0, wide.clone()), (1, deflated(&wide))]
        {
            let text = [b"XML:com.adobe.xmp\0".as_slice(), &[is_packed, 0], b"ja\0\0", &words].concat();
            let png = [head, &size, &chunk(b"iTXt", &text), &points, &end].concat();
            assert!(hidden(&png).contains(&Hidden::Place), "{page}, {is_packed}");
        }
    }

    let riff = |chunks: &[(&[u8; 4], &[u8])]| {
        let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
        for (name, content) in chunks {
            out.extend(*name);
            out.extend((content.len() as u32).to_le_bytes());
            out.extend(*content);
        }
        let length = (out.len() - 8) as u32;
        out[4..8].copy_from_slice(&length.to_le_bytes());
        out
    };
    let least = exif::read(&notes(false)).least().expect("the turn");
    let webp = riff(&[
        (b"VP8X", &[0x2C, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        (b"ICCP", b"ab"),
        (b"VP8 ", b"points"),
        (b"EXIF", &notes(false)),
        (b"XMP ", SECRET),
    ]);
    let clean = without_hidden(&[webp.as_slice(), SECRET].concat()).expect("something goes");
    assert_eq!(
        clean,
        riff(&[
            (b"VP8X", &[0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            (b"ICCP", b"ab"),
            (b"VP8 ", b"points"),
            (b"EXIF", &least)
        ])
    );
    assert!(hidden(&webp).contains(&Hidden::Place));

    let blocks = |bytes: &[u8]| [&[bytes.len() as u8], bytes, &[0]].concat();
    let start = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".as_slice();
    let image = [b"\x2C\0\0\0\0\x01\0\x01\0\0\x02".as_slice(), &blocks(b"\x02\x44\x01")].concat();
    let again = [b"\x21\xFF\x0BNETSCAPE2.0".as_slice(), &blocks(b"\x01\0\0")].concat();
    let gif = [start, &again, b"\x21\xFE", &blocks(SECRET), &image, b"\x3B", SECRET].concat();
    assert!(hidden(&gif).iter().eq(&[Hidden::Comments, Hidden::Rest]));
    assert_eq!(without_hidden(&gif).expect("something goes"), [start, &again, &image, b"\x3B"].concat());
}

#[test]
fn notes_in_boxes_are_written_over_and_nothing_moves() {
    let boxed = |name: &[u8; 4], content: &[u8]| {
        [((content.len() + 8) as u32).to_be_bytes().as_slice(), name, content].concat()
    };
    let exif = [b"\0\0\0\0".as_slice(), &notes(true)].concat();
    let xmp_page = [b"<exif:GPSLatitude>".as_slice(), SECRET].concat();
    let points = b"points".as_slice();
    let info = |id: u8, kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0], kind.as_slice(), b"\0"].concat());
    let kinds = boxed(
        b"iinf",
        &[&[0, 0, 0, 0, 0, 3], info(1, b"av01").as_slice(), &info(2, b"Exif"), &info(3, b"mime")].concat(),
    );
    let ftyp = boxed(b"ftyp", b"avif\0\0\0\0avifmif1");
    let made = |first: usize| {
        let mut places = vec![0, 0, 0, 0, 0x44, 0, 0, 3];
        let mut at = first;
        for (id, content) in [(1, points), (2, &exif), (3, &xmp_page)] {
            places.extend([0, id, 0, 0, 0, 1]);
            places.extend((at as u32).to_be_bytes());
            places.extend((content.len() as u32).to_be_bytes());
            at += content.len();
        }
        let meta = boxed(b"meta", &[&[0, 0, 0, 0], kinds.as_slice(), &boxed(b"iloc", &places)].concat());
        let head = [ftyp.as_slice(), &meta].concat();
        (head.len() + 8, [head, boxed(b"mdat", &[points, &exif, &xmp_page].concat())].concat())
    };
    let (first, _) = made(0);
    let (_, avif) = made(first);
    let seen = hidden(&avif);
    assert!(seen.contains(&Hidden::Place) && seen.contains(&Hidden::Device), "{seen:?}");
    let clean = without_hidden(&avif).expect("something goes");
    assert_eq!((clean.len(), hidden(&clean)), (avif.len(), BTreeSet::new()));
    assert_eq!(clean[..first + points.len()], avif[..first + points.len()]);
    assert!(!clean.windows(SECRET.len()).any(|window| window == SECRET));
}

proptest! {
    /// Whatever is in a photo, in whatever order: its points stay, and what was planted is gone.
    #[test]
    fn no_point_changes_and_no_secret_stays(
        points in prop::collection::vec(any::<u8>(), 0..200),
        order in prop::collection::vec(0..9_usize, 0..12),
        is_big: bool,
        behind in prop::sample::select(vec![b"".as_slice(), SECRET]),
    ) {
        let exif = [b"Exif\0\0".as_slice(), &notes(is_big)].concat();
        let all = [
            segment(0xE1, &exif),
            segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0dc:creator", SECRET].concat()),
            segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
            segment(0xED, &[b"Photoshop 3.0\x008BIM\x04\x04", SECRET].concat()),
            segment(0xFE, SECRET),
            segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01"),
            segment(0xEB, SECRET),
            segment(0xE0, &[b"JFXX\0\x10", SECRET].concat()),
            segment(0xE0, &[b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01", SECRET].concat()),
        ];
        let segments: Vec<Vec<u8>> = order.iter().map(|index| all[*index].clone()).collect();
        let photo = photo(&segments, &points, behind);
        let clean = without_hidden(&photo).unwrap_or_else(|| photo.clone());
        prop_assert!(!clean.windows(SECRET.len()).any(|window| window == SECRET));
        prop_assert_eq!(picture_of(&clean), picture_of(&photo));
        prop_assert_eq!(hidden(&clean), BTreeSet::new());
    }

    #[test]
    fn damaged_pictures_are_read_and_cleaned_without_harm(
        bytes in prop::collection::vec(any::<u8>(), 0..120), which in 0..5_usize, cut in any::<prop::sample::Index>()
    ) {
        let heads = [
            b"\xFF\xD8\xFF\xE1".as_slice(),
            b"\x89PNG\r\n\x1A\n",
            b"GIF89a",
            b"RIFF\x20\0\0\0WEBP",
            b"\0\0\0\x10ftypavif\0\0\0\0\0\0\x01\0meta\0\0\0\0",
        ];
        let damaged = [heads[which], &bytes].concat();
        hidden(&damaged);
        without_hidden(&damaged);
        let photo = photo(&[segment(0xE1, &[b"Exif\0\0".as_slice(), &notes(true)].concat())], &bytes, b"");
        let half = &photo[..cut.index(photo.len())];
        if let Some(clean) = without_hidden(half) {
            prop_assert!(clean.len() <= half.len());
        }
    }
}
