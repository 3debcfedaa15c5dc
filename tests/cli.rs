//! The sessions in `tests/cmd` and in the README, run as a user types them.
#![cfg(feature = "cli")]

#[test]
fn sessions_print_what_they_show() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd").case("README.md");
}
