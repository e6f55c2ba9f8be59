//! Privacy mode: ids, the account, ARNs and endpoints are covered on every screen, and in every saved screen.

use std::fs;

use crate::stage::{STAGING, STAGING_ID, Stage};
use crate::tour;

/// Returns whether any six consecutive characters of `word` are in `text`.
fn gives_away(text: &str, word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let mut pieces = letters.windows(6).map(String::from_iter);
    pieces.any(|piece: String| text.contains(&piece))
}

/// Returns the private values of the tour's account.
fn private(stage: &Stage) -> Vec<String> {
    let mut words = vec![
        "123456789012".to_owned(),
        stage.sandbox.url().replace("http://", ""),
    ];
    for (id, pool) in stage.sandbox.state().pools {
        words.push(id.rsplit_once('_').unwrap().1.to_owned());
        words.extend(pool.clients.into_iter().map(|client| client.id));
    }
    words
}

#[tokio::test]
async fn with_privacy_on_no_screen_gives_an_id_or_address_away() {
    for (width, height) in [(200, 60), (140, 50), (80, 24), (61, 20)] {
        let mut stage = tour::start(width, height).await;
        stage.press("P").await;
        stage
            .tour(|stage, what| {
                let screen = stage.screen();
                for word in private(stage) {
                    assert!(
                        !gives_away(&screen, &word),
                        "{word} shows through on {what}:\n{screen}"
                    );
                }
                assert!(!screen.contains("arn:"), "an ARN on {what}:\n{screen}");
                assert!(!screen.contains("://"), "a URL on {what}:\n{screen}");
            })
            .await;
    }
}

#[tokio::test]
async fn the_same_key_shows_them_again_and_names_were_never_covered() {
    let mut stage = Stage::open().await;
    stage.press("P").await;
    stage.sees(&["ids, account, ARNs and endpoints hidden", STAGING]);
    stage.sees_no(STAGING_ID);
    stage.press("P").await;
    stage.sees(&[STAGING_ID]);
}

#[tokio::test]
async fn a_saved_screen_is_always_covered_and_says_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let saves = folder.path().to_owned();
    let mut stage = Stage::copying(|tasks| tasks.saving_to(saves)).await;
    stage.client(STAGING, "price-poller").await;
    let client = stage.sandbox_client(STAGING_ID, "price-poller");
    let secret = &client.secrets[0].value;
    stage.press("x").await;
    stage.sees(&[secret, &client.id]);
    stage.press("ctrl-s").await;
    stage.sees_no(secret);
    // What is on the terminal is as open as before.
    stage.sees(&["Saved, ids and secrets hidden", "cognitui-2", &client.id]);

    let mut kinds = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        // The SVG has a character an element.
        let words: String = match path.extension().unwrap().to_str().unwrap() {
            "svg" => text
                .lines()
                .filter_map(|line| line.strip_prefix("<text")?.split_once('>'))
                .map(|(_, rest)| rest.trim_end_matches("</text>"))
                .collect(),
            _ => text,
        };
        assert!(words.contains("AccessTokenValidity"), "{words}");
        // What an id begins with is the Region, which is told.
        let id = STAGING_ID.rsplit_once('_').unwrap().1.to_owned();
        for private in [secret, &client.id, &id] {
            assert!(!gives_away(&words, private), "{private}:\n{words}");
        }
        kinds.push(path.extension().unwrap().to_owned());
    }
    kinds.sort();
    assert_eq!(kinds, ["svg", "txt"]);
}
