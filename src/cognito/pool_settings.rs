//! Changing a user pool without losing what the change is not about.
//!
//! `UpdateUserPool` puts back to its default every setting that is not sent. So all of them are sent, each one exactly as Cognito
//! described it a moment before, also those that this program knows nothing of: at worst Cognito ignores or refuses such a one, where
//! leaving it out would reset it silently.

use serde_json::{Map, Value};

use crate::domain::ids::PoolId;

type Object = Map<String, Value>;

/// What `DescribeUserPool` tells and `UpdateUserPool` does not take: set at creation, or by Cognito, or by other operations. `Name`
/// goes by another name.
const TOLD_ONLY: [&str; 15] = [
    "Id",
    "Name",
    "Arn",
    "Status",
    "CreationDate",
    "LastModifiedDate",
    "SchemaAttributes",
    "AliasAttributes",
    "UsernameAttributes",
    "UsernameConfiguration",
    "EstimatedNumberOfUsers",
    "SmsConfigurationFailure",
    "EmailConfigurationFailure",
    "Domain",
    "CustomDomain",
];

/// Settings that are there twice: the old name, and the new one inside `VerificationMessageTemplate`.
const TWICE: [(&str, &str); 3] = [
    ("SmsVerificationMessage", "SmsMessage"),
    ("EmailVerificationMessage", "EmailMessage"),
    ("EmailVerificationSubject", "EmailSubject"),
];

/// The `UpdateUserPool` that leaves a pool as `described`.
pub(super) fn unchanged(pool: &PoolId, described: Object) -> Object {
    let mut update = described;
    let name = update.remove("Name");
    for told in TOLD_ONLY {
        update.remove(told);
    }
    update.insert("UserPoolId".to_owned(), pool.as_str().into());
    if let Some(name) = name {
        update.insert("PoolName".to_owned(), name);
    }
    // A pool whose password policy has a lifetime of temporary passwords is described with the older setting too, and refused
    // with it: "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays".
    let has_new = update
        .get("Policies")
        .and_then(|policies| policies.pointer("/PasswordPolicy/TemporaryPasswordValidityDays"))
        .is_some();
    if has_new {
        drop_unused_account_days(&mut update);
    }
    // The old names are documented as no longer used. Where both say the same both are sent, where not the one in use.
    for (old, new) in TWICE {
        let template = update
            .get("VerificationMessageTemplate")
            .and_then(|template| template.get(new));
        if template.is_some() && template != update.get(old) {
            update.remove(old);
        }
    }
    update.retain(|_, value| !value.is_null());
    update
}

/// Takes `AdminCreateUserConfig.UnusedAccountValidityDays` out of a request.
pub(super) fn drop_unused_account_days(request: &mut Object) {
    if let Some(Value::Object(admin)) = request.get_mut("AdminCreateUserConfig") {
        admin.remove("UnusedAccountValidityDays");
    }
}
