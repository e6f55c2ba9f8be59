//! Updates a user pool without losing other settings.
//!
//! `UpdateUserPool` resets every setting that is not sent. So all are sent exactly as Cognito just described them, including unknown
//! ones: at worst Cognito ignores or refuses these, while omitting them resets them silently.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::cognito::error::Error;
use crate::cognito::sdk::json_body::{self, Members, Reader};
use crate::domain::ids::PoolId;
use crate::domain::pool::{DcrConfiguration, UserPool};

/// What `DescribeUserPool` returns and `UpdateUserPool` does not accept: set at creation, by Cognito or by other operations. `Name`
/// has another name there. [`unchanged`] explains `DcrConfiguration`.
const READ_ONLY: [&str; 16] = [
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
    DCR,
];

/// Duplicate settings: the old name, and the new one in `VerificationMessageTemplate`.
const TWICE: [(&str, &str); 3] = [
    ("SmsVerificationMessage", "SmsMessage"),
    ("EmailVerificationMessage", "EmailMessage"),
    ("EmailVerificationSubject", "EmailSubject"),
];

const DCR: &str = "DcrConfiguration";
const TRIGGERS: &str = "LambdaConfig";
const ISSUER: &str = "IssuerConfiguration";
const PROTECTION: &str = "DeletionProtection";

/// The known members of a description, shown or not. Source: botocore 1.44.8, `UserPoolType`.
const KNOWN: [(&str, &[&str]); 24] = [
    (
        "",
        &[
            "Id",
            "Name",
            "Policies",
            PROTECTION,
            "LambdaConfig",
            "Status",
            "LastModifiedDate",
            "CreationDate",
            "SchemaAttributes",
            "AutoVerifiedAttributes",
            "AliasAttributes",
            "UsernameAttributes",
            "SmsVerificationMessage",
            "EmailVerificationMessage",
            "EmailVerificationSubject",
            "VerificationMessageTemplate",
            "SmsAuthenticationMessage",
            "UserAttributeUpdateSettings",
            "MfaConfiguration",
            "DeviceConfiguration",
            "EstimatedNumberOfUsers",
            "EmailConfiguration",
            "SmsConfiguration",
            "UserPoolTags",
            "SmsConfigurationFailure",
            "EmailConfigurationFailure",
            "Domain",
            "CustomDomain",
            ADMIN,
            "UserPoolAddOns",
            DCR,
            "UsernameConfiguration",
            "Arn",
            "AccountRecoverySetting",
            "UserPoolTier",
            "KeyConfiguration",
            "IssuerConfiguration",
            "AcrConfiguration",
        ],
    ),
    ("Policies", &["PasswordPolicy", "SignInPolicy"]),
    (
        "Policies.PasswordPolicy",
        &[
            "MinimumLength",
            "RequireUppercase",
            "RequireLowercase",
            "RequireNumbers",
            "RequireSymbols",
            "PasswordHistorySize",
            "TemporaryPasswordValidityDays",
        ],
    ),
    ("Policies.SignInPolicy", &["AllowedFirstAuthFactors"]),
    (
        "LambdaConfig",
        &[
            "PreSignUp",
            "CustomMessage",
            "PostConfirmation",
            "PreAuthentication",
            "PostAuthentication",
            "DefineAuthChallenge",
            "CreateAuthChallenge",
            "VerifyAuthChallengeResponse",
            "PreTokenGeneration",
            "UserMigration",
            "PreTokenGenerationConfig",
            "CustomSMSSender",
            "CustomEmailSender",
            "KMSKeyID",
            "InboundFederation",
        ],
    ),
    (
        "LambdaConfig.PreTokenGenerationConfig",
        &["LambdaVersion", "LambdaArn"],
    ),
    (
        "LambdaConfig.CustomSMSSender",
        &["LambdaVersion", "LambdaArn"],
    ),
    (
        "LambdaConfig.CustomEmailSender",
        &["LambdaVersion", "LambdaArn"],
    ),
    (
        "LambdaConfig.InboundFederation",
        &["LambdaVersion", "LambdaArn"],
    ),
    (
        "VerificationMessageTemplate",
        &[
            "SmsMessage",
            "EmailMessage",
            "EmailSubject",
            "EmailMessageByLink",
            "EmailSubjectByLink",
            "DefaultEmailOption",
        ],
    ),
    (
        "UserAttributeUpdateSettings",
        &["AttributesRequireVerificationBeforeUpdate"],
    ),
    (
        "DeviceConfiguration",
        &[
            "ChallengeRequiredOnNewDevice",
            "DeviceOnlyRememberedOnUserPrompt",
        ],
    ),
    (
        "EmailConfiguration",
        &[
            "SourceArn",
            "ReplyToEmailAddress",
            "EmailSendingAccount",
            "From",
            "ConfigurationSet",
        ],
    ),
    (
        "SmsConfiguration",
        &["SnsCallerArn", "ExternalId", "SnsRegion", "EumsSms"],
    ),
    (
        "SmsConfiguration.EumsSms",
        &[
            "CallerArn",
            "ExternalId",
            "OriginationIdentity",
            "ConfigurationSetName",
            "InEntityId",
            "InTemplateId",
            "Region",
        ],
    ),
    (
        ADMIN,
        &[
            "AllowAdminCreateUserOnly",
            UNUSED_DAYS,
            "InviteMessageTemplate",
        ],
    ),
    (
        "AdminCreateUserConfig.InviteMessageTemplate",
        &["SMSMessage", "EmailMessage", "EmailSubject"],
    ),
    (
        "UserPoolAddOns",
        &["AdvancedSecurityMode", "AdvancedSecurityAdditionalFlows"],
    ),
    (
        "UserPoolAddOns.AdvancedSecurityAdditionalFlows",
        &["CustomAuthMode"],
    ),
    (
        DCR,
        &[
            "EnableStatus",
            "OpenDcrEnabled",
            "AuthenticatedGrantTypes",
            "OpenDcrGrantTypes",
            "AllowedScopes",
        ],
    ),
    ("UsernameConfiguration", &["CaseSensitive"]),
    ("AccountRecoverySetting", &["RecoveryMechanisms"]),
    ("KeyConfiguration", &["KeyType", "KmsKeyArn"]),
    ("IssuerConfiguration", &["Type"]),
];

/// The known settings of a description.
pub fn known(described: &Members) -> Map<String, Value> {
    json_body::known(described, &KNOWN)
}

/// Adds to `pool` what the SDK's types drop.
///
/// # Errors
/// [`crate::cognito::ErrorKind::Malformed`]: a member is not of its kind.
pub fn complete(
    pool: &mut UserPool,
    described: &Members,
    operation: &'static str,
) -> Result<(), Error> {
    let mut reader = Reader::new(described);
    let dcr: Option<Members> = reader.read(DCR);
    pool.estimated_users = reader.read("EstimatedNumberOfUsers");
    let triggers: Option<Members> = reader.read(TRIGGERS);
    let protection = reader.text(PROTECTION);
    let issuer: Option<Box<RawValue>> = reader.read(ISSUER);
    reader.finish(operation, pool.id.as_str())?;
    let triggers = triggers.into_iter().flatten();
    pool.lambda_triggers = triggers
        .filter(|(name, value)| value.get() != "null" && name != "KMSKeyID")
        .map(|(name, _)| name)
        .collect();
    pool.dcr = dcr
        .map(|dcr| registration(&dcr, pool, operation))
        .transpose()?;
    pool.other = json_body::others(described, &KNOWN);
    // An unknown value is a setting, too.
    let protection = protection.filter(|_| pool.deletion_protection.is_none());
    pool.other
        .extend(protection.map(|word| (PROTECTION.to_owned(), Value::from(word).to_string())));
    let issuer = issuer.filter(|_| pool.issuer.is_none());
    pool.other
        .extend(issuer.map(|value| (ISSUER.to_owned(), value.get().to_owned())));
    Ok(())
}

fn registration(
    described: &Members,
    pool: &UserPool,
    operation: &'static str,
) -> Result<DcrConfiguration, Error> {
    let mut reader = Reader::new(described);
    let status = reader.text("EnableStatus");
    let mut grants = |name| {
        let words: Option<Vec<String>> = reader.read(name);
        words.map(|words| words.iter().map(|word| word.as_str().into()).collect())
    };
    let (authenticated_grants, open_grants) = (
        grants("AuthenticatedGrantTypes"),
        grants("OpenDcrGrantTypes"),
    );
    let found = DcrConfiguration {
        enabled: status.and_then(|status| match status.to_ascii_lowercase().as_str() {
            "enabled" => Some(true),
            "disabled" => Some(false),
            _ => None,
        }),
        // Source of the default: botocore 1.44.8, `DcrConfigurationType`.
        open: reader.read("OpenDcrEnabled").unwrap_or(false),
        authenticated_grants,
        open_grants,
        allowed_scopes: reader.read("AllowedScopes"),
    };
    reader.finish(operation, pool.id.as_str())?;
    Ok(found)
}

/// The `UpdateUserPool` that keeps a pool as `described`. Omits `DcrConfiguration`, which keeps it: sending it replaces it as a whole,
/// and would change parts that Cognito does not describe.
pub fn unchanged(pool: &PoolId, described: Members) -> Members {
    let mut update = described;
    let name = update.remove("Name");
    for member in READ_ONLY {
        update.remove(member);
    }
    update.insert(
        "UserPoolId".to_owned(),
        json_body::raw(&pool.as_str().into()),
    );
    if let Some(name) = name {
        update.insert("PoolName".to_owned(), name);
    }
    let inner = |members: &Members, name: &str| json_body::object(members.get(name)?);
    // A pool whose password policy has a lifetime of temporary passwords is described with the older setting too, and rejected
    // with it: "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays".
    let policies = inner(&update, "Policies").unwrap_or_default();
    let password = inner(&policies, "PasswordPolicy").unwrap_or_default();
    if password.contains_key("TemporaryPasswordValidityDays")
        && let Some(mut admin) = inner(&update, ADMIN)
        && admin.remove(UNUSED_DAYS).is_some()
    {
        update.insert(ADMIN.to_owned(), json_body::joined(&admin));
    }
    // The old names are documented as unused. If both are equal, both are sent; if not, the new one.
    let template = inner(&update, "VerificationMessageTemplate").unwrap_or_default();
    let text = |members: &Members, name: &str| -> Option<String> {
        serde_json::from_str(members.get(name)?.get()).ok()
    };
    for (old, new) in TWICE {
        if template.contains_key(new) && text(&template, new) != text(&update, old) {
            update.remove(old);
        }
    }
    update.retain(|_, value| value.get() != "null");
    update
}

const ADMIN: &str = "AdminCreateUserConfig";
const UNUSED_DAYS: &str = "UnusedAccountValidityDays";

/// Removes `AdminCreateUserConfig.UnusedAccountValidityDays` from a request.
pub fn drop_unused_account_days(request: &mut Map<String, Value>) {
    if let Some(Value::Object(admin)) = request.get_mut(ADMIN) {
        admin.remove(UNUSED_DAYS);
    }
}
