use std::collections::BTreeMap;

use super::*;
use crate::domain::client::tests::client;
use crate::domain::client::{Analytics, CLIENT_TOKEN_FLOW, RefreshTokenRotation};
use crate::domain::hosts::tests::pool;
use crate::domain::resource_server::Scope;
use crate::domain::secret::{DescribedSecret, ListedSecrets};

fn server(identifier: &str) -> ResourceServer {
    ResourceServer {
        identifier: identifier.to_owned(),
        name: "An API".to_owned(),
        scopes: vec![Scope {
            name: "admin".to_owned(),
            description: "Everything".to_owned(),
        }],
        managed_by: None,
    }
}

fn one(client: AppClient, servers: Vec<ResourceServer>) -> Setup {
    let secret = client.secret_state(ListedSecrets::Read(&[]));
    Setup::of_client(pool("eu-west-1_A", None, None), servers, client, secret)
}

#[test]
fn a_client_brings_the_servers_of_its_scopes_and_no_other() {
    let servers = vec![server("api"), server("api/v2"), server("other")];
    let setup = one(client(&["api/v2/admin", "openid"]), servers);
    let code = setup.write(Format::Terraform);
    assert!(code.contains("identifier   = \"api/v2\""), "{code}");
    assert!(
        !code.contains("\"api\"") && !code.contains("\"other\""),
        "{code}"
    );
    assert!(code.contains("\"openid\""), "{code}");
}

#[test]
fn what_of_a_domain_is_not_written_down_is_said() {
    let domain = Domain {
        name: "auth.example.com".to_owned(),
        custom: true,
        certificate_arn: Some("arn:aws:acm:us-east-1:1:certificate/1".to_owned()),
        security_policy: Some("TLS_V1_2_2021".to_owned()),
        ..Domain::default()
    };
    let setup = Setup::of_pool(
        pool("eu-west-1_A", None, None),
        Vec::new(),
        Vec::new(),
        vec![domain],
    );
    assert_eq!(
        setup.left_out(),
        ["Of domain auth.example.com is left out: its TLS policy TLS_V1_2_2021."]
    );
}

#[test]
fn a_pool_brings_what_machines_use() {
    let mut web = client(&["openid"]);
    web.settings.flows.clear();
    web.settings.name = "web".to_owned();
    let mut domainless = client(&["api/admin"]);
    domainless.settings.flows.clear();
    domainless.settings.explicit_auth_flows = vec![CLIENT_TOKEN_FLOW.to_owned()];
    domainless.settings.name = "domainless".to_owned();
    let setup = Setup::of_pool(
        pool("eu-west-1_A", None, None),
        vec![server("api")],
        vec![client(&["api/admin"]), web, domainless],
        Vec::new(),
    );
    assert_eq!(
        setup.left_out(),
        ["App clients that are not for machines are left out: web."]
    );
    let code = setup.write(Format::CloudFormation);
    assert!(code.contains("ClientMachineAuth:") && code.contains("ClientDomainless:"));
    assert!(!code.contains("ClientWeb:"), "{code}");
}

#[test]
fn every_setting_has_its_name_in_every_format() {
    let mut full = client(&["api/admin"]);
    let settings = &mut full.settings;
    settings.callback_urls = vec!["https://localhost".to_owned()];
    settings.logout_urls = vec!["https://localhost/out".to_owned()];
    settings.default_redirect_uri = Some("https://localhost".to_owned());
    settings.identity_providers = vec!["COGNITO".to_owned(), "IDC".to_owned()];
    settings.auth_session_minutes = Some(5);
    settings.prevent_user_existence_errors = Some("ENABLED".to_owned());
    settings.read_attributes = vec!["email".to_owned()];
    settings.write_attributes = vec!["name".to_owned()];
    settings.refresh_token_rotation = Some(RefreshTokenRotation {
        enabled: true,
        grace_seconds: Some(10),
    });
    settings.analytics = Some(Box::new(Analytics {
        application_id: Some("app".to_owned()),
        application_arn: None,
        role_arn: Some("arn:aws:iam::1:role/r".to_owned()),
        external_id: Some("x".to_owned()),
        user_data_shared: true,
    }));
    let setup = one(full, vec![server("api")]);
    let has = |format, lines: &[&str]| {
        let code = setup.write(format);
        for line in lines {
            assert!(code.contains(line), "no {line} in\n{code}");
        }
    };
    has(
        Format::Terraform,
        &[
            "callback_urls ",
            "logout_urls ",
            "default_redirect_uri ",
            "refresh_token_rotation {\n    feature                    = \"ENABLED\"\n    retry_grace_period_seconds = 10\n",
            "analytics_configuration {\n    application_id   = \"app\"\n",
            "user_data_shared = true",
            "prevent_user_existence_errors ",
        ],
    );
    has(
        Format::CloudFormation,
        &[
            "      CallbackURLs:\n        - \"https://localhost\"\n",
            "      DefaultRedirectURI: \"https://localhost\"\n",
            "      RefreshTokenRotation:\n        Feature: ENABLED\n        RetryGracePeriodSeconds: 10\n",
            "        UserDataShared: true\n",
        ],
    );
    has(
        Format::Cdk,
        &[
            "callbackUrLs: [",
            "logoutUrLs: [",
            "defaultRedirectUri: ",
            "retryGracePeriodSeconds: 10",
        ],
    );
    has(
        Format::Cli,
        &[
            "\"CallbackURLs\": [",
            "\"DefaultRedirectURI\": ",
            "\"ReadAttributes\": [",
        ],
    );
    assert_eq!(
        setup.left_out(),
        ["Identity providers that app client machine_auth names must be there first: IDC."]
    );
}

#[test]
fn names_that_look_alike_stay_apart() {
    let mut second = client(&[]);
    second.settings.name = "machine-auth".to_owned();
    let setup = Setup::of_pool(
        pool("eu-west-1_A", None, None),
        Vec::new(),
        vec![client(&[]), second, client(&[])],
        Vec::new(),
    );
    for (format, names) in [
        (
            Format::Terraform,
            [
                "\"machine_auth\" {",
                "\"machine_auth2\" {",
                "\"machine_auth3\" {",
            ],
        ),
        (
            Format::CloudFormation,
            [
                "ClientMachineAuth:",
                "ClientMachineAuth2:",
                "ClientMachineAuth3:",
            ],
        ),
        (
            Format::Cli,
            [
                "CLIENT_ID_MACHINE_AUTH=",
                "CLIENT_ID_MACHINE_AUTH2=",
                "CLIENT_ID_MACHINE_AUTH3=",
            ],
        ),
    ] {
        let code = setup.write(format);
        for name in names {
            let made = code
                .lines()
                .filter(|line| line.contains(name) && !line.contains("printf"));
            assert_eq!(made.count(), 1, "{name} in\n{code}");
        }
    }
}

#[test]
fn a_public_client_and_an_empty_pool_are_exported_too() {
    let mut public = client(&[]);
    public.secret = DescribedSecret::Absent;
    public.settings.flows.clear();
    let setup = one(public, Vec::new());
    for format in Format::ALL {
        let code = setup.write(format).to_lowercase().replace('_', "");
        assert!(!code.contains("generatesecret"), "{format:?}\n{code}");
    }
    let mut empty = pool("eu-west-1_A", None, None);
    empty.tags = BTreeMap::new();
    let empty = Setup::of_pool(empty, Vec::new(), Vec::new(), Vec::new());
    for format in Format::ALL {
        assert!(empty.write(format).contains("orders"), "{format:?}");
    }
}
