//! The scope that a mistyped one probably means: found among those that exist, the way that people mistype them.

use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::{OPEN_ID, ScopeName};

/// As many are offered.
const MOST: usize = 3;
/// As many letters may differ, and not more than one of so many.
const SLIPS: usize = 3;
const LETTERS_PER_SLIP: usize = 5;

/// A scope that exists, near one that does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// One, or those of a list that a comma joins.
    pub scopes: Vec<ScopeName>,
    pub slip: Slip,
    /// Those of them that the client does not have; `None` where its scopes are not known.
    pub lacking: Option<Vec<ScopeName>>,
}

/// What was typed instead, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// Several scopes, and something else than a space between them.
    Comma,
    /// The same letters: case, white space, quotes, encoding, separators, a missing `https://`.
    Spelling,
    /// The resource server's name, in place of its identifier.
    ServersName,
    /// The name alone, without the identifier.
    BareName,
    /// A singular for a plural, or the reverse.
    Number,
    /// Some letters.
    Letters,
    /// The identifier alone, without a name.
    BareIdentifier,
}

impl Slip {
    /// What is wrong with the scope as it was typed.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Comma => "scopes are separated by spaces",
            Self::Spelling => "every character of a scope counts, and so does its case",
            Self::ServersName => {
                "it begins with a resource server's name, and a scope begins with its identifier"
            }
            Self::BareName => "a scope is written identifier/name",
            Self::Number | Self::Letters => "it is misspelt",
            Self::BareIdentifier => {
                "it is a resource server's identifier, and a scope is written identifier/name"
            }
        }
    }
}

impl Meant {
    /// The scopes, as they are requested.
    #[must_use]
    pub fn names(&self) -> String {
        joined(&self.scopes)
    }

    /// "Did you mean …?", and whether the client has it.
    #[must_use]
    pub fn question(&self) -> String {
        let them = if self.scopes.len() == 1 { "it" } else { "them" };
        let held = match self.lacking.as_deref() {
            Some([]) => format!(" This client has {them}."),
            Some(lacking) if lacking.len() < self.scopes.len() => {
                format!(" This client does not have {}.", joined(lacking))
            }
            Some(_) => format!(" This client does not have {them}."),
            None => String::new(),
        };
        format!("Did you mean {}?{held}", self.names())
    }
}

fn joined(scopes: &[ScopeName]) -> String {
    let names: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
    names.join(" ")
}

/// What `asked`, which is not defined, probably means, the likeliest first: among the scopes of `servers` (`None` where they are not
/// read) and those of the client (`None` where it is not).
#[must_use]
pub fn meant(
    asked: &str,
    servers: Option<&[ResourceServer]>,
    client: Option<&[ScopeName]>,
) -> Vec<Meant> {
    let known = Known::of(servers, client);
    if let Some(list) = known.list(asked) {
        return vec![list];
    }
    known.near(asked)
}

/// The meaning of `asked` in a clause: what is wrong with it, and what it probably means; `None` if nothing is near.
#[must_use]
pub fn hint(
    asked: &str,
    servers: Option<&[ResourceServer]>,
    client: Option<&[ScopeName]>,
) -> Option<String> {
    let first = meant(asked, servers, client).into_iter().next()?;
    Some(format!("{}. {}", first.slip.reason(), first.question()))
}

/// The scope that `listed`, which is not defined, is misspelt for: the same letters, or the server's name in place of its identifier,
/// and no other one that is as near. A scope that differs by more was perhaps deleted.
#[must_use]
pub fn misspelt(listed: &ScopeName, servers: &[ResourceServer]) -> Option<ScopeName> {
    match meant(listed.as_str(), Some(servers), None).as_slice() {
        [
            Meant {
                scopes,
                slip: Slip::Spelling | Slip::ServersName,
                ..
            },
        ] => scopes.first().cloned(),
        _ => None,
    }
}

/// The scopes that exist.
struct Known<'a> {
    scopes: Vec<Candidate<'a>>,
    client: Option<&'a [ScopeName]>,
}

struct Candidate<'a> {
    scope: ScopeName,
    identifier: String,
    name: String,
    /// Its resource server's, where that is read.
    server: Option<&'a str>,
}

impl<'a> Known<'a> {
    fn of(servers: Option<&'a [ResourceServer]>, client: Option<&'a [ScopeName]>) -> Self {
        let candidate = |scope: ScopeName, server: Option<&'a str>| {
            let (identifier, name) = scope.split()?;
            Some(Candidate {
                identifier: identifier.to_owned(),
                name: name.to_owned(),
                scope,
                server,
            })
        };
        let scopes = match servers {
            Some(servers) => servers
                .iter()
                .flat_map(|server| {
                    let names = server.scope_names();
                    names.map(|scope| (scope, Some(server.name.as_str())))
                })
                .filter_map(|(scope, server)| candidate(scope, server))
                .collect(),
            // Of a server that is not read, the client's scopes are known.
            None => client
                .unwrap_or_default()
                .iter()
                .filter_map(|scope| candidate(scope.clone(), None))
                .collect(),
        };
        Self { scopes, client }
    }

    /// Several scopes with commas or the like between them, each of which is one or near one.
    fn list(&self, asked: &str) -> Option<Meant> {
        if self.is_known(asked) {
            return None;
        }
        let parts: Vec<&str> = asked
            .split([',', ';', '|'])
            .map(trimmed)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() < 2 {
            return None;
        }
        let mut scopes = Vec::new();
        for part in parts {
            if self.is_known(part) {
                scopes.push(ScopeName::new(part));
            } else {
                scopes.extend(self.near(part).into_iter().next()?.scopes);
            }
        }
        Some(self.found(scopes, Slip::Comma))
    }

    fn is_known(&self, scope: &str) -> bool {
        OPEN_ID.contains(&scope)
            || self
                .scopes
                .iter()
                .any(|known| known.scope.as_str() == scope)
    }

    fn near(&self, asked: &str) -> Vec<Meant> {
        let key = key(asked);
        if key.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Slip, usize, Meant)> = self
            .scopes
            .iter()
            .filter_map(|known| {
                let (slip, slips) = known.slip(&key)?;
                let meant = self.found(vec![known.scope.clone()], slip);
                Some((slip, slips, meant))
            })
            .collect();
        // Of two that are as near, the client's.
        found.sort_by_key(|(slip, slips, meant)| {
            (
                *slip,
                *slips,
                meant
                    .lacking
                    .as_ref()
                    .is_none_or(|lacking| !lacking.is_empty()),
            )
        });
        let best = found.first().map(|(slip, slips, _)| (*slip, *slips));
        found
            .into_iter()
            .filter(|(slip, slips, _)| Some((*slip, *slips)) == best)
            .map(|(_, _, meant)| meant)
            .take(MOST)
            .collect()
    }

    fn found(&self, scopes: Vec<ScopeName>, slip: Slip) -> Meant {
        let lacking = |client: &[ScopeName]| {
            let lacking = scopes.iter().filter(|scope| !client.contains(scope));
            lacking.cloned().collect()
        };
        Meant {
            lacking: self.client.map(lacking),
            scopes,
            slip,
        }
    }
}

impl Candidate<'_> {
    /// How the typed scope differs from this one, and by how many letters; `None` if it is another.
    fn slip(&self, asked: &str) -> Option<(Slip, usize)> {
        let full = key(self.scope.as_str());
        let name = key(&self.name);
        let by_server = self.server.map(|server| format!("{}/{name}", key(server)));
        // A host, or the last part of a path, in place of the whole identifier.
        let identifier = key(&self.identifier);
        let short = identifier
            .rsplit('/')
            .next()
            .map(|end| format!("{end}/{name}"));
        if asked == full {
            return Some((Slip::Spelling, 0));
        }
        if by_server.as_deref() == Some(asked) {
            return Some((Slip::ServersName, 0));
        }
        if asked == name || short.as_deref() == Some(asked) {
            return Some((Slip::BareName, 0));
        }
        // The last word of a name such as users:read.
        if name.rsplit('/').next() == Some(asked) {
            return Some((Slip::BareName, 1));
        }
        if asked == identifier {
            return Some((Slip::BareIdentifier, 0));
        }
        let spellings = [Some(full), by_server, Some(name)];
        let spellings: Vec<String> = spellings.into_iter().flatten().collect();
        if spellings.iter().any(|one| singular(one) == singular(asked)) {
            return Some((Slip::Number, 0));
        }
        let near = |one: &String| {
            let slips = strsim::osa_distance(one, asked);
            let length = one.chars().count().max(asked.chars().count());
            (slips <= SLIPS && slips * LETTERS_PER_SLIP <= length).then_some(slips)
        };
        let slips = spellings.iter().filter_map(near).min()?;
        Some((Slip::Letters, slips))
    }
}

/// A name without what people get wrong: case, white space, quotes, encoding, the scheme, and which separator it is.
fn key(text: &str) -> String {
    let mut text = text.to_owned();
    // A program may have encoded it twice.
    for _ in 0..2 {
        if text.contains('%') {
            text = decoded(&text);
        }
    }
    let text = trimmed(&text).to_lowercase();
    let text = text.strip_prefix("scope=").unwrap_or(&text);
    let text = ["https://", "http://", "//"]
        .into_iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    let mut key = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '/' | ':' | '.' | '\\' | '#' if key.ends_with('/') => {}
            '/' | ':' | '.' | '\\' | '#' => key.push('/'),
            '_' => key.push('-'),
            c => key.push(c),
        }
    }
    key.trim_matches('/').to_owned()
}

/// Without what a shell, a file or a list leaves around a word.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || "\"'`“”‘’«»<>[](){},;".contains(c))
}

/// `%2F` as `/`; a plus stays.
fn decoded(text: &str) -> String {
    let text = text.replace('+', "%2B").replace(['&', '='], "");
    let mut pairs = form_urlencoded::parse(text.as_bytes());
    pairs
        .next()
        .map_or(text.clone(), |(name, _)| name.into_owned())
}

/// Every word without its plural.
fn singular(key: &str) -> String {
    let words = key.split('/').map(|part| {
        let words = part.split('-');
        let words: Vec<&str> = words
            .map(|word| word.strip_suffix('s').unwrap_or(word))
            .collect();
        words.join("-")
    });
    words.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
