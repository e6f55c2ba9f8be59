//! For each rule: what breaks it, and what comes close.

use super::{Setup, days_ago, minutes, scopes, secret, server, trigger, words};
use crate::domain::client::{ClientSummary, ClientType, OAuthFlow};
use crate::domain::ids::ClientId;
use crate::domain::pool::{DcrConfiguration, DnsRecord};
use crate::domain::scope::ScopeName;
use crate::domain::secret::DescribedSecret;

/// A rule, a change that breaks it, a word of what is then seen, and a change that comes close and does not.
pub type Case = (&'static str, fn(&mut Setup), &'static str, fn(&mut Setup));

fn custom_domain(setup: &mut Setup, record: DnsRecord) {
    let mut domain = setup.domains[0].clone();
    domain.name = "auth.acme.example".to_owned();
    domain.custom = true;
    setup.domains.push(domain);
    setup.record = Some(record);
}

fn open_registration(machines: bool) -> DcrConfiguration {
    DcrConfiguration {
        enabled: Some(true),
        open: true,
        open_grants: machines.then(|| vec![OAuthFlow::ClientCredentials]),
        ..DcrConfiguration::default()
    }
}

/// So many clients, of which one registered itself.
fn many(setup: &mut Setup, count: usize) {
    let model = setup.clients[1].clone();
    for at in setup.clients.len()..count {
        let mut client = model.clone();
        client.id = ClientId::new(format!("c{at}"));
        client.settings.name = format!("c{at}");
        setup.clients.push(client);
    }
    setup.reader().client_type = Some(ClientType::Dcr);
}

/// One a rule, in the order of the table.
pub const CASES: &[Case] = &[
    (
        "oauth-off",
        |s| s.reader().settings.oauth_enabled = false,
        "AllowedOAuthFlowsUserPoolClient false",
        |s| {
            s.reader().settings.oauth_enabled = false;
            s.reader().settings.flows.clear();
        },
    ),
    (
        "no-token-source",
        |s| s.pool.prefix_domain = None,
        "no domain; ExplicitAuthFlows ALLOW_REFRESH_TOKEN_AUTH",
        |s| {
            s.pool.prefix_domain = None;
            for client in &mut s.clients {
                client.settings.explicit_auth_flows = words(&["ALLOW_CLIENT_TOKEN_AUTH"]);
            }
        },
    ),
    (
        "machine-without-secret",
        |s| {
            s.without_secret();
            s.reader().settings.flows.clear();
            s.reader().settings.explicit_auth_flows = words(&["ALLOW_CLIENT_TOKEN_AUTH"]);
        },
        "none listed; AllowedOAuthFlows none",
        // Cognito gives this grant to clients with a secret alone, whatever it shows.
        Setup::without_secret,
    ),
    (
        "mixed-flows",
        |s| s.reader().settings.flows.push(OAuthFlow::Code),
        "client_credentials, code",
        |s| s.reader().settings.flows = vec![OAuthFlow::Code, OAuthFlow::Implicit],
    ),
    (
        "oauth-without-flows",
        |s| s.reader().settings.flows.clear(),
        "AllowedOAuthFlows none",
        |s| {
            s.reader().settings.flows.clear();
            s.reader().settings.oauth_enabled = false;
        },
    ),
    (
        "no-scopes",
        |s| s.reader().settings.scopes.clear(),
        "AllowedOAuthScopes is empty",
        |s| {
            s.reader().settings.scopes.clear();
            s.reader().settings.flows = vec![OAuthFlow::Code];
        },
    ),
    (
        "sign-in-scopes",
        |s| s.reader().settings.scopes.push(ScopeName::new("openid")),
        "AllowedOAuthScopes has openid",
        |s| {
            s.reader().settings.scopes.push(ScopeName::new("openid"));
            s.reader().settings.flows = vec![OAuthFlow::Code];
        },
    ),
    (
        "inactive-scopes",
        |s| {
            s.reader()
                .settings
                .scopes
                .push(ScopeName::new("orders/gone"));
        },
        "inactive: orders/gone; 1 of 2 scopes",
        // Nothing can be said while the servers are not read.
        |s| {
            s.reader()
                .settings
                .scopes
                .push(ScopeName::new("orders/gone"));
            s.read = false;
        },
    ),
    (
        "domain-not-active",
        |s| s.domains[0].status = Some("CREATING".to_owned()),
        "status CREATING",
        |s| s.domains[0].status = Some("UPDATING".to_owned()),
    ),
    (
        "domain-without-record",
        |s| custom_domain(s, DnsRecord::Missing),
        "auth.acme.example has no address in the DNS",
        |s| custom_domain(s, DnsRecord::Unknown),
    ),
    (
        "trigger-not-in-plan",
        |s| {
            s.pool.pre_token_trigger = Some(trigger("V3_0"));
            s.pool.tier = Some("LITE".to_owned());
        },
        "V3_0, UserPoolTier LITE",
        |s| s.pool.pre_token_trigger = Some(trigger("V3_0")),
    ),
    (
        "dcr-open-machines",
        |s| s.pool.dcr = Some(open_registration(true)),
        "OpenDcrGrantTypes with client_credentials",
        |s| {
            let mut dcr = open_registration(true);
            dcr.enabled = None;
            s.pool.dcr = Some(dcr);
        },
    ),
    (
        "dcr-open",
        |s| s.pool.dcr = Some(open_registration(false)),
        "OpenDcrEnabled true",
        |s| {
            let mut dcr = open_registration(false);
            dcr.open = false;
            s.pool.dcr = Some(dcr);
        },
    ),
    (
        "managed-rotation-off",
        |s| s.manage(|managed| managed.rotates = Some(false)),
        "RotationEnabled false",
        |s| s.manage(|managed| managed.rotates = None),
    ),
    (
        "managed-rotation-overdue",
        |s| s.manage(|managed| managed.next_rotation = Some(days_ago(2))),
        "NextRotationDate",
        |s| {
            s.manage(|managed| {
                managed.rotates = Some(false);
                managed.next_rotation = Some(days_ago(2));
            });
        },
    ),
    (
        "public-machine",
        |s| {
            s.without_secret();
            s.reader().settings.flows = vec![OAuthFlow::Code];
        },
        "resource servers only: orders/read",
        |s| {
            s.without_secret();
            s.reader().settings.flows = vec![OAuthFlow::Code];
            s.reader().settings.scopes.push(ScopeName::new("openid"));
        },
    ),
    (
        "machine-without-flow",
        |s| s.reader().settings.flows = vec![OAuthFlow::Code],
        "AllowedOAuthFlows code; no callback URL",
        |s| {
            s.reader().settings.flows = vec![OAuthFlow::Code];
            s.reader().settings.callback_urls = words(&["https://app.example/back"]);
        },
    ),
    (
        "client-token-not-alone",
        |s| {
            s.reader().settings.explicit_auth_flows =
                words(&["ALLOW_CLIENT_TOKEN_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
        },
        "ALLOW_CLIENT_TOKEN_AUTH, ALLOW_REFRESH_TOKEN_AUTH",
        |s| s.reader().settings.explicit_auth_flows = words(&["ALLOW_CLIENT_TOKEN_AUTH"]),
    ),
    (
        "sign-in-flows",
        |s| {
            s.reader().settings.explicit_auth_flows =
                words(&["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"]);
        },
        "ExplicitAuthFlows has ALLOW_USER_PASSWORD_AUTH",
        |s| {
            s.reader().settings.explicit_auth_flows = words(&["ALLOW_USER_PASSWORD_AUTH"]);
            s.reader().settings.flows = vec![OAuthFlow::Code];
        },
    ),
    (
        "secret-old",
        |s| s.secrets = vec![secret(181)],
        "181 d ago, on 2026-07-",
        |s| s.secrets = vec![secret(180)],
    ),
    (
        "rotation-unfinished",
        |s| s.secrets = vec![secret(90), secret(31)],
        "2 secrets, the older one made 90 d ago, the newer one 31 d ago",
        |s| s.secrets = vec![secret(90), secret(30)],
    ),
    (
        "token-short",
        |s| s.reader().settings.access_token = minutes(9),
        "9 min: up to 4866 tokens",
        |s| s.reader().settings.access_token = minutes(10),
    ),
    (
        "token-long",
        |s| s.reader().settings.access_token = minutes(721),
        "721 min",
        |s| s.reader().settings.access_token = minutes(720),
    ),
    (
        "namesakes",
        |s| s.clients[1].settings.name = "reader".to_owned(),
        "reader is the name of writer, too",
        |s| s.clients[1].settings.name = "Reader".to_owned(),
    ),
    (
        "deletion-unprotected",
        |s| s.pool.deletion_protection = Some(false),
        "DeletionProtection INACTIVE",
        |s| s.pool.deletion_protection = Some(true),
    ),
    (
        "trigger-never-fires",
        |s| s.pool.pre_token_trigger = Some(trigger("V2_0")),
        "LambdaVersion V2_0; reader is",
        |s| {
            s.pool.pre_token_trigger = Some(trigger("V2_0"));
            for client in &mut s.clients {
                client.settings.flows = vec![OAuthFlow::Code];
            }
        },
    ),
    (
        "trigger-changes-scopes",
        |s| s.pool.pre_token_trigger = Some(trigger("V3_0")),
        "V3_0",
        |s| s.pool.pre_token_trigger = Some(trigger("V1_0")),
    ),
    (
        "sign-in-flows-by-default",
        |s| s.reader().settings.explicit_auth_flows.clear(),
        "none: Cognito allows SRP",
        |s| {
            s.reader().settings.explicit_auth_flows.clear();
            s.reader().settings.flows = vec![OAuthFlow::Code];
        },
    ),
    (
        "callback-urls",
        |s| s.reader().settings.callback_urls = words(&["https://localhost"]),
        "https://localhost",
        |s| {
            s.reader().settings.callback_urls = words(&["https://localhost"]);
            s.reader().settings.flows = vec![OAuthFlow::Code];
        },
    ),
    (
        "whole-server",
        |s| s.reader().settings.scopes = scopes(&["orders/write", "orders/read"]),
        "all 2 of orders",
        // To hold a server's only scope is no choice.
        |s| {
            s.servers.push(server("api", &["admin"]));
            s.reader().settings.scopes.push(ScopeName::new("api/admin"));
        },
    ),
    (
        "secret-not-shown",
        |s| s.reader().secret = DescribedSecret::Absent,
        "ListUserPoolClientSecrets lists 1",
        |s| s.reader().client_type = Some(ClientType::Dcr),
    ),
    (
        "dcr-quota",
        |s| many(s, 800),
        "800 app clients of 1000, 1 of them registered",
        |s| many(s, 799),
    ),
    (
        "unused-scope",
        |s| s.servers[0].scopes[0].name = "read-all".to_owned(),
        "none of 2 app clients lists it",
        // The client that was not described may hold it.
        |s| {
            s.servers[0].scopes[0].name = "read-all".to_owned();
            s.undescribed = vec![ClientSummary {
                id: ClientId::new("unread"),
                name: "unread".to_owned(),
            }];
        },
    ),
];
