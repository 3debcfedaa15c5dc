//! Items as a sentence lists them.

/// `a, b and c`, with the conjunction that is given; nothing for no items.
pub(crate) fn listed(items: &[String], conjunction: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} {conjunction} {last}", init.join(", ")),
    }
}

/// The same of names, each between back-ticks.
pub(crate) fn listed_names<'n>(names: impl IntoIterator<Item = &'n str>, conjunction: &str) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    listed(&quoted, conjunction)
}
