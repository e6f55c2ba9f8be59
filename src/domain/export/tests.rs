use std::collections::BTreeMap;

use super::*;
use crate::domain::client::tests::client;
use crate::domain::client::{Analytics, CLIENT_TOKEN_FLOW, RefreshTokenRotation};
use crate::domain::oauth::endpoints::tests::pool;
use crate::domain::other_settings::OtherSettings;
use crate::domain::pool::Domain;
use crate::domain::resource_server::Scope;
use crate::domain::secret::{DescribedSecret, ListedSecrets, SecretState};

fn server(identifier: &str) -> ResourceServer {
    ResourceServer {
        identifier: identifier.to_owned(),
        name: "An API".to_owned(),
        scopes: vec![Scope {
            name: "admin".to_owned(),
            description: "Everything".to_owned(),
        }],
        ..ResourceServer::default()
    }
}

fn one(client: AppClient, servers: Vec<ResourceServer>) -> ExportInput {
    let secret = client.secret_state(ListedSecrets::Read(&[]));
    ExportInput::of_client(pool("eu-west-1_A", None, None), servers, client, secret)
}

#[test]
fn a_client_brings_the_servers_of_its_scopes_and_no_other() {
    let servers = vec![server("api"), server("api/v2"), server("other")];
    let setup = one(client(&["api/v2/admin", "openid"]), servers);
    let code = setup.write(Format::Terraform).unwrap();
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
    let setup = ExportInput::of_pool(
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
    let setup = ExportInput::of_pool(
        pool("eu-west-1_A", None, None),
        vec![server("api")],
        vec![client(&["api/admin"]), web, domainless],
        Vec::new(),
    );
    assert_eq!(
        setup.left_out(),
        ["App clients that are not for machines are left out: web."]
    );
    let code = setup.write(Format::CloudFormation).unwrap();
    assert!(code.contains("ClientMachineAuth:") && code.contains("ClientDomainless:"));
    assert!(!code.contains("ClientWeb:"), "{code}");
}

#[test]
fn what_no_build_knows_yet_is_named_wherever_it_is() {
    let future = || OtherSettings::new([("FutureSetting".to_owned(), "1".to_owned())]);
    let mut own = pool("eu-west-1_A", None, None);
    own.other = future();
    let mut api = server("api");
    api.other = future();
    let mut machine = client(&["api/admin"]);
    machine.other = future();
    let domain = Domain {
        name: "team".to_owned(),
        other: future(),
        ..Domain::default()
    };
    let setup = ExportInput::of_pool(own, vec![api], vec![machine], vec![domain]);
    for of in [
        "the user pool",
        "resource server api",
        "domain team",
        "app client machine_auth",
    ] {
        let remark = format!(
            "Settings of {of} that this version does not know are left out: FutureSetting."
        );
        assert!(setup.left_out().contains(&remark), "{of}");
    }
}

#[test]
fn an_empty_list_of_flows_says_what_cognito_does_with_it() {
    let told = |flows: &[&str]| {
        let mut machine = client(&["api/admin"]);
        machine.settings.explicit_auth_flows =
            flows.iter().map(|flow| (*flow).to_owned()).collect();
        let setup = ExportInput::of_pool(
            pool("eu-west-1_A", None, None),
            vec![server("api")],
            vec![machine],
            Vec::new(),
        );
        setup
            .left_out()
            .iter()
            .any(|remark| remark.contains("allows SRP"))
    };
    assert!(told(&[]));
    assert!(!told(&["ALLOW_REFRESH_TOKEN_AUTH"]));
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
        let code = setup.write(format).unwrap();
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
    let setup = ExportInput::of_pool(
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
        let code = setup.write(format).unwrap();
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
        let code = setup.write(format).unwrap().to_lowercase().replace('_', "");
        assert!(!code.contains("generatesecret"), "{format:?}\n{code}");
    }
    let mut empty = pool("eu-west-1_A", None, None);
    empty.tags = BTreeMap::new();
    let empty = ExportInput::of_pool(empty, Vec::new(), Vec::new(), Vec::new());
    for format in Format::ALL {
        assert!(
            empty.write(format).unwrap().contains("orders"),
            "{format:?}"
        );
    }
}

#[test]
fn a_text_that_a_deployment_would_replace_is_refused_and_not_written_down() {
    let stolen = |text: &str| {
        let mut hostile = server("api");
        hostile.scopes[0].description = text.to_owned();
        one(client(&["api/admin"]), vec![hostile])
    };
    let setup = stolen("x {{resolve:secretsmanager:prod/db}} y");
    for format in [Format::CloudFormation, Format::Cdk] {
        let refused = setup.write(format).unwrap_err();
        assert!(
            refused.contains("{{resolve:") && refused.contains("api"),
            "{refused}"
        );
    }
    for format in [Format::Terraform, Format::Cli] {
        assert!(setup.write(format).unwrap().contains("{{resolve:"));
    }
    let setup = stolen("${Token[AWS.AccountId.0]}");
    assert!(setup.write(Format::Cdk).is_err());
    assert!(setup.write(Format::CloudFormation).is_ok());
    // Wherever it is.
    let mut tagged = pool("eu-west-1_A", None, None);
    tagged.tags = BTreeMap::from([("{{resolve:ssm:x}}".to_owned(), String::new())]);
    let mut named = client(&["api/admin"]);
    named.settings.callback_urls = vec!["x://{{resolve:ssm:x}}".to_owned()];
    for setup in [
        ExportInput::of_pool(tagged, Vec::new(), Vec::new(), Vec::new()),
        one(named, vec![server("api")]),
    ] {
        assert!(setup.write(Format::CloudFormation).is_err());
    }
}

#[test]
#[cfg(unix)]
fn a_script_runs_nothing_that_stands_in_an_id() {
    let folder = tempfile::tempdir().unwrap();
    let id = "-eu-west-1$(touch owned)`touch owned`\"; touch owned; '_A";
    let domain = Domain {
        name: "-x$(touch owned)".to_owned(),
        ..Domain::default()
    };
    let servers = || vec![server("api")];
    let clients = vec![client(&["api/admin"])];
    let hostile = || pool(id, None, None);
    for (setup, pool_given) in [
        (
            ExportInput::of_client(
                hostile(),
                servers(),
                client(&["api/admin"]),
                SecretState::Shown,
            ),
            id,
        ),
        (
            ExportInput::of_pool(hostile(), servers(), clients.clone(), vec![domain]),
            "made",
        ),
    ] {
        let script = setup.write(Format::Cli).unwrap();
        let noted = "aws() { printf '%s\\0' \"$AWS_REGION\" \"$@\" >>log; printf made; }\n";
        let ran = std::process::Command::new("bash")
            .args(["-c", &format!("{noted}{script}")])
            .env_remove("AWS_REGION")
            .env_remove("USER_POOL_ID")
            .env_remove("DOMAIN_PREFIX")
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(ran.status.success(), "{ran:?}\n{script}");
        assert!(!folder.path().join("owned").exists(), "{script}");
        let noted = std::fs::read(folder.path().join("log")).unwrap();
        let noted = String::from_utf8(noted).unwrap();
        let words: Vec<&str> = noted.split('\0').collect();
        let region = id.split_once('_').unwrap().0;
        assert_eq!(words[0], region);
        let pool_option = format!("--user-pool-id={pool_given}");
        assert!(words.contains(&pool_option.as_str()), "{words:?}");
        // Nothing but ours begins as an option does, the region aside.
        let options = words
            .iter()
            .filter(|word| word.starts_with('-') && **word != region);
        for option in options {
            let name = option.split('=').next().unwrap();
            let ours = [
                "--user-pool-id",
                "--domain",
                "--query",
                "--output",
                "--cli-input-json",
            ];
            assert!(ours.contains(&name), "{option}");
        }
        std::fs::remove_file(folder.path().join("log")).unwrap();
    }
}

#[test]
fn what_one_stack_cannot_hold_is_said_with_how_to_split_it() {
    let setup = |clients: usize| {
        ExportInput::of_pool(
            pool("eu-west-1_A", None, None),
            vec![server("api")],
            vec![client(&["api/admin"]); clients],
            Vec::new(),
        )
    };
    for (clients, said) in [
        (199, &[][..]),
        (200, &["201 outputs"]),
        (498, &["499 outputs"]),
        (499, &["501 resources", "500 outputs"]),
    ] {
        for format in Format::ALL {
            let setup = setup(clients);
            let limits = setup.limits(format);
            let is_stack = matches!(format, Format::CloudFormation | Format::Cdk);
            if said.is_empty() || !is_stack {
                assert!(limits.is_empty(), "{format:?} {clients}: {limits:?}");
                continue;
            }
            let (how, why) = limits.split_last().unwrap();
            assert_eq!(why.len(), said.len());
            for (why, said) in why.iter().zip(said) {
                assert!(why.contains(said), "{why}");
            }
            let stacks = if clients > 400 {
                "3 further stacks"
            } else {
                "1 further stack,"
            };
            assert!(how.contains(stacks), "{how}");
            let code = setup.write(format).unwrap();
            let words = code.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(said[0]), "the code itself says so, too");
        }
    }
}
