//! A pattern in as few characters as its canonical spelling allows, for the quota of 1,024.

use super::FilterPattern;

impl FilterPattern {
    /// The shortest spelling that this crate knows: no blanks and no quotes but those that are needed. It means the same.
    ///
    /// ```
    /// use trailql::FilterPattern;
    ///
    /// let pattern: FilterPattern = r#"{ ($.eventName = "GetObject") && ($.readOnly IS TRUE) }"#.parse()?;
    /// assert_eq!(pattern.to_tight_string(), "{$.eventName=GetObject&&$.readOnly IS TRUE}");
    /// # Ok::<(), trailql::ParseErrors>(())
    /// ```
    pub fn to_tight_string(&self) -> String {
        let canonical = self.to_string();
        let means_the_same = |text: &str| FilterPattern::parse(text).is_ok_and(|parsed| parsed == *self);
        // Between terms a blank is all there is.
        let blanks_part = matches!(self, FilterPattern::Terms(_));
        let mut pieces = pieces(&canonical, blanks_part);
        let joined = |pieces: &[String]| pieces.concat();
        let mut best = canonical;
        let close = joined(&pieces);
        if means_the_same(&close) {
            best = close;
        }
        for index in 0..pieces.len() {
            let Some(piece) = pieces.get(index) else { break };
            let Some(bare) = piece.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
                continue;
            };
            let (quoted, bare) = (piece.clone(), bare.to_owned());
            if bare.is_empty() {
                continue;
            }
            if let Some(place) = pieces.get_mut(index) {
                *place = bare;
            }
            let shorter = joined(&pieces);
            if means_the_same(&shorter) {
                best = shorter;
            } else if let Some(place) = pieces.get_mut(index) {
                *place = quoted;
            }
        }
        best
    }
}

/// A canonical text cut at quotes and regexes, without the blanks that stand beside a sign unless `blanks_part`.
fn pieces(text: &str, blanks_part: bool) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let last = pieces.last().and_then(|piece| piece.chars().next_back());
        match c {
            '"' | '%' | '\'' => {
                let mut quoted = String::from(c);
                while let Some(inner) = chars.next() {
                    quoted.push(inner);
                    if inner == '\\' && c == '"' {
                        quoted.extend(chars.next());
                    } else if inner == c {
                        break;
                    }
                }
                pieces.extend([quoted, String::new()]);
            }
            ' ' => {
                let behind = chars.peek().copied().unwrap_or_default();
                let before = last.unwrap_or(if pieces.len() > 1 { '"' } else { ' ' });
                let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '*' | ']' | '-' | '.');
                let parts = blanks_part || (is_word(before) && is_word(behind));
                if parts && let Some(piece) = pieces.last_mut() {
                    piece.push(' ');
                }
            }
            c => {
                if let Some(piece) = pieces.last_mut() {
                    piece.push(c);
                }
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use crate::FilterPattern;

    fn tight(text: &str) -> String {
        let pattern: FilterPattern = text.parse().unwrap();
        let tight = pattern.to_tight_string();
        assert_eq!(tight.parse::<FilterPattern>().unwrap(), pattern, "{tight}");
        assert!(tight.len() <= pattern.to_string().len(), "{tight}");
        tight
    }

    #[test]
    fn what_is_not_needed_goes_and_the_meaning_stays() {
        assert_eq!(tight("{ ($.a = \"x\") || ($.b != \"x y\") }"), "{$.a=x||$.b!=\"x y\"}");
        assert_eq!(tight("{ $.a = \"17\" && $.b = 17 }"), "{$.a=\"17\"&&$.b=17}", "a number is no text");
        assert_eq!(tight("{ ($.a = 1 || $.b = 2) && $.c NOT EXISTS }"), "{($.a=1||$.b=2)&&$.c NOT EXISTS}");
        assert_eq!(tight("{ $.['a b'] = %x y% && $.c = \"s3:Get*\" }"), "{$.['a b']=%x y%&&$.c=\"s3:Get*\"}");
        assert_eq!(tight("[ip, ..., status = \"4*\"]"), "[ip,...,status=4*]");
        assert_eq!(tight("ERROR \"a b\""), "ERROR \"a b\"");
    }
}
