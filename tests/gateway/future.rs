//! Settings that no build knows yet: every update sends them back byte for byte, and none overwrites a change of them.

use cognitui::cognito::{Error, ErrorKind, Gateway};
use cognitui::domain::client::{Analytics, ClientSettings, OAuthFlow, TimeUnit};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::resource_server::{ResourceServer, Scope};
use cognitui::domain::scope::ScopeName;

use crate::stub::{Answer, Stub};

/// A value that no serializer would write the same way: number forms, escapes, order and spaces.
const ODD: &str = r#"{ "z": 1.10, "a":"\u00e9\/é", "n":[1E2,1e400,-0.0,123456789012345678901234567890],"none":null }"#;
const OTHER: &str = r#"{ "z": 1.1, "a":"\u00e9\/é", "n":[1E2,1e400,-0.0,123456789012345678901234567890],"none":null }"#;
const POOL: &str = "eu-west-1_A";

/// A description of each kind with a setting at the top and one inside each object. `@` stands for its value.
const CLIENT: &str = r#"{"UserPoolClient":{"UserPoolId":"eu-west-1_A","ClientId":"4k2","ClientName":"machine",
"ClientSecret":"0123456789abcdefghijklmnopqrstuv","ClientType":"REGULAR","LastModifiedDate":1.75E9,"CreationDate":1700000000.250,
"FutureSetting":@,"AccessTokenValidity":20,"RefreshTokenValidity":7,
"TokenValidityUnits":{"FutureUnit":@,"AccessToken":"minutes","RefreshToken":"hours"},
"ExplicitAuthFlows":["ALLOW_REFRESH_TOKEN_AUTH","ALLOW_FUTURE_AUTH"],"CallbackURLs":["https://localhost"],
"AllowedOAuthFlows":["client_credentials"],"AllowedOAuthScopes":["api/admin","api/gone"],"AllowedOAuthFlowsUserPoolClient":true,
"AnalyticsConfiguration":{"ApplicationId":"one","FutureTarget":@},
"RefreshTokenRotation":{"Feature":"ENABLED","FutureMode":@,"RetryGracePeriodSeconds":30}}}"#;
const CLIENT_PATHS: [&str; 4] = [
    "FutureSetting",
    "TokenValidityUnits.FutureUnit",
    "AnalyticsConfiguration.FutureTarget",
    "RefreshTokenRotation.FutureMode",
];

const USER_POOL: &str = r#"{"UserPool":{"Id":"eu-west-1_A","Name":"own","LastModifiedDate":1.75E9,"DeletionProtection":"INACTIVE",
"FutureSetting":@,"Policies":{"FuturePolicy":@,"PasswordPolicy":{"MinimumLength":8,"FutureRule":@,"TemporaryPasswordValidityDays":7}},
"AdminCreateUserConfig":{"AllowAdminCreateUserOnly":true,"UnusedAccountValidityDays":7,"FutureRule":@},
"VerificationMessageTemplate":{"DefaultEmailOption":"CONFIRM_WITH_CODE","FutureOption":@},
"LambdaConfig":{"FutureTrigger":@,"PreTokenGenerationConfig":{"LambdaVersion":"V3_0","LambdaArn":"arn","FutureEvent":@}},
"UserPoolTags":{"team":"own"}}}"#;
const POOL_PATHS: [&str; 7] = [
    "FutureSetting",
    "Policies.FuturePolicy",
    "Policies.PasswordPolicy.FutureRule",
    "AdminCreateUserConfig.FutureRule",
    "VerificationMessageTemplate.FutureOption",
    "LambdaConfig.FutureTrigger",
    "LambdaConfig.PreTokenGenerationConfig.FutureEvent",
];

const SERVER: &str = r#"{"ResourceServer":{"UserPoolId":"eu-west-1_A","Identifier":"api","Name":"API","FutureSetting":@,
"Scopes":[{"ScopeName":"read","FutureKind":@,"ScopeDescription":"r\u00e9ad"},{"ScopeName":"gone","ScopeDescription":"g"}]}}"#;
const SERVER_PATHS: [&str; 2] = ["FutureSetting", "Scopes[read].FutureKind"];

const DOMAIN: &str = r#"{"DomainDescription":{"UserPoolId":"eu-west-1_A","AWSAccountId":"1","Domain":"auth.example.com","Version":"2",
"S3Bucket":"b","CloudFrontDistribution":"d.cloudfront.net","Status":"ACTIVE","ManagedLoginVersion":1,"FutureSetting":@,
"CustomDomainConfig":{"CertificateArn":"arn:one","FutureCipher":@,"SecurityPolicy":"TLS_V1_3_2025"},
"Routing":{"FutureRoute":@,"Failover":{"SecondaryRegion":"eu-central-1","PrimaryRoute53HealthCheckId":"h","FutureCheck":@}}}}"#;
const DOMAIN_PATHS: [&str; 4] = [
    "FutureSetting",
    "CustomDomainConfig.FutureCipher",
    "Routing.FutureRoute",
    "Routing.Failover.FutureCheck",
];

/// Returns `text` with `value` in every place.
fn with(text: &str, value: &str) -> String {
    text.replace('@', value)
}

/// Returns `text` with another value in one place.
fn with_other(text: &str, place: usize) -> String {
    let parts: Vec<&str> = text.split('@').collect();
    let mut all = String::new();
    for (at, part) in parts.iter().enumerate() {
        all += part;
        if at + 1 < parts.len() {
            all += if at == place { OTHER } else { ODD };
        }
    }
    all
}

/// Returns the response to each operation.
fn answer(operation: &str) -> Answer {
    let text = match operation {
        "DescribeUserPoolClient" | "UpdateUserPoolClient" => with(CLIENT, ODD),
        "DescribeUserPool" => with(USER_POOL, ODD),
        "DescribeResourceServer" | "UpdateResourceServer" => with(SERVER, ODD),
        "DescribeUserPoolDomain" => with(DOMAIN, ODD),
        "AddUserPoolClientSecret" => {
            r#"{"ClientSecretDescriptor":{"ClientSecretId":"4k2--2"}}"#.to_owned()
        }
        _ => "{}".to_owned(),
    };
    (200, text)
}

/// A kind of change.
enum Change {
    Settings(fn(&mut ClientSettings)),
    MoveSecret(bool),
    Protect,
    Server(fn(&mut Vec<Scope>)),
    Rename,
    Certificate,
    Login,
}

const CHANGES: &[(&str, Change)] = &[
    (
        "a name",
        Change::Settings(|s| "new".clone_into(&mut s.name)),
    ),
    ("OAuth off", Change::Settings(|s| s.oauth_enabled = false)),
    (
        "another flow",
        Change::Settings(|s| s.flows = vec![OAuthFlow::Code]),
    ),
    (
        "pruned scopes",
        Change::Settings(|s| {
            s.scopes
                .retain(|scope| *scope == ScopeName::new("api/admin"));
        }),
    ),
    ("no scopes", Change::Settings(|s| s.scopes.clear())),
    (
        "explicit flows",
        Change::Settings(|s| s.explicit_auth_flows.push("ALLOW_USER_AUTH".to_owned())),
    ),
    (
        "no callbacks",
        Change::Settings(|s| s.callback_urls.clear()),
    ),
    (
        "a lifetime",
        Change::Settings(|s| s.access_token.unit = TimeUnit::Hours),
    ),
    (
        "two lifetimes",
        Change::Settings(|s| {
            s.id_token.value = 5;
            s.refresh_token.value = 9;
        }),
    ),
    (
        "refresh token rotation",
        Change::Settings(|s| s.refresh_token_rotation.as_mut().unwrap().enabled = false),
    ),
    (
        "analytics",
        Change::Settings(|s| {
            s.analytics = Some(Box::new(Analytics {
                application_id: Some("two".to_owned()),
                application_arn: None,
                role_arn: None,
                external_id: None,
                user_data_shared: true,
            }));
        }),
    ),
    (
        "revocation",
        Change::Settings(|s| s.token_revocation = Some(true)),
    ),
    ("nothing", Change::Settings(|_| {})),
    ("a secret moved in", Change::MoveSecret(true)),
    ("a secret moved out", Change::MoveSecret(false)),
    ("deletion protection", Change::Protect),
    (
        "another scope",
        Change::Server(|scopes| {
            scopes.push(Scope {
                name: "write".to_owned(),
                description: "w".to_owned(),
            });
        }),
    ),
    (
        "one scope less",
        Change::Server(|scopes| scopes.retain(|scope| scope.name != "gone")),
    ),
    (
        "a scope described again",
        Change::Server(|scopes| "again".clone_into(&mut scopes[0].description)),
    ),
    ("a server's name", Change::Rename),
    ("a certificate", Change::Certificate),
    ("managed login", Change::Login),
];

impl Change {
    /// Returns the description that it is based on, and the paths of the settings in it.
    fn of(&self) -> (&'static str, &'static str, &'static [&'static str]) {
        match self {
            Self::Settings(_) | Self::MoveSecret(_) => {
                ("DescribeUserPoolClient", CLIENT, &CLIENT_PATHS)
            }
            Self::Protect => ("DescribeUserPool", USER_POOL, &POOL_PATHS),
            Self::Server(_) | Self::Rename => ("DescribeResourceServer", SERVER, &SERVER_PATHS),
            Self::Certificate | Self::Login => ("DescribeUserPoolDomain", DOMAIN, &DOMAIN_PATHS),
        }
    }

    /// Reads the resource, and changes it.
    async fn make(&self, gateway: &Gateway) -> Result<(), Error> {
        let (pool, client) = (PoolId::new(POOL), ClientId::new("4k2"));
        match self {
            Self::Settings(change) => {
                let seen = gateway.client(&pool, &client).await?;
                gateway.update_client(&seen, change).await.map(drop)
            }
            Self::MoveSecret(managed) => {
                let seen = gateway.client(&pool, &client).await?;
                gateway.move_secret(&seen, *managed).await.map(drop)
            }
            Self::Protect => {
                let seen = gateway.pool(&pool).await?;
                gateway.set_deletion_protection(&seen, true).await.map(drop)
            }
            Self::Server(change) => {
                let seen = gateway.resource_server(&pool, "api").await?;
                let change = |server: &mut ResourceServer| change(&mut server.scopes);
                gateway
                    .update_resource_server(&pool, &seen, change)
                    .await
                    .map(drop)
            }
            Self::Rename => {
                let seen = gateway.resource_server(&pool, "api").await?;
                let change = |server: &mut ResourceServer| "new".clone_into(&mut server.name);
                gateway
                    .update_resource_server(&pool, &seen, change)
                    .await
                    .map(drop)
            }
            Self::Certificate => {
                let seen = gateway
                    .domain_owner("auth.example.com")
                    .await?
                    .unwrap()
                    .domain;
                gateway
                    .update_domain(&pool, &seen, Some("arn:two"), None)
                    .await
            }
            Self::Login => {
                let seen = gateway
                    .domain_owner("auth.example.com")
                    .await?
                    .unwrap()
                    .domain;
                gateway.update_domain(&pool, &seen, None, Some(2)).await
            }
        }
    }
}

#[tokio::test]
async fn every_update_sends_back_what_no_build_knows_byte_for_byte() {
    for (name, change) in CHANGES {
        let stub = Stub::start(|call, _| answer(&call.operation)).await;
        change.make(&stub.gateway().await).await.unwrap();
        let calls = stub.calls();
        let update = calls
            .iter()
            .find(|call| call.operation.starts_with("Update"))
            .unwrap();
        let (_, _, paths) = change.of();
        for path in paths {
            let member = path.rsplit('.').next().unwrap();
            let sent = format!(r#""{member}":{ODD}"#);
            assert!(
                update.body.contains(&sent),
                "{name}, {path}: {}",
                update.body
            );
        }
        // An object that the change is not about is sent as it came, too.
        if matches!(change, Change::Login) {
            let config = with(
                r#""CustomDomainConfig":{"CertificateArn":"arn:one","FutureCipher":@,"SecurityPolicy":"TLS_V1_3_2025"}"#,
                ODD,
            );
            assert!(update.body.contains(&config), "{name}: {}", update.body);
        }
        for told in [
            "ClientType",
            "ClientSecret\"",
            "ManagedBy",
            "AWSAccountId",
            "CloudFront",
            "S3Bucket",
            "Version\":\"2",
            "LastModifiedDate",
        ] {
            assert!(
                !update.body.contains(told),
                "{name}, {told}: {}",
                update.body
            );
        }
    }
}

#[tokio::test]
async fn a_change_of_it_after_it_was_read_stops_every_update() {
    for (name, change) in CHANGES {
        let (describe, text, paths) = change.of();
        for (place, path) in paths.iter().enumerate() {
            let stub = Stub::start(move |call, before| {
                if call.operation == describe && before > 0 {
                    (200, with_other(text, place))
                } else {
                    answer(&call.operation)
                }
            })
            .await;
            let refused = change.make(&stub.gateway().await).await;
            let kind = refused.map_err(|error| error.kind);
            assert_eq!(kind, Err(ErrorKind::Changed), "{name}, {path}");
            let wrote = stub
                .calls()
                .iter()
                .any(|call| call.operation.starts_with("Update"));
            assert!(!wrote, "{name}, {path}");
        }
    }
}

#[tokio::test]
async fn it_is_named_where_it_is() {
    let stub = Stub::start(|call, _| answer(&call.operation)).await;
    let gateway = stub.gateway().await;
    let pool = PoolId::new(POOL);
    let client = gateway.client(&pool, &ClientId::new("4k2")).await.unwrap();
    let owner = gateway
        .domain_owner("auth.example.com")
        .await
        .unwrap()
        .unwrap();
    for (other, paths) in [
        (client.other, &CLIENT_PATHS[..]),
        (gateway.pool(&pool).await.unwrap().other, &POOL_PATHS),
        (
            gateway.resource_server(&pool, "api").await.unwrap().other,
            &SERVER_PATHS,
        ),
        (owner.domain.other, &DOMAIN_PATHS),
    ] {
        let mut wanted = paths.to_vec();
        wanted.sort_unstable();
        assert_eq!(other.names().collect::<Vec<_>>(), wanted);
        assert!(other.iter().all(|(_, value)| value == ODD));
    }
}

/// A rotation changes no setting: nothing is sent that could reset one.
#[tokio::test]
async fn a_rotation_updates_nothing() {
    let stub = Stub::start(|call, _| answer(&call.operation)).await;
    let gateway = stub.gateway().await;
    let (pool, client) = (PoolId::new(POOL), ClientId::new("4k2"));
    gateway.add_secret(&pool, &client, None, &[]).await.unwrap();
    gateway
        .delete_secret(&pool, &client, "4k2--1")
        .await
        .unwrap();
    let called: Vec<String> = stub
        .calls()
        .into_iter()
        .map(|call| call.operation)
        .collect();
    assert_eq!(
        called,
        ["AddUserPoolClientSecret", "DeleteUserPoolClientSecret"]
    );
}

#[tokio::test]
async fn a_resource_server_that_cognito_manages_is_left_alone() {
    let stub = Stub::start(|_, _| {
        let managed = SERVER.replace(r#""Name""#, r#""ManagedBy":"COGNITO","Name""#);
        (200, with(&managed, "1"))
    })
    .await;
    let refused = Change::Rename
        .make(&stub.gateway().await)
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Invalid);
    assert!(refused.detail.contains("COGNITO"), "{refused:?}");
    assert!(
        stub.calls()
            .iter()
            .all(|call| call.operation == "DescribeResourceServer")
    );
}

/// The pages of a list have the same settings as a description.
#[tokio::test]
async fn lists_of_resource_servers_have_it_too() {
    let stub = Stub::start(|_, _| {
        let server = with(SERVER, ODD).replacen(
            r#"{"ResourceServer":"#,
            r#"{"ResourceServers":[{"Identifier":"one","Name":"one"},"#,
            1,
        );
        (200, format!("{}]}}", server.strip_suffix('}').unwrap()))
    })
    .await;
    let page = stub
        .gateway()
        .await
        .resource_servers(&PoolId::new(POOL), None)
        .await
        .unwrap();
    let others = page.items.iter().map(|server| server.other.names().count());
    assert_eq!(others.collect::<Vec<_>>(), [0, SERVER_PATHS.len()]);
}

#[tokio::test]
async fn a_known_member_of_another_type_is_an_error_and_not_absent() {
    let server = SERVER.replace("\"Name\"", r#""ManagedBy":"x","Name""#);
    let list = r#"{"ResourceServers":[{"Identifier":"api","Name":"API","ManagedBy":"x"}]}"#;
    for (described, member) in [
        (CLIENT, "ClientSecret"),
        (CLIENT, "AccessToken"),
        (CLIENT, "RefreshToken"),
        (CLIENT, "ApplicationId"),
        (CLIENT, "Feature"),
        (CLIENT, "RetryGracePeriodSeconds"),
        (DOMAIN, "CertificateArn"),
        (DOMAIN, "SecurityPolicy"),
        (DOMAIN, "SecondaryRegion"),
        (DOMAIN, "PrimaryRoute53HealthCheckId"),
        (DOMAIN, "AWSAccountId"),
        (&server, "ManagedBy"),
        (list, "ManagedBy"),
    ] {
        let (before, after) = described.split_once(&format!("\"{member}\":")).unwrap();
        let (_, rest) = after.split_at(after.find([',', '}']).unwrap());
        let text = format!("{before}\"{member}\":{{\"odd\":1}}{rest}");
        let stub = Stub::start(move |_, _| (200, with(&text, ODD))).await;
        let gateway = stub.gateway().await;
        let pool = PoolId::new(POOL);
        let error = match described {
            CLIENT => gateway.client(&pool, &ClientId::new("4k2")).await.err(),
            DOMAIN => gateway.domain_owner("auth.example.com").await.err(),
            described if described == list => gateway.resource_servers(&pool, None).await.err(),
            _ => gateway.resource_server(&pool, "api").await.err(),
        };
        let error = error.unwrap_or_else(|| panic!("{member} is read as absent"));
        assert_eq!(error.kind, ErrorKind::Malformed, "{member} {error:?}");
        assert!(!format!("{error:?}").contains("odd"), "{error:?}");
    }
}
