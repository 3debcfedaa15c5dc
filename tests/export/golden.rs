//! The example as it is exported, and the stack that uses everything: files in `tests/golden/export` that a person has looked
//! at, and in which `terraform fmt` (1.11.4) changes nothing. `SNAPSHOTS=overwrite` writes them anew.

use snapbox::{assert_data_eq, file};
use trailql::provision::{ExportFormat, ExportOptions};

use super::{EXAMPLE, RICH, stack_of, text_of};

#[test]
fn the_example_is_what_it_was() {
    let stack = stack_of(EXAMPLE);
    let export = |format| text_of(&stack, format, &ExportOptions::default());
    let yaml = export(ExportFormat::CloudFormation);
    assert_data_eq!(yaml, file!["../golden/export/example.yaml": Text].raw());
    let json = export(ExportFormat::CloudFormationJson);
    assert_data_eq!(json, file!["../golden/export/example.json": Text].raw());
    let hcl = export(ExportFormat::Terraform);
    assert_data_eq!(hcl, file!["../golden/export/example.tf": Text].raw());
    let json = export(ExportFormat::TerraformJson);
    assert_data_eq!(json, file!["../golden/export/example.tf.json": Text].raw());
}

#[test]
fn the_stack_that_uses_everything_is_what_it_was() {
    let stack = stack_of(RICH);
    let options = ExportOptions { bucket: true, ..ExportOptions::default() };
    let yaml = text_of(&stack, ExportFormat::CloudFormation, &options);
    assert_data_eq!(yaml, file!["../golden/export/rich.yaml": Text].raw());
    let hcl = text_of(&stack, ExportFormat::Terraform, &options);
    assert_data_eq!(hcl, file!["../golden/export/rich.tf": Text].raw());
}
