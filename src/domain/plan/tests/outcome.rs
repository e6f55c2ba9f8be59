//! What is left of a step: nothing after it was carried out, whatever was there before; and of somebody else's change nothing is lost.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::laws::{region, server, wanted};
use super::model::Region;
use crate::domain::client::tests::client;
use crate::domain::client::{
    AppClient, ClientSettings, OAuthFlow, RefreshTokenRotation, TimeUnit, Validity,
};
use crate::domain::plan::{ReadBack, ResourceRef, Step, set_up};
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

/// What a step is about, as it is in the Region.
fn thing(region: &Region, step: &Step) -> Option<ResourceRef> {
    let server = |identifier: &str| {
        let mut servers = region.servers.iter();
        let found = servers.find(|server| server.identifier == identifier);
        found.cloned().map(ResourceRef::Server)
    };
    let client = |fits: &dyn Fn(&AppClient) -> bool| {
        let found = region.clients.iter().find(|client| fits(client));
        found
            .cloned()
            .map(|client| ResourceRef::Client(Box::new(client)))
    };
    let domain = |name: &str| {
        let found = region.domains.iter().find(|domain| domain.name == name);
        found.cloned().map(ResourceRef::Domain)
    };
    match step {
        Step::CreatePool(_) | Step::SetDeletionProtection { .. } | Step::DeletePool { .. } => {
            let pool = region.pool.clone();
            pool.map(|pool| ResourceRef::Pool(Box::new(pool)))
        }
        Step::CreateServer(of)
        | Step::AddScopes { before: of, .. }
        | Step::UpdateServer { before: of, .. }
        | Step::DeleteServer { server: of, .. } => server(&of.identifier),
        Step::CreateClient(new) => client(&|client| client.settings.name == new.name),
        Step::UpdateClient { before, .. } => client(&|client| client.id == before.id),
        Step::MoveSecret { client: of, .. } => client(&|client| client.id == of.id),
        Step::DeleteClient { id, .. } => client(&|client| client.id == *id),
        Step::CreateDomain(of) | Step::UpdateDomain { after: of, .. } => domain(&of.name),
        Step::DeleteDomain { domain: of, .. } => domain(&of.name),
        Step::RotateManaged { .. } | Step::There(_) | Step::Kept { .. } => None,
    }
}

/// Three versions of a list, each with some of these.
fn three<T: Clone + std::fmt::Debug + 'static>(all: Vec<T>) -> impl Strategy<Value = [Vec<T>; 3]> {
    let some = move || subsequence(all.clone(), 0..=all.len());
    [some(), some(), some()]
}

/// Three versions of a client's settings.
fn settings() -> impl Strategy<Value = [ClientSettings; 3]> {
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    let lives: Vec<Validity> = [
        (60, TimeUnit::Minutes),
        (1, TimeUnit::Hours),
        (5, TimeUnit::Minutes),
    ]
    .map(|(value, unit)| Validity { value, unit })
    .to_vec();
    let off = RefreshTokenRotation {
        enabled: false,
        grace_seconds: Some(0),
    };
    let on = RefreshTokenRotation {
        enabled: true,
        grace_seconds: Some(30),
    };
    let rotations = vec![None, Some(off), Some(on)];
    (
        three(words(&["https://a", "https://b", "https://c"])),
        three(words(&["orders/read", "orders/write"])),
        three(words(&["ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"])),
        [select(lives.clone()), select(lives.clone()), select(lives)],
        [
            select(rotations.clone()),
            select(rotations.clone()),
            select(rotations),
        ],
        any::<[Option<bool>; 3]>(),
        [0..3_usize, 0..3_usize, 0..3_usize],
    )
        .prop_map(|(urls, scopes, flows, lives, rotations, switches, names)| {
            [0, 1, 2].map(|at| {
                let mut set = client(&[]).settings;
                set.name = ["one", "two", "three"][names[at]].to_owned();
                set.callback_urls.clone_from(&urls[at]);
                set.scopes = scopes[at].iter().map(ScopeName::new).collect();
                set.explicit_auth_flows.clone_from(&flows[at]);
                set.access_token = lives[at];
                set.refresh_token_rotation = rotations[at];
                set.token_revocation = switches[at];
                set.oauth_enabled = switches[at] == Some(true);
                set.flows = if switches[at].is_some() {
                    vec![OAuthFlow::ClientCredentials]
                } else {
                    vec![]
                };
                set
            })
        })
}

fn with(settings: &ClientSettings) -> AppClient {
    AppClient {
        settings: settings.clone(),
        ..client(&[])
    }
}

/// What Cognito may say in place of what it was sent, which means the same.
fn normalised(settings: &ClientSettings) -> ClientSettings {
    let mut set = settings.clone();
    set.callback_urls.reverse();
    set.scopes.reverse();
    set.explicit_auth_flows.reverse();
    if set.access_token.unit == TimeUnit::Hours {
        set.access_token = Validity {
            value: set.access_token.value * 60,
            unit: TimeUnit::Minutes,
        };
    }
    set.token_revocation = Some(set.token_revocation.unwrap_or(true));
    set.auth_session_minutes = Some(set.auth_session_minutes.unwrap_or(3));
    set.propagates_user_context = Some(set.propagates_user_context.unwrap_or(false));
    set.default_redirect_uri = Some(set.default_redirect_uri.unwrap_or_default());
    let off = RefreshTokenRotation {
        enabled: false,
        grace_seconds: Some(0),
    };
    set.refresh_token_rotation = Some(set.refresh_token_rotation.unwrap_or(off));
    let mode = set.prevent_user_existence_errors;
    set.prevent_user_existence_errors = Some(mode.unwrap_or_else(|| "LEGACY".to_owned()));
    set
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn something_is_left_of_a_step_until_it_is_carried_out_and_nothing_after(region in region(), wanted in wanted()) {
        let plan = set_up(&wanted, &region.found(&wanted));
        prop_assume!(plan.obstacles.is_empty());
        let mut region = region;
        for step in plan.to_do() {
            let makes = matches!(step, Step::CreateClient(_));
            prop_assert!(makes || step.left(thing(&region, step).as_ref()).is_some(), "{step:?}");
            region.apply(step).unwrap();
            let there = thing(&region, step);
            prop_assert_eq!(step.left(there.as_ref()), None, "{:?}", there);
            prop_assert_eq!(step.read_back(None, there.as_ref()), ReadBack::AsWritten);
        }
    }

    #[test]
    fn a_change_of_a_server_goes_on_top_of_somebody_elses(
        before in server(&["api"]),
        after in server(&["api"]),
        there in server(&["api"]),
    ) {
        let step = Step::UpdateServer { before: before.clone(), after: after.clone(), holders: Vec::new() };
        let has = |server: &ResourceServer, name: &str| server.scopes.iter().any(|scope| scope.name == name);
        let is = match step.left(Some(&ResourceRef::Server(there.clone()))) {
            None => there.clone(),
            Some(Step::UpdateServer { before: seen, after, .. }) => {
                prop_assert_eq!(&seen, &there);
                after
            }
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(step.left(Some(&ResourceRef::Server(is.clone()))), None);
        for name in ["admin", "read", "write"] {
            match (has(&before, name), has(&after, name)) {
                (false, true) => prop_assert!(has(&is, name)),
                (true, false) => prop_assert!(!has(&is, name)),
                _ => prop_assert_eq!(has(&is, name), has(&there, name)),
            }
        }
        prop_assert_eq!(&is.name, if before.name == after.name { &there.name } else { &after.name });
    }

    #[test]
    fn a_change_of_a_client_goes_on_top_of_somebody_elses([before, after, there] in settings()) {
        let step = Step::UpdateClient { before: Box::new(with(&before)), after: Box::new(after.clone()) };
        let thing = |settings: &ClientSettings| ResourceRef::Client(Box::new(with(settings)));
        let is = match step.left(Some(&thing(&there))) {
            None => there.clone(),
            Some(Step::UpdateClient { before: seen, after }) => {
                prop_assert_eq!(&seen.settings, &there);
                *after
            }
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(step.left(Some(&thing(&is))), None);
        // However Cognito spells it.
        prop_assert_eq!(step.left(Some(&thing(&normalised(&is)))), None);
        if before.name == after.name {
            prop_assert_eq!(&is.name, &there.name);
        }
        if before.access_token == after.access_token {
            prop_assert_eq!(is.access_token, there.access_token);
        }
        for url in &there.callback_urls {
            prop_assert!(is.callback_urls.contains(url) || before.callback_urls.contains(url));
        }
    }
}

#[test]
fn only_a_later_date_is_certain_to_be_somebody_elses() {
    let mut before = client(&["api/admin"]);
    before.modified = Some(Timestamp::from_seconds(10));
    let mut after = before.settings.clone();
    after.name = "mine".to_owned();
    let step = Step::UpdateClient {
        before: Box::new(before.clone()),
        after: Box::new(after.clone()),
    };
    let dated = |settings: &ClientSettings, seconds| {
        let mut client = with(settings);
        client.modified = Some(Timestamp::from_seconds(seconds));
        ResourceRef::Client(Box::new(client))
    };
    let (old, mine) = (&before.settings, &after);
    let read =
        |answer: &ResourceRef, there: &ResourceRef| step.read_back(Some(answer), Some(there));
    assert_eq!(
        read(&dated(mine, 20), &dated(mine, 20)),
        ReadBack::AsWritten
    );
    assert_eq!(
        read(&dated(mine, 20), &dated(mine, 30)),
        ReadBack::AsWritten
    );
    assert_eq!(read(&dated(mine, 20), &dated(old, 10)), ReadBack::Earlier);
    let theirs = read(&dated(mine, 20), &dated(old, 30));
    assert!(matches!(theirs, ReadBack::Otherwise(overwritten) if overwritten.certain));
    // Cognito itself left it as it was.
    let refused = read(&dated(old, 20), &dated(old, 20));
    assert!(matches!(refused, ReadBack::NotTaken(_)), "{refused:?}");
}
