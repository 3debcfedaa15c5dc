//! The stack file: everything that watches a trail, in one TOML file, under the service's own names.
