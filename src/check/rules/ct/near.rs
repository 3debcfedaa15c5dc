//! Names that are nearly another one.

/// How a name differs from the one that was probably meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near<'n> {
    /// In the case of its letters.
    Case(&'n str),
    /// In a letter or two.
    Letters(&'n str),
}

impl<'n> Near<'n> {
    /// The name probably meant.
    pub(super) fn name(self) -> &'n str {
        match self {
            Near::Case(name) | Near::Letters(name) => name,
        }
    }
}

/// The one of these names that is nearest to `name`, if one is near and no other as near.
///
/// A short name has few neighbours by accident only if it may differ less.
pub(super) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<Near<'n>> {
    let lower = name.to_ascii_lowercase();
    let most = match name.chars().count() {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let mut best: Option<(usize, &'n str)> = None;
    let mut is_shared = false;
    for other in known {
        if other == name {
            return None;
        }
        if other.eq_ignore_ascii_case(name) {
            return Some(Near::Case(other));
        }
        if other.len().abs_diff(name.len()) > most {
            continue;
        }
        let distance = strsim::osa_distance(&lower, &other.to_ascii_lowercase());
        if distance > most {
            continue;
        }
        match best {
            Some((least, _)) if least < distance => {}
            Some((least, _)) if least == distance => is_shared = true,
            _ => {
                best = Some((distance, other));
                is_shared = false;
            }
        }
    }
    best.filter(|_| !is_shared).map(|(_, other)| Near::Letters(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_near_by_case_or_by_two_letters_if_no_other_is_as_near() {
        let names = ["eventName", "eventType", "eventTime", "awsRegion"];
        assert_eq!(nearest("EventName", names), Some(Near::Case("eventName")));
        assert_eq!(nearest("evntName", names), Some(Near::Letters("eventName")));
        assert_eq!(nearest("eventTyme", names), None, "one letter from eventTime, and one from eventType");
        assert_eq!(nearest("eventName", names), None, "the name itself is not near");
        assert_eq!(nearest("latency", names), None);
    }
}
