//! The sessions in `tests/cmd` and in the README, run as a user types them.
#![cfg(feature = "cli")]

#[test]
fn sessions_print_what_they_show() {
    let cases = trycmd::TestCases::new();
    // What another CI or terminal asks for would change what is printed.
    cases.env("GITHUB_ACTIONS", "false").env("GITLAB_CI", "false").env("CLICOLOR_FORCE", "0");
    cases.case("tests/cmd/*.trycmd").case("README.md");
}
