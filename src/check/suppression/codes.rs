//! The rules about comments that silence findings.

pub use crate::syntax::Rule;
use crate::syntax::rule::rules;

rules! {
    WITHOUT_CODE "SU001" Warning "a suppression without a code":
        "A comment silences the findings whose codes it names; one that names none would also silence what is found tomorrow, so it silences nothing. The codes stand in brackets behind `ignore`, with commas between them, and the reason behind the brackets.",
        "fields eventName # trailql: ignore" => "filter eventName like \"%Object%\" # trailql: ignore[LI106] the names have percent signs";
    UNUSED "SU002" Warning "a suppression that silences nothing":
        "No finding of this code is where the comment counts. A comment at the end of a line counts for that line, one on a line of its own for the next line. What is left behind once a fault is mended would hide the next one.",
        "# trailql: ignore[LI106] the names have percent signs\nfilter eventName like \"Object\"" => "filter eventName like \"Object\"";
    UNKNOWN_CODE "SU003" Warning "a suppression of a code that does not exist":
        "Each code is two letters and three digits, as it stands in the findings; a beginning such as `LI1` is taken by options and the configuration file only.",
        "fields eventName # trailql: ignore[LI999] why" => "fields eventName";
    NOT_UNDERSTOOD "SU004" Warning "a suppression that is not understood":
        "Behind `trailql:` stands `ignore`, then the codes in brackets.",
        "filter eventName like \"Object\" # trailql: disable[LI106] why" => "filter eventName like \"Object\"";
}
