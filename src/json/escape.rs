//! Escapes in strings: which quotes they hide, and whether they are such.

use super::lanes::{Bits, LANES};
use super::plain::escape_end;
use super::planes::BLOCK;

/// Finds and checks the escapes of one strip after the other.
#[derive(Debug, Default)]
pub(super) struct EscapeScanner {
    /// Whether the last byte escapes the next one.
    open: bool,
    /// The end of the last surrogate pair.
    pair_end: usize,
}

impl EscapeScanner {
    /// Whether the last strip ended within an escape.
    #[inline(always)]
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Takes the escaped ones from the quotes of the strip that starts at `start`; `false` if what follows a backslash
    /// makes no escape.
    #[inline(never)]
    pub(super) fn scan(&mut self, quote: &mut Bits, backslash: &Bits, bytes: &[u8], start: usize) -> bool {
        for (lane, (quote, &backslash)) in (0..LANES).zip(quote.iter_mut().zip(backslash)) {
            let (escapes, open) = escaped(backslash, self.open);
            self.open = open;
            let mut rest = escapes & !*quote;
            *quote &= !escapes;
            while rest != 0 {
                let at = start + lane * BLOCK + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                match bytes.get(at) {
                    _ if at < self.pair_end => {}
                    Some(b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
                    // The second of two backslashes, the first of which the lane before ended with.
                    Some(b'\\') => {}
                    Some(b'u') => match escape_end(bytes, at - 1) {
                        Ok(end) => self.pair_end = end,
                        Err(_) => return false,
                    },
                    _ => return false,
                }
            }
        }
        true
    }
}

/// The bytes that a backslash escapes and that are no backslashes themselves, and whether the last one of the block
/// escapes the first byte of the next; `escaped` says so of the block before.
#[inline(always)]
pub(super) fn escaped(backslashes: u64, escaped: bool) -> (u64, bool) {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let carried = u64::from(escaped);
    // A backslash that is itself escaped by the block before starts no run.
    let backslashes = backslashes & !carried;
    let starts = backslashes & !(backslashes << 1);
    // Adding its start to a run moves the bit just past the run: where that is an odd distance, an escape is open.
    let (past_even, _) = backslashes.overflowing_add(starts & EVEN);
    let (past_odd, open) = backslashes.overflowing_add(starts & !EVEN);
    let ends = !backslashes & ((past_even & !EVEN) | (past_odd & EVEN));
    (ends | carried, open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn escaped_bytes_are_those_after_an_odd_run(bits in any::<u64>(), more in any::<u64>(), carry in any::<bool>()) {
            let bits = bits | more;
            let mut open = carry;
            let mut expected = 0;
            for at in 0..64 {
                let backslash = bits >> at & 1 == 1;
                if open && (!backslash || at == 0) {
                    expected |= 1 << at;
                }
                open = backslash && !open;
            }
            let (ends, carried) = escaped(bits, carry);
            prop_assert_eq!((ends, carried), (expected, open));
        }
    }
}
