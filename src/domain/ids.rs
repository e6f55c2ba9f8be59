//! The identifiers that everything else is keyed by. Copies share one text: a list of thousands of app clients is full of them.

use std::fmt;
use std::sync::Arc;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps an identifier as the API returned it, or as a user typed it; nothing is checked.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into().into())
            }

            /// The identifier as Cognito spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// A user pool's id, such as `eu-west-1_AbCdEf123`: 1 to 55 characters, the Region before the underscore.
    PoolId
}

id! {
    /// An app client's id: 1 to 128 characters, usually 26 of `[0-9a-z]`. OAuth calls it `client_id`.
    ClientId
}

impl PoolId {
    /// Whether a text can be nothing but an id, or a name made to look like one: the Region, an underscore, nine letters and digits.
    #[must_use]
    pub fn looks_like(text: &str) -> bool {
        let Some((region, rest)) = text.split_once('_') else {
            return false;
        };
        let region_like = region.contains('-')
            && region.ends_with(|c: char| c.is_ascii_digit())
            && region
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        region_like && rest.len() == 9 && rest.chars().all(|c| c.is_ascii_alphanumeric())
    }

    /// The Region the pool lives in, read from the id; `None` where the id has no underscore.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.0.split_once('_').map(|(region, _)| region)
    }
}
