//! A token's scopes against the client as it is now and against what is defined; and what sort of token it is.

use serde_json::{Value, json};

use super::{changed, jwt, pool, rs256};
use crate::domain::client::AppClient;
use crate::domain::client::tests::client;
use crate::domain::oauth::issuer::Rules;
use crate::domain::oauth::token::Verification;
use crate::domain::oauth::token_checks::{
    Lookup, Proof, Remedy, ScopeFate, TokenContext, TokenSort, Topic, Validity, Verdict,
    claim_meaning, verdict,
};
use crate::domain::plan::Step;
use crate::domain::pool::{PreTokenTrigger, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

const SCOPE: &str = "orders/write";

fn server(scopes: &[&str]) -> Vec<ResourceServer> {
    let scopes = scopes.iter().map(|name| Scope {
        name: (*name).to_owned(),
        description: (*name).to_owned(),
    });
    vec![ResourceServer {
        identifier: "orders".to_owned(),
        name: "Orders".to_owned(),
        scopes: scopes.collect(),
        ..ResourceServer::default()
    }]
}

fn judged(
    change: &Value,
    pool: &UserPool,
    client: Lookup<AppClient>,
    servers: Option<&[ResourceServer]>,
) -> Verdict {
    let valid = Verification::Valid {
        kid: "k".to_owned(),
        algorithm: "RS256".to_owned(),
    };
    let around = TokenContext {
        pool: Lookup::Here(pool),
        client,
        servers,
        verification: Some(&valid),
        signature: Some(256),
        ..TokenContext::default()
    };
    let jwt = jwt(&rs256(), &changed(change));
    verdict(&jwt, &around, Timestamp::from_seconds(super::NOW))
}

#[test]
fn each_cell_of_token_client_and_definition_has_its_fate_and_its_remedy() {
    let write = || vec![ScopeName::new(SCOPE)];
    let allow = || Some(Remedy::Allow(write()));
    let define = || Some(Remedy::Define(write()));
    for (in_token, listed, defined, fate, remedy) in [
        (true, true, true, Some(ScopeFate::Carried), None),
        (true, true, false, Some(ScopeFate::Deleted), define()),
        (true, false, true, Some(ScopeFate::Removed), allow()),
        (true, false, false, Some(ScopeFate::Deleted), define()),
        (
            false,
            true,
            true,
            Some(ScopeFate::LeftOut),
            Some(Remedy::NewToken),
        ),
        (false, true, false, Some(ScopeFate::Undefined), define()),
        (false, false, true, Some(ScopeFate::NotAllowed), allow()),
        (false, false, false, None, None),
    ] {
        let cell = format!("token {in_token}, client {listed}, defined {defined}");
        let of = |has: bool| {
            if has {
                vec!["orders/read", SCOPE]
            } else {
                vec!["orders/read"]
            }
        };
        let client = client(&of(listed));
        let servers = server(if defined {
            &["read", "write"]
        } else {
            &["read"]
        });
        let token = json!({"scope": of(in_token).join(" ")});
        let found = judged(&token, &pool(), Lookup::Here(&client), Some(&servers));
        let one = found.scopes.iter().find(|one| one.scope.as_str() == SCOPE);
        assert_eq!(one.map(|one| one.fate), fate, "{cell}");
        assert_eq!(found.remedy, remedy, "{cell}");
        // The answer names it wherever something is to be done about it.
        let named = found.answer.contains(SCOPE);
        assert_eq!(
            named,
            remedy.is_some() || in_token,
            "{cell}: {}",
            found.answer
        );
        assert_eq!(found.standing, Validity::Valid, "{cell}");
    }
}

#[test]
fn a_remedy_is_a_plan_of_that_scope_alone() {
    let (pool, checkout) = (pool(), client(&["orders/read"]));
    let servers = server(&["read", "write"]);
    let found = judged(
        &json!({"scope": "orders/read orders/write"}),
        &pool,
        Lookup::Here(&checkout),
        Some(&servers),
    );
    let plan = found
        .remedy
        .unwrap()
        .plan(&pool, &checkout, &servers)
        .unwrap();
    let [Step::UpdateClient { before, after }] = plan.steps.as_slice() else {
        panic!("{:?}", plan.steps);
    };
    let mut wanted = before.settings.clone();
    wanted.scopes.push(ScopeName::new("orders/write"));
    assert_eq!(**after, wanted);

    let servers = server(&["read"]);
    let found = judged(
        &json!({"scope": "orders/read"}),
        &pool,
        Lookup::Here(&client(&["orders/read", "orders/write"])),
        Some(&servers),
    );
    let plan = found
        .remedy
        .unwrap()
        .plan(&pool, &checkout, &servers)
        .unwrap();
    assert!(
        matches!(
            plan.to_do().collect::<Vec<_>>().as_slice(),
            [Step::AddScopes { .. }]
        ),
        "{:?}",
        plan.steps
    );
}

#[test]
fn what_was_not_read_is_not_judged() {
    let token = json!({"scope": "orders/read orders/write"});
    let checkout = client(&["orders/read"]);
    for (client, servers) in [
        (Lookup::NotAsked, None),
        (
            Lookup::Failed("AccessDenied".to_owned()),
            Some(server(&["read"])),
        ),
    ] {
        let found = judged(&token, &pool(), client, servers.as_deref());
        assert_eq!(found.remedy, None, "{found:?}");
        assert_eq!(found.troubles, [], "{found:?}");
        let unknown = found
            .evidence
            .iter()
            .filter(|one| one.about == Topic::Client);
        assert!(unknown.into_iter().all(|one| one.proof == Proof::Unknown));
    }
    // Without the resource servers it is known that the client does not list it, not that nothing defines it.
    let found = judged(&token, &pool(), Lookup::Here(&checkout), None);
    let fates: Vec<ScopeFate> = found.scopes.iter().map(|one| one.fate).collect();
    assert_eq!(fates, [ScopeFate::Removed, ScopeFate::Unread]);
}

#[test]
fn a_trigger_makes_it_unsure_whether_the_client_had_it() {
    let mut pool = pool();
    pool.pre_token_trigger = Some(PreTokenTrigger {
        version: "V3_0".to_owned(),
        arn: "arn:aws:lambda:eu-west-1:1:function:f".to_owned(),
    });
    let checkout = client(&["orders/read"]);
    let servers = server(&["read", "write"]);
    let token = json!({"scope": "orders/read orders/write"});
    let found = judged(&token, &pool, Lookup::Here(&checkout), Some(&servers));
    assert!(!found.answer.contains("no longer"), "{}", found.answer);
    assert!(found.troubles[0].seen.contains("trigger"), "{found:?}");
}

#[test]
fn an_expired_token_says_what_a_new_one_will_lack() {
    let checkout = client(&["orders/read"]);
    let servers = server(&["read", "write"]);
    let token = json!({"scope": "orders/read orders/write", "exp": super::NOW - 5});
    let found = judged(&token, &pool(), Lookup::Here(&checkout), Some(&servers));
    assert_eq!(found.standing, Validity::Refused);
    assert!(
        found.answer.contains("expired") && found.answer.contains(SCOPE),
        "{found:?}"
    );
}

#[test]
fn a_client_that_gets_no_new_token_is_said_so() {
    let mut checkout = client(&["orders/read"]);
    checkout.settings.oauth_enabled = false;
    let servers = server(&["read"]);
    let token = json!({"scope": "orders/read"});
    let found = judged(&token, &pool(), Lookup::Here(&checkout), Some(&servers));
    assert_eq!(found.remedy, Some(Remedy::Doctor), "{found:?}");
    checkout.settings.explicit_auth_flows = vec!["ALLOW_CLIENT_TOKEN_AUTH".to_owned()];
    let found = judged(&token, &pool(), Lookup::Here(&checkout), Some(&servers));
    assert_eq!(found.remedy, None, "{found:?}");
}

#[test]
fn each_sort_is_told_and_its_claims_are_explained_as_its_own() {
    let admin = "aws.cognito.signin.user.admin";
    let person = |scope: &str| json!({"sub": "u", "username": "alice", "scope": scope});
    let machines = "as no user is involved";
    for (change, sort, sub) in [
        (json!({}), TokenSort::Machine, machines),
        (person(admin), TokenSort::PersonDirect, "the person's id"),
        (
            person(&format!("openid {admin}")),
            TokenSort::PersonByCode,
            "the person's id",
        ),
        (
            person("api/read"),
            TokenSort::PersonByCode,
            "the person's id",
        ),
        (
            json!({"token_use": "id", "sub": "u", "aud": "c", "client_id": null}),
            TokenSort::Id,
            "the person's id",
        ),
        (
            json!({"sub": "u", "act": {"sub": "agent"}}),
            TokenSort::Exchanged,
            "whom somebody acts for",
        ),
        (
            json!({"iss": "https://login.example.com"}),
            TokenSort::Foreign,
            "subject",
        ),
        (
            json!({"token_use": "refresh"}),
            TokenSort::Unknown,
            "subject",
        ),
    ] {
        let found = TokenSort::of(&jwt(&rs256(), &changed(&change)), &Rules::default());
        assert_eq!(found, sort, "{change}");
        let meaning = claim_meaning("sub", found).unwrap();
        assert!(meaning.contains(sub), "{sort:?}: {meaning}");
        assert_eq!(meaning.contains(machines), sort == TokenSort::Machine);
        let time = claim_meaning("auth_time", found);
        let of_person = matches!(
            sort,
            TokenSort::PersonDirect | TokenSort::PersonByCode | TokenSort::Id
        );
        assert_eq!(
            time == Some("when the person signed in"),
            of_person,
            "{sort:?}"
        );
    }
}

#[test]
fn f05_a_persons_token_by_initiate_auth_says_what_to_use_instead() {
    let person = json!({"sub": "u", "username": "alice", "scope": "aws.cognito.signin.user.admin"});
    let found = judged(&person, &pool(), Lookup::NotAsked, None);
    assert_eq!(found.sort, TokenSort::PersonDirect);
    assert_eq!(found.standing, Validity::Refused);
    assert!(
        found.answer.contains("never has custom scopes"),
        "{found:?}"
    );
    let fix = &found.troubles[0].fix;
    assert!(
        fix.contains("client_credentials") && fix.contains("authorization code"),
        "{fix}"
    );
    assert_eq!(found.scopes, []);
}

#[test]
fn m1_a_replicas_issuer_is_not_known_and_the_sovereign_clouds_is_cognitos() {
    let replica = json!({"iss": "https://cognito-idp.us-west-2.amazonaws.com/us-east-1_A"});
    let jwt_of = |change: &Value| jwt(&rs256(), &changed(change));
    let unknown = Verification::Unknown {
        reason: "may be a replica".to_owned(),
    };
    let around = TokenContext {
        pool: Lookup::NotHere,
        verification: Some(&unknown),
        ..TokenContext::default()
    };
    let now = Timestamp::from_seconds(super::NOW);
    let found = verdict(&jwt_of(&replica), &around, now);
    assert_eq!(found.standing, Validity::Unchecked);
    assert_eq!(found.troubles, [], "no word of a pool that is not there");
    let issuer = found
        .evidence
        .iter()
        .find(|one| one.about == Topic::Issuer)
        .unwrap();
    assert!(issuer.proof == Proof::Unknown && issuer.seen.contains("not known here"));
    let sovereign =
        json!({"iss": "https://cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_A"});
    let found = verdict(&jwt_of(&sovereign), &TokenContext::default(), now);
    assert_eq!(found.sort, TokenSort::Machine);
    assert_eq!(found.standing, Validity::Unchecked);
}

#[test]
fn a_deletion_is_said_only_of_a_client_that_a_signature_proves() {
    let pool = pool();
    let valid = Verification::Valid {
        kid: "k".to_owned(),
        algorithm: "RS256".to_owned(),
    };
    for (verification, proven) in [(Some(&valid), true), (None, false)] {
        let around = TokenContext {
            pool: Lookup::Here(&pool),
            client: Lookup::NotHere,
            verification,
            ..TokenContext::default()
        };
        let jwt = jwt(&rs256(), &changed(&json!({})));
        let found = verdict(&jwt, &around, Timestamp::from_seconds(super::NOW));
        let said = found.troubles[0].fix.contains("was deleted since");
        assert_eq!(said, proven, "{found:?}");
    }
}

#[test]
fn the_keys_that_verify_a_token_prove_its_issuer_and_nothing_else_does() {
    let valid = Verification::Valid {
        kid: "k".to_owned(),
        algorithm: "RS256".to_owned(),
    };
    for (verification, proof) in [(Some(&valid), Proof::Good), (None, Proof::Unknown)] {
        let around = TokenContext {
            verification,
            ..TokenContext::default()
        };
        let jwt = jwt(&rs256(), &changed(&json!({})));
        let found = verdict(&jwt, &around, Timestamp::from_seconds(super::NOW));
        let issuer = found
            .evidence
            .iter()
            .find(|one| one.about == Topic::Issuer)
            .unwrap();
        assert_eq!(issuer.proof, proof);
    }
}

#[test]
fn decoded_claims_are_judged_without_header_and_signature() {
    let jwt = jwt(&json!({}), &changed(&json!({"exp": super::NOW})));
    let around = TokenContext {
        is_decoded: true,
        ..TokenContext::default()
    };
    let found = verdict(&jwt, &around, Timestamp::from_seconds(super::NOW));
    let titles: Vec<&str> = found
        .troubles
        .iter()
        .map(|one| one.title.as_str())
        .collect();
    assert_eq!(titles, ["expired"]);
}
