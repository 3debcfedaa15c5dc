//! The sessions in `tests/cmd` and in the README, run as a user types them.
#![cfg(feature = "cli")]

#[test]
fn sessions_print_what_they_show() {
    let cases = trycmd::TestCases::new();
    // Where they are run by another CI, `check` would print its form.
    cases.env("GITHUB_ACTIONS", "false").env("GITLAB_CI", "false");
    cases.case("tests/cmd/*.trycmd").case("README.md");
}
