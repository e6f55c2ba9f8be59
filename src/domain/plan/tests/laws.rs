//! What holds whatever is there and whatever is wanted.

use crate::domain::secret::DescribedSecret;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::model::{Region, fits, pool};
use crate::domain::client::tests::client;
use crate::domain::client::{AppClient, OAuthFlow, TimeUnit, Validity};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::NewClient;
use crate::domain::plan::{DesiredPool, DesiredState, DestroyScope, Plan, Step, set_up, take_down};
use crate::domain::pool::{Domain, NewDomain, NewPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;

const SCOPES: [&str; 3] = ["admin", "read", "write"];
const SERVERS: [&str; 3] = ["api", "orders", "https://x/y"];

pub(super) fn server(
    identifiers: &'static [&'static str],
) -> impl Strategy<Value = ResourceServer> {
    let scopes = subsequence(&SCOPES[..], 0..=3);
    (select(identifiers), scopes, any::<bool>()).prop_map(|(identifier, scopes, old)| {
        ResourceServer {
            identifier: identifier.to_owned(),
            name: if old {
                "old".to_owned()
            } else {
                "new".to_owned()
            },
            scopes: scopes
                .into_iter()
                .map(|name| Scope {
                    name: name.to_owned(),
                    description: format!("{name} {old}"),
                })
                .collect(),
            ..ResourceServer::default()
        }
    })
}

fn servers() -> impl Strategy<Value = Vec<ResourceServer>> {
    vec(server(&SERVERS), 0..3).prop_map(|mut servers| {
        servers.sort_by(|one, other| one.identifier.cmp(&other.identifier));
        servers.dedup_by(|one, other| one.identifier == other.identifier);
        servers
    })
}

fn full_scopes() -> impl Strategy<Value = Vec<ScopeName>> {
    let all: Vec<String> = SERVERS
        .iter()
        .flat_map(|server| SCOPES.map(|scope| format!("{server}/{scope}")))
        .chain(["gone/x".to_owned(), "openid".to_owned()])
        .collect();
    subsequence(all, 0..5).prop_map(|scopes| scopes.into_iter().map(ScopeName::new).collect())
}

/// A client as Cognito can hold one.
fn found_client() -> impl Strategy<Value = AppClient> {
    let words = subsequence(vec!["https://localhost", "https://app"], 0..=2);
    (
        select(&["machine", "machine", "batch", "web"][..]),
        any::<[bool; 4]>(),
        full_scopes(),
        words,
        1..90_i32,
    )
        .prop_map(
            |(name, [secret, on, code, signs_in], scopes, urls, minutes)| {
                let mut found = client(&[]);
                found.secret = if secret {
                    DescribedSecret::Shown
                } else {
                    DescribedSecret::Absent
                };
                let set = &mut found.settings;
                set.name = name.to_owned();
                set.flows = if code || !secret {
                    vec![OAuthFlow::Code]
                } else {
                    vec![OAuthFlow::ClientCredentials]
                };
                let machine = set.is_m2m();
                set.scopes = scopes;
                set.scopes
                    .retain(|scope| !machine || scope.split().is_some());
                set.oauth_enabled = on && !set.scopes.is_empty();
                if signs_in {
                    set.explicit_auth_flows
                        .push("ALLOW_USER_SRP_AUTH".to_owned());
                }
                set.callback_urls = urls.into_iter().map(str::to_owned).collect();
                set.access_token = Validity {
                    value: minutes,
                    unit: TimeUnit::Minutes,
                };
                set.read_attributes = vec!["email".to_owned()];
                found
            },
        )
}

fn domain() -> impl Strategy<Value = Domain> {
    (select(&["one", "two", "auth.example.com"][..]), 1..=2).prop_map(|(name, version)| Domain {
        name: name.to_owned(),
        custom: name.contains('.'),
        status: Some("ACTIVE".to_owned()),
        cloudfront: None,
        managed_login_version: Some(version),
        certificate_arn: name.contains('.').then(|| "arn:cert".to_owned()),
        ..Domain::default()
    })
}

pub(super) fn region() -> impl Strategy<Value = Region> {
    let things = (
        servers(),
        vec(found_client(), 0..4),
        vec(domain(), 0..2),
        any::<[bool; 2]>(),
    );
    things.prop_map(|(servers, mut clients, mut domains, [there, protected])| {
        for (at, client) in clients.iter_mut().enumerate() {
            client.id = ClientId::new(format!("id{at}"));
        }
        domains.dedup_by(|one, other| one.custom == other.custom);
        let empty = Region {
            pool: None,
            servers: Vec::new(),
            clients: Vec::new(),
            domains: Vec::new(),
            made: 0,
        };
        if there {
            Region {
                pool: Some(pool("pool", protected)),
                servers,
                clients,
                domains,
                ..empty
            }
        } else {
            empty
        }
    })
}

pub(super) fn wanted() -> impl Strategy<Value = DesiredState> {
    let client = (full_scopes(), any::<[bool; 3]>(), 5..60_i32);
    let client = client.prop_map(|(scopes, [stated, revocation, plain], minutes)| NewClient {
        name: "machine".to_owned(),
        generate_secret: true,
        oauth_enabled: true,
        flows: vec![OAuthFlow::ClientCredentials],
        scopes: scopes
            .into_iter()
            .filter(|scope| scope.split().is_some())
            .collect(),
        explicit_auth_flows: if plain {
            Vec::new()
        } else {
            vec!["ALLOW_REFRESH_TOKEN_AUTH".to_owned()]
        },
        callback_urls: vec!["https://localhost".to_owned()],
        access_token: stated.then_some(Validity {
            value: minutes,
            unit: TimeUnit::Minutes,
        }),
        token_revocation: revocation.then_some(true),
        ..NewClient::default()
    });
    let domain = (
        select(&["one", "auth.example.com"][..]),
        proptest::option::of(1..=2),
    );
    let domain = domain.prop_map(|(name, managed_login_version)| NewDomain {
        name: name.to_owned(),
        certificate_arn: name.contains('.').then(|| "arn:new".to_owned()),
        managed_login_version,
    });
    let parts = (
        servers(),
        proptest::option::weighted(0.9, client),
        proptest::option::of(domain),
        any::<bool>(),
    );
    parts.prop_map(|(servers, mut client, domain, create)| {
        // Mostly a preset's client lists scopes of the preset's own servers.
        let own: Vec<ScopeName> = servers
            .iter()
            .flat_map(ResourceServer::scope_names)
            .collect();
        if let Some(client) = &mut client
            && !client.scopes.iter().all(|scope| own.contains(scope))
            && !own.is_empty()
        {
            client.scopes = own;
        }
        DesiredState {
            pool: if create {
                DesiredPool::Create(NewPool {
                    name: "pool".to_owned(),
                    ..NewPool::default()
                })
            } else {
                DesiredPool::This(PoolId::new("eu-west-1_A"))
            },
            servers,
            client,
            domain,
        }
    })
}

fn carry_out(region: &mut Region, plan: &Plan, steps: usize) {
    for step in plan.steps.iter().take(steps) {
        if let Err(refusal) = region.apply(step) {
            panic!("Cognito refuses {step:?}: {refusal}");
        }
    }
}

/// The clients, servers and scopes that the set-up has no business with.
fn strangers(region: &Region, wanted: &DesiredState) -> (Vec<AppClient>, Vec<ResourceServer>) {
    let name = wanted.client.as_ref().map(|client| client.name.as_str());
    let clients = region
        .clients
        .iter()
        .filter(|client| Some(client.settings.name.as_str()) != name);
    let servers = region.servers.iter().map(|server| {
        let ours = wanted
            .servers
            .iter()
            .find(|ours| ours.identifier == server.identifier);
        let mut server = server.clone();
        server.scopes.retain(|scope| {
            ours.is_none_or(|ours| ours.scopes.iter().all(|our| our.name != scope.name))
        });
        server
    });
    (
        clients.cloned().collect(),
        servers.filter(|server| !server.scopes.is_empty()).collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn a_set_up_leads_to_what_is_wanted_and_to_nothing_else(region in region(), wanted in wanted()) {
        let plan = set_up(&wanted, &region.found(&wanted));
        prop_assume!(plan.obstacles.is_empty());
        let mut after = region.clone();
        carry_out(&mut after, &plan, usize::MAX);

        let again = set_up(&wanted, &after.found(&wanted));
        prop_assert!(again.is_settled(), "{again:?}");
        for server in &wanted.servers {
            let there = after.servers.iter().find(|there| there.identifier == server.identifier).unwrap();
            for scope in &server.scopes {
                prop_assert!(there.scopes.iter().any(|known| known.name == scope.name));
            }
        }
        if let Some(client) = &wanted.client {
            let named: Vec<_> = after.clients.iter().filter(|there| there.settings.name == client.name).collect();
            prop_assert_eq!(named.len(), 1);
            prop_assert!(fits(named[0], client), "{:?}", named[0]);
        }
        if let Some(domain) = &wanted.domain {
            prop_assert!(after.domains.iter().any(|there| there.name == domain.name));
        }
        prop_assert_eq!(strangers(&after, &wanted), strangers(&region, &wanted));
        for scope in region.servers.iter().flat_map(ResourceServer::scope_names) {
            prop_assert!(after.servers.iter().flat_map(ResourceServer::scope_names).any(|kept| kept == scope));
        }
    }

    #[test]
    fn broken_off_anywhere_and_planned_again_it_ends_the_same(region in region(), wanted in wanted(), cut in 0..5_usize) {
        let plan = set_up(&wanted, &region.found(&wanted));
        prop_assume!(plan.obstacles.is_empty());
        let mut whole = region.clone();
        carry_out(&mut whole, &plan, usize::MAX);
        let mut broken = region.clone();
        carry_out(&mut broken, &plan, cut);
        let rest = set_up(&wanted, &broken.found(&wanted));
        prop_assert_eq!(&rest.obstacles, &[]);
        carry_out(&mut broken, &rest, usize::MAX);
        prop_assert_eq!(broken, whole);
    }

    #[test]
    fn a_take_down_takes_away_what_was_wanted_and_nothing_else(region in region(), wanted in wanted(), [pool, domain, scopes] in any::<[bool; 3]>()) {
        let also = DestroyScope { pool, domain, scopes };
        let plan = take_down(&wanted, &region.found(&wanted), &region.clients, also);
        prop_assume!(plan.obstacles.is_empty());
        let mut after = region.clone();
        carry_out(&mut after, &plan, usize::MAX);

        let again = take_down(&wanted, &after.found(&wanted), &after.clients, also);
        prop_assert!(again.to_do().next().is_none(), "{again:?}");
        let own = matches!(wanted.pool, DesiredPool::Create(_));
        let strange = strangers(&region, &wanted);
        if own && (pool || after.pool.is_none()) {
            prop_assert!(after.pool.is_none());
            let named = plan.steps.iter().any(|step| matches!(step, Step::DeletePool { clients, .. } if clients.len() == strange.0.len()));
            prop_assert!(named || region.pool.is_none(), "who goes with the pool is not named: {plan:?}");
            prop_assert!(pool || strange == (Vec::new(), Vec::new()), "{strange:?}");
        } else {
            prop_assert_eq!(strangers(&after, &wanted), strange);
        }
        // Nobody else loses a scope or a token endpoint unasked.
        for client in after.clients.iter().filter(|_| !scopes) {
            let defined = |region: &Region, scope: &ScopeName| region.servers.iter().flat_map(ResourceServer::scope_names).any(|known| known == *scope);
            for scope in &client.settings.scopes {
                prop_assert_eq!(defined(&after, scope), defined(&region, scope));
            }
        }
        if !domain && !after.clients.is_empty() {
            prop_assert_eq!(after.domains, region.domains);
        }
    }
}
