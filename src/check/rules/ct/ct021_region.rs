//! CT021: a region in a spelling that no region has.

use crate::diagnostic::{Code, Severity};
use crate::{Diagnostic, Fix, syntax::Rule};

use super::{Context, finding};

pub(super) const RULE: Rule = Rule {
    code: Code("CT021"),
    severity: Severity::Warning,
    title: "not the code of a region",
    why: "`awsRegion` is the code of a region, such as `us-east-1`: lower case, with hyphens, without the letter of an \
          availability zone. Any other spelling matches no record.",
    bad: r#"{ $.awsRegion = "us-east-1a" && $.eventName = "RunInstances" }"#,
    good: r#"{ $.awsRegion = "us-east-1" && $.eventName = "RunInstances" }"#,
    see: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-supported-regions.html",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for one in context.facts.uses.iter().filter(|one| one.is(&["awsRegion"])) {
        for value in one.texts() {
            let Some(text) = value.exact() else { continue };
            let Some((region, why)) = region(text) else { continue };
            let written = context.spelling.text_for(value, context.text, &region);
            findings.push(
                finding(&RULE, value.span, format!("`{text}` is no region: {why}"))
                    .help(format!("write `{written}`"))
                    .fix(Fix::replace(format!("write `{written}`"), value.span, written)),
            );
        }
    }
}

/// The region that is spelled another way, and what is wrong with the spelling.
fn region(text: &str) -> Option<(String, &'static str)> {
    let tidy = text.to_ascii_lowercase().replace('_', "-");
    if is_region(&tidy) {
        return match (text == tidy, text.contains('_')) {
            (true, _) => None,
            (false, true) => Some((tidy, "hyphens part its words")),
            (false, false) => Some((tidy, "letters are lower case")),
        };
    }
    let zone = tidy.strip_suffix(|c: char| matches!(c, 'a'..='f')).filter(|region| is_region(region));
    if let Some(region) = zone {
        return Some((region.to_owned(), "this is an availability zone"));
    }
    let letters = tidy.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = tidy.strip_prefix(letters)?;
    let parted = format!("{letters}-{number}");
    is_region(&parted).then_some((parted, "a hyphen stands before the number"))
}

/// `us-east-1`: two or more words of letters, a number, hyphens between.
fn is_region(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let Some((partition, rest)) = words.split_once('-') else { return false };
    let is_word = |word: &str| word.len() >= 2 && word.bytes().all(|b| b.is_ascii_lowercase());
    partition.len() == 2
        && is_word(partition)
        && rest.split('-').all(is_word)
        && number.len() == 1
        && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_spellings_that_no_region_has_are_respelled() {
        let meant = |text| region(text).map(|(region, _)| region);
        for region in ["us-east-1", "ap-southeast-7", "us-gov-west-1", "us-iso-east-1", "eusc-de-east-1", "mars-1"] {
            assert_eq!(meant(region), None, "{region}");
        }
        for (text, region) in [
            ("us-east-1a", "us-east-1"),
            ("US-EAST-1", "us-east-1"),
            ("us_east_1", "us-east-1"),
            ("us-east1", "us-east-1"),
            ("eu-central-1b", "eu-central-1"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(region), "{text}");
        }
    }
}
