//! How large a picture may be.

/// The most pixels of a picture, in millions: A4 at 600 dots an inch has 35, the largest cameras of telephones mostly 48. To
/// show one, six bytes a pixel are needed at least (measured with the typesetter), so 300 MB here; 2.4 MB of a PNG can hold
/// 625 million pixels, which took 3.8 GB and then the program.
pub const MOST_MEGAPIXELS: u64 = 50;

/// Whether a picture of that width and height has more.
pub fn is_huge(width: u32, height: u32) -> bool {
    u64::from(width) * u64::from(height) > MOST_MEGAPIXELS * 1_000_000
}
