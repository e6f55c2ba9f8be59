//! What exported things are called: a name that each language takes, and that nothing else has.

use std::collections::BTreeSet;

/// A name is cut to this many characters, so that a number and a word fit behind it: CloudFormation takes 255.
const LONGEST: usize = 120;

/// Names that are taken.
#[derive(Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// `wanted`, or with a number behind it where that is taken.
    pub fn free(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}{number}");
        }
        name
    }
}

/// `ClientBatchJob` of `Client` and `batch-job`: letters and digits, a letter first.
pub(super) fn pascal(kind: &str, text: &str) -> String {
    let mut out = kind.to_owned();
    for word in words(text) {
        let mut letters = word.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        out.extend(letters);
    }
    out.chars().take(LONGEST).collect()
}

/// `batch_job`: lower-case letters, digits and underscores. `kind` goes before where a letter must, or where nothing is left.
pub(super) fn snake(kind: &str, text: &str) -> String {
    let name = words(text).collect::<Vec<_>>().join("_").to_lowercase();
    let name = match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        Some(_) => format!("{kind}_{name}"),
        None => kind.to_owned(),
    };
    name.chars().take(LONGEST).collect()
}

/// The runs of ASCII letters and digits in a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_every_language_takes() {
        assert_eq!(pascal("Client", "batch-job 2"), "ClientBatchJob2");
        assert_eq!(pascal("Server", "https://a.b/v1"), "ServerHttpsABV1");
        assert_eq!(pascal("Client", "日本"), "Client");
        assert_eq!(snake("client", "Batch-Job"), "batch_job");
        assert_eq!(snake("client", "9 lives"), "client_9_lives");
        assert_eq!(snake("client", "日本"), "client");
        assert_eq!(snake("client", &"x".repeat(300)).len(), LONGEST);
    }

    #[test]
    fn no_two_things_have_one_name() {
        let mut names = Names::default();
        let given = ["a", "a", "a2", "a", "b"].map(|wanted| names.free(wanted));
        assert_eq!(given, ["a", "a2", "a22", "a3", "b"]);
    }
}
