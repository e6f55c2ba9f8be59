//! What is looked for: any 16 bytes in a row of a secret, as it is or in the encodings that carry secrets about.

use std::collections::HashMap;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// So much of a secret is a leak: short enough for one that was cut or wrapped, too long to turn up by chance.
const WINDOW: usize = 16;

/// Secrets to look for.
#[derive(Default)]
pub struct Needles(HashMap<[u8; WINDOW], String>);

impl Needles {
    /// Looks for `secret`, too. `name` is what a failing test calls it.
    pub fn add(&mut self, name: &str, secret: &str) {
        assert!(secret.len() >= WINDOW, "{name} is too short to look for");
        for (form, text) in forms(secret) {
            for window in text.as_bytes().windows(WINDOW) {
                let known = self.0.entry(window.try_into().unwrap());
                known.or_insert_with(|| format!("{name} ({form})"));
            }
        }
    }

    /// The first of them in `bytes`, named.
    pub fn found_in(&self, bytes: &[u8]) -> Option<&str> {
        self.all_in(bytes).next().map(|(_, what)| what)
    }

    /// Where they begin in `bytes`; of a run of them the first.
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

/// The encodings of a secret. One that stands anywhere in a longer text is in base64 one of three, by where it begins.
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
