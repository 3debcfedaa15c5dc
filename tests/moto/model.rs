//! The services' models as botocore ships them.

use std::fs;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

pub(crate) struct Model(Value);

impl Model {
    /// The newest model of a service, by the name of botocore's folder.
    pub(crate) fn load(environment: &Path, service: &str) -> Self {
        let python = fs::read_dir(environment.join("lib")).unwrap().next().unwrap().unwrap().path();
        let data = python.join("site-packages/botocore/data").join(service);
        let mut versions: Vec<_> = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()).collect();
        versions.sort();
        let file = fs::File::open(versions.last().unwrap().join("service-2.json.gz")).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
        Model(serde_json::from_str(&text).unwrap())
    }

    pub(crate) fn metadata(&self, name: &str) -> &str {
        self.0["metadata"][name].as_str().unwrap()
    }

    pub(crate) fn operation(&self, name: &str) -> &Value {
        let operation = &self.0["operations"][name];
        assert!(operation.is_object(), "{name} is in the model");
        operation
    }

    pub(crate) fn shape(&self, name: &str) -> &Value {
        &self.0["shapes"][name]
    }

    pub(crate) fn kind(&self, shape: &str) -> &str {
        self.shape(shape)["type"].as_str().unwrap()
    }

    /// The members of a structure: name, the member's own traits, the name of its shape.
    pub(crate) fn members<'m>(&'m self, shape: &str) -> impl Iterator<Item = (&'m str, &'m Value, &'m str)> {
        self.shape(shape)["members"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, member)| (name.as_str(), member, member["shape"].as_str().unwrap()))
    }
}
