//! What can be wrong with a saved query or a call of one.

/// Why a saved query cannot be kept, read or called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SavedError {
    /// A name that the service does not take.
    #[error(
        "`{name}` cannot name a saved query: 1 to 255 characters, none of them `:` or `*`, folders between single `/`"
    )]
    BadName {
        /// The name.
        name: String,
    },
    /// A second query of this name.
    #[error("there are two saved queries `{name}`; rename one")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A text that is empty or too long.
    #[error("the saved query `{query}` has {characters} characters; the service takes 1 to 10,000")]
    Length {
        /// The query.
        query: String,
        /// What it has.
        characters: usize,
    },
    /// A parameter's name that the service does not take.
    #[error(
        "`{name}` in the saved query `{query}` cannot name a parameter: a letter or `_`, then letters, digits and `_`, 128 at most"
    )]
    BadParameterName {
        /// The query.
        query: String,
        /// The parameter.
        name: String,
    },
    /// Two parameters of one name, in a query or in a call.
    #[error("the parameter `{name}` of the saved query `{query}` is given twice")]
    DuplicateParameter {
        /// The query.
        query: String,
        /// The parameter.
        name: String,
    },
    /// A parameter that the text does not use.
    #[error(
        "the text of the saved query `{query}` does not use its parameter `{name}`; write `{{{{{name}}}}}` in it"
    )]
    UnusedParameter {
        /// The query.
        query: String,
        /// The parameter.
        name: String,
    },
    /// More parameters than the service takes.
    #[error("the saved query `{query}` has {count} parameters; the service takes 20")]
    TooManyParameters {
        /// The query.
        query: String,
        /// How many.
        count: usize,
    },
    /// A default that is too long.
    #[error(
        "the default of the parameter `{name}` of the saved query `{query}` has more than 1,024 characters"
    )]
    LongDefault {
        /// The query.
        query: String,
        /// The parameter.
        name: String,
    },
    /// A call of a query that is not there.
    #[error("there is no saved query `{name}`{}", known(.names))]
    UnknownQuery {
        /// The name.
        name: String,
        /// Some names that are there.
        names: Vec<String>,
    },
    /// A call of a query in another language.
    #[error("the saved query `{name}` is written in {language}; only queries in CWLI can be called")]
    OtherLanguage {
        /// The query.
        name: String,
        /// Its language.
        language: String,
    },
    /// A call with a parameter that the query does not have.
    #[error("the saved query `{query}` has no parameter `{name}`{}", known(.names))]
    UnknownParameter {
        /// The query.
        query: String,
        /// The parameter.
        name: String,
        /// The parameters it has.
        names: Vec<String>,
    },
    /// A call without a parameter that has no default.
    #[error("the saved query `{query}` needs its parameter `{name}`; write `{name} = …` in the call")]
    MissingParameter {
        /// The query.
        query: String,
        /// The parameter.
        name: String,
    },
    /// An expansion that is too long.
    #[error("the saved query `{query}` has more than 10,000 characters once its parameters are filled in")]
    LongExpansion {
        /// The query.
        query: String,
    },
    /// A saved query that calls one.
    #[error("the saved query `{query}` calls a saved query; write that one's text instead")]
    Nested {
        /// The query.
        query: String,
    },
    /// A text that is not what `describe-query-definitions` prints.
    #[error(
        "these are no query definitions: {reason}; `aws logs describe-query-definitions` prints what is read here"
    )]
    Json {
        /// What is wrong with it.
        reason: String,
    },
}

fn known(names: &[String]) -> String {
    match names {
        [] => "; there is none".to_owned(),
        names => format!("; there is `{}`", names.join("`, `")),
    }
}
