//! The rules of files with additions to the schema.

use crate::syntax::Rule;
use crate::syntax::rule::rules;

rules! {
    ADDITIONS "CT090" Error "the additions to the schema cannot be used":
        "A file of additions is TOML: `[[events]]` with `source` and `names`, `[[fields]]` with `path`, `kind` and perhaps `occurrence`, `values` and `note`.",
        "[[fields]]\npath = \"tenant\"\nkind = \"text\"" => "[[fields]]\npath = \"tenant\"\nkind = \"string\"";
    KNOWN_ALREADY "CT091" Info "an addition says what is known already":
        "The schema has this field; what the file says of it is not used.",
        "[[fields]]\npath = \"eventName\"\nkind = \"string\"" => "[[fields]]\npath = \"tenant\"\nkind = \"string\"";
}
