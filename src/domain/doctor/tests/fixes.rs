//! What fixes a finding, and what remains after it.

use super::super::{
    ClientFix, Fix, FixContext, FixOptions, FixedBy, Severity, fix_client, fixed, fixes_for,
    plan_fix,
};
use super::{CASES, ClientSnapshot, Finding, RULES, Setup, of_rule, scopes};
use crate::domain::client::AppClient;
use crate::domain::ids::ClientId;
use crate::domain::plan::{Plan, Step};
use crate::domain::secret::{DescribedSecret, ListedSecrets};

/// The finding of a rule on a set-up, and the client that it is about.
fn finding(setup: &Setup, rule: &str) -> (Finding, Option<AppClient>) {
    let findings = of_rule(&setup.findings(), rule);
    let Some(finding) = findings.into_iter().next() else {
        panic!("{rule} found nothing");
    };
    let about = finding.subject.client();
    let mut clients = setup.clients.iter();
    let client = clients.find(|client| Some(&client.id) == about).cloned();
    (finding, client)
}

fn seen<'a>(setup: &'a Setup, client: Option<&'a AppClient>) -> FixContext<'a> {
    FixContext {
        pool: &setup.pool,
        domains: &setup.domains,
        servers: &setup.servers,
        client,
        secrets: ListedSecrets::Read(&setup.secrets),
    }
}

/// Does to the set-up what a plan would do to Cognito.
fn carry_out(plan: &Plan, setup: &mut Setup) {
    for step in plan.to_do() {
        match step {
            Step::UpdateClient { before, after } => {
                let mut clients = setup.clients.iter_mut();
                let client = clients.find(|client| client.id == before.id).unwrap();
                client.settings = after.as_ref().clone();
            }
            Step::CreateClient(new) => {
                let mut client = setup.clients[0].clone();
                client.id = ClientId::new("made");
                client.secret = if new.generate_secret {
                    DescribedSecret::Shown
                } else {
                    DescribedSecret::Absent
                };
                client.settings.name.clone_from(&new.name);
                client.settings.oauth_enabled = new.oauth_enabled;
                client.settings.flows.clone_from(&new.flows);
                client.settings.scopes.clone_from(&new.scopes);
                let flows = &mut client.settings.explicit_auth_flows;
                flows.clone_from(&new.explicit_auth_flows);
                setup.clients.push(client);
            }
            Step::DeleteClient { id, .. } => setup.clients.retain(|client| client.id != *id),
            Step::SetDeletionProtection { on, .. } => setup.pool.deletion_protection = Some(*on),
            Step::CreateServer(server) => setup.servers.push(server.clone()),
            Step::AddScopes { before, scopes } => {
                let mut servers = setup.servers.iter_mut();
                let server = servers.find(|server| server.identifier == before.identifier);
                server.unwrap().scopes.extend(scopes.iter().cloned());
            }
            Step::UpdateServer { before, after, .. } => {
                let mut servers = setup.servers.iter_mut();
                let server = servers.find(|server| server.identifier == before.identifier);
                *server.unwrap() = after.clone();
            }
            Step::DeleteDomain { domain, .. } => {
                setup.domains.retain(|known| known.name != domain.name);
            }
            Step::CreateDomain(new) => {
                let mut made = Setup::healthy().domains.remove(0);
                made.name.clone_from(&new.name);
                setup.domains.push(made);
            }
            Step::MoveSecret { client: of, .. } => {
                let mut clients = setup.clients.iter_mut();
                let client = clients.find(|client| client.id == of.id).unwrap();
                client.secret = DescribedSecret::Managed("arn:aws:secretsmanager".to_owned());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_plan_takes_its_finding_away_and_brings_none_of_its_severity() {
    let mut tried = Vec::new();
    for (rule, spoil, ..) in CASES {
        let known = RULES.iter().find(|known| known.id.as_str() == *rule);
        for way in known.unwrap().fixes.options() {
            let mut setup = Setup::healthy();
            spoil(&mut setup);
            if *way == Fix::RemakeDomain {
                setup.domains[0].status = Some("FAILED".to_owned());
            }
            if *way == Fix::DefineScopes {
                setup.reader().settings.scopes = scopes(&["orders/read", "parcels/track"]);
            }
            if matches!(way, Fix::Split | Fix::ForPeople) {
                setup.reader().settings.callback_urls = super::words(&["https://app.example/"]);
            }
            let before = setup.findings();
            let (finding, client) = finding(&setup, rule);
            let plan = plan_fix(*way, &finding, &seen(&setup, client.as_ref()));
            if way.by() != FixedBy::Plan {
                assert_eq!(plan, None, "{rule} by {}", way.label());
                continue;
            }
            let Some(plan) = plan else {
                panic!("{rule} by {} has no plan", way.label());
            };
            tried.push(way.label());
            assert_eq!(plan.obstacles, [], "{rule} by {}", way.label());
            carry_out(&plan, &mut setup);
            let after = setup.findings();
            let mut left = of_rule(&after, rule);
            left.retain(|one| one.subject == finding.subject);
            assert_eq!(left, [], "{rule} by {}", way.label());
            let new: Vec<&Finding> = after.iter().filter(|one| !before.contains(one)).collect();
            assert!(
                new.iter()
                    .all(|one| one.rule.severity > finding.rule.severity),
                "{rule} by {} leads to {new:#?}",
                way.label()
            );
        }
    }
    assert!(tried.len() > 20, "{tried:?}");
}

#[test]
fn every_rule_has_fixes_with_words_of_their_own_or_says_why_not() {
    let mut words = Vec::new();
    for rule in RULES {
        match rule.fixes {
            FixOptions::Here(ways) => {
                assert!(!ways.is_empty(), "{}", rule.id);
                words.extend(ways.iter().map(|way| (way.label(), way.words())));
            }
            FixOptions::Elsewhere(why) => {
                assert!(why.len() > 30 && why.ends_with('.'), "{}", rule.id);
            }
        }
    }
    words.sort_unstable();
    words.dedup();
    for pair in words.windows(2) {
        assert_ne!(pair[0].0, pair[1].0);
        assert_ne!(pair[0].1, pair[1].1);
    }
}

#[test]
fn a_way_that_leads_nowhere_is_not_offered() {
    let ways = |setup: &Setup, rule: &str| -> Vec<&str> {
        let (finding, client) = finding(setup, rule);
        let ways = fixes_for(&finding, &seen(setup, client.as_ref()));
        ways.into_iter().map(Fix::label).collect()
    };
    let mut setup = Setup::healthy();
    setup.reader().settings.scopes = scopes(&["Orders/READ", "old/gone"]);
    assert_eq!(ways(&setup, "inactive-scopes"), ["prune-scopes"]);
    setup.reader().settings.scopes = scopes(&["old/gone"]);
    let both = ["prune-scopes", "define-scopes"];
    assert_eq!(ways(&setup, "inactive-scopes"), both);

    setup.reader().settings.explicit_auth_flows =
        super::words(&["ALLOW_CLIENT_TOKEN_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
    setup.pool.prefix_domain = None;
    assert_eq!(ways(&setup, "client-token-not-alone"), ["client-token"]);

    for (status, offered) in [("CREATING", false), ("DELETING", false), ("FAILED", true)] {
        setup.domains[0].status = Some(status.to_owned());
        assert_eq!(
            ways(&setup, "domain-not-active").len(),
            usize::from(offered),
            "{status}"
        );
    }
    // Without its certificate a custom domain can't be made again.
    setup.domains[0].custom = true;
    assert!(ways(&setup, "domain-not-active").is_empty());
    // Creation does not restore a setting that this version cannot send.
    setup.domains[0].custom = false;
    setup.domains[0].status = Some("FAILED".to_owned());
    assert!(!ways(&setup, "domain-not-active").is_empty());
    let future = ("FutureSetting".to_owned(), "1".to_owned());
    setup.domains[0].other.extend([future]);
    assert!(ways(&setup, "domain-not-active").is_empty());

    let mut setup = Setup::healthy();
    setup.reader().settings.flows.clear();
    setup.without_secret();
    assert_eq!(ways(&setup, "oauth-without-flows"), ["oauth-off"]);
}

#[test]
fn a_scope_that_was_misspelt_is_put_right_and_not_lost() {
    let mut setup = Setup::healthy();
    setup.reader().settings.scopes = scopes(&["Orders/READ", "old/gone", "orders/write"]);
    let (finding, client) = finding(&setup, "inactive-scopes");
    let seen = seen(&setup, client.as_ref());
    let plan = plan_fix(Fix::PruneScopes, &finding, &seen).unwrap();
    let Step::UpdateClient { after, .. } = &plan.steps[0] else {
        panic!("{plan:?}");
    };
    assert_eq!(after.scopes, scopes(&["orders/read", "orders/write"]));
}

#[test]
fn a_scope_of_cognitos_own_is_none_for_sign_in_and_stays() {
    let mut setup = Setup::healthy();
    setup.reader().settings.scopes = scopes(&["aws.cognito/dcr/register"]);
    assert_eq!(of_rule(&setup.findings(), "sign-in-scopes"), []);
    let mixed = ["openid", "aws.cognito/dcr/register"];
    setup.reader().settings.scopes = scopes(&mixed);
    let (finding, client) = finding(&setup, "sign-in-scopes");
    assert_eq!(finding.seen, "AllowedOAuthScopes has openid");
    let seen = seen(&setup, client.as_ref());
    let plan = plan_fix(Fix::DropSignInScopes, &finding, &seen).unwrap();
    let Step::UpdateClient { after, .. } = &plan.steps[0] else {
        panic!("{plan:?}");
    };
    assert_eq!(after.scopes, scopes(&mixed[1..]));
    assert!(after.oauth_enabled);
}

#[test]
fn a_client_without_a_secret_is_never_deleted_for_it() {
    let mut setup = Setup::healthy();
    setup.without_secret();
    setup.reader().settings.flows.clear();
    setup.reader().settings.explicit_auth_flows = vec!["ALLOW_CLIENT_TOKEN_AUTH".to_owned()];
    let (finding, client) = finding(&setup, "machine-without-secret");
    assert_eq!(fixes_for(&finding, &seen(&setup, client.as_ref())), []);
}

#[test]
fn an_old_secret_is_moved_only_where_cognito_is_known_to_move_it() {
    let (_, spoil, ..) = CASES
        .iter()
        .find(|(rule, ..)| *rule == "secret-old")
        .unwrap();
    let mut setup = Setup::healthy();
    spoil(&mut setup);
    let ways = |setup: &Setup| {
        let (finding, client) = finding(setup, "secret-old");
        let ways = fixes_for(&finding, &seen(setup, client.as_ref()));
        let words: Vec<&str> = ways.into_iter().map(Fix::label).collect();
        (words, finding.fix.contains("can't be moved"))
    };
    assert_eq!(ways(&setup), (vec!["rotate", "move-secret"], false));
    for client in &mut setup.clients {
        client.secret = DescribedSecret::Absent;
    }
    assert_eq!(ways(&setup), (vec!["rotate"], true));
}

#[test]
fn nobody_is_told_to_delete_a_secret_of_a_managed_client_by_hand() {
    for rule in ["secret-old", "rotation-unfinished"] {
        let (_, spoil, ..) = CASES.iter().find(|(of, ..)| *of == rule).unwrap();
        let mut setup = Setup::healthy();
        spoil(&mut setup);
        assert_ne!(of_rule(&setup.findings(), rule), [], "{rule}");
        for client in &mut setup.clients {
            client.secret = DescribedSecret::Managed("arn:aws:secretsmanager".to_owned());
        }
        assert_eq!(of_rule(&setup.findings(), rule), [], "{rule}");
    }
}

/// What `fix` leads to on the client of `finding`, with the fixes that accompany it.
fn together(setup: &Setup, fix: Fix, finding: &Finding, client: &AppClient) -> Option<ClientFix> {
    let described = ClientSnapshot {
        client,
        secrets: ListedSecrets::Read(&setup.secrets),
        managed: None,
    };
    let seen = seen(setup, Some(client));
    setup.with(|found| fix_client(fix, finding, &seen, found, &described))
}

/// Cognito takes all settings in one call, and refuses them all for one of them.
#[test]
fn one_plan_fixes_every_error_of_a_client_that_leaves_no_choice() {
    let error = |rule: &str| {
        let mut rules = RULES.iter();
        let rule = rules.find(|known| known.id.as_str() == rule).unwrap();
        rule.severity == Severity::Error
    };
    let (mut plans, mut choices) = (0, 0);
    let errors = || CASES.iter().filter(|(rule, ..)| error(rule));
    for ((one, spoil, ..), (other, more, ..)) in
        errors().flat_map(|a| errors().map(move |b| (a, b)))
    {
        let mut setup = Setup::healthy();
        spoil(&mut setup);
        more(&mut setup);
        let findings = setup.findings();
        for finding in findings.iter().filter(|one| {
            one.rule.severity == Severity::Error
                && one.subject.client() == Some(&setup.clients[0].id)
        }) {
            let client = setup.clients[0].clone();
            for fix in fixes_for(finding, &seen(&setup, Some(&client))) {
                let about = format!("{one} and {other}: {} by {}", finding.rule.id, fix.label());
                match together(&setup, fix, finding, &client) {
                    Some(ClientFix::Plan(plan)) => {
                        plans += 1;
                        assert_eq!(plan.obstacles, [], "{about}");
                        let mut after = Setup::healthy();
                        spoil(&mut after);
                        more(&mut after);
                        carry_out(&plan, &mut after);
                        let of_client = |one: &Finding| one.subject.client() == Some(&client.id);
                        let left = after.findings();
                        for one in left.iter().filter(|one| of_client(one)) {
                            assert_ne!(one.rule, finding.rule, "{about}");
                            let client = &after.clients[0];
                            let fixes = fixes_for(one, &seen(&after, Some(client)));
                            let simple =
                                matches!(fixes.as_slice(), [fix] if fix.by() == FixedBy::Plan);
                            let error = one.rule.severity == Severity::Error;
                            assert!(!(error && simple), "{about} leaves {}", one.rule.id);
                        }
                    }
                    Some(ClientFix::Choose { fixes, setting }) => {
                        choices += 1;
                        let settings = fixed(&client, &fixes, &setup.servers);
                        assert!(
                            settings != client.settings || fixes.is_empty(),
                            "{about}: {setting:?}"
                        );
                    }
                    None => assert!(
                        matches!(fix, Fix::Split | Fix::DefineScopes | Fix::AddDomain),
                        "{about}"
                    ),
                }
            }
        }
    }
    assert!(plans > 20 && choices > 10, "{plans} {choices}");
}

/// A set-up in which a second client, `reader-2`, has all that the first one has.
fn with_a_twin(spoil: impl FnOnce(&mut Setup)) -> Setup {
    let mut setup = Setup::healthy();
    spoil(&mut setup);
    let mut twin = setup.reader().clone();
    twin.id = ClientId::new("twin");
    twin.settings.name = "reader-2".to_owned();
    setup.clients.push(twin);
    setup
}

/// The plan of `fix` for all findings of `rule`, and how many it covers.
fn all_at_once(setup: &Setup, rule: &str, fix: Fix) -> Option<(Plan, usize)> {
    let findings = of_rule(&setup.findings(), rule);
    let plans = findings.iter().filter_map(|finding| {
        let about = finding.subject.client();
        let client = setup.clients.iter().find(|one| Some(&one.id) == about);
        plan_fix(fix, finding, &seen(setup, client))
    });
    Plan::combined(plans)
}

#[test]
fn one_plan_fixes_all_of_a_kind() {
    let mut setup = with_a_twin(|setup| setup.reader().settings.oauth_enabled = false);
    let (plan, covers) = all_at_once(&setup, "oauth-off", Fix::OAuthOn).unwrap();
    assert_eq!((covers, plan.steps.len()), (2, 2));
    carry_out(&plan, &mut setup);
    assert_eq!(of_rule(&setup.findings(), "oauth-off"), []);
}

#[test]
fn what_two_fixes_do_to_one_resource_is_one_step() {
    let mut setup = with_a_twin(|setup| {
        setup.reader().settings.scopes = scopes(&["orders/read", "parcels/track"]);
    });
    setup.clients.last_mut().unwrap().settings.scopes = scopes(&["parcels/send", "parcels/track"]);
    let (plan, covers) = all_at_once(&setup, "inactive-scopes", Fix::DefineScopes).unwrap();
    let to_do: Vec<&Step> = plan.to_do().collect();
    let [Step::CreateServer(server)] = to_do.as_slice() else {
        panic!("{to_do:#?}");
    };
    let names: Vec<&str> = server.scopes.iter().map(|it| it.name.as_str()).collect();
    assert_eq!((covers, names), (2, vec!["track", "send"]));
    carry_out(&plan, &mut setup);
    assert_eq!(of_rule(&setup.findings(), "inactive-scopes"), []);
}

#[test]
fn scopes_of_one_server_are_deleted_together() {
    let mut setup = Setup::healthy();
    for name in ["old", "older"] {
        let scope = crate::domain::resource_server::Scope {
            name: name.to_owned(),
            description: name.to_owned(),
        };
        setup.servers[0].scopes.push(scope);
    }
    let (plan, covers) = all_at_once(&setup, "unused-scope", Fix::DeleteScope).unwrap();
    assert!(covers >= 2 && plan.steps.len() == 1, "{covers} {plan:#?}");
    carry_out(&plan, &mut setup);
    assert_eq!(of_rule(&setup.findings(), "unused-scope"), []);
}
