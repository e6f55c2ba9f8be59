//! Compares the sandbox with the model: every operation is emulated or left out for a reason, every settable member is stored and
//! returned, every member of a response occurs at some time, and so does every enum value that only responses have.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use cognitui::sandbox::state::ClientType;
use serde_json::{Value, json};

use super::super::api::{text, with};
use super::Model;
use super::walk::Walk;

/// The operations of the sandbox.
pub static OURS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let limits = include_str!("../../../assets/sandbox/limits.json");
    let limits: Value = serde_json::from_str(limits).unwrap();
    let operations = limits["operations"].as_object().unwrap();
    operations.keys().cloned().collect()
});

/// Operations that the sandbox does not have, and why. A new one is in neither list.
const LEFT_OUT: [(&str, &str); 9] = [
    (
        "users, their groups, devices and sessions",
        "AdminAddUserToGroup AdminConfirmSignUp AdminCreateUser AdminDeleteSoftwareToken AdminDeleteUser \
         AdminDeleteUserAttributes AdminDisableProviderForUser AdminDisableUser AdminEnableUser AdminForgetDevice \
         AdminGetDevice AdminGetUser AdminGetUserAuthFactors AdminInitiateAuth AdminLinkProviderForUser AdminListDevices \
         AdminListGroupsForUser AdminListUserAuthEvents AdminListUserSessions AdminRemoveUserFromGroup \
         AdminResetUserPassword AdminRespondToAuthChallenge AdminRevokeUserSession AdminSetUserMFAPreference \
         AdminSetUserPassword AdminSetUserSettings AdminUpdateAuthEventFeedback AdminUpdateDeviceStatus \
         AdminUpdateUserAttributes AdminUserGlobalSignOut CreateGroup DeleteGroup GetGroup ListGroups ListUserSessions \
         ListUsers ListUsersInGroup RevokeUserSession UpdateGroup",
    ),
    (
        "what users do themselves",
        "AssociateSoftwareToken ChangePassword CompleteWebAuthnRegistration ConfirmDevice ConfirmForgotPassword ConfirmSignUp \
         DeleteUser DeleteUserAttributes DeleteWebAuthnCredential ForgetDevice ForgotPassword GetDevice \
         GetTokensFromRefreshToken GetUser GetUserAttributeVerificationCode GetUserAuthFactors GlobalSignOut InitiateAuth \
         ListDevices ListWebAuthnCredentials ResendConfirmationCode RespondToAuthChallenge RevokeToken SetUserMFAPreference \
         SetUserSettings SignUp StartWebAuthnRegistration UpdateAuthEventFeedback UpdateDeviceStatus UpdateUserAttributes \
         VerifySoftwareToken VerifyUserAttribute",
    ),
    (
        "importing and restoring users",
        "CancelPointInTimeRecovery CreateUserImportJob DescribePointInTimeRecovery DescribeUserImportJob GetCSVHeader \
         InitiatePointInTimeRecovery ListPointInTimeRecoveries ListUserImportJobs StartPointInTimeRecovery \
         StartUserImportJob StopUserImportJob",
    ),
    (
        "identity providers",
        "CreateIdentityProvider DeleteIdentityProvider DescribeIdentityProvider GetIdentityProviderByIdentifier \
         GetSigningCertificate ListIdentityProviders UpdateIdentityProvider",
    ),
    (
        "the pages of managed login",
        "CreateManagedLoginBranding CreateTerms DeleteManagedLoginBranding DeleteTerms DescribeManagedLoginBranding \
         DescribeManagedLoginBrandingByClient DescribeTerms DescribeTermsByClient GetUICustomization ListTerms \
         SetUICustomization UpdateManagedLoginBranding UpdateTerms",
    ),
    (
        "settings of sign-in that have operations of their own",
        "AddCustomAttributes DescribeRiskConfiguration GetLogDeliveryConfiguration GetUserPoolClientSessionConfiguration \
         GetUserPoolSessionConfiguration SetLogDeliveryConfiguration SetRiskConfiguration \
         SetUserPoolClientSessionConfiguration SetUserPoolSessionConfiguration",
    ),
    (
        "clients whose id is the address of a document: they sign people in",
        "CreateCIMDPolicy DeleteCIMDPolicy DescribeCIMDPolicy ListCIMDPolicies ListClientMetadataURLs UpdateCIMDPolicy \
         UpdateClientMetadataURLState",
    ),
    (
        "one Region is played",
        "CreateUserPoolReplica DeleteUserPoolReplica UpdateUserPoolReplica",
    ),
    (
        "rates that money buys",
        "GetProvisionedLimit UpdateProvisionedLimit",
    ),
];

/// What never comes in an answer, and why: a member of a shape, a whole shape, or a value of an enum.
const NEVER: [(&str, &str); 16] = [
    ("UserPoolType.Status", "no longer used"),
    ("UserPoolDescriptionType.Status", "no longer used"),
    ("UserPoolType.EmailConfigurationFailure", "nothing is sent"),
    ("UserPoolType.SmsConfigurationFailure", "nothing is sent"),
    (
        "UserPoolDescriptionType.ReplicaRegions",
        "one Region is played",
    ),
    (
        "ListUserPoolReplicasResponse.NextToken",
        "one Region is played",
    ),
    ("ReplicaRoleType=SECONDARY", "one Region is played"),
    ("ReplicaStatusType=CREATING", "one Region is played"),
    ("ReplicaStatusType=DELETING", "one Region is played"),
    ("ReplicaStatusType=INACTIVE", "one Region is played"),
    ("DomainStatusType=CREATING", "domains are active at once"),
    ("DomainStatusType=DELETING", "domains are gone at once"),
    ("DomainStatusType=UPDATING", "domains are active at once"),
    ("DomainStatusType=FAILED", "domains are active at once"),
    (
        "ListUserPoolClientSecretsResponse.NextToken",
        "two secrets at most",
    ),
    ("GetDerivedTokenResponse", "no token is exchanged"),
];

pub fn is_left_out(what: &str) -> bool {
    NEVER.iter().any(|(never, _)| *never == what)
}

/// Returns the settings that a setting needs beside it, or its own value.
pub fn companions(member: &str) -> Value {
    let web = json!({"AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "CallbackURLs": ["https://a.example"]});
    match member {
        "AutoVerifiedAttributes" => json!({"AutoVerifiedAttributes": ["email"]}),
        "UserPoolTier" => json!({"DcrConfiguration": {"EnableStatus": "Disabled"}}),
        "ClientSecret" => json!({"GenerateSecret": null}),
        "RefreshTokenValidity" => json!({"RefreshTokenValidity": 7}),
        "ReadAttributes" => json!({"ReadAttributes": ["email"]}),
        "WriteAttributes" => json!({"WriteAttributes": ["email"]}),
        "SupportedIdentityProviders" => json!({"SupportedIdentityProviders": ["COGNITO"]}),
        "AllowedOAuthScopes" => json!({"AllowedOAuthScopes": ["openid"]}),
        "AnalyticsConfiguration" => json!({"AnalyticsConfiguration": {
            "ApplicationId": "a", "RoleArn": "arn:aws:iam::123456789012:role/r", "ExternalId": "e", "UserDataShared": true,
        }}),
        "AllowedOAuthFlows" | "AllowedOAuthFlowsUserPoolClient" | "CallbackURLs" => web,
        "DefaultRedirectURI" => with(&web, &json!({"DefaultRedirectURI": "https://a.example"})),
        "CustomDomainConfig" => json!({"CustomDomainConfig": {
            "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/c", "SecurityPolicy": "TLS_V1_2_2021",
        }}),
        _ => json!({}),
    }
}

/// Returns operations in neither list, in both, or in no model.
fn strange_operations(model: &Model) -> Vec<String> {
    let all: BTreeSet<&str> = model.0["operations"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let left_out: Vec<&str> = LEFT_OUT
        .iter()
        .flat_map(|(_, operations)| operations.split_ascii_whitespace())
        .collect();
    let known: BTreeSet<&str> = OURS
        .iter()
        .map(String::as_str)
        .chain(left_out.iter().copied())
        .collect();
    let mut strange: Vec<String> = all
        .symmetric_difference(&known)
        .map(|operation| format!("operation {operation}"))
        .collect();
    if known.len() != OURS.len() + left_out.len() {
        strange.push("an operation is listed twice".to_owned());
    }
    strange
}

/// Returns everything that the model has and the sandbox has not.
async fn behind(model: &Model) -> Vec<String> {
    let mut walk = Walk::new(model.clone()).await;
    settings(&mut walk).await;
    lives(&mut walk).await;
    let mut behind = strange_operations(model);
    behind.extend(walk.missing());
    behind.append(&mut walk.faults);
    behind
}

/// Stores each setting of each kind of resource, at creation and at an update.
async fn settings(walk: &mut Walk) {
    let pool = walk.api.pool("p").await;
    let client = text(&walk.api.client(&pool).await["ClientId"]);
    let of_pool = json!({"UserPoolId": pool});
    let described = ("DescribeUserPool", "/UserPool");
    let named = json!({"PoolName": "q"});
    walk.stored("CreateUserPool", &named, "UserPoolType", described)
        .await;
    walk.stored("UpdateUserPool", &of_pool, "UserPoolType", described)
        .await;
    let described = ("DescribeUserPoolClient", "/UserPoolClient");
    let new = with(&of_pool, &json!({"ClientName": "c"}));
    let confidential = with(&new, &json!({"GenerateSecret": true}));
    for (operation, least) in [
        ("CreateUserPoolClient", &confidential),
        (
            "UpdateUserPoolClient",
            &with(&of_pool, &json!({"ClientId": client})),
        ),
    ] {
        let kind = "UserPoolClientType";
        // One of the two ways to a secret is tried by itself.
        let least = with(least, &json!({"ClientSecret": null}));
        walk.stored(operation, &least, kind, described).await;
    }
    let server = with(&of_pool, &json!({"Identifier": "api", "Name": "API"}));
    walk.call("CreateResourceServer", server.clone()).await;
    let described = ("DescribeResourceServer", "/ResourceServer");
    walk.stored(
        "UpdateResourceServer",
        &server,
        "ResourceServerType",
        described,
    )
    .await;
    let domain = with(&of_pool, &json!({"Domain": "auth.walk.example"}));
    let custom = with(&domain, &companions("CustomDomainConfig"));
    walk.call("CreateUserPoolDomain", custom.clone()).await;
    let described = ("DescribeUserPoolDomain", "/DomainDescription");
    walk.stored(
        "UpdateUserPoolDomain",
        &custom,
        "DomainDescriptionType",
        described,
    )
    .await;
}

/// Sets every second factor.
async fn factors(walk: &mut Walk, of_pool: &Value) {
    let factors = walk.model.full(walk.model.input("SetUserPoolMfaConfig"));
    let factors = with(&factors, of_pool);
    let factors = with(&factors, &json!({"MfaConfiguration": "ON"}));
    walk.call("SetUserPoolMfaConfig", factors).await;
    walk.call("GetUserPoolMfaConfig", of_pool.clone()).await;
}

/// Requests everything that is not a setting.
async fn lives(walk: &mut Walk) {
    let pool = walk.api.pool_with_api().await;
    let of_pool = json!({"UserPoolId": pool});
    walk.api.sandbox.edit(|state| {
        let server = &mut state.pools.get_mut(&pool).unwrap().servers[0];
        server.managed_by = Some("COGNITO".to_owned());
    });
    let described = walk.call("DescribeUserPool", of_pool.clone()).await;
    let arn = json!({"ResourceArn": described["UserPool"]["Arn"]});
    walk.call("TagResource", with(&arn, &json!({"Tags": {"a": "b"}})))
        .await;
    walk.call("ListTagsForResource", arn.clone()).await;
    walk.call("UntagResource", with(&arn, &json!({"TagKeys": ["a"]})))
        .await;
    walk.call("ListUserPools", json!({"MaxResults": 1})).await;
    let number = json!({
        "Name": "n", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "2"},
    });
    walk.call(
        "CreateUserPool",
        json!({"PoolName": "n", "Schema": [number]}),
    )
    .await;
    walk.call("ListUserPoolReplicas", of_pool.clone()).await;
    let sms = json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/r"}, "SmsAuthenticationMessage": "{####}"});
    walk.call("UpdateUserPool", with(&of_pool, &sms)).await;
    factors(walk, &of_pool).await;

    let server = json!({"Identifier": "b", "Name": "b"});
    walk.call("CreateResourceServer", with(&of_pool, &server))
        .await;
    walk.call(
        "ListResourceServers",
        with(&of_pool, &json!({"MaxResults": 1})),
    )
    .await;
    let api = with(&of_pool, &json!({"Identifier": "api"}));
    walk.call("DescribeResourceServer", api).await;
    walk.call(
        "DeleteResourceServer",
        with(&of_pool, &json!({"Identifier": "b"})),
    )
    .await;

    let machine = json!({
        "ClientName": "c", "GenerateSecret": true, "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"],
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["api/read"],
    });
    let made = walk
        .call("CreateUserPoolClient", with(&of_pool, &machine))
        .await;
    let made = &made["UserPoolClient"];
    walk.call("CreateUserPoolClient", with(&of_pool, &machine))
        .await;
    walk.call(
        "ListUserPoolClients",
        with(&of_pool, &json!({"MaxResults": 1})),
    )
    .await;
    let key = with(&of_pool, &json!({"ClientId": made["ClientId"]}));
    let managed = json!({"PublishSecretsInAWSSecretsManager": true});
    let managed = with(&with(&of_pool, &machine), &managed);
    walk.call("CreateUserPoolClient", managed).await;
    let arn = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/a";
    let analytics = json!({
        "AnalyticsConfiguration": {"ApplicationArn": arn}, "ExplicitAuthFlows": machine["ExplicitAuthFlows"],
    });
    let analytics = with(&with(&key, &machine), &analytics);
    let analytics = with(&analytics, &json!({"GenerateSecret": null}));
    walk.call("UpdateUserPoolClient", analytics).await;
    let added = walk.call("AddUserPoolClientSecret", key.clone()).await;
    walk.call("ListUserPoolClientSecrets", key.clone()).await;
    let secret = json!({"ClientSecretId": added["ClientSecretDescriptor"]["ClientSecretId"]});
    walk.call("DeleteUserPoolClientSecret", with(&key, &secret))
        .await;
    let ask = json!({"ClientId": made["ClientId"], "Secret": made["ClientSecret"]});
    walk.call("GetClientToken", ask).await;
    walk.api.sandbox.edit(|state| {
        let clients = &mut state.pools.get_mut(&pool).unwrap().clients;
        clients[0].client_type = ClientType::Dcr;
    });
    walk.call("DescribeUserPoolClient", key.clone()).await;
    walk.call("DeleteUserPoolClient", key).await;

    let custom = with(&of_pool, &json!({"Domain": "login.walk.example"}));
    let custom = with(&custom, &companions("CustomDomainConfig"));
    let prefix = with(&of_pool, &json!({"Domain": "walk"}));
    let routing = &walk.model.input("CreateUserPoolDomain")["members"]["Routing"]["shape"];
    let routing = json!({"Routing": walk.model.full(walk.model.shape(routing))});
    for domain in [with(&custom, &routing), prefix.clone()] {
        walk.call("CreateUserPoolDomain", domain.clone()).await;
        walk.call("UpdateUserPoolDomain", domain.clone()).await;
        let name = json!({"Domain": domain["Domain"]});
        walk.call("DescribeUserPoolDomain", name).await;
    }
    walk.call("DescribeUserPool", of_pool.clone()).await;
    for domain in [custom, prefix] {
        let name = with(&domain, &json!({"CustomDomainConfig": null}));
        walk.call("DeleteUserPoolDomain", name).await;
    }
    walk.call("DeleteUserPool", of_pool).await;
}

#[tokio::test]
async fn the_sandbox_has_all_that_the_model_has_of_ours() {
    let behind = behind(&Model::read()).await;
    assert!(
        behind.is_empty(),
        "the sandbox is behind the model in {} things:\n{}",
        behind.len(),
        behind.join("\n")
    );
}

#[tokio::test]
async fn a_model_that_grows_is_noticed() {
    let mut model = Model::read();
    let shapes = &mut model.0["shapes"];
    let flag = json!({"shape": "BooleanType"});
    shapes["CreateUserPoolRequest"]["members"]["Growth"] = flag.clone();
    shapes["UserPoolType"]["members"]["Growth"] = flag.clone();
    shapes["UserPoolClientDescription"]["members"]["Growth"] = flag;
    let values = shapes["DomainStatusType"]["enum"].as_array_mut().unwrap();
    values.push(json!("GROWING"));
    model.0["operations"]["Grow"] = json!({});
    let behind = behind(&model).await;
    for expected in [
        "operation Grow",
        "never answered: UserPoolType.Growth",
        "never answered: UserPoolClientDescription.Growth",
        "never answered: DomainStatusType=GROWING",
        "CreateUserPool loses Growth: true became None",
    ] {
        assert!(
            behind.iter().any(|what| what == expected),
            "{expected} is not in {behind:#?}"
        );
    }
}
