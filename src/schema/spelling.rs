//! Which of some names a misspelt one is near to.

/// The nearest of the candidates, nearest first: the same letters in another case before all others.
pub(super) fn nearest<'c>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    most: usize,
) -> Vec<&'c str> {
    let lower = wrong.to_ascii_lowercase();
    let tolerance = tolerance(wrong);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(wrong.len()) <= tolerance)
        .filter_map(|candidate| {
            let distance = strsim::osa_distance(&lower, &candidate.to_ascii_lowercase());
            (distance <= tolerance).then_some((distance, candidate))
        })
        .collect();
    near.sort_by_key(|(distance, candidate)| (*distance, *candidate));
    near.truncate(most);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// How many letters may differ: one in four, and at most three.
fn tolerance(word: &str) -> usize {
    (word.chars().count() / 4).clamp(1, 3)
}
