//! Changes of inputs at random, without any guidance: always the same from the same start.

/// Numbers at random (xorshift), the same for the same start.
pub struct Chance(u64);

impl Chance {
    /// Any start.
    pub fn new(start: u64) -> Self {
        Self(start.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) as usize).checked_rem(end).unwrap_or(0)
    }

    fn one_of<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        things.get(self.below(things.len()))
    }
}

/// Signs that mean something in most languages.
const SIGNS: &[u8] = b"\n\t -:'\"[]{}()<>|#*_&%!~`\\/0";

/// Another input: some changes of `input`, with `words` and with parts of `others`, at most `longest` bytes long.
pub fn changed(input: &[u8], words: &[&str], others: &[Vec<u8>], longest: usize, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + 1 + chance.below(16)).min(bytes.len());
        match chance.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 if at < bytes.len() => bytes[at] = SIGNS[chance.below(SIGNS.len())],
            2 => drop(bytes.drain(at..end)),
            3 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            4 => {
                let other = chance.one_of(others).map_or(&[][..], |other| other.as_slice());
                let from = chance.below(other.len());
                let part = &other[from..(from + 1 + chance.below(64)).min(other.len())];
                bytes.splice(at..at, part.iter().copied());
            }
            5 => bytes.truncate(at.max(1)),
            _ => {
                let word = chance.one_of(words).copied().unwrap_or("");
                bytes.splice(at..at, word.bytes());
            }
        }
    }
    bytes.truncate(longest);
    bytes
}
