//! The sample account: realistic pools, some with common mistakes.
//!
//! The file in `assets/` is easy to edit: dates are ages, clients have only their differences from the defaults of their kind,
//! and a rule generates the pool with 300 clients. Loading is fast because it creates no RSA key.

mod file;

use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA512, digest};
use serde_json::{Map, Value, json};

use super::assumptions::{Assumption, Assumptions};
use super::errors::ApiError;
use super::ids;
use super::ops::managed::{self, Place};
use super::secrets_manager::{CURRENT, Owner, PENDING, Stored};
use super::state::{Client, ClientType, Domain, Pool, ResourceServer, Scope, Secret, Shown, State};

const SAMPLE: &str = include_str!("../../../assets/sandbox/sample.json");

/// The Region and the account that the file is written for.
const REGION: &str = "eu-west-1";
const ACCOUNT: &str = "123456789012";

/// Returns the sample account as of `now`, moved to a Region and an account. Ids and secrets are the same on every start.
///
/// An error means that the file in `assets/` has a wrong format; it names the line.
pub fn load(
    region: &str,
    account: &str,
    assumptions: &Assumptions,
    now: SystemTime,
) -> io::Result<State> {
    let text = SAMPLE.replace(REGION, region).replace(ACCOUNT, account);
    let sample: file::Sample = serde_json::from_str(&text)?;
    let clock = Clock(now);
    let place = Place {
        region,
        account,
        of_the_model: assumptions.hold(Assumption::ArnOfTheModel),
    };
    let mut state = State {
        graph_apis: sample.graph_apis,
        ..State::default()
    };
    for pool in sample.pools {
        let managed: Vec<bool> = pool.clients.iter().map(|client| client.managed).collect();
        for domain in &pool.domains {
            let (name, domain) = domain_of(&pool.id, domain);
            state.domains.insert(name, domain);
        }
        let mut pool = pool_of(&sample.defaults, pool, &clock);
        let managed = pool.clients.iter_mut().zip(managed);
        for (client, _) in managed.filter(|(_, managed)| *managed) {
            let kept = kept(place, &pool.id, client)?;
            client.managed = Some(kept.name.clone());
            if assumptions.hold(Assumption::PreviousSecretEnds) {
                client
                    .secrets
                    .drain(..client.secrets.len().saturating_sub(1));
            }
            state.stored.insert(kept.name.clone(), kept);
        }
        state.pools.insert(pool.id.clone(), pool);
    }
    Ok(state)
}

/// Converts ages into epoch seconds.
struct Clock(SystemTime);

impl Clock {
    fn ago(&self, age: Duration) -> f64 {
        self.0
            .checked_sub(age)
            .and_then(|then| then.duration_since(UNIX_EPOCH).ok())
            .map_or(0.0, |since| since.as_secs_f64().floor())
    }
}

fn pool_of(defaults: &file::Defaults, pool: file::Pool, clock: &Clock) -> Pool {
    let mut servers: Vec<ResourceServer> = pool.servers.into_iter().map(server).collect();
    let mut listed = pool.clients;
    if let Some(fleet) = pool.fleet {
        servers.extend(fleet.resource_servers().map(server));
        listed.extend(fleet.clients());
    }
    let mut clients: Vec<Client> = Vec::with_capacity(listed.len());
    for client in listed {
        let namesakes = clients.iter().filter(|c| c.name == client.name).count();
        clients.push(client_of(defaults, &pool.id, client, namesakes, clock));
    }
    Pool {
        created: clock.ago(pool.age.0),
        modified: clock.ago(pool.changed.unwrap_or(pool.age).0),
        settings: overridden(&defaults.pool, pool.settings),
        tags: pool.tags,
        servers,
        clients,
        name: pool.name,
        id: pool.id,
        ..Pool::default()
    }
}

fn server(server: file::Server) -> ResourceServer {
    ResourceServer {
        identifier: server.identifier,
        name: server.name,
        scopes: server
            .scopes
            .into_iter()
            .map(|(scope_name, scope_description)| Scope {
                scope_name,
                scope_description,
            })
            .collect(),
        managed_by: None,
    }
}

fn client_of(
    defaults: &file::Defaults,
    pool: &str,
    client: file::Client,
    namesakes: usize,
    clock: &Clock,
) -> Client {
    let seed = format!("{}/{}/{namesakes}", unregional(pool), client.name);
    let id = derived(
        &format!("{seed}/id"),
        b"0123456789abcdefghijklmnopqrstuvwxyz",
        26,
    );
    let ages = client.secrets.unwrap_or_else(|| vec![client.age]);
    let secrets = ages.iter().enumerate().map(|(index, age)| {
        let created = clock.ago(age.0);
        Secret {
            id: format!("{id}--{created}"),
            value: derived(
                &format!("{seed}/secret/{index}"),
                b"0123456789abcdefghijklmnopqrstuv",
                52,
            ),
            created,
            custom: false,
        }
    });
    let mut settings = overridden(defaults.clients.of(client.kind), client.settings);
    if !client.scopes.is_empty() {
        settings.insert("AllowedOAuthScopes".to_owned(), json!(client.scopes));
    }
    if let Some(token) = client.token {
        settings.insert("AccessTokenValidity".to_owned(), json!(token.count));
        let units = settings.entry("TokenValidityUnits").or_insert(json!({}));
        if let Some(units) = units.as_object_mut() {
            units.insert("AccessToken".to_owned(), json!(token.unit));
        }
    }
    Client {
        secrets: secrets.collect(),
        id,
        name: client.name,
        created: clock.ago(client.age.0),
        modified: clock.ago(client.changed.unwrap_or(client.age).0),
        settings,
        client_type: if client.registered {
            ClientType::Dcr
        } else {
            ClientType::Regular
        },
        managed: None,
        shown: if client.hides_secret {
            Shown::Nothing
        } else {
            Shown::Oldest
        },
    }
}

/// Returns the stored secret of a client: a version for each of its secrets, the youngest of which the last rotation created.
fn kept(place: Place<'_>, pool: &str, client: &Client) -> io::Result<Stored> {
    let failed = |error: ApiError| io::Error::other(error.message);
    let seed = format!("{}/{}/managed", unregional(pool), client.id);
    let letters = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let owner = Owner {
        pool: pool.to_owned(),
        client: client.id.clone(),
    };
    let end = derived(&seed, letters, 6);
    let mut kept = managed::stored(place, owner, &end, client.created);
    for (index, secret) in client.secrets.iter().enumerate() {
        let bytes = digest(&SHA512, format!("{seed}/{index}").as_bytes());
        let bits = bytes.as_ref().iter().take(16);
        let version = ids::uuid(bits.fold(0, |number, byte| number << 8 | u128::from(*byte)));
        let content = managed::content(pool, &client.id, &secret.value).map_err(failed)?;
        kept.put(&version, Some(content), [CURRENT, PENDING], secret.created);
        if let Some(rotation) = &mut kept.rotation {
            rotation.last = Some(secret.created);
            let period = rotation.schedule.period();
            rotation.next = Some(secret.created + period.as_secs_f64());
        }
    }
    Ok(kept)
}

fn domain_of(pool: &str, domain: &file::Domain) -> (String, Domain) {
    let mut made = Domain {
        pool: pool.to_owned(),
        certificate_arn: None,
        cloudfront: None,
        managed_login_version: 1,
        status: "ACTIVE".to_owned(),
        settings: Map::new(),
    };
    match domain {
        file::Domain::Prefix { prefix } => (prefix.clone(), made),
        file::Domain::Custom {
            custom,
            certificate,
            cloudfront,
        } => {
            let config = json!({ "CertificateArn": certificate });
            made.settings
                .insert("CustomDomainConfig".to_owned(), config);
            made.certificate_arn = Some(certificate.clone());
            made.cloudfront = Some(cloudfront.clone());
            (custom.clone(), made)
        }
    }
}

fn overridden(defaults: &Map<String, Value>, own: Map<String, Value>) -> Map<String, Value> {
    let mut settings = defaults.clone();
    settings.extend(own);
    settings
}

/// Returns the part of a pool id that does not depend on the Region.
fn unregional(pool: &str) -> &str {
    pool.split_once('_').map_or(pool, |(_, id)| id)
}

/// Derives random-looking text from the seed. At most 64 characters.
fn derived(seed: &str, alphabet: &[u8], length: usize) -> String {
    digest(&SHA512, seed.as_bytes())
        .as_ref()
        .iter()
        .filter_map(|byte| alphabet.get(usize::from(*byte) % alphabet.len()))
        .take(length)
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests;
