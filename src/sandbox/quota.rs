//! The quotas of an account in one Region, and its request rates, from the developer guide's page on quotas.

use std::collections::HashMap;
use std::time::Instant;

use super::errors::ApiError;

/// User pools of an account in a Region.
pub const POOLS: usize = 1_000;
/// App clients of a user pool.
pub const CLIENTS_PER_POOL: usize = 1_000;
/// Resource servers of a user pool.
pub const SERVERS_PER_POOL: usize = 25;
/// Custom domains of an account in a Region.
pub const CUSTOM_DOMAINS: usize = 4;
/// Live secrets of a client.
pub const SECRETS_PER_CLIENT: usize = 2;
/// Tags of a user pool, as of any AWS resource.
pub const TAGS_PER_POOL: usize = 50;

/// Operations that share one rate: [`Category::rate`] requests per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    UserPoolRead,
    UserPoolUpdate,
    UserPoolResourceRead,
    UserPoolResourceUpdate,
    UserPoolClientRead,
    UserPoolClientUpdate,
    ClientAuthentication,
    /// Operations that the quotas page does not list.
    Unlisted,
}

/// Requests per second for an operation on one pool, in the categories with such a limit.
const PER_OPERATION_AND_POOL: u32 = 5;

impl Category {
    /// Requests per second; `None` without a limit.
    fn rate(self) -> Option<u32> {
        match self {
            Self::UserPoolResourceRead => Some(20),
            Self::ClientAuthentication => Some(150),
            Self::Unlisted => None,
            Self::UserPoolRead
            | Self::UserPoolUpdate
            | Self::UserPoolResourceUpdate
            | Self::UserPoolClientRead
            | Self::UserPoolClientUpdate => Some(15),
        }
    }

    fn is_limited_per_pool(self) -> bool {
        matches!(
            self,
            Self::UserPoolResourceRead
                | Self::UserPoolResourceUpdate
                | Self::UserPoolClientRead
                | Self::UserPoolClientUpdate
        )
    }
}

/// A bucket for one second's worth of requests, which fills at the rate.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    fn take(&mut self, rate: u32, now: Instant) -> bool {
        let rate = f64::from(rate);
        let elapsed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + elapsed * rate).min(rate);
        self.filled = now;
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Category(Category),
    Pool(&'static str, String),
}

/// The current use of each rate.
#[derive(Debug, Default)]
pub struct Rates {
    buckets: HashMap<Key, Bucket>,
}

impl Rates {
    /// Counts one request, or refuses it with `TooManyRequestsException`.
    pub fn take(
        &mut self,
        category: Category,
        operation: &'static str,
        pool: Option<&str>,
        now: Instant,
    ) -> Result<(), ApiError> {
        let whole = category.rate().map(|rate| (Key::Category(category), rate));
        let pool = pool.filter(|_| category.is_limited_per_pool());
        let part = pool.map(|pool| {
            (
                Key::Pool(operation, pool.to_owned()),
                PER_OPERATION_AND_POOL,
            )
        });
        for (key, rate) in [part, whole].into_iter().flatten() {
            let bucket = self.buckets.entry(key).or_insert(Bucket {
                tokens: f64::from(rate),
                filled: now,
            });
            if !bucket.take(rate, now) {
                return Err(ApiError::new("TooManyRequestsException", "Rate exceeded"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Returns how many of 100 requests at one moment pass.
    fn burst(rates: &mut Rates, category: Category, pool: &str, now: Instant) -> usize {
        (0..100)
            .filter(|_| rates.take(category, "Op", Some(pool), now).is_ok())
            .count()
    }

    #[test]
    fn a_pool_gets_five_of_an_operation_and_the_category_its_rate() {
        let mut rates = Rates::default();
        let start = Instant::now();
        let passed: Vec<usize> = ["a", "b", "c", "d"]
            .map(|pool| burst(&mut rates, Category::UserPoolClientRead, pool, start))
            .into();
        assert_eq!(passed, [5, 5, 5, 0]);
        let later = start + Duration::from_secs(1);
        assert_eq!(
            burst(&mut rates, Category::UserPoolClientRead, "d", later),
            5
        );
    }

    #[test]
    fn pools_themselves_have_only_the_category() {
        let mut rates = Rates::default();
        let start = Instant::now();
        assert_eq!(burst(&mut rates, Category::UserPoolRead, "a", start), 15);
        let later = start + Duration::from_millis(200);
        assert_eq!(burst(&mut rates, Category::UserPoolRead, "a", later), 3);
        assert_eq!(burst(&mut rates, Category::Unlisted, "a", start), 100);
    }
}
