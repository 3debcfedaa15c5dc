//! What stands in a syntax tree and takes no part in its meaning.

use std::hash::{Hash, Hasher};

/// Something that has no part in what a tree means: never unequal, never hashed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trivia<T>(pub T);

impl<T> PartialEq for Trivia<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> Eq for Trivia<T> {}

impl<T> Hash for Trivia<T> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for Trivia<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
