//! Every fix of the doctor, taken on random app clients that Cognito accepts: Cognito accepts the fix, the finding goes, and nothing
//! else changes.

use cognitui::domain::client::{OAuthFlow, TimeUnit, Validity};
use cognitui::domain::client_rules::EXPLICIT_AUTH_FLOWS;
use cognitui::domain::doctor::{ClientFix, Finding, Fix, fix_client, fixes_for, plan_fix};
use cognitui::domain::ids::ClientId;
use cognitui::domain::new_client::NewClient;
use cognitui::domain::plan::{Plan, Step};
use cognitui::domain::scope::ScopeName;
use cognitui::sandbox::state::State;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::doctor::Read;
use crate::sandbox::Demo;

const POOL: &str = "acme-platform-prod";
const NAME: &str = "random";
const SCOPES: [&str; 5] = [
    "orders/read",
    "orders/write",
    "orders/cancel",
    "billing/export",
    "openid",
];

fn new_client() -> impl Strategy<Value = NewClient> {
    let flows = prop_oneof![
        3 => Just(vec![OAuthFlow::ClientCredentials]),
        1 => Just(vec![OAuthFlow::Code]),
        1 => Just(Vec::new()),
    ];
    let scopes = proptest::sample::subsequence(&SCOPES[..], 0..=SCOPES.len());
    let explicit = proptest::sample::subsequence(&EXPLICIT_AUTH_FLOWS[..], 0..=3);
    let urls =
        proptest::sample::subsequence(&["https://a.example/", "https://b.example/"][..], 0..=2);
    let life = prop_oneof![Just(None), (5..=1440i32).prop_map(Some)];
    (
        any::<bool>(),
        any::<bool>(),
        flows,
        scopes,
        explicit,
        urls,
        life,
    )
        .prop_map(
            |(secret, oauth, flows, scopes, explicit, urls, life)| NewClient {
                name: NAME.to_owned(),
                generate_secret: secret,
                oauth_enabled: oauth,
                flows,
                scopes: scopes.into_iter().map(ScopeName::new).collect(),
                explicit_auth_flows: explicit.into_iter().map(str::to_owned).collect(),
                callback_urls: urls.into_iter().map(str::to_owned).collect(),
                access_token: life.map(|value| Validity {
                    value,
                    unit: TimeUnit::Minutes,
                }),
                ..NewClient::default()
            },
        )
        .prop_map(accepted)
}

/// Leaves out the combinations that Cognito refuses.
fn accepted(mut new: NewClient) -> NewClient {
    if new.flows == [OAuthFlow::ClientCredentials] {
        new.generate_secret = true;
        new.scopes.retain(ScopeName::is_for_machines);
    }
    new.oauth_enabled &= !new.flows.is_empty() && !new.scopes.is_empty();
    if new.flows == [OAuthFlow::Code] && new.callback_urls.is_empty() {
        new.callback_urls = vec!["https://a.example/".to_owned()];
    }
    new
}

/// What happens to the pool after the client was created: Cognito lets all of it happen.
fn spoil(state: &mut State, pool: &str, scope: bool, domain: bool) {
    let pool = state.pools.get_mut(pool).unwrap();
    if scope {
        for server in &mut pool.servers {
            server.scopes.retain(|scope| scope.scope_name != "read");
        }
    }
    if domain {
        let id = pool.id.clone();
        state.domains.retain(|_, domain| domain.pool != id);
    }
}

/// The plans of every fix of a finding, each with its word.
fn plans(read: &Read, finding: &Finding) -> Vec<(Fix, Plan)> {
    let client = finding.subject.client();
    read.judged(client, |found, seen, described| {
        let plan = |fix: Fix| {
            let together = described.and_then(|of| fix_client(fix, finding, seen, found, of));
            match together {
                Some(ClientFix::Plan(plan)) => Some((fix, *plan)),
                Some(ClientFix::Choose { .. }) => None,
                None => Some((fix, plan_fix(fix, finding, seen)?)),
            }
        };
        fixes_for(finding, seen)
            .into_iter()
            .filter_map(plan)
            .collect()
    })
}

async fn try_every_fix(demo: &Demo, new: &NewClient, scope: bool, domain: bool) -> usize {
    let pools = demo.pools().await;
    let pool = pools
        .iter()
        .find(|pool| pool.name == POOL)
        .unwrap()
        .id
        .clone();
    // What Cognito refuses to create is not tried.
    let Ok(created) = demo.gateway.create_client(&pool, new).await else {
        return 0;
    };
    let id: ClientId = created.client.id.clone();
    demo.sandbox
        .edit(|state| spoil(state, pool.as_str(), scope, domain));
    let mut kept = State::default();
    demo.sandbox.edit(|state| kept = state.clone());
    let before = Read::of(&demo.gateway, &pool).await;
    let of_client = |finding: &&Finding| finding.subject.client() == Some(&id);
    let mut tried = 0;
    for finding in before.findings().iter().filter(of_client) {
        for (fix, plan) in plans(&before, finding) {
            let about = format!("{} by {} on {new:?}", finding.rule.id, fix.label());
            assert_eq!(plan.obstacles, [], "{about}");
            let done = demo.gateway.execute(&plan, |_| ()).await;
            assert_eq!(done.failed, None, "{about}");
            assert!(
                done.unconfirmed.is_empty(),
                "{about}: {:?}",
                done.unconfirmed
            );
            let after = Read::of(&demo.gateway, &pool).await;
            let left = after.findings();
            let left = left.iter().filter(of_client);
            assert!(
                left.clone().all(|one| one.rule != finding.rule),
                "{about} is still there"
            );
            // A second time, there is nothing to do.
            let again = left.flat_map(|one| plans(&after, one));
            assert!(again.into_iter().all(|(_, next)| next != plan), "{about}");
            for (was, _) in before.clients.iter().filter(|(was, _)| was.id != id) {
                let is = after
                    .clients
                    .iter()
                    .find(|(is, _)| is.id == was.id)
                    .unwrap();
                assert_eq!(was.settings, is.0.settings, "{about}");
            }
            let planned = plan
                .to_do()
                .any(|step| matches!(step, Step::UpdateClient { before, .. } if before.id == id));
            let is = after.clients.iter().find(|(is, _)| is.id == id);
            let was = before.clients.iter().find(|(was, _)| was.id == id).unwrap();
            if let Some(is) = is
                && !planned
            {
                assert_eq!(was.0.settings, is.0.settings, "{about}");
            }
            demo.sandbox.edit(|state| *state = kept.clone());
            tried += 1;
        }
    }
    demo.gateway.delete_client(&pool, &id).await.unwrap();
    tried
}

#[test]
fn every_fix_is_accepted_and_takes_its_finding_away() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 60,
        max_shrink_iters: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let tried = std::cell::Cell::new(0);
    let cases = (new_client(), any::<bool>(), any::<bool>());
    let ran = runner.run(&cases, |(new, scope, domain)| {
        let count = runtime.block_on(async {
            let demo = Demo::start().await;
            try_every_fix(&demo, &new, scope, domain).await
        });
        tried.set(tried.get() + count);
        Ok(())
    });
    assert!(ran.is_ok(), "{}", ran.unwrap_err());
    assert!(tried.get() > 60, "only {} fixes were tried", tried.get());
}
