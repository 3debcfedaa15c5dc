//! Amazon S3: each member of its requests and answers beside the name that the SDK gives it.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Region;
use aws_sdk_s3::types;
use serde_json::{Map, Value};

use super::asked::Asked;
use super::members::{answer, enumerations, request, send};
use crate::provision::{Fault, Operation};

/// A call to the bucket's own Region: the one that is asked first, or the one that it names instead.
///
/// What is told to go elsewhere has not been carried out, so it may be sent again. A bucket is made where the caller
/// wants it.
pub(super) async fn call(client: &Client, region: &str, asked: Asked) -> Result<Map<String, Value>, Fault> {
    let refused = match send(client, asked.clone()).await {
        Err(refused) if asked.operation != Operation::CreateBucket => refused,
        answer => return answer,
    };
    match asked.witness.bucket_region().filter(|home| home != region && goes_elsewhere(&refused)) {
        Some(home) => {
            let elsewhere = client.config().to_builder().region(Region::new(home)).build();
            send(&Client::from_conf(elsewhere), asked).await
        }
        None => Err(refused),
    }
}

/// 400 is the answer to a signature for another Region.
fn goes_elsewhere(fault: &Fault) -> bool {
    matches!(fault, Fault::Service { status: Some(301 | 307 | 400), .. })
}

async fn send(client: &Client, asked: Asked) -> Result<Map<String, Value>, Fault> {
    match asked.operation {
        Operation::ListBuckets => send!(asked, client.list_buckets() {
            MaxBuckets: set_max_buckets,
            ContinuationToken: set_continuation_token,
            Prefix: set_prefix,
            BucketRegion: set_bucket_region,
        } => {
            Buckets: buckets,
            Owner: owner,
            ContinuationToken: continuation_token,
            Prefix: prefix,
        }),
        Operation::HeadBucket => send!(asked, client.head_bucket() {
            Bucket: set_bucket,
            ExpectedBucketOwner: set_expected_bucket_owner,
        } => {
            BucketArn: bucket_arn,
            BucketLocationType: bucket_location_type,
            BucketLocationName: bucket_location_name,
            BucketRegion: bucket_region,
            AccessPointAlias: access_point_alias,
        }),
        Operation::CreateBucket => send!(asked, client.create_bucket() {
            ACL: set_acl,
            Bucket: set_bucket,
            CreateBucketConfiguration: set_create_bucket_configuration,
            GrantFullControl: set_grant_full_control,
            GrantRead: set_grant_read,
            GrantReadACP: set_grant_read_acp,
            GrantWrite: set_grant_write,
            GrantWriteACP: set_grant_write_acp,
            ObjectLockEnabledForBucket: set_object_lock_enabled_for_bucket,
            ObjectOwnership: set_object_ownership,
            BucketNamespace: set_bucket_namespace,
        } => { Location: location, BucketArn: bucket_arn }),
        Operation::GetBucketPolicy => send!(asked, client.get_bucket_policy() {
            Bucket: set_bucket,
            ExpectedBucketOwner: set_expected_bucket_owner,
        } => { Policy: policy }),
        Operation::PutBucketPolicy => send!(asked, client.put_bucket_policy() {
            Bucket: set_bucket,
            ContentMD5: set_content_md5,
            ChecksumAlgorithm: set_checksum_algorithm,
            ConfirmRemoveSelfBucketAccess: set_confirm_remove_self_bucket_access,
            Policy: set_policy,
            ExpectedBucketOwner: set_expected_bucket_owner,
        } => {}),
        Operation::DeleteBucketPolicy => send!(asked, client.delete_bucket_policy() {
            Bucket: set_bucket,
            ExpectedBucketOwner: set_expected_bucket_owner,
        } => {}),
        Operation::DeleteBucket => send!(asked, client.delete_bucket() {
            Bucket: set_bucket,
            ExpectedBucketOwner: set_expected_bucket_owner,
        } => {}),
        _ => Err(asked.not_here()),
    }
}

answer!(types::Bucket {
    Name: name,
    CreationDate: creation_date,
    BucketRegion: bucket_region,
    BucketArn: bucket_arn,
});

answer!(types::Owner { DisplayName: display_name, ID: id });

request!(types::BucketInfo { DataRedundancy: set_data_redundancy, Type: set_type });

request!(types::CreateBucketConfiguration {
    LocationConstraint: set_location_constraint,
    Location: set_location,
    Bucket: set_bucket,
    Tags: set_tags,
});

request!(types::LocationInfo { Type: set_type, Name: set_name });

request!(checked types::Tag { Key: set_key, Value: set_value });

enumerations!(
    types::BucketCannedAcl,
    types::BucketLocationConstraint,
    types::BucketNamespace,
    types::BucketType,
    types::ChecksumAlgorithm,
    types::DataRedundancy,
    types::LocationType,
    types::ObjectOwnership,
);
