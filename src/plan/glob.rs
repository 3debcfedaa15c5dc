//! Text comparison with a star at either end (`spec/filter-pattern.md` 3.3).

/// What a text value asks for: a star at the start, at the end or at both is a wildcard, any other is literal.
///
/// ```
/// use trailql::plan::glob::Glob;
///
/// assert!(Glob::new("Put*").matches("PutObject"));
/// assert!(!Glob::new("Ev*ent").matches("EvXent"), "a star inside is a star");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Glob {
    /// The whole text.
    Exact(Box<str>),
    /// `x*`
    Prefix(Box<str>),
    /// `*x`
    Suffix(Box<str>),
    /// `*x*`
    Contains(Box<str>),
    /// `*`: any text, also the empty one.
    Any,
}

impl Glob {
    /// The comparison that this spelling of a value asks for.
    pub fn new(value: &str) -> Self {
        if value == "*" {
            return Glob::Any;
        }
        let (open_start, core) = value.strip_prefix('*').map_or((false, value), |core| (true, core));
        let (open_end, core) = core.strip_suffix('*').map_or((false, core), |core| (true, core));
        match (open_start, open_end) {
            _ if core.is_empty() && (open_start || open_end) => Glob::Any,
            (false, false) => Glob::Exact(core.into()),
            (false, true) => Glob::Prefix(core.into()),
            (true, false) => Glob::Suffix(core.into()),
            (true, true) => Glob::Contains(core.into()),
        }
    }

    /// Whether `text` fulfils it.
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Glob::Exact(whole) => text == &**whole,
            Glob::Prefix(start) => text.starts_with(&**start),
            Glob::Suffix(end) => text.ends_with(&**end),
            Glob::Contains(part) => memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some(),
            Glob::Any => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_alone_match_every_text() {
        for stars in ["*", "**"] {
            assert_eq!(Glob::new(stars), Glob::Any);
        }
        assert_eq!(Glob::new("***"), Glob::Contains("*".into()));
    }

    #[test]
    fn an_empty_value_is_the_empty_text() {
        assert!(Glob::new("").matches("") && !Glob::new("").matches("x"));
    }
}
