//! AWS IAM: each member of its requests and answers beside the name that the SDK gives it.

use aws_sdk_iam::Client;
use aws_sdk_iam::types;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::members::{answer, enumerations, send, structure};
use crate::provision::{Fault, Operation};

/// A call whose policy documents come back as they were put, where the service answers with percent signs.
pub(super) async fn call(client: &Client, asked: Asked) -> Result<Map<String, Value>, Fault> {
    let mut answer = send(client, asked).await?;
    if let Some(document) = answer.get_mut("PolicyDocument") {
        decode(document);
    }
    if let Some(document) = answer.get_mut("Role").and_then(|role| role.get_mut("AssumeRolePolicyDocument")) {
        decode(document);
    }
    Ok(answer)
}

fn decode(document: &mut Value) {
    let Some(text) = document.as_str() else { return };
    // A document that is not encoded begins with a brace, and may hold percent signs of its own.
    if !text.trim_start().starts_with('{')
        && let Ok(decoded) = percent_decode_str(text).decode_utf8()
    {
        *document = Value::String(decoded.into_owned());
    }
}

async fn send(client: &Client, asked: Asked) -> Result<Map<String, Value>, Fault> {
    match asked.operation {
        Operation::GetAccountSummary => {
            send!(asked, client.get_account_summary() {} => { SummaryMap: summary_map })
        }
        Operation::GetRole => send!(asked, client.get_role() { RoleName: set_role_name } => { Role: role }),
        Operation::CreateRole => send!(asked, client.create_role() {
            Path: set_path,
            RoleName: set_role_name,
            AssumeRolePolicyDocument: set_assume_role_policy_document,
            Description: set_description,
            MaxSessionDuration: set_max_session_duration,
            PermissionsBoundary: set_permissions_boundary,
            Tags: set_tags,
        } => { Role: role }),
        Operation::UpdateAssumeRolePolicy => send!(asked, client.update_assume_role_policy() {
            RoleName: set_role_name,
            PolicyDocument: set_policy_document,
        } => {}),
        Operation::TagRole => {
            send!(asked, client.tag_role() { RoleName: set_role_name, Tags: set_tags } => {})
        }
        Operation::UntagRole => {
            send!(asked, client.untag_role() { RoleName: set_role_name, TagKeys: set_tag_keys } => {})
        }
        Operation::DeleteRole => send!(asked, client.delete_role() { RoleName: set_role_name } => {}),
        Operation::GetRolePolicy => send!(asked, client.get_role_policy() {
            RoleName: set_role_name,
            PolicyName: set_policy_name,
        } => {
            RoleName: role_name,
            PolicyName: policy_name,
            PolicyDocument: policy_document,
        }),
        Operation::PutRolePolicy => send!(asked, client.put_role_policy() {
            RoleName: set_role_name,
            PolicyName: set_policy_name,
            PolicyDocument: set_policy_document,
        } => {}),
        Operation::DeleteRolePolicy => send!(asked, client.delete_role_policy() {
            RoleName: set_role_name,
            PolicyName: set_policy_name,
        } => {}),
        _ => Err(asked.not_here()),
    }
}

answer!(types::AttachedPermissionsBoundary {
    PermissionsBoundaryType: permissions_boundary_type,
    PermissionsBoundaryArn: permissions_boundary_arn,
});

answer!(types::Role {
    Path: path,
    RoleName: role_name,
    RoleId: role_id,
    Arn: arn,
    CreateDate: create_date,
    AssumeRolePolicyDocument: assume_role_policy_document,
    Description: description,
    MaxSessionDuration: max_session_duration,
    PermissionsBoundary: permissions_boundary,
    Tags: tags,
    RoleLastUsed: role_last_used,
    SourceRoleTemplate: source_role_template,
});

answer!(types::RoleLastUsed { LastUsedDate: last_used_date, Region: region });

answer!(types::SourceRoleTemplate {
    TemplateArn: template_arn,
    TemplateMinorVersion: template_minor_version,
});

structure!(checked types::Tag { Key: key set_key, Value: value set_value });

enumerations!(types::PermissionsBoundaryAttachmentType, types::SummaryKeyType);
