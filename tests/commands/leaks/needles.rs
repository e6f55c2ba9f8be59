//! The searched values: any 16 consecutive bytes of a secret, in plain or in the usual encodings.

use std::collections::HashMap;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// The length of a leak: short enough to find a secret that was cut or wrapped, too long to occur by chance.
const WINDOW: usize = 16;

/// Secrets to look for.
#[derive(Default)]
pub struct Needles(HashMap<[u8; WINDOW], String>);

impl Needles {
    /// Adds `secret` to the search. `name` is its name in a failure.
    pub fn add(&mut self, name: &str, secret: &str) {
        assert!(secret.len() >= WINDOW, "{name} is too short to look for");
        for (form, text) in forms(secret) {
            for window in text.as_bytes().windows(WINDOW) {
                let known = self.0.entry(window.try_into().unwrap());
                known.or_insert_with(|| format!("{name} ({form})"));
            }
        }
    }

    /// Returns the name of the first one found in `bytes`.
    pub fn found_in(&self, bytes: &[u8]) -> Option<&str> {
        self.all_in(bytes).next().map(|(_, what)| what)
    }

    /// Returns where they start in `bytes`; for several in a row the first.
    pub fn all_in(&self, bytes: &[u8]) -> impl Iterator<Item = (usize, &str)> {
        let mut begins = [false; 256];
        for window in self.0.keys() {
            begins[usize::from(window[0])] = true;
        }
        let mut next = 0;
        let windows = bytes.windows(WINDOW).enumerate();
        windows.filter_map(move |(at, window)| {
            // Memory is mostly zeros: it is not worth asking the map for each of them.
            if !begins[usize::from(window[0])] {
                return None;
            }
            let what = self.0.get(window)?;
            let goes_on = at == std::mem::replace(&mut next, at + 1);
            (!goes_on || at == 0).then_some((at, what.as_str()))
        })
    }
}

/// Returns the encodings of a secret. Inside a longer text, base64 has one of three forms, depending on where the secret starts.
pub fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let hex = |prefix: &str, upper: bool| {
        let mut text = String::new();
        for byte in secret.bytes() {
            text.push_str(prefix);
            if upper {
                write!(text, "{byte:02X}").unwrap();
            } else {
                write!(text, "{byte:02x}").unwrap();
            }
        }
        text
    };
    let mut escaped = String::new();
    for c in secret.chars() {
        if c.is_ascii_alphanumeric() || "-._~".contains(c) {
            escaped.push(c);
        } else {
            write!(escaped, "%{:02X}", u32::from(c)).unwrap();
        }
    }
    let mut forms = vec![
        ("as it is", secret.to_owned()),
        ("URL-encoded", escaped),
        ("URL-encoded throughout", hex("%", true)),
        ("hexadecimal", hex("", false)),
        ("hexadecimal", hex("", true)),
    ];
    for from in 0..3 {
        forms.push(("base64", STANDARD.encode(&secret[from..])));
        forms.push(("base64url", URL_SAFE.encode(&secret[from..])));
    }
    forms
}
