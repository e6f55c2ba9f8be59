use super::*;
use crate::domain::client::{OAuthFlow, TimeUnit};
use crate::domain::ids::PoolId;
use crate::domain::new_client::{machine_auth, machine_auth_server};

fn shelf() -> PresetCatalog {
    let shelf = PresetCatalog::new(&[]);
    assert_eq!(
        shelf.errors().collect::<Vec<_>>(),
        Vec::<&PresetError>::new()
    );
    shelf
}

fn answers(pairs: &[(&str, &str)]) -> Answers {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn error(text: &str) -> String {
    Preset::parse("mine", "mine.toml", text)
        .unwrap_err()
        .to_string()
}

#[test]
fn team_is_what_teams_own_script_makes_field_for_field() {
    let shelf = shelf();
    let team = shelf.get("machine-auth").unwrap();
    let wanted = team.wanted(&Answers::new(), None, "eu-west-1").unwrap();
    assert_eq!(
        wanted,
        DesiredState {
            pool: DesiredPool::Find("team06dbb7fc".to_owned()),
            servers: vec![machine_auth_server()],
            client: Some(machine_auth()),
            domain: None,
        }
    );
}

#[test]
fn every_preset_can_be_answered_and_asks_for_a_domain_of_ones_own() {
    let shelf = shelf();
    assert_eq!(shelf.presets().count(), 6);
    for (name, given, pool, domain) in [
        (
            "read-write",
            &[("domain_prefix", "acme")][..],
            Some("m2m-dev"),
            Some("acme-dev"),
        ),
        (
            "m2m-client",
            &[("prefix", "acme"), ("env", "test")],
            Some("test-machine-to-machine-user-pool"),
            Some("acme-test-auth"),
        ),
        (
            "api-gateway",
            &[("domain", "acme")],
            Some("OauthUserPool"),
            Some("acme"),
        ),
        ("plain", &[("domain", "acme")], Some("m2m"), Some("acme")),
        ("no-domain", &[], None, None),
    ] {
        let preset = shelf.get(name).unwrap();
        let this = || Some(DesiredPool::This(PoolId::new("eu-west-1_A")));
        let wanted = preset.wanted(&answers(given), this(), "eu-west-1").unwrap();
        assert_eq!(
            wanted.domain.map(|domain| domain.name).as_deref(),
            domain,
            "{name}"
        );
        let client = wanted.client.unwrap();
        assert_eq!(client.flows, [OAuthFlow::ClientCredentials], "{name}");
        assert!(client.oauth_enabled && client.generate_secret, "{name}");
        assert_eq!(client.problems(&wanted.servers, &[]), [], "{name}");
        match preset.wanted(&answers(given), None, "eu-west-1") {
            Ok(DesiredState {
                pool: DesiredPool::Create(new),
                ..
            }) => assert_eq!(Some(new.name.as_str()), pool),
            Err(wrong) => assert!(
                pool.is_none() && wrong[0].message.contains("user pool"),
                "{wrong:?}"
            ),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_missing_answer_and_one_that_cognito_would_refuse_are_named() {
    let shelf = shelf();
    let plain = shelf.get("plain").unwrap();
    let wrong = |given: &[(&str, &str)]| {
        let wrong = plain
            .wanted(&answers(given), None, "eu-west-1")
            .unwrap_err();
        let words: Vec<String> = wrong
            .iter()
            .map(|wrong| format!("{}: {}", wrong.key.as_deref().unwrap_or("-"), wrong.message))
            .collect();
        words.join("\n")
    };
    assert!(wrong(&[]).contains("domain: it has no answer"));
    assert!(
        wrong(&[("domain", "my-aws")])
            .contains("domain: The prefix cannot contain the reserved word aws")
    );
    assert!(wrong(&[("domain", "x"), ("scope", "a/b")]).contains("scope: A scope name has no /"));
    assert!(wrong(&[("domain", "x"), ("life", "2 d")]).contains("life: The access token lifetime"));
    assert!(
        wrong(&[("domain", "x"), ("colour", "red")]).contains("colour: this preset does not ask")
    );
    let m2m = shelf.get("m2m-client").unwrap();
    let wrong = m2m.wanted(
        &answers(&[("prefix", "a"), ("env", "stage")]),
        None,
        "eu-west-1",
    );
    assert_eq!(
        wrong.unwrap_err()[0].message,
        "stage is none of dev, test, prod"
    );
}

#[test]
fn lifetimes_keep_the_unit_they_are_written_in() {
    let shelf = shelf();
    let preset = shelf.get("read-write").unwrap();
    let wanted = preset.wanted(&answers(&[("domain_prefix", "acme")]), None, "eu-west-1");
    let client = wanted.unwrap().client.unwrap();
    let life = |value, unit| Some(Validity { value, unit });
    assert_eq!(client.access_token, life(60, TimeUnit::Minutes));
    assert_eq!(client.refresh_token, life(5, TimeUnit::Days));
    assert_eq!(client.auth_session_minutes, Some(3));
}

#[test]
fn a_mistake_in_a_file_is_told_with_its_line_and_column() {
    assert_eq!(
        error("title = \"x\"\n\n[client]\nname = \"{who}\"\n"),
        "mine.toml, line 4, column 8: nothing asks for {who}; there is region"
    );
    assert!(
        error("title = \"x\"\ncolour = 1\n")
            .starts_with("mine.toml, line 2, column 1: unknown field `colour`")
    );
    assert!(
        error("title = \"x\"\n[client]\nname = \"a\"\naccess_token = \"3 weeks\"\n")
            .starts_with("mine.toml, line 4, column 16: weeks is no unit")
    );
    assert!(
        error("title = \"x\"\n[client]\nname = \"a\"\ntoken_revocation = \"perhaps\"\n")
            .contains("line 4, column 20: perhaps is neither")
    );
    assert!(
        error("title = \"x\"\n[client]\nname = \"a\"\nauth_session_minutes = 20\n")
            .contains("line 4, column 24: 20 is no number from 3 to 15")
    );
    assert!(error("title = \"x\"\n[client]\nname = \"{\"\n").contains("single brace"));
    assert!(
        error("title = \"x\"\n[pool]\nfind = \"a\"\nname = \"b\"\n")
            .contains("either `find` or `name`")
    );
    assert!(error("title = \"x\"\n[[ask]]\nkey = \"a\"\nlabel = \"A\"\n[[ask]]\nkey = \"a\"\nlabel = \"A\"\n").contains("line 6, column 7: the key a is taken"));
    assert!(
        error("title = \"x\"\n[[ask]]\nkey = \"a\"\nlabel = \"A\"\nkind = \"colour\"\n")
            .contains("line 5, column 8: unknown variant `colour`, expected one of `text`")
    );
    assert!(error("title = ").starts_with("mine.toml, line 1"));
}

#[test]
fn a_users_file_takes_the_place_of_the_programs() {
    let file = |name: &str, text: &str| UserFile {
        name: name.to_owned(),
        path: format!("presets/{name}.toml"),
        text: text.to_owned(),
    };
    let shelf = PresetCatalog::new(&[
        file("plain", "title = \"Mine\""),
        file("batch", "title = \"Batch\"\n[client]\nname = \"batch\""),
        file("team", "title = 1"),
    ]);
    assert_eq!(shelf.get("plain").unwrap().title, "Mine");
    assert!(
        matches!(shelf.get("machine-auth"), Err(PresetLookupError::Broken(error)) if error.file == "presets/team.toml")
    );
    assert_eq!(shelf.get("nothing"), Err(PresetLookupError::Unknown));
    assert_eq!(shelf.errors().count(), 1);
    let batch = shelf.get("batch").unwrap();
    let pool = Some(DesiredPool::Find("x".to_owned()));
    let wanted = batch.wanted(&Answers::new(), pool, "eu-west-1").unwrap();
    assert_eq!(wanted.client.unwrap().name, "batch");
}

#[test]
fn a_doubled_brace_is_a_brace() {
    let text = "title = \"x\"\n[[server]]\nidentifier = \"{{a}}/{region}\"\nname = \"a\"\n";
    let preset = Preset::parse("x", "x.toml", text).unwrap();
    let pool = Some(DesiredPool::Find("x".to_owned()));
    let wanted = preset.wanted(&Answers::new(), pool, "eu-west-1").unwrap();
    assert_eq!(wanted.servers[0].identifier, "{a}/eu-west-1");
}

#[test]
fn every_kind_of_question_is_explained() {
    let said = error("title = \"x\"\n[[ask]]\nkey = \"a\"\nlabel = \"A\"\nkind = \"colour\"\n");
    let (_, kinds) = said.split_once("expected one of ").unwrap();
    let kinds: Vec<&str> = kinds
        .split(", ")
        .map(|kind| kind.trim_matches('`'))
        .collect();
    assert!(kinds.contains(&"choice"), "{said}");
    let texts = [
        (
            "README.md",
            include_str!("../../../README.md"),
            "kind    = ",
        ),
        (
            "presets --help",
            include_str!("../../cli/scripts.rs"),
            "kind (",
        ),
        (
            "the head of mod.rs",
            include_str!("mod.rs"),
            "//! kind    = ",
        ),
    ];
    for (name, text, lead) in texts {
        let line = text.lines().find(|line| line.starts_with(lead)).unwrap();
        for kind in &kinds {
            assert!(line.contains(kind), "{name} does not name {kind}: {line}");
        }
    }
}
